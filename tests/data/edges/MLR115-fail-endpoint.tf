variable "name" {
  type    = string
  default = "churn"
}

resource "aws_sagemaker_endpoint_configuration" "churn" {
  name_prefix = "churn-"

  production_variants {
    variant_name           = "main"
    model_name             = "churn-3"
    instance_type          = "ml.m5.large"
    initial_instance_count = 2
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_sagemaker_endpoint" "churn" {
  name                 = var.name
  endpoint_config_name = aws_sagemaker_endpoint_configuration.churn.name

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_sagemaker_endpoint" "fraud" {
  name                 = "fraud"
  endpoint_config_name = aws_sagemaker_endpoint_configuration.churn.name

  lifecycle {
    replace_triggered_by = [aws_sagemaker_endpoint_configuration.churn]
  }
}
