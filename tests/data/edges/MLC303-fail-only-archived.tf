resource "aws_iam_role" "read" {
  name = "read"

  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy" "read" {
  role = aws_iam_role.read.id

  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = ["transcribe:StartTranscriptionJob"], Resource = "*" }]
  })
}

resource "aws_lambda_function" "read" {
  function_name = "read"
  role          = aws_iam_role.read.arn
  runtime       = "python3.12"
  handler       = "app.handler"
  filename      = "read.zip"
}

resource "aws_s3_bucket" "letters" {
  bucket = "acme-letters-111122223333"
}

resource "aws_s3_bucket_notification" "letters" {
  bucket = aws_s3_bucket.letters.id

  lambda_function {
    lambda_function_arn = aws_lambda_function.read.arn
    events              = ["s3:ObjectCreated:*"]
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "letters" {
  bucket = aws_s3_bucket.letters.id

  rule {
    id     = "uploads"
    status = "Enabled"

    transition {
      days          = 30
      storage_class = "GLACIER"
    }

  }
}
