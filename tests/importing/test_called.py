"""What things are called of which Wikidata does not say what they are in a way that is known here."""

import json
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from tests.importing.makers import a_snak, a_statement, an_entity, an_item, wikidata_dump
from tests.importing.test_other_files import current, imported
from tests.importing.test_wikidata_ranks import record
from tests.test_cli import run

pytestmark = pytest.mark.usefixtures("migrated")

FILM, VALLEY = "film/wikidata-q9000001", "place/wikidata-q9000021"


def a_film(*places: int) -> Any:
    where = (a_statement("P915", an_item(one)) for one in places)
    return an_entity("Q9000001", [a_statement("P31", an_item(11424)), *where], "Moonward")


def a_valley(label: str | None = "Wadi Rum", identifier: str = "Q9000021", **more: Any) -> Any:
    return an_entity(identifier, [a_statement("P31", an_item(8999999))], label, **more)


@pytest.mark.parametrize("order", [*permutations(("film", "valley"))])
@pytest.mark.parametrize("is_one_file", [True, False])
def test_it_is_called_so_where_something_refers_to_it(
    tmp_path: Path, order: tuple[str, ...], *, is_one_file: bool
) -> None:
    told = {"film": a_film(9000021), "valley": a_valley()}
    # Of an item that comes before whoever refers to it nothing is kept: that would be all of Wikidata.
    ordered = [told[one] for one in order] + [told["valley"]] * (not is_one_file)
    for number, files in enumerate([ordered] if is_one_file else [[one] for one in ordered]):
        imported(tmp_path, "wikidata", f"{number}.json", wikidata_dump(*files))
    (place,) = record(tmp_path, "/films/wikidata-q9000001")["filming_locations"]
    assert (place["label"], place["slug"]) == ("Wadi Rum", "wikidata-q9000021")
    shown = record(tmp_path, "/places/wikidata-q9000021?evidence=quotes")
    assert (shown["name"], shown["label"]) == (None, "Wadi Rum")
    assert record(tmp_path, "/search?q=wadi rum")["results"][0]["slug"] == "wikidata-q9000021"
    again = imported(tmp_path, "wikidata", "again.json", wikidata_dump(*ordered))
    assert "wikidata: unchanged" in again
    assert "everything holds" in run(tmp_path, "check").stdout


def test_nothing_is_kept_of_what_nothing_refers_to(tmp_path: Path) -> None:
    told = imported(tmp_path, "wikidata", "one.json", wikidata_dump(a_valley(), a_film()))
    assert "1 of an item of no kind that is held here" in told
    assert record(tmp_path, "/places")["count"] == 0
    assert current(tmp_path, "label") == []


def test_of_an_item_that_comes_again_the_first_counts(tmp_path: Path) -> None:
    imported(tmp_path, "wikidata", "one.json", wikidata_dump(a_valley(), a_film(9000021), a_valley("Other")))
    assert current(tmp_path, "label") == [(VALLEY, "Wadi Rum")]


def test_a_newer_label_takes_the_place_of_the_older(tmp_path: Path) -> None:
    imported(tmp_path, "wikidata", "one.json", wikidata_dump(a_film(9000021), a_valley()))
    imported(tmp_path, "wikidata", "two.json", wikidata_dump(a_valley("Valley of the Moon")))
    assert current(tmp_path, "label") == [(VALLEY, "Valley of the Moon")]


def test_a_newer_film_that_was_shot_elsewhere_leaves_nothing_of_it(tmp_path: Path) -> None:
    imported(tmp_path, "wikidata", "one.json", wikidata_dump(a_film(9000021), a_valley()))
    imported(tmp_path, "wikidata", "two.json", wikidata_dump(a_film(9000022), a_valley()))
    assert current(tmp_path, "filming_location") == [(FILM, "wikidata-q9000022")]
    imported(tmp_path, "wikidata", "three.json", wikidata_dump(a_valley()))
    assert current(tmp_path, "label") == []
    assert "everything holds" in run(tmp_path, "check").stdout


