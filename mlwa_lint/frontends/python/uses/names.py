"""Names of resources in other files of a project: what each may be, as an expression, and whether it fits."""

import ast
import re
from collections.abc import Iterator, Mapping, Sequence

from mlwa_lint.model.alternatives import consists_of
from mlwa_lint.model.values import Unknown, Value, known_text

# What a name is where it is not known: any text.
ANY = ".*"
# Of the options of a command, as far as the one that is looked for.
_OPTIONS_LENGTH = 2_000
_PLACEHOLDER = re.compile(r"[$<{%]")


def pattern_of_name(call: ast.Call, parameters: Sequence[str], constants: Mapping[str, str]) -> str:
    """What a call has as one of some parameters, or as its first argument."""
    given = [each.value for each in call.keywords if each.arg in parameters]
    given += call.args[:1]
    return _pattern(given[0], constants) if given else ANY


def patterns_in_commands(text: str, command: str, option: str) -> Iterator[str]:
    """What a command of the AWS CLI has as an option, wherever a text contains it."""
    words = r"\s+".join(map(re.escape, command.split()))
    found = rf"\b{words}\s(?:[^\n;|&]|\\\r?\n){{0,{_OPTIONS_LENGTH}}}?{option}[ =\\\s]+[\"']?([^\s\"']+)"
    for given in re.findall(found, text):
        yield ANY if _PLACEHOLDER.search(given) else re.escape(given)


def _pattern(node: ast.expr, constants: Mapping[str, str]) -> str:
    """An expression for the texts that a piece of Python may be."""
    if isinstance(node, ast.Constant):
        return re.escape(str(node.value))
    if isinstance(node, ast.JoinedStr):
        return "".join(_pattern(each, constants) for each in node.values)
    if isinstance(node, ast.FormattedValue):
        return _pattern(node.value, constants)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return _pattern(node.left, constants) + _pattern(node.right, constants)
    if isinstance(node, ast.Name) and node.id in constants:
        return re.escape(constants[node.id])
    return ANY


def may_be(pattern: str, name: Value | None) -> bool:
    """Whether a name may be one that an expression matches."""
    text = known_text(name) if name is not None else None
    if text is not None:
        return consists_of(list(map(_plain, pattern.split(ANY))), text)
    if isinstance(name, Unknown) and name.parts:
        head = name.parts[0]
        known = _plain(pattern.partition(ANY)[0])
        if isinstance(head, str) and known:
            return head.startswith(known) or known.startswith(head)
    return True


def _plain(escaped: str) -> str:
    return re.sub(r"(?s)\\(.)", r"\1", escaped)


def is_whole(pattern: str, name: Value | None) -> bool:
    """Whether an expression is a text as a whole, as a name is that is known."""
    return name is not None and known_text(name) is not None and ANY not in pattern
