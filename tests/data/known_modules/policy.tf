module "p" {
  source = "terraform-aws-modules/iam/aws//modules/iam-policy"
  name = "p"
  policy = jsonencode({ Statement = [] })
}

resource "aws_iam_role_policy_attachment" "a" {
  role = "r"
  policy_arn = module.p.arn
}
