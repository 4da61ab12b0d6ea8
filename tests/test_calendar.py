"""The calendar, read back by a calendar's own parser: only what has a day, and that day."""

import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar
from sqlalchemy import Engine

from app.db import make_engine
from app.documents.evidence import Evidence, FactDocument, Ref, SourceRef
from app.renderings.calendar import Agenda, render
from tests.conftest import Serving, running
from tests.makers import a_claim, a_dated_folder, a_folder, load

# What an event in the calendar takes of a date: (DTSTART, DTEND), or nothing.
DATES: dict[str, tuple[date, date] | None] = {
    "2021-10-05": (date(2021, 10, 5), date(2021, 10, 6)),
    "2021-10-05/2021-10-17": (date(2021, 10, 5), date(2021, 10, 18)),
    "2024-02-29": (date(2024, 2, 29), date(2024, 3, 1)),
    "1999-12-31/2000-01-01": (date(1999, 12, 31), date(2000, 1, 2)),
    **dict.fromkeys(
        ("2021", "2021-10", "2021-10-05~", "2021-10-05?", "2021-10-05/..", "../2021-10-05", "2021-10-05/2021-11",
         "[2021-10-05,2021-10-07]", "[2021-10-05..2021-10-07]", "{2021-10-05,2021-10-07}", "202X")
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def dated(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A client of the API over one event for each of DATES."""
    folder = tmp_path_factory.mktemp("dated")
    shutil.copy(migrated_file, folder / "filmspace.db")
    engine = make_engine(f"sqlite:///{folder / 'filmspace.db'}")
    load(engine, a_dated_folder(folder, "many", [(f"event/event-{i}", "date", one) for i, one in enumerate(DATES)]))
    engine.dispose()
    with running(f"sqlite:///{folder / 'filmspace.db'}") as client:
        yield client


def events_of(answer: httpx.Response) -> dict[str, Any]:
    """The events of a calendar by the slug in their URL. The calendar is written as RFC 5545 has it."""
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    return {str(event["URL"]).rpartition("/")[2]: event for event in read_back(answer.content).events}


def read_back(written: bytes) -> Any:
    """The calendar that these bytes are: lines end with CRLF and have at most 75 octets (RFC 5545, 3.1)."""
    *lines, rest = written.split(b"\r\n")
    assert rest == b""
    assert not any(b"\r" in line or b"\n" in line or len(line) > 75 for line in lines)
    calendar: Any = Calendar.from_ical(written)
    assert all(not event.errors for event in calendar.events)
    assert calendar.subcomponents, "a calendar holds something (RFC 5545, 3.6)"
    assert len({str(event["UID"]) for event in calendar.events}) == len(calendar.events)
    return calendar


def test_only_what_has_a_day_is_there_on_that_day(dated: httpx.Client) -> None:
    found = events_of(dated.get("/events.ics"))
    expected = {f"event-{index}": days for index, days in enumerate(DATES.values()) if days}
    assert {slug: (event["DTSTART"].dt, event["DTEND"].dt) for slug, event in found.items()} == expected


def test_a_calendar_without_events_holds_a_clock(dated: httpx.Client) -> None:
    answer = dated.get("/events.ics?from=1900&to=1901")
    assert events_of(answer) == {}
    (clock,) = read_back(answer.content).subcomponents
    (standard,) = clock.subcomponents
    assert (clock.name, clock["TZID"], standard["TZOFFSETTO"].td) == ("VTIMEZONE", "Etc/UTC", timedelta(0))
    assert not read_back(dated.get("/events.ics?from=1900").content).timezones


def test_a_span_of_time_is_that_of_the_timeline(dated: httpx.Client) -> None:
    for more in ({}, {"certain": "true"}):
        for since, until in (
            ("2021-10-07", "2021-10-09"),
            ("2021-10", "2021-10"),
            ("2000", "2021-10-05"),
            ("2024", "2024"),
        ):
            asked = {"from": since, "to": until, **more}
            entries = dated.get("/timeline", params={**asked, "limit": 100}).json()["results"]
            wanted = {one["record"]["slug"] for one in entries if DATES[one["date"]]}
            assert events_of(dated.get("/events.ics", params=asked)).keys() == wanted


def test_the_calendar_of_an_entity(api: httpx.Client) -> None:
    (event,) = events_of(api.get("/events.ics?entity=film/the-challenge")).values()
    assert events_of(api.get("/events.ics?entity=person/tom-cruise")) == {}
    record = api.get("/events/the-challenge-trailer-release").json()
    changed_at = datetime.fromisoformat(record["updated_at"]).replace(microsecond=0)
    assert event["SUMMARY"] == record["label"]
    assert (event["STATUS"], event["CATEGORIES"].cats) == ("CONFIRMED", ["trailer release"])
    assert event["DTSTAMP"].dt == event["LAST-MODIFIED"].dt == changed_at
    assert event["UID"] == "event/the-challenge-trailer-release@filmspace"
    assert api.get(str(event["URL"])).json() == record
    assert "Russian film makers on Tuesday released a trailer for “The Challenge,”" in event["DESCRIPTION"]
    assert event["DESCRIPTION"].endswith("(CNN, 2023-03-08)")


def test_the_same_revision_is_the_same_calendar(api: httpx.Client) -> None:
    one, other = api.get("/events.ics"), api.get("/events.ics")
    assert one.content == other.content
    assert api.get("/events.ics", headers={"If-None-Match": one.headers["etag"]}).status_code == 304
    calendar = read_back(one.content)
    assert calendar["X-WR-CALNAME"] == calendar["NAME"] == "filmspace: events"
    assert calendar["REFRESH-INTERVAL"].dt == timedelta(hours=1)
    assert calendar["SOURCE"] == str(one.url)
    assert api.get("/events.ics", headers={"Accept": "text/calendar"}).content == one.content
    assert api.get("/events.ics", headers={"Accept": "application/json"}).status_code == 406
    assert api.get("/events.ics/").status_code == 200


def test_a_plan_is_tentative_until_it_happened_and_a_place_is_named(
    engine: Engine, serving: Serving, tmp_path: Path
) -> None:
    label = "Große Première der “Étoile”, mit Ton; und Bild\\ aus dem All " + "🚀" * 20
    said = ("event/opening", "date", "2031-05-07", {"modality": "planned", "label": label})
    load(engine, a_dated_folder(tmp_path, "plan", [said], published="2030-01-01", publisher="A"))
    place = "The opening was at the Great Hall."
    claims = [
        a_claim("place/hall", "name", "Great Hall", quote=place),
        a_claim("event/opening", "location", object="place/hall", quote=place, modality="planned"),
    ]
    load(engine, a_folder(tmp_path, "place", place, claims, source={"published": "2030-01-02", "publisher": "B"}))
    (event,) = events_of(serving(engine).get("/events.ics")).values()
    assert (event["STATUS"], event["SUMMARY"], event["LOCATION"]) == ("TENTATIVE", label, "Great Hall")
    assert "The date is a plan." in event["DESCRIPTION"]
    later = ("event/opening", "date", "2031-06-03", {"label": label})
    load(engine, a_dated_folder(tmp_path, "past", [later], published="2032-01-01", publisher="C"))
    (event,) = events_of(serving(engine).get("/events.ics")).values()
    assert (event["STATUS"], event["DTSTART"].dt) == ("CONFIRMED", date(2031, 6, 3))
    load(engine, a_dated_folder(tmp_path, "other", [("event/opening", "date", "2031-06-04", {})], publisher="D"))
    (event,) = events_of(serving(engine).get("/events.ics")).values()
    assert (event["STATUS"], "Sources disagree on the date." in event["DESCRIPTION"]) == ("CONFIRMED", True)


def test_of_too_many_events_the_latest_are_there(dated: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.queries.calendar.MOST_EVENTS", 3)
    calendar = read_back(dated.get("/events.ics?from=1800").content)
    days = sorted(days for days in DATES.values() if days)
    assert [event["DTSTART"].dt for event in calendar.events] == [first for first, _ in days[1:]]
    assert "These are the latest 3;" in calendar["DESCRIPTION"]
    earlier = read_back(dated.get("/events.ics?to=2021-10-10").content)
    assert [event["DTSTART"].dt for event in earlier.events] == [first for first, _ in days[:3]]
    assert "the latest" not in earlier["DESCRIPTION"]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("from=2022&to=2021", {"from", "to"}),
        ("from=2022-13", {"from"}),
        ("entity=nobody", {"entity"}),
        ("certain=yes", {"certain"}),
        ("limit=5", {"limit"}),
        ("from=%00", {"from"}),
    ],
)
def test_what_cannot_be_understood_is_named(api: httpx.Client, query: str, names: set[str]) -> None:
    answer = api.get(f"/events.ics?{query}")
    assert answer.status_code == 422
    assert {one["parameter"] for one in answer.json()["errors"]} == names


# The library takes a backslash and an N for the end of a line that is escaped already.
TEXTS = st.text(max_size=60).map(lambda text: text.replace("\\N", "N"))
OFFSETS = st.sampled_from(("Z", "+05:30", "-08", "+23:59"))


@given(
    day=st.dates(), days=st.integers(0, 400), clock=st.none() | st.tuples(st.times(), OFFSETS | st.just("")),
    text=TEXTS, label=TEXTS.filter(bool),
)  # fmt: skip
def test_any_day_time_and_text_is_read_back_as_it_was(
    day: date, days: int, clock: tuple[Any, str] | None, text: str, label: str
) -> None:
    last = day + timedelta(days=min(days, (date.max - day).days))
    stated = f"{day}/{last}" if last > day else f"{day}"
    start: date | datetime = day
    end = last + timedelta(days=1) if last < date.max else None
    if clock:
        stated = f"{day}T{clock[0]:%H:%M:%S}{clock[1]}"
        end = day + timedelta(days=1) if day < date.max else None
        try:
            if clock[1]:
                start, end = datetime.fromisoformat(stated).astimezone(UTC), None
        except OverflowError:
            pass
    written = render(
        Agenda([(_record(label, text), _fact(stated, text))], "", "http://x/", None, "1"), "http://x{}".format
    )
    (event,) = read_back(written).events
    assert event["DTSTART"].dt == start
    assert (event["DTEND"].dt if "DTEND" in event else None) == end
    if label.isprintable():
        assert event["SUMMARY"] == label
    if text.isprintable() and text:
        assert text in event["DESCRIPTION"]


def _record(label: str, text: str) -> dict[str, Any]:
    return {
        "slug": "one", "url": "/events/one", "label": label, "description": text or None, "status": "happened",
        "location": {"label": text}, "event_type": text or None, "disputed": [], "updated_at": "2026-01-01T00:00:00Z",
    }  # fmt: skip


def _fact(stated: str, text: str) -> FactDocument:
    source = SourceRef(slug="a", title=None, publisher=text or None, published=None, url="/sources/a")
    quote = Evidence(
        source=source, role="quote", quote=text, prefix="", suffix="", start=0, end=1, sentence=None, locator=None,
        references=[], attributed_to=None, status="verified",
    )  # fmt: skip
    return FactDocument(
        id="0", url="/facts/0", subject=Ref(kind="event", slug="one", label="one", url="/events/one"), property="date",
        value=stated, qualifiers={}, modality="asserted", inference="none", phrase=None, attributed_to=None,
        rank="normal", source_count=1, publisher_count=1, recorded_at=datetime.now(UTC), withdrawn_at=None,
        evidence=[quote],
    )  # fmt: skip
