"""Short ways to load a template that a test writes, and to inspect the result."""

import textwrap
from collections.abc import Mapping
from pathlib import Path

from mlwa_lint.frontends.cloudformation.stacks.project import load
from mlwa_lint.frontends.options import Json, LoadOptions
from mlwa_lint.model.resources import Project, Resource
from mlwa_lint.model.values import Absent, Choice, ListValue, MapValue, Reference, Scalar, Unknown, Value

NAME = "template.yaml"


def project_of(text: str, parameters: Mapping[str, Json] | None = None) -> Project:
    """The project of a template's text."""
    return load(Path(NAME), LoadOptions(parameters=parameters or {}), textwrap.dedent(text))


def resource(project: Project, address: str) -> Resource:
    """The resource of an address."""
    return next(each for each in project.resources if each.address == address)


def value_of(expression: str, rest: str = "", parameters: Mapping[str, Json] | None = None) -> Value:
    """What an expression gives as a property; `rest` is the rest of the template."""
    lines = textwrap.indent(textwrap.dedent(expression).strip(), " " * 8)
    text = f"Resources:\n  Bucket:\n    Type: AWS::S3::Bucket\n    Properties:\n      X:\n{lines}\n"
    project = project_of(text + textwrap.dedent(rest), parameters)
    assert [
        each.message for each in project.problems if not each.message.startswith("X of Bucket is not")
    ] == []
    return resource(project, "Bucket").properties.entries["X"].value


def plain(value: Value) -> object:
    """A value as plain data; what is not known becomes a short text in angle brackets."""
    if isinstance(value, Scalar):
        return value.data
    if isinstance(value, Absent):
        return None
    if isinstance(value, ListValue):
        rest = ["<more>"] if value.rest is not None else []
        return [*(plain(item) for item in value.items), *rest]
    if isinstance(value, MapValue):
        rest_entry = {"<more>": True} if value.rest is not None else {}
        return {key: plain(entry.value) for key, entry in value.entries.items()} | rest_entry
    if isinstance(value, Reference):
        return f"<{value.address}.{value.attribute}>" if value.attribute else f"<{value.address}>"
    if isinstance(value, Choice):
        return {"if": value.condition.text, "yes": plain(value.yes), "no": plain(value.no)}
    return "".join(p if isinstance(p, str) else str(plain(p)) for p in value.parts) or "<?>"


def reason(value: Value) -> str:
    """Why a value is not known."""
    assert isinstance(value, Unknown), value
    return value.reason


def possible(project: Project, answers: Mapping[str, bool]) -> bool:
    """Whether conditions of the template, and assumptions, can have answers together."""
    named = {name if " " in name else f"{NAME}: {name}": answer for name, answer in answers.items()}
    return project.scenarios.possible(named)
