"""The rows that a source adds to the evidence: itself, the entities that it introduces, its claims and their words."""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Connection, Row, func, insert, select, update
from sqlmodel import col

from app.loading.fitting import ReadyClaim
from app.loading.header import CLAIMS
from app.loading.seed import Seed
from app.passages import Passage, sentences
from app.tables.evidence import Citation, Claim, Entity, Source
from app.tables.identity import is_named
from app.tables.rows import batches_of


def ids_of(connection: Connection, entities: Collection[str]) -> dict[str, int]:
    """The ids of those entities (kind/slug) that are held."""
    found: dict[str, int] = {}
    for batch in batches_of(sorted(entities)):
        found |= {f"{row.kind}/{row.slug}": row.id for row in connection.execute(select(Entity).where(is_named(batch)))}
    return found


def add_source(connection: Connection, seed: Seed, before: Row[Source] | None, now: datetime) -> int:
    """Add the source as the version after `before`, which it supersedes. Returns its id."""
    values = {
        **seed.source.model_dump(),
        "slug": seed.slug,
        "kind": "article",
        "version": before.version + 1 if before is not None else 1,
        "text": seed.text,
        "sha256": seed.sha256,
        "claims_sha256": seed.claims_sha256,
        "loaded_at": now,
    }
    source_id = connection.execute(insert(Source).values(**values).returning(col(Source.id))).scalar_one()
    if before is not None:
        mark = update(Source).where(col(Source.id) == before.id).values(superseded_by_id=source_id)
        connection.execute(mark)
    return int(source_id or 0)


def add_entities(connection: Connection, entities: Sequence[str]) -> dict[str, int]:
    """Add entities, and return their ids."""
    rows = [dict(zip(("kind", "slug"), one.split("/", 1), strict=True)) for one in entities]
    if rows:
        connection.execute(insert(Entity), rows)
    return ids_of(connection, entities)


def add_claims(
    connection: Connection, source_id: int, claims: Sequence[ReadyClaim], ids: Mapping[str, int], text: str
) -> None:
    """Insert claims and citations in bulk; ids are counted on from the last, which the write lock keeps ours."""
    next_id = (connection.execute(select(func.max(col(Claim.id)))).scalar() or 0) + 1
    rows, citations, spans = [], [], sentences(text)
    for claim_id, claim in enumerate(claims, start=next_id):
        rows.append(
            {
                "id": claim_id, "source_id": source_id, "fingerprint": claim.fingerprint,
                "subject_id": ids[claim.subject], "property": claim.property, "value": claim.value,
                "object_id": ids[claim.object] if claim.object else None,
                "character_id": ids[claim.character] if claim.character else None,
                "qualifiers": claim.qualifiers, "modality": claim.modality, "inference": claim.inference,
                "phrase": claim.phrase, "attributed_to": claim.attributed_to, "rank": claim.rank,
            }
        )  # fmt: skip
        roles = [("quote", one) for one in claim.quotes] + [("context", one) for one in claim.contexts]
        if claim.note:
            citations.append(_note(claim_id, claim.subject, claim.note))
        citations += [_citation(claim_id, role, passage, _around(passage, text, spans)) for role, passage in roles]
    if rows:
        connection.execute(insert(Claim), rows)
        connection.execute(insert(Citation), citations)


def sentences_between(spans: Sequence[tuple[int, int]], start: int, end: int) -> range:
    """The numbers of the sentences of which something lies between two positions; `spans` are theirs, in order."""
    first = bisect_right(spans, start, key=lambda span: span[1])
    return range(first, bisect_left(spans, end, lo=first, key=lambda span: span[0]))


def _around(passage: Passage, text: str, spans: Sequence[tuple[int, int]]) -> str:
    """The sentence that a passage stands in, or the sentences from its first to its last."""
    touched = sentences_between(spans, passage.start, passage.end)
    return text[spans[touched[0]][0] : spans[touched[-1]][1]] if touched else passage.exact


def _note(claim_id: int, entity: str, note: str) -> dict[str, object]:
    """The curator's word, and where in the file it stands."""
    nowhere = {"prefix": "", "suffix": "", "start": None, "end": None, "sentence": None}
    return {"claim_id": claim_id, "role": "note", "exact": note, "locator": f"{CLAIMS}: {entity}", **nowhere}


def _citation(claim_id: int, role: str, passage: Passage, sentence: str) -> dict[str, object]:
    return {"claim_id": claim_id, "role": role, "sentence": sentence, "locator": None, **asdict(passage)}
