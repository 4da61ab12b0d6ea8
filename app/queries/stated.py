"""How many facts all current claims state, counted along the index of their fingerprints.

A fingerprint is a fact, but for two exceptions, which are looked for among few rows: one that no current claim has any
more, and one that states another fact since an entity in it stands for another.
"""

from typing import Any

from sqlalchemy import ColumnElement, Connection, distinct, func, or_, select, union
from sqlmodel import col

from app.tables.evidence import IS_DEPRECATED, IS_ENDED, Claim, Source, current_claims
from app.tables.identity import moved_at
from app.tables.records import MovedFact


def count_facts(connection: Connection) -> int:
    """How many facts there are."""
    every = connection.execute(select(func.count(distinct(col(Claim.fingerprint))))).scalar_one()
    ended: Any = _ended().subquery().c.fingerprint
    unstated = connection.execute(select(func.count(distinct(ended))).where(~_is_stated(ended))).scalar_one()
    fingerprint: Any = col(MovedFact.fingerprint)
    other: Any = col(MovedFact.fact_id)
    now = select(fingerprint, other).where(moved_at(None), _is_stated(fingerprint))
    moved = {row.fingerprint: row.fact_id for row in connection.execute(now)}
    to = set(moved.values())
    # What they state now may be what others state by their own fingerprint.
    known = connection.execute(select(other).where(moved_at(None), _is_stated(other))).scalars()
    return every - unstated - len(moved) + len(to - {one for one in known if one not in moved})


def _is_stated(fingerprint: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether a current claim has this fingerprint."""
    claims = select(col(Claim.id)).join(Source, col(Source.id) == col(Claim.source_id))
    return claims.where(col(Claim.fingerprint) == fingerprint, current_claims()).exists()


def _ended() -> Any:
    """The fingerprints of all claims that are not current."""
    sources = select(col(Source.id)).where(
        or_(col(Source.superseded_by_id).is_not(None), col(Source.withdrawn_at).is_not(None))
    )
    claims: Any = select(col(Claim.fingerprint).label("fingerprint"))
    return union(*(claims.where(one) for one in (IS_ENDED, IS_DEPRECATED, col(Claim.source_id).in_(sources))))
