"""The documents of state machines and pipelines: whether they are JSON, and where their links lead."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from mlwa_lint.graph.kinds import PIPELINE
from mlwa_lint.graph.views import ResourceView, View, why_unknown
from mlwa_lint.model.answers import NO, YES, Answer, answer, certainly, undecided
from mlwa_lint.model.values import Absent, ListValue, MapValue, Reference, Scalar, Unknown, Value, known_text

_SUBSTITUTION = re.compile(r"\$\{[^}]*\}")
# A placeholder for a value that is not known: it is JSON inside and outside of a text, and no state's name.
_FILLER = "90071992547409911"


def text_of(workflow: ResourceView) -> View:
    """The property that holds a workflow's definition."""
    if workflow.type == PIPELINE:
        whole = workflow["PipelineDefinition"]
        body = workflow["PipelineDefinition.PipelineDefinitionBody"]
        is_text = isinstance(whole.value, Scalar) or (isinstance(whole.value, Unknown) and whole.value.parts)
        return whole if is_text or certainly(body.is_absent()) else body
    text = workflow["DefinitionString"]
    return workflow["Definition"] if certainly(text.is_absent()) else text


def is_json_object(place: View) -> Answer:
    """Whether a definition is a JSON object; an object that is written as one is."""
    value = place.value
    if isinstance(value, (MapValue, Absent)):
        return YES
    if isinstance(value, ListValue):
        return NO
    text = known_text(value)
    try:
        if text is not None:
            return answer(isinstance(_parsed(text), Mapping), value.assumed)
        if isinstance(value, Unknown) and isinstance(_parsed(_filled(value)), Mapping):
            return YES
    except RecursionError:
        return undecided("the definition is nested too deeply")
    return undecided(why_unknown(value))


def _filled(value: Unknown) -> str:
    """A text with placeholders for the parts that are not known; empty where nothing of it is."""
    return "".join(part if isinstance(part, str) else _FILLER for part in value.parts)


def _parsed(text: str) -> Any:
    """The data of a text, None where it is not JSON. Raises RecursionError where it is nested too deeply."""
    closed = text.rfind("}") + 1  # beyond it no substitution ends, and each would be looked for up to the end
    for candidate in (text, _SUBSTITUTION.sub(_FILLER, text[:closed]) + text[closed:]):
        try:
            return json.loads(candidate)
        except ValueError:
            continue
    return None


def broken_links(workflow: ResourceView) -> list[tuple[str, str]]:
    """Where a definition names a state or step that it does not have."""
    try:
        data = _data_of(text_of(workflow))
        if not isinstance(data, Mapping):
            return []
        found = _of_pipeline(data) if workflow.type == PIPELINE else _of_states(data, "StartAt")
        return list(dict.fromkeys(found))
    except RecursionError:
        return []  # `is_json_object` reports that it is nested too deeply


def _data_of(place: View) -> Any:
    value = place.value
    if isinstance(value, Scalar):
        return _parsed(known_text(value) or "")
    if isinstance(value, Unknown):
        return _parsed(_filled(value))
    return _plain(value) if isinstance(value, MapValue) else None


def _plain(value: Value) -> Any:
    """A value as plain data; None replaces what is not known."""
    if isinstance(value, MapValue):
        found: dict[str, Any] = {key: _plain(entry.value) for key, entry in value.entries.items()}
        return found if value.rest is None else None
    if isinstance(value, ListValue):
        return [_plain(item) for item in value.items] if value.rest is None else None
    return (
        value.data
        if isinstance(value, Scalar)
        else known_text(value)
        if isinstance(value, Reference)
        else None
    )


def _of_states(machine: Mapping[str, Any], start: str) -> Iterator[tuple[str, str]]:
    states = machine.get("States")
    if not isinstance(states, Mapping) or any(state is None for state in states.values()):
        return
    yield from _missing(start, machine.get("StartAt"), states)
    for name, state in states.items():
        if not isinstance(state, Mapping):
            continue
        for key in ("Next", "Default"):
            yield from _missing(f"{key} of {name}", state.get(key), states)
        for key in ("Catch", "Choices"):
            for item in _listed(state.get(key)):
                if isinstance(item, Mapping):
                    yield from _missing(f"{key} of {name}", item.get("Next"), states)
        inner = [*_listed(state.get("Branches")), state.get("Iterator"), state.get("ItemProcessor")]
        for each in inner:
            if isinstance(each, Mapping):
                yield from _of_states(each, f"StartAt in {name}")


def _of_pipeline(pipeline: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    steps = [step for step in _steps(pipeline.get("Steps")) if step is not None]
    names = {name: step for step in steps if isinstance(name := step.get("Name"), str)}
    if any(not isinstance(step.get("Name"), str) for step in steps):
        return  # one that is not known may be any
    for step in steps:
        for each in _listed(step.get("DependsOn")):
            if not isinstance(each, str):
                continue
            # `Steps.NAME.property` and `NAME.property` name a part of a step.
            plain = each if each in names else each.removeprefix("Steps.").partition(".")[0]
            yield from _missing(f"DependsOn of {step.get('Name')}", plain, names)


def _listed(value: Any) -> list[Any]:
    """A list; none where the value is something else."""
    return value if isinstance(value, list) else []


def _steps(listed: Any) -> Iterator[Mapping[str, Any] | None]:
    for step in _listed(listed):
        if not isinstance(step, Mapping):
            yield {}
            continue
        yield step
        arguments = step.get("Arguments")
        if isinstance(arguments, Mapping):
            for key in ("IfSteps", "ElseSteps"):
                yield from _steps(arguments.get(key))


def _missing(place: str, target: Any, known: Mapping[Any, Any]) -> Iterator[tuple[str, str]]:
    """A link to what is not there; a name that is not wholly known may be any."""
    if isinstance(target, str) and target not in known and not any(map(_is_open, (target, *known))):
        yield place, target


def _is_open(name: Any) -> bool:
    return isinstance(name, str) and (_FILLER in name or _SUBSTITUTION.search(name) is not None)
