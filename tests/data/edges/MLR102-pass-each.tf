locals {
  markets = toset(["de", "fr"])
}

resource "aws_sagemaker_endpoint_configuration" "market" {
  for_each = local.markets

  production_variants {
    variant_name           = "market"
    model_name             = "market-${each.key}"
    instance_type          = "ml.m6g.large"
    initial_instance_count = 2
  }
}

resource "aws_sagemaker_endpoint" "market" {
  for_each             = local.markets
  name                 = "market-${each.key}"
  endpoint_config_name = aws_sagemaker_endpoint_configuration.market[each.key].name

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

resource "aws_appautoscaling_target" "market" {
  for_each           = local.markets
  service_namespace  = "sagemaker"
  scalable_dimension = "sagemaker:variant:DesiredInstanceCount"
  resource_id        = "endpoint/${aws_sagemaker_endpoint.market[each.key].name}/variant/market"
  min_capacity       = 2
  max_capacity       = 6
}

resource "aws_appautoscaling_policy" "market" {
  for_each           = aws_appautoscaling_target.market
  name               = "market-${each.key}"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = each.value.service_namespace
  scalable_dimension = each.value.scalable_dimension
  resource_id        = each.value.resource_id

  target_tracking_scaling_policy_configuration {
    target_value = 60

    predefined_metric_specification {
      predefined_metric_type = "SageMakerVariantInvocationsPerInstance"
    }
  }
}
