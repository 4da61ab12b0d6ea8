"""Stored documents by SQLite's driver itself, for answers that must cost next to nothing.

The connections that are given here have texts as bytes, and no transaction of their own around each statement. All
functions raise sqlite3.Error.
"""

import sqlite3
from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import cached_property
from typing import Any

from sqlalchemy import Select, bindparam, select, tuple_
from sqlalchemy.dialects import sqlite

from app.prepared import State
from app.queries.pages import Cut, Place, Sort, cut_of, pieces
from app.queries.records import columns_of
from app.queries.records.fields import Field
from app.queries.records.filters import order_of
from app.queries.status import moment
from app.tables.records import RECORD_TABLES
from app.vocabulary import PLURALS, Kind

_BY_SLUG = {
    PLURALS[kind]: f"SELECT document FROM {table.__tablename__} WHERE slug = ?" for kind, table in RECORD_TABLES.items()
}
_STATE = "SELECT id, at FROM revision ORDER BY id DESC LIMIT 1"
# A row's document, and the values by which it is ordered.
Row = tuple[Any, ...]
Ordering = tuple[tuple[Field, bool], ...]


def stored(connection: sqlite3.Connection, plural: str, slug: str) -> bytes | None:
    """The document of a record, by its slug."""
    row = connection.execute(_BY_SLUG[plural], (slug,)).fetchone()
    return row[0] if row else None


def state_in(connection: sqlite3.Connection, known: State) -> State:
    """The newest revision; `known` itself if it is still that one."""
    row = connection.execute(_STATE).fetchone()
    found = State(row[0], moment(row[1])) if row else State(0, None)
    return known if found == known else found


class Pages:
    """Pages of the records of one kind in one order. Its statements are made once, for places alike."""

    def __init__(self, kind: Kind, ordering: Ordering, *, tells_places: bool = True) -> None:
        """Rows without the values by which they are ordered, for whom they tell no places, cost a quarter less."""
        self.order = order_of(kind, ordering)
        shown, *sorts = list(columns_of(kind, ordering).selected_columns)[1:]
        self._query = select(shown, *sorts) if tells_places else select(shown)
        self._readers = [_reader(sort) for sort in self.order]
        self._statements: dict[tuple[bool, ...], Sequence[tuple[str, dict[str, Any]]]] = {}

    def at(self, connection: sqlite3.Connection, place: Place | None, limit: int) -> Cut[Any]:
        """A page of all records, the first one or at a place."""
        found = self.rows(connection, place, limit + 1)
        return cut_of(found, self.values, place=place, limit=limit, rank=place.rank if place else 0)

    def rows(self, connection: sqlite3.Connection, place: Place | None, most: int) -> list[Row]:
        """Up to so many records, the first ones or those at a place."""
        pattern = (place.is_before, *(value is None for value in place.values)) if place else ()
        if (statements := self._statements.get(pattern)) is None:
            statements = self._statements[pattern] = self._made(pattern)
        given = {f"value_{number}": _written(value) for number, value in enumerate(place.values)} if place else {}
        found: list[Row] = []
        for statement, defaults in statements:
            given["wanted"], given["most"] = most - len(found), most
            found += connection.execute(statement, {**defaults, **given}).fetchall()
            if len(found) == most:
                break
        if place and place.is_before:
            found.reverse()
        return found

    def of(self, connection: sqlite3.Connection, ids: Sequence[int]) -> list[Row]:
        """The records of these ids, in their order. Raises ValueError if one of the ids has none."""
        statement = f"{self._columns} WHERE id IN ({','.join('?' * len(ids))}) ORDER BY id"
        found = dict(zip(sorted(ids), connection.execute(statement, ids).fetchall(), strict=True))
        return [found[one] for one in ids]

    def values(self, row: Row) -> tuple[Any, ...]:
        """The values by which a row is ordered, as places have them."""
        told = zip(self._readers, row[1:], strict=True)
        return tuple([None if value is None else read(value) for read, value in told])

    @cached_property
    def _columns(self) -> str:
        return _compiled(self._query)[0]

    def _made(self, pattern: tuple[bool, ...]) -> Sequence[tuple[str, dict[str, Any]]]:
        """The statements of the pieces of a page, each with the parameters that it has by itself.

        The pattern of a place is whether it is before, and whether each of its values is unknown; of none it is empty.
        """
        is_before, unknown = any(pattern[:1]), pattern[1:]
        values: Any = [None if one else bindparam(f"value_{number}") for number, one in enumerate(unknown)]
        place = Place(tuple(values), is_before) if pattern else None
        parts = list(pieces(self.order, place, self._query, bindparam("most")))
        if len(values) == 2 and not any(unknown) and not any(sort.is_descending for sort in self.order):
            # In SQLite the first two are one stretch of the index, as long as both columns go the same way.
            here = tuple_(*(sort.column for sort in self.order))
            parts[:2] = [([here < tuple_(*values) if is_before else here > tuple_(*values)], parts[1][1])]
        found = []
        for conditions, sorts in parts:
            ordered = [sort.clause(is_backwards=is_before) for sort in sorts]
            found.append(_compiled(self._query.where(*conditions).order_by(*ordered).limit(bindparam("wanted"))))
        return found


def _compiled(query: Select[Any]) -> tuple[str, dict[str, Any]]:
    compiled = query.compile(dialect=sqlite.dialect(paramstyle="named"))
    return str(compiled), dict(compiled.params)


def _written(value: Any) -> Any:
    """A value as its column holds it."""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S.%f")
    return value.isoformat() if isinstance(value, date) else value


def _reader(sort: Sort) -> Callable[[Any], Any]:
    if sort.held is datetime:
        return moment
    return bytes.decode if sort.held in (str, date) else lambda value: value
