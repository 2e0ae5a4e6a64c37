"""The statements of AWS managed policies that roles of ML use."""

import json
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


def managed_policy(arn: str) -> ManagedPolicy | None:
    """The policy of an ARN, in whatever partition; None for one that the table does not have."""
    match = _ARN.fullmatch(arn)
    found = _policy(match.group(1).rpartition("/")[2]) if match is not None else None
    if match is None or found is None or found.arn.partition(":policy/")[2] != match.group(1):
        return None
    return found


def arn_of(name: str) -> str | None:
    """The ARN, in the partition `aws`, of the policy of AWS with a name; None for an unknown name."""
    found = _policy(name)
    return None if found is None else found.arn


def names() -> tuple[str, ...]:
    """The names of all policies in the table."""
    return tuple(json.loads(_table()))


@cache
def _policy(name: str) -> ManagedPolicy | None:
    """Reads one line of the table: all of it is 800 kB."""
    start = _table().find(f"\n{json.dumps(name)}:".encode())
    if start < 0:
        return None
    entry = _table()[start : _table().index(b"\n", start + 1)].strip().removesuffix(b",")
    data = json.loads(b"{%b}" % entry)[name]
    return ManagedPolicy(name, data["arn"], data["version"], data["date"], tuple(data["statements"]))


@cache
def _table() -> bytes:
    """An object in JSON, each policy on a line of its own."""
    return _DATA.read_bytes()
