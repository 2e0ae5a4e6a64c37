"""Writes `mlwa_lint/fixes/replacements.json`: the properties whose change replaces a deployed resource.

    python scripts/build_replacements.py [--check]

Source: `createOnlyProperties` (and the conditional ones) of the resource schemas that cfn-lint brings, for each
type of a service that rules read. Terraform's provider schema does not say which arguments force a new
resource; what CloudFormation replaces, its provider replaces too, because the API has no way to change it.
"""

import json
import sys
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from mlwa_lint.frontends.terraform.vocabulary.index import SERVICES

OUTPUT = Path(__file__).parents[1] / "mlwa_lint/fixes/replacements.json"
_KEYS = ("createOnlyProperties", "conditionalCreateOnlyProperties")


def content() -> str:
    """The file's content, one type a line."""
    data = Path(str(distribution("cfn-lint").locate_file("cfnlint/data/schemas")))
    places = json.loads((data / "providers" / "us-east-1.json").read_text(encoding="utf-8"))
    lines = []
    for canonical, place in sorted(places.items()):
        if canonical.split("::", 2)[1] not in SERVICES:
            continue
        schema = json.loads((data / "resources" / f"{place}.json").read_text(encoding="utf-8"))
        fixed = sorted({name for key in _KEYS for name in _names(schema.get(key))})
        if fixed:
            lines.append(f"{json.dumps(canonical)}: {json.dumps(fixed)}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _names(pointers: Any) -> list[str]:
    """`/properties/A/B` as `A.B`; the positions of list items are left out, as in properties of findings."""
    return [
        ".".join(step for step in pointer.split("/")[2:] if step not in ("*", "items", "properties"))
        for pointer in pointers or ()
    ]


def main() -> None:
    new = content()
    if "--check" in sys.argv[1:]:
        if OUTPUT.read_text(encoding="utf-8") != new:
            sys.exit(f"{OUTPUT} is stale: run python scripts/build_replacements.py")
        return
    OUTPUT.write_text(new, encoding="utf-8")


if __name__ == "__main__":
    main()
