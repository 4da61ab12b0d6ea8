"""Which of the things that sources say a record shows: claims into facts, facts into values. Pure."""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from app import edtf
from app.tables.evidence import Voice, independent_publishers
from app.vocabulary import HAPPENED, REAL, Kind, Property
from app.weighing import agree, weigh

_NEVER: frozenset[str] = frozenset()


# Named tuples, since millions of them are made, and those of a class take several times as long.
class SourceOf(NamedTuple):
    """What matters of a claim's source: who speaks, in which text, and when; "" is the data set of an article."""

    id: int
    slug: str
    publisher: str | None
    sha256: str
    published: date
    dataset: str = ""


class Statement(NamedTuple):
    """A current claim, with its source and its place among that source's claims; the entities are as they stand now."""

    source: SourceOf
    place: int
    fact_id: str
    subject_id: int
    property: str
    value: str | None
    object_id: int | None
    character_id: int | None
    role: str | None
    point_in_time: str | None
    modality: str
    attributed_to: str | None
    is_preferred: bool


class Fact(NamedTuple):
    """All current claims that say the same, once or by many; `says` is one that does so without naming another.

    `preferring` are the data sets that prefer it to what else they say; "" is a curator. `as_of` is when it was last
    so: at the point in time that a claim gives, or else when it was said.
    """

    says: Statement
    sources: frozenset[SourceOf]
    voices: frozenset[Voice]
    preferring: frozenset[str]
    points_in_time: frozenset[str]
    as_of: date


def facts_of(statements: Iterable[Statement]) -> list[Fact]:
    """Statements as facts, in the order in which sources say them: by date, source and place in it."""
    by_id: dict[str, list[Statement]] = {}
    for statement in statements:
        by_id.setdefault(statement.fact_id, []).append(statement)
    return sorted(map(_fact, by_id.values()), key=lambda fact: _place(fact.says))


def by_property(facts: Iterable[Fact]) -> dict[str, list[Fact]]:
    """The facts on each property, in their order."""
    found: dict[str, list[Fact]] = {}
    for fact in facts:
        found.setdefault(fact.says.property, []).append(fact)
    return found


def _fact(group: Sequence[Statement]) -> Fact:
    """What statements with one id say; nearly always it is one."""
    says = group[0] if len(group) == 1 else min(group, key=lambda s: (s.modality == "reported", _place(s)))
    if len(group) == 1:
        sources, voices_of = _alone(says.source, says.attributed_to)
        points = frozenset((says.point_in_time,)) if says.point_in_time else _NEVER
        preferring = frozenset((says.source.dataset,)) if says.is_preferred else _NEVER
        return Fact(says, sources, voices_of, preferring, points, _as_of(says))
    return Fact(
        says,
        frozenset(s.source for s in group),
        frozenset(Voice(s.source.publisher, s.source.sha256, s.attributed_to) for s in group),
        frozenset(s.source.dataset for s in group if s.is_preferred),
        frozenset(s.point_in_time for s in group if s.point_in_time),
        max(map(_as_of, group)),
    )


def _as_of(said: Statement) -> date:
    return (edtf.parse(said.point_in_time).earliest or date.min) if said.point_in_time else said.source.published


@lru_cache(maxsize=1024)
def _alone(source: SourceOf, attributed_to: str | None) -> tuple[frozenset[SourceOf], frozenset[Voice]]:
    return frozenset((source,)), frozenset((Voice(source.publisher, source.sha256, attributed_to),))


