"""Where what a state reads from its input comes from, so that two states are known to read the same.

A state machine that creates a model, its endpoint configuration and its endpoint mostly names them after the
same place in the input, `$.training.TrainingJobName`. Two states read the same value there when every way
that leads to them has the same state as the last one that wrote to that place, or none.
"""

from collections.abc import Iterator, Mapping
from functools import cache

from mlwa_lint.frontends.documents.steps import listed, text
from mlwa_lint.model.values import Absent, MapValue, Scalar, Value, known_text
from mlwa_lint.startup.patterns import lazy
from mlwa_lint.startup.records import NamedTuple

_WHOLE = "$"
_NOTHING = ""
_PATH = lazy(r"\$(?:\.[A-Za-z_][\w-]*|\[[0-9]+\])*$")
_VARIABLE = lazy(r"\$([A-Za-z_]\w*)((?:\.[A-Za-z_][\w-]*)*)$")
_INPUT = lazy(r"\$states\.input((?:\.[A-Za-z_][\w-]*)*)$")
_KEY = lazy(r"\['([A-Za-z_][\w-]*)'\]")
_EXECUTION = lazy(r"(?:\$\$|\$states\.context)\.Execution((?:\.[A-Za-z_][\w-]*)+)$")
# States that hand on their input, and states that end.
_SILENT = ("Choice", "Wait", "Succeed", "Fail")


# Ways into states that are gone back over, all in all.
WAYS_LIMIT = 200_000
_CONTEXT = ("$$.", "$states.context")
INPUT = "the input"


def plain_path(expression: str) -> str:
    """An expression with its keys behind dots: `$.a['b']` is `$.a.b`."""
    return _KEY.sub(r".\1", expression) if "['" in expression else expression


def place_of(path: str, owner: str = "state") -> str:
    """What a path leads to, in words."""
    return path if path.startswith(_CONTEXT) else f"{path} of the {owner}'s input"


class _Way(NamedTuple):
    """A way into a state: from which one, and where that one's result goes ("$" replaces everything)."""

    source: str
    place: str
    kind: str


class Origins:
    """The states of one machine, or of one branch of it, and the ways between them."""

    def __init__(
        self, states: Mapping[str, MapValue], start: str, scope: str, assigned: Mapping[str, int]
    ) -> None:
        self._scope = scope
        self._start = start
        self._states = states
        self._assigned = assigned
        self._ways: dict[str, list[_Way]] = {}
        for name, body in states.items():
            for target, place, kind in _exits(body):
                self._ways.setdefault(target, []).append(_Way(name, place, kind))
        self._left = WAYS_LIMIT
        self._writer = cache(self._find_writer)
        self._find_writers = cache(self._search_writers)

    def identity(self, state: str, expression: str) -> str:
        """What equal values have in common; empty when it is not certain."""
        expression = plain_path(expression)
        if (match := _EXECUTION.match(expression)) is not None:
            return f"{self._scope.partition('/')[0]} $$.Execution{match.group(1)}"
        if (match := _INPUT.match(expression)) is not None:
            return self._read(state, f"${match.group(1)}")
        if _PATH.match(expression):
            return self._read(state, expression)
        if (match := _VARIABLE.match(expression)) is not None:
            once = self._assigned.get(match.group(1)) == 1
            return f"{self._scope.partition('/')[0]} {expression}" if once else ""
        return ""

    def written_by(self, state: str, path: str) -> tuple[str, str] | None:
        """The one state that writes what another one reads at a path, and the path in its result."""
        path = plain_path(path)
        whole = self._whole(state, path) if _PATH.match(path) else None
        writer = None if whole is None else self._writer(state, whole)
        body = self._states.get(writer or "")
        if (
            whole is None
            or writer is None
            or body is None
            or not isinstance(body.value("OutputPath"), Absent)
        ):
            return None
        place = _place(body)
        if place == _WHOLE:
            return writer, whole[1:]
        is_within = whole == place or _below(whole, place)
        return (writer, whole.removeprefix(place)) if is_within else None

    def place(self, state: str, path: str) -> str:
        """What a path leads to, in words: of which input it is, or of which state's result."""
        plain = plain_path(path)
        written = self.written_by(state, path)
        if written is not None:
            return f"{path}, the result of state {written[0]}"
        whole = self._whole(state, plain) if _PATH.match(plain) else None
        # The machine within a state is started with what that state hands on.
        is_outer = whole is not None and self._scope.endswith("/")
        given = is_outer and self._writer(state, whole or "") == INPUT
        return place_of(path, "execution" if given else "state")

    def _read(self, state: str, path: str) -> str:
        whole = self._whole(state, path)
        writer = None if whole is None else self._writer(state, whole)
        return f"{self._scope} {whole} of {writer}" if writer is not None else ""

    def _whole(self, state: str, path: str) -> str | None:
        """A path in the whole input of a state, of which it may take a part."""
        body = self._states.get(state)
        if body is None:
            return None
        taken = body.value("InputPath")
        if isinstance(taken, Absent):
            return path
        whole = known_text(taken)
        return None if whole is None or not _PATH.match(whole) else whole + path[1:]

    def writers(self, state: str, path: str) -> frozenset[str]:
        """What may have written last to what a state reads at a path; nothing where that is not known."""
        path = plain_path(path)
        whole = self._whole(state, path) if _PATH.match(path) else None
        return frozenset() if whole is None else self._find_writers(state, whole)

    def _find_writer(self, state: str, path: str) -> str | None:
        """What wrote last to a place before a state; None when that depends on the way."""
        found = self._find_writers(state, path)
        return next(iter(found)) if len(found) == 1 else None

    def _search_writers(self, state: str, path: str) -> frozenset[str]:
        """What may have written to a place before a state; nothing where too many ways lead there."""
        found: set[str] = set()
        seen = {state}
        left = [state]
        while left:
            current = left.pop()
            if current == self._start:
                found.add(INPUT)
            ways = self._ways.get(current, ())
            self._left -= len(ways)
            if self._left < 0:
                return frozenset()
            for way in ways:
                if _overlaps(way.place, path):
                    found.add(f"{way.kind}{way.source}")
                elif way.source not in seen:
                    seen.add(way.source)
                    left.append(way.source)
        return frozenset(found)


