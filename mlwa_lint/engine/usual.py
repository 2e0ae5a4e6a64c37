"""The worlds of a program into which only someone gets who gives something else than a default."""

from collections.abc import Iterator

from mlwa_lint.engine.outcomes import WorldOutcome
from mlwa_lint.graph.worlds import Leaf, WorldTree

_NONE = frozenset[int]()


def given_otherwise(tree: WorldTree[WorldOutcome]) -> frozenset[int]:
    """The worlds in which a default is replaced; none where the defaults themselves leave something open.

    What `args.type or "ml.m5.large"` is when an option is given is as little known as what replaces the
    default of an option, `default="ml.m5.large"`: neither is asked.
    """
    if isinstance(tree, Leaf):
        return _NONE
    replaced: set[int] = set()
    usual = False
    for world, (leaf, by_default) in enumerate(_leaves(tree, True)):
        if not by_default:
            replaced.add(world)
            continue
        usual = True
        if leaf.outcome is None or leaf.outcome.undecided:
            return _NONE
        if any(claim.answer.verdict == "undecided" for claim in leaf.outcome.claims):
            return _NONE
    return frozenset(replaced) if usual else _NONE


def _leaves(tree: WorldTree[WorldOutcome], by_default: bool) -> Iterator[tuple[Leaf[WorldOutcome], bool]]:
    """The results in the tree's order, each with whether no default is replaced there."""
    if isinstance(tree, Leaf):
        yield tree, by_default
        return
    default = tree.condition.default
    yield from _leaves(tree.yes, by_default and default is not False)
    yield from _leaves(tree.no, by_default and default is not True)
