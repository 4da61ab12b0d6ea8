"""Which of the things that sources say a record shows: claims into facts, facts into values. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from app import edtf
from app.tables.evidence import independent_publishers
from app.values import agree
from app.vocabulary import HAPPENED, Property


@dataclass(frozen=True, slots=True)
class SourceOf:
    """What matters of a claim's source: who speaks, in which text, and when."""

    id: int
    slug: str
    publisher: str | None
    sha256: str
    published: date


@dataclass(frozen=True, slots=True)
class Statement:
    """A current claim, with its source and its place among that source's claims."""

    source: SourceOf
    place: int
    fingerprint: str
    subject_id: int
    property: str
    value: str | None
    object_id: int | None
    character_id: int | None
    role: str | None
    point_in_time: str | None
    modality: str
    is_preferred: bool


@dataclass(frozen=True, slots=True)
class Fact:
    """All current claims with one fingerprint: the same said once or by many."""

    says: Statement
    sources: frozenset[SourceOf]
    is_preferred: bool
    points_in_time: frozenset[str]

    @property
    def publisher_count(self) -> int:
        """How many independent publishers say so."""
        return independent_publishers((source.publisher, source.sha256) for source in self.sources)

    @property
    def latest(self) -> date:
        """When it was last said."""
        return max(source.published for source in self.sources)


def facts_of(statements: Iterable[Statement]) -> list[Fact]:
    """Statements as facts, in the order in which sources say them: by date, source and place in it."""
    by_fingerprint: dict[str, list[Statement]] = {}
    for statement in statements:
        by_fingerprint.setdefault(statement.fingerprint, []).append(statement)
    facts = [
        Fact(
            min(group, key=_place),
            frozenset(s.source for s in group),
            any(s.is_preferred for s in group),
            frozenset(s.point_in_time for s in group if s.point_in_time),
        )
        for group in by_fingerprint.values()
    ]
    return sorted(facts, key=lambda fact: _place(fact.says))


def shown(facts: Sequence[Fact], *, of_character: bool) -> list[Fact]:
    """The facts of one property that may become values: what happened, or else what is planned.

    What is hoped, denied or true only in a story never does, but for a character's own properties.
    """
    real = (*HAPPENED, "fictional") if of_character else HAPPENED
    happened = [fact for fact in facts if fact.says.modality in real]
    chosen = happened or [fact for fact in facts if fact.says.modality == "planned"]
    return [fact for fact in chosen if fact.is_preferred] or chosen


def winner(prop: Property, facts: Sequence[Fact]) -> Fact:
    """The fact whose value a record shows of a single-valued property. `facts` is not empty.

    More independent publishers first, then the later source, then the fingerprint; of dates that agree with it, the
    finest, since a coarser date corroborates a finer one.
    """
    best = min(facts, key=lambda fact: (-fact.publisher_count, -fact.latest.toordinal(), fact.says.fingerprint))
    if prop.value_type != "date":
        return best
    chosen = edtf.parse(best.says.value or "")
    finer = [fact for fact in facts if chosen.contains(edtf.parse(fact.says.value or ""))]
    return min(finer, key=lambda fact: (_span(fact), -fact.publisher_count, fact.says.fingerprint))


def is_disputed(prop: Property, facts: Sequence[Fact]) -> bool:
    """Whether two facts that a record could show of a single-valued property cannot both be true."""
    if any(fact.says.modality == "planned" for fact in facts):
        return False
    if prop.object_kinds:
        return len({fact.says.object_id for fact in facts}) > 1
    values = {fact.says.value for fact in facts if fact.says.value is not None}
    return any(not agree(prop, one, other) for one, other in combinations(sorted(values), 2))


def _place(statement: Statement) -> tuple[date, str, int]:
    return (statement.source.published, statement.source.slug, statement.place)


def _span(fact: Fact) -> int:
    parsed = edtf.parse(fact.says.value or "")
    return ((parsed.latest or date.max) - (parsed.earliest or date.min)).days
