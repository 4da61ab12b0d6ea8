"""A source held against the base, and judged at the gate, before anything of it is stored."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Row, select
from sqlmodel import col

from app.loading.corrections import Reverified, orphans, reverified
from app.loading.fitting import ReadyClaim, fact_of
from app.loading.gate import Gate
from app.loading.header import ARTICLE
from app.loading.matching import Alike, Same, alike, match
from app.loading.notes import noted
from app.loading.problems import Problem, RefusedError
from app.loading.rows import ids_of
from app.loading.seed import Seed
from app.projection import Step, no_step
from app.tables.evidence import Claim, Source, current_claims
from app.tables.identity import members, stands_for
from app.tables.rows import batches_of
from app.vocabulary import NAMES, PROPER_NAMES, Words


@dataclass(frozen=True)
class Held:
    """What the base has of a source: `before` is its newest version, and `facts` are those that this states.

    Of a version that is withdrawn nothing counts: it has no facts, and the source is neither unchanged nor corrected.
    `ids` are those of the entities of the seed that are held, by kind/slug.
    """

    before: Row[Source] | None
    facts: frozenset[str]
    ids: Mapping[str, int]
    is_unchanged: bool
    is_corrected: bool


@dataclass(frozen=True)
class Judged:
    """What passes of a seed, its claims by their index and the curator's notes, and what is wrong with the rest of it.

    `same` are the entities that turn out to be held ones, and `reverified` the claims of the version before.
    """

    claims: Sequence[tuple[int, ReadyClaim]] = ()
    noted: Sequence[ReadyClaim] = ()
    problems: Sequence[Problem] = ()
    same: Sequence[Same] = ()
    alike: tuple[Alike, ...] = ()
    reverified: tuple[Reverified, ...] = ()


@dataclass(frozen=True)
class Examined:
    """A seed with what is held of it and how it was judged; one that is unchanged was judged when it was loaded.

    Where orphaned claims are to be dropped, or were, these are `left_out`, and `seed` is what is left without them.
    """

    seed: Seed
    left_out: tuple[Problem, ...]
    held: Held
    judged: Judged
    started: float

    @property
    def facts(self) -> list[tuple[int, str]]:
        """What passed, by its index: the fingerprint of each claim."""
        if self.held.is_unchanged:
            return [(index, fact_of(claim) or "") for index, claim in enumerate(self.seed.claims)]
        return [(index, claim.fingerprint) for index, claim in self.judged.claims]

    @property
    def notes(self) -> Sequence[ReadyClaim]:
        """What passed of the curator's notes, as claims."""
        return noted(self.seed, {})[0] if self.held.is_unchanged else self.judged.noted

    @property
    def words(self) -> dict[str, Words]:
        """What became of the words of each fact that the version before states, if this one corrects its text."""
        return {one.fact: one.words for one in self.judged.reverified} if self.held.is_corrected else {}


def passed(examined: Examined) -> Examined:
    """What may be stored, since nothing of it is wrong and it is no draft. Raises RefusedError."""
    if problems := [*filter(None, [examined.seed.unreviewed]), *examined.judged.problems]:
        reverified = examined.judged.reverified if examined.held.is_corrected else ()
        raise RefusedError(problems, reverified, examined.left_out)
    return examined


def examine(connection: Connection, seed: Seed, *, drop_orphaned: bool = False, step: Step = no_step) -> Examined:
    """Judge one source without storing anything of it; `step` is called for each claim.

    Raises RefusedError where it would be the next version of an import, and end all that this says.
    """
    started = time.monotonic()
    before = newest_version(connection, seed.slug)
    if before is not None and before.kind == "dataset":
        message = f"'{seed.slug}' is an import of a data set; call the source otherwise"
        raise RefusedError([Problem(ARTICLE, 0, "", message)])
    standing = before if before is not None and before.withdrawn_at is None else None
    is_unchanged = (
        not seed.problems
        and standing is not None
        and (standing.sha256, standing.claims_sha256) == (seed.sha256, seed.claims_sha256)
    )
    # Of what is held as it is, orphaned claims were left out when it was loaded.
    gone = orphans(connection, seed) if before is not None and (drop_orphaned or is_unchanged) else {}
    rest = seed.without(gone.keys()) if gone else seed
    held = Held(
        before=before,
        facts=frozenset(facts_of(connection, standing.id) if standing is not None else ()),
        ids=ids_of(connection, {*rest.entities, *(one for claim in rest.claims for one in claim.entities())}),
        is_unchanged=is_unchanged,
        is_corrected=standing is not None and standing.sha256 != seed.sha256,
    )
    judged = Judged() if is_unchanged else _judged(connection, rest, held.ids, standing, step)
    return Examined(rest, tuple(gone.values()), held, judged, started)


def _judged(
    connection: Connection, seed: Seed, ids: Mapping[str, int], standing: Row[Source] | None, step: Step
) -> Judged:
    same, contradicting = match(connection, seed, ids)
    known_as = {**ids, **{one.entity: one.held_id for one in same}}
    gate = Gate(seed, held_names(connection, seed.slug, known_as), step)
    claims = gate.judge()
    return Judged(
        claims=claims,
        noted=gate.noted,
        problems=(*gate.problems, *contradicting),
        same=same,
        alike=tuple(alike(connection, seed, {*seed.entities} - known_as.keys())),
        reverified=reverified(connection, standing, seed.text) if standing is not None else (),
    )


def held_names(connection: Connection, slug: str, ids: dict[str, int]) -> dict[str, frozenset[str]]:
    """The names by which other sources than `slug` know each of these entities; one that only has a label has none.

    Whatever was merged with an entity has its names in common with it.
    """
    standing: dict[int, int] = {}
    for batch in batches_of(list(ids.values())):
        standing |= stands_for(connection, batch)
    named: dict[int, set[str]] = {}
    for batch in batches_of(sorted(set(standing.values()))):
        family = members(connection, batch)
        query = (
            select(col(Claim.subject_id), col(Claim.property), col(Claim.value))
            .join(Source, col(Source.id) == col(Claim.source_id))
            .where(col(Claim.subject_id).in_(family), col(Claim.property).in_(NAMES))
            .where(col(Source.slug) != slug, current_claims())
        )
        for row in connection.execute(query):
            names = named.setdefault(family[row.subject_id], set())
            if row.property in PROPER_NAMES:
                names.add(row.value)
    return {one: frozenset(named[standing[held]]) for one, held in ids.items() if standing[held] in named}


def newest_version(connection: Connection, slug: str) -> Row[Source] | None:
    """The version of a source that no later one has replaced, be it withdrawn."""
    query = select(Source).where(col(Source.slug) == slug, col(Source.superseded_by_id).is_(None))
    return connection.execute(query).first()


def facts_of(connection: Connection, source_id: int) -> set[str]:
    """The facts that a version of a source states."""
    query = select(col(Claim.fingerprint)).where(col(Claim.source_id) == source_id)
    return set(connection.execute(query).scalars())
