terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}
provider "aws" {
  region                      = "eu-west-1"
  access_key                  = "mock"
  secret_key                  = "mock"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
  default_tags {
    tags = { Team = "ml" }
  }
}
variable "secret" {
  default   = "not-a-real-secret"
  sensitive = true
}
locals { kms = aws_kms_key.k.arn }
resource "aws_kms_key" "k" { enable_key_rotation = true }
resource "aws_s3_bucket" "b" {
  for_each = toset(["a", "b"])
  bucket   = "x-${each.key}"
}
resource "aws_s3_bucket_versioning" "b" {
  for_each = aws_s3_bucket.b
  bucket   = each.value.id
  versioning_configuration { status = "Enabled" }
}
resource "aws_s3_bucket_server_side_encryption_configuration" "b" {
  for_each = aws_s3_bucket.b
  bucket   = aws_s3_bucket.b[each.key].bucket
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.k.arn
    }
  }
}
resource "aws_s3_bucket" "plain" { bucket_prefix = "p" }
resource "aws_s3_bucket_public_access_block" "plain" {
  bucket            = aws_s3_bucket.plain.id
  block_public_acls = true
}
resource "aws_iam_role" "r" {
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "sagemaker.amazonaws.com" } }] })
}
resource "aws_iam_role_policy" "p" {
  role   = aws_iam_role.r.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "s3:*", Resource = aws_s3_bucket.plain.arn }] })
}
resource "aws_iam_role_policy_attachment" "a" {
  role       = aws_iam_role.r.name
  policy_arn = "arn:aws:iam::aws:policy/AmazonSageMakerFullAccess"
}
module "endpoint" {
  source = "./endpoint"
  role   = aws_iam_role.r.arn
  key    = local.kms
  data   = "s3://${aws_s3_bucket.plain.bucket}/model.tar.gz"
}
resource "aws_cloudwatch_metric_alarm" "x" {
  alarm_name          = "x"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 1
  metric_name         = "ModelLatency"
  namespace           = "AWS/SageMaker"
  period              = 60
  statistic           = "Average"
  threshold           = 1
  dimensions          = { EndpointName = module.endpoint.name, VariantName = "v" }
}
resource "aws_sagemaker_notebook_instance" "n" {
  name          = "n"
  role_arn      = aws_iam_role.r.arn
  instance_type = "ml.t3.medium"
  tags          = { S = var.secret }
}
