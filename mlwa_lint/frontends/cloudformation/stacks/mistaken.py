"""Notices about what CloudFormation does not have: types, and properties of resources."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from mlwa_lint.frontends.cloudformation.syntax.macros import macros
from mlwa_lint.frontends.cloudformation.syntax.nodes import MapNode
from mlwa_lint.frontends.cloudformation.syntax.shapes import text_of_key
from mlwa_lint.frontends.cloudformation.template import Template
from mlwa_lint.frontends.cloudformation.vocabulary import is_mistaken
from mlwa_lint.model.resources import Problem, notice

_DATA = Path(__file__).parents[1] / "properties.json"
_NEWER = "unless it is newer than mlwa-lint, deploying it fails"
# Intrinsic functions, and what they include from elsewhere.
_FUNCTIONS = "Fn::"
# No more properties are named at once.
_NAMED = 4


def mistaken(template: Template) -> Iterator[Problem]:
    """Notices about resources of types that CloudFormation does not have, or with properties that it has not.

    As far as is known: both may be new. What a macro rewrites, and what SAM makes, is not the author's text.
    """
    own = not any(True for _ in macros(template.root))
    for name, (key, body) in template.bodies.items():
        kind = text_of_key(body, "Type")
        if is_mistaken(kind):
            message = f"{kind}, the type of {name}, is not one of CloudFormation's: {_NEWER}"
            yield notice(template.context.name, key.span.line, f"{message}. Nothing of {name} is checked")
        elif own and name not in template.sources:
            yield from _of_properties(template.context.name, name, kind, body.get("Properties"))


def _of_properties(path: str, name: str, kind: str, given: object) -> Iterator[Problem]:
    if not isinstance(given, MapNode) or given.tag or not given.entries:
        return
    known = _properties().get(kind)
    if known is None:
        return
    unknown = [each for each, _ in given.entries if each.text not in known]
    unknown = [each for each in unknown if not each.text.startswith(_FUNCTIONS)]
    if unknown:
        names = ", ".join(each.text for each in unknown[:_NAMED])
        more = f" and {len(unknown) - _NAMED} more" if len(unknown) > _NAMED else ""
        are = "is not a property" if len(unknown) == 1 else "are not properties"
        message = f"{names}{more} of {name} {are} of {kind}: {_NEWER}"
        yield notice(path, unknown[0].span.line, message)


@cache
def _properties() -> dict[str, list[str]]:
    data: dict[str, list[str]] = json.loads(_DATA.read_text(encoding="utf-8"))
    return data
