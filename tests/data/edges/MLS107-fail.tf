data "aws_iam_policy_document" "assume" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

data "aws_iam_policy_document" "invoke" {
  statement {
    actions   = ["sagemaker:InvokeEndpoint"]
    resources = ["arn:aws:sagemaker:eu-west-1:111122223333:endpoint/scoring"]
  }
}

resource "aws_iam_role" "scoring" {
  name               = "scoring"
  assume_role_policy = data.aws_iam_policy_document.assume.json
}

resource "aws_iam_role_policy" "invoke" {
  role   = aws_iam_role.scoring.id
  policy = data.aws_iam_policy_document.invoke.json
}

resource "aws_lambda_function" "scoring" {
  function_name = "scoring"
  role          = aws_iam_role.scoring.arn
  runtime       = "python3.12"
  handler       = "app.handler"
  filename      = "scoring.zip"
}

resource "aws_api_gateway_rest_api" "scoring" {
  name = "scoring"
}

resource "aws_api_gateway_resource" "score" {
  rest_api_id = aws_api_gateway_rest_api.scoring.id
  parent_id   = aws_api_gateway_rest_api.scoring.root_resource_id
  path_part   = "score"
}

resource "aws_api_gateway_method" "score" {
  rest_api_id   = aws_api_gateway_rest_api.scoring.id
  resource_id   = aws_api_gateway_resource.score.id
  http_method   = "POST"
  authorization = "NONE"
}

resource "aws_api_gateway_integration" "score" {
  rest_api_id             = aws_api_gateway_rest_api.scoring.id
  resource_id             = aws_api_gateway_resource.score.id
  http_method             = aws_api_gateway_method.score.http_method
  type                    = "AWS_PROXY"
  integration_http_method = "POST"
  uri                     = aws_lambda_function.scoring.invoke_arn
}
