"""Texts joined from parts, some of them unknown or under conditions, and values with other parts."""

from collections.abc import Callable, Iterator, Sequence

from mlwa_lint.frontends.choices import over_alternatives
from mlwa_lint.frontends.failures import failure, reason_of
from mlwa_lint.model.alternatives import possible
from mlwa_lint.model.budget import budget
from mlwa_lint.model.resources import Project, Resource
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import (
    ENCODED,
    NO_ASSUMPTIONS,
    Absent,
    Assumptions,
    Choice,
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

# What an unknown piece of a text costs, beside the characters of the known ones.
_PIECE = 200


class Encoded:
    """A list or map that represents the text that it is encoded as (`jsonencode`)."""

    __slots__ = ()

    def pieces(self) -> "list[TextPart]":
        """The text, with unknown parts where they are not known."""
        raise NotImplementedError


def encoded_in_part(text: Value, made: Unknown) -> Unknown:
    """What Base64 makes of a text of which some is known: its parts are those of the text itself.

    Its identity includes that it is encoded.
    """
    if not isinstance(text, Unknown) or not any(isinstance(part, str) for part in text.parts):
        return made
    return made._replace(parts=text.parts, identity=f"{ENCODED}{text.identity})" if text.identity else "")


def text_of(parts: Sequence[Value], span: Span) -> Value:
    """The parts joined to text, for every combination of their alternatives."""
    return over_alternatives(parts, lambda values: _joined(values, span), span)


def _joined(values: Sequence[Value], span: Span) -> Value:
    raw: list[TextPart] = []
    assumed: Assumptions = NO_ASSUMPTIONS
    for value in values:
        assumed |= value.assumed
        if isinstance(value, Absent):
            continue
        if isinstance(value, Scalar):
            raw.append(known_text(value) or "")
        elif isinstance(value, Unknown) and value.parts:
            raw += value.parts
        elif isinstance(value, (Unknown, Reference)):
            raw.append(value)
        elif isinstance(value, Encoded):
            raw += value.pieces()
        else:
            return failure("a list or map inside text", span, assumed)
    # A piece that is not known counts as well: it is listed, and it becomes part of the identity.
    length = sum(len(piece) if isinstance(piece, str) else _PIECE for piece in raw)
    if why := budget().for_text(length):
        return Unknown(why, span, present=True, assumed=assumed)
    pieces = _united(raw)
    if all(isinstance(piece, str) for piece in pieces):
        text = "".join(str(piece) for piece in pieces)
        return Scalar(text, span, assumed, _origin(values, text))
    if len(pieces) == 1 and not isinstance(pieces[0], str):
        return assume(pieces[0]._replace(span=span), assumed)
    made = _partial_text(pieces, span, assumed)
    found = None if made.secret else possible(values)
    return made if found is None else made._replace(one_of=found)


def _origin(values: Sequence[Value], text: str) -> Span | None:
    """Where a text comes from: its first part that is written elsewhere, or what it names at its end.

    The model is the end of `arn:aws:bedrock:${var.region}::foundation-model/${var.model}`; that of
    `arn:aws:bedrock:${var.region}::foundation-model/*` is written there, wherever its Region comes from.
    """
    last = values[-1] if values else None
    if isinstance(last, Scalar) and last.origin is None and _names_at_end(last.data):
        return None
    if isinstance(last, Scalar) and last.origin and text.endswith((f"/{last.data}", f":{last.data}")):
        return last.origin
    return next((each.origin for each in values if isinstance(each, Scalar) and each.origin), None)


def _names_at_end(text: str | int | float | bool) -> bool:
    """Whether a text is the end of an ARN, a path or an address with the name in it: `/app:latest`."""
    return isinstance(text, str) and not text.endswith(("/", ":")) and ("/" in text or ":" in text)


def _united(pieces: Sequence[TextPart]) -> list[TextPart]:
    """The pieces without empty ones, adjacent known ones joined."""
    found: list[TextPart] = []
    known: list[str] = []
    for piece in (*pieces, None):
        if isinstance(piece, str):
            known.append(piece)
            continue
        text = "".join(known)
        known.clear()
        if text:
            found.append(text)
        if piece is not None:
            found.append(piece)
    return found


# Why the account, the Region and their like are not known: hardly ever what decides.
_SURROUNDINGS = lazy(
    r"AWS::(?:AccountId|Partition|Region|StackName|URLSuffix) "
    r"|data source aws_(?:caller_identity|partition|region)\."
)


def _partial_text(pieces: list[TextPart], span: Span, assumed: Assumptions) -> Unknown:
    reasons: list[str] = []
    identities: list[str] = []
    present = secret = False
    for piece in pieces:
        if isinstance(piece, str):
            identities.append(piece)
            present = True
        elif isinstance(piece, Reference):
            reasons.append(reason_of(piece, ""))
            identities.append(f"${{{piece.address}.{piece.attribute}}}")
            present = True
        else:
            reasons.append(piece.reason)
            identities.append(f"${{{piece.identity}}}" if piece.identity else "")
            present, secret = present or piece.present, secret or piece.secret
    identity = "".join(identities) if all(identities) else ""
    return Unknown(_deciding(reasons), span, tuple(pieces), identity, present, secret, assumed)


def _deciding(reasons: list[str]) -> str:
    """The first reason that is about more than where a text is deployed; else the first."""
    if len(reasons) < 2:
        return reasons[0] if reasons else ""
    return next((each for each in reasons if each and not _SURROUNDINGS.match(each)), reasons[0])


# A pattern that one of several texts matches and nothing else: `^(Enabled|Disabled)$`, `ml\\.m5\\.large`.
_ALTERNATIVES = lazy(r"\^?(?P<open>\((?:\?:)?)?(?P<texts>(?:[\w:/|-]|\\[.+-])+)(?(open)\))\$?")


def texts_of_pattern(pattern: str) -> frozenset[str] | None:
    """The texts that match a pattern as a whole, where these are few; None where that is not known."""
    match = _ALTERNATIVES.fullmatch(pattern)
    if match is None or ("|" in match["texts"] and match["open"] is None):
        return None  # `^a|b$` begins with one or ends with the other
    return frozenset(each.replace("\\", "") for each in match["texts"].split("|"))


# -- parts that are replaced


def with_values_changed(project: Project, change: Callable[[Value], Value | None]) -> Project:
    """A project with parts of its resources' properties replaced; itself where `change` has nothing."""
    resources = tuple(_with_changed(each, change) for each in project.resources)
    same = all(new is old for new, old in zip(resources, project.resources, strict=True))
    return project if same else project._replace(resources=resources)


def _with_changed(resource: Resource, change: Callable[[Value], Value | None]) -> Resource:
    new = changed(resource.properties, change)
    if new is resource.properties or not isinstance(new, MapValue):
        return resource
    return resource._replace(properties=new)


def changed(value: Value, change: Callable[[Value], Value | None]) -> Value:
    """A value in which every part that `change` has something for is replaced; itself where there is none."""
    new = change(value)
    if new is not None:
        return new
    if isinstance(value, MapValue):
        new_ones = {
            key: entry._replace(value=inner)
            for key, entry in value.entries.items()
            if (inner := changed(entry.value, change)) is not entry.value
        }
        return value._replace(entries={**value.entries, **new_ones}) if new_ones else value
    if isinstance(value, ListValue):
        items = tuple([changed(item, change) for item in value.items])
        rest = value.rest if value.rest is None else change(value.rest)
        rest = rest if isinstance(rest, Unknown) else value.rest
        same = rest is value.rest and all(new is old for new, old in zip(items, value.items, strict=True))
        return value if same else value._replace(items=items, rest=rest)
    if isinstance(value, Choice):
        return value._replace(yes=changed(value.yes, change), no=changed(value.no, change))
    if isinstance(value, Unknown) and value.parts:
        parts = list(_parts(value, change))
        if any(new is not old for new, old in zip(parts, value.parts, strict=True)):
            return assume(text_of([_as_value(part, value) for part in parts], value.span), value.assumed)
    return value


def _parts(value: Unknown, change: Callable[[Value], Value | None]) -> Iterator["str | Value"]:
    for part in value.parts:
        yield part if isinstance(part, str) else changed(part, change)


def _as_value(part: "str | Value", whole: Unknown) -> Value:
    return Scalar(part, whole.span) if isinstance(part, str) else part
