resource "aws_sagemaker_endpoint_configuration" "scan" {
  name_prefix = "scan-"

  production_variants {
    variant_name           = "main"
    model_name             = "scan-2"
    instance_type          = "ml.g5.xlarge"
    initial_instance_count = 1
  }

  async_inference_config {
    output_config {
      s3_output_path  = "s3://scans/out/"
      s3_failure_path = "s3://scans/failed/"
    }
  }
}

resource "aws_sagemaker_endpoint" "scan" {
  name                 = "scan"
  endpoint_config_name = aws_sagemaker_endpoint_configuration.scan.name
}

resource "aws_appautoscaling_target" "scan" {
  service_namespace  = "sagemaker"
  scalable_dimension = "sagemaker:variant:DesiredInstanceCount"
  resource_id        = "endpoint/${aws_sagemaker_endpoint.scan.name}/variant/main"
  min_capacity       = 0
  max_capacity       = 4
}

resource "aws_appautoscaling_policy" "scan" {
  name               = "requests"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = aws_appautoscaling_target.scan.service_namespace
  scalable_dimension = aws_appautoscaling_target.scan.scalable_dimension
  resource_id        = aws_appautoscaling_target.scan.resource_id

  target_tracking_scaling_policy_configuration {
    target_value = 5

    customized_metric_specification {
      namespace   = "AWS/SageMaker"
      metric_name = "ApproximateBacklogSizePerInstance"
      statistic   = "Average"

      dimensions {
        name  = "EndpointName"
        value = aws_sagemaker_endpoint.scan.name
      }
    }
  }
}
