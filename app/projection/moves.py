"""The facts that claims stated at other times, as entities were merged, renamed and parted again."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, or_, select
from sqlmodel import col

from app.tables.evidence import ROLES, Claim, Revision
from app.tables.identity import Span, histories, names_of
from app.values import fingerprint


def moved_facts(connection: Connection, ids: Select[Any]) -> list[dict[str, Any]]:
    """The rows of `moved_fact` for the claims that name one of these entities as subject, current or not."""
    ever = select(col(Revision.entity_id)).where(col(Revision.entity_id).is_not(None))
    said = (col(Claim.property), col(Claim.value), col(Claim.qualifiers), col(Claim.modality))
    query: Any = (
        select(col(Claim.fingerprint), *ROLES.values(), *said)
        .distinct()
        .where(col(Claim.subject_id).in_(ids), or_(*(role.in_(ever) for role in ROLES.values())))
    )
    claims = connection.execute(query).all()
    parts = {one for row in claims for one in (row.subject_id, row.object_id, row.character_id) if one}
    spans = histories(connection, parts)
    every = parts | {span.entity_id for told in spans.values() for span in told}
    names = {None: ""} | names_of(connection, every)
    # Claims that only differ in what does not make another fact of them have one fingerprint.
    found = {(row["fingerprint"], row["since"]): row for claim in claims for row in _moves(claim, spans, names)}
    return list(found.values())


def _moves(claim: Any, spans: Mapping[int, list[Span]], names: Mapping[int | None, str]) -> Iterator[dict[str, Any]]:
    """Each span in which the claim stated one other fact."""
    parts = (claim.subject_id, claim.object_id, claim.character_id)
    moments = sorted({span.since for one in parts for span in spans.get(one, ())})
    facts = [_fact(claim, [names[_stood_for(spans, one, moment)] for one in parts]) for moment in moments]
    starts = [index for index, fact in enumerate(facts) if not index or facts[index - 1] != fact]
    for start, end in zip(starts, [*starts[1:], None], strict=True):
        if facts[start] != claim.fingerprint:
            yield {
                "fingerprint": claim.fingerprint, "since": moments[start],
                "until": None if end is None else moments[end], "fact_id": facts[start],
                "subject_id": claim.subject_id,
            }  # fmt: skip


def _stood_for(spans: Mapping[int, list[Span]], one: int | None, moment: datetime) -> int | None:
    """What an entity stood for from this moment on."""
    if one is None or one not in spans:
        return one
    return [span.entity_id for span in spans[one] if span.since <= moment][-1]


def _fact(claim: Any, names: Sequence[str]) -> str:
    """The id of the fact that the claim states if its subject, object and character are called so."""
    subject, target, character = names
    qualifiers = json.loads(claim.qualifiers) | ({"character": character} if character else {})
    return fingerprint(subject, claim.property, claim.value or target, qualifiers, claim.modality)
