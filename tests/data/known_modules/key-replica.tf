module "k" {
  source = "terraform-aws-modules/kms/aws"
  create_replica = true
}
