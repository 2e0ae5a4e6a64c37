"""Environments of one project: modules or nested stacks called dev, staging, prod, and how they differ."""

import re
from collections.abc import Iterator
from itertools import combinations

from mlwa_lint.graph.kinds import ENDPOINT_CONFIG, MODEL
from mlwa_lint.graph.linking.naming import GAP, outline
from mlwa_lint.graph.machines.instances import family
from mlwa_lint.graph.queries import hosting, images
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView, View
from mlwa_lint.model.answers import Answer, answer, certainly, possibly
from mlwa_lint.startup.patterns import lazy
from mlwa_lint.startup.records import NamedTuple

_NAME = lazy(
    r"(?<![a-z])(?:dev(?:elopment)?|test(?:ing)?|qa|uat|stag(?:e|ing)|pre-?prod(?:uction)?|prod(?:uction)?|live)"
    r"(?![a-z])",
    re.IGNORECASE,
)
# Where a module's or nested stack's name ends; that of a resource follows.
_SEPARATOR = "."


class Setting(NamedTuple):
    """What one resource of an environment sets, where, and how to show it."""

    holder: ResourceView
    view: View
    shown: str
    answer: Answer


def differences(graph: GraphView) -> Iterator[tuple[Setting, Setting, str, Answer]]:
    """The settings that differ between resources of the same name in two environments."""
    groups: dict[str, list[ResourceView]] = {}
    for resource in graph.of_type(MODEL, ENDPOINT_CONFIG):
        module, dot, own = resource.address.rpartition(_SEPARATOR)
        if dot and _NAME.search(module):
            groups.setdefault(f"{_NAME.sub('*', module)}.{own}", []).append(resource)
    for alike in groups.values():
        for first, other in combinations(sorted(alike, key=lambda each: each.address), 2):
            if first.address != other.address:
                yield from _compared(first, other)


def _compared(first: ResourceView, other: ResourceView) -> Iterator[tuple[Setting, Setting, str, Answer]]:
    for what, mine, theirs in _settings(first, other):
        if mine.shown and theirs.shown:
            differ = answer(mine.shown != theirs.shown, mine.view.value.assumed | theirs.view.value.assumed)
            yield mine, theirs, what, differ & mine.answer & theirs.answer
        else:
            hidden = mine.view if not mine.shown else theirs.view
            yield mine, theirs, what, hidden.is_open()


def _settings(first: ResourceView, other: ResourceView) -> Iterator[tuple[str, Setting, Setting]]:
    if first.type == ENDPOINT_CONFIG:
        pairs = zip(hosting.variants(first), hosting.variants(other), strict=False)
        for mine, theirs in pairs:
            views = (mine["InstanceType"], theirs["InstanceType"])
            one, another = (_setting(each, family(each.text or "")) for each in views)
            yield "the instance family", one, another
        return
    containers = zip(images.containers_of(first), images.containers_of(other), strict=False)
    for container, counterpart in containers:
        views = (container["Image"], counterpart["Image"])
        one, another = (_setting(each, _repository(each)) for each in views)
        yield "the image repository", one, another
    isolation = (first["EnableNetworkIsolation"], other["EnableNetworkIsolation"])
    one, another = (_setting(each, _truth(each)) for each in isolation)
    yield "network isolation", one, another


def _setting(view: View, shown: str) -> Setting:
    return Setting(view.holder, view, shown, view.is_absent() | view.is_present())


def _repository(image: View) -> str:
    """The name of an image's repository without registry and tag; empty when it is not known."""
    last = outline(image.value).rpartition("/")[2].partition("@")[0].partition(":")[0]
    return "" if GAP in last else last


def _truth(view: View) -> str:
    isolated = view.is_true()
    if certainly(isolated):
        return "true"
    return "" if possibly(isolated) else "false"
