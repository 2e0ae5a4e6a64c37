"""The column of the signs of neighbouring arguments: `terraform fmt` puts them below one another."""

from collections.abc import Sequence

from mlwa_lint.fixes.hcl.tree import HclArgument
from mlwa_lint.fixes.source import SourceFile


def run_around(arguments: Sequence[HclArgument], at: HclArgument, source: SourceFile) -> list[HclArgument]:
    """The one-line arguments on adjacent lines around one of them; empty if it is longer."""
    ordered = sorted(arguments, key=lambda each: each.start)
    position = ordered.index(at)
    if not _alone(at, source):
        return []
    first = last = position
    while first and _adjacent(ordered[first - 1], ordered[first], source):
        first -= 1
    while last + 1 < len(ordered) and _adjacent(ordered[last], ordered[last + 1], source):
        last += 1
    return ordered[first : last + 1]


def is_aligned(run: Sequence[HclArgument], source: SourceFile) -> bool:
    """Whether signs are where `terraform fmt` puts them."""
    width = max(len(each.written_name) for each in run)
    return all(each.sign - each.start == width + 1 for each in run)


def _alone(argument: HclArgument, source: SourceFile) -> bool:
    """Whether an argument is one line, from its first character on."""
    if not source.begins_line(argument.start):
        return False
    return source.place(argument.start)[0] == source.place(argument.stop)[0]


def _adjacent(one: HclArgument, other: HclArgument, source: SourceFile) -> bool:
    if not (_alone(one, source) and _alone(other, source)):
        return False
    return source.place(other.start)[0] - source.place(one.start)[0] == 1
