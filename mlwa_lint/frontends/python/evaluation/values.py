"""The values of names while a program is evaluated: values, and what only a program has.

Lists and dictionaries are objects with an identity, so that a later change is seen through every name.
All that can change is kept in `Cells`, which the evaluator writes through a journal: it can take back
what one branch did, and merge what two branches did.
"""

import ast
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias, Union

from mlwa_lint.frontends.python.limits import BASES_LIMIT, ITEMS_LIMIT
from mlwa_lint.frontends.python.syntax.source import PythonSource
from mlwa_lint.model.conditions import Guard
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import (
    NO_ASSUMPTIONS,
    Absent,
    Assumptions,
    Choice,
    Unknown,
    Value,
    alternatives,
)
from mlwa_lint.startup.records import NamedTuple


class Cells(dict[str, Any]):
    """Named places that can change."""

    __slots__ = ()


class Names(Cells):
    """The names of a scope, the attributes of an object."""

    __slots__ = ()


class Locals(Names):
    """The names of a function's call. `attempt`: the one that it is made in, which need not take it back."""

    __slots__ = ("attempt",)
    attempt: int


class Entries(Cells):
    """The keys of a dictionary; `REST` is what is not known of further keys."""

    __slots__ = ()


class Items(Cells):
    """The items of a list, under `ITEMS`; `REST` is what is not known of further ones."""

    __slots__ = ()


ITEMS = "items"
REST = "\0rest"
# Separates in a condition's name its text from the identity of what it tests.
CONDITION_KEY = "\0"


class Item(NamedTuple):
    """A dictionary's value, and the place of its key."""

    key_span: Span
    value: "PyValue"


class Obj:
    """What only a program has; a resource's property is unknown where its value is one."""

    __slots__ = ()

    def described(self) -> str:
        """Why it is not known what it is at deployment, as a phrase."""
        return "it is an object of the program"


class DictObj(Obj):
    """A dictionary. `assumed`: what it rests on that it is this one."""

    __slots__ = ("assumed", "cells", "span")

    def __init__(self, cells: Entries, span: Span, assumed: Assumptions = NO_ASSUMPTIONS) -> None:
        self.cells = cells
        self.span = span
        self.assumed = assumed

    @property
    def rest(self) -> Unknown | None:
        """Why there may be further keys."""
        return self.cells.get(REST)

    def items(self) -> list[tuple[str, Item]]:
        """The known keys."""
        return [(key, item) for key, item in self.cells.items() if key != REST]


class ListObj(Obj):
    """A list, tuple or set. `assumed`: what it rests on that it is this one."""

    __slots__ = ("assumed", "cells", "kind", "span")

    def __init__(
        self,
        items: Sequence["PyValue"],
        span: Span,
        rest: Unknown | None = None,
        kind: str = "list",
        assumed: Assumptions = NO_ASSUMPTIONS,
    ) -> None:
        if len(items) > ITEMS_LIMIT:
            items = items[:ITEMS_LIMIT]
            rest = rest or Unknown(f"it has more than {ITEMS_LIMIT:,} items", span)
        self.cells = Items({ITEMS: tuple(items)})
        if rest is not None:
            self.cells[REST] = rest
        self.span = span
        self.kind = kind
        self.assumed = assumed

    @property
    def values(self) -> tuple["PyValue", ...]:
        """The known items."""
        found: tuple[PyValue, ...] = self.cells[ITEMS]
        return found

    @property
    def rest(self) -> Unknown | None:
        """Why there may be further items."""
        return self.cells.get(REST)


class PythonModule(Obj):
    """A module of the project. `part` looks up a name that it has no value for."""

    __slots__ = ("cells", "name")

    def __init__(self, name: str) -> None:
        self.name = name
        self.cells = Names()


class Frame(Obj):
    """The scope of running code; `outer` is the one that encloses it in the text."""

    __slots__ = ("cells", "module", "outer", "owner", "source", "title")

    def __init__(
        self,
        source: PythonSource,
        module: PythonModule,
        outer: "Frame | None" = None,
        title: str = "",
        owner: "ClassObj | None" = None,
        cells: Names | None = None,
    ) -> None:
        self.source = source
        self.module = module
        self.outer = outer
        self.title = title
        self.owner = owner
        self.cells: Names = module.cells if outer is None else Names() if cells is None else cells


class FunctionObj(Obj):
    """A function of the project, with the values of its parameters' defaults."""

    __slots__ = ("decorations", "defaults", "frame", "name", "node", "owner")

    def __init__(
        self,
        node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda,
        frame: Frame,
        defaults: Mapping[str, "PyValue"],
        owner: "ClassObj | None" = None,
        decorations: frozenset[str] = frozenset(),
    ) -> None:
        self.node = node
        self.frame = frame
        self.defaults = defaults
        self.owner = owner
        self.decorations = decorations
        self.name = "lambda" if isinstance(node, ast.Lambda) else node.name


