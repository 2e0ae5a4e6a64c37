"""What is wrong with a third-party rule, reported when it is loaded."""

import json
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from mlwa_lint.catalogue.lens import practices
from mlwa_lint.errors import nearest
from mlwa_lint.rule import Rule
from mlwa_lint.startup.patterns import lazy

# `AWS::SageMaker::*` matches all types of a service.
_TYPE = lazy(r"(?:AWS|Alexa)::[A-Za-z0-9]+::(?:\*|[A-Za-z0-9]+)(?:::MODULE)?|Custom::[\w@-]+|aws_[a-z0-9_]+")
_AWSCC = Path(__file__).parents[1] / "frontends" / "terraform" / "vocabulary" / "awscc.json"
# One slip in a name of a dozen letters is nearer than this, two of AWS's own names never are.
_NEAR = 0.93


def fault(rule: Rule, known: Iterable[Rule]) -> str:
    """Why a rule can never do what it states, for example a type that does not exist; nothing if it can.

    known: our own rules, whose types are known to exist.
    """
    for practice in rule.practices:
        if practice not in practices():
            hint = nearest(practice, tuple(practices())) or "the lenses' best practices are like MLSEC02-BP01"
            return f"names the practice {practice!r}, which no lens has; {hint}"
    types = _known_types() | {each for one in known for each in one.on}
    for name in rule.on:
        hint = _hint(name, types)
        if hint:
            return f"is for resources of type {name!r}, which does not exist; {hint}"
    if rule.link and not rule.link.startswith(("https://", "http://")):
        return f"has the help address {rule.link!r}, which is not an https address"
    return ""


def _hint(name: str, known: frozenset[str]) -> str:
    """What a type should be called; nothing where it may well exist."""
    if name in known:
        return ""
    if not _TYPE.fullmatch(name):
        return "types are CloudFormation's, such as AWS::SageMaker::Endpoint"
    if "::" not in name:
        return ""  # what only Terraform has
    service, _, last = name.rpartition("::")
    services = {each.rpartition("::")[0].lower(): each.rpartition("::")[0] for each in known}
    right = services.get(service.lower(), service)
    near = _nearest(last, [each.rpartition("::")[2] for each in known if each.startswith(f"{right}::")])
    if right != service or near != last:
        return f"did you mean '{right}::{near}'?"
    return ""


def _nearest(name: str, known: list[str]) -> str:
    """The known name that this one is meant to be, or the name itself."""
    for each in known:
        if each.lower() == name.lower():
            return each
    return next(iter(get_close_matches(name, known, 1, _NEAR)), name)


@cache
def _known_types() -> frozenset[str]:
    data: Mapping[str, Mapping[str, str]] = json.loads(_AWSCC.read_text(encoding="utf-8"))
    return frozenset(each["type"] for each in data.values())
