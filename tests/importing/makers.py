"""Files of the public data sets, with a few records of our own in their form and each of their traps."""

import gzip
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from app.importing.files import File
from app.importing.records import Entry, Item
from tests.makers import ROOT

# Samples of the data sets, which may not be copied here: beside the checkout, or the working copies of it.
SAMPLES = next((one / "shared" / "data" for one in ROOT.parents if (one / "shared" / "data").is_dir()), None)
needs_samples = pytest.mark.skipif(SAMPLES is None, reason="there are no samples in ../shared/data")


def sample(path: str) -> Path:
    """One of the samples."""
    assert SAMPLES is not None
    return SAMPLES / path


def a_file(folder: Path, name: str, text: str | bytes) -> File:
    """A file with that text, packed if its name ends so."""
    raw = text if isinstance(text, bytes) else text.encode()
    path = folder / name
    path.write_bytes(gzip.compress(raw) if name.endswith(".gz") else raw)
    return File(path)


def rows(*cells: Sequence[str]) -> str:
    """Lines of cells with tabs between them."""
    return "".join("\t".join(one) + "\n" for one in cells)


TITLES = ("tconst", "titleType", "primaryTitle", "originalTitle", "isAdult", "startYear", "endYear",
          "runtimeMinutes", "genres")  # fmt: skip
NAMES = ("nconst", "primaryName", "birthYear", "deathYear", "primaryProfession", "knownForTitles")
PRINCIPALS = ("tconst", "ordering", "nconst", "category", "job", "characters")
_N = "\\N"


def imdb_titles() -> str:
    """A film, one with a quote in its title and hardly anything known, an episode, and a line that is no title."""
    return rows(
        TITLES,
        ("tt0000101", "movie", "Moonward", "Mondwärts", "0", "1957", _N, "91", "Drama,Sci-Fi"),
        ("tt0000102", "short", '"Slow" Orbit', '"Slow" Orbit', "0", _N, _N, _N, _N),
        ("tt0000103", "tvEpisode", "Pilot", "Pilot", "0", "1999", _N, _N, _N),
        ("tt0000104", "movie"),
        ("tt0000105", "movie", "Late", "Late", "1", "19x7", _N, "long", _N),
    )


def imdb_names() -> str:
    """Two people of one name, one of whom is known by more."""
    return rows(
        NAMES,
        ("nm0000201", "Ann Orr", "1921", "2003", "actress,camera_department,art_director", "tt0000101,tt0999999"),
        ("nm0000202", "Ann Orr", _N, _N, _N, _N),
    )


def imdb_principals() -> str:
    """Credits with gaps in their numbers, characters in a list, somebody as themselves, and one of an episode."""
    return rows(
        PRINCIPALS,
        ("tt0000101", "1", "nm0000201", "actress", _N, '["Commander \\"Red\\" Vale","The Voice"]'),
        ("tt0000101", "3", "nm0000202", "director", _N, _N),
        ("tt0000101", "7", "nm0000202", "editor", _N, _N),
        ("tt0000102", "1", "nm0000201", "self", _N, '["Self"]'),
        ("tt0000103", "1", "nm0000201", "actress", _N, '["Guest"]'),
    )


GCAT_ORGANISATIONS = (
    "#Code", "UCode", "StateCode", "Type", "Class", "TStart", "TStop", "ShortName", "Name", "Location", "Longitude",
    "Latitude", "Error", "Parent", "ShortEName", "EName", "UName",
)  # fmt: skip
GCAT_SITES = (
    "#Site", "Code", "UCode", "Type", "StateCode", "TStart", "TStop", "ShortName", "Name", "Location", "Longitude",
    "Latitude", "Error", "Parent", "ShortEName", "EName", "Group", "UName",
)  # fmt: skip


def gcat_organisations() -> str:
    """A country, an agency of it with a vague beginning, and a successor under a code with a blank."""
    where = ("Utopia City", "     37.6200 ", "   12.5000 ", "0.0200 ")
    return rows(
        GCAT_ORGANISATIONS,
        ("# Updated 2031 Feb  3 0108:57",),
        ("UT", "UT", "UT", "CY", "C", "1816 Jul  9", "-", "Utopiya", "Respublika Utopiya", *where, "-", "Utopia",
         "Republic of Utopia", "Утопия"),
        ("USA1", "USA1", "UT", "LA/PL", "C", "1957 Nov?", "1990s", "UKA", "Utopiy'skoye kosm. agentstvo", *where,
         "-", "-", "Utopian Space Agency", "-"),
        ("USA 2", "USA1", "UT", "O", "B", "1957 Oct  4 1933", "*", "UK2", "UKA-2", *where, "USA1", "-", "-", "-"),
        ("USA3", "USA1", "UT", "O", "B", "20th c.", "-", "UK3", "UKA-3"),
    )  # fmt: skip


