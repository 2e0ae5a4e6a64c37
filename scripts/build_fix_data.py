"""Writes `mlwa_lint/fixes/data/`: the data about services and providers that writers of fixes use.

    python scripts/build_fix_data.py [--check]

replacements.json: the properties whose change replaces a deployed resource: `createOnlyProperties`, and
    the conditional ones, of cfn-lint's resource schemas, for each type of a service that rules read.
arguments.json: the arguments and blocks of Terraform's AWS provider, from what
    `scripts/record_terraform_provider.py` has recorded: a list of arguments under "", and blocks by name.
properties.json, for the reader of templates: the properties that CloudFormation has for each of these types.
parameters.json: the parameters of the boto3 calls that make resources, from botocore's service models.
"""

import json
import sys
from collections.abc import Iterator
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from mlwa_lint.frontends.python.boto3.operations import OPERATIONS
from mlwa_lint.frontends.terraform.vocabulary.index import SERVICES
from scripts.generated_files import write_or_check

ROOT = Path(__file__).parents[1]
OUTPUT = ROOT / "mlwa_lint/fixes/data"
PROPERTIES = ROOT / "mlwa_lint/frontends/cloudformation/properties.json"
RECORDED = ROOT / "tests/data/terraform_provider/arguments.json"
_KEYS = ("createOnlyProperties", "conditionalCreateOnlyProperties")


def replacements() -> dict[str, Any]:
    """Dotted properties by canonical type."""
    found = {}
    for canonical, schema in _schemas():
        fixed = sorted({name for key in _KEYS for name in _names(schema.get(key))})
        if fixed:
            found[canonical] = fixed
    return found


def properties() -> dict[str, Any]:
    """The names of properties by canonical type."""
    closed = (each for each in _schemas() if each[1].get("additionalProperties") is False)
    return {canonical: sorted(schema["properties"]) for canonical, schema in closed}


def _schemas() -> Iterator[tuple[str, Any]]:
    """CloudFormation's schemas of the types of services that rules read, as cfn-lint has them."""
    data = Path(str(distribution("cfn-lint").locate_file("cfnlint/data/schemas")))
    places = json.loads((data / "providers" / "us-east-1.json").read_text(encoding="utf-8"))
    for canonical, place in sorted(places.items()):
        if canonical.split("::", 2)[1] in SERVICES:
            text = (data / "resources" / f"{place}.json").read_text(encoding="utf-8")
            yield canonical, json.loads(text)


def _names(pointers: Any) -> list[str]:
    """`/properties/A/B` as `A.B`; the positions of list items are left out, as in properties of findings."""
    return [
        ".".join(step for step in pointer.split("/")[2:] if step not in ("*", "items", "properties"))
        for pointer in pointers or ()
    ]


def arguments() -> dict[str, Any]:
    """Arguments and blocks by Terraform type."""
    recorded = json.loads(RECORDED.read_text(encoding="utf-8"))["types"]
    return {name: _body(body) for name, body in sorted(recorded.items())}


def _body(body: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {"": sorted(name for name, kind in body.items() if isinstance(kind, str))}
    for name, kind in sorted(body.items()):
        if not isinstance(kind, str):
            inner = next(iter(kind.values()))
            found[name] = _body(inner if isinstance(inner, dict) else {})
    return found


def parameters() -> dict[str, Any]:
    """Parameters by method, of all services that have it."""
    import botocore.session
    from botocore import xform_name

    session = botocore.session.get_session()
    found: dict[str, set[str]] = {}
    for client, methods in OPERATIONS.items():
        model = session.get_service_model(client)
        for operation in model.operation_names:
            method = xform_name(operation)
            shape = model.operation_model(operation).input_shape
            if method in methods and shape is not None:
                found.setdefault(method, set()).update(shape.members)
    return {method: sorted(names) for method, names in sorted(found.items())}


def _text(table: dict[str, Any]) -> str:
    """A JSON object with one line per key."""
    lines = (f"{json.dumps(key)}:{json.dumps(value, separators=(',', ':'))}" for key, value in table.items())
    return "{\n" + ",\n".join(lines) + "\n}\n"


def main() -> None:
    tables = {"replacements": replacements(), "arguments": arguments(), "parameters": parameters()}
    texts = {OUTPUT / f"{name}.json": _text(table) for name, table in tables.items()}
    texts[PROPERTIES] = _text(properties())
    sys.exit(write_or_check(texts, sys.argv[1:], __file__))


if __name__ == "__main__":
    main()
