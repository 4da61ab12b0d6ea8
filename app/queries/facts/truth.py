"""Where sources disagree, and where what happened disagrees with what was planned."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select, tuple_
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.documents.evidence import FactDocument
from app.documents.truth import DisputeDocument, DisputeSide, Plan, SlipDays, SlipDocument
from app.queries.entities import entity_ids
from app.queries.facts import facts_by_id
from app.tables.evidence import Claim, Source, current_claims
from app.tables.identity import canonical, fact_id
from app.tables.records import Dispute, Slip
from app.values import days_between
from app.vocabulary import PROPERTIES


@dataclass(frozen=True)
class TruthQuery:
    """What disputes or slips are asked for; each tuple is satisfied by any of its members, an empty one by all."""

    kind: tuple[str, ...] = ()
    property: tuple[str, ...] = ()
    subject: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    by_days: bool = False
    descending: bool = False
    limit: int = 20
    offset: int = 0


def list_disputes(connection: Connection, query: TruthQuery) -> tuple[int, list[DisputeDocument]]:
    """(how many disputes match, those of the page by kind, slug and property)."""
    count, rows = _page(connection, Dispute, query, ("sides",))
    told = [json.loads(row.sides) for row in rows]
    facts = facts_by_id(connection, (one for sides in told for side in sides for one in side["facts"]))
    return count, [_dispute(row, sides, facts) for row, sides in zip(rows, told, strict=True)]


def list_slips(connection: Connection, query: TruthQuery) -> tuple[int, list[SlipDocument]]:
    """(how many slips match, those of the page by kind, slug and property, or by how far it slipped)."""
    count, rows = _page(connection, Slip, query, ("planned", "happened"))
    plans = [json.loads(row.planned) for row in rows]
    facts = facts_by_id(connection, [*(one for ids in plans for one in ids), *(row.happened for row in rows)])
    return count, [_slip(row, ids, facts) for row, ids in zip(rows, plans, strict=True)]


def _page(
    connection: Connection, table: type[Any], query: TruthQuery, holding: Sequence[str]
) -> tuple[int, Sequence[Any]]:
    """(how many rows match, those of the page); `holding` are the columns that hold the ids of facts."""
    conditions: list[ColumnElement[bool]] = []
    for column, told in ((table.kind, query.kind), (table.property, query.property)):
        if told:
            conditions.append(column.in_(told))
    if query.subject:
        conditions.append(table.subject_id.in_(entity_ids(connection, query.subject).values()))
    if query.source:
        conditions.append(_taken_part_in(table, query.source, holding))
    count = connection.execute(select(func.count()).select_from(table).where(*conditions)).scalar_one()
    order = [table.kind, table.slug, table.property]
    if query.by_days:
        days = table.days_at_least
        order.insert(0, (days.desc() if query.descending else days.asc()).nulls_last())
    page = select(table).where(*conditions).order_by(*order).limit(query.limit).offset(query.offset)
    return count, connection.execute(page).all()


def _taken_part_in(table: type[Any], sources: Sequence[str], holding: Sequence[str]) -> ColumnElement[bool]:
    """Whether one of the sources states one of the facts that the row names; ids have nothing in them but hex.

    The rows are found from the claims of the sources, which are few beside all rows.
    """
    named: Any = aliased(table)
    stated = (
        select(named.subject_id, named.property)
        .select_from(Source)
        .join(Claim, col(Claim.source_id) == col(Source.id))
        .join(named, and_(named.subject_id == canonical(Claim.subject_id), named.property == col(Claim.property)))
        .where(
            col(Source.slug).in_(sources),
            current_claims(),
            or_(*(getattr(named, column).contains(fact_id()) for column in holding)),
        )
    )
    return tuple_(col(table.subject_id), col(table.property)).in_(stated)


def _dispute(row: Any, sides: Sequence[Any], facts: dict[str, FactDocument]) -> DisputeDocument:
    shown = facts[row.shown]
    return DisputeDocument(
        subject=shown.subject,
        property=row.property,
        key=PROPERTIES[row.property].field_of(shown.subject.kind),
        shown=shown.value,
        sides=[
            DisputeSide(
                value=facts[side["facts"][0]].value,
                facts=[facts[one] for one in side["facts"]],
                source_count=side["source_count"],
                publisher_count=side["publisher_count"],
            )
            for side in sides
        ],
        facts_url=_facts_url(row),
    )


def _slip(row: Any, plans: Sequence[str], facts: dict[str, FactDocument]) -> SlipDocument:
    happened = facts[row.happened]
    return SlipDocument(
        subject=happened.subject,
        property=row.property,
        key=PROPERTIES[row.property].field_of(happened.subject.kind),
        slip_days=SlipDays(at_least=row.days_at_least, at_most=row.days_at_most),
        planned=[_plan(facts[one], happened) for one in plans],
        happened=happened,
        facts_url=_facts_url(row),
    )


def _plan(plan: FactDocument, happened: FactDocument) -> Plan:
    at_least, at_most = days_between(str(plan.value), str(happened.value))
    return Plan(slip_days=SlipDays(at_least=at_least, at_most=at_most), fact=plan)


def _facts_url(row: Any) -> str:
    return f"/facts?subject={row.kind}/{row.slug}&property={row.property}"
