"""Worker processes that fail, die or cannot start: what they had is reported, and nothing hangs."""

import contextlib
import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable

import pytest

if sys.platform == "win32":
    pytest.skip("needs POSIX processes", allow_module_level=True)

from mlwa_lint.run.workers import Undone, share_out

PIECES = range(6)
# Longer than any of this takes on a busy machine; what waits indefinitely is ended then.
LONG = 60
DAMAGED = (
    "where files of mlwa-lint are missing or were changed while it ran, run it again or install it again"
)
MEMORY = "where memory ran out, run it again with --jobs 1"


def shared(work: Callable[[int], bytes], jobs: int) -> dict[int, bytes | Undone]:
    """What each piece came to."""
    found: dict[int, bytes | Undone] = {}

    def keep(piece: int, result: bytes | Undone) -> None:
        assert piece not in found
        found[piece] = result

    share_out(PIECES, work, jobs, keep)
    return found


def failing(at: int, fail: Callable[[], object]) -> Callable[[int], bytes]:
    def work(piece: int) -> bytes:
        if piece == at:
            fail()
        return str(piece).encode()

    return work


def others(found: dict[int, bytes | Undone], at: int) -> bool:
    """Whether all other pieces were done."""
    return {piece: result for piece, result in found.items() if piece != at} == {
        piece: str(piece).encode() for piece in PIECES if piece != at
    }


def no_module() -> None:
    raise ModuleNotFoundError("No module named 'mlwa_lint.run.packing'")


def no_memory() -> None:
    raise MemoryError


def secret() -> None:
    raise KeyError("what a file says")


def out() -> None:
    sys.exit(0)


@pytest.mark.parametrize("jobs", [2, 3])
@pytest.mark.parametrize(
    ("fail", "expected"),
    [
        (no_module, Undone("ModuleNotFoundError: No module named 'mlwa_lint.run.packing'", DAMAGED)),
        (no_memory, Undone("MemoryError")),
        (out, Undone("SystemExit")),
        (secret, Undone("KeyError")),
    ],
)
def test_what_is_raised_in_a_worker_is_named(jobs: int, fail: Callable[[], object], expected: Undone) -> None:
    found = shared(failing(3, fail), jobs)
    assert found[3] == expected
    assert others(found, 3)


@pytest.mark.parametrize("jobs", [2, 3])
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGXCPU, signal.SIGTERM])
def test_the_signal_that_ended_a_worker_is_named(jobs: int, number: signal.Signals) -> None:
    found = shared(failing(3, lambda: os.kill(os.getpid(), number)), jobs)
    advice = MEMORY if number == signal.SIGKILL else ""
    assert found[3] == Undone(f"its worker process was ended by {number.name}", advice)
    assert others(found, 3)


def test_a_worker_that_leaves_is_noticed() -> None:
    found = shared(failing(3, lambda: os._exit(7)), 2)
    assert found[3] == Undone("its worker process ended with code 7")
    assert others(found, 3)


def test_every_worker_may_fail() -> None:
    def work(_: int) -> bytes:
        raise ImportError("cannot import name 'packed'")

    assert set(shared(work, 2).values()) == {Undone("ImportError: cannot import name 'packed'", DAMAGED)}


def alone(program: str) -> "subprocess.CompletedProcess[str]":
    """Runs a program in a process, and in a session, of its own: it is ended with all that it started."""
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(program)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    with process:
        try:
            output, errors = process.communicate(timeout=LONG)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
    return subprocess.CompletedProcess(process.args, process.returncode, output, errors)


def test_a_process_that_a_dead_worker_has_started_holds_nothing_up() -> None:
    """It has the worker's end of the pipe, too, so that reading from it does not end."""
    done = alone(
        """
        import os, sys, time
        from mlwa_lint.run.workers import share_out

        def work(piece):
            if piece == 3:
                if os.fork() == 0:
                    os.close(1)
                    os.close(2)
                    time.sleep(1000)
                os._exit(5)
            return b"done"

        share_out(range(6), work, 2, lambda piece, result: print(piece, result, flush=True))
        """
    )
    assert done.returncode == 0, done.stderr
    lines = sorted(done.stdout.splitlines())
    assert [each for each in lines if "b'done'" in each] == [f"{piece} b'done'" for piece in (0, 1, 2, 4, 5)]
    assert "its worker process ended with code 5" in lines[3]


@pytest.mark.parametrize("error", ["OSError(9, 'Bad file descriptor')", "KeyboardInterrupt()"])
def test_a_process_that_cannot_become_a_worker_does_not_go_on_as_its_parent(error: str) -> None:
    done = alone(
        f"""
        import os
        from mlwa_lint.run.workers import share_out

        parent, close = os.getpid(), os.close

        def closed(descriptor):
            if os.getpid() != parent:
                raise {error}
            close(descriptor)

        os.close = closed
        try:
            share_out(range(3), lambda _: b"done", 2, lambda *result: print(*result, flush=True))
        finally:
            print("over", flush=True)
        """
    )
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines.count("over") == 1
    assert len(lines) == 4
    assert all("its worker process ended with code 1" in each for each in lines[:3])
