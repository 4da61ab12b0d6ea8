"""One source through the gate into the evidence, and the records brought up to date. Never commits."""

import time
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import TypeVar

from sqlalchemy import Connection, Row, func, insert, select, tuple_, update
from sqlmodel import col

from app.loading.fitting import ReadyClaim
from app.loading.gate import NAMES, Gate
from app.loading.problems import Problem, RefusedError
from app.loading.revisions import checked_reason, tick
from app.loading.seed import Seed
from app.passages import Passage, sentences
from app.projection import project
from app.tables.evidence import Citation, Claim, Entity, Source, current_claims
from app.tables.identity import members, stands_for

_T = TypeVar("_T")
_BATCH = 400


@dataclass(frozen=True)
class LoadReport:
    """What a load did, or in a dry run would have done."""

    slug: str
    version: int
    is_unchanged: bool
    entities_new: int
    entities_known: int
    claims_new: int
    claims_unchanged: int
    claims_superseded: int
    sentences_with_facts: int
    sentences_without_facts: tuple[str, ...]
    seconds: float


def load_seed(connection: Connection, seed: Seed, *, actor: str) -> LoadReport:
    """Load one source in the caller's write transaction. Raises RefusedError, having stored nothing.

    The same content again changes nothing; another one becomes a new version, which supersedes the one before.
    """
    started = time.monotonic()
    before = _newest_version(connection, seed.slug)
    is_current = before is not None and before.withdrawn_at is None
    old = _facts_of(connection, before.id) if before is not None and is_current else set()
    spoken = _spoken_of(seed)
    ids = _ids_of(connection, spoken)
    if (
        not seed.problems
        and before is not None
        and is_current
        and (before.sha256, before.claims_sha256) == (seed.sha256, seed.claims_sha256)
    ):
        return _report(
            connection, seed, before.id, started, is_unchanged=True, new=0, unchanged=len(old), known=len(ids)
        )
    claims = Gate(seed, held_names(connection, seed.slug, ids)).pass_all()
    now = datetime.now(UTC)
    source_id = _add_source(connection, seed, before, now)
    known = len(ids.keys() & set(seed.entities))
    ids |= _add_entities(connection, [one for one in seed.entities if one not in ids])
    _add_claims(connection, source_id, claims, ids, seed.text)
    new = {claim.fingerprint for claim in claims}
    tick(connection, "load", now, actor, source_id=source_id, added=len(new - old), superseded=len(old - new))
    touched = set(ids.values()) | (set() if before is None else spoken_of_by(connection, before.id))
    project(connection, touched)
    fresh, kept, ended = len(new - old), len(new & old), len(old - new)
    return _report(connection, seed, source_id, started, new=fresh, unchanged=kept, superseded=ended, known=known)


def withdraw_source(connection: Connection, slug: str, reason: str, *, actor: str) -> int:
    """Mark the newest version of a source withdrawn, in the caller's write transaction; its claims stay in the history.

    Returns how many facts end. Raises RefusedError when there is no such source, or it is withdrawn already.
    """
    reason = checked_reason(slug, reason)
    source = _newest_version(connection, slug)
    if source is None or source.withdrawn_at is not None:
        state = "there is no such source" if source is None else f"it was withdrawn already: {source.withdrawn_reason}"
        raise RefusedError([Problem(slug, 0, "", state)])
    ended = len(_facts_of(connection, source.id))
    now = datetime.now(UTC)
    mark = {"withdrawn_at": now, "withdrawn_reason": reason}
    connection.execute(update(Source).where(col(Source.id) == source.id).values(**mark))
    tick(connection, "withdraw", now, actor, reason, source_id=source.id, withdrawn=ended)
    project(connection, spoken_of_by(connection, source.id))
    return ended


def loaded_as(connection: Connection, seed: Seed) -> tuple[bool, str]:
    """(whether exactly this content was ever loaded, what has become of it since: "" while it is the newest)."""
    query = (
        select(Source)
        .where(col(Source.slug) == seed.slug, col(Source.sha256) == seed.sha256)
        .where(col(Source.claims_sha256) == seed.claims_sha256)
        .order_by(col(Source.version).desc())
    )
    found = connection.execute(query).first()
    if found is None:
        return False, ""
    if found.superseded_by_id is not None:
        return True, f"is that of version {found.version}, which a later one has replaced"
    return True, "" if found.withdrawn_at is None else f"was withdrawn: {found.withdrawn_reason}"


