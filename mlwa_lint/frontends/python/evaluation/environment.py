"""Environment variables: those that a program sets, or loads from a file (`load_dotenv`)."""

from collections.abc import Iterator
from pathlib import Path

from mlwa_lint.files.paths import shown
from mlwa_lint.frontends.python.evaluation.core import Core
from mlwa_lint.frontends.python.evaluation.files import Files
from mlwa_lint.frontends.python.evaluation.subscripts import key_text, resting_on
from mlwa_lint.frontends.python.evaluation.values import DictObj, Entries, Handle, Item, Names, PyValue, Site
from mlwa_lint.model.credentials import known_format
from mlwa_lint.model.secrets import names_secret, secrets
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import ENVIRONMENT, Absent, Scalar, Unknown
from mlwa_lint.startup.patterns import lazy

_FILE = ".env"
READS = frozenset({"os.environ.get", "os.getenv", "os.environ[]"})
_CONVERTING = frozenset({"__call__", "str", "int", "float", "bool", "list"})
_LINE = lazy(
    r"[ \t]*(?:export[ \t]+)?(?P<name>[A-Za-z_][\w.-]*)[ \t]*=[ \t]*"
    r"(?:'(?P<single>[^'\n]*)'|\"(?P<double>[^\"\n]*)\"|(?P<bare>[^\n]*?))[ \t]*(?:(?<!\S)#[^\n]*)?"
)


class Environment:
    """The environment as the program changes it; everything else is set outside."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._set = Names()

    def table(self, core: Core, path: str, site: Site) -> PyValue | None:
        """The result of a call that reads or sets variables."""
        if path in READS:
            name = key_text(site.positional[0]) if site.positional else None
            if name is None:
                return None
            held: PyValue | None = self._set.get(name)
            return core.run_with.variable(name, site) if held is None else held
        if path == "os.environ in":
            return self._has(core, site)
        if path in ("environs.Env", "environ.Env"):
            return EnvironmentReader(core)
        if path == "decouple.config":
            return core.external("os.getenv", site)
        if path == "sys.argv[]":
            position = site.positional[0]
            if isinstance(position, Scalar) and isinstance(position.data, int):
                return core.run_with.argument(position.data, site)
        if path in ("dotenv.load_dotenv", "dotenv.main.load_dotenv"):
            return self._load(core, site)
        if path == "dotenv.dotenv_values":
            return self._values(site)
        if path == "dotenv.find_dotenv":
            found = self._nearest(site)
            return None if found is None else Scalar(shown(found), site.span)
        if path in ("os.environ[]=", "os.environ.setdefault"):
            return self._assign(core, path.endswith("setdefault"), site)
        return None

    def _has(self, core: Core, site: Site) -> PyValue | None:
        """Whether a variable is set, where that is known: `"DEBUG" in os.environ`."""
        name = key_text(site.positional[0])
        if name is None:
            return None
        value = self._set[name] if name in self._set else core.run_with.variable(name, site)
        if isinstance(value, Scalar):
            return Scalar(True, site.span, value.assumed)
        return Scalar(False, site.span) if value is None and core.run_with.is_unset(name) else None

    def _assign(self, core: Core, by_default: bool, site: Site) -> PyValue | None:
        name = key_text(site.positional[0]) if len(site.positional) == 2 else None
        if name is None:
            return None
        value = site.positional[1]
        if by_default:
            if name in self._set:
                held: PyValue = self._set[name]
                return held
            assumed = frozenset({f"the default of environment variable {name}"})
            value = resting_on(value, Scalar("", site.span, assumed))
        core.store(self._set, name, value)
        return value

    def _load(self, core: Core, site: Site) -> PyValue | None:
        """`load_dotenv()`: what is set outside wins, unless the call overrides it."""
        file = self._file(site)
        if file is None:
            return None
        override = site.value("override", 3)
        wins = isinstance(override, Scalar) and bool(override.data)
        for name, value in self._variables(file, site.span):
            if name in self._set and not wins:
                continue
            assumed = frozenset() if wins else frozenset({f"the value of {name} in {shown(file)}"})
            core.store(self._set, name, resting_on(value, Scalar("", site.span, assumed)))
        return Scalar(True, site.span)

    def _values(self, site: Site) -> PyValue | None:
        file = self._file(site)
        if file is None:
            return None
        found = self._variables(file, site.span)
        return DictObj(Entries({name: Item(site.span, value) for name, value in found}), site.span)

    def _file(self, site: Site) -> Path | None:
        """The file that a call names; without a name, the nearest one from the program upwards."""
        named = site.value("dotenv_path", 0)
        if named is None or isinstance(named, Absent):
            return None if site.value("stream", 1) is not None else self._nearest(site)
        return self._files.located(named)

    def _nearest(self, site: Site) -> Path | None:
        return self._files.nearest(Path(site.source.path).parent, _FILE)

    def _variables(self, file: Path, span: Span) -> Iterator[tuple[str, PyValue]]:
        text = self._files.content(file) or ""
        for number, line in enumerate(text.split("\n"), start=1):
            match = _LINE.fullmatch(line)
            if match is None:
                continue
            name = match["name"]
            data = match["single"] or match["double"] or match["bare"] or ""
            place = Span(shown(file), number, match.start("name") + 1, number, len(line) + 1)
            yield name, _value(name, data, file, span, place)


class EnvironmentReader(Handle):
    """An `environs.Env`, whose methods read variables and convert them."""

    __slots__ = ("core",)

    def __init__(self, core: Core) -> None:
        self.core = core

    def call(self, name: str, site: Site) -> PyValue | None:
        """`env("SIZE", 1)`, `env.int("SIZE", default=1)`."""
        return self.core.external("os.getenv", site) if name in _CONVERTING else None


def _value(name: str, data: str, file: Path, span: Span, place: Span) -> PyValue:
    """The value of a line; credentials are noted as secrets and not known further."""
    if names_secret(name) or known_format(data):
        own = secrets()
        own.found = True
        own.certain(data)
        return Unknown(f"{name} is a secret of {shown(file)}", span, present=bool(data), secret=True)
    if not data or "$" in data or "<" in data:
        return Unknown(f"{shown(file)} leaves {name} open", span, identity=f"{ENVIRONMENT}{name}")
    return Scalar(data, span, origin=place)
