resource "aws_s3_bucket" "features" {
  bucket = "acme-features"
}

resource "aws_s3_bucket_server_side_encryption_configuration" "features" {
  bucket = aws_s3_bucket.features.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "aws:kms"
    }
  }
}

resource "aws_s3_bucket_public_access_block" "features" {
  bucket                  = aws_s3_bucket.features.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_glue_job" "prepare" {
  name     = "prepare"
  role_arn = "arn:aws:iam::111122223333:role/prepare"

  command {
    script_location = "s3://acme-code/prepare.py"
  }

  default_arguments = {
    "--output" = "s3://${aws_s3_bucket.features.bucket}/daily/"
  }
}
