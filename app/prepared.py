"""Selects that are compiled once, whoever asks them: an engine's connection, or on SQLite its driver.

By way of an engine a select costs ten times what the driver takes for it.
"""

import json
import sqlite3
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, bindparam, func, literal_column, select
from sqlalchemy.dialects import sqlite

Row = Any
_LISTS = (list, tuple, set, frozenset, dict)


class Way(NamedTuple):
    """How a select is asked: of which sort of database, and what makes of a parameter's name what is `in_` its list."""

    dialect: str
    among: Callable[[str], Any]


class Prepared:
    """A select, and what makes it."""

    def __init__(self, query: Callable[[Way], Any]) -> None:
        self._query = query

    @cached_property
    def select(self) -> Select[Any]:
        """The select for the connection of an engine that is not SQLite's."""
        found: Select[Any] = self._query(Way("postgresql", lambda name: bindparam(name, expanding=True)))
        return found

    @cached_property
    def told(self) -> tuple[str, dict[str, Any]]:
        """The select as SQLite's driver takes it, and the parameters that it has by itself."""
        query = self._query(Way("sqlite", _from_json))
        dialect = sqlite.dialect(paramstyle="named")
        compiled = query.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
        return str(compiled), {name: value for name, value in compiled.params.items() if value is not None}


class State(NamedTuple):
    """Which revision of the data a transaction sees; 0 when nothing was ever loaded.

    A number alone does not tell: a base that lost its newest revisions, since a backup was put back or a standby took
    over, gives theirs to others, at another time.
    """

    revision: int
    at: datetime | None


class HurryError(Exception):
    """What is asked for may take long, and whoever reads keeps others waiting."""


class Reader:
    """Whoever reads in one transaction.

    `base` is the URL of the database, and `state` that of its data, once it is known. With `is_hasty` everybody
    waits for what is read, so that nothing is begun that may take long.
    """

    def __init__(
        self,
        base: str,
        asked: Connection | sqlite3.Connection,
        *,
        state: State | None = None,
        is_hasty: bool = False,
    ) -> None:
        self.base, self.state, self.is_hasty = base, state, is_hasty
        driver: Any = asked
        if isinstance(asked, Connection):
            driver = asked.connection.dbapi_connection if asked.dialect.name == "sqlite" else None
        self._driver: sqlite3.Connection | None = driver
        self._connection: Any = asked
        self.dialect = "sqlite" if driver else "postgresql"

    def take_time(self) -> None:
        """Say that what comes next may take long. Raises HurryError if there is no time for it."""
        if self.is_hasty:
            raise HurryError

    def rows(self, query: Prepared, **values: Any) -> list[Row]:
        """What a select finds. Of a time or a date SQLite gives the text that it holds."""
        return self._asked(query, values).fetchall() if self._driver else list(self.each(query, **values))

    def each(self, query: Prepared, **values: Any) -> Iterator[Row]:
        """The same one by one; what is not taken is not looked for."""
        if self._driver:
            return self._asked(query, values)
        return self._each_of_engine(query, values)

    def _each_of_engine(self, query: Prepared, values: dict[str, Any]) -> Iterator[Row]:
        with self._connection.execute(query.select, values) as rows:
            yield from rows

    def _asked(self, query: Prepared, values: dict[str, Any]) -> sqlite3.Cursor:
        statement, defaults = query.told
        given = {name: json.dumps(list(one)) if isinstance(one, _LISTS) else one for name, one in values.items()}
        driver: Any = self._driver
        asked: sqlite3.Cursor = driver.execute(statement, defaults | given)
        return asked


def reader_of(connection: "Connection | Reader") -> Reader:
    """The reader of the transaction that a connection is in."""
    return connection if isinstance(connection, Reader) else Reader(str(connection.engine.url), connection)


def _from_json(name: str) -> Select[Any]:
    """The list that a parameter is as JSON: with however many in it, it is the same statement."""
    value: Any = literal_column("value")
    return select(value).select_from(func.json_each(bindparam(name, required=False)))
