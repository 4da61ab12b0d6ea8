"""Lists of records, and one record."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select

from app.queries.fields import Field
from app.queries.filters import Filter, condition, order_of
from app.queries.pages import Cut, Place, Sort, cut_at, is_cut
from app.queries.search import matching
from app.tables.records import RECORD_TABLES, record_column
from app.vocabulary import Kind


@dataclass(frozen=True)
class ListQuery:
    """What a list is asked for. The page begins at `place`, or else after the first `offset` records."""

    filters: tuple[Filter, ...] = ()
    ordering: tuple[tuple[Field, bool], ...] = ()
    certain: bool = False
    q: str | None = None
    limit: int = 20
    offset: int = 0
    place: Place | None = None


@dataclass(frozen=True)
class StoredRecord:
    """A record as it is stored: its entity, and its JSON."""

    id: int
    document: str


@dataclass(frozen=True)
class RecordPage:
    """A page of records, how many there are in all and before it, and the places at which the pages beside it begin."""

    count: int
    start: int
    records: Sequence[StoredRecord]
    after: Place | None
    before: Place | None


def list_records(connection: Connection, kind: Kind, query: ListQuery) -> RecordPage:
    """The records that every filter keeps, in the order, cut to a page."""
    kept = conditions_of(connection, kind, query)
    count = connection.execute(select(func.count()).select_from(RECORD_TABLES[kind]).where(*kept)).scalar_one()
    page = _cut(connection, kind, query, kept)
    return RecordPage(count, page.start, _stored(page), page.after, page.before)


def next_batch(connection: Connection, kind: Kind, query: ListQuery) -> tuple[list[StoredRecord], Place | None]:
    """(the records of a page that nobody counts, the place at which the next one begins: None after the last)."""
    page = _cut(connection, kind, query, conditions_of(connection, kind, query))
    return _stored(page), page.after


def conditions_of(connection: Connection, kind: Kind, query: ListQuery) -> list[ColumnElement[bool]]:
    """The SQL of all filters, and of the search within the list."""
    kept = [condition(kind, one, certain=query.certain) for one in query.filters]
    if query.q is not None:
        kept.append(record_column(kind, "id").in_(matching(connection, query.q, (kind,))))
    return kept


def _cut(connection: Connection, kind: Kind, query: ListQuery, kept: Sequence[ColumnElement[bool]]) -> Cut:
    order = order_of(kind, query.ordering)
    columns = (record_column(kind, "id"), record_column(kind, "document"), *(sort.column for sort in order))
    named = zip(columns, _names(len(order)), strict=True)
    wanted = select(*(column.label(name) for column, name in named)).where(*kept)
    place = _whole(connection, order, query.place)
    return cut_at(connection, [wanted], order, _values, place=place, limit=query.limit, offset=query.offset)


def _whole(connection: Connection, order: Sequence[Sort], place: Place | None) -> Place | None:
    """The place with the texts that its cursor has cut, from the record that it names: its slug comes last.

    Of a record that is gone meanwhile the beginnings of its texts must do.
    """
    if place is None or not is_cut(place):
        return place
    query = select(*(sort.column for sort in order)).where(order[-1].column == place.values[-1])
    row = connection.execute(query).first()
    return place if row is None else replace(place, values=tuple(row))


def _stored(page: Cut) -> list[StoredRecord]:
    return [StoredRecord(row.id, row.document) for row in page.rows]


def _names(sorts: int) -> list[str]:
    return ["id", "document", *(f"sort_{number}" for number in range(sorts))]


def _values(row: Any) -> tuple[Any, ...]:
    return tuple(row[2:])


def get_record(connection: Connection, kind: Kind, slug: str) -> StoredRecord | None:
    """The record of that slug, if there is one."""
    table = RECORD_TABLES[kind]
    row = connection.execute(select(table).where(record_column(kind, "slug") == slug)).first()
    return None if row is None else StoredRecord(row.id, row.document)
