locals {
  invocation = "arn:aws:apigateway:eu-west-1:runtime.sagemaker:path//endpoints/churn/invocations"
  methods = {
    POST    = { key = true }
    OPTIONS = { key = false }
  }
}

resource "aws_api_gateway_rest_api" "partners" {
  name = "partners"
}

resource "aws_api_gateway_method" "predict" {
  for_each         = local.methods
  rest_api_id      = aws_api_gateway_rest_api.partners.id
  resource_id      = aws_api_gateway_rest_api.partners.root_resource_id
  http_method      = each.key
  authorization    = "NONE"
  api_key_required = each.value.key
}

resource "aws_api_gateway_integration" "predict" {
  for_each                = local.methods
  rest_api_id             = aws_api_gateway_rest_api.partners.id
  resource_id             = aws_api_gateway_rest_api.partners.root_resource_id
  http_method             = aws_api_gateway_method.predict[each.key].http_method
  type                    = "AWS"
  integration_http_method = "POST"
  credentials             = "arn:aws:iam::111122223333:role/api-invokes-endpoint"
  uri                     = local.invocation
}

resource "aws_api_gateway_usage_plan" "partners" {
  name = "partners"

  api_stages {
    api_id = aws_api_gateway_rest_api.partners.id
    stage  = "v1"
  }
}
