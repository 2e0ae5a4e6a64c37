resource "aws_sagemaker_endpoint_configuration" "faces" {
  production_variants {
    variant_name           = "faces"
    model_name             = "faces-5"
    instance_type          = "ml.g4dn.xlarge"
    initial_instance_count = 2
  }
}

resource "aws_sagemaker_endpoint" "faces" {
  name                 = "faces"
  endpoint_config_name = aws_sagemaker_endpoint_configuration.faces.name

  deployment_config {
    auto_rollback_configuration {
      alarms {
        alarm_name = "endpoint-errors"
      }
    }

    blue_green_update_policy {
      termination_wait_in_seconds = 600

      traffic_routing_configuration {
        type                     = "CANARY"
        wait_interval_in_seconds = 300

        canary_size {
          type  = "CAPACITY_PERCENT"
          value = 10
        }
      }
    }
  }
}

resource "aws_appautoscaling_target" "faces" {
  service_namespace  = "sagemaker"
  scalable_dimension = "sagemaker:variant:DesiredInstanceCount"
  resource_id        = "endpoint/${aws_sagemaker_endpoint.faces.name}/variant/faces"
  min_capacity       = 2
  max_capacity       = 8
}

resource "aws_appautoscaling_policy" "faces" {
  name               = "faces"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = "sagemaker"
  scalable_dimension = "sagemaker:variant:DesiredInstanceCount"
  resource_id        = aws_appautoscaling_target.faces.resource_id

  target_tracking_scaling_policy_configuration {
    target_value = 90

    predefined_metric_specification {
      predefined_metric_type = "SageMakerVariantInvocationsPerInstance"
    }
  }
}
