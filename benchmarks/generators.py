"""Templates and Terraform modules made from a seed: the same seed gives the same bytes everywhere."""

from random import Random

from benchmarks.ordinary import BLOCKS_TERRAFORM, BLOCKS_YAML

_BLOCKS_YAML = {
    "bucket": """
  {name}Bucket:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: !Sub "{slug}-${{AWS::AccountId}}-data"
      BucketEncryption:
        ServerSideEncryptionConfiguration:
          - ServerSideEncryptionByDefault:
              SSEAlgorithm: {algorithm}
      VersioningConfiguration:
        Status: {status}
      Tags:
        - Key: owner
          Value: {slug}
""",
    "role": """
  {name}Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal:
              Service: sagemaker.amazonaws.com
            Action: sts:AssumeRole
      Policies:
        - PolicyName: data
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
              - Effect: Allow
                Action:
                  - s3:GetObject
                  - s3:PutObject
                Resource: !Sub "${{{name}Bucket.Arn}}/*"
""",
    "model": """
  {name}Model:
    Type: AWS::SageMaker::Model
    Properties:
      ExecutionRoleArn: !GetAtt {name}Role.Arn
      EnableNetworkIsolation: {flag}
      PrimaryContainer:
        Image: !Sub "123456789012.dkr.ecr.${{AWS::Region}}.amazonaws.com/{slug}:{number}"
        ModelDataUrl: !Sub "s3://${{{name}Bucket}}/model.tar.gz"
""",
    "config": """
  {name}Config:
    Type: AWS::SageMaker::EndpointConfig
    Properties:
      KmsKeyId: !Ref KmsKey
      ProductionVariants:
        - VariantName: main
          ModelName: !GetAtt {name}Model.ModelName
          InstanceType: {instance}
          InitialInstanceCount: {number}
          InitialVariantWeight: 1
""",
    "endpoint": """
  {name}Endpoint:
    Type: AWS::SageMaker::Endpoint
    Properties:
      EndpointConfigName: !GetAtt {name}Config.EndpointConfigName
      Tags:
        - Key: team
          Value: !Ref Team
""",
    "alarm": """
  {name}Alarm:
    Type: AWS::CloudWatch::Alarm
    Properties:
      Namespace: AWS/SageMaker
      MetricName: Invocation5XXErrors
      Statistic: Sum
      Period: 60
      EvaluationPeriods: {number}
      Threshold: 1
      ComparisonOperator: GreaterThanThreshold
      Dimensions:
        - Name: EndpointName
          Value: !GetAtt {name}Endpoint.EndpointName
        - Name: VariantName
          Value: main
""",
    "notebook": """
  {name}Notebook:
    Type: AWS::SageMaker::NotebookInstance
    Properties:
      InstanceType: {instance}
      RoleArn: !GetAtt {name}Role.Arn
      RootAccess: {enabled}
      DirectInternetAccess: {enabled}
""",
    "function": """
  {name}Function:
    Type: AWS::Lambda::Function
    Condition: IsProduction
    Properties:
      Runtime: python3.12
      Handler: index.handler
      Role: !GetAtt {name}Role.Arn
      Timeout: {number}0
      Environment:
        Variables:
          BUCKET: !Ref {name}Bucket
          ENDPOINT: !If [IsProduction, !GetAtt {name}Endpoint.EndpointName, none]
      Code:
        S3Bucket: !Ref {name}Bucket
        S3Key: function.zip
""",
}
_HEAD_YAML = """AWSTemplateFormatVersion: "2010-09-09"
Description: Made by benchmarks/generators.py
Parameters:
  Team:
    Type: String
    Default: research
  KmsKey:
    Type: String
  Stage:
    Type: String
    Default: test
    AllowedValues: [test, production]
Conditions:
  IsProduction: !Equals [!Ref Stage, production]
Resources:"""
_BLOCKS_TERRAFORM = {
    "bucket": """
resource "aws_s3_bucket" "{slug}" {{
  bucket = "{slug}-${{data.aws_caller_identity.current.account_id}}-data"
  tags   = merge(local.tags, {{ Name = "{slug}" }})
}}

resource "aws_s3_bucket_versioning" "{slug}" {{
  bucket = aws_s3_bucket.{slug}.id
  versioning_configuration {{
    status = "{status}"
  }}
}}
""",
    "role": """
resource "aws_iam_role" "{slug}" {{
  name = "{slug}"
  assume_role_policy = jsonencode({{
    Version = "2012-10-17"
    Statement = [{{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = {{ Service = "sagemaker.amazonaws.com" }}
    }}]
  }})
}}

resource "aws_iam_role_policy" "{slug}" {{
  role = aws_iam_role.{slug}.id
  policy = jsonencode({{
    Version = "2012-10-17"
    Statement = [{{
      Effect   = "Allow"
      Action   = ["s3:GetObject", "s3:PutObject"]
      Resource = "${{aws_s3_bucket.{slug}.arn}}/*"
    }}]
  }})
}}
""",
    "model": """
resource "aws_sagemaker_model" "{slug}" {{
  name                     = "{slug}"
  execution_role_arn       = aws_iam_role.{slug}.arn
  enable_network_isolation = {flag}
  primary_container {{
    image          = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/{slug}:{number}"
    model_data_url = "s3://${{aws_s3_bucket.{slug}.bucket}}/model.tar.gz"
  }}
}}
""",
    "config": """
resource "aws_sagemaker_endpoint_configuration" "{slug}" {{
  name        = "{slug}"
  kms_key_arn = var.kms_key_arn
  production_variants {{
    variant_name           = "main"
    model_name             = aws_sagemaker_model.{slug}.name
    instance_type          = "{instance}"
    initial_instance_count = {number}
  }}
}}
""",
    "endpoint": """
resource "aws_sagemaker_endpoint" "{slug}" {{
  name                 = "{slug}"
  endpoint_config_name = aws_sagemaker_endpoint_configuration.{slug}.name
  tags                 = local.tags
}}
""",
    "alarm": """
resource "aws_cloudwatch_metric_alarm" "{slug}" {{
  alarm_name          = "{slug}"
  namespace           = "AWS/SageMaker"
  metric_name         = "Invocation5XXErrors"
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = {number}
  threshold           = 1
  comparison_operator = "GreaterThanThreshold"
  dimensions = {{
    EndpointName = aws_sagemaker_endpoint.{slug}.name
    VariantName  = "main"
  }}
}}
""",
    "notebook": """
resource "aws_sagemaker_notebook_instance" "{slug}" {{
  name                   = "{slug}"
  instance_type          = "{instance}"
  role_arn               = aws_iam_role.{slug}.arn
  root_access            = "{enabled}"
  direct_internet_access = "{enabled}"
}}
""",
    "function": """
resource "aws_lambda_function" "{slug}" {{
  count         = var.stage == "production" ? 1 : 0
  function_name = "{slug}"
  runtime       = "python3.12"
  handler       = "index.handler"
  role          = aws_iam_role.{slug}.arn
  timeout       = {number}0
  s3_bucket     = aws_s3_bucket.{slug}.bucket
  s3_key        = "function.zip"
  environment {{
    variables = {{
      BUCKET   = aws_s3_bucket.{slug}.bucket
      ENDPOINT = aws_sagemaker_endpoint.{slug}.name
    }}
  }}
}}
""",
}
_HEAD_TERRAFORM = """variable "kms_key_arn" {
  type = string
}

variable "stage" {
  type    = string
  default = "test"
}

data "aws_caller_identity" "current" {}

locals {
  tags = {
    team  = "research"
    stage = var.stage
  }
}
"""
_INSTANCES = ("ml.m5.xlarge", "ml.t3.medium", "ml.g5.2xlarge", "ml.c6i.large", "ml.p3.2xlarge")


