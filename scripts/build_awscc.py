"""Writes `mlwa_lint/frontends/terraform/vocabulary/awscc.json`: the names of Terraform's awscc provider.

    python scripts/build_awscc.py [--check]

The provider makes its types and attributes from CloudFormation's by writing them in snake case. Source: the
resource schemas that cfn-lint brings. For each type of a service that rules read, the file has its canonical
name, the properties that the way back would get wrong, and those whose keys are the user's own.
"""

import json
import sys
from collections.abc import Iterator
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from mlwa_lint.frontends.terraform.vocabulary.index import SERVICES
from mlwa_lint.frontends.terraform.vocabulary.spec import pascal, snake
from scripts.generated_files import write_or_check

OUTPUT = Path(__file__).parents[1] / "mlwa_lint/frontends/terraform/vocabulary/awscc.json"
FURTHER = ("Forecast", "GreengrassV2", "HealthLake", "Panorama", "Personalize")

# CloudFormation has it (CfnTransformJob of the CDK), and cfn-lint's schemas do not have it yet.
LATER = {
    "awscc_sagemaker_transform_job": {
        "type": "AWS::SageMaker::TransformJob",
        "names": {"max_payload_in_mb": "MaxPayloadInMB"},
        "free": ["environment"],
    }
}


def content() -> str:
    """The file's content, one type a line."""
    data = Path(str(distribution("cfn-lint").locate_file("cfnlint/data/schemas")))
    places = json.loads((data / "providers" / "us-east-1.json").read_text(encoding="utf-8"))
    lines = []
    for canonical, place in sorted(places.items()):
        _, service, kind = canonical.split("::", 2)
        if service not in SERVICES and service not in FURTHER:
            continue
        schema = json.loads((data / "resources" / f"{place}.json").read_text(encoding="utf-8"))
        names: dict[str, str] = {}
        free: set[str] = set()
        for name, body in _properties(schema):
            if pascal(snake(name)) != name:
                names[snake(name)] = name
            if _is_free(_resolved(body, schema)):
                free.add(snake(name))
        entry = {"type": canonical, "names": dict(sorted(names.items())), "free": sorted(free)}
        lines.append(f"{json.dumps(f'awscc_{service.lower()}_{snake(kind)}')}: {json.dumps(entry)}")
    known = {line.partition(":")[0] for line in lines}
    later = {json.dumps(name): entry for name, entry in LATER.items()}
    lines += [f"{name}: {json.dumps(entry)}" for name, entry in later.items() if name not in known]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _properties(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every property of a type and of what is defined for it."""
    for holder in (schema, *schema.get("definitions", {}).values()):
        for part in _parts(holder):
            yield from part.get("properties", {}).items()


def _parts(holder: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield holder
    for word in ("anyOf", "allOf", "oneOf"):
        for each in holder.get(word, ()):
            yield from _parts(each)
    items = holder.get("items")
    if isinstance(items, dict):
        yield from _parts(items)
    for inner in holder.get("properties", {}).values():
        if isinstance(inner, dict) and inner.get("properties"):
            yield from _parts(inner)


def _resolved(body: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in body:
        found: dict[str, Any] = schema
        for step in body["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        body = found
    return body


def _is_free(body: dict[str, Any]) -> bool:
    """Whether the keys below a property are the user's: a map, or a document."""
    kinds = body.get("type")
    is_object = kinds == "object" or (isinstance(kinds, list) and "object" in kinds)
    return is_object and not any(part.get("properties") for part in _parts(body))


def main(arguments: list[str]) -> int:
    return write_or_check({OUTPUT: content()}, arguments, __file__)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
