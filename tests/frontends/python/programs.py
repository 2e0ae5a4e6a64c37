"""Loads programs written in tests, and shows values as short texts."""

import json
from pathlib import Path
from textwrap import dedent

from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.frontends.python.project import load
from mlwa_lint.model.resources import Project, Resource
from mlwa_lint.model.values import (
    Absent,
    Choice,
    ListValue,
    MapValue,
    Reference,
    Scalar,
    Unknown,
    Value,
    known_text,
)
from tests.support.files import write

START = 'import boto3\nsm = boto3.client("sagemaker")\n'


def load_text(folder: Path, text: str, **files: str) -> Project:
    """The project of a program; further files have `__` for `.` and `___` for `/` in their names."""
    write(folder, **{name: dedent(content) for name, content in files.items()})
    path = folder / "deploy.py"
    path.write_text(dedent(text), encoding="utf-8")
    return load(path, LoadOptions(root=folder))


def load_cells(folder: Path, *cells: str, kinds: str = "", language: str = "python") -> Project:
    """The project of a notebook; `kinds` has a letter for each cell: c (code) or m (Markdown)."""
    path = folder / "deploy.ipynb"
    path.write_text(notebook(*cells, kinds=kinds, language=language), encoding="utf-8")
    return load(path, LoadOptions(root=folder))


# What depends on any endpoint of a project.
# What sets up alarms for what a program makes: someone operates it.
WATCHER = (
    "def watch(client, names):\n    for name in names:\n        client.put_metric_alarm(AlarmName=name)\n"
)
BACKEND = """import boto3
from fastapi import FastAPI

app = FastAPI()


def score(name, body):
    return boto3.client("sagemaker-runtime").invoke_endpoint(EndpointName=name, Body=body)
"""


def notebook(*cells: str, kinds: str = "", language: str = "python") -> str:
    """A notebook's file."""
    made: list[dict[str, object]] = [
        {
            "cell_type": "markdown" if kinds[number : number + 1] == "m" else "code",
            "metadata": {},
            "source": text.splitlines(keepends=True),
            **({} if kinds[number : number + 1] == "m" else {"outputs": [], "execution_count": None}),
        }
        for number, text in enumerate(cells)
    ]
    metadata = {"language_info": {"name": language}}
    return json.dumps({"cells": made, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}, indent=1)


def result_of(folder: Path, text: str, expression: str = "x", **files: str) -> Value:
    """What an expression is at the end of a program."""
    call = f"\nsm.create_model(ModelName={expression})\n"
    return property_of(only(load_text(folder, START + dedent(text) + call, **files)), "ModelName")


def value_of(folder: Path, text: str, expression: str = "x", **files: str) -> str:
    """What an expression is at the end of a program, as short text."""
    return text_of(result_of(folder, text, expression, **files))


def only(project: Project) -> Resource:
    """The one resource of a project."""
    (resource,) = project.resources
    return resource


def property_of(resource: Resource, path: str) -> Value:
    """A property, absent where it is not given."""
    value: Value = resource.properties
    for key in path.split("."):
        assert isinstance(value, MapValue), value
        value = value.entries[key].value if key in value.entries else value.rest or Absent()
    return value


def shown(resource: Resource, path: str) -> str:
    """A property as short text: `?` is not known, `-` not given."""
    return text_of(property_of(resource, path))


def text_of(value: Value) -> str:
    """A value as short text; assumptions follow `|`."""
    text = _text(value)
    return f"{text} | {', '.join(sorted(value.assumed))}" if value.assumed else text


def _text(value: Value) -> str:
    if isinstance(value, Scalar):
        return repr(value.data)
    if isinstance(value, Absent):
        return "-"
    if isinstance(value, Reference):
        return f"@{value.address}.{value.attribute}"
    if isinstance(value, Unknown):
        if not value.parts:
            return "?"
        pieces = [part if isinstance(part, str) else known_text(part) or "?" for part in value.parts]
        return repr("".join(pieces))
    if isinstance(value, Choice):
        return f"({value.condition.text} ? {_text(value.yes)} : {_text(value.no)})"
    if isinstance(value, ListValue):
        return "[" + ", ".join([*map(_text, value.items), *(["..."] if value.rest else [])]) + "]"
    pairs = [f"{key}: {_text(entry.value)}" for key, entry in value.entries.items()]
    return "{" + ", ".join([*pairs, *(["..."] if value.rest else [])]) + "}"
