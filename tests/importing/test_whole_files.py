"""What stands in the whole public files, and in no small sample of them: each row is in the form of a real one."""

from pathlib import Path
from typing import Any

import pytest

from tests.importing.makers import (
    ASTRONAUTS,
    GCAT_ORGANISATIONS,
    PRINCIPALS,
    TITLES,
    a_file,
    a_page,
    a_snak,
    a_statement,
    a_time,
    an_entity,
    an_item,
    rows,
    wikidata_dump,
)
from tests.importing.test_other_files import an_organisation, imported
from tests.importing.test_wikidata_ranks import record
from tests.test_cli import run

pytestmark = pytest.mark.usefixtures("migrated")

DOLLARS, MINUTES = (f"http://www.wikidata.org/entity/Q{one}" for one in (4917, 7727))
THEMSELVES = an_item(18086706)


def a_flight(number: int, name: str, born: int, year: int, title: str, ascent: str = "", orbit: str = "") -> str:
    return (
        f'{number},{number},1,"{name}",,male,{born},U.S.,military,G,1960,1,1,pilot,{year},{title},'
        f"{ascent},{orbit or title},,1,1,0,0,0\n"
    )


def test_two_people_of_one_number_are_not_one(tmp_path: Path) -> None:
    told = [
        a_flight(385, "Orr, Yuri", 1949, 1998, "Mir 26"), a_flight(385, "Poe, Pedro", 1963, 1998, "STS-95"),
        a_flight(385, "Orr, Yuri B.", 1949, 2001, "Soyuz TM32/31"), a_flight(386, "Poe, Ann", 1963, 1998, "STS-95"),
    ]  # fmt: skip
    done = run(tmp_path, "import", "astronauts", str(a_file(tmp_path, "a.csv", ASTRONAUTS + "".join(told)).path))
    assert done.returncode == 3
    assert (
        "a.csv:3: number 385 is of 'Poe, Pedro' here and of 'Orr, Yuri' on line 2; give each their own" in done.stderr
    )
    person = record(tmp_path, "/people/astronauts-385")
    assert (person["name"], person["birth_date"], person["disputed"]) == ("Yuri Orr", "1949", [])
    assert sorted(one["event"]["label"] for one in person["events"]) == ["Mir 26", "Soyuz TM32/31"]


def test_a_second_person_of_a_number_keeps_nothing_else_from_ending(tmp_path: Path) -> None:
    both = a_flight(385, "Orr, Yuri", 1949, 1998, "Mir 26") + a_flight(385, "Poe, Pedro", 1963, 1998, "STS-95")
    other = a_flight(3, "Orr, Ida", 1940, 1998, "STS-95")
    for flight in ("STS-1", "STS-2"):
        content = ASTRONAUTS + a_flight(1, "Orr, Ann", 1950, 1981, flight) + both + other
        run(tmp_path, "import", "astronauts", str(a_file(tmp_path, f"{flight}.csv", content).path))
        other = ""
    events = record(tmp_path, "/events?event_type=space mission&ordering=label")["results"]
    # Who else was on the mission of the second person is not known.
    assert {one["label"]: [each["participant"]["label"] for each in one["participants"]] for one in events} == {
        "Mir 26": ["Yuri Orr"], "STS-2": ["Ann Orr"], "STS-95": ["Ida Orr"],
    }  # fmt: skip


@pytest.mark.parametrize("born", ["NA", "1949"])
def test_who_has_no_year_of_birth_on_a_line_is_no_second_person(tmp_path: Path, born: str) -> None:
    first, second = (
        a_flight(1, "Orr, Yuri", 1949, 1998, "Mir 26"),
        a_flight(1, "Orr, Yuri B.", 1, 2001, "Soyuz TM32/31"),
    )
    imported(tmp_path, "astronauts", "a.csv", ASTRONAUTS + first + second.replace(",male,1,", f",male,{born},"))
    assert record(tmp_path, "/people/astronauts-1")["events_count"] == 2


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Duke, Jr. Charles Moss", "Charles Moss Duke Jr."), ("Buckey, Jay Clark Jr.", "Jay Clark Buckey Jr."),
        ("Schirra, Walter M., Jr.", "Walter M. Schirra Jr."), ("Mattingly, Thomas K. II", "Thomas K. Mattingly II"),
        ("Poe, Charles V", "Charles V Poe"), ("Poe, Jr", "Poe Jr"), ("Juniper, Srila", "Srila Juniper"),
    ],
)  # fmt: skip
def test_suffixes_of_names_come_last_wherever_they_stand(tmp_path: Path, written: str, name: str) -> None:
    imported(tmp_path, "astronauts", "a.csv", ASTRONAUTS + a_flight(1, written, 1930, 1972, "Apollo 16"))
    assert record(tmp_path, "/people/astronauts-1")["name"] == name