def gcat_sites() -> str:
    """A launch site of two operators, one of them in doubt."""
    return rows(
        GCAT_SITES,
        ("UTS", "-", "UTS", "LS", "UT", "1960s", "2004", "Utopia", "Kosmodrom Utopia", "-", "-", "-", "0.0000 ",
         "USA1/USA 2?", "-", "-", "-", "-"),
    )  # fmt: skip


ASTRONAUTS = (
    "id,number,nationwide_number,name,original_name,sex,year_of_birth,nationality,military_civilian,selection,"
    "year_of_selection,mission_number,total_number_of_missions,occupation,year_of_mission,mission_title,"
    "ascend_shuttle,in_orbit,descend_shuttle,hours_mission,total_hrs_sum,field21,eva_hrs_mission,total_eva_hrs\n"
)


def astronauts() -> str:
    """One on two missions, one of which has a soft hyphen, a suffix, a cell over two lines, and a torn line."""
    return ASTRONAUTS + (
        '1,1,1,"Orr, Ann B., Jr.",ОРР Анна,female,1935,U.S.,military,"Group 2\n NASA- 7",1960,1,2,pilot,1961,'
        "STS\u00ad 91,STS\u00ad 91,STS\u00ad 91,STS\u00ad 91,25,25.3,0,0,0\n"
        '2,1,1,"Orr, Ann B., Jr.",ОРР Анна,female,1935,U.S.,military,Group 2,1960,2,2,commander,1962,'
        "Soyuz T\u00ad5,Soyuz T\u00ad5,Mir,NA,25,25.3,0,0,0\n"
        "3,2,2,Vladimir Pole,,male,19?5,Poland,civilian,Group 2,1960,1,1,MSP,1962,Soyuz T\u00ad5,,,,1,1,0,0,0\n"
        '4,3,"torn\n'
        '5,4,4,"Tom\u00adlin, Al",,male,1940,U.S.,civilian,Group 2,1960,1,1,MSP,1963,Last,,,,1,1,0,0,0\n'
    )


def a_snak(number: str, value: Any) -> dict[str, Any]:
    """A snak of Wikibase with that value; `somevalue` and `novalue` have none."""
    if value in ("somevalue", "novalue"):
        return {"snaktype": value, "property": number}
    return {"snaktype": "value", "property": number, "datavalue": {"value": value, "type": "string"}}


def a_statement(number: str, value: Any, rank: str = "normal", **more: Any) -> dict[str, Any]:
    """A statement of Wikibase."""
    return {"mainsnak": a_snak(number, value), "type": "statement", "rank": rank, **more}


def an_item(number: int) -> dict[str, Any]:
    """The value of a snak that points to an item, as older files have it."""
    return {"entity-type": "item", "numeric-id": number}


def a_time(time: str, precision: int = 11, calendar: str = "Q1985727") -> dict[str, Any]:
    """The value of a snak that is a time."""
    url = f"http://www.wikidata.org/entity/{calendar}"
    return {"time": time, "precision": precision, "calendarmodel": url, "timezone": 0, "before": 0, "after": 0}


def an_entity(identifier: str, statements: Sequence[dict[str, Any]], label: str | None = None, **more: Any) -> Any:
    """An item of Wikidata; what is empty in it is an empty list, as PHP writes it."""
    claims: dict[str, list[Any]] = {}
    for one in statements:
        claims.setdefault(one["mainsnak"]["property"], []).append(one)
    labels = {"en": {"language": "en", "value": label}} if label else []
    empty: dict[str, Any] = {"descriptions": [], "aliases": [], "sitelinks": []}
    return {"type": "item", "id": identifier, "labels": labels, "claims": claims or [], **empty, **more}


