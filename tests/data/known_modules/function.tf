module "f" {
  source                     = "terraform-aws-modules/lambda/aws"
  function_name              = "infer"
  handler                    = "app.handler"
  runtime                    = "python3.12"
  environment_variables      = { ENDPOINT = "scores" }
  dead_letter_target_arn     = "arn:aws:sqs:eu-west-1:111122223333:dead"
  tracing_mode               = "Active"
  vpc_subnet_ids             = ["subnet-1"]
  vpc_security_group_ids     = ["sg-1"]
  s3_existing_package        = { bucket = "code", key = "app.zip" }
  create_async_event_config  = true
  maximum_retry_attempts     = 1
  destination_on_failure     = "arn:aws:sqs:eu-west-1:111122223333:failed"
  cloudwatch_logs_retention_in_days = 30
  allowed_triggers = {
  api   = { service = "apigateway", source_arn = "arn:aws:execute-api:eu-west-1:111122223333:api/*" }
  other = { principal = "s3.amazonaws.com", action = "lambda:InvokeFunctionUrl" }
  }
  event_source_mapping = {
  queue = { event_source_arn = "arn:aws:sqs:eu-west-1:111122223333:in", batch_size = 5, destination_arn_on_failure = "x" }
  }
  attach_policy_json = true
  policy_json        = jsonencode({ Statement = [{ Effect = "Allow", Action = "s3:*", Resource = "*" }] })
  attach_policy_statements = true
  policy_statements = { invoke = { effect = "Allow", actions = ["sagemaker:InvokeEndpoint"], resources = ["*"] } }
  attach_policy_jsons = true
  policy_jsons        = [jsonencode({ Statement = [] })]
  attach_policy   = true
  policy          = "arn:aws:iam::aws:policy/AmazonSageMakerReadOnly"
  attach_policies = true
  policies        = ["arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"]
}
