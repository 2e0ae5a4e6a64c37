"""Values that a condition decides on, and what needs no condition."""

from typing import Any, TypeGuard, cast

from mlwa_lint.frontends.choices import ALTERNATIVES_LIMIT, choose
from mlwa_lint.frontends.python.evaluation.values import CONDITION_KEY, DictObj, ListObj, PyValue
from mlwa_lint.model.conditions import Condition
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import ENVIRONMENT, Absent, Choice, Scalar, Unknown

_IS_NONE = " == None"
# How the assumption about an environment variable that is not set starts.
OF_VARIABLE = "the default of environment variable "
# Characters; identities within it can be read in a debugger, longer ones stand for too many alternatives.
_IDENTITY_LENGTH = 500


def fork(
    condition: Condition,
    yes: PyValue,
    no: PyValue,
    span: Span,
    tested: PyValue | None = None,
    handed: bool | None = None,
) -> PyValue:
    """One of two values, as a condition has it; unknown where that makes too many of them.

    `given if given else None` is `given` itself, which may be absent wherever it is used.
    tested: the value whose truth the condition is, if it is one.
    handed: whether what the condition tests is passed on where it holds, or where it does not; then
            the other side gives nothing, since nothing was stated to be missing there.
    """
    if isinstance(tested, Choice) and tested == yes and isinstance(no, Absent) and not no.assumed:
        return yes
    subject = condition.name.partition(CONDITION_KEY)[2]
    if _hands_on(subject, yes, no):
        return yes
    if subject.endswith(_IS_NONE) and _hands_on(subject.removesuffix(_IS_NONE), no, yes):
        return no
    usual = _usual(subject, yes, no) or _usual(subject.removesuffix(_IS_NONE), no, yes)
    if usual is not None:
        return usual
    if handed is True and _is_nothing(no):
        no = _given_only_where(condition, "holds", span)
    elif handed is False and _is_nothing(yes):
        yes = _given_only_where(condition, "does not hold", span)
    alike = _equally_unknown(condition, yes, no, span)
    if alike is not None:
        return alike
    found: PyValue = choose(condition, cast(Any, yes), cast(Any, no), span)
    if _has_many_alternatives(found):
        return Unknown(f"it has more than {ALTERNATIVES_LIMIT} alternatives", span)
    return found


def _equally_unknown(condition: Condition, yes: PyValue, no: PyValue, span: Span) -> Unknown | None:
    """What two values have in common of which nothing is known that distinguishes them.

    What depends on such a choice alone needs no two worlds. Where one of them is what a default gives, the
    other is given in its place, and is not asked.
    """
    if not isinstance(yes, Unknown) or not isinstance(no, Unknown) or condition.default is not None:
        return None
    if yes.identity == no.identity != "" and yes.assumed == no.assumed:
        return yes
    if _known_of(yes, span) != _known_of(no, span):
        return None
    return yes._replace(identity=_identity_of_both(condition, yes.identity, no.identity))


def _identity_of_both(condition: Condition, yes: str, no: str) -> str:
    """What identifies one of two values, of a length that does not grow with each further alternative."""
    if not yes or not no:
        return ""
    both = f"({yes} or {no} as {condition.name} has it)"
    if len(both) <= _IDENTITY_LENGTH:
        return both
    from hashlib import blake2b

    return f"one of several as {blake2b(both.encode(errors='surrogatepass'), digest_size=16).hexdigest()}"


def _known_of(value: Unknown, span: Span) -> Unknown:
    """A value without what only explains it."""
    return value._replace(reason="", span=span, identity="", origin=None)


def _given_only_where(condition: Condition, holds: str, span: Span) -> Unknown:
    """What is handed on under a condition: where it does not hold, nothing was stated to be missing."""
    identity = f"where {condition.name} {holds}, {span.path}:{span.line}:{span.column}"
    return Unknown(f"it is given only where {condition.text} {holds}", span, identity=identity)


def _hands_on(subject: str, given: PyValue, otherwise: PyValue) -> bool:
    """Whether a value is what its condition tests, and nothing is taken in its place."""
    return isinstance(given, Unknown) and given.identity == subject != "" and _is_nothing(otherwise)


def _usual(subject: str, given: PyValue, otherwise: PyValue) -> Scalar | None:
    """What is taken where a variable is not set: `os.environ.get("SIZE") or 1`, and its other forms."""
    name = subject.removeprefix(ENVIRONMENT)
    if name == subject or not isinstance(given, Unknown) or given.identity != subject:
        return None
    return by_variable(name, otherwise)


def by_variable(name: str, default: PyValue) -> Scalar | None:
    """A text or number that is taken where an environment variable is not set, under that assumption."""
    if not isinstance(default, Scalar) or isinstance(default.data, bool) or default.data == "":
        return None
    return default._replace(assumed=default.assumed | {f"{OF_VARIABLE}{name}"})


def is_empty(value: PyValue) -> TypeGuard[DictObj | ListObj | Absent]:
    """Whether a value is None, an empty dictionary or list."""
    if isinstance(value, DictObj):
        return not value.cells
    if isinstance(value, ListObj):
        return not value.values and value.rest is None
    return isinstance(value, Absent)


def _is_nothing(value: PyValue) -> bool:
    """Whether a value is what a program takes so that nothing fails, and rests on no assumption."""
    return is_empty(value) and not value.assumed


def _has_many_alternatives(value: PyValue) -> bool:
    """Whether there are more ways through a choice than are followed; shared parts count for each way."""
    pending, ends = [value], 0
    while pending:
        each = pending.pop()
        if isinstance(each, Choice):
            pending += (each.yes, each.no)
        else:
            ends += 1
        if ends + len(pending) > ALTERNATIVES_LIMIT:
            return True
    return False
