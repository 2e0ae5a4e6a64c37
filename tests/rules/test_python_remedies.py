"""What remedies show to Python users is Python, and the call at hand takes it.

Parameters are compared with the signatures of the SageMaker SDK, and with botocore's model of the operation.
"""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import botocore.session
import pytest

from mlwa_lint.engine.check import Outcome
from mlwa_lint.frontends.python.airflow.operators import OPERATORS
from mlwa_lint.frontends.python.sdk.signatures import SIGNATURES
from mlwa_lint.model.findings import Finding
from tests.support import rule_examples as harness

# Shapes of the API whose fields a class of the SDK takes as well.
_BASES = {"Compute": "ResourceConfig"}
_SNIPPET = re.compile(r"`([^`]+)`")
_CALL = re.compile(r"\b([a-z]\w*_\w+)\(")
_CLIENT = re.compile(r"(?:client|resource)\(\s*[\"']([\w-]+)[\"']")
# Policies and definitions of state machines are documents, which no call has as arguments.
OF_DOCUMENTS = {"Action", "Bool", "Condition", "Principal", "Resource", "Retry"}
# What the program does not call yet, of boto3.
OF_MISSING = {
    "MLC101": "application-autoscaling:register_scalable_target",
    "MLC102": "application-autoscaling:register_scalable_target",
    "MLO101": "cloudwatch:put_metric_alarm",
    "MLO102": "cloudwatch:put_metric_alarm",
    "MLO103": "cloudwatch:put_metric_alarm",
    "MLO104": "cloudwatch:put_metric_alarm",
    "MLR102": "application-autoscaling:register_scalable_target",
    "MLR107": "sagemaker:update_endpoint",
}


# Nearly all that the SDK can make, with as many mistakes as possible.
PROGRAMS = Path(__file__).parent.parent / "data" / "sdk_programs"
# What the third version of the SDK takes by other calls.
OF_OTHER_CALLS = {
    ("third_version.py", "MLO201"): "an experiment's run around the call",
    ("third_version.py", "MLO202"): "with_metric_definitions()",
}


def test_each_remedy_of_an_example_is_python_that_the_call_takes() -> None:
    failing = [each for each in harness.examples("", "fail") if each.language == "python"]
    assert [why for each in failing for why in _wrong(each.path, harness.own_outcome(each))] == []


@pytest.mark.parametrize("path", sorted(PROGRAMS.glob("*.py")), ids=lambda path: path.stem)
def test_each_remedy_for_the_sdk_is_python_that_the_call_takes(path: Path) -> None:
    outcome = harness.outcome_of_all_rules(path)
    assert len({each.code for each in outcome.findings}) > 20
    assert list(_wrong(path, outcome)) == []


def _wrong(path: Path, outcome: Outcome) -> Iterator[str]:
    source = path.read_text("utf-8")
    for finding in outcome.findings:
        if (path.name, finding.code) in OF_OTHER_CALLS:
            continue
        for snippet in _SNIPPET.findall(finding.remedy):
            why = _why_wrong(snippet, finding, source)
            if why:
                yield f"{finding.code} {path.name}: {snippet}: {why}"


def _why_wrong(snippet: str, finding: Finding, source: str) -> str:
    called = re.fullmatch(r"([a-z]\w*)\(\)", snippet)
    if called is not None:
        return "" if _services_with(called[1]) else "no service has this call"
    by_sdk = re.search(r"(?:from|import) sagemaker\b", source) and finding.code not in OF_MISSING
    if "=" not in snippet or snippet.startswith("/"):
        if (
            by_sdk
            and re.fullmatch(r"[A-Z]\w*[a-z]\w*(?:\.\w*[a-z]\w*)*", snippet)
            and snippet not in SIGNATURES
        ):
            return "the SDK does not call it so"
        return ""
    try:
        # What is left out of a dictionary is not an item of one.
        shortened = snippet.replace(", ...}", "}").replace("{...}", "{}")
        call = ast.parse(f"f({shortened})").body[0]
    except SyntaxError as error:
        return f"it is not Python: {error.msg}"
    assert isinstance(call, ast.Expr)
    assert isinstance(call.value, ast.Call)
    taken = _of_sdk if by_sdk else _of_boto3
    for argument in call.value.keywords:
        if argument.arg not in OF_DOCUMENTS:
            why = taken(str(argument.arg), argument.value, finding, source)
            if why:
                return why
    return ""


