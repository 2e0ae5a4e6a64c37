"""Writes `operations.py` and `snake.py` in `mlwa_lint/frontends/python/boto3/`: which call makes what.

    python scripts/build_python_operations.py [--check]

Source: botocore's service models (with boto3) and the resource types of CloudFormation's schemas (cfn-lint).
A `create_` operation whose noun is a resource type of its service makes one; what is called differently
there is listed below. Services that write their parameters in lower camel case also get the paths of maps
whose keys are the user's own, which must not be changed.
"""

import ast
import re
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from scripts.generated_files import write_or_check

OUTPUT = Path(__file__).parent.parent / "mlwa_lint" / "frontends" / "python" / "boto3" / "operations.py"
# client -> what CloudFormation calls the service.
SERVICES = {
    "application-autoscaling": "ApplicationAutoScaling",
    "athena": "Athena",
    "bedrock": "Bedrock",
    "bedrock-agent": "Bedrock",
    "bedrock-agentcore-control": "BedrockAgentCore",
    "cloudwatch": "CloudWatch",
    "comprehend": "Comprehend",
    "ecr": "ECR",
    "events": "Events",
    "glue": "Glue",
    "iam": "IAM",
    "kms": "KMS",
    "lambda": "Lambda",
    "logs": "Logs",
    "opensearchserverless": "OpenSearchServerless",
    "s3": "S3",
    "s3vectors": "S3Vectors",
    "scheduler": "Scheduler",
    "sagemaker": "SageMaker",
    "stepfunctions": "StepFunctions",
}
# Resources of the services' APIs that CloudFormation does not have, and that rules read all the same.
ONLY_IN_THE_API = (
    "AWS::Bedrock::ModelCustomizationJob",
    "AWS::Bedrock::ProvisionedModelThroughput",
    "AWS::Comprehend::DocumentClassifier",
    "AWS::Comprehend::EntityRecognizer",
    "AWS::SageMaker::AutoMLJob",
    "AWS::SageMaker::AutoMLJobV2",
    "AWS::SageMaker::CompilationJob",
    "AWS::SageMaker::HyperParameterTuningJob",
    "AWS::SageMaker::LabelingJob",
    "AWS::SageMaker::TrainingJob",
    "AWS::SageMaker::TransformJob",
)
# Records of what was done, which are not deployed.
RECORDS = ("Action", "Artifact", "Context", "Experiment", "TrialComponent")
# Operations that are not called after what they make.
OTHERS = {
    ("application-autoscaling", "PutScalingPolicy"): "AWS::ApplicationAutoScaling::ScalingPolicy",
    ("application-autoscaling", "RegisterScalableTarget"): "AWS::ApplicationAutoScaling::ScalableTarget",
    ("bedrock-agentcore-control", "CreateAgentRuntime"): "AWS::BedrockAgentCore::Runtime",
    ("bedrock-agentcore-control", "CreateAgentRuntimeEndpoint"): "AWS::BedrockAgentCore::RuntimeEndpoint",
    ("bedrock-agentcore-control", "CreateBrowser"): "AWS::BedrockAgentCore::BrowserCustom",
    ("bedrock-agentcore-control", "CreateCodeInterpreter"): "AWS::BedrockAgentCore::CodeInterpreterCustom",
    ("cloudwatch", "PutCompositeAlarm"): "AWS::CloudWatch::CompositeAlarm",
    ("cloudwatch", "PutMetricAlarm"): "AWS::CloudWatch::Alarm",
    ("events", "PutRule"): "AWS::Events::Rule",
    ("iam", "CreatePolicy"): "AWS::IAM::ManagedPolicy",
    ("iam", "PutRolePolicy"): "AWS::IAM::RolePolicy",
    ("lambda", "AddPermission"): "AWS::Lambda::Permission",
    ("lambda", "CreateFunctionUrlConfig"): "AWS::Lambda::Url",
    ("lambda", "PutFunctionEventInvokeConfig"): "AWS::Lambda::EventInvokeConfig",
    ("s3vectors", "PutVectorBucketPolicy"): "AWS::S3Vectors::VectorBucketPolicy",
    ("s3", "PutBucketPolicy"): "AWS::S3::BucketPolicy",
    ("sagemaker", "CreateFlowDefinition"): "aws_sagemaker_flow_definition",
}


def snake(name: str) -> str:
    """An operation's name as boto3's method."""
    from botocore import xform_name

    return str(xform_name(name))


def model(service: str) -> dict[str, Any]:
    """The newest model of a service."""
    import botocore.loaders

    found: dict[str, Any] = botocore.loaders.Loader().load_service_model(service, "service-2")
    return found


