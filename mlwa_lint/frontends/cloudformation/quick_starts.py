"""What the templates of AWS Quick Starts, which others take as submodules, certainly do not declare.

From the templates themselves (github.com/aws-quickstart). Clones mostly lack them: a stack of
`submodules/quickstart-aws-vpc/templates/...` is a network, and nothing else.
"""

from mlwa_lint.startup.patterns import lazy

_SUBMODULE = lazy(r"/quickstart-(amazon-redshift|aws-vpc|linux-bastion)/(?:templates/)?[\w.-]+$")
# What none of them has: all that is about machine learning, and what watches over an account.
_NEVER = (
    "AWS::ApiGateway",
    "AWS::Athena::",
    "AWS::Backup::",
    "AWS::Bedrock",
    "AWS::Budgets::",
    "AWS::CE::",
    "AWS::CloudTrail::",
    "AWS::CodePipeline::",
    "AWS::Cognito::",
    "AWS::Config::",
    "AWS::DataZone::",
    "AWS::ECR::",
    "AWS::GuardDuty::",
    "AWS::LakeFormation::",
    "AWS::Macie::",
    "AWS::OpenSearch",
    "AWS::SageMaker::",
    "AWS::StepFunctions::",
    "AWS::WAF",
    "aws_",
)
_NETWORK = (*_NEVER, "AWS::CloudWatch::", "AWS::Glue::", "AWS::KMS::", "AWS::S3::", "AWS::SNS::")


def never_in(address: str) -> tuple[str, ...]:
    """How the types start that the template at an address certainly does not declare."""
    match = _SUBMODULE.search(address.partition("?")[0])
    if match is None:
        return ()
    return _NETWORK if match[1] == "aws-vpc" else _NEVER
