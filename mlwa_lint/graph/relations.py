"""The graph as a rule sees it: in one possible world, with what is not known kept apart."""

from collections.abc import Callable, Collection, Iterable, Iterator
from functools import partial

from mlwa_lint.graph.alike import ByValue
from mlwa_lint.graph.edges import Edge, EdgeKind, OpenEnd
from mlwa_lint.graph.graph import ResourceGraph
from mlwa_lint.graph.linking.leaves import leaves
from mlwa_lint.graph.linking.naming import NAME_PROPERTIES, mention_in
from mlwa_lint.graph.links import Links, Possible, Related, Unread
from mlwa_lint.graph.views import ResourceView, View
from mlwa_lint.graph.worlds import World
from mlwa_lint.model.answers import REASONS_LIMIT, Answer, some
from mlwa_lint.model.conditions import Guard
from mlwa_lint.model.resources import Gap, Resource
from mlwa_lint.model.values import MapValue, Unknown, Value, identity_of, known_text, references_in

__all__ = ["GraphView", "Links", "Related", "Unread", "itself"]

# How many resources of which a relation is not known are looked into one by one.
_LOOKED_INTO = 20


class GraphView:
    """The resource graph in one possible world."""

    def __init__(self, graph: ResourceGraph, world: World, required_tags: tuple[str, ...] = ()) -> None:
        self.graph = graph
        self.world = world
        self.required_tags = required_tags

    def leave_undecided(self, reasons: Iterable[str]) -> None:
        """Leaves the current check undecided, whatever else is claimed, for some reasons."""
        self.world.undecided.extend(reasons)

    def resource(self, address: str) -> ResourceView:
        """A resource by its address. KeyError when there is none."""
        return ResourceView(self.graph.by_address[address], self.world)

    def of_type(self, *types: str) -> list[ResourceView]:
        """The resources of some types that exist in this world."""
        found = [resource for each in types for resource in self.graph.by_type.get(each, ())]
        return [ResourceView(r, self.world) for r in found if self.world.admits(r.guards)]

    def has_type(self, question: Callable[[str], bool]) -> bool:
        """Whether a resource exists in this world whose type answers a question."""
        return any(True for _ in self.one_by_one(*filter(question, self.graph.by_type)))

    def one_by_one(self, *types: str) -> Iterator[ResourceView]:
        """The same as `of_type`, for a search that ends with what it finds: what is always there comes first.

        The guard of a resource is read when its turn comes, so that those behind it do not fork worlds.
        """
        found = [resource for each in types for resource in self.graph.by_type.get(each, ())]
        for resource in sorted(found, key=lambda each: bool(each.guards)):
            if self.world.admits(resource.guards):
                yield ResourceView(resource, self.world)

    def settled(self, edge: Edge, address: str, look: Callable[[ResourceView], bool]) -> bool:
        """Whether something is so of what an edge leads to, wherever it exists: see `World.settles`."""
        other = self.graph.by_address[address]
        guards = (*edge.guards, *other.guards)
        return bool(guards) and self.world.settles(guards, lambda world: look(ResourceView(other, world)))

    def any_of(self, question: Callable[[ResourceView], Answer], *types: str) -> Answer:
        """Whether a question is answered YES for a resource of some types; ends with the first such one."""
        return some(answered for _, answered in self.queried(question, *types))

    def queried(
        self, question: Callable[[ResourceView], Answer], *types: str
    ) -> "Iterator[tuple[ResourceView, Answer]]":
        """The resources of some types for which a question is not answered NO, with the answer.

        What is always there comes first. Where a check has too many worlds, the guard of a resource is read
        only if the answer may be another one.
        """
        found = [resource for each in types for resource in self.graph.by_type.get(each, ())]
        for resource in sorted(found, key=lambda each: bool(each.guards)):

            def look(beside: World, resource: Resource = resource) -> bool:
                return question(ResourceView(resource, beside)).verdict == "no"

            if resource.guards and self.world.settles(resource.guards, look):
                continue
            if self.world.admits(resource.guards):
                view = ResourceView(resource, self.world)
                answered = question(view)
                if answered.verdict != "no":
                    yield view, answered

    def alike(self, resource_type: str, name: str, view: View) -> list[ResourceView]:
        """The resources of a type whose property may equal a view's value; all others certainly differ."""
        return self._existing(self._by_value(resource_type, name).like(view.value))

    def with_text(self, resource_type: str, name: str, text: str) -> list[ResourceView]:
        """The resources of a type whose property may be known to be a text."""
        return self._existing(self._by_value(resource_type, name).with_text(text))

    def _existing(self, resources: Iterable[Resource]) -> list[ResourceView]:
        return [ResourceView(each, self.world) for each in resources if self.world.admits(each.guards)]

    def _by_value(self, resource_type: str, name: str) -> ByValue:
        memory, key = self.graph.memory, (ByValue, resource_type, name)
        resources = self.graph.by_type.get(resource_type, ())
        if key not in memory:
            memory[key] = ByValue(resources, name)
        found: ByValue = memory[key]
        return found

    def matching(self, question: Callable[[str], bool]) -> list[ResourceView]:
        """The resources of this world whose type answers a question."""
        types = [each for each in self.graph.by_type if question(each)]
        return self.of_type(*types)

    def declared(self, *types: str) -> Links:
        """The resources of some types; parts that could not be analysed may declare more of them."""
        return self.declared_of(self.of_type(*types), *types)

    def declared_of(self, views: Iterable[ResourceView], *types: str) -> Links:
        """The same of those resources of the types that an index has found."""
        related = tuple(Related(view, itself(view.resource)) for view in views)
        return Links(related, self._gaps().of_types(types))

    def targets(
        self, source: ResourceView, kind: EdgeKind, *types: str, besides: Collection[tuple[str, ...]] = ()
    ) -> Links:
        """What a resource relates to.

        besides: the properties, each as the end of a path, whose relations do not count.
        """
        edges = self.graph.edges_from(source.address, kind)
        ends = self.graph.open_ends_of(source.address, kind)
        if besides:
            edges = [each for each in edges if each.path[-1:] not in besides]
            ends = [each for each in ends if each.path[-1:] not in besides]
        unknown = self._open_reasons(ends, types)
        if self.world.splits:
            return Unread(self._ends(edges, lambda edge: edge.target, types), unknown, self.world)
        return Links(self._follow(edges, lambda edge: edge.target, types), unknown)

    def targets_at(self, source: ResourceView, kind: EdgeKind, view: View, *types: str) -> Links:
        """What a resource relates to by the property that a view shows."""
        related = self.related_at(source, kind, view, *types)
        ends = self.graph.open_ends_of(source.address, kind)
        return Links(related, self._open_reasons(ends, types))

    def related_at(
        self, source: ResourceView, kind: EdgeKind, view: View, *types: str
    ) -> tuple[Related, ...]:
        """The same without what may be related: for a search that goes through many properties."""
        return self._follow(self.graph.edges_at(source.address, kind, view.span), lambda e: e.target, types)

    def sources(
        self, target: ResourceView, kind: EdgeKind, *types: str, at: Collection[tuple[str, ...]] = ()
    ) -> Links:
        """What relates to a resource; open ends and parts that could not be analysed may do so too.

        at: the properties, each as the end of a path, whose open ends count; without any, all do.
        """
        edges = self.graph.edges_into(target.address, kind)
        unread = self._ends(edges, lambda e: e.source, types) if self.world.splits else None
        related = self._follow(edges, lambda e: e.source, types) if unread is None else ()
        ends = self._open_towards(kind, target.type, types, tuple(at))
        reasons, gaps = ends.reasons(self.world), list[str]()
        if self.graph.gaps:
            gaps = self._gaps().touching((target.address, *target.resource.folded), _texts_of(target), types)
        possible = partial(self._possible, ends, tuple(gaps)) if reasons else None
        unknown = tuple(dict.fromkeys((*reasons, *gaps)))
        if unread is not None:
            return Unread(unread, unknown, self.world, possible)
        return Links(related, unknown, possible)

    def _possible(self, ends: "_OpenEnds", gaps: tuple[str, ...]) -> Possible | None:
        """The resources whose relations are not known; None where there are too many to look into each."""
        if len(ends.listed) > _LOOKED_INTO:
            return None
        found = [end for end in ends.listed if self._holds(end.guards)]
        views = [(self.resource(end.source), f"{end.source}: {end.reason}") for end in found]
        return Possible(tuple(views), gaps)

    def _ends(
        self, edges: list[Edge], end_of: Callable[[Edge], str], types: tuple[str, ...]
    ) -> list[tuple[Edge, Resource]]:
        """Edges and what is at their ends, whether that exists in this world or not."""
        found = ((edge, self.graph.by_address[end_of(edge)]) for edge in edges)
        return [(edge, other) for edge, other in found if not types or other.type in types]

    def _follow(
        self, edges: list[Edge], end_of: Callable[[Edge], str], types: tuple[str, ...]
    ) -> tuple[Related, ...]:
        found = []
        for edge in edges:
            other = self.graph.by_address[end_of(edge)]
            if types and other.type not in types:
                continue
            if self._holds(edge.guards) and self._holds(other.guards):
                found.append(Related(ResourceView(other, self.world), edge))
        return tuple(found)

    def _holds(self, guards: tuple[Guard, ...]) -> bool:
        return self.world.admits(guards)

    def _open_reasons(self, ends: list[OpenEnd], types: tuple[str, ...]) -> tuple[str, ...]:
        kept = [end for end in ends if not types or end.target_type in types]
        return tuple(dict.fromkeys(f"{end.source}: {end.reason}" for end in kept if self._holds(end.guards)))

    def _open_towards(
        self, kind: EdgeKind, target_type: str, types: tuple[str, ...], at: tuple[tuple[str, ...], ...]
    ) -> "_OpenEnds":
        memory, key = self.graph.memory, (_OpenEnds, kind, target_type, types, at)
        if key not in memory:
            memory[key] = _OpenEnds(
                end
                for end in self.graph.open_ends_towards(kind, target_type)
                if (not types or self.graph.by_address[end.source].type in types)
                and (not at or end.path[-1:] in at)
            )
        found: _OpenEnds = memory[key]
        return found

    def _gaps(self) -> "_Gaps":
        memory = self.graph.memory
        if _Gaps not in memory:
            memory[_Gaps] = _Gaps(self.graph.gaps)
        found: _Gaps = memory[_Gaps]
        return found


