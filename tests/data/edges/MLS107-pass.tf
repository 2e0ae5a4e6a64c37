resource "aws_sagemaker_endpoint" "scoring" {
  name                 = "scoring"
  endpoint_config_name = "scoring-4"
}

resource "aws_lambda_function" "scoring" {
  function_name = "scoring"
  role          = "arn:aws:iam::111122223333:role/scoring-function"
  runtime       = "python3.12"
  handler       = "app.handler"
  filename      = "scoring.zip"

  environment {
    variables = {
      ENDPOINT_NAME = aws_sagemaker_endpoint.scoring.name
    }
  }
}

resource "aws_apigatewayv2_api" "scoring" {
  name          = "scoring"
  protocol_type = "HTTP"
}

resource "aws_apigatewayv2_authorizer" "clients" {
  api_id           = aws_apigatewayv2_api.scoring.id
  name             = "clients"
  authorizer_type  = "JWT"
  identity_sources = ["$request.header.Authorization"]

  jwt_configuration {
    audience = ["scoring"]
    issuer   = "https://login.example.com"
  }
}

resource "aws_apigatewayv2_integration" "scoring" {
  api_id                 = aws_apigatewayv2_api.scoring.id
  integration_type       = "AWS_PROXY"
  integration_uri        = aws_lambda_function.scoring.arn
  payload_format_version = "2.0"
}

resource "aws_apigatewayv2_route" "scoring" {
  api_id             = aws_apigatewayv2_api.scoring.id
  route_key          = "POST /score"
  authorization_type = "JWT"
  authorizer_id      = aws_apigatewayv2_authorizer.clients.id
  target             = "integrations/${aws_apigatewayv2_integration.scoring.id}"
}

resource "aws_lambda_function_url" "scoring" {
  function_name      = aws_lambda_function.scoring.arn
  authorization_type = "AWS_IAM"
}
