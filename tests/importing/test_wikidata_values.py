"""What Wikidata's statements say that is less than one sure value: moments between two dates, nothing, not known."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import running
from tests.importing import makers
from tests.importing.makers import a_snak, a_statement, a_time, an_item
from tests.importing.test_other_files import current, imported
from tests.test_cli import run

pytestmark = pytest.mark.usefixtures("migrated")

_PRECISIONS = {4: 9, 7: 10, 10: 11}


def a_moment(told: str, **more: Any) -> Any:
    """A time as precise as it is told: `1850`, `1850-03`, `1850-03-02`, or by its precision `1850/8`."""
    if told in ("somevalue", "novalue"):
        return told
    date, _, precision = told.partition("/")
    whole = f"{date}-00-00"[:10] if len(date) < 10 else date
    return a_time(f"+{whole}T00:00:00Z", int(precision or _PRECISIONS[len(date)]), **more)


def qualified(**told: str) -> dict[str, Any]:
    return {"qualifiers": {number: [a_snak(number, a_moment(one))] for number, one in told.items()}}


def a_person(*statements: Any) -> str:
    person = makers.an_entity("Q9000002", [a_statement("P31", an_item(5)), *statements], "Ann Orr")
    return makers.wikidata_dump(person)


@pytest.mark.parametrize(
    ("told", "between", "expected"),
    [
        ("1850/8", {"P1319": "1852", "P1326": "1856"}, "[1852..1856]"),
        ("1855", {"P1319": "1852", "P1326": "1856-03"}, "[1852..1856-03]"),
        ("1900/7", {"P1319": "1852"}, "[1852..1899]"),
        ("1856", {"P1319": "1856-03-02"}, "[1856-03-02..1856]"),
        ("1850/8", {"P1326": "1856"}, "[1850..1856]"),
        ("somevalue", {"P1319": "1852", "P1326": "1856"}, "[1852..1856]"),
        ("somevalue", {"P1319": "1852"}, "[1852..]"),
        ("somevalue", {"P1326": "1856"}, "[..1856]"),
        ("somevalue", {"P1319": "1852", "P1326": "1852"}, "1852"),
        # What does not fit together is told as the date alone.
        ("1840", {"P1319": "1852", "P1326": "1856"}, "1840"),
        ("1855", {"P1319": "1856", "P1326": "1852"}, "1855"),
        ("1855", {"P1319": "somevalue"}, "1855"),
        ("somevalue", {"P1319": "somevalue"}, None),
        ("novalue", {"P1319": "1852"}, None),
        ("novalue", {}, None),
    ],
)  # fmt: skip
def test_a_date_is_between_the_earliest_and_the_latest(
    tmp_path: Path, told: str, between: dict[str, str], expected: str | None
) -> None:
    report = imported(
        tmp_path, "wikidata", "dump.json", a_person(a_statement("P569", a_moment(told), **qualified(**between)))
    )
    assert [date for _, date in current(tmp_path, "birth_date")] == ([expected] if expected else [])
    assert ("left out   1 of qualifier P1319" in report) == (expected in ("1840", "1855") and "P1319" in between)
    assert (f"left out   1 of {told} of P569" in report) == (expected is None)


def test_a_moment_between_two_dates_is_served_and_found(tmp_path: Path) -> None:
    born = a_statement("P569", "somevalue", **qualified(P1319="1921", P1326="1923"))
    imported(tmp_path, "wikidata", "dump.json", a_person(born))
    with running(f"sqlite:///{tmp_path}/filmspace.db") as client:
        assert client.get("/people/wikidata-q9000002").json()["birth_date"] == "[1921..1923]"
        assert client.get("/people?birth_date__gte=1923&name=Ann%20Orr").json()["count"] == 1
        assert client.get("/people?birth_date__gte=1924&name=Ann%20Orr").json()["count"] == 0


@pytest.mark.parametrize("nothing", ["novalue", "somevalue"])
def test_what_is_nothing_now_ends_what_was_told_before(tmp_path: Path, nothing: str) -> None:
    died = a_statement("P570", a_moment("1990"))
    imported(tmp_path, "wikidata", "dump.json", a_person(died))
    told = imported(tmp_path, "wikidata", "dump.json", a_person(a_statement("P570", nothing)))
    assert f"left out   1 of {nothing} of P570" in told
    assert "1 superseded" in told
    with running(f"sqlite:///{tmp_path}/filmspace.db") as client:
        assert client.get("/people/wikidata-q9000002").json()["death_date"] is None
    assert "wikidata: unchanged" in imported(tmp_path, "wikidata", "dump.json", a_person(a_statement("P570", nothing)))
    assert run(tmp_path, "check").returncode == 0


@pytest.mark.parametrize(
    ("told", "expected", "left_out"),
    [
        ([("P619", "1969-07-16"), ("P580", "1969-07-17"), ("P582", "1969-07-24")], ["1969-07-16"], ["P580", "P582"]),
        ([("P619", "1969-07-16"), ("P585", "1969-07")], ["1969-07"], ["P619"]),
        ([("P580", "2019-05-14"), ("P582", "2019-05-25")], ["2019-05-14/2019-05-25"], []),
        ([("P580", "2019-05-14"), ("P582", "2019-05-14")], ["2019-05-14"], []),
        ([("P580", "2019-05-14"), ("P582", "2019-05-01")], ["2019-05-14"], ["qualifier P582"]),
        ([("P580", "2019-05-14"), ("P580", "2019-05-15"), ("P582", "2019-05-25")], ["2019-05-14", "2019-05-15"], ["P582"]),
        ([("P580", "2019-05-14"), ("P582", "somevalue")], ["2019-05-14"], ["qualifier P582"]),
        ([("P582", "2019-05-25")], [], ["P582"]),
        ([("P619", "1969-07-16"), ("P620", "1969-07-24")], ["1969-07-16/1969-07-24"], []),
        ([("P580", "1969-07-17"), ("P620", "1969-07-24")], ["1969-07-17"], ["P620"]),
        ([("P585", "somevalue"), ("P619", "1969-07-16")], ["1969-07-16"], ["P585"]),
        ([("P580", "somevalue"), ("P582", "1950")], ["/1950"], []),
        ([("P580", "somevalue"), ("P582", "somevalue")], [], ["somevalue of P580"]),
    ],
)  # fmt: skip
def test_an_event_is_when_it_is_launched_or_from_its_beginning_to_its_end(
    tmp_path: Path, told: list[tuple[str, str]], expected: list[str], left_out: list[str]
) -> None:
    said = [a_statement(number, a_moment(day)) for number, day in told]
    event = makers.an_entity("Q9000009", [a_statement("P31", an_item(1656682)), *said], "Moonshot")
    report = imported(tmp_path, "wikidata", "event.json", json.dumps(event))
    assert current(tmp_path, "date") == [("event/wikidata-q9000009", one) for one in expected]
    assert all(f"left out   1 of {one}" in report for one in left_out)
    assert report.count("left out") == len(left_out)


@pytest.mark.parametrize(
    ("of_end", "expected", "left_out"),
    [
        ({"P1480": [a_snak("P1480", an_item(5727902))]}, "1900/1950~", []),
        ({"P1480": [a_snak("P1480", an_item(18122778))]}, "1900/1950?", []),
        (qualified(P1319="1949", P1326="1950")["qualifiers"], "1900/1950", ["P1319 of P582", "P1326 of P582"]),
        ({"P276": [a_snak("P276", an_item(159))]}, "1900/1950", ["P276 of P582"]),
    ],
)
def test_an_end_is_as_sure_as_its_own_qualifiers_have_it(
    tmp_path: Path, of_end: dict[str, Any], expected: str, left_out: list[str]
) -> None:
    dates = a_statement("P580", a_moment("1900")), a_statement("P582", a_moment("1950"), qualifiers=of_end)
    event = makers.an_entity("Q9000009", [a_statement("P31", an_item(1656682)), *dates], "Moonshot")
    report = imported(tmp_path, "wikidata", "event.json", json.dumps(event))
    assert current(tmp_path, "date") == [("event/wikidata-q9000009", expected)]
    assert all(f"left out   1 of qualifier {one}\n" in report for one in left_out)
    assert report.count("left out") == len(left_out)


def test_an_end_is_told_whatever_is_said_of_a_beginning_that_is_not_known(tmp_path: Path) -> None:
    circa = {"P1480": [a_snak("P1480", an_item(5727902))]}
    dates = a_statement("P580", "somevalue", qualifiers=circa), a_statement("P582", a_moment("1950"))
    event = makers.an_entity("Q9000009", [a_statement("P31", an_item(1656682)), *dates], "Moonshot")
    assert "left out   1 of qualifier P1480\n" in imported(tmp_path, "wikidata", "event.json", json.dumps(event))
    assert current(tmp_path, "date") == [("event/wikidata-q9000009", "/1950")]


def test_the_crew_of_a_flight_are_people_who_take_part(tmp_path: Path) -> None:
    crew = [a_statement("P1029", an_item(9_000_002)), a_statement("P1029", "somevalue")]
    flights = [
        makers.an_entity(
            f"Q900000{at}", [a_statement("P31", an_item(752_783)), a_statement("P619", a_moment(day)), *crew]
        )
        for at, day in ((8, "1969-07-16"), (9, "9001-07-16"))
    ]
    told = imported(tmp_path, "wikidata", "dump.json", makers.wikidata_dump(*flights))
    assert "left out   2 of somevalue of P1029" in told
    with running(f"sqlite:///{tmp_path}/filmspace.db") as client:
        shown = [client.get(f"/events/wikidata-q900000{at}").json() for at in (8, 9)]
    assert [one["status"] for one in shown] == ["happened", "planned"]
    ((member,), _) = (one["participants"] for one in shown)
    assert (member["participant"]["url"], member["role"]) == ("/people/wikidata-q9000002", "crew member")


def test_what_has_no_end_has_not_ended_and_the_work_of_a_character_may_be_no_film(tmp_path: Path) -> None:
    countries = [
        a_statement("P27", an_item(number), qualifiers={"P582": [a_snak("P582", until)]})
        for number, until in ((15180, a_moment("1991")), (159, "novalue"))
    ]
    characters = [
        makers.an_entity(
            f"Q900000{at}", [a_statement("P31", an_item(of)), a_statement("P1441", an_item(9_000_001))], "V"
        )
        for at, of in ((5, 95_074), (6, 15_773_347))
    ]
    person = json.loads(a_person(*countries))
    told = imported(tmp_path, "wikidata", "dump.json", makers.wikidata_dump(person, *characters))
    assert current(tmp_path, "nationality") == [("person/wikidata-q9000002", "Russia")]
    assert "left out   1 of P1441, which does not tell of which kind its value is" in told
    assert current(tmp_path, "present_in_work") == [("character/wikidata-q9000006", "wikidata-q9000001")]


def test_nothing_that_is_preferred_overrules_what_is_not(tmp_path: Path) -> None:
    statements = [
        a_statement("P570", a_moment("1990")),
        a_statement("P570", "novalue", "preferred"),
        a_statement("P570", a_moment("1980"), "deprecated"),
        a_statement("P569", a_moment("1921")),
        a_statement("P569", "somevalue", "preferred", **qualified(P1319="1920")),
        a_statement("P106", "somevalue", "preferred"),
        a_statement("P106", an_item(11631)),
        a_statement("P27", an_item(30)),
        a_statement("P27", an_item(8_999_999), "preferred"),
    ]
    told = imported(tmp_path, "wikidata", "dump.json", a_person(*statements))
    assert "left out   1 of P570 that a preferred novalue overrules" in told
    assert "left out   1 of P27 that a preferred value overrules" in told
    assert current(tmp_path, "death_date") == current(tmp_path, "nationality") == []
    assert current(tmp_path, "birth_date") == [("person/wikidata-q9000002", "[1920..]")]
    assert current(tmp_path, "occupation") == [("person/wikidata-q9000002", "astronaut")]


def test_all_that_is_nothing_is_reported_by_its_property(tmp_path: Path) -> None:
    """However much else is left out, and more often."""
    others = [a_statement(f"P{number}", "x") for number in range(90_001, 90_021) for _ in range(3)]
    told = imported(
        tmp_path,
        "wikidata",
        "dump.json",
        a_person(*others, a_statement("P569", "somevalue"), a_statement("P570", "novalue")),
    )
    assert "left out   1 of somevalue of P569" in told
    assert "left out   1 of novalue of P570" in told
    assert "left out   25 of 9 other things" in told


def test_a_day_whose_calendar_was_corrected_is_told_anew(tmp_path: Path) -> None:
    for calendar, locator in (
        ("Q1985786", "dump.json:2 Q9000002 P569, a day of the Julian calendar"),
        ("Q1985727", "dump.json:2 Q9000002"),
        ("Q1985786", "dump.json:2 Q9000002 P569, a day of the Julian calendar"),
    ):
        content = a_person(a_statement("P569", a_time("+1850-01-01T00:00:00Z", calendar=calendar)))
        assert "imported as" in imported(tmp_path, "wikidata", "dump.json", content)
        assert "unchanged" in imported(tmp_path, "wikidata", "dump.json", content)
        with running(f"sqlite:///{tmp_path}/filmspace.db") as client:
            told = client.get("/facts?subject=person/wikidata-q9000002&property=birth_date").json()
        ((evidence,),) = [one["evidence"] for one in told["results"]]
        assert (told["results"][0]["value"], evidence["locator"]) == ("1850-01-01", locator)


def test_one_day_in_two_calendars_is_one_whichever_comes_first(tmp_path: Path) -> None:
    days = [a_statement("P569", a_time("+1850-01-01T00:00:00Z", calendar=one)) for one in ("Q1985786", "Q1985727")]
    imported(tmp_path, "wikidata", "dump.json", a_person(*days))
    assert "wikidata: unchanged" in imported(tmp_path, "wikidata", "turned.json", a_person(*reversed(days)))


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        # A typing error, or a plan that was given up, says nothing of what happened.
        ([("1990", "normal"), ("9040", "deprecated")], ("1990", "happened", [])),
        ([("1990", "preferred"), ("9040", "normal")], ("1990", "happened", [])),
        ([("1990", "normal"), ("9040", "normal")], ("9040", "planned", ["date", "event_type", "participants"])),
        ([("1990", "normal"), ("9040", "preferred")], ("9040", "planned", ["date", "event_type", "participants"])),
    ],
)
def test_an_event_is_to_come_by_the_best_of_its_dates(tmp_path: Path, dates: Any, expected: Any) -> None:
    said = [a_statement("P31", an_item(2_133_344)), a_statement("P1029", an_item(9_000_002))]
    said += [a_statement("P585", a_moment(year), rank) for year, rank in dates]
    imported(tmp_path, "wikidata", "flight.json", json.dumps(makers.an_entity("Q9000009", said, "Flight 9")))
    with running(f"sqlite:///{tmp_path}/filmspace.db") as client:
        shown = client.get("/events/wikidata-q9000009").json()
    assert (shown["date"], shown["status"], sorted(shown["planned"])) == expected


def test_what_was_to_be_before_the_date_that_is_preferred_and_to_come_was_a_plan(tmp_path: Path) -> None:
    film = [a_statement("P577", a_moment("2001-10-02")), a_statement("P577", a_moment("9001-03-01"), "preferred")]
    station = [a_statement("P576", a_moment("2001")), a_statement("P576", a_moment("9031"), "preferred")]
    dump = makers.wikidata_dump(
        makers.an_entity("Q9000001", [a_statement("P31", an_item(11424)), *film], "Moonward"),
        makers.an_entity("Q9000008", [a_statement("P31", an_item(25956)), *station], "Port Orbit"),
    )
    imported(tmp_path, "wikidata", "dump.json", dump)
    with running(f"sqlite:///{tmp_path}/filmspace.db") as client:
        moonward, port = (client.get(url).json() for url in ("/films/wikidata-q9000001", "/places/wikidata-q9000008"))
    assert (moonward["release_date"], moonward["planned"], moonward["slipped"]) == ("9001-03-01", ["release_date"], [])
    assert (port["dissolution"], port["planned"]) == ("9031", ["dissolution"])


@pytest.mark.parametrize(
    ("begins", "ends", "expected", "planned", "left_out"),
    [
        ("2001", "9001", "2001", [], 1),
        ("9001", "9002", "9001/9002", ["date", "event_type"], 0),
        ("2001", "2002", "2001/2002", [], 0),
        ("somevalue", "9002", None, [], 0),
    ],
)
def test_an_end_to_come_is_no_part_of_what_has_begun(
    tmp_path: Path, begins: str, ends: str, expected: str | None, planned: list[str], left_out: int
) -> None:
    dates = a_statement("P580", a_moment(begins)), a_statement("P582", a_moment(ends))
    event = makers.an_entity("Q9000009", [a_statement("P31", an_item(1_656_682)), *dates], "Stay")
    report = imported(tmp_path, "wikidata", "event.json", json.dumps(event))
    with running(f"sqlite:///{tmp_path}/filmspace.db") as client:
        shown = client.get("/events/wikidata-q9000009").json()
    assert (shown["date"], sorted(shown["planned"])) == (expected, planned)
    assert report.count("left out   1 of qualifier P582\n") == left_out
