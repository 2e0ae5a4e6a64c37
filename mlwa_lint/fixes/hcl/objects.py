"""Edits of objects: inside `jsonencode()`, and of arguments that are maps."""

from collections.abc import Iterator
from typing import Any

from mlwa_lint.fixes.edits import Edit
from mlwa_lint.fixes.hcl.alignment import is_aligned, run_around
from mlwa_lint.fixes.hcl.notation import Notation, key_of
from mlwa_lint.fixes.hcl.tree import HclArgument, HclDocument, Object
from mlwa_lint.fixes.source import SourceFile


def grown(at: Object, missing: dict[str, Any], source: SourceFile, notation: Notation) -> Iterator[Edit]:
    """Edits that give an object more keys, in its own way to separate and to align them."""
    if not at.arguments:
        text = ", ".join(f"{key_of(name)} = {notation.literal(value, '')}" for name, value in missing.items())
        yield source.edit(at.start, at.stop, "{ " + text + " }")
        return
    last = at.arguments[-1]
    sign, quoted = last.sign_text, last.written_name.startswith('"')
    named = {(f'"{name}"' if quoted else key_of(name)): value for name, value in missing.items()}
    if not source.begins_line(last.start):
        between = " = " if sign == "=" else ": "
        text = "".join(f", {name}{between}{notation.literal(value, '')}" for name, value in named.items())
        yield source.edit(last.stop, last.stop, text)
        return
    indent = source.indent(last.start)
    comma = "," if _comma_behind(at.arguments[0], source) else ""
    run = run_around(at.arguments, last, source)
    width = max((len(each.written_name) for each in run), default=0)
    lines = []
    if sign == "=" and run and is_aligned(run, source):
        grown = max(width, *(len(name) for name in named))
        if grown > width:
            for each in run:
                yield source.edit(each.sign, each.sign, " " * (grown - width))
        width = grown
    else:
        width = 0
    for name, value in named.items():
        start = name.ljust(width) + " = " if sign == "=" else f"{name}: "
        lines.append(f"{indent}{start}{notation.literal(value, indent)}{comma}")
    has_comma = _comma_behind(last, source)
    stop = source.line_stop(last.stop)
    if comma and not has_comma:
        yield source.edit(last.stop, last.stop, ",")
        lines[-1] = lines[-1].removesuffix(",")
    yield source.edit(stop, stop, "\n" + "\n".join(lines))


def _comma_behind(argument: HclArgument, source: SourceFile) -> bool:
    return source.text[argument.stop : argument.stop + 1] == ","


def state_at(document: HclDocument, start: int) -> Object | None:
    """The state of a state machine that is written as an object under the name at an offset."""
    pending: list[Object] = [
        found
        for each in document.blocks
        for argument in each.arguments
        if (found := argument.value.object()) is not None
    ]
    while pending:
        for argument in pending.pop().arguments:
            inner = argument.value.object()
            if inner is None:
                continue
            if argument.start == start:
                return inner
            pending.append(inner)
    return None
