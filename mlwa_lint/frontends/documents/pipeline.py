"""SageMaker Pipeline definitions: the steps of a pipeline."""

from collections.abc import Iterator

from mlwa_lint.frontends.choices import over_alternatives
from mlwa_lint.frontends.documents.calls import CREATED, PIPELINE_ACTIONS
from mlwa_lint.frontends.documents.origins import INPUT
from mlwa_lint.frontends.documents.steps import (
    STEPS_LIMIT,
    DocumentStep,
    address_of,
    kept,
    listed,
    maps,
    text,
    used_by,
)
from mlwa_lint.frontends.failures import reason_of
from mlwa_lint.frontends.texts import text_of
from mlwa_lint.model.conditions import Guard
from mlwa_lint.model.resources import Resource
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import (
    Absent,
    Choice,
    Entry,
    ListValue,
    MapValue,
    Reference,
    Scalar,
    Unknown,
    Value,
    alternatives,
    assume,
    known_text,
)

DEPTH_LIMIT = 60
_KEPT = ("RetryPolicies", "CacheConfig", "CheckType", "ModelPackageGroupName", "Measured")
_COMPUTED = "it is worked out when the pipeline runs"


class PipelineSteps:
    """The steps of one definition; `unknown` is whether there may be more of them."""

    def __init__(self, definition: Value, pipeline: Resource) -> None:
        self.steps: list[DocumentStep] = []
        self.unknown: Unknown | None = None
        self._pipeline = pipeline
        self._parameters: dict[str, Value] = {}
        self._created: dict[str, str] = {}
        self._needs: dict[str, list[str]] = {}
        for option in alternatives(definition, pipeline.guards):
            if isinstance(option.value, Unknown):
                self.unknown = option.value
        roots = list(maps(definition, pipeline.guards))
        for root, guards in roots:
            self._declare(root.value("Parameters"), guards)
            self._learn(root.value("Steps"), guards, 0)
        for root, guards in roots:
            self._steps(root.value("Steps"), guards, "", 0)
        self._connect()

    # -- first look: names

    def _declare(self, parameters: Value, guards: tuple[Guard, ...]) -> None:
        for option in listed(parameters, guards):
            if isinstance(option.value, MapValue):
                name = text(option.value, "Name")
                default = option.value.value("DefaultValue")
                if isinstance(default, Absent):
                    default = Unknown(
                        f"pipeline parameter {name} has no default",
                        option.value.span,
                        identity=f"{self._pipeline.address} parameter {name}",
                    )
                else:
                    default = assume(default, frozenset({f"the default of pipeline parameter {name}"}))
                self._parameters[name] = default

    def _learn(self, steps: Value, guards: tuple[Guard, ...], depth: int) -> None:
        """Which steps create something that others can refer to."""
        if depth > DEPTH_LIMIT:
            return
        for option in listed(steps, guards):
            if not isinstance(option.value, MapValue):
                continue
            name, kind = text(option.value, "Name"), text(option.value, "Type")
            created = CREATED.get(PIPELINE_ACTIONS.get(kind, "").lower())
            if created is not None:
                self._created[name] = address_of(self._pipeline, name)
            for inner, where in maps(option.value.value("Arguments"), option.guards):
                self._learn(inner.value("IfSteps"), where, depth + 1)
                self._learn(inner.value("ElseSteps"), where, depth + 1)

    # -- steps

    def _steps(self, steps: Value, guards: tuple[Guard, ...], parent: str, depth: int) -> None:
        if depth > DEPTH_LIMIT:
            return
        for option in alternatives(steps, guards):
            if isinstance(option.value, ListValue) and option.value.rest is not None:
                self.unknown = option.value.rest
            elif isinstance(option.value, (Unknown, Reference)):
                self.unknown = Unknown(reason_of(option.value, ""), option.value.span)
        for option in listed(steps, guards):
            if len(self.steps) >= STEPS_LIMIT:
                self.unknown = Unknown(f"only the first {STEPS_LIMIT:,} steps are read", self._pipeline.span)
                return
            if isinstance(option.value, MapValue):
                self._step(option.value, option.guards, parent, depth)
            elif isinstance(option.value, (Unknown, Reference)):
                self.unknown = Unknown(reason_of(option.value, ""), option.value.span)

    def _step(self, body: MapValue, guards: tuple[Guard, ...], parent: str, depth: int) -> None:
        name, kind = text(body, "Name"), text(body, "Type")
        if not name:
            return
        arguments = body.value("Arguments")
        needs = self._needs.setdefault(name, [])
        needs += [parent] if parent else []
        needs += _depends_on(body)
        needs += _steps_named(body, 0)
        action = PIPELINE_ACTIONS.get(kind, "")
        request = self._request(arguments, body.span) if action else None
        step = DocumentStep(
            name=name,
            span=body.entries["Name"].key_span,
            kind=kind,
            guards=guards,
            action=action,
            request=request,
            pattern="waitForTaskToken" if kind == "Callback" else "sync",
            parent=parent,
            used=used_by(action, request, self.resolved(body.value("FunctionArn"))),
            kept={
                **kept(
                    body, "RetryPolicies", "CacheConfig", "CheckType", "ModelPackageGroupName", "Measured"
                ),
                **_open_order(body),
                **(_measured(body) | _given(body) if kind == "Condition" else {}),
            },
        )
        self.steps.append(step)
        if kind != "Condition":
            return
        for inner, where in maps(arguments, guards):
            for key in ("IfSteps", "ElseSteps"):
                self._steps(inner.value(key), where, name, depth + 1)

    def _request(self, arguments: Value, span: Span) -> MapValue:
        read = self.resolved(arguments)
        if isinstance(read, MapValue):
            return read
        return MapValue({}, span, Unknown(reason_of(read, "its arguments are not given"), span))

    def _connect(self) -> None:
        """Turns what each step needs into what may follow each step."""
        following: dict[str, list[str]] = {}
        known = {step.name for step in self.steps}
        for name, needs in self._needs.items():
            for need in dict.fromkeys(needs):
                if need in known and need != name:
                    following.setdefault(need, []).append(name)
        self.steps = [step._replace(next=tuple(following.get(step.name, ()))) for step in self.steps]

    # -- values

    def resolved(self, value: Value, depth: int = 0) -> Value:
        """The value with parameters, properties of steps and functions of the pipeline worked out."""
        if depth > DEPTH_LIMIT:
            return value
        if isinstance(value, MapValue):
            if len(value.entries) == 1 and value.rest is None:
                key, entry = next(iter(value.entries.items()))
                if key == "Get":
                    return self._got(entry.value, value.span)
                if key.startswith("Std:"):
                    return self._function(key, entry.value, value.span, depth)
            entries = {
                key: Entry(entry.key_span, self.resolved(entry.value, depth + 1), entry.label)
                for key, entry in value.entries.items()
            }
            return value._replace(entries=entries)
        if isinstance(value, ListValue):
            return value._replace(items=tuple(self.resolved(item, depth + 1) for item in value.items))
        if isinstance(value, Choice):
            return value._replace(
                yes=self.resolved(value.yes, depth + 1), no=self.resolved(value.no, depth + 1)
            )
        return value

    def _got(self, path: Value, span: Span) -> Value:
        known = known_text(path)
        if known is None:
            return Unknown(_COMPUTED, span, present=True)
        source, _, rest = known.partition(".")
        if source == "Parameters":
            found = self._parameters.get(rest)
            return found._replace(span=span) if found is not None else Unknown(_COMPUTED, span)
        if source == "Steps":
            name, _, attribute = rest.partition(".")
            if name in self._created:
                return Reference(self._created[name], attribute, span)
            return Unknown(f"it comes from step {name}", span, identity=self._identity(known), present=True)
        return Unknown(_COMPUTED, span, identity=self._identity(known), present=True)

    def _identity(self, path: str) -> str:
        return f"{self._pipeline.address} {path}"

    def _function(self, name: str, argument: Value, span: Span, depth: int) -> Value:
        if name == "Std:Join" and isinstance(argument, MapValue):
            delimiter = argument.value("On")
            values = self.resolved(argument.value("Values"), depth + 1)
            if isinstance(values, ListValue) and values.rest is None:
                return _joined(delimiter, values, span)
        return Unknown(_COMPUTED, span, present=True)


