"""What Wikidata prefers, or has several of: it orders what Wikidata says, and never what anybody else does."""

from collections.abc import Mapping
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import running
from tests.importing import makers
from tests.importing.makers import a_snak, a_statement, a_time, an_entity, an_item, rows, wikidata_dump
from tests.importing.test_other_files import imported
from tests.test_cli import run

pytestmark = pytest.mark.usefixtures("migrated")

_YEAR = "https://www.wikidata.org/entity/Q"
_FILM = a_statement("P31", an_item(11424))
_TITLES = (
    "tconst", "titleType", "primaryTitle", "originalTitle", "isAdult", "startYear", "endYear", "runtimeMinutes", "genres",
)  # fmt: skip


def a_year(year: int) -> dict[str, Any]:
    return a_time(f"+{year}-00-00T00:00:00Z", 9)


def a_film(*statements: Any) -> str:
    return wikidata_dump(an_entity("Q9000001", [_FILM, *statements], "Moonward"))


def a_title(year: str, sort: str = "movie", genres: str = "Drama") -> str:
    return rows(_TITLES, ("tt0000101", sort, "Moonward", "Moonward", "0", year, r"\N", "90", genres))


def record(folder: Path, path: str) -> Any:
    with running(f"sqlite:///{folder / 'filmspace.db'}") as client:
        return client.get(path, follow_redirects=True).json()


@pytest.mark.parametrize("turned", [False, True])
def test_a_preferred_identifier_hides_none_and_all_identify(tmp_path: Path, turned: bool) -> None:
    person = an_entity(
        "Q9000002",
        [
            a_statement("P31", an_item(5)), a_statement("P345", "nm0000202"), a_statement("P214", "111"),
            a_statement("P214", "92360870", "preferred"), a_statement("P214", "222"),
        ],
        "Ann Orr",
    )  # fmt: skip
    files = [("wikidata", "dump.json", wikidata_dump(person)), ("imdb", "names.tsv", makers.imdb_names())]
    for form, name, content in reversed(files) if turned else files:
        imported(tmp_path, form, name, content)
    told = {"wikidata": "Q9000002", "imdb": "nm0000202", "viaf": "92360870"}
    assert record(tmp_path, "/people/imdb:nm0000202")["identifiers"] == told
    for identifier in ("wikidata:Q9000002", "viaf:111", "viaf:222"):
        assert record(tmp_path, f"/people/{identifier}")["slug"] == "wikidata-q9000002"
        assert record(tmp_path, f"/people?identifier={identifier}")["count"] == 1


def test_what_two_items_say_they_have_leads_to_whom_the_data_set_itself_knows_by_it(tmp_path: Path) -> None:
    imported(tmp_path, "imdb", "names.tsv", makers.imdb_names())
    for number in ("Q9000002", "Q8000001"):
        claims = [a_statement("P31", an_item(5)), a_statement("P345", "nm0000202")]
        told = imported(tmp_path, "wikidata", f"{number}.json", wikidata_dump(an_entity(number, claims, "Ann Orr")))
    assert "but are two in one data set" in told
    for path in ("/people/imdb:nm0000202", "/people/imdb-nm0000202"):
        assert record(tmp_path, path)["slug"] == "wikidata-q9000002"
    assert record(tmp_path, "/people?identifier=imdb:nm0000202")["count"] == 2


def test_what_a_data_set_prefers_stands_before_what_else_it_says_alone(tmp_path: Path) -> None:
    imported(tmp_path, "imdb", "titles.tsv", a_title("1957"))
    statements = [
        a_statement("P345", "tt0000101"),
        a_statement("P577", a_year(1958), "preferred"), a_statement("P577", a_year(1960)),
        a_statement("P136", an_item(24925), "preferred"), a_statement("P136", an_item(471839)),
    ]  # fmt: skip
    imported(tmp_path, "wikidata", "dump.json", a_film(*statements))
    film = record(tmp_path, "/films/wikidata-q9000001")
    assert film["genres"] == ["Drama", "science fiction"]
    assert film["disputed"] == ["release_date"]
    sides = record(tmp_path, "/disputes")["results"][0]["sides"]
    assert sorted(one["value"] for side in sides for one in side["facts"]) == ["1957", "1958"]


@pytest.mark.parametrize(
    ("sort", "of", "shown"),
    [
        ("movie", [93204], "documentary film"), ("movie", [226730], "silent film"),
        ("short", [17517379, 11424], "animated short film"), ("movie", [], "film"),
    ],
)  # fmt: skip
def test_a_film_may_be_of_several_sorts_and_is_what_says_most(
    tmp_path: Path, sort: str, of: list[int], shown: str
) -> None:
    imported(tmp_path, "imdb", "titles.tsv", a_title("1957", sort))
    sorts = [a_statement("P31", an_item(one)) for one in of]
    imported(tmp_path, "wikidata", "dump.json", a_film(a_statement("P345", "tt0000101"), *sorts))
    film = record(tmp_path, "/films/wikidata-q9000001")
    assert (film["film_type"], film["disputed"]) == (shown, [])


