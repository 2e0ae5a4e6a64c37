resource "aws_sagemaker_endpoint_configuration" "chat" {
  production_variants {
    variant_name           = "main"
    model_name             = "chat-4"
    instance_type          = "ml.g6.xlarge"
    initial_instance_count = 2
  }
}

resource "aws_sagemaker_endpoint" "chat" {
  name                 = "chat"
  endpoint_config_name = aws_sagemaker_endpoint_configuration.chat.name
}

resource "aws_appautoscaling_target" "chat" {
  service_namespace  = "sagemaker"
  scalable_dimension = "sagemaker:variant:DesiredInstanceCount"
  resource_id        = "endpoint/${aws_sagemaker_endpoint.chat.name}/variant/main"
  min_capacity       = 2
  max_capacity       = 2
}

resource "aws_appautoscaling_scheduled_action" "night" {
  name               = "night"
  service_namespace  = aws_appautoscaling_target.chat.service_namespace
  scalable_dimension = aws_appautoscaling_target.chat.scalable_dimension
  resource_id        = aws_appautoscaling_target.chat.resource_id
  schedule           = "cron(0 20 * * ? *)"

  scalable_target_action {
    min_capacity = 1
    max_capacity = 1
  }
}
