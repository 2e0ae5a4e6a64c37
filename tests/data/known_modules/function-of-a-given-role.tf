variable "open" {}

module "f" {
  source = "terraform-aws-modules/lambda/aws"
  function_name = "infer"
  create_role = false
  lambda_role = "arn:aws:iam::111122223333:role/r"
  use_existing_cloudwatch_log_group = true
}
