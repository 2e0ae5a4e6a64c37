variable "open" {}

module "f" {
  source = "terraform-aws-modules/lambda/aws"
  function_name = "infer"
  create_role = var.open
}
