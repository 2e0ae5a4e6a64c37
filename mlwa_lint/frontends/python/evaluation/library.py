"""What is known of Python's own functions and of its standard library."""

from collections.abc import Callable, Mapping

from mlwa_lint.frontends.python.evaluation import encodings, json_texts
from mlwa_lint.frontends.python.evaluation.core import Core
from mlwa_lint.frontends.python.evaluation.operators import distributed, in_text, joined
from mlwa_lint.frontends.python.evaluation.sequences import SEQUENCES
from mlwa_lint.frontends.python.evaluation.subscripts import items_of, key_text, resting_on, spread
from mlwa_lint.frontends.python.evaluation.truth import truth_of
from mlwa_lint.frontends.python.evaluation.values import (
    REST,
    ClassObj,
    DictObj,
    Entries,
    External,
    InstanceObj,
    Item,
    JsonText,
    ListObj,
    PathObj,
    PythonModule,
    PyValue,
    Site,
    assumptions_of,
)
from mlwa_lint.model.values import ENVIRONMENT, Absent, Choice, Scalar, Unknown

_Function = Callable[[Core, Site], PyValue | None]


def library(core: Core, path: str, site: Site) -> PyValue | None:
    """The result of a function of the standard library; None when nothing is known of it."""
    handler = _FUNCTIONS.get(path)
    if handler is not None:
        return handler(core, site)
    if path == "=__name__":
        return Scalar("__main__", site.span)
    return None


# -- conversions


def _text(core: Core, site: Site) -> PyValue | None:
    value = site.positional[0] if site.positional else Scalar("", site.span)
    if isinstance(value, (Scalar, Absent, Choice, PathObj)):
        return in_text(core, value, site.span)
    if isinstance(value, InstanceObj) and value.kind.found("__str__") is not None:
        return core.call_method(value, "__str__", site._replace(positional=(), named={}))
    return value if isinstance(value, (Unknown, JsonText)) else None


def _number(make: Callable[[str | int | float], int | float]) -> _Function:
    def convert(core: Core, site: Site) -> PyValue | None:
        value = site.first()
        if isinstance(value, Choice):
            return distributed(
                core, [value], lambda v: convert(core, site._replace(positional=tuple(v))) or v[0], site.span
            )
        if isinstance(value, Scalar):
            if isinstance(value.data, str) and len(value.data) > 50:
                return None
            try:
                return Scalar(make(value.data), site.span, value.assumed)
            except (ValueError, OverflowError):
                return None
        return value if isinstance(value, Unknown) else None

    return convert


def _module(core: Core, site: Site) -> PyValue | None:
    """`import_module("sagemaker.estimator")`: a module of the project is not looked for."""
    name = key_text(site.first())
    return None if name is None or name.startswith(".") else External(name)


# More digits than a float has; by a large negative number, a power of ten as large would be made.
_PLACES = 400


def _rounded(core: Core, site: Site) -> PyValue | None:
    value, digits = site.first(), site.value("ndigits", 1)
    if not isinstance(value, Scalar) or isinstance(value.data, str):
        return None
    places = digits.data if isinstance(digits, Scalar) and isinstance(digits.data, int) else None
    if abs(places or 0) > _PLACES:
        return None
    try:
        return Scalar(round(value.data, places), site.span, value.assumed)
    except (OverflowError, ValueError):  # of what is infinite, or no number
        return None


def _absolute(core: Core, site: Site) -> PyValue | None:
    value = site.first()
    if not isinstance(value, Scalar) or isinstance(value.data, str):
        return None
    return Scalar(abs(value.data), site.span, value.assumed)


def _truth(core: Core, site: Site) -> PyValue | None:
    value = site.first()
    truth = truth_of(value)
    if truth is None:
        return value
    return Scalar(truth, site.span, assumptions_of(value))


def _listed(kind: str) -> _Function:
    def convert(core: Core, site: Site) -> PyValue | None:
        if not site.positional:
            return ListObj((), site.span, None, kind)
        items, rest = items_of(core, site.positional[0], site.span)
        return resting_on(ListObj(items, site.span, rest, kind), site.positional[0])

    return convert


def _dictionary(core: Core, site: Site) -> PyValue | None:
    cells = Entries()
    if site.positional:
        value = site.positional[0]
        if isinstance(value, ListObj):
            for pair in value.values:
                key = (
                    key_text(pair.values[0]) if isinstance(pair, ListObj) and len(pair.values) == 2 else None
                )
                if key is None or not isinstance(pair, ListObj):
                    cells[REST] = core.unknown("a key is not known", site.span)
                else:
                    cells[key] = Item(site.span, pair.values[1])
        else:
            spread(core, cells, value, site.span)
    for name, argument in site.named.items():
        cells[name] = Item(argument.span, argument.value)
    if site.rest is not None:
        cells[REST] = site.rest
    return DictObj(cells, site.span)


def _length(core: Core, site: Site) -> PyValue | None:
    value = site.first()
    if isinstance(value, (ListObj, DictObj)) and value.rest is None:
        length = len(value.values) if isinstance(value, ListObj) else len(value.items())
        return Scalar(length, site.span, value.assumed)
    if isinstance(value, Scalar) and isinstance(value.data, str):
        return Scalar(len(value.data), site.span, value.assumed)
    return None


# -- objects


def _getattr(core: Core, site: Site) -> PyValue | None:
    name = key_text(site.positional[1]) if len(site.positional) > 1 else None
    return None if name is None else core.attribute(site.positional[0], name, site)


