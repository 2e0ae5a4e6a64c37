"""How long a language server takes from a change to its diagnostics, measured over standard input and output.

python benchmarks/server.py [--resources 800] [--changes 60] [--only WORDS]

Every change is typed somewhere else in the project: a digit in a value, a line more, a line less, in turn.
Diagnostics of that version are awaited before the next change. The pause that the server makes, to see
whether something follows, is part of the time; the processor time of the server is given beside it, since on
a busy machine most of the rest is waiting.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.generators import module, template  # noqa: E402


class Server:
    """One server process."""

    def __init__(self) -> None:
        environment = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'rules'}"}
        command = [sys.executable, "-m", "mlwa_lint", "server"]
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, env=environment)

    def send(self, method: str, params: Any, number: int | None = None) -> None:
        message = {"jsonrpc": "2.0", "method": method, "params": params}
        body = json.dumps(message if number is None else {**message, "id": number}).encode()
        assert self._process.stdin is not None
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        self._process.stdin.flush()

    def receive(self) -> tuple[bytes, int]:
        """The next message, not yet decoded, and its size."""
        output = self._process.stdout
        assert output is not None
        length = 0
        while (header := output.readline().strip()) != b"":
            name, _, value = header.partition(b":")
            length = int(value) if name == b"Content-Length" else length
        return output.read(length), length

    def diagnostics(self, uri: str, version: int) -> int:
        """Waits for the diagnostics of a version of a document; how many they are."""
        while True:
            message = json.loads(self.receive()[0])
            params = message.get("params") or {}
            if params.get("uri") == uri and params.get("version") == version:
                return len(params["diagnostics"])

    def cpu(self) -> float:
        """Seconds of processor time that the server has used so far."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def end(self) -> None:
        self._process.kill()
        self._process.wait()


def projects(folder: Path, resources: int) -> Iterator[tuple[str, Path]]:
    """Projects of so many resources, and the document in each that is edited."""
    ml = folder / "ml"
    ml.mkdir()
    (ml / "template.yaml").write_text(template(1, resources=resources))
    yield "one template, all of it ML systems", ml / "template.yaml"
    mixed = folder / "mixed"
    mixed.mkdir()
    # A third ML systems, two thirds ordinary ones, as in the benchmark of whole runs.
    yield "one template, a third of it ML systems", _mixed(mixed / "template.yaml", resources)
    files = folder / "files"
    files.mkdir()
    yield "a Terraform module of many files, a third of it ML systems", _module(files, resources)
    repository = folder / "repository"
    repository.mkdir()
    yield "a program among 300 files and 20 notebooks", _program(repository)
    yield "a template among them", repository / "template.yaml"


