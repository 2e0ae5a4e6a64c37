"""Which steps of a pipeline read what another one gives: the SDK orders them by that as well.

A step refers to another by its properties (`train.properties.ModelArtifacts`), by a file that it writes
(`JsonGet(step_name=evaluate.name, ...)`), or as itself, wherever in its arguments.
"""

from collections.abc import Iterator, Mapping

from mlwa_lint.frontends.python.evaluation.values import DictObj, Handle, ListObj, PyValue, options
from mlwa_lint.frontends.python.ledger import Created
from mlwa_lint.frontends.python.sdk.families import FAMILIES
from mlwa_lint.frontends.python.sdk.objects import SdkObject
from mlwa_lint.frontends.python.sdk.requests import Properties
from mlwa_lint.frontends.python.sdk.user_names import MODEL_NAMES
from mlwa_lint.frontends.python.vocabulary import PythonVocabulary
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import ENVIRONMENT, Choice, Entry, ListValue, MapValue, Scalar, Unknown, Value

# What a step is made with that are steps of their own, and what is not an input.
_APART = frozenset({"if_steps", "else_steps", "for_each_body", "name", "depends_on", "sagemaker_session"})
# Arguments that hold what a step reads of others.
_INPUTS = ("conditions", "inputs", "step_args")
# What the properties of a training job have of what it measured.
MEASURED = "FinalMetricDataList"
# How the identity of a text begins that is given outside, and so names no step.
_OUTSIDE = (ENVIRONMENT, "option ", "the session's ")
_DEPTH = 30


class StepArguments(Handle):
    """What `processor.run()` and the like give under a pipeline's session: the request of a step."""

    __slots__ = ("created", "given", "kind", "names", "properties", "span")

    def __init__(
        self,
        kind: str,
        properties: Properties,
        span: Span,
        created: Created | None,
        names: PythonVocabulary = MODEL_NAMES,
        given: tuple[PyValue, ...] = (),
    ) -> None:
        self.kind = kind
        self.properties = properties
        self.span = span
        self.created = created
        self.names = names
        # The object that would run it, and what the call gives.
        self.given = given


class StepReferences:
    """What the arguments of a step refer to.

    steps: the names of a pipeline's steps, by the identity of the object that each is.
    """

    def __init__(self, steps: Mapping[int, str]) -> None:
        self._names = frozenset(steps.values())
        self._by_identity = {str(key): name for key, name in steps.items()}
        self._by_object = steps
        self._seen: set[int] = set()
        self.found: dict[str, None] = {}
        self.unknown: Unknown | None = None
        # Whether something is read that a training job measured.
        self.measured = False

    def read(self, step: SdkObject) -> None:
        """Takes all arguments of a step, but for the steps that it contains."""
        for name, argument in step.arguments.given.items():
            if name not in _APART:
                before = self.unknown
                self._value(argument.value, 0)
                if name not in _INPUTS:
                    self.unknown = before
        if step.arguments.rest is not None:
            self.unknown = step.arguments.rest

    def _value(self, value: PyValue | None, depth: int) -> None:
        if value is None or depth > _DEPTH or id(value) in self._seen:
            return
        if isinstance(value, Handle):
            self._seen.add(id(value))
        if isinstance(value, Choice):
            for option, _ in options(value):
                self._value(option, depth + 1)
        elif isinstance(value, ListObj):
            self._each(value.values, depth)
            self._open(value.rest)
        elif isinstance(value, DictObj):
            self._each((item.value for _, item in value.items()), depth)
            self._open(value.rest)
        elif isinstance(value, SdkObject):
            self._object(value, depth)
        elif isinstance(value, StepArguments):
            self._each(value.given, depth)
        elif isinstance(value, (Unknown, MapValue, ListValue)):
            self._constant(value, depth)

    def _each(self, values: "Iterator[PyValue] | list[PyValue] | tuple[PyValue, ...]", depth: int) -> None:
        for each in values:
            self._value(each, depth + 1)

    def _object(self, value: SdkObject, depth: int) -> None:
        name = self._by_object.get(id(value))
        if name is not None:
            self.found[name] = None
            return
        if FAMILIES.get(value.kind) in ("session", "step"):
            return
        if value.kind == "JsonGet":
            given = value.arguments.value("step_name")
            named = given if given is not None else next(iter(value.site.positional), None)
            if isinstance(named, Scalar):
                if str(named.data) in self._names:
                    self.found[str(named.data)] = None
            else:
                self._value(named, depth + 1)
        before = self.unknown
        self._each(list(value.site.positional), depth)
        self._each([each.value for each in value.arguments.given.values()], depth)
        if not value.kind.startswith("Condition"):
            self.unknown = before  # a text that is not known inside of an input rather comes from outside

    def _constant(self, value: Value, depth: int) -> None:
        if depth > _DEPTH:
            return
        if isinstance(value, Unknown):
            self._unknown(value, depth)
        elif isinstance(value, MapValue):
            for entry in value.entries.values():
                self._constant(entry.value, depth + 1)
        elif isinstance(value, ListValue):
            for item in value.items:
                self._constant(item, depth + 1)

    def _unknown(self, value: Unknown, depth: int) -> None:
        start, dot, _ = value.identity.partition(".")
        name = self._by_identity.get(start) if dot else None
        if name is not None:
            self.found[name] = None
            self.measured |= MEASURED in value.identity
            return
        before = self.unknown
        for part in value.parts:
            if not isinstance(part, str):
                self._constant(part, depth + 1)
        if value.parts:
            self.unknown = before
        else:
            self._open(value)

    def _open(self, value: Unknown | None) -> None:
        if value is not None and not value.identity.startswith(_OUTSIDE) and not value.present:
            self.unknown = value


def results_of_steps(value: Value, steps: Mapping[int, str], depth: int = 0) -> Value:
    """A value in which what other steps give is written as the definition has it: `Steps.Train.ModelName`.

    steps: as of StepReferences.
    """
    if depth > _DEPTH:
        return value
    if isinstance(value, MapValue):
        entries = {
            key: entry._replace(value=results_of_steps(entry.value, steps, depth + 1))
            for key, entry in value.entries.items()
        }
        return value._replace(entries=entries)
    if isinstance(value, ListValue):
        return value._replace(items=tuple(results_of_steps(item, steps, depth + 1) for item in value.items))
    if not isinstance(value, Unknown) or value.span is None:
        return value
    start, found, path = value.identity.partition(".properties.")
    name = steps.get(int(start)) if found and start.isdecimal() else None
    if name is None:
        return value
    return MapValue({"Get": Entry(value.span, Scalar(f"Steps.{name}.{path}", value.span))}, value.span)


__all__ = ["StepArguments", "StepReferences", "results_of_steps"]
