"""Writes `mlwa_lint/facts/policies.json`: the statements of AWS managed policies that roles of ML use.

    pip download --no-deps moto
    python scripts/build_managed_policies.py moto-*.whl [--check]

Source: the policies that moto brings, which its maintainers take from the IAM service. Kept are those whose
names match `WANTED`, without those of service-linked roles; one policy per line, with its ARN, version and
the version's date.
"""

import ast
import json
import re
import sys
import zipfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from scripts.generated_files import write_or_check

OUTPUT = Path(__file__).parents[1] / "mlwa_lint/facts/policies.json"
WANTED = re.compile(
    r"AdministratorAccess|ReadOnlyAccess|ViewOnlyAccess|PowerUserAccess|IAMFullAccess|IAMReadOnlyAccess"
    r"|AmazonSageMaker\w*(?:-\w+)?|SageMakerStudio\w+|AmazonBedrock\w+|BedrockAgentCore\w+"
    r"|Comprehend\w+|AmazonRekognition\w+|AmazonTextract\w+|AmazonTranscribe\w+|AmazonPolly\w+|Translate\w+"
    r"|AmazonKendra\w+|AmazonPersonalize\w+|AmazonForecast\w+|AmazonLex\w+|AmazonQ\w*Business\w*"
    r"|AWSGlue\w+|AwsGlue\w+|AWSStepFunctions\w+|AmazonAthena\w+|AmazonElasticMapReduce\w+|AmazonEMR\w+"
    r"|AWSLambda(?:Basic|VPCAccess|Kinesis|SQSQueue|DynamoDB)\w*Role|AWSLambda(?:Execute|Role|_\w+Access)"
    r"|AmazonEC2ContainerRegistry\w+|AmazonECSTaskExecutionRolePolicy|AmazonECS_FullAccess"
    r"|Amazon(?:S3|SNS|SQS|SSM|RDS|RDSData|DynamoDB|Redshift|Kinesis|KinesisFirehose|ElasticFileSystem|FSx|EC2"
    r"|VPC|ES|OpenSearchService|EventBridge|MSK|Timestream|DocDB|CognitoPowerUser|APIGatewayInvoke)\w*"
    r"(?:FullAccess|ReadOnlyAccess|InvokeAccess)(?:_v2)?"
    r"|AmazonSSMManagedInstanceCore|AmazonCognitoPowerUser|SecretsManagerReadWrite|AWSKeyManagementServicePowerUser"
    r"|CloudWatch(?:Logs)?(?:Full|ReadOnly)Access(?:V2)?|CloudWatchAgentServerPolicy|CloudWatchEventsFullAccess"
    r"|AWSX[rR]ay\w+|AWSCode(?:Build|Pipeline|Commit|Deploy)\w*|AWSCloudFormationFullAccess"
    r"|AmazonEKS\w+|AmazonEC2ContainerServiceforEC2Role|AmazonAPIGatewayPushToCloudWatchLogs"
    r"|AWSAppSyncPushToCloudWatchLogs|AmazonRDSEnhancedMonitoringRole|AWSServiceCatalog\w+FullAccess"
    r"|AWSBatchServiceRole|AWSBatchFullAccess|AWSGreengrass\w+|AWSIoT(?:FullAccess|DataAccess)"
)


def main(arguments: list[str]) -> int:
    """Writes or checks."""
    wheels = [each for each in arguments if each.endswith(".whl")]
    if len(wheels) != 1:
        sys.exit(__doc__)
    return write_or_check({OUTPUT: content(Path(wheels[0]))}, arguments, __file__)


def content(wheel: Path) -> str:
    """The file's content."""
    with zipfile.ZipFile(wheel) as archive:
        source = archive.read("moto/iam/aws_managed_policies.py").decode("utf-8")
    policies: dict[str, Any] = json.loads(_text(source))
    lines = []
    wanted = (each for each in policies if WANTED.fullmatch(each) and "ServiceRolePolicy" not in each)
    for name in sorted(wanted):
        policy = policies[name]
        entry = {
            "arn": f"arn:aws:iam::aws:policy{policy['Path']}{name}",
            "version": policy["DefaultVersionId"],
            "date": (policy.get("UpdateDate") or policy["CreateDate"])[:10],
            "statements": _listed(policy["Document"]["Statement"]),
        }
        lines.append(f"{json.dumps(name)}:{json.dumps(entry, separators=(',', ':'))}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _text(source: str) -> str:
    """The longest text literal of a module."""
    texts = [node.value for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant)]
    return max((each for each in texts if isinstance(each, str)), key=len)


def _listed(statements: Any) -> list[Any]:
    return statements if isinstance(statements, list) else [statements]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
