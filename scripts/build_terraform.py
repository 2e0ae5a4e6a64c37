"""Writes `mlwa_lint/frontends/terraform/vocabulary/data/`: Terraform's types in CloudFormation's vocabulary.

    python scripts/build_terraform.py [--check | --report]

Sources: the provider's arguments (`tests/data/terraform_provider/arguments.json`), the resource schemas that
cfn-lint brings, and `vocabulary/exceptions.toml` for what names alone do not show. A file has the types of
one service; of a type it has its canonical name, how tags are written, and the arguments for which the
mechanical rule does not hold. `--report` lists arguments without a counterpart.
"""

import json
import sys
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.metadata import distribution
from pathlib import Path
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).parents[1]))

from mlwa_lint.frontends.terraform.vocabulary.blocks import SINGLE_BLOCKS
from mlwa_lint.frontends.terraform.vocabulary.generated import FOLDER, SERVICES
from mlwa_lint.frontends.terraform.vocabulary.index import stated_table
from mlwa_lint.frontends.terraform.vocabulary.spec import Field, FieldSpec, pascal
from scripts.generated_files import write_or_check

_ARGUMENTS = Path(__file__).parents[1] / "tests/data/terraform_provider/arguments.json"
_EXCEPTIONS = FOLDER.parent / "exceptions.toml"
_META = frozenset({"id", "region", "tags", "tags_all"})
# Ends of names that mean the same in the two vocabularies.
_ENDS = (
    ("arn", "id", "identifier"),
    ("config", "configuration", "configurations", "settings"),
    ("kmskeyarn", "kmskeyid", "kmsencryptionkeyarn", "encryptionkeyarn", "customerencryptionkeyarn"),
)


class Place(NamedTuple):
    """A part of a schema: `one` map, `many` of them, a free `map`, a list of values, or a `value`."""

    kind: str
    node: Mapping[str, Any]


class Schema:
    """A type's schema, with references followed."""

    def __init__(self, root: Mapping[str, Any]) -> None:
        self.root = root

    def start(self) -> Place:
        """The type's own properties."""
        return Place("one", self.root)

    def properties(self, node: Mapping[str, Any]) -> dict[str, Any]:
        """The properties of a part, alternatives included."""
        node = self._followed(node)
        found = dict(node.get("properties", {}))
        for several in ("allOf", "anyOf", "oneOf"):
            for each in node.get(several, ()):
                found.update(self.properties(each))
        return found

    def at(self, place: Place, path: list[str]) -> Place | None:
        """The part at a path of properties."""
        for name in path:
            found = self.properties(place.node).get(name)
            if found is None:
                return None
            place = self._place(found)
        return place

    def _place(self, node: Mapping[str, Any]) -> Place:
        node = self._followed(node)
        if node.get("type") == "array" or "items" in node:
            inner = self._followed(node.get("items", {}))
            return Place("many" if self.properties(inner) else "list", inner)
        if self.properties(node):
            return Place("one", node)
        kinds = node.get("type")
        return Place("map" if kinds == "object" or (kinds and "object" in kinds) else "value", node)

    def _followed(self, node: Mapping[str, Any]) -> Mapping[str, Any]:
        while "$ref" in node:
            found: Any = self.root
            for step in node["$ref"].removeprefix("#/").split("/"):
                found = found[step]
            node = found
        return node


@cache
def _schemas() -> Path:
    return Path(str(distribution("cfn-lint").locate_file("cfnlint/data/schemas")))


@cache
def _places() -> dict[str, str]:
    found: dict[str, str] = json.loads((_schemas() / "providers/us-east-1.json").read_text("utf-8"))
    return found


@cache
def _schema(canonical: str) -> Schema | None:
    place = _places().get(canonical)
    if place is None:
        return None
    return Schema(json.loads((_schemas() / "resources" / f"{place}.json").read_text("utf-8")))


