"""Whether the databases can be read, as the log tells it: once that one cannot, and why, and once that it can again."""

import logging
import sqlite3
from threading import Lock

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError

from app.db import shown

_LOST = "the database %s cannot be read, and whoever needs it is answered with 503: %s"
_FOUND = "the database %s can be read again"
# What PostgreSQL says where it takes no writes, as a standby; and of what is damaged.
OUT_OF_USE = ("25006", "XX001", "XX002")
_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_log = logging.getLogger("filmspace")


class Reach:
    """What keeps each database from being read, for as long as it does; any thread may tell."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._lost: set[Engine] = set()
        self.last_reason: str | None = None
        """Why something could not be read, the last time."""

    def lost(self, engine: Engine, error: Exception) -> None:
        """It could not be read, for what its driver says."""
        with self._lock:
            is_new = engine not in self._lost
            self._lost.add(engine)
        self.last_reason = reason_of(error)
        if is_new:
            _log.warning(_LOST, shown(engine.url), self.last_reason)

    def found(self, engine: Engine) -> None:
        """It was read."""
        if engine not in self._lost:  # as ever
            return
        with self._lock:
            is_new = engine in self._lost
            self._lost.discard(engine)
        if is_new:
            _log.warning(_FOUND, shown(engine.url))


def is_out_of_use(error: DBAPIError) -> bool:
    """Whether a database cannot be used just now: it is gone, locked, damaged, only to be read, or not migrated yet.

    The drivers have no class for that: what they say of the third and the fourth is of one with mistakes of ours.
    """
    if isinstance(error, OperationalError | ProgrammingError):
        return True
    is_damaged = getattr(error.orig, "sqlite_errorcode", 0) & 0xFF in _DAMAGED
    return is_damaged or getattr(error.orig, "sqlstate", None) in OUT_OF_USE


def reason_of(error: Exception) -> str:
    """What the driver says, in one line: of several servers it says it in one for each."""
    return " ".join(str(getattr(error, "orig", None) or error).split()).rstrip(".")
