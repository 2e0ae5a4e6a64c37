"""Fields of classes that hold configurations: their defaults, their environment variables, and given data."""

import ast

from mlwa_lint.frontends.python.evaluation.core import Core
from mlwa_lint.frontends.python.evaluation.options import DataclassField
from mlwa_lint.frontends.python.evaluation.values import (
    REST,
    ClassObj,
    DictObj,
    External,
    Handle,
    KeywordArgument,
    Obj,
    PyValue,
    Site,
)
from mlwa_lint.model.values import Scalar

# Classes of pydantic whose fields are environment variables where these are set.
_SETTINGS = "BaseSettings"
# The arguments of a field that name its variable, without the prefix of the class.
_ALIASES = ("validation_alias", "alias", "env")
_PREFIX, _FILE = "env_prefix", "env_file"
# What makes an object of data, and of a text with such data.
_OF_DATA = frozenset({"model_validate", "parse_obj", "from_dict"})
_OF_TEXT = frozenset({"model_validate_json", "parse_raw", "from_json"})


def default_of(core: Core, kind: ClassObj, name: str, site: Site) -> PyValue | None:
    """What a field is where the class is called without it: an environment variable, or its default."""
    held = kind.found(name)
    value = held.call("\0default", site) if isinstance(held, Handle) else held
    if not any(isinstance(base, External) and base.path.endswith(_SETTINGS) for base in _bases(kind)):
        return value
    if isinstance(value, Obj):
        return value  # a list, or settings inside of these
    text = _stated(kind, _FILE)
    if text:
        core.external(
            "dotenv.load_dotenv", site._replace(positional=(Scalar(text, site.span),), named={}, rest=None)
        )
    variable = Scalar(_alias_of(held) or f"{_stated(kind, _PREFIX)}{name}".upper(), site.span)
    given = (variable,) if value is None else (variable, value)
    return core.external("os.getenv", site._replace(positional=given, named={}, rest=None)) or value


def made_of_data(core: Core, kind: ClassObj, name: str, site: Site) -> PyValue | None:
    """What a method makes of data that a class has from a library: `Config.model_validate(data)`."""
    if kind.fields is None or len(site.positional) != 1 or name not in _OF_DATA | _OF_TEXT:
        return None
    data: PyValue | None = site.positional[0]
    if name in _OF_TEXT:
        data = core.external("json.loads", site._replace(named={}))
    return called_with(core, kind, data, site)


def called_with(core: Core, kind: ClassObj, data: PyValue | None, site: Site) -> PyValue | None:
    """The object of a class that has the items of a dictionary for fields."""
    if not isinstance(data, DictObj):
        return None
    named = {key: KeywordArgument(item.key_span, item.value) for key, item in data.items() if key != REST}
    rest = data.cells.get(REST)
    unknown = None if rest is None else core.unknown("not all keys of the data are known", site.span)
    return core.call(kind, site._replace(positional=(), named=named, rest=unknown))


def _bases(kind: ClassObj) -> list[PyValue]:
    return [base for above in kind.lineage for base in above.bases]


def _alias_of(field: PyValue | None) -> str:
    """The environment variable that a field names itself; of several, the first."""
    for key in _ALIASES if isinstance(field, DataclassField) else ():
        given = field.site.named.get(key) if isinstance(field, DataclassField) else None
        if given is not None and isinstance(given.value, Scalar):
            return str(given.value.data)
    return ""


def _stated(kind: ClassObj, key: str) -> str:
    """A text in the configuration of settings: `SettingsConfigDict(env_prefix="…")`, or `class Config`."""
    for above in kind.lineage:
        for statement in above.node.body:
            for name, value in _configured(statement):
                if name == key and isinstance(value, ast.Constant) and isinstance(value.value, str):
                    return value.value
    return ""


def _configured(statement: ast.stmt) -> list[tuple[str, ast.expr]]:
    if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Call):
        names = [each.id for each in statement.targets if isinstance(each, ast.Name)]
        given = statement.value.keywords if names == ["model_config"] else []
        return [(each.arg or "", each.value) for each in given]
    if isinstance(statement, ast.ClassDef) and statement.name == "Config":
        inner = (each for each in statement.body if isinstance(each, ast.Assign))
        return [
            (target.id, each.value)
            for each in inner
            for target in each.targets
            if isinstance(target, ast.Name)
        ]
    return []
