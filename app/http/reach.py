"""Whether the databases can be read, as the log tells it: once that one cannot, and why, and once that it can again."""

import logging
from threading import Lock

from sqlalchemy import Engine

from app.db import shown

_LOST = "the database %s cannot be read, and whoever needs it is answered with 503: %s"
_FOUND = "the database %s can be read again"
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


def reason_of(error: Exception) -> str:
    """What the driver says, in one line: of several servers it says it in one for each."""
    return " ".join(str(getattr(error, "orig", None) or error).split()).rstrip(".")
