"""Data about services and providers: replaced properties, arguments and blocks, parameters of calls.

`scripts/build_fix_data.py` makes the files.
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal

_FOLDER = Path(__file__).with_name("data")


def replaces(resource_type: str, name: str) -> bool:
    """Whether a deployed resource is replaced when a property changes, named by its canonical path."""
    steps = name.split(".")
    fixed = [each.split(".") for each in _table("replacements").get(resource_type, ())]
    return any(steps[: len(each)] == each or each[: len(steps)] == steps for each in fixed)


def argument_kind(terraform_type: str, path: tuple[str, ...]) -> Literal["argument", "block", "none", ""]:
    """What an argument of Terraform's AWS provider is; empty for a type that is not known here."""
    at = _table("arguments").get(terraform_type)
    if at is None:
        return ""
    for name in path[:-1]:
        if name in at[""]:
            return "argument"  # a key of a map
        at = at.get(name)
        if at is None:
            return "none"
    if path[-1] in at[""]:
        return "argument"
    return "block" if path[-1] in at else "none"


# Classes of the SDK that take the fields of a shape of the API as well.
_WITH_FIELDS = ("Compute",)


def takes_parameter(called: str, name: str) -> bool:
    """Whether a boto3 call or a class of the SDK has a parameter; others in snake case may."""
    names = _table("parameters").get(called)
    if names is not None:
        return name in names
    from mlwa_lint.frontends.python.sdk.signatures import SIGNATURES

    known = SIGNATURES.get(called, {}).get("__init__", "") if called not in _WITH_FIELDS else ""
    return name in (each.partition("=")[0] for each in known.split(",")) if known else name.islower()


@cache
def _table(name: str) -> Mapping[str, Any]:
    found: dict[str, Any] = json.loads((_FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return found
