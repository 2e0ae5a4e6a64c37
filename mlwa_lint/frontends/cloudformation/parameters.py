"""Template parameters: what is known of their values."""

import re
import warnings
from collections.abc import Mapping
from math import isfinite

from mlwa_lint.frontends.choices import ALTERNATIVES_LIMIT
from mlwa_lint.frontends.cloudformation.dynamic import with_dynamic_references
from mlwa_lint.frontends.cloudformation.syntax.nodes import ListNode, MapNode, TextNode
from mlwa_lint.frontends.options import Json
from mlwa_lint.frontends.texts import texts_of_pattern
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import (
    DECISIVE,
    NO_ASSUMPTIONS,
    Absent,
    Assumptions,
    ListValue,
    Plain,
    Scalar,
    Unknown,
    Value,
    known_text,
    plain_text,
)
from mlwa_lint.startup.records import NamedTuple

_PATTERN_LIMIT = 500


class Parameter(NamedTuple):
    """One declared parameter.

    default: its text, None when it has none. given: the value that the user, or the parent stack, states.
    filled:  whether it cannot be the empty text. prefix: of the nested stack it belongs to.
    least, most: the bounds of a number. pattern: what each text has to match. space: of identities.
    """

    name: str
    type: str
    span: Span
    default: Plain | None
    allowed: tuple[Plain, ...]
    hidden: bool
    given: Value | None = None
    filled: bool = False
    least: float | None = None
    most: float | None = None
    prefix: str = ""
    space: str = ""
    pattern: str = ""

    @property
    def label(self) -> str:
        """What reasons call it."""
        return f"parameter {self.prefix}{self.name}"

    @property
    def identity(self) -> str:
        """The identity of its unknown value."""
        return f"{self.label} of {self.space}"

    @property
    def assumption(self) -> str:
        """What rests on its default assumes this."""
        return f"the default of {self.prefix}{self.name}"

    @property
    def is_list(self) -> bool:
        """Whether its text is a list, separated by commas."""
        return self.type == "CommaDelimitedList" or self.type.startswith("List<") or "<List<" in self.type

    @property
    def is_stored(self) -> bool:
        """Whether its text is the name of an SSM parameter, which holds the value."""
        return self.type.startswith("AWS::SSM::Parameter::Value")

    @property
    def is_missing(self) -> bool:
        """Whether its value is open: it has no default, and none is given."""
        return self.given is None and self.default is None and not self.is_stored

    def value(self) -> Value:
        """What `Ref` of it gives."""
        if self.given is not None:
            return self._shown(self.given)
        if self.is_stored:
            # Named by its default, it is the value of that name; the same as a dynamic reference gives.
            named = isinstance(self.default, str) and bool(self.default) and not self.is_list
            return Unknown(
                f"{self.label} is read from Systems Manager at deployment",
                self.span,
                identity=f"resolve:ssm:{self.default}" if named else self.identity,
                present=True,
                secret=True,
                assumed=frozenset({self.assumption}) if named else NO_ASSUMPTIONS,
            )
        if self.default is not None:
            return self.read(self.default, frozenset({self.assumption}))
        return Unknown(
            f"{self.label} has no default",
            self.span,
            identity=self.identity,
            present=self.filled,
            secret=self.hidden,
            one_of=self._options(),
            least=self.least,
            most=self.most,
            refused=self._refused(),
        )

    def refuses(self, text: str) -> bool:
        """Whether CloudFormation accepts no such text for it."""
        if not self.pattern or self.is_list or self.is_stored:
            return False
        from mlwa_lint.frontends.cloudformation.refusing import certainly_differs

        return certainly_differs(self.pattern, text)

    def _refused(self) -> tuple[str, ...]:
        return tuple(filter(self.refuses, DECISIVE)) if self.pattern else ()

    def _options(self) -> tuple[str, ...]:
        """The texts that it can be given, where these are few."""
        few = len(self.allowed) <= ALTERNATIVES_LIMIT and not (self.is_list or self.hidden)
        return tuple(sorted(map(plain_text, self.allowed))) if few else ()

    def complaint(self) -> str:
        """Why CloudFormation refuses the value that the user states; empty where it does not."""
        given = self.given
        if not self.allowed or given is None:
            return ""
        allowed = {plain_text(each) for each in self.allowed}
        items = given.items if isinstance(given, ListValue) else (given,)
        texts = [known_text(item) for item in items if not item.assumed]
        wrong = [text for text in texts if text is not None and text not in allowed]
        if not wrong:
            return ""
        what = "a value" if self.hidden else f"{wrong[0]!r}"
        return f"{self.label} is given {what}, which is none of its AllowedValues"

    def _shown(self, given: Value) -> Value:
        """A given value; that of a hidden parameter decides conditions but is never shown.

        A default of the parent stack is written in its template, for everyone to read. Of a given value that
        is not known, the declaration still shows which texts are accepted.
        """
        if isinstance(given, Unknown) and not self.is_stored:
            refused = tuple(dict.fromkeys((*given.refused, *self._refused())))
            given = given._replace(present=given.present or self.filled, refused=refused)
        if not self.hidden or given.assumed:
            return given
        if isinstance(given, Unknown):
            return given._replace(secret=True)
        if not isinstance(given, (Scalar, ListValue)):
            return given
        reason, identity = (
            f"{self.label} is hidden (NoEcho)",
            self.identity,
        )
        return Unknown(reason, self.span, (), identity, present=True, secret=True)

    def read(self, data: Plain, assumed: Assumptions = NO_ASSUMPTIONS) -> Value:
        """A text given for it, as the template sees it."""
        if not self.is_list or not isinstance(data, str):
            return with_dynamic_references(Scalar(data, self.span, assumed), self.span)
        items = tuple(Scalar(item.strip(), self.span, assumed) for item in data.split(",")) if data else ()
        return ListValue(items, self.span, None, assumed)


