"""Endpoints that run one model each, and the others that are like them."""

from collections.abc import Iterator

from mlwa_lint.graph.beginnings import Beginnings
from mlwa_lint.graph.kinds import ENDPOINT_CONFIG
from mlwa_lint.graph.memo import remembered
from mlwa_lint.graph.queries import deployment, hosting
from mlwa_lint.graph.queries.hosting import Variant
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import Resolved, ResourceView, View, same_value
from mlwa_lint.model.answers import Answer, certainly, every, possibly
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import Absent, Reference, Unknown, known_text
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
    own = groups.by_outline[mine.outline]
    certain = own if mine.outline.is_certain else [mine]
    uncertain: list[Answer] = []
    for group in groups.to_compare(mine):
        if len(certain) + len(uncertain) >= MANY:
            break  # no more of them are needed
        other = next((each for each in group if each is not mine), None)
        if other is None or group is certain:
            continue
        same = _are_alike(mine, other)
        if possibly(same):
            uncertain += [same] * min(len(group) - (group is own), MANY)
    missing = MANY - len(certain)
    if missing > len(uncertain):
        return None
    # Only those are compared that may decide whether all are alike.
    many = every((mine.served, *uncertain[: max(missing, 0)]))
    others = [each for each in certain[: NAMED + 1] if each is not mine]
    return Alike(many, len(certain) - 1, tuple(graph.resource(each.address) for each in others[:NAMED]))


def instance_type_of(config: ResourceView) -> View:
    """Where a configuration with one variant states its instance type."""
    return config["ProductionVariants"].known_items()[0]["InstanceType"]


class _Outline(NamedTuple):
    """What is the same for those that are alike: type of instance, image, and whether an endpoint has it.

    is_certain: whether those with this outline are certainly alike.
    """

    type: object
    image: object
    served: Answer
    is_certain: bool


class _Single(NamedTuple):
    """A configuration with one variant that runs one container on instances."""

    address: str
    type: Resolved
    image: Resolved
    served: Answer
    span: Span

    @property
    def outline(self) -> _Outline:
        kind, image = _outline(self.type), _outline(self.image)
        if kind is None or image is None:
            return _Outline(kind, self.address, self.served, False)  # nothing shows that others are alike
        return _Outline(kind, image, self.served, certainly(self.served))


def _outline(value: Resolved) -> object:
    """Values with equal outlines are the same at deployment; None for those of which nothing shows that."""
    if isinstance(value, Absent):
        return (Absent,)
    if isinstance(value, Reference):
        return value.address, value.attribute
    if isinstance(value, Unknown) and len(set(value.one_of)) != 1:
        return (value.identity,) if value.identity else None
    return value.one_of[0] if isinstance(value, Unknown) else known_text(value)


class _Class(NamedTuple):
    """What two values have to share to be the same: texts themselves, references what they lead to."""

    form: str
    value: str = ""

    def may_be(self, other: "_Class") -> bool:
        """Whether values of the classes may be the same."""
        return self == other or self.form != other.form


_OPEN = _Class("open")


def _class_of(value: Resolved) -> _Class:
    if isinstance(value, Reference):
        return _Class("reference", value.address)
    text = known_text(value)
    return _OPEN if text is None else _Class("text", text)


class _ByImage:
    """Groups that run on the same type of instance, by their image."""

    def __init__(self) -> None:
        self._referring: dict[str, list[list[_Single]]] = {}
        self._named = Beginnings[list[_Single]]()

    def add(self, group: list[_Single]) -> None:
        """Adds a group whose images are equal."""
        image = group[0].image
        if isinstance(image, Reference):
            self._referring.setdefault(image.address, []).append(group)
        else:
            self._named.add(image, group)

    def like(self, image: Resolved) -> Iterator[list[_Single]]:
        """The groups that may run an image: references to different resources are different ones."""
        yield from self._named.like(image)
        own = image.address if isinstance(image, Reference) else None
        for groups in self._referring.values() if own is None else [self._referring.get(own, [])]:
            yield from groups


class _Groups(NamedTuple):
    """Those of a project that may be served, by address, and in groups by their outlines.

    The members of a group are in the order of their places.

    by_type: the groups by the class of their type of instance.
    """

    by_address: dict[str, _Single]
    by_outline: dict[_Outline, list[_Single]]
    by_type: dict[_Class, _ByImage]

    def to_compare(self, single: _Single) -> Iterator[list[_Single]]:
        """The groups of which others may be like one; all others certainly are not."""
        its = _class_of(single.type)
        for each, groups in self.by_type.items():
            if each.may_be(its):
                yield from groups.like(single.image)


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
    singles = (_single(config, graph) for config in graph.of_type(ENDPOINT_CONFIG))
    found = [each for each in singles if each is not None and possibly(each.served)]
    result = _Groups({each.address: each for each in found}, {}, {})
    for each in found:
        result.by_outline.setdefault(each.outline, []).append(each)
    for group in result.by_outline.values():
        group.sort(key=lambda each: each.span)
        result.by_type.setdefault(_class_of(group[0].type), _ByImage()).add(group)
    return result


def _are_alike(one: _Single, other: _Single) -> Answer:
    """Whether two configurations run the same image on the same type of instance, both for an endpoint."""
    types, images = same_value(one.type, other.type), same_value(one.image, other.image)
    return every((one.served, other.served, types, images))
