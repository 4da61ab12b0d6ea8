"""Entities: from kind/slug to ids, and from ids to how they are referred to."""

from collections.abc import Collection

from sqlalchemy import Connection, func, select, tuple_
from sqlmodel import col

from app.documents.evidence import Ref
from app.tables.evidence import Entity
from app.tables.records import Entry
from app.vocabulary import PLURALS, Kind


def entity_ids(connection: Connection, entities: Collection[str]) -> dict[str, int]:
    """The ids of entities written kind/slug; those that are not held are left out.

    The id of one that was merged into another is the other's.
    """
    wanted = [tuple(one.split("/", 1)) for one in entities if "/" in one]
    query = select(Entity).where(tuple_(col(Entity.kind), col(Entity.slug)).in_(wanted))
    return {f"{row.kind}/{row.slug}": row.merged_into_id or row.id for row in connection.execute(query)}


def record_id(connection: Connection, kind: Kind, slug: str) -> int | None:
    """The id of the record of that slug, or of what it was merged into, if there is one."""
    query = (
        select(col(Entry.id))
        .join(Entity, func.coalesce(col(Entity.merged_into_id), col(Entity.id)) == col(Entry.id))
        .where(col(Entity.kind) == kind, col(Entity.slug) == slug)
    )
    return connection.execute(query).scalar_one_or_none()


def refs_of(connection: Connection, ids: Collection[int]) -> dict[int, Ref]:
    """How each entity is referred to: one that was merged into another, as the other."""
    query = (
        select(col(Entity.id), col(Entry.kind), col(Entry.slug), col(Entry.label))
        .join(Entry, col(Entry.id) == func.coalesce(col(Entity.merged_into_id), col(Entity.id)))
        .where(col(Entity.id).in_(ids))
    )
    return {
        row.id or 0: Ref(kind=row.kind, slug=row.slug, label=row.label, url=f"/{PLURALS[row.kind]}/{row.slug}")
        for row in connection.execute(query)
    }
