"""What became of what is not there: where it is now, or why it is gone."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.passages import fold
from app.queries.entities import formerly, record_id
from app.queries.facts import is_stated
from app.queries.facts.clocks import ids_now
from app.tables.evidence import ROLES, Claim, Entity, Source
from app.tables.identity import members
from app.tables.records import Entry, Link, MovedFact
from app.values import slug_of
from app.vocabulary import Kind

_REASONS = 5


@dataclass(frozen=True)
class Fate:
    """Either the slug or the id that it has now, or why no current source speaks of it."""

    now: str | None
    reasons: Sequence[str] = ()


def fate_of_entity(connection: Connection, kind: Kind, slug: str) -> Fate | None:
    """What became of the entity whose record is not there; None for one that was never held."""
    query = select(Entity).where(col(Entity.kind) == kind, col(Entity.slug) == slug)
    found = connection.execute(query).first()
    if found is None:
        return None
    if found.merged_into_id is not None:
        target = select(col(Entity.slug)).where(col(Entity.id) == found.merged_into_id)
        return Fate(connection.execute(target).scalar_one())
    family = members(connection, [found.id or 0])
    return Fate(None, _reasons(connection, or_(*(role.in_(family) for role in ROLES.values()))))


def why_gone(connection: Connection, kind: Kind, slug: str) -> str | None:
    """Why there is no record of what there was once, also under another name; None for what was never held."""
    fate = fate_of_entity(connection, kind, slug)
    if fate and fate.now:
        fate = fate_of_entity(connection, kind, fate.now)
    return " ".join(fate.reasons) if fate else None


def fate_of_identifier(connection: Connection, kind: Kind, identifier: str) -> Fate | None:
    """The record of that kind that has an identifier elsewhere, as scheme:id; None where there is none."""
    is_it = col(Link.property) == "identifier", col(Link.value) == fold(identifier)
    # Asked for the first of that kind at once, SQLite would look at each in the order of their slugs.
    ids = [*connection.execute(select(col(Link.subject_id)).where(*is_it)).scalars()]
    # Of several that say that they have it, it is that one's which the data set itself knows by it.
    own = record_id(connection, kind, slug_of(identifier)) if len(ids) > 1 else None
    ids = [own] if own in ids else ids
    if not (ids := ids or [one for one in connection.execute(formerly(kind, identifier)).scalars() if one]):
        return None
    slugs = select(col(Entry.slug)).where(col(Entry.id).in_(ids), col(Entry.kind) == kind)
    slug = min(connection.execute(slugs).scalars(), default=None)
    return Fate(slug) if slug else None


def fate_of_fact(connection: Connection, fact_id: str) -> Fate | None:
    """What became of the fact that no current source states; None for one that no source ever stated."""
    once = select(col(MovedFact.fingerprint)).where(col(MovedFact.fact_id) == fact_id)
    stated_as = {fact_id, *connection.execute(once).scalars()}
    now = ids_now(connection, stated_as)
    others = sorted({*now.values()} - {fact_id})
    current = [one for one in others if is_stated(connection, one)]
    reasons = _reasons(connection, col(Claim.fingerprint).in_([one for one in now if now[one] == fact_id]))
    if current or (others and not reasons):
        return Fate((current or others)[0])
    return Fate(None, reasons) if reasons else None


def _reasons(connection: Connection, is_said: ColumnElement[bool]) -> list[str]:
    """Why what these claims say no longer counts: for each source, what became of its last version that said it."""
    last = (
        select(col(Source.slug), func.max(col(Source.version)).label("version"))
        .add_columns(func.max(col(Claim.superseded_by_id)).label("ended_by_id"))
        .join(Claim, col(Claim.source_id) == col(Source.id))
        .where(is_said)
        .group_by(col(Source.slug))
        .order_by(col(Source.slug))
        .limit(_REASONS + 1)
        .subquery()
    )
    after: Any = aliased(Source)
    ending: Any = aliased(Source)
    query = (
        select(Source, after.version.label("next"), ending.slug.label("ended_by"))
        .join(last, (col(Source.slug) == last.c.slug) & (col(Source.version) == last.c.version))
        .outerjoin(after, col(Source.superseded_by_id) == after.id)
        .outerjoin(ending, last.c.ended_by_id == ending.id)
        .order_by(col(Source.slug))
    )
    rows = connection.execute(query).all()
    reasons = [_reason(row.slug, row.next, row.ended_by, row.withdrawn_reason) for row in rows[:_REASONS]]
    return [*reasons, "More sources spoke of it once."] if len(rows) > _REASONS else reasons


def _reason(slug: str, successor: int | None, ended_by: str | None, withdrawn: str | None) -> str:
    if withdrawn is not None:
        return f"The source {slug} was withdrawn: {withdrawn.rstrip('.')}."
    if successor is not None:
        return f"The source {slug} no longer says it since its version {successor}."
    if ended_by is not None:
        return f"The source {slug} no longer says it since the later import {ended_by}."
    return f"What the source {slug} says is deprecated."
