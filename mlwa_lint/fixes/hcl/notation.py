"""Values, arguments and blocks in Terraform's notation, as `terraform fmt` writes them."""

import json
from typing import Any

from mlwa_lint.fixes.wanted import Expression, Joined
from mlwa_lint.startup.patterns import lazy
from mlwa_lint.startup.records import NamedTuple

_STEP = "  "
_NAME = lazy(r"[A-Za-z_][\w-]*")


class JsonEncoded(NamedTuple):
    """A value that an argument takes as JSON text."""

    value: Any


def key_of(name: str) -> str:
    """A key of an object, in quotes where it is not an identifier."""
    return name if _NAME.fullmatch(name) else json.dumps(name)


def is_block(value: Any) -> bool:
    """Whether a value is written as nested blocks: a map, or a list of maps."""
    return bool(value) and all(isinstance(each, dict) for each in blocks_of(value))


def blocks_of(value: Any) -> list[Any]:
    """The blocks that a value is."""
    return value if isinstance(value, list) else [value]


class Notation:
    """Writes in the way of one file. step: what it indents one level by."""

    def __init__(self, step: str = _STEP) -> None:
        self.step = step

    def literal(self, value: Any, indent: str) -> str:
        """A value; an object over several lines, which continue one that is indented by `indent`."""
        if isinstance(value, Expression):
            return value.text
        if isinstance(value, Joined):
            pieces = (each if isinstance(each, str) else "${" + each.text + "}" for each in value.parts)
            return '"' + "".join(pieces) + '"'
        if isinstance(value, JsonEncoded):
            return f"jsonencode({self.literal(value.value, indent)})"
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, (int, float)):
            return str(value)
        if isinstance(value, list):
            return self._items(value, indent)
        if isinstance(value, dict):
            inner = self.arguments({key_of(key): each for key, each in value.items()}, indent + self.step)
            return "{\n" + inner + f"\n{indent}}}"
        text = json.dumps(str(value), ensure_ascii=False)
        return text.replace("${", "$${").replace("%{", "%%{")

    def _items(self, value: list[Any], indent: str) -> str:
        if not any(isinstance(each, (dict, list)) for each in value):
            return "[" + ", ".join(self.literal(each, indent) for each in value) + "]"
        deeper = indent + self.step
        return "[\n" + "".join(f"{deeper}{self.literal(each, deeper)},\n" for each in value) + f"{indent}]"

    def arguments(self, values: dict[str, Any], indent: str) -> str:
        """Lines `name = value`, with the signs of neighbours that fill one line each below one another."""
        lines: list[str] = []
        run: list[tuple[str, str]] = []

        def close() -> None:
            width = max((len(name) for name, _ in run), default=0)
            lines.extend(f"{indent}{name.ljust(width)} = {shown}" for name, shown in run)
            run.clear()

        for name, value in values.items():
            shown = self.literal(value, indent)
            if "\n" in shown:
                close()
                lines.append(f"{indent}{name} = {shown}")
            else:
                run.append((name, shown))
        close()
        return "\n".join(lines)

    def block(self, header: str, values: dict[str, Any], indent: str) -> str:
        """A block on lines of its own: arguments and, below them, nested blocks, of values that are maps."""
        inside = indent + self.step
        plain = {name: value for name, value in values.items() if not is_block(value)}
        parts = [self.arguments(plain, inside)] if plain else []
        parts += [
            self.block(name, each, inside)
            for name, value in values.items()
            if is_block(value)
            for each in blocks_of(value)
        ]
        inner = "\n\n".join(parts)
        return f"{indent}{header} {{\n{inner}\n{indent}}}" if inner else f"{indent}{header} {{}}"
