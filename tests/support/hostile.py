"""Runs the command line on hostile inputs, as a user would."""

import io
import os
import subprocess
import sys
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from mlwa_lint.cli.app import invoke

BUCKET = "Resources:\n  B:\n    Type: AWS::S3::Bucket\n"
SECONDS = 60  # far more than any of them takes, far less than what they require
POSIX = pytest.mark.skipif(os.name == "nt", reason="needs POSIX files")


class Ended:
    """What a command line came to."""

    def __init__(self, code: int, out: bytes, err: bytes) -> None:
        self.code = code
        self.out = out.decode("utf-8", "surrogateescape")
        self.err = err.decode("utf-8", "surrogateescape")
        assert "Traceback" not in self.err
        assert "internal error" not in self.err


def check(folder: Path, *arguments: str) -> Ended:
    """`check` in a folder, in this process: another one would need longer to start than to check."""
    out, err = io.BytesIO(), io.BytesIO()
    with chdir(folder), redirect_stdout(_text(out)) as written, redirect_stderr(_text(err)) as reported:
        code = invoke(["check", "--no-cache", *arguments])
        written.flush()
        reported.flush()
    return Ended(code, out.getvalue(), err.getvalue())


def _text(raw: io.BytesIO) -> io.TextIOWrapper:
    return io.TextIOWrapper(raw, encoding="utf-8", errors="surrogateescape")


def check_apart(folder: Path, *arguments: str, **options: object) -> Ended:
    """`check` in a process of its own, with options of `subprocess.run`."""
    command = [sys.executable, "-m", "mlwa_lint", "check", "--no-cache", *arguments]
    given: dict[str, object] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
    done = subprocess.run(command, cwd=folder, timeout=SECONDS, check=False, **given)  # type: ignore[call-overload]
    return Ended(done.returncode, done.stdout or b"", done.stderr or b"")


def write(path: Path, content: str | bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8", "surrogateescape"))


def nesting(*files: str) -> str:
    """A template that nests others."""
    stacks = [
        f"  S{n}:\n    Type: AWS::CloudFormation::Stack\n    Properties:\n      TemplateURL: {file}\n"
        for n, file in enumerate(files)
    ]
    return "Resources:\n" + "".join(stacks)
