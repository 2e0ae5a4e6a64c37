"""Options of the command line: argparse, click and typer state what is taken where nothing is given."""

from collections.abc import Callable, Sequence

from mlwa_lint.frontends.python.evaluation.core import Core
from mlwa_lint.frontends.python.evaluation.defaulted import ScriptOption
from mlwa_lint.frontends.python.evaluation.given import Convert, Takes
from mlwa_lint.frontends.python.evaluation.subscripts import key_text, resting_on
from mlwa_lint.frontends.python.evaluation.truth import truth_of
from mlwa_lint.frontends.python.evaluation.values import (
    Cells,
    External,
    FunctionObj,
    Handle,
    ListObj,
    Names,
    PyValue,
    Site,
)
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import Absent, Scalar, Unknown

_PARSERS = frozenset({"argparse.ArgumentParser", "configargparse.ArgumentParser"})
_CLICK = frozenset({"click.option", "click.argument", "option", "argument"})
_TYPER = frozenset({"typer.Option", "typer.Argument"})
_FIELDS = frozenset({"dataclasses.field", "pydantic.Field", "attr.ib", "attrs.field"})


def options_table(core: Core, path: str, site: Site) -> PyValue | None:
    """What a call that declares options gives; None when it declares none."""
    if path in _PARSERS:
        return ArgumentParser(core)
    if path in _CLICK:
        return Decorator(core, site)
    if path in _TYPER:
        return _typer(core, site)
    if path in _FIELDS:
        return DataclassField(core, site)
    return None


class ArgumentParser(Handle):
    """An `argparse.ArgumentParser`, or a group or subparser of one, with the options declared so far."""

    __slots__ = ("cells", "core")

    def __init__(self, core: Core, cells: Names | None = None) -> None:
        self.core = core
        self.cells = Names() if cells is None else cells

    def call(self, name: str, site: Site) -> PyValue | None:
        """`add_argument`, `parse_args` and what they need."""
        if name == "add_argument":
            self._add(site)
            return Absent(site.span)
        if name in ("add_argument_group", "add_mutually_exclusive_group", "add_subparsers", "add_parser"):
            return ArgumentParser(self.core, self.cells)
        if name == "set_defaults":
            for key, argument in site.named.items():
                self.core.store(self.cells, key, argument.value)
            return Absent(site.span)
        if name == "parse_args":
            return Namespace(self.core, self.cells)
        if name == "parse_known_args":
            rest = self.core.unknown("it is given on the command line", site.span)
            return ListObj((Namespace(self.core, self.cells), rest), site.span, None, "tuple")
        return None

    def _add(self, site: Site) -> None:
        names = [key_text(each) or "" for each in site.positional]
        shown = next((each for each in names if each.startswith("--")), names[0] if names else "")
        given = site.value("dest")
        key = key_text(given) if given is not None else None
        value = _default(self.core, shown, names, site)
        self.core.store(self.cells, key or shown.lstrip("-").replace("-", "_"), value)


def _assumed(core: Core, shown: str, default: PyValue, names: Sequence[str], site: Site) -> Scalar:
    """Something that rests on an option's default."""
    option = ScriptOption(site.source.path, tuple(name for name in names if name.startswith("-")))
    return Scalar("", site.span, core.by_default(f"the default of {shown}", default, option))


def _given(core: Core, names: Sequence[str], kind: str, site: Site) -> PyValue | None:
    """What the commands of the project give an option."""
    option = ScriptOption(site.source.path, tuple(name for name in names if name.startswith("-")))
    convert = _converter(site.value("type"))
    if convert is None or kind not in ("", "store", "store_true", "store_false", "append"):
        return None
    nargs = site.value("nargs")
    many = kind == "append" or (isinstance(nargs, Scalar) and nargs.data != "?")
    takes: Takes = "none" if kind.startswith("store_") else "many" if many else "one"
    found = core.run_with.option(option, takes, convert, site)
    if kind == "store_false" and isinstance(found, Scalar):
        return found._replace(data=False)
    return found


def _converter(kind: PyValue | None) -> Convert | None:
    """What `type=` makes of a word; None where that is not known."""
    if kind is None:
        return str
    return _CONVERTERS.get(kind.path) if isinstance(kind, External) else None


