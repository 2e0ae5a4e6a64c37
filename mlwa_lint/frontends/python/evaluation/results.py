"""What functions give whose bodies end under conditions."""

from mlwa_lint.frontends.python.evaluation.core import Core
from mlwa_lint.frontends.python.evaluation.flows import Flow, Partly, Returned
from mlwa_lint.frontends.python.evaluation.values import PyValue
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import Absent, Scalar


def chosen(core: Core, flow: Partly, otherwise: PyValue) -> PyValue:
    """The value with which a function returns, another one where it goes on."""
    value = otherwise
    for guard, returned in reversed(flow.returns):
        yes, no = (returned, value) if guard.holds else (value, returned)
        span = _span_of(returned) or _span_of(value) or Span("", 1, 1, 1, 1)
        value = core.fork(guard.condition, yes, no, span)
    return value


def result_of(core: Core, flow: Flow | None, span: Span) -> PyValue:
    """What a function whose body ended like this gives."""
    if isinstance(flow, Returned):
        return flow.value
    if isinstance(flow, Partly):
        # A caller that uses what is found does not mean to use None.
        missed = flow.searched and all(_is_found(value) for _, value in flow.returns)
        return chosen(core, flow, core.unknown("a loop may find nothing", span) if missed else Absent(span))
    return Absent(span)


def _is_found(value: PyValue) -> bool:
    """Whether a value is something to look for, rather than whether there is such a thing."""
    return not isinstance(value, Absent) and not (isinstance(value, Scalar) and isinstance(value.data, bool))


def _span_of(value: PyValue) -> Span | None:
    span = getattr(value, "span", None)
    return span if isinstance(span, Span) else None
