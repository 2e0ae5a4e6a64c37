data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["sagemaker.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "sagemaker" {
  for_each           = toset(["training", "hosting"])
  name               = "price-${each.key}"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_sagemaker_pipeline" "retrain" {
  pipeline_name         = "retrain"
  pipeline_display_name = "retrain"
  role_arn              = aws_iam_role.sagemaker["training"].arn
  pipeline_definition   = jsonencode({ Version = "2020-12-01", Steps = [] })
}

resource "aws_sagemaker_model" "price" {
  execution_role_arn = aws_iam_role.sagemaker["hosting"].arn

  primary_container {
    image          = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/price:2"
    model_data_url = "s3://price-models/model.tar.gz"
  }
}

resource "aws_sagemaker_endpoint_configuration" "price" {
  production_variants {
    variant_name           = "main"
    model_name             = aws_sagemaker_model.price.name
    instance_type          = "ml.m5.large"
    initial_instance_count = 2
  }
}
