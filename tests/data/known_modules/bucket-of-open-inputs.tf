variable "x" {}

module "b" {
  source = "terraform-aws-modules/s3-bucket/aws"
  attach_policy = var.x
  versioning = var.x
}
