"""The files of a project that use one of its programs; found once for all of its programs."""

import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from pathlib import Path
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from mlwa_lint.files.endings import ProjectFiles, common_start
from mlwa_lint.files.notebooks import ENDING
from mlwa_lint.files.texts import CELL, PathSteps, ProjectText, is_dockerfile
from mlwa_lint.frontends.python.uses.copies import Copies
from mlwa_lint.frontends.python.uses.mentions import Import, Mentions, programs_in

PYTHON = (".py", ENDING)
SHELL = (".sh", ".bash", ".mk", "Makefile", "makefile", "justfile")
PACKAGING = ("setup.py", "setup.cfg", "pyproject.toml")
# What is read by people and not run.
DOCUMENTS = (".md", ".rst", ".txt", "README")
# How a program loads a module whose name it is given: `__import__(name, fromlist=["get_pipeline"])`.
LOADS = ("__import__(", "import_module(")
_PACKAGE = "__init__"


_Found = TypeVar("_Found")


class _Judged:
    """Files of which it is known whether they have something: the same are looked through again and again."""

    def __init__(self) -> None:
        self._having: set[PathSteps] = set()
        self._lacking: set[PathSteps] = set()

    def any_of(self, files: Set[PathSteps], judge: Callable[[PathSteps], bool]) -> bool:
        """Whether one of some files has it."""
        if not self._having.isdisjoint(files):
            return True
        for each in files - self._lacking:
            if judge(each):
                self._having.add(each)
                return True
            self._lacking.add(each)
        return False

    def those_of(self, files: Set[PathSteps], judge: Callable[[PathSteps], bool]) -> set[PathSteps]:
        """Those of some files that have it."""
        for each in files - self._lacking - self._having:
            (self._having if judge(each) else self._lacking).add(each)
        return {*(files & self._having)}


