"""The process that a worker keeps for linting: it forks one child for each repository, and watches it.

    python -P -m mlwa_lint.fleet.serving    (reads a plan, then repositories; writes rows)

The child inherits a program that is loaded already, and nothing of the repository before it. It may take so
much time and memory; what it leaves behind, processes and files, is removed. When standard input is closed
(the worker is gone, however it went), the child is ended and the process ends.
"""

import gc
import json
import os
import resource
import select
import signal
import sys
import time
from pathlib import Path
from typing import NoReturn

from mlwa_lint.catalogue.registry import Registry
from mlwa_lint.fleet import pipes
from mlwa_lint.fleet.extras import need
from mlwa_lint.fleet.failures import Failure, FetchError, of_os_error
from mlwa_lint.fleet.fetching import fetch
from mlwa_lint.fleet.identity import identity
from mlwa_lint.fleet.linting import lint_repository
from mlwa_lint.fleet.plan import Limits, Repository, ScanPlan, plan_of, repository_of
from mlwa_lint.fleet.rows import Rows, rows_of, rows_of_failure
from mlwa_lint.fleet.scratch import Scratch, delete
from mlwa_lint.fleet.warming import WORTHWHILE_FROM, warm_further, warm_up
from mlwa_lint.run.session import every_rule
from mlwa_lint.startup.records import NamedTuple

_MEGABYTE = 1_000_000
_TICK = 0.05
_GRACE = 5.0
# How long a child may take to exit after its response; it exits at once, unless its coverage is measured.
_FAREWELL = 1.0
# What a child can send: rows of a repository with hundreds of thousands of findings.
_REPLY_LIMIT = 512 * _MEGABYTE
_WAITING, _FETCHING, _LINTING = b"waiting", b"fetching", b"linting"
_PAGE = resource.getpagesize()


class Reply(NamedTuple):
    """What a child came to: its rows (as JSON), how long it took, and its most memory in megabytes."""

    rows: bytes
    seconds: float
    memory: float


def main() -> None:
    """Serves the worker that started this process."""
    gc.disable()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # so that the child is ended, too
    requests, replies = _take_standard_streams()
    message = pipes.receive(requests)
    if message is None:
        return
    scratch = None
    try:
        scratch = Scratch()
        server = _Server(plan_of(message.decode()), requests, scratch)
    except Exception as error:  # noqa: BLE001 - whatever rules do when they are loaded
        pipes.send(replies, json.dumps({"error": f"{type(error).__name__}: {error}"}).encode())
    else:
        pipes.send(replies, json.dumps({"identity": identity()}).encode())
        _serve(server, requests, replies)
    finally:
        if scratch is not None:
            scratch.close()


def _serve(server: "_Server", requests: int, replies: int) -> None:
    """Responds until the worker is gone."""
    while (request := pipes.receive(requests)) is not None:
        repository = repository_of(json.loads(request))
        try:
            reply = server.answer(repository)
        except OSError as error:  # no disk, no process to be had
            failure = of_os_error(error, "worker")
            reply = Reply(_packed(rows_of_failure(repository, failure)), 0.0, 0.0)
        try:
            pipes.send(replies, json.dumps({"seconds": reply.seconds, "memory": reply.memory}).encode())
            pipes.send(replies, reply.rows)
        except BrokenPipeError:
            return


def _take_standard_streams() -> tuple[int, int]:
    """The pipes to the worker; whatever prints, prints to nowhere."""
    requests, replies = os.dup(0), os.dup(1)
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)
    os.dup2(nowhere, 1)
    return requests, replies


class _Server:
    def __init__(self, plan: ScanPlan, requests: int, scratch: Scratch) -> None:
        self._plan = plan
        self._requests = requests
        self._scratch = scratch
        self._registry = _registry(plan, scratch)
        self._answered = 0
        warm_up(plan, self._registry, scratch.new())
        _settle()

    def _prepare(self, repository: Repository) -> None:
        """Loads what this child, and those to come, would load each for itself."""
        _preload(repository)
        self._answered += 1
        if self._answered == WORTHWHILE_FROM:
            warm_further(self._registry, self._scratch.new())
            _settle()

    def answer(self, repository: Repository) -> Reply:
        """Scans a repository in a child. Exits when the worker is gone."""
        self._prepare(repository)
        folder = self._scratch.new()
        started = time.monotonic()
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            os.close(self._requests)
            _child(repository, self._plan, self._registry, folder, writing)
        os.close(writing)
        try:
            watch = _Watch(child, reading, self._requests, self._plan.limits)
            found = watch.result()
        finally:
            os.close(reading)
            _end(child)
            _, status, used = os.wait4(child, 0)
            delete(folder)
        if found is None:
            sys.exit(0)
        if isinstance(found, Failure):
            found = _packed(rows_of_failure(repository, found))
        elif not found:
            found = _packed(rows_of_failure(repository, _how_it_ended(status)))
        return Reply(found, time.monotonic() - started, used.ru_maxrss * 1024 / _MEGABYTE)


def _settle() -> None:
    """Excludes existing objects from later collections, so that children share its memory."""
    gc.collect()
    gc.freeze()


def _preload(repository: Repository) -> None:
    """Loads the client of an archive's store, without using it, so that not every child has to."""
    if repository.kind == "archive" and "://" in repository.address:
        try:
            need("fsspec").get_filesystem_class(repository.address.partition("://")[0])
        except Exception:  # noqa: BLE001 - what is missing is reported where it is used
            return


def _registry(plan: ScanPlan, scratch: Scratch) -> Registry:
    folder = scratch.new()
    sources = set()
    for each in plan.rules:
        path = folder / each.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(each.text, "utf-8")
        sources.add(str(folder / each.path.partition("/")[0]))
    return every_rule((*sorted(sources), *plan.modules))