def _number(make: Callable[[str], int | float]) -> Convert:
    def convert(text: str) -> int | float | None:
        try:
            return make(text) if len(text) < _DIGITS else None
        except ValueError:
            return None

    return convert


_DIGITS = 50
_CONVERTERS: dict[str, Convert] = {"str": str, "int": _number(int), "float": _number(float)}


def _default(core: Core, shown: str, names: Sequence[str], site: Site) -> PyValue:
    default = site.value("default")
    action = site.value("action")
    kind = str(action.data) if isinstance(action, Scalar) else ""
    if isinstance(default, Scalar) and (kind, default.data) in (("store_true", True), ("store_false", False)):
        return default  # whether it is given or not
    given = _given(core, names, kind, site)
    if given is not None:
        return given
    required = site.value("required")
    if default is None and kind in ("store_true", "store_false"):
        default = Scalar(kind == "store_false", site.span)
    needed = not shown.startswith("-") or (required is not None and truth_of(required) is True)
    if default is None and not needed:
        default = Absent(site.span)
    if default is None:
        nargs = site.value("nargs")
        certain = needed and not (isinstance(nargs, Scalar) and nargs.data in ("?", "*"))
        reason = f"{shown} is given on the command line"
        return Unknown(reason, site.span, identity=f"option {shown}", present=certain)
    return resting_on(default, _assumed(core, shown, default, names, site))


class Namespace(Handle):
    """What `parse_args` gives."""

    __slots__ = ("cells", "core")

    def __init__(self, core: Core, cells: Cells) -> None:
        self.core = core
        self.cells = cells

    def attribute(self, name: str, site: Site) -> PyValue | None:
        """An option's value, or its default."""
        found: PyValue | None = self.cells.get(name)
        return found or Unknown(
            f"{name} is not an option declared here", site.span, identity=f"option {name}"
        )

    def assign(self, name: str, value: PyValue, site: Site) -> None:
        """`args.name = value`."""
        self.core.store(self.cells, name, value)


class Decorator(Handle):
    """`@click.option(...)`: gives a parameter of the function its default."""

    __slots__ = ("core", "site")

    def __init__(self, core: Core, site: Site) -> None:
        self.core = core
        self.site = site

    def call(self, name: str, site: Site) -> PyValue | None:
        """The decorated function."""
        function = site.positional[0] if site.positional else None
        if not isinstance(function, FunctionObj):
            return None
        names = [key_text(each) or "" for each in self.site.positional]
        shown = next((each for each in names if each.startswith("--")), names[0] if names else "")
        parameter = next((each for each in names if each and not each.startswith("-")), shown.lstrip("-"))
        is_flag = self.site.value("is_flag")
        default = self.site.value("default")
        given = _given(self.core, names, "" if is_flag is None else "store_true", self.site)
        if default is None and is_flag is not None:
            default = Scalar(False, self.site.span)
        value: PyValue
        if given is not None:
            value = given
        elif default is None:
            value = Unknown(
                f"{shown} is given on the command line", self.site.span, identity=f"option {shown}"
            )
        else:
            value = resting_on(default, _assumed(self.core, shown, default, names, self.site))
        defaults = {**function.defaults, parameter.replace("-", "_").lower(): value}
        return FunctionObj(function.node, function.frame, defaults, function.owner, function.decorations)


def _typer(core: Core, site: Site) -> PyValue | None:
    default = site.value("default", 0)
    if default is None or (isinstance(default, Unknown) and not default.identity):
        return None
    names = [key_text(each) or "" for each in site.positional[1:]]
    shown = next((each for each in names if each.startswith("--")), "")
    if shown:
        return resting_on(default, _assumed(core, shown, default, names, site))
    return resting_on(default, Scalar("", site.span, frozenset({"the default of an option"})))


class DataclassField(Handle):
    """`field(default=…)` of a dataclass."""

    __slots__ = ("core", "site")

    def __init__(self, core: Core, site: Site) -> None:
        self.core = core
        self.site = site

    def call(self, name: str, site: Site) -> PyValue | None:
        """The default, created again for each object."""
        if name != "\0default":
            return None
        default = self.site.value("default", 0)
        if default is not None:
            return default
        factory = self.site.value("default_factory")
        if factory is None:
            return None
        return self.core.call(factory, Site(self.site.node, _at(self.site), self.site.source))


def _at(site: Site) -> Span:
    return site.span