def _mixed(path: Path, resources: int) -> Path:
    ours = template(1, resources=resources // 3)
    ordinary = template(2, resources=resources - resources // 3, ordinary=True)
    _, _, body = ordinary.partition("Resources:")
    path.write_text(ours + body.replace("System", "Other").replace("system", "other"))
    return path


def _module(folder: Path, resources: int) -> Path:
    """A module of 40 resources a file."""
    text = module(1, resources=resources // 3)
    head, *blocks = text.split("\nresource ")
    _, *others = module(2, resources=resources - resources // 3, ordinary=True).split("\nresource ")
    (folder / "variables.tf").write_text(head)
    blocks += [each.replace("system", "other") for each in others]
    for position in range(0, len(blocks), 40):
        listed = "".join(f"\nresource {each}" for each in blocks[position : position + 40])
        (folder / f"part{position // 40}.tf").write_text(listed)
    return folder / "part1.tf"


def _program(folder: Path) -> Path:
    """A program in a repository with many others, none of which uses it."""
    (folder / ".git").mkdir()
    (folder / "template.yaml").write_text(template(1, resources=40))
    for number in range(300):
        below = folder / f"part{number % 10}"
        below.mkdir(exist_ok=True)
        lines = "".join(f"def step{each}(value):\n    return value * {each} + 1\n\n\n" for each in range(40))
        (below / f"module{number}.py").write_text(f"import os\n\n\n{lines}")
    source = ["import boto3\n", "client = boto3.client('s3')\n", *["total = 0\n"] * 40]
    shown = [{"output_type": "display_data", "data": {"image/png": "iVBORw0KGgo" * 1000}, "metadata": {}}]
    cells = [{"cell_type": "code", "source": source, "outputs": shown, "metadata": {}}] * 30
    document = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}
    for number in range(20):
        (folder / f"notebook{number}.ipynb").write_text(json.dumps(document, indent=1))
    given = "InstanceType='ml.t3.medium',\n        RoleArn=role,\n"
    calls = "".join(
        f"    client.create_notebook_instance(\n        NotebookInstanceName='n{each}',\n        {given}"
        f"        VolumeSizeInGB=1{each}0\n    )\n"
        for each in range(5)
    )
    text = f"import boto3\n\nclient = boto3.client('sagemaker')\n\n\ndef build(role):\n{calls}"
    (folder / "train.py").write_text(text)
    return folder / "train.py"


def changes(text: str, number: int, random: Random) -> Iterator[dict[str, Any]]:
    """Edits as an editor sends them, one after the other; they keep the document valid."""
    lines = text.split("\n")
    comments: list[int] = []
    for step in range(number):
        values = [position for position, line in enumerate(lines) if line.rstrip().endswith(("0", "1", "2"))]
        position = random.choice(values)
        kind = step % 3
        if kind == 0:  # a digit more
            end = len(lines[position])
            lines[position] += "1"
            yield _edit(position, end, position, end, "1")
        elif kind == 1:  # a comment's line more
            lines.insert(position, "# a line more")
            comments.append(position)
            yield _edit(position, 0, position, 0, "# a line more\n")
        else:  # and away again
            position = comments.pop()
            del lines[position]
            yield _edit(position, 0, position + 1, 0, "")


def _edit(line: int, start: int, end_line: int, end: int, text: str) -> dict[str, Any]:
    place = {"start": {"line": line, "character": start}, "end": {"line": end_line, "character": end}}
    return {"range": place, "text": text}


def measure(path: Path, number: int) -> tuple[list[float], list[float], int]:
    """Seconds from each change to its diagnostics, those of CPU time, and how many diagnostics there are."""
    server = Server()
    uri = path.as_uri()
    try:
        folders = [{"uri": path.parent.as_uri(), "name": "project"}]
        server.send("initialize", {"capabilities": {}, "workspaceFolders": folders, "rootUri": None}, 1)
        server.receive()
        server.send("initialized", {})
        text = path.read_text()
        item = {
            "uri": uri,
            "languageId": "python" if path.suffix == ".py" else "plaintext",
            "version": 0,
            "text": text,
        }
        server.send("textDocument/didOpen", {"textDocument": item})
        found = server.diagnostics(uri, 0)
        seconds: list[float] = []
        processor: list[float] = []
        for version, edit in enumerate(changes(text, number, Random(7)), start=1):
            before, begun = server.cpu(), time.perf_counter()
            document = {"uri": uri, "version": version}
            server.send("textDocument/didChange", {"textDocument": document, "contentChanges": [edit]})
            server.diagnostics(uri, version)
            seconds.append(time.perf_counter() - begun)
            processor.append(server.cpu() - before)
        return seconds, processor, found
    finally:
        server.end()


def percentile(seconds: list[float], share: float) -> float:
    return sorted(seconds)[min(int(len(seconds) * share), len(seconds) - 1)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--resources", type=int, default=800)
    parser.add_argument("--changes", type=int, default=60)
    parser.add_argument("--only", default="", help="projects with these words in their names")
    arguments = parser.parse_args()
    print(
        "| project | diagnostics | median | 95th percentile | longest | CPU, median | CPU, 95th percentile |"
    )
    print("|---|---:|---:|---:|---:|---:|---:|")
    with tempfile.TemporaryDirectory() as folder:
        for name, path in projects(Path(folder).resolve(), arguments.resources):
            if arguments.only not in name:
                continue
            seconds, processor, found = measure(path, arguments.changes)
            shown = [f"{1000 * percentile(seconds, share):,.0f} ms" for share in (0.5, 0.95, 1.0)]
            shown += [f"{1000 * percentile(processor, share):,.0f} ms" for share in (0.5, 0.95)]
            print(f"| {name} | {found:,} | {' | '.join(shown)} |", flush=True)


if __name__ == "__main__":
    main()
