"""Whether a value counts as true, and which open condition decides where that is not known."""

import ast

from mlwa_lint.frontends.python.evaluation.core import Core
from mlwa_lint.frontends.python.evaluation.values import (
    DictObj,
    External,
    ListObj,
    PyValue,
    assumptions_of,
    options,
)
from mlwa_lint.model.conditions import Condition, Guard
from mlwa_lint.model.values import Absent, Assumptions, Choice, Reference, Scalar, Unknown

# How the reasons begin for which answers of a person are not known.
_PROMPTS = ("input() ", "click.confirm() ", "click.prompt() ", "typer.confirm() ", "typer.prompt() ")
# How the identity of a negated value starts.
NOT = "not "
_CONTRARIES: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.NotEq: ast.Eq,
    ast.IsNot: ast.Is,
    ast.NotIn: ast.In,
}


def truth_of(value: PyValue) -> bool | None:
    """Whether a value is true, None when that is not known."""
    if isinstance(value, Scalar):
        return bool(value.data)
    if isinstance(value, Absent):
        return False
    if isinstance(value, Unknown):
        return True if any(isinstance(part, str) and part for part in value.parts) else None
    if isinstance(value, ListObj):
        # What may have further items may have none: those of a loop or a filter count as well.
        return bool(value.values) if value.rest is None else None
    if isinstance(value, DictObj):
        return True if value.items() else None if value.rest else False
    if isinstance(value, Choice):
        yes, no = truth_of(value.yes), truth_of(value.no)
        return yes if yes is no else None
    return None if is_name_of_others(value) else True


def is_name_of_others(value: PyValue) -> bool:
    """Whether a value is a name of a module that is not here (`from config import DEBUG`): anything."""
    return isinstance(value, External) and "." in value.path


def decided(core: Core, value: PyValue, node: ast.expr) -> bool | Guard:
    """Whether an expression with this value is true, or the guard under which it is."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        # What it negates is one condition with it: `if serverless: …` before `if not serverless: …`.
        if isinstance(value, Scalar) and value.assumed:
            inner = decided(core, value._replace(data=not value.data), node.operand)
            return Guard(inner.condition, not inner.holds) if isinstance(inner, Guard) else not inner
        if isinstance(value, Unknown):
            inner = decided(core, value, node.operand)
            return Guard(inner.condition, not inner.holds) if isinstance(inner, Guard) else inner
    if isinstance(value, Choice):
        yes, no = truth_of(value.yes), truth_of(value.no)
        # What holds by default alone is open, as outside of a choice: `path == "/ask" and verb == "POST"`.
        if yes is not None and yes is no and not _rests_on(value):
            return yes
        if yes is not None and no is not None and yes is not no:
            return Guard(value.condition, yes)
    truth = truth_of(value)
    assumed = _rests_on(value)
    if truth is not None and not assumed:
        return truth
    key = ", ".join(sorted(assumed)) or _identity(value) or core.number()
    if isinstance(value, Unknown) and value.identity.startswith(NOT) and isinstance(node, ast.Compare):
        contrary = _CONTRARIES.get(type(node.ops[0]))
        if contrary is not None and len(node.ops) == 1:
            # `a != b` tests the same as `a == b`: both are one condition.
            tested = ast.Compare(node.left, [contrary()], node.comparators)
            return Guard(core.condition(tested, key, truth, assumed, _is_prompted(value)), False)
    if isinstance(node, ast.Name | ast.Attribute) and isinstance(value, Scalar | Unknown):
        # `serverless` and the `self.serverless` that it was stored in are one condition.
        place = value.span if isinstance(value, Scalar) else None
        node = core.named.setdefault((key, repr(truth), place), node)
    condition = core.condition(node, key, truth, assumed, _is_prompted(value))
    if isinstance(value, Choice):
        core.tested[condition.name] = value
        if not assumed:
            _exclude(core, condition, value)
    return Guard(condition, True)


def _rests_on(value: PyValue) -> Assumptions:
    """What a value rests on, whichever of its alternatives it is."""
    if isinstance(value, Choice):
        return value.assumed | _rests_on(value.yes) | _rests_on(value.no)
    return assumptions_of(value)


def _exclude(core: Core, condition: Condition, value: Choice) -> None:
    """Notes what cannot hold together: an alternative that is certainly true, and a condition that is not."""
    for option, guards in options(value):
        truth = truth_of(option)
        if truth is not None and guards and not assumptions_of(option):
            core.stops.exclude((*guards, Guard(condition, not truth)))


def _is_prompted(value: PyValue) -> bool:
    return isinstance(value, Unknown) and value.reason.startswith(_PROMPTS)


def _identity(value: PyValue) -> str:
    if isinstance(value, Unknown):
        return value.identity.removeprefix(NOT)
    if isinstance(value, External):
        return value.path
    if isinstance(value, Reference):
        return f"{value.address}.{value.attribute}"
    return ""
