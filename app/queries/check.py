"""Whether current sources bear out a claim: supported, contradicted, planned only, or not found."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from sqlalchemy import Connection, select
from sqlmodel import col

from app.documents.evidence import FactDocument, Quantity, Ref
from app.documents.truth import CheckDocument, ClaimDocument, Verdict
from app.passages import fold
from app.queries.asked_claim import AskedClaim, Entity
from app.queries.facts import facts_by_id
from app.tables.evidence import Claim, Source, current_claims
from app.tables.identity import canonical, fact_id, members
from app.values import to_json
from app.vocabulary import PROPERTIES, QUALIFIERS, REAL
from app.weighing import Standing, weigh

_SHOWN = 25
_NAMED = 3
_SENSES = {
    "planned": " (planned)", "hoped": " (hoped)", "negated": " (denied)", "fictional": " (only in a film)",
}  # fmt: skip
# What is a name of an entity bears out a claim on any of these.
_NAMES = {
    "name": ("name", "alternate_name"),
    "alternate_name": ("alternate_name", "name"),
    "label": ("label", "name", "alternate_name"),
}


@dataclass
class _Weighed:
    """The ids of the facts on a claim, by what they do to it."""

    supporting: list[str] = field(default_factory=list)
    denying: list[str] = field(default_factory=list)
    excluding: list[str] = field(default_factory=list)
    planning: list[str] = field(default_factory=list)
    alike: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    is_contested: bool = False

    @property
    def is_disputed(self) -> bool:
        """Whether something speaks against the claim, or against what bears it out."""
        return bool(self.denying or self.excluding or self.is_contested)

    def verdict(self) -> tuple[Verdict, list[str], list[str]]:
        """(the verdict, the facts that decide it, the others)."""
        rest = [*self.alike, *self.others]
        against = [*self.denying, *self.excluding]
        if self.supporting:
            return "supported", self.supporting, [*against, *self.planning, *rest]
        if against:
            return "contradicted", against, [*self.planning, *rest]
        if self.planning:
            return "planned_only", self.planning, rest
        return "not_found", [], rest


def check(connection: Connection, claim: AskedClaim) -> CheckDocument:
    """The verdict on a claim, with the facts that decide it and what else is said."""
    weighed = _weigh_all(claim, _facts_on(connection, claim))
    verdict, deciding, rest = weighed.verdict()
    facts = _documents(connection, deciding)
    context = _documents(connection, rest)
    subject, prop = claim.subject.ref, claim.property
    return CheckDocument(
        verdict=verdict,
        explanation=_explain(verdict, weighed, facts, context),
        claim=ClaimDocument(
            subject=subject, property=prop.name, value=_shown_value(claim),
            qualifiers={k: one.ref if isinstance(one, Entity) else one for k, one in claim.qualifiers.items()},
        ),
        is_disputed=verdict == "supported" and weighed.is_disputed,
        facts=facts,
        context=context,
        facts_url=f"/facts?subject={subject.kind}/{subject.slug}&property={prop.name}",
    )  # fmt: skip


def _shown_value(claim: AskedClaim) -> Any:
    if claim.object:
        return claim.object.ref
    return to_json(claim.property.value_type, claim.value or "")


def _facts_on(connection: Connection, claim: AskedClaim) -> list[Any]:
    """One row for each fact on the property, in the order in which they were first loaded."""
    names = _NAMES.get(claim.property.name, (claim.property.name,))
    columns: tuple[Any, ...] = (
        fact_id().label("fact_id"), Claim.property, Claim.value, canonical(Claim.object_id).label("object_id"),
        canonical(Claim.character_id).label("character_id"), Claim.qualifiers, Claim.modality,
    )  # fmt: skip
    subjects = members(connection, [claim.subject.id])
    query: Any = (
        select(*columns)
        .join(Source, col(Source.id) == col(Claim.source_id))
        .where(col(Claim.subject_id).in_(subjects), col(Claim.property).in_(names), current_claims())
        .order_by(col(Claim.id))
    )
    found: dict[str, Any] = {}
    for row in connection.execute(query):
        found.setdefault(row.fact_id, row)
    return list(found.values())


def _weigh_all(claim: AskedClaim, rows: Iterable[Any]) -> _Weighed:
    kind = claim.subject.ref.kind
    real = REAL[kind]
    is_single = kind not in claim.property.many
    weighed = _Weighed()
    supporting_values, undecided_values = list[str](), list[str]()
    for row in rows:
        standing = _standing(claim, row)
        is_met = _meets(claim.qualifiers, row)
        is_alike = standing == "stated" and is_met
        is_real = row.modality in real
        if is_real and is_alike:
            weighed.supporting.append(row.fact_id)
            supporting_values.append(row.value)
        elif is_real and is_met and is_single and standing == "excluded":
            weighed.excluding.append(row.fact_id)
        elif row.modality == "negated" and _denies(claim, row):
            weighed.denying.append(row.fact_id)
        elif row.modality == "planned" and is_alike:
            weighed.planning.append(row.fact_id)
        elif is_alike:
            weighed.alike.append(row.fact_id)
        else:
            weighed.others.append(row.fact_id)
            undecided_values += [row.value] if is_real and is_met else []
    if is_single and claim.value and not weighed.excluding:
        # What only may be so, as 2020?, is excluded by nothing; what bears it out can be.
        pairs = product(supporting_values, undecided_values)
        weighed.is_contested = any(weigh(claim.property, one, other) == "excluded" for one, other in pairs)
    return weighed


def _standing(claim: AskedClaim, row: Any) -> Standing:
    if claim.object:
        return "stated" if row.object_id == claim.object.id else "excluded"
    return weigh(claim.property, claim.value or "", row.value)


def _denies(claim: AskedClaim, row: Any) -> bool:
    """Whether a denial is of the claim, or of something wider that includes it."""
    if claim.object:
        is_of_it = row.object_id == claim.object.id
    else:
        is_of_it = weigh(claim.property, row.value, claim.value or "") == "stated"
    narrowed_by = {name for name in json.loads(row.qualifiers) if QUALIFIERS[name].is_narrowing}
    if row.character_id:
        narrowed_by.add("character")
    narrowing = {name: one for name, one in claim.qualifiers.items() if name in narrowed_by}
    return is_of_it and narrowed_by <= narrowing.keys() and _meets(narrowing, row, is_denial=True)


def _meets(qualifiers: Mapping[str, str | Entity], row: Any, *, is_denial: bool = False) -> bool:
    """Whether a fact has what the claim is narrowed by: a date may be finer than the claim's, of a denial coarser."""
    told = json.loads(row.qualifiers)
    for name, wanted in qualifiers.items():
        if isinstance(wanted, Entity):
            if row.character_id != wanted.id:
                return False
        elif QUALIFIERS[name].range == "date":
            said = told.get(name)
            if not said or weigh(PROPERTIES[name], *((said, wanted) if is_denial else (wanted, said))) != "stated":
                return False
        elif fold(str(told.get(name, ""))) != fold(wanted):
            return False
    return True


