"""How to fix something, for those who write Python: CloudFormation's notation in code marks, rewritten.

Set `KmsKeyId: !GetAtt HostingKey.Arn`.          Set `KmsKeyId=hosting_key_arn`.
Set `EnableNetworkIsolation: true`.              Set `EnableNetworkIsolation=True`.
Add an `AWS::CloudWatch::Alarm` with …           Add a `put_metric_alarm()` with …
"""

import re
from collections.abc import Callable

from mlwa_lint.startup.patterns import lazy

Label = Callable[[tuple[str, ...]], str]

_CODE = lazy(r"(?:\b([Aa])n? )?`([^`]+)`")
_TYPE = lazy(r"AWS::(\w+)::(\w+)$")
_PAIR = lazy(r"([A-Za-z][\w.]*): (.+)$", re.DOTALL)
_TOKEN = lazy(
    r"""\s*(?:(![A-Za-z]+)\s*|("[^"]*")|([{}\[\],])|((?:\$\{[^}]*\}|[^{}\[\],:\s"]|:(?!\s)|\$)(?:\$\{[^}]*\}|[^{}\[\],:"]|:(?!\s))*)|(:))"""
)
_HUMPS = lazy(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
# What is made by a call of another name than `create_`.
_CALLS = {
    "Alarm": "put_metric_alarm",
    "CompositeAlarm": "put_composite_alarm",
    "Rule": "put_rule",
    "ScalableTarget": "register_scalable_target",
    "ScalingPolicy": "put_scaling_policy",
    "VPCEndpoint": "create_vpc_endpoint",
}
_WORDS = {"true": "True", "false": "False", "...": "...", "…": "…"}


class _NoNotationError(Exception):
    """Text in code marks that is something else."""


def in_python(text: str, label: Label) -> str:
    """A remedy's line for Python; `label` gives the user's name of a property."""

    def replaced(match: re.Match[str]) -> str:
        article, code = match.groups()
        made = _TYPE.match(code)
        if made is not None:
            noun = made.group(2)
            call = _CALLS.get(noun, f"create_{_snake(noun)}")
            return f"{article} `{call}()`" if article else f"`{call}()`"
        rewritten = _code(code, label)
        return match.group()[: match.group().index("`")] + f"`{rewritten}`"

    return _CODE.sub(replaced, text)


def _code(code: str, label: Label) -> str:
    pair = _PAIR.match(code)
    try:
        if pair is not None:
            value = _Reader(pair.group(2)).whole()
            return f"{_name(pair.group(1), label)}={value}"
        if code[:1] in "{[":
            return _Reader(code).whole()
    except _NoNotationError:
        return code
    return _name(code, label) if re.fullmatch(r"[A-Z][\w.]*[a-z]\w*", code) else code


def _name(path: str, label: Label) -> str:
    return label(tuple(path.split("."))) or path


def _snake(name: str) -> str:
    return _HUMPS.sub("_", name).lower()


class _Reader:
    """Reads YAML's flow notation with CloudFormation's short functions, and writes Python's literals."""

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

    def whole(self) -> str:
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

    def _value(self) -> str:
        kind, text = self._next()
        if kind == "function":
            return self._function(text)
        if kind == "text":
            return text
        if text == "{":
            return self._items("}", "{", self._entry)
        if text == "[":
            return self._items("]", "[", self._value)
        if kind != "word":
            raise _NoNotationError
        return _scalar(text.strip())

    def _items(self, end: str, start: str, item: Callable[[], str]) -> str:
        found: list[str] = []
        while self._peek() != end:
            found.append(item())
            if self._peek() == ",":
                self._next()
            elif self._peek() != end:
                raise _NoNotationError
        self._next()
        return f"{start}{', '.join(found)}{end}"

    def _entry(self) -> str:
        kind, key = self._next()
        if kind not in ("word", "text"):
            raise _NoNotationError
        if self._peek() != ":":
            if key.strip() in ("...", "…"):
                return "..."
            raise _NoNotationError
        self._next()
        name = key.strip().strip('"')
        return f'"{name}": {self._value()}'

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
    return text if re.fullmatch(r"-?[0-9.]+", text) else f'"{text}"'
