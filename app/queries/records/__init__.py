"""Lists of records, and one record.

Here a page of a list, or one record, is found by SQLAlchemy; `stored` does so by SQLite's driver alone. `fields` and
`filters` are what can be asked, `sets` and `listing` what was found, `facets` how it is counted. A record may come with
the records beside it, `included`, and with the `statements` of others on it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, bindparam, select

from app.queries.pages import LONGEST_TEXT, Cut, Place, Sort, cut_at, cut_between, is_cut, page_of
from app.queries.records.fields import Field
from app.queries.records.filters import condition, order_of
from app.queries.records.listing import Listing, ListQuery, count_of, listing_of
from app.queries.search import matching
from app.tables.records import RECORD_TABLES, record_column
from app.tables.rows import table_of
from app.vocabulary import Kind

# Beyond so many records the whole list is found at once, and then each page of it; before, they are passed over.
_MOST_PASSED_OVER = 1000


@dataclass(frozen=True)
class StoredRecord:
    """A record as it is stored: its entity, and its JSON."""

    id: int
    document: str


def list_records(connection: Connection, kind: Kind, query: ListQuery) -> tuple[int, Cut[StoredRecord]]:
    """(how many records every filter keeps, those of the page)."""
    if is_at_hand(kind, query) and query.offset <= _MOST_PASSED_OVER:
        count = count_of(connection, kind)
        page = _cut(connection, kind, query, [])
    else:
        found = listing_of(connection, kind, query, end_of(query.place, query.limit, query.offset))
        count = found.count
        if query.place is None or _has_place(connection, kind, query, found):
            page = _cut_listing(connection, kind, query, found)
        else:
            page = _cut(connection, kind, query, conditions_of(connection, kind, query))
    return count, _stored(page)


def end_of(place: Place | None, limit: int, offset: int) -> int:
    """Up to which record of a list its page, and the record that its place names, are looked for."""
    if place is None:
        return offset + limit
    return place.rank + (1 if place.is_before else limit)


def is_at_hand(kind: Kind, query: ListQuery) -> bool:
    """Whether all records are asked for, in an order that an index has them in: no page needs any but its own."""
    first = order_of(kind, query.ordering)[0].column
    indexed = {"slug", *(index.columns[0].name for index in table_of(RECORD_TABLES[kind]).indexes)}
    return not query.filters and query.q is None and len(query.ordering) < 2 and first.key in indexed


def _has_place(connection: Connection, kind: Kind, query: ListQuery, found: Listing) -> bool:
    """Whether the place of the page is where the list has it, which it may be no more when the data has changed."""
    place = query.place
    if place is None or not 0 < place.rank < found.count:
        return False
    named = record_column(kind, "id") == found.ids[place.named]
    row = connection.execute(columns_of(kind, query.ordering).where(named)).first()
    return row is not None and all(
        one[:LONGEST_TEXT] == told[:LONGEST_TEXT] if isinstance(one, str) and isinstance(told, str) else one == told
        for one, told in zip(_values(row), place.values, strict=True)
    )


def _cut_listing(connection: Connection, kind: Kind, query: ListQuery, listing: Listing) -> Cut[Any]:
    """A page of a list of which the ids are known up to there."""
    start, end = page_of(listing.count, query.place, query.limit, query.offset)
    wanted = listing.ids[start:end]
    found = connection.execute(columns_of(kind, query.ordering).where(record_column(kind, "id").in_(list(wanted))))
    by_id = {row.id: row for row in found}
    # One that is gone by now was taken away since, where a transaction sees what others commit.
    rows = [by_id[one] for one in wanted if one in by_id]
    return cut_between(rows, _values, start, end, listing.count)


def next_batch(connection: Connection, kind: Kind, query: ListQuery) -> Cut[StoredRecord]:
    """A page of records that nobody counts."""
    return _stored(_cut(connection, kind, query, conditions_of(connection, kind, query)))


def conditions_of(connection: Connection, kind: Kind, query: ListQuery) -> list[ColumnElement[bool]]:
    """The SQL of all filters, and of the search within the list."""
    kept = [condition(kind, one, certain=query.certain) for one in query.filters]
    if query.q is not None:
        kept.append(record_column(kind, "id").in_(matching(connection, query.q, (kind,))))
    return kept


def _cut(connection: Connection, kind: Kind, query: ListQuery, kept: Sequence[ColumnElement[bool]]) -> Cut[Any]:
    order = order_of(kind, query.ordering)
    wanted = columns_of(kind, query.ordering).where(*kept)
    place = _whole(connection, order, query.place)
    return cut_at(connection, [wanted], order, _values, place=place, limit=query.limit, offset=query.offset)


def columns_of(kind: Kind, ordering: Sequence[tuple[Field, bool]]) -> Select[Any]:
    """What is read of the records of a page: the id, the document, and by what they are ordered."""
    order = order_of(kind, ordering)
    columns = (record_column(kind, "id"), record_column(kind, "document"), *(sort.column for sort in order))
    return select(*(column.label(name) for column, name in zip(columns, _names(len(order)), strict=True)))


def _whole(connection: Connection, order: Sequence[Sort], place: Place | None) -> Place | None:
    """The place with the texts that its cursor has cut, from the record that it names: its slug comes last.

    Of a record that is gone meanwhile the beginnings of its texts must do.
    """
    if place is None or not is_cut(place):
        return place
    query = select(*(sort.column for sort in order)).where(order[-1].column == place.values[-1])
    row = connection.execute(query).first()
    return place if row is None else replace(place, values=tuple(row))


def _stored(page: Cut[Any]) -> Cut[StoredRecord]:
    return replace(page, rows=[StoredRecord(row.id, row.document) for row in page.rows])


def _names(sorts: int) -> list[str]:
    return ["id", "document", *(f"sort_{number}" for number in range(sorts))]


def _values(row: Any) -> tuple[Any, ...]:
    return tuple(row[2:])


def get_record(connection: Connection, kind: Kind, slug: str) -> StoredRecord | None:
    """The record of that slug, if there is one."""
    row = connection.execute(_by_slug(kind), {"slug": slug}).first()
    return None if row is None else StoredRecord(row.id, row.document)


@cache
def _by_slug(kind: Kind) -> Any:
    wanted = select(record_column(kind, "id").label("id"), record_column(kind, "document").label("document"))
    return wanted.where(record_column(kind, "slug") == bindparam("slug"))
