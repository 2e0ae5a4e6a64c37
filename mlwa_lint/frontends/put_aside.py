"""Templates and configurations that nothing deploys any more: archives, old versions, copies beside them.

docs/decisions/0510 gives the reasons; programs have the like in python/uses/callers.py.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path

from mlwa_lint.files import TERRAFORM
from mlwa_lint.files.endings import ProjectFiles
from mlwa_lint.files.paths import inside
from mlwa_lint.files.put_aside import is_put_aside, original_of
from mlwa_lint.files.reading import real_path, text_if_readable
from mlwa_lint.files.texts import PathSteps
from mlwa_lint.model.resources import IDLE, UNUSED, Project, Resource
from mlwa_lint.startup.patterns import lazy
from mlwa_lint.startup.records import NamedTuple

SIZE_LIMIT = 1_000_000
# Of so many folders and copies references are searched for; of more, nothing is concluded.
NAMES_LIMIT = 20
# So many files of one name, or folders that declare the same, are compared with what is put aside.
COMPARED_LIMIT = 20
_DOCUMENTS = (".md", ".rst", ".txt")
_TYPES = lazy(r"""Type(?<=\bType)["']?[ \t]*:[ \t]*["']?((?:AWS|Custom)::[\w:@-]+)""")
_BLOCKS = lazy(r"(?m)^[ \t]*(resource|module)[ \t]+\"([\w-]+)\"(?:[ \t]+\"([\w-]+)\")?")
_BACKEND = lazy(r"(?m)^[ \t]*(?:backend[ \t]+\"[\w-]+\"|cloud)[ \t]*\{")
# What a line of a document has that shows how to deploy, and one of settings that leaves something out.
_COMMAND = lazy(r"(?i)\bcd |\bdeploy\b|\bapply\b|-stack\b|chdir")
_LEFT_OUT = lazy(r"(?i)exclu|ignore|skip")
# So much of a line is looked at, before and after a name.
_AROUND = 200
# Where nothing like it is elsewhere, what lies in a folder of such a name may be all that there is.
_BY_LIKENESS = frozenset({"deprecated", "old", "stale"})
# What is kept for when something is lost may be deployed as well.
_KEPT = lazy(r"(?i)backup")


class _Aside(NamedTuple):
    """Why nothing deploys a file, and whether that is certain."""

    because: str
    certain: bool = True


def with_put_aside(project: Project, files: ProjectFiles | None) -> Project:
    """The project with a note on each resource that only what is put aside declares, and why."""
    if files is None or files.root is None:
        return project
    found: dict[str, _Aside | None] = {}
    resources: list[Resource] = []
    for each in project.resources:
        if each.vocabulary.language != "python":
            root = project.roots.get(each.address, project.root)
            for path in (root, each.span.path):
                if path not in found:
                    found[path] = _why_put_aside(path, files)
            aside = found[root] or found[each.span.path]
            if aside is not None:
                each = each.with_note(IDLE if aside.certain else UNUSED, aside.because)
        resources.append(each)
    return project._replace(resources=tuple(resources)) if any(found.values()) else project


def _why_put_aside(path: str, files: ProjectFiles) -> _Aside | None:
    """Why nothing deploys a template, or the configuration of a folder; None where something may."""
    steps = _steps_to(path, files)
    if not steps:
        return None
    is_folder = _is_folder(steps, files)
    folders = steps if is_folder else steps[:-1]
    depth = next((n for n, step in enumerate(folders, 1) if is_put_aside(step, perhaps=True)), 0)
    if depth:
        return _of_folder(steps, depth, is_folder or steps[-1].endswith(TERRAFORM), files)
    if is_folder or steps[-1].endswith(TERRAFORM):
        return None
    return _of_copy(steps, files) or _of_ported(steps, files)


def _of_folder(steps: PathSteps, depth: int, is_terraform: bool, files: ProjectFiles) -> _Aside | None:
    """Why nothing deploys what lies in a folder of what is put aside."""
    within, name = steps[:depth], steps[depth - 1]
    if _is_named(within, files):
        return None
    because = f"nothing outside of {name} deploys what is put aside there"
    lives = _has_living_configuration(steps, files) if is_terraform else _has_living_template(steps, files)
    if lives:
        return _Aside(because)
    certainly = is_put_aside(name) and name.lower() not in _BY_LIKENESS and not _KEPT.search(name)
    return _Aside(because, certain=False) if certainly else None


def _of_copy(steps: PathSteps, files: ProjectFiles) -> _Aside | None:
    """Why nothing deploys a template that is called a copy of one beside it."""
    stem, dot, ending = steps[-1].rpartition(".")
    original = original_of(stem)
    beside = (*steps[:-1], f"{original}{dot}{ending}")
    if not original or not _declares_most_of(beside, steps, files) or _is_named(steps, files):
        return None
    return _Aside(f"nothing in the project deploys this copy of {beside[-1]}")


def _of_ported(steps: PathSteps, files: ProjectFiles) -> _Aside | None:
    """Why nothing deploys a template whose names Terraform of the repository declares as well."""
    from mlwa_lint.frontends.ported import only_built, why_ported

    found = why_ported(steps, files)
    if found is None or (len(steps) > 1 and _is_named(steps[:-1], files)):
        return None
    if _is_named(steps, files) and not only_built(steps, files):
        return None
    return _Aside(*found)


def _steps_to(path: str, files: ProjectFiles) -> PathSteps:
    """The steps from the project's folder to a file or folder; none to what lies elsewhere."""
    root = files.root or Path()
    real = inside(Path(path), root)
    return () if real is None else real.relative_to(real_path(root)).parts


# -- what names a folder or a file


def _is_named(within: PathSteps, files: ProjectFiles) -> bool:
    """Whether a text that lies elsewhere names a folder or a template in a way that may deploy it."""
    texts = files.texts()
    budget = files.once(_Budget)
    if texts is None or not budget.may_search(within):
        return True
    return files.kept(("named", within), partial(_names, within, files))


class _Budget:
    """The folders and files whose names have been searched for, a bounded number."""

    def __init__(self, files: ProjectFiles) -> None:
        self._searched: set[PathSteps] = set()

    def may_search(self, within: PathSteps) -> bool:
        """Whether the name of one more may be searched for, or has been before."""
        if len(self._searched) < NAMES_LIMIT:
            self._searched.add(within)
        return within in self._searched


def _names(within: PathSteps, files: ProjectFiles) -> bool:
    name = within[-1]
    written = re.escape(name)
    # A path into it, a path to it, or what changes to it: `cd old`, `working-directory: old`.
    pattern = re.compile(
        rf"(?<![\w.-]){written}/[\w*$.{{<]|[\w.}})]/{written}(?![\w-]|\.\w)"
        rf"|(?i:cd|chdir|dir|directory|folder|path)(?:[\"']?[ \t]*[:=][ \t]*|[ \t]+)[\"']?{written}(?![\w.-])"
        if _is_folder(within, files)
        else rf"(?<![\w.-]){written}(?![\w-])"
    )
    searched = name.encode("utf-8", "replace")
    for steps, text in (files.texts() or {}).items():
        if steps[: len(within)] == within or searched not in text.content:
            continue
        content = text.content.decode("utf-8", "replace")
        lines = (_line_around(content, found) for found in pattern.finditer(content))
        if steps[-1].lower().endswith(_DOCUMENTS):
            if any(_COMMAND.search(each) for each in lines):
                return True
        elif any(not _LEFT_OUT.search(each) for each in lines):
            return True
    return False


def _is_folder(steps: PathSteps, files: ProjectFiles) -> bool:
    return (files.root or Path()).joinpath(*steps).is_dir()


def _line_around(text: str, found: "re.Match[str]") -> str:
    """What stands around a match in its line, a bounded part of it."""
    begin = max(text.rfind("\n", 0, found.start()) + 1, found.start() - _AROUND)
    end = text.find("\n", found.end())
    return text[begin : min(len(text) if end < 0 else end, found.end() + _AROUND)]


# -- what lives elsewhere


def _has_living_template(steps: PathSteps, files: ProjectFiles) -> bool:
    """Whether a template of the same name that is in no such folder declares most of the same types."""
    named = files.named_like(lambda name: name == steps[-1], COMPARED_LIMIT)
    others = (_steps_to(str(each), files) for each in named)
    living = (each for each in others if not any(is_put_aside(step, perhaps=True) for step in each[:-1]))
    return any(_declares_most_of(each, steps, files) for each in living)


def _declares_most_of(one: PathSteps, other: PathSteps, files: ProjectFiles) -> bool:
    """Whether a template declares at least half of the resources of another one, by their types."""
    had, wanted = _types_of(one, files), _types_of(other, files)
    return bool(wanted) and 2 * (had & wanted).total() >= wanted.total()


def _types_of(steps: PathSteps, files: ProjectFiles) -> "Counter[str]":
    path = (files.root or Path()).joinpath(*steps)
    return files.kept(("types", steps), lambda: Counter(_TYPES.findall(text_if_readable(path, SIZE_LIMIT))))


def _has_living_configuration(steps: PathSteps, files: ProjectFiles) -> bool:
    """Whether Terraform in a folder of its own declares most of what that in a folder put aside does.

    What has a state of its own, and is kept for when something is lost, is no old version.
    """
    declared = files.once(_declared_in_folders)
    folder = steps[:-1] if steps[-1].endswith(TERRAFORM) else steps
    if declared is None or folder not in declared.by_folder:
        return False
    if folder in declared.with_state and any(map(_KEPT.search, folder)):
        return False
    wanted = declared.by_folder[folder]
    shares = Counter(each for what in wanted for each in declared.living.get(what, ()))
    return any(2 * count >= len(wanted) for count in shares.values())


class _Declared(NamedTuple):
    """What folders with Terraform declare; in which living folders something is; and which have a backend."""

    by_folder: Mapping[PathSteps, frozenset[str]]
    living: Mapping[str, tuple[PathSteps, ...]]
    with_state: frozenset[PathSteps]


def _declared_in_folders(files: ProjectFiles) -> _Declared | None:
    found: dict[PathSteps, set[str]] = {}
    states: set[PathSteps] = set()
    texts = files.texts_like(lambda name: name.endswith(TERRAFORM), SIZE_LIMIT)
    if texts is None:
        return None
    for path, text in texts:
        folder = _steps_to(str(path.parent), files)
        found.setdefault(folder, set()).update(".".join(each) for each in _BLOCKS.findall(text))
        if _BACKEND.search(text):
            states.add(folder)
    living: dict[str, list[PathSteps]] = {}
    for folder, what in _living(found.items()):
        for each in what:
            if len(living.setdefault(each, [])) < COMPARED_LIMIT:
                living[each].append(folder)
    return _Declared(
        {folder: frozenset(what) for folder, what in found.items()},
        {what: tuple(folders) for what, folders in living.items()},
        frozenset(states),
    )


def _living(found: Iterable[tuple[PathSteps, set[str]]]) -> Iterator[tuple[PathSteps, set[str]]]:
    """The folders that are not put aside, those at the top first."""
    for folder, what in sorted(found, key=lambda each: (len(each[0]), each[0])):
        if not any(is_put_aside(step, perhaps=True) for step in folder):
            yield folder, what
