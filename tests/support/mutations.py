"""Mutations of architectures: what to break, how, and what must fire then (`tests/data/mutations/*.toml`)."""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from tests.support.architectures import ARCHITECTURES, DEPLOYMENTS

DATA = Path(__file__).parent.parent / "data" / "mutations"
_ATTRIBUTES = frozenset(
    {"Type", "Condition", "DependsOn", "DeletionPolicy", "UpdateReplacePolicy", "Properties"}
)
_JSON = "json()"


class Edit(NamedTuple):
    """A text that is in a file exactly once, and what replaces it."""

    file: str
    old: str
    new: str


class Mutation(NamedTuple):
    """One way to break a rule."""

    code: str
    base: str
    given: tuple[Sequence[Any], ...]
    breaks: tuple[Sequence[Any], ...]
    also: Mapping[str, str]
    terraform: tuple[Edit, ...]

    def __str__(self) -> str:
        return f"{self.code} in {self.base}"

    @property
    def place(self) -> str:
        """The one property that is broken, if it is one that a parameter could state."""
        (name, path, *_), *others = self.breaks
        if others or name not in ("delete", "set") or path.split("/")[1] in _ATTRIBUTES:
            return ""
        return path if _JSON not in path or f"Fn::Sub/{_JSON}" in path else ""

    @property
    def template(self) -> Path:
        """The CloudFormation template that is broken."""
        if (ARCHITECTURES / self.base).is_dir():
            return ARCHITECTURES / self.base / "good.yaml"
        return DEPLOYMENTS / f"{self.base}.yaml"

    @property
    def folder(self) -> Path:
        """The Terraform folder that is broken."""
        architecture = ARCHITECTURES / self.base
        return architecture / "good" if architecture.is_dir() else DEPLOYMENTS / self.base


def all_mutations() -> list[Mutation]:
    """Every entry of the data."""
    return [_mutation(entry) for path in sorted(DATA.glob("*.toml")) for entry in _entries(path)]


