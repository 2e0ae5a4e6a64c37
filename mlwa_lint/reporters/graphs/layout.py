"""Where a drawing puts resources: in layers from left to right, few lines crossing.

Each component is laid out separately: a resource's layer is the longest path that leads to it, a relation
over several layers passes through one place in each of them, and the order in a layer follows that of the
neighbours' places. Components are placed below one another, and unrelated resources in a grid below them.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise

from mlwa_lint.graph.selection import components, ends, generations
from mlwa_lint.model.outlines import Outline
from mlwa_lint.startup.records import NamedTuple

WIDTH = 240
HEIGHT = 44
_COLUMN = WIDTH + 130
_ROW = HEIGHT + 18
_PASSAGE = 16
_GAP = 36
_SWEEPS = 8
_IN_A_ROW = 4


class Point(NamedTuple):
    """A place, in pixels from the upper left corner."""

    x: float
    y: float


class Placed(NamedTuple):
    """A laid out graph.

    corners: the upper left corner of each resource, by address.
    bends:   the places that each relation passes through, in the order of the outline's relations.
    """

    width: float
    height: float
    corners: dict[str, Point]
    bends: list[tuple[Point, ...]]


def place(outline: Outline) -> Placed:
    """A place for every resource of a project."""
    corners: dict[str, Point] = {}
    bends: dict[int, tuple[Point, ...]] = {}
    numbers = {id(relation): number for number, relation in enumerate(outline.relations)}
    lonely: list[str] = []
    top = 0.0
    for part in components(outline):
        if len(part.nodes) == 1 and not part.relations:
            lonely.append(part.nodes[0].address)
            continue
        component = _Component(part)
        corners.update((each, Point(at.x, at.y + top)) for each, at in component.corners())
        for relation, points in zip(part.relations, component.bends(), strict=True):
            bends[numbers[id(relation)]] = tuple(Point(at.x, at.y + top) for at in points)
        top += component.height + _GAP
    for number, address in enumerate(lonely):
        row, column = divmod(number, _IN_A_ROW)
        corners[address] = Point(column * (WIDTH + _GAP), top + row * _ROW)
    width = max((at.x + WIDTH for at in corners.values()), default=WIDTH)
    height = max((at.y + HEIGHT for at in corners.values()), default=HEIGHT)
    return Placed(width, height, corners, [bends.get(n, ()) for n in range(len(outline.relations))])


class _Component:
    """One component: cells in layers, a cell being a resource or a passage of a relation."""

    def __init__(self, part: Outline) -> None:
        self._layer_of = _tight(generations(part), part)
        self._layers: dict[int, list[int]] = defaultdict(list)
        self._addresses = list(dict.fromkeys(node.address for node in part.nodes))
        self._before: dict[int, list[int]] = defaultdict(list)
        self._after: dict[int, list[int]] = defaultdict(list)
        self._passages: list[list[int]] = []
        number_of = {address: number for number, address in enumerate(self._addresses)}
        for address, number in number_of.items():
            self._layers[self._layer_of[address]].append(number)
        cells = len(number_of)
        for left, right in map(ends, part.relations):
            way = [number_of[left]]
            for layer in range(self._layer_of[left] + 1, self._layer_of[right]):
                self._layers[layer].append(cells)
                way.append(cells)
                cells += 1
            self._passages.append(way[1:])
            way.append(number_of[right])
            if self._layer_of[left] < self._layer_of[right]:
                for one, next_one in pairwise(way):
                    self._after[one].append(next_one)
                    self._before[next_one].append(one)
        self._order()
        self._y = self._places()
        least = min(self._y.values())
        self._y = {cell: y - least for cell, y in self._y.items()}
        self.height = max(y + self._tall(cell) for cell, y in self._y.items())

    def corners(self) -> Iterator[tuple[str, Point]]:
        """The corner of each resource."""
        for number, address in enumerate(self._addresses):
            yield address, Point(self._layer_of[address] * _COLUMN, self._y[number])

    def bends(self) -> Iterator[tuple[Point, ...]]:
        """The passages of each relation."""
        layer_of = {cell: layer for layer, cells in self._layers.items() for cell in cells}
        for passages in self._passages:
            yield tuple(
                Point(layer_of[cell] * _COLUMN + WIDTH / 2, self._y[cell] + _PASSAGE / 2) for cell in passages
            )

    def _tall(self, cell: int) -> int:
        return HEIGHT if cell < len(self._addresses) else _PASSAGE

    def _order(self) -> None:
        """Puts cells where their neighbours are, forth and back."""
        layers = [self._layers[number] for number in sorted(self._layers)]
        for sweep in range(_SWEEPS):
            forth = sweep % 2 == 0
            neighbours = self._before if forth else self._after
            for fixed, moved in _pairs(layers if forth else layers[::-1]):
                at = {cell: position for position, cell in enumerate(fixed)}
                order = {cell: _mean([at[n] for n in neighbours[cell]], p) for p, cell in enumerate(moved)}
                moved.sort(key=order.__getitem__)

    def _places(self) -> dict[int, float]:
        """Heights that keep the order and come near to the neighbours' middles."""
        layers = [self._layers[number] for number in sorted(self._layers)]
        y: dict[int, float] = {}
        for layer in layers:
            top = 0.0
            for cell in layer:
                y[cell] = top
                top += self._tall(cell) + _ROW - HEIGHT
        for sweep in range(_SWEEPS):
            forth = sweep % 2 == 0
            neighbours = self._before if forth else self._after
            for layer in layers if forth else layers[::-1]:
                self._settle(layer, neighbours, y)
        return y

    def _settle(self, layer: Sequence[int], neighbours: dict[int, list[int]], y: dict[int, float]) -> None:
        wanted = []
        for cell in layer:
            middles = [y[each] + self._tall(each) / 2 for each in neighbours[cell]]
            wanted.append(_mean(middles, y[cell] + self._tall(cell) / 2) - self._tall(cell) / 2)
        top = float("-inf")
        settled = []
        for cell, at in zip(layer, wanted, strict=True):
            settled.append(max(at, top))
            top = settled[-1] + self._tall(cell) + _ROW - HEIGHT
        shift = _mean([want - got for want, got in zip(wanted, settled, strict=True)], 0.0)
        for cell, at in zip(layer, settled, strict=True):
            y[cell] = at + shift


def _tight(generation: dict[str, int], part: Outline) -> dict[str, int]:
    """Layers in which a resource without predecessors is directly before its successors."""
    after: dict[str, list[str]] = defaultdict(list)
    reached = set()
    for left, right in map(ends, part.relations):
        if generation[left] != generation[right]:
            after[left].append(right)
            reached.add(right)
    layers = dict(generation)
    for address in generation:
        if address not in reached and after[address]:
            layers[address] = min(generation[each] for each in after[address]) - 1
    lowest = min(layers.values())
    return {address: layer - lowest for address, layer in layers.items()}


def _pairs(layers: list[list[int]]) -> Iterator[tuple[list[int], list[int]]]:
    yield from pairwise(layers)


def _mean(numbers: Sequence[float], otherwise: float) -> float:
    return sum(numbers) / len(numbers) if numbers else otherwise
