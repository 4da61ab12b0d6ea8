"""Events as a calendar (iCalendar, RFC 5545; names and refreshing, RFC 7986). Pure."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from icalendar import Calendar, Event, Timezone, TimezoneStandard

from app.dating import exact_days
from app.documents.evidence import FactDocument

_NAME = "filmspace: events"
_REFRESH = timedelta(hours=1)
# What a text of iCalendar cannot hold, and the end of a line, which ours have only between paragraphs.
_FOREIGN = re.compile("[\x00-\x08\x0a-\x1f\x7f\ud800-\udfff]")
_Record = Mapping[str, Any]


@dataclass(frozen=True)
class Agenda:
    """What a calendar holds: records of events with a day, each with the fact that says which, and what it is."""

    events: Sequence[tuple[_Record, FactDocument]]
    description: str
    url: str
    updated_at: datetime | None
    version: str


def render(agenda: Agenda, absolute: Callable[[str], str]) -> bytes:
    """The calendar. `absolute` makes a whole URL of a path of ours."""
    calendar = Calendar()
    calendar.add("prodid", f"-//filmspace//filmspace {agenda.version}//EN")
    calendar.add("version", "2.0")
    calendar.add("name", _NAME)
    calendar.add("x-wr-calname", _NAME)
    calendar.add("description", agenda.description)
    calendar.add("x-wr-caldesc", agenda.description)
    calendar.add("refresh-interval", _REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    calendar.add("source", agenda.url, parameters={"VALUE": "URI"})
    if agenda.updated_at:
        calendar.add("last-modified", agenda.updated_at)
    for record, dated in agenda.events:
        calendar.add_component(_event(record, dated, absolute))
    if not agenda.events:
        calendar.add_component(_utc())
    written: bytes = calendar.to_ical()
    return written


def _utc() -> Timezone:
    """What a calendar without events holds, since it must hold something (RFC 5545, 3.6): the clock that ours go by."""
    zone, standard = Timezone(), TimezoneStandard()
    zone.add("tzid", "Etc/UTC")
    standard.add("dtstart", datetime(1970, 1, 1))  # noqa: DTZ001  # it is a local time (RFC 5545, 3.6.5)
    standard.add("tzoffsetfrom", timedelta(0))
    standard.add("tzoffsetto", timedelta(0))
    zone.add_component(standard)
    return zone


def _event(record: _Record, dated: FactDocument, absolute: Callable[[str], str]) -> Event:
    event = Event()
    event.add("uid", f"event/{record['slug']}@filmspace")
    event.add("summary", _legal(record["label"]))
    # Never the clock: the same revision of the data is the same calendar, byte for byte.
    changed_at = datetime.fromisoformat(record["updated_at"])
    event.add("dtstamp", changed_at)
    event.add("last-modified", changed_at)
    for name, value in zip(("dtstart", "dtend"), _times(str(dated.value)), strict=True):
        if value is not None:
            event.add(name, value)
    is_planned = dated.modality == "planned" or record["status"] == "planned"
    event.add("status", "TENTATIVE" if is_planned else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    event.add("url", absolute(record["url"]))
    event.add("description", _description(record, dated))
    if record["location"]:
        event.add("location", _legal(record["location"]["label"]))
    if record["event_type"]:
        event.add("categories", [_legal(record["event_type"])])
    return event


def _times(text: str) -> tuple[date | datetime, date | datetime | None]:
    """When an event starts, and when it has ended: for whole days, the day after the last (RFC 5545, 3.6.1)."""
    days = exact_days(text)
    if days is None:
        raise ValueError(f"'{text}' names no day")
    first, last = days
    # A time of day without its offset is one of nowhere in particular, and in a calendar would be everybody's own.
    if "T" in text and (moment := datetime.fromisoformat(text)).tzinfo is not None:
        try:
            return moment.astimezone(UTC), None
        except OverflowError:
            return first, None
    return first, last + timedelta(days=1) if last < date.max else None


def _description(record: _Record, dated: FactDocument) -> str:
    """What it is, what is not sure of its date, and the sentences that give it, each with its source."""
    told = [record["description"]] if record["description"] else []
    if dated.modality == "planned":
        told.append("The date is a plan.")
    if "date" in record["disputed"]:
        told.append("Sources disagree on the date.")
    for one in dated.evidence:
        by = ", ".join(part for part in (one.source.publisher, one.source.published) if part) or one.source.slug
        told.append(f"“{one.sentence or one.quote}” ({by})")
    return "\n\n".join(dict.fromkeys(map(_legal, told)))


def _legal(text: str) -> str:
    return _FOREIGN.sub("\ufffd", text)
