"""The examples of a new rule, for both languages: they fail, pass, or leave the rule undecided."""

_TEMPLATE = """\
Resources:
  Notebook:
    Type: AWS::SageMaker::NotebookInstance
    Properties:
      InstanceType: ml.t3.medium
      RoleArn: arn:aws:iam::111122223333:role/notebook
"""
_MODULE = """\
resource "aws_sagemaker_notebook_instance" "notebook" {
  name          = "notebook"
  instance_type = "ml.t3.medium"
  role_arn      = "arn:aws:iam::111122223333:role/notebook"
"""
_NAMED = "      LifecycleConfigName: stop-when-idle\n"
_NAMED_HCL = '  lifecycle_config_name = "stop-when-idle"\n'

EXAMPLES = {
    "fail.yaml": _TEMPLATE,
    "fail-condition.yaml": """\
Parameters:
  IsProd:
    Type: String
    AllowedValues: ["true", "false"]
Conditions:
  Production: !Equals [!Ref IsProd, "true"]
"""
    + _TEMPLATE
    + "      LifecycleConfigName: !If [Production, stop-when-idle, !Ref AWS::NoValue]\n",
    "pass.yaml": _TEMPLATE + _NAMED,
    "pass-reference.yaml": _TEMPLATE
    + """\
      LifecycleConfigName: !GetAtt Lifecycle.NotebookInstanceLifecycleConfigName
  Lifecycle:
    Type: AWS::SageMaker::NotebookInstanceLifecycleConfig
""",
    "undecided.yaml": """\
Parameters:
  Lifecycle:
    Type: String
"""
    + _TEMPLATE
    + "      LifecycleConfigName: !Ref Lifecycle\n",
    "fail.tf": _MODULE + "}\n",
    "fail-null.tf": _MODULE + "  lifecycle_config_name = null\n}\n",
    "pass.tf": _MODULE + _NAMED_HCL + "}\n",
    "pass-reference.tf": _MODULE
    + """\
  lifecycle_config_name = aws_sagemaker_notebook_instance_lifecycle_configuration.idle.name
}

resource "aws_sagemaker_notebook_instance_lifecycle_configuration" "idle" {
  name = "stop-when-idle"
}
""",
}

_MESSAGE = "NotebookInstance Notebook has no LifecycleConfigName"
_MESSAGE_HCL = "NotebookInstance aws_sagemaker_notebook_instance.notebook has no lifecycle_config_name"
EXPECTED = f"""\
fail.yaml:2:3 Notebook | {_MESSAGE}
fail-condition.yaml:13:7 Notebook | {_MESSAGE} | when Production is false
undecided.yaml ? Notebook
fail.tf:1:1 aws_sagemaker_notebook_instance.notebook | {_MESSAGE_HCL}
fail-null.tf:5:3 aws_sagemaker_notebook_instance.notebook | {_MESSAGE_HCL}
"""
