"""`NamedTuple` whose classes cost a seventh of typing's to make: a run makes a hundred of them at its start.

Measured (benchmarks/startup.py): 0.8 ms instead of 6.0 for a hundred classes, where `import click, yaml`
takes 47 ms on the same, busy machine.

To type checkers it is typing's own. The classes behave alike; only their constructor is compiled when the
first instance is made instead of with the class.
"""

import sys
from typing import TYPE_CHECKING, Any, Self, TypeVar, dataclass_transform

if TYPE_CHECKING or sys.version_info >= (3, 14):
    from typing import NamedTuple
else:
    from _collections import _tuplegetter

    def _first(cls: type, /, *values: Any, **named: Any) -> Any:
        """The constructor of a class that has no instances yet: makes its real one and calls that."""
        owner = next(each for each in cls.__mro__ if "_fields" in vars(each))
        fields = owner._fields
        names = ", ".join(fields)
        given = {f"_default_{name}": value for name, value in owner._field_defaults.items()}
        signature = ", ".join(
            f"{name}=_default_{name}" if f"_default_{name}" in given else name for name in fields
        )
        comma = "," if len(fields) == 1 else ""
        scope = {
            **given,
            "_new": tuple.__new__,
            "__builtins__": {},
            "__name__": f"namedtuple_{owner.__name__}",
        }
        make = eval(f"lambda _cls, {signature}: _new(_cls, ({names}{comma}))", scope)
        make.__name__ = "__new__"
        make.__qualname__ = f"{owner.__qualname__}.__new__"
        owner.__new__ = make
        return cls(*values, **named)

    class _Meta(type):
        def __new__(meta, name: str, bases: tuple[type, ...], namespace: dict[str, Any]) -> type:
            if any(isinstance(base, _Meta) and base._fields for base in bases):
                return type.__new__(meta, name, bases, namespace)  # a subclass has its parent's fields
            fields = tuple(namespace.get("__annotations__", ()))
            namespace["_field_defaults"] = {each: namespace[each] for each in fields if each in namespace}
            for position, each in enumerate(fields):
                namespace[each] = _tuplegetter(position, None)
            namespace["_fields"] = namespace["__match_args__"] = fields
            namespace["__slots__"] = ()
            namespace["__new__"] = _first
            return type.__new__(meta, name, bases, namespace)

    class NamedTuple(tuple, metaclass=_Meta):
        """An immutable record, as typing's."""

        @classmethod
        def _make(cls, values: Any) -> Any:
            made = tuple.__new__(cls, values)
            if len(made) != len(cls._fields):
                raise TypeError(f"Expected {len(cls._fields)} arguments, got {len(made)}")
            return made

        def _replace(self, /, **changes: Any) -> Any:
            made = self._make(map(changes.pop, self._fields, self))
            if changes:
                raise ValueError(f"Got unexpected field names: {list(changes)!r}")
            return made

        __replace__ = _replace

        def _asdict(self) -> dict[str, Any]:
            return dict(zip(self._fields, self, strict=True))

        def __repr__(self) -> str:
            inside = ", ".join(f"{name}={value!r}" for name, value in zip(self._fields, self, strict=True))
            return f"{type(self).__name__}({inside})"

        def __getnewargs__(self) -> tuple[Any, ...]:
            return tuple(self)


if TYPE_CHECKING:
    _Record = TypeVar("_Record")

    @dataclass_transform(frozen_default=True)
    class Node:
        """A named tuple that consists of others of its kind, as a tree does.

        To a type checker it is a frozen class: mypy compares tuples item by item, and took minutes for trees.
        """

        def _replace(self, /, **changes: Any) -> Self: ...

    def record(cls: type[_Record], fields: tuple[object, ...], /) -> _Record:
        """A record of all its fields, without a constructor that looks at them."""

else:
    Node = NamedTuple
    record = tuple.__new__


__all__ = ["NamedTuple", "Node", "record"]