_KINDS: Mapping[str, tuple[type, ...]] = {
    "dict": (DictObj,),
    "collections.abc.Mapping": (DictObj,),
    "typing.Mapping": (DictObj,),
    "list": (ListObj,),
    "tuple": (ListObj,),
    "set": (ListObj,),
    "str": (str,),
    "int": (int,),
    "float": (float,),
    "bool": (bool,),
}


def _isinstance(core: Core, site: Site) -> PyValue | None:
    """Whether a value that is known is of a kind; nothing where the kind is not one of Python's own.

    What depends on the result rests on the value itself, with all that it assumes.
    """
    if len(site.positional) != 2:
        return None
    value, given = site.positional
    kinds = given.values if isinstance(given, ListObj) else (given,)
    names = [each.path if isinstance(each, External) else "" for each in kinds]
    held = value.data if isinstance(value, Scalar) else value
    if (isinstance(value, Unknown) and value.parts) or isinstance(value, JsonText):
        held, value = "", Scalar("", site.span)
    if not all(name in _KINDS for name in names) or not isinstance(value, (Scalar, DictObj, ListObj)):
        return None
    if isinstance(value, ListObj):
        return Scalar(value.kind in names, site.span)
    return Scalar(any(isinstance(held, _KINDS[name]) for name in names), site.span)


def _setattr(core: Core, site: Site) -> PyValue | None:
    if len(site.positional) == 3:
        base, key, value = site.positional
        name = key_text(key)
        if name is not None and isinstance(base, (InstanceObj, ClassObj, PythonModule)):
            core.store(base.cells, name, value)
    return Absent(site.span)


def _nothing(core: Core, site: Site) -> PyValue | None:
    return Absent(site.span)


def _copy(core: Core, site: Site) -> PyValue | None:
    return _copied(site.first(), 0)


def _copied(value: PyValue, depth: int) -> PyValue:
    if depth > 20:
        return value
    if isinstance(value, DictObj):
        cells = Entries(value.cells)
        for key, item in value.items():
            cells[key] = item._replace(value=_copied(item.value, depth + 1))
        return DictObj(cells, value.span)
    if isinstance(value, ListObj):
        return ListObj(
            [_copied(each, depth + 1) for each in value.values], value.span, value.rest, value.kind
        )
    return value


# -- the environment


def _environment(core: Core, site: Site) -> PyValue | None:
    name = key_text(site.first())
    default = site.value("default", 1)
    if name is None:
        assumed = frozenset({"the default of an environment variable"})
        return None if default is None else resting_on(default, Scalar("", site.span, assumed))
    if default is None or isinstance(default, Absent):
        return Unknown(
            f"environment variable {name} is set outside", site.span, identity=f"{ENVIRONMENT}{name}"
        )
    assumed = frozenset({f"the default of environment variable {name}"})
    return resting_on(default, Scalar("", site.span, assumed))


def _variable(core: Core, site: Site) -> PyValue | None:
    return _environment(core, site._replace(positional=site.positional[:1], named={}))


# Why what differs from run to run is not known.
MADE_BY_RUN = ("it is made from the time of the run", "it is made at random")


def _now(core: Core, site: Site) -> PyValue | None:
    return core.unknown(MADE_BY_RUN[0], site.span, present=True)


def _random(core: Core, site: Site) -> PyValue | None:
    return core.unknown(MADE_BY_RUN[1], site.span, present=True)


# -- texts


def _path(core: Core, site: Site) -> PyValue | None:
    pieces: list[PyValue] = []
    before = ""
    for each in site.positional:
        text = str(each.data) if isinstance(each, Scalar) else "?"
        if text.startswith("/"):
            pieces = []  # what is absolute begins anew
        elif pieces and not before.endswith("/"):
            pieces.append(Scalar("/", site.span))
        pieces.append(each)
        before = text or "/"
    return joined(core, pieces, site.span) if pieces else None


_FUNCTIONS: Mapping[str, _Function] = {
    **SEQUENCES,
    "str": _text,
    "os.fspath": _text,
    "int": _number(int),
    "float": _number(float),
    "round": _rounded,
    "importlib.import_module": _module,
    "abs": _absolute,
    "bool": _truth,
    "list": _listed("list"),
    "tuple": _listed("tuple"),
    "set": _listed("set"),
    "frozenset": _listed("set"),
    "reversed": lambda core, site: ListObj(
        items_of(core, site.first(), site.span)[0][::-1],
        site.span,
        items_of(core, site.first(), site.span)[1],
    ),
    "dict": _dictionary,
    "collections.OrderedDict": _dictionary,
    "len": _length,
    "getattr": _getattr,
    "setattr": _setattr,
    "isinstance": _isinstance,
    "print": _nothing,
    "display": _nothing,
    "copy.copy": _copy,
    "copy.deepcopy": _copy,
    "os.environ.get": _environment,
    "os.getenv": _environment,
    "os.environ[]": _variable,
    "os.path.join": _path,
    "base64.b64encode": encodings.b64encode,
    "base64.standard_b64encode": encodings.b64encode,
    "base64.b64decode": encodings.b64decode,
    "base64.standard_b64decode": encodings.b64decode,
    "json.dumps": json_texts.dumps,
    "json.loads": json_texts.loads,
    "time.strftime": _now,
    "time.time": _now,
    "time.gmtime": _now,
    "datetime.datetime.now": _now,
    "datetime.datetime.utcnow": _now,
    "datetime.datetime.today": _now,
    "datetime.date.today": _now,
    "uuid.uuid4": _random,
    "uuid.uuid1": _random,
    "random.randint": _random,
    "random.random": _random,
}
