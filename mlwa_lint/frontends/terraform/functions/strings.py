"""Functions on text."""

import unicodedata

from mlwa_lint.frontends.failures import reason_of
from mlwa_lint.frontends.identities import identity_of_call
from mlwa_lint.frontends.terraform.functions.compare import is_filled
from mlwa_lint.frontends.terraform.functions.data import (
    CannotError,
    NotKnownError,
    text_data,
    texted,
    undecided,
)
from mlwa_lint.frontends.terraform.functions.kinds import (
    Function,
    FunctionCall,
    PlainFunction,
    Structural,
    apply_plain,
    mentions,
)
from mlwa_lint.frontends.texts import Encoded, text_of
from mlwa_lint.model.values import (
    Absent,
    ListValue,
    MapValue,
    Scalar,
    Unknown,
    Value,
    known_text,
)

TEXT_LIMIT = 1 << 20
_MARKS = ("Mn", "Me", "Mc")
_JOINER = "\u200d"
# What Go's unicode.IsSpace takes as white space.
_SPACE = (
    "\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000"
    "\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
)

# A text may be split into as many pieces.
_PIECES_LIMIT = 50_000


def characters(text: str) -> list[str]:
    """The text in the characters that a reader sees (the common grapheme clusters)."""
    found: list[str] = []
    flags = 0
    for point in text:
        flag = "\U0001f1e6" <= point <= "\U0001f1ff"
        extends = found and (
            unicodedata.category(point) in _MARKS
            or point == _JOINER
            or "\U0001f3fb" <= point <= "\U0001f3ff"
            or found[-1].endswith(_JOINER)
            or (point == "\n" and found[-1] == "\r")
            or (flag and flags % 2 == 1)
        )
        flags = flags + 1 if flag else 0
        if extends:
            found[-1] += point
        else:
            found.append(point)
    return found


def lengthened(length: int) -> None:
    """Refuses to make a text beyond the limit."""
    if length > TEXT_LIMIT:
        raise CannotError("make so long a text")


def _each_point(text: str, turn: str) -> str:
    # Terraform maps one code point to one: ß stays ß, İ becomes i.
    turned = [getattr(point, turn)() for point in text]
    single = [new if len(new) == 1 or turn == "lower" else old for old, new in zip(text, turned, strict=True)]
    return "".join(point[0] for point in single)


def _title(text: str) -> str:
    def is_separator(point: str) -> bool:
        return not (point.isalnum() or point == "_") if point.isascii() else point in _SPACE

    previous = " "
    found: list[str] = []
    for point in text:
        upper = point.title() if is_separator(previous) else point
        found.append(upper if len(upper) == 1 else point)
        previous = point
    return "".join(found)


def _indent(spaces: int, text: str) -> str:
    if not 0 <= spaces <= TEXT_LIMIT:
        raise CannotError(f"indent by {spaces} spaces")
    lengthened(len(text) + text.count("\n") * spaces)
    return text.replace("\n", "\n" + " " * spaces)


def _replace(text: str, part: str, by: str) -> str:
    if len(part) > 1 and part.startswith("/") and part.endswith("/"):
        from mlwa_lint.frontends.terraform.functions.patterns import replaced

        return replaced(text, part[1:-1], by)
    lengthened(len(text) + (text.count(part) if part else len(text) + 1) * len(by))
    return text.replace(part, by)


def _substr(text: str, offset: int, length: int) -> str:
    clusters = characters(text)
    if offset < 0:
        offset = max(len(clusters) + offset, 0)
    if offset >= len(clusters) or length == 0:
        return ""
    return "".join(clusters[offset:] if length < 0 else clusters[offset : offset + length])


def _join(call: FunctionCall) -> Value:
    separator, lists = call.arguments[0], call.arguments[1:]
    if not lists:
        raise CannotError("join without a list")
    parts: list[Value] = []
    length = 0
    only = lists[0].items if len(lists) == 1 and isinstance(lists[0], ListValue) else ()
    if len(only) == 1 and isinstance(only[0], Encoded):
        return only[0]
    for items in lists:
        if not isinstance(items, ListValue) or items.rest is not None:
            if isinstance(items, (Scalar, Absent, MapValue)):
                raise CannotError("join what is not a list")
            return _open_text(call, items)
        for item in items.items:
            if isinstance(item, Absent):
                raise CannotError("join null")
            if isinstance(item, (ListValue, MapValue)):
                item = Scalar(text_data(item), item.span or call.span, item.assumed)
            if parts:
                parts.append(separator)
            parts.append(texted(item))
            length += len(known_text(item) or "") + len(known_text(separator) or "")
            lengthened(length)
    return text_of(parts or [Scalar("", call.span)], call.span)


def _open_text(call: FunctionCall, value: Value) -> Unknown:
    rest = value.rest if isinstance(value, ListValue) and value.rest is not None else value
    filled = isinstance(value, ListValue) and any(is_filled(item) or known_text(item) for item in value.items)
    reason = reason_of(rest, "it depends on a condition")
    secret = isinstance(rest, Unknown) and rest.secret
    # Of what is made of a variable alone, as much is known as of the variable.
    identity = identity_of_call(call.name, call.arguments)
    return Unknown(reason, call.span, mentions(call, reason, identity), identity, filled, secret)


