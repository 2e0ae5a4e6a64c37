"""Stacks of CloudFormation in a configuration: what their templates may declare is not expanded."""

import re
from collections.abc import Iterable, Iterator

from mlwa_lint.frontends.terraform.vocabulary.index import SERVICES
from mlwa_lint.model.resources import Gap, Resource
from mlwa_lint.model.values import MapValue, Scalar, Unknown, Value, known_text

_STACKS = frozenset({"aws_cloudformation_stack", "aws_cloudformation_stack_set"})
_SERVICE = re.compile(r"\bAWS::(\w+)::\w")


def gaps_of(resources: Iterable[Resource]) -> Iterator[Gap]:
    """A gap for every stack; none where its template is known to have nothing that rules read."""
    for resource in resources:
        if resource.type not in _STACKS:
            continue
        entry = resource.properties.entries.get("TemplateBody")
        services = _services(entry.value) if entry is not None else None
        if services is not None and "CloudFormation" in services:
            services = None  # a stack within the stack
        if services is not None and not services & SERVICES:
            continue
        absent = frozenset() if services is None else SERVICES - services
        never = ("aws_", *sorted(f"AWS::{service}::" for service in absent))
        yield Gap(f"the stack {resource.address}", resource.span, None, never)


def _services(template: Value) -> frozenset[str] | None:
    """The services whose resources a template declares; None when that does not show."""
    if isinstance(template, MapValue):
        entry = template.entries.get("Resources")
        return _declared(entry.value) if entry is not None and template.rest is None else None
    if isinstance(template, Scalar):
        return frozenset(_SERVICE.findall(str(template.data)))
    if isinstance(template, Unknown) and template.parts and isinstance(template.parts[0], str):
        # What is put into a text is a name or an ARN as a rule; it declares nothing.
        text = "\0".join(part for part in template.parts if isinstance(part, str))
        return frozenset(_SERVICE.findall(text)) or None
    return None


def _declared(resources: Value) -> frozenset[str] | None:
    if not isinstance(resources, MapValue) or resources.rest is not None:
        return None
    found: set[str] = set()
    for entry in resources.entries.values():
        stated = entry.value.entries.get("Type") if isinstance(entry.value, MapValue) else None
        match = _SERVICE.match(known_text(stated.value) or "") if stated is not None else None
        if match is None:
            return None
        found.add(match.group(1))
    return frozenset(found)