def _joined(delimiter: Value, values: ListValue, span: Span) -> Value:
    parts: list[Value] = []
    for item in values.items:
        if parts and known_text(delimiter) != "":
            parts.append(delimiter)
        parts.append(item)
    return over_alternatives(
        parts, lambda pieces: text_of(pieces, span) if pieces else Scalar("", span), span
    )


def _depends_on(body: MapValue) -> Iterator[str]:
    for option in listed(body.value("DependsOn"), ()):
        name = known_text(option.value)
        if name:
            yield name.removeprefix("Steps.").split(".")[0]


def _open_order(body: MapValue) -> dict[str, Entry]:
    """Why it is not known which steps one follows, where that is so."""
    needs = body.value("DependsOn")
    rest = needs.rest if isinstance(needs, ListValue) else None
    return {} if rest is None else {"OpenOrder": Entry(rest.span, rest, "depends_on")}


def _measured(body: MapValue) -> dict[str, Entry]:
    """Whether a condition reads what a training job measured."""
    found = (each for inner, _ in maps(body.value("Arguments"), ()) for each in _paths(inner, 0))
    if not any("FinalMetricDataList" in each for each in found):
        return {}
    return {"Measured": Entry(body.span, Scalar(True, body.span), "Conditions")}


def _given(body: MapValue) -> dict[str, Entry]:
    """That a condition compares nothing but parameters of the pipeline, which the run is started with."""
    found = [each for inner, _ in maps(body.value("Arguments"), ()) for each in _paths(inner, 0)]
    if not found or not all(each.startswith("Parameters.") for each in found):
        return {}
    source = Entry(body.span, ListValue((Scalar(INPUT, body.span),), body.span), "From")
    reads = [
        MapValue({"Path": Entry(body.span, Scalar(each, body.span), "Path"), "From": source}, body.span)
        for each in dict.fromkeys(found)
    ]
    return {"Reads": Entry(body.span, ListValue(tuple(reads), body.span), "Reads")}


def _steps_named(value: Value, depth: int) -> Iterator[str]:
    """Names of the steps whose properties a value reads; nested steps count for themselves alone."""
    for path in _paths(value, depth):
        if path.startswith("Steps."):
            yield path.split(".")[1]


def _paths(value: Value, depth: int) -> Iterator[str]:
    """What a value reads of parameters and steps, without what nested steps do."""
    if depth > DEPTH_LIMIT:
        return
    for option in alternatives(value):
        inner = option.value
        if isinstance(inner, ListValue):
            for item in inner.items:
                yield from _paths(item, depth + 1)
        elif isinstance(inner, MapValue):
            for key, entry in inner.entries.items():
                if key == "Get":
                    yield known_text(entry.value) or ""
                elif key not in ("IfSteps", "ElseSteps"):
                    yield from _paths(entry.value, depth + 1)
