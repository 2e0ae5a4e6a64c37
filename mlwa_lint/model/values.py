"""What is known of a property before deployment.

A value is plain (`Scalar`, `ListValue`, `MapValue`), `Unknown`, a `Reference` to another resource,
a `Choice` between alternatives, or `Absent`. All are immutable and carry the place that they come
from, and the assumptions (defaults of parameters) that they rest on.
"""

from collections.abc import Mapping
from typing import TypeAlias, Union

from mlwa_lint.model.conditions import Condition, Guard
from mlwa_lint.model.spans import Span
from mlwa_lint.startup.records import NamedTuple

Assumptions: TypeAlias = frozenset[str]
NO_ASSUMPTIONS: Assumptions = frozenset()
Plain: TypeAlias = str | int | float | bool
# A piece of a text that is known in parts.
TextPart: TypeAlias = "str | Unknown | Reference"


class Scalar(NamedTuple):
    """A known text, number or truth value.

    origin: where it is written, if that is not where it is used: the argument of a module's call, a
            variable's default or the file of its values, a local value.
    """

    data: Plain
    span: Span
    assumed: Assumptions = NO_ASSUMPTIONS
    origin: Span | None = None


class Absent(NamedTuple):
    """Not given: a missing key, null, `AWS::NoValue`."""

    span: Span | None = None
    assumed: Assumptions = NO_ASSUMPTIONS


# The functions of Terraform whose result is another one in each run, and why it is not known.
NEW_IN_EACH_RUN = {
    "bcrypt": "bcrypt gives another text in every run",
    "plantimestamp": "plantimestamp is known only when it is planned",
    "timestamp": "timestamp is known only when it is applied",
    "uuid": "uuid gives another text in every run",
}
OF_EACH_RUN = frozenset(NEW_IN_EACH_RUN.values())


class Unknown(NamedTuple):
    """Decided only at deployment.

    reason:   why, as a phrase for the user: "parameter KmsKey has no default".
    parts:    for text of which some is known: the literal pieces and, between them, what is not.
    identity: equal, non-empty identities mean equal values ("parameter EndpointName").
    present:  certainly given and not empty, though its value is not known.
    secret:   comes from a secret store (dynamic reference, SSM secure string), or from a program.
    origin:   where its text is written, as of a `Scalar`.
    one_of:   the texts that it can only be one of, in order; empty where that is not known.
    least, most: the bounds of a number, both allowed; None where there is none.
    refused:  of the texts that decide much (`DECISIVE`), those that it certainly is not.
    """

    reason: str
    span: Span
    parts: "tuple[TextPart, ...]" = ()
    identity: str = ""
    present: bool = False
    secret: bool = False
    assumed: Assumptions = NO_ASSUMPTIONS
    origin: Span | None = None
    one_of: tuple[str, ...] = ()
    least: float | None = None
    most: float | None = None
    refused: tuple[str, ...] = ()


class Reference(NamedTuple):
    """Text that only deployment gives, but of a known resource (`Ref`, `Fn::GetAtt`, `aws_x.y.arn`).

    `attribute` is empty for a plain CloudFormation `Ref`. `known` is the attribute's text where the
    configuration states it (a bucket's literal name).
    """

    address: str
    attribute: str
    span: Span
    known: str | None = None
    assumed: Assumptions = NO_ASSUMPTIONS


class ListValue(NamedTuple):
    """A list; `rest` is whether it may have further items that are not known."""

    items: "tuple[Value, ...]"
    span: Span
    rest: Unknown | None = None
    assumed: Assumptions = NO_ASSUMPTIONS


class Entry(NamedTuple):
    """A key's value in a map, and how and where the user wrote the key."""

    key_span: Span
    value: "Value"
    label: str = ""


class MapValue(NamedTuple):
    """A map; `rest` is whether it may have further keys that are not known."""

    entries: Mapping[str, Entry]
    span: Span
    rest: Unknown | None = None
    assumed: Assumptions = NO_ASSUMPTIONS

    def value(self, key: str) -> "Value":
        """The value of a key: unknown where the map may have it, absent where it certainly has not."""
        entry = self.entries.get(key)
        if entry is not None:
            return entry.value
        return Absent(self.span) if self.rest is None else self.rest


class Choice(NamedTuple):
    """Two alternatives, of which a condition selects one; alternatives can be choices again."""

    condition: Condition
    yes: "Value"
    no: "Value"
    span: Span
    assumed: Assumptions = NO_ASSUMPTIONS


Value: TypeAlias = Union[Scalar, Absent, Unknown, Reference, ListValue, MapValue, Choice]

ABSENT = Absent()
# Every address, of both versions, and everyone: a pattern that no such text matches decides much.
EVERY_ADDRESS = ("0.0.0.0/0", "::/0")
DECISIVE = (*EVERY_ADDRESS, "*")
# How the identity of what Base64 makes of a text starts.
ENCODED = "base64encode("
# Why the place is not known to which AWS's tools upload what they pack or build.
UPLOADED = "it is known only when the template is packaged"
# The identity of the account of an image that the SDK takes from AWS, and why the rest of one is not known.
SDK_ACCOUNT = "the account of AWS's images"
SDK_CHOICE = "the SDK chooses the image"
# Why a name is unknown that the SDK makes: nothing else can hold it.
SDK_NAME = "the SDK makes a name"
# How the identity of the part of an image starts that the SDK chooses by an instance type, which follows.
CHOSEN_FOR = "chosen for "
# Why nothing is known of a policy that AWS rejects; a notice names its fault.
REJECTED = "a policy is not valid JSON"
# How a reason ends that is none: the function is called elsewhere, and checked there with its arguments.
JUDGED_WHERE_CALLED = ", which is judged where it is called"
# In the reason of what a state reads by a path: whoever starts the execution gives it.
READ_BY_PATH = " comes from $"
# What the reason for an unknown VPC states of the one that every account has in a Region.
DEFAULT_VPC = "the default VPC"
# How the identity of an environment variable of a program starts.
ENVIRONMENT = "environment "


