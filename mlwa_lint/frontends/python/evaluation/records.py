"""Classes of the standard library that hold values under names: enums, named tuples, typed dictionaries."""

import ast

from mlwa_lint.frontends.python.evaluation.core import Core
from mlwa_lint.frontends.python.evaluation.fields import called_with
from mlwa_lint.frontends.python.evaluation.kinds import ENUMS, TUPLES, has_base, members
from mlwa_lint.frontends.python.evaluation.options import Namespace
from mlwa_lint.frontends.python.evaluation.subscripts import items_of, key_text
from mlwa_lint.frontends.python.evaluation.values import (
    Cells,
    ClassObj,
    DictObj,
    Entries,
    External,
    Handle,
    InstanceObj,
    Item,
    ListObj,
    PyValue,
    Site,
)
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import Absent, Scalar

_TYPED = frozenset({"typing.TypedDict", "typing_extensions.TypedDict"})
_AS_DICT = frozenset({"dataclasses.asdict", "attr.asdict", "attrs.asdict", "vars"})
# Functions that make an object of data, with the position of the class among their arguments.
_OF_DATA = {"cattr.structure": 1, "cattrs.structure": 1, "dacite.from_dict": 0, "pydantic.parse_obj_as": 0}
_REPLACE = frozenset({"dataclasses.replace", "copy.replace", "attr.evolve", "attrs.evolve"})
# Methods by which named tuples and models of pydantic give their fields, or a copy with other ones.
_FIELDS = frozenset({"_asdict", "model_dump", "dict"})
_OPTIONS = frozenset({"by_alias", "exclude_none", "exclude_unset", "mode"})


def records_table(core: Core, path: str, site: Site) -> PyValue | None:
    """The result of a call that makes such a class, or gives the values that an object holds."""
    first = site.positional[0] if site.positional else None
    if path in ("collections.namedtuple", *TUPLES):
        return _named_tuple(core, site)
    if path in _AS_DICT and first is not None and len(site.positional) == 1:
        return held_by(first, site.span)
    if path in _OF_DATA:
        kind, data = site.value("data_class", _OF_DATA[path]), site.value("data", 1 - _OF_DATA[path])
        return called_with(core, kind, data, site) if isinstance(kind, ClassObj) else None
    if path in _REPLACE and isinstance(first, InstanceObj):
        return _copy(first, site)
    return None


def complete(made: ClassObj) -> None:
    """Gives a class what its bases make of its body."""
    if made.fields is None and has_base(made, TUPLES):
        made.fields = _annotated(made.node)


def instance_of(core: Core, kind: ClassObj, site: Site) -> PyValue | None:
    """The result of calling a class that makes no object of its own: a typed dictionary, an enum.

    A member of an enum is followed as its value: programs use nothing else of it.
    """
    if has_base(kind, _TYPED):
        return core.external("dict", site)
    if not has_base(kind, ENUMS) or len(site.positional) != 1:
        return None
    wanted = key_text(site.positional[0])
    if wanted is None:
        return None
    return next((each for each in members(kind) if key_text(each) == wanted), None)


def method_of_record(base: InstanceObj, name: str, site: Site) -> PyValue | None:
    """The result of a method that a class of the project has from a library."""
    if base.kind.fields is None or site.positional:
        return None
    if name in _FIELDS and _OPTIONS.issuperset(site.named):
        held = held_by(base, site.span)
        without = site.value("exclude_none")
        if isinstance(held, DictObj) and isinstance(without, Scalar) and without.data:
            given = {key: item for key, item in held.items() if not isinstance(item.value, Absent)}
            return DictObj(Entries(given), site.span)
        return held
    return _copy(base, site) if name == "_replace" else None


def held_by(value: PyValue, span: Span) -> PyValue | None:
    """What an object holds, as a dictionary; None where that is not known."""
    if isinstance(value, (InstanceObj, Namespace)):
        return DictObj(_entries(value.cells, span), span)
    return None


class AttributesOf(Handle):
    """`object.__dict__`, which changes the object."""

    __slots__ = ("core", "owner")

    def __init__(self, core: Core, owner: InstanceObj) -> None:
        self.core = core
        self.owner = owner

    def _held(self, site: Site) -> PyValue:
        return DictObj(_entries(self.owner.cells, site.span), site.span)

    def call(self, name: str, site: Site) -> PyValue | None:
        """The methods of a dictionary."""
        if name != "update":
            return self.core.call_method(self._held(site), name, site)
        made = self.core.external("dict", site)
        for key, item in made.items() if isinstance(made, DictObj) else ():
            self.core.store(self.owner.cells, key, item.value)
        return Absent(site.span)

    def item(self, key: PyValue, site: Site) -> PyValue | None:
        """The value of an attribute."""
        held: PyValue | None = self.owner.cells.get(key_text(key) or "")
        return held

    def frozen(self) -> PyValue | None:
        """All attributes."""
        return DictObj(_entries(self.owner.cells, self.owner.span), self.owner.span)


def _entries(cells: Cells, span: Span) -> Entries:
    return Entries({name: Item(span, held) for name, held in cells.items()})


def _copy(base: InstanceObj, site: Site) -> InstanceObj:
    made = InstanceObj(base.kind, site.span)
    made.cells.update(base.cells)
    made.cells.update({name: argument.value for name, argument in site.named.items()})
    return made


def _annotated(node: ast.ClassDef) -> tuple[str, ...]:
    found = (each.target for each in node.body if isinstance(each, ast.AnnAssign))
    return tuple(each.id for each in found if isinstance(each, ast.Name))


def _named_tuple(core: Core, site: Site) -> PyValue | None:
    """`namedtuple("Settings", ["size", "type"])`, also with a text of names or pairs of names and types."""
    title = key_text(site.positional[0]) if site.positional else None
    given = site.value("field_names", 1) or site.value("fields", 1)
    if title is None or given is None:
        return None
    if isinstance(given, Scalar):
        names: list[str | None] = [*str(given.data).replace(",", " ").split()]
    else:
        items, rest = items_of(core, given, site.span)
        firsts = [each.values[0] if isinstance(each, ListObj) and each.values else each for each in items]
        names = [None] if rest is not None else [key_text(each) for each in firsts]
    fields = tuple(each for each in names if each is not None)
    if len(fields) < len(names):
        return None
    node = ast.ClassDef(title, [], [], [], [])
    made = ClassObj(ast.copy_location(node, site.node), [External("typing.NamedTuple")])
    made.fields = fields
    defaults = site.value("defaults")
    if isinstance(defaults, ListObj):
        made.cells.update(zip(reversed(fields), reversed(defaults.values), strict=False))
    return made
