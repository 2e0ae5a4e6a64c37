"""Mutation of texts inside of templates, and of the files of a CDK assembly."""

import copy
import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

_DOCUMENTS = ("DefinitionString", "Definition", "PipelineDefinitionBody", "DashboardBody", "PolicyDocument")
_HOLDERS = ("AWS::StepFunctions::StateMachine", "AWS::SageMaker::Pipeline")
Mutate = Callable[[Any, list[Any], random.Random], str]


def documents_in(tree: Any) -> Iterator[Any]:
    """State machines, pipelines, dashboards and policies in a template."""
    waiting = [tree]
    while waiting:
        at = waiting.pop()
        for key, value in (
            at.items() if isinstance(at, dict) else enumerate(at) if isinstance(at, list) else ()
        ):
            if key in _DOCUMENTS:
                document = _read(value)
                if isinstance(document, dict):
                    yield document
            waiting.append(value)


def _read(value: Any) -> Any:
    if isinstance(value, dict) and len(value) == 1:
        value = next(iter(value.values()))  # Fn::Sub
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return None


def template_of(document: Any, others: list[Any], mutate: Mutate, dice: random.Random) -> str:
    """A template with a mutated document: as text, as a structure, or with placeholders."""
    kind = dice.choice(_HOLDERS)
    text = mutate(document, others, dice)
    shape = dice.randrange(4)
    if shape == 0:
        held: Any = json.loads(text)
    elif shape == 1:
        held = {"Fn::Sub": text.replace('"x"', '"${Name}"')}
    elif shape == 2:
        held = {"Fn::Join": ["", [text[: len(text) // 2], {"Ref": "Name"}, text[len(text) // 2 :]]]}
    else:
        held = text
    if kind == _HOLDERS[1]:
        properties: Any = {"PipelineDefinition": {"PipelineDefinitionBody": held}}
    elif shape == 0:
        properties = {"Definition": held, "DefinitionSubstitutions": {"Name": text[:500]}}
    else:
        properties = {"DefinitionString": held, "DefinitionSubstitutions": {"Name": "${Name}${Name}"}}
    resources = {"R": {"Type": kind, "Properties": properties}}
    return json.dumps({"Parameters": {"Name": {"Type": "String"}}, "Resources": resources})


def write_assembly(source: Path, folder: Path, mutate: Mutate, dice: random.Random) -> str:
    """Copies a CDK assembly with one or two of its JSON files mutated; gives what was written to them."""
    files = sorted(path for path in source.rglob("*") if path.is_file())
    readable = [path for path in files if path.suffix == ".json"]
    trees = {path: json.loads(path.read_text(encoding="utf-8")) for path in readable}
    chosen = dice.sample(readable, min(len(readable), dice.randint(1, 2)))
    written = {}
    for path in files:
        below = folder / path.relative_to(source)
        below.parent.mkdir(parents=True, exist_ok=True)
        if path in chosen:
            text = mutate(copy.deepcopy(trees[path]), list(trees.values()), dice)
            below.write_bytes(text.encode("utf-8", "surrogatepass"))
            written[str(path.relative_to(source))] = text
        else:
            below.write_bytes(path.read_bytes())
    return json.dumps(written)