class Uses:
    """Which files of a project name which."""

    def __init__(self, root: Path, texts: Mapping[PathSteps, ProjectText]) -> None:
        self._root = os.path.realpath(root)
        self.texts = {steps: text.content for steps, text in texts.items()}
        self._by_name: dict[str, list[PathSteps]] = {}
        for steps in texts:
            self._by_name.setdefault(steps[-1], []).append(steps)
        self.dockerfiles = tuple(each for each in texts if is_dockerfile(each[-1]))
        self._mentions: dict[PathSteps, Mentions] = {}
        self._containing: dict[str, list[PathSteps]] = {}
        self._with_word: dict[str, list[PathSteps]] = {}
        self._importers: dict[PathSteps, frozenset[PathSteps]] = {}
        self._reached: dict[PathSteps, frozenset[PathSteps]] = {}
        self._defined: dict[str, tuple[PathSteps, ...]] = {}
        self._named: dict[PathSteps, bool] = {}
        self._above: dict[tuple[PathSteps, PathSteps], frozenset[PathSteps]] = {}
        self.copies = Copies(self.texts)
        self._packages = _Judged()
        self._ends = _Judged()
        self._using: dict[str, _Judged] = {}
        self._answers: dict[Callable[[Uses], Any], Any] = {}

    def once(self, question: "Callable[[Uses], _Found]") -> _Found:
        """The answer to a question about these files alone, evaluated once."""
        if question not in self._answers:
            self._answers[question] = question(self)
        found: _Found = self._answers[question]
        return found

    def steps_of(self, path: str) -> PathSteps | None:
        """The steps from the project's folder to a file, if it is one of its texts."""
        real = os.path.realpath(path)
        try:
            steps = Path(real).relative_to(self._root).parts
        except ValueError:
            return None
        return steps if steps in self.texts else None

    def named(self, name: str) -> Sequence[PathSteps]:
        """The files of a name, wherever they are."""
        return self._by_name.get(name, ())

    def containing(self, word: str) -> list[PathSteps]:
        """The files that contain a text."""
        found = self._containing.get(word)
        if found is None:
            searched = word.encode("utf-8", "replace")
            found = [steps for steps, content in self.texts.items() if searched in content]
            self._containing[word] = found
        return found

    def mentions(self, steps: PathSteps) -> Mentions:
        """The content of a Python file or notebook, or of the programs in a script; else nothing."""
        if steps not in self._mentions:
            content = self.texts[steps]
            if not steps[-1].endswith(PYTHON):
                content = CELL.encode().join(programs_in(content)) if steps[-1].endswith(SHELL) else b""
            self._mentions[steps] = Mentions(content)
        return self._mentions[steps]

    def importers(self, steps: PathSteps) -> frozenset[PathSteps]:
        """The files that import one."""
        if steps not in self._importers:
            name = module_name(steps)
            found = (each for each in self.containing(name) if each != steps)
            self._importers[steps] = frozenset(each for each in found if self._imports(each, steps))
        return self._importers[steps]

    def all_importers(self, steps: PathSteps) -> frozenset[PathSteps]:
        """The files that import one, and those that import these, and so on."""
        return self._reaching(steps) - {steps}

    def _reaching(self, steps: PathSteps) -> frozenset[PathSteps]:
        """All that import one, itself if it is in a circle: what is known of others is not searched again."""
        known = self._reached.get(steps)
        if known is None:
            found: set[PathSteps] = set()
            waiting = [steps]
            while waiting:
                more = self.importers(waiting.pop()) - found
                found |= more
                for each in more:
                    beyond = self._reached.get(each)
                    if beyond is None:
                        waiting.append(each)
                    else:
                        found |= beyond
            known = self._reached[steps] = frozenset(found)
        return known

    def naming(self, steps: PathSteps) -> Iterator[PathSteps]:
        """The files that name one as a file, `deploy.py`, and mean this one of those called so."""
        for each in self.having(steps[-1]):
            if each != steps and self._means(each, steps) and _names_here(self.texts[each], steps):
                yield each

    def naming_definition(self, name: str) -> Sequence[PathSteps]:
        """The files that contain the name of a function, and not only of a file that is called like it."""
        found = self._defined.get(name)
        if found is None:
            having = self.having(name)
            found = tuple(each for each in having if _has_word(self.texts[each], name, r"(?!\.py\b)"))
            self._defined[name] = found
        return found

    def documents_naming(self, steps: PathSteps) -> Iterator[PathSteps]:
        """The files that are not Python and name a module, `handler: src.deploy.handler`."""
        for each in self.having(module_name(steps)):
            if not each[-1].endswith(PYTHON) and self._means(each, steps):
                yield each

    def any_uses(self, name: str, among: Set[PathSteps]) -> bool:
        """Whether one of some files uses a name, otherwise than to define or import it."""
        judged = self._using.setdefault(name, _Judged())
        return judged.any_of(among, lambda steps: self.mentions(steps).names_it(name))

    def packages(self, among: Set[PathSteps]) -> set[PathSteps]:
        """Those of some files that are packages, `__init__.py`."""
        return self._packages.those_of(among, _is_package)

    def not_imported(self, among: Set[PathSteps]) -> set[PathSteps]:
        """Those of some files that no other imports."""
        return self._ends.those_of(among, lambda steps: not self.importers(steps))

    def is_named(self, steps: PathSteps) -> bool:
        """Whether another file imports one, or names it."""
        if steps not in self._named:
            named = (
                bool(self.importers(steps)) or any(self.naming(steps)) or any(self.documents_naming(steps))
            )
            self._named[steps] = named
        return self._named[steps]

    def containing_module(self, steps: PathSteps) -> Iterator[PathSteps]:
        """The files that contain the name of a module as a word, also with hyphens: `ask-model`."""
        name = module_name(steps)
        yield from dict.fromkeys((*self.having(name), *self.having(name.replace("_", "-"))))

    def having(self, word: str) -> list[PathSteps]:
        """The files that contain a text as a word: many files of one name are looked for."""
        found = self._with_word.get(word)
        if found is None:
            found = [each for each in self.containing(word) if _has_word(self.texts[each], word)]
            self._with_word[word] = found
        return found

    def _imports(self, importer: PathSteps, steps: PathSteps) -> bool:
        found = self.mentions(importer).imports_by_step.get(module_name(steps), ())
        return any(self._leads_to(each, importer, steps) for each in found)

    def _leads_to(self, given: Import, importer: PathSteps, steps: PathSteps) -> bool:
        name, folder = module_name(steps), _folder(steps)
        for position, step in enumerate(given.steps):
            if step != name:
                continue
            before = given.steps[:position]
            if given.level:
                here = importer[: len(importer) - given.level]
                return (*here, *before) == folder
            if _ends(folder, before) and self._is_nearest(importer, steps, before):
                return True
        return False

    def _namesakes(self, steps: PathSteps) -> list[PathSteps]:
        if not _is_package(steps):
            return self._by_name[steps[-1]]
        return [each for each in self._by_name[steps[-1]] if each[-2:-1] == steps[-2:-1]]

    def _means(self, naming: PathSteps, steps: PathSteps) -> bool:
        return self._is_nearest(naming, steps, ())

    def _is_nearest(self, asker: PathSteps, steps: PathSteps, before: PathSteps) -> bool:
        """Whether no other file of a name shares more folders with the one that names it.

        before: the packages that it is named with, which the others have above them as well.
        """
        common = common_start(asker[:-1], steps[:-1])
        return common + 1 >= len(asker) or asker[: common + 1] not in self._folders_above(steps, before)

    def _folders_above(self, steps: PathSteps, before: PathSteps) -> frozenset[PathSteps]:
        """All folders above the files of a name, found once for all of them."""
        key = steps[-2:] if _is_package(steps) else steps[-1:], before
        found = self._above.get(key)
        if found is None:
            among = (each for each in self._namesakes(steps) if _ends(_folder(each), before))
            found = frozenset(each[:number] for each in among for number in range(len(each)))
            self._above[key] = found
        return found


