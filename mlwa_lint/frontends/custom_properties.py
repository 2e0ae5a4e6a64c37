"""What handlers of custom resources are given: `event["ResourceProperties"]["InstanceType"]`.

A template of the repository writes the properties out. Where exactly one custom resource of all its templates
has a property, a program that reads it gets what is written there, or the default of the parameter that is.
"""

import re
from collections.abc import Mapping
from functools import partial

from mlwa_lint.files.endings import ProjectFiles
from mlwa_lint.files.installed import own_texts
from mlwa_lint.files.paths import shown
from mlwa_lint.files.texts import is_test
from mlwa_lint.frontends.options import LoadOptions
from mlwa_lint.frontends.texts import with_values_changed
from mlwa_lint.model.resources import Project
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import (
    Absent,
    Choice,
    Unknown,
    Value,
    assume,
    placed,
    references_in,
)

_TOKEN = b"ServiceToken"
_CUSTOM = ("Custom::", "AWS::CloudFormation::CustomResource")
_TEMPLATES = (".yaml", ".yml", ".json", ".template")
# Of more templates with custom resources than these, nothing is known.
CUSTOM_TEMPLATES_LIMIT = 100
_READ = re.compile(r"\w+\['ResourceProperties'\]\['(\w+)'\] is not known, as ")


def with_custom_properties(project: Project, files: ProjectFiles | None) -> Project:
    """The project with what the custom resources of the repository's templates hand over."""
    if files is None:
        return project
    return with_values_changed(project, partial(_given, files=files))


def _given(value: Value, files: ProjectFiles) -> Value | None:
    """What a template hands over for a value; None for one that is nothing of the kind, or open."""
    match = _READ.match(value.reason) if isinstance(value, Unknown) else None
    if match is None or not isinstance(value, Unknown):
        return None
    given = files.once(_handed_over).get(match[1])
    return None if given is None else assume(placed(given, value.span), value.assumed)


def _handed_over(files: ProjectFiles) -> Mapping[str, Value]:
    """The properties that one custom resource alone has, as far as its template shows them."""
    from mlwa_lint.frontends.cloudformation.stacks.project import load

    found: dict[str, dict[Span, Value]] = {}
    read = 0
    for steps, text in sorted((own_texts(files) or {}).items()):
        if not steps[-1].endswith(_TEMPLATES) or _TOKEN not in text.content or is_test(steps):
            continue
        read += 1
        if read > CUSTOM_TEMPLATES_LIMIT or files.root is None:
            return {}
        # A nested stack is read as a part of its parent as well, which gives its parameters values.
        for resource in load(files.root.joinpath(*steps), LoadOptions(root=files.root)).resources:
            if resource.type.startswith(_CUSTOM):
                for name, entry in resource.properties.entries.items():
                    held = found.setdefault(name, {})
                    known = _known(entry.value, shown(files.root.joinpath(*steps)), name)
                    held[resource.span] = known if resource.span not in held else Absent()
    return {
        name: value
        for name, given in found.items()
        for value in given.values()
        if len(given) == 1 and not isinstance(value, Absent)
    }


def _known(value: Value, path: str, name: str) -> Value:
    """A value as a program receives it; absent where it is not known at all, or leads to a resource."""
    if isinstance(value, Choice) or references_in(value):
        return Absent()
    if isinstance(value, Unknown) and not value.parts and not value.one_of:
        return Absent()
    what = f"the value of {name} in {path}"
    return value if value.assumed else assume(value, frozenset({what}))


__all__ = ["with_custom_properties"]
