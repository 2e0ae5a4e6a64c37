resource "aws_appautoscaling_target" "tickets" {
  service_namespace  = "sagemaker"
  scalable_dimension = "sagemaker:variant:DesiredInstanceCount"
  resource_id        = "endpoint/tickets/variant/AllTraffic"
  min_capacity       = 2
  max_capacity       = 10
}

resource "aws_appautoscaling_policy" "tickets" {
  name               = "tickets"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = aws_appautoscaling_target.tickets.service_namespace
  scalable_dimension = aws_appautoscaling_target.tickets.scalable_dimension
  resource_id        = aws_appautoscaling_target.tickets.resource_id

  target_tracking_scaling_policy_configuration {
    target_value = 500

    predefined_metric_specification {
      predefined_metric_type = "SageMakerVariantInvocationsPerInstance"
    }
  }
}
