"""The command line in a fork of the tests' process: it is loaded once, and not for every test."""

import os
import signal
import stat
import sys
import time
import warnings
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from subprocess import TimeoutExpired
from typing import NoReturn

from mlwa_lint.cli.app import invoke


class Forked:
    """A process that runs a command line on pipes, with what tests need of `subprocess.Popen`."""

    def __init__(self, arguments: Sequence[str], folder: Path | None = None) -> None:
        (read_in, write_in), (read_out, write_out), (read_err, write_err) = (os.pipe() for _ in range(3))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the threads that read other processes' pipes hold no locks here
            self.pid = os.fork()
        if self.pid == 0:
            _become(arguments, folder, (read_in, write_out, write_err))
        for descriptor in (read_in, write_out, write_err):
            os.close(descriptor)
        self.stdin = os.fdopen(write_in, "wb")
        self.stdout = os.fdopen(read_out, "rb")
        self.stderr = os.fdopen(read_err, "rb")
        self.returncode: int | None = None

    def poll(self) -> int | None:
        if self.returncode is None:
            ended, status = os.waitpid(self.pid, os.WNOHANG)
            if ended:
                self.returncode = os.waitstatus_to_exitcode(status)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        end = time.monotonic() + (timeout or float("inf"))
        while (code := self.poll()) is None:
            if time.monotonic() > end:
                raise TimeoutExpired("mlwa-lint", timeout or 0)
            time.sleep(0.005)
        return code

    def kill(self) -> None:
        if self.poll() is None:
            os.kill(self.pid, signal.SIGKILL)


def _close_pipes() -> None:
    """Closes pipes of the tests, so that their end is seen when the tests close it.

    Files stay open: one of them is where coverage is noted, which a closed descriptor would spoil.
    """
    for descriptor in [int(each.name) for each in Path("/dev/fd").iterdir()]:
        with suppress(OSError):  # the listing's own
            if descriptor > 2 and stat.S_ISFIFO(os.fstat(descriptor).st_mode):
                os.close(descriptor)


def _become(arguments: Sequence[str], folder: Path | None, pipes: tuple[int, int, int]) -> NoReturn:
    """Runs the command line instead of the tests, and never returns."""
    code = 70
    try:
        for number, descriptor in enumerate(pipes):
            os.dup2(descriptor, number)
        _close_pipes()
        sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - a descriptor
        sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
        sys.stderr = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
        signal.signal(signal.SIGINT, signal.default_int_handler)
        warnings.resetwarnings()
        if folder is not None:
            os.chdir(folder)
        code = invoke(list(arguments))
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(code)
