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

resource "aws_cloudwatch_metric_alarm" "route_health" {
  alarm_name          = "route-health"
  evaluation_periods  = 3
  threshold           = 500000
  comparison_operator = "GreaterThanThreshold"
  alarm_actions       = ["arn:aws:sns:eu-west-1:111122223333:alerts"]

  metric_query {
    id          = "unhealthy"
    expression  = "IF(m0 > 5 OR m1 > 900000 OR m2 > 90, 1, 0)"
    return_data = true
  }

  metric_query {
    id = "m0"

    metric {
      namespace   = "AWS/SageMaker"
      metric_name = "Invocation5XXErrors"
      period      = 60
      stat        = "Sum"

      dimensions = {
        EndpointName = aws_sagemaker_endpoint.route.name
        VariantName  = "route"
      }
    }
  }

  metric_query {
    id = "m1"

    metric {
      namespace   = "AWS/SageMaker"
      metric_name = "ModelLatency"
      period      = 60
      stat        = "p90"

      dimensions = {
        EndpointName = aws_sagemaker_endpoint.route.name
        VariantName  = "route"
      }
    }
  }

  metric_query {
    id = "m2"

    metric {
      namespace   = "/aws/sagemaker/Endpoints"
      metric_name = "CPUUtilization"
      period      = 60
      stat        = "Maximum"

      dimensions = {
        EndpointName = aws_sagemaker_endpoint.route.name
        VariantName  = "route"
      }
    }
  }
}
