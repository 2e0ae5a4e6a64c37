"""What equal values have in common that are not known, also those that functions make of them.

A function that gives the same for the same arguments makes of one unknown value one other, wherever it is.
"""

from collections.abc import Sequence

from mlwa_lint.frontends.failures import is_failure
from mlwa_lint.model.values import Absent, ListValue, MapValue, Reference, Scalar, TextPart, Unknown, Value

# A longer identity is of little use, and costs much.
_LENGTH = 2_000


def identity_of(value: Value) -> str:
    """What equal values have in common; empty when nothing is known of that."""
    if isinstance(value, Scalar):
        return repr(value.data)
    if isinstance(value, Reference):
        return f"{value.address}.{value.attribute}"
    if isinstance(value, ListValue):
        return _united((*map(identity_of, value.items), *_identity_of_rest(value.rest)), "[]")
    if isinstance(value, MapValue) and isinstance(value.entries, dict):
        inside = (_identity_of_entry(key, entry.value) for key, entry in value.entries.items())
        return _united((*inside, *_identity_of_rest(value.rest)), "{}")
    if isinstance(value, Absent):
        return "null"
    return value.identity if isinstance(value, Unknown) else ""


def identity_of_call(name: str, arguments: Sequence[Value]) -> str:
    """What equal results of a function have in common, that of the same arguments always gives the same."""
    return _united([*map(identity_of, arguments)], "()", name)


def identified(result: Value, name: str, arguments: Sequence[Value]) -> Value:
    """The result of such a function, known to be the same wherever equal arguments are given."""
    if isinstance(result, Unknown) and not is_failure(result):
        identity = result.identity or identity_of_call(name, arguments)
        return _with_parts(result, identity) if identity else result
    if isinstance(result, (ListValue, MapValue)) and result.rest is not None and not result.rest.identity:
        return result._replace(rest=result.rest._replace(identity=identity_of_call(name, arguments)))
    return result


def _with_parts(value: Unknown, identity: str) -> Unknown:
    """A text with an identity; what is not known around the resources that it names is the same, too."""
    parts: list[TextPart] = []
    for position, part in enumerate(value.parts):
        if isinstance(part, Unknown) and not part.identity:
            part = part._replace(identity=f"{identity}#{position}")
        parts.append(part)
    return value._replace(parts=tuple(parts), identity=identity)


def _united(identities: Sequence[str], around: str, name: str = "") -> str:
    if not all(identities) or sum(map(len, identities)) > _LENGTH:
        return ""
    return f"{name}{around[0]}{', '.join(identities)}{around[1]}"


def _identity_of_entry(key: str, value: Value) -> str:
    identity = identity_of(value)
    return f"{key}: {identity}" if identity else ""


def _identity_of_rest(rest: Unknown | None) -> tuple[str, ...]:
    return () if rest is None else (rest.identity and f"...{rest.identity}",)
