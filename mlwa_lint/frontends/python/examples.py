"""Programs that their path says to be examples: what they make is there to show how it is made."""

import re
from collections.abc import Iterable
from pathlib import Path

from mlwa_lint.frontends.python.ledger import Created
from mlwa_lint.model.resources import EXAMPLE
from mlwa_lint.model.values import Entry, Scalar

_NOUNS = ("demo", "example", "exercise", "lab", "lesson", "sample", "tutorial", "workshop")
_WORDS = frozenset((*_NOUNS, *(f"{noun}s" for noun in _NOUNS), "notebooks", "playground"))
_BETWEEN = re.compile(r"[^a-z]+")


def mark(created: Iterable[Created], root: Path) -> None:
    """Notes of what an example makes that it is one; `root`: the project's folder, itself left aside."""
    known: dict[str, bool] = {}
    for each in created:
        path = each.span.path
        if path not in known:
            known[path] = _is_example(path, root)
        if known[path]:
            each.attributes[EXAMPLE] = Entry(each.span, Scalar(True, each.span))


def _is_example(path: str, root: Path) -> bool:
    """Whether a word of the path below the project's folder says so: `workshop/lab-1/deploy.py`."""
    try:
        below = Path(path).resolve().relative_to(root.resolve())
    except ValueError:
        return False
    return any(word in _WORDS for part in below.parts for word in _BETWEEN.split(part.lower()))
