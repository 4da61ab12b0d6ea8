"""Facts: the current claims, grouped by what they say, each with the words that say it."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache, lru_cache, partial
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Select, bindparam, func, or_, select
from sqlmodel import col

from app.documents.evidence import Evidence, FactDocument, Ref, Reference, SourceRef
from app.queries.clocks import Times, stated_as, times_of
from app.queries.entities import entity_ids, refs_of
from app.queries.numbers import count_facts, count_matching, count_most
from app.queries.senses import Sense, has_sense, is_usual
from app.tables.evidence import Citation, Claim, Source, Voice, current_claims, independent_publishers
from app.tables.identity import fact_id, members, stands_for
from app.values import to_json
from app.vocabulary import PROPERTIES, Kind

Role = Literal["subject", "object", "character"]
_ROLES: dict[Role, Any] = {
    "subject": col(Claim.subject_id), "object": col(Claim.object_id), "character": col(Claim.character_id),
}  # fmt: skip

_OF_SOURCE = ("slug", "title", "publisher", "published", "sha256")
_CITED = select(Citation).where(col(Citation.claim_id).in_(bindparam("ids", expanding=True))).order_by(col(Citation.id))
# How many claims are walked through at once, at least and at most, and how many facts are passed over like that.
_FEW, _BATCH, _MOST_PASSED_OVER = 20, 200, 50_000


@dataclass(frozen=True)
class FactQuery:
    """What facts are asked for; each tuple is satisfied by any of its members, an empty one by all.

    With `known_at` it is asked of the base as it was then, in which `about` stood for itself.
    """

    subject: tuple[str, ...] = ()
    object: tuple[str, ...] = ()
    property: tuple[str, ...] = ()
    value: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    modality: tuple[str, ...] = ()
    inference: tuple[str, ...] = ()
    overlaps: tuple[int, int] | None = None
    known_at: datetime | None = None
    about: int | None = None
    limit: int = 20
    offset: int = 0

    def sense(self) -> Sense:
        """In which sense, and by which step from the words, they are to hold."""
        return {"modality": self.modality, "inference": self.inference}


@dataclass(frozen=True)
class EntityFact:
    """A fact, and how an entity stands in it."""

    fact: FactDocument
    subject_id: int
    object_id: int | None
    character_id: int | None

    def role_of(self, entity_id: int | None) -> Role:
        """How an entity stands in it that has a part in it."""
        if entity_id == self.subject_id:
            return "subject"
        return "object" if entity_id == self.object_id else "character"


def list_facts(connection: Connection, query: FactQuery) -> tuple[int, list[FactDocument]]:
    """(how many facts match, those of the page in the order in which they were first loaded)."""
    matching = partial(_matching, connection, query)
    asked = replace(query, limit=0, offset=0)
    is_of_one_source = asked == FactQuery(source=query.source[:1], limit=0)
    is_of_properties = asked == FactQuery(property=query.property, limit=0)
    is_of_sense = asked == FactQuery(modality=query.modality, inference=query.inference, limit=0)
    is_of_most = is_of_sense and is_usual(query.sense())

    if is_of_one_source:
        count = count_facts(connection, *query.source)
    elif is_of_most:
        count = count_most(connection, repr(asked), matching, query.sense())
    else:
        properties = query.property if is_of_properties else ()
        count = count_matching(connection, repr(asked), matching, properties)
    if (is_of_one_source or is_of_properties or is_of_most) and query.offset <= _MOST_PASSED_OVER:
        ids = _first_stated(connection, query)
    else:
        rows = connection.execute(matching().order_by("first").limit(query.limit).offset(query.offset))
        ids = [row.fact_id for row in rows]
    return count, [one.fact for one in facts_by_id(connection, ids, query.known_at)]


def _matching(connection: Connection, query: FactQuery) -> Any:
    return (
        select(fact_id(query.known_at).label("fact_id"), func.min(col(Claim.id)).label("first"))
        .join(Source, col(Source.id) == col(Claim.source_id))
        .where(current_claims(query.known_at), *_conditions(connection, query))
        .group_by("fact_id")
    )


def _first_stated(connection: Connection, query: FactQuery) -> list[str]:
    """The ids of a page of nearly all facts, of a source, or by some properties, without looking at those after it.

    Claims are walked through as they were loaded, but those that say again what an earlier one says.
    """
    stated: Any = (
        select(fact_id().label("fact_id"), col(Claim.id).label("id"))
        .join(Source, col(Source.id) == col(Claim.source_id))
        .where(current_claims(), *has_sense(query.sense()))
    )
    # What says the same is of the same property: said of it as well, SQLite would look through all that have it.
    walked = stated.where(*_conditions(connection, replace(query, source=(), modality=(), inference=())))
    if query.source:
        # What is alike is found by its fingerprint: said of the plain column, SQLite would begin with the source.
        walked = walked.where(col(Source.slug) == query.source[0])
        stated = stated.where(func.coalesce(col(Source.slug), "") == query.source[0])
    found: list[str] = []
    after = 0
    while (missing := query.offset + query.limit - len(found)) > 0:
        beyond = walked.where(col(Claim.id) > after).order_by(col(Claim.id))
        rows = connection.execute(beyond.limit(max(_FEW, min(missing, _BATCH)))).all()
        if not rows:
            break
        after = rows[-1].id
        stating = stated_as(connection, {row.fact_id for row in rows})
        every = stated.where(col(Claim.fingerprint).in_(stating)).subquery()
        firsts = select(every.c.fact_id, func.min(every.c.id)).group_by(every.c.fact_id)
        first = {row[0]: row[1] for row in connection.execute(firsts)}
        found += [row.fact_id for row in rows if first[row.fact_id] == row.id]
    return found[query.offset : query.offset + query.limit]


def get_fact(connection: Connection, asked: str, at: datetime | None = None) -> FactDocument | None:
    """The fact of that id, if a current claim states it, or stated it at a moment."""
    found = facts_by_id(connection, [asked], at)
    return found[0].fact if found else None


def is_stated(connection: Connection, asked: str) -> bool:
    """Whether a current claim states the fact of that id."""
    claims = select(col(Claim.id)).join(Source, col(Source.id) == col(Claim.source_id))
    stated = col(Claim.fingerprint).in_(stated_as(connection, [asked]))
    return connection.execute(claims.where(stated, fact_id() == asked, current_claims()).limit(1)).first() is not None


def key_of(fact: FactDocument, kind: Kind, role: Role) -> str | None:
    """The key of an entity's record that the fact feeds, or would if it counted; None where no key shows it."""
    prop = PROPERTIES[fact.property]
    if role == "subject":
        return prop.field_of(kind)
    return prop.inverse.get((fact.subject.kind, kind)) if role == "object" else "portrayed_by"


