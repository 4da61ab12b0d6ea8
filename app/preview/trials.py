"""Where strangers may try a load: beside the database, one at a time, and not for long."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore, Lock
from typing import Any

from sqlalchemy import Connection, Engine, event

from app.db import copied, for_writing
from app.prepared import State
from app.queries.status import state_of

# For how many seconds one may go on.
SECONDS = 10.0


class BusyError(Exception):
    """So many are waiting already that one more would only make it worse."""


class TooLongError(Exception):
    """What is tried takes longer than a stranger may take."""


class Trials:
    """Transactions on what the database holds now, of which nothing stays, for one after the other.

    SQLite has one write lock for everybody, so these work on a copy, which is kept for as long as the database stays as
    it is. PostgreSQL lets them work on the database itself; loads wait for the one that has its turn. `most` may be in
    the line for one.
    """

    def __init__(self, engine: Engine, *, seconds: float = SECONDS, most: int = 1) -> None:
        self._engine, self._seconds = engine, seconds
        self._line, self._turn = BoundedSemaphore(most), Lock()
        self._copy: tuple[State, Engine] | None = None

    @contextmanager
    def line(self) -> Iterator[None]:
        """A place in the line, to read what is to be tried, and try it. Raises BusyError when it is full."""
        if not self._line.acquire(blocking=False):
            raise BusyError
        try:
            yield
        finally:
            self._line.release()

    @contextmanager
    def open(self) -> Iterator["Trial"]:
        """A trial. Raises TooLongError from whatever it takes too long in."""
        with self._turn, self._tried().connect() as connection, connection.begin() as transaction:
            trial = Trial(connection, time.monotonic() + self._seconds)
            event.listen(connection, "before_cursor_execute", trial.statement)
            try:
                if connection.dialect.name != "sqlite":
                    limit = f"'{int(self._seconds * 1000) or 1}ms'"
                    connection.exec_driver_sql(f"SET LOCAL statement_timeout = {limit}")
                yield trial
            finally:
                event.remove(connection, "before_cursor_execute", trial.statement)
                transaction.rollback()

    def close(self) -> None:
        """Let go of the copy."""
        with self._turn:
            self._forget()

    def _tried(self) -> Engine:
        """What is tried on: a copy that is as the database is now, or the database itself."""
        if self._engine.dialect.name != "sqlite":
            return for_writing(self._engine, patience=self._seconds)  # as for an import
        with self._engine.connect() as connection:
            now = state_of(connection)
        if self._copy is None or self._copy[0] != now:
            self._forget()
            copy = copied(self._engine)
            with copy.connect() as connection:
                self._copy = state_of(connection), copy
        return for_writing(self._copy[1])

    def _forget(self) -> None:
        if self._copy is not None:
            self._copy[1].dispose()
            self._copy = None


class Trial:
    """A transaction of which nothing stays, and the end of its time."""

    def __init__(self, connection: Connection, ends: float) -> None:
        self.connection, self._ends, self._is_over = connection, ends, False

    def step(self, _done: int, _of: int) -> None:
        """Go on. Raises TooLongError, once: what is taken back then takes no more time than it needs."""
        if time.monotonic() > self._ends and not self._is_over:
            self._is_over = True
            raise TooLongError

    def statement(self, *_: Any) -> None:
        """Go on with one more statement. Raises TooLongError."""
        self.step(0, 0)
