"""Texts of a repository without those of packages that are installed into it: `pip install -t lambda/`."""

from collections.abc import Iterable

from mlwa_lint.files.below import ENTRIES_LIMIT
from mlwa_lint.files.endings import ProjectFiles
from mlwa_lint.files.texts import PathSteps, ProjectText

_INSTALLED = ".dist-info"
_ALWAYS_THERE = "METADATA"


def own_texts(files: ProjectFiles) -> dict[PathSteps, ProjectText] | None:
    """The texts that are not part of an installed package; None for too many."""
    return files.once(_own_texts)


def _own_texts(files: ProjectFiles) -> dict[PathSteps, ProjectText] | None:
    texts = files.texts()
    if texts is None:
        return None
    root = files.root
    named = files.named_like(lambda name: name == _ALWAYS_THERE, ENTRIES_LIMIT)
    listed = [each.relative_to(root).parts for each in named if root is not None]
    installed = _packages((*texts, *listed))
    if not installed:
        return texts
    return {steps: text for steps, text in texts.items() if not _is_within(steps, installed)}


def _packages(paths: Iterable[PathSteps]) -> frozenset[PathSteps]:
    """The folders of packages beside which there is what describes them: `boto3`, `boto3-1.4.dist-info`."""
    found = set[PathSteps]()
    for steps in paths:
        for depth, step in enumerate(steps):
            if step.endswith(_INSTALLED):
                name = step.partition("-")[0].replace("-", "_").lower()
                found.update(((*steps[:depth], step), (*steps[:depth], name)))
    return frozenset(found)


def _is_within(steps: PathSteps, folders: frozenset[PathSteps]) -> bool:
    return any(steps[:depth] in folders for depth in range(1, len(steps)))


__all__ = ["own_texts"]
