module "p" {
  source = "terraform-aws-modules/iam/aws//modules/iam-policy"
  create_policy = false
}
