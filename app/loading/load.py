"""One source through the gate into the evidence, and the records brought up to date. Never commits."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Row, select, update
from sqlmodel import col

from app.loading.corrections import Reverified, orphans, reverified
from app.loading.fitting import ReadyClaim, fact_of
from app.loading.gate import NAMES, Gate, Step, no_step
from app.loading.matching import Alike, Same, alike, match
from app.loading.merging import stand_for
from app.loading.notes import noted
from app.loading.problems import Problem, RefusedError
from app.loading.revisions import checked_reason, next_moment, tick
from app.loading.rows import add_claims, add_entities, add_source, batches, ids_of
from app.loading.seed import Seed
from app.passages import sentences
from app.projection import project
from app.tables.evidence import ROLES, Citation, Claim, Source, current_claims
from app.tables.identity import members, stands_for
from app.vocabulary import Words

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

    @property
    def sentences_without_facts(self) -> tuple[str, ...]:
        """The sentences that no claim quotes."""
        return tuple(sentence for _, _, sentence in self.silent)


@dataclass(frozen=True)
class Examined:
    """A seed held against the base and judged at the gate: what of it passes, by its index, and what is wrong with it.

    `before` is the newest version of its source, `old` the facts that this states, if it is not withdrawn, and `ids`
    are those of the entities that are held already.
    """

    seed: Seed
    before: Row[Source] | None
    old: frozenset[str]
    ids: Mapping[str, int]
    is_unchanged: bool
    is_corrected: bool
    claims: tuple[tuple[int, ReadyClaim], ...]
    noted: tuple[ReadyClaim, ...]
    same: tuple[Same, ...]
    alike: tuple[Alike, ...]
    problems: tuple[Problem, ...]
    reverified: tuple[Reverified, ...]
    left_out: tuple[Problem, ...]
    started: float

    @property
    def facts(self) -> list[tuple[int, str]]:
        """What passed, by its index: the fingerprint of each claim."""
        if self.is_unchanged:
            return [(index, fact_of(claim) or "") for index, claim in enumerate(self.seed.claims)]
        return [(index, claim.fingerprint) for index, claim in self.claims]

    @property
    def notes(self) -> Sequence[ReadyClaim]:
        """What passed of the curator's notes, as claims."""
        return noted(self.seed, {})[0] if self.is_unchanged else self.noted

    @property
    def words(self) -> dict[str, Words]:
        """What became of the words of each fact that the version before states, if this one corrects its text."""
        return {one.fact: one.words for one in self.reverified} if self.is_corrected else {}


def load_seed(
    connection: Connection, seed: Seed, *, actor: str, drop_orphaned: bool = False, step: Step = no_step
) -> LoadReport:
    """Load one source in the caller's write transaction. Raises RefusedError, having stored nothing.

    The same content again changes nothing; another one becomes a new version, which supersedes the one before. With
    `drop_orphaned` the claims are left out whose words a correction of the text took away.
    """
    examined = examine(connection, seed, drop_orphaned=drop_orphaned, step=step)
    return store(connection, passed(examined), actor=actor)


def passed(examined: Examined) -> Examined:
    """What may be stored, since nothing of it is wrong and it is no draft. Raises RefusedError."""
    if problems := [*filter(None, [examined.seed.unreviewed]), *examined.problems]:
        raise RefusedError(problems, examined.reverified if examined.is_corrected else ())
    return examined


def examine(connection: Connection, seed: Seed, *, drop_orphaned: bool = False, step: Step = no_step) -> Examined:
    """Judge one source without storing anything of it; `step` is called for each claim."""
    started = time.monotonic()
    before = _newest_version(connection, seed.slug)
    was = before if before is not None and before.withdrawn_at is None else None
    is_unchanged = (
        not seed.problems and was is not None and (was.sha256, was.claims_sha256) == (seed.sha256, seed.claims_sha256)
    )
    # Of what is held as it is, orphaned claims were left out when it was loaded.
    gone = orphans(connection, seed) if before is not None and (drop_orphaned or is_unchanged) else {}
    seed = seed.without(gone.keys()) if gone else seed
    ids = ids_of(connection, {*seed.entities, *(one for claim in seed.claims for one in claim.entities())})
    same, contradicting = ([], []) if is_unchanged else match(connection, seed, ids)
    known_as = ids | {one.entity: one.held_id for one in same}
    gate = Gate(seed, {} if is_unchanged else held_names(connection, seed.slug, known_as), step)
    return Examined(
        seed=seed,
        before=before,
        old=frozenset(_facts_of(connection, was.id) if was is not None else ()),
        ids=ids,
        is_unchanged=is_unchanged,
        is_corrected=was is not None and was.sha256 != seed.sha256,
        claims=() if is_unchanged else tuple(gate.judge()),
        noted=tuple(gate.noted),
        same=tuple(same),
        alike=() if is_unchanged else tuple(alike(connection, seed, {*seed.entities} - known_as.keys())),
        problems=(*gate.problems, *contradicting),
        reverified=reverified(connection, was, seed.text) if was is not None and not is_unchanged else (),
        left_out=tuple(gone.values()),
        started=started,
    )


