"""A pool of forked processes that share numbered pieces of work."""

import os
import signal
import sys
from collections.abc import Callable, Iterable
from select import POLLIN, poll
from typing import NoReturn, TypeAlias

from mlwa_lint.startup.records import NamedTuple


class Undone(NamedTuple):
    """Why there is no result for a piece of work, and what to do about that, where we know."""

    message: str
    advice: str = ""


# What a piece of work came to.
OnResult: TypeAlias = "Callable[[int, bytes | Undone], None]"

_WORD = 8
# The byte after the length of a reply: whether the result follows, or what was raised and advice on it.
_DONE, _RAISED = 0, 1
# When nothing arrives for this long, processes are asked whether they are still there: the end of a pipe does
# not show where another process, which a worker has started, has it as well.
_SILENCE = 1.0
_OUT_OF_MEMORY = "where memory ran out, run it again with --jobs 1"


def cores() -> int:
    """How many processors this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1


def can_fork() -> bool:
    """Whether processes can be forked here."""
    return hasattr(os, "fork") and sys.platform != "win32"


def share_out(pieces: Iterable[int], work: Callable[[int], bytes], jobs: int, on_result: OnResult) -> None:
    """Has `jobs` processes work on the pieces, one after the other as they are ready for more.

    Whatever ends this call (Ctrl-C among others) ends the processes too.
    """
    pool = _Pool(pieces, work, on_result)
    try:
        pool.run(jobs)
    finally:
        pool.kill()


class _Pool:
    """The processes, and the pieces that wait for them."""

    def __init__(self, pieces: Iterable[int], work: Callable[[int], bytes], on_result: OnResult) -> None:
        self._waiting = list(reversed(list(pieces)))
        self._work = work
        self._on_result = on_result
        self._workers: dict[int, _Worker] = {}
        self._listening = poll()  # unlike select, it takes any number of descriptors

    def run(self, jobs: int) -> None:
        """Has all pieces done."""
        while len(self._workers) < jobs and self._start():
            pass
        while self._workers:
            arrived = self._listening.poll(_SILENCE * 1000)
            if not arrived:
                for worker in [each for each in self._workers.values() if each.is_gone()]:
                    self._lost(worker)
            for descriptor, _ in arrived:
                self._receive(self._workers[descriptor])

    def kill(self) -> None:
        """Ends the processes that are left."""
        for worker in self._workers.values():
            worker.kill()

    def _start(self) -> bool:
        """One process more, if there are descriptors and processes to be had and work for it."""
        if not self._waiting:
            return False
        try:
            worker = _Worker(self._work, self._workers.values())
        except OSError:
            if not self._workers:
                raise
            return False
        self._workers[worker.replies] = worker
        self._listening.register(worker.replies, POLLIN)
        worker.begin(self._waiting.pop())
        return True

    def _receive(self, worker: "_Worker") -> None:
        if not worker.receive():
            self._lost(worker)
            return
        reply = worker.reply()
        if reply is None:
            return
        piece = worker.piece
        if self._waiting:
            worker.begin(self._waiting.pop())
        else:
            self._remove(worker)
            worker.end()
        self._on_result(piece, reply)

    def _lost(self, worker: "_Worker") -> None:
        """Reports a process that is gone, and has another one in its place."""
        self._remove(worker)
        self._on_result(worker.piece, worker.how_it_ended())
        self._start()

    def _remove(self, worker: "_Worker") -> None:
        self._listening.unregister(worker.replies)
        del self._workers[worker.replies]


class _Worker:
    """One process, seen from its parent."""

    def __init__(self, work: Callable[[int], bytes], others: "Iterable[_Worker]") -> None:
        self.piece = -1
        self._received = bytearray()
        self._status: int | None = None
        sys.stdout.flush()
        sys.stderr.flush()
        opened: list[int] = []
        try:
            opened += os.pipe()
            opened += os.pipe()
            self._id = os.fork()
        except OSError:
            for descriptor in opened:
                os.close(descriptor)
            raise
        requests, self._requests, self.replies, replies = opened
        if self._id == 0:
            _serve(work, requests, replies, [end for each in (*others, self) for end in each.ends()])
        os.close(requests)
        os.close(replies)

    def ends(self) -> tuple[int, int]:
        """The parent's ends of its pipes."""
        return self._requests, self.replies

    def begin(self, piece: int) -> None:
        """Hands a piece of work over."""
        self.piece = piece
        try:
            os.write(self._requests, piece.to_bytes(_WORD, "big"))
        except BrokenPipeError:
            return  # it died; that shows when its reply is awaited

    def receive(self) -> bool:
        """Receives its message; False when it is gone."""
        data = os.read(self.replies, 1 << 20)
        self._received += data
        return bool(data)

    def reply(self) -> bytes | Undone | None:
        """The whole reply, once it is there."""
        size = int.from_bytes(self._received[:_WORD], "big")
        if len(self._received) < _WORD or len(self._received) < _WORD + size:
            return None
        kind, data = self._received[_WORD], bytes(self._received[_WORD + 1 : _WORD + size])
        del self._received[: _WORD + size]
        return data if kind == _DONE else Undone(*data.decode("utf-8", "replace").split("\0", 1))

    def is_gone(self) -> bool:
        """Whether its process has ended."""
        if self._status is None:
            found, status = os.waitpid(self._id, os.WNOHANG)
            if found:
                self._status = status
        return self._status is not None

    def how_it_ended(self) -> Undone:
        """Why there will be no reply. What has closed its pipe and is still there has not much more to do."""
        self.kill()
        assert self._status is not None
        code = os.waitstatus_to_exitcode(self._status)
        if code >= 0:
            return Undone(f"its worker process ended with code {code}")
        name = signal.Signals(-code).name
        return Undone(f"its worker process was ended by {name}", _OUT_OF_MEMORY if name == "SIGKILL" else "")

    def end(self) -> None:
        """Lets it go, and waits until it is gone."""
        os.close(self._requests)
        os.close(self.replies)
        if self._status is None:
            _, self._status = os.waitpid(self._id, 0)

    def kill(self) -> None:
        """Ends it at once, where it has not ended by itself."""
        if not self.is_gone():
            os.kill(self._id, signal.SIGKILL)
        self.end()


def _serve(work: Callable[[int], bytes], requests: int, replies: int, others: Iterable[int]) -> NoReturn:
    """What a process does until its parent closes the pipe.

    others: the parent's ends of pipes, which it closes so that each process sees when the parent is gone.
    """
    code = 1
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends its processes itself
        for descriptor in others:
            os.close(descriptor)
        while request := os.read(requests, _WORD):
            _reply(replies, *_worked(work, int.from_bytes(request, "big")))
        code = 0
    finally:
        os._exit(code)  # never back into the parent's code, whatever was raised


def _worked(work: Callable[[int], bytes], piece: int) -> tuple[int, bytes]:
    """The result of a piece of work, or what was raised over it: a module that cannot be imported, say."""
    try:
        return _DONE, work(piece)
    except BaseException as error:  # noqa: BLE001 - the parent reports it
        from mlwa_lint.run.failures import advice_on, shown

        return _RAISED, f"{shown(error)}\0{advice_on(error)}".encode("utf-8", "replace")


def _reply(descriptor: int, kind: int, data: bytes) -> None:
    _write(descriptor, (len(data) + 1).to_bytes(_WORD, "big") + bytes((kind,)) + data)


def _write(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]