def held_names(connection: Connection, slug: str, ids: dict[str, int]) -> dict[str, frozenset[str]]:
    """The names by which other sources than `slug` know each of these entities; one that only has a label has none.

    Whatever was merged with an entity has its names in common with it.
    """
    standing: dict[int, int] = {}
    for batch in _batches(list(ids.values())):
        standing |= stands_for(connection, batch)
    named: dict[int, set[str]] = {}
    for batch in _batches(sorted(set(standing.values()))):
        family = members(connection, batch)
        query = (
            select(col(Claim.subject_id), col(Claim.property), col(Claim.value))
            .join(Source, col(Source.id) == col(Claim.source_id))
            .where(col(Claim.subject_id).in_(family), col(Claim.property).in_((*NAMES, "label")))
            .where(col(Source.slug) != slug, current_claims())
        )
        for row in connection.execute(query):
            names = named.setdefault(family[row.subject_id], set())
            if row.property in NAMES:
                names.add(row.value)
    return {one: frozenset(named[standing[held]]) for one, held in ids.items() if standing[held] in named}


def spoken_of_by(connection: Connection, source_id: int) -> set[int]:
    """The entities that a source's claims speak of, in whatever role."""
    query = select(col(Claim.subject_id), col(Claim.object_id), col(Claim.character_id))
    rows = connection.execute(query.where(col(Claim.source_id) == source_id))
    return {one for row in rows for one in row if one is not None}


def _newest_version(connection: Connection, slug: str) -> Row[Source] | None:
    query = select(Source).where(col(Source.slug) == slug, col(Source.superseded_by_id).is_(None))
    return connection.execute(query).first()


def _facts_of(connection: Connection, source_id: int) -> set[str]:
    query = select(col(Claim.fingerprint)).where(col(Claim.source_id) == source_id)
    return set(connection.execute(query).scalars())


def _spoken_of(seed: Seed) -> set[str]:
    """Every entity that the seed names, declared or only referred to."""
    named = {one for claim in seed.claims for one in (claim.subject, claim.object, claim.qualifiers.get("character"))}
    return {one for one in (*seed.entities, *named) if one}


def _ids_of(connection: Connection, entities: Collection[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for batch in _batches(sorted(entities)):
        wanted = [tuple(one.split("/", 1)) for one in batch if "/" in one]
        query = select(Entity).where(tuple_(col(Entity.kind), col(Entity.slug)).in_(wanted))
        found |= {f"{row.kind}/{row.slug}": row.id for row in connection.execute(query)}
    return found


def _add_source(connection: Connection, seed: Seed, before: Row[Source] | None, now: datetime) -> int:
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


def _add_entities(connection: Connection, entities: Sequence[str]) -> dict[str, int]:
    rows = [dict(zip(("kind", "slug"), one.split("/", 1), strict=True)) for one in entities]
    if rows:
        connection.execute(insert(Entity), rows)
    return _ids_of(connection, entities)


def _add_claims(
    connection: Connection, source_id: int, claims: Sequence[ReadyClaim], ids: dict[str, int], text: str
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
        citations += [_citation(claim_id, role, passage, _around(passage, text, spans)) for role, passage in roles]
    if rows:
        connection.execute(insert(Claim), rows)
        connection.execute(insert(Citation), citations)


def _around(passage: Passage, text: str, spans: Sequence[tuple[int, int]]) -> str:
    """The sentence that a passage stands in, or the sentences from its first to its last."""
    touched = [(a, b) for a, b in spans if passage.start < b and a < passage.end]
    return text[touched[0][0] : touched[-1][1]] if touched else passage.exact


def _citation(claim_id: int, role: str, passage: Passage, sentence: str) -> dict[str, object]:
    return {"claim_id": claim_id, "role": role, "sentence": sentence, "locator": None, **asdict(passage)}


def _report(
    connection: Connection, seed: Seed, source_id: int, started: float, *, known: int, new: int, unchanged: int,
    superseded: int = 0, is_unchanged: bool = False,
) -> LoadReport:  # fmt: skip
    version = connection.execute(select(col(Source.version)).where(col(Source.id) == source_id)).scalar_one()
    query = (
        select(col(Citation.start), col(Citation.end))
        .join(Claim, col(Claim.id) == col(Citation.claim_id))
        .where(col(Claim.source_id) == source_id, col(Citation.role) == "quote")
    )
    quoted = [(row.start, row.end) for row in connection.execute(query)]
    spans = sentences(seed.text)
    silent = [(a, b) for a, b in spans if not any(start < b and a < end for start, end in quoted)]
    return LoadReport(
        slug=seed.slug,
        version=version,
        is_unchanged=is_unchanged,
        entities_new=len(seed.entities) - known if not is_unchanged else 0,
        entities_known=known,
        claims_new=new,
        claims_unchanged=unchanged,
        claims_superseded=superseded,
        sentences_with_facts=len(spans) - len(silent),
        sentences_without_facts=tuple(seed.text[a:b] for a, b in silent),
        seconds=time.monotonic() - started,
    )


def _batches(items: Sequence[_T]) -> Iterable[Sequence[_T]]:
    return (items[start : start + _BATCH] for start in range(0, len(items), _BATCH))
