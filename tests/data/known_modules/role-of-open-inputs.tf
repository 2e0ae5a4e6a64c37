variable "p" {}

module "r" {
  source = "terraform-aws-modules/iam/aws//modules/iam-role"
  version = "~> 6.0"
  enable_oidc = true
  policies = var.p
}
