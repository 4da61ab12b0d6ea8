"""Items of Wikidata in the other forms in which its interfaces answer: REST, and only some of their parts."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import running
from tests.importing import makers
from tests.importing.makers import a_file, a_snak, a_statement, a_time, an_item
from tests.importing.test_other_files import current, imported
from tests.test_cli import run

pytestmark = pytest.mark.usefixtures("migrated")


def a_rest_snak(number: str, told: Any, sort: str = "string") -> dict[str, Any]:
    """A property and its value, as the REST API has them."""
    value = {"type": told} if told in ("somevalue", "novalue") else {"type": "value", "content": told}
    return {"property": {"id": number, "data_type": sort}, "value": value}


def a_rest_statement(*told: Any, rank: str = "normal", **more: Any) -> dict[str, Any]:
    return {"id": "Q1$1", "rank": rank, "qualifiers": [], "references": [], **a_rest_snak(*told), **more}


def test_items_of_the_rest_interface_are_read(tmp_path: Path) -> None:
    year = {"time": "+1921-00-00T00:00:00Z", "precision": 9, "calendarmodel": "http://www.wikidata.org/entity/Q1985727"}
    minutes = {"amount": "+91", "unit": "http://www.wikidata.org/entity/Q7727"}
    person = {
        "type": "item", "id": "Q9000002", "labels": {"en": "Ann Orr"}, "descriptions": {"en": "who flew"},
        "aliases": {"en": ["A. Orr"]}, "sitelinks": {}, "statements": {
            "P31": [a_rest_statement("P31", "Q5", "wikibase-item")],
            "P569": [a_rest_statement(
                "P569", year, "time", rank="preferred",
                qualifiers=[a_rest_snak("P1480", "Q5727902", "wikibase-item")],
                references=[{"hash": "1", "parts": [a_rest_snak("P248", "Q328", "wikibase-item"),
                                                    a_rest_snak("P854", "https://example.org/", "url")]}],
            )],
            "P570": [a_rest_statement("P570", "novalue", "time")],
            "P345": [a_rest_statement("P345", "nm0000202", "external-id")],
        },
    }  # fmt: skip
    film = {
        "type": "item", "id": "Q9000001", "labels": {"en": "Moonward"}, "descriptions": {}, "aliases": {},
        "statements": {
            "P31": [a_rest_statement("P31", "Q11424", "wikibase-item")],
            "P57": [a_rest_statement("P57", "Q9000002", "wikibase-item")],
            "P2047": [a_rest_statement("P2047", minutes, "quantity")],
        },
    }  # fmt: skip
    imported(tmp_path, "wikidata", "person.json", json.dumps(person, indent=1))
    human = [a_rest_statement("P31", "Q5", "wikibase-item")]
    torn = {**person, "id": "Q9000003", "aliases": {}, "statements": {"P31": human, "P106": [{"rank": "normal"}]}}
    lines = "\n".join(json.dumps(one) for one in (film, person, torn))
    done = run(tmp_path, "import", "wikidata", str(a_file(tmp_path, "lines.json", lines).path))
    assert (done.returncode, "3 read, 1 not readable" in done.stdout) == (3, True), done.stderr
    assert "lines.json:3: Q9000003: a statement of P106 is malformed" in done.stderr
    assert current(tmp_path, "alternate_name")[:1] == [("person/wikidata-q9000002", "A. Orr")]
    with running(f"sqlite:///{tmp_path}/filmspace.db") as client:
        shown = client.get("/people/wikidata-q9000002?evidence=quotes").json()
        assert (shown["name"], shown["birth_date"], shown["description"]) == ("Ann Orr", "1921~", "who flew")
        assert shown["identifiers"]["imdb"] == "nm0000202"
        [fact] = shown["facts"]["birth_date"]
        assert fact["rank"] == "preferred"
        [reference] = fact["evidence"][0]["references"]
        assert (reference["stated_in"], reference["urls"]) == (["wikidata:Q328"], ["https://example.org/"])
        film = client.get("/films/wikidata-q9000001").json()
        assert (film["duration_minutes"], film["directors"][0]["label"]) == (91, "Ann Orr")


def test_what_an_answer_was_not_asked_for_does_not_end(tmp_path: Path) -> None:
    flown = {"en": [{"language": "en", "value": "A. Orr"}]}, {"en": {"language": "en", "value": "who flew"}}
    whole = makers.a_person_of_wikidata(aliases=flown[0], descriptions=flown[1])
    imported(tmp_path, "wikidata", "whole.json", json.dumps(whole))
    named = "name", "alternate_name", "description", "birth_date"
    before = [current(tmp_path, name) for name in named]
    assert all(before)
    statements = {name: told for name, told in whole.items() if name in ("type", "id", "claims")}
    labels = {name: told for name, told in whole.items() if name in ("type", "id", "labels")}
    assert "wikidata: unchanged" in imported(tmp_path, "wikidata", "claims.json", json.dumps(statements))
    told = imported(tmp_path, "wikidata", "labels.json", json.dumps({"entities": {"Q9000002": labels}}))
    assert "left out   1 of an item that is told without its statements" in told
    assert [current(tmp_path, name) for name in named] == before
    imported(tmp_path, "wikidata", "fewer.json", json.dumps({**whole, "aliases": [], "descriptions": []}))
    assert [bool(current(tmp_path, name)) for name in named] == [True, False, False, True]


@pytest.mark.parametrize(
    ("time", "precision", "expected"),
    [
        ("+1957-10-04T13:14:15Z", 14, "1957-10-04"),
        ("+1957-10-04T13:00:00Z", 12, "1957-10-04"),
        ("-0430-00-00T00:00:00Z", 8, "[-0438..-0429]"),
        ("-0005-00-00T00:00:00Z", 8, "[-0008..0000]"),
        ("+0005-00-00T00:00:00Z", 8, "000X"),
        ("-0001-00-00T00:00:00Z", 7, "-00XX"),
        ("-0001-00-00T00:00:00Z", 6, "-0XXX"),
    ],
)
def test_times_are_as_fine_as_they_are_told(tmp_path: Path, time: str, precision: int, expected: str) -> None:
    circa = {"P1480": [a_snak("P1480", an_item(5727902))]}
    for name, qualifiers in (("plain", {}), ("circa", circa)):
        born = a_statement("P569", a_time(time, precision), qualifiers=qualifiers)
        person = makers.an_entity("Q9000002", [a_statement("P31", an_item(5)), born], "Ann Orr")
        imported(tmp_path, "wikidata", f"{name}.json", json.dumps(person))
        doubt = "~" * (name == "circa" and "[" not in expected)
        assert current(tmp_path, "birth_date") == [("person/wikidata-q9000002", expected + doubt)]


def test_a_release_is_the_first_and_as_fine_as_it_is_told(tmp_path: Path) -> None:
    year, day = a_time("+1995-00-00T00:00:00Z", 9), a_time("+1995-06-30T00:00:00Z")
    later, before = a_time("+1995-08-01T00:00:00Z"), a_time("+1994-12-00T00:00:00Z", 10)
    for number, (told, expected) in enumerate((
        ([year, day], "1995-06-30"), ([day, year, later], "1995-06-30"), ([year, later, day], "1995-06-30"),
        ([day, before, year], "1994-12"), ([day, day], "1995-06-30"),
    )):  # fmt: skip
        said = [a_statement("P31", an_item(11424)), *(a_statement("P577", one) for one in told)]
        imported(tmp_path, "wikidata", f"{number}.json", json.dumps(makers.an_entity("Q9000001", said, "Moonward")))
        assert current(tmp_path, "release_date") == [("film/wikidata-q9000001", expected)]


def test_somebody_as_themselves_plays_nobody(tmp_path: Path) -> None:
    parts = (
        ("P161", an_item(9000002 + at), {"P4633": [a_snak("P4633", name)]}) for at, name in enumerate(("Self", "Vale"))
    )
    cast = [a_statement(number, who, qualifiers=named) for number, who, named in parts]
    film = makers.an_entity("Q9000001", [a_statement("P31", an_item(11424)), *cast], "Moonward")
    imported(tmp_path, "wikidata", "film.json", json.dumps(film))
    assert len(current(tmp_path, "cast")) == 2
    assert [name for one, name in current(tmp_path, "name") if one.startswith("character/")] == ["Vale"]


def test_an_identifier_of_something_else_identifies_nobody(tmp_path: Path) -> None:
    numbers = ("P345", "tt0000101"), ("P345", " nm0000202 "), ("P214", "none"), ("P2704", "10.5240/X")
    said = [a_statement("P31", an_item(5)), *(a_statement(*one) for one in numbers)]
    told = imported(tmp_path, "wikidata", "x.json", json.dumps(makers.an_entity("Q9000002", said, "Ann Orr")))
    for number in ("P345", "P214", "P2704"):
        assert f"left out   1 of {number} of a person" in told
    assert [one for _, one in current(tmp_path, "identifier")] == ["imdb:nm0000202", "wikidata:Q9000002"]


def test_what_something_is_by_what_it_is_an_instance_of(tmp_path: Path) -> None:
    classes = (
        (20650540, "film_type", "anime film"), (484652, "organisation_type", "international organization"),
        (2537, "place_type", "natural satellite"),
    )  # fmt: skip
    for at, (number, name, label) in enumerate(classes):
        one = makers.an_entity(f"Q900000{at}", [a_statement("P31", an_item(number))], "One")
        imported(tmp_path, "wikidata", f"{at}.json", json.dumps(one))
        assert [told for _, told in current(tmp_path, name)] == [label]


def test_what_is_no_item_is_nobody(tmp_path: Path) -> None:
    said = [
        a_statement("P57", {"entity-type": "property", "numeric-id": 31, "id": "P31"}),
        a_statement("P57", {"entity-type": "item", "numeric-id": float("inf")}),
        a_statement("P31", an_item(11424)),
    ]
    dump = makers.wikidata_dump(*(makers.an_entity(one, said, "Moonward") for one in ("Q9000001", "Q007", "Q0")))
    dump = dump.replace("Infinity", "1e999")  # which is read as that
    done = run(tmp_path, "import", "wikidata", str(a_file(tmp_path, "dump.json", dump).path))
    assert done.returncode == 3
    assert "dump.json:2: Q9000001: a statement of P57 is malformed: expected an item, not a property" in done.stderr
    assert "a statement of P57 is malformed: OverflowError" in done.stderr
    assert "'Q007' is no id of an item" in done.stderr
    assert (current(tmp_path, "director"), len(current(tmp_path, "name"))) == ([], 1)


def test_what_is_no_length_of_time_is_no_duration(tmp_path: Path) -> None:
    for number, (amount, unit) in enumerate((("+0", 7727), ("-91", 7727), ("+91", 11573), ("+91.5", 7727))):
        told = {"amount": amount, "unit": f"http://www.wikidata.org/entity/Q{unit}"}
        film = makers.an_entity(
            "Q9000001", [a_statement("P31", an_item(11424)), a_statement("P2047", told)], "Moonward"
        )
        said = imported(tmp_path, "wikidata", f"{number}.json", json.dumps(film))
        assert ("left out   1 of P2047 that is no length of time" in said) == (number < 3)
        assert current(tmp_path, "duration") == [("film/wikidata-q9000001", "91.5 minute")] * (number == 3)


def test_an_amount_keeps_all_its_digits(tmp_path: Path) -> None:
    amount = {"amount": "+1234567890123456789012345678901.250", "unit": "http://www.wikidata.org/entity/Q4917"}
    film = [a_statement("P31", an_item(11424)), a_statement("P2142", amount)]
    # Bounds that are the amount itself say nothing.
    film += [
        a_statement("P2130", {**amount, "lowerBound": one, "upperBound": amount["amount"]})
        for one in ("+1", amount["amount"])
    ]
    told = imported(tmp_path, "wikidata", "film.json", json.dumps(makers.an_entity("Q9000001", film, "Moonward")))
    assert "left out   1 of bounds of P2130" in told
    assert [told for _, told in current(tmp_path, "box_office")] == [
        "1234567890123456789012345678901.25 United States dollar"
    ]


@pytest.mark.parametrize("end", ["{", "["])
def test_a_first_line_that_is_torn_where_something_begins_costs_itself_alone(tmp_path: Path, end: str) -> None:
    torn = json.dumps(makers.a_person_of_wikidata())
    torn = torn[: torn.index(end, 30) + 1]
    content = makers.wikidata_dump(makers.a_film_of_wikidata()).replace("[\n", f"[\n{torn}\n", 1)
    done = run(tmp_path, "import", "wikidata", str(a_file(tmp_path, "dump.json", content).path))
    assert (done.returncode, "dump.json:2: is no JSON" in done.stderr) == (3, True), done.stderr
    assert "entries    8 read, 1 not readable" in done.stdout or ", 1 not readable" in done.stdout
