"""Files that are damaged in one place, through the command: it costs the line or record, and that is told."""

import bz2
import gzip
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import running
from tests.importing import makers
from tests.importing.makers import a_file, a_snak, a_statement, an_item, rows
from tests.importing.test_other_files import current, imported
from tests.test_cli import run

pytestmark = pytest.mark.usefixtures("migrated")


@pytest.mark.parametrize("bad", [b"\xff", b"\x00"])
def test_a_byte_that_is_no_text_costs_its_record(tmp_path: Path, bad: bytes) -> None:
    page = {"entities": {"Q9000001": makers.a_film_of_wikidata(), "Q9000002": makers.a_person_of_wikidata()}}
    content = json.dumps(page, indent=1).encode().replace(b"film of 1957", b"film " + bad)
    line = 1 + content[: content.index(bad)].count(b"\n")
    done = run(tmp_path, "import", "wikidata", str(a_file(tmp_path, "page.json", content).path))
    assert done.returncode == 3, done.stderr
    assert f"page.json:{line}: " in done.stderr
    assert "1 line or record could not be read" in done.stderr
    assert current(tmp_path, "name") == [("person/wikidata-q9000002", "Ann Orr")]
    launches = makers.a_page(makers.a_launch(1), makers.a_launch(2)).encode().replace(b"Parcel 1", b"Parcel " + bad)
    done = run(tmp_path, "import", "launch-library", str(a_file(tmp_path, "launches.json", launches).path))
    assert (done.returncode, "launches.json:8: " in done.stderr) == (3, True), done.stderr
    assert [name for _, name in current(tmp_path, "name") if "Parcel" in name] == ["Carrier 5 | Parcel 2"]


