"""The statements of AWS managed policies that roles of ML use."""

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from mlwa_lint.startup.patterns import lazy
from mlwa_lint.startup.records import NamedTuple

_DATA = Path(__file__).parent / "policies.json"
_ARN = lazy(r"arn:[^:]*:iam::aws:policy/(.+)")


class ManagedPolicy(NamedTuple):
    """A policy that AWS manages, in the version that was the default on a day.

    arn:        in the partition `aws`; other partitions differ in nothing else.
    statements: as the policy's document has them.
    """

    name: str
    arn: str
    version: str
    date: str
    statements: tuple[Mapping[str, Any], ...]


def name_in(arn: str) -> str | None:
    """The name, without its path, that the ARN of an AWS managed policy has; None for any other text."""
    match = re.fullmatch(_ARN.pattern, arn)
    return match.group(1).rpartition("/")[2] if match is not None else None


def managed_policy(arn: str) -> ManagedPolicy | None:
    """The policy of an ARN, in whatever partition; None for one that the table does not have."""
    match = _ARN.fullmatch(arn)
    found = _policy(match.group(1).rpartition("/")[2]) if match is not None else None
    if match is None or found is None or found.arn.partition(":policy/")[2] != match.group(1):
        return None
    return found


def names() -> tuple[str, ...]:
    """The names of all policies in the table."""
    return tuple(_policies())


@cache
def _policy(name: str) -> ManagedPolicy | None:
    data = _policies().get(name)
    if data is None:
        return None
    return ManagedPolicy(name, data["arn"], data["version"], data["date"], tuple(data["statements"]))


@cache
def _policies() -> Mapping[str, Any]:
    found: dict[str, Any] = json.loads(_DATA.read_text("utf-8"))
    return found
