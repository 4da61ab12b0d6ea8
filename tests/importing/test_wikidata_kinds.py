"""What an item of Wikidata's points to may be another thing than the property takes: the item itself says what it is."""

from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from tests.importing.makers import a_snak, a_statement, an_entity, an_item, wikidata_dump
from tests.importing.test_other_files import current, imported
from tests.importing.test_wikidata_ranks import record

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
