"""The database as one turn of the loop reads it: in one transaction, for all that had come when the turn began."""

import asyncio
import sqlite3
from collections.abc import Callable

from app.db import File, identity, open_for_bytes, path_of
from app.prepared import State
from app.queries.records.stored import state_in


class Reading:
    """A transaction of SQLite's driver, begun by whoever asks first in a turn, and ended before what comes after it.

    To begin one, to find out which revision it sees, and to look whether the file is still the same cost as much as to
    read a record: of those who ask at once, one pays for all.
    """

    def __init__(self, database_url: str, is_to_end: Callable[[], bool], steps: int) -> None:
        """`is_to_end` is asked, after so many instructions of SQLite's each time, whether to end a statement."""
        self._url, self._path = database_url, path_of(database_url)
        self._is_to_end, self._steps = is_to_end, steps
        self._file: File | None = None
        self._connection: sqlite3.Connection | None = None
        self._is_begun = False
        self._state = State(0, None)

    def begun(self) -> tuple[sqlite3.Connection, State]:
        """The connection, in the transaction of this turn, and what that sees. Raises sqlite3.Error."""
        if self._connection and self._is_begun:
            return self._connection, self._state
        if not self._connection or identity(self._path) != self._file:
            self.close()
            self._file, self._connection = identity(self._path), open_for_bytes(self._url)
            self._connection.set_progress_handler(self._is_to_end, self._steps)
        # What comes after this turn is not read from its socket before that.
        asyncio.get_running_loop().call_soon(self.end)
        self._connection.execute("BEGIN")
        self._state = state_in(self._connection, self._state)
        self._is_begun = True
        return self._connection, self._state

    def end(self) -> None:
        """End the transaction, if there is one."""
        self._is_begun = False
        if self._connection and self._connection.in_transaction:
            self._connection.execute("COMMIT")

    def close(self) -> None:
        """Close the database."""
        self._is_begun = False
        if self._connection:
            self._connection.close()
            self._connection = None
