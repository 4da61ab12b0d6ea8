"""Files of the same formats that are otherwise than one expects, through the command."""

import bz2
import json
import os
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from tests.conftest import running
from tests.importing import makers
from tests.importing.makers import a_file, a_statement, an_item, rows
from tests.test_cli import fails_in_a_sentence, run

pytestmark = pytest.mark.usefixtures("migrated")

_CURRENT = """
    SELECT subject.kind || '/' || subject.slug, coalesce(claim.value, object.slug)
    FROM claim JOIN entity AS subject ON subject.id = claim.subject_id LEFT JOIN entity AS object
    ON object.id = claim.object_id WHERE property = :property AND superseded_by_id IS NULL AND rank <> 'deprecated'
    ORDER BY 1, 2
"""


def current(folder: Path, name: str) -> list[tuple[str, str]]:
    """(entity, value or slug of the object) of each current claim of that property."""
    engine = create_engine(f"sqlite:///{folder / 'filmspace.db'}")
    with engine.connect() as connection:
        return [(row[0], row[1]) for row in connection.execute(text(_CURRENT), {"property": name})]


def imported(folder: Path, form: str, name: str, content: str | bytes) -> str:
    """What the command tells of a file that it imports."""
    done = run(folder, "import", form, str(a_file(folder, name, content).path))
    assert done.returncode == 0, done.stderr
    return done.stdout


def an_organisation(code: str, start: str) -> tuple[str, ...]:
    return (code, code, "UT", "O", "B", start, "-", f"{code} Org", f"{code} Organisation", *["-"] * 8)


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ("2016 Dec 31 2359:60", "2016-12-31"), ("1965 Q2", "1965-34"), ("1965 Q2?", "1965-34?"), ("19C", "18XX"), ("20C?", "19XX?"), ("3M", "2XXX"),
        ("1999 Nov  3 21h", "1999-11-03"), ("1999 Nov  3.98", "1999-11-03"),
        ("1999 Nov  3 2130:05.123", "1999-11-03T21:30:05Z"), ("1999 Nov  3 2130:05?", "1999-11-03?"),
        ("1957 ?", "1957?"), ("1999 Nov  3 ?", "1999-11-03?"),
        ("1999 Q5", None), ("1990s Nov", None), ("1999 Q2 Nov", None), ("0C", None),
    ],
)  # fmt: skip
def test_vague_dates_of_gcat_are_as_fine_as_they_are_told(tmp_path: Path, told: str, expected: str | None) -> None:
    imported(tmp_path, "gcat", "orgs.tsv", rows(makers.GCAT_ORGANISATIONS, an_organisation("UTA", told)))
    assert current(tmp_path, "inception") == ([("organisation/gcat-uta", expected)] if expected else [])


def test_launch_points_are_not_their_site(tmp_path: Path) -> None:
    imported(tmp_path, "gcat", "sites.tsv", makers.gcat_sites())
    names = current(tmp_path, "name")
    points = [
        ("UTS", code, code, "LP", "UT", "1971", "-", code, f"Launch Complex {code}", *["-"] * 9)
        for code in ("LC1", "-")
    ]
    told = imported(tmp_path, "gcat", "lp.tsv", rows(makers.GCAT_SITES, *points))
    assert ("1 of a launch point of a site" in told, "1 of Type LP" in told) == (True, True)
    assert current(tmp_path, "name") == names
    assert current(tmp_path, "inception") == [("place/gcatsite-uts", "196X")]


def test_who_has_a_launch_site_is_none(tmp_path: Path) -> None:
    who = ("UTI", "UTI", "UT", "LS", "A", "1920", "-", "UTI", "Utopian Institute", *["-"] * 8)
    imported(tmp_path, "gcat", "orgs.tsv", rows(makers.GCAT_ORGANISATIONS, who))
    assert ("organisation/gcat-uti", "Utopian Institute") in current(tmp_path, "name")
    assert ("organisation/gcat-uti", "academic or non-profit organisation") in current(tmp_path, "organisation_type")


def a_site(code: str, state: str, parent: str, *names: str) -> tuple[str, ...]:
    short, name, short_english, english, own = names or ("-", f"{code} Base", "-", "-", "-")
    return (
        code,
        "-",
        code,
        "LS",
        state,
        "1960",
        "-",
        short,
        name,
        *["-"] * 4,
        parent,
        short_english,
        english,
        "-",
        own,
    )


def test_a_state_that_has_a_site_in_another_is_a_place(tmp_path: Path) -> None:
    sites = a_site("UTA", "ARK", "UT/USA1"), a_site("UTB", "UT", "UT")
    imported(tmp_path, "gcat", "sites.tsv", rows(makers.GCAT_SITES, *sites))
    assert current(tmp_path, "operator") == [
        ("place/gcatsite-uta", "gcat-usa1"), ("place/gcatsite-uta", "gcat-ut"), ("place/gcatsite-utb", "gcat-ut")
    ]  # fmt: skip
    assert [one for one, _ in current(tmp_path, "identifier") if "/gcat-" in one] == [
        "organisation/gcat-usa1", "place/gcat-ut"
    ]  # fmt: skip


def test_hyphens_for_what_is_missing_are_no_names(tmp_path: Path) -> None:
    sites = rows(
        makers.GCAT_SITES, a_site("UTA", "UT", "-", "UTA   -", "Base-A", "-", "- -", "-            -"),
    )  # fmt: skip
    imported(tmp_path, "gcat", "sites.tsv", sites)
    assert current(tmp_path, "name") == [("place/gcatsite-uta", "Base-A")]
    assert current(tmp_path, "alternate_name") == [("place/gcatsite-uta", "UTA")]


def test_platforms_are_no_organisations(tmp_path: Path) -> None:
    ship = (*an_organisation("SHIP", "1960"), "Ship", "-", "-", "-")
    text = rows((*makers.GCAT_ORGANISATIONS, "VClass", "VClassID", "VID", "Group"), ship)
    done = run(tmp_path, "import", "gcat", str(a_file(tmp_path, "platforms.tsv", text).path))
    fails_in_a_sentence(done, "platforms.tsv: is a table of platforms", "nothing is stored")


def a_launch_in_a_list(number: int) -> dict[str, Any]:
    """A launch in the mode `list`, where the names of things stand instead of them."""
    return {
        "id": f"0000000{number}-709d-4e89-ade9-a8779492c7a9", "name": f"Carrier 5 | Parcel {number}", "mission": "Mail",
        "status": {"id": 2, "name": "To Be Determined"}, "net": "2031-12-31T00:00:00Z", "lsp_name": "Utopian Lines",
        "pad": "1/5", "location": "Utopia Spaceport", "response_mode": "list", "landing": None,
    }  # fmt: skip


def test_lists_of_launch_library_say_little_and_end_nothing(tmp_path: Path) -> None:
    person = {"id": 617, "name": "Ann Orr", "url": "https://ll.example/2.3.0/astronauts/617/", "date_of_birth": None}
    known = makers.a_page(makers.a_launch(1), {**person, "date_of_birth": "1945-04-20"})
    imported(tmp_path, "launch-library", "detailed.json", known)
    participants = current(tmp_path, "participant")
    short = {name: value for name, value in person.items() if name != "date_of_birth"}
    flown = a_launch_in_a_list(1) | {"status": {"id": 3}, "net": makers.a_launch(1)["net"]}
    listed = makers.a_page(flown, a_launch_in_a_list(2), short)
    told = imported(tmp_path, "launch-library", "list.json", listed)
    assert "0 superseded" in told
    assert "left out   2 of lsp_name" in told
    assert current(tmp_path, "participant") == participants
    assert current(tmp_path, "birth_date") == [("person/ll2-astronaut-617", "1945-04-20")]
    # What is to be determined has no day.
    assert ("event/ll2-launch-00000002-709d-4e89-ade9-a8779492c7a9", "2031-12") in current(tmp_path, "date")


