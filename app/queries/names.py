"""Which records are called by one of many names: how a text finds those that the base already holds."""

from collections.abc import Collection

from sqlalchemy import Connection, select
from sqlmodel import col

from app.fulltext import called, id_at
from app.tables.records import Entry

_BATCH = 50


def records_called(connection: Connection, names: Collection[str]) -> dict[str, tuple[int, str]]:
    """The id and the label, by kind/slug, of each record that has one of these names, given as one word, as its own."""
    wanted = sorted(one for one in names if one)
    ids: set[int] = set()
    for start in range(0, len(wanted), _BATCH):
        found = called(connection.dialect.name, wanted[start : start + _BATCH])
        ids.update(id_at(place) for place in connection.execute(found).scalars())
    records: dict[str, tuple[int, str]] = {}
    for start in range(0, len(ids), _BATCH):
        query = select(Entry).where(col(Entry.id).in_(sorted(ids)[start : start + _BATCH]))
        records |= {f"{row.kind}/{row.slug}": (row.id, row.label) for row in connection.execute(query)}
    return records
