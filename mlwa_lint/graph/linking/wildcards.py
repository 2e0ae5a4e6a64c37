"""Names in policies in which `*` and `?` are wildcards: which resources of the project they cover."""

from collections.abc import Iterable, Iterator

from mlwa_lint.graph import patterns
from mlwa_lint.graph.linking.naming import NAME_PROPERTIES, Segment
from mlwa_lint.graph.patterns import Hole, PatternText
from mlwa_lint.model.answers import Answer
from mlwa_lint.model.budget import budget
from mlwa_lint.model.resources import Resource
from mlwa_lint.model.values import Reference, Scalar, Unknown, Value, alternatives, known_text

_SIGNS = "*?"


def has_wildcard(name: Segment) -> bool:
    """Whether a name covers some resources by a wildcard; one of nothing else covers none in particular."""
    pieces = _pieces(_value_of(name))
    known = "".join(piece for piece in pieces if isinstance(piece, str))
    only = known.strip(_SIGNS) == "" and all(isinstance(piece, str) for piece in pieces)
    return any(sign in known for sign in _SIGNS) and not only


class Named:
    """The known names of the resources of one type."""

    def __init__(self, resources: Iterable[Resource]) -> None:
        self._names: list[tuple[PatternText, str]] = []
        # Whether nothing is known of what one of them is called.
        self._is_open = False
        for resource in resources:
            entry = resource.properties.entries.get(NAME_PROPERTIES.get(resource.type, "Name"))
            options = list(alternatives(entry.value)) if entry is not None else []
            for option in options:
                pieces = _pieces(option.value)
                if pieces:
                    self._names.append((patterns.text(*pieces), resource.address))
                self._is_open |= not pieces
            self._is_open |= not options

    def may_be_called(self, name: Segment) -> bool:
        """Whether a name of which only a part is known may be that of one of the resources."""
        pieces = _pieces(_value_of(name))
        if self._is_open or not any(isinstance(piece, str) and piece for piece in pieces):
            return True
        wanted = patterns.text(*pieces)
        if budget().for_work(sum(len(text) for text, _ in self._names)):
            return True
        return any(patterns.covers(wanted, text).verdict != "no" for text, _ in self._names)

    def unknown_as(self, name: Segment) -> str | None:
        """A resource whose own name is stated, is not known, and may be a text that is."""
        wanted = patterns.text(*_pieces(_value_of(name)))
        if budget().for_work(sum(len(text) for text, _ in self._names)):
            return None
        open_names = (each for each in self._names if patterns.covers(wanted, each[0]).verdict == "undecided")
        return next((address for _, address in open_names), None)

    def covered_by(self, name: Segment) -> Iterator[tuple[str, Answer]]:
        """The resources that a pattern covers, or may cover."""
        wanted = patterns.pattern(*_pieces(_value_of(name)))
        for text, address in self._names:
            if budget().for_work(len(text)):
                return
            found = patterns.covers(wanted, text)
            if found.verdict != "no":
                yield address, found


def _value_of(name: Segment) -> Value:
    value = name.value
    if name.literal is None or value.span is None:
        return value
    return Scalar(name.literal, value.span)


def _pieces(value: Value) -> list[str | Hole]:
    """The pieces of a name; equal holes mean equal texts."""
    text = known_text(value)
    if text is not None:
        return [text]
    if isinstance(value, Unknown) and value.parts:
        found: list[str | Hole] = []
        for part in value.parts:
            found += [part] if isinstance(part, str) else _pieces(part)
        return found
    if isinstance(value, Unknown):
        return [Hole(value.identity, True)]
    if isinstance(value, Reference):
        return [Hole(f"{value.address}.{value.attribute}", True)]
    return []
