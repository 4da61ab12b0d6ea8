"""Whole lists as the ids of their records in order, remembered for as long as the data stays as it is.

A list that is filtered is found wholly once; then its count, and every page of it however far down, are at hand.
"""

from array import array
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from threading import Lock

from sqlalchemy import Connection

from app.queries.status import state_of

Ids = Sequence[int]

# Of all lists together; four bytes for a record.
_MOST_BYTES = 16_000_000


class Listings:
    """The lists of each database at its present revision; those that were asked for last are kept."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, array[int]] = OrderedDict()
        self._making: dict[Hashable, Lock] = {}
        self._lock = Lock()
        self._size = 0

    def of(self, connection: Connection, asked: str, find: Callable[[], Ids]) -> Ids:
        """The list of what is asked, in the revision that the connection reads, or else what `find` finds now."""
        key = (str(connection.engine.url), state_of(connection).revision, asked)
        with self._lock:
            making = self._making.setdefault(key, Lock())
        try:
            with making:  # nobody finds what another one is about to
                if (kept := self.kept(*key)) is not None:
                    return kept
                found = array("I", find())
                self._keep(key, found)
        finally:
            with self._lock:
                self._making.pop(key, None)
        return found

    def kept(self, url: str, revision: int, asked: str) -> Ids | None:
        """The list of what is asked of a database at a revision, if it is remembered."""
        key = (url, revision, asked)
        with self._lock:
            if (found := self._kept.get(key)) is not None:
                self._kept.move_to_end(key)
        return found

    def _keep(self, key: Hashable, found: "array[int]") -> None:
        with self._lock:
            self._kept[key] = found
            self._size += _bytes(found)
            while self._size > _MOST_BYTES and len(self._kept) > 1:
                _, dropped = self._kept.popitem(last=False)
                self._size -= _bytes(dropped)


def _bytes(found: "array[int]") -> int:
    return len(found) * found.itemsize + 500


LISTINGS = Listings()
