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

    rolling_update_policy {
      wait_interval_in_seconds = 180

      maximum_batch_size {
        type  = "CAPACITY_PERCENT"
        value = 20
      }
    }
  }
}

locals {
  variant = aws_sagemaker_endpoint_configuration.faces.production_variants[0].variant_name
}

resource "aws_appautoscaling_target" "faces" {
  service_namespace  = "sagemaker"
  scalable_dimension = "sagemaker:variant:DesiredInstanceCount"
  resource_id        = "endpoint/${aws_sagemaker_endpoint.faces.name}/variant/${local.variant}"
  min_capacity       = 2
  max_capacity       = 8
}

resource "aws_appautoscaling_scheduled_action" "night" {
  name               = "night"
  service_namespace  = aws_appautoscaling_target.faces.service_namespace
  scalable_dimension = aws_appautoscaling_target.faces.scalable_dimension
  resource_id        = aws_appautoscaling_target.faces.resource_id
  schedule           = "cron(0 22 * * ? *)"

  scalable_target_action {
    min_capacity = 2
    max_capacity = 2
  }
}
