"""The dates that the facts of one entity give, each with how it stands to what the record shows. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from app import edtf
from app.dating import exact_days
from app.documents.time import Standing
from app.projection.compose import Shown
from app.projection.facts import Fact, by_property, shown
from app.vocabulary import HAPPENED, PROPERTIES, Kind, Property
from app.weighing import agree


def dated_of(entity_id: int, kind: Kind, slug: str, facts: Sequence[Fact], chosen: Shown) -> list[dict[str, Any]]:
    """The rows of the table of dates: one for each date of each fact, be it a value of the record or not."""
    rows: list[dict[str, Any]] = []
    for name, group in by_property(facts).items():
        prop = PROPERTIES[name]
        if prop.value_type != "date" and not any(fact.points_in_time for fact in group):
            continue
        standings = _standings(prop, kind, group, chosen)
        is_disputed = name in chosen.disputes
        for fact in group:
            standing = standings[fact.says.fact_id]
            shared = {
                "subject_id": entity_id, "kind": kind, "slug": slug, "property": name,
                "standing": standing, "is_disputed": is_disputed and standing in ("value", "agrees", "contradicts"),
            }  # fmt: skip
            rows += [{**shared, **row} for row in _rows(prop, fact)]
    return rows


def _rows(prop: Property, fact: Fact) -> Iterator[Mapping[str, Any]]:
    """What a fact says of each of its dates: that of its value, or those that qualify what it says."""
    said, is_date = fact.says, prop.value_type == "date"
    for text in [said.value or ""] if is_date else sorted(fact.points_in_time):
        span = edtf.parse(text)
        earliest, latest = span.earliest or date.min, span.latest or date.max
        yield {
            "fact_id": said.fact_id, "edtf": text, "earliest": earliest, "latest": latest,
            "reach": (latest - earliest).days.bit_length(), "value": None if is_date else said.value,
            "object_id": said.object_id, "modality": said.modality, "has_days": exact_days(text) is not None,
            "source_count": len(fact.sources),
        }  # fmt: skip


def _standings(prop: Property, kind: Kind, group: Sequence[Fact], chosen: Shown) -> dict[str, Standing]:
    """How each fact of one property stands to the value that the record shows of it, by its id."""
    values = chosen.facts.get(prop.name, [])
    candidates = shown(group, kind)
    return {fact.says.fact_id: _standing(prop, fact, values, candidates) for fact in group}


def _standing(prop: Property, fact: Fact, values: Sequence[Fact], candidates: Sequence[Fact]) -> Standing:
    if fact in values:
        return "value"
    if fact not in candidates:
        # Of what can be a value at all, what happened, or what a curator prefers, has taken the place of the rest.
        return "superseded" if fact.says.modality in (*HAPPENED, "planned") else "beside"
    if prop.is_free:  # It changes with time, and another state, or sum, is what the record shows.
        return "superseded"
    if all(_agrees(prop, fact, value) for value in values):
        return "agrees"
    return "superseded" if fact.says.modality == "planned" else "contradicts"


def _agrees(prop: Property, fact: Fact, value: Fact) -> bool:
    if prop.object_kinds:
        return fact.says.object_id == value.says.object_id
    return agree(prop, fact.says.value or "", value.says.value or "")
