"""Who stands for whom, since entities are merged and renamed while claims stay as they were made.

Whatever finds claims by an entity asks `members` for all that it is known as; whatever shows an entity or a fact of a
claim shows `canonical` of it, or its `fact_id`. Nothing else knows how that is stored.
"""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.tables.evidence import Claim, Entity
from app.tables.records import MovedFact


def members(connection: Connection, ids: Collection[int]) -> dict[int, int]:
    """Every entity that is one of these or was merged into one, with the one that it stands for.

    One of `ids` that stands for another itself is left out: its claims are that one's.
    """
    is_itself = and_(col(Entity.id).in_(ids), col(Entity.merged_into_id).is_(None))
    is_member = or_(is_itself, col(Entity.merged_into_id).in_(ids))
    rows = connection.execute(select(col(Entity.id), col(Entity.merged_into_id)).where(is_member))
    return {row.id: row.merged_into_id or row.id for row in rows if row.id}


def stands_for(connection: Connection, ids: Collection[int]) -> dict[int, int]:
    """For each of these entities the one that it stands for: what it was merged into, else itself."""
    query = select(col(Entity.id), col(Entity.merged_into_id)).where(col(Entity.id).in_(ids))
    return {row.id: row.merged_into_id or row.id for row in connection.execute(query) if row.id}


def canonical(entity_id: Any) -> ColumnElement[int]:
    """What the entity in this column stands for, in SQL."""
    one = aliased(Entity)
    stands_for_it = select(func.coalesce(one.merged_into_id, one.id)).where(one.id == entity_id)
    return stands_for_it.correlate_except(one).scalar_subquery()


def is_one_of(entity_id: Any, stood_for: Any) -> ColumnElement[bool]:
    """Whether the entity in one column is that of another column or stands for it, in SQL that uses an index."""
    one: Any = aliased(Entity)
    family = select(one.id).where(or_(one.id == stood_for, one.merged_into_id == stood_for))
    found: ColumnElement[bool] = col(entity_id).in_(family.correlate_except(one))
    return found


def fact_id() -> ColumnElement[str]:
    """The id of the fact that a claim states: its fingerprint, unless an entity in it stands for another since."""
    moved = select(col(MovedFact.fact_id)).where(col(MovedFact.id) == col(Claim.fingerprint))
    return func.coalesce(moved.correlate_except(MovedFact).scalar_subquery(), col(Claim.fingerprint))