class _OpenEnds:
    """Relations whose other end is not known: looked up for every resource, in each of its worlds.

    Hundreds of them exist under the same few conditions, which are asked once; none is where some exist under
    no condition, which leave as much open in every world.
    """

    def __init__(self, ends: Iterable[OpenEnd]) -> None:
        groups: dict[tuple[Guard, ...], int] = {}
        self.listed = list(ends)
        listed = [end for end in self.listed if not end.guards] or self.listed
        found = (
            (groups.setdefault(end.guards, len(groups)), f"{end.source}: {end.reason}") for end in listed
        )
        self._entries = tuple(dict.fromkeys(found))
        self._groups = tuple(groups)
        self._reasons: dict[tuple[bool, ...], tuple[str, ...]] = {}

    def reasons(self, world: World) -> tuple[str, ...]:
        """Why each of those that exist in a world may lead anywhere."""
        held = tuple(map(world.admits, self._groups))
        if held not in self._reasons:
            self._reasons[held] = tuple(dict.fromkeys(text for group, text in self._entries if held[group]))
        return self._reasons[held]


class _Gaps:
    """What could not be analysed, by what is passed to it: looked up for every resource."""

    def __init__(self, gaps: tuple[Gap, ...]) -> None:
        self._gaps = gaps
        self._anything: list[int] = []
        self._by_address: dict[str, list[int]] = {}
        self._by_text: dict[str, list[int]] = {}
        self._of_types: dict[tuple[str, ...], tuple[str, ...]] = {}
        self._touching: dict[tuple[str, ...], list[int]] = {}
        for number, gap in enumerate(gaps):
            if gap.inputs is None:
                self._anything.append(number)
                continue
            handed = (each for value in gap.inputs for each in _given(value) if not _is_url_of_api(each))
            addresses = {ref.address for value in handed for ref, _ in references_in(value)}
            texts = {text for value in gap.inputs for text in _names_in(value, gap)}
            for index, keys in ((self._by_address, addresses), (self._by_text, texts)):
                for key in keys:
                    index.setdefault(key, []).append(number)

    def of_types(self, types: tuple[str, ...]) -> tuple[str, ...]:
        """Why there may be further resources of some types."""
        if types not in self._of_types:
            found = [_hidden_in(gap) for gap in self._gaps if _may_declare(gap, types)]
            self._of_types[types] = tuple(dict.fromkeys(found))
        return self._of_types[types]

    def touching(
        self, addresses: tuple[str, ...], names: frozenset[str], types: tuple[str, ...]
    ) -> list[str]:
        """Why something unseen can concern a resource: by anything, or by what is handed to it."""
        numbers: set[int] = set()
        for address in addresses:
            numbers.update(self._by_address.get(address, ()))
        for name in names:
            numbers.update(self._by_text.get(name, ()))
        numbers = {each for each in numbers if not types or _may_declare(self._gaps[each], types)}
        numbers.update(self._open_to(types))
        return [_hidden_in(self._gaps[number]) for number in sorted(numbers)]

    def _open_to(self, types: tuple[str, ...]) -> list[int]:
        """What can concern any resource, cut to what is worth reading, since every resource looks it up."""
        if types not in self._touching:
            found: dict[str, int] = {}
            for number in self._anything:
                gap = self._gaps[number]
                if not types or _may_declare(gap, types):
                    found.setdefault(gap.what, number)
                if len(found) == REASONS_LIMIT:
                    break
            self._touching[types] = list(found.values())
        return self._touching[types]


