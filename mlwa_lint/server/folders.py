"""One workspace folder: its targets, and what is known of those that open documents belong to."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from mlwa_lint.config.command_line import CommandLine
from mlwa_lint.discovery.modules import is_terraform
from mlwa_lint.discovery.recognition import python_kind
from mlwa_lint.discovery.search import discover, is_of_tests, is_python
from mlwa_lint.discovery.target import Discovery, Target
from mlwa_lint.engine.check import Outcome, check
from mlwa_lint.engine.recall import Recall
from mlwa_lint.files.endings import sharing
from mlwa_lint.files.keeping import Kept, keeping
from mlwa_lint.files.paths import shown
from mlwa_lint.files.reading import recording
from mlwa_lint.filters.apply import apply_filters
from mlwa_lint.filters.result import Covered, Result
from mlwa_lint.graph.graph import ResourceGraph
from mlwa_lint.model.report import Report, merged
from mlwa_lint.model.resources import Problem
from mlwa_lint.model.secrets import Secrets
from mlwa_lint.run.evaluation import TargetEvaluation, evaluate
from mlwa_lint.run.session import Session
from mlwa_lint.run.settings import RunSettings
from mlwa_lint.run.veil import veiled
from mlwa_lint.startup.records import NamedTuple


class TargetState(NamedTuple):
    """What is known of one target.

    probed: the paths that its evaluation looked up, existing or not.
    recalls: the results of the rules, project by project.
    """

    evaluated: TargetEvaluation
    probed: frozenset[str]
    recalls: tuple[Recall, ...]


class WorkspaceFolder:
    """What is open in one folder of the workspace. All of it happens in the thread of the worker.

    Paths in it are those that a run in this folder shows: relative to it, with forward slashes.
    """

    def __init__(self, root: str, command_line: CommandLine) -> None:
        """Raises UserError for a configuration that cannot be used."""
        self.root = root
        os.chdir(root)
        self._command_line = command_line
        self._session = Session(command_line)
        self._session.of_several = True
        self._discovery: Discovery | None = None
        self._alone: dict[str, Discovery] = {}
        self._known: dict[Target, TargetState] = {}
        self._outdated: set[Target] = set()
        self._open: dict[str, None] = {}
        self._texts: dict[str, str] = {}
        self._kept = Kept()
        self._due = True
        self.result = Result()

    def reconfigure(self) -> None:
        """Reads the configuration again. Raises UserError, and keeps the old one."""
        os.chdir(self.root)
        session = Session(self._command_line)
        session.of_several = True
        self._session = session
        self.rediscover()
        self._outdated.update(self._known)

    def rediscover(self) -> None:
        """Has the targets searched for again: files were created, deleted, or name others than before."""
        self._discovery = None
        self._alone.clear()
        self._due = True

    def changed(self, paths: Iterable[str]) -> None:
        """Notes that files have another content, by their real paths."""
        os.chdir(self.root)
        for path in paths:
            name = shown(path)
            self._alone.pop(name, None)
            affected = {target for target, known in self._known.items() if name in known.probed}
            self._outdated.update(affected)
            self._due = self._due or bool(affected) or name in self._open

    def covers(self, path: str) -> bool:
        """Whether the folder contains a file."""
        return path.startswith(self.root.rstrip(os.sep) + os.sep)

    def update(self, documents: Mapping[str, str], give_way: Callable[[], None]) -> bool:
        """Evaluates the targets of open documents, texts by real path, where outdated.

        give_way: called between the steps; what it raises leaves the rest to do for the next call.
        Returns whether there was anything to do.
        """
        os.chdir(self.root)
        self._texts = {shown(path): text for path, text in documents.items()}
        names = dict.fromkeys(self._texts)
        if not self._due and names == self._open:
            return False
        self._open, self._due = names, True
        wanted: dict[Target, None] = {}
        with sharing():
            for name in self._open:
                for target in self._targets_of(name):
                    wanted[target] = None
                    self._evaluate(target, give_way)
                for target in self._unread(name):
                    wanted[target] = None
                    self._evaluate(target, give_way)
        self._known = {target: known for target, known in self._known.items() if target in wanted}
        self._outdated &= set(wanted)
        self.result = self._filtered()
        self._due = False
        return True

    def evaluated(self) -> Iterator[TargetEvaluation]:
        """What is known of every target with an open document."""
        return (known.evaluated for known in self._known.values())

    @property
    def texts(self) -> Mapping[str, str]:
        """What the open documents hold, by the paths that findings name."""
        return self._texts

    @property
    def session(self) -> Session:
        """The rules and the configuration of the folder."""
        return self._session

    def problems_of(self, name: str) -> tuple[Problem, ...]:
        """Why an open document is not linted, where that is surely a mistake in it."""
        found = self._alone.get(name)
        return () if found is None else tuple(each for each in found.problems if each.fatal)

    def _evaluate(self, target: Target, give_way: Callable[[], None]) -> None:
        if target in self._known and target not in self._outdated:
            return
        settings = self._session.for_target(target)
        if settings is None:
            return
        give_way()
        before = self._known.get(target)
        recalls = [] if before is None else list(before.recalls)
        used: list[Recall] = []

        def check_kept(graph: ResourceGraph, given: RunSettings) -> Outcome:
            recall = recalls.pop(0) if recalls else Recall()
            used.append(recall)
            traced = recall.begin(graph, self._texts)
            outcome = check(traced, given.rules, given.required_tags, given.scope, recall, give_way)
            if outcome.problems:
                recall.forget()
            return outcome

        with recording() as probes, keeping(self._kept):
            # cfn-lint takes longer than anyone types: that is for whole runs.
            found = evaluate(target, settings._replace(validate=False), check_kept)
        names = frozenset(shown(path) for _, path in probes)
        self._known[target] = TargetState(found, names, tuple(used))
        self._outdated.discard(target)

    def _targets_of(self, name: str) -> list[Target]:
        """The targets that a document belongs to, by their names, or by an earlier evaluation."""
        found = self._found()
        folder = os.path.dirname(name) or "."
        named = [each for each in found.targets if _names(each, name, folder)]
        callers = {path for each in found.children if _names(each, name, folder) for path in each.beside}
        named += [each for each in found.targets if each.kind == "terraform" and each.path in callers]
        named += [each for each, known in self._known.items() if name in known.evaluated.report.sources]
        if named or callers:
            return list(dict.fromkeys(named))
        if name not in self._alone:
            passed = is_python(name) and not self._is_meant(name)
            choice = self._session.choice.of_any_file()
            self._alone[name] = Discovery((), ()) if passed else discover([name], choice)
        return list(self._alone[name].targets)

    def _is_meant(self, name: str) -> bool:
        """Whether a run over the folder would lint a program: one that is open is not one that is named."""
        content = self._texts.get(name, "").encode("utf-8", "surrogatepass")
        return not is_of_tests(name.replace("/", os.sep)) and python_kind(content, False).kind is not None

    def _unread(self, name: str) -> list[Target]:
        """The module of a document that none of its callers read: it is linted alone."""
        if any(name in known.evaluated.report.sources for known in self._known.values()):
            return []
        folder = os.path.dirname(name) or "."
        return [each for each in self._found().children if _names(each, name, folder)]

    def _found(self) -> Discovery:
        if self._discovery is None:
            self._discovery = discover(["."], self._session.choice)
        return self._discovery

    def _filtered(self) -> Result:
        """What is to be shown of all that is known: the same as runs over each of these targets report.

        What one document shows does not depend on which others are open.
        """
        alone = [Report(problems=self.problems_of(name)) for name in self._open]
        reports = [each.report for each in self.evaluated()]
        report = merged([*reports, veiled(merged(alone), Secrets())])
        policy = self._session.policy
        covered = Covered(tuple(self._open), frozenset(report.sources), frozenset(), policy.rules_at)
        inline = self._command_line.inline_suppressions
        return apply_filters(report, policy, self._session.baseline, covered, {}, inline, joined=False)


def _names(target: Target, name: str, folder: str) -> bool:
    if target.kind == "terraform":
        return is_terraform(name) and folder in (target.path, *target.linked)
    if target.kind == "cdk":
        return target.path == folder or name.startswith(f"{target.path}/")
    return name == target.path or name in target.beside


def deepest(folders: Iterable[WorkspaceFolder], path: str) -> WorkspaceFolder | None:
    """The innermost folder that contains a file."""
    return max((each for each in folders if each.covers(path)), key=lambda each: len(each.root), default=None)


def home_of(path: str) -> str:
    """The folder used as workspace where the client has none: the file's project."""
    from mlwa_lint.files.paths import Folders

    return str(Folders().project(str(Path(path).parent)))
