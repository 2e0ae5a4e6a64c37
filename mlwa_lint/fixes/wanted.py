"""What an intent wants, once the configuration's names are put in: values, and expressions of a language."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from mlwa_lint.fixes.source import RefusedError
from mlwa_lint.startup.patterns import lazy
from mlwa_lint.startup.records import NamedTuple

_NAME = lazy(r"\$\{((?:self|[a-z]+(?:-[a-z]+)*)(?:\.[a-z]+)?)\}")
# What is a text in every language: an ARN, an alias, an id, a URI.
_LITERAL = lazy(r"arn:|alias/|s3://|mrk-|(?:subnet|sg|vpc|key)-|[0-9a-f]{8}-[0-9a-f-]{27}$")
_LISTS = frozenset({"subnets", "security-groups"})
# One of a configured list.
_FIRST = {"subnet": "subnets"}


class Expression(NamedTuple):
    """A value in the notation of one language: `aws_kms_key.hosting.arn`, `hosting_key_arn`."""

    text: str


class LogicalName(NamedTuple):
    """A resource or parameter of the same template, or an attribute of a resource."""

    name: str
    attribute: str = ""


class Joined(NamedTuple):
    """A text of literal pieces and of names, in turn."""

    parts: tuple[Any, ...]


Resolve = Callable[[str, str], Any]


def is_literal(text: str) -> bool:
    """Whether a configured name is a text, and not the name of something in the sources."""
    return _LITERAL.match(text) is not None


def wanted_of(text: str, names: Mapping[str, tuple[str, ...]], resolve: Resolve) -> Any:
    """An intent's `wanted` with each `${kms-key}` replaced.

    resolve: what one configured name is in the language at hand, from the key and the name. Raises
    RefusedError where the configuration names nothing.
    """

    def replaced(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: replaced(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [replaced(each) for each in value]
        if not isinstance(value, str):
            return value
        match = _NAME.fullmatch(value)
        if match is None:
            pieces = _NAME.split(value)
            own = [resolve(each, "") if position % 2 else each for position, each in enumerate(pieces)]
            return Joined(tuple(own)) if len(pieces) > 1 else value
        key = _FIRST.get(match.group(1), match.group(1))
        if key.startswith("self"):
            return resolve(key, "")
        if not names.get(key):
            raise RefusedError(f"it needs a value: set {key} under [tool.mlwa-lint.fix]")
        found = [resolve(key, each) for each in names[key]]
        return found if match.group(1) in _LISTS else found[0]

    return replaced(json.loads(text))
