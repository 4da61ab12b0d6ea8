"""Labels of things that a data set refers to and has no record of, where a file does not tell what kind they are."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Column, Connection, Integer, Row, Text, func, select
from sqlmodel import col

from app.importing.records import Called, Entry, Key, Statement
from app.loading.bulk import Writer
from app.loading.ending import referred_to
from app.loading.preparing import prepared
from app.tables.evidence import Citation, Claim, Entity
from app.tables.rows import given, insert_rows, temporary
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


def call(connection: Connection, sources: Sequence[int], writer: Writer) -> None:
    """Call so what somebody refers to, of whatever kind that is, by what is said once all that ended is known.

    `sources` are the imports of the data set so far. What a reference itself calls something comes before that.
    """
    told, is_it = CALLED.c, col(Entity.slug) == CALLED.c.slug
    query = select(col(Entity.id), col(Entity.kind), told.identifier, told.label, told.place).join(Entity, is_it)
    query = query.where(col(Entity.kind).in_(KINDS)).order_by(told.number, col(Entity.kind))
    last = connection.execute(select(func.max(told.number))).scalar() or 0
    for number in range(0, last, _BATCH):
        rows = connection.execute(query.where(told.number > number, told.number <= number + _BATCH)).all()
        still = referred_to(connection, {row.id for row in rows}, writer)
        still -= _called(connection, {row.id: row for row in rows if row.id in still}, sources, writer)
        entries = [
            Entry(Key(kind, identifier), (Statement("label", label),), place, is_whole=False)
            for one, kind, identifier, label, place in rows
            if one in still
        ]
        if entries:
            writer.write(prepared(entries), overrules=True)


def _called(connection: Connection, told: Mapping[int, Row[Any]], sources: Sequence[int], writer: Writer) -> set[int]:
    """Those of these things that are called so already, or otherwise by another record than their own item."""
    query: Any = (
        select(col(Claim.id), col(Claim.source_id), col(Claim.subject_id), col(Claim.value), col(Citation.locator))
        .join(Citation, col(Citation.claim_id) == col(Claim.id))
        .where(col(Claim.subject_id).in_(given(connection, "called_so", told)), col(Claim.property) == "label")
        .where(col(Claim.superseded_by_id).is_(None))
    )
    return {
        one
        for claim_id, by, one, label, locator in connection.execute(query)
        if by in sources
        # What has ended otherwise stands while something refers to it (`app.loading.ending`).
        and (
            label == told[one].label
            or (claim_id not in writer.ended and _item_of(locator) != _item_of(told[one].place))
        )
    }


def _item_of(place: str) -> str:
    """The item at a place of a file: `dump.json:9 Q405`."""
    return place.rpartition(" ")[2]
