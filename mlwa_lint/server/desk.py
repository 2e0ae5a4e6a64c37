"""What the worker does: evaluates folders, publishes what is found, and responds to requests about it."""

import os
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any, Protocol

from mlwa_lint.config.command_line import CommandLine
from mlwa_lint.errors import UserError
from mlwa_lint.files.paths import shown
from mlwa_lint.files.reading import overlaid
from mlwa_lint.model.findings import Finding
from mlwa_lint.model.resources import Problem
from mlwa_lint.reporters.summary import internal_error
from mlwa_lint.server.diagnostics import Diagnostic, DiagnosticsWriter, Shown, beyond, too_large
from mlwa_lint.server.documents import SIZE_LIMIT, Documents, OpenDocument, contents
from mlwa_lint.server.folders import WorkspaceFolder, deepest, home_of
from mlwa_lint.server.notebooks import cell_range
from mlwa_lint.startup.records import NamedTuple


class ClientChannel(Protocol):
    """The worker's messages to the client, from its own thread."""

    def publish(self, uri: str, version: int | None, diagnostics: Sequence[Diagnostic]) -> None:
        """Shows the diagnostics of a document, in place of those before."""

    def show_message(self, message: str, error: bool) -> None:
        """Shows a message, or notes it in the log."""


class DocumentPage(NamedTuple):
    """What is shown of one document, or of one cell of a notebook."""

    version: int | None
    shown: tuple[Shown, ...]
    diagnostics: tuple[Diagnostic, ...]


class DocumentState(NamedTuple):
    """An open document and what was found in its folder; what responses are made from."""

    document: OpenDocument
    folder: WorkspaceFolder
    name: str
    writer: DiagnosticsWriter
    shown: tuple[Shown, ...]


