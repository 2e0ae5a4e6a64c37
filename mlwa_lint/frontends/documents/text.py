"""A document as one structure, whether the source gives it as text, as a structure or in alternatives."""

from collections.abc import Mapping

from mlwa_lint.frontends.choices import choose
from mlwa_lint.frontends.documents.places import DocumentSources
from mlwa_lint.frontends.texts import text_of
from mlwa_lint.model.conditions import Condition
from mlwa_lint.model.partial_json import structure
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import (
    ABSENT,
    Absent,
    Choice,
    Entry,
    ListValue,
    MapValue,
    Reference,
    Scalar,
    TextPart,
    Unknown,
    Value,
    assume,
    known_text,
)
from mlwa_lint.startup.patterns import lazy

DEPTH_LIMIT = 100
_SIZE_LIMIT = 2_000_000
_PLACEHOLDER = lazy(r"\$\{([A-Za-z0-9_.\-]+)\}")
_IN_KEY = lazy(r"\$\{[A-Za-z0-9_.\-]+\}[^\"\n]{0,200}\"\s*:")


def read(value: Value, substitutions: Mapping[str, Value], sources: DocumentSources) -> Value | None:
    """The document, with choices where its alternatives differ; None when none of it can be read."""
    if isinstance(value, Choice):
        yes, no = (read(branch, substitutions, sources) for branch in (value.yes, value.no))
        if yes is None and no is None:
            return None
        unread = Unknown("it cannot be read", value.span)
        return assume(merged(value.condition, yes or unread, no or unread, value.span), value.assumed)
    if isinstance(value, MapValue):
        return substituted(value, substitutions) if substitutions else value
    if isinstance(value, (Absent, ListValue)):
        return None
    if substitutions:
        # Where the text is JSON as it is, a value rests on the substitutions in it alone.
        if isinstance(value, Scalar) and not _names_in_keys(value):
            parsed = structure(value, sources.locator(value.origin or value.span))
            if isinstance(parsed, MapValue):
                return substituted(parsed, substitutions)
        filled = _filled(value, substitutions)
        if isinstance(filled, Choice):
            return read(filled, {}, sources)
        value = filled if isinstance(filled, (Scalar, Unknown, Reference)) else value
    origin = value.origin if isinstance(value, (Scalar, Unknown)) else None
    parsed = structure(value, sources.locator(origin or value.span))
    return parsed if isinstance(parsed, MapValue) else None


def _names_in_keys(value: Scalar) -> bool:
    return _IN_KEY.search(str(value.data)) is not None


def malformed(value: Value, substitutions: Mapping[str, Value]) -> Value:
    """True where a definition is a wholly known text that is not a JSON object; absent where it is not."""
    if isinstance(value, Choice):
        yes, no = (malformed(branch, substitutions) for branch in (value.yes, value.no))
        return choose(value.condition, yes, no, value.span)
    filled = _filled(value, substitutions) if substitutions else value
    text = known_text(filled)
    if isinstance(filled, Choice) or text is None or not isinstance(filled, (Scalar, Unknown, Reference)):
        return ABSENT
    if len(text) > _SIZE_LIMIT or isinstance(structure(filled), MapValue):
        return ABSENT
    import json  # only for what cannot be read

    try:
        is_object = isinstance(json.loads(text), dict)
    except ValueError:
        is_object = False
    except RecursionError:
        is_object = True  # nested too deeply to tell
    return ABSENT if is_object else Scalar(True, filled.span, filled.assumed)


def substituted(
    value: Value, substitutions: Mapping[str, Value], depth: int = 0, open_ends: bool = False
) -> Value:
    """The structure with every `${name}` in its texts replaced.

    open_ends: whether a name that has no replacement is unknown: something fills it in, or nothing works.
    """
    if depth > DEPTH_LIMIT:
        return value

    def within(inner: Value) -> Value:
        return substituted(inner, substitutions, depth + 1, open_ends)

    if isinstance(value, MapValue):
        entries = {key: entry._replace(value=within(entry.value)) for key, entry in value.entries.items()}
        return value._replace(entries=entries)
    if isinstance(value, ListValue):
        return value._replace(items=tuple(map(within, value.items)))
    if isinstance(value, Choice):
        return value._replace(yes=within(value.yes), no=within(value.no))
    return _filled(value, substitutions, open_ends)


def _filled(value: Value, substitutions: Mapping[str, Value], open_ends: bool = False) -> Value:
    """A text with its placeholders replaced."""
    if isinstance(value, Scalar) and isinstance(value.data, str):
        parts: tuple[TextPart, ...] = (value.data,)
    elif isinstance(value, Unknown) and value.parts:
        parts = value.parts
    else:
        return value
    if not any(isinstance(part, str) and _PLACEHOLDER.search(part) for part in parts):
        return value
    pieces: list[Value] = []
    for part in parts:
        if not isinstance(part, str):
            pieces.append(part)
            continue
        for position, text in enumerate(_PLACEHOLDER.split(part)):
            if position % 2 == 0:
                pieces.append(Scalar(text, value.span))
                continue
            name = f"${{{text}}}"
            open_end = Unknown(f"{name} is a placeholder", value.span, identity=name, present=True)
            pieces.append(substitutions.get(text, open_end if open_ends else Scalar(name, value.span)))
    return assume(text_of(pieces, value.span), value.assumed)


def merged(condition: Condition, yes: Value, no: Value, span: Span, depth: int = 0) -> Value:
    """Two alternatives as one structure, with a choice only where they differ."""
    if isinstance(yes, Scalar) and isinstance(no, Scalar):
        if (yes.data, yes.assumed) == (no.data, no.assumed):
            return yes
    elif depth < DEPTH_LIMIT and isinstance(yes, MapValue) and isinstance(no, MapValue):
        if (yes.rest is None) == (no.rest is None):
            return _merged_maps(condition, yes, no, depth)
    elif (
        depth < DEPTH_LIMIT
        and isinstance(yes, ListValue)
        and isinstance(no, ListValue)
        and len(yes.items) == len(no.items)
        and (yes.rest is None) == (no.rest is None)
    ):
        pairs = zip(yes.items, no.items, strict=True)
        return yes._replace(items=tuple(merged(condition, a, b, a.span or span, depth + 1) for a, b in pairs))
    return choose(condition, yes, no, yes.span or span)


def _merged_maps(condition: Condition, yes: MapValue, no: MapValue, depth: int) -> MapValue:
    entries: dict[str, Entry] = {}
    for key in dict.fromkeys([*yes.entries, *no.entries]):
        left, right = yes.entries.get(key), no.entries.get(key)
        entry = left or right
        assert entry is not None
        value = merged(
            condition,
            left.value if left else ABSENT,
            right.value if right else ABSENT,
            entry.key_span,
            depth + 1,
        )
        entries[key] = entry._replace(value=value)
    return yes._replace(entries=entries)