def in_2_3(plural: str, number: int, **more: Any) -> dict[str, Any]:
    """A record of version 2.3 in the mode `list`: what it is, only its address says."""
    url = f"https://ll.example/2.3.0/{plural}/{number}/"
    return {"response_mode": "list", "id": number, "url": url, "name": f"The {number}", "image": None, **more}


def test_lists_of_newer_versions_say_what_they_are_by_their_address(tmp_path: Path) -> None:
    launch = {"net": "2031-12-31T00:00:00Z", "net_precision": {"name": "Year"}, "status": {"id": 2, "name": "TBD"}}
    event = {"type": {"id": 2, "name": "Docking"}, "date": "2021-04-01T00:00:00Z", "date_precision": {"name": "Month"}}
    records = [
        in_2_3("launches", 1, **launch), in_2_3("events", 2, **event), in_2_3("space_stations", 3),
        in_2_3("agencies", 4), in_2_3("astronauts", 5), in_2_3("launcher_configurations", 6),
    ]  # fmt: skip
    told = imported(tmp_path, "launch-library", "list.json", makers.a_page(*records))
    assert "left out   1 of a record of another sort (launcher_configurations)" in told
    assert [one for one, _ in current(tmp_path, "name")] == [
        "event/ll2-event-2", "event/ll2-launch-1", "organisation/ll2-agency-4", "person/ll2-astronaut-5",
        "place/ll2-station-3",
    ]  # fmt: skip
    assert current(tmp_path, "date") == [("event/ll2-event-2", "2021-04"), ("event/ll2-launch-1", "2031")]


def test_a_newer_list_ends_what_an_older_one_said_and_no_more(tmp_path: Path) -> None:
    launch = "ll2-launch-00000001-709d-4e89-ade9-a8779492c7a9"
    station = {"founded": "1998-11-20", "deorbited": None, "description": "High.", "orbit": "low",
               "owners": [{"id": 44, "name": "Utopian Lines"}]}  # fmt: skip
    event = {"type": {"name": "Docking"}, "date": "2031-04-01T00:00:00Z", "description": "They meet.", "location": None,
             "launches": [makers.a_launch(1)], "agencies": [{"id": 44, "name": "Utopian Lines"}]}  # fmt: skip
    agency = {
        "abbrev": "UL",
        "type": "Commercial",
        "founding_year": "1999",
        "administrator": None,
        "country_code": "UTO",
    }
    full = [
        makers.a_launch(1), in_2_3("space_stations", 3, **station), in_2_3("events", 2, **event),
        in_2_3("agencies", 44, name="Utopian Lines", **agency, description="They fly."),
        in_2_3("astronauts", 5, date_of_birth="1945-04-20", nationality="Utopian", agency={"id": 44, "name": "Utopian Lines"}),
    ]  # fmt: skip
    imported(tmp_path, "launch-library", "full.json", makers.a_page(*full))
    kept = ("participant", "origin", "launch_vehicle", "about", "inception", "description", "operator", "nationality",
            "country", "birth_date", "affiliation", "alternate_name", "organisation_type")  # fmt: skip
    before = {name: current(tmp_path, name) for name in kept}
    assert all(before.values())
    listed = [
        a_launch_in_a_list(1) | {"net": "2021-03-04T05:06:07Z", "status": {"id": 3}},
        in_2_3("space_stations", 3, name="The Third"), in_2_3("agencies", 44, name="Utopian Lines"), in_2_3("astronauts", 5),
        in_2_3("events", 2, type={"name": "Docking"}, date="2031-05-01T00:00:00Z", date_precision=None),
    ]  # fmt: skip
    told = imported(tmp_path, "launch-library", "list.json", makers.a_page(*listed))
    assert "3 superseded" in told
    assert {name: current(tmp_path, name) for name in kept} == before
    dates = dict(current(tmp_path, "date"))
    assert dates == {"event/ll2-event-2": "2031-05-01T00:00:00Z", f"event/{launch}": "2021-03-04T05:06:07Z"}
    assert ("place/ll2-station-3", "The Third") in current(tmp_path, "name")


def test_what_is_to_come_of_launch_library_is_planned_and_parts_of_dates_are_kept(tmp_path: Path) -> None:
    people = [{"id": number, "name": f"P {number}", "date_of_birth": born} for number, born in (
        (1, "1945"), (2, "1945-04"), (3, "1945-4"), (4, "1945-13"), (5, "1945-04-20T00:00:00Z"))]  # fmt: skip
    station = in_2_3(
        "space_stations", 3, founded="9001-11-20", deorbited="9002", description="", orbit="low", owners=[]
    )
    named = [makers.a_launch(number, status=told, net_precision=None) for number, told in (
        (1, {"abbrev": "Success"}), (2, "Success"), (3, "TBD"))]  # fmt: skip
    imported(tmp_path, "launch-library", "page.json", makers.a_page(*people, station, *named))
    assert [date for _, date in current(tmp_path, "birth_date")] == ["1945", "1945-04", "1945-04-20"]
    launches = current(tmp_path, "date")
    assert [date for _, date in launches] == ["2021-02-20T17:36:00Z"] * 2 + ["2021-02"]
    with running(f"sqlite:///{tmp_path}/filmspace.db") as client:
        planned = client.get("/places/ll2-station-3").json()["planned"]
        told = [client.get(f"/events/{one.split('/')[1]}").json()["status"] for one, _ in launches]
    assert {"inception", "dissolution"} <= set(planned)
    assert told == ["happened", "happened", "planned"]


def test_a_launch_without_its_crew_ends_the_day_and_not_the_crew(tmp_path: Path) -> None:
    imported(tmp_path, "launch-library", "detailed.json", makers.a_page(makers.a_launch(1)))
    participants, days = current(tmp_path, "participant"), current(tmp_path, "date")
    normal = makers.a_launch(1, net="2031-03-04T05:06:07Z")
    del normal["rocket"]["spacecraft_stage"]
    imported(tmp_path, "launch-library", "normal.json", makers.a_page(normal))
    assert current(tmp_path, "participant") == participants
    assert [day for _, day in current(tmp_path, "date")] != [day for _, day in days]
    nobody = makers.a_launch(1)
    nobody["rocket"]["spacecraft_stage"]["launch_crew"] = []
    imported(tmp_path, "launch-library", "detailed.json", makers.a_page(nobody))
    assert len(current(tmp_path, "participant")) < len(participants)


def test_a_precision_in_another_form_makes_a_time_no_finer(tmp_path: Path) -> None:
    records = [
        makers.a_launch(at, net_precision=one) for at, one in enumerate((77, {"id": 77}, {"name": "Month"}), start=1)
    ]
    told = imported(tmp_path, "launch-library", "page.json", makers.a_page(*records))
    assert "left out   1 of date: '77' is no precision of a date" in told
    assert [date for _, date in current(tmp_path, "date")] == ["2021-02"]


def test_what_else_is_told_of_many_ends_them_though_one_cannot_be_kept(tmp_path: Path) -> None:
    def a_person(*aliases: str) -> str:
        told = [{"language": "en", "value": one} for one in aliases]
        return json.dumps(
            makers.an_entity("Q9000002", [a_statement("P31", an_item(5))], "Ann Orr", aliases={"en": told})
        )

    imported(tmp_path, "wikidata", "one.json", a_person("Wrong"))
    imported(tmp_path, "wikidata", "two.json", a_person("Good", "x" * 2001))
    assert [name for _, name in current(tmp_path, "alternate_name")] == ["Good"]


def test_where_the_first_date_stands_that_is_none_is_told(tmp_path: Path) -> None:
    organisations = rows(
        makers.GCAT_ORGANISATIONS, *(an_organisation(one, start) for one, start in zip("ABC", ("1960", "19?7", "1x"), strict=True))
    )  # fmt: skip
    told = imported(tmp_path, "gcat", "orgs.tsv", organisations)
    assert "left out   2 of TStart that is no date, first orgs.tsv:3 B\n" in told


