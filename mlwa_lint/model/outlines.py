"""A project's graph in plain words: what reports draw, and what passes between processes and runs."""

from collections.abc import Callable, Collection
from typing import Literal, TypeAlias

from mlwa_lint.startup.records import NamedTuple

# ml:      its type belongs to machine learning. tied: the graph ties it to machine learning.
# perhaps: whether it does is known only after deployment.
MlTie: TypeAlias = Literal["ml", "tied", "perhaps", ""]
PARTS: tuple[MlTie, ...] = ("ml", "tied", "perhaps", "")


class OutlineNode(NamedTuple):
    """One resource.

    when:       the conditions under which it exists; empty where there are none.
    deployment: how an endpoint is deployed.
    """

    address: str
    type: str
    path: str
    line: int
    when: str = ""
    part: MlTie = ""
    deployment: tuple[str, ...] = ()

    @property
    def short_type(self) -> str:
        """`SageMaker::Endpoint` of `AWS::SageMaker::Endpoint`."""
        return self.type.removeprefix("AWS::")


class Relation(NamedTuple):
    """One resource's relation to another: "source KIND target", KIND being the value of an EdgeKind.

    property, path, line: what in the source shows it, and where. when: as a node's.
    """

    source: str
    target: str
    kind: str
    property: str
    path: str
    line: int
    when: str = ""


class Outline(NamedTuple):
    """The resources of a project and the relations between them. root: what is deployed together."""

    root: str
    nodes: tuple[OutlineNode, ...] = ()
    relations: tuple[Relation, ...] = ()

    def only(self, addresses: Collection[str]) -> "Outline":
        """The part of it that some resources make."""
        return self._replace(
            nodes=tuple(each for each in self.nodes if each.address in addresses),
            relations=tuple(
                each for each in self.relations if each.source in addresses and each.target in addresses
            ),
        )


def cleaned(outline: Outline, clean: Callable[[str], str]) -> Outline:
    """An outline whose texts all went through something that keeps secrets out of them."""
    return Outline(
        outline.root,
        tuple(
            each._replace(address=clean(each.address), when=clean(each.when), type=clean(each.type))
            for each in outline.nodes
        ),
        tuple(
            each._replace(
                source=clean(each.source),
                target=clean(each.target),
                property=clean(each.property),
                when=clean(each.when),
            )
            for each in outline.relations
        ),
    )
