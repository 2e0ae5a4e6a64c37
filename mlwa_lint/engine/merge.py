"""Merges what a check said in every world into findings."""

from typing import TypeAlias

from mlwa_lint.engine.related import places_of
from mlwa_lint.graph.worlds import Leaf, Tree
from mlwa_lint.model.conditions import Condition
from mlwa_lint.model.findings import Severity
from mlwa_lint.model.spans import Span
from mlwa_lint.model.values import Assumptions
from mlwa_lint.rule import Claim, Remedy
from mlwa_lint.startup.records import NamedTuple


class MergeKey(NamedTuple):
    """What makes two mistakes of different worlds the same finding."""

    span: Span
    message: str
    severity: Severity | None
    address: str
    assumed: Assumptions
    related: tuple[tuple[Span, str], ...]
    remedy: Remedy | None = None


class WorldOutcome(NamedTuple):
    """What a check said in one world."""

    mistakes: tuple[Claim, ...]
    undecided: tuple[str, ...]


WorldPath: TypeAlias = tuple[tuple[Condition, bool], ...]


class Merged(NamedTuple):
    """What a check said in all worlds below a point: mistakes with the paths that lead to them."""

    found: dict[MergeKey, tuple[WorldPath, ...]]
    undecided: tuple[str, ...]


def merge(tree: Tree[WorldOutcome]) -> Merged:
    """What holds in all worlds of a tree, each verdict with the answers that lead to it."""
    if isinstance(tree, Leaf):
        return _merge_leaf(tree.outcome)
    yes, no = merge(tree.yes), merge(tree.no)
    undecided = list(dict.fromkeys((*yes.undecided, *no.undecided)))
    found: dict[MergeKey, tuple[WorldPath, ...]] = {}
    for key in dict.fromkeys((*yes.found, *no.found)):
        if key in yes.found and key in no.found and yes.found[key] == no.found[key]:
            found[key] = yes.found[key]
        elif tree.condition.opaque:
            # Nobody wrote this condition down as a scenario: it only stands for what is not known.
            undecided.append(f"{tree.condition.text} is known only at deployment")
        else:
            found[key] = (
                *(((tree.condition, True), *path) for path in yes.found.get(key, ())),
                *(((tree.condition, False), *path) for path in no.found.get(key, ())),
            )
    return Merged(found, tuple(dict.fromkeys(undecided)))


def _merge_leaf(outcome: WorldOutcome | None) -> Merged:
    if outcome is None:
        return Merged({}, ("more combinations of conditions than are looked at",))
    found: dict[MergeKey, tuple[WorldPath, ...]] = {}
    undecided = list(outcome.undecided)
    for mistake in outcome.mistakes:
        if mistake.answer.verdict == "undecided":
            undecided += mistake.answer.reasons or ("it is known only at deployment",)
            continue
        key = MergeKey(
            mistake.at.span,
            mistake.message,
            mistake.severity,
            mistake.at.resource.address,
            mistake.answer.assumed,
            places_of(mistake),
            mistake.remedy,
        )
        found[key] = ((),)
    return Merged(found, tuple(dict.fromkeys(undecided)))


def condition_text(paths: tuple[WorldPath, ...], assumed: Assumptions) -> str | None:
    """Under which conditions and assumptions a finding holds, as a phrase; None when it always does."""
    pieces = []
    if () not in paths:
        pieces.append("when " + ", or ".join(_path_text(path) for path in paths))
    if assumed:
        pieces.append("assuming " + " and ".join(sorted(assumed)))
    return ", ".join(pieces) or None


def _path_text(path: WorldPath) -> str:
    return " and ".join(_answer_text(condition, holds) for condition, holds in path)


def _answer_text(condition: Condition, holds: bool) -> str:
    text = f"{condition.text} is {'true' if holds else 'false'}"
    return f"{text}, which is the default" if condition.default is holds else text
