resource "aws_kinesis_stream" "sensors" {
  name            = "sensors"
  shard_count     = 1
  encryption_type = "KMS"
  kms_key_id      = "alias/aws/kinesis"
}

resource "aws_kinesis_firehose_delivery_stream" "archive" {
  name        = "archive"
  destination = "extended_s3"

  extended_s3_configuration {
    role_arn   = "arn:aws:iam::111122223333:role/firehose"
    bucket_arn = "arn:aws:s3:::acme-clicks"
  }

  kinesis_source_configuration {
    kinesis_stream_arn = aws_kinesis_stream.sensors.arn
    role_arn           = "arn:aws:iam::111122223333:role/firehose"
  }
}

resource "aws_sagemaker_model" "score" {
  execution_role_arn = "arn:aws:iam::111122223333:role/score"

  primary_container {
    image = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/score:1.0"

    environment = {
      SENSORS = aws_kinesis_stream.sensors.name
      ARCHIVE = aws_kinesis_firehose_delivery_stream.archive.name
    }
  }
}
