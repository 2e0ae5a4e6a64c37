"""Finds what is to be linted below the paths that the user names."""

import os
import stat
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from mlwa_lint.discovery.choice import EVERYTHING, FileSelection
from mlwa_lint.discovery.configurations import linked
from mlwa_lint.discovery.gitignore import IgnoreFiles
from mlwa_lint.discovery.modules import ModuleOutline, called_modules, is_terraform, module_in, texts_in
from mlwa_lint.discovery.stacks import Relations, grouped_paths, relates, relations_in, with_scripts
from mlwa_lint.discovery.target import (
    CDK_MANIFEST,
    SIZE_LIMIT,
    Discovery,
    Met,
    Passed,
    Target,
    TargetKind,
    is_assembly,
)
from mlwa_lint.files import PROGRAMS, is_script
from mlwa_lint.files.paths import shown, without_links
from mlwa_lint.files.reading import TooLargeError, is_file, read_bytes
from mlwa_lint.model.resources import Problem, notice

if TYPE_CHECKING:
    from mlwa_lint.frontends.cloudformation.built import Build

_TEMPLATE_ENDINGS = (".yaml", ".yml", ".json", ".template", ".templ", ".tmpl")
_SKIPPED_FOLDERS = frozenset({"node_modules", "__pycache__", "venv", "site-packages"})
_OTHER_KIND = "is not a CloudFormation template and not a Terraform plan"
# Programs that check other programs: they deploy nothing, unless the user names them.
_TEST_FOLDERS = frozenset({"test", "tests"})
_TEST_NAMES = ("test_", "conftest.")


def discover(paths: Sequence[str], choice: FileSelection = EVERYTHING) -> Discovery:
    """The targets in files and folders. A Terraform file is linted with its whole module."""
    paths = [each if "\0" in each else without_links(each) for each in paths]
    search = _Search(choice)
    for path in paths:
        search.add(path)
    search.report_apps()
    search.leave_out_generated({shown(path) for path in paths})
    modules = {
        each: module_in(os.path.normpath(each.path)) for each in search.targets if each.kind == "terraform"
    }
    called = called_modules(modules)
    named = {shown(path) for path in paths} | {shown(os.path.dirname(path) or ".") for path in paths}
    children = {each: callers for each, callers in called.items() if each.path not in named}
    # A module that the user names is linted separately too, and still waits for its callers.
    roots = (t._replace(beside=called.get(t, ())) for t in search.targets if t not in children)
    targets = joined(grouped(roots, search.related(), paths, search.builds()), modules)
    alone = tuple(t._replace(beside=children[t]) for t in search.targets if t in children)
    return Discovery(tuple(targets), tuple(search.problems), alone, tuple(search.passed))


def grouped(
    targets: Iterable[Target],
    relations: Mapping[str, Relations],
    named: Sequence[str],
    builds: "Sequence[Build]" = (),
) -> Iterator[Target]:
    """Puts templates that are nested in others, or that import from others, into one target.

    Only templates that were found are put together: what a template names may lie anywhere. A nested
    template that the user names is linted alone too.
    """
    targets = list(targets)
    found = {target.path for target in targets if target.kind == "cloudformation"}
    groups = (
        grouped_paths(relations, sorted(found), builds)
        if len(relations) > 1 or any(r.nested or r.stored or r.built for r in relations.values())
        else {}
    )
    explicit = {shown(path) for path in named}
    for target in targets:
        together = groups.get(target.path, (target.path,)) if target.kind == "cloudformation" else ()
        members = [path for path in together if path in found]
        if len(members) < 2:
            yield target
        elif members[0] == target.path:
            yield target._replace(beside=tuple(members[1:]))
        elif target.path in explicit and not relations.get(target.path, Relations()).imports:
            yield target


def joined(targets: Iterable[Target], modules: Mapping[Target, "ModuleOutline"]) -> Iterator[Target]:
    """Puts Terraform configurations that read from one another into one target."""
    targets = list(targets)
    exchanges = {each.path: found.exchange for each in targets if (found := modules.get(each)) is not None}
    groups = linked(exchanges)
    for target in targets:
        members = groups.get(target.path, ()) if target.kind == "terraform" else ()
        if not members:
            yield target
        elif members[0] == target.path:
            yield target._replace(linked=members[1:])


def is_python(name: str) -> bool:
    """Whether a file's name is that of a Python file or a notebook."""
    return name.endswith(PROGRAMS)


def is_of_tests(path: str) -> bool:
    """Whether a program's path, below the folder that is searched, shows that it is a test."""
    *folders, name = path.split(os.sep)
    return name.startswith(_TEST_NAMES) or not _TEST_FOLDERS.isdisjoint(folders)


