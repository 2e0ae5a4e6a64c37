resource "aws_sagemaker_endpoint_configuration" "captions" {
  production_variants {
    variant_name           = "main"
    model_name             = "captions-2"
    instance_type          = "ml.m6i.xlarge"
    initial_instance_count = 1
  }

  async_inference_config {
    output_config {
      s3_output_path = "s3://acme-captions/out/"
    }
  }
}

resource "aws_sagemaker_endpoint" "captions" {
  name                 = "captions"
  endpoint_config_name = aws_sagemaker_endpoint_configuration.captions.name
}

resource "aws_appautoscaling_target" "captions" {
  service_namespace  = "sagemaker"
  scalable_dimension = "sagemaker:variant:DesiredInstanceCount"
  resource_id        = "endpoint/captions/variant/main"
  min_capacity       = 1
  max_capacity       = 4
}

resource "aws_appautoscaling_scheduled_action" "night" {
  name               = "night"
  service_namespace  = aws_appautoscaling_target.captions.service_namespace
  scalable_dimension = aws_appautoscaling_target.captions.scalable_dimension
  resource_id        = aws_appautoscaling_target.captions.resource_id
  schedule           = "cron(0 20 * * ? *)"

  scalable_target_action {
    min_capacity = 0
    max_capacity = 0
  }
}
