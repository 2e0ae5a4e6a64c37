"""Functions that are handed to something which calls them: pools, threads, event loops, retries."""

from mlwa_lint.frontends.python.evaluation.callables import Partial
from mlwa_lint.frontends.python.evaluation.core import Core
from mlwa_lint.frontends.python.evaluation.subscripts import items_of
from mlwa_lint.frontends.python.evaluation.values import (
    BuiltinMethod,
    ClassObj,
    DictObj,
    External,
    FunctionObj,
    Handle,
    KeywordArgument,
    ListObj,
    Method,
    PyValue,
    Site,
)
from mlwa_lint.frontends.python.limits import TURNS_LIMIT
from mlwa_lint.model.values import Absent

# What calls a function with the arguments behind it: at which place the function is.
_AT_ONCE = {"to_thread": 0, "run_in_executor": 1, "run_sync": 0}
_LATER = {"submit": 0, "apply_async": 0}
# Parameters for a function, and for its arguments.
_PARAMETERS = (
    ("target", "args", "kwargs"),
    ("python_callable", "op_args", "op_kwargs"),
    ("func", "args", "kwds"),
)
_FOR_EACH = frozenset({"map", "starmap", "imap", "imap_unordered"})
_RESULTS = frozenset({"result", "get"})


def handed_on(core: Core, name: str, site: Site) -> PyValue | None:
    """The result of a call of something unknown that calls a function; None where it calls none."""
    last = name.rpartition(".")[2]
    for function, arguments, keywords in _PARAMETERS:
        if function in site.named:
            return _with_parameters(core, site, function, arguments, keywords)
    if last in _FOR_EACH and len(site.positional) > 1:
        return _for_each(core, last, site)
    place = _AT_ONCE.get(last, _LATER.get(last))
    if place is None:
        # `call_with_retries(client.create_model, ModelName=…)`
        with_arguments = bool(site.named) or site.rest is not None
        first = next((n for n, each in enumerate(site.positional[:2]) if _is_of_client(each)), None)
        return None if first is None or not with_arguments else _called(core, site, first)
    if place >= len(site.positional) or not _is_function(site.positional[place]):
        return None
    if "args" in site.named or "kwds" in site.named:
        return _with_parameters(core, site, "", "args", "kwds")
    result = _called(core, site, place)
    return Later(result) if last in _LATER else result


def _called(core: Core, site: Site, place: int) -> PyValue:
    """The result of the function at a place, with the arguments behind it."""
    return core.call(site.positional[place], site._replace(positional=site.positional[place + 1 :]))


def _with_parameters(core: Core, site: Site, function: str, arguments: str, keywords: str) -> PyValue | None:
    """`Thread(target=function, args=(…), kwargs={…})`."""
    called = site.named[function].value if function else site.positional[0]
    if not _is_function(called):
        return None
    given = site.named.get(arguments)
    positional, rest = ((), None) if given is None else items_of(core, given.value, site.span)
    more = site.named.get(keywords)
    named: dict[str, KeywordArgument] = {}
    if more is not None:
        if not isinstance(more.value, DictObj):
            return None
        named = {key: KeywordArgument(item.key_span, item.value) for key, item in more.value.items()}
        rest = rest or more.value.rest
    inner = site._replace(positional=tuple(positional), named=named, rest=rest)
    return Later(core.call(called, inner))


def _for_each(core: Core, name: str, site: Site) -> PyValue | None:
    """`map(function, items)`."""
    function, *given = site.positional
    columns = [items_of(core, each, site.span) for each in given if not isinstance(each, Absent)]
    if not _is_function(function) or any(rest is not None for _, rest in columns):
        return None
    rows = list(zip(*(items for items, _ in columns), strict=False))
    if len(rows) > TURNS_LIMIT:
        return None
    if name == "starmap":
        rows = [tuple(each.values) if isinstance(each, ListObj) else (each,) for (each, *_) in rows]
    made = [core.call(function, site._replace(positional=row, named={}, rest=None)) for row in rows]
    return ListObj(made, site.span)


def _is_function(value: PyValue) -> bool:
    return isinstance(value, (ClassObj, External, FunctionObj, Method, Partial)) or _is_of_client(value)


def _is_of_client(value: PyValue) -> bool:
    return isinstance(value, BuiltinMethod) and isinstance(value.receiver, Handle)


class Later(Handle):
    """What `submit` gives: the result of a call, once it is there."""

    __slots__ = ("value",)

    def __init__(self, value: PyValue) -> None:
        self.value = value

    def call(self, name: str, site: Site) -> PyValue | None:
        """`result()`."""
        return self.value if name in _RESULTS else None
