"""Policies that are given as texts: what these describe, and a notice for each that is not JSON.

A name in a text leads to a resource like one in a document that the template writes out.
"""

from mlwa_lint.model.partial_json import fault_in, structure
from mlwa_lint.model.resources import (
    INLINE_POLICIES,
    POLICY_DOCUMENTS,
    Problem,
    Project,
    Resource,
    notice,
)
from mlwa_lint.model.values import (
    REJECTED,
    Choice,
    Entry,
    ListValue,
    MapValue,
    Reference,
    Scalar,
    Unknown,
    Value,
)


def with_policies_read(project: Project) -> Project:
    """The project with the documents that texts of policies describe, where these can be read.

    A policy that AWS certainly rejects becomes unknown, with a notice at its fault.
    """
    notices: dict[Problem, None] = {}
    resources = tuple(_read(resource, notices) for resource in project.resources)
    return project._replace(resources=resources, problems=(*project.problems, *notices))


def _read(resource: Resource, notices: dict[Problem, None]) -> Resource:
    changed: dict[str, Entry] = {}
    for key in (*POLICY_DOCUMENTS, INLINE_POLICIES):
        entry = resource.properties.entries.get(key)
        if entry is None:
            continue
        value = _checked(entry.value, resource, (key,), notices)
        if value is not entry.value:
            changed[key] = entry._replace(value=value)
    if not changed:
        return resource
    entries = {**resource.properties.entries, **changed}
    return resource._replace(properties=resource.properties._replace(entries=entries))


def _checked(value: Value, resource: Resource, path: tuple[str, ...], notices: dict[Problem, None]) -> Value:
    if isinstance(value, Choice):
        yes, no = (_checked(each, resource, path, notices) for each in (value.yes, value.no))
        return value if yes is value.yes and no is value.no else value._replace(yes=yes, no=no)
    if path == (INLINE_POLICIES,):
        return _inline(value, resource, notices)
    if not isinstance(value, (Scalar, Unknown, Reference)):
        return value
    fault = fault_in(value)
    if fault is None:
        document = structure(value)
        return document if isinstance(document, (ListValue, MapValue)) else value
    label = resource.vocabulary.label(resource.type, path)
    default = f", assuming {' and '.join(sorted(value.assumed))}" if value.assumed else ""
    message = (
        f"{label} of {resource.address} is not valid JSON{default}; AWS rejects it, and no rule checks it"
    )
    notices[notice(fault.path, fault.line, message)] = None
    return Unknown(REJECTED, value.span, present=True)


def _inline(value: Value, resource: Resource, notices: dict[Problem, None]) -> Value:
    """A list of policies, each with its document."""
    if not isinstance(value, ListValue):
        return value
    items: list[Value] = []
    for item in value.items:
        entry = item.entries.get("PolicyDocument") if isinstance(item, MapValue) else None
        if entry is None or not isinstance(item, MapValue):
            items.append(item)
            continue
        document = _checked(entry.value, resource, (INLINE_POLICIES, "PolicyDocument"), notices)
        entries = {**item.entries, "PolicyDocument": entry._replace(value=document)}
        items.append(item if document is entry.value else item._replace(entries=entries))
    if all(new is old for new, old in zip(items, value.items, strict=True)):
        return value
    return value._replace(items=tuple(items))
