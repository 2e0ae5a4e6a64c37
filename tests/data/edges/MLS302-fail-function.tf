# A function reads receipts from the bucket and sends them to Textract.
resource "aws_s3_bucket" "receipts" {
  bucket = "acme-receipts"

  server_side_encryption_configuration {
    rule {
      apply_server_side_encryption_by_default {
        sse_algorithm = "AES256"
      }
    }
  }
}

data "aws_iam_policy_document" "reader" {
  statement {
    actions   = ["textract:AnalyzeExpense"]
    resources = ["*"]
  }

  statement {
    actions   = ["s3:GetObject"]
    resources = ["${aws_s3_bucket.receipts.arn}/*"]
  }
}

resource "aws_iam_role" "reader" {
  name = "receipt-reader"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "lambda.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy" "reader" {
  role   = aws_iam_role.reader.id
  policy = data.aws_iam_policy_document.reader.json
}

resource "aws_lambda_function" "reader" {
  function_name = "receipt-reader"
  role          = aws_iam_role.reader.arn
  runtime       = "python3.12"
  handler       = "reader.handle"
  filename      = "reader.zip"
}