def test_those_who_were_on_one_station_in_one_year_did_not_fly_together(tmp_path: Path) -> None:
    told = [
        a_flight(1, "Orr, Ann", 1930, 1980, "Salyut\u00ad 6", "Soyuz 35"), a_flight(2, "Orr, Ben", 1931, 1980, "Salyut 6", "Soyuz T\u00ad3"),
        a_flight(3, "Orr, Eve", 1932, 1980, "Soyuz T-3", "Soyuz T-3", "Salyut 6"), a_flight(4, "Orr, Ida", 1933, 1973, "Skylab 3", "Apollo CSM-117"),
        a_flight(5, "Orr, Leo", 1934, 1981, "Salyut 6", ""),
    ]  # fmt: skip
    output = imported(tmp_path, "astronauts", "a.csv", ASTRONAUTS + "".join(told))
    assert "left out   2 of ascend_shuttle" in output
    events = record(tmp_path, "/events?event_type=space mission&ordering=label")["results"]
    assert {one["label"]: sorted(each["participant"]["label"] for each in one["participants"]) for one in events} == {
        "Salyut 6": ["Leo Orr"], "Skylab 3": ["Ida Orr"], "Soyuz 35": ["Ann Orr"], "Soyuz T-3": ["Ben Orr", "Eve Orr"],
    }  # fmt: skip


def amounts(number: str, unit: str, *told: tuple[str, dict[str, int]], ranks: tuple[str, ...] = ()) -> list[Any]:
    return [
        a_statement(
            number,
            {"amount": f"+{amount}", "unit": unit},
            rank,
            qualifiers={by: [a_snak(by, an_item(item))] for by, item in qualifiers.items()},
        )
        for (amount, qualifiers), rank in zip(told, ranks or ("normal",) * len(told), strict=True)
    ]


@pytest.mark.parametrize("turned", [False, True])
def test_what_a_part_has_taken_or_lasts_is_not_told_of_the_whole(tmp_path: Path, turned: bool) -> None:
    told = [
        *amounts("P2142", DOLLARS, ("760507625", {"P3005": 30}), ("2923706026", {"P3005": 13780930}), ("77025481", {"P1264": 1, "P3005": 30}),
                 ranks=("preferred", "normal", "normal")),
        *amounts("P2047", MINUTES, ("171", {"P518": 2}), ("142", {})), *amounts("P2130", DOLLARS, ("1000000", {"P518": 2})),
    ]  # fmt: skip
    film = an_entity("Q9000001", [a_statement("P31", an_item(11424)), *(told[::-1] if turned else told)], "Moonward")
    output = imported(tmp_path, "wikidata", "f.json", wikidata_dump(film))
    for one in ("1 of P2142 of a part, by P3005", "1 of P2142 of a part, by P1264", "1 of P2047 of a part, by P518"):
        assert f"left out   {one}" in output
    shown = record(tmp_path, "/films/wikidata-q9000001")
    assert shown["box_office"]["amount"] == 2923706026
    assert (shown["duration_minutes"], shown["cost"], shown["disputed"]) == (142, None, [])


def test_a_malformed_qualifier_costs_one_amount(tmp_path: Path) -> None:
    told = amounts("P2142", DOLLARS, ("1", {}), ("2", {}))
    told[1]["qualifiers"] = {"P3005": [{"snaktype": "value"}], "P518": 3}
    film = an_entity("Q9000001", [a_statement("P31", an_item(11424)), *told], "Moonward")
    done = run(tmp_path, "import", "wikidata", str(a_file(tmp_path, "f.json", wikidata_dump(film)).path))
    assert done.returncode == 3
    assert "a statement of P2142 is malformed" in done.stderr
    assert record(tmp_path, "/films/wikidata-q9000001")["box_office"]["amount"] == 1


