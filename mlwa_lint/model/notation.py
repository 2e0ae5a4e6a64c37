"""Remedies for Python: CloudFormation's notation in code marks, rewritten.

Set `KmsKeyId: !GetAtt HostingKey.Arn`.          Set `KmsKeyId=hosting_key_arn`.
Set `EnableNetworkIsolation: true`.              Set `EnableNetworkIsolation=True`.
Add an `AWS::CloudWatch::Alarm` with …           Add a `put_metric_alarm()` with …

Where a call has names of its own for the settings, they are written as its arguments: `max_run=14400` for
`StoppingCondition: {MaxRuntimeInSeconds: 14400}`.
"""

import re
from collections.abc import Callable, Iterator
from typing import Protocol, TypeAlias, TypeVar, Union, runtime_checkable

from mlwa_lint.startup.patterns import lazy
from mlwa_lint.startup.records import NamedTuple

Path: TypeAlias = tuple[str, ...]
_Item = TypeVar("_Item")

_CODE = lazy(r"(?:\b([Aa])n? )?`([^`]+)`")
_TYPE = lazy(r"AWS::(\w+)::(\w+)$")
_PAIR = lazy(r"([A-Za-z][\w.]*): (.+)$", re.DOTALL)
_NAME = lazy(r"[A-Z][\w.]*[a-z]\w*$")
_TOKEN = lazy(
    r"""\s*(?:(![A-Za-z]+)\s*|("[^"]*"|'[^']*')|([{}\[\],])|((?:\$\{[^}]*\}|[^{}\[\],:\s"]|:(?!\s)|\$)(?:\$\{[^}]*\}|[^{}\[\],:"]|:(?!\s))*)|(:))"""
)
_HUMPS = lazy(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
# What is made by a call of another name than `create_`.
_CALLS = {
    "Alarm": "put_metric_alarm",
    "CompositeAlarm": "put_composite_alarm",
    "Dashboard": "put_dashboard",
    "RegistryScanningConfiguration": "put_registry_scanning_configuration",
    "Rule": "put_rule",
    "ScalableTarget": "register_scalable_target",
    "ScalingPolicy": "put_scaling_policy",
    "VPCEndpoint": "create_vpc_endpoint",
}
_WORDS = {"true": "True", "false": "False"}
_ELLIPSES = ("...", "…")
# Parts of policies and state machines, and parameters of alarms and scaling, have one name in every program.
_VERBATIM = frozenset(
    {
        *("Action", "Catch", "Condition", "Effect", "Principal", "Resource", "Retry", "Statement"),
        *("Dimensions", "MaxCapacity", "MetricName", "MinCapacity", "Namespace", "PredefinedMetricType"),
        *("ResourceId", "RetryPolicies", "ScalableDimension"),
    }
)


@runtime_checkable
class Spelling(Protocol):
    """How the calls of a program write a canonical type's properties."""

    def own(self, resource_type: str, path: Path) -> str | None:
        """The argument that is exactly this property, dotted where it is inside of another; None for none."""
        ...

    def ending(self, path: Path) -> Path | None:
        """The only property with an argument of its own that ends so."""
        ...

    def shape(self, argument: str) -> str:
        """The class of an argument that holds others, in brackets for a list; empty for a dictionary."""
        ...

    def key(self, name: str) -> str:
        """How a key inside of a dictionary is written."""
        ...


class ArgumentNames:
    """What a resource's properties are called where they are as the service calls them."""

    def label(self, path: Path) -> str:
        """A property's name in messages."""
        return ".".join(path)

    def own(self, path: Path) -> str | None:
        """The argument that is exactly this property."""
        return None

    def ending(self, path: Path) -> Path | None:
        """The only property with an argument of its own that ends so."""
        return None

    def shape(self, argument: str) -> str:
        """The class of an argument that holds others."""
        return ""

    def key(self, name: str) -> str:
        """How a key inside of a dictionary is written."""
        return name


class _Map(NamedTuple):
    """A map's keys, whether each is written in quotes, and their values; `...` has an empty one."""

    entries: "tuple[tuple[str, bool, _Tree], ...]"


class _List(NamedTuple):
    items: "tuple[_Tree, ...]"


# A value; what is neither map nor list is Python already.
_Tree: TypeAlias = Union[str, _Map, _List]


class _NoNotationError(Exception):
    """Text in code marks that is something else."""


def in_python(text: str, names: ArgumentNames, at: Path = ()) -> str:
    """A remedy's line for Python; `at` is the property that the finding is about."""
    writer = _Writer(names, at)

    def replaced(match: re.Match[str]) -> str:
        article, code = match.groups()
        made = _TYPE.match(code)
        if made is not None:
            noun = made.group(2)
            call = _CALLS.get(noun, f"create_{_snake(noun)}")
            return f"{article} `{call}()`" if article else f"`{call}()`"
        return match.group()[: match.group().index("`")] + f"`{writer.code(code)}`"

    return _CODE.sub(replaced, text)


class _Writer:
    """Rewrites what is in code marks as the arguments of a call."""

    def __init__(self, names: ArgumentNames, at: Path) -> None:
        self._names = names
        self._at = at

    def code(self, code: str) -> str:
        """The same for Python; as it is where it is not notation."""
        pair = _PAIR.match(code)
        try:
            if pair is not None:
                return self._pair(tuple(pair.group(1).split(".")), _Reader(pair.group(2)).whole())
            if code[:1] in "{[!":
                return _written(_Reader(code).whole(), self._names.key)
        except _NoNotationError:
            return code
        return self._name(tuple(code.split("."))) if _NAME.match(code) else code

    def _name(self, path: Path) -> str:
        full = self._resolved(path, "")
        found = self._names.own(full)
        if found is None:
            found = (path[0] not in _VERBATIM and self._names.label(full)) or ".".join(path)
        return found.replace(" and ", "` and `")  # one property that several arguments make

    def _pair(self, path: Path, value: _Tree) -> str:
        if path[0] in _VERBATIM:
            return f"{'.'.join(path)}={_written(value, str)}"
        arguments = dict(self._arguments(self._resolved(path, value), value))
        return ", ".join(f"{name}={each}" for name, each in self._grouped(arguments))

    def _resolved(self, path: Path, value: _Tree) -> Path:
        """The property that a remedy means, which it names from where the finding is."""
        for length in range(len(self._at), -1, -1):
            full = self._at[:length] + path
            if any(self._names.own(full + leaf) is not None for leaf in _leaves(value)):
                return full
        return self._names.ending(path) or path

    def _arguments(self, path: Path, value: _Tree) -> "Iterator[tuple[str, _Tree]]":
        """The arguments that give a property its value: several where what is inside of it has its own."""
        if isinstance(value, _Map):
            inner = [leaf for leaf in _leaves(value) if leaf]
            if any(self._names.own(path + leaf) is not None for leaf in inner):
                for key, _, each in value.entries:
                    if key not in _ELLIPSES:
                        yield from self._arguments((*path, key), each)
                return
        name = self._names.own(path) or self._names.label(path) or ".".join(path)
        yield name, value

    def _grouped(self, arguments: "dict[str, _Tree]") -> Iterator[tuple[str, str]]:
        """Arguments as they are written; those inside of one together, as what its class takes or by keys."""
        inside: dict[str, dict[str, _Tree]] = {}
        for name, value in arguments.items():
            head, _, rest = name.partition(".") if " " not in name else (name, "", "")
            inside.setdefault(head, {})[rest] = value
        for head, values in inside.items():
            if "" in values:
                yield head, _written(values[""], self._names.key)
            elif kind := self._names.shape(head):
                made = ", ".join(f"{name}={each}" for name, each in self._grouped(values))
                yield head, f"[{kind[1:-1]}({made})]" if kind[0] == "[" else f"{kind}({made})"
            else:
                yield head, "{" + ", ".join(f'"{name}": {each}' for name, each in self._grouped(values)) + "}"


def _written(value: _Tree, key: Callable[[str], str]) -> str:
    """A value as Python writes it; `key` gives the service's name of a map's key."""
    if isinstance(value, _List):
        return f"[{', '.join(_written(each, key) for each in value.items)}]"
    if not isinstance(value, _Map):
        return value
    entries = (
        "..." if name in _ELLIPSES else f'"{name if quoted else key(name)}": {_written(each, key)}'
        for name, quoted, each in value.entries
    )
    return f"{{{', '.join(entries)}}}"


def _leaves(value: _Tree) -> Iterator[Path]:
    """The paths to all that is inside of a map, and to itself."""
    yield ()
    if isinstance(value, _Map):
        for key, _, each in value.entries:
            for leaf in _leaves(each):
                yield (key, *leaf)


def _snake(name: str) -> str:
    return _HUMPS.sub("_", name).lower()


class _Reader:
    """Reads YAML's flow notation with CloudFormation's short functions; its scalars as Python's literals."""

    def __init__(self, text: str) -> None:
        self._tokens: list[tuple[str, str]] = []
        position = 0
        while position < len(text.rstrip()):
            match = _TOKEN.match(text, position)
            if match is None or match.end() == position:
                raise _NoNotationError
            position = match.end()
            kinds = ("function", "text", "sign", "word", "colon")
            self._tokens += [(k, g) for k, g in zip(kinds, match.groups(), strict=True) if g is not None]
        self._at = 0

    def whole(self) -> _Tree:
        """The value that the text is."""
        value = self._value()
        if self._at != len(self._tokens):
            raise _NoNotationError
        return value

    def _next(self) -> tuple[str, str]:
        if self._at >= len(self._tokens):
            raise _NoNotationError
        self._at += 1
        return self._tokens[self._at - 1]

    def _peek(self) -> str:
        return self._tokens[self._at][1] if self._at < len(self._tokens) else ""

    def _value(self) -> _Tree:
        kind, text = self._next()
        if kind == "function":
            return self._function(text)
        if kind == "text":
            return text if text[0] == '"' or '"' in text or "\\" in text else f'"{text[1:-1]}"'
        if text == "{":
            return _Map(tuple(self._items("}", self._entry)))
        if text == "[":
            return _List(tuple(self._items("]", self._value)))
        if kind != "word":
            raise _NoNotationError
        return _scalar(text.strip())

    def _items(self, end: str, item: Callable[[], _Item]) -> Iterator[_Item]:
        while self._peek() != end:
            yield item()
            if self._peek() == ",":
                self._next()
            elif self._peek() != end:
                raise _NoNotationError
        self._next()

    def _entry(self) -> tuple[str, bool, _Tree]:
        kind, key = self._next()
        if kind not in ("word", "text"):
            raise _NoNotationError
        name = key.strip()
        if self._peek() != ":":
            if name in _ELLIPSES:
                return name, False, ""
            raise _NoNotationError
        self._next()
        return name.strip("\"'"), kind == "text", self._value()

    def _function(self, name: str) -> str:
        kind, text = self._next()
        if kind != "word":
            raise _NoNotationError
        text = text.strip()
        if name == "!Sub":
            return 'f"' + re.sub(r"\$\{([^}]*)\}", lambda m: "{" + _variable(m.group(1)) + "}", text) + '"'
        return _variable(text)


def _variable(name: str) -> str:
    return _snake(name.replace("AWS::", "").replace(".", "")).replace("endpoint_endpoint", "endpoint")


def _scalar(text: str) -> str:
    if text in _WORDS:
        return _WORDS[text]
    return text if text in _ELLIPSES or re.fullmatch(r"-?[0-9.]+", text) else f'"{text}"'
