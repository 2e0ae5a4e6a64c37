resource "aws_api_gateway_rest_api" "churn" {
  name = "churn"
}

resource "aws_api_gateway_method" "predict" {
  rest_api_id   = aws_api_gateway_rest_api.churn.id
  resource_id   = aws_api_gateway_rest_api.churn.root_resource_id
  http_method   = "POST"
  authorization = "AWS_IAM"
}

resource "aws_api_gateway_integration" "predict" {
  rest_api_id             = aws_api_gateway_rest_api.churn.id
  resource_id             = aws_api_gateway_rest_api.churn.root_resource_id
  http_method             = aws_api_gateway_method.predict.http_method
  type                    = "AWS"
  integration_http_method = "POST"
  credentials             = "arn:aws:iam::111122223333:role/api-invokes-endpoint"
  uri                     = "arn:aws:apigateway:eu-west-1:runtime.sagemaker:path//endpoints/churn/invocations"
}

resource "aws_api_gateway_stage" "prod" {
  rest_api_id   = aws_api_gateway_rest_api.churn.id
  deployment_id = "dep123"
  stage_name    = "prod"
}

resource "aws_wafv2_web_acl_association" "prod" {
  resource_arn = aws_api_gateway_stage.prod.arn
  web_acl_arn  = "arn:aws:wafv2:eu-west-1:111122223333:regional/webacl/shared/a1b2c3"
}