def test_years_of_a_column_with_gaps_are_years(tmp_path: Path) -> None:
    flight = "1,1,1,Ann Orr,,female,1935.0,U.S.,military,G,1960,1,1,pilot,1961.0,Last,,,,1,1,0,0,0\n"
    imported(tmp_path, "astronauts", "astronauts.csv", makers.ASTRONAUTS + flight)
    assert current(tmp_path, "birth_date") == [("person/astronauts-1", "1935")]
    assert [date for _, date in current(tmp_path, "date")] == ["1961"]


def test_a_date_that_is_none_is_told_however_much_is_left_out(tmp_path: Path) -> None:
    much = ("window_start", "window_end", "holdreason", "failreason", "hashtag", "program", "image", "infographic",
            "webcast_live", "lsp_name", "location", "pad")  # fmt: skip
    records = [
        makers.a_launch(at, **dict.fromkeys(much, "x"), mission={"type": "Mail", "orbit": {"id": 8}}) for at in (1, 2)
    ]
    page = makers.a_page(*records, makers.a_launch(3, net_precision={"id": 17, "name": "Lustrum"}))
    told = imported(tmp_path, "launch-library", "page.json", page)
    assert "left out   1 of date: 'Lustrum' is no precision of a date" in told
    assert "other things" in told


def test_the_agencies_of_a_mission_take_part_in_its_launch(tmp_path: Path) -> None:
    agencies = [{"id": 44, "name": "Utopian Lines"}, {"id": 45, "name": "Utopian Space Agency", "type": "Government"}]
    launch = makers.a_launch(1, mission={"id": 9, "name": "Parcel", "agencies": agencies})
    imported(tmp_path, "launch-library", "page.json", makers.a_page(launch))
    taking_part = [slug for _, slug in current(tmp_path, "participant")]
    assert taking_part == ["ll2-agency-44", "ll2-agency-45", "ll2-astronaut-617"]


def test_what_has_no_id_is_not_one_thing_and_animals_are_no_people(tmp_path: Path) -> None:
    dog = {"id": 9, "name": "Barky", "date_of_birth": None, "type": {"id": 6, "name": "Non-Human"}}
    nobody = makers.a_launch(2, launch_service_provider={"id": None, "name": "Unknown"})
    nobody["rocket"]["spacecraft_stage"]["launch_crew"].append({"role": None, "astronaut": dog})
    page = makers.a_page({**makers.a_launch(1), "id": None}, nobody, dog)
    done = run(tmp_path, "import", "launch-library", str(a_file(tmp_path, "page.json", page).path))
    assert done.returncode == 3
    assert "page.json:6: record 1 is none of Launch Library (null is no id)" in done.stderr
    assert "left out   2 of an astronaut that is no person" in done.stdout
    assert [name for name, _ in current(tmp_path, "name")] == [
        "event/ll2-launch-00000002-709d-4e89-ade9-a8779492c7a9", "person/ll2-astronaut-617", "place/ll2-location-21",
    ]  # fmt: skip


def test_a_launch_that_comes_again_does_not_end_what_its_crew_says(tmp_path: Path) -> None:
    launch = makers.a_launch(1)
    flown = {"id": 618, "name": "Bo Pole", "date_of_birth": "1950-01-01", "flights": [launch]}
    for name, record in (("launch", launch), ("astronaut", flown)):
        imported(tmp_path, "launch-library", f"{name}.json", makers.a_page(record))
    participants = current(tmp_path, "participant")
    assert len(participants) == 3
    assert "launch-library: unchanged" in imported(tmp_path, "launch-library", "launch.json", makers.a_page(launch))
    assert "1 superseded" in imported(
        tmp_path, "launch-library", "launch.json", makers.a_page(launch | {"net": "2021-02-21T00:00:00Z"})
    )
    assert current(tmp_path, "participant") == participants


def test_what_wikidata_doubts_or_says_has_ended_is_not_told_as_certain(tmp_path: Path) -> None:
    def sourced(*items: int) -> dict[str, Any]:
        return {"P1480": [makers.a_snak("P1480", an_item(one)) for one in items]}

    ended = {"P582": [makers.a_snak("P582", makers.a_time("+1950-00-00T00:00:00Z", 9))]}
    year = makers.a_time("+1921-00-00T00:00:00Z", 9)
    person = makers.an_entity(
        "Q9000002",
        [
            a_statement("P31", an_item(5)),
            a_statement("P569", year, qualifiers=sourced(5727902)),
            a_statement("P570", makers.a_time("+1990-05-00T00:00:00Z", 10), qualifiers=sourced(18122778)),
            a_statement("P570", year, qualifiers=sourced(5727902, 56644435)),
            a_statement("P570", makers.a_time("+1991-00-00T00:00:00Z", 9), qualifiers=sourced(9999999)),
            a_statement("P27", an_item(15180), qualifiers=ended),
            a_statement("P27", an_item(36)),
        ],
        labels={"mul": {"language": "mul", "value": "Ann Orr"}, "de": {"language": "de", "value": "Anne Orr"}},
        descriptions={"en": {"language": "en", "value": "who flew"}},
    )
    told = imported(tmp_path, "wikidata", "dump.json", makers.wikidata_dump(person))
    assert "left out   1 of qualifier P1480" in told
    assert current(tmp_path, "birth_date") == [("person/wikidata-q9000002", "1921~")]
    assert [date for _, date in current(tmp_path, "death_date")] == ["1921%", "1990-05?", "1991"]
    assert current(tmp_path, "nationality") == [("person/wikidata-q9000002", "Poland")]
    assert current(tmp_path, "name") == [("person/wikidata-q9000002", "Ann Orr")]
    assert current(tmp_path, "description") == [("person/wikidata-q9000002", "who flew")]


def test_a_malformed_statement_costs_itself_and_ends_nothing(tmp_path: Path) -> None:
    film, person = makers.a_film_of_wikidata(), makers.a_person_of_wikidata()
    imported(tmp_path, "wikidata", "dump", makers.wikidata_dump(film, person))
    held = [current(tmp_path, one) for one in ("birth_date", "cast", "present_in_work")]
    del person["claims"]["P569"][0]["mainsnak"]["datavalue"]
    person["claims"]["P106"] = [a_statement("P106", an_item(36180))]
    film["claims"]["P161"][0]["qualifiers"] = "none"
    film["claims"]["P136"][0]["rank"] = "best"
    film["claims"]["P18"] = [None]
    done = run(tmp_path, "import", "wikidata", str(a_file(tmp_path, "d", makers.wikidata_dump(film, person)).path))
    assert (done.returncode, "2 read, 4 not readable" in done.stdout) == (3, True), done.stdout
    assert "d:3: Q9000002: a statement of P569 is malformed: KeyError('datavalue')" in done.stderr
    assert "d:2: Q9000001: a statement of P136 is malformed: its rank is best" in done.stderr
    assert [current(tmp_path, one) for one in ("birth_date", "cast", "present_in_work")] == held
    assert current(tmp_path, "occupation") == [("person/wikidata-q9000002", "writer")]
    assert current(tmp_path, "genre") == [("film/wikidata-q9000001", "science fiction film")]


def test_an_item_that_may_be_of_another_kind_is_passed_over(tmp_path: Path) -> None:
    person = makers.a_person_of_wikidata()
    person["claims"]["P31"].append({})
    done = run(tmp_path, "import", "wikidata", str(a_file(tmp_path, "d", makers.wikidata_dump(person)).path))
    assert done.returncode == 1
    assert "d:2: Q9000002 is no entity of Wikidata (KeyError('mainsnak'))" in done.stderr


def test_a_dump_in_bzip2_is_read(tmp_path: Path) -> None:
    packed = bz2.compress(makers.wikidata_dump(makers.a_person_of_wikidata()).encode())
    imported(tmp_path, "wikidata", "dump.json.bz2", packed)
    assert current(tmp_path, "name") == [("person/wikidata-q9000002", "Ann Orr")]
    for content, words in ((packed[:-20], "damaged or was cut off"), (packed[:20] + b"!" + packed[21:], "damaged")):
        done = run(tmp_path, "import", "wikidata", str(a_file(tmp_path, "cut.bz2", content).path))
        assert (done.returncode, words in done.stderr) == (1, True), done.stderr


