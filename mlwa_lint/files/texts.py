"""The texts of a project, in which its programs name one another: sources, notebooks, scripts, documents."""

import os
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import TypeAlias, TypeVar

from mlwa_lint.files import NOTEBOOK
from mlwa_lint.startup.records import NamedTuple

PathSteps: TypeAlias = tuple[str, ...]
T = TypeVar("T")

# Limits of one text, of a notebook with its output, and of all texts; beyond, none is read.
FILE_LIMIT = 1_000_000
NOTEBOOK_LIMIT = 20_000_000
ALL_LIMIT = 100_000_000
# Separates the cells of a notebook; to Python, it is a space.
CELL = "\n\f\n"
# What Python programs that are linted contain.
PROGRAM_MARKS = (
    *(b"sagemaker", b"bedrock", b"AWS/SageMaker", b"AWS/Bedrock"),
    # The clients of services that have ended.
    *(b"lex-models", b"lex-runtime", b"lookoutequipment", b"lookoutmetrics", b"lookoutvision"),
)
_SCRIPTS = (".py", NOTEBOOK, ".sh", ".bash", ".ps1", ".bat", ".mk", ".tf", ".ts", ".js")
_ENDINGS = (*_SCRIPTS, ".md", ".rst", ".txt", ".toml", ".cfg", ".ini", ".yaml", ".yml", ".json")
_NAMES = frozenset(
    {"Makefile", "Jenkinsfile", "Procfile", "makefile", "justfile", "README", "serving.properties"}
)
_DOCKERFILE = re.compile(r"(?i)^(?:dockerfile(?:[._-][\w.-]+)?|[\w.-]+\.dockerfile)$")
# Files about a Dockerfile: what a build leaves out, documents, templates, copies.
_NOT_BUILT = (".dockerignore", *_ENDINGS, ".j2", ".tmpl", ".template", ".bak", ".orig", ".swp", "~")
# Hidden, but show what is run.
_WORKFLOWS: PathSteps = (".github", "workflows")
_CONFIGURATIONS: tuple[PathSteps, ...] = ((".gitlab-ci.yml",), (".circleci", "config.yml"))
# Folders and files of the configurations of continuous integration.
OF_INTEGRATION = (".github", ".gitlab-ci.yml", ".circleci", "Jenkinsfile", "buildspec.yml", "buildspec.yaml")

# What shows what a repository is about; configurations alone do not.
_DESCRIBING = (".ipynb", ".js", ".md", ".py", ".rst", ".ts", ".txt")

_RULE = b"from mlwa_lint.rule import"
# Files in these folders try a program out. What they call is not a use of it.
_TESTS = frozenset({"test", "tests", "testing"})


class ProjectText(NamedTuple):
    """A file's text, of a notebook the code of its cells with `CELL` between; and a short name for it."""

    content: bytes
    state: str


def texts_in(
    root: str,
    files: Iterable[PathSteps] | None,
    read: Callable[[str, int], T],
) -> dict[PathSteps, T] | None:
    """What is read of each text among a project's files; None where they are too many or too large."""
    if files is None:
        return None
    wanted = sorted(each for each in (*files, *_workflows(root)) if _is_text(each[-1]))
    if sum(_size(os.path.join(root, *steps)) for steps in wanted) > ALL_LIMIT:
        return None
    found: dict[PathSteps, T] = {}
    for steps in wanted:
        is_notebook = steps[-1].endswith(NOTEBOOK)
        try:
            found[steps] = read(os.path.join(root, *steps), NOTEBOOK_LIMIT if is_notebook else FILE_LIMIT)
        except OSError:
            if is_notebook or steps[-1].endswith(".py"):
                return None  # a program that is not read may use any other
    return found


def as_text(path: str, content: bytes, state: str) -> ProjectText:
    """The text of a file with a content."""
    return ProjectText(_code_in(content) if path.endswith(NOTEBOOK) else content, state)


def is_rule(content: bytes) -> bool:
    """Whether a program extends this linter: it shows nothing of what the repository deploys."""
    return _RULE in content


def is_described(texts: Collection[PathSteps]) -> bool:
    """Whether documents or programs show what a repository is about."""
    return any(steps[-1].endswith(_DESCRIBING) for steps in texts)


def is_test(steps: PathSteps) -> bool:
    """Whether a file tries others out, by its path."""
    return not _TESTS.isdisjoint(steps[:-1]) or steps[-1].startswith(("test_", "conftest."))


def _is_text(name: str) -> bool:
    return name.endswith(_ENDINGS) or name in _NAMES or is_dockerfile(name)


def is_dockerfile(name: str) -> bool:
    """Whether images are built from files of a name: `Dockerfile.train`, `api.dockerfile`."""
    return _DOCKERFILE.match(name) is not None and not name.lower().endswith(_NOT_BUILT)


def _code_in(notebook: bytes) -> bytes:
    from mlwa_lint.files.notebooks import code_of  # it loads json, which takes long

    return CELL.join(code_of(notebook)).encode("utf-8", "replace")


def _size(path: str) -> int:
    try:
        return os.stat(path).st_size
    except (OSError, ValueError):
        return 0


def state_of(states: Mapping[PathSteps, str] | None, digest: Callable[[bytes], str]) -> str:
    """A short name for all texts together, by the short name of each."""
    if states is None:
        return "too much"
    parts = (f"{'/'.join(steps)}\0{state}" for steps, state in states.items())
    return digest("\n".join(parts).encode("utf-8", "surrogatepass"))


def _workflows(root: str) -> list[PathSteps]:
    found = [each for each in _CONFIGURATIONS if os.path.isfile(os.path.join(root, *each))]
    try:
        names = os.listdir(os.path.join(root, *_WORKFLOWS))
    except (OSError, ValueError):
        return found
    return [*found, *((*_WORKFLOWS, name) for name in names)]
