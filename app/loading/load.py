"""One source through the gate into the evidence, and the records brought up to date. Never commits."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, or_, select, update
from sqlmodel import col

from app.loading.corrections import Reverified
from app.loading.examining import Examined, examine, newest_version, passed
from app.loading.matching import Alike, Same
from app.loading.merging import stand_for
from app.loading.problems import Problem, RefusedError
from app.loading.revisions import checked_reason, next_moment, tick
from app.loading.rows import add_claims, add_entities, add_source, sentences_between
from app.loading.seed import Seed
from app.passages import sentences
from app.projection import Step, no_step, project
from app.tables.evidence import ROLES, Citation, Claim, Source
from app.tables.identity import stands_for

_ORPHANED = "Left out {} of its claims, whose words are no longer in the text."


@dataclass(frozen=True)
class LoadReport:
    """What a load did, or would have done in a transaction that is taken back.

    `same` are the entities that turned out to be ones that were held, each with the revision that merged it, and
    `alike` those that are called like one. `silent` are the sentences that no claim quotes, each with its place.
    `reverified` are the claims of the version before, of whose facts this one does not state those `ended`, `left_out`
    the orphaned claims that were not loaded, and `written` the entities whose records were made anew.
    """

    slug: str
    version: int
    is_unchanged: bool
    entities_new: int
    entities_known: int
    claims_new: int
    claims_unchanged: int
    claims_superseded: int
    sentences_with_facts: int
    silent: tuple[tuple[int, int, str], ...]
    is_corrected: bool
    reverified: tuple[Reverified, ...]
    left_out: tuple[Problem, ...]
    ended: frozenset[str]
    written: frozenset[int]
    source_id: int
    seconds: float
    same: tuple[tuple[Same, int], ...]
    alike: tuple[Alike, ...]


def load_seed(
    connection: Connection, seed: Seed, *, actor: str, drop_orphaned: bool = False, step: Step = no_step
) -> LoadReport:
    """Load one source in the caller's write transaction. Raises RefusedError, having stored nothing.

    The same content again changes nothing; another one becomes a new version, which supersedes the one before. With
    `drop_orphaned` the claims are left out whose words a correction of the text took away.
    """
    examined = examine(connection, seed, drop_orphaned=drop_orphaned, step=step)
    return store(connection, passed(examined), actor=actor)


def store(connection: Connection, examined: Examined, *, actor: str) -> LoadReport:
    """Store what passed of a source in the caller's write transaction, and bring the records up to date."""
    seed, judged, before, old = examined.seed, examined.judged, examined.held.before, examined.held.facts
    ids = {**examined.held.ids}
    if examined.held.is_unchanged and before is not None:
        return _report(connection, examined, before.id or 0, new=old, written=frozenset())
    now = next_moment(connection)
    source_id = add_source(connection, seed, before, now)
    ids |= add_entities(connection, [one for one in dict.fromkeys(seed.entities) if one not in ids])
    claims = [*(claim for _, claim in judged.claims), *judged.noted]
    add_claims(connection, source_id, claims, ids, seed.text)
    new = frozenset(claim.fingerprint for claim in claims)
    reason = _ORPHANED.format(len(examined.left_out)) if examined.left_out else None
    did = {"added": len(new - old), "superseded": len(old - new)}
    tick(connection, "load", now, actor, reason, source_id=source_id, **did)
    touched = set(ids.values()) | (set() if before is None else spoken_of_by(connection, before.id or 0))
    written = project(connection, touched)
    same = []
    for one in judged.same:
        made, others = _identify(connection, one, ids[one.entity], actor)
        same.append((one, made))
        written |= others
    return _report(connection, examined, source_id, new=new, written=frozenset(written), same=same)


def _identify(connection: Connection, one: Same, new_id: int, actor: str) -> tuple[int, set[int]]:
    """Make one of a new entity and the held one that it is; what was named by a curator keeps that name."""
    is_first = stands_for(connection, [one.root_id])[one.root_id] == one.root_id
    old_id, into_id = (one.root_id, new_id) if one.is_better_named and is_first else (new_id, one.held_id)
    return stand_for(connection, "merge", old_id, into_id, f"Both have {one.identifier}", actor)


def withdraw_source(connection: Connection, slug: str, reason: str, *, actor: str) -> int:
    """Mark the newest version of a source withdrawn, in the caller's write transaction; its claims stay in the history.

    Returns how many facts end. Raises RefusedError when there is no such source, or it is withdrawn already.
    """
    reason = checked_reason(slug, reason)
    source = newest_version(connection, slug)
    if source is None or source.withdrawn_at is not None:
        state = "there is no such source" if source is None else f"it was withdrawn already: {source.withdrawn_reason}"
        raise RefusedError([Problem(slug, 0, "", state)])
    ended = stated_by(connection, source.id)
    now = next_moment(connection)
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


def stated_by(connection: Connection, source_id: int) -> int:
    """How many facts a source states; what a later import has ended of one, it states no more."""
    stated = select(func.count(func.distinct(col(Claim.fingerprint))))
    standing = col(Claim.source_id) == source_id, col(Claim.superseded_by_id).is_(None)
    return connection.execute(stated.where(*standing)).scalar_one()


def spoken_of_by(connection: Connection, source_id: int) -> set[int]:
    """The entities that a source's claims speak of, in whatever role, and those that it ended what was said of."""
    told_or_ended = or_(col(Claim.source_id) == source_id, col(Claim.superseded_by_id) == source_id)
    rows = connection.execute(select(*ROLES.values()).where(told_or_ended))
    return {one for row in rows for one in row if one is not None}


def _report(
    connection: Connection, examined: Examined, source_id: int, *, new: frozenset[str], written: frozenset[int],
    same: Sequence[tuple[Same, int]] = (),
) -> LoadReport:  # fmt: skip
    seed, held, judged, old = examined.seed, examined.held, examined.judged, examined.held.facts
    version = connection.execute(select(col(Source.version)).where(col(Source.id) == source_id)).scalar_one()
    query = (
        select(col(Citation.start), col(Citation.end))
        .join(Claim, col(Claim.id) == col(Citation.claim_id))
        .where(col(Claim.source_id) == source_id, col(Citation.role) == "quote")
    )
    spans = sentences(seed.text)
    quoted = {number for row in connection.execute(query) for number in sentences_between(spans, row.start, row.end)}
    silent = [span for number, span in enumerate(spans) if number not in quoted]
    introduced = {*seed.entities} - held.ids.keys() - {one.entity for one in judged.same}
    known = len(held.ids) if held.is_unchanged else len(held.ids.keys() & set(seed.entities))
    return LoadReport(
        slug=seed.slug,
        version=version,
        is_unchanged=held.is_unchanged,
        entities_new=0 if held.is_unchanged else len(introduced),
        entities_known=known + len(judged.same),
        claims_new=len(new - old),
        claims_unchanged=len(new & old),
        claims_superseded=len(old - new),
        sentences_with_facts=len(spans) - len(silent),
        silent=tuple((a, b, seed.text[a:b]) for a, b in silent),
        is_corrected=held.is_corrected,
        reverified=judged.reverified,
        left_out=examined.left_out,
        ended=old - new,
        written=written,
        source_id=source_id,
        same=tuple(same),
        alike=judged.alike,
        seconds=time.monotonic() - examined.started,
    )
