resource "aws_sagemaker_endpoint_configuration" "shared" {
  production_variants {
    variant_name           = "main"
    model_name             = "quotes-3"
    instance_type          = "ml.c5.xlarge"
    initial_instance_count = 2
  }
}

resource "aws_sagemaker_endpoint" "public" {
  name                 = "quotes-public"
  endpoint_config_name = aws_sagemaker_endpoint_configuration.shared.name
}

resource "aws_sagemaker_endpoint" "internal" {
  name                 = "quotes-internal"
  endpoint_config_name = aws_sagemaker_endpoint_configuration.shared.name
}

resource "aws_appautoscaling_target" "public" {
  service_namespace  = "sagemaker"
  scalable_dimension = "sagemaker:variant:DesiredInstanceCount"
  resource_id        = "endpoint/${aws_sagemaker_endpoint.public.name}/variant/main"
  min_capacity       = 2
  max_capacity       = 9
}
