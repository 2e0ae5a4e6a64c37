"""Tables that `scripts/build_terraform.py` makes, read when a type of their service occurs."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from mlwa_lint.frontends.terraform.vocabulary.converters import document, keyed
from mlwa_lint.frontends.terraform.vocabulary.spec import Converter, Field, FieldSpec, Fold, Table

FOLDER = Path(__file__).parent / "data"
# The word after `aws_` in a service's types -> the service's name in canonical types. A new type of one of
# these needs no line here, a new service needs one.
SERVICES = {
    "bedrock": "Bedrock",
    "bedrockagent": "Bedrock",
    "bedrockagentcore": "BedrockAgentCore",
    "cloudwatch_log": "Logs",
    "comprehend": "Comprehend",
    "emr": "EMR",
    "emrserverless": "EMRServerless",
    "glue": "Glue",
    "kendra": "Kendra",
    "lexv2models": "Lex",
    "opensearchserverless": "OpenSearchServerless",
    "qbusiness": "QBusiness",
    "rekognition": "Rekognition",
    "s3vectors": "S3Vectors",
    "sagemaker": "SageMaker",
    "transcribe": "Transcribe",
}


def table_of(terraform_type: str) -> Table | None:
    """The generated table of a Terraform type; None when there is none."""
    for word, service in SERVICES.items():
        if terraform_type.startswith(f"aws_{word}_"):
            table = _file(service).get(terraform_type)
            if table is not None:
                return _table(terraform_type, service)
    return None


def types_of(service: str) -> tuple[str, ...]:
    """The Terraform types of a service, as canonical types name it."""
    return tuple(_file(service)) if service in SERVICES.values() else ()


@cache
def _file(service: str) -> Mapping[str, Any]:
    path = FOLDER / f"{service.lower()}.json"
    found: dict[str, Any] = json.loads(path.read_text("utf-8")) if path.exists() else {}
    return found


@cache
def _table(terraform_type: str, service: str) -> Table:
    data = _file(service)[terraform_type]
    fold = data.get("fold")
    return Table(
        data["type"],
        _fields(data.get("fields", {})),
        tags=data["tags"],
        tag_property=data.get("tag_property", "Tags"),
        fold=Fold(**{**fold, "append": tuple(fold.get("append", ()))}) if fold is not None else None,
    )


def _fields(data: Mapping[str, Any]) -> dict[str, FieldSpec]:
    return {name: _spec(spec) for name, spec in data.items()}


def _spec(data: Any) -> FieldSpec:
    if not isinstance(data, dict):
        spec: str | None = data
        return spec
    convert: Converter | None = document if "convert" in data else None
    if "keyed" in data:
        convert = keyed(data["keyed"])
    return Field(data["to"], data.get("shape", "plain"), _fields(data.get("fields", {})), convert)
