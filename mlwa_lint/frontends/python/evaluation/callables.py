"""What the standard library makes of functions and texts: `partial`, `cast`, `Template`, `closing`."""

import ast
from collections.abc import Mapping

from mlwa_lint.frontends.python.evaluation.core import Core
from mlwa_lint.frontends.python.evaluation.operators import joined
from mlwa_lint.frontends.python.evaluation.subscripts import spread
from mlwa_lint.frontends.python.evaluation.values import (
    REST,
    DictObj,
    Entries,
    Frame,
    Handle,
    InstanceObj,
    KeywordArgument,
    ListObj,
    PyValue,
    Site,
)
from mlwa_lint.model.values import Assumptions, Scalar
from mlwa_lint.startup.patterns import lazy

# Functions that give one of their arguments as it is, and its place.
_SAME = {
    **dict.fromkeys(
        (f"asyncio.{name}" for name in ("run", "create_task", "ensure_future", "shield", "wait_for")), 0
    ),
    "concurrent.futures.as_completed": 0,
    "types.MappingProxyType": 0,
    "typing.cast": 1,
    "typing_extensions.cast": 1,
    "typing.assert_type": 0,
    "contextlib.closing": 0,
    "contextlib.aclosing": 0,
    "contextlib.nullcontext": 0,
}
# The arguments of `timedelta` in their order, in seconds.
_UNITS = {
    "days": 86_400.0,
    "seconds": 1.0,
    "microseconds": 1e-6,
    "milliseconds": 1e-3,
    "minutes": 60.0,
    "hours": 3_600.0,
    "weeks": 604_800.0,
}
_PLACEHOLDER = lazy(r"\$(?:(\$)|([A-Za-z_]\w*)|\{([A-Za-z_]\w*)\})")


def callables_table(core: Core, path: str, site: Site) -> PyValue | None:
    """The result of a function that passes on what it is given."""
    position = _SAME.get(path)
    if position is not None:
        return site.positional[position] if position < len(site.positional) else None
    if path == "asyncio.gather":
        return ListObj(site.positional, site.span)
    if path == "collections.ChainMap" and site.positional:
        return _chained(core, site)
    if path == "collections.defaultdict":
        return core.external("dict", site._replace(positional=site.positional[1:]))
    if path == "datetime.timedelta":
        return _duration(core, site)
    if path == "functools.partial" and site.positional:
        return Partial(core, site)
    if path == "string.Template" and site.positional and isinstance(site.positional[0], Scalar):
        return TextTemplate(core, site.positional[0])
    return None


def _chained(core: Core, site: Site) -> DictObj:
    """`ChainMap(first, second)`: what the first has hides what the second has."""
    cells = Entries()
    for each in reversed(site.positional):
        spread(core, cells, each, site.span)
    return DictObj(cells, site.span)


def _duration(core: Core, site: Site) -> PyValue | None:
    """`timedelta(hours=1)`, of which programs take the seconds."""
    named = dict(zip(_UNITS, site.positional, strict=False))
    named.update((name, argument.value) for name, argument in site.named.items())
    seconds = 0.0
    assumed: Assumptions = frozenset()
    for name, value in named.items():
        unit = _UNITS.get(name)
        if unit is None or not isinstance(value, Scalar) or not isinstance(value.data, (int, float)):
            return None
        try:
            seconds += unit * value.data
        except OverflowError:
            return None
        assumed |= value.assumed
    return Duration(Scalar(seconds, site.span, assumed))


def entered(core: Core, value: PyValue, node: ast.expr, frame: Frame) -> PyValue:
    """What `with value as name` gives the name: the object itself, unless its class has something else."""
    if not isinstance(value, InstanceObj):
        return value
    name = next((each for each in ("__enter__", "__aenter__") if value.kind.found(each) is not None), None)
    if name is None:
        return value
    return core.call_method(value, name, Site(node, frame.source.span(node), frame.source))


class Duration(Handle):
    """A `datetime.timedelta`."""

    __slots__ = ("seconds",)

    def __init__(self, seconds: Scalar) -> None:
        self.seconds = seconds

    def call(self, name: str, site: Site) -> PyValue | None:
        """`total_seconds()`."""
        return self.seconds if name == "total_seconds" else None


class Partial(Handle):
    """A function together with some of its arguments."""

    __slots__ = ("core", "given")

    def __init__(self, core: Core, given: Site) -> None:
        self.core = core
        self.given = given

    def call(self, name: str, site: Site) -> PyValue | None:
        """The result of the function with both arguments."""
        if name != "__call__":
            return None
        function, *first = self.given.positional
        named: Mapping[str, KeywordArgument] = {**self.given.named, **site.named}
        rest = site.rest or self.given.rest
        return self.core.call(
            function, site._replace(positional=(*first, *site.positional), named=named, rest=rest)
        )


class TextTemplate(Handle):
    """A `string.Template`."""

    __slots__ = ("core", "text")

    def __init__(self, core: Core, text: Scalar) -> None:
        self.core = core
        self.text = text

    def call(self, name: str, site: Site) -> PyValue | None:
        """`substitute` and `safe_substitute`, where all that is put in is given."""
        if name not in ("substitute", "safe_substitute"):
            return None
        given = Entries()
        for each in site.positional[:1]:
            spread(self.core, given, each, site.span)
        values = {key: item.value for key, item in given.items() if key != REST}
        values.update((key, argument.value) for key, argument in site.named.items())
        text, position = str(self.text.data), 0
        pieces: list[PyValue] = []
        for match in _PLACEHOLDER.finditer(text):
            pieces.append(Scalar(text[position : match.start()], site.span, self.text.assumed))
            position = match.end()
            value = Scalar("$", site.span) if match[1] else values.get(match[2] or match[3])
            if value is None:
                return self.core.unknown("what is put into the text is not known", site.span, present=True)
            pieces.append(value)
        pieces.append(Scalar(text[position:], site.span, self.text.assumed))
        return joined(self.core, pieces, site.span)
