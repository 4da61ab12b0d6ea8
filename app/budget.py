"""How long whoever reads may keep a connection busy, and what ends those that take longer."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import DBAPIError

# After how many of its instructions SQLite asks whether to go on: some milliseconds of them.
_STEPS = 100_000
# What PostgreSQL says of a statement that it ended.
_CANCELED = "57014"


class SpentError(Exception):
    """What is asked for takes longer than it may; the message says how long that is."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        super().__init__(f"it would take longer than {seconds:g} s")


class GoneError(Exception):
    """Nobody waits any more for what is read."""


class Budget:
    """So many seconds from now, for the reader of one answer; none are left as soon as `is_gone` says so."""

    def __init__(self, seconds: float, is_gone: Callable[[], bool] | None = None) -> None:
        self.seconds, self._ends, self._is_gone = seconds, monotonic() + seconds, is_gone

    @property
    def left(self) -> float:
        """How many seconds are left: none or less when they are spent."""
        return 0.0 if self._is_gone and self._is_gone() else self._ends - monotonic()

    def check(self) -> None:
        """Go on. Raises SpentError, or GoneError."""
        if self._is_gone and self._is_gone():
            raise GoneError
        if monotonic() > self._ends:
            raise SpentError(self.seconds)

    def _is_spent(self) -> bool:
        return self.left <= 0

    @contextmanager
    def over(self, connection: Connection) -> Iterator[None]:
        """Read by this connection, on which all is as before afterwards. Raises SpentError, or GoneError."""
        driver: Any = connection.connection.dbapi_connection
        is_sqlite = connection.dialect.name == "sqlite"
        connection.execution_options(budget=self)
        if is_sqlite:
            driver.set_progress_handler(self._is_spent, _STEPS)
        else:
            connection.exec_driver_sql(f"SET LOCAL statement_timeout = {max(1, int(self.left * 1000))}")
        try:
            yield
        except (DBAPIError, sqlite3.Error) as error:
            self.check()
            if getattr(getattr(error, "orig", None), "sqlstate", None) == _CANCELED:
                raise SpentError(self.seconds) from error
            raise
        finally:
            if is_sqlite:
                driver.set_progress_handler(None, 0)


def budget_of(connection: Connection) -> Budget | None:
    """What whoever reads by this connection may take; None where nobody waits."""
    found: Budget | None = connection.get_execution_options().get("budget")
    return found


def watch(engine: Engine) -> Engine:
    """The same engine, which begins no statement whose reader has no time left: many short ones are long as well."""
    event.listen(engine, "before_cursor_execute", _check)
    return engine


def _check(connection: Connection, *_: Any) -> None:
    if budget := budget_of(connection):
        budget.check()
