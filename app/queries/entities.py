"""Entities: from kind/slug, or what they are called, to ids, and from ids to how they are referred to."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, Select, bindparam, func, select
from sqlmodel import col

from app.documents.evidence import Ref
from app.fulltext import called, id_at
from app.projection.past import labels_at
from app.tables.evidence import Entity
from app.tables.identity import is_named, stands_for
from app.tables.records import Entry
from app.tables.rows import batches_of
from app.values import slug_of
from app.vocabulary import PLURALS, Kind

# So many names, or records, are looked up at once.
_BATCH = 50
_REFERRED_TO = (
    select(col(Entity.id), col(Entry.kind), col(Entry.slug), col(Entry.label))
    .join(Entry, col(Entry.id) == func.coalesce(col(Entity.merged_into_id), col(Entity.id)))
    .where(col(Entity.id).in_(bindparam("ids", expanding=True)))
)


def entity_ids(connection: Connection, entities: Collection[str], at: datetime | None = None) -> dict[str, int]:
    """The ids of entities written kind/slug; those that are not held are left out.

    The id of one that was merged into another, or had been at a moment, is the other's.
    """
    rows = connection.execute(select(Entity).where(is_named(entities)))
    found = {f"{row.kind}/{row.slug}": row.id or 0 for row in rows}
    standing = stands_for(connection, list(found.values()), at)
    return {name: standing[one] for name, one in found.items()}


def record_id(connection: Connection, kind: Kind, slug: str) -> int | None:
    """The id of the record of that slug, or of what it was merged into, if there is one."""
    query = (
        select(col(Entry.id))
        .join(Entity, func.coalesce(col(Entity.merged_into_id), col(Entity.id)) == col(Entry.id))
        .where(col(Entity.kind) == kind, col(Entity.slug) == slug)
    )
    return connection.execute(query).scalar_one_or_none()


def records_called(connection: Connection, names: Collection[str]) -> dict[str, tuple[int, str]]:
    """The id and the label, by kind/slug, of each record that has one of these names, given as one word, as its own."""
    wanted = sorted(one for one in names if one)
    ids: set[int] = set()
    for batch in batches_of(wanted, _BATCH):
        found = called(connection.dialect.name, batch)
        ids.update(id_at(place) for place in connection.execute(found).scalars())
    records: dict[str, tuple[int, str]] = {}
    for some in batches_of(sorted(ids), _BATCH):
        query = select(Entry).where(col(Entry.id).in_(some))
        records |= {f"{row.kind}/{row.slug}": (row.id, row.label) for row in connection.execute(query)}
    return records


def refs_of(connection: Connection, ids: Collection[int], at: datetime | None = None) -> dict[int, Ref]:
    """How each entity is referred to, or was at a moment: one that was merged into another, as the other."""
    if at is not None:
        return _refs_at(connection, ids, at)
    rows = connection.execute(_REFERRED_TO, {"ids": list(ids)})
    return {row.id or 0: reference(row.kind, row.slug, row.label) for row in rows}


def _refs_at(connection: Connection, ids: Collection[int], at: datetime) -> dict[int, Ref]:
    standing = stands_for(connection, ids, at)
    named = set(standing.values())
    labels = labels_at(connection, named, at)
    rows = connection.execute(select(Entity).where(col(Entity.id).in_(named)))
    refs = {row.id: reference(row.kind, row.slug, labels[row.id or 0]) for row in rows}
    return {one: refs[target] for one, target in standing.items()}


def reference(kind: Kind, slug: str, label: str) -> Ref:
    """What stands where a record is referred to."""
    return Ref(kind=kind, slug=slug, label=label, url=f"/{PLURALS[kind]}/{slug}")


def formerly(kind: Kind, identifier: str) -> Select[int | None]:
    """A query for the id of the record that took the place of the one that a data set knows by this identifier."""
    is_own = col(Entity.kind) == kind, col(Entity.slug) == slug_of(identifier)
    return select(col(Entity.merged_into_id)).where(*is_own, col(Entity.merged_into_id).is_not(None))
