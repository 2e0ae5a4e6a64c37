"""Amazon States Language: the states of a state machine as steps."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from mlwa_lint.frontends.documents import calls
from mlwa_lint.frontends.documents.origins import (
    Origins,
    assigned,
    assignments,
    bodies_of,
    origins_of,
    place_of,
)
from mlwa_lint.frontends.documents.reads import reads_of, takes_of
from mlwa_lint.frontends.documents.steps import (
    STEPS_LIMIT,
    DocumentNames,
    DocumentStep,
    kept,
    listed,
    maps,
    text,
    used_by,
)
from mlwa_lint.frontends.documents.written import NAMED_LENGTH, WrittenByStates
from mlwa_lint.model.conditions import Guard
from mlwa_lint.model.spans import Span, start_of
from mlwa_lint.model.values import (
    Absent,
    Alternative,
    Choice,
    Entry,
    ListValue,
    MapValue,
    Reference,
    Scalar,
    TextPart,
    Unknown,
    Value,
    about,
    alternatives,
    known_text,
)
from mlwa_lint.startup.records import NamedTuple

DEPTH_LIMIT = 30
_FROM_INPUT = "it comes from the state's input"
_REQUEST = "the parameters of the call come from the state's input"
_FORMAT = "States.Format('"
_CALL = "States.Format("
_COMPUTED = "it is worked out when the state runs"


class _Scope(NamedTuple):
    """The context of states: the step whose branch they are in, what follows it, the query language.

    `origins` maps what they read to its source.
    """

    guards: tuple[Guard, ...]
    parent: str
    after: tuple[str, ...]
    language: str
    depth: int
    origins: Origins | None = None
    written: WrittenByStates | None = None


class _Reading(NamedTuple):
    """How a state's expressions are read.

    identify: what distinguishes equal values from others. value: what an expression gives, if that is known.
    place: what a path leads to, in words.
    """

    identify: Callable[[str], str]
    value: Callable[[str, Span], Value | None]
    place: Callable[[str], str]


class States:
    """The steps of one definition; `unknown` is whether there may be more of them."""

    def __init__(
        self, definition: Value, guards: tuple[Guard, ...], names: DocumentNames, address: str = ""
    ) -> None:
        self.steps: list[DocumentStep] = []
        self.unknown: Unknown | None = None
        self._names = names
        self._address = address
        self._assigned = Counter(assigned(definition))
        self._variables = assignments(definition)
        for machine, where in maps(definition, guards):
            language = text(machine, "QueryLanguage")
            self._states(machine, _Scope(where, "", (), language, 0))
        for option in alternatives(definition, guards):
            if isinstance(option.value, Unknown):
                self.unknown = option.value

    def _states(self, machine: MapValue, scope: _Scope) -> None:
        if scope.depth > DEPTH_LIMIT:
            return
        container = machine.value("States")
        within = f"{self._address}/{scope.parent}"
        origins, bodies = origins_of(machine, within, self._assigned), bodies_of(container)
        written = None
        if origins is not None and bodies is not None:
            written = WrittenByStates(bodies, origins, scope.language, self._variables, self._names)
        scope = scope._replace(origins=origins, written=written)
        for option in alternatives(container, scope.guards):
            value = option.value
            if isinstance(value, (Unknown, Reference)):
                self.unknown = _why(value)
            if not isinstance(value, MapValue):
                continue
            if value.rest is not None:
                self.unknown = value.rest
            for name, entry in value.entries.items():
                self._alternatives(name, entry, scope._replace(guards=option.guards))

    def _alternatives(self, name: str, entry: Entry, scope: _Scope) -> None:
        for option in alternatives(entry.value, scope.guards):
            if len(self.steps) >= STEPS_LIMIT:
                self.unknown = Unknown(f"only the first {STEPS_LIMIT:,} steps are read", entry.key_span)
                return
            if isinstance(option.value, MapValue):
                self._state(name, entry, option.value, scope._replace(guards=option.guards))
            elif isinstance(option.value, (Unknown, Reference)):
                self.unknown = _why(option.value)

    def _state(self, name: str, entry: Entry, body: MapValue, scope: _Scope) -> None:
        kind = text(body, "Type")
        language = text(body, "QueryLanguage") or scope.language
        followers = _followers(body) or scope.after
        machines = list(_machines(body, scope.guards)) if kind in ("Parallel", "Map") else []
        starts = [start for machine, _ in machines if (start := text(machine, "StartAt"))]
        catchers = _catchers(body)
        step = DocumentStep(
            name=name,
            span=entry.key_span,
            kind=kind,
            guards=scope.guards,
            next=tuple(dict.fromkeys([*(starts or followers), *catchers])),
            parent=scope.parent,
            kept={
                **kept(body, "Retry", "Catch", "TimeoutSeconds", "HeartbeatSeconds"),
                **reads_of(name, body, scope.origins, entry.key_span),
                **takes_of(name, body, scope.origins, entry.key_span),
            },
        )
        self.steps += self._tasks(step, body, language, scope) if kind == "Task" else [step]
        for machine, where in machines:
            inner = _Scope(where, name, followers, language, scope.depth + 1)
            self._states(machine, inner)

    def _tasks(
        self, step: DocumentStep, body: MapValue, language: str, scope: _Scope
    ) -> Iterator[DocumentStep]:
        """A task, once for every alternative of the resource that it calls."""
        origins, written = scope.origins, scope.written

        def identify(expression: str) -> str:
            return "" if origins is None else origins.identity(step.name, expression)

        def given(expression: str, span: Span) -> Value | None:
            return None if written is None else written.value(step.name, expression, span)

        def place(path: str) -> str:
            return place_of(path) if origins is None else origins.place(step.name, path)

        request = _request(body, language, step, _Reading(identify, given, place))
        for option in alternatives(body.value("Resource"), step.guards):
            yield self._task(step._replace(guards=option.guards), option, request)

    def _task(self, step: DocumentStep, resource: Alternative, request: MapValue) -> DocumentStep:
        action, function = self._action(resource.value)
        if action is None:
            return step._replace(why=_why(resource.value).reason, request=request)
        named = resource.value if function else Absent()
        pattern = calls.pattern_of(_shape(resource.value) or "")
        used = used_by(action, request, named)
        return step._replace(action=action, request=request, used=used, pattern=pattern)

    def _action(self, value: Value) -> tuple[str | None, bool]:
        """The call behind a task's resource, and whether the resource itself is what is called."""
        if isinstance(value, Reference):
            kind = self._names.types.get(value.address)
            if kind == "AWS::Lambda::Function":
                return "lambda:invoke", True
            if kind == "AWS::StepFunctions::Activity":
                return "states:activity", False
            if value.known is None:
                return None, False
        shape = _shape(value)
        action = calls.action_of(shape) if shape is not None else None
        if action is None and isinstance(value, Unknown):
            for part in value.parts:
                if isinstance(part, Reference):
                    return self._action(part._replace(known=None))[0], True
        if action is None and isinstance(value, Scalar):
            return "", False
        return action, action == "lambda:invoke" and ":states:" not in (shape or "")