def a_film_of_wikidata() -> Any:
    """A film of which much is said, as much of it as the vocabulary knows."""
    months, dollars = "http://www.wikidata.org/entity/Q7727", "http://www.wikidata.org/entity/Q4917"
    return an_entity(
        "Q9000001",
        [
            a_statement("P31", an_item(11424)),
            a_statement("P345", "tt0000101"),
            a_statement("P57", an_item(9000002), references=[{"snaks": {}}]),
            a_statement("P57", "somevalue"),
            a_statement("P161", an_item(9000003), qualifiers={"P4633": [a_snak("P4633", "The Voice")]}),
            a_statement("P161", {"id": "Q9000004", "entity-type": "item"}, qualifiers={"P453": [
                a_snak("P453", an_item(9000005))]}),
            a_statement("P577", a_time("+1958-02-03T00:00:00Z"), qualifiers={"P291": [a_snak("P291", an_item(30))]}),
            a_statement("P577", a_time("+1957-11-00T00:00:00Z", 10)),
            a_statement("P577", a_time("+1956-00-00T00:00:00Z", 9), "deprecated"),
            a_statement("P2047", {"amount": "+91", "unit": months}),
            a_statement("P2142", {"amount": "+1200000.50", "unit": dollars}, "preferred", qualifiers={
                "P585": [a_snak("P585", a_time("+1960-00-00T00:00:00Z", 9))]}),
            a_statement("P136", an_item(471839)),
            a_statement("P136", an_item(8999999)),
            a_statement("P18", "Moonward.jpg"),
        ],
        "Moonward",
        aliases={"en": [{"language": "en", "value": "Moon-Ward"}], "de": [{"language": "de", "value": "Zum Mond"}]},
        descriptions={"en": {"language": "en", "value": "film of 1957"}},
    )  # fmt: skip


def a_person_of_wikidata(**more: Any) -> Any:
    """A person with an identifier of IMDb's, born on a day of the Julian calendar."""
    born = a_time("+1921-02-11T00:00:00Z", calendar="Q1985786")
    return an_entity(
        "Q9000002",
        [
            a_statement("P31", an_item(5)), a_statement("P345", "nm0000202"), a_statement("P569", born),
            a_statement("P570", "novalue"), a_statement("P106", an_item(11631)),
        ],
        "Ann Orr", **more,
    )  # fmt: skip


def wikidata_dump(*entities: Any) -> str:
    """A dump: an entity a line between brackets."""
    return "[\n" + ",\n".join(json.dumps(one, ensure_ascii=False) for one in entities) + "\n]\n"


def a_launch(number: int = 1, **more: Any) -> dict[str, Any]:
    """A launch as the API has it, which has taken place and whose time is settled."""
    return {
        "id": f"0000000{number}-709d-4e89-ade9-a8779492c7a9", "name": f"Carrier 5 | Parcel {number}",
        "status": {"id": 3, "name": "Success"}, "net": "2021-02-20T17:36:00Z", "probability": -1, "holdreason": "",
        "launch_service_provider": {"id": 44, "name": "Utopian Lines", "type": "Commercial"},
        "rocket": {
            "id": 7, "configuration": {"id": 3, "full_name": "Carrier 5", "name": "Carrier"},
            "spacecraft_stage": {"launch_crew": [
                {"role": {"id": 1, "role": "Commander"}, "astronaut": {"id": 617, "name": "Ann Orr"}}]},
        },
        "mission": None,
        "pad": {"id": 76, "name": "1/5", "location": {"id": 21, "name": "Utopia Spaceport", "country_code": "UTO"}},
        **more,
    }  # fmt: skip


def a_page(*records: Any) -> str:
    """A page of the API, over several lines."""
    return json.dumps({"count": len(records), "next": None, "previous": None, "results": records}, indent=1)


def is_in_passing(entry: Entry) -> bool:
    """Whether it tells only how to call something that another record refers to."""
    return entry.is_in_passing


def said(items: Sequence[Item], entity: str, *, name: str | None = None) -> list[Any]:
    """What the entries about an entity (kind/identifier) say: values, or identifiers of objects, with the property."""
    found = []
    for one in items:
        if (
            isinstance(one, Entry)
            and f"{one.key.kind}/{one.key.identifier}{one.key.part and '#' + one.key.part}" == entity
        ):
            found += [
                (told.property, told.value if told.object is None else told.object.identifier)
                for told in one.statements
                if name in (None, told.property)
            ]
    return found
