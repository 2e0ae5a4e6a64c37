"""Values that depend on conditions: made, narrowed, and mapped alternative by alternative."""

from collections.abc import Callable, Sequence

from mlwa_lint.model.budget import budget
from mlwa_lint.model.conditions import Condition
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import Choice, Unknown, Value, alternatives

ALTERNATIVES_LIMIT = 64


def choose(condition: Condition, yes: Value, no: Value, span: Span) -> Value:
    """A choice, narrowed by what each branch already implies; no choice when both are the same."""
    yes, no = narrow(yes, condition, True), narrow(no, condition, False)
    if yes == no:
        return yes
    return Choice(condition, yes, no, span)


def narrow(value: Value, condition: Condition, holds: bool) -> Value:
    """The value where a condition is known to hold or not, at its top level."""
    return _narrow(value, condition.name, holds, {}) if isinstance(value, Choice) else value


def _narrow(value: Choice, name: str, holds: bool, seen: dict[int, Value]) -> Value:
    """`seen`: what was narrowed before; alternatives share their parts, and there are many ways to each."""
    found = seen.get(id(value))
    if found is None:
        if value.condition.name == name:
            found = value.yes if holds else value.no
            if isinstance(found, Choice):
                found = _narrow(found, name, holds, seen)
        else:
            yes, no = value.yes, value.no
            if isinstance(yes, Choice):
                yes = _narrow(yes, name, holds, seen)
            if isinstance(no, Choice):
                no = _narrow(no, name, holds, seen)
            found = value if yes is value.yes and no is value.no else value._replace(yes=yes, no=no)
        seen[id(value)] = found
    return found


def over_alternatives(values: Sequence[Value], make: Callable[[Sequence[Value]], Value], span: Span) -> Value:
    """Applies a function to every combination of the values' alternatives; the result is a choice again."""
    combinations = 1
    for value in values:
        if isinstance(value, Choice):
            combinations *= len(alternatives(value))
    if combinations > ALTERNATIVES_LIMIT:
        return Unknown(f"more than {ALTERNATIVES_LIMIT} alternatives", span)
    if combinations > 1 and (why := budget().for_nodes(combinations * len(values))):
        return Unknown(why, span)
    return _distribute(values, make, span)


def _distribute(values: Sequence[Value], make: Callable[[Sequence[Value]], Value], span: Span) -> Value:
    for value in values:
        if isinstance(value, Choice):
            condition = value.condition
            yes = _distribute([narrow(v, condition, True) for v in values], make, span)
            no = _distribute([narrow(v, condition, False) for v in values], make, span)
            return choose(condition, yes, no, span)
    return make(values)
