"""What Choice and Pass states read, and which states wrote that."""

from collections.abc import Iterator

from mlwa_lint.frontends.documents.origins import INPUT, Origins
from mlwa_lint.frontends.documents.steps import text
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import (
    Entry,
    ListValue,
    MapValue,
    Reference,
    Scalar,
    Unknown,
    Value,
    alternatives,
    known_text,
)
from mlwa_lint.startup.patterns import lazy

_DEPTH = 20
_UNREAD = "the states around it are not wholly known"
# A path or a variable in an expression; what a parenthesis follows is a function of JSONata.
_TOKEN = lazy(r"\$\$?(?:[A-Za-z_]\w*)?(?:\.[A-Za-z_][\w-]*|\[[^\]]{0,500}\])*(?![\w(])")
_SELECTING = lazy(r"\[(?![0-9'])")
# The entries of a state that hold what it hands on.
_OF_KIND = {
    "Choice": ("Choices",),
    "Pass": ("InputPath", "Parameters", "Output", "OutputPath"),
    "Task": ("ResultSelector", "Output"),
}


def reads_of(name: str, body: MapValue, origins: Origins | None, span: Span) -> dict[str, Entry]:
    """An entry `Reads` with the paths that a state reads and, `From`, the states that wrote them."""
    keys = [key for key in _OF_KIND.get(text(body, "Type"), ()) if key in body.entries]
    if not keys and text(body, "Type") != "Pass":
        return {}
    if origins is None:
        return {"Reads": Entry(span, Unknown(_UNREAD, span), "Reads")}
    paths = dict.fromkeys(path for key in keys for path in _paths(body.value(key), "", 0))
    items = [_read(name, path, origins, span) for path in paths]
    return {"Reads": Entry(span, ListValue(tuple(items), span), "Reads")}


def takes_of(name: str, body: MapValue, origins: Origins | None, span: Span) -> dict[str, Entry]:
    """An entry `Takes` with the states whose results a task hands to a service, where all are known."""
    given = next((body.value(key) for key in ("Parameters", "Arguments") if key in body.entries), None)
    if given is None or origins is None or text(body, "Type") != "Task":
        return {}
    written = [_writers(name, path, origins) for path in dict.fromkeys(_paths(given, "", 0))]
    if not all(written):
        return {}
    found = sorted(frozenset().union(*written) - {INPUT})
    return {"Takes": Entry(span, ListValue(tuple(Scalar(each, span) for each in found), span), "Takes")}


def _read(name: str, path: str, origins: Origins, span: Span) -> MapValue:
    found = _writers(name, path, origins)
    sources = ListValue(tuple(Scalar(each, span) for each in sorted(found)), span)
    entries = {"Path": Entry(span, Scalar(path, span), "Path"), "From": Entry(span, sources, "From")}
    return MapValue(entries, span)


def _writers(name: str, path: str, origins: Origins) -> frozenset[str]:
    """What wrote to a path; none where that is not known."""
    if path.startswith(("$$.Execution.", "$states.context.Execution.")):
        return frozenset((INPUT,))
    if path.startswith("$states.input"):
        path = f"${path.removeprefix('$states.input')}"
    return origins.writers(name, _SELECTING.split(path)[0])


def _paths(value: Value, key: str, depth: int) -> Iterator[str]:
    """The paths in a value: texts that are one, and those in expressions; not the names of states.

    The path is empty for what is not known of the definition.
    """
    for option in alternatives(value) if depth <= _DEPTH else ():
        inner = option.value
        if isinstance(inner, ListValue):
            for item in inner.items:
                yield from _paths(item, key, depth + 1)
        elif isinstance(inner, MapValue):
            for name, entry in inner.entries.items():
                if name not in ("Next", "Comment"):
                    yield from _paths(entry.value, name, depth + 1)
        else:
            yield from _in_text(inner, key)


def _in_text(value: Value, key: str) -> Iterator[str]:
    known = known_text(value)
    is_path = key.endswith((".$", "Path")) or key in ("", "Variable")
    if known is None and isinstance(value, (Unknown, Reference)):
        start = value.parts[0] if isinstance(value, Unknown) and value.parts else ""
        if is_path or key == "Condition" or (isinstance(start, str) and start.startswith("{%")):
            yield ""
    elif known is not None and (is_path or known.startswith("{%")):
        yield from (match[0] for match in _TOKEN.finditer(known))