def store(connection: Connection, examined: Examined, *, actor: str) -> LoadReport:
    """Store what passed of a source in the caller's write transaction, and bring the records up to date."""
    seed, before, old, ids = examined.seed, examined.before, examined.old, {**examined.ids}
    if examined.is_unchanged and before is not None:
        return _report(connection, examined, before.id or 0, new=old, written=frozenset())
    now = next_moment(connection)
    source_id = add_source(connection, seed, before, now)
    ids |= add_entities(connection, [one for one in dict.fromkeys(seed.entities) if one not in ids])
    claims = [*(claim for _, claim in examined.claims), *examined.noted]
    add_claims(connection, source_id, claims, ids, seed.text)
    new = frozenset(claim.fingerprint for claim in claims)
    reason = _ORPHANED.format(len(examined.left_out)) if examined.left_out else None
    did = {"added": len(new - old), "superseded": len(old - new)}
    tick(connection, "load", now, actor, reason, source_id=source_id, **did)
    touched = set(ids.values()) | (set() if before is None else spoken_of_by(connection, before.id or 0))
    written = project(connection, touched)
    same = []
    for one in examined.same:
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
    source = _newest_version(connection, slug)
    if source is None or source.withdrawn_at is not None:
        state = "there is no such source" if source is None else f"it was withdrawn already: {source.withdrawn_reason}"
        raise RefusedError([Problem(slug, 0, "", state)])
    ended = len(_facts_of(connection, source.id))
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


def held_names(connection: Connection, slug: str, ids: dict[str, int]) -> dict[str, frozenset[str]]:
    """The names by which other sources than `slug` know each of these entities; one that only has a label has none.

    Whatever was merged with an entity has its names in common with it.
    """
    standing: dict[int, int] = {}
    for batch in batches(list(ids.values())):
        standing |= stands_for(connection, batch)
    named: dict[int, set[str]] = {}
    for batch in batches(sorted(set(standing.values()))):
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
    rows = connection.execute(select(*ROLES.values()).where(col(Claim.source_id) == source_id))
    return {one for row in rows for one in row if one is not None}


def _newest_version(connection: Connection, slug: str) -> Row[Source] | None:
    query = select(Source).where(col(Source.slug) == slug, col(Source.superseded_by_id).is_(None))
    return connection.execute(query).first()


def _facts_of(connection: Connection, source_id: int) -> set[str]:
    query = select(col(Claim.fingerprint)).where(col(Claim.source_id) == source_id)
    return set(connection.execute(query).scalars())


def _report(
    connection: Connection, examined: Examined, source_id: int, *, new: frozenset[str], written: frozenset[int],
    same: Sequence[tuple[Same, int]] = (),
) -> LoadReport:  # fmt: skip
    seed, old = examined.seed, examined.old
    version = connection.execute(select(col(Source.version)).where(col(Source.id) == source_id)).scalar_one()
    query = (
        select(col(Citation.start), col(Citation.end))
        .join(Claim, col(Claim.id) == col(Citation.claim_id))
        .where(col(Claim.source_id) == source_id, col(Citation.role) == "quote")
    )
    quoted = [(row.start, row.end) for row in connection.execute(query)]
    spans = sentences(seed.text)
    silent = [(a, b) for a, b in spans if not any(start < b and a < end for start, end in quoted)]
    introduced = {*seed.entities} - examined.ids.keys() - {one.entity for one in examined.same}
    known = len(examined.ids) if examined.is_unchanged else len(examined.ids.keys() & set(seed.entities))
    return LoadReport(
        slug=seed.slug,
        version=version,
        is_unchanged=examined.is_unchanged,
        entities_new=0 if examined.is_unchanged else len(introduced),
        entities_known=known + len(examined.same),
        claims_new=len(new - old),
        claims_unchanged=len(new & old),
        claims_superseded=len(old - new),
        sentences_with_facts=len(spans) - len(silent),
        silent=tuple((a, b, seed.text[a:b]) for a, b in silent),
        is_corrected=examined.is_corrected,
        reverified=examined.reverified,
        left_out=examined.left_out,
        ended=old - new,
        written=written,
        source_id=source_id,
        same=tuple(same),
        alike=examined.alike,
        seconds=time.monotonic() - examined.started,
    )