class ClassObj(Obj):
    """A class of the project.

    fields:  those of a dataclass, in their order.
    lineage: the class and its bases in the order in which members are looked for.
    is_open: whether it has a base that is not known here.
    """

    __slots__ = ("bases", "cells", "fields", "is_open", "lineage", "name", "node")

    def __init__(self, node: ast.ClassDef, bases: Sequence["PyValue"]) -> None:
        self.node = node
        self.name = node.name
        self.bases = bases
        self.cells = Names()
        self.fields: tuple[str, ...] | None = None
        above = (each for base in bases if isinstance(base, ClassObj) for each in base.lineage)
        lineage = (self, *dict.fromkeys(above))
        self.lineage: tuple[ClassObj, ...] = lineage[:BASES_LIMIT]
        self.is_open: bool = len(lineage) > BASES_LIMIT or any(
            base.is_open if isinstance(base, ClassObj) else not _is_plain_base(base) for base in bases
        )

    def found(self, name: str) -> "PyValue | None":
        """A member of the class or of its bases."""
        for each in self.lineage:
            if name in each.cells:
                held: PyValue = each.cells[name]
                return held
        return None


class InstanceObj(Obj):
    """An object of one of the project's classes."""

    __slots__ = ("cells", "kind", "span")

    def __init__(self, kind: ClassObj, span: Span) -> None:
        self.kind = kind
        self.cells = Names()
        self.span = span


class Method(Obj):
    """A function together with the object that it is read from."""

    __slots__ = ("function", "receiver")

    def __init__(self, receiver: "PyValue", function: FunctionObj) -> None:
        self.receiver = receiver
        self.function = function


class BuiltinMethod(Obj):
    """A method of a text, list, dictionary or handle."""

    __slots__ = ("name", "receiver")

    def __init__(self, receiver: "PyValue", name: str) -> None:
        self.receiver = receiver
        self.name = name


class Super(Obj):
    """`super()` in a method."""

    __slots__ = ("owner", "receiver")

    def __init__(self, receiver: "PyValue", owner: ClassObj) -> None:
        self.receiver = receiver
        self.owner = owner


class External(Obj):
    """A name of a module that is not the project's own: `boto3.client`."""

    __slots__ = ("path",)

    def __init__(self, path: str) -> None:
        self.path = path

    def described(self) -> str:
        """Why it is not known what it is at deployment."""
        return f"{self.path} is known only when the program runs"


class PathObj(Obj):
    """A path of a file."""

    __slots__ = ("text",)

    def __init__(self, text: "PyValue") -> None:
        self.text = text


class JsonText(Obj):
    """The text that `json.dumps` makes of a structure."""

    __slots__ = ("structure",)

    def __init__(self, structure: "PyValue") -> None:
        self.structure = structure


class Handle(Obj):
    """An object whose meaning a table gives: a client, an object of the SageMaker SDK, a parser.

    A handle resolves its attributes and methods itself; None means that it does not know them.
    """

    __slots__ = ()

    def attribute(self, name: str, site: "Site") -> "PyValue | None":
        """The value of an attribute."""
        return None

    def assign(self, name: str, value: "PyValue", site: "Site") -> None:
        """Takes a new value of an attribute."""

    def call(self, name: str, site: "Site") -> "PyValue | None":
        """The result of a method."""
        return None

    def item(self, key: "PyValue", site: "Site") -> "PyValue | None":
        """The value under a key."""
        return None

    def items(self, span: Span) -> "ListObj | None":
        """What a loop goes through; None where that is not known."""
        return None

    def frozen(self) -> "PyValue | None":
        """What it is as a property's value; None where that is not known."""
        return None

    def is_created(self) -> bool:
        """Whether it stands for a resource that the program has made."""
        return False


PyValue: TypeAlias = Union[Value, Obj]


class KeywordArgument(NamedTuple):
    """A keyword argument, and the place of its name."""

    span: Span
    value: PyValue


class Site(NamedTuple):
    """A call, or another place where a handle is used.

    node:     the expression; `span` is its place.
    named:    arguments by name. rest: why there may be more of them.
    target:   the name that the result is assigned to, if it is.
    """

    node: ast.expr
    span: Span
    source: PythonSource
    positional: tuple[PyValue, ...] = ()
    named: Mapping[str, KeywordArgument] = {}
    rest: Unknown | None = None
    target: str = ""

    def value(self, name: str, position: int | None = None) -> PyValue | None:
        """An argument by name or position; None when it is not given, Unknown when that is not known."""
        if name in self.named:
            return self.named[name].value
        if position is not None and position < len(self.positional):
            return self.positional[position]
        return self.rest

    def first(self) -> PyValue:
        """The first positional argument; absent where there is none."""
        return self.positional[0] if self.positional else Absent(self.span)


def options(value: PyValue) -> list[tuple[PyValue, tuple[Guard, ...]]]:
    """The alternatives of a value and the guards that lead to each."""
    if not isinstance(value, Choice):
        return [(value, ())]
    return [(each.value, each.guards) for each in alternatives(value)]


def assumptions_of(value: PyValue) -> Assumptions:
    """What a value rests on."""
    if isinstance(value, (DictObj, ListObj)):
        return value.assumed
    return NO_ASSUMPTIONS if isinstance(value, Obj) else value.assumed


def _is_plain_base(base: PyValue) -> bool:
    return isinstance(base, External) and base.path in (
        "object",
        "abc.ABC",
        "typing.Protocol",
        "typing.Generic",
        "enum.Enum",
        "enum.StrEnum",
        "str",
    )
