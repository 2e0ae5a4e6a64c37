"""Secrets in texts that hold settings of their own: JSON documents, scripts, files of variables."""

import re
from collections.abc import Iterator, Mapping

from mlwa_lint.model.secrets import (
    BESIDE_SECRETS,
    SHORTEST_SETTING,
    Secrets,
    names_secret,
    secrets,
    suspicious,
)
from mlwa_lint.model.spans import Span
from mlwa_lint.startup.patterns import lazy

# Characters of a text that can hold a setting, at most.
_LIMIT = 1_000_000
# Of more values than these, the beginnings are noted: without a space between them, each goes on to the last,
# and all of them would take the square of the text's length.
_MANY = 1_000
_BEGINNING = 100
# `NAME=value`, `"name": "value"`, `--name value`: the quotes may be escaped.
_NAME = lazy(r"(?P<option>(?<![\w-])--?)?(?P<name>(?<!\w)[A-Za-z_][\w.-]{2,80})")
_BETWEEN = lazy(r"""\\*["']?(?:\s{0,4}(?P<sign>[:=]{1,3})\s{0,4}|[ \t]{1,4}(?:\\\n[ \t]{0,80})?|\s{1,4})""")
_VALUE = lazy(
    r"""(?P<open>\\*["'])(?P<quoted>.{1,4000}?)(?P=open)|"""
    r"""(?P<bare>[^\s"'\\,;{}]{4,4000})(?P<rest>[^\n"'\\{}]{0,120})"""
)
# Words of a language: `name`, `must-have`, `(below)`, `expires.`
_WORDS = lazy(r"[(\[`]?[A-Za-z][a-z]*(?:[ '’-][A-Za-z][a-z]*)*[)\]`]?[.,:;!?]*")
# What gives a variable its value without a sign between them.
_GIVING = frozenset({"env", "arg", "setenv", "setx"})
# A sentence continues after a word; a setting ends there, or another one starts.
_GOES_ON = lazy(r"[ \t]+[(\[`]?\w|[,;][ \t]+(?!\S{1,80}?[ \t]*[:=])\w")
_APART = lazy(r"[\s\"',;]")
_COMMENT = lazy(r"\s+(?:#|//).*|\s*[;&|)]{1,2}(?:\s.*)?$")
_PARAMETER = lazy(r"(.{4,}?)&\w+=")
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
            from json import loads  # its import takes long

            data = loads(text)
        except (ValueError, RecursionError):
            data = None
        if isinstance(data, (dict, list)):
            of_data(data, own, span, is_secret)
            return
    known: set[str] = set()
    for match in _NAME.finditer(text):
        if names_secret(match["name"]) and not _ends_arn(text[max(0, match.start() - 200) : match.start()]):
            before = own.size
            for each in _values(text, match):
                value = each if before <= _MANY else each[:_BEGINNING]
                if value not in known:
                    known.add(value)
                    own.add(value)
            if span is not None and own.size > before:
                own.places[span] = None


def _values(text: str, name: re.Match[str]) -> Iterator[str]:
    """The value that a text gives to a secret that it names; nothing, where prose only mentions one."""
    between = _BETWEEN.match(text, name.end())
    value = between and _VALUE.match(text, between.end())
    if between is None or value is None:
        return
    found: str = value["quoted"] or value["bare"]
    sign = between["sign"]
    is_prose = _WORDS.fullmatch(found) is not None
    if not sign:
        if is_prose and not (name["option"] or _is_given(text[max(0, name.start() - 120) : name.start()])):
            return
    elif is_prose and value["bare"] and between.group() != sign and _GOES_ON.match(value["rest"]):
        # A passphrase, or a sentence: only the whole of it can be a secret.
        yield _COMMENT.sub("", found + value["rest"]).strip()
        return
    yield found
    parameter = value["bare"] and _PARAMETER.match(found)
    if parameter:
        yield parameter[1]


def _ends_arn(before: str) -> bool:
    """Whether a text ends in the ARN of a secret, up to its name: `arn:aws:secretsmanager:*:*:secret:db`."""
    _, found, rest = before.rpartition("arn:")
    return bool(found) and ":secretsmanager:" in rest and rest.endswith(":") and not _APART.search(rest)


def _is_given(before: str) -> bool:
    """Whether a name that these words precede has its value behind it: `ENV NAME value`, or a netrc file."""
    words = before.split()[-2:] if before[-1:].isspace() else []
    return bool(words) and (words[-1].lower() in _GIVING or words[0] == "login")


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
                kept = hidden and str(key).lower() not in BESIDE_SECRETS
                stack.append((each, kept or (named and not isinstance(each, dict))))
            _marked(value, own, span)
        elif isinstance(value, list):
            stack += [(each, hidden) for each in value]
        elif isinstance(value, str):
            if hidden:
                own.add(value, span)
            elif value is not data:
                inside_text(value, span, own)


def _marked(value: Mapping[str, object], own: Secrets, span: Span | None) -> None:
    """A plan's marks of sensitive values: a tree beside the values that is true where one is."""
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