def keys_of(fact: FactDocument, kind: Kind, role: Role, document: Mapping[str, Any]) -> list[str]:
    """The keys of an entity's document that the fact feeds: a name that lost to another stands among those as well."""
    key = key_of(fact, kind, role)
    is_other = fact.property == "name" and role == "subject" and fact.value in document["alternate_names"]
    return [*([key] if key else []), *(["alternate_names"] if is_other else [])]


def facts_of(connection: Connection, ids: Iterable[int], roles: Iterable[Role] = tuple(_ROLES)) -> list[EntityFact]:
    """All facts in which one of the entities has a part, or one of these parts."""
    family = members(connection, list(ids))
    claims: dict[str, int] = {}
    for role in roles:
        for row in connection.execute(_stated_of(role), {"family": list(family)}):
            claims[row.fact_id] = min(row.id, claims.get(row.fact_id, row.id))
    return facts_by_id(connection, sorted(claims, key=claims.__getitem__))


def facts_by_id(connection: Connection, fact_ids: Sequence[str], at: datetime | None = None) -> list[EntityFact]:
    """The facts with these ids, in their order, now or as they were at a moment; what no claim states is left out."""
    claims: dict[str, list[Any]] = {}
    for row in connection.execute(_stating(at), {"stating": list(stated_as(connection, fact_ids, at))}):
        claims.setdefault(row.fact_id, []).append(row)
    claims = {one: claims[one] for one in fact_ids if one in claims}
    rows = [row for group in claims.values() for row in group]
    parts = {one for row in rows for one in (row.subject_id, row.object_id, row.character_id) if one}
    beside = _Beside(
        _citations(connection, [row.id for row in rows]), refs_of(connection, parts, at),
        stands_for(connection, parts, at), times_of(connection, claims, at),
    )  # fmt: skip
    return [_fact(group, beside) for group in claims.values()]


# To make a select takes as long as to ask it, and nearly all are asked of what is so now.
@cache
def _stated_of(role: Role) -> Select[Any]:
    """Current claims in which one of some entities, the family, has this part."""
    claims: Any = select(fact_id().label("fact_id"), col(Claim.id)).join(Source, col(Source.id) == col(Claim.source_id))
    told: Select[Any] = claims.where(_ROLES[role].in_(bindparam("family", expanding=True)), current_claims())
    return told


