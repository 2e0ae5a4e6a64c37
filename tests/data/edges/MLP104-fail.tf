resource "aws_appautoscaling_target" "quotes" {
  service_namespace  = "sagemaker"
  scalable_dimension = "sagemaker:variant:DesiredInstanceCount"
  resource_id        = "endpoint/quotes/variant/main"
  min_capacity       = 1
  max_capacity       = 6
}

resource "aws_appautoscaling_policy" "quotes" {
  name               = "quotes-by-gpu"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = aws_appautoscaling_target.quotes.service_namespace
  scalable_dimension = aws_appautoscaling_target.quotes.scalable_dimension
  resource_id        = aws_appautoscaling_target.quotes.resource_id

  target_tracking_scaling_policy_configuration {
    target_value = 70

    customized_metric_specification {
      namespace   = "/aws/sagemaker/Endpoints"
      metric_name = "GPUUtilization"
      statistic   = "Average"

      dimensions {
        name  = "EndpointName"
        value = "quotes"
      }
    }
  }
}
