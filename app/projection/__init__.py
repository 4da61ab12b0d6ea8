"""Folds current claims into records: the only writer of the record tables.

`project` brings the records of some entities up to date, `rebuild` makes all of them anew; both write the same bytes.
"""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from sqlalchemy import Connection, delete, func, select, text
from sqlmodel import SQLModel, col

from app.beside import Alone
from app.projection import making
from app.projection.gather import Sources
from app.projection.ids import Ids
from app.projection.moves import moved_facts
from app.projection.rows import fields_fed
from app.projection.writing import Writer
from app.tables.evidence import Entity
from app.tables.records import RECORD_TABLES, Dated, Dispute, Entry, Link, MovedFact, Slip, Stated
from app.tables.rows import given, indexed_after, insert_mappings, table_of
from app.tables.search import Indexed, Spelling

__all__ = ["WRITTEN", "Step", "fields_fed", "no_step", "project", "project_many", "rebuild"]

_BATCH = 1000
# From so many entities on it is looked at whether it is worth while to make indexes anew.
_MANY = 2000
_ENTITY_ID: Any = col(Entity.id)
# Called with how much is done, of how much as far as is known.
Step = Callable[[int, int], None]
# Every table that is written here, besides the full-text index.
WRITTEN: tuple[type[SQLModel], ...] = (
    Dated, Link, Dispute, Slip, Stated, Entry, Indexed, Spelling, MovedFact, *RECORD_TABLES.values(),
)  # fmt: skip


def no_step(_done: int, _of: int) -> None:
    """Nobody waits to be told."""


def project(connection: Connection, entity_ids: Iterable[int]) -> set[int]:
    """Bring the records of these entities up to date, and those of their neighbours that show what changed of them.

    `connection` is in a write transaction, which the caller commits. Returns the ids of all whose records were written.
    """
    return set(project_many(connection, entity_ids))


def project_many(
    connection: Connection, entity_ids: Iterable[int], step: Step = no_step, beside: Alone | None = None
) -> Ids:
    """The same for as many entities as there are, in memory that does not grow with them; `step` tells how far it is.

    Names and links come first, since documents show those of others. What is `beside` makes some of the rows, which
    are the same, and written in the same order.
    """
    beside = beside or Alone()
    touched = _standing_for(connection, Ids(entity_ids))
    sources = Sources(connection)
    if sources.is_any_moved:
        _write_moved_facts(connection, touched)
    writer, written, done, count = Writer(connection, sources), Ids(touched), 0, len(touched)
    with _indexed_after(connection, count, *RECORD_TABLES.values(), Stated):
        with _indexed_after(connection, count, Link, Dated):
            for entries in beside.each(making.entries, map(writer.for_entries, touched.batches(_BATCH))):
                writer.write_entries(entries)
                done += len(entries.ids)
                step(done, 2 * count)
        written.update(writer.linked)
        for ids in writer.seen_otherwise.batches(_BATCH):
            written.update(writer.neighbours(ids))
        count += len(written)
        pieces = (piece for ids in written.batches(_BATCH) for piece in writer.pieces(ids))
        for records in beside.each(making.records, map(writer.for_records, pieces)):
            writer.write_records(records)
            done += len(records.ids)
            step(done, count)
        writer.finish()
    return written


def rebuild(connection: Connection, beside: Alone | None = None) -> int:
    """Make every record anew from the evidence. Returns how many entities were looked at."""
    for table in WRITTEN:
        connection.execute(delete(table))
    connection.execute(text("DELETE FROM search"))
    ids = Ids(connection.execute(select(_ENTITY_ID).where(col(Entity.merged_into_id).is_(None))).scalars())
    project_many(connection, ids, beside=beside)
    return len(ids)


def _standing_for(connection: Connection, touched: Ids) -> Ids:
    """These entities, and those that they stand for."""
    found = Ids(touched)
    for ids in touched.batches(_BATCH):
        moved = _ENTITY_ID.in_(given(connection, "touched", ids)), col(Entity.merged_into_id).is_not(None)
        found.update(
            one for one in connection.execute(select(col(Entity.merged_into_id)).where(*moved)).scalars() if one
        )
    return found


def _write_moved_facts(connection: Connection, touched: Ids) -> None:
    """Write which other facts the claims about these entities stated, and when, by whatever name they call them."""
    named = Ids(touched)
    for ids in touched.batches(_BATCH):
        members = col(Entity.merged_into_id).in_(given(connection, "touched", ids))
        named.update(connection.execute(select(_ENTITY_ID).where(members)).scalars())
    for ids in named.batches(_BATCH):
        these = given(connection, "touched", ids)
        connection.execute(delete(MovedFact).where(col(MovedFact.subject_id).in_(these)))
        insert_mappings(connection, table_of(MovedFact), moved_facts(connection, these))


def _indexed_after(connection: Connection, count: int, *models: type[SQLModel]) -> AbstractContextManager[None]:
    """Make the indexes of tables after as many entities are written, if these are more than are there."""
    held = connection.execute(select(func.max(col(Entry.id)))).scalar() or 0
    if count < max(held, _MANY):
        return nullcontext()
    return indexed_after(connection, *map(table_of, models), but=("subject_id",))