def _of_sdk(name: str, value: ast.expr, finding: Finding, source: str) -> str:
    named = _SNIPPET.findall(finding.remedy)
    made = {each for each in SIGNATURES if each in named or re.search(rf"\b{each}\(", source)}
    parameters = {parameter for each in made for parameter in _parameters(each)}
    for resource in re.findall(r"\b([A-Z]\w+)\.create\(", source):
        operation = _operation("sagemaker", f"create_{_snake(resource)}")
        parameters |= {_snake(member) for member, _ in _members(operation)} if operation else set()
    if name not in parameters:
        return f"none of {', '.join(sorted(made))} takes {name}"
    if isinstance(value, ast.List) and len(value.elts) == 1:
        value = value.elts[0]
    if isinstance(value, ast.Call):
        assert isinstance(value.func, ast.Name)
        kind = value.func.id
        known = _fields(_BASES.get(kind, kind)) | (_parameters(kind) if kind in SIGNATURES else set())
        extra = [each.arg for each in value.keywords if each.arg not in known]
        return f"{kind} takes no {extra[0]}" if extra else ""
    return ""


def _parameters(kind: str) -> set[str]:
    methods = SIGNATURES[kind].values()
    return {parameter.partition("=")[0] for each in methods for parameter in each.split(",")}


@cache
def _fields(kind: str) -> frozenset[str]:
    """The fields of a shape of the SDK's third version, which are those of the API."""
    model = _client("sagemaker")
    names = getattr(model.shape_for(kind), "members", {}) if kind in model.shape_names else {}
    return frozenset(map(_snake, names))


def _of_boto3(name: str, value: ast.expr, finding: Finding, source: str) -> str:
    operations = list(_operations(finding, source))
    shapes = [shape for each in operations for member, shape in _members(each) if member == name]
    if not shapes:
        return f"none of {', '.join(sorted({each.name for each in operations}))} takes {name}"
    if any(_fits(value, shape) for shape in shapes):
        return ""
    return f"{name} is not made so"


def _fits(value: ast.expr, shape: Any) -> bool:
    if isinstance(value, ast.Dict) and shape.type_name == "structure":
        keys = [each.value for each in value.keys if isinstance(each, ast.Constant)]
        return all(key in shape.members for key in keys) and all(
            _fits(each, shape.members[key]) for key, each in zip(keys, value.values, strict=True)
        )
    if isinstance(value, ast.List):
        return shape.type_name == "list" and all(
            _fits(each, shape.member) for each in value.elts if not isinstance(each, ast.Constant)
        )
    return not isinstance(value, ast.Dict) or shape.type_name == "map"


def _operations(finding: Finding, source: str) -> Iterator[Any]:
    services = set(_CLIENT.findall(source))
    named = {*_CALL.findall(source), *re.findall(r"`([a-z]\w*)\(\)`", finding.remedy)}
    for service in services:
        yield from (_operation(service, each) for each in named if _operation(service, each))
    for operator in set(re.findall(r"\b(\w+Operator)\(", source)) & OPERATORS.keys():
        # A dictionary is what such an operator takes.
        yield from (_operation(each.service, each.method) for each in OPERATORS[operator])
    if "create_pipeline" in named:
        # The requests of its steps.
        yield from (
            _operation("sagemaker", each) for each in ("create_training_job", "create_processing_job")
        )
    if finding.code in OF_MISSING:
        service, _, call = OF_MISSING[finding.code].partition(":")
        yield _operation(service, call)


def _members(operation: Any) -> Iterator[tuple[str, Any]]:
    """All that an operation takes, at any depth."""
    pending, seen = [operation.input_shape], set[str]()
    while pending:
        shape = pending.pop()
        if shape is None or shape.name in seen:
            continue
        seen.add(shape.name)
        if shape.type_name == "structure":
            yield from shape.members.items()
            pending += shape.members.values()
        elif shape.type_name == "list":
            pending.append(shape.member)
        elif shape.type_name == "map":
            pending.append(shape.value)


@cache
def _session() -> Any:
    return botocore.session.Session()


@cache
def _client(service: str) -> Any:
    return _session().get_service_model(service)


@cache
def _operation(service: str, call: str) -> Any:
    model = _client(service)
    return next((model.operation_model(n) for n in model.operation_names if _snake(n) == call), None)


@cache
def _snake(name: str) -> str:
    return str(botocore.xform_name(name))


@cache
def _services_with(call: str) -> bool:
    services = (
        *(
            "sagemaker",
            "cloudwatch",
            "application-autoscaling",
            "s3",
            "bedrock",
            "bedrock-agent",
            "logs",
            "ecr",
        ),
        *("glue", "events", "scheduler", "stepfunctions", "budgets", "kms", "iam"),
    )
    return any(_operation(service, call) is not None for service in services)
