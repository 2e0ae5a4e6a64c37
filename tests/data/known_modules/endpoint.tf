module "e" {
  source = "aws-ia/sagemaker-endpoint/aws"
}
