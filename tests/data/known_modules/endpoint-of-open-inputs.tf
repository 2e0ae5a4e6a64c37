variable "c" {}

variable "v" {}

module "e" {
  source = "aws-ia/sagemaker-endpoint/aws"
  containers = var.c
  production_variant = var.v
}