def _given(value: Value) -> Iterable[Value]:
    """The values of a map of parameters; anything else itself."""
    if isinstance(value, MapValue) and value.rest is None and isinstance(value.entries, dict):
        return [entry.value for entry in value.entries.values()]
    return [value]


def _is_url_of_api(value: Value) -> bool:
    """Whether a text is the address of an API, by which it is called and no route is added to it."""
    texts = [part for part in value.parts if isinstance(part, str)] if isinstance(value, Unknown) else []
    return bool(texts) and texts[0].startswith(("https://", "wss://")) and ".execute-api." in "".join(texts)


def _names_in(value: Value, gap: Gap) -> Iterator[str]:
    """The texts anywhere in what is handed to something unseen, and what they name by their form."""
    for leaf in leaves(value, gap.span, ()):
        text, mention = known_text(leaf.value), mention_in(leaf.value)
        if text is not None:
            yield text
        elif identity := identity_of(leaf.value):
            yield identity
        if mention is not None:
            yield mention.name.literal or mention.name.identity


def itself(resource: Resource) -> Edge:
    """The edge of a resource that was found by its type and not along an edge."""
    return Edge(resource.address, resource.address, EdgeKind.REFERS_TO, (), resource.span, ())


def _may_declare(gap: Gap, types: tuple[str, ...]) -> bool:
    if gap.only is not None and not any(each in gap.only for each in types):
        return False
    return not all(each.startswith(gap.never) for each in types) if gap.never else True


def _hidden_in(gap: Gap) -> str:
    return f"{gap.owner}: {gap.why}" if gap.owner else f"{gap.what} could not be analysed"


def _texts_of(target: ResourceView) -> frozenset[str]:
    """What a resource is called; where that is not known, what equal names have in common.

    What belongs to an API names it by its id, which its name is not.
    """
    if target.type.startswith(("AWS::ApiGateway::", "AWS::ApiGatewayV2::")):
        return frozenset()
    name: View = target[NAME_PROPERTIES.get(target.type, "Name")]
    return frozenset({name.text or identity_of(name.value)}) - {""}
