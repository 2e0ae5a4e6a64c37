"""Programs that are examples by their path or their project's title: they show how something is made."""

import re
from collections.abc import Sequence
from pathlib import Path

from mlwa_lint.files.reading import read_text
from mlwa_lint.frontends.python.ledger import Created
from mlwa_lint.model.resources import BUILDS, EXAMPLE
from mlwa_lint.model.values import Entry, Scalar

_NOUNS = ("demo", "example", "exercise", "lab", "lesson", "sample", "tutorial", "workshop")
_WORDS = frozenset((*_NOUNS, *(f"{noun}s" for noun in _NOUNS), "notebooks", "playground"))
_BETWEEN = re.compile(r"[^a-z]+")
# In the title of a project they say that all of it is for learning.
_LEARNING = frozenset(
    {
        *("bootcamp", "course", "demo", "demos", "exercise", "exercises", "hackathon", "lab", "labs"),
        *("lesson", "lessons", "nanodegree", "playground", "snippets", "tutorial", "tutorials"),
        *("workshop", "workshops"),
    }
)
# What is said below the title, up to the next one, is prose: "of course" says nothing.
_IN_PROSE = frozenset({"bootcamp", "nanodegree", "tutorial", "tutorials", "workshop", "workshops"})
_README = "README.md"
_README_SIZE = 200_000
_INTRODUCTION = 400
_TITLE = re.compile(r"^#+ +(.+)$", re.MULTILINE)


def mark(created: Sequence[Created], root: Path) -> None:
    """Notes of what an example makes that it is one; `root`: the project's folder, itself left aside."""
    known: dict[str, bool] = {}
    learning = bool(created) and _is_for_learning(root)
    for each in created:
        path = each.span.path
        if path not in known:
            known[path] = learning or _is_example(path, root)
        if known[path]:
            each.attributes[EXAMPLE] = Entry(each.span, Scalar(True, each.span))


def mark_built(created: Sequence[Created]) -> None:
    """Notes of what a notebook makes that it builds container images itself."""
    for each in created:
        each.attributes[BUILDS] = Entry(each.span, Scalar(True, each.span))


def _is_for_learning(root: Path) -> bool:
    """Whether the project's README says so, in its title or right below: `# Feature Store Workshop`."""
    try:
        text = read_text(root / _README, _README_SIZE)
    except (OSError, UnicodeDecodeError):
        return False
    title = _TITLE.search(text)
    if title is None:
        return False
    below = text[title.end() :][:_INTRODUCTION].lower().partition("\n#")[0]
    said = _LEARNING.intersection(_BETWEEN.split(title.group(1).lower()))
    return bool(said or _IN_PROSE.intersection(_BETWEEN.split(below)))


def _is_example(path: str, root: Path) -> bool:
    """Whether a word of the path below the project's folder says so: `workshop/lab-1/deploy.py`."""
    try:
        below = Path(path).resolve().relative_to(root.resolve())
    except ValueError:
        return False
    return is_example(below.parts)


def is_example(steps: Sequence[str]) -> bool:
    """Whether the steps from the project's folder to a file say that it is one."""
    return any(word in _WORDS for part in steps for word in _BETWEEN.split(part.lower()))
