"""What a record shows, chosen from its facts, with the rows of columns, links, disputes and slips. Pure."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from app import edtf
from app.passages import fold
from app.projection.facts import Fact, by_property, disputed_sides, shown, slip_of, voices, winner
from app.values import days_between, kilometres, minutes
from app.vocabulary import PROPERTIES, TEXTS, Kind

# So much of a text is kept for filters, of which none is longer; more of some scripts no index of PostgreSQL takes.
_LONGEST = 600


@dataclass(slots=True)
class Shown:
    """What a record shows of each property, and the properties on which there is more.

    `disputes` has the sides of each dispute, `slips` the plans that turned out otherwise; `other_names` are the proper
    names that it does not show as its name.
    """

    facts: dict[str, list[Fact]] = field(default_factory=dict)
    disputes: dict[str, list[list[Fact]]] = field(default_factory=dict)
    slips: dict[str, list[Fact]] = field(default_factory=dict)
    other_names: list[Fact] = field(default_factory=list)


def choose(kind: Kind, facts: Iterable[Fact]) -> Shown:
    """The facts that a record of `kind` shows: all of a many-valued property, the winner of a single-valued one."""
    chosen = Shown()
    for name, group in by_property(facts).items():
        prop = PROPERTIES[name]
        candidates = shown(group, kind)
        if not candidates:
            continue
        if sides := disputed_sides(prop, candidates, group, is_many=kind in prop.many):
            chosen.disputes[name] = sides
        if len(group) > 1 and kind not in prop.many:
            best = winner(prop, candidates)
            if plans := slip_of(prop, group, best):
                chosen.slips[name] = plans
            if name == "name":
                chosen.other_names = [fact for fact in candidates if fact.says.value != best.says.value]
            candidates = [best]
        chosen.facts[name] = candidates
    return chosen


def label_of(chosen: Shown, slug: str) -> str:
    """What to call the entity: its name, else the label that a source's words give it, else its slug."""
    for name in ("name", "label"):
        if name in chosen.facts:
            return chosen.facts[name][0].says.value or slug
    return slug


def earliest_of(kind: Kind, chosen: Shown) -> date | None:
    """The first day that the date may mean which places the entity in time; None where no source dates it."""
    for name in ("release_date", "filming_date", "point_in_time", "date", "birth_date", "inception"):
        if name in chosen.facts and kind in PROPERTIES[name].domain:
            return _bound(chosen.facts[name][0].says.value or "", "earliest")
    return None


def links_of(kind: Kind, chosen: Shown) -> list[dict[str, Any]]:
    """The rows of the link table: each entity and each text of a many-valued property that the record shows."""
    return [
        {
            "subject_id": fact.says.subject_id,
            "property": name,
            "object_id": fact.says.object_id,
            "character_id": fact.says.character_id,
            "value": None if fact.says.value is None else fold(fact.says.value)[:_LONGEST],
            "role": fact.says.role,
            "modality": fact.says.modality,
            "fact": None if fact.says.object_id is None else fact.says.fact_id,
        }
        for name, facts in (*chosen.facts.items(), ("alternate_name", chosen.other_names))
        for fact in facts
        if fact.says.object_id is not None or kind in PROPERTIES[name].many
    ]


def keys_of(kind: Kind, properties: Iterable[str]) -> list[str]:
    """The keys of a record that show these properties."""
    return sorted(PROPERTIES[name].field_of(kind) for name in properties)


def disputes_of(kind: Kind, slug: str, chosen: Shown) -> list[dict[str, Any]]:
    """The rows of the table of disputes."""
    rows = []
    for name, sides in chosen.disputes.items():
        best = (sides[0] if kind in PROPERTIES[name].many else chosen.facts[name])[0].says
        told = [
            {"facts": _ids(side), "source_count": counts[0], "publisher_count": counts[1]}
            for side in sides
            for counts in (voices(side),)
        ]
        rows.append(
            {
                "subject_id": best.subject_id, "property": name, "kind": kind, "slug": slug,
                "shown": best.fact_id, "sides": json.dumps(told),
            }
        )  # fmt: skip
    return rows


def slips_of(kind: Kind, slug: str, chosen: Shown) -> list[dict[str, Any]]:
    """The rows of the table of slips; how far it slipped is counted from the plan that was told first."""
    rows = []
    for name, plans in chosen.slips.items():
        best = chosen.facts[name][0].says
        at_least, at_most = days_between(plans[0].says.value or "", best.value or "")
        rows.append(
            {
                "subject_id": best.subject_id, "property": name, "kind": kind, "slug": slug,
                "planned": json.dumps(_ids(plans)), "happened": best.fact_id,
                "days_at_least": at_least, "days_at_most": at_most,
            }
        )  # fmt: skip
    return rows


def _ids(facts: Iterable[Fact]) -> list[str]:
    return [fact.says.fact_id for fact in facts]


def link_count(chosen: Shown) -> int:
    """How many entities the record refers to."""
    return sum(fact.says.object_id is not None for facts in chosen.facts.values() for fact in facts)


def texts_of(chosen: Shown) -> list[str]:
    """What the record says in words of its own: every text and identifier that is not one of its names."""
    told = [fact.says.value for name, facts in chosen.facts.items() if name in TEXTS for fact in facts]
    return [value for value in told if value]


def columns_of(names: Sequence[str], chosen: Shown, values: Mapping[str, Any]) -> dict[str, Any]:
    """The typed columns of a record's row, by the names of the table's columns."""
    row: dict[str, Any] = {}
    for column in names:
        if column.endswith(("_earliest", "_latest")):
            stem, _, bound = column.rpartition("_")
            facts = chosen.facts.get(stem)
            row[column] = _bound(facts[0].says.value or "", bound) if facts else None
        elif column == "duration_days":
            row[column] = _measure(chosen, "duration", minutes, 1440)
        elif column == "altitude_km":
            row[column] = _measure(chosen, "altitude", kilometres, 1)
        else:
            value = values.get(column)
            row[column] = fold(value) if isinstance(value, str) else value
    return row


def _bound(value: str, bound: str) -> date:
    """One end of what a date may mean; an open end is the end of time, as against null for no date at all."""
    span = edtf.parse(value)
    return (span.earliest or date.min) if bound == "earliest" else (span.latest or date.max)


def _measure(chosen: Shown, name: str, measured: Any, per: int) -> float | None:
    facts = chosen.facts.get(name)
    amount = measured(facts[0].says.value) if facts else None
    return None if amount is None else amount / per
