"""Reads, for a handful of entities, everything that their records are made of."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Select, select, union
from sqlalchemy.orm import aliased
from sqlmodel import col

from app import edtf
from app.projection.facts import SourceOf, Statement
from app.tables.evidence import Citation, Claim, Entity, Revision, Source, current_claims
from app.tables.identity import canonical, fact_id, members
from app.tables.records import Entry, Link

_ROLES = (col(Claim.subject_id), col(Claim.object_id), col(Claim.character_id))
# What matters of a claim's source.
SOURCE = (col(Source.slug), col(Source.publisher), col(Source.published), col(Source.sha256))


@dataclass(frozen=True, slots=True)
class Standing:
    """How far an entity is spoken of: by how many current sources, and when that last changed."""

    source_count: int
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Inverse:
    """A link that points to the entity: from whom, as what."""

    subject_id: int
    property: str
    object_id: int
    role: str | None
    character_id: int | None
    modality: str


def kinds_of(connection: Connection, ids: Sequence[int]) -> dict[int, tuple[str, str]]:
    """(kind, slug) of each entity."""
    query = select(Entity).where(col(Entity.id).in_(ids))
    return {row.id: (row.kind, row.slug) for row in connection.execute(query)}


def statements_about(connection: Connection, ids: Sequence[int]) -> dict[int, list[Statement]]:
    """The current claims whose subject each entity is, and all that was merged into it.

    What would be said of one and the same by it, since the two ends of a claim were merged, no record shows.
    """
    family = members(connection, ids)
    query: Any = (
        select(
            Claim,
            fact_id().label("fact_id"),
            canonical(col(Claim.object_id)).label("target_id"),
            canonical(col(Claim.character_id)).label("played_id"),
            *SOURCE,
        )
        .join(Source, col(Source.id) == col(Claim.source_id))
        .where(col(Claim.subject_id).in_(family), current_claims())
    )
    found: dict[int, list[Statement]] = defaultdict(list)
    for row in connection.execute(query):
        subject_id = family[row.subject_id]
        if row.target_id != subject_id:
            found[subject_id].append(statement(row, subject_id, row.target_id, row.played_id))
    return found


def statement(row: Any, subject_id: int, object_id: int | None, character_id: int | None) -> Statement:
    """What a claim states, read with `fact_id` and the columns of `SOURCE`, of these entities."""
    qualifiers = json.loads(row.qualifiers)
    return Statement(
        source=SourceOf(row.source_id, row.slug, row.publisher, row.sha256, _day(row.published)),
        place=row.id,
        fact_id=row.fact_id,
        subject_id=subject_id,
        property=row.property,
        value=row.value,
        object_id=object_id,
        character_id=character_id,
        role=qualifiers.get("role"),
        point_in_time=qualifiers.get("point_in_time"),
        modality=row.modality,
        attributed_to=row.attributed_to,
        is_preferred=row.rank == "preferred",
    )


def _day(published: str | None) -> date:
    """The earliest day that a date of publication may mean; the first of all days where there is none."""
    return (edtf.parse(published).earliest if published else None) or date.min


def standings(connection: Connection, ids: Sequence[int]) -> dict[int, Standing]:
    """How each entity stands that a current claim speaks of, in whatever role; the others are left out.

    The time is that of the newest revision that merged something into it or took it out again, or of a source, old or
    withdrawn ones included, that spoke of it: never the clock, so that a rebuild writes the same bytes.
    """
    family = members(connection, ids)
    spoken: Select[tuple[int, int]] = union(  # type: ignore[assignment]  # a union is selected from alike
        *(
            select(role.label("entity_id"), touching.label("source_id")).where(role.in_(family), touching.is_not(None))
            for role in _ROLES
            for touching in (col(Claim.source_id), col(Claim.superseded_by_id))
        )
    )
    current: Select[tuple[int, int]] = union(  # type: ignore[assignment]  # as above
        *(
            select(role.label("entity_id"), col(Claim.source_id))
            .join(Source, col(Source.id) == col(Claim.source_id))
            .where(role.in_(family), current_claims())
            for role in _ROLES
        )
    )
    speaking: dict[int, set[int]] = defaultdict(set)
    for row in connection.execute(current):
        speaking[family[row.entity_id]].add(row.source_id)
    times: dict[int, list[datetime]] = defaultdict(list)
    for entity_id, at in _judgements(connection, family):
        times[family[entity_id]].append(at)
    pairs = [(family[row.entity_id], row.source_id) for row in connection.execute(spoken)]
    touched = _last_touched(connection, {source_id for _, source_id in pairs})
    for entity_id, source_id in pairs:
        times[entity_id].append(touched[source_id])
    return {entity_id: Standing(len(sources), max(times[entity_id])) for entity_id, sources in speaking.items()}


def _judgements(connection: Connection, family: Mapping[int, int]) -> Iterator[tuple[int, datetime]]:
    """When something was merged into one of these entities, renamed to it, or parted from it again."""
    undoing = aliased(Revision)
    for role in (Revision.entity_id, Revision.into_id):
        query: Any = (
            select(col(role), col(Revision.at), col(undoing.at))
            .outerjoin(undoing, col(undoing.undoes_id) == col(Revision.id))
            .where(col(role).in_(family))
        )
        for entity_id, *moments in connection.execute(query):
            yield from ((entity_id, at) for at in moments if at)


def _last_touched(connection: Connection, source_ids: set[int]) -> dict[int, datetime]:
    """For each source, when it was last loaded, superseded, withdrawn, or taken back from that.

    It is superseded when its successor is loaded; what becomes of that one later does not touch it.
    """
    marks = select(col(Source.id), col(Source.superseded_by_id)).where(col(Source.id).in_(source_ids))
    successors = {row.id: row.superseded_by_id for row in connection.execute(marks)}
    asked = source_ids | {successor for successor in successors.values() if successor}
    at: dict[tuple[int | None, bool], datetime] = {}
    for row in connection.execute(
        select(Revision).where(col(Revision.source_id).in_(asked)).order_by(col(Revision.id))
    ):
        at[row.source_id, row.action == "load"] = row.at
    return {
        one: max(at[key] for key in ((one, True), (one, False), (successor, True)) if key in at)
        for one, successor in successors.items()
    }


def inverse_links(connection: Connection, ids: Sequence[int]) -> dict[int, list[Inverse]]:
    """The links that point to each entity, those from what came first in time first."""
    found: dict[int, list[Inverse]] = defaultdict(list)
    for role in (col(Link.object_id), col(Link.character_id)):
        query: Select[Link, int] = (
            select(Link, role.label("target_id"))
            .join(Entry, col(Entry.id) == col(Link.subject_id))
            .where(role.in_(ids))
            .order_by(
                col(Entry.earliest).asc().nulls_last(),
                col(Entry.kind),
                col(Entry.slug),
                col(Link.property),
                col(Link.role),
            )
        )
        for row in connection.execute(query):
            link = Inverse(row.subject_id, row.property, row.object_id, row.role, row.character_id, row.modality)
            found[row.target_id].append(link)
    return found


def neighbours(connection: Connection, ids: Sequence[int]) -> set[int]:
    """Everything that shares a current claim with one of the entities: whose documents may show it."""
    found: set[int] = set()
    family = {*ids, *members(connection, ids)}
    for role in _ROLES:
        query = (
            select(*(canonical(one) for one in _ROLES))
            .select_from(Claim)
            .join(Source, col(Source.id) == col(Claim.source_id))
            .where(role.in_(family), current_claims())
        )
        for row in connection.execute(query):
            found.update(one for one in row if one is not None)
    return found


@dataclass(frozen=True, slots=True)
class Spoken:
    """What current sources quote of an entity, and the sentences that speak of it, each once in their order."""

    of_it: Mapping[str, None]
    sentences: Mapping[str, None]


def spoken_of(connection: Connection, ids: Sequence[int]) -> dict[int, Spoken]:
    """What is quoted of each entity as subject, and the sentences in which it has whatever role."""
    family = members(connection, ids)
    found: dict[int, tuple[dict[str, None], dict[str, None]]] = defaultdict(lambda: ({}, {}))
    for role in _ROLES:
        query: Select[int, str, str | None] = (
            select(role.label("entity_id"), col(Citation.exact), col(Citation.sentence))
            .join(Claim, col(Claim.id) == col(Citation.claim_id))
            .join(Source, col(Source.id) == col(Claim.source_id))
            .where(role.in_(family), current_claims())
            .where(col(Citation.sentence).is_not(None), col(Citation.role) == "quote")
            .order_by(col(Source.slug), col(Citation.start), col(Citation.id))
        )
        for row in connection.execute(query):
            of_it, sentences = found[family[row.entity_id]]
            sentences.setdefault(row.sentence)
            if role is _ROLES[0]:
                of_it.setdefault(row.exact)
    return {entity_id: Spoken(*spoken) for entity_id, spoken in found.items()}
