"""Edits of Python programs: keyword arguments and dict literals, in the style of their neighbours."""

import ast
import json
from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias, Union

from mlwa_lint.fixes.edits import Edit
from mlwa_lint.fixes.known import takes_parameter
from mlwa_lint.fixes.source import RefusedError, SourceFile
from mlwa_lint.fixes.wanted import Expression, is_literal
from mlwa_lint.fixes.writer import IntentWriter
from mlwa_lint.model.findings import Finding
from mlwa_lint.model.intents import Intent

# Black's own: beyond it, items get lines of their own.
_WIDTH = 88
ArgumentNode: TypeAlias = Union[ast.expr, ast.keyword]


class ProgramWriter(IntentWriter):
    """Makes the edits for one intent in one program. Raises RefusedError where none can be made."""

    def __init__(self, source: SourceFile, finding: Finding, intent: Intent) -> None:
        if intent.kind in ("add", "attribute"):
            raise RefusedError("a program makes it with a call of its own")
        super().__init__(source, intent)
        self.tree = source.program
        self._lines = source.text.split("\n")
        self._ascii = source.text.isascii()
        span = finding.resource_span
        start, stop = source.offset(span.line, span.column), source.offset(span.end_line, span.end_column)
        self.call = next(
            (
                node
                for node in ast.walk(self.tree)
                if isinstance(node, ast.Call)
                and self.start(node.func) == start
                and self.stop(node.func) == stop
            ),
            None,
        )

    def start(self, node: ArgumentNode) -> int:
        """The offset of a node."""
        return self._offset(node.lineno, node.col_offset)

    def stop(self, node: ArgumentNode) -> int:
        """The offset behind a node."""
        return self._offset(node.end_lineno or node.lineno, node.end_col_offset or node.col_offset)

    def _offset(self, line: int, column: int) -> int:
        if not self._ascii:
            column = len(self._lines[line - 1].encode("utf-8")[:column].decode("utf-8", "replace"))
        return self.source.offset(line, column + 1)

    def named(self, key: str, name: str) -> Any:
        """What a configured name is in this program."""
        if is_literal(name) or key == "log-bucket":
            return name
        known = {node.id for node in ast.walk(self.tree) if isinstance(node, ast.Name)}
        if name.isidentifier() and name in known:
            return Expression(name)
        raise RefusedError(f"the program knows no {name}, which the configuration names as {key}")

    def edits(self, wanted: dict[str, Any]) -> Iterator[Edit]:
        """The edits for what is wanted."""
        if self.call is None:
            raise RefusedError("the call that makes it is not written out")
        yield from self._into_call(self.call, wanted)

    # -- calls

    def _into_call(self, call: ast.Call, wanted: dict[str, Any]) -> Iterator[Edit]:
        given = {each.arg: each for each in call.keywords if each.arg is not None}
        missing: dict[str, Any] = {}
        for name, value in wanted.items():
            if name in given:
                if self.intent.kind == "remove" and not isinstance(value, dict):
                    yield self._removed([*call.args, *call.keywords], given[name])
                else:
                    yield from self._into_value(given[name].value, value)
            elif self.intent.kind != "remove":
                missing[name] = value
        if not missing:
            return
        if any(each.arg is None for each in call.keywords):
            raise RefusedError("its arguments are put together elsewhere")
        called = getattr(call.func, "attr", "") or getattr(call.func, "id", "")
        if not all(takes_parameter(called, name) for name in missing):
            raise RefusedError("a program sets it with a separate call")
        if any(isinstance(value, dict) for value in missing.values()) and not _is_client_call(call):
            raise RefusedError("it needs an object of another class")
        places: list[ArgumentNode] = [*call.args, *call.keywords]
        opening = self.source.text.index("(", self.stop(call.func))
        yield self._grown(
            places, {f"{key}=": value for key, value in missing.items()}, opening, self.stop(call)
        )

    def _into_value(self, node: ast.expr, value: Any) -> Iterator[Edit]:
        if isinstance(value, dict):
            if isinstance(node, ast.Dict):
                yield from self._into_dict(node, value)
            elif isinstance(node, ast.Call) and node.keywords and not node.args:
                yield from self._into_call(node, value)
            elif isinstance(node, ast.List):
                yield from self._into_value(self._item(node), value)
            else:
                raise RefusedError("its value is put together elsewhere")
        elif isinstance(value, list) and isinstance(node, ast.List):
            if self.intent.kind == "append" and node.elts:
                if isinstance(value[0], dict) and any(isinstance(each, ast.Constant) for each in node.elts):
                    raise RefusedError("its items are written otherwise")
                places: list[ArgumentNode] = list(node.elts)
                yield self._grown(places, {"": value[0]}, self.start(node), self.stop(node))
            else:
                yield self._edit(self.start(node), self.stop(node), literal(value))
        elif isinstance(node, ast.Constant) and isinstance(node.value, (str, int, float)):
            yield self._edit(self.start(node), self.stop(node), self._like(node, value))
        else:
            raise RefusedError("its value is not a literal")

    def _item(self, node: ast.List) -> ast.expr:
        for each in node.elts:
            if self.start(each) <= self.anchor < self.stop(each):
                return each
        if len(node.elts) == 1:
            return node.elts[0]
        raise RefusedError("it is one of a list of several")

    def _into_dict(self, node: ast.Dict, wanted: dict[str, Any]) -> Iterator[Edit]:
        given: dict[str, tuple[ast.expr, ast.expr]] = {}
        for key, inner in zip(node.keys, node.values, strict=True):
            if key is None:
                raise RefusedError("its value is put together elsewhere")
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                given[key.value] = (key, inner)
        missing: dict[str, Any] = {}
        for name, value in wanted.items():
            if name not in given:
                missing[name] = value
            elif self.intent.kind == "remove" and not isinstance(value, dict):
                yield self._removed([self._pair(*each) for each in given.values()], self._pair(*given[name]))
            else:
                yield from self._into_value(given[name][1], value)
        if missing and self.intent.kind != "remove":
            places: list[ArgumentNode] = [
                self._pair(key, inner) for key, inner in zip(node.keys, node.values, strict=True) if key
            ]
            quote = self._quote(node)
            named = {f"{quote}{name}{quote}: ": value for name, value in missing.items()}
            yield self._grown(places, named, self.start(node), self.stop(node))

    def _pair(self, key: ast.expr, value: ast.expr) -> ast.keyword:
        """A key and its value as one thing with a start and an end."""
        made = ast.keyword(arg=None, value=value)
        made.lineno, made.col_offset = key.lineno, key.col_offset
        made.end_lineno, made.end_col_offset = value.end_lineno or value.lineno, value.end_col_offset or 0
        return made

    # -- text

    def _grown(
        self, places: Sequence[ArgumentNode], named: dict[str, Any], opening: int, closing: int
    ) -> Edit:
        """More items between brackets, each with its prefix (`Key=`, `"Key": `).

        opening, closing: the offset of the first bracket, and the one behind the last.
        """
        if not places:
            text = ", ".join(f"{start}{literal(value)}" for start, value in named.items())
            return self._edit(opening + 1, closing - 1, text)
        last = places[-1]
        stop = self.stop(last)
        behind = self.source.text[stop : closing - 1]
        comma = len(behind) - len(behind.lstrip()) if behind.lstrip().startswith(",") else -1
        apart = self.source.begins_line(self.start(last))
        indent = self.source.indent(self.start(last))
        separator = f"\n{indent}" if apart else " "

        def shown_as(start: str, value: Any) -> str:
            return start + (fitting(value, indent, len(indent) + len(start)) if apart else literal(value))

        if comma >= 0:
            stop += comma + 1
            shown = "".join(f"{separator}{shown_as(*each)}," for each in named.items())
            if not apart and closing - 1 == stop:
                shown = shown.removesuffix(",")
            return self._edit(stop, stop, shown)
        shown = "".join(f",{separator}{shown_as(*each)}" for each in named.items())
        return self._edit(stop, stop, shown)

    def _removed(self, places: Sequence[ArgumentNode], at: ArgumentNode) -> Edit:
        ordered = sorted(places, key=self.start)
        position = next(n for n, each in enumerate(ordered) if self.start(each) == self.start(at))
        if position + 1 < len(ordered):
            return self._edit(self.start(at), self.start(ordered[position + 1]), "")
        if position:
            return self._edit(self.stop(ordered[position - 1]), self.stop(at), "")
        raise RefusedError("nothing else would be left")

    def _like(self, node: ast.Constant, value: Any) -> str:
        shown = literal(value)
        written = self.source.text[self.start(node) : self.stop(node)]
        if isinstance(value, str) and written[:1] == "'" and "'" not in value:
            return f"'{value}'"
        return shown

    def _quote(self, node: ast.Dict) -> str:
        first = next((each for each in node.keys if each is not None), None)
        return "'" if first is not None and self.source.text[self.start(first)] == "'" else '"'

    def _edit(self, start: int, stop: int, text: str) -> Edit:
        return self.source.edit(start, stop, text)


def fitting(value: Any, indent: str, start: int) -> str:
    """A value as Black writes it: on one line where it fits, else with its items on lines of their own.

    indent: of the line that it continues. start: the column where it begins.
    """
    shown = literal(value)
    if start + len(shown) < _WIDTH or not isinstance(value, (dict, list)) or not value:
        return shown
    deeper = indent + "    "
    if isinstance(value, dict):
        pairs = ((f"{literal(key)}: ", each) for key, each in value.items())
    else:
        pairs = (("", each) for each in value)
    lines = [f"{deeper}{name}{fitting(each, deeper, len(deeper) + len(name))},\n" for name, each in pairs]
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    return f"{opening}\n{''.join(lines)}{indent}{closing}"


def literal(value: Any) -> str:
    """A value on one line."""
    if isinstance(value, Expression):
        return value.text
    if isinstance(value, dict):
        return "{" + ", ".join(f"{literal(key)}: {literal(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(literal, value)) + "]"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    return repr(value)


def _is_client_call(call: ast.Call) -> bool:
    """Whether it is a method of a client, `client.create_model(…)`, whose arguments are dicts."""
    return isinstance(call.func, ast.Attribute) and call.func.attr.islower()
