"""A corrected text: whether the words that the claims of the version before quote still stand in it, and where."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.loading.fitting import fact_of
from app.loading.problems import Problem
from app.loading.seed import Seed
from app.passages import occurrences
from app.tables.evidence import Citation, Claim, Entity, Source
from app.vocabulary import Words

_ORDER: tuple[Words, ...] = ("unchanged", "moved", "orphaned")


@dataclass(frozen=True)
class Reverified:
    """A claim of the version before: whether its words stand where they stood, elsewhere, or nowhere in the new text.

    `quote` is the first of its words of which that is so, `start` where they stood, and `now` where they stand.
    """

    fact: str
    subject: str
    property: str
    said: str
    words: Words
    quote: str
    start: int | None
    now: int | None

    def __str__(self) -> str:
        return f"{self.subject} {self.property} '{self.said}'"


def reverified(connection: Connection, before: Row[Source], text: str) -> tuple[Reverified, ...]:
    """Every claim of a version held against another text, in their order."""
    subject: Any = aliased(Entity)
    target: Any = aliased(Entity)
    query: Any = (
        select(
            Claim, *(col(getattr(Citation, name)) for name in ("exact", "start")),
            subject.kind, subject.slug, target.kind.label("target_kind"), target.slug.label("target"),
        )
        .join(Citation, col(Citation.claim_id) == col(Claim.id))
        .join(subject, subject.id == col(Claim.subject_id))
        .outerjoin(target, target.id == col(Claim.object_id))
        .where(col(Claim.source_id) == before.id)
        .order_by(col(Claim.id), col(Citation.id))
    )  # fmt: skip
    found: dict[int | None, Reverified] = {}
    for row in connection.execute(query):
        # What a curator notes is in no text, and so no text takes it away.
        words, now = standing(text, row.exact, row.start) if row.start is not None else ("unchanged", None)
        said = row.value or f"{row.target_kind}/{row.target}"
        one = Reverified(
            row.fingerprint, f"{row.kind}/{row.slug}", row.property, said, words, row.exact, row.start, now
        )  # fmt: skip
        # The worst of its quotes is what is said of a claim.
        if row.id not in found or _ORDER.index(words) > _ORDER.index(found[row.id].words):
            found[row.id] = one
    return tuple(found.values())


def standing(text: str, exact: str, start: int) -> tuple[Words, int | None]:
    """Whether words that stood at a place stand there in another text, and where else."""
    starts = occurrences(text, exact)
    if start in starts:
        return "unchanged", start
    return ("moved", starts[0]) if starts else ("orphaned", None)


def orphans(connection: Connection, seed: Seed) -> dict[int, Problem]:
    """Those claims of a seed, by index, whose words an earlier version of its text had, and this one has not.

    Words that no version ever had are none of these, but a mistake of whoever wrote them down.
    """
    missing = {index: gone for index, claim in enumerate(seed.claims) if (gone := _missing(seed.text, claim.words()))}
    if not missing:
        return {}
    query = (
        select(col(Claim.fingerprint), col(Citation.exact))
        .join(Citation, col(Citation.claim_id) == col(Claim.id))
        .join(Source, col(Source.id) == col(Claim.source_id))
        .where(col(Source.slug) == seed.slug)
    )
    quoted = {tuple(row) for row in connection.execute(query)}
    return {
        index: seed.problem(index, f"left out, since '{gone[0]}' is no longer in the text")
        for index, gone in missing.items()
        if (fact := fact_of(seed.claims[index])) and all((fact, words) in quoted for words in gone)
    }


def _missing(text: str, words: Iterable[str]) -> list[str]:
    return [one for one in words if not occurrences(text, one)]
