"""Lists of records, and one record."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from app.queries.fields import Field
from app.queries.filters import Filter, condition, order_by
from app.tables.records import RECORD_TABLES, record_column
from app.vocabulary import Kind

_SUGGESTIONS_FROM = 200


@dataclass(frozen=True)
class ListQuery:
    """What a list is asked for."""

    filters: tuple[Filter, ...] = ()
    ordering: tuple[tuple[Field, bool], ...] = ()
    certain: bool = False
    limit: int = 20
    offset: int = 0


@dataclass(frozen=True)
class StoredRecord:
    """A record as it is stored: its entity, and its JSON."""

    id: int
    document: str


def list_records(connection: Connection, kind: Kind, query: ListQuery) -> tuple[int, list[StoredRecord]]:
    """(how many records match, those of the page)."""
    table = RECORD_TABLES[kind]
    conditions = [condition(kind, one, certain=query.certain) for one in query.filters]
    count = connection.execute(select(func.count()).select_from(table).where(*conditions)).scalar_one()
    if query.offset >= count:
        return count, []
    page = select(table).where(*conditions).order_by(*order_by(kind, query.ordering))
    rows = connection.execute(page.limit(query.limit).offset(query.offset))
    return count, [StoredRecord(row.id, row.document) for row in rows]


def get_record(connection: Connection, kind: Kind, slug: str) -> StoredRecord | None:
    """The record of that slug, if there is one."""
    table = RECORD_TABLES[kind]
    row = connection.execute(select(table).where(record_column(kind, "slug") == slug)).first()
    return None if row is None else StoredRecord(row.id, row.document)


def slugs_like(connection: Connection, kind: Kind, slug: str) -> Sequence[str]:
    """Slugs that begin as `slug` does, to suggest from when there is none of that name."""
    column = record_column(kind, "slug")
    begins = column.startswith(slug[:2], autoescape=True)
    return connection.execute(select(column).where(begins).limit(_SUGGESTIONS_FROM)).scalars().all()
