"""What statements of Wikidata refer to: shown with the receipt, kept in an export, and told anew when it changes."""

import csv
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.conftest import running
from tests.importing import makers
from tests.importing.makers import a_snak, a_statement, an_item
from tests.importing.test_other_files import imported
from tests.test_cli import run

pytestmark = pytest.mark.usefixtures("migrated")

_CLAIM = "/facts?subject=film/wikidata-q9000001&property=director"


def a_reference(**snaks: list[Any]) -> dict[str, Any]:
    """A reference with the values of snaks by their properties."""
    return {"snaks": {number: [a_snak(number, one) for one in values] for number, values in snaks.items()}}


ENCYCLOPAEDIA = a_reference(
    P248=[an_item(9000007)], P854=["https://films.example/moonward"], P813=[makers.a_time("+2013-10-07T00:00:00Z")],
    P1476=[{"text": "All of\n Moonward", "language": "en"}], P304=["12", "13"],
)  # fmt: skip
WIKIPEDIA = a_reference(P143=[{"id": "Q328", "entity-type": "item"}], P813=["somevalue"])
# Half of a character can be written in JSON alone, by the name of its code.
HALVED = a_reference(P1=["a\0b", "HALF"])


def a_film(*references: Any, **more: Any) -> str:
    """A dump of one film, whose director has these references."""
    statements = [
        a_statement("P31", an_item(11424)),
        a_statement("P57", an_item(9000002), references=list(references), **more),
        a_statement("P161", an_item(9000003)),
    ]
    film = makers.wikidata_dump(makers.an_entity("Q9000001", statements, "Moonward"))
    return film.replace("HALF", "\\ud800")


def evidence(client: httpx.Client) -> dict[str, Any]:
    """The one piece of evidence of who directed the film."""
    [fact] = client.get(_CLAIM).json()["results"]
    [one] = fact["evidence"]
    assert isinstance(one, dict)
    return one


def test_a_statement_shows_what_it_refers_to(tmp_path: Path) -> None:
    told = imported(tmp_path, "wikidata", "dump.json", a_film(ENCYCLOPAEDIA, WIKIPEDIA, HALVED, {"snaks": []}))
    assert "left out   1 of parts of references" in told, "once for each statement"
    encyclopaedia = {
        "stated_in": ["wikidata:Q9000007"], "imported_from": [], "urls": ["https://films.example/moonward"],
        "titles": ["All of Moonward"], "retrieved": ["2013-10-07"], "others": {"P304": ["12", "13"]},
    }  # fmt: skip
    nothing: dict[str, Any] = {"stated_in": [], "urls": [], "titles": [], "retrieved": [], "others": {}}
    in_words = "stated in wikidata:Q9000007, All of Moonward, https://films.example/moonward, retrieved 2013-10-07"
    with running(f"sqlite:///{tmp_path}/filmspace.db") as client:
        assert evidence(client)["references"] == [encyclopaedia, {**nothing, "imported_from": ["wikidata:Q328"]}]
        [cast] = client.get("/facts?subject=film/wikidata-q9000001&property=cast").json()["results"]
        assert cast["evidence"][0]["references"] == []
        [fact] = client.get("/films/wikidata-q9000001?evidence=quotes").json()["facts"]["directors"]
        assert len(fact["evidence"][0]["references"]) == 2
        [appearance] = client.get(fact["url"], headers={"Accept": "application/ld+json"}).json()["appearance"]
        assert appearance["citation"][0] == {
            "@type": "CreativeWork", "name": ["All of Moonward"], "url": ["https://films.example/moonward"],
            "isPartOf": [{"@type": "CreativeWork", "@id": "http://www.wikidata.org/entity/Q9000007"}],
            "description": f"{in_words}, P304 12, P304 13",
        }  # fmt: skip
        page = client.get("/films/wikidata-q9000001", headers={"Accept": "text/markdown"}).text
        assert "(stated in wikidata:Q9000007, All of Moonward, https\\://films.example/moonward" in page
        assert "imported from wikidata:Q328)" in page
    assert run(tmp_path, "export", str(tmp_path / "tables"), "--format", "csv").returncode == 0
    with (tmp_path / "tables" / "evidence.csv").open(newline="") as rows:
        assert f"{in_words}, P304 12, P304 13; imported from wikidata:Q328" in {
            row["references"] for row in csv.DictReader(rows)
        }