class _Watch:
    """Waits for a child's rows within its limits."""

    def __init__(self, child: int, reading: int, requests: int, limits: Limits) -> None:
        self._child = child
        self._reading = reading
        self._requests = requests
        self._limits = limits
        self._phase = _WAITING
        self._deadline: float | None = None
        self._received = bytearray()

    def result(self) -> bytes | Failure | None:
        """The rows, or why there are none; empty if the child ended unexpectedly; None: no worker waits."""
        listening = select.poll()
        listening.register(self._reading, select.POLLIN)
        listening.register(self._requests, 0)  # means only that the other end is closed
        while True:
            for descriptor, _ in listening.poll(_TICK * 1000):
                if descriptor == self._requests:
                    return None
                data = os.read(self._reading, 1 << 20)
                if not data:
                    return b""
                self._received += data
                rows = self._message()
                if rows is not None:
                    listening.poll(_FAREWELL * 1000)  # it exits on its own, after its exit handlers
                    return rows
            failure = self._beyond()
            if failure is not None:
                return failure

    def _message(self) -> bytes | None:
        """The rows, once they are whole; a new phase begins a new deadline."""
        while (message := pipes.taken(self._received)) is not None:
            if message == _FETCHING:
                self._begin(message, self._limits.fetch_seconds + _GRACE)
            elif message == _LINTING:
                self._begin(message, self._limits.seconds)
            else:
                return message
        return None

    def _begin(self, phase: bytes, seconds: float) -> None:
        self._phase = phase
        self._deadline = time.monotonic() + seconds

    def _beyond(self) -> Failure | None:
        if self._deadline is not None and time.monotonic() > self._deadline:
            fetching = self._phase == _FETCHING
            seconds = self._limits.fetch_seconds if fetching else self._limits.seconds
            what = "fetching" if fetching else "linting"
            return Failure("time", f"{what} took more than {seconds:g} seconds")
        if _resident(self._child) > self._limits.memory * _MEGABYTE or len(self._received) > _REPLY_LIMIT:
            return Failure("memory", f"linting took more than {self._limits.memory:,} MB")
        return None


def _resident(child: int) -> int:
    """How many bytes of memory a process has, where the system reports it."""
    try:
        pages = Path(f"/proc/{child}/statm").read_text("ascii").split()[1]
    except (OSError, IndexError):
        return 0
    return int(pages) * _PAGE


def _end(child: int) -> None:
    """Ends a child and what it has started; it leads a group of its own."""
    for end in (os.killpg, os.kill):
        try:
            end(child, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            continue


def _how_it_ended(status: int) -> Failure:
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        return Failure("worker", f"its process was ended by {signal.Signals(number).name}")
    return Failure("internal", f"its process ended with code {os.waitstatus_to_exitcode(status)}")


def _child(
    repository: Repository, plan: ScanPlan, registry: Registry, folder: Path, writing: int
) -> NoReturn:
    """Fetches and lints in a process of its own; never returns."""
    code = 1
    try:
        os.setsid()
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        os.umask(0o077)
        limits = plan.limits
        _limit(resource.RLIMIT_FSIZE, limits.disk * _MEGABYTE)
        _limit(resource.RLIMIT_CORE, 0)
        # Ends it even where this process is killed and can watch no longer.
        _limit(resource.RLIMIT_CPU, int(limits.longest + 2 * _GRACE))
        # Some above the bound that the parent watches: what grows faster than it looks is stopped by this.
        # It does not count what is mapped from files, as git maps its packs.
        _limit(resource.RLIMIT_DATA, limits.memory * _MEGABYTE * 3 // 2 + 256 * _MEGABYTE)
        rows = _scanned(repository, plan, registry, folder, writing)
        pipes.send(writing, _packed(rows))
        code = 0
    except BrokenPipeError:
        pass
    finally:
        os._exit(code)


def _scanned(repository: Repository, plan: ScanPlan, registry: Registry, folder: Path, writing: int) -> Rows:
    failure: Failure
    try:
        checkout = fetch(repository, folder, plan.limits, lambda: pipes.send(writing, _FETCHING))
        pipes.send(writing, _LINTING)
        linted = lint_repository(checkout.folder, plan, registry)
        if not isinstance(linted, Failure):
            notes = [*linted.notes, *_about_links(checkout.links)]
            return rows_of(repository, checkout.commit, linted.result, linted.resources, notes)
        failure = linted
    except FetchError as error:
        failure = error.failure
    except MemoryError:
        failure = Failure("memory", f"it took more than {plan.limits.memory:,} MB")
    except BrokenPipeError:
        raise
    except (PermissionError, FileNotFoundError, NotADirectoryError) as error:
        failure = of_os_error(error, "missing")
    except OSError as error:
        failure = of_os_error(error, "internal")
    except Exception as error:  # noqa: BLE001 - a bug of mlwa-lint is a row, and not the end of a scan
        failure = Failure("internal", f"{type(error).__name__}: {error}")
    return rows_of_failure(repository, failure)


def _about_links(links: tuple[str, ...]) -> list[str]:
    if not links:
        return []
    named = ", ".join(links[:3]) + (" …" if len(links) > 3 else "")
    return [f"{len(links)} links in the archive were left out: {named}"]


def _limit(which: int, value: int) -> None:
    _, hard = resource.getrlimit(which)
    if hard != resource.RLIM_INFINITY:
        value = min(value, hard)
    try:
        resource.setrlimit(which, (value, value))
    except (ValueError, OSError):
        return  # macOS knows it and does not let it be set


def _packed(rows: Rows) -> bytes:
    return json.dumps(rows, ensure_ascii=True, separators=(",", ":")).encode("ascii")


if __name__ == "__main__":
    main()
