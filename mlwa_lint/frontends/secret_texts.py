"""Secrets in texts that hold settings of their own: JSON documents, scripts, files of variables."""

import json
from collections.abc import Mapping

from mlwa_lint.model.secrets import Secrets, names_secret, secrets, suspicious
from mlwa_lint.model.spans import Span
from mlwa_lint.startup.patterns import lazy

# Characters of a text that can hold a setting, at least and at most.
SHORTEST_SETTING = 8
_LIMIT = 1_000_000
# `NAME=value`, `"name": "value"`, `--name value`: the quotes may be escaped.
_SETTING = lazy(
    r"""(?:--)?(?P<name>[A-Za-z_][\w.-]{2,80})\\*["']?(?:\s{0,4}[:=]\s{0,4}|\s{1,4})"""
    r"""(?:(?P<open>\\*["'])(?P<quoted>.{1,4000}?)(?P=open)|(?P<bare>[^\s"'\\,;{}]{4,4000}))"""
)
_NAMING = ("Name", "name", "Key", "key")
_VALUES = ("Value", "value")


def note_text(text: str, span: Span | None = None) -> None:
    """Notes the secrets of a document that is read for the target at hand."""
    if suspicious(text):
        own = secrets()
        own.found = True
        inside_text(text, span, own)


def inside_text(text: str, span: Span | None, own: Secrets, is_secret: bool = False) -> None:
    """Notes what a text itself calls a secret; is_secret: the whole text is one already."""
    if not SHORTEST_SETTING <= len(text) <= _LIMIT or not (is_secret or suspicious(text)):
        return
    start = text.lstrip()[:1]
    if start in ("{", "["):
        try:
            data = json.loads(text)
        except (ValueError, RecursionError):
            data = None
        if isinstance(data, (dict, list)):
            of_data(data, own, span, is_secret)
            return
    for match in _SETTING.finditer(text):
        if names_secret(match["name"]):
            before = own.size
            own.add(match["quoted"] or match["bare"])
            if span is not None and own.size > before:
                own.places[span] = None


def of_data(data: object, own: Secrets, span: Span | None = None, is_secret: bool = False) -> None:
    """Notes the secrets of plain data: by their keys, by names beside values, by what a plan marks."""
    stack: list[tuple[object, bool]] = [(data, is_secret)]
    while stack:
        value, hidden = stack.pop()
        if isinstance(value, dict):
            paired = any(
                isinstance(value.get(key), str) and names_secret(value[key])
                for key in _NAMING
                if key in value
            )
            for key, each in value.items():
                named = names_secret(str(key)) or (paired and key in _VALUES)
                stack.append((each, hidden or (named and not isinstance(each, dict))))
            _marked(value, own, span)
        elif isinstance(value, list):
            stack += [(each, hidden) for each in value]
        elif isinstance(value, str):
            if hidden:
                own.add(value, span)
            elif value is not data:
                inside_text(value, span, own)


def _marked(value: Mapping[str, object], own: Secrets, span: Span | None) -> None:
    """What a plan says of sensitive values: a tree beside the values that is true where one is."""
    for name in ("after", "before", "values"):
        marks = value.get(f"{name}_sensitive") or (
            value.get("sensitive_values") if name == "values" else None
        )
        if marks:
            _sensitive(value.get(name), marks, own, span)
    if value.get("sensitive") is True and "value" in value:
        _sensitive(value["value"], True, own, span)


def _sensitive(value: object, marks: object, own: Secrets, span: Span | None) -> None:
    if marks is True:
        if isinstance(value, dict):
            for each in value.values():
                _sensitive(each, True, own, span)
        elif isinstance(value, list):
            for each in value:
                _sensitive(each, True, own, span)
        elif isinstance(value, str):
            own.certain(value, span)
    elif isinstance(marks, dict) and isinstance(value, dict):
        for key, each in marks.items():
            _sensitive(value.get(key), each, own, span)
    elif isinstance(marks, list) and isinstance(value, list):
        for inner, each in zip(value, marks, strict=False):
            _sensitive(inner, each, own, span)