def _shape(value: Value) -> str | None:
    """A text with `?` for what is not known of it."""
    known = known_text(value)
    if known is not None:
        return known
    if isinstance(value, Unknown) and value.parts:
        return "".join(part if isinstance(part, str) else "?" for part in value.parts)
    return None


def _why(value: Value) -> Unknown:
    if isinstance(value, Unknown):
        return value
    if isinstance(value, Reference):
        return Unknown(f"{value.address} is known only after deployment", value.span)
    return Unknown("it is not given", value.span or start_of(""))


def _followers(body: MapValue) -> tuple[str, ...]:
    """The states that a state leads to when all goes well."""
    found = [text(body, "Next"), text(body, "Default")]
    choices = listed(body.value("Choices"), ())
    found += [text(option.value, "Next") for option in choices if isinstance(option.value, MapValue)]
    return tuple(dict.fromkeys(name for name in found if name))


def _catchers(body: MapValue) -> list[str]:
    return [
        name
        for option in listed(body.value("Catch"), ())
        if isinstance(option.value, MapValue) and (name := text(option.value, "Next"))
    ]


def _machines(body: MapValue, guards: tuple[Guard, ...]) -> Iterator[tuple[MapValue, tuple[Guard, ...]]]:
    """The inner state machines of a Parallel or Map state."""
    for key in ("ItemProcessor", "Iterator"):
        yield from maps(body.value(key), guards)
    for option in listed(body.value("Branches"), guards):
        if isinstance(option.value, MapValue):
            yield option.value, option.guards


def _request(body: MapValue, language: str, step: DocumentStep, reading: _Reading) -> MapValue:
    """The parameters of a task's call; those that the execution gives are unknown."""
    key = "Arguments" if language == "JSONata" or "Arguments" in body.entries else "Parameters"
    if f"{key}.$" in body.entries:
        return MapValue({}, step.span, Unknown(_REQUEST, step.span))
    if key not in body.entries:
        # Without parameters the whole input is handed on.
        return MapValue({}, step.span, Unknown(_REQUEST, step.span))
    read = _runtime(body.entries[key].value, key == "Arguments", reading)
    if isinstance(read, MapValue):
        return read
    reason = read.reason if isinstance(read, Unknown) else _REQUEST
    return MapValue({}, step.span, Unknown(reason, step.span))