class Builder:
    """Makes the table of one type."""

    def __init__(self, name: str, arguments: Mapping[str, Any], stated: Mapping[str, Any]) -> None:
        self.name = name
        self.arguments = arguments
        self.stated = stated
        self.names: Mapping[str, Any] = stated.get("names", {})
        self.by_hand = _stated_paths(name)
        self.used: set[str] = set()
        self.unmatched: list[str] = []

    def table(self, canonical: str) -> dict[str, Any]:
        """The table, as it is in the file."""
        schema = _schema(canonical)
        fold = self.stated.get("fold")
        kind = canonical.rsplit("::", 1)[-1]
        place = schema.start() if schema is not None else None
        if schema is not None and place is not None and fold is not None and fold.get("under"):
            place = schema.at(place, fold["under"].split("."))
            assert place is not None, f"{self.name}: {canonical} has no {fold['under']}"
        skipped = {*_META, *(fold["keys"] if fold is not None else ())}
        arguments = {key: each for key, each in self.arguments.items() if key not in skipped}
        table: dict[str, Any] = {"type": canonical}
        table.update(self._tags(schema))
        fields = self._fields(schema, place, arguments, (), kind)
        if fields:
            table["fields"] = fields
        if "fold" in self.stated and stated_table(self.name) is None:
            table["fold"] = fold
        left = set(self.names) - self.used
        assert not left, f"{self.name}: exceptions for arguments that it does not have: {sorted(left)}"
        return table

    def _tags(self, schema: Schema | None) -> dict[str, Any]:
        if "tags" not in self.arguments or "fold" in self.stated:
            return {"tags": "none"}
        if schema is None:
            return {"tags": "map"}
        tagging = schema.root.get("tagging", {})
        name = str(tagging.get("tagProperty", "/properties/Tags")).rsplit("/", 1)[-1]
        place = schema.at(schema.start(), [name])
        if place is None:
            return {"tags": "none"}
        style = {"tags": "list" if place.kind in ("many", "list") else "map"}
        return style if name == "Tags" else {**style, "tag_property": name}

    def _fields(
        self,
        schema: Schema | None,
        place: Place | None,
        arguments: Mapping[str, Any],
        path: tuple[str, ...],
        kind: str,
    ) -> dict[str, Any]:
        fields: dict[str, Any] = {}
        for argument, given in arguments.items():
            here = (*path, argument)
            dotted = ".".join(here)
            shape, content = next(iter(given.items())) if isinstance(given, dict) else (given, {})
            stated = self.names.get(dotted)
            if stated is not None:
                self.used.add(dotted)
            if stated is False:
                fields[argument] = None
                continue
            target = stated
            if target is None and schema is not None and place is not None:
                target = _counterpart(schema, place, argument, content, kind if not path else "")
                if target is None and dotted not in self.by_hand:
                    self.unmatched.append(dotted)
            if target is None:
                target = pascal(argument)
            inner = self._inner_place(schema, place, target)
            spec = self._spec(schema, inner, target, shape, content, here)
            if spec != pascal(argument):
                fields[argument] = spec
        return fields

    def _inner_place(self, schema: Schema | None, place: Place | None, target: str) -> Place | None:
        if schema is None or place is None:
            return None
        return Place("one", place.node) if target == "" else schema.at(place, target.split("."))

    def _spec(
        self,
        schema: Schema | None,
        inner: Place | None,
        target: str,
        shape: str,
        content: Mapping[str, Any],
        here: tuple[str, ...],
    ) -> Any:
        if shape not in ("one", "many"):
            if shape == "attr" and inner is not None and inner.kind in ("map", "one"):
                return {"to": target, "convert": "document"}
            return target
        there = inner.kind if inner is not None else ""
        key = next((each for each in ("name", "key", "map_block_key") if each in content), None)
        several = there in ("many", "list") if there else shape == "many" and here[-1] not in SINGLE_BLOCKS
        if there == "map" and shape == "many" and key is not None:
            several = True
        fields = self._fields(schema if there in ("one", "many") else None, inner, content, here, "")
        spec: dict[str, Any] = {"to": target, "shape": "many" if several else "one"}
        if fields:
            spec["fields"] = fields
        if there == "map" and several and key is not None:
            spec["keyed"] = fields.get(key, pascal(key))
        return spec