def _split(call: FunctionCall) -> Value:
    separator, text = call.arguments
    by = text_data(separator)
    whole = known_text(text) if not isinstance(text, Scalar) else text_data(text)
    if whole is None and isinstance(text, Unknown) and by:
        return _split_parts(call, by, text)
    if whole is None:
        whole = text_data(text)
    if (whole.count(by) if by else len(whole)) > _PIECES_LIMIT:
        raise undecided(f"a list would have more than {_PIECES_LIMIT:,} items")
    if not by:
        return ListValue(tuple(Scalar(c, call.span) for c in characters(whole)), call.span)
    return ListValue(tuple(Scalar(piece, call.span) for piece in whole.split(by)), call.span)


def _split_parts(call: FunctionCall, by: str, text: Unknown) -> Value:
    """Splits the literal start of a text; what follows the first unknown piece is not known."""
    if not text.parts or not isinstance(text.parts[0], str):
        raise NotKnownError(text)
    pieces = text.parts[0].split(by)
    items = tuple(Scalar(piece, call.span) for piece in pieces[:-1])
    return ListValue(items, call.span, Unknown(text.reason, call.span, secret=text.secret))


def _affix(call: FunctionCall) -> Value:
    """`startswith`, `endswith`: the literal start or end of a partly known text can be enough."""
    text, affix = call.arguments
    wanted, whole = text_data(affix), known_text(text)
    starts = call.name == "startswith"
    if whole is None and isinstance(text, Unknown) and text.parts:
        edge = text.parts[0 if starts else -1]
        if isinstance(edge, str):
            if starts and (edge.startswith(wanted) or not wanted.startswith(edge)):
                return Scalar(edge.startswith(wanted), call.span)
            if not starts and (edge.endswith(wanted) or not wanted.endswith(edge)):
                return Scalar(edge.endswith(wanted), call.span)
    whole = text_data(text)
    return Scalar(whole.startswith(wanted) if starts else whole.endswith(wanted), call.span)


def _contains(call: FunctionCall) -> Value:
    text, wanted = call.arguments[0], text_data(call.arguments[1])
    if isinstance(text, Unknown) and any(isinstance(part, str) and wanted in part for part in text.parts):
        return Scalar(True, call.span)
    return Scalar(wanted in text_data(text), call.span)


def _trimmed_affix(call: FunctionCall) -> Value:
    """`trimprefix`, `trimsuffix`: cut from the literal edge of a partly known text where it decides."""
    text, affix = call.arguments[0], text_data(call.arguments[1])
    starts = call.name == "trimprefix"
    if isinstance(text, Unknown) and text.parts and known_text(text) is None:
        position = 0 if starts else len(text.parts) - 1
        edge = text.parts[position]
        if isinstance(edge, str) and len(edge) >= len(affix):
            cut = edge.removeprefix(affix) if starts else edge.removesuffix(affix)
            kept = (*text.parts[:position], *((cut,) if cut else ()), *text.parts[position + 1 :])
            return text_of([Scalar(p, call.span) if isinstance(p, str) else p for p in kept], call.span)
    whole = str.removeprefix if starts else str.removesuffix
    return apply_plain(PlainFunction("ss", whole, filled="", text=True), call)


def _trimmed_blanks(call: FunctionCall) -> Value:
    """`trimspace`, `chomp`: cut from the literal edges of a partly known text, as of a heredoc."""
    (text,) = call.arguments
    both = call.name == "trimspace"
    if isinstance(text, Unknown) and text.parts and known_text(text) is None and not _is_mention(text):
        parts = list(text.parts)
        if isinstance(parts[-1], str):
            parts[-1] = parts[-1].rstrip(_SPACE) if both else _chomped(parts[-1])
        if both and isinstance(parts[0], str):
            parts[0] = parts[0].lstrip(_SPACE)
        # What is not known at an edge is taken to have no blanks: nothing that AWS or a variable names has.
        kept = [part for part in parts if part != ""]
        return text_of([Scalar(p, call.span) if isinstance(p, str) else p for p in kept], call.span)
    return apply_plain(PlainFunction("s", _stripped if both else _chomped, filled="", text=True), call)


def _is_mention(text: Unknown) -> bool:
    """Whether only resources are known that a text rests on, and not where they are in it."""
    return not any(isinstance(part, str) for part in text.parts)


def _stripped(text: str) -> str:
    return text.strip(_SPACE)


def _chomped(text: str) -> str:
    return text.rstrip("\r\n")


FUNCTIONS: dict[str, Function] = {
    "chomp": Structural(_trimmed_blanks, 1, 1),
    "endswith": Structural(_affix, 2, 2),
    "indent": PlainFunction("ws", _indent, filled="", text=True),
    "join": Structural(_join, 1),
    "lower": PlainFunction("s", lambda text: _each_point(text, "lower"), filled="like", text=True),
    "replace": PlainFunction("sss", _replace, filled="", text=True),
    "split": Structural(_split, 2, 2),
    "startswith": Structural(_affix, 2, 2),
    "strcontains": Structural(_contains, 2, 2),
    "strrev": PlainFunction("s", lambda text: "".join(reversed(characters(text))), filled="like", text=True),
    "substr": PlainFunction("sww", _substr, filled="", text=True),
    "title": PlainFunction("s", _title, filled="like", text=True),
    "trim": PlainFunction("ss", lambda text, cut: text.strip(cut) if cut else text, filled="", text=True),
    "trimprefix": Structural(_trimmed_affix, 2, 2),
    "trimspace": Structural(_trimmed_blanks, 1, 1),
    "trimsuffix": Structural(_trimmed_affix, 2, 2),
    "upper": PlainFunction("s", lambda text: _each_point(text, "upper"), filled="like", text=True),
}
