module "r" {
  source = "terraform-aws-modules/iam/aws//modules/iam-assumable-role"
  version = "~> 5.0"
}
