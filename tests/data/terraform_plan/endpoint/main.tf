variable "role" {}
variable "key" {}
variable "data" {}
resource "aws_sagemaker_model" "m" {
  name               = "m"
  execution_role_arn = var.role
  primary_container {
    image          = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/x:1"
    model_data_url = var.data
  }
}
resource "aws_sagemaker_endpoint_configuration" "c" {
  count       = 1
  kms_key_arn = var.key
  production_variants {
    variant_name           = "v"
    model_name             = aws_sagemaker_model.m.name
    instance_type          = "ml.m5.large"
    initial_instance_count = 1
  }
  lifecycle { create_before_destroy = true }
}
resource "aws_sagemaker_endpoint" "e" {
  endpoint_config_name = aws_sagemaker_endpoint_configuration.c[0].name
}
output "name" { value = aws_sagemaker_endpoint.e.name }
