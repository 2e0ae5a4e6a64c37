variable "latency_alarms" {
  type    = number
  default = 0
}

resource "aws_sagemaker_endpoint_configuration" "route" {
  production_variants {
    variant_name = "route"
    model_name   = "route-4"

    serverless_config {
      max_concurrency   = 10
      memory_size_in_mb = 2048
    }
  }
}

resource "aws_sagemaker_endpoint" "route" {
  name                 = "route"
  endpoint_config_name = aws_sagemaker_endpoint_configuration.route.name
}

resource "aws_cloudwatch_metric_alarm" "route_errors" {
  alarm_name          = "route-errors"
  namespace           = "AWS/SageMaker"
  metric_name         = "Invocation5XXErrors"
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 3
  threshold           = 5
  comparison_operator = "GreaterThanThreshold"
  alarm_actions       = ["arn:aws:sns:eu-west-1:111122223333:alerts"]

  dimensions = {
    EndpointName = aws_sagemaker_endpoint.route.name
    VariantName  = "route"
  }
}

resource "aws_cloudwatch_metric_alarm" "route_latency" {
  count               = var.latency_alarms
  alarm_name          = "route-latency"
  namespace           = "AWS/SageMaker"
  metric_name         = "ModelLatency"
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 3
  threshold           = 500000
  comparison_operator = "GreaterThanThreshold"
  alarm_actions       = ["arn:aws:sns:eu-west-1:111122223333:alerts"]

  dimensions = {
    EndpointName = aws_sagemaker_endpoint.route.name
    VariantName  = "route"
  }
}
