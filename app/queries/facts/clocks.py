"""When the base began to hold facts, and when it ceased to: the second clock beside the dates that they state."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Select, bindparam, case, func, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.tables.evidence import Claim, Source
from app.tables.identity import fact_id, moved_at
from app.tables.records import MovedFact


@dataclass(frozen=True)
class Times:
    """When a source that states a fact was first loaded, and when the last one ended; None while one is current."""

    recorded_at: datetime
    withdrawn_at: datetime | None


def stated_as(connection: Connection, fact_ids: Collection[str], at: datetime | None = None) -> set[str]:
    """The fingerprints of all claims that state these facts, or did at a moment, and of some others."""
    return {*fact_ids, *connection.execute(_moved_to(at), {"ids": list(fact_ids)}).scalars()}


# To make a select takes as long as to ask it, and nearly all are asked of what is so now.
@lru_cache(maxsize=8)
def _moved_to(at: datetime | None) -> Select[Any]:
    is_asked = col(MovedFact.fact_id).in_(bindparam("ids", expanding=True))
    return select(col(MovedFact.fingerprint)).where(is_asked, moved_at(at))


def times_of(connection: Connection, stating: Mapping[str, Sequence[Any]], at: datetime | None) -> dict[str, Times]:
    """The times of facts, each with the claims that state it, or that stated it at a moment."""
    told = _times(connection, stating, at)
    if at is None:
        return told
    # Whether they ended is asked under the ids that they have now, whatever was merged or parted since.
    now = ids_now(connection, {claim.fingerprint for claims in stating.values() for claim in claims})
    told_now = _times(connection, set(now.values()), None)
    found = {}
    for one, claims in stating.items():
        ends = [told_now[now[claim.fingerprint]].withdrawn_at for claim in claims]
        ended = [end for end in ends if end]
        found[one] = Times(told[one].recorded_at, max(ended) if len(ended) == len(ends) else None)
    return found


def ids_now(connection: Connection, fingerprints: Collection[str]) -> dict[str, str]:
    """For each of these fingerprints, the id of the fact that claims with it state as things stand."""
    moved = select(MovedFact).where(col(MovedFact.fingerprint).in_(fingerprints), moved_at(None))
    return {one: one for one in fingerprints} | {row.fingerprint: row.fact_id for row in connection.execute(moved)}


def _times(connection: Connection, fact_ids: Collection[str], at: datetime | None) -> dict[str, Times]:
    """The same by the ids that facts have now, or had at a moment; an end is told whenever it came."""
    rows = connection.execute(_sources_of(at), {"stating": list(stated_as(connection, fact_ids, at))})
    return {row.fact_id: Times(row.since, None if row.current else row.until) for row in rows}


@lru_cache(maxsize=8)
def _sources_of(at: datetime | None) -> Any:
    later = aliased(Source)
    end = func.coalesce(col(Source.withdrawn_at), later.loaded_at)
    is_asked = col(Claim.fingerprint).in_(bindparam("stating", expanding=True))
    return (
        select(
            fact_id(at).label("fact_id"), func.min(col(Source.loaded_at)).label("since"), func.max(end).label("until"),
            func.sum(case((end.is_(None), 1), else_=0)).label("current"),
        )
        .join(Source, col(Source.id) == col(Claim.source_id))
        .outerjoin(later, later.id == func.coalesce(col(Claim.superseded_by_id), col(Source.superseded_by_id)))  # type: ignore[arg-type]  # a column of the alias
        .where(is_asked, col(Claim.rank) != "deprecated")
        .group_by("fact_id")
    )  # fmt: skip