def test_what_cannot_be_read_as_it_is_says_what_to_do(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    fails_in_a_sentence(run(tmp_path, "import", "imdb", str(pipe)), "is a pipe", "write it into one first")
    for form in ("wikidata", "launch-library"):
        fails_in_a_sentence(run(tmp_path, "import", form, str(pipe)), "is a pipe")
        fails_in_a_sentence(run(tmp_path, "import", form, str(tmp_path / "none")), "none: cannot be read")
    for name, start in (("zip", b"PK\x03\x04"), ("xz", b"\xfd7zXZ\x00"), ("zstd", b"\x28\xb5\x2f\xfd")):
        file = a_file(tmp_path, f"titles.{name}", start + b"...")
        fails_in_a_sentence(run(tmp_path, "import", "imdb", str(file.path)), f"is packed with {name}", "unpack it")
    old = a_file(tmp_path, "titles.tsv", makers.imdb_titles().replace("\n", "\r"))
    fails_in_a_sentence(run(tmp_path, "import", "imdb", str(old.path)), "titles.tsv:1", "carriage return")
    wide = a_file(tmp_path, "wide.tsv", makers.imdb_titles().encode("utf-16"))
    fails_in_a_sentence(run(tmp_path, "import", "imdb", str(wide.path)), "wide.tsv: is in UTF-16", "iconv")


def test_what_a_newer_file_cannot_tell_does_not_end(tmp_path: Path) -> None:
    for name, content in (("titles", makers.imdb_titles()), ("principals", makers.imdb_principals())):
        run(tmp_path, "import", "imdb", str(a_file(tmp_path, name, content).path))
    before = current(tmp_path, "release_date"), current(tmp_path, "cast"), current(tmp_path, "director")
    few = rows(makers.TITLES[:3], ("tt0000101", "movie", "Moonward"))
    assert "imdb-titles: unchanged" in imported(tmp_path, "imdb", "few", few)
    head, first, second, *others = makers.imdb_principals().splitlines(keepends=True)
    for number, lines in enumerate(
        ([first, "torn\n", *others], ["torn\n", second, *others], [first, second, "torn\n"])
    ):
        file = a_file(tmp_path, f"newer{number}", head + "".join(lines))
        done = run(tmp_path, "import", "imdb", str(file.path))
        assert (done.returncode, "imdb-principals: unchanged" in done.stdout) == (3, True), done.stdout
    assert (current(tmp_path, "release_date"), current(tmp_path, "cast"), current(tmp_path, "director")) == before
    assert "1 superseded" in imported(tmp_path, "imdb", "without", head + first)
    assert current(tmp_path, "director") == []


def test_a_character_that_the_record_of_its_film_names_no_more_has_ended(tmp_path: Path) -> None:
    head, *credits = makers.imdb_principals().splitlines(keepends=True)
    newer = credits[0].replace("The Voice", "A Voice")
    film = a_statement("P31", an_item(11424))
    item = {"P453": [makers.a_snak("P453", an_item(9000005))]}
    named = {"P4633": [makers.a_snak("P4633", "The Voice")]}
    cast = [a_statement("P161", an_item(9000000 + n), qualifiers=one) for n, one in ((3, named), (4, item))]
    character = makers.an_entity(
        "Q9000005", [a_statement("P31", an_item(15773347)), a_statement("P1441", an_item(9000001))], "Vale"
    )
    run(tmp_path, "import", "imdb", str(a_file(tmp_path, "titles", makers.imdb_titles()).path))
    for form, name, content in (
        ("imdb", "principals", head + "".join(credits)),
        ("wikidata", "dump", makers.wikidata_dump(makers.an_entity("Q9000001", [film, *cast], "Moonward"), character)),
    ):
        imported(tmp_path, form, name, content)
    voices = [one for one, name in current(tmp_path, "name") if name == "The Voice"]
    assert [one.partition("-")[0] for one in voices] == ["character/imdb", "character/wikidata"]
    run(tmp_path, "import", "imdb", str(a_file(tmp_path, "torn", head + newer + "torn\n").path))
    assert voices[0] in dict(current(tmp_path, "name"))
    imported(tmp_path, "imdb", "newer", head + newer)
    imported(tmp_path, "wikidata", "newer", makers.wikidata_dump(makers.an_entity("Q9000001", [film], "Moonward")))
    works = [("A Voice", "imdb-tt0000101"), ('Commander "Red" Vale', "imdb-tt0000101"), ("Vale", "wikidata-q9000001")]
    names = dict(current(tmp_path, "name"))
    assert sorted((names[one], work) for one, work in current(tmp_path, "present_in_work")) == works
    with running(f"sqlite:///{tmp_path}/filmspace.db") as client:
        assert client.get(f"/characters/{voices[0].partition('/')[2]}").status_code == 410
    assert run(tmp_path, "check").returncode == 0


def test_separators_that_are_no_ends_of_lines_stay_in_their_cell(tmp_path: Path) -> None:
    cells = "1,1,1,Orr\u2028Pole,,female,1935,U.S.,military,Group 2,1960,1,1,pilot,1961,Last,,,,25,25.3,0,0,0\n"
    imported(tmp_path, "astronauts", "astronauts.csv", makers.ASTRONAUTS + cells)
    assert ("person/astronauts-1", "Orr Pole") in current(tmp_path, "name")


def test_what_is_no_entity_is_said_in_words(tmp_path: Path) -> None:
    file = a_file(tmp_path, "page.json", makers.a_page(makers.a_launch()))
    done = run(tmp_path, "import", "wikidata", str(file.path))
    assert done.returncode == 1
    assert "page.json:2: 1 is no entity of Wikidata (it is no object with an id)" in done.stderr
    assert "TypeError" not in done.stderr


def test_launches_to_come_and_events_have_not_happened(tmp_path: Path) -> None:
    to_come = makers.a_launch(2, status={"id": 1, "name": "Go for Launch"}, net="2031-05-01T10:00:00Z")
    event = {"id": 9, "name": "Docking", "date": "2031-05-02T10:00:00Z", "type": {"id": 2, "name": "Docking"},
             "location": "High Home", "date_precision": {"name": "Day"}, "launches": [to_come]}  # fmt: skip
    page = makers.a_page(makers.a_launch(1), to_come, event)
    imported(tmp_path, "launch-library", "page.json", page)
    flown = makers.a_page(to_come | {"status": {"id": 3, "name": "Launch Successful"}})
    launch = "ll2-launch-0000000{}-709d-4e89-ade9-a8779492c7a9"
    with running(f"sqlite:///{tmp_path}/filmspace.db") as client:
        told = [client.get(f"/events/{slug}").json() for slug in (launch.format(1), launch.format(2), "ll2-event-9")]
    assert [one["status"] for one in told] == ["happened", "planned", "planned"]
    imported(tmp_path, "launch-library", "newer.json", flown)
    with running(f"sqlite:///{tmp_path}/filmspace.db") as client:
        assert client.get(f"/events/{launch.format(2)}").json()["status"] == "happened"


def test_a_launch_of_which_no_state_is_told_took_place_if_it_was_looked_after_later(tmp_path: Path) -> None:
    month = {"net": "2021-02-28T00:00:00Z", "net_precision": {"name": "Month"}}
    cases: list[tuple[dict[str, Any], str]] = [
        ({"last_updated": "2021-02-21T00:00:00Z"}, "happened"), ({"last_updated": "2021-02-20T23:00:00Z"}, "planned"),
        ({**month, "last_updated": "2021-03-01T00:00:00Z"}, "happened"),
        ({**month, "last_updated": "2021-02-28T00:00:00Z"}, "planned"), ({}, "planned"), ({"last_updated": 7}, "planned"),
        ({"status": {"id": 1, "name": "Go for Launch"}, "last_updated": "2021-03-01T00:00:00Z"}, "planned"),
    ]  # fmt: skip
    launches = [makers.a_launch(at, **{"status": None, **more}) for at, (more, _) in enumerate(cases)]
    imported(tmp_path, "launch-library", "page.json", makers.a_page(*launches))
    with running(f"sqlite:///{tmp_path}/filmspace.db") as client:
        told = [client.get(f"/events/ll2-launch-{one['id']}").json()["status"] for one in launches]
    assert told == [expected for _, expected in cases]


def test_an_agency_of_several_countries_has_none_and_who_walks_in_space_takes_part(tmp_path: Path) -> None:
    utopia, atlantis = ({"name": name, "alpha_3_code": name[:3].upper()} for name in ("Utopia", "Atlantis"))
    agencies = [in_2_3("agencies", at, country=told, founding_year=1975) for at, told in (
        (1, [utopia, atlantis]), (2, [atlantis]))]  # fmt: skip
    walk = in_2_3("events", 3, type={"name": "EVA"}, date="2024-05-01T10:00:00Z", astronauts=[in_2_3("astronauts", 5)])
    told = imported(tmp_path, "launch-library", "page.json", makers.a_page(*agencies, walk))
    assert "left out   1 of country of several countries" in told
    assert current(tmp_path, "country") == [("organisation/ll2-agency-2", "iso3166-atl")]
    assert current(tmp_path, "participant") == [("event/ll2-event-3", "ll2-astronaut-5")]


def test_what_is_still_to_come_is_planned(tmp_path: Path) -> None:
    to_come = rows(makers.TITLES, ("tt0000101", "movie", "Moonward", "Moonward", "0", "9001", "\\N", "91", "Drama"))
    imported(tmp_path, "imdb", "titles.tsv", to_come)
    flights = [
        makers.an_entity(
            f"Q900000{number}",
            [a_statement("P31", an_item(5916)), a_statement("P585", makers.a_time(f"+{year}-00-00T00:00:00Z", 9))],
            f"Flight {number}",
        )
        for number, year in ((6, 1961), (7, 9001))
    ]
    imported(tmp_path, "wikidata", "dump.json", makers.wikidata_dump(*flights))
    with running(f"sqlite:///{tmp_path}/filmspace.db") as client:
        film = client.get("/films/imdb-tt0000101").json()
        told = [client.get(f"/events/wikidata-q900000{number}").json()["status"] for number in (6, 7)]
    assert (film["release_date"], film["planned"]) == ("9001", ["release_date"])
    assert told == ["happened", "planned"]


def test_a_mission_of_a_year_to_come_is_planned(tmp_path: Path) -> None:
    row = "1,1,1,Ann Orr,,female,1935,U.S.,military,G,1960,1,1,pilot,{year},{year} Flight,,,,1,1,0,0,0\n"
    content = makers.ASTRONAUTS + row.format(year=1961) + row.format(year=2961)
    imported(tmp_path, "astronauts", "astronauts.csv", content)
    with running(f"sqlite:///{tmp_path}/filmspace.db") as client:
        told = {one["name"]: one["status"] for one in client.get("/events?name__contains=Flight").json()["results"]}
        parts = client.get("/facts?property=participant&object=person/astronauts-1").json()["results"]
    assert told == {"1961 Flight": "happened", "2961 Flight": "planned"}
    assert {one["subject"]["label"]: one["modality"] for one in parts} == {
        "1961 Flight": "asserted", "2961 Flight": "planned"
    }  # fmt: skip


def test_a_title_that_is_no_film_any_more_is_gone_with_its_credits(tmp_path: Path) -> None:
    def titles(kind: str) -> str:
        film = ("tt0000101", kind, "Moonward", "Moonward", "0", "1957", "\\N", "91", "Drama")
        return rows(makers.TITLES, film, ("tt0000102", "short", "Slow", "Slow", "0", *["\\N"] * 4))

    imported(tmp_path, "imdb", "titles.tsv", titles("movie"))
    imported(tmp_path, "imdb", "principals.tsv", makers.imdb_principals())
    told = imported(tmp_path, "imdb", "titles.tsv", titles("tvSeries"))
    assert "left out   1 of what was a film, and is none any more" in told
    assert [one for one in current(tmp_path, "name") if "imdb" in one[0]] == [("film/imdb-tt0000102", "Slow")]
    for name, content in (("titles.tsv", titles("tvSeries")), ("principals.tsv", makers.imdb_principals())):
        assert ": unchanged" in imported(tmp_path, "imdb", name, content)
    with running(f"sqlite:///{tmp_path}/filmspace.db") as client:
        assert client.get("/films/imdb-tt0000101").status_code == 410
        assert client.get("/films?name=Moonward").json()["count"] == 0
        assert client.get("/films/imdb-tt0000102").json()["cast_count"] == 1
    assert run(tmp_path, "check").returncode == 0
    imported(tmp_path, "imdb", "titles.tsv", titles("movie"))
    imported(tmp_path, "imdb", "principals.tsv", makers.imdb_principals())
    assert ("film/imdb-tt0000101", "Moonward") in current(tmp_path, "name")
    assert len([one for one, _ in current(tmp_path, "cast") if "imdb" in one]) == 3


def test_an_item_of_wikidata_that_is_of_another_kind_is_not_of_both(tmp_path: Path) -> None:
    def an_item_of(kind: int) -> str:
        other = makers.an_entity("Q9000008", [a_statement("P31", an_item(11424)), a_statement("P57", an_item(9000009))])
        return makers.wikidata_dump(
            other, makers.an_entity("Q9000009", [a_statement("P31", an_item(kind))], "Utopian Society")
        )

    organisation, place, no_kind = (an_item_of(kind) for kind in (43229, 6256, 1))
    imported(tmp_path, "wikidata", "dump.json", organisation)
    assert current(tmp_path, "name") == [("organisation/wikidata-q9000009", "Utopian Society")]
    assert "1 of what was an organisation, and is none any more" in imported(tmp_path, "wikidata", "dump.json", place)
    assert current(tmp_path, "name") == [("place/wikidata-q9000009", "Utopian Society")]
    for content, is_same in ((place, True), (no_kind, False), (no_kind, True)):
        assert ("wikidata: unchanged" in imported(tmp_path, "wikidata", "dump.json", content)) == is_same
    assert current(tmp_path, "name") == []


def test_an_organisation_of_gcat_that_is_a_place_is_not_both(tmp_path: Path) -> None:
    row = an_organisation("UTA", "1965")
    for sort, kind in (("O", "organisation"), ("CY", "place"), ("O", "organisation")):
        imported(tmp_path, "gcat", "orgs.tsv", rows(makers.GCAT_ORGANISATIONS, (*row[:3], sort, *row[4:])))
        assert {entity for entity, _ in current(tmp_path, "name")} == {f"{kind}/gcat-uta"}


@pytest.mark.parametrize("form", ["pages", "records", "lines of pages", "lines of records"])
def test_launches_come_in_lists_and_lines_as_well(tmp_path: Path, form: str) -> None:
    launches = [makers.a_launch(number) for number in (1, 2, 3)]
    pages = [json.loads(makers.a_page(*launches[:2])), json.loads(makers.a_page(launches[2], {"name": "none"}))]
    listed = pages if form.endswith("pages") else [*launches, {"name": "none"}]
    is_lines = form.startswith("lines")
    text = "\n".join(map(json.dumps, listed)) if is_lines else json.dumps(listed, indent=1)
    done = run(tmp_path, "import", "launch-library", str(a_file(tmp_path, "launches.json", text + "\n").path))
    assert done.returncode == 3
    [bad] = [line for line in done.stderr.splitlines() if "record 4" in line]
    assert bad.endswith("record 4 is none of Launch Library (it has no id and name)")
    line = {"lines of pages": 2, "lines of records": 4}.get(form) or 1 + text.splitlines().index(
        next(one for one in text.splitlines() if '"none"' in one)
    ) - 1
    assert f"launches.json:{line}: " in bad
    assert len([one for one, _ in current(tmp_path, "name") if one.startswith("event/ll2")]) == 3


def test_what_follows_a_torn_record_that_goes_over_lines_is_told_to_be_unread(tmp_path: Path) -> None:
    records = [json.dumps(makers.a_launch(number), indent=1) for number in (1, 2, 3)]
    text = "\n".join([records[0], records[1][:50], records[2]])
    done = run(tmp_path, "import", "launch-library", str(a_file(tmp_path, "launches.json", text).path))
    assert done.returncode == 3
    assert "; what follows it is not read\n" in done.stderr
    assert "1 line or record could not be read; what could is stored" in done.stderr
    assert len([one for one, _ in current(tmp_path, "name") if one.startswith("event/ll2-launch")]) == 1


def test_a_line_of_launches_that_is_torn_is_told_and_passed_over(tmp_path: Path) -> None:
    first, second = (json.dumps(makers.a_launch(number)) for number in (1, 2))
    text = "\n".join([first, first[:50], second, '{"detail": "throttled"}', ""])
    done = run(tmp_path, "import", "launch-library", str(a_file(tmp_path, "launches.jsonl", text).path))
    assert done.returncode == 3
    assert "launches.jsonl:2: is no JSON" in done.stderr
    assert "launches.jsonl:4: is no page but an error: throttled" in done.stderr
    assert "entries    8 read, 2 not readable" in done.stdout


def test_answers_of_wikidata_come_in_a_list_as_well(tmp_path: Path) -> None:
    answers = [{"entities": {one["id"]: one}, "success": 1} for one in (
        makers.a_film_of_wikidata(), makers.a_person_of_wikidata())]  # fmt: skip
    imported(tmp_path, "wikidata", "answers.json", json.dumps(answers))
    assert {name for one, name in current(tmp_path, "name") if "wikidata" in one} >= {"Moonward", "Ann Orr"}


@pytest.mark.parametrize("unknown", ["UNK", "???", "", None, "Unknown", "N/A", "USA,RUS", "usa"])
def test_a_country_that_nobody_knows_is_none(tmp_path: Path, unknown: str | None) -> None:
    agencies: list[dict[str, Any]] = [
        {"id": number, "name": f"Agency {number}", "founding_year": "1999", "administrator": None, "abbrev": "A",
         "country_code": code, "type": "Unknown"} for number, code in ((1, unknown), (2, "UTO"))
    ]  # fmt: skip
    agencies.append({**agencies[0], "id": 3, "country": [{"alpha_3_code": unknown, "name": "Unknown"}]})
    person = {"id": 617, "name": "Ann Orr", "date_of_birth": None, "nationality": ["Unknown", "Utopian"]}
    page = makers.a_page(*agencies, person)
    imported(tmp_path, "launch-library", "page.json", page)
    assert current(tmp_path, "country") == [("organisation/ll2-agency-2", "iso3166-uto")]
    assert current(tmp_path, "organisation_type") == []
    assert current(tmp_path, "nationality") == [("person/ll2-astronaut-617", "Utopian")]


def test_a_runtime_of_nothing_is_not_known(tmp_path: Path) -> None:
    films = [
        (f"tt000010{number}", "movie", "Moonward", "Moonward", "0", "1957", "\\N", minutes, "Drama")
        for number, minutes in enumerate(("0", "00", "91", "9" * 5000))
    ]
    imported(tmp_path, "imdb", "titles.tsv", rows(makers.TITLES, *films))
    assert current(tmp_path, "duration") == [("film/imdb-tt0000102", "91 minute")]


def test_years_of_less_than_four_digits_are_those_of_antiquity(tmp_path: Path) -> None:
    years = (("4", "65"), ("0", "0000"), ("65?", "123"))
    people = [(f"nm000020{at}", "Ann Orr", *one, "\\N", "\\N") for at, one in enumerate(years)]
    told = imported(tmp_path, "imdb", "names.tsv", rows(makers.NAMES, *people))
    assert [year for _, year in current(tmp_path, "birth_date")] == ["0004"]
    assert [year for _, year in current(tmp_path, "death_date")] == ["0065", "0123"]
    assert "left out   2 of birthYear that is no year" in told
    assert "left out   1 of deathYear that is no year" in told
    films = [(f"tt000010{at}", "movie", "Moonward", "Moonward", "0", year, "\\N", "91", "\\N") for at, year in (
        enumerate(("95", "0000", "0")))]  # fmt: skip
    told = imported(tmp_path, "imdb", "titles.tsv", rows(makers.TITLES, *films))
    assert "left out   3 of startYear that is no year" in told


def test_an_organisation_of_a_state_in_doubt_is_of_none(tmp_path: Path) -> None:
    organisations = [(code, code, state, *an_organisation(code, "1965")[3:]) for code, state in (
        ("UTA", "UNK"), ("UTB", "UT?"), ("UTC", "-"), ("UTD", "UT"), ("UTE", "I-EU"))]  # fmt: skip
    isle = ("UTI", "UTI", "UT", "CYP", *an_organisation("UTI", "1965")[4:])
    told = imported(tmp_path, "gcat", "orgs.tsv", rows(makers.GCAT_ORGANISATIONS, isle, *organisations))
    assert "left out   2 of StateCode in doubt" in told
    assert "left out   1 of StateCode\n" in told
    assert "left out   1 of StateCode that is no country" in told
    assert current(tmp_path, "country") == [("organisation/gcat-utd", "gcat-ut")]


def test_a_number_of_ever_so_many_digits_is_passed_over(tmp_path: Path) -> None:
    content = makers.ASTRONAUTS + "".join(
        f"1,{number},1,Orr\u2028Pole,,female,1935,U.S.,military,Group 2,1960,1,1,pilot,1961,Last,,,,25,25.3,0,0,0\n"
        for number in ("1", "9" * 5000, "²")
    )
    done = run(tmp_path, "import", "astronauts", str(a_file(tmp_path, "astronauts.csv", content).path))
    assert done.returncode == 3
    assert "entries    2 read, 2 not readable" in done.stdout


@pytest.mark.parametrize("torn", ['2,2,2,"Pole', "2,2,2,Vladimir Pole,,male", "2,two,2,{}", "2,2,2,\udc80{}"])
def test_a_torn_line_of_astronauts_ends_nobodys_part(tmp_path: Path, torn: str) -> None:
    def a_row(start: str, name: str, role: str) -> str:
        return f"{start}{name},,female,1935,U.S.,military,Group 2,1960,1,1,{role},1961,Last,,,,25,25.3,0,0,0\n"

    first, second = a_row("1,1,1,", "Ann Orr", "pilot"), a_row("2,2,2,", "Vladimir Pole", "commander")
    imported(tmp_path, "astronauts", "astronauts.csv", makers.ASTRONAUTS + first + second)
    parts = current(tmp_path, "participant")
    torn = torn.format(second.removeprefix("2,2,2,"))
    content = (makers.ASTRONAUTS + first.replace("1935", "1936") + torn + "\n").encode(errors="surrogateescape")
    done = run(tmp_path, "import", "astronauts", str(a_file(tmp_path, "astronauts.csv", content).path))
    assert (done.returncode, "1 not readable" in done.stdout, "1 superseded" in done.stdout) == (3, True, True)
    assert current(tmp_path, "participant") == parts
    assert ("person/astronauts-1", "1936") in current(tmp_path, "birth_date")
    # Where all can be read, who is not there was not there.
    assert "superseded" in imported(tmp_path, "astronauts", "astronauts.csv", makers.ASTRONAUTS + first)
    assert len(current(tmp_path, "participant")) == len(parts) - 1


def test_entities_of_wikidata_stand_in_files_in_many_ways(tmp_path: Path) -> None:
    film, person = makers.a_film_of_wikidata(), makers.a_person_of_wikidata()
    compact, indented = (
        [json.dumps(one, indent=indent, ensure_ascii=False) for one in (film, person)] for indent in (None, 1)
    )
    many = {
        "one after another": "\n".join(indented),
        "one after another on a line": "".join(json.dumps({"entities": {"x": one}}) for one in (film, person)),
        "brackets beside": f"[{compact[0]},\n{compact[1]}]\n",
        "a list over lines": "\ufeff" + f"[\n{indented[0]},\n{indented[1]}\n]".replace("\n", "\r\n"),
        "others among them": "\n".join(
            [*compact, '{"id": "L2", "lemmas": {}}', '{"id": "P31", "datatype": "string", "type": "property"}']
        ),
        "a redirect": makers.wikidata_dump(film, person, {"entity": "Q9000011", "redirect": "Q9000001"}),
    }
    for number, (name, content) in enumerate(many.items()):
        told = imported(tmp_path, "wikidata", "dump.json", content)
        assert ("wikidata: unchanged" in told) == (number > 0), name
        assert "P18" in told, name
    assert "left out   1 of an item that another one stands for" in told
    names = {name for one, name in current(tmp_path, "name") if "wikidata" in one}
    assert names == {"Moonward", "Ann Orr", "The Voice"}


def test_values_after_one_that_is_torn_are_told_by_the_line(tmp_path: Path) -> None:
    film, person = (json.dumps(one, indent=1) for one in (makers.a_film_of_wikidata(), makers.a_person_of_wikidata()))
    line = film.count("\n") + 4
    text = f"{film}\n{person[:30]}\n"
    done = run(tmp_path, "import", "wikidata", str(a_file(tmp_path, "dump.json", text).path))
    assert done.returncode == 3
    assert f"dump.json:{line}: is no JSON" in done.stderr, done.stderr


@pytest.mark.parametrize(
    "order", [("film", "moved"), ("moved", "film"), ("film", "old", "moved", "new"), ("old", "film", "keyed")]
)
def test_an_item_is_the_one_that_stands_for_it_by_now(tmp_path: Path, order: tuple[str, ...]) -> None:
    person = makers.a_person_of_wikidata()
    new = {**person, "id": "Q9000012"}
    moved = {**new, "redirects": {"from": "Q9000002", "to": "Q9000012"}}
    files = {
        "film": makers.a_film_of_wikidata(), "old": person,
        "moved": {"entities": {"Q9000002": moved, "Q9000012": new}}, "new": {"entities": {"Q9000012": new}},
        "keyed": {"entities": {"Q9000002": new}},
    }  # fmt: skip
    for name in order:
        imported(tmp_path, "wikidata", f"{name}.json", json.dumps(files[name]))
    again = "keyed" if "keyed" in order else "moved"
    assert "unchanged" in imported(tmp_path, "wikidata", "again.json", json.dumps(files[again]))
    assert [one for one, told in current(tmp_path, "name") if told == "Ann Orr"] == ["person/wikidata-q9000012"]
    with running(f"sqlite:///{tmp_path}/filmspace.db") as client:
        assert client.get("/people/wikidata-q9000002").headers["location"].endswith("/people/wikidata-q9000012")
        shown = client.get("/people/wikidata-q9000012").json()
        # It was one of its identifiers, and still leads to it.
        assert client.get("/people/wikidata:Q9000002").headers["location"].endswith("/people/wikidata-q9000012")
        for asked in ("identifier=wikidata:Q9000002", "identifier__in=wikidata:Q9000002&label=Ann%20Orr"):
            assert client.get(f"/people?{asked}").json()["count"] == 1
        assert client.get("/films?identifier=wikidata:Q9000002").json()["count"] == 0
    assert shown["identifiers"] == {"wikidata": "Q9000012", "imdb": "nm0000202"}
    assert [one["film"]["label"] for one in shown["films"]] == ["Moonward"]
    assert "everything holds" in run(tmp_path, "check").stdout


@pytest.mark.parametrize(
    "order",
    [("old", "bare", "new"), ("new", "old", "bare"), ("film", "bare", "new"), ("old", "new", "bare", "old", "bare")],
)
def test_an_item_of_which_only_is_told_what_stands_for_it_is_that(tmp_path: Path, order: tuple[str, ...]) -> None:
    """Of whatever kind that is, whenever it comes, and where it was only ever named by another."""
    person = makers.a_person_of_wikidata()
    files = {
        "film": makers.a_film_of_wikidata(), "old": person, "new": {**person, "id": "Q9000012"},
        "bare": {"entity": "Q9000002", "redirect": "Q9000012"},
    }  # fmt: skip
    told = [imported(tmp_path, "wikidata", f"{name}.json", json.dumps(files[name])) for name in order]
    assert "entries    0 read" in told[order.index("bare")]
    if order[-2:] == ("old", "bare"):  # what comes after it may be older
        imported(tmp_path, "wikidata", "old.json", json.dumps(files["old"]))
    else:
        assert "unchanged" in imported(tmp_path, "wikidata", "again.json", json.dumps(files["bare"]))
    with running(f"sqlite:///{tmp_path}/filmspace.db") as client:
        (found,) = client.get("/people?identifier=wikidata:Q9000002").json()["results"]
        assert client.get("/people/wikidata-q9000002").headers["location"].endswith("/people/wikidata-q9000012")
    assert (found["label"], found["identifiers"]) == ("Ann Orr", {"wikidata": "Q9000012", "imdb": "nm0000202"})
    assert "everything holds" in run(tmp_path, "check").stdout


@pytest.mark.parametrize("order", [*permutations(("end", "first", "second"))])
def test_a_chain_of_redirects_leads_to_its_end(tmp_path: Path, order: tuple[str, ...]) -> None:
    """The item that the film refers to was merged into another one, and that into a third."""
    first, second, third = (
        makers.an_entity(f"Q900000{one}", [a_statement("P31", an_item(5))], "Ann Orr") for one in (2, 6, 7)
    )
    files = {
        "end": [third], "first": [{"id": first["id"], "redirect": second["id"]}],
        "second": [{"id": second["id"], "redirect": third["id"]}],
    }  # fmt: skip
    begun = makers.wikidata_dump(makers.a_film_of_wikidata(), first, second)
    imported(tmp_path, "wikidata", "begun.json", begun)
    for name in order:
        imported(tmp_path, "wikidata", f"{name}.json", makers.wikidata_dump(*files[name]))
    with running(f"sqlite:///{tmp_path}/filmspace.db") as client:
        for former in (first, second):
            (found,) = client.get(f"/people?identifier=wikidata:{former['id']}").json()["results"]
            assert (found["slug"], found["label"]) == ("wikidata-q9000007", "Ann Orr")
            answer = client.get(f"/people/wikidata:{former['id']}", follow_redirects=True)
            assert answer.url.path == "/people/wikidata-q9000007"
        (director,) = client.get("/films/wikidata-q9000001").json()["directors"]
        assert director["slug"] == "wikidata-q9000007"
    assert "everything holds" in run(tmp_path, "check").stdout


def test_two_items_that_are_told_apart_stay_two_whatever_one_of_another_has(tmp_path: Path) -> None:
    """Wikidata may give one person two identifiers of IMDb's, which has them as two."""
    imported(tmp_path, "imdb", "names.tsv", makers.imdb_names())
    person = makers.a_person_of_wikidata()
    person["claims"]["P345"].append(a_statement("P345", "nm0000201"))
    assert "but are two in one data set" in imported(tmp_path, "wikidata", "dump.json", json.dumps(person))


def test_what_is_missing_is_told_by_its_title(tmp_path: Path) -> None:
    answer = {"-1": {"site": "enwiki", "title": "Nowhere", "missing": ""}, "Q9000001": makers.a_film_of_wikidata()}
    done = run(tmp_path, "import", "wikidata", str(a_file(tmp_path, "x.json", json.dumps({"entities": answer})).path))
    assert done.returncode == 3
    assert "x.json:1: Nowhere is missing, as the answer says" in done.stderr


def test_what_a_table_has_no_column_for_does_not_end(tmp_path: Path) -> None:
    def without(table: str, column: str) -> str:
        head, *others = (line.split("\t") for line in table.splitlines())
        at = head.index(column)
        return rows(*(one[:at] + one[at + 1 :] for one in (head, *others) if len(one) == len(head)))

    flight = "Orr,,female,1935,U.S.,military,G,1960,1,1,pilot,1961,Last,,,,1,1,0,0,0\n"
    people = makers.ASTRONAUTS + f"1,1,1,Ann {flight}".replace(",,female", ",Анна,female")
    sites = makers.gcat_sites()
    organisations = rows(makers.GCAT_ORGANISATIONS, an_organisation("UTA", "1965"))
    for form, content, column, prop in (
        ("astronauts", people, "original_name", "alternate_name"), ("gcat", sites, "Parent", "operator"),
        ("gcat", sites, "TStart", "inception"), ("gcat", organisations, "Class", "organisation_type"),
    ):  # fmt: skip
        imported(tmp_path, form, "whole", content)
        before = current(tmp_path, prop)
        assert before
        part = (
            content.replace(",original_name", "").replace(",Анна", "")
            if form == "astronauts"
            else without(content, column)
        )
        assert ": unchanged" in imported(tmp_path, form, "part", part)
        assert current(tmp_path, prop) == before


def test_a_cell_that_cannot_be_read_ends_nothing(tmp_path: Path) -> None:
    def titles(year: str, minutes: str) -> str:
        return rows(makers.TITLES, ("tt0000101", "movie", "Moonward", "Moonward", "0", year, "\\N", minutes, "Drama"))

    imported(tmp_path, "imdb", "titles.tsv", titles("1957", "91"))
    told = imported(tmp_path, "imdb", "titles.tsv", titles("19x7", "9l"))
    assert "unchanged" in told
    assert "left out   1 of startYear that is no year" in told
    assert current(tmp_path, "release_date") == [("film/imdb-tt0000101", "1957")]
    imported(tmp_path, "imdb", "titles.tsv", titles("\\N", "0"))
    assert current(tmp_path, "release_date") == current(tmp_path, "duration") == []
    for form, name, contents, prop in (
        ("gcat", "orgs.tsv", [rows(makers.GCAT_ORGANISATIONS, an_organisation("UTA", one)) for one in ("1965", "19x5")],
         "inception"),
        ("astronauts", "a.csv", [f"{makers.ASTRONAUTS}1,1,1,Ann Orr,,female,{one},U.S.,military,G,1960,1,1,pilot,1961,Last,,,,"
                                 "1,1,0,0,0\n" for one in ("1935", "19x5")], "birth_date"),
        ("launch-library", "page.json", [makers.a_page({"id": 617, "name": "Ann Orr", "date_of_birth": one})
                                         for one in ("1945-04-20", "1945-o4-20")], "birth_date"),
    ):  # fmt: skip
        imported(tmp_path, form, name, contents[0])
        before = current(tmp_path, prop)
        assert before
        imported(tmp_path, form, name, contents[1])
        assert current(tmp_path, prop) == before


@pytest.mark.parametrize("torn", ['2,2,2,"Pole', '2,2,2,"Pole\n V', '2,2,2,"Pole\n\udc80 V"', '2,2,2,"a"b\n"c"'])
def test_a_row_whose_quotes_are_wrong_takes_no_other_with_it(tmp_path: Path, torn: str) -> None:
    def a_row(number: int, name: str) -> str:
        return f'{number},{number},1,"{name}",,female,1935,U.S.,military,G,1960,1,1,pilot,1961,Last,,,,25,25.3,0,0,0\n'

    good = [a_row(number, f"Orr, {letter}.") for number, letter in ((1, "A"), (3, "B"), (4, "C"))]
    content = makers.ASTRONAUTS + good[0] + torn + "\n" + good[1] + good[2]
    file = a_file(tmp_path, "astronauts.csv", content.encode(errors="surrogateescape"))
    done = run(tmp_path, "import", "astronauts", str(file.path))
    assert done.returncode == 3
    assert "astronauts.csv:3: " in done.stderr
    people = {name for one, name in current(tmp_path, "name") if one.startswith("person/astronauts")}
    assert people == {"A. Orr", "B. Orr", "C. Orr"}


def test_a_quote_in_a_cell_without_quotes_is_one_of_inches(tmp_path: Path) -> None:
    row = "{0},{0},1,{1},,female,1935,U.S.,military,G,1960,1,1,pilot,1961,Last,,,,25,25.3,0,0,0\n"
    names = ['Ann 6" Orr', "Al Tomlin", 'Bo 5" Pole', '"Cy ""Six"" Orr"']
    content = makers.ASTRONAUTS + "".join(row.format(*one) for one in enumerate(names, start=1))
    imported(tmp_path, "astronauts", "astronauts.csv", content)
    people = [name for one, name in current(tmp_path, "name") if one.startswith("person/")]
    assert people == [*names[:3], 'Cy "Six" Orr']


def test_who_flew_on_a_mission_without_a_title_is_told(tmp_path: Path) -> None:
    row = "{0},{0},1,Ann Orr,NA,female,1935,U.S.,military,G,1960,1,1,pilot,1961,{1},NA,Mir,NA,25,25.3,0,0,0\n"
    content = makers.ASTRONAUTS + row.format(1, "NA") + row.format(2, "Last")
    assert "left out   1 of a mission without a title" in imported(tmp_path, "astronauts", "astronauts.csv", content)
    assert current(tmp_path, "birth_date") == [("person/astronauts-1", "1935"), ("person/astronauts-2", "1935")]
    assert [name for one, name in current(tmp_path, "name") if one.startswith("event/")] == ["Last"]


def test_comments_may_stand_before_a_header(tmp_path: Path) -> None:
    text = "\n# GCAT organisations\n" + rows(
        makers.GCAT_ORGANISATIONS, ("# Updated 2031 Feb  3",), an_organisation("UTA", "1")
    )
    imported(tmp_path, "gcat", "orgs.tsv", text.replace("\t1\t", "\t1965\t", 1) + "# and after\n")
    assert current(tmp_path, "inception") == [("organisation/gcat-uta", "1965")]


def test_a_seat_that_nobody_is_named_for_is_no_error(tmp_path: Path) -> None:
    launch = makers.a_launch(1)
    stage = launch["rocket"]["spacecraft_stage"]
    stage["launch_crew"] += [None, {"role": None, "astronaut": None}]
    launch["rocket"]["spacecraft_stage"] = [stage, None, {"launch_crew": None}]
    imported(tmp_path, "launch-library", "page.json", makers.a_page(launch))
    people = [person for _, person in current(tmp_path, "participant") if person.startswith("ll2-astronaut")]
    assert people == ["ll2-astronaut-617"]


def test_a_launch_of_another_interface_is_not_one_of_launch_library(tmp_path: Path) -> None:
    """SpaceX's own has `net`, a rocket and an id as well, which are no such things."""
    launch = {"id": "5eb87cd9ffd86e000604b32a", "name": "FalconSat", "net": False, "rocket": "5e9d0d95eda69955f709d1eb"}
    done = run(tmp_path, "import", "launch-library", str(a_file(tmp_path, "launches.json", json.dumps(launch)).path))
    assert done.returncode == 1
    assert "launches.json:1: record 1 is none of Launch Library (its net is no date); nothing is stored" in done.stderr


def test_parts_that_are_called_alike_are_one(tmp_path: Path) -> None:
    run(tmp_path, "import", "imdb", str(a_file(tmp_path, "titles.tsv", makers.imdb_titles()).path))
    header = ("tconst", "ordering", "nconst", "category", "job", "characters")
    told = [
        ("tt0000101", str(at), f"nm000020{at}", "actor", r"\N", name)
        for at, name in enumerate(('["John  Doe","e\u0301va","Unknown"]', '["John Doe"]', '["\u00e9va"]'), start=1)
    ]
    imported(tmp_path, "imdb", "principals.tsv", makers.rows(header, *told))
    assert sorted({name for entity, name in current(tmp_path, "name") if entity.startswith("character/")}) == [
        "John Doe", "\u00e9va",
    ]  # fmt: skip
    assert len(current(tmp_path, "present_in_work")) == 2
