"""Template parameters: what is known of their values."""

from collections.abc import Mapping
from typing import NamedTuple

from mlwa_lint.frontends.cloudformation.dynamic import with_dynamic_references
from mlwa_lint.frontends.cloudformation.nodes import ListNode, MapNode, TextNode
from mlwa_lint.frontends.options import Json
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import NO_ASSUMPTIONS, Assumptions, ListValue, Plain, Scalar, Unknown, Value


class Parameter(NamedTuple):
    """One declared parameter.

    default: its text, None when it has none. given: the value that the user, or the parent stack, states.
    """

    name: str
    type: str
    span: Span
    default: Plain | None
    allowed: tuple[Plain, ...]
    hidden: bool
    given: Value | None = None

    @property
    def is_list(self) -> bool:
        """Whether its text is a list, separated by commas."""
        return self.type == "CommaDelimitedList" or self.type.startswith("List<") or "<List<" in self.type

    @property
    def is_stored(self) -> bool:
        """Whether its text is the name of an SSM parameter, which holds the value."""
        return self.type.startswith("AWS::SSM::Parameter::Value")

    def value(self) -> Value:
        """What `Ref` of it gives."""
        if self.given is not None:
            return self._shown(self.given)
        if self.is_stored:
            return Unknown(
                f"parameter {self.name} is read from Systems Manager at deployment",
                self.span,
                identity=f"parameter {self.name}",
                present=True,
                secret=True,
            )
        if self.default is not None:
            return self.read(self.default, frozenset({f"the default of {self.name}"}))
        return Unknown(
            f"parameter {self.name} has no default",
            self.span,
            identity=f"parameter {self.name}",
            secret=self.hidden,
        )

    def _shown(self, given: Value) -> Value:
        """A given value; that of a hidden parameter decides conditions but is never shown."""
        if not self.hidden or not isinstance(given, (Scalar, ListValue)):
            return given
        reason, identity = f"parameter {self.name} is hidden (NoEcho)", f"parameter {self.name}"
        return Unknown(reason, self.span, (), identity, present=True, secret=True)

    def read(self, data: Plain, assumed: Assumptions = NO_ASSUMPTIONS) -> Value:
        """A text given for it, as the template sees it."""
        if not self.is_list or not isinstance(data, str):
            return with_dynamic_references(Scalar(data, self.span, assumed), self.span)
        items = tuple(Scalar(item.strip(), self.span, assumed) for item in data.split(",")) if data else ()
        return ListValue(items, self.span, None, assumed)


def declared(section: MapNode, given: Mapping[str, Json | Value]) -> dict[str, Parameter]:
    """The parameters of a `Parameters` section, with the values that the user states for them."""
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
        )
        if key.text in given:
            parameter = parameter._replace(given=_given(parameter, given[key.text]))
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
    return value


def _text(body: MapNode, key: str) -> str | None:
    node = body.get(key)
    return node.text if isinstance(node, TextNode) else None


def _data(body: MapNode, key: str) -> Plain | None:
    node = body.get(key)
    return node.data if isinstance(node, TextNode) else None


def _allowed(body: MapNode) -> tuple[Plain, ...]:
    node = body.get("AllowedValues")
    if not isinstance(node, ListNode):
        return ()
    return tuple(item.data for item in node.items if isinstance(item, TextNode) and item.data is not None)
