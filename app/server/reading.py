"""The database as one turn of the loop reads it: in one transaction, for all that had come when the turn began."""

import asyncio
import sqlite3
from collections.abc import Callable

from app.db import File, identity, open_for_bytes, path_of
from app.prepared import State
from app.queries.records.stored import state_in
from app.server.turns import Turns


class Reading:
    """A transaction of SQLite's driver, begun by whoever asks first in a turn, in which no other turn reads.

    To begin one, to find out which revision it sees, and to look whether the file is still the same cost as much as to
    read a record: of those who ask at once, one pays for all.
    """

    def __init__(self, database_url: str, turns: Turns, is_to_end: Callable[[], bool], steps: int) -> None:
        """`is_to_end` is asked, after so many instructions of SQLite's each time, whether to end a statement."""
        self._url, self._path, self._turns = database_url, path_of(database_url), turns
        self._is_to_end, self._steps = is_to_end, steps
        self._file: File | None = None
        self._connection: sqlite3.Connection | None = None
        # The turn whose transaction there is; none has this number.
        self._turn = 0
        self._state = State(0, None)

    def begun(self) -> tuple[sqlite3.Connection, State]:
        """The connection, in the transaction of this turn, and what that sees. Raises sqlite3.Error."""
        turn = self._turns.number()
        if self._connection and turn == self._turn:
            return self._connection, self._state
        self.end()
        if not self._connection or identity(self._path) != self._file:
            self.close()
            self._file, self._connection = identity(self._path), open_for_bytes(self._url)
            self._connection.set_progress_handler(self._is_to_end, self._steps)
        asyncio.get_running_loop().call_soon(self.end)  # none is held for longer than it is needed
        self._connection.execute("BEGIN")
        self._state = state_in(self._connection, self._state)
        self._turn = turn
        return self._connection, self._state

    def end(self) -> None:
        """End the transaction, if there is one."""
        self._turn = 0
        if self._connection and self._connection.in_transaction:
            try:
                self._connection.execute("COMMIT")
            except sqlite3.Error:  # another connection begins anew
                self.close()

    def close(self) -> None:
        """Close the database."""
        self._turn = 0
        if self._connection:
            self._connection.close()
            self._connection = None
