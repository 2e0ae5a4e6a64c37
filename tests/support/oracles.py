"""What well-known parsers read in a text: a second opinion on every edit."""

import ast
import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import hcl2
from ruamel.yaml import YAML
from ruamel.yaml.constructor import SafeConstructor
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode

Path = tuple[str | int, ...]


class _Constructor(SafeConstructor):
    pass


def _tagged(constructor: Any, suffix: str, node: Any) -> Any:
    if isinstance(node, ScalarNode):
        return {f"!{suffix}": node.value}
    if isinstance(node, SequenceNode):
        return {f"!{suffix}": constructor.construct_sequence(node, deep=True)}
    assert isinstance(node, MappingNode)
    return {f"!{suffix}": constructor.construct_mapping(node, deep=True)}


_Constructor.add_multi_constructor("!", _tagged)


@cache
def _yaml() -> YAML:
    reader = YAML(typ="safe", pure=True)
    reader.Constructor = _Constructor
    reader.version = (1, 1)
    return reader


def read(name: str, text: str) -> Any:
    """The content of a template, module or program as plain data."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    if name.endswith(".json"):
        return json.loads(text)
    if name.endswith(".tf"):
        return _of_module(hcl2.loads(text if text.endswith("\n") else f"{text}\n"))
    if name.endswith(".py"):
        return _of_program(ast.parse(text))
    return next(iter(_yaml().load_all(text)))


def _of_module(node: Any) -> Any:
    """Without the parser's own marks."""
    if isinstance(node, dict):
        return {key: _of_module(each) for key, each in node.items() if not key.startswith("__")}
    return [_of_module(each) for each in node] if isinstance(node, list) else node


def _of_program(node: Any) -> Any:
    """A syntax tree without places; arguments and keys by their names."""
    if isinstance(node, ast.Call):
        named = {each.arg or "**": _of_program(each.value) for each in node.keywords}
        return {"call": _of_program(node.func), "args": [_of_program(each) for each in node.args], **named}
    if isinstance(node, ast.Dict):
        keys = [key.value if isinstance(key, ast.Constant) else "**" for key in node.keys]
        return {str(key): _of_program(each) for key, each in zip(keys, node.values, strict=True)}
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.List):
        return [_of_program(each) for each in node.elts]
    if isinstance(node, ast.AST):
        fields = {name: _of_program(value) for name, value in ast.iter_fields(node) if name != "ctx"}
        return {"node": type(node).__name__, **fields}
    if isinstance(node, list):
        return [_of_program(each) for each in node]
    return node


def differences(old: Any, new: Any, path: Path = ()) -> Iterator[tuple[Path, Any, Any]]:
    """Where two contents differ: the path, what was there, and what is (None for nothing)."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in [*old, *(each for each in new if each not in old)]:
            yield from differences(old.get(key), new.get(key), (*path, str(key)))
    elif isinstance(old, list) and isinstance(new, list):
        if len(old) == len(new):
            for position, (one, other) in enumerate(zip(old, new, strict=True)):
                yield from differences(one, other, (*path, position))
        else:
            kept = [each for each in new if each not in old]
            gone = [each for each in old if each not in new]
            for position, each in enumerate(kept):
                before = gone[position] if position < len(gone) else None
                yield from differences(before, each, (*path, "+"))
            for each in gone[len(kept) :]:
                yield (*path, "-"), each, None
    elif old != new or type(old) is not type(new):
        yield path, old, new
