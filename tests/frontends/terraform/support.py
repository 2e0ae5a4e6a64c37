"""Loads configurations written in tests, and shows values as short texts."""

from pathlib import Path

from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.frontends.terraform.evaluation.loader import Loader
from mlwa_lint.frontends.terraform.project import loaded
from mlwa_lint.frontends.terraform.raw import RawResource
from mlwa_lint.model.values import (
    Absent,
    Choice,
    ListValue,
    MapValue,
    Reference,
    Scalar,
    Value,
)
from tests.support.files import write


def load_text(folder: Path, text: str, options: LoadOptions | None = None, /, **files: str) -> Loader:
    """The configuration of a main.tf and further files, whose names have `__` for `.` and `___` for `/`."""
    (folder / "main.tf").write_text(text, "utf-8")
    write(folder, **files)
    return loaded(folder, options or LoadOptions())


def resource(loader: Loader, address: str) -> RawResource:
    """A resource by its address."""
    return next(each for each in loader.resources if each.address == address)


def addresses(loader: Loader) -> list[str]:
    """Addresses of all resources, with the conditions under which they exist."""
    found = []
    for each in loader.resources:
        guards = [f"{'' if g.holds else 'not '}{g.condition.text}" for g in each.guards]
        found.append(each.address + (f" if {', '.join(guards)}" if guards else ""))
    return found


def shown(value: Value) -> str:
    """A value as a short text; what rests on a default has an exclamation mark."""
    if isinstance(value, Scalar):
        return repr(value.data) + ("!" if value.assumed else "")
    if isinstance(value, ListValue):
        return "[" + ", ".join(map(shown, value.items)) + (", …" if value.rest else "") + "]"
    if isinstance(value, MapValue):
        inner = ", ".join(f"{key}: {shown(entry.value)}" for key, entry in value.entries.items())
        return "{" + inner + (", …" if value.rest else "") + "}"
    if isinstance(value, Choice):
        mark = "~" if value.condition.opaque else ""
        return f"({value.condition.text}{mark} ? {shown(value.yes)} : {shown(value.no)})"
    if isinstance(value, Reference):
        known = f"={value.known}" if value.known is not None else ""
        return f"<{value.address}{'.' if value.attribute else ''}{value.attribute}{known}>"
    if isinstance(value, Absent):
        return "null"
    if value.parts:
        return "".join(part if isinstance(part, str) else shown(part) for part in value.parts)
    return f"?({value.reason})"


def argument(loader: Loader, address: str, name: str) -> str:
    """A resource's argument, as a short text."""
    return shown(resource(loader, address).body.entries[name].value)
