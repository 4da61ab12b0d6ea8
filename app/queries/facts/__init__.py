"""Facts: the current claims, grouped by what they say, each with the words that say it.

Here they are found by their ids; `receipts` are those of what records show, and `lists` those found by anything else,
such as their `senses`. `counts` is how many there are, `clocks` when they were held, and `truth` where they differ.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import Connection, Select, bindparam, select
from sqlmodel import col

from app.documents.evidence import Evidence, FactDocument, Ref, Reference, SourceRef
from app.queries.entities import refs_of
from app.queries.facts.clocks import Times, stated_as, times_of
from app.tables.evidence import Citation, Claim, Source, Voice, current_claims, independent_publishers
from app.tables.identity import fact_id, members, stands_for
from app.values import to_json
from app.vocabulary import PROPERTIES, Kind, Role

_OF_SOURCE = ("slug", "title", "publisher", "published", "sha256")
_CITED = select(Citation).where(col(Citation.claim_id).in_(bindparam("ids", expanding=True))).order_by(col(Citation.id))


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


def facts_of(connection: Connection, ids: Iterable[int]) -> list[EntityFact]:
    """All facts of which one of the entities is the subject, in the order in which they were first loaded."""
    family = list(members(connection, list(ids)))
    return entity_facts(connection, set(connection.execute(_stated_of(), {"family": family}).scalars()))


def entity_facts(connection: Connection, fact_ids: Iterable[str]) -> list[EntityFact]:
    """The facts with these ids, in the order in which they were first loaded."""
    return _entity_facts(connection, list(fact_ids), None, is_by_loading=True)


def facts_by_id(connection: Connection, fact_ids: Iterable[str], at: datetime | None = None) -> dict[str, FactDocument]:
    """The facts with these ids, in their order, now or as they were at a moment; what no claim states is left out."""
    return {one.fact.id: one.fact for one in _entity_facts(connection, list(dict.fromkeys(fact_ids)), at)}


def _entity_facts(
    connection: Connection, fact_ids: Sequence[str], at: datetime | None, *, is_by_loading: bool = False
) -> list[EntityFact]:
    """The facts with these ids, in their order, or in that in which they were first loaded."""
    claims: dict[str, list[Any]] = {}
    for row in connection.execute(_stating(at), {"stating": list(stated_as(connection, fact_ids, at))}):
        claims.setdefault(row.fact_id, []).append(row)
    # What was asked for may be stated by claims of another fingerprint, which state other facts as well. Rows come as
    # they were loaded.
    asked = set(fact_ids)
    ordered = claims if is_by_loading else fact_ids
    claims = {one: claims[one] for one in ordered if one in claims and one in asked}
    rows = [row for group in claims.values() for row in group]
    parts = {one for row in rows for one in (row.subject_id, row.object_id, row.character_id) if one}
    beside = _Beside(
        _citations(connection, [row.id for row in rows]), refs_of(connection, parts, at),
        stands_for(connection, parts, at), times_of(connection, claims, at),
    )  # fmt: skip
    return [_fact(group, beside) for group in claims.values()]


# To make a select takes as long as to ask it, and nearly all are asked of what is so now.
@cache
def _stated_of() -> Select[Any]:
    """The facts of current claims whose subject is one of some entities, the family."""
    told: Any = select(fact_id()).join(Source, col(Source.id) == col(Claim.source_id))
    found: Select[Any] = told.where(col(Claim.subject_id).in_(bindparam("family", expanding=True)), current_claims())
    return found


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
    literal = to_json(prop.value_type, first.value) if first.value is not None else None
    fact = FactDocument.model_validate(
        {
            "id": first.fact_id, "url": f"/facts/{first.fact_id}", "subject": refs[first.subject_id],
            "property": first.property, "value": refs[first.object_id] if literal is None else literal,
            "qualifiers": qualifiers, "modality": first.modality, "inference": first.inference,
            "phrase": first.phrase, "attributed_to": first.attributed_to,
            # One curator's preference counts for all who say the same.
            "rank": min((one.rank for one in claims), key=("preferred", "normal", "deprecated").index),
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