def template(seed: int, lines: int = 0, resources: int = 0, ordinary: bool = False) -> str:
    """A CloudFormation template of at least so many lines or resources: whole systems, one by one.

    They are systems of machine learning, or ordinary ones of queues, tables and services.
    """
    return _made(_HEAD_YAML, BLOCKS_YAML if ordinary else _BLOCKS_YAML, seed, lines, resources)


def module(seed: int, lines: int = 0, resources: int = 0, ordinary: bool = False) -> str:
    """The same systems as one Terraform file."""
    blocks = BLOCKS_TERRAFORM if ordinary else _BLOCKS_TERRAFORM
    return _made(_HEAD_TERRAFORM, blocks, seed, lines, resources)


def _made(head: str, blocks: dict[str, str], seed: int, lines: int, resources: int) -> str:
    random = Random(seed)
    pieces, written, made, system = [head], head.count("\n"), 0, 0
    while True:
        system += 1
        for block in blocks.values():
            text = block.format(
                name=f"System{system}",
                slug=f"system{system}",
                algorithm=random.choice(["aws:kms", "AES256"]),
                status=random.choice(["Enabled", "Suspended"]),
                flag=random.choice(["true", "false"]),
                enabled=random.choice(["Enabled", "Disabled"]),
                instance=random.choice(_INSTANCES),
                number=random.randint(1, 5),
            )
            pieces.append(text)
            written += text.count("\n")
            made += text.count("Type: AWS::") or text.count("\nresource ")
            if written >= lines and made >= resources:
                return "".join(pieces)
