"""Texts that are long where no one expects it: searching them takes time in proportion to their length."""

import re
import time
from importlib import import_module
from pathlib import Path

import pytest

from mlwa_lint.model.secret_names import is_literal_secret
from mlwa_lint.reporters.redaction import redacted
from tests.support.hostile import check, write

LENGTH = 60_000
# Far more than any of these takes, far less than the minutes or hours that each once took.
SECONDS = 20.0
NOTEBOOK = (
    "Resources:\n  N:\n    Type: AWS::SageMaker::NotebookInstance\n    Properties: {RootAccess: Enabled}\n"
)


def _resource(kind: str, properties: str) -> str:
    return f"Resources:\n  R:\n    Type: {kind}\n    Properties: {{{properties}}}\n"


def _numbered(pattern: str, length: int = LENGTH) -> str:
    return "".join(pattern.replace("#", str(number)) for number in range(length // len(pattern)))


_ALARM_NAME = "a${A}a${A}a${A}a${A}a${A}ab"
_JSONATA = "{% $states.input.a & 'b'" + " " * LENGTH + "x %}"
PROJECTS: dict[str, dict[str, str]] = {
    "spaces after an import": {"t.yaml": f"{NOTEBOOK}    X: ImportValue{' ' * LENGTH}\n"},
    "spaces before a function": {"t.yaml": f"{NOTEBOOK}    X: 'ImportValue: !Sub{' ' * LENGTH}'\n"},
    "spaces in a suppression": {"t.yaml": f"{NOTEBOOK}# mlwa{' ' * LENGTH}x\n"},
    "spaces after a suppression": {"t.yaml": f"{NOTEBOOK}# mlwa: ignore[MLS1]{' ' * LENGTH}%\n"},
    "a list in a suppression": {"t.yaml": f"{NOTEBOOK}# mlwa: ignore a{' , a' * (LENGTH // 4)} %x\n"},
    "spaces in the rule of an alarm": {
        "t.yaml": _resource("AWS::CloudWatch::CompositeAlarm", f"AlarmRule: 'ALARM({' ' * LENGTH}'")
    },
    "folders in the address of a template": {
        "t.yaml": _resource("AWS::CloudFormation::Stack", f"TemplateURL: '{'a/' * (LENGTH // 2)}'")
    },
    "a name with many parts": {
        "t.yaml": "Parameters: {A: {Type: String}}\n"
        + _resource("AWS::CloudWatch::Alarm", f"AlarmName: !Sub '{_ALARM_NAME}', Namespace: AWS/SageMaker"),
        "s.py": f"client.describe_alarms()\n#{'a' * LENGTH}\n",
    },
    "a role with many parts": {
        "a.yaml": "Parameters: {A: {Type: String}}\n"
        + _resource("AWS::IAM::Role", f"RoleName: !Sub '{_ALARM_NAME}', AssumeRolePolicyDocument: {{}}"),
        "b.yaml": _resource(
            "AWS::SageMaker::Model", f"ExecutionRoleArn: 'arn:aws:iam::111122223333:role/{'a' * 2_000}'"
        ),
    },
    "spaces in an expression of a state": {
        "t.yaml": "Resources:\n  S:\n    Type: AWS::StepFunctions::StateMachine\n    Properties:\n"
        "      Definition:\n        QueryLanguage: JSONata\n        StartAt: A\n        States:\n"
        "          A:\n            Type: Task\n            Resource: arn:aws:states:::sagemaker:createModel\n"
        f'            Arguments: {{ModelName: "{_JSONATA}"}}\n            End: true\n'
    },
    "calls in a program for Node.js": {
        "t.yaml": _resource(
            "AWS::Lambda::Function", "Runtime: nodejs22.x, Handler: index.handler, Code: src/, Role: r"
        ),
        "src/index.js": "const {InvokeEndpointCommand} = require('@aws-sdk/client-sagemaker-runtime')\n"
        + _numbered("client.send(new InvokeEndpointCommand(a#\n", 4 * LENGTH),
    },
    "calls of a guardrail": {
        "t.yaml": _resource(
            "AWS::Bedrock::Guardrail", "Name: g, BlockedInputMessaging: a, BlockedOutputsMessaging: b"
        ),
        "s.py": "# guardrail\n" + _numbered("c.apply_guardrail(source=a#)\na#='INPUT'\n", 4 * LENGTH),
    },
    "variables of a workflow": {
        "t.yaml": _resource("AWS::S3::Bucket", "BucketName: claims-data"),
        "s.py": "import sagemaker\n" + "x" * 6 * LENGTH,
        ".github/workflows/x.yml": _numbered("  A_B#: aa-bb-cc#\n", 4 * LENGTH),
    },
    "line ends in a text": {
        "main.tf": 'resource "aws_sagemaker_notebook_instance" "n" {\n  name = chomp("'
        + r"\r\n" * 1_000
        + 'x")\n}\n'
    },
    "spaces in a version": {
        "main.tf": 'module "m" {\n  source = "terraform-aws-modules/s3-bucket/aws"\n  version = "'
        + " " * LENGTH
        + '!"\n}\n'
    },
    "variables of a script": {
        "a.yaml": "Parameters:\n" + _numbered("  P#: {Type: String}\n", LENGTH) + NOTEBOOK,
        "b.yaml": NOTEBOOK + "Outputs:\n" + _numbered("  P#: {Value: x}\n", LENGTH),
        "s.sh": "aws cloudformation deploy a.yaml b.yaml OutputKey\n"
        + _numbered('v#=$(x "P#")\nP#=$v#\n', 2 * LENGTH),
    },
    "lines of a file that a script writes": {
        "main.tf": 'resource "aws_sagemaker_notebook_instance" "n" {\n  name = "n"\n}\n',
        "s.sh": f"terraform apply -var-file=x.tfvars\ncat <<EOF > x.tfvars\n{chr(10) * LENGTH}\n",
    },
    "mentions of a network on one line": {
        "t.yaml": NOTEBOOK,
        "README.md": "# Claims\n",
        "s.sh": "echo " + "no vpc, " * LENGTH,
    },
    "parameters without values": {
        "t.yaml": NOTEBOOK,
        "README.md": "# Claims\n",
        "s.py": f"def f({_numbered('vpc#=None,', 6 * LENGTH)}):\n    pass\n",
    },
}


@pytest.mark.parametrize("name", PROJECTS)
def test_projects(tmp_path: Path, name: str) -> None:
    tmp_path.joinpath(".git").mkdir()
    for place, content in PROJECTS[name].items():
        write(tmp_path / place, content)
    before = time.process_time()
    ended = check(tmp_path, ".", "-q", "--jobs", "1")
    assert time.process_time() - before < SECONDS
    assert ended.code in (0, 1)


# Where an expression is (of several, the number), and what it once took long for.
PATTERNS = {
    "discovery.stacks _TAKEN 0": "ImportValue" + " " * LENGTH,
    "discovery.stacks _OPEN_GIVEN 0": "Export: Name:" + " " * LENGTH,
    "discovery.stacks _OPEN_TAKEN 1": "ImportValue" + "\n" * LENGTH,
    "discovery.stacks _ROLE_NAMED": "RoleName: ${" * 5_000,
    "discovery.stacks _ROLE_MEANT": "arn:aws:iam::${" * 4_000,
    "discovery.stacks _FILE": "a/" * LENGTH,
    "filters.suppression_syntax _REST": "[" + "a" * LENGTH + "]" + " " * LENGTH + "%",
    "fixes.comments _OURS": "# mlwa: ignore[" * 4_000,
    "frontends.agent_notes _SPANS": "strands-agents[" * 4_000,
    "frontends.applied _DEPLOYS": "terraform " * 6_000,
    "frontends.customer_keys _NAMED": "patient-" * 8_000,
    "frontends.deployed _DEPLOYS": "terraform " * 6_000,
    "frontends.documents.reads _TOKEN": "$$[" * 20_000,
    "frontends.documents.text _IN_KEY": "${a}" * 15_000,
    "frontends.dotnet_code _COMMENT": "/*" * 30_000,
    "frontends.networks _NO_NETWORK": "arn:" * 15_000,
    "frontends.node_code _LOADED": "import" + "\n" * LENGTH,
    "frontends.observers _STARTED": "StartCrawlerCommand({ Name:" + " " * LENGTH,
    "frontends.python.evaluation.operators _PLACEHOLDER": "%(a)" + "0" * LENGTH,
    "frontends.readme _TITLE": "<h3" * 20_000,
    "frontends.python.uses.commands _INNER": "${{" * 20_000,
    "frontends.python.uses.commands _SPREAD": "<" * LENGTH,
    "frontends.python.uses.containers _COPIES": "COPY x" + " " * LENGTH + "\0",
    "frontends.python.uses.containers _FILES": "a" * LENGTH,
    "frontends.python.uses.containers _IMPORTS": "from " + "." * LENGTH,
    "frontends.python.uses.dependants _PRODUCTION": "-" * LENGTH,
    "frontends.python.uses.functions _GIVEN": "variables =" * 6_000,
    "frontends.python.uses.metrics _NAMED": '"Name":' * 8_000,
    "frontends.python.uses.packing _FOLDER": "tar -ca " + " " * LENGTH,
    "frontends.python.uses.packing _PACKS": "tarfile.open(" * 5_000,
    "frontends.python.uses.packing _VARIABLE": "${" * 30_000,
    "frontends.python.uses.variables _REFERENCE": "${{" + " " * LENGTH,
    "frontends.terraform.evaluation.archives _INSERTED": "client(" * 8_000,
    "frontends.python.airflow.templates _EXPRESSION": "{{" * 20_000,
    "frontends.python.examples _DELETED_AFTER": "delete endpoint after " * 3_000,
    "frontends.python.network_use _NETWORK": "pip" + "\n" * LENGTH,
    "frontends.python.sdk.sources _LOCAL_IMPORT": "from a import" + "\n" * LENGTH,
    "frontends.python.uses.mentions _HERE": "python <<" + "n" * LENGTH,
    "frontends.python.uses.mentions _MAIN": "if" + " " * LENGTH,
    "frontends.cloudformation.handed_over _FUNCTION": "function a" + " " * LENGTH,
    "frontends.terraform.project _CALL": 'module "a" {\n' + "#" * LENGTH,
    "frontends.terraform.syntax.recovery _TOKEN": "/*" * 20_000,
    "frontends.terraform.given_values _ECHOED": "echo a=" * 8_000,
    "frontends.terraform.given_values _WRITTEN": ">" * LENGTH,
    "frontends.trials _FOR_DEMOS": "tear-" * 12_000,
    "graph.linking.link _ALARM_NAMES": "ALARM(" + " " * LENGTH,
    "graph.queries.dependencies _DURATION": "2" * LENGTH,
    "graph.queries.scripts _COPIES": "wget " * 12_000,
    "graph.queries.scripts _PRINTING": "do" + "\n" * LENGTH,
    "run.undeclared _DECLARED": "variable" + " " * LENGTH,
}


@pytest.mark.parametrize("place", PATTERNS)
def test_patterns(place: str) -> None:
    module, name, *number = place.split()
    held = getattr(import_module(f"mlwa_lint.{module}"), name)
    pattern: re.Pattern[str] = held[int(number[0])] if number else held
    text: str | bytes = PATTERNS[place]
    if isinstance(pattern.pattern, bytes):
        text = PATTERNS[place].encode()
    before = time.process_time()
    for _ in pattern.finditer(text):  # type: ignore[arg-type]
        pass
    assert time.process_time() - before < 5.0


@pytest.mark.parametrize(
    "text",
    ["x" * LENGTH + "\na", "your" * LENGTH + "\na", "placeholder" * LENGTH + "\na", "enter token " * LENGTH],
    ids=lambda text: text[:11],
)
def test_values_under_the_name_of_a_secret(text: str) -> None:
    before = time.process_time()
    is_literal_secret(text[:9_000] + "\na")
    is_literal_secret(text)
    assert time.process_time() - before < 5.0


@pytest.mark.parametrize("piece", ["a-", "sk-", "https://", "password", "password = "])
def test_lines_of_excerpts(piece: str) -> None:
    line = piece * (LENGTH // len(piece))
    before = time.process_time()
    assert len(redacted(f"{line}://{' ' * LENGTH}x")) > LENGTH
    assert time.process_time() - before < 10.0
