"""Which resources may act with the same role, from indexes built once a graph."""

from collections.abc import Iterable, Iterator, Mapping
from heapq import merge

from mlwa_lint.graph.edges import EdgeKind
from mlwa_lint.graph.kinds import ROLE
from mlwa_lint.graph.memo import remembered
from mlwa_lint.graph.relations import GraphView
from mlwa_lint.graph.views import ResourceView, View
from mlwa_lint.model.answers import NO, YES, Answer, answer
from mlwa_lint.model.values import Absent, Scalar, known_text


def is_same(one: View, other: View, graph: GraphView) -> Answer:
    """Whether two properties name the same role: by the graph, the same text or the same parameter."""
    mine, others = role_at(one, graph), role_at(other, graph)
    if mine is not None and others is not None:
        return answer(mine == others)
    if (mine is not None and _is_outside(other, graph)) or (others is not None and _is_outside(one, graph)):
        return NO
    if _is_one_default(one, other):
        return YES
    return NO if isinstance(one.value, Absent) else one.same_as(other)


def _is_one_default(one: View, other: View) -> bool:
    """Whether two properties are one parameter's default: another role that it is given is given to both."""
    left, right = one.value, other.value
    if not (isinstance(left, Scalar) and isinstance(right, Scalar)) or left.origin is None:
        return False
    alike = left.data == right.data and left.origin == right.origin
    return alike and left.assumed == right.assumed and len(left.assumed) == 1


@remembered
def role_at(view: View, graph: GraphView) -> str | None:
    """The address of the role that a property names, where the graph has it."""
    links = graph.targets(view.holder, EdgeKind.ASSUMES, ROLE).related
    found = [each.resource.address for each in links if each.edge.span == view.span]
    return found[0] if found else None


def _is_outside(view: View, graph: GraphView) -> bool:
    """Whether a property names a role that the project does not declare."""
    ends = graph.graph.open_ends_of(view.resource.address, EdgeKind.ASSUMES)
    return any(end.outside and end.path == view.path for end in ends)


def those_sharing(
    own: View, paths: Mapping[str, str], graph: GraphView, elsewhere: bool = False
) -> Iterator[tuple[ResourceView, Answer]]:
    """The resources that may act with the role of a property, by address, and whether they do.

    paths: their types, with the properties that name their roles. All others certainly act with another role.
    elsewhere: without those that are declared at the same place, which are the instances of a loop.
    """
    here = own.resource.span if elsewhere else None
    declared, addresses = graph.graph.by_address, _addresses(tuple(paths), graph)
    for number in _by_role(tuple(paths.items()), graph).like(own, graph):
        address = addresses[number]
        if address != own.resource.address and declared[address].span != here:
            other = graph.resource(address)
            yield other, is_same(own, other[paths[other.type]], graph)


@remembered
def _addresses(types: tuple[str, ...], graph: GraphView) -> tuple[str, ...]:
    return tuple(sorted(each.address for each in graph.of_type(*types)))


@remembered
def _by_role(paths: tuple[tuple[str, str], ...], graph: GraphView) -> "ByRole":
    named = dict(paths)
    found = map(graph.resource, _addresses(tuple(named), graph))
    return ByRole((each[named[each.type]] for each in found), graph)


class ByRole:
    """Properties, by their positions in a list, by the roles that they name.

    What `like` leaves out is certainly another role, without an assumption.
    """

    def __init__(self, views: Iterable[View], graph: GraphView) -> None:
        # Of roles in the graph; of texts, or nothing, that the graph ties to no role; of what is not known.
        self._placed: dict[str, list[int]] = {}
        self._texts: dict[str | None, list[int]] = {}
        self._open: list[int] = []
        self._all_placed: list[int] = []
        self._unplaced: list[int] = []
        # What is not placed, and may be a role of the graph nevertheless.
        self._inside: list[int] = []
        for number, view in enumerate(views):
            place = role_at(view, graph)
            if place is not None:
                self._placed.setdefault(place, []).append(number)
                self._all_placed.append(number)
                continue
            self._unplaced.append(number)
            if not _is_outside(view, graph):
                self._inside.append(number)
            if _is_plain(view):
                self._texts.setdefault(view.text, []).append(number)
            else:
                self._open.append(number)

    def like(self, own: View, graph: GraphView) -> Iterator[int]:
        """The positions of the properties that may name the same role as one, in their order."""
        place = role_at(own, graph)
        if place is not None:
            return merge(self._placed.get(place, ()), self._inside)
        if isinstance(own.value, Absent):
            return iter(())
        placed = () if _is_outside(own, graph) else self._all_placed
        if _is_plain(own):
            return merge(self._texts.get(own.text, ()), self._open, placed)
        return merge(self._unplaced, placed)


def _is_plain(view: View) -> bool:
    """Whether a property is certainly a known text, or certainly not set."""
    value = view.value
    return not value.assumed and (isinstance(value, Absent) or known_text(value) is not None)