def known_text(value: Value) -> str | None:
    """The value as text when all of it is known; None otherwise (also for maps and lists)."""
    if isinstance(value, Scalar):
        return plain_text(value.data)
    if isinstance(value, Reference):
        return value.known
    if isinstance(value, Unknown) and value.parts:
        pieces = [part if isinstance(part, str) else known_text(part) for part in value.parts]
        return None if None in pieces else "".join(piece for piece in pieces if piece is not None)
    return None


def identity_of(value: Value) -> str:
    """What equal texts have in common, of known and unknown ones; empty where nothing shows that."""
    text = known_text(value)
    if text is not None:
        return f"={text}"
    return value.identity if isinstance(value, Unknown) else ""


def about(reason: str, name: str) -> str:
    """A reason that calls its value "it", with the value's name; any other reason as it is."""
    return f"{name}{reason[2:]}" if name and reason.startswith("it ") else reason


def tail_of(value: Value) -> str:
    """What is known of the end of a text that names a place: all of it, or what follows the unknown parts."""
    text = known_text(value)
    if text is None and isinstance(value, Unknown) and value.parts:
        last = value.parts[-1]
        text = last if isinstance(last, str) else None
    return (text or "").partition("?")[0].rpartition("://")[2]


def returned(reference: Reference) -> Unknown:
    """An attribute that a program returns: it may be the name of any other resource.

    It still leads to the resource that returns it. It is not a text of the sources: a password is none
    either.
    """
    identity = f"{reference.address}.{reference.attribute}"
    reason = f"{identity.removesuffix('.')} is what deployment returns"
    return Unknown(reason, reference.span, (reference,), identity, secret=True, assumed=reference.assumed)


def plain_text(data: Plain) -> str:
    """A scalar as CloudFormation and Terraform turn it into text: `true`, `3`, `0.5`."""
    if data.__class__ is str:
        return data
    if isinstance(data, bool):
        return "true" if data else "false"
    if isinstance(data, float) and data.is_integer():
        return str(int(data))
    text = str(data)
    if isinstance(data, float) and "e" in text:
        # Neither writes an exponent: 1e-07 is 0.0000001.
        from decimal import Decimal

        return format(Decimal(text), "f")
    return text


def assume(value: Value, assumed: Assumptions) -> Value:
    """The same value, resting on further assumptions (also for what it contains)."""
    if not assumed:
        return value
    union = value.assumed | assumed
    if isinstance(value, ListValue):
        return value._replace(items=tuple(assume(item, assumed) for item in value.items), assumed=union)
    if isinstance(value, MapValue):
        if not isinstance(value.entries, dict):
            # Entries that are evaluated on demand; whoever reads them adds the map's assumptions.
            return value._replace(assumed=union)
        entries = {k: e._replace(value=assume(e.value, assumed)) for k, e in value.entries.items()}
        return value._replace(entries=entries, assumed=union)
    if isinstance(value, Choice):
        return value._replace(yes=assume(value.yes, assumed), no=assume(value.no, assumed), assumed=union)
    return value._replace(assumed=union)


def placed(value: Value, span: Span) -> Value:
    """The same value, reported at another place (where it is used rather than where it is defined)."""
    return value._replace(span=span)


def origin_of(value: Value) -> Span | None:
    """Where a value's text is written, if that is in another file than where it is used."""
    if not isinstance(value, Scalar) or value.origin is None:
        return None
    path = value.origin.path
    return None if path.startswith("<") or path == value.span.path else value.origin


class Alternative(NamedTuple):
    """One of a value's alternatives, free of choices at its top, and the guards that lead to it."""

    value: "Scalar | Absent | Unknown | Reference | ListValue | MapValue"
    guards: tuple[Guard, ...]


def alternatives(value: Value, guards: tuple[Guard, ...] = ()) -> list[Alternative]:
    """All alternatives of a value; contradictory guards on the same condition are left out."""
    if not isinstance(value, Choice):
        return [Alternative(value, guards)]
    found: list[Alternative] = []
    for holds, branch in ((True, value.yes), (False, value.no)):
        for guard in guards:
            if guard.holds is not holds and guard.condition.name == value.condition.name:
                break
        else:
            guard = Guard(value.condition, holds)
            found += alternatives(branch, guards if guard in guards else (*guards, guard))
    return found


def references_in(value: Value, guards: tuple[Guard, ...] = ()) -> list[tuple[Reference, tuple[Guard, ...]]]:
    """Every reference anywhere in a value, with the guards under which it is there."""
    found: list[tuple[Reference, tuple[Guard, ...]]] = []
    for alternative in alternatives(value, guards):
        inner = alternative.value
        if isinstance(inner, Reference):
            found.append((inner, alternative.guards))
        elif isinstance(inner, Unknown):
            for part in inner.parts:
                if not isinstance(part, str):
                    found += references_in(part, alternative.guards)
        elif isinstance(inner, ListValue):
            for item in inner.items:
                found += references_in(item, alternative.guards)
        elif isinstance(inner, MapValue):
            for entry in inner.entries.values():
                found += references_in(entry.value, alternative.guards)
    return found