def declared(
    section: MapNode,
    given: Mapping[str, Json | Value],
    prefix: str = "",
    space: str = "",
    complete: bool = False,
) -> dict[str, Parameter]:
    """The parameters of a `Parameters` section, with the values that are stated for them.

    When these are `complete`, all other parameters have their defaults for certain.
    """
    found: dict[str, Parameter] = {}
    for key, body in section.entries:
        if not isinstance(body, MapNode):
            continue
        parameter = Parameter(
            name=key.text,
            type=_text(body, "Type") or "String",
            span=key.span,
            default=_data(body, "Default"),
            allowed=_allowed(body),
            hidden=(_text(body, "NoEcho") or "").lower() == "true",
            filled=_is_filled(body),
            least=_bound(body, "MinValue"),
            most=_bound(body, "MaxValue"),
            prefix=prefix,
            space=space,
            pattern=_text(body, "AllowedPattern") or "",
        )
        if key.text in given:
            parameter = parameter._replace(given=_given(parameter, given[key.text]))
        elif complete and parameter.default is not None and not parameter.is_stored:
            parameter = parameter._replace(given=parameter.read(parameter.default))
        found[key.text] = parameter
    return found


def _given(parameter: Parameter, value: Json | Value) -> Value | None:
    if value is None:
        return None
    if isinstance(value, (str, int, float)):
        stored = parameter.is_stored
        return None if stored else parameter.read(value)
    if isinstance(value, list):
        return parameter.read(",".join(str(item) for item in value))
    if isinstance(value, dict):
        return None
    if isinstance(value, Scalar) and not parameter.is_stored:
        return _written_at(value.origin or value.span, parameter.read(value.data, value.assumed))
    if parameter.is_stored and not isinstance(value, Absent):
        return None
    return value


def _written_at(origin: Span, value: Value) -> Value:
    """A value that the parent stack gives, which is written there or is the default of its parameter."""
    if isinstance(value, ListValue):
        return value._replace(items=tuple(_written_at(origin, each) for each in value.items))
    return value._replace(origin=origin) if isinstance(value, Scalar) else value


def _text(body: MapNode, key: str) -> str | None:
    node = body.get(key)
    return node.text if isinstance(node, TextNode) else None


def _data(body: MapNode, key: str) -> Plain | None:
    node = body.get(key)
    return node.data if isinstance(node, TextNode) else None


def _allowed(body: MapNode) -> tuple[Plain, ...]:
    node = body.get("AllowedValues")
    if not isinstance(node, ListNode):
        pattern = _text(body, "AllowedPattern") or ""
        return tuple(sorted(texts_of_pattern(pattern) or ())) if len(pattern) <= _PATTERN_LIMIT else ()
    return tuple(item.data for item in node.items if isinstance(item, TextNode) and item.data is not None)


def _bound(body: MapNode, key: str) -> float | None:
    """A bound of a number."""
    data = _data(body, key)
    try:
        found = None if data is None or isinstance(data, bool) else float(data)
    except ValueError:
        return None
    return found if found is not None and isfinite(found) else None


def _is_filled(body: MapNode) -> bool:
    """Whether CloudFormation refuses the empty text for a parameter."""
    kind = _text(body, "Type") or "String"
    if _data(body, "Default") == "":
        return False
    if kind == "Number" or kind.startswith(("AWS::EC2::", "List<AWS::")):
        return True
    least = _text(body, "MinLength") or "0"
    if least.isdecimal() and least.strip("0"):
        return True
    pattern = _text(body, "AllowedPattern")
    if pattern is None or len(pattern) > _PATTERN_LIMIT:
        return False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            # Only tested with the empty text, for which no pattern takes long.
            return re.fullmatch(pattern, "") is None
    except (re.error, OverflowError, RecursionError):
        return False  # it may be right in Java, whose patterns CloudFormation uses