def test_an_export_has_references_and_needs_none(tmp_path: Path) -> None:
    """An export of before there were any is taken as well, and is the same again."""
    imported(tmp_path, "wikidata", "dump.json", a_film(ENCYCLOPAEDIA))
    exports = list[bytes]()
    for name in ("one", "two"):
        folder = tmp_path / name
        folder.mkdir()
        if exports:
            (folder / "all.ndjson").write_bytes(exports[-1])
            done = run(folder, "import", "ndjson", str(folder / "all.ndjson"))
            assert done.returncode == 0, done.stderr
        assert run(folder if exports else tmp_path, "export", str(folder / "out")).returncode == 0
        exports.append((folder / "out" / "filmspace.ndjson").read_bytes())
    assert exports[0] == exports[1]
    assert exports[0].count(b'"references":') == 1, "what refers to nothing has no such key"
    with running(f"sqlite:///{tmp_path}/two/filmspace.db") as client:
        assert evidence(client)["references"][0]["stated_in"] == ["wikidata:Q9000007"]


def test_other_references_are_told_anew_and_the_same_are_not(tmp_path: Path) -> None:
    def told(*references: Any, **more: Any) -> str:
        return imported(tmp_path, "wikidata", "dump.json", a_film(*references, **more))

    told(WIKIPEDIA)
    assert "wikidata: unchanged" in told(WIKIPEDIA)
    assert "1 new, 4 unchanged, 1 superseded" in told(ENCYCLOPAEDIA)
    assert "wikidata: unchanged" in told(ENCYCLOPAEDIA)
    with running(f"sqlite:///{tmp_path}/filmspace.db") as client:
        assert [one["titles"] for one in evidence(client)["references"]] == [["All of Moonward"]]
    assert "1 new, 4 unchanged, 1 superseded" in told()
    with running(f"sqlite:///{tmp_path}/filmspace.db") as client:
        assert evidence(client)["references"] == []
    assert run(tmp_path, "check").returncode == 0


def test_what_an_item_says_twice_is_said_once_with_all_that_it_refers_to(tmp_path: Path) -> None:
    """A day of release in each of two countries; and a value that was deprecated in one statement, and is not in another."""

    def a_statement_of_it(rank: str, *references: Any) -> dict[str, Any]:
        return a_statement("P577", makers.a_time("+1957-10-04T00:00:00Z"), rank, references=list(references))

    days = [
        a_statement_of_it("deprecated", ENCYCLOPAEDIA),
        a_statement_of_it("normal", WIKIPEDIA),
        a_statement_of_it("normal", ENCYCLOPAEDIA, WIKIPEDIA),
    ]
    film = makers.an_entity("Q9000001", [a_statement("P31", an_item(11424)), *days], "Moonward")
    # The same item again, as in a file that was put together of two.
    other = makers.an_entity("Q9000001", [a_statement("P31", an_item(11424)), days[1]], "Moonward")
    for expected in ("left out   1 of further release_date of one value", "wikidata: unchanged"):
        assert expected in imported(tmp_path, "wikidata", "dump.json", makers.wikidata_dump(film, other))
    with running(f"sqlite:///{tmp_path}/filmspace.db") as client:
        [fact] = client.get("/facts?subject=film/wikidata-q9000001&property=release_date").json()["results"]
    assert fact["rank"] == "normal"
    assert [one["imported_from"] for one in fact["evidence"][0]["references"]] == [["wikidata:Q328"], []]
