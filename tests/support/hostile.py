"""Runs the command line on hostile inputs, as a user would."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

BUCKET = "Resources:\n  B:\n    Type: AWS::S3::Bucket\n"
SECONDS = 60  # far more than any of them takes, far less than what they ask for
POSIX = pytest.mark.skipif(os.name == "nt", reason="needs POSIX files")


class Ended:
    def __init__(self, done: "subprocess.CompletedProcess[bytes]") -> None:
        self.code = done.returncode
        self.out = done.stdout.decode("utf-8", "surrogateescape")
        self.err = done.stderr.decode("utf-8", "surrogateescape")
        assert "Traceback" not in self.err
        assert "internal error" not in self.err


def check(folder: Path, *arguments: str, **options: object) -> Ended:
    command = [sys.executable, "-m", "mlwa_lint", "check", "--no-cache", *arguments]
    given: dict[str, object] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
    done = subprocess.run(command, cwd=folder, timeout=SECONDS, check=False, **given)  # type: ignore[call-overload]
    done.stdout = done.stdout or b""
    return Ended(done)


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
