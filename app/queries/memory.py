"""A cache of what queries found, for as long as the data stays as it is: to find it may take a look at all there is."""

from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Generic, TypeVar

from sqlalchemy import Connection

from app.budget import Budget, budget_of
from app.prepared import Reader, State
from app.queries.status import state_of, state_read

_T = TypeVar("_T")
_Key = tuple[str, State, str]
# What an entry takes beside its key and what is found, in bytes.
_ENTRY = 500
# Seconds until whoever waits for somebody else who finds it looks whether there is time left.
_A_WHILE = 0.1


class Memory(Generic[_T]):
    """What was found by what was asked, of each database in its present state; the latest asked for are kept.

    All of it takes at most so many bytes, as `size_of` tells those of what was found.
    """

    def __init__(self, most_bytes: int, size_of: Callable[[_T], int] = lambda _: 0) -> None:
        self._most, self._size_of = most_bytes, size_of
        self._kept: OrderedDict[_Key, _T] = OrderedDict()
        self._finding: dict[_Key, Lock] = {}
        self._lock = Lock()
        self._size = 0

    def of(self, connection: Connection, asked: str, find: Callable[[], _T]) -> _T:
        """What was found for `asked` in the state that the connection reads, or else what `find` finds now."""
        key = (str(connection.engine.url), state_of(connection), asked)
        with self._lock:
            finding = self._finding.setdefault(key, Lock())
        try:
            with _turn(finding, budget_of(connection)):  # nobody finds what another one is about to
                if (kept := self.kept(*key)) is not None:
                    return kept
                found = find()
                self.keep(*key, found)
        finally:
            with self._lock:
                self._finding.pop(key, None)
        return found

    def kept(self, url: str, state: State, asked: str) -> _T | None:
        """What was found for `asked` in a database of this state, if it is remembered."""
        key = (url, state, asked)
        with self._lock:
            if (found := self._kept.get(key)) is not None:
                self._kept.move_to_end(key)
        return found

    def keep(self, url: str, state: State, asked: str, found: _T) -> None:
        """Remember what was found."""
        key = (url, state, asked)
        with self._lock:
            if key in self._kept:
                self._size -= self._bytes(key, self._kept.pop(key))
            self._kept[key] = found
            self._size += self._bytes(key, found)
            while self._size > self._most and len(self._kept) > 1:
                self._size -= self._bytes(*self._kept.popitem(last=False))

    def _bytes(self, key: _Key, found: _T) -> int:
        return _ENTRY + len(key[0]) + len(key[2]) + self._size_of(found)


@contextmanager
def _turn(lock: Lock, budget: Budget | None) -> Iterator[None]:
    """The lock, for which nobody waits longer than they may. Raises SpentError, or GoneError."""
    if budget is None:
        lock.acquire()
    else:
        while not lock.acquire(timeout=_A_WHILE):
            budget.check()
    try:
        yield
    finally:
        lock.release()


def remembered(memory: Memory[_T], reader: Reader, asked: str, find: Callable[[], _T]) -> _T:
    """What was found before in this revision, or what `find` finds; nobody waits for somebody else who finds it."""
    key = (reader.base, state_read(reader), asked)
    if (found := memory.kept(*key)) is None:
        memory.keep(*key, found := find())
    return found
