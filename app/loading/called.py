"""How things are called that are only referred to, by items of which it is not known of what kind they are."""

from collections.abc import Sequence

from sqlalchemy import Column, Connection, Integer, Text, func, select
from sqlmodel import col

from app.importing.records import Called, Entry, Key, Statement
from app.loading.bulk import Writer
from app.loading.ending import referred_to
from app.loading.preparing import prepared
from app.tables.evidence import Entity
from app.tables.rows import insert_rows, temporary
from app.vocabulary import KINDS

# What an import calls so. Nearly nobody refers to most of it, and there may be a hundred million of them.
CALLED = temporary(
    "import_called",
    Column("number", Integer, primary_key=True),
    Column("slug", Text),
    Column("identifier", Text),
    Column("label", Text),
    Column("place", Text),
)
# Of so many it is looked at a time whether they are held.
_BATCH = 5000


def note_called(connection: Connection, called: Sequence[Called]) -> None:
    """Note what things are called, until all is read that may refer to them."""
    columns = ("slug", "identifier", "label", "place")
    rows = [(Key("place", one.identifier).slug, one.identifier, one.label, one.place) for one in called]
    insert_rows(connection, CALLED, columns, rows)


def call(connection: Connection, writer: Writer) -> None:
    """Call so what somebody refers to, of whatever kind that is, by what is said once all that ended is known."""
    told, is_it = CALLED.c, col(Entity.slug) == CALLED.c.slug
    query = select(col(Entity.id), col(Entity.kind), told.identifier, told.label, told.place).join(Entity, is_it)
    query = query.where(col(Entity.kind).in_(KINDS)).order_by(told.number, col(Entity.kind))
    last = connection.execute(select(func.max(told.number))).scalar() or 0
    for number in range(0, last, _BATCH):
        rows = connection.execute(query.where(told.number > number, told.number <= number + _BATCH)).all()
        still = referred_to(connection, {row.id for row in rows}, writer)
        entries = [
            Entry(Key(kind, identifier), (Statement("label", label),), place, is_whole=False)
            for one, kind, identifier, label, place in rows
            if one in still
        ]
        if entries:
            writer.write(prepared(entries), overrules=True)