def shown(facts: Sequence[Fact], kind: Kind) -> list[Fact]:
    """The facts on one property of a record that may become values: what happened, or else what is planned.

    What is hoped, denied or true only in a story never does, but for a character's own properties. What a curator
    prefers is shown alone. What a data set prefers stands before what else that one says, not before what others say.
    """
    real = REAL[kind]
    if len(facts) == 1:
        return list(facts) if facts[0].says.modality in (*real, "planned") else []
    happened = [fact for fact in facts if fact.says.modality in real]
    chosen = happened or [fact for fact in facts if fact.says.modality == "planned"]
    preferring = {one for fact in chosen for one in fact.preferring}
    if not preferring:
        return chosen
    if chosen[0].says.property == "identifier":  # each counts; of two of one scheme a record shows the last
        return sorted(chosen, key=lambda fact: bool(fact.preferring))
    if "" in preferring:
        return [fact for fact in chosen if "" in fact.preferring]
    return [fact for fact in chosen if fact.preferring or any(s.dataset not in preferring for s in fact.sources)]


def winner(prop: Property, facts: Sequence[Fact]) -> Fact:
    """The fact whose value a record shows of a single-valued property. `facts` is not empty.

    More independent publishers first, then the later source, then the id; of dates that agree with it, the finest,
    since a coarser date corroborates a finer one, but none that its source doubts. Of what changes with time, as plans
    do, the latest comes first, however many told of what was so before; on one day, the stage that comes last.
    """
    if len(facts) == 1:
        return facts[0]
    if "point_in_time" in prop.qualifiers or facts[0].says.modality == "planned":
        best = min(facts, key=lambda fact: (-fact.as_of.toordinal(), -_stage(prop, fact), *_support(fact)))
    else:
        best = min(facts, key=_support)
    if prop.is_sort:
        return _with_most_words(best, facts)
    if prop.value_type == "date":
        return _finest(prop, best, facts)
    return best


def _with_most_words(best: Fact, facts: Iterable[Fact]) -> Fact:
    """The fact that says all that the best one does, and most beside it: "Soviet space station", not "station"."""
    fuller = (fact for fact in facts if _words(best) <= _words(fact))
    return min(fuller, key=lambda fact: (-len(_words(fact)), *_support(fact)))


def _finest(prop: Property, best: Fact, facts: Iterable[Fact]) -> Fact:
    """The finest of the dates that agree with the best one and are no less certain."""
    chosen = edtf.parse(best.says.value or "")

    def is_finer(fact: Fact) -> bool:
        told = edtf.parse(fact.says.value or "")
        return chosen.contains(told) and told.uncertain <= chosen.uncertain and agree(prop, chosen.text, told.text)

    finer = filter(is_finer, facts)
    return min(finer, key=lambda fact: (*_coarseness(fact.says.value or ""), -voices([fact])[1], fact.says.fact_id))


def disputed_sides(prop: Property, facts: Sequence[Fact], group: Sequence[Fact], *, is_many: bool) -> list[list[Fact]]:
    """The sides of the dispute on a property, one that the record shows first; none where all agree.

    What stands on one side can all be true at once, and no side is part of another: a coarser date stands on each side
    that it agrees with. Who denies one of them is the last side. Of a many-valued property each that is denied is a
    side, and its denials the next. `facts` are those of the `group` that a record could show; plans are not in dispute,
    nor is of what sort something is where only data sets differ.
    """
    if len(group) == 1 or prop.is_free or any(fact.says.modality == "planned" for fact in facts):
        return []
    if prop.is_sort and not _differ(prop, facts):
        return []
    denials = [fact for fact in group if fact.says.modality == "negated"]
    denied = [(fact, [one for one in denials if _denies(prop, one, fact)]) for fact in facts if denials]
    if is_many:
        return [side for fact, denying in denied if denying for side in ([fact], denying)]
    against = [one for one in denials if any(one in denying for _, denying in denied)]
    sides = [*_sides(prop, facts), *([against] if against else [])]
    return sides if len(sides) > 1 else []


def _differ(prop: Property, facts: Iterable[Fact]) -> bool:
    """Whether articles disagree on its sort: data sets have sorts of their own, all of which may be right."""
    told = [fact for fact in facts if any(not source.dataset for source in fact.sources)]
    return len(told) > 1 and len(_sides(prop, told)) > 1


