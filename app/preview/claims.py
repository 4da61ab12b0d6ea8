"""What each claim of a file adds to what is held: whom it agrees with, and whom it contradicts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, cast

from sqlalchemy import Connection, select
from sqlmodel import col

from app.documents.evidence import Ref, SourceRef
from app.documents.preview import ClaimPreview, ClaimStatus, RelatedFact, Relation
from app.loading.examining import Examined
from app.loading.fitting import ReadyClaim, fact_of, kind_of
from app.loading.load import LoadReport
from app.loading.problems import Problem
from app.loading.seed import Seed
from app.projection.facts import Fact, Statement, facts_of
from app.projection.gather import Gathering
from app.queries.entities import refs_of
from app.tables.evidence import Claim, Source
from app.tables.identity import canonical, fact_id
from app.tables.rows import batches_of
from app.values import to_json
from app.vocabulary import PROPERTIES, REAL, Kind, Modality, Property, Words
from app.weighing import agree, weigh

_ORDER: tuple[Relation, ...] = ("disagrees", "slips", "agrees")
_STATUS: Mapping[Relation, ClaimStatus] = {"disagrees": "conflicts", "slips": "slip", "agrees": "corroborates"}
# Of what one claim is related to, of the sources of one fact, and of what is wrong with one claim.
_MOST_RELATED, _MOST_SOURCES, _MOST_REASONS = 10, 5, 5


@dataclass(frozen=True)
class _Related:
    relation: Relation
    fact: Fact
    sources: Sequence[int]


class _Passed(NamedTuple):
    """A claim that passed, or a note of the curator: its fingerprint, of whom it is, and how it is shown."""

    fact: str
    subject: str
    keys: dict[str, Any]


def stored(connection: Connection, examined: Examined, report: LoadReport) -> list[ClaimPreview]:
    """Those claims that passed, with what the curator notes, held against all others, once they are stored.

    All that passed is stored, now or, of what is unchanged, when it was loaded: a fingerprint leads from a claim of the
    file to its row, which has the entity that its subject is now and the fact that it states now.
    """
    passed = _passed(examined)
    query: Any = select(
        col(Claim.fingerprint), fact_id().label("fact_id"), canonical(col(Claim.subject_id)).label("subject_id")
    ).where(col(Claim.source_id) == report.source_id)
    rows = {row.fingerprint: row for row in connection.execute(query)}
    facts_of_subject = _facts(connection, {row.subject_id for row in rows.values()})
    related: dict[str, list[_Related]] = {}
    for one in passed:
        facts = facts_of_subject.get(rows[one.fact].subject_id, [])
        own = next((fact.says for fact in facts if fact.says.fact_id == rows[one.fact].fact_id), None)
        related[one.fact] = _relations(kind_of(one.subject), report.source_id, own, facts) if own else []
    shown = _documents(connection, related)
    found = []
    for one in passed:
        relations = shown[one.fact]
        status: ClaimStatus = _STATUS[relations[0].relation] if relations else "new"
        found.append(
            ClaimPreview(
                **one.keys, status="known" if one.fact in examined.held.facts else status,
                words=examined.words.get(one.fact), fact_id=rows[one.fact].fact_id, related=relations, reasons=[],
            )
        )  # fmt: skip
    return found


def _passed(examined: Examined) -> list[_Passed]:
    seed, lines = examined.seed, dict(zip(examined.seed.entities, examined.seed.entity_lines, strict=True))
    claims = [_Passed(fact, seed.claims[index].subject, _of_claim(seed, index)) for index, fact in examined.facts]
    return claims + [_Passed(one.fingerprint, one.subject, _of_note(one, lines[one.subject])) for one in examined.notes]


def unstored(
    seed: Seed, status: ClaimStatus, reasons: Mapping[int, Sequence[Problem]], words: Mapping[str, Words]
) -> list[ClaimPreview]:
    """Claims that would not be stored, by their number, each with the reasons."""
    indexes = {number: index for index, number in enumerate(seed.claim_numbers)}
    found = []
    for number, problems in reasons.items():
        told = [one.message for one in problems[:_MOST_REASONS]]
        if len(problems) > _MOST_REASONS:
            told.append(f"and {len(problems) - _MOST_REASONS} more")
        if number in indexes:
            index = indexes[number]
            standing = words.get(fact_of(seed.claims[index]) or "")
            keys = _of_claim(seed, index)
            found.append(ClaimPreview(**keys, status=status, words=standing, fact_id=None, reasons=told, related=[]))
        else:  # it has not even the form of a claim
            found.append(
                ClaimPreview(
                    number=number, line=problems[0].line or None, status=status, subject=None, property=None,
                    value=None, object=None, modality=None, quotes=[], fact_id=None, words=None, reasons=told,
                    related=[],
                )
            )  # fmt: skip
    return found


def _of_claim(seed: Seed, index: int) -> dict[str, Any]:
    """What a claim of the file says."""
    claim = seed.claims[index]
    return {
        "number": seed.claim_numbers[index], "line": seed.claim_lines[index] or None, "subject": claim.subject,
        "property": claim.property, "value": claim.value, "object": claim.object, "modality": claim.modality,
        "quotes": [one.exact for one in claim.quote],
    }  # fmt: skip


def _of_note(note: ReadyClaim, line: int) -> dict[str, Any]:
    """What a curator notes of an entity of the file."""
    return {
        "number": None, "line": line or None, "subject": note.subject, "property": note.property, "value": note.value,
        "object": None, "modality": note.modality, "quotes": [],
    }  # fmt: skip


def _facts(connection: Connection, subject_ids: Iterable[int]) -> dict[int, list[Fact]]:
    found: dict[int, list[Fact]] = {}
    for ids in batches_of(sorted(subject_ids)):
        found |= {one: facts_of(told) for one, told in Gathering(connection, ids).claimed().statements().items()}
    return found


def _relations(kind: Kind, source_id: int, claim: Statement, facts: Iterable[Fact]) -> list[_Related]:
    """What a claim agrees and disagrees with, what matters most first. Nobody agrees with himself."""
    found = []
    for fact in facts:
        others = sorted({source.id for source in fact.sources} - {source_id})
        relation = _relation(PROPERTIES[claim.property], kind, claim, fact.says)
        if relation and (others or relation != "agrees"):
            found.append(_Related(relation, fact, others))
    found.sort(key=lambda one: _ORDER.index(one.relation))
    return found[:_MOST_RELATED]


def _relation(prop: Property, kind: Kind, claim: Statement, other: Statement) -> Relation | None:
    """How a claim stands to what is said of the same subject; None where the one does not touch the other."""
    if other.property != prop.name:
        return None
    real = REAL[kind]
    both_real = claim.modality in real and other.modality in real
    is_same = _said(claim) == _said(other)
    is_single = kind not in prop.many and not prop.is_free
    if both_real or claim.modality == other.modality:
        if is_same or (is_single and _is_one_within_the_other(prop, claim, other)):
            return "agrees"
        return "disagrees" if both_real and is_single and not _agree(prop, claim, other) else None
    sides = {claim.modality in real, other.modality in real}
    if len(sides) == 2 and "negated" in (claim.modality, other.modality):
        return "disagrees" if is_same else None
    if len(sides) == 2 and "planned" in (claim.modality, other.modality) and prop.value_type == "date":
        return None if _agree(prop, claim, other) else "slips"
    return None


def _said(one: Statement) -> tuple[Any, ...]:
    return one.value, one.object_id, one.character_id, one.role


def _is_one_within_the_other(prop: Property, one: Statement, other: Statement) -> bool:
    """Whether one of two values is what the other says, be it coarser."""
    if not one.value or not other.value:
        return False
    return "stated" in (weigh(prop, one.value, other.value), weigh(prop, other.value, one.value))


def _agree(prop: Property, one: Statement, other: Statement) -> bool:
    return bool(one.value and other.value and agree(prop, one.value, other.value))


def _documents(connection: Connection, related: Mapping[str, Sequence[_Related]]) -> dict[str, list[RelatedFact]]:
    """What claims are related to, as it is shown."""
    every = [one for told in related.values() for one in told]
    refs: dict[int, Ref] = {}
    for ids in batches_of(sorted({one.fact.says.object_id for one in every if one.fact.says.object_id})):
        refs |= refs_of(connection, ids)
    sources: dict[int | None, SourceRef] = {}
    for ids in batches_of(sorted({source for one in every for source in one.sources[:_MOST_SOURCES]})):
        for row in connection.execute(select(Source).where(col(Source.id).in_(ids))):
            sources[row.id] = SourceRef.of(row)

    def shown(one: _Related) -> RelatedFact:
        says = one.fact.says
        value: Any = refs.get(says.object_id or 0)
        if value is None:
            value = to_json(PROPERTIES[says.property].value_type, says.value or "")
        return RelatedFact(
            relation=one.relation, id=says.fact_id, url=f"/facts/{says.fact_id}" if one.sources else None,
            value=value,
            modality=cast(Modality, says.modality), source_count=len(one.sources),
            sources=[sources[source] for source in one.sources[:_MOST_SOURCES]],
        )  # fmt: skip

    return {fingerprint: [shown(one) for one in told] for fingerprint, told in related.items()}
