variable "x" {}

module "b" {
  source = "terraform-aws-modules/s3-bucket/aws"
  bucket = "data"
  versioning = { status = "Enabled" }
  attach_policy = true
  policy = jsonencode({ Statement = [] })
  attach_deny_insecure_transport_policy = true
}