def _runtime(value: Value, is_jsonata: bool, reading: _Reading, depth: int = 0) -> Value:
    """The value with everything unknown that only the execution gives."""
    if depth > 100:
        return value
    if isinstance(value, MapValue):
        entries: dict[str, Entry] = {}
        for key, entry in value.entries.items():
            if not is_jsonata and key.endswith(".$"):
                path = known_text(entry.value) or ""
                given = reading.value(path, entry.value.span or entry.key_span) if path else None
                if isinstance(given, Scalar):
                    given = given._replace(assumed=given.assumed | entry.value.assumed)
                given = given or _formatted(entry, reading) or _from_path(path, entry, reading)
                entries[key[:-2]] = Entry(entry.key_span, _named(given, key[:-2]), key[:-2])
            else:
                inner = _runtime(entry.value, is_jsonata, reading, depth + 1)
                entries[key] = entry._replace(value=_named(inner, key))
        return value._replace(entries=entries)
    if isinstance(value, ListValue):
        items = (_runtime(item, is_jsonata, reading, depth + 1) for item in value.items)
        return value._replace(items=tuple(items))
    if isinstance(value, Choice):
        yes, no = (_runtime(each, is_jsonata, reading, depth + 1) for each in (value.yes, value.no))
        return value._replace(yes=yes, no=no)
    if is_jsonata and isinstance(value, (Scalar, Unknown)):
        shape = (_shape(value) or "").strip()
        if shape.startswith("{%") and shape.endswith("%}"):
            return _computed(shape[2:-2].strip(), value, reading)
    return value


def _computed(expression: str, value: Scalar | Unknown, reading: _Reading) -> Value:
    """What a JSONata expression gives; one with parts of the template in it is not followed."""
    if isinstance(value, Unknown):
        return Unknown(_COMPUTED, value.span, present=True)
    found = reading.value(expression, value.span)
    if found is not None:
        return found
    reason = about(_COMPUTED, expression) if len(expression) <= NAMED_LENGTH else _COMPUTED
    return Unknown(reason, value.span, identity=reading.identify(expression), present=True)


def _named(value: Value, name: str) -> Value:
    """A value that only the execution gives, whose reason names the property."""
    return value._replace(reason=about(value.reason, name)) if isinstance(value, Unknown) else value


def _formatted(entry: Entry, reading: _Reading) -> Unknown | None:
    """What `States.Format('s3://bucket/{}', $.key)` makes: its text, with what comes from the input."""
    value = entry.value
    stated = (value.data,) if isinstance(value, Scalar) else value.parts if isinstance(value, Unknown) else ()
    first = stated[0] if stated else ""
    if not isinstance(first, str) or not first.startswith(_FORMAT):
        return None
    listed = _arguments(stated)
    form = listed[0] if listed else ()
    if any(isinstance(each, str) and "\\" in each for each in form):
        return None
    others = iter(listed[1:])
    pieces: list[TextPart] = []
    for part in form:
        if not isinstance(part, str):
            pieces.append(part)
            continue
        for position, known in enumerate(part.split("{}")):
            pieces += [*_filled(next(others, None), entry, reading), known] if position else [known]
    made = tuple(each for each in pieces if each != "")
    holes = [each.reason for each in made if isinstance(each, Unknown) and each.present]
    return Unknown(holes[0], entry.key_span, made, present=True) if holes else None


def _filled(
    given: tuple[TextPart, ...] | str | None, entry: Entry, reading: _Reading
) -> tuple[TextPart, ...]:
    """What an argument of `States.Format` puts into its text."""
    if isinstance(given, tuple) and not any(isinstance(each, str) and "\\" in each for each in given):
        return given
    if isinstance(given, str) and given.startswith("$"):
        found = reading.value(given, entry.key_span)
        known = None if found is None else known_text(found)
        if known is not None:
            return (known,)
        if isinstance(found, (Unknown, Reference)):
            return found.parts if isinstance(found, Unknown) and found.parts else (found,)
    return (_from_path(given if isinstance(given, str) else "", entry, reading),)


def _arguments(stated: Sequence[object]) -> list[tuple[TextPart, ...] | str]:
    """The arguments of `States.Format`: the pieces of texts in quotes, and paths.

    Those that follow a call of another function are not known: its own arguments may be texts as well.
    """
    found: list[tuple[TextPart, ...] | str] = []
    held: list[TextPart] = []
    quoted = False
    for number, part in enumerate(stated):
        if not isinstance(part, str):
            if not quoted:
                return found  # a part of the template that is no text: it may be anything
            held.append(part)  # type: ignore[arg-type]
            continue
        first, *others = (part if number else part.removeprefix(_CALL)).split("'")
        for position, words in enumerate((first, *others)):
            if position:
                if quoted:
                    found.append(tuple(held))
                held = []
                quoted = not quoted
            if quoted:
                held.append(words)
                continue
            if "(" in words:
                return found
            found += [each.strip() for each in words.partition(")")[0].split(",") if each.strip()]
    return found


def _from_path(path: str, entry: Entry, reading: _Reading) -> Unknown:
    """What a path leads to; the context object does not change, apart from the state and the item."""
    reason = _COMPUTED if path.startswith("States.") else _FROM_INPUT
    if path.startswith("$") and len(path) <= NAMED_LENGTH:
        reason = f"it comes from {reading.place(path)}"
    return Unknown(reason, entry.key_span, identity=reading.identify(path), present=True)
