"""What a class of the project is by its bases: an enum, a named tuple."""

from mlwa_lint.frontends.python.evaluation.values import (
    ClassObj,
    External,
    FunctionObj,
    InstanceObj,
    ListObj,
    PyValue,
)

TUPLES = frozenset({"typing.NamedTuple", "typing_extensions.NamedTuple"})
ENUMS = frozenset({"enum.Enum", "enum.StrEnum", "enum.IntEnum", "strenum.StrEnum"})


def has_base(kind: ClassObj, wanted: frozenset[str]) -> bool:
    """Whether a class derives from one of some classes outside of the project."""
    bases = (base for each in kind.lineage for base in each.bases)
    return any(isinstance(base, External) and base.path in wanted for base in bases)


def members(kind: ClassObj) -> list[PyValue]:
    """The values of the members of an enum, in their order; none of another class."""
    if not has_base(kind, ENUMS):
        return []
    return [each for name, each in kind.cells.items() if _is_member(name, each)]


def _is_member(name: str, value: object) -> bool:
    return not name.startswith("_") and not isinstance(value, (FunctionObj, ClassObj))


def tuple_of(value: InstanceObj) -> ListObj | None:
    """The fields of a named tuple as the tuple that it is; None of another object."""
    fields = value.kind.fields
    if fields is None or not has_base(value.kind, TUPLES):
        return None
    if any(name not in value.cells for name in fields):
        return None
    return ListObj([value.cells[name] for name in fields], value.span, None, "tuple")