def own_keys(shapes: dict[str, Any], name: str, path: str, seen: tuple[str, ...] = ()) -> Iterator[str]:
    """Paths of maps whose keys are the user's; `[]` means a list's items, `{}` a map's values."""
    if name in seen:
        return
    shape = shapes[name]
    if shape["type"] == "structure":
        for member, inner in shape.get("members", {}).items():
            yield from own_keys(shapes, inner["shape"], f"{path}.{member}".lstrip("."), (*seen, name))
    elif shape["type"] == "list":
        yield from own_keys(shapes, shape["member"]["shape"], f"{path}[]", (*seen, name))
    elif (shape["type"] == "map" and path) or shape.get("document"):
        yield path


def operations() -> dict[str, dict[str, tuple[str, tuple[str, ...] | None]]]:
    """client -> method -> canonical type, and the paths of the user's own maps (None where none matters)."""
    from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

    types = {*PROVIDER_SCHEMA_MANAGER.get_resource_types("us-east-1"), *ONLY_IN_THE_API}
    found: dict[str, dict[str, tuple[str, tuple[str, ...] | None]]] = {}
    for service, prefix in SERVICES.items():
        api = model(service)
        found[service] = {}
        for name, operation in api["operations"].items():
            noun = name.removeprefix("Create")
            kind = OTHERS.get((service, name))
            if noun in RECORDS:
                continue
            if kind is None and noun != name and f"AWS::{prefix}::{noun}" in types:
                kind = f"AWS::{prefix}::{noun}"
            if kind is None or "input" not in operation:
                continue
            shapes = api["shapes"]
            members = shapes[operation["input"]["shape"]].get("members", {})
            camel = any(re.match("[a-z]", member) for member in members)
            paths = tuple(own_keys(shapes, operation["input"]["shape"], "")) if camel else None
            found[service][snake(name)] = (kind, paths)
    return found


def content() -> str:
    """The module's text."""
    lines = [
        '"""Which boto3 call makes which canonical type. Generated by scripts/build_python_operations.py.',
        "",
        f"Source: botocore {version('botocore')}, and CloudFormation's schemas in cfn-lint.",
        "client -> method -> (type, in lower camel case also the paths whose keys are the user's own).",
        '"""',
        "",
        "from collections.abc import Mapping",
        "",
        "OperationKey = tuple[str, tuple[str, ...] | None]",
        "OPERATIONS: Mapping[str, Mapping[str, OperationKey]] = {",
    ]
    for service, methods in operations().items():
        lines.append(f'    "{service}": {{')
        for method, (kind, paths) in sorted(methods.items()):
            line = f'        "{method}": ("{kind}", {"None" if paths is None else "()"}),'
            if not paths and len(line) <= 110:
                lines.append(line)
                continue
            if not paths:
                inner = "None" if paths is None else "()"
                lines += [f'        "{method}": (', f'            "{kind}",']
                lines += [f"            {inner},", "        ),"]
                continue
            lines += [f'        "{method}": (', f'            "{kind}",', "            ("]
            lines += [f'                "{path}",' for path in paths]
            lines += ["            ),", "        ),"]
        lines.append("    },")
    lines.append("}")
    return "\n".join(lines) + "\n"


def irregular() -> str:
    """Names of SageMaker's API that their form in snake case does not give back."""
    names: dict[str, str] = {}
    shapes = model("sagemaker")["shapes"].values()
    every = {member for shape in shapes for member in shape.get("members", {})}
    for shape in shapes:
        for member in shape.get("members", {}):
            mechanical = "".join(part[:1].upper() + part[1:] for part in snake(member).split("_"))
            if mechanical != member and mechanical not in every:
                names.setdefault(snake(member), member)
    lines = [
        '"""Names of SageMaker\'s API that snake case does not give back. Generated, as operations.py is."""',
        "",
        "from collections.abc import Mapping",
        "",
        "IRREGULAR: Mapping[str, str] = {",
        *(f'    "{name}": "{names[name]}",' for name in sorted(names)),
        "}",
    ]
    return "\n".join(lines) + "\n"


def _same_module(left: str, right: str) -> bool:
    """Whether two modules differ at most in their layout, which the formatter changes."""
    return ast.dump(ast.parse(left)) == ast.dump(ast.parse(right))


def main(arguments: list[str]) -> int:
    texts = {OUTPUT: content(), OUTPUT.with_name("snake.py"): irregular()}
    return write_or_check(texts, arguments, __file__, same=_same_module)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
