"""Common command lines of `check`, read without click.

Loading click takes a fifth of the time in which one template is linted. What is not surely understood
(help, completion, a misspelt option, a value that is not allowed) is left to it, and so are errors
about it; both read the same table of options.
"""

import os
from pathlib import Path
from typing import Any

from mlwa_lint.cli.options import CHECK, Option

_BY_SPELLING = {spelling: option for option in CHECK for spelling in option.spellings if spelling[0] == "-"}
_DIGITS = 9


def read(arguments: list[str]) -> tuple[tuple[str, ...], tuple[str, ...], dict[str, Any]] | None:
    """The paths, formats and options of a command line; None where click must read it."""
    if arguments[:1] != ["check"] or "_MLWA_LINT_COMPLETE" in os.environ:
        return None
    paths: list[str] = []
    options = {option.name: _unset(option) for option in CHECK}
    rest = iter(arguments[1:])
    for argument in rest:
        if argument[:1] != "-" or argument == "-":
            paths.append(argument)
            continue
        spelling, equals, text = argument.partition("=")
        option = _BY_SPELLING.get(spelling)
        if option is None:
            return None
        if option.kind == "flag":
            if equals:
                return None
            options[option.name] = True
            continue
        if not equals:
            text = next(rest, "-")
        value = _value(option, text)
        if value is None:
            return None
        options[option.name] = (*options[option.name], value) if option.multiple else value
    if not all(map(_is_a_path, paths)):
        return None
    return tuple(paths), options.pop("formats"), options


def _unset(option: Option) -> Any:
    if option.kind == "flag":
        return False
    return () if option.multiple else option.default


def _value(option: Option, text: str) -> Any:
    """None for what click must parse."""
    if text[:1] == "-" or (option.choices and text not in option.choices):
        return None
    if option.kind == "number":
        return int(text) or None if text.isascii() and text.isdecimal() and len(text) <= _DIGITS else None
    if option.kind == "path" and not _is_a_path(text):
        return None
    return text


def _is_a_path(text: str) -> bool:
    """Whether click accepts a path: it can be read, or is missing."""
    if "\0" in text:
        return False
    if os.access(text, os.R_OK):
        return True
    try:
        Path(text).stat()
    except OSError:
        return True
    return False
