"""A small client of the language server over pipes: sends messages, and waits for those that it expects."""

import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

from tests.support.forked import Forked

TIMEOUT = 60.0
Message = dict[str, Any]


class LanguageClient:
    """One server process, and its messages."""

    def __init__(self, arguments: Sequence[str] = (), folder: Path | None = None) -> None:
        self.process = _process(["server", *arguments], folder)
        self.diagnostics: dict[str, Message] = {}
        self.others: list[Message] = []
        # What is answered to the server's own requests.
        self.answers: dict[str, Any] = {
            "window/showDocument": {"success": True},
            "workspace/applyEdit": {"applied": True},
        }
        self._messages: queue.Queue[Message | None] = queue.Queue()
        self._number = 0
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        output = self.process.stdout
        assert output is not None
        while header := output.readline():
            length = int(header.partition(b":")[2])
            while output.readline().strip():
                pass
            self._messages.put(json.loads(output.read(length)))
        self._messages.put(None)

    def send(self, message: Message) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.send_bytes(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))

    def send_bytes(self, data: bytes) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def notify(self, method: str, params: Any = None) -> None:
        self.send({"method": method, "params": params})

    def request(self, method: str, params: Any = None) -> Any:
        """The result of a request. Raises RuntimeError with the error that the server answers."""
        self._number += 1
        number = self._number
        self.send({"id": number, "method": method, "params": params})
        reply = self.wait(lambda message: message.get("id") == number and "method" not in message)
        if "error" in reply:
            raise RuntimeError(str(reply["error"]["message"]))
        return reply["result"]

    def wait(self, wanted: Callable[[Message], bool], seconds: float = TIMEOUT) -> Message:
        """The next message of a kind; diagnostics on the way are noted."""
        while True:
            message = self._messages.get(timeout=seconds)
            if message is None:
                raise EOFError("the server has gone")
            if message.get("method") == "textDocument/publishDiagnostics":
                self.diagnostics[message["params"]["uri"]] = message["params"]
            elif "method" in message and "id" in message:
                self.send({"id": message["id"], "result": self.answers.get(message["method"])})
                self.others.append(message)
            elif "method" in message:
                self.others.append(message)
            if wanted(message):
                return message

    # -- the protocol

    def initialize(self, *folders: Path, capabilities: Message | None = None) -> Message:
        listed = [{"uri": folder.as_uri(), "name": folder.name} for folder in folders]
        params = {
            "processId": os.getpid(),
            "rootUri": None,
            "capabilities": capabilities or {},
            "workspaceFolders": listed,
        }
        result: Message = self.request("initialize", params)
        self.notify("initialized", {})
        return result

    def open(self, path: Path, text: str | None = None, version: int = 1) -> None:
        text = path.read_text("utf-8") if text is None else text
        item = {"uri": path.as_uri(), "languageId": "yaml", "version": version, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": item})

    def change(self, path: Path, version: int, *changes: Message) -> None:
        document = {"uri": path.as_uri(), "version": version}
        self.notify("textDocument/didChange", {"textDocument": document, "contentChanges": changes})

    def close(self, path: Path) -> None:
        self.notify("textDocument/didClose", {"textDocument": {"uri": path.as_uri()}})

    def published(self, path: Path, version: int | None = None) -> list[Message]:
        """The diagnostics of a document at a version, as soon as they come."""
        uri = path.as_uri()

        def fits(message: Message) -> bool:
            params = message.get("params") or {}
            return (
                message.get("method") == "textDocument/publishDiagnostics"
                and params["uri"] == uri
                and (version is None or params.get("version") == version)
            )

        found: list[Message] = self.wait(fits)["params"]["diagnostics"]
        return found

    def shut_down(self) -> int:
        self.request("shutdown")
        self.notify("exit")
        return self.process.wait(TIMEOUT)

    def end(self) -> None:
        """Closes the connection, at which a server ends; by force where it does not."""
        assert self.process.stdin is not None
        with suppress(BrokenPipeError):
            self.process.stdin.close()
        try:
            self.process.wait(TIMEOUT)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        for stream in (self.process.stdout, self.process.stderr):
            if stream is not None:
                stream.close()


def applied(text: str, edits: Sequence[Message]) -> str:
    """A text with edits of the protocol, whose positions count UTF-16 units."""
    lines = text.split("\n")

    def offset(position: Message) -> int:
        before = sum(len(line) + 1 for line in lines[: position["line"]])
        units = lines[position["line"]].encode("utf-16-le")[: 2 * position["character"]]
        return before + len(units.decode("utf-16-le"))

    placed = [(offset(e["range"]["start"]), offset(e["range"]["end"]), e["newText"]) for e in edits]
    for start, end, new in sorted(placed, key=lambda each: each[:2], reverse=True):
        text = text[:start] + new + text[end:]
    return text


def edits_of(edit: Message, path: Path) -> list[Message]:
    """The edits of one document in an edit of the workspace, which must be about no other."""
    assert list(edit["changes"]) == [path.as_uri()]
    found: list[Message] = edit["changes"][path.as_uri()]
    return found


@cache
def _load() -> None:
    """Loads what every server needs, once for all forks."""
    from pygls.protocol import default_converter

    import mlwa_lint.frontends.cloudformation.template
    import mlwa_lint.frontends.terraform.project
    import mlwa_lint.run.pipeline
    import mlwa_lint.server.app  # noqa: F401
    from tests.support.rule_examples import all_rules

    default_converter()  # type: ignore[no-untyped-call]
    all_rules()


def _process(arguments: Sequence[str], folder: Path | None) -> "Forked | subprocess.Popen[bytes]":
    if hasattr(os, "fork"):
        return Forked(arguments, folder)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(each for each in sys.path if each)}
    command = [sys.executable, "-m", "mlwa_lint", *arguments]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, cwd=folder, env=environment)
