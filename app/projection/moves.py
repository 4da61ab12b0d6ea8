"""The ids that facts had before merges: each still leads to the fact that it is now."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import product
from typing import Any

from sqlalchemy import Connection, or_, select
from sqlmodel import col

from app.tables.evidence import Claim, Entity, Revision
from app.tables.identity import members
from app.values import fingerprint


def moved_facts(connection: Connection, ids: Sequence[int]) -> list[dict[str, Any]]:
    """The rows of `moved_fact` for these entities as subjects, whether their claims are current or not."""
    family = members(connection, ids)
    merged = select(col(Entity.id)).where(col(Entity.merged_into_id).is_not(None))
    roles = (col(Claim.subject_id), col(Claim.object_id), col(Claim.character_id))
    said = (col(Claim.property), col(Claim.value), col(Claim.qualifiers), col(Claim.modality))
    query: Any = (
        select(*roles, *said)
        .distinct()
        .where(col(Claim.subject_id).in_(family), or_(*(role.in_(merged) for role in roles)))
    )
    claims = connection.execute(query).all()
    parts = {one for row in claims for one in (row.subject_id, row.object_id, row.character_id) if one}
    names = _names(connection, parts)
    found: dict[str, dict[str, Any]] = {}
    for row in claims:
        *before, now = _fingerprints(row, names)
        for one in before:
            found[one] = {"id": one, "fact_id": now, "subject_id": family[row.subject_id]}
    return list(found.values())


def _fingerprints(claim: Any, names: Mapping[int | None, list[str]]) -> Iterator[str]:
    """Every id that the claim's fact had, the present one last."""
    qualifiers = json.loads(claim.qualifiers)
    parts = (claim.subject_id, claim.object_id, claim.character_id)
    for subject, target, character in product(*(names[one] for one in parts)):
        played = {"character": character} if character else {}
        yield fingerprint(subject, claim.property, claim.value or target, qualifiers | played, claim.modality)


def _names(connection: Connection, ids: Collection[int]) -> dict[int | None, list[str]]:
    """For each entity as kind/slug: itself, and then what it stood for, one after the other; of none, no name."""
    chains = {one: [one] for one in ids}
    ends = set(ids)
    while ends:
        query = select(col(Revision.entity_id), col(Revision.into_id)).where(col(Revision.entity_id).in_(ends))
        into = {row.entity_id: row.into_id for row in connection.execute(query)}
        for chain in chains.values():
            if chain[-1] in into:
                chain.append(into[chain[-1]])
        ends = set(into.values())
    rows = connection.execute(
        select(Entity).where(col(Entity.id).in_({one for chain in chains.values() for one in chain}))
    )
    names = {row.id: f"{row.kind}/{row.slug}" for row in rows}
    return {None: [""], **{one: [names[each] for each in chain] for one, chain in chains.items()}}