def test_a_part_that_is_deprecated_makes_no_character(tmp_path: Path) -> None:
    part: dict[str, Any] = {"qualifiers": {"P4633": [a_snak("P4633", "The Voice")]}}
    cast = a_statement("P161", an_item(9000003), "deprecated", **part)
    imported(tmp_path, "wikidata", "dump.json", a_film(cast))
    assert record(tmp_path, "/characters")["count"] == 0
    imported(tmp_path, "wikidata", "newer.json", a_film(cast, a_statement("P161", an_item(9000004), **part)))
    (character,) = record(tmp_path, "/characters")["results"]
    assert (character["name"], [one["slug"] for one in character["portrayed_by"]]) == (
        "The Voice",
        ["wikidata-q9000004"],
    )


def test_of_what_cinemas_took_the_last_is_shown(tmp_path: Path) -> None:
    dollars = f"{_YEAR}4917"
    taken = [
        a_statement("P2142", {"amount": amount, "unit": dollars}, qualifiers={"P585": [a_snak("P585", a_year(year))]})
        for amount, year in (("+100", 2009), ("+2700", 2010), ("+1900", 2008))
    ]
    for number, told in enumerate(permutations(taken)):
        imported(tmp_path, "wikidata", f"{number}.json", a_film(*told))
        film = record(tmp_path, "/films/wikidata-q9000001")
        assert (film["box_office"]["amount"], film["disputed"]) == (2700, [])


@pytest.mark.parametrize(
    ("landings", "date"),
    [
        ([("2021-10-16", "deprecated"), ("2021-10-17", "normal")], "2021-10-05/2021-10-17"),
        ([("2021-10-17", "preferred"), ("2021-10-18", "normal")], "2021-10-05/2021-10-17"),
        ([("2021-10-17", "normal"), ("2021-10-18", "normal")], "2021-10-05"),
    ],
)
def test_a_flight_lands_when_the_best_says(tmp_path: Path, landings: list[tuple[str, str]], date: str) -> None:
    statements = [a_statement("P31", an_item(752783)), a_statement("P619", a_time("+2021-10-05T00:00:00Z"))]
    statements += [a_statement("P620", a_time(f"+{day}T00:00:00Z"), rank) for day, rank in landings]
    told = imported(tmp_path, "wikidata", "dump.json", wikidata_dump(an_entity("Q9000009", statements, "Soyuz")))
    assert record(tmp_path, "/events/wikidata-q9000009")["date"] == date
    assert f"left out   {2 if date == '2021-10-05' else 1} of P620" in told


@pytest.mark.parametrize(
    ("qualifiers", "told", "shown"),
    [
        ({"P453": ["somevalue"]}, ["somevalue of qualifier P453"], None),
        ({"P453": ["novalue"], "P4633": ["The Voice"]}, ["novalue of qualifier P453"], "The Voice"),
        ({"P4633": ["somevalue"]}, ["somevalue of qualifier P4633"], None),
        ({"P453": [an_item(9000005)], "P4633": ["The Voice"]}, [], "The Voice"),
        ({"P453": [an_item(9000005)], "P4633": ["The Voice", "V"]}, ["qualifier P4633"], "wikidata-q9000005"),
    ],
)
def test_what_a_part_is_called_is_kept_or_counted(
    tmp_path: Path, qualifiers: Mapping[str, Any], told: list[str], shown: str | None
) -> None:
    snaks = {number: [a_snak(number, one) for one in values] for number, values in qualifiers.items()}
    output = imported(
        tmp_path, "wikidata", "dump.json", a_film(a_statement("P161", an_item(9000003), qualifiers=snaks))
    )
    (part,) = record(tmp_path, "/films/wikidata-q9000001")["cast"]
    assert (part["character"] and part["character"]["label"]) == shown
    assert all(f" of {one}" in output for one in told)


def test_a_name_that_is_malformed_costs_itself_alone(tmp_path: Path) -> None:
    whole = an_entity(
        "Q9000001",
        [_FILM],
        labels={"en": {"language": "en", "value": "Moonward"}, "de": {"language": "de", "value": "Mondwärts"}},
        aliases={"en": [{"language": "en", "value": "Moon-Ward"}, {"language": "en", "value": "MW"}]},
    )
    imported(tmp_path, "wikidata", "dump.json", wikidata_dump(whole))
    torn = {
        **whole,
        "labels": {"en": {"language": "en", "value": "Moonward"}, "de": {"language": "de"}},
        "aliases": {"en": [{"language": "en", "value": "Moon-Ward"}, {"language": "en", "value": 7}]},
    }
    done = run(tmp_path, "import", "wikidata", str(makers.a_file(tmp_path, "newer.json", wikidata_dump(torn)).path))
    assert done.returncode == 3
    assert "newer.json:2: Q9000001: one of its labels is malformed" in done.stderr
    assert "newer.json:2: Q9000001: one of its aliases is malformed" in done.stderr
    film = record(tmp_path, "/films/wikidata-q9000001")
    assert (film["name"], set(film["alternate_names"])) == ("Moonward", {"Mondwärts", "Moon-Ward", "MW"})
