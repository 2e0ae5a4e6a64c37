"""The main thread's work: evaluations after a short pause, and responses to requests, one after the other."""

import gc
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

# Seconds from the last change until it is evaluated; but not more than the limit altogether.
PAUSE = 0.03
PAUSE_LIMIT = 1.0
# So often an evaluation gives way to a newer change before one is seen through: who types on wants to see.
YIELDS = 5

# Garbage in cycles is collected after so many seconds without work, or else after so many evaluations:
# looking for it while the user types would take longer than what they have typed.
IDLE = 2.0
LITTER_LIMIT = 100

T = TypeVar("T")


class Superseded(BaseException):
    """There is something newer to evaluate; no Exception, so that nothing swallows it."""


class Worker:
    """Takes work from other threads; `run` does it in the thread that calls it."""

    def __init__(self, evaluate: Callable[[], None]) -> None:
        """evaluate: evaluates all that has changed; it calls `give_way` now and then."""
        self._evaluate = evaluate
        self._changed = threading.Condition()
        self._calls: list[tuple[Future[Any], Callable[[], Any]]] = []
        self._due: float | None = None
        self._first = 0.0
        self._given_way = 0
        self._stopped = False
        self._litter = 0
        gc.disable()

    def request(self, pause: float = PAUSE) -> None:
        """Has everything that changed evaluated, when nothing further changes for a moment."""
        with self._changed:
            now = time.monotonic()
            if self._due is None:
                self._first = now
            self._due = min(now + pause, self._first + PAUSE_LIMIT)
            self._changed.notify()

    def call(self, work: Callable[[], T]) -> "Future[T]":
        """Has something done after all evaluations that are due before it."""
        future: Future[T] = Future()
        with self._changed:
            self._calls.append((future, work))
            self._changed.notify()
        return future

    def stop(self) -> None:
        """Ends `run`, as soon as what it does now is done or gives way."""
        with self._changed:
            self._stopped = True
            self._changed.notify()

    def give_way(self) -> None:
        """Raises Superseded where there is something newer to evaluate, or nothing at all any more."""
        if self._stopped or (self._due is not None and self._given_way < YIELDS):
            raise Superseded

    def run(self) -> None:
        """Works until it is stopped."""
        while (work := self._next()) is not None:
            work()

    def _next(self) -> Callable[[], None] | None:
        with self._changed:
            while not self._stopped:
                if self._due is not None:
                    # A request is about the current state: then the pause is over.
                    left = 0 if self._calls else self._due - time.monotonic()
                    if left <= 0:
                        self._due = None
                        return self._evaluated
                    self._changed.wait(left)
                elif self._calls:
                    future, work = self._calls.pop(0)
                    return lambda: _answer(future, work)
                elif not self._changed.wait(IDLE if self._litter else None):
                    self._litter = 0
                    return _collect_garbage
            return None

    def _evaluated(self) -> None:
        self._litter += 1
        if self._litter > LITTER_LIMIT:
            self._litter = 0
            gc.collect()
        try:
            self._evaluate()
        except Superseded:
            self._given_way += 1
            return
        self._given_way = 0


def _collect_garbage() -> None:
    gc.collect()


def _answer(future: "Future[T]", work: Callable[[], T]) -> None:
    if not future.set_running_or_notify_cancel():
        return
    try:
        future.set_result(work())
    except Exception as error:  # noqa: BLE001 - the error is reported to the client, and the next request is served
        future.set_exception(error)