def _denies(prop: Property, denial: Fact, fact: Fact) -> bool:
    """Whether what is denied is what a fact says, or something wider that includes it."""
    one, other = denial.says, fact.says
    if one.value is not None and weigh(prop, one.value, other.value or "") != "stated":
        return False
    narrowed = ((one.character_id, other.character_id), (one.role, other.role))
    return one.object_id == other.object_id and all(asked in (None, told) for asked, told in narrowed)


def _sides(prop: Property, facts: Sequence[Fact]) -> list[list[Fact]]:
    """Facts in sides of which each can be true at once, that of the winner first."""
    by_value: dict[str | int, list[Fact]] = {}
    for fact in facts:
        by_value.setdefault(fact.says.object_id or fact.says.value or "", []).append(fact)
    parted = _parted(prop, by_value)
    best = winner(prop, facts)
    sides = [[fact for value in values for fact in by_value[value]] for values in parted]
    return sorted(sides, key=lambda side: (best not in side, *_support(*side)))


def slip_of(prop: Property, facts: Sequence[Fact], happened: Fact) -> list[Fact]:
    """The plans for a date that turned out otherwise, in the order in which they were told; none if all were kept.

    `facts` is all that is said of the property, `happened` what the record shows of it.
    """
    if prop.value_type != "date" or happened.says.modality not in HAPPENED:
        return []
    plans = [fact for fact in facts if fact.says.modality == "planned"]
    actual = happened.says.value or ""
    return plans if any(not agree(prop, fact.says.value or "", actual) for fact in plans) else []


def _support(*side: Fact) -> tuple[int, int, str]:
    """What puts a fact, or a side, before another: more independent publishers, then the later word, then its id."""
    latest = max(source.published for fact in side for source in fact.sources)
    return -voices(side)[1], -latest.toordinal(), side[0].says.fact_id


def _words(fact: Fact) -> set[str]:
    return set((fact.says.value or "").split())


def _stage(prop: Property, fact: Fact) -> int:
    """Where the value stands among those that the property takes, the first stage before the next."""
    return prop.allowed.index(fact.says.value) if fact.says.value in prop.allowed else 0


def voices(facts: Iterable[Fact]) -> tuple[int, int]:
    """(how many sources, how many independent publishers) state one or more of these facts."""
    told = list(facts)
    sources = {source for fact in told for source in fact.sources}
    return len(sources), independent_publishers(voice for fact in told for voice in fact.voices)


def _parted(prop: Property, values: Iterable[str | int]) -> list[list[str | int]]:
    """Values in groups of which each agrees within itself; the finest of a group comes first."""
    parted: list[list[str | int]] = []
    is_date = prop.value_type == "date"
    for value in sorted(values, key=lambda one: (_coarseness(str(one)) if is_date else (0, False), str(one))):
        fitting = [group for group in parted if all(_agree(prop, value, other) for other in group)]
        for group in fitting:
            group.append(value)
        if not fitting:
            parted.append(_with_all_that_agree(prop, value, dict.fromkeys(one for group in parted for one in group)))
    return parted


def _with_all_that_agree(prop: Property, value: str | int, others: Iterable[str | int]) -> list[str | int]:
    """The values that can be true together with this one, which is the last of them, and with each other."""
    found: list[str | int] = []
    for one in others:
        if all(_agree(prop, one, other) for other in (value, *found)):
            found.append(one)
    return [*found, value]


def _agree(prop: Property, one: str | int, other: str | int) -> bool:
    return agree(prop, one, other) if isinstance(one, str) and isinstance(other, str) else one == other


def _place(statement: Statement) -> tuple[date, str, int]:
    return (statement.source.published, statement.source.slug, statement.place)


def _coarseness(value: str) -> tuple[int, bool]:
    """How many days a date leaves open, and whether it leaves open the time of the day."""
    parsed = edtf.parse(value)
    return ((parsed.latest or date.max) - (parsed.earliest or date.min)).days, "T" not in value