def _counterpart(
    schema: Schema, place: Place, argument: str, content: Mapping[str, Any], kind: str
) -> str | None:
    """The property that an argument or block represents, by its name; None when no name fits."""
    properties = schema.properties(place.node)
    by_letters = {name.lower(): name for name in properties}
    for each in _spellings(argument.replace("_", ""), kind.lower()):
        if each in by_letters:
            return by_letters[each]
    if content and properties.keys() >= set(map(pascal, content)):
        return ""  # a block around what the schema has beside it
    return None


def _spellings(word: str, kind: str) -> list[str]:
    found = [word]
    if kind and word in ("name", "description", "type", "id", "status"):
        found.append(kind + word)
    for ends in _ENDS:
        for end in ends:
            if word.endswith(end):
                found += [word.removesuffix(end) + other for other in ends if other != end]
    found += [word + "configuration", word + "config"]
    for each in list(found):
        found += [each + "s", each + "es", each + "list"]
        if each.endswith("y"):
            found.append(each[:-1] + "ies")
        if each.endswith("ies"):
            found.append(each[:-3] + "y")
        if each.endswith("s"):
            found.append(each[:-1])
    return found


def _stated_paths(name: str) -> set[str]:
    """The arguments, by dotted path, that a table written by hand covers."""
    found: set[str] = set()

    def walk(fields: Mapping[str, FieldSpec], path: tuple[str, ...]) -> None:
        for argument, spec in fields.items():
            found.add(".".join((*path, argument)))
            if isinstance(spec, Field):
                walk(spec.fields, (*path, argument))

    table = stated_table(name)
    walk(table.fields if table is not None else {}, ())
    return found


def _by_hand(name: str) -> dict[str, Any]:
    """What a table written by hand states about the type; its arguments override the generated ones."""
    table = stated_table(name)
    if table is None:
        return {}
    fold = table.fold
    if fold is None:
        return {"type": table.type}
    return {"type": table.type, "fold": {**fold._asdict(), "keys": dict(fold.keys)}}


def _canonical(name: str, stated: Mapping[str, Any]) -> str:
    """The canonical type; the provider's own spelling of it where CloudFormation has no such type."""
    if "type" in stated:
        return str(stated["type"])
    word = max((each for each in SERVICES if name.startswith(f"aws_{each}_")), key=len)
    return f"AWS::{SERVICES[word]}::{pascal(name.removeprefix(f'aws_{word}_'))}"


def content() -> tuple[dict[str, str], list[str]]:
    """The files' content by service, and what has no counterpart."""
    exceptions = tomllib.loads(_EXCEPTIONS.read_text("utf-8"))
    arguments = json.loads(_ARGUMENTS.read_text("utf-8"))["types"]
    unmatched: list[str] = []
    files: dict[str, list[str]] = {}
    starts = tuple(f"aws_{each}_" for each in SERVICES)
    for name in sorted(each for each in arguments if each.startswith(starts)):
        stated = {**_by_hand(name), **exceptions.pop(name, {})}
        canonical = _canonical(name, stated)
        if _schema(canonical) is None:
            unmatched.append(f"{name}: no type {canonical}")
            if "type" not in stated:
                canonical = name
        builder = Builder(name, arguments[name], stated)
        line = json.dumps(builder.table(canonical), separators=(",", ":"))
        word = max((each for each in SERVICES if name.startswith(f"aws_{each}_")), key=len)
        files.setdefault(SERVICES[word].lower(), []).append(f"{json.dumps(name)}:{line}")
        unmatched += [f"{name}: {each}" for each in builder.unmatched]
    assert not exceptions, f"exceptions for types that the provider does not have: {sorted(exceptions)}"
    return {file: "{\n" + ",\n".join(lines) + "\n}\n" for file, lines in files.items()}, unmatched


def main(arguments: list[str]) -> int:
    """Writes, checks or reports."""
    files, unmatched = content()
    if "--report" in arguments:
        print("\n".join(unmatched))
        return 0
    texts = {FOLDER / f"{file}.json": text for file, text in files.items()}
    return write_or_check(texts, arguments, __file__, FOLDER.glob("*.json"))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
