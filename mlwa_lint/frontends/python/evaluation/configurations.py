"""Configuration files that libraries read: INI, TOML, and mappings whose keys are attributes."""

from collections.abc import Callable

from mlwa_lint.frontends.python.evaluation.core import Core
from mlwa_lint.frontends.python.evaluation.files import Files, Opened, parsed
from mlwa_lint.frontends.python.evaluation.subscripts import item_of, key_text
from mlwa_lint.frontends.python.evaluation.values import (
    REST,
    DictObj,
    Entries,
    Handle,
    Item,
    ListObj,
    Names,
    PyValue,
    Site,
)
from mlwa_lint.frontends.python.limits import DATA_LIMIT
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import Absent, Scalar, Unknown

_PARSERS = frozenset(
    f"configparser.{name}" for name in ("ConfigParser", "RawConfigParser", "SafeConfigParser")
)
_TOML = frozenset(f"{name}.load" for name in ("tomllib", "tomli", "toml"))
_TOML_TEXTS = frozenset(f"{name}s" for name in _TOML)
_LOADED = frozenset({"omegaconf.OmegaConf.load"})
# What gives a mapping that it is handed, so that its keys are attributes.
_ATTRIBUTES = frozenset(
    {
        "omegaconf.OmegaConf.create",
        "omegaconf.OmegaConf.to_container",
        "types.SimpleNamespace",
        "argparse.Namespace",
        "box.Box",
        "easydict.EasyDict",
        "munch.Munch",
        "munch.munchify",
        "munch.DefaultMunch.fromDict",
        "addict.Dict",
        "ml_collections.ConfigDict",
    }
)
_NUMBERS: dict[str, Callable[[str], int | float]] = {"getint": int, "getfloat": float}
_TRUE = frozenset({"1", "yes", "true", "on"})
_FALSE = frozenset({"0", "no", "false", "off"})


class LibraryConfigurations:
    """The configuration files of a project, as libraries give them to a program."""

    def __init__(self, files: Files) -> None:
        self._files = files

    def table(self, core: Core, path: str, site: Site) -> PyValue | None:
        """The result of a call that reads a configuration."""
        if path in _PARSERS:
            return IniFile(core, self._files)
        first = site.positional[0] if site.positional else None
        if first is None:
            return _mapping(core, site) if path in _ATTRIBUTES and site.named else None
        if path in _TOML:
            opened = first if isinstance(first, Opened) else Opened(self._files, first)
            return opened.parsed(site, ".toml")
        if path in _TOML_TEXTS:
            return parsed(str(first.data), first, site, ".toml") if isinstance(first, Scalar) else None
        if path in _LOADED:
            found = Opened(self._files, first).parsed(site, ".yaml")
            return None if isinstance(found, DictObj) and _is_composed(found) else found
        return first if path in _ATTRIBUTES and isinstance(first, DictObj) else None


def _is_composed(given: DictObj, depth: int = 0) -> bool:
    """Whether values of a file are made of others: `${data.bucket}`."""
    if depth > _DEPTH:
        return True
    for held in (item.value for _, item in given.items()):
        if isinstance(held, Scalar) and isinstance(held.data, str) and "${" in held.data:
            return True
        if isinstance(held, DictObj) and _is_composed(held, depth + 1):
            return True
    return False


_DEPTH = 30


def _mapping(core: Core, site: Site) -> DictObj:
    cells = Entries({name: Item(each.span, each.value) for name, each in site.named.items()})
    if site.rest is not None:
        cells[REST] = site.rest
    return DictObj(cells, site.span)


class IniFile(Handle):
    """A `configparser.ConfigParser`, with what it has read so far."""

    __slots__ = ("cells", "core", "files")

    def __init__(self, core: Core, files: Files) -> None:
        self.core = core
        self.files = files
        # The sections, each a mapping; under REST why there may be others.
        self.cells = Names()

    def call(self, name: str, site: Site) -> PyValue | None:
        """`read`, and what gives the value of an option."""
        first = site.positional[0] if site.positional else None
        if name in ("read", "read_file", "readfp", "read_string", "read_dict"):
            self._read(name, first, site)
            return None
        if name in ("get", "getint", "getfloat", "getboolean"):
            return self._converted(name, self._option(site), site)
        if name == "items" and first is not None:
            return self.core.call_method(self._section(first, site), "items", site._replace(positional=()))
        return None

    def item(self, key: PyValue, site: Site) -> PyValue | None:
        """`config["section"]`."""
        return self._section(key, site)

    def _read(self, method: str, given: PyValue | None, site: Site) -> None:
        names = list(given.values) if isinstance(given, ListObj) else [] if given is None else [given]
        for name in names:
            text = self._text(method, name)
            if text is None or not self._add(text, site.span):
                self.core.store(self.cells, REST, self.core.unknown(_UNREAD, site.span))
        if not names:
            self.core.store(self.cells, REST, self.core.unknown(_UNREAD, site.span))

    def _text(self, method: str, given: PyValue) -> str | None:
        if method == "read":
            return self.files.text(given)
        if isinstance(given, Opened):
            return self.files.text(given.name)
        known = method == "read_string" and isinstance(given, Scalar)
        return str(given.data) if known and isinstance(given, Scalar) else None

    def _add(self, text: str, span: Span) -> bool:
        import configparser

        parser = configparser.RawConfigParser()
        try:
            parser.read_string(text[:DATA_LIMIT])
        except (configparser.Error, ValueError):
            return False
        for section in parser.sections():
            held = Entries()
            for key, text in parser.items(section):
                made = "%(" in text
                reason = "it is made of other options"
                value = self.core.unknown(reason, span) if made else Scalar(text, span)
                held[key] = Item(span, value)
            self.core.store(self.cells, section, DictObj(held, span))
        return True

    def _section(self, key: PyValue, site: Site) -> PyValue:
        text = key_text(key)
        found: PyValue | None = None if text is None else self.cells.get(text)
        if found is not None:
            return found
        return self.cells.get(REST) or self.core.unknown(_UNREAD, site.span)

    def _option(self, site: Site) -> PyValue:
        section = site.value("section", 0)
        option = site.value("option", 1)
        held = self._section(Absent() if section is None else section, site)
        text = None if option is None else key_text(option)
        if not isinstance(held, DictObj) or text is None:
            return Unknown(_UNREAD, site.span, identity=self.core.number())
        if text.lower() not in held.cells and "fallback" in site.named and held.rest is None:
            return site.named["fallback"].value
        return item_of(self.core, held, Scalar(text.lower(), site.span), site)

    def _converted(self, method: str, value: PyValue, site: Site) -> PyValue:
        if method == "get" or not isinstance(value, Scalar):
            return value
        text = str(value.data).strip().lower()
        if method == "getboolean":
            known = text in _TRUE or text in _FALSE
            return (
                Scalar(text in _TRUE, site.span)
                if known
                else self.core.unknown("it is not a boolean", site.span)
            )
        try:
            return Scalar(_NUMBERS[method](text), site.span)
        except ValueError:
            return self.core.unknown("it is not a number", site.span)


_UNREAD = "the configuration file that is read is not in the project"
