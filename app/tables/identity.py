"""Who stands for whom, since entities are merged and renamed while claims stay as they were made.

Whatever reads claims asks here, and nothing else knows how that is stored: `Entity` says how things stand, and the
revisions how they stood at a moment. For example, c was merged into b, and then b into a:

    what is asked of entities                    as things stand                     at a moment
    whom does each stand for in the end?         stands_for  {c: a}                  stands_for(..., at)
    what do claims call them?                    members  a's: {a: a, b: a, c: a}    members(..., at)
    and what stands for one, wherever that is?   below(..., now)                     below  b's: {b: b, c: b}
    whom did each stand for, and when?           histories  b's: [itself until then, a since]
    which judgement moved each last?             last_judgements(..., now)           last_judgements

    what is asked of a column, in SQL
    whom does its entity stand for?              canonical
    is its entity this one, or stands for it?    is_one_of
    which fact does its claim state?             fact_id                             fact_id(at)
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, bindparam, false, func, or_, select, true
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.prepared import Prepared, Reader, Way, reader_of
from app.tables.evidence import Claim, Entity, Revision
from app.tables.records import MovedFact

# What is merged into an entity leaves that as it is; a renaming, and an undoing of one, make it stand for itself.
_MOVES_TARGET = col(Revision.action) != "merge"
_ALWAYS = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Span:
    """What an entity stood for from one moment until another; to this day where that is None."""

    since: datetime
    until: datetime | None
    entity_id: int


def _stand_for(way: Way) -> Any:
    """All that is one of the ids and stands for itself, or stands for one of them."""
    itself = and_(col(Entity.id).in_(way.among("ids")), col(Entity.merged_into_id).is_(None))
    return select(col(Entity.id), col(Entity.merged_into_id)).where(
        or_(itself, col(Entity.merged_into_id).in_(way.among("ids")))
    )


_STAND_FOR = Prepared(_stand_for)
_STANDS_FOR = select(col(Entity.id), col(Entity.merged_into_id)).where(
    col(Entity.id).in_(bindparam("ids", expanding=True))
)


def members(connection: Connection, ids: Collection[int], at: datetime | None = None) -> dict[int, int]:
    """Every entity that is one of these or was merged into one, with the one that it stands for.

    One of `ids` that stands for another itself is left out: its claims are that one's.
    """
    if at is not None:
        return below(connection, set(ids) - _pointers(connection, ids, at).keys(), at)
    return members_now(reader_of(connection), ids)


def members_now(reader: Reader, ids: Collection[int]) -> dict[int, int]:
    """The same as things stand."""
    return {one: into or one for one, into in reader.rows(_STAND_FOR, ids=ids)}


def stands_for(connection: Connection, ids: Collection[int], at: datetime | None = None) -> dict[int, int]:
    """For each of these entities the one that it stands for: what it was merged into, else itself."""
    if at is not None:
        found = {one: one for one in ids}
        while into := _pointers(connection, set(found.values()), at):
            found = {one: into.get(target, target) for one, target in found.items()}
        return found
    rows = connection.execute(_STANDS_FOR, {"ids": list(ids)})
    return {row.id: row.merged_into_id or row.id for row in rows if row.id}


def below(connection: Connection, ids: Collection[int], at: datetime) -> dict[int, int]:
    """These entities, and whatever stood at a moment for one of them, be it by way of others; each with that one."""
    found = {one: one for one in ids}
    reached: Collection[int] = set(found)
    while reached:
        once = select(col(Revision.entity_id)).where(col(Revision.into_id).in_(reached), col(Revision.at) <= at)
        named = {one for one in connection.execute(once.distinct()).scalars() if one} - found.keys()
        into = _pointers(connection, named, at)
        reached = {one for one in named if into.get(one) in reached}
        found |= {one: found[into[one]] for one in reached}
    return found


def last_judgements(connection: Connection, ids: Collection[int], at: datetime) -> dict[int, Row[Revision]]:
    """For each of these entities the last revision up to a moment that moved it, if there is one."""
    last: dict[int | None, int] = defaultdict(int)
    for role, moves in ((col(Revision.entity_id), true()), (col(Revision.into_id), _MOVES_TARGET)):
        query = select(role, func.max(col(Revision.id))).where(role.in_(ids), col(Revision.at) <= at, moves)
        query = query.group_by(role)
        for one, revision in connection.execute(query):
            last[one] = max(last[one], revision or 0)
    rows = connection.execute(select(Revision).where(col(Revision.id).in_(last.values())))
    found = {row.id: row for row in rows}
    return {one: found[revision] for one, revision in last.items() if one}


def _pointers(connection: Connection, ids: Collection[int], at: datetime) -> dict[int, int]:
    """What the last judgement on each entity up to a moment made it stand for; what stood for itself is left out."""
    last = last_judgements(connection, ids, at)
    return {one: row.into_id for one, row in last.items() if row.entity_id == one and row.into_id}


def histories(connection: Connection, ids: Collection[int]) -> dict[int, list[Span]]:
    """For each of these entities that ever stood for another, what it stood for over time."""
    pointers = _pointers_over_time(connection, ids)
    return {one: _followed(pointers, one, _ALWAYS, None) for one in ids if one in pointers}


def _pointers_over_time(connection: Connection, ids: Collection[int]) -> dict[int, list[Span]]:
    """What judgements made each entity stand for over time, and each that it stood for; without those never moved."""
    found: dict[int, list[Span]] = {}
    asked = set(ids)
    while asked:
        # What was merged into an entity that never moved itself can be a lot, and tells nothing of it.
        ever = select(col(Revision.entity_id)).where(col(Revision.entity_id).in_(asked)).distinct()
        moved = {one for one in connection.execute(ever).scalars() if one}
        naming = or_(col(Revision.entity_id).in_(moved), and_(col(Revision.into_id).in_(moved), _MOVES_TARGET))
        judgements: dict[int, list[tuple[datetime, int]]] = {one: [] for one in moved}
        for row in connection.execute(select(Revision).where(naming).order_by(col(Revision.id))):
            if row.entity_id in moved:
                judgements[row.entity_id].append((row.at, row.into_id or row.entity_id))
            if row.into_id in moved and row.action != "merge":
                judgements[row.into_id].append((row.at, row.into_id))
        for one, told in judgements.items():
            starts = [(_ALWAYS, one), *told]
            ends = [at for at, _ in told]
            found[one] = [Span(at, end, into) for (at, into), end in zip(starts, [*ends, None], strict=True)]
        asked = {span.entity_id for one in moved for span in found[one]} - found.keys()
    return found


def _followed(pointers: dict[int, list[Span]], one: int, since: datetime, until: datetime | None) -> list[Span]:
    """What an entity stood for in the end, from one moment until another."""
    found: list[Span] = []
    for span in pointers.get(one, [Span(_ALWAYS, None, one)]):
        first, last = max(since, span.since), earlier(until, span.until)
        if last is not None and first >= last:
            continue
        is_itself = span.entity_id == one
        found += [Span(first, last, one)] if is_itself else _followed(pointers, span.entity_id, first, last)
    return found


def earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    """The earlier end of two spans; None for one that has none."""
    return min(one, other) if one and other else one or other


def names_of(connection: Connection, ids: Collection[int | None]) -> dict[int | None, str]:
    """These entities as kind/slug."""
    rows = connection.execute(select(Entity).where(col(Entity.id).in_(ids)))
    return {row.id: f"{row.kind}/{row.slug}" for row in rows}


def is_named(entities: Collection[str]) -> ColumnElement[bool]:
    """Whether an entity is one of these, written kind/slug.

    SQLite finds pairs of kind and slug by an index only where there is one pair.
    """
    slugs: dict[str, list[str]] = defaultdict(list)
    for kind, separator, slug in (one.partition("/") for one in sorted(entities)):
        if separator:
            slugs[kind].append(slug)
    named = (and_(col(Entity.kind) == kind, col(Entity.slug).in_(those)) for kind, those in slugs.items())
    return or_(false(), *named)


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


def fact_id(at: datetime | None = None) -> ColumnElement[str]:
    """The id of the fact that a claim states, or stated at a moment: its fingerprint, unless an entity in it moved."""
    moved = select(col(MovedFact.fact_id)).where(col(MovedFact.fingerprint) == col(Claim.fingerprint), moved_at(at))
    return func.coalesce(moved.correlate_except(MovedFact).scalar_subquery(), col(Claim.fingerprint))


def moved_at(at: datetime | None) -> ColumnElement[bool]:
    """The condition that a moved fact is so to this day, or was so at a moment."""
    is_open = col(MovedFact.until).is_(None)
    return is_open if at is None else and_(col(MovedFact.since) <= at, or_(is_open, col(MovedFact.until) > at))