@lru_cache(maxsize=8)
def _stating(at: datetime | None) -> Select[Any]:
    """Current claims by their fingerprints, with what is told of their sources."""
    told: Any = (col(getattr(Source, name)).label(f"source_{name}") for name in _OF_SOURCE)
    return (
        select(Claim, fact_id(at).label("fact_id"), *told)
        .join(Source, col(Source.id) == col(Claim.source_id))
        .where(col(Claim.fingerprint).in_(bindparam("stating", expanding=True)), current_claims(at))
        .order_by(col(Claim.id))
    )


def _conditions(connection: Connection, query: FactQuery) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    for column, told in (
        (col(Claim.property), query.property),
        (col(Claim.value), query.value),
        (col(Source.slug), query.source),
    ):
        if told:
            conditions.append(column.in_(told))
    conditions += has_sense(query.sense())
    if query.subject:
        conditions.append(col(Claim.subject_id).in_(_all_that_are(connection, query.subject, query.known_at)))
    if query.object:
        conditions.append(col(Claim.object_id).in_(_all_that_are(connection, query.object, query.known_at)))
    if query.about is not None:
        family = members(connection, [query.about], query.known_at)
        conditions.append(or_(*(role.in_(family) for role in _ROLES.values())))
    if query.overlaps:
        start, end = query.overlaps
        touching = select(col(Citation.claim_id)).where(
            col(Citation.claim_id) == col(Claim.id), col(Citation.role) == "quote",
            col(Citation.start) < end, col(Citation.end) > start,
        )  # fmt: skip
        conditions.append(touching.exists())
    return conditions


def _all_that_are(connection: Connection, entities: Collection[str], at: datetime | None) -> Collection[int]:
    """The entities written kind/slug, with all that was merged into them."""
    return members(connection, list(entity_ids(connection, entities, at).values()), at)


def _citations(connection: Connection, claim_ids: Sequence[int]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in connection.execute(_CITED, {"ids": list(claim_ids)}):
        found.setdefault(row.claim_id, []).append(row)
    return found


@dataclass(frozen=True)
class _Beside:
    """What is shown of facts beside their claims: citations by claim, entities by id, times by fact."""

    citations: Mapping[int, list[Any]]
    refs: Mapping[int, Ref]
    standing: Mapping[int, int]
    times: Mapping[str, Times]


def _fact(claims: Sequence[Any], beside: _Beside) -> EntityFact:
    refs, standing = beside.refs, beside.standing
    # The order of loading decides nothing; what a source says itself speaks for what others pass on.
    claims = sorted(claims, key=lambda one: (one.source_published or "", one.source_slug, one.id))
    first = min(claims, key=lambda one: one.modality == "reported")
    prop = PROPERTIES[first.property]
    said_by = [Voice(claim.source_publisher, claim.source_sha256, claim.attributed_to) for claim in claims]
    qualifiers: dict[str, Any] = json.loads(first.qualifiers)
    if first.character_id:
        qualifiers["character"] = refs[first.character_id]
    literal = to_json(prop.value_type or "text", first.value) if first.value is not None else None
    fact = FactDocument.model_validate(
        {
            "id": first.fact_id, "url": f"/facts/{first.fact_id}", "subject": refs[first.subject_id],
            "property": first.property, "value": refs[first.object_id] if literal is None else literal,
            "qualifiers": qualifiers, "modality": first.modality, "inference": first.inference,
            "phrase": first.phrase, "attributed_to": first.attributed_to, "rank": first.rank,
            "source_count": len({claim.source_id for claim in claims}),
            "publisher_count": independent_publishers(said_by),
            "recorded_at": beside.times[first.fact_id].recorded_at,
            "withdrawn_at": beside.times[first.fact_id].withdrawn_at,
            "evidence": [_evidence(claim, one) for claim in claims for one in beside.citations.get(claim.id, ())],
        }
    )  # fmt: skip
    target, character = first.object_id, first.character_id
    return EntityFact(fact, standing[first.subject_id], target and standing[target], character and standing[character])


def _evidence(claim: Any, citation: Any) -> Evidence:
    source = SourceRef(
        slug=claim.source_slug, title=claim.source_title, publisher=claim.source_publisher,
        published=claim.source_published, url=f"/sources/{claim.source_slug}",
    )  # fmt: skip
    return Evidence(
        source=source, role=citation.role, quote=citation.exact, prefix=citation.prefix, suffix=citation.suffix,
        start=citation.start, end=citation.end, sentence=citation.sentence, locator=citation.locator,
        references=Reference.all_in(citation.references), attributed_to=claim.attributed_to, status="verified",
    )  # fmt: skip
