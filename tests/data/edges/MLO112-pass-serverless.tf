resource "aws_sagemaker_endpoint_configuration" "basket" {
  production_variants {
    variant_name = "basket"
    model_name   = "basket-4"

    serverless_config {
      max_concurrency   = 10
      memory_size_in_mb = 2048
    }
  }
}

resource "aws_sagemaker_endpoint" "basket" {
  name                 = "basket"
  endpoint_config_name = aws_sagemaker_endpoint_configuration.basket.name
}

resource "aws_cloudwatch_metric_alarm" "basket_errors" {
  alarm_name          = "basket-errors"
  namespace           = "AWS/SageMaker"
  metric_name         = "Invocation5XXErrors"
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 3
  threshold           = 5
  comparison_operator = "GreaterThanThreshold"
  alarm_actions       = ["arn:aws:sns:eu-west-1:111122223333:alerts"]

  dimensions = {
    EndpointName = aws_sagemaker_endpoint.basket.name
    VariantName  = "basket"
  }
}

resource "aws_cloudwatch_metric_alarm" "basket_latency" {
  alarm_name          = "basket-latency"
  namespace           = "AWS/SageMaker"
  metric_name         = "ModelLatency"
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 3
  threshold           = 500000
  comparison_operator = "GreaterThanThreshold"
  alarm_actions       = ["arn:aws:sns:eu-west-1:111122223333:alerts"]

  dimensions = {
    EndpointName = aws_sagemaker_endpoint.basket.name
    VariantName  = "basket"
  }
}
