"""Endpoints that run one model each, and the others that are like them."""

from collections.abc import Iterator

from mlwa_lint.graph.kinds import ENDPOINT_CONFIG
from mlwa_lint.graph.memo import remembered
from mlwa_lint.graph.queries import deployment, hosting
from mlwa_lint.graph.queries.hosting import Variant
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import Resolved, ResourceView, View, same_value
from mlwa_lint.model.answers import Answer, certainly, every, possibly
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import Reference, Unknown, known_text
from mlwa_lint.startup.records import NamedTuple

MANY = 3
# How many others are looked up to be named: each of hundreds has hundreds of others.
NAMED = 10


class Alike(NamedTuple):
    """What is known of a configuration and those like it.

    many:   whether there are at least MANY of them, this one included.
    number: how many others are certainly like it.
    others: the first NAMED of them, in the order of their places.
    """

    many: Answer
    number: int
    others: tuple[ResourceView, ...]


def alike(config: ResourceView, graph: GraphView) -> Alike | None:
    """The configurations that run one model each on the same type of instance and image as one.

    None when this one runs no single model, or when it has too few companions for certain.
    """
    groups = _groups(graph)
    mine = groups.by_address.get(config.address)
    if mine is None:
        return None
    certain: list[list[_Single]] = []
    number = 0
    uncertain: list[Answer] = []
    outline = mine.outline
    for group in groups.to_compare(mine):
        of_group = group[0].outline
        if len(uncertain) >= MANY and outline is not None and of_group not in (None, outline):
            break  # all that follow are not certainly alike, and more of them are not needed
        is_own = group[0] is mine or (outline is not None and of_group == outline)
        others = len(group) - is_own
        same = _are_alike(mine, group[0])
        if certainly(same):
            certain.append(group)
            number += others
        elif possibly(same) and len(uncertain) < MANY:
            uncertain += [same] * min(others, MANY)
    missing = MANY - 1 - number
    if missing > len(uncertain):
        return None
    # Only those are compared that may decide whether all are alike.
    many = every((mine.served, *uncertain[: max(missing, 0)]))
    first = [each for group in certain for each in group[: NAMED + 1] if each is not mine]
    first.sort(key=lambda each: each.span)
    return Alike(many, number, tuple(graph.resource(each.address) for each in first[:NAMED]))


def instance_type_of(config: ResourceView) -> View:
    """Where a configuration with one variant states its instance type."""
    return config["ProductionVariants"].known_items()[0]["InstanceType"]


class _Single(NamedTuple):
    """A configuration with one variant that runs one container on instances."""

    address: str
    type: Resolved
    image: Resolved
    served: Answer
    span: Span

    @property
    def outline(self) -> tuple[object, object] | None:
        """What is certainly the same for those that are alike; None where nothing about it is certain."""
        kind, image = _outline(self.type), _outline(self.image)
        if kind is None or image is None or self.served.assumed or not certainly(self.served):
            return None
        return kind, image


def _outline(value: Resolved) -> object:
    """Values with equal outlines are the same at deployment."""
    if value.assumed:
        return None
    if isinstance(value, Reference):
        return value.address, value.attribute
    if isinstance(value, Unknown):
        return (value.identity,) if value.identity else None
    return known_text(value)


class _Groups(NamedTuple):
    """Those of a project by address, and in groups that are certainly alike.

    The members of a group are in the order of their places.

    plain: groups of which all is known as text: two of them are certainly not alike.
    loose: those of which nothing is certain.
    """

    by_address: dict[str, _Single]
    plain: dict[object, list[_Single]]
    others: dict[object, list[_Single]]
    loose: list[_Single]

    def to_compare(self, single: _Single) -> Iterator[list[_Single]]:
        """The groups of which others may be like one: first those that may certainly be."""
        outline = single.outline
        own = self.plain.get(outline) or self.others.get(outline) or []
        yield from ([each] for each in self.loose)
        if own:
            yield own
        yield from (group for group in self.others.values() if group is not own)
        if outline not in self.plain:
            yield from self.plain.values()


def _single(config: ResourceView, graph: GraphView) -> _Single | None:
    variants = config["ProductionVariants"].known_items()
    if len(variants) != 1 or certainly(variants[0]["InstanceType"].is_absent()):
        return None
    models = list(hosting.model_of(Variant(config, variants[0], shadow=False), graph))
    images = hosting.images_of(models[0]) if len(models) == 1 else []
    if len(images) != 1:
        return None
    plain = ~deployment.is_multi_model(config, graph)
    served = hosting.endpoints_of(config, graph).exist() & plain
    return _Single(config.address, variants[0]["InstanceType"].value, images[0].value, served, config.span)


@remembered
def _groups(graph: GraphView) -> _Groups:
    found = [single for config in graph.of_type(ENDPOINT_CONFIG) if (single := _single(config, graph))]
    result = _Groups({each.address: each for each in found}, {}, {}, [])
    for each in found:
        outline = each.outline
        if outline is None:
            result.loose.append(each)
        else:
            kept = result.plain if all(isinstance(part, str) for part in outline) else result.others
            kept.setdefault(outline, []).append(each)
    for group in (*result.plain.values(), *result.others.values()):
        group.sort(key=lambda each: each.span)
    return result


def _are_alike(one: _Single, other: _Single) -> Answer:
    """Whether two configurations run the same image on the same type of instance, both for an endpoint."""
    types, images = same_value(one.type, other.type), same_value(one.image, other.image)
    return every((one.served, other.served, types, images))