@pytest.mark.parametrize(
    ("qualifiers", "character"),
    [
        ({"P453": [a_snak("P453", THEMSELVES), a_snak("P453", an_item(70))]}, "wikidata-q70"),
        ({"P453": [a_snak("P453", THEMSELVES)]}, None), ({"P453": [a_snak("P453", an_item(9000003))]}, None),
        ({"P453": [a_snak("P453", THEMSELVES)], "P4633": [a_snak("P4633", "himself")]}, None),
        ({"P4633": [a_snak("P4633", "Himself - Astronaut")]}, None), ({"P4633": [a_snak("P4633", "Self (archive footage)")]}, None),
        ({"P4633": [a_snak("P4633", "Self-Made Man")]}, "Self-Made Man"), ({"P4633": [a_snak("P4633", "Itself and I")]}, "Itself and I"),
    ],
)  # fmt: skip
def test_who_appears_as_themselves_plays_nobody(tmp_path: Path, qualifiers: Any, character: str | None) -> None:
    film = an_entity(
        "Q9000001",
        [a_statement("P31", an_item(93204)), a_statement("P161", an_item(9000003), qualifiers=qualifiers)],
        "F",
    )
    person = an_entity("Q9000003", [a_statement("P31", an_item(5))], "Ann Orr")
    imported(tmp_path, "wikidata", "f.json", wikidata_dump(film, person))
    ((told,),) = (one["cast"] for one in record(tmp_path, "/films")["results"])
    assert (told["person"]["label"], told["character"] and told["character"]["label"]) == ("Ann Orr", character)
    assert record(tmp_path, "/characters")["count"] == bool(character)


def test_so_it_is_of_actors_of_imdb(tmp_path: Path) -> None:
    null = r"\N"
    title = rows(TITLES, ("tt0000101", "movie", "M", "M", "0", null, null, null, null))
    credits = rows(PRINCIPALS, ("tt0000101", "1", "nm0000201", "actor", null, '["Self - Host","Ann"]'))
    (tmp_path / "principals.tsv").write_text(credits)
    files = str(a_file(tmp_path, "titles.tsv", title).path), str(tmp_path / "principals.tsv")
    done = run(tmp_path, "import", "imdb", *files)
    assert "left out   1 of in what capacity somebody appears as themselves" in done.stdout
    assert [one["label"] for one in record(tmp_path, "/characters")["results"]] == ["Ann"]


@pytest.mark.parametrize(
    ("time", "calendar", "told"),
    [("+1900-02-29", "Q1985786", "1900-02"), ("+1700-02-29", "Q1985786", "1700-02"), ("+1900-02-29", "Q1985727", None),
     ("+1904-02-29", "Q1985786", "1904-02-29"), ("+1901-02-29", "Q1985786", None)],
)  # fmt: skip
def test_of_a_day_that_only_the_julian_calendar_has_the_month_is_told(
    tmp_path: Path, time: str, calendar: str, told: str | None
) -> None:
    born = a_statement("P569", a_time(f"{time}T00:00:00Z", calendar=calendar))
    imported(
        tmp_path, "wikidata", "p.json", wikidata_dump(an_entity("Q9", [a_statement("P31", an_item(5)), born], "P"))
    )
    assert record(tmp_path, "/people/wikidata-q9")["birth_date"] == told


@pytest.mark.parametrize("time", ["2400:00", "2530:00", "1928:60"])
def test_an_hour_that_no_clock_shows_costs_no_day(tmp_path: Path, time: str) -> None:
    organisation = rows(GCAT_ORGANISATIONS, an_organisation("UTA", f"1957 Oct  4 {time}"))
    imported(tmp_path, "gcat", "orgs.tsv", organisation)
    assert record(tmp_path, "/organisations/gcat-uta")["inception"] == "1957-10-04"


@pytest.mark.parametrize("told", ["NaN", "1e400", "true", "1.5", "null", '""', "[]"])
def test_what_is_no_id_names_no_astronaut(tmp_path: Path, told: str) -> None:
    page = a_page({"id": 4, "name": "Ann", "date_of_birth": None}, {"id": 9, "name": "Ben", "date_of_birth": None})
    path = a_file(tmp_path, "a.json", page.replace('"id": 4', f'"id": {told}')).path
    done = run(tmp_path, "import", "launch-library", str(path))
    assert done.returncode == 3
    assert "a.json:6: record 1 is none of Launch Library (" in done.stderr
    assert " is no id)" in done.stderr
    assert [one["label"] for one in record(tmp_path, "/people")["results"]] == ["Ben"]
