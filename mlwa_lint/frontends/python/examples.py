"""Programs that are examples by their path, a README or placeholders: they show how something is made."""

import ast
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from mlwa_lint.files.endings import ProjectFiles
from mlwa_lint.files.notebooks import ENDING
from mlwa_lint.files.reading import is_file, names_if_listed, read_text
from mlwa_lint.frontends.declarations import is_shown_by
from mlwa_lint.frontends.python.evaluation.values import REST
from mlwa_lint.frontends.python.ledger import Created
from mlwa_lint.frontends.python.limits import SOURCE_LIMIT
from mlwa_lint.frontends.readme import is_called_for_learning
from mlwa_lint.model.purpose import is_named_for_learning
from mlwa_lint.model.resources import BUILDS, EXAMPLE
from mlwa_lint.model.values import Entry, ListValue, MapValue, Scalar, Unknown, Value, known_text

_NOUNS = ("demo", "example", "exercise", "lab", "lesson", "sample", "tutorial", "workshop")
# Data that is only learned with: `pipelines/abalone/` of a template that nothing was put in.
_DATA = ("abalone", "cifar", "mnist", "titanic")
_WORDS = frozenset((*_NOUNS, *(f"{noun}s" for noun in _NOUNS), *_DATA, "notebooks", "playground"))
PIPELINE = "AWS::SageMaker::Pipeline"
_BETWEEN = re.compile(r"[^a-z]+")
# What a reader has to put something in place of, where AWS accepts nothing of the kind.
_PLACEHOLDER = re.compile(
    r"<[A-Za-z][\w -]*>|(?<![A-Za-z0-9])YOUR[_-][A-Z]"
    r"|(?<![\w-])your[-_](?:account|bucket|id|image|model|role)(?![a-z])|^s3://path/to/"
    r"|(?<![{$%\w])(?:ACCOUNT[-_]?ID|X{12})(?![}%\w])"
)
_LEFT_OUT = ("...", "\N{HORIZONTAL ELLIPSIS}")
# What is called after data that is only learned with: `titanic-model:latest`, a job `mnist`.
_TAUGHT = re.compile(rf"(?<![A-Za-z])(?i:{'|'.join(_DATA)})(?![a-z])")
# What measures: its endpoints live for a measurement, and a second instance would falsify it.
_MEASURES = re.compile(r"(?:^|_)(?:benchmark(?:s|ing)?|load_?test(?:s|ing)?)(?:_|\.py$)")
# The first line of what a file states about itself: "Deployment stub."
_DOCSTRING = re.compile(r"(?:\s*#[^\n]*\n)*\s*[rRuU]?(?:\"\"\"|\'\'\'|[\"\'])(.{0,200})")
_START = 2000
_STUB = re.compile(r"(?i)\b(?:stub|skeleton)\b(?! (?:for|of) tests?)")
# Folders that are worked through one after the other; so many of them with a program of one name are lessons.
_IN_A_ROW = re.compile(
    r"(?:[a-z]|\d{1,2})[-_.]|(?:chapter|day|lesson|part|step|unit|week)[-_ ]?\d", re.IGNORECASE
)
_LESSONS = 4
_ROW_LIMIT = 40
_PLACES = ("Arn", "Image", "Uri", "Url")
_CALLED = ("Arn", "Image", "Name")
_IS_MEASURED = "its name shows that it measures what it starts"
# "Remember to delete the endpoint after testing."
_DELETED_AFTER = re.compile(
    r"(?i)\b(?:delete|remove|tear down|shut down)\b[^.!\n]{0,100}\bendpoints?\b[^.!\n]{0,100}"
    r"\b(?:after|once|when)\b[^.!\n]{0,100}\b(?:test(?:s|ing|ed)?|trying it)\b"
)
_IS_TRIED = "it states that its endpoint is deleted after a test"
_IS_STUB = "its first line calls it a stub"
_IS_TAUGHT = "it is called after data that is only learned with"
_HAS_PLACEHOLDERS = "its arguments are placeholders"


def mark(created: Sequence[Created], root: Path, program: str, files: ProjectFiles | None = None) -> None:
    """Notes of what an example makes that it is one, and of what modules make for a notebook.

    root: the project's folder, itself left aside. program: the file that is followed. files: those of the
    repository, whose continuous integration may deploy what it declares.
    """
    deployed = defining_pipelines(created)
    known: dict[str, bool | str] = {}
    folders = {root: True} if is_called_for_learning(root) else {}
    exercises = {each.span.path for each in created if _is_exercise(each)}
    guides = {each.span.path for each in created if _has_placeholder(each)}
    for each in created:
        path = each.span.path
        if path not in known:
            known[path] = _is_example(path, root, folders, files)
            used = path != program and path not in deployed and program.endswith(ENDING)
            if not known[path] and used:
                known[path] = "a notebook makes it"
            if not known[path] and path in guides:
                known[path] = _HAS_PLACEHOLDERS
            if not known[path]:
                known[path] = _IS_TAUGHT if path in exercises else _why_of_file(path)
        if known[path] is True or (known[path] and EXAMPLE not in each.attributes):
            each.attributes[EXAMPLE] = Entry(each.span, Scalar(known[path], each.span))


