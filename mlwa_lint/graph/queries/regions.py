"""Regions: which one a configuration pins, and which one an address names."""

import re

from mlwa_lint.graph.linking.naming import outline
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView, View
from mlwa_lint.model.answers import NO, Answer, answer
from mlwa_lint.model.values import Reference, Unknown, Value
from mlwa_lint.startup.patterns import lazy

_REGION = r"[a-z]{2}(?:-[a-z]+)+-\d"
_PLACES = (
    re.compile(rf"\.dkr\.ecr(?:-fips)?\.({_REGION})\.amazonaws\.com"),
    re.compile(rf"\bs3[.-]({_REGION})\.amazonaws\.com"),
    re.compile(rf"^(?:s3://|https://)sagemaker-({_REGION})-[\d\0]"),
)
# Addresses of which the Region alone is not known, `\0.dkr.ecr.\0.amazonaws.com/x`.
_OPEN_PLACES = lazy(r"\.dkr\.ecr\.\0\.|\bs3[.-]\0\.|^s3://sagemaker-\0-")
_ZONE = lazy(rf"({_REGION})[a-z]")
# … and what a data source looks up where the provider is, unless it names another Region.
_OWN_REGION = lazy(
    r"AWS::Region$|^the session's Region$|(?:^|\.)data\.aws_region\."
    r"|(?:^|\.)data\.aws_(?:ecr_\w+|sagemaker_prebuilt_ecr_image)\.[\w-]+(?:\[[^\]]*\])?\.(?!account$)"
)


def pinned(resource: ResourceView, graph: GraphView) -> str | None:
    """The Region that a resource is certainly deployed to, where the configuration states it.

    A CloudFormation template states it only by a literal Availability Zone; zones of several Regions
    decide nothing.
    """
    if resource.resource.region is not None:
        return resource.resource.region
    if resource.language == "terraform":
        return None
    zones = [subnet["AvailabilityZone"].text or "" for subnet in graph.of_type("AWS::EC2::Subnet")]
    found = {match.group(1) for match in map(_ZONE.fullmatch, zones) if match is not None}
    return found.pop() if len(found) == 1 else None


def named_in(value: Value) -> str | None:
    """The Region that the address of an image or of S3 data names."""
    text = outline(value)
    found = (pattern.search(text) for pattern in _PLACES)
    return next((match.group(1) for match in found if match is not None), None)


def is_elsewhere(view: View, home: str) -> Answer:
    """Whether an address names another Region than `home`."""
    value = view.value
    named = named_in(value)
    if named is not None:
        return answer(named != home, value.assumed)
    first = value.parts[0] if isinstance(value, Unknown) and value.parts else value
    if isinstance(first, Reference) and first.known is None:
        return NO  # what the project declares, or an address that begins with its own
    if isinstance(value, Unknown) and value.parts:
        text = outline(value)
        own = any(isinstance(part, Unknown) and _OWN_REGION.search(part.identity) for part in value.parts)
        whole_host = re.match(r"\0+(?:/|$)", text) is not None
        if own or not (whole_host or _OPEN_PLACES.search(text)):
            return NO  # at home, or a name that proves nothing
    return view.is_open()
