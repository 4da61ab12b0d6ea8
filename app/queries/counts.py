"""Counts that are remembered for as long as the data stays as it is: an exact one looks at all that it counts."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

from sqlalchemy import Connection

from app.queries.status import state_of

_T = TypeVar("_T")
_MOST = 200


class Counts(Generic[_T]):
    """What was counted, by what was asked, of each database at its present revision; the latest asked for are kept."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, _T] = OrderedDict()
        self._lock = Lock()

    def of(self, connection: Connection, asked: Hashable, count: Callable[[], _T]) -> _T:
        """What was counted for `asked` in this revision of the data, or else what `count` counts now."""
        key = (str(connection.engine.url), state_of(connection), asked)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        counted = count()
        with self._lock:
            self._kept[key] = counted
            while len(self._kept) > _MOST:
                self._kept.popitem(last=False)
        return counted
