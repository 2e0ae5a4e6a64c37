# A trail writes to the bucket, and a feature group keeps its offline store there too.
resource "aws_s3_bucket" "logs" {
  bucket = "acme-logs"
}

resource "aws_s3_bucket_server_side_encryption_configuration" "logs" {
  bucket = aws_s3_bucket.logs.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "aws:kms"
    }
  }
}

resource "aws_s3_bucket_public_access_block" "logs" {
  bucket                  = aws_s3_bucket.logs.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_policy" "logs" {
  bucket = aws_s3_bucket.logs.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "DenyPlainHttp"
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*"
      Resource  = [aws_s3_bucket.logs.arn, "${aws_s3_bucket.logs.arn}/*"]
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })
}

resource "aws_cloudtrail" "this" {
  name           = "management"
  s3_bucket_name = aws_s3_bucket.logs.id
}

resource "aws_sagemaker_model" "this" {
  name               = "forecast"
  execution_role_arn = "arn:aws:iam::111122223333:role/hosting"

  primary_container {
    image          = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/forecast:1.2"
    model_data_url = "s3://${aws_s3_bucket.logs.bucket}/forecast/model.tar.gz"
  }
}
