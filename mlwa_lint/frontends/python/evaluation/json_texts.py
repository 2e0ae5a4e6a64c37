"""Structures of a program as JSON: written, and read again."""

from collections.abc import Callable

from mlwa_lint.frontends.python.evaluation.core import Core
from mlwa_lint.frontends.python.evaluation.forks import fork
from mlwa_lint.frontends.python.evaluation.outputs import StateText, is_read_back
from mlwa_lint.frontends.python.evaluation.subscripts import resting_on
from mlwa_lint.frontends.python.evaluation.values import DictObj, JsonText, ListObj, PyValue, Site
from mlwa_lint.frontends.python.limits import TEXT_LIMIT
from mlwa_lint.model.spans import Span, start_of
from mlwa_lint.model.values import Choice, Scalar, Unknown


def dumps(core: Core, site: Site) -> PyValue | None:
    """`json.dumps`."""
    return _dumped(site.first(), site.span)


def _dumped(value: PyValue | None, span: Span) -> PyValue | None:
    """The text of a structure; of one of several, that of each."""
    if isinstance(value, Choice):
        return of_each(value, _dumped, span)
    if value is not None and is_read_back(value):
        return value  # the text that Terraform puts out is JSON already, for what is not a text
    return JsonText(value) if isinstance(value, (DictObj, ListObj)) else None


def loads(core: Core, site: Site) -> PyValue | None:
    """`json.loads`; of a text that is not known, why it is not."""
    value = site.first()
    if isinstance(value, Unknown) and not value.parts and value.reason:
        identity = f"{value.identity} as JSON" if value.identity else core.number()
        return Unknown(value.reason, site.span, identity=identity, secret=value.secret, assumed=value.assumed)
    return _loaded(value, site.span)


def _loaded(value: PyValue | None, span: Span) -> PyValue | None:
    """The structure in a text; in one of several, that in each."""
    if isinstance(value, Choice):
        return of_each(value, _loaded, span)
    if isinstance(value, JsonText):
        return value.structure
    if isinstance(value, StateText):
        return value.state
    if isinstance(value, Scalar) and isinstance(value.data, str) and len(value.data) <= TEXT_LIMIT:
        import json

        from mlwa_lint.frontends.python.evaluation.data import as_value, places_in

        origin = value.origin
        path = origin.path if origin is not None and origin == start_of(origin.path) else ""
        try:
            data = json.loads(value.data)
            return resting_on(as_value(data, value.span, places_in(value.data, path)), value)
        except (ValueError, RecursionError):
            return None
    return None


def of_each(
    value: Choice, make: Callable[[PyValue | None, Span], PyValue | None], span: Span
) -> PyValue | None:
    """What is made of one of several values: one of several as well, if that is known of each."""
    yes, no = make(value.yes, span), make(value.no, span)
    return None if yes is None or no is None else fork(value.condition, yes, no, span)
