resource "aws_sagemaker_endpoint_configuration" "claims" {
  production_variants {
    variant_name           = "AllTraffic"
    model_name             = "claims-14"
    instance_type          = "ml.m5.xlarge"
    initial_instance_count = 2
  }
}

resource "aws_sagemaker_endpoint" "claims" {
  name                 = "claims"
  endpoint_config_name = aws_sagemaker_endpoint_configuration.claims.name

  deployment_config {
    auto_rollback_configuration {
      alarms {
        alarm_name = "endpoint-errors"
      }
    }

    rolling_update_policy {
      wait_interval_in_seconds = 180

      maximum_batch_size {
        type  = "CAPACITY_PERCENT"
        value = 20
      }
    }
  }
}

resource "aws_appautoscaling_target" "claims" {
  service_namespace  = "sagemaker"
  scalable_dimension = "sagemaker:variant:DesiredInstanceCount"
  resource_id        = "endpoint/${aws_sagemaker_endpoint.claims.name}/variant/AllTraffic"
  min_capacity       = 2
  max_capacity       = 6
}

resource "aws_appautoscaling_policy" "claims" {
  name               = "claims"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = aws_appautoscaling_target.claims.service_namespace
  scalable_dimension = aws_appautoscaling_target.claims.scalable_dimension
  resource_id        = aws_appautoscaling_target.claims.resource_id

  target_tracking_scaling_policy_configuration {
    target_value = 250

    predefined_metric_specification {
      predefined_metric_type = "SageMakerVariantInvocationsPerInstance"
    }
  }
}
