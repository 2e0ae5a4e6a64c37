resource "aws_s3_bucket" "calls" {
  bucket = "support-calls"
}

resource "aws_s3_bucket_lifecycle_configuration" "calls" {
  bucket = aws_s3_bucket.calls.id

  rule {
    id     = "archive"
    status = "Enabled"

    transition {
      days          = 30
      storage_class = "GLACIER"
    }
  }
}

resource "aws_s3_bucket_notification" "calls" {
  bucket = aws_s3_bucket.calls.id

  queue {
    queue_arn = aws_sqs_queue.calls.arn
    events    = ["s3:ObjectRemoved:*", "s3:ObjectCreated:*"]
  }
}

resource "aws_sqs_queue" "calls" {
  name = "calls"
}

resource "aws_lambda_event_source_mapping" "calls" {
  event_source_arn = aws_sqs_queue.calls.arn
  function_name    = aws_lambda_function.transcribe.arn
}

resource "aws_lambda_function" "transcribe" {
  function_name = "transcribe"
  role          = aws_iam_role.transcribe.arn
  runtime       = "python3.12"
  handler       = "transcribe.handler"
  filename      = "transcribe.zip"
}

resource "aws_iam_role" "transcribe" {
  assume_role_policy = jsonencode({
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy" "transcribe" {
  role = aws_iam_role.transcribe.id
  policy = jsonencode({
    Statement = [{ Effect = "Allow", Action = ["transcribe:StartTranscriptionJob"], Resource = "*" }]
  })
}
