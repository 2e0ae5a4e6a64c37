module "r" {
  source = "terraform-aws-modules/iam/aws//modules/iam-assumable-role"
  version = "~> 5.0"
  create_role = true
  custom_role_trust_policy = jsonencode({ Statement = [{ Effect = "Allow" }] })
}