def test_what_is_known_later_to_be_a_place_has_a_name(tmp_path: Path) -> None:
    imported(tmp_path, "wikidata", "one.json", wikidata_dump(a_film(9000021), a_valley()))
    known = an_entity("Q9000021", [a_statement("P31", an_item(515))], "Wadi Rum")
    imported(tmp_path, "wikidata", "two.json", wikidata_dump(known))
    assert (current(tmp_path, "label"), current(tmp_path, "name")[1:]) == ([], [(VALLEY, "Wadi Rum")])


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        ({"de": "Tal", "en": ""}, "Tal"), ({"fr": "Vallée", "en-gb": "Valley"}, "Valley"), ({"en": " "}, "wikidata-q9000021"),
        ([], "wikidata-q9000021"), (None, "wikidata-q9000021"), ("Tal", "wikidata-q9000021"),
    ],
)  # fmt: skip
def test_its_label_is_that_of_any_item(tmp_path: Path, labels: Any, expected: str) -> None:
    told = (
        {code: {"language": code, "value": text} for code, text in labels.items()} if type(labels) is dict else labels
    )
    imported(tmp_path, "wikidata", "one.json", wikidata_dump(a_film(9000021), {**a_valley(), "labels": told}))
    (place,) = record(tmp_path, "/films/wikidata-q9000001")["filming_locations"]
    assert place["label"] == expected


def test_an_empty_label_names_nothing(tmp_path: Path) -> None:
    labels = {code: {"language": code, "value": text} for code, text in (("en", ""), ("de", "Mondwärts"))}
    imported(tmp_path, "wikidata", "one.json", wikidata_dump({**a_film(), "labels": labels}))
    assert record(tmp_path, "/films/wikidata-q9000001")["name"] == "Mondwärts"


def test_what_a_part_is_called_in_the_cast_comes_before_the_label_of_its_item(tmp_path: Path) -> None:
    part = {"P453": [a_snak("P453", an_item(9000021))], "P4633": [a_snak("P4633", "The Voice")]}
    cast = a_statement("P161", an_item(9000004), qualifiers=part)
    film = an_entity("Q9000001", [a_statement("P31", an_item(11424)), cast], "Moonward")
    for number, told in enumerate(
        [(film, a_valley("Agent Orr")), (a_valley("Agent Orr"),), (film,), (a_valley("Agent Orr"),)]
    ):
        output = imported(tmp_path, "wikidata", f"{number}.json", wikidata_dump(*told))
        assert (number == 0) == ("wikidata: unchanged" not in output)
    assert ("character/wikidata-q9000021", "The Voice") in current(tmp_path, "label")
    assert ("character/wikidata-q9000021", "Agent Orr") not in current(tmp_path, "label")


def test_it_is_called_so_by_its_former_id_as_well(tmp_path: Path) -> None:
    now = a_valley(identifier="Q9000022", redirects={"from": "Q9000021", "to": "Q9000022"})
    imported(tmp_path, "wikidata", "one.json", wikidata_dump(a_film(9000021)))
    imported(tmp_path, "wikidata", "two.json", json.dumps({"entities": {"Q9000022": now}}))
    (place,) = record(tmp_path, "/films/wikidata-q9000001")["filming_locations"]
    assert place["label"] == "Wadi Rum"
    assert record(tmp_path, "/places?identifier=wikidata:Q9000022")["count"] == 1
    again = imported(tmp_path, "wikidata", "three.json", json.dumps({"entities": {"Q9000021": now}}))
    assert "wikidata: unchanged" in again


def test_it_is_called_so_however_often_another_item_is_told_to_stand_for_it(tmp_path: Path) -> None:
    told = [(a_film(9000021), a_valley()), *[(a_film(9000022), {"entity": "Q9000021", "redirect": "Q9000022"})] * 2]
    outputs = [imported(tmp_path, "wikidata", f"{number}.json", wikidata_dump(*one)) for number, one in enumerate(told)]
    assert ["wikidata: unchanged" in one for one in outputs] == [False, False, True]
    (place,) = record(tmp_path, "/films/wikidata-q9000001")["filming_locations"]
    assert (place["slug"], place["label"]) == ("wikidata-q9000022", "Wadi Rum")
