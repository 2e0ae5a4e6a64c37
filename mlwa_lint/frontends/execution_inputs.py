"""What executions of state machines are started with: the file that a program of the repository hands over.

A program that starts executions often reads their input from a JSON file of the repository, by its name.
Where that is the only way in which the repository starts any, what states read from the input is what the
file says, except for what the programs set themselves.
"""

import re
from functools import partial
from pathlib import Path

from mlwa_lint.files.endings import ProjectFiles
from mlwa_lint.files.installed import own_texts
from mlwa_lint.files.paths import inside, shown
from mlwa_lint.files.reading import read_text
from mlwa_lint.files.texts import is_test
from mlwa_lint.frontends.documents.origins import INPUT
from mlwa_lint.frontends.texts import with_values_changed
from mlwa_lint.model.resources import Project
from mlwa_lint.model.values import Absent, MapValue, Scalar, Unknown, Value, assume
from mlwa_lint.startup.records import NamedTuple

INPUT_SIZE_LIMIT = 1_000_000
# Of all programs that start executions together, which are searched for what they set.
STARTERS_SIZE_LIMIT = 2_000_000
_STARTS = re.compile(rb"\bstart[-_]execution\b|\b[sS]tartExecution(?:Command)?\(")
_FILE = re.compile(r"([\w.-]{1,200}\.json)\b")
_DOCUMENTS = (".md", ".rst", ".txt", ".ipynb")
# What the identity of a value that the input gives ends with, and the first key of its path.
_OF_CONTEXT = re.compile(r" \$\$\.Execution\.Input\.([\w-]+)((?:\.[\w-]+)*)$")
_OF_STATE = re.compile(rf"^[^/]*/ \$\.([\w-]+)((?:\.[\w-]+)*) of {INPUT}$")


class _Started(NamedTuple):
    """The input that a file of the repository gives. path: the file. starters: the texts of the programs."""

    path: str
    given: MapValue
    starters: tuple[str, ...]


def with_execution_inputs(project: Project, files: ProjectFiles | None) -> Project:
    """The project with what the file says from which executions are started, where a state reads it."""
    started = None if files is None else files.once(_started)
    if started is None:
        return project
    return with_values_changed(project, partial(_read, started=started, kept={}))


def _read(value: Value, started: _Started, kept: dict[str, bool]) -> Value | None:
    """What the file says for a value that a state reads from the input; None for any other value."""
    if not isinstance(value, Unknown) or value.parts or not value.identity:
        return None
    match = _OF_CONTEXT.search(value.identity) or _OF_STATE.search(value.identity)
    if match is None:
        return None
    key, rest = match[1], match[2].split(".")[1:]
    if key not in kept:
        setting = re.compile(rf"\[\s*[\"']{re.escape(key)}[\"']\s*\](?:\s*\[[^\]\n]*\])*\s*[-+|]?=(?!=)")
        kept[key] = not any(setting.search(text) for text in started.starters)
    found: Value = started.given
    for step in (key, *rest):
        found = found.value(step) if isinstance(found, MapValue) else Absent()
    if not kept[key] or isinstance(found, Absent):
        return None
    assumed = frozenset({f"the value of {key} in {started.path}"})
    if isinstance(found, Scalar):
        return found._replace(span=value.span, origin=found.span, assumed=value.assumed | assumed)
    return assume(found, value.assumed | assumed)


def _started(files: ProjectFiles) -> _Started | None:
    """The one file that all programs name which start executions; None where one names none, or another."""
    starters: list[str] = []
    size = 0
    for steps, text in sorted((own_texts(files) or {}).items()):
        if steps[-1].endswith(_DOCUMENTS) or is_test(steps) or _STARTS.search(text.content) is None:
            continue
        size += len(text.content)
        if size > STARTERS_SIZE_LIMIT:
            return None
        starters.append(text.content.decode("utf-8", "replace"))
    named = [_named_in(each, files) for each in starters]
    paths = {path for each in named for path in each}
    if len(paths) != 1 or not all(named):
        return None
    path = paths.pop()
    given = _content(path, files)
    return None if given is None else _Started(shown(path), given, tuple(starters))


def _named_in(text: str, files: ProjectFiles) -> frozenset[Path]:
    """The JSON files of the repository that a program names."""
    names = dict.fromkeys(_FILE.findall(text))
    found = (files.ending_like(name) for name in names)
    return frozenset(each for each in found if each is not None)


def _content(path: Path, files: ProjectFiles) -> MapValue | None:
    from mlwa_lint.frontends.cloudformation.syntax.nodes import MapNode, TemplateSyntaxError
    from mlwa_lint.frontends.cloudformation.syntax.parsing import parse
    from mlwa_lint.frontends.documents.files import structure
    from mlwa_lint.frontends.secret_texts import note_text

    if files.root is None or inside(path, files.root) is None:
        return None
    try:
        text = read_text(path, INPUT_SIZE_LIMIT)
        root = parse(text, shown(path))
    except (OSError, ValueError, TemplateSyntaxError):
        return None
    note_text(text)
    found = structure(root) if isinstance(root, MapNode) else None
    is_machine = isinstance(found, MapValue) and isinstance(found.value("States"), MapValue)
    return found if isinstance(found, MapValue) and not is_machine else None


__all__ = ["with_execution_inputs"]