def defining_pipelines(created: Sequence[Created]) -> frozenset[str]:
    """The files that define pipelines: these are deployed, even from a notebook."""
    return frozenset(each.span.path for each in created if each.kind == PIPELINE)


def _has_placeholder(made: Created) -> bool:
    """Whether the program states a placeholder for a role, an image or a place in S3: so it cannot run.

    Or `...` for anything, such as a name.
    """
    given = [key for key in made.cells if key != REST]
    values = (made.value(key) for key in given)
    if any(value is not None and known_text(value) in _LEFT_OUT for value in values):
        return True
    return any(_PLACEHOLDER.search(text) for key in given for text in _places(key, made.value(key)))


def _why_of_file(path: str) -> str:
    """Why a program is none that is operated, by its name or what it states of itself first; else empty."""
    if _MEASURES.search(Path(path).name):
        return _IS_MEASURED
    if path.endswith(ENDING):
        return ""
    try:
        first = _DOCSTRING.match(read_text(Path(path), SOURCE_LIMIT)[:_START])
    except (OSError, ValueError):
        return ""
    if first is None:
        return ""
    return _IS_STUB if _STUB.search(first[1]) else _IS_TRIED if _states_trial(path) else ""


def _states_trial(path: str) -> bool:
    """Whether what a program states of itself first tells its reader to delete the endpoint after a test."""
    try:
        text = ast.get_docstring(ast.parse(read_text(Path(path), SOURCE_LIMIT))) or ""
    except (OSError, SyntaxError, ValueError, RecursionError):
        return False
    return _DELETED_AFTER.search(text[:_START]) is not None


def _is_exercise(made: Created) -> bool:
    """Whether its name, or that of its image, has a word for data that is only learned with."""
    given = (key for key in made.cells if key != REST)
    return any(_TAUGHT.search(text) for key in given for text in _places(key, made.value(key), _CALLED))


def _places(key: str, value: Value | None, ends: tuple[str, ...] = _PLACES) -> Iterator[str]:
    """What is known of the texts of roles, images and places below a property, by how their names end."""
    if isinstance(value, MapValue):
        for name, entry in value.entries.items():
            yield from _places(name, entry.value, ends)
    elif isinstance(value, ListValue):
        for item in value.items:
            yield from _places(key, item, ends)
    elif value is None or value.assumed or not key.endswith(ends):
        return
    elif isinstance(value, Unknown):
        yield from (part for part in value.parts if isinstance(part, str))
    elif isinstance(value, Scalar) and isinstance(value.data, str):
        yield value.data


def mark_built(created: Sequence[Created]) -> None:
    """Notes of what a program makes that it builds container images itself."""
    for each in created:
        each.attributes[BUILDS] = Entry(each.span, Scalar(True, each.span))


def _is_example(path: str, root: Path, folders: dict[Path, bool], files: ProjectFiles | None) -> bool:
    """Whether a word of the path below the project's folder marks it, or a README at it or above.

    folders: what READMEs state about their folders, where that is known.
    """
    try:
        below = Path(path).resolve().relative_to(root.resolve())
    except ValueError:
        return _stated_by(root, folders, files)
    if is_example(below.parts) or _is_lesson(root, below):
        return True
    above = (root.joinpath(*below.parts[:depth]) for depth in range(len(below.parts)))
    return any(_stated_by(each, folders, files) for each in above)


def _is_lesson(root: Path, below: Path) -> bool:
    """Whether a program is one of several with one name in folders in a row: `a-regression/train.py`."""
    first, *rest = below.parts
    if not rest or _IN_A_ROW.match(first) is None:
        return False
    row = [each for each in names_if_listed(root) if _IN_A_ROW.match(each)]
    return sum(is_file(root.joinpath(each, *rest)) for each in row[:_ROW_LIMIT]) >= _LESSONS


def _stated_by(folder: Path, folders: dict[Path, bool], files: ProjectFiles | None) -> bool:
    if folder not in folders:
        folders[folder] = is_shown_by(folder, files)
    return folders[folder]


def is_example(steps: Sequence[str]) -> bool:
    """Whether the steps from the project's folder to a file mark it as one."""
    return any(
        is_named_for_learning(part) or not _WORDS.isdisjoint(_BETWEEN.split(part.lower())) for part in steps
    )
