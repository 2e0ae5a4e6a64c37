resource "aws_sagemaker_endpoint_configuration" "search" {
  production_variants {
    variant_name           = "search"
    model_name             = "search-12"
    instance_type          = "ml.c5.large"
    initial_instance_count = 1
  }
}

resource "aws_sagemaker_endpoint" "search" {
  endpoint_config_name = aws_sagemaker_endpoint_configuration.search.name

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

resource "aws_appautoscaling_target" "search" {
  service_namespace  = "sagemaker"
  scalable_dimension = "sagemaker:variant:DesiredInstanceCount"
  resource_id        = "endpoint/${aws_sagemaker_endpoint.search.name}/variant/search"
  min_capacity       = 2
  max_capacity       = 8
}

resource "aws_appautoscaling_policy" "search" {
  name               = "search-invocations"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = aws_appautoscaling_target.search.service_namespace
  scalable_dimension = aws_appautoscaling_target.search.scalable_dimension
  resource_id        = aws_appautoscaling_target.search.resource_id

  target_tracking_scaling_policy_configuration {
    target_value = 400

    predefined_metric_specification {
      predefined_metric_type = "SageMakerVariantInvocationsPerInstance"
    }
  }
}
