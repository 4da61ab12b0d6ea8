"""What an item of Wikidata's points to may be another thing than the property takes: the item itself says what it is."""

from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from tests.importing.makers import a_file, a_snak, a_statement, an_entity, an_item, wikidata_dump
from tests.importing.test_other_files import current, imported
from tests.importing.test_wikidata_ranks import record
from tests.test_cli import run

pytestmark = pytest.mark.usefixtures("migrated")

FILM = an_entity(
    "Q9000001",
    [
        a_statement("P31", an_item(11424)), a_statement("P162", an_item(9000004)), a_statement("P162", an_item(9000002)),
        a_statement("P915", an_item(9000006)),
        a_statement("P161", an_item(9000003), qualifiers={"P453": [a_snak("P453", an_item(9000002))]}),
    ],
    "Moonward",
)  # fmt: skip
COMPANY = an_entity("Q9000004", [a_statement("P31", an_item(1762059))], "Moon Pictures")
STUDIO = an_entity("Q9000006", [a_statement("P31", an_item(375336))], "Pinewood")
PERSON = an_entity("Q9000002", [a_statement("P31", an_item(5))], "Ann Orr")
ALL = {"film": FILM, "company": COMPANY, "studio": STUDIO, "person": PERSON}


def shown(folder: Path) -> dict[str, Any]:
    film = record(folder, "/films/wikidata-q9000001")
    (part,) = film["cast"]
    return {
        "producers": [one["label"] for one in film["producers"]],
        "filming_locations": film["filming_locations"],
        "character": part["character"]["label"],
        "people": sorted(one["slug"] for one in record(folder, "/people")["results"]),
        "places": record(folder, "/places")["count"],
    }


AS_TOLD = {
    "producers": ["Ann Orr"], "filming_locations": [], "character": "Ann Orr",
    "people": ["wikidata-q9000002", "wikidata-q9000003"], "places": 0,
}  # fmt: skip


@pytest.mark.parametrize("order", list(permutations(ALL))[::5])
def test_a_company_is_no_person_in_whatever_order_and_file(tmp_path: Path, order: tuple[str, ...]) -> None:
    told = imported(tmp_path, "wikidata", "dump.json", wikidata_dump(*(ALL[name] for name in order)))
    assert "left out   1 of producer that is an organisation" in told
    assert "left out   1 of filming_location that is an organisation" in told
    assert shown(tmp_path) == AS_TOLD
    again = imported(tmp_path, "wikidata", "dump.json", wikidata_dump(*(ALL[name] for name in order)))
    assert "wikidata: unchanged" in again


@pytest.mark.parametrize("order", [tuple(ALL), tuple(reversed(ALL))])
def test_so_it_is_where_each_comes_in_an_import_of_its_own(tmp_path: Path, order: tuple[str, ...]) -> None:
    for name in order:
        imported(tmp_path, "wikidata", f"{name}.json", wikidata_dump(ALL[name]))
    assert shown(tmp_path) == AS_TOLD
    for name in order:
        assert "wikidata: unchanged" in imported(tmp_path, "wikidata", f"{name}.json", wikidata_dump(ALL[name]))
    assert shown(tmp_path) == AS_TOLD
    assert ("character/wikidata-q9000002", "Ann Orr") in current(tmp_path, "label")


def test_a_country_that_is_only_referred_to_has_its_label(tmp_path: Path) -> None:
    company = an_entity(
        "Q9000004", [a_statement("P31", an_item(1762059)), a_statement("P17", an_item(183))], "Moon Pictures"
    )
    imported(tmp_path, "wikidata", "dump.json", wikidata_dump(company))
    country = record(tmp_path, "/organisations/wikidata-q9000004")["country"]
    assert (country["slug"], country["label"]) == ("wikidata-q183", "Germany")
    assert record(tmp_path, "/places/wikidata:Q183")["name"] is None
    assert "wikidata: unchanged" in imported(tmp_path, "wikidata", "dump.json", wikidata_dump(company))


def a_part(text: str | None, of: int = 9000005, identifier: str = "Q9000001") -> Any:
    qualifiers = {"P453": [a_snak("P453", an_item(of))]} | ({"P4633": [a_snak("P4633", text)]} if text else {})
    cast = a_statement("P161", an_item(9000003), qualifiers=qualifiers)
    return an_entity(identifier, [a_statement("P31", an_item(11424)), cast], "Moonward")


CAPTAIN = an_entity("Q9000005", [a_statement("P31", an_item(15773347))], "Captain X")


@pytest.mark.parametrize("turned", [False, True])
def test_a_part_that_has_a_name_beside_its_item_hides_nothing_of_it(tmp_path: Path, turned: bool) -> None:
    entities = [a_part("Cap"), CAPTAIN, a_part("Captain", identifier="Q9000008")]
    told = imported(tmp_path, "wikidata", "dump.json", wikidata_dump(*(reversed(entities) if turned else entities)))
    assert "comes again" not in told
    character = record(tmp_path, "/characters/wikidata:Q9000005")
    assert (character["name"], character["identifiers"]) == ("Captain X", {"wikidata": "Q9000005"})
    assert record(tmp_path, "/films")["count"] == 2


