"""`NamedTuple` whose classes cost a seventh of typing's to make: a run makes a hundred of them at its start.

Measured (benchmarks/startup.py): 0.8 ms instead of 6.0 for a hundred classes, where `import click, yaml`
takes 47 ms on the same, busy machine.

To type checkers it is typing's own. The classes behave alike; only their constructor is a copy of one that is
compiled with this module, under the names of their fields, instead of being compiled for each. As with
typing's, the classes themselves have no metaclass: `isinstance` takes half as long again where there is one.
"""

import sys
from typing import TYPE_CHECKING, Any, Self, TypeVar, dataclass_transform

if TYPE_CHECKING or sys.version_info >= (3, 14):
    from typing import NamedTuple
else:
    from _collections import _tuplegetter
    from types import FunctionType

    _new = tuple.__new__
    # The constructors for one to eight fields; a class has a copy with the names of its own.
    _CONSTRUCTORS: dict[int, Any] = dict(
        enumerate(
            (
                lambda _cls, a: _new(_cls, (a,)),
                lambda _cls, a, b: _new(_cls, (a, b)),
                lambda _cls, a, b, c: _new(_cls, (a, b, c)),
                lambda _cls, a, b, c, d: _new(_cls, (a, b, c, d)),
                lambda _cls, a, b, c, d, e: _new(_cls, (a, b, c, d, e)),
                lambda _cls, a, b, c, d, e, f: _new(_cls, (a, b, c, d, e, f)),
                lambda _cls, a, b, c, d, e, f, g: _new(_cls, (a, b, c, d, e, f, g)),
                lambda _cls, a, b, c, d, e, f, g, h: _new(_cls, (a, b, c, d, e, f, g, h)),
            ),
            1,
        )
    )
    _SCOPE = {"_new": _new, "__builtins__": {}, "__name__": __name__}

    def _constructor(fields: tuple[str, ...], defaults: dict[str, Any], owner: str) -> FunctionType:
        """What makes instances of a class with these fields."""
        if tuple(defaults) != fields[len(fields) - len(defaults) :]:
            raise TypeError(f"{owner}: a field without a default follows one with a default")
        number = len(fields)
        like = _CONSTRUCTORS.get(number)
        if like is None:
            names = "".join(f"f{position}, " for position in range(number))
            like = _CONSTRUCTORS[number] = eval(f"lambda _cls, {names}: _new(_cls, ({names}))", _SCOPE)
        code = like.__code__.replace(
            co_varnames=("_cls", *fields), co_name="__new__", co_qualname=f"{owner}.__new__"
        )
        return FunctionType(code, _SCOPE, "__new__", tuple(defaults.values()))

    class _Meta(type):
        def __new__(meta, name: str, bases: tuple[type, ...], namespace: dict[str, Any]) -> type:
            if not bases:
                return type.__new__(meta, name, bases, namespace)  # NamedTuple itself
            fields = tuple(namespace.get("__annotations__", ()))
            defaults = {each: namespace[each] for each in fields if each in namespace}
            for position, each in enumerate(fields):
                namespace[each] = _tuplegetter(position, None)
            namespace["_field_defaults"] = defaults
            namespace["_fields"] = namespace["__match_args__"] = fields
            namespace["__slots__"] = ()
            if fields:
                namespace["__new__"] = _constructor(fields, defaults, namespace["__qualname__"])
            own_bases = tuple(_Record if isinstance(base, _Meta) else base for base in bases)
            return type.__new__(type, name, own_bases, namespace)

    class NamedTuple(metaclass=_Meta):
        """An immutable record, as typing's."""

    class _Record(tuple):
        """What all records have."""

        __slots__ = ()

        @classmethod
        def _make(cls, values: Any) -> Any:
            made = tuple.__new__(cls, values)
            if len(made) != len(cls._fields):
                raise TypeError(f"Expected {len(cls._fields)} arguments, got {len(made)}")
            return made

        def _replace(self, /, **changes: Any) -> Any:
            # Mostly one field changes: it is looked up, rather than each of a dozen.
            values, fields = list(self), self._fields
            for name, value in changes.items():
                if name not in fields:
                    raise ValueError(f"Got unexpected field names: {changes.keys() - {*fields}!r}")
                values[fields.index(name)] = value
            return _new(self.__class__, values)

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
    class TreeRecord:
        """A named tuple that consists of others of its kind, as a tree does.

        To a type checker it is a frozen class: mypy compares tuples item by item, and took minutes for trees.
        """

        def _replace(self, /, **changes: Any) -> Self: ...

    def record(cls: type[_Record], fields: tuple[object, ...], /) -> _Record:
        """A record of all its fields, without a constructor that checks them."""

else:
    TreeRecord = NamedTuple
    record = tuple.__new__


__all__ = ["NamedTuple", "TreeRecord", "record"]
