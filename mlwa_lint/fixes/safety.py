"""Whether a change may be made without anybody looking at it."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from mlwa_lint.model.findings import Finding
from mlwa_lint.model.intents import Intent

_REPLACEMENTS = "replacements.json"


def risk_of(finding: Finding, intent: Intent) -> str:
    """What speaks against making a change unseen, as a phrase; empty where nothing does."""
    if finding.condition is not None:
        return f"the finding holds only {finding.condition}"
    if any(each.condition is not None for each in finding.instances):
        return "the finding holds only under a condition"
    for name in intent.properties:
        if replaces(finding.resource_type, name):
            return f"changing {name} replaces the deployed resource"
    return intent.risk


def replaces(resource_type: str, name: str) -> bool:
    """Whether a deployed resource is replaced when a property changes, named by its canonical path."""
    steps = name.split(".")
    fixed = _replacements().get(resource_type, ())
    return any(steps[: len(each)] == each or each[: len(steps)] == steps for each in map(_steps, fixed))


def _steps(name: str) -> list[str]:
    return name.split(".")


@cache
def _replacements() -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = json.loads(
        Path(__file__).with_name(_REPLACEMENTS).read_text(encoding="utf-8")
    )
    return found
