variable "p" {}

module "r" {
  source = "terraform-aws-modules/iam/aws//modules/iam-role"
  version = "~> 6.0"
  name = "r"
  use_name_prefix = false
  trust_policy_permissions = { s = { actions = ["sts:AssumeRole"], principals = [{ type = "Service", identifiers = ["sagemaker.amazonaws.com"] }] } }
  policies = { a = "arn:aws:iam::aws:policy/AmazonSageMakerFullAccess" }
  create_inline_policy = true
  inline_policy_permissions = { s = { actions = ["s3:GetObject"], resources = ["*"] } }
}
