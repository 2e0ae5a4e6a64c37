"""The server's two threads: pygls takes messages in one, the worker evaluates in the other."""

import asyncio
import json
import logging
import os
import threading
from collections.abc import Sequence
from typing import Any, BinaryIO

from lsprotocol import types
from pygls.lsp.server import LanguageServer

from mlwa_lint import __version__
from mlwa_lint.config.command_line import CommandLine
from mlwa_lint.server.actions import FIX_ALL, OPEN_PAGE, SUPPRESS
from mlwa_lint.server.answers import RequestHandler
from mlwa_lint.server.desk import Desk
from mlwa_lint.server.diagnostics import Diagnostic
from mlwa_lint.server.documents import Documents, path_of
from mlwa_lint.server.notebooks import text_of
from mlwa_lint.server.relating import relating
from mlwa_lint.server.worker import Worker

_WATCHED = "**/*.{yaml,yml,json,template,tf,tofu,tfvars,py,ipynb,toml}"
_NOTEBOOKS = types.NotebookDocumentSyncOptions(
    notebook_selector=[
        types.NotebookDocumentFilterWithNotebook(
            notebook="jupyter-notebook", cells=[types.NotebookCellLanguage(language="python")]
        )
    ]
)
EXIT_UNASKED = 1
# What is offered where the client gives no reason for a suppression.
_REASONS = ("the risk is accepted", "it is handled elsewhere", "it is not for production")

_log = logging.getLogger(__name__)


class Server(LanguageServer):
    """The language server. `serve` runs it until its client shuts it down, or goes away."""

    def __init__(self, command_line: CommandLine) -> None:
        super().__init__("mlwa-lint", __version__, notebook_document_sync=_NOTEBOOKS)
        self.documents = Documents()
        self.desk = Desk(command_line, self.documents, self)
        self.worker = Worker(self._evaluate)
        self.answers = RequestHandler(self.desk)
        self._loop: asyncio.AbstractEventLoop | None = None
        self.has_shut_down = False
        self._exit_code: int | None = None
        self._links: dict[str, tuple[str, ...]] = {}
        _add_documents(self)
        _add_workspace(self)
        _add_requests(self)

    def serve(self) -> int:
        """Serves on standard input and output; the exit code, 1 if the client requested no shutdown."""
        # The protocol has standard output for itself: what a rule prints goes to standard error.
        output = os.fdopen(os.dup(1), "wb")
        os.dup2(2, 1)
        threading.Thread(target=self._listen, args=(output,), name="messages", daemon=True).start()
        self.worker.run()
        return EXIT_UNASKED if self._exit_code is None else self._exit_code

    def started(self) -> None:
        """Notes that the client is ready."""
        self._loop = asyncio.get_running_loop()
        encoding = self.workspace.position_encoding
        self.desk.encoding = str(getattr(encoding, "value", encoding))
        self.take_roots()

    def take_roots(self) -> None:
        """Notes which folders the workspace has."""
        uris = [*self.workspace.folders] or [uri for uri in (self.workspace.root_uri,) if uri]
        roots = [path for path in map(path_of, uris) if path is not None and os.path.isdir(path)]
        self.desk.set_roots(roots)
        self.worker.request()

    def ended(self, requested: bool) -> None:
        """Records that the client has done with the server; requested: after it requested a shutdown."""
        self._exit_code = 0 if requested else EXIT_UNASKED
        self.worker.stop()

    def changed(self, uri: str, version: int | None, text: str, cells: tuple[str, ...] = ()) -> None:
        """Notes what a document holds now."""
        document = self.documents.put(uri, version, text, cells)
        if document is not None:
            links = relating(document.text)
            others = self._links.get(document.path, links) != links
            self._links[document.path] = links
            self.desk.note([document.path], others)
            self.worker.request()

    def closed(self, uri: str) -> None:
        """Notes that a document is closed: its file counts again."""
        document = self.documents.close(uri)
        if document is not None:
            self._links.pop(document.path, None)
            self.desk.note([document.path])
            self.worker.request()

    # -- messages of the worker; see desk.ClientChannel

    def publish(self, uri: str, version: int | None, diagnostics: Sequence[Diagnostic]) -> None:
        """Shows the diagnostics of a document, in place of those before."""
        params: dict[str, Any] = {"uri": uri, "diagnostics": diagnostics}
        if version is not None:
            params["version"] = version
        message = {"jsonrpc": "2.0", "method": types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS, "params": params}
        body = json.dumps(message, separators=(",", ":")).encode()
        self._soon(self._write, b"Content-Length: %d\r\n\r\n%b" % (len(body), body))

    def show_message(self, message: str, error: bool) -> None:
        """Shows a message, or notes it in the log."""
        kind = types.MessageType.Error if error else types.MessageType.Warning
        if error:
            self._soon(self.window_show_message, types.ShowMessageParams(kind, message))
        else:
            self._soon(self.window_log_message, types.LogMessageParams(kind, message))

    def report_server_error(self, error: Exception, source: Any) -> None:
        """Notes an error in a message: a box for each would only be in the way."""
        _log.error("%s", error)

    def _evaluate(self) -> None:
        try:
            self.desk.evaluate(self.worker.give_way)
        except Exception as error:  # noqa: BLE001 - a bug of mlwa-lint must not end the session
            _log.exception("evaluation failed")
            self.show_message(f"evaluation failed: {type(error).__name__}: {error}", error=False)

    def _soon(self, work: Any, *arguments: Any) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(work, *arguments)

    def _write(self, frame: bytes) -> None:
        if self.protocol.writer is not None:
            self.protocol.writer.write(frame)

    def _listen(self, output: BinaryIO) -> None:
        try:
            self.start_io(stdout=output)
        finally:
            self.worker.stop()


