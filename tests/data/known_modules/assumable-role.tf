module "r" {
  source = "terraform-aws-modules/iam/aws//modules/iam-assumable-role"
  version = "~> 5.0"
  create_role = true
  role_name = "r"
  trusted_role_services = ["sagemaker.amazonaws.com"]
  custom_role_policy_arns = ["arn:aws:iam::aws:policy/AmazonS3FullAccess"]
  attach_admin_policy = true
  attach_readonly_policy = true
}