def test_a_byte_that_is_no_text_is_told_where_nothing_else_is_read(tmp_path: Path) -> None:
    for line, name, content in ((1, "line.json", b'{"id": "Q\xff"}\n'), (2, "page.json", b'{\n"id": \xff}\n')):
        done = run(tmp_path, "import", "wikidata", str(a_file(tmp_path, name, content).path))
        assert done.returncode == 1
        assert f"{name}:{line}: byte 0xff is not UTF-8" in done.stderr
        assert "nothing is stored" in done.stderr


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress], ids=["gzip", "bzip2"])
def test_what_follows_a_packed_file_is_passed_over(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    half = len(makers.imdb_names()) // 2
    first, second = (pack(one.encode()) for one in (makers.imdb_names()[:half], makers.imdb_names()[half:]))
    packed = first + second
    imported(tmp_path, "imdb", "streams", packed + bytes(1000))
    assert len(current(tmp_path, "name")) == 2
    for name, more in (("names", b"j"), ("zeros", bytes(3) + b"<html>" * 50_000)):
        done = run(tmp_path, "import", "imdb", str(a_file(tmp_path, name, packed + more).path))
        assert (done.returncode, "imdb-names: unchanged" in done.stdout) == (3, True), done.stderr
        assert f"{name}:4: what follows the packed contents is none of them" in done.stderr
    # Where a further stream is damaged, bzip2's own module takes the first to be all.
    torn = first + second[:12] + b"wrong" + second[17:]
    for name, content in (("cut", packed[:-1]), ("begun", packed + packed[:4]), ("torn", torn)):
        done = run(tmp_path, "import", "imdb", str(a_file(tmp_path, name, content).path))
        assert (done.returncode, f"{name}: the packed file is damaged" in done.stderr) == (1, True), done.stderr


@pytest.mark.parametrize("begun", ["[\n", "["])
def test_a_dump_that_was_cut_off_between_two_lines_is_told(tmp_path: Path, begun: str) -> None:
    film, person = (json.dumps(one) for one in (makers.a_film_of_wikidata(), makers.a_person_of_wikidata()))
    last = 1 + len(begun)
    for end, words in ((",\n", "the list is not closed"), ("", "the list is not closed"), (",\n{", "is no JSON")):
        file = a_file(tmp_path, "cut.json", f"{begun}{film},\n{person}{end}")
        done = run(tmp_path, "import", "wikidata", str(file.path))
        assert (done.returncode, done.stderr.count("cut.json:")) == (3, 1), done.stderr
        assert f"cut.json:{last + ('{' in end)}: " in done.stderr
        assert words in done.stderr
        assert {"Moonward", "Ann Orr"} <= {name for _, name in current(tmp_path, "name")}
    for end in ("\n]\n", "]", ",\n]"):
        imported(tmp_path, "wikidata", "whole.json", f"{begun}{film},\n{person}{end}")
    # Lines out of a dump are no list that was cut off.
    imported(tmp_path, "wikidata", "lines.json", f"{film},\n{person},\n")


def test_half_a_character_in_a_part_costs_that_part(tmp_path: Path) -> None:
    imported(
        tmp_path,
        "imdb",
        "titles",
        rows(makers.TITLES, ("tt0000101", "movie", "Moonward", "Moonward", "0", *["\\N"] * 4)),
    )
    played = ("tt0000101", "1", "nm0000201", "actor", "\\N", r'["Half \ud83d", "A \ud83d\ude80", "N \u0000"]')
    imported(tmp_path, "imdb", "principals", rows(makers.PRINCIPALS, played))
    half = {"P4633": [a_snak("P4633", "Half \ud83d")]}
    film = [a_statement("P31", an_item(11424)), a_statement("P161", an_item(9000002), qualifiers=half)]
    content = json.dumps(makers.an_entity("Q9000001", film, "Moonward"))
    imported(tmp_path, "wikidata", "film.json", content)
    assert [name for one, name in current(tmp_path, "name") if one.startswith("character/")] == ["A \U0001f680"]
    assert len(current(tmp_path, "present_in_work")) == 1
    assert [one for _, one in current(tmp_path, "cast")] == ["imdb-nm0000201", "wikidata-q9000002"]


def test_cells_of_nothing_are_told_as_they_are_written(tmp_path: Path) -> None:
    nothing = ["\\N"] * 6
    titles = rows(
        makers.TITLES, ("tt0000101", "movie", "\\N", *nothing), ("tt0000102", "tvEpisode", "\\N", *nothing),
        ("tt0000103", "\\N", "Moonward", *nothing), ("\\N", "movie", "Moonward", *nothing),
    )  # fmt: skip
    names = rows(makers.NAMES, ("nm0000201", "\\N", *nothing[:4]))
    credits = rows(makers.PRINCIPALS, ("tt0000101", "1", "nm0000201", *nothing[:3]))
    files = [str(a_file(tmp_path, *one).path) for one in (("t", titles), ("n", names), ("p", credits))]
    done = run(tmp_path, "import", "imdb", files[0])
    assert done.returncode == 3
    assert r"t:2: is no title: tconst 'tt0000101', primaryTitle '\N'" in done.stderr
    assert r"t:5: is no title: tconst '\N', primaryTitle 'Moonward'" in done.stderr
    assert "2 lines or records could not be read" in done.stderr
    assert r"1 of titleType \N" in done.stdout
    assert r"n:2: is no name: nconst 'nm0000201', primaryName '\N'" in run(tmp_path, "import", "imdb", files[1]).stderr
    assert r"nconst 'nm0000201', category '\N'" in run(tmp_path, "import", "imdb", files[2]).stderr


def test_of_two_records_of_one_thing_the_first_counts_as_a_whole(tmp_path: Path) -> None:
    def a_title(name: str, year: str, number: int = 101) -> tuple[str, ...]:
        return (f"tt0000{number}", "movie", name, name, "0", year, "\\N", "91", "Drama")

    titles = rows(makers.TITLES, a_title("Two", "1957"), a_title("Other", "1957", 102), a_title("One", "1956"))
    assert "left out   1 of a record that comes again: titles:4 tt0000101" in imported(
        tmp_path, "imdb", "titles", titles
    )
    assert [name for _, name in current(tmp_path, "name")] == ["Two", "Other"]
    assert {year for _, year in current(tmp_path, "release_date")} == {"1957"}
    assert "imdb-titles: unchanged" in imported(tmp_path, "imdb", "titles", titles)
    many = "".join(rows(a_title("One", "1956")) for _ in range(8))
    told = imported(tmp_path, "imdb", "many", titles + many)
    assert "left out   1 of a record that comes again: many:8 tt0000101" in told
    assert "left out   4 of a record that comes again\n" in told
    newer = rows(makers.TITLES, a_title("One", "1956"))
    assert "superseded" in imported(tmp_path, "imdb", "newer", newer)
    assert ("film/imdb-tt0000101", "One") in current(tmp_path, "name")


@pytest.mark.parametrize("kinds", [("movie", "tvSeries"), ("tvSeries", "movie")])
@pytest.mark.parametrize("between", [[], [("tt0000102", "movie", "Other", "Other", "0", *["\\N"] * 4)]])
def test_of_a_title_that_is_told_as_two_things_the_first_counts(
    tmp_path: Path, kinds: tuple[str, str], between: list[tuple[str, ...]]
) -> None:  # fmt: skip
    first, second = (("tt0000101", kind, "Moonward", "Moonward", "0", *["\\N"] * 4) for kind in kinds)
    titles, is_film = rows(makers.TITLES, first, *between, second), kinds[0] == "movie"
    for form, name, content in (("imdb", "titles", titles), ("imdb", "principals", makers.imdb_principals())):
        imported(tmp_path, form, name, content)
    held = [current(tmp_path, name) for name in ("name", "cast")]
    assert ["film/imdb-tt0000101" in dict(one) for one in held] == [is_film] * 2
    told = imported(tmp_path, "imdb", "titles", titles)
    assert ("imdb-titles: unchanged" in told, "is none any more" in told) == (True, False)
    assert [current(tmp_path, name) for name in ("name", "cast")] == held


def test_of_an_item_that_comes_again_nothing_more_is_taken(tmp_path: Path) -> None:
    named = {"P4633": [a_snak("P4633", "The Voice")]}
    film = makers.an_entity("Q9000001", [a_statement("P31", an_item(11424))], "Moonward")
    again = makers.an_entity(
        "Q9000001",
        [a_statement("P31", an_item(11424)), a_statement("P161", an_item(9000002), qualifiers=named)], "Moon",
    )  # fmt: skip
    person = makers.an_entity("Q9000001", [a_statement("P31", an_item(5))], "Moon")
    content = makers.wikidata_dump(film, makers.a_person_of_wikidata(), again, person)
    told = imported(tmp_path, "wikidata", "dump.json", content)
    for line in (4, 5):
        assert f"left out   1 of a record that comes again: dump.json:{line} Q9000001" in told
    held = [("film/wikidata-q9000001", "Moonward"), ("person/wikidata-q9000002", "Ann Orr")]
    assert current(tmp_path, "name") == held
    assert "wikidata: unchanged" in imported(tmp_path, "wikidata", "dump.json", content)
    assert (current(tmp_path, "name"), current(tmp_path, "cast")) == (held, [])


def test_a_name_of_a_file_that_is_no_text_is_told_as_far_as_it_is(tmp_path: Path) -> None:
    name = os.fsdecode(b"n\xe4mes.tsv")
    assert "imported as" in imported(tmp_path, "imdb", name, makers.imdb_names())
    with running(f"sqlite:///{tmp_path}/filmspace.db") as client:
        [fact] = client.get("/facts?subject=person/imdb-nm0000201&property=name").json()["results"]
    assert fact["evidence"][0]["locator"] == "n\ufffdmes.tsv:2 nm0000201"
