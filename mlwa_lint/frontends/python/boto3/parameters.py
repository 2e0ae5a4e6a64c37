"""Parameters of boto3's calls into canonical properties."""

from mlwa_lint.frontends.python.evaluation.freezing import DocumentMap
from mlwa_lint.frontends.python.vocabulary import RENAMED
from mlwa_lint.model.values import Choice, Entry, ListValue, MapValue, Value

# Tags under other names, and tags that are a map here and a list of keys and values there.
_TAG_KEYS = {"TagKey": "Key", "TagValue": "Value", "key": "Key", "value": "Value"}
_TAGS = ("Tags", "tags")


def canonical(kind: str, entries: dict[str, Entry], maps: tuple[str, ...] | None) -> dict[str, Entry]:
    """A call's parameters under their canonical names.

    maps: for services in lower camel case the paths whose keys are the user's own; None for the others.
    """
    renamed = RENAMED.get(kind, {})
    found: dict[str, Entry] = {}
    for key, entry in entries.items():
        name = key if maps is None else _pascal(key)
        value = entry.value if maps is None else _cased(entry.value, key, frozenset(maps))
        if key in _TAGS:
            value = _tags(value)
        found[renamed.get(name, name)] = Entry(entry.key_span, value, entry.label or key)
    return found


def cased(value: Value) -> Value:
    """A value in lower camel case with canonical names."""
    return _cased(value, "", frozenset())


def _pascal(key: str) -> str:
    return key[:1].upper() + key[1:]


def _cased(value: Value, path: str, maps: frozenset[str]) -> Value:
    if isinstance(value, MapValue):
        if path in maps or isinstance(value, DocumentMap):
            return value
        entries = {
            _pascal(key): Entry(entry.key_span, _cased(entry.value, f"{path}.{key}", maps), entry.label)
            for key, entry in value.entries.items()
        }
        return value._replace(entries=entries)
    if isinstance(value, ListValue):
        return value._replace(items=tuple(_cased(item, f"{path}[]", maps) for item in value.items))
    if isinstance(value, Choice):
        return value._replace(yes=_cased(value.yes, path, maps), no=_cased(value.no, path, maps))
    return value


def _tags(value: Value) -> Value:
    """Tags as a list of keys and values with CloudFormation's names."""
    if isinstance(value, ListValue):
        return value._replace(items=tuple(_tags(item) for item in value.items))
    if isinstance(value, MapValue) and value.entries.keys() & _TAG_KEYS.keys():
        return value._replace(entries={_TAG_KEYS.get(k, k): entry for k, entry in value.entries.items()})
    return value
