"""A pool of forked processes that share numbered pieces of work."""

import os
import signal
import sys
from collections.abc import Callable, Iterable
from select import POLLIN, poll
from typing import NoReturn, TypeAlias

# What a piece of work came to; None when its process died over it.
OnResult: TypeAlias = "Callable[[int, bytes | None], None]"

_WORD = 8


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
    waiting = list(reversed(list(pieces)))
    pool: dict[int, _Worker] = {}
    listening = poll()  # unlike select, it takes any number of descriptors

    def start() -> bool:
        """One process more, if there are descriptors and processes to be had and work for it."""
        if not waiting:
            return False
        try:
            worker = _Worker(work, pool.values())
        except OSError:
            if not pool:
                raise
            return False
        pool[worker.replies] = worker
        listening.register(worker.replies, POLLIN)
        worker.begin(waiting.pop())
        return True

    def end(worker: _Worker) -> None:
        listening.unregister(worker.replies)
        del pool[worker.replies]
        worker.end()

    try:
        while len(pool) < jobs and start():
            pass
        while pool:
            for descriptor, _ in listening.poll():
                worker = pool[descriptor]
                if not worker.receive():
                    end(worker)
                    on_result(worker.piece, None)
                    start()
                    continue
                reply = worker.reply()
                if reply is None:
                    continue
                piece = worker.piece
                if waiting:
                    worker.begin(waiting.pop())
                else:
                    end(worker)
                on_result(piece, reply)
    finally:
        for worker in pool.values():
            worker.kill()


class _Worker:
    """One process, seen from its parent."""

    def __init__(self, work: Callable[[int], bytes], others: "Iterable[_Worker]") -> None:
        self.piece = -1
        self._received = bytearray()
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
            for other in (*others, self):  # so that each of them sees when the parent is gone
                os.close(other._requests)  # noqa: SLF001 - its own kind
                os.close(other.replies)
            _serve(work, requests, replies)
        os.close(requests)
        os.close(replies)

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

    def reply(self) -> bytes | None:
        """The whole reply, once it is there."""
        size = int.from_bytes(self._received[:_WORD], "big")
        if len(self._received) < _WORD or len(self._received) < _WORD + size:
            return None
        data = bytes(self._received[_WORD : _WORD + size])
        del self._received[: _WORD + size]
        return data

    def end(self) -> None:
        """Lets it go, and waits until it is gone."""
        os.close(self._requests)
        os.close(self.replies)
        os.waitpid(self._id, 0)

    def kill(self) -> None:
        """Ends it at once."""
        os.kill(self._id, signal.SIGKILL)
        self.end()


def _serve(work: Callable[[int], bytes], requests: int, replies: int) -> NoReturn:
    """What a process does until its parent closes the pipe."""
    code = 1
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends its processes itself
        while request := os.read(requests, _WORD):
            data = work(int.from_bytes(request, "big"))
            _write(replies, len(data).to_bytes(_WORD, "big") + data)
        code = 0
    finally:
        os._exit(code)  # never back into the parent's code, whatever was raised


def _write(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]