def _entries(path: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tomllib.loads(path.read_text("utf-8"))["mutation"]
    return found


def _mutation(entry: dict[str, Any]) -> Mutation:
    assert set(entry) <= {"code", "base", "given", "break", "also", "terraform"}, entry
    return Mutation(
        entry["code"],
        entry["base"],
        tuple(entry.get("given", ())),
        tuple(entry["break"]),
        entry.get("also", {}),
        tuple(Edit(**edit) for edit in entry.get("terraform", ())),
    )


# -- templates


class _Loader(yaml.SafeLoader):
    """YAML with the short forms of CloudFormation's functions, written out."""


def _function(loader: _Loader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    name = suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}"
    value: Any
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
        if suffix == "GetAtt":
            value = str(value).split(".", 1)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        assert isinstance(node, yaml.MappingNode)
        value = loader.construct_mapping(node, deep=True)
    return {name: value}


_Loader.add_multi_constructor("!", _function)


@cache
def parsed(path: Path) -> dict[str, Any]:
    """A template as plain data, which all tests share: what breaks it copies it first."""
    found: dict[str, Any] = yaml.load(path.read_text("utf-8"), _Loader)
    return found


def broken(template: dict[str, Any], operations: Sequence[Sequence[Any]]) -> dict[str, Any]:
    """A copy of a template to which something is done."""
    copy = deepcopy(template)
    for name, *arguments in operations:
        _OPERATIONS[name](copy, *arguments)
    return copy


def hidden(template: dict[str, Any], path: str) -> dict[str, Any]:
    """A copy of a template where a property comes from a parameter without a default."""
    copy = deepcopy(template)
    copy.setdefault("Parameters", {})["Hidden"] = {"Type": "String"}
    _set(copy, path, "${Hidden}" if _JSON in path else {"Ref": "Hidden"})
    return copy


def _steps(path: str) -> list[str]:
    resource, *rest = path.split("/")
    inner = rest if rest[0] in _ATTRIBUTES else ["Properties", *rest]
    return ["Resources", resource, *inner]


def _change(holder: Any, steps: Sequence[str], change: Any) -> None:
    """Hands the container of a path's last step to a function; texts that are JSON are written back."""
    step, *rest = steps
    key: Any = int(step) if isinstance(holder, list) else step
    if not rest:
        change(holder, key)
    elif rest[0] == _JSON:
        inner = json.loads(holder[key])
        _change(inner, rest[1:], change)
        holder[key] = json.dumps(inner)
    else:
        _change(holder[key], rest, change)


def _delete(template: dict[str, Any], path: str) -> None:
    def change(holder: Any, key: Any) -> None:
        del holder[key]

    _change(template, _steps(path), change)


def _set(template: dict[str, Any], path: str, value: Any) -> None:
    def change(holder: Any, key: Any) -> None:
        assert key not in holder or holder[key] != value, f"{path} is {value} already"
        holder[key] = deepcopy(value)

    _change(template, _steps(path), change)


def _append(template: dict[str, Any], path: str, value: Any) -> None:
    def change(holder: Any, key: Any) -> None:
        holder[key].append(deepcopy(value))

    _change(template, _steps(path), change)


def _copy(template: dict[str, Any], source: str, target: str) -> None:
    found: list[Any] = []

    def change(holder: Any, key: Any) -> None:
        found.append(holder[key])

    _change(deepcopy(template), _steps(source), change)
    _set(template, target, found[0])


def _remove(template: dict[str, Any], name: str) -> None:
    del template["Resources"][name]


def _add(template: dict[str, Any], name: str, body: Any) -> None:
    assert name not in template["Resources"]
    template["Resources"][name] = deepcopy(body)


def _clone(template: dict[str, Any], suffix: str) -> None:
    """Adds a second set of all resources that the template itself states, under names of its own.

    The parameter EndpointName gets a second one as well: two endpoints have two names.
    """
    parameters = {"EndpointName": template["Parameters"]["EndpointName"]}
    resources = {name: body for name, body in template["Resources"].items() if name in _own_names(template)}
    names = sorted((*parameters, *resources), key=len, reverse=True)
    # Not the keys, nor the dimension that is called EndpointName.
    pattern = re.compile(rf"(?<![\w:])(?<!\"Name\": \")({'|'.join(names)})(?=\"|\.|\}})(?!\":)")
    written = pattern.sub(rf"\1{suffix}", json.dumps(resources))
    for name, body in json.loads(written).items():
        if "EndpointName" in body["Properties"]:
            body["Properties"]["EndpointName"] = {"Ref": f"EndpointName{suffix}"}
        template["Resources"][f"{name}{suffix}"] = body
    default = parameters["EndpointName"]["Default"]
    template["Parameters"][f"EndpointName{suffix}"] = {"Type": "String", "Default": f"{default}-{suffix}"}


def _own_names(template: dict[str, Any]) -> list[str]:
    """The resources without those that clones brought."""
    starts = [name for name in template["Parameters"] if name.startswith("EndpointName")]
    suffixes = tuple(name.removeprefix("EndpointName") for name in starts if name != "EndpointName")
    return [name for name in template["Resources"] if not suffixes or not name.endswith(suffixes)]


_OPERATIONS: Mapping[str, Any] = {
    "delete": _delete,
    "set": _set,
    "append": _append,
    "copy": _copy,
    "remove": _remove,
    "add": _add,
    "clone": _clone,
}


# -- Terraform


def edited(source: Path, target: Path, edits: Sequence[Edit]) -> Iterator[tuple[Path, str]]:
    """Copies a folder with some texts replaced; yields the files that changed, and their texts before."""
    for path in sorted(source.rglob("*")):
        if path.is_file():
            copy = target / path.relative_to(source)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_text(path.read_text("utf-8"), "utf-8")
    for edit in edits:
        path = target / edit.file
        text = path.read_text("utf-8")
        assert text.count(edit.old) == 1, f"{edit.file} has {text.count(edit.old)} times: {edit.old}"
        path.write_text(text.replace(edit.old, edit.new), "utf-8")
        yield path, text


def texts(folder: Path) -> dict[str, str]:
    """The files of a folder by their paths in it."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in files}