def _is_package(steps: PathSteps) -> bool:
    return steps[-1] == f"{_PACKAGE}.py"


def module_name(steps: PathSteps) -> str:
    """What a file is called as a module; a package by its folder."""
    name = steps[-1].rpartition(".")[0]
    return steps[-2] if name == _PACKAGE and len(steps) > 1 else name


def _folder(steps: PathSteps) -> PathSteps:
    return steps[:-2] if _is_package(steps) else steps[:-1]


def _ends(folder: PathSteps, before: PathSteps) -> bool:
    return folder[len(folder) - len(before) :] == before


def _has_word(content: bytes, word: str, following: str = "") -> bool:
    pattern = rf"(?<![\w-]){re.escape(word)}(?![\w-]){following}"
    return re.search(pattern.encode("utf-8", "replace"), content) is not None


def _names_here(content: bytes, steps: PathSteps) -> bool:
    """Whether a text names a file, and not only one in another folder on the web."""
    if b"://" not in content:
        return True
    pattern = rf"(https?://[^\s\"'<>]{{0,500}}/)?(?<![\w-]){re.escape(steps[-1])}(?![\w-])"
    for match in re.finditer(pattern.encode("utf-8", "replace"), content):
        folders = (match[1] or b"").decode("utf-8", "replace").rstrip("/").split("/")
        if match[1] is None or folders[-1:] == list(steps[-2:-1]) or len(steps) == 1:
            return True
    return False


_known: "WeakKeyDictionary[ProjectFiles, Uses]" = WeakKeyDictionary()


def uses_in(files: ProjectFiles) -> Uses | None:
    """What names what among a project's files; None where there are too many of them."""
    texts = files.texts() if files.root is not None else None
    if texts is None or files.root is None:
        return None
    found = _known.get(files)
    if found is None:
        found = _known[files] = Uses(files.root, texts)
    return found
