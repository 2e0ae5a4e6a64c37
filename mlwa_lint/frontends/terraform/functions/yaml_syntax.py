"""YAML as `yamldecode` reads it, which knows more words and fewer numbers than YAML libraries."""

import re
from decimal import Decimal
from typing import Any

import yaml

from mlwa_lint.startup.patterns import lazy

try:
    from yaml import CBaseLoader as _Base
except ImportError:  # pragma: no cover - libyaml is in all wheels
    from yaml import BaseLoader as _Base  # type: ignore[assignment]

from mlwa_lint.frontends.terraform.functions.data import CannotError, HclData, undecided

_NODES_LIMIT = 20_000
_WORDS: dict[str, bool | None] = {"": None, "~": None}
_WORDS |= {form: None for word in ("null",) for form in (word, word.title(), word.upper())}
_WORDS |= {form: True for word in ("true", "yes", "on", "y") for form in (word, word.title(), word.upper())}
_WORDS |= {form: False for word in ("false", "no", "off", "n") for form in (word, word.title(), word.upper())}
_NUMBER = lazy(r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d{1,3})?\Z", re.ASCII)
_DATE = lazy(r"\d{4}-\d\d-\d\d\Z", re.ASCII)
_TIME = lazy(r"\d{4}-\d{1,2}-\d{1,2}(?:[Tt]|[ \t]+)\d", re.ASCII)
_TAG = "tag:yaml.org,2002:"


class _Loader(_Base):
    """Keeps apart the tags that are written from those that a parser would add."""

    def resolve(self, *_: Any) -> str:
        return ""


class _Reader:
    """Turns nodes into data; counts them, for an alias repeats all that it names."""

    def __init__(self) -> None:
        self.count = 0

    def read(self, node: yaml.Node, above: frozenset[int] = frozenset()) -> HclData:
        self.count += 1
        if self.count > _NODES_LIMIT:
            raise undecided(f"a YAML text has more than {_NODES_LIMIT} values")
        if id(node) in above:
            raise CannotError("read a YAML text that contains itself")
        above |= {id(node)}
        if isinstance(node, yaml.ScalarNode):
            return _scalar(node)
        if isinstance(node, yaml.SequenceNode):
            return [self.read(item, above) for item in node.value]
        assert isinstance(node, yaml.MappingNode)
        found: dict[str, HclData] = {}
        merged: dict[str, HclData] = {}
        for key_node, value_node in node.value:
            value = self.read(value_node, above)
            if isinstance(key_node, yaml.ScalarNode) and key_node.value == "<<" and not key_node.style:
                for source in reversed(value if isinstance(value, list) else [value]):
                    if not isinstance(source, dict):
                        raise CannotError("merge what is not a map in a YAML text")
                    merged |= source
            else:
                found[_key(self.read(key_node, above))] = value
        return merged | found


def _key(data: HclData) -> str:
    if isinstance(data, bool):
        return "true" if data else "false"
    if isinstance(data, (str, int, Decimal)):
        return str(data)
    raise CannotError("take this as a key in a YAML text")


def _scalar(node: yaml.ScalarNode) -> HclData:
    text = str(node.value)
    tag = node.tag or ""
    if tag.startswith("!") or (tag.startswith(_TAG) and tag.removeprefix(_TAG) not in ("str", "binary")):
        raise undecided("a YAML tag is not evaluated")
    if node.style or tag:
        return text
    if text in _WORDS:
        return _WORDS[text]
    if text.startswith(("0x", "0o")) and len(text) < 64:
        try:
            return int(text, 0)
        except ValueError:
            return text
    if _NUMBER.match(text) and len(text) < 64:
        number = Decimal(text)
        return int(number) if number == number.to_integral_value() else number
    if _DATE.match(text):
        return f"{text}T00:00:00Z"
    if _TIME.match(text) or re.match(r"[-+]?\.(inf|nan)\Z", text, re.IGNORECASE):
        raise undecided("a time or an infinite number in a YAML text is not evaluated")
    return text


def parse_yaml(text: str) -> HclData:
    """The data of a YAML text of one document."""
    try:
        node = yaml.compose(text, Loader=_Loader)
        if node is None:
            raise CannotError("read an empty YAML text")
        return _Reader().read(node)
    except (yaml.YAMLError, RecursionError, ValueError):
        raise CannotError("read the YAML text") from None
