# Arguments of other resources that were set to a role, a bucket, a key, a network or a name.
data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["sagemaker.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "exec" {
  name_prefix        = "exec-"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "read" {
  role   = aws_iam_role.exec.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "s3:GetObject", Resource = "*" }] })
}

resource "aws_iam_role_policy_attachment" "admin" {
  role       = aws_iam_role_policy.read.role
  policy_arn = "arn:aws:iam::aws:policy/AmazonSageMakerFullAccess"
}

resource "aws_kms_key" "k" {}

resource "aws_kms_alias" "k" {
  name          = "alias/ml"
  target_key_id = aws_kms_key.k.key_id
}

resource "aws_s3_bucket" "models" {}

resource "aws_s3_object" "model" {
  bucket  = aws_s3_bucket.models.id
  key     = "model.tar.gz"
  content = "x"
}

resource "aws_s3_bucket_policy" "models" {
  bucket = aws_s3_object.model.bucket
  policy = jsonencode({ Version = "2012-10-17", Statement = [] })
}

resource "aws_s3_bucket_versioning" "models" {
  bucket = aws_s3_bucket_policy.models.id
  versioning_configuration {
    status = "Enabled"
  }
}

data "aws_s3_bucket" "models" {
  bucket = aws_s3_bucket.models.id
}

resource "aws_s3_bucket_public_access_block" "models" {
  bucket            = data.aws_s3_bucket.models.id
  block_public_acls = true
}

resource "aws_vpc" "v" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_security_group" "g" {
  vpc_id = aws_vpc.v.id
}

resource "aws_subnet" "s" {
  vpc_id     = aws_security_group.g.vpc_id
  cidr_block = "10.0.1.0/24"
}

resource "aws_sagemaker_notebook_instance" "n" {
  name            = "n"
  instance_type   = "ml.t3.medium"
  role_arn        = aws_iam_role.exec.arn
  subnet_id       = aws_subnet.s.id
  security_groups = [aws_security_group.g.id]
  kms_key_id      = aws_kms_alias.k.target_key_arn
}

resource "aws_sagemaker_model" "m" {
  name               = "m"
  execution_role_arn = aws_sagemaker_notebook_instance.n.role_arn
  primary_container {
    image          = "1.dkr.ecr.eu-west-1.amazonaws.com/x:1"
    model_data_url = "s3://${aws_s3_object.model.bucket}/${aws_s3_object.model.key}"
  }
}

resource "aws_sagemaker_endpoint_configuration" "c" {
  name        = "c"
  kms_key_arn = aws_kms_key.k.arn
  production_variants {
    variant_name           = "v"
    model_name             = aws_sagemaker_model.m.name
    instance_type          = "ml.m5.large"
    initial_instance_count = 2
  }
}

resource "aws_sagemaker_endpoint" "e" {
  endpoint_config_name = aws_sagemaker_endpoint_configuration.c.name
}

resource "aws_ssm_parameter" "endpoint" {
  name  = "/endpoint"
  type  = "String"
  value = aws_sagemaker_endpoint.e.name
}

resource "aws_cloudwatch_metric_alarm" "errors" {
  alarm_name          = "errors"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 1
  threshold           = 1
  period              = 60
  statistic           = "Sum"
  namespace           = "AWS/SageMaker"
  metric_name         = "Invocation5XXErrors"
  dimensions = {
    EndpointName = aws_ssm_parameter.endpoint.value
    VariantName  = "v"
  }
}

resource "terraform_data" "endpoint" {
  input = aws_sagemaker_endpoint.e.name
}

resource "aws_appautoscaling_target" "t" {
  service_namespace  = "sagemaker"
  resource_id        = "endpoint/${terraform_data.endpoint.output}/variant/v"
  scalable_dimension = "sagemaker:variant:DesiredInstanceCount"
  min_capacity       = 2
  max_capacity       = 4
}

resource "aws_appautoscaling_policy" "p" {
  name               = "p"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = aws_appautoscaling_target.t.service_namespace
  resource_id        = aws_appautoscaling_target.t.resource_id
  scalable_dimension = aws_appautoscaling_target.t.scalable_dimension
  target_tracking_scaling_policy_configuration {
    target_value = 50
    predefined_metric_specification {
      predefined_metric_type = "SageMakerVariantInvocationsPerInstance"
    }
  }
}

resource "aws_lambda_function" "f" {
  function_name = "f"
  role          = aws_sagemaker_notebook_instance.n.role_arn
  handler       = "a.b"
  runtime       = "python3.12"
  s3_bucket     = aws_s3_object.model.bucket
  s3_key        = aws_s3_object.model.key
}

resource "aws_lambda_alias" "a" {
  name             = "live"
  function_name    = aws_lambda_function.f.function_name
  function_version = "1"
}

resource "aws_lambda_permission" "p" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_alias.a.function_name
  principal     = "s3.amazonaws.com"
  source_arn    = aws_s3_bucket.models.arn
}