def _overlaps(place: str, path: str) -> bool:
    """Whether writing to a place changes what a path leads to."""
    if place in (_NOTHING, _WHOLE) or path == _WHOLE:
        return place != _NOTHING
    return place == path or _below(path, place) or _below(place, path)


def _below(path: str, place: str) -> bool:
    return path.startswith((f"{place}.", f"{place}["))


def _exits(body: MapValue) -> Iterator[tuple[str, str, str]]:
    """The states that a state may lead to, where its result goes on that way, and the kind of way."""
    place = _place(body)
    following = [text(body, "Next"), text(body, "Default")]
    choices = (option.value for option in listed(body.value("Choices"), ()))
    following += [text(choice, "Next") for choice in choices if isinstance(choice, MapValue)]
    for name in following:
        if name:
            yield name, place, ""
    for option in listed(body.value("Catch"), ()):
        if isinstance(option.value, MapValue) and (name := text(option.value, "Next")):
            given = "ResultPath" in option.value.entries
            yield name, _where(option.value.value("ResultPath"), given), "a failure of "


def _place(body: MapValue) -> str:
    """Where the result of a state goes; "$" also for what reshapes it all."""
    if not isinstance(body.value("OutputPath"), Absent) or "Output" in body.entries:
        return _WHOLE
    if text(body, "Type") in _SILENT:
        return _NOTHING
    if text(body, "Type") == "Pass" and _hands_on(body):
        return _NOTHING
    return _where(body.value("ResultPath"), given="ResultPath" in body.entries)


def _hands_on(body: MapValue) -> bool:
    return not {"Result", "Parameters", "InputPath", "ResultPath"} & set(body.entries)


def _where(value: Value, given: bool = False) -> str:
    """A ResultPath; null throws the result away, and without one the result replaces the input."""
    if isinstance(value, Absent):
        return _NOTHING if given else _WHOLE
    path = known_text(value) if isinstance(value, Scalar) else None
    return path if path is not None and _PATH.match(path) else _WHOLE


def origins_of(machine: MapValue, scope: str, variables: Mapping[str, int]) -> Origins | None:
    """The origins within one machine; None where its states themselves are not wholly known."""
    bodies = bodies_of(machine.value("States"))
    return None if bodies is None else Origins(bodies, text(machine, "StartAt"), scope, variables)


def bodies_of(container: Value) -> dict[str, MapValue] | None:
    """The states of a machine by their names; None where they are not wholly known."""
    if not isinstance(container, MapValue) or container.rest is not None:
        return None
    bodies: dict[str, MapValue] = {}
    for name, entry in container.entries.items():
        if not isinstance(entry.value, MapValue):
            return None
        bodies[name] = entry.value
    return bodies


def assignments(machine: Value) -> dict[str, Value | None]:
    """The values of variables that one state alone assigns; None for those of several."""
    found: dict[str, Value | None] = {}
    for name, value in _assigned(machine, 0):
        found[name] = None if name in found else value
    return found


def assigned(machine: Value) -> Iterator[str]:
    """The variables that states assign, one for each place where one does."""
    return (name for name, _ in _assigned(machine, 0))


def _assigned(machine: Value, depth: int) -> Iterator[tuple[str, Value | None]]:
    if depth > 60:
        return
    if isinstance(machine, MapValue):
        for key, entry in machine.entries.items():
            if key == "Assign" and isinstance(entry.value, MapValue):
                for name, held in entry.value.entries.items():
                    yield name.removesuffix(".$"), None if name.endswith(".$") else held.value
            else:
                yield from _assigned(entry.value, depth + 1)
    else:
        for option in listed(machine, ()):
            if isinstance(option.value, MapValue):
                yield from _assigned(option.value, depth + 1)
