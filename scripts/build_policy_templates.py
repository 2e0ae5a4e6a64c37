"""Writes `mlwa_lint/frontends/cloudformation/sam/policy_templates.json`: what SAM's policy templates allow.

    python scripts/build_policy_templates.py [--check]

Source: the data of aws-sam-translator, which is read as a file; nothing of it is imported. Of each statement
the actions, resources and conditions are kept; `{Name}` is the parameter Name of the template.
"""

import json
import re
import sys
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from scripts.generated_files import write_or_check

OUTPUT = Path(__file__).parent.parent / "mlwa_lint/frontends/cloudformation/sam/policy_templates.json"
SOURCE = "samtranslator/policy_templates_data/policy_templates.json"


def text(value: Any) -> str:
    """A text or `Fn::Sub` of the source; KeyError or TypeError for anything else."""
    if isinstance(value, str):
        return value
    if "Ref" in value:
        return "{" + str(value["Ref"]) + "}"
    template = value["Fn::Sub"]
    if isinstance(template, str):
        return template
    pattern, variables = template
    names = {name: text(held) for name, held in variables.items()}
    return re.sub(r"\$\{(\w+)\}", lambda match: names[match.group(1)], pattern)


def listed(value: Any) -> list[str]:
    """One text, or several."""
    return [text(each) for each in value] if isinstance(value, list) else [text(value)]


def statement(source: dict[str, Any]) -> dict[str, Any]:
    """A statement in short."""
    found: dict[str, Any] = {"actions": listed(source["Action"]), "resources": listed(source["Resource"])}
    if "Condition" in source:
        found["conditions"] = {
            operator: {key: listed(value) for key, value in keys.items()}
            for operator, keys in source["Condition"].items()
        }
    return found


def content() -> str:
    """The file's content, one template per line."""
    path = distribution("aws-sam-translator").locate_file(SOURCE)
    templates = json.loads(Path(str(path)).read_text(encoding="utf-8"))["Templates"]
    lines = [
        f"{json.dumps(name)}: {json.dumps([statement(each) for each in body['Definition']['Statement']])}"
        for name, body in sorted(templates.items())
    ]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def main(arguments: list[str]) -> int:
    return write_or_check({OUTPUT: content()}, arguments, __file__)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
