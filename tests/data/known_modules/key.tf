module "k" {
  source = "terraform-aws-modules/kms/aws"
  key_spec = "SYMMETRIC_DEFAULT"
  key_owners = ["arn:aws:iam::111122223333:root"]
  enable_key_rotation = false
  aliases = ["a", "alias/b"]
}