def _documents(connection: Connection, ids: Sequence[str]) -> list[FactDocument]:
    return list(facts_by_id(connection, ids[:_SHOWN]).values())


def _explain(
    verdict: Verdict, weighed: _Weighed, facts: Sequence[FactDocument], context: Sequence[FactDocument]
) -> str:
    """The verdict as a sentence."""
    voices = _voices(facts)
    who, verb = (f"{voices} current sources", "") if voices != 1 else ("1 current source", "s")
    if verdict == "supported":
        against = "; others speak against it" if weighed.is_disputed else ""
        only = ", as told by somebody else" if {fact.modality for fact in facts} == {"reported"} else ""
        return f"{who} say{verb} so{only}{against}."
    if verdict == "contradicted":
        told = _denied(facts) if weighed.denying else f"{who} say{verb} otherwise: {_values_of(facts)}"
        return f"{told}{', though it was planned' if weighed.planning else ''}."
    if verdict == "planned_only":
        return "It is planned, and no current source says that it happened."
    if weighed.alike:
        return f"No current source says that it is so; it is {_sense_of(context[0])}."
    if context:
        told = _values_of(context)
        return f"No current source says so, and what they say of it ({told}) does not decide it: it need not be false."
    return "No current source speaks of it: it need not be false."


def _denied(facts: Sequence[FactDocument]) -> str:
    """Who denies it, and who does not but gives another value."""
    denials = [fact for fact in facts if fact.modality == "negated"]
    others = [fact for fact in facts if fact.modality != "negated"]
    voices = _voices(denials)
    told = "1 current source denies it" if voices == 1 else f"{voices} current sources deny it"
    if not others:
        return told
    what = "another value" if len({_plain(fact.value) for fact in others}) == 1 else "other values"
    voices = _voices(others)
    return f"{told}, {voices} give{'s' if voices == 1 else ''} {what}: {_values_of(others)}"


def _voices(facts: Iterable[FactDocument]) -> int:
    """How many sources state one or more of these facts."""
    return len({one.source.slug for fact in facts for one in fact.evidence})


def _sense_of(fact: FactDocument) -> str:
    return {"hoped": "only hoped", "fictional": "true only in a film"}.get(fact.modality, "only denied in part")


def _values_of(facts: Sequence[FactDocument]) -> str:
    """The values of the first few facts, each once, and in what sense where it is not said that it is so."""
    told = dict.fromkeys(_plain(fact.value) + _SENSES.get(fact.modality, "") for fact in facts)
    return ", ".join([*list(told)[:_NAMED], *(["…"] if len(told) > _NAMED else [])])


def _plain(value: Ref | Quantity | str) -> str:
    if isinstance(value, Ref):
        return value.label
    return value if isinstance(value, str) else f"{value.amount} {value.unit}"
