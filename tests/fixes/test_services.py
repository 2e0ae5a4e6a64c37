"""What fixes write, the services know: parameters of boto3's calls, down to the last key."""

import ast
from functools import cache
from pathlib import Path
from typing import Any

import botocore.session
from botocore import xform_name

from mlwa_lint.fixes.known import takes_parameter
from mlwa_lint.frontends.python.boto3.operations import OPERATIONS
from tests.support import rule_examples as harness
from tests.support.fixing import alone, fixed

EXAMPLES = [each for each in harness.examples() if each.kind == "fail" and each.path.suffix == ".py"]


@cache
def shapes() -> dict[str, list[Any]]:
    """The input shapes of every method that makes something."""
    session = botocore.session.get_session()
    found: dict[str, list[Any]] = {}
    for client, methods in OPERATIONS.items():
        model = session.get_service_model(client)
        for operation in model.operation_names:
            if xform_name(operation) in methods:
                shape = model.operation_model(operation).input_shape
                found.setdefault(xform_name(operation), []).append(shape)
    return found


def unknown(node: ast.expr, shape: Any, at: str) -> list[str]:
    """Keys of a literal that a shape does not have."""
    if isinstance(node, ast.Dict) and shape.type_name == "structure":
        lacking = []
        for key, value in zip(node.keys, node.values, strict=True):
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                member = shape.members.get(key.value)
                name = f"{at}.{key.value}"
                lacking += [name] if member is None else unknown(value, member, name)
        return lacking
    if isinstance(node, ast.List) and shape.type_name == "list":
        return [each for item in node.elts for each in unknown(item, shape.member, f"{at}[]")]
    return []


def unknown_in(text: str) -> set[str]:
    """Parameters, and keys below them, that no service's call of that name has."""
    found = set()
    for node in ast.walk(ast.parse(text)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        lacking: list[list[str]] = [_lacking(node, shape) for shape in shapes().get(node.func.attr, [])]
        found |= set(min(lacking, key=len) if lacking else ())
    return found


def _lacking(call: ast.Call, shape: Any) -> list[str]:
    found = []
    for keyword in call.keywords:
        if keyword.arg is not None:
            member = shape.members.get(keyword.arg)
            found += [keyword.arg] if member is None else unknown(keyword.value, member, keyword.arg)
    return found


def test_every_new_parameter_is_one_of_the_call(tmp_path: Path) -> None:
    changed = 0
    for number, example in enumerate(EXAMPLES):
        folder = alone(example.path, tmp_path / str(number))
        for text in fixed(folder, example.code).settled.texts.values():
            assert unknown_in(text) <= unknown_in(example.path.read_text("utf-8")), example
            changed += 1
    assert changed >= 40


def test_a_property_that_no_call_accepts_is_reported_as_such() -> None:
    text = 'client.create_model(ModelName="x", Nonsense=1, VpcConfig={"Subnets": [], "Other": 1})'
    assert unknown_in(text) == {"Nonsense", "VpcConfig.Other"}


def test_a_call_of_an_sdk_gets_no_parameter_of_a_service() -> None:
    assert not takes_parameter("update_endpoint", "DeploymentConfig")
    assert takes_parameter("deploy", "kms_key")
    assert takes_parameter("create_model", "VpcConfig")
    assert not takes_parameter("create_bucket", "VersioningConfiguration")