class Desk:
    """The open documents of all workspace folders, as of the worker's last evaluation."""

    def __init__(self, command_line: CommandLine, documents: Documents, client: ClientChannel) -> None:
        self._command_line = command_line
        self._documents = documents
        self._client = client
        self._lock = threading.Lock()
        self._changed: set[str] = set()
        self._reconfigure = False
        self._rediscover = False
        self._roots: tuple[str, ...] | None = None
        self._folders: dict[str, WorkspaceFolder | None] = {}
        self._pages: dict[str, DocumentPage] = {}
        self._known: dict[str, DocumentState] = {}
        self._shown: set[str] = set()
        self.encoding = "utf-16"

    # -- in the thread of the event loop

    def set_roots(self, roots: Sequence[str]) -> None:
        """The workspace folders, by their real paths; without any, a document's project is used as one."""
        with self._lock:
            self._roots = tuple(roots) or None

    def note(self, paths: Iterable[str], others: bool = False) -> None:
        """Records that files have changed. others: files were created, deleted, or are related otherwise."""
        with self._lock:
            for path in paths:
                self._changed.add(path)
                # A configuration may extend another, of whatever name.
                self._reconfigure |= others and path.endswith(".toml")
            self._rediscover |= others

    # -- in the thread of the worker

    def evaluate(self, give_way: Callable[[], None]) -> None:
        """Evaluates all that has changed, and publishes what is new."""
        with self._lock:
            changed, self._changed = self._changed, set()
            reconfigure, self._reconfigure = self._reconfigure, False
            rediscover, self._rediscover = self._rediscover, False
            roots = self._roots
        if reconfigure:  # what could not be used before, may be now
            self._folders = {root: each for root, each in self._folders.items() if each is not None}
            self._shown.clear()
        documents = self._documents.snapshot()
        with overlaid(contents(documents.values())):
            homes = self._homes(documents, roots)
            for folder in self._folders.values():
                if folder is None:
                    continue
                folder.changed(changed)
                if rediscover:
                    folder.rediscover()
                if reconfigure:
                    self._trying(folder.reconfigure)
            for folder, opened in homes.items():
                readable = {each.path: each.text for each in opened if not each.too_large}
                if folder.update(readable, give_way) or len(readable) < len(opened):
                    self._publish(folder, opened)
        self._clear({each.path: each for opened in homes.values() for each in opened})

    def known(self, path: str) -> DocumentState | None:
        """What is known of an open document; None where nothing is."""
        return self._known.get(path)

    @contextmanager
    def working_in(self, folder: WorkspaceFolder) -> Iterator[None]:
        """Reads as the folder's evaluation did: from its root, and open documents as they are held."""
        os.chdir(folder.root)
        with overlaid(contents(self._documents.snapshot().values())):
            yield

    def of_uri(self, uri: str) -> DocumentState | None:
        """What is known of a document, or of the notebook that a cell belongs to."""
        for each in self._known.values():
            if uri == each.document.uri or uri in each.document.cells:
                return each
        return None

    def page(self, uri: str) -> DocumentPage | None:
        """What is shown of a document, or of a cell."""
        return self._pages.get(uri)

    def _homes(
        self, documents: Mapping[str, OpenDocument], roots: tuple[str, ...] | None
    ) -> dict[WorkspaceFolder, list[OpenDocument]]:
        """The folders in which documents are open; documents outside of all of them are left alone."""
        for root in roots or {home_of(each.path) for each in documents.values()}:
            if root not in self._folders:
                self._folders[root] = self._trying(partial(WorkspaceFolder, root, self._command_line))
        if roots is not None:
            self._folders = {root: each for root, each in self._folders.items() if root in roots}
        usable = [each for each in self._folders.values() if each is not None]
        homes: dict[WorkspaceFolder, list[OpenDocument]] = {each: [] for each in usable}
        for document in documents.values():
            folder = deepest(usable, document.path)
            if folder is not None:
                homes[folder].append(document)
        return homes

    def _trying(self, work: Callable[[], Any]) -> Any:
        """What reads a configuration returns; None, after a message, where it cannot be used."""
        try:
            return work()
        except UserError as error:
            self._show_message(f"{error.message}; {error.hint}" if error.hint else error.message, error=True)
        except OSError as error:
            self._show_message(f"{error.filename}: {error.strerror}", error=True)
        return None

    def _publish(self, folder: WorkspaceFolder, opened: Sequence[OpenDocument]) -> None:
        uris = {each.path: each.uri for each in opened}
        writer = DiagnosticsWriter(folder.root, self.encoding, uris.get)
        findings: dict[str, list[Finding]] = {}
        for finding in folder.result.findings:
            findings.setdefault(finding.span.path, []).append(finding)
        problems: dict[str, list[Problem]] = {}
        for problem in folder.result.problems:
            if not problem.quiet:
                problems.setdefault(problem.path, []).append(problem)
        for error in folder.result.errors:
            self._show_message(f"{error.path}: {internal_error(error)}", error=False)
        for document in opened:
            name = shown(document.path)
            listed = findings.get(name, [])
            found = writer.shown(listed)
            self._known[document.path] = DocumentState(document, folder, name, writer, tuple(found))
            if document.too_large:
                self._show(document.uri, document.version, (), [too_large(SIZE_LIMIT)])
            elif document.cells:
                self._show_cells(document, found, problems.get(name, []), writer)
            else:
                diagnostics = [writer.of_problem(each) for each in problems.get(name, [])]
                diagnostics += map(writer.of_finding, found)
                diagnostics += beyond(listed, found)
                self._show(document.uri, document.version, found, diagnostics)

    def _show_cells(
        self,
        document: OpenDocument,
        found: Sequence[Shown],
        problems: Sequence[Problem],
        writer: DiagnosticsWriter,
    ) -> None:
        by_cell: dict[str, tuple[list[Shown], list[Diagnostic]]] = {uri: ([], []) for uri in document.cells}
        for problem in problems:
            uri, place = cell_range(document, writer.span_of_line(problem), self.encoding)
            by_cell[uri][1].append(writer.of_problem(problem, place))
        for each in found:
            uri, place = cell_range(document, each.finding.span, self.encoding)
            in_cell = Shown(each.finding, place)
            by_cell[uri][0].append(in_cell)
            by_cell[uri][1].append(writer.of_finding(in_cell))
        for uri, (listed, diagnostics) in by_cell.items():
            self._show(uri, document.version, listed, diagnostics)

    def _show(
        self, uri: str, version: int | None, found: Sequence[Shown], diagnostics: Sequence[Diagnostic]
    ) -> None:
        page = DocumentPage(version, tuple(found), tuple(diagnostics))
        if self._pages.get(uri) != page:
            self._pages[uri] = page
            self._client.publish(uri, version, diagnostics)

    def _clear(self, documents: Mapping[str, OpenDocument]) -> None:
        """Takes back what is shown of documents other than these: closed, or outside of all folders."""
        self._known = {path: each for path, each in self._known.items() if path in documents}
        kept: set[str] = set()
        for document in documents.values():
            if document.path in self._known:
                kept.update((document.uri, *document.cells))
        for uri in [uri for uri in self._pages if uri not in kept]:
            del self._pages[uri]
            self._client.publish(uri, None, [])

    def _show_message(self, message: str, error: bool) -> None:
        """Shows a message once."""
        if message not in self._shown:
            self._shown.add(message)
            self._client.show_message(message, error)
