"""What names and tags state about the stage of a project, and where that rests on a default alone."""

import os
from collections.abc import Iterator
from pathlib import Path

from mlwa_lint.files.endings import ProjectFiles
from mlwa_lint.model.purpose import OF_STAGES
from mlwa_lint.model.resources import Project, Resource
from mlwa_lint.model.values import (
    NO_ASSUMPTIONS,
    Assumptions,
    ListValue,
    MapValue,
    Reference,
    Scalar,
    Unknown,
    Value,
    known_text,
)
from mlwa_lint.startup.patterns import lazy

_STAGE = frozenset({"env", "environment", "environmentname", "purpose", "stage"})
# The default of a parameter or variable that tells deployments apart: `var.env`, `EnvironmentName`.
_DEFAULT = "the default of "
_OF_DEPLOYMENT = lazy(r"(?i)(?:env|environment|prefix|stage|suffix|workspace)(?:[_-]?name)?$")
_STAGE_OF_API = "StageName"

# A stage that stands beside one for production, in a list or among others: `[dev, prod]`, `(dev/prod)`.
_OTHERS = lazy(
    r"(?im)(?:[\[(,|/\"']|(?:^|[ \t])-[ \t])[ \t]*[\"']?"
    r"(?:dev|develop|development|non-?prod|preprod|qa|staging|uat)"
    r"[\"']?[ \t\r]*(?:$|[\])\"',|/])"
)


def states_operation(project: Project, files: ProjectFiles) -> bool:
    """Whether a name or a tag is for production or staging.

    The default of a parameter alone shows nothing where no other stage is named: who tries out a template
    leaves it as it is.
    """
    found = [each for each in _of_operation(project) if OF_STAGES.search(known_text(each) or "")]
    return any(not rests_on_stage(each) for each in found) or (
        bool(found) and _names_another_stage(project, files)
    )


def _of_operation(project: Project) -> Iterator[Value]:
    """The names and tags that may show for whom a project is: the stage of any API may be called `Prod`."""
    for resource in project.resources:
        yield from _names_in(resource, other_than=_STAGE_OF_API)
    yield from stages_of(project)


def _names_another_stage(project: Project, files: ProjectFiles) -> bool:
    """Whether what is deployed names another stage, among the values that a parameter allows for one."""
    own = {os.path.realpath(each) for each in project.sources}
    root = files.root or Path()
    return any(
        _OTHERS.search(text.content.decode("utf-8", "replace")) is not None
        for steps, text in (files.texts() or {}).items()
        if os.path.realpath(root.joinpath(*steps)) in own
    )


def names_of(project: Project) -> Iterator[Value]:
    """What the resources of a project are called."""
    for resource in project.resources:
        yield from _names_in(resource)


def _names_in(resource: Resource, other_than: str = "") -> Iterator[Value]:
    for key, entry in resource.properties.entries.items():
        if key.endswith("Name") and key != other_than:
            yield entry.value


def stages_of(project: Project) -> Iterator[Value]:
    """What tags called `Environment` or the like state."""
    return tagged(project, _STAGE)


def tagged(project: Project, keys: frozenset[str]) -> Iterator[Value]:
    """What tags with one of some keys state."""
    for resource in project.resources:
        tags = resource.properties.entries.get("Tags")
        for each in tags.value.items if tags is not None and isinstance(tags.value, ListValue) else ():
            entries = each.entries if isinstance(each, MapValue) else {}
            key = known_text(entries["Key"].value) if {"Key", "Value"} <= entries.keys() else None
            if key is not None and key.lower() in keys:
                yield entries["Value"].value


def assumed_in(value: Value) -> Assumptions:
    """What a value rests on, such as the default of a parameter."""
    return value.assumed if isinstance(value, (Scalar, Unknown, Reference)) else NO_ASSUMPTIONS


def rests_on_stage(value: Value) -> bool:
    """Whether a value rests on the default of what tells deployments apart."""
    return any(
        each.startswith(_DEFAULT) and _OF_DEPLOYMENT.search(each) is not None for each in assumed_in(value)
    )
