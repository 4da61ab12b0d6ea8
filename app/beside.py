"""A second process that computes while this one reads and writes the database, which it never opens itself.

What is asked of it is the same as here: functions without side effects, whose results come in the order of what they
were given. So nothing depends on whether there is a second process, or on how fast it is.
"""

import multiprocessing
import os
import pickle
import signal
import sys
import threading
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from multiprocessing.connection import Connection
from queue import SimpleQueue
from typing import Any, Self, TypeVar

# How many pieces of work the other process has at a time, how many results wait for their turn, and how many come
# unasked before it has to wait.
_AHEAD, _WAITING, _UNASKED = 3, 3, 3

_Given = TypeVar("_Given")
_Made = TypeVar("_Made")


class LostError(Exception):
    """The other process ended before its work did. The message says how."""


class Alone:
    """Does all work in this process."""

    def each(self, function: Callable[[_Given], _Made], given: Iterable[_Given]) -> Iterator[_Made]:
        """What a function makes of each thing."""
        return map(function, given)

    def produced(self, function: Callable[..., Iterator[_Made]], *told: Any) -> Iterator[_Made]:
        """What a generator yields."""
        return function(*told)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing is left over."""


class Beside(Alone):
    """Has another process do some of it, which ends with the block, or with this process, however that ends.

    It is to be made before a database is opened or a thread started, since it begins as a copy of this process.
    """

    def __init__(self) -> None:
        context: Any = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
        self._connection, other = multiprocessing.Pipe()
        self._process = context.Process(target=_serve, args=(other, self._connection), daemon=True)
        # Until it lets Ctrl-C be, it must not hear of it.
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            self._process.start()
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
        other.close()
        # One thread gives and one takes, so that neither process ever waits for the other to listen.
        self._asked: SimpleQueue[bytes | None] = SimpleQueue()
        self._told: SimpleQueue[bytes | None] = SimpleQueue()
        self._room = threading.Semaphore(_AHEAD + _UNASKED)
        for work in (self._give, self._take):
            threading.Thread(target=work, daemon=True).start()

    def __exit__(self, *_: object) -> None:
        """End the other process, whatever it does: it has nothing that could be left half done."""
        self._process.kill()
        self._process.join()
        self._asked.put(None)

    def each(self, function: Callable[[_Given], _Made], given: Iterable[_Given]) -> Iterator[_Made]:
        """What a function makes of each thing, in the order of these; here where the other process has enough to do."""
        waiting: deque[tuple[bool, Any]] = deque()
        sent = 0
        for one in given:
            if sent < _AHEAD:
                self._ask(function, (one,), is_many=False)
                sent += 1
                waiting.append((True, None))
            else:
                waiting.append((False, function(one)))
            while waiting and (not waiting[0][0] or not self._told.empty() or len(waiting) > _WAITING):
                is_sent, made = waiting.popleft()
                sent -= is_sent
                yield self._next() if is_sent else made
        for is_sent, made in waiting:
            yield self._next() if is_sent else made

    def produced(self, function: Callable[..., Iterator[_Made]], *told: Any) -> Iterator[_Made]:
        """What a generator yields, which the other process runs ahead with."""
        self._ask(function, told, is_many=True)
        while (made := self._next()) is not _END:
            yield made

    def _ask(self, function: Callable[..., Any], told: tuple[Any, ...], *, is_many: bool) -> None:
        self._asked.put(pickle.dumps((function, told, is_many), pickle.HIGHEST_PROTOCOL))

    def _next(self) -> Any:
        told = self._told.get()
        self._room.release()
        if told is None:
            self._told.put(None)  # for whoever asks again
            self._process.join()
            raise LostError(f"the process that computes beside this one was ended ({self._process.exitcode})")
        made = pickle.loads(told)
        if isinstance(made, _Failed):
            raise made.error
        return made

    def _give(self) -> None:
        while (one := self._asked.get()) is not None:
            try:
                self._connection.send_bytes(one)
            except OSError:  # whoever takes is told so
                return

    def _take(self) -> None:
        try:
            while self._room.acquire():
                self._told.put(self._connection.recv_bytes())
        except (EOFError, OSError):
            self._told.put(None)


def beside() -> Alone:
    """Another process for this one to share its work with, if it may run on more cores than one."""
    count = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
    return Beside() if count > 1 else Alone()


class _End:
    """Stands for the end of what a generator yields."""

    def __reduce__(self) -> str:
        return "_END"


_END = _End()


class _Failed:
    """Stands for what would have been made but for an error."""

    def __init__(self, error: Exception) -> None:
        self.error = error


def _serve(connection: Connection, others_end: Connection) -> None:
    """Do what is asked until nobody is there to ask. Ctrl-C is for the one that asks, which ends this one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    others_end.close()
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        while True:
            function, told, is_many = pickle.loads(connection.recv_bytes())
            for made in _made(function, told, is_many=is_many):
                connection.send_bytes(pickle.dumps(made, pickle.HIGHEST_PROTOCOL))
    except (EOFError, OSError):
        return


def _end_with_parent() -> None:
    """End at once when nobody is there any more who could want what is computed."""
    if parent := multiprocessing.parent_process():
        parent.join()
    os._exit(1)


def _made(function: Callable[..., Any], told: tuple[Any, ...], *, is_many: bool) -> Iterator[Any]:
    try:
        if is_many:
            yield from function(*told)
            yield _END
        else:
            yield function(*told)
    except Exception as error:
        error.add_note("".join(traceback.format_exception(error)))  # of what it was not raised in, nothing else remains
        yield _Failed(error)