def _add_documents(server: Server) -> None:
    def text_of_document(uri: str) -> str:
        return server.workspace.get_text_document(uri).source

    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    def opened(params: types.DidOpenTextDocumentParams) -> None:
        document = params.text_document
        server.changed(document.uri, document.version, document.text)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def changed(params: types.DidChangeTextDocumentParams) -> None:
        document = params.text_document
        server.changed(document.uri, document.version, text_of_document(document.uri))

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def closed(params: types.DidCloseTextDocumentParams) -> None:
        server.closed(params.text_document.uri)

    @server.feature(types.NOTEBOOK_DOCUMENT_DID_OPEN)
    def notebook_opened(params: types.DidOpenNotebookDocumentParams) -> None:
        notebook_changed(params.notebook_document.uri)

    @server.feature(types.NOTEBOOK_DOCUMENT_DID_CHANGE)
    def notebook_edited(params: types.DidChangeNotebookDocumentParams) -> None:
        notebook_changed(params.notebook_document.uri)

    @server.feature(types.NOTEBOOK_DOCUMENT_DID_CLOSE)
    def notebook_closed(params: types.DidCloseNotebookDocumentParams) -> None:
        server.closed(params.notebook_document.uri)

    def notebook_changed(uri: str) -> None:
        notebook = server.workspace.get_notebook_document(notebook_uri=uri)
        if notebook is not None:
            cells = [(each.kind, text_of_document(each.document)) for each in notebook.cells]
            uris = tuple(each.document for each in notebook.cells)
            server.changed(uri, notebook.version, text_of(cells), uris)


def _add_workspace(server: Server) -> None:
    @server.feature(types.INITIALIZED)
    def initialized(_: types.InitializedParams) -> None:
        server.started()
        workspace = server.client_capabilities.workspace
        editing = workspace.workspace_edit if workspace is not None else None
        server.answers.versioned_edits = editing is not None and bool(editing.document_changes)
        watching = workspace.did_change_watched_files if workspace is not None else None
        if watching is not None and watching.dynamic_registration:
            options = types.DidChangeWatchedFilesRegistrationOptions([types.FileSystemWatcher(_WATCHED)])
            method = types.WORKSPACE_DID_CHANGE_WATCHED_FILES
            server.client_register_capability(
                types.RegistrationParams([types.Registration("files", method, options)])
            )

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def files_changed(params: types.DidChangeWatchedFilesParams) -> None:
        paths = [path for each in params.changes if (path := path_of(each.uri)) is not None]
        opened = server.documents.snapshot()
        kinds = {each.type for each in params.changes}
        if set(paths) - set(opened) or kinds != {types.FileChangeType.Changed}:
            server.desk.note(paths, others=True)
            server.worker.request()

    @server.feature(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)
    def folders_changed(_: types.DidChangeWorkspaceFoldersParams) -> None:
        server.take_roots()

    @server.feature(types.EXIT)
    def ended(_: Any) -> None:
        server.ended(requested=server.has_shut_down)

    @server.feature(types.SHUTDOWN)
    def shut_down(_: Any) -> None:
        server.has_shut_down = True


def _add_requests(server: Server) -> None:
    answers, worker = server.answers, server.worker

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    async def hover(params: types.HoverParams) -> types.Hover | None:
        return await asyncio.wrap_future(worker.call(lambda: answers.hover(params)))

    @server.feature(
        types.TEXT_DOCUMENT_CODE_ACTION,
        types.CodeActionOptions(code_action_kinds=[types.CodeActionKind.QuickFix, FIX_ALL]),
    )
    async def code_action(params: types.CodeActionParams) -> list[types.CodeAction]:
        return await asyncio.wrap_future(worker.call(lambda: answers.actions(params)))

    @server.feature(types.TEXT_DOCUMENT_CODE_LENS)
    async def code_lens(params: types.CodeLensParams) -> list[types.CodeLens]:
        return await asyncio.wrap_future(worker.call(lambda: answers.lenses(params)))

    @server.feature(types.TEXT_DOCUMENT_DEFINITION)
    async def definition(params: types.DefinitionParams) -> list[types.Location]:
        return await asyncio.wrap_future(worker.call(lambda: answers.definition(params)))

    @server.feature(types.TEXT_DOCUMENT_REFERENCES)
    async def references(params: types.ReferenceParams) -> list[types.Location]:
        return await asyncio.wrap_future(worker.call(lambda: answers.references(params)))

    @server.command(SUPPRESS)
    async def suppress(*arguments: Any) -> None:
        where, reason = arguments[0] if arguments else None, str(arguments[1]) if arguments[1:] else ""
        if not reason:
            choices = [types.MessageActionItem(each) for each in _REASONS]
            parameters = types.ShowMessageRequestParams(
                types.MessageType.Info, "Why is it suppressed?", choices
            )
            chosen = await server.window_show_message_request_async(parameters)
            reason = "" if chosen is None else chosen.title
        if reason:
            edit = await asyncio.wrap_future(worker.call(lambda: answers.suppression(where, reason)))
            if edit is not None:
                server.workspace_apply_edit(types.ApplyWorkspaceEditParams(edit, "Suppress with a reason"))

    @server.command(OPEN_PAGE)
    def open_page(address: str) -> None:
        if answers.is_page(address):
            server.window_show_document(types.ShowDocumentParams(address, external=True))
