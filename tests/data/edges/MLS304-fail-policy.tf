# A policy document as a data source, and one as JSON.
resource "aws_s3_bucket" "datasets" {
  bucket = "acme-datasets"
}

data "aws_iam_policy_document" "open" {
  statement {
    sid       = "Everybody"
    actions   = ["s3:GetObject"]
    resources = ["${aws_s3_bucket.datasets.arn}/*"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }
  }
}

resource "aws_s3_bucket_policy" "datasets" {
  bucket = aws_s3_bucket.datasets.id
  policy = data.aws_iam_policy_document.open.json
}

resource "aws_s3_bucket" "inbox" {
  bucket = "acme-inbox"
}

resource "aws_s3_bucket_policy" "inbox" {
  bucket = aws_s3_bucket.inbox.id
  policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "*" }
      Action    = ["s3:PutObject"]
      Resource  = "${aws_s3_bucket.inbox.arn}/*"
    }]
  })
}
