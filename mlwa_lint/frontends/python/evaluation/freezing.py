"""Values of a program as values of a resource: as they are at the moment of a call."""

from mlwa_lint.frontends.python.evaluation.core import Core
from mlwa_lint.frontends.python.evaluation.values import (
    DictObj,
    Handle,
    JsonText,
    ListObj,
    Obj,
    PathObj,
    PyValue,
)
from mlwa_lint.frontends.python.limits import COPY_STEPS, DEPTH_LIMIT
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import Choice, Entry, ListValue, MapValue, Unknown, Value, assume


class DocumentMap(MapValue):
    """The object of a JSON text: its keys are part of the text, as no parameter's are."""

    __slots__ = ()


def frozen(core: Core, value: PyValue, span: Span, depth: int = 0) -> Value:
    """A value that later changes of the program do not reach."""
    core.step(COPY_STEPS)
    if depth > DEPTH_LIMIT:
        return Unknown("it is nested too deeply to be worked out", span)
    if isinstance(value, PathObj):
        return frozen(core, value.text, span, depth + 1)
    if isinstance(value, JsonText):
        held = frozen(core, value.structure, span, depth + 1)
        return DocumentMap(*held) if isinstance(held, MapValue) else held
    if isinstance(value, DictObj):
        entries = {
            key: Entry(item.key_span, frozen(core, item.value, span, depth + 1), key)
            for key, item in value.items()
        }
        return assume(MapValue(entries, value.span, value.rest), value.assumed)
    if isinstance(value, ListObj):
        items = tuple(frozen(core, each, span, depth + 1) for each in value.values)
        return assume(ListValue(items, value.span, value.rest), value.assumed)
    if isinstance(value, Choice):
        yes, no = frozen(core, value.yes, span, depth + 1), frozen(core, value.no, span, depth + 1)
        return value._replace(yes=yes, no=no)
    if isinstance(value, Handle):
        inner = value.frozen()
        if inner is not None:
            return frozen(core, inner, span, depth + 1)
    if isinstance(value, Obj):
        return core.unknown(value.described(), span, present=True)
    return value