def test_what_was_a_person_is_none_any_more_whatever_its_parts_are_called(tmp_path: Path) -> None:
    person = an_entity("Q9000001", [a_statement("P31", an_item(5))], "Moonward")
    imported(tmp_path, "wikidata", "one.json", wikidata_dump(person))
    told = imported(tmp_path, "wikidata", "two.json", wikidata_dump(a_part("Cap")))
    assert "1 of what was a person, and is none any more" in told
    assert record(tmp_path, "/people?identifier=wikidata:Q9000001")["count"] == 0
    assert record(tmp_path, "/characters?identifier=wikidata:Q9000005")["count"] == 1


@pytest.mark.parametrize(
    ("before", "now", "labels"),
    [
        ((a_part("Cap"),), (a_part("Captain"),), ["Captain"]),
        ((a_part(None, 9000002), PERSON), (a_part(None, 9000002), {**PERSON, "labels": {}}), ["Ann Orr"]),
        ((a_part("Cap", 9000002), PERSON), (a_part("Captain", 9000002), PERSON), ["Ann Orr"]),
    ],
)
def test_a_part_is_called_as_it_was_last(tmp_path: Path, before: Any, now: Any, labels: list[str]) -> None:
    for name, entities in (("one.json", before), ("two.json", now), ("three.json", now)):
        told = imported(tmp_path, "wikidata", name, wikidata_dump(*entities))
    assert "wikidata: unchanged" in told
    assert [label for _, label in current(tmp_path, "label")] == labels


def test_who_is_called_otherwise_now_is_so_as_a_part(tmp_path: Path) -> None:
    renamed = {**PERSON, "labels": {"en": {"language": "en", "value": "Ann Ork"}}}
    for name, person in (("one.json", PERSON), ("two.json", renamed)):
        imported(tmp_path, "wikidata", name, wikidata_dump(FILM, person))
    assert [label for _, label in current(tmp_path, "label")] == ["Ann Ork"]


def test_what_an_import_ended_comes_back_with_the_file_once_it_is_withdrawn(tmp_path: Path) -> None:
    imported(tmp_path, "wikidata", "film.json", wikidata_dump(FILM))
    rest = wikidata_dump(COMPANY, STUDIO)
    slug = imported(tmp_path, "wikidata", "rest.json", rest).split("imported as ")[1].split()[0]
    film, rest_again = wikidata_dump(FILM), ("again.json", rest)
    commands = [
        (("withdraw", slug, "--reason", "wrong"), 1), (("import", "wikidata", a_dump(tmp_path, "film.json", film)), 2),
        (("undo", "3", "--reason", "right"), 2), (("import", "wikidata", a_dump(tmp_path, *rest_again)), 1),
    ]  # fmt: skip
    assert len(record(tmp_path, "/films/wikidata-q9000001")["producers"]) == 1
    for command, producers in commands:
        assert run(tmp_path, *command).returncode == 0
        assert len(record(tmp_path, "/films/wikidata-q9000001")["producers"]) == producers
        assert run(tmp_path, "check").returncode == 0


def a_dump(folder: Path, name: str, content: str) -> str:
    return str(a_file(folder, name, content).path)


def test_a_former_item_is_followed_in_the_file_that_names_it(tmp_path: Path) -> None:
    redirect = {"id": "Q9000004", "redirect": "Q9000007"}
    content = wikidata_dump(FILM, redirect, an_entity("Q9000007", [a_statement("P31", an_item(5))], "Eve Orr"))
    imported(tmp_path, "wikidata", "dump.json", content)
    assert sorted(one["label"] for one in record(tmp_path, "/films/wikidata-q9000001")["producers"]) == [
        "Eve Orr", "wikidata-q9000002",
    ]  # fmt: skip
    assert "wikidata: unchanged" in imported(tmp_path, "wikidata", "dump.json", content)


@pytest.mark.parametrize("film", [a_part("Cap"), a_part(None), FILM])
def test_files_with_former_items_change_nothing_the_second_time(tmp_path: Path, film: Any) -> None:
    former = [{"id": f"Q900000{one}", "redirect": "Q9000007"} for one in (5, 2)]
    for order in permutations((film, *former, an_entity("Q9000007", [a_statement("P31", an_item(15773347))], "X"))):
        imported(tmp_path, "wikidata", "dump.json", wikidata_dump(*order))
        assert "wikidata: unchanged" in imported(tmp_path, "wikidata", "dump.json", wikidata_dump(*order))
    for told in (film, former[0], film, former[0]):
        last = imported(tmp_path, "wikidata", "dump.json", wikidata_dump(told))
    assert "wikidata: unchanged" in last


def test_an_item_and_its_redirect_change_nothing_the_second_time(tmp_path: Path) -> None:
    other = an_entity("Q9000008", [a_statement("P31", an_item(11424))], "Other")
    for order in permutations((a_part(None), other, {"id": "Q9000001", "redirect": "Q9000008"})):
        imported(tmp_path, "wikidata", "dump.json", wikidata_dump(*order))
        assert "wikidata: unchanged" in imported(tmp_path, "wikidata", "dump.json", wikidata_dump(*order))


def test_of_a_record_that_comes_again_no_part_is_taken(tmp_path: Path) -> None:
    film = an_entity("Q9000001", [a_statement("P31", an_item(11424))], "Moonward")
    assert "comes again" in imported(tmp_path, "wikidata", "dump.json", wikidata_dump(film, a_part("Cap")))
    assert record(tmp_path, "/characters")["count"] == 0
