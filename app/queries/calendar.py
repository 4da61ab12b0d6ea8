"""The events that have a day, for calendars."""

import json
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, select
from sqlmodel import col

from app.documents.evidence import FactDocument
from app.queries.facts import facts_by_id
from app.queries.timeline import TimelineQuery, cut_dates, parts_of
from app.tables.records import Dated, Event

MOST_EVENTS = 1000


@dataclass(frozen=True)
class CalendarEvent:
    """An event with a day: its record, and the fact that says when it is."""

    record: dict[str, Any]
    dated: FactDocument


def list_calendar(connection: Connection, query: TimelineQuery) -> tuple[list[CalendarEvent], bool]:
    """(the events whose record shows a date with a day, in the order of time; whether there are earlier ones)."""
    asked = replace(
        query, kind=("event",), property=("date",), standing=("value",), is_descending=True, limit=MOST_EVENTS
    )
    parts = [[*part, col(Dated.has_days).is_(True)] for part in parts_of(connection, asked)]
    page = cut_dates(connection, asked, parts)
    rows = page.rows[::-1]
    ids = [row.subject_id for row in rows]
    documents = select(col(Event.id), col(Event.document)).where(col(Event.id).in_(ids))
    records = {row.id: json.loads(row.document) for row in connection.execute(documents)}
    facts = facts_by_id(connection, [row.fact_id for row in rows])
    return [CalendarEvent(records[row.subject_id], facts[row.fact_id]) for row in rows], page.after is not None
