resource "aws_sagemaker_model" "route" {
  execution_role_arn = "arn:aws:iam::111122223333:role/route"

  primary_container {
    image          = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/route:1.8.0"
    mode           = "MultiModel"
    model_data_url = "s3://route-models/all/"
  }
}

resource "aws_sagemaker_endpoint_configuration" "route" {
  production_variants {
    variant_name           = "route"
    model_name             = aws_sagemaker_model.route.name
    instance_type          = "ml.m5.large"
    initial_instance_count = 2
  }

  data_capture_config {
    enable_capture              = true
    initial_sampling_percentage = 100
    destination_s3_uri          = "s3://route-captured/data"

    capture_options {
      capture_mode = "InputAndOutput"
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

resource "aws_cloudwatch_metric_alarm" "route_memory" {
  alarm_name          = "route-memory"
  namespace           = "/aws/sagemaker/Endpoints"
  metric_name         = "MemoryUtilization"
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
