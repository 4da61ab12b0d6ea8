"""What newer records of the Launch Library end: each form of a record what it tells of itself, and nothing else."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.importing.makers import (
    ASTRONAUTS,
    GCAT_ORGANISATIONS,
    a_file,
    a_launch,
    a_page,
    gcat_organisations,
    gcat_sites,
    rows,
)
from tests.importing.test_other_files import an_organisation, current, imported
from tests.importing.test_wikidata_ranks import record
from tests.makers import a_claim, a_folder
from tests.test_cli import run

pytestmark = pytest.mark.usefixtures("migrated")

SPACEX, ARIANESPACE = ({"id": one, "name": name} for one, name in ((121, "SpaceX"), (115, "Arianespace")))
NASA = {"id": 44, "name": "NASA"}
CREW = {"id": 1, "role": {"id": 1, "role": "Commander"}, "astronaut": {"id": 9001, "name": "Zena C"}}
LAUNCH = "ll2-launch-1"


def a_record(detailed: bool = False, crew: tuple[Any, ...] = (), agencies: tuple[Any, ...] = (), **more: Any) -> Any:
    rocket: dict[str, Any] = {"id": 1, "configuration": {"name": "Falcon 9", "full_name": "Falcon 9 Block 5"}}
    if detailed:
        rocket["spacecraft_stage"] = [{"launch_crew": list(crew)}]
    mission = {"id": 1, "name": "Crew-99", "description": "To the station", "agencies": list(agencies)}
    return {
        "id": "1", "name": "Falcon 9 Block 5 | Crew-99", "net": "2027-04-09T10:00:00Z", "status": {"id": 1, "name": "Go"},
        "pad": {"location": {"id": 27, "name": "Kennedy"}}, "rocket": rocket, "mission": mission,
        "launch_service_provider": SPACEX, **more,
    }  # fmt: skip


def an_astronaut(**more: Any) -> Mapping[str, Any]:
    return {"id": 9001, "name": "Zena C", "date_of_birth": "1980-01-01", **more}


def taking_part(folder: Path) -> set[str]:
    return {told for _, told in current(folder, "participant")}


def test_a_record_that_does_not_tell_who_flies_ends_who_does_else(tmp_path: Path) -> None:
    imported(tmp_path, "launch-library", "one.json", a_page(a_record(detailed=True, crew=(CREW,), agencies=(NASA,))))
    assert taking_part(tmp_path) == {"ll2-agency-121", "ll2-agency-44", "ll2-astronaut-9001"}
    imported(tmp_path, "launch-library", "two.json", a_page(a_record(launch_service_provider=ARIANESPACE)))
    assert taking_part(tmp_path) == {"ll2-agency-115", "ll2-astronaut-9001"}
    # In the mode `list` the provider is a name alone.
    told = {name: told for name, told in a_record().items() if name not in ("launch_service_provider", "rocket", "pad")}
    imported(tmp_path, "launch-library", "three.json", a_page({**told, "window_start": "x", "mission": "Crew-99"}))
    assert taking_part(tmp_path) == {"ll2-agency-115", "ll2-astronaut-9001"}
    imported(tmp_path, "launch-library", "four.json", a_page(a_record(detailed=True)))
    assert taking_part(tmp_path) == {"ll2-agency-121"}


def test_an_event_of_a_version_without_astronauts_ends_none(tmp_path: Path) -> None:
    event = {
        "id": 9,
        "name": "EVA",
        "date": "2027-05-01T10:00:00Z",
        "type": {"name": "EVA"},
        "updates": [],
        "launches": [],
    }
    people = {"astronauts": [{"id": 9001, "name": "Zena C"}]}
    imported(tmp_path, "launch-library", "one.json", a_page({**event, **people, "agencies": [NASA]}))
    imported(tmp_path, "launch-library", "two.json", a_page({**event, "agencies": [ARIANESPACE]}))
    assert taking_part(tmp_path) == {"ll2-agency-115", "ll2-astronaut-9001"}
    imported(tmp_path, "launch-library", "three.json", a_page({**event, "astronauts": []}))
    assert taking_part(tmp_path) == {"ll2-agency-115"}


def test_who_flew_ends_with_the_record_of_who_flew_no_more(tmp_path: Path) -> None:
    imported(tmp_path, "launch-library", "one.json", a_page(an_astronaut(flights=[a_record()])))
    assert taking_part(tmp_path) == {"ll2-astronaut-9001"}
    imported(tmp_path, "launch-library", "two.json", a_page(a_record(detailed=True, launch_service_provider=None)))
    assert taking_part(tmp_path) == {"ll2-astronaut-9001"}, "the record of the launch does not end it"
    imported(tmp_path, "launch-library", "three.json", a_page(an_astronaut()))
    assert taking_part(tmp_path) == {"ll2-astronaut-9001"}, "nor one that does not tell of flights"
    imported(tmp_path, "launch-library", "four.json", a_page(an_astronaut(flights=[])))
    assert taking_part(tmp_path) == set()


def test_how_and_when_it_flew_a_launch_says_itself(tmp_path: Path) -> None:
    flown = a_record(net="1992-03-17T10:54:30Z", status={"id": 3, "name": "Launch Successful"})
    astronaut = an_astronaut(flights=[{**flown, "launch_service_provider": ARIANESPACE}])
    told = imported(tmp_path, "launch-library", "one.json", a_page(astronaut))
    for name in ("net", "rocket", "pad", "mission", "launch_service_provider"):
        assert f"left out   1 of flights.{name}\n" in told
    assert record(tmp_path, f"/events/{LAUNCH}")["status"] == "happened"
    imported(tmp_path, "launch-library", "two.json", a_page(flown))
    for name, one in (("three.json", astronaut), ("four.json", flown)):
        assert "launch-library: unchanged" in imported(tmp_path, "launch-library", name, a_page(one))
    assert taking_part(tmp_path) == {"ll2-agency-121", "ll2-astronaut-9001"}


def test_of_two_records_of_one_thing_the_first_counts_as_a_whole(tmp_path: Path) -> None:
    moved = a_record(net="2028-01-01T10:00:00Z", name="Falcon 9 Block 5 | Crew-100")
    told = imported(tmp_path, "launch-library", "one.json", a_page(a_record(), moved))
    assert "left out   1 of a record that comes again: one.json:" in told
    launch = record(tmp_path, f"/events/{LAUNCH}")
    assert (launch["name"], launch["date"]) == ("Falcon 9 Block 5 | Crew-99", "2027-04-09T10:00:00Z")


@pytest.mark.parametrize("is_turned", [False, True])
def test_a_fuller_record_counts_instead_of_a_shorter_one(tmp_path: Path, is_turned: bool) -> None:
    """Whichever comes first: with some of each, the data set would not agree with itself."""
    shorter = a_record(name="Falcon 9 | Crew-99", net="2027-04-09T10:00:02Z")
    both = [shorter, a_record(detailed=True, crew=(CREW,))]
    told = imported(tmp_path, "launch-library", "one.json", a_page(*(both[::-1] if is_turned else both)))
    assert "left out   1 of a record that comes again: one.json:" in told
    assert taking_part(tmp_path) == {"ll2-agency-121", "ll2-astronaut-9001"}
    launch = record(tmp_path, f"/events/{LAUNCH}")
    assert (launch["name"], launch["date"]) == ("Falcon 9 Block 5 | Crew-99", "2027-04-09T10:00:00Z")
    assert (launch["disputed"], launch["alternate_names"]) == ([], [])


MARCH, JUNE = ("2027-03-01T00:00:00Z", "2027-06-01T00:00:00Z")


@pytest.mark.parametrize("is_turned", [False, True])
def test_of_records_in_one_form_the_newest_counts(tmp_path: Path, is_turned: bool) -> None:
    older = a_record(net="2027-04-01T10:00:00Z", last_updated=MARCH)
    both = [a_record(status={"id": 3, "name": "Launch Successful"}, last_updated=JUNE), older]
    told = imported(tmp_path, "launch-library", "one.json", a_page(*(both[::-1] if is_turned else both)))
    assert "left out   1 of a record that comes again: one.json:" in told
    launch = record(tmp_path, f"/events/{LAUNCH}")
    assert (launch["date"], launch["status"], launch["disputed"]) == ("2027-04-09T10:00:00Z", "happened", [])


@pytest.mark.parametrize("is_turned", [False, True])
def test_what_the_newest_form_leaves_out_a_fuller_one_tells(tmp_path: Path, is_turned: bool) -> None:
    """Who was to fly, of a launch that has flown since."""
    fuller = a_record(detailed=True, crew=(CREW,), agencies=(NASA,), net="2027-04-01T10:00:00Z", last_updated=MARCH)
    both = [
        a_record(status={"id": 3, "name": "Launch Successful"}, launch_service_provider=ARIANESPACE, last_updated=JUNE),
        fuller,
    ]
    told = imported(tmp_path, "launch-library", "one.json", a_page(*(both[::-1] if is_turned else both)))
    assert "comes again" not in told
    launch = record(tmp_path, f"/events/{LAUNCH}")
    assert (launch["date"], launch["status"], launch["disputed"]) == ("2027-04-09T10:00:00Z", "happened", [])
    assert taking_part(tmp_path) == {"ll2-agency-115", "ll2-astronaut-9001"}
    assert {one["slug"] for one in record(tmp_path, "/organisations")["results"]} == {"ll2-agency-115"}


@pytest.mark.parametrize("is_turned", [False, True])
def test_so_do_the_flights_of_an_astronaut(tmp_path: Path, is_turned: bool) -> None:
    shorter = {
        "id": 9001,
        "name": "Zena Cee",
        "nationality": "Utopian",
        "date_of_birth": "1980-01-01",
        "last_updated": JUNE,
    }
    both = [shorter, an_astronaut(flights=[a_record()], last_updated=MARCH)]
    imported(tmp_path, "launch-library", "one.json", a_page(*(both[::-1] if is_turned else both)))
    assert record(tmp_path, "/people/ll2-astronaut-9001")["name"] == "Zena Cee"
    assert taking_part(tmp_path) == {"ll2-astronaut-9001"}


def test_what_stands_for_something_that_is_not_known_is_as_good_as_nothing(tmp_path: Path) -> None:
    nobody, nowhere = {"id": 1000, "name": "Unknown"}, {"location": {"id": 22, "name": "Unknown Location"}}
    unknown = {"id": 9002, "name": "Unknown"}
    crew = {**CREW, "role": {"role": "TBD"}}, {"id": 2, "role": {"role": "Pilot"}, "astronaut": unknown}
    launch = a_record(True, crew, (nobody, NASA), launch_service_provider=nobody, pad=nowhere)
    launch["mission"]["description"] = "TBD"
    launch["rocket"]["configuration"] = {"name": "Unknown", "full_name": "Unknown Rocket"}
    agency = {
        "id": 5,
        "name": "Orbital",
        "abbrev": "N/A",
        "description": "n/a",
        "founding_year": None,
        "type": "Unknown",
    }
    told = imported(tmp_path, "launch-library", "one.json", a_page(launch, agency, {**agency, **nobody}))
    assert "left out   1 of what stands for something that is not known" in told
    event = record(tmp_path, f"/events/{LAUNCH}")
    shown = [(one["participant"]["slug"], one["role"]) for one in event["participants"]]
    assert sorted(shown) == [("ll2-agency-44", None), ("ll2-astronaut-9001", None)]
    assert [event[key] for key in ("description", "launch_vehicle", "origin")] == [None] * 3
    organisation = record(tmp_path, "/organisations/ll2-agency-5")
    assert [organisation[key] for key in ("description", "organisation_type", "alternate_names")] == [None, None, []]
    assert all("nknown" not in name for _, name in current(tmp_path, "name"))


def test_what_was_told_of_something_that_is_not_known_ends(tmp_path: Path) -> None:
    agency = {"id": 5, "name": "Orbital", "founding_year": "1990"}
    imported(tmp_path, "launch-library", "one.json", a_page(agency, an_astronaut(flights=[a_record()])))
    flight = {**a_record(), "name": "TBD"}
    imported(
        tmp_path, "launch-library", "two.json", a_page({**agency, "name": "Unknown"}, an_astronaut(flights=[flight]))
    )
    assert [one for one, _ in current(tmp_path, "name")] == ["event/ll2-launch-1", "person/ll2-astronaut-9001"]
    assert taking_part(tmp_path) == set()


def test_a_launch_without_a_mission_is_told_no_more_fully_than_one_with_it(tmp_path: Path) -> None:
    told = a_record()
    del told["mission"]["agencies"]
    older = {**a_record(net="2020-01-01T00:00:00Z"), "mission": None, "tbdtime": False}
    assert "comes again" in imported(tmp_path, "launch-library", "one.json", a_page(told, older))
    launch = record(tmp_path, f"/events/{LAUNCH}")
    assert (launch["description"], launch["date"]) == ("To the station", "2027-04-09T10:00:00Z")


def test_of_two_records_in_one_form_the_first_counts_though_it_has_no_mission(tmp_path: Path) -> None:
    first = a_record(detailed=True, crew=(CREW,), mission=None, net="2020-01-01T00:00:00Z")
    imported(
        tmp_path, "launch-library", "one.json", a_page(first, a_record(detailed=True, crew=(CREW,), agencies=(NASA,)))
    )
    launch = record(tmp_path, f"/events/{LAUNCH}")
    assert (launch["description"], launch["date"]) == (None, "2020-01-01T00:00:00Z")
    assert taking_part(tmp_path) == {"ll2-agency-121", "ll2-astronaut-9001"}


def test_with_a_mission_its_agencies_end(tmp_path: Path) -> None:
    imported(tmp_path, "launch-library", "one.json", a_page(a_record(agencies=(NASA,))))
    imported(tmp_path, "launch-library", "two.json", a_page(a_record(mission=None)))
    assert record(tmp_path, f"/events/{LAUNCH}")["description"] is None
    assert taking_part(tmp_path) == {"ll2-agency-121"}


def test_a_list_without_a_mission_ends_no_agency(tmp_path: Path) -> None:
    imported(tmp_path, "launch-library", "one.json", a_page(a_record(agencies=(NASA,))))
    short = {
        name: told for name, told in a_record(mission=None, window_start="x").items() if name not in ("rocket", "pad")
    }
    imported(tmp_path, "launch-library", "two.json", a_page(short))
    assert record(tmp_path, f"/events/{LAUNCH}")["description"] == "To the station"
    assert taking_part(tmp_path) == {"ll2-agency-121", "ll2-agency-44"}


def test_what_is_no_person_takes_part_in_nothing(tmp_path: Path) -> None:
    toy = {"id": 9000, "name": "Plush Fox", "type": {"id": 9, "name": "Non-Human"}}
    event = {
        "id": 850, "name": "Docking", "type": {"name": "Docking"}, "date": "2024-01-02T00:00:00Z", "updates": [],
        "astronauts": [toy, {"id": 9001, "name": "Zena C"}],
    }  # fmt: skip
    told = imported(tmp_path, "launch-library", "one.json", a_page(event))
    assert "1 of an astronaut that is no person" in told
    assert taking_part(tmp_path) == {"ll2-astronaut-9001"}


def test_what_cannot_be_kept_ends_nothing(tmp_path: Path) -> None:
    imported(tmp_path, "launch-library", "one.json", a_page(an_astronaut(bio="Flew twice.")))
    told = imported(tmp_path, "launch-library", "two.json", a_page(an_astronaut(bio="x" * 2001, name="Zena Cee")))
    assert "1 of description that cannot be kept as it is" in told
    person = record(tmp_path, "/people/ll2-astronaut-9001")
    assert (person["name"], person["description"]) == ("Zena Cee", "Flew twice.")


def test_each_record_that_comes_again_is_counted(tmp_path: Path) -> None:
    stations = [{"id": at, "name": f"Station {at}", "founded": "2020-01-01", "orbit": "x"} for at in range(1, 8)]
    again = [{**one, "name": "Other"} for one in stations]
    told = imported(tmp_path, "launch-library", "one.json", a_page(*stations, *again, again[0]))
    named = re.findall(r"left out   1 of a record that comes again: one.json:\d+ (\S+)", told)
    assert named == [f"station-{at}" for at in range(1, 6)]
    assert "left out   3 of a record that comes again\n" in told
    assert all(value.startswith("Station ") for _, value in current(tmp_path, "name"))


def test_who_flew_is_one_participant_though_their_own_record_tells_no_role(tmp_path: Path) -> None:
    imported(tmp_path, "launch-library", "one.json", a_page(a_record(detailed=True, crew=(CREW,))))
    imported(tmp_path, "launch-library", "two.json", a_page(an_astronaut(flights=[a_record()])))
    told = record(tmp_path, f"/events/{LAUNCH}")
    assert [(one["participant"]["slug"], one["role"]) for one in told["participants"]] == [
        ("ll2-agency-121", "launch service provider"),
        ("ll2-astronaut-9001", "Commander"),
    ]
    assert told["participants_count"] == 2
    person = record(tmp_path, "/people/ll2-astronaut-9001")
    assert [(one["event"]["slug"], one["role"]) for one in person["events"]] == [(LAUNCH, "Commander")]
    assert len(current(tmp_path, "participant")) == 3, "both are told, each with its receipt"


def test_all_that_is_not_taken_is_counted(tmp_path: Path) -> None:
    more: dict[str, Any] = {
        "weather_concerns": "wind",
        "timeline": [1],
        "updates": [{}],
        "launch_designator": "2027-1",
        "agency_count": 0,
    }
    told = imported(tmp_path, "launch-library", "one.json", a_page(a_record(**more)))
    for name in ("weather_concerns", "timeline", "updates", "launch_designator", "mission.name", "pad"):
        assert f"left out   1 of {name}\n" in told
    assert "agency_count" not in told


def test_records_of_other_sorts_are_left_out_without_a_name_too(tmp_path: Path) -> None:
    landing = {"id": 7, "url": "https://ll.thespacedevs.com/2.2.0/landings/7/", "success": True}
    told = imported(tmp_path, "launch-library", "one.json", a_page(landing, a_launch()))
    assert "left out   1 of a record of another sort (landings)" in told


def test_a_row_of_the_catalogue_that_comes_again_is_left_out(tmp_path: Path) -> None:
    header, country, agency, *_ = gcat_organisations().splitlines()
    cells = agency.split("\t")
    again = "\t".join(["B" if cell in "ABCD" and len(cell) == 1 and at == 4 else cell for at, cell in enumerate(cells)])
    as_a_country = "\t".join(["CY" if at == 3 else cell for at, cell in enumerate(cells)])
    content = "\n".join((header, country, agency, again.replace(cells[8], "Another name"), as_a_country)) + "\n"
    told = imported(tmp_path, "gcat", "orgs.tsv", content)
    assert told.count("a record that comes again") == 2
    named = {value for entity, value in current(tmp_path, "name") if entity.endswith(cells[0].lower())}
    assert named == {next(value for value in (cells[15], cells[8]) if value.strip("- "))}


def test_the_parent_of_a_site_is_a_country_whatever_else_is_in_the_file(tmp_path: Path) -> None:
    names = ("Site", "Code", "StateCode", "Type", "Name", "Parent")
    content = rows(names, ("REG", "-", "DZ", "LS", "Reggane", "F"))
    imported(tmp_path, "gcat", "sites.tsv", "#" + content)
    assert current(tmp_path, "operator") == [("place/gcatsite-reg", "gcat-f")]
    assert record(tmp_path, "/places/gcat-f")["slug"] == "gcat-f"


def test_names_of_columns_whose_quotes_are_wrong_are_told_by_their_line(tmp_path: Path) -> None:
    done = run(tmp_path, "import", "astronauts", str(a_file(tmp_path, "people.csv", '"number,name\n1,x\n').path))
    assert done.returncode == 1
    assert "people.csv:1: is no line of names of columns" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_country_of_which_only_the_code_is_told_is_called_by_it(tmp_path: Path) -> None:
    agency = {"id": 44, "name": "NASA", "abbrev": "NASA", "administrator": "x", "founding_year": "1958"}
    imported(tmp_path, "launch-library", "one.json", a_page({**agency, "country_code": "USA"}))
    country = record(tmp_path, "/organisations/ll2-agency-44")["country"]
    assert (country["slug"], country["label"]) == ("iso3166-usa", "USA")
    named = {**agency, "country": [{"alpha_3_code": "USA", "name": "United States of America"}]}
    imported(tmp_path, "launch-library", "two.json", a_page(named))
    assert record(tmp_path, "/places/iso3166-usa")["label"] == "United States of America"


def test_a_flight_ends_with_the_row_of_who_flew(tmp_path: Path) -> None:
    row = "{at},{number},1,{name},,male,1935,U.S.S.R.,military,G,1960,1,1,pilot,{year},{title},,,,1,1,0,0,0\n"
    titov = {"at": 1, "number": 1, "name": "Titov", "title": "Vostok 2"}
    others = [
        row.format(at=2, number=2, name="Ann Orr", year=1963, title="Vostok 6"),
        row.format(at=3, number=3, name="Ben Orr", year=1963, title="Vostok 6"),
    ]
    older = [row.format(**titov, year=1961), *others]
    imported(tmp_path, "astronauts", "one.csv", ASTRONAUTS + "".join(older))
    alone = row.format(at=3, number=3, name="Ben Orr", year=1964, title="Voskhod 1")
    imported(tmp_path, "astronauts", "two.csv", ASTRONAUTS + row.format(**titov, year=1962) + alone)
    events = {one["name"]: one for one in record(tmp_path, "/events?name__contains=vo")["results"]}
    assert {name: one["date"] for name, one in events.items()} == {
        "Vostok 2": "1962", "Vostok 6": "1963", "Voskhod 1": "1964",
    }  # fmt: skip
    flown = {name: [who["participant"]["label"] for who in one["participants"]] for name, one in events.items()}
    assert flown == {"Vostok 2": ["Titov"], "Vostok 6": ["Ann Orr"], "Voskhod 1": ["Ben Orr"]}
    torn = ASTRONAUTS + "1,x\n" + row.format(**titov, year=1961)
    run(tmp_path, "import", "astronauts", str(a_file(tmp_path, "three.csv", torn).path))
    assert record(tmp_path, "/people/astronauts-1")["events_count"] == 2, (
        "a line that cannot be read may be of the other"
    )


def an_astronauts_row(number: int, name: str, year: int, title: str, orbit: str = "", nationality: str = "U.S.") -> str:
    cells = f"{number},{number},1,{name!r},,male,1935,{nationality},military,G,1960,1,1,pilot,{year},{title},,{orbit},,1,1,0,0,0\n"
    return cells.replace("'", '"')


def test_a_mission_is_one_however_its_title_is_spelt(tmp_path: Path) -> None:
    told = [
        an_astronauts_row(1, "Malerba, F.", 1992, "sts-46"), an_astronauts_row(2, "Orr, Ann", 1992, "STS 46"),
        an_astronauts_row(3, "Orr, Ben", 1992, "STS-46"), an_astronauts_row(4, "Orr, Eve", 1993, "STS-46"),
        an_astronauts_row(5, "Poe, Al", 1992, "Soyuz 5/4"), an_astronauts_row(6, "Poe, Bo", 1992, "Soyuz 54"),
        an_astronauts_row(7, "Poe, Cy", 1992, "Soyuz 5-4"),
    ]  # fmt: skip
    imported(tmp_path, "astronauts", "one.csv", ASTRONAUTS + "".join(told))
    events = record(tmp_path, "/events?event_type=space mission&ordering=slug")["results"]
    assert sorted(len(one["participants"]) for one in events) == [1, 1, 1, 1, 3]


def test_what_is_only_a_number_is_called_by_its_station(tmp_path: Path) -> None:
    told = [
        an_astronauts_row(1, "Orr, Ann", 1996, "22", "Mir"), an_astronauts_row(2, "Orr, Ben", 2009, "22", "ISS"),
        an_astronauts_row(3, "Orr, Eve", 1996, "22", "aborted"), an_astronauts_row(4, "Liu, Wang", 2012, "Shenzhou 9", "x", "China"),
    ]  # fmt: skip
    output = imported(tmp_path, "astronauts", "one.csv", ASTRONAUTS + "".join(told))
    assert "left out   1 of a mission that was aborted" in output
    events = record(tmp_path, "/events?event_type=space mission&ordering=date")["results"]
    assert [(one["name"], one["label"], len(one["participants"])) for one in events] == [
        (None, "Mir 22", 1), (None, "ISS 22", 1), ("Shenzhou 9", "Shenzhou 9", 1),
    ]  # fmt: skip
    assert record(tmp_path, "/search?q=Mir 22")["results"][0]["label"] == "Mir 22"
    assert record(tmp_path, "/people/astronauts-4")["name"] == "Liu Wang"


def test_what_stands_for_something_unknown_is_left_out(tmp_path: Path) -> None:
    header = "#" + "\t".join(("Code", "StateCode", "Type", "Class", "Name"))
    orgs = "\n".join(
        [header, "X\tX\tCY\tE\tUNKNOWN", "UNK\tX\tO\tC\tUnknown", "ABC\tX\tO\tB\tAlpha", "DEF\tF\tO\tB\tDelta"]
    )
    told = imported(tmp_path, "gcat", "orgs.tsv", orgs + "\n")
    assert "left out   2 of what stands for something that is not known" in told
    assert "left out   1 of StateCode in doubt" in told
    labels = {
        one["slug"]: one["label"]
        for kind in ("organisations", "places")
        for one in record(tmp_path, f"/{kind}")["results"]
    }
    assert labels == {"gcat-abc": "Alpha", "gcat-def": "Delta", "gcat-f": "F"}
    assert record(tmp_path, "/places?identifier=gcat:F")["count"] == 1
    site = (
        "#" + "\t".join(("Site", "Code", "StateCode", "Type", "Name", "Parent")) + "\nUNK\t-\tX\tLS\tUnknown Site\tX\n"
    )
    assert "1 of what stands for" in imported(tmp_path, "gcat", "sites.tsv", site + "KSC\t-\tUS\tLS\tKennedy\tNASA\n")
    assert record(tmp_path, "/places/gcatsite-ksc")["operators"][0]["label"] == "NASA"
    found = record(tmp_path, "/search?q=NASA")["results"][0]
    assert found["slug"] == "gcat-nasa"


@pytest.mark.parametrize(
    "modes", [("full",), ("full", "list"), ("list", "full"), ("normal", "full"), ("full", "normal")]
)
def test_of_a_page_in_several_modes_all_ends_that_one_of_them_tells_no_more(
    tmp_path: Path, modes: tuple[str, ...]
) -> None:
    imported(tmp_path, "launch-library", "one.json", a_page(a_record(detailed=True, crew=(CREW,), agencies=(NASA,))))
    short = {
        name: told for name, told in a_record().items() if name not in ("launch_service_provider", "rocket", "pad")
    }
    forms = {
        "full": a_record(detailed=True),
        "normal": a_record(),
        "list": {**short, "window_start": "x", "mission": "x"},
    }
    imported(tmp_path, "launch-library", "two.json", a_page(*(forms[mode] for mode in modes)))
    assert taking_part(tmp_path) == {"ll2-agency-121"}


def test_of_a_record_that_is_left_out_nothing_else_is_taken(tmp_path: Path) -> None:
    flights = [an_astronaut(flights=[{**a_record(), "id": str(at)}]) for at in (1, 2)]
    told = imported(tmp_path, "launch-library", "one.json", a_page(*flights))
    assert "1 of a record that comes again" in told
    assert [event for event, _ in current(tmp_path, "participant")] == [f"event/{LAUNCH}"]


def test_a_mission_without_its_agencies_ends_none(tmp_path: Path) -> None:
    imported(tmp_path, "launch-library", "one.json", a_page(a_record(detailed=True, agencies=(NASA,))))
    without = a_record(launch_service_provider=ARIANESPACE)
    del without["mission"]["agencies"]
    imported(tmp_path, "launch-library", "two.json", a_page(without))
    assert taking_part(tmp_path) == {"ll2-agency-115", "ll2-agency-44"}


def test_a_row_that_comes_again_is_left_out_of_fewer_columns_as_well(tmp_path: Path) -> None:
    at = GCAT_ORGANISATIONS.index("TStop")
    told_twice = an_organisation("UTA", "1960"), an_organisation("UTA", "1970")
    content = rows(*((*one[:at], *one[at + 1 :]) for one in (GCAT_ORGANISATIONS, *told_twice)))
    assert "1 of a record that comes again: orgs.tsv:3 UTA" in imported(tmp_path, "gcat", "orgs.tsv", content)
    assert current(tmp_path, "inception") == [("organisation/gcat-uta", "1960")]


def test_a_row_of_the_catalogue_counts_as_a_whole_though_its_date_cannot_be_read(tmp_path: Path) -> None:
    one, two = (an_organisation("UTA", told) for told in ("19?7", "1960"))
    content = rows(GCAT_ORGANISATIONS, (*one[:8], "One", "One", *one[10:]), two, (*two[:3], "CY", *two[4:]))
    told = imported(tmp_path, "gcat", "orgs.tsv", content)
    assert told.count("a record that comes again") == 2
    assert current(tmp_path, "name") == [("organisation/gcat-uta", "One")]
    assert current(tmp_path, "inception") == []


def test_who_is_no_person_any_more_has_ended(tmp_path: Path) -> None:
    imported(tmp_path, "launch-library", "one.json", a_page(an_astronaut()))
    assert current(tmp_path, "name") == [("person/ll2-astronaut-9001", "Zena C")]
    imported(tmp_path, "launch-library", "two.json", a_page(an_astronaut(type={"id": 6, "name": "Non-Human"})))
    assert current(tmp_path, "name") == []


def test_a_site_of_a_sort_that_is_not_taken_any_more_has_ended(tmp_path: Path) -> None:
    imported(tmp_path, "gcat", "sites.tsv", gcat_sites())
    before = {one for one, _ in current(tmp_path, "place_type")}
    imported(tmp_path, "gcat", "sites.tsv", gcat_sites().replace("\tLS\t", "\tTR\t"))
    assert {one for one, _ in current(tmp_path, "place_type")} < before


def a_mention(agency: str, sort: str, site: str, **more: Any) -> Any:
    provider = {"id": 121, "name": agency, "type": sort}
    return a_record(launch_service_provider=provider, pad={"location": {"id": 27, "name": site}}, **more)


def of_what_is_mentioned(folder: Path) -> set[str]:
    """What the agency and the site are called, and of what sort they are."""
    ours = ("organisation/ll2-agency-121", "place/ll2-location-27")
    every = (one for name in ("name", "organisation_type", "place_type") for one in current(folder, name))
    return {value for entity, value in every if entity in ours} - {"launch site"}


def test_what_is_only_mentioned_is_what_the_newest_import_says(tmp_path: Path) -> None:
    own = {
        "id": 121,
        "name": "Space X",
        "type": "Government",
        "abbrev": "SX",
        "administrator": "x",
        "founding_year": "2002",
    }
    files = {
        "own": (own, {"Space X", "Government"}, set[str]()),
        "one": (a_mention("SpaceX", "Commercial", "Kennedy"), {"SpaceX", "Commercial"}, {"Kennedy"}),
        "two": (a_mention("SpaceX", "Private", "Cape"), {"SpaceX", "Private"}, {"Cape"}),
    }  # fmt: skip
    site = set[str]()
    for name in ("own", "one", "two", "one", "own", "two"):
        told, agency, sites = files[name]
        imported(tmp_path, "launch-library", f"{name}.json", a_page(told))
        assert "launch-library: unchanged" in imported(tmp_path, "launch-library", f"{name}.json", a_page(told))
        site = sites or site
        assert of_what_is_mentioned(tmp_path) == agency | site
    organisation = record(tmp_path, "/organisations/ll2-agency-121")
    assert (organisation["inception"], organisation["disputed"]) == ("2002", [])
    assert "everything holds" in run(tmp_path, "check").stdout


@pytest.mark.parametrize("is_turned", [False, True])
def test_all_that_one_import_mentions_stands_and_so_does_what_others_say(tmp_path: Path, is_turned: bool) -> None:
    named = a_claim("organisation/ll2-agency-121", "name", "Orbital", quote="Orbital")
    assert run(tmp_path, "load", str(a_folder(tmp_path, "an-article", "Orbital flies.\n", [named]))).returncode == 0
    imported(tmp_path, "launch-library", "one.json", a_page(a_mention("SpaceX", "Private", "Kennedy")))
    both = [a_mention("Space X", "Commercial", "Cape"), a_mention("SpX", "Commercial", "Canaveral", id="2")]
    for _ in range(2):
        told = imported(tmp_path, "launch-library", "two.json", a_page(*(both[::-1] if is_turned else both)))
        expected = {"Orbital", "Space X", "SpX", "Commercial", "Cape", "Canaveral"}
        assert of_what_is_mentioned(tmp_path) == expected
    assert "launch-library: unchanged" in told
    imported(tmp_path, "launch-library", "three.json", a_page(both[0]))
    assert of_what_is_mentioned(tmp_path) == {"Orbital", "Space X", "Commercial", "Cape"}