class _Search:
    def __init__(self, choice: FileSelection) -> None:
        self.targets: dict[Target, None] = {}
        self.passed: list[Passed] = []
        self._choice = choice
        self._real: set[tuple[TargetKind, str]] = set()
        self.problems: list[Problem] = []
        self.relations: dict[str, Relations] = {}
        self._suspects: list[str] = []  # templates that may be generated from others
        self._ignored = IgnoreFiles()
        self._seen: set[str] = set()
        self._top = ""
        self._scripts: list[str] = []
        self._packages: list[str] = []
        self._met = Met()

    def add(self, path: str) -> None:
        if "\0" in path:
            self._problem(path, "does not exist")
            return
        self._top = os.path.realpath(path)
        if os.path.isdir(path):
            self._folders(path)
        elif os.path.exists(path) or is_file(path):
            self._named_file(path)
        elif os.path.islink(path):
            self._problem(path, "is a link to something that does not exist")
        else:
            self._problem(path, "does not exist")

    def related(self) -> dict[str, Relations]:
        """How the templates are related, by their texts and by scripts that hand values over between them."""
        templates = [each.path for each in self.targets if each.kind == "cloudformation"]
        if len(templates) < 2 or not self._scripts:
            return self.relations
        return with_scripts(self.relations, templates, self._scripts)

    def builds(self) -> "Sequence[Build]":
        """What scripts build from templates, where one names a template that is not there."""
        if not any(each.built for each in self.relations.values()):
            return ()
        from mlwa_lint.discovery.stacks import builds_of

        return builds_of((*self._scripts, *self._packages))

    def report_apps(self) -> None:
        """Reports apps whose programs declare resources, where nothing that they synthesize is found."""
        if self._met.is_any:
            from mlwa_lint.discovery.apps import Apps

            self.problems += Apps(self._met).unread(self.targets, self._suspects)

    def leave_out_generated(self, named: Collection[str]) -> None:
        """Takes out templates that were generated from others that are found, unless the user names them."""
        suspects = [each for each in self._suspects if each not in named]
        paths = [each.path for each in self.targets if each.kind == "cloudformation"]
        assemblies = [each.path for each in self.targets if each.kind == "cdk"]
        if suspects and len(paths) + len(assemblies) > 1:
            from mlwa_lint.discovery.twins import generated

            for path, twin in generated(suspects, paths, assemblies).items():
                self._leave_out(Target("cloudformation", path), str(twin), twin.source)
        plans = [each.path for each in self.targets if each.kind == "plan" and each.path not in named]
        modules = {each.path for each in self.targets if each.kind == "terraform"}
        if not (plans and modules):
            return
        from mlwa_lint.discovery.plans import planned

        for path, folder in planned(plans, modules, texts_in).items():
            what = f"is a plan of the configuration in {folder}"
            self._leave_out(Target("plan", path), what, "the configuration")

    def _leave_out(self, target: Target, what: str, source: str) -> None:
        self.targets.pop(target, None)
        self.relations.pop(target.path, None)
        message = f"{what}; its findings are those of {source}"
        self.problems.append(Problem(target.path, 0, message, fatal=False, quiet=True))

    def _named_file(self, path: str) -> None:
        """A file that the user names is meant: when it cannot be used, that is reported.

        A file that a hook names may be anything that has changed.
        """
        name = os.path.basename(path)
        if self._choice.from_hook and self._excluded(path, is_folder=False):
            return
        if not is_file(path):
            self._problem(path, "is neither a file nor a folder")
        elif is_terraform(name):
            self._target("terraform", os.path.dirname(path) or ".")
        elif name == CDK_MANIFEST and is_assembly(os.path.dirname(path) or "."):
            self._target("cdk", os.path.dirname(path) or ".")
        elif is_python(name):
            self._python(path, named=True)
        elif self._choice.from_hook and not name.endswith(_TEMPLATE_ENDINGS):
            self._notice(path, _OTHER_KIND)
        else:
            self._file(path, named=True)

    def _folders(self, top: str) -> None:
        """A folder and all below it, without recursion: folders may be nested a thousand deep."""
        waiting = [self._entries(top, os.path.realpath(top), "")]
        while waiting:
            below = next(waiting[-1], None)
            if below is None:
                waiting.pop()
            else:
                waiting.append(self._entries(*below))

    def _entries(self, path: str, real: str, above: str) -> "Iterator[tuple[str, str, str]]":
        """Searches a folder; gives the folders in it that are to be searched, as they come.

        real: its path without links. above: that of the folder that it was found in, if any.
        """
        if real in self._seen:
            return
        self._seen.add(real)
        if is_assembly(path):
            self._target("cdk", path)
            return
        try:
            with os.scandir(path) as found:
                entries = sorted(found, key=lambda entry: entry.name)
        except OSError as error:
            self._problem(path, f"cannot be read: {error.strerror or error}")
            return
        self._ignored.enter(real, above)
        if any(is_terraform(entry.name) and not _is_folder(entry) for entry in entries):
            self._target("terraform", path)
        for entry in entries:
            name = entry.name
            is_folder = _is_folder(entry)
            if name.startswith("."):
                continue
            if self._ignored.covers(real, name, is_folder):
                self.passed.append(Passed(shown(entry.path), "a .gitignore file names it"))
            elif self._excluded(entry.path, is_folder):
                continue
            elif is_folder:
                # A folder that a link leads to is searched at its own place, if that is to be searched.
                if (
                    not entry.is_symlink()
                    and name not in _SKIPPED_FOLDERS
                    and not os.path.exists(os.path.join(entry.path, "pyvenv.cfg"))
                ):
                    yield entry.path, os.path.join(real, name), real
            else:
                self._found(entry, real)

    def _found(self, entry: "os.DirEntry[str]", folder: str) -> None:
        name = entry.name
        if self._met.concerns(name) and not (entry.is_symlink() or self._is_of_tests(entry, folder)):
            self._met.note(entry.path, name, folder)
        if is_python(name):
            self._program(entry, folder)
        elif is_script(name) and not entry.is_symlink():
            self._scripts.append(shown(entry.path))
        elif name.endswith(_TEMPLATE_ENDINGS) and not is_terraform(name):
            if name == "package.json":
                self._packages.append(shown(entry.path))
            self._template(entry)

    def _program(self, entry: "os.DirEntry[str]", folder: str) -> None:
        if not (self._is_of_tests(entry, folder) or entry.is_symlink() or _is_special(entry)):
            self._python(entry.path, named=False)

    def _is_of_tests(self, entry: "os.DirEntry[str]", folder: str) -> bool:
        return is_of_tests(os.path.join(os.path.relpath(folder, self._top), entry.name))

    def _template(self, entry: "os.DirEntry[str]") -> None:
        if entry.is_symlink() and self._leads_out(entry.path):
            message = "is a link to outside the directory and was not read; name it to lint it"
            self.problems.append(Problem(shown(entry.path), 0, message, fatal=False))
        elif not _is_special(entry):
            self._file(entry.path, named=False)

    def _leads_out(self, path: str) -> bool:
        real = os.path.realpath(path)
        return os.path.exists(real) and os.path.commonpath([real, self._top]) != self._top

    def _python(self, path: str, named: bool) -> None:
        from mlwa_lint.discovery.recognition import python_kind

        content = self._content(path)
        found = python_kind(content, named) if content is not None else None
        if content is not None and not self._choice.from_hook:
            self._met.program(path, content, named)
        if found is not None and found.kind is not None:
            self._target(found.kind, path)
        elif found is not None and named and self._choice.from_hook:
            self._notice(path, found.complaint)
        elif found is not None and named:
            self.problems.append(Problem(shown(path), found.line, found.complaint, found.fatal))

    def _content(self, path: str) -> bytes | None:
        try:
            return read_bytes(path, SIZE_LIMIT)
        except TooLargeError:
            self._problem(path, f"is larger than {SIZE_LIMIT // 1_000_000} MB and was not read")
        except OSError as error:
            self._problem(path, f"cannot be read: {error.strerror or error}")
        return None

    def _file(self, path: str, named: bool) -> None:
        from mlwa_lint.discovery.recognition import kind_of, may_be_generated

        content = self._content(path)
        if content is None:
            return
        found = kind_of(content, named and not self._choice.from_hook)
        if found.kind is not None:
            self._target(found.kind, path)
            if found.kind == "cloudformation" and relates(content):
                self.relations[shown(path)] = relations_in(content, path)
            if found.kind == "cloudformation" and may_be_generated(content):
                self._suspects.append(shown(path))
        elif found.complaint and (named or found.fatal or found.reported):
            self.problems.append(Problem(shown(path), found.line, found.complaint, found.fatal))
        else:
            self.passed.append(Passed(shown(path), found.complaint))

    def _target(self, kind: TargetKind, path: str) -> None:
        """Notes a target, once: whether named twice, or by a link as well."""
        real = (kind, os.path.realpath(path))
        if real not in self._real:
            self._real.add(real)
            self.targets.setdefault(Target(kind, shown(path)))

    def _excluded(self, path: str, is_folder: bool) -> bool:
        if not self._choice.excludes(path, is_folder):
            return False
        self.passed.append(Passed(shown(path), "it is excluded"))
        return True

    def _notice(self, path: str, message: str) -> None:
        self.problems.append(notice(shown(path), 0, message))

    def _problem(self, path: str, message: str) -> None:
        self.problems.append(Problem(shown(path), 0, message))


def _is_folder(entry: "os.DirEntry[str]") -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that leads to itself
        return False


def _is_special(entry: "os.DirEntry[str]") -> bool:
    """Whether it is a pipe, a socket or a device: reading it might never end."""
    try:
        return not stat.S_ISREG(entry.stat().st_mode)
    except OSError:
        return False  # reading it gives the reason
