"""Imports into the base: what they add and end, what they find to be one, and that they can be made again."""

import json
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import cycle, permutations
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, inspect, select, text
from sqlmodel import col

from app.audit import problems
from app.db import for_writing, scratch
from app.importing import by_dataset
from app.importing.files import File
from app.importing.records import IN_PASSING, FormatError
from app.loading import datasets
from app.loading.datasets import ImportReport
from app.loading.load import withdraw_source
from app.loading.undo import undo_revision
from app.projection import project
from app.tables.evidence import Citation, Claim
from app.tables.records import RECORD_TABLES
from tests.conftest import ENGINES, Fresh, Serving
from tests.histories import documents
from tests.importing import makers
from tests.importing.makers import a_file
from tests.makers import a_claim, a_folder, check, load
from tests.postgresql import is_missing

# What is imported in each format, by the name of its file.
_N = "\\N"
FILES = {
    "title.basics.tsv": ("imdb", makers.imdb_titles()),
    "name.basics.tsv.gz": ("imdb", makers.imdb_names()),
    "title.principals.tsv": ("imdb", makers.imdb_principals()),
    "dump.json": ("wikidata", makers.wikidata_dump(makers.a_film_of_wikidata(), makers.a_person_of_wikidata())),
    "launches.json": ("launch-library", makers.a_page(makers.a_launch(), makers.a_launch(2))),
    "orgs.tsv": ("gcat", makers.gcat_organisations()),
    "sites.tsv": ("gcat", makers.gcat_sites()),
    "astronauts.csv": ("astronauts", makers.astronauts()),
}


def imported(engine: Engine, form: str, *files: File) -> ImportReport:
    """Import files in a transaction of its own."""
    with for_writing(engine).begin() as connection:
        return datasets.import_files(connection, by_dataset(form, files), actor="tests")


def indexes(engine: Engine) -> list[Any]:
    found = inspect(engine)
    tables = sorted(found.get_table_names())
    return [(table, one["name"], one["column_names"]) for table in tables for one in found.get_indexes(table)]


def test_an_import_is_of_the_time_when_all_is_read(engine: Engine, tmp_path: Path, serving: Serving) -> None:
    files = by_dataset("imdb", [a_file(tmp_path, "title.basics.tsv", makers.imdb_titles() + "torn\n")])
    read = list[datetime]()
    with for_writing(engine).begin() as connection:
        datasets.import_files(connection, files, actor="tests", told=lambda _: read.append(datetime.now(UTC)))
    api = serving(engine)
    [change], [source] = (api.get(path).json()["results"] for path in ("/changes", "/sources"))
    assert source["loaded_at"] == change["at"]
    assert datetime.fromisoformat(change["at"]) > read[-1]


def everything(engine: Engine, folder: Path, names: Sequence[str] = tuple(FILES)) -> None:
    for name in names:
        form, content = FILES[name]
        imported(engine, form, a_file(folder, name, content))


def rows(engine: Engine) -> dict[str, int]:
    with engine.connect() as connection:
        tables = (
            "source",
            "entity",
            "claim",
            "citation",
            "revision",
            *(str(t.__tablename__) for t in RECORD_TABLES.values()),
        )
        return {one: connection.execute(text(f"SELECT count(*) FROM {one}")).scalar_one() for one in tables}


def test_what_data_sets_say_is_served_with_where_it_stands(engine: Engine, tmp_path: Path, serving: Serving) -> None:
    everything(engine, tmp_path)
    assert check(engine) == []
    api = serving(engine)
    film = api.get("/films?identifier=imdb:tt0000101").json()["results"][0]
    assert (film["slug"], film["name"]) == ("wikidata-q9000001", "Moonward")
    assert film["identifiers"] == {"imdb": "tt0000101", "wikidata": "Q9000001"}
    assert film["alternate_names"] == ["Mondwärts", "Moon-Ward"]
    assert (film["release_date"], film["duration_minutes"]) == ("1957-11", 91)
    assert {one["label"] for one in film["directors"]} == {"Ann Orr"}
    played = {one["character"]["label"] for one in film["cast"] if one["character"]}
    assert {'Commander "Red" Vale', "The Voice"} <= played
    [fact] = api.get("/facts?subject=film/wikidata-q9000001&property=duration").json()["results"]
    assert sorted((one["source"]["publisher"], one["locator"]) for one in fact["evidence"]) == [
        ("IMDb", "title.basics.tsv:2 tt0000101"), ("Wikidata", "dump.json:2 Q9000001"),
    ]  # fmt: skip
    assert (fact["source_count"], fact["publisher_count"]) == (2, 2)
    sources = api.get("/sources?kind=dataset").json()["results"]
    assert {one["publisher"] for one in sources} >= {"IMDb", "Wikidata", "The Space Devs", "Jonathan McDowell"}
    assert {one["published"] for one in sources} == {None, "2031-02-03"}
    # It is of the files, of which there is no text to be had.
    assert {one["text_url"] for one in sources} == {None}
    linked = api.get(sources[0]["url"], params={"format": "jsonld"}).json()
    assert linked["encoding"] == {"@type": "MediaObject", "sha256": sources[0]["sha256"]}
    launch = api.get("/events?name__contains=parcel%201").json()["results"][0]
    assert {(one["participant"]["label"], one["role"]) for one in launch["participants"]} == {
        ("Utopian Lines", "launch service provider"), ("Ann Orr", "Commander")
    }  # fmt: skip
    agency = api.get("/organisations/gcat-usa1").json()
    assert (agency["inception"], agency["dissolution"]) == ("1957-11?", "199X")
    assert agency["country"]["label"] == "Republic of Utopia"
    [mission] = api.get("/events?name=Soyuz%20T-5").json()["results"]
    assert [one["participant"]["label"] for one in mission["participants"]] == ["Ann B. Orr Jr.", "Vladimir Pole"]
    for path in ("text", "annotated"):
        assert api.get(f"/sources/{sources[0]['slug']}/{path}").status_code == 200


# What is broken of an import, and what is said of it.
BROKEN = {
    "a claim that is not counted": ("UPDATE revision SET added = added + 1 WHERE source_id = 1", "claims are added by it"),
    "a claim that is not ended": ("UPDATE claim SET superseded_by_id = 1 WHERE id = 1", "1 claims are superseded by it, and"),
    "what is told of it": ("UPDATE source SET published = '1999' WHERE id = 1", "revision 1: it, what it wrote of imdb-"),
    "a sense": ("UPDATE claim SET modality = 'reported' WHERE id = 1", "claim 1: it is reported, and does not say by whom"),
    "what was found to be one": ("DELETE FROM revision WHERE id = (SELECT min(id) FROM revision WHERE action = 'merge')", "or the revision before it is not what it was"),
}  # fmt: skip


@pytest.mark.parametrize(("statement", "words"), BROKEN.values(), ids=BROKEN)
def test_what_is_broken_of_an_import_is_found(engine: Engine, tmp_path: Path, statement: str, words: str) -> None:
    everything(engine, tmp_path)
    with engine.begin() as connection:
        connection.exec_driver_sql(statement)
    with scratch(engine) as connection:
        told = list(problems(connection))
    assert any(words in one for one in told), told


def test_two_of_one_name_are_two_and_one_of_two_identifiers_is_one(
    engine: Engine, tmp_path: Path, serving: Serving
) -> None:
    everything(engine, tmp_path)
    api = serving(engine)
    people = api.get("/people?name=Ann%20Orr").json()["results"]
    assert {one["slug"] for one in people} == {"imdb-nm0000201", "wikidata-q9000002", "ll2-astronaut-617"}
    moved = api.get("/people/imdb-nm0000202")
    assert (moved.status_code, moved.headers["location"]) == (308, "/people/wikidata-q9000002")
    # By any of its identifiers; who is only pointed to has that by which this was done.
    for identifier, slug in (("imdb:nm0000202", "wikidata-q9000002"), ("wikidata:Q9000003", "wikidata-q9000003")):
        found = api.get(f"/people/{identifier}")
        assert (found.status_code, found.headers["location"]) == (308, f"/people/{slug}")
    merges = [one for one in api.get("/changes?limit=100").json()["results"] if one["action"] == "merge"]
    assert {(one["reason"], one["entity"]["slug"], one["into"]["slug"]) for one in merges} == {
        ("Both have imdb:tt0000101", "imdb-tt0000101", "wikidata-q9000001"),
        ("Both have imdb:nm0000202", "imdb-nm0000202", "wikidata-q9000002"),
    }


def test_the_order_of_imports_makes_no_difference(fresh: Fresh, tmp_path: Path) -> None:
    """But that credits come after the titles that they are of. Nor does the engine: they take turns."""
    on = cycle(("sqlite",) if is_missing() else ENGINES)
    names = ("title.basics.tsv", "name.basics.tsv.gz", "title.principals.tsv", "dump.json")
    found = []
    for number, order in enumerate(permutations(names)):
        if number % 5 or order.index("title.principals.tsv") < order.index("title.basics.tsv"):
            continue
        with fresh(next(on)) as engine:
            everything(engine, tmp_path, order)
            found.append(documents(engine))
    assert len(found) >= 2
    for one in found[1:]:
        assert one == found[0]


def test_the_same_files_again_change_nothing(engine: Engine, tmp_path: Path) -> None:
    everything(engine, tmp_path)
    before, were = rows(engine), documents(engine)
    for name, (form, content) in FILES.items():
        report = imported(engine, form, a_file(tmp_path, f"again-{name}", content))
        assert [(one.slug, one.claims_new, one.claims_ended) for one in report.imports] == [(None, 0, 0)], name
    assert (rows(engine), documents(engine)) == (before, were)


def test_what_was_withdrawn_and_comes_again_is_as_it_was(engine: Engine, tmp_path: Path) -> None:
    # Without its names, people are only referred to; and of Wikidata's film nobody else tells who directs it.
    names = [one for one in FILES if one not in ("name.basics.tsv.gz", "astronauts.csv")]
    everything(engine, tmp_path, names)
    before = documents(engine)
    with for_writing(engine).begin() as connection:
        for slug in connection.execute(text("SELECT slug FROM source")).scalars().all():
            withdraw_source(connection, slug, "a broken file", actor="tests")
    assert documents(engine) == {}
    everything(engine, tmp_path, names)
    assert documents(engine) == before
    assert check(engine) == []


def test_a_newer_file_ends_what_it_no_longer_says(engine: Engine, tmp_path: Path, serving: Serving) -> None:
    everything(engine, tmp_path, ("title.basics.tsv", "name.basics.tsv.gz", "title.principals.tsv"))
    api = serving(engine)
    before = api.get("/films/imdb-tt0000101").json()
    known_at = api.get("/changes").json()["results"][0]["at"]
    film = ("tt0000101", "movie", "Moonward Bound", "Mondwärts", "0", "1957", "\\N", "\\N", "Sci-Fi")
    newer = a_file(tmp_path, "newer.tsv", makers.rows(makers.TITLES, film))
    [one] = imported(engine, "imdb", newer).imports
    assert (one.claims_new, one.claims_unchanged, one.claims_ended) == (1, 5, 3)
    assert check(engine) == []
    after = api.get("/films/imdb-tt0000101").json()
    assert (after["name"], after["genres"], after["duration_minutes"]) == ("Moonward Bound", ["Sci-Fi"], None)
    # What another table says of it, and what the file does not speak of, is as it was.
    assert (after["cast"], after["directors"]) == (before["cast"], before["directors"])
    assert api.get("/films/imdb-tt0000102").json()["name"] == '"Slow" Orbit'
    change = api.get("/changes").json()["results"][0]
    assert (change["added_count"], change["superseded_count"]) == (1, 3)
    assert {(one["property"], one["change"]) for one in [*change["added"], *change["ended"]]} == {
        ("name", "added"), ("name", "ended"), ("genre", "ended"), ("duration", "ended")
    }  # fmt: skip
    facts = f"/films/imdb-tt0000101/facts?property=genre&known_at={known_at.replace('+', '%2B')}"
    assert {one["value"] for one in api.get(facts).json()["results"]} == {"Drama", "Sci-Fi"}
    [ended] = [one for one in api.get(facts).json()["results"] if one["value"] == "Drama"]
    assert ended["withdrawn_at"] == change["at"]
    gone = api.get(f"/facts/{ended['id']}")
    assert (gone.status_code, f"no longer says it since the later import {one.slug}" in gone.json()["detail"]) == (
        410,
        True,
    )
    # And the first file again brings back what it said.
    [back] = imported(engine, "imdb", File(tmp_path / "title.basics.tsv")).imports
    assert (back.claims_new, back.claims_ended) == (3, 1)
    again = api.get("/films/imdb-tt0000101").json()
    changing = {"updated_at": 0, "source_count": 0, "genres": {"Drama", "Sci-Fi"}}
    assert set(again["genres"]) == set(before["genres"]) == changing["genres"]
    assert {**again, **changing} == {**before, **changing}
    assert check(engine) == []


def test_what_is_said_in_passing_ends_nothing(engine: Engine, tmp_path: Path, serving: Serving) -> None:
    first = makers.a_launch()
    imported(engine, "launch-library", a_file(tmp_path, "1.json", makers.a_page(first)))
    provider = {"id": 44, "name": "Utopian Lines"}
    other = makers.a_launch(2, launch_service_provider=provider)
    imported(engine, "launch-library", a_file(tmp_path, "2.json", makers.a_page(other)))
    agency = serving(engine).get("/organisations/ll2-agency-44").json()
    assert (agency["organisation_type"], agency["events_count"]) == ("Commercial", 2)


def test_what_an_item_of_no_known_kind_is_called_is_told_where_it_is_referred_to(
    engine: Engine, tmp_path: Path, serving: Serving
) -> None:
    parts = (makers.a_statement("P31", makers.an_item(one)) for one in (11424, 8999999))
    film, valley = (makers.an_entity(f"Q900000{at}", [part], "Wadi Rum") for at, part in enumerate(parts, start=1))
    film["claims"]["P915"] = [makers.a_statement("P915", makers.an_item(9000002))]
    for name in ("one", "two"):
        dump = a_file(tmp_path, f"{name}.json", makers.wikidata_dump(valley, film))
        (report,) = imported(engine, "wikidata", dump).imports
    assert (report.claims_new, report.claims_ended) == (0, 0)
    (place,) = serving(engine).get("/films/wikidata-q9000001").json()["filming_locations"]
    assert place["label"] == "Wadi Rum"


def test_credits_of_what_is_no_film_are_left_out(engine: Engine, tmp_path: Path) -> None:
    everything(engine, tmp_path, ("name.basics.tsv.gz",))
    report = imported(engine, "imdb", a_file(tmp_path, "title.principals.tsv", makers.imdb_principals()))
    assert report.imports[0].slug is None
    assert report.imports[0].left_out["what is said of a film that is not held"] == 6
    assert not [one for one in documents(engine) if one.startswith("film/")]


@pytest.mark.parametrize("name", ["moonward", "astronauts-gone-wild", "imdb-the-film"])
def test_a_curators_name_comes_before_that_of_a_data_set(
    engine: Engine, tmp_path: Path, serving: Serving, name: str
) -> None:
    """Be it one that begins as those of a data set do."""
    folder = a_folder(tmp_path, "note", "Moonward (imdb:tt0000101).", [
        a_claim(f"film/{name}", "name", "Moonward", quote="Moonward"),
        a_claim(f"film/{name}", "identifier", "imdb:tt0000101", quote="(imdb:tt0000101)"),
    ])  # fmt: skip
    load(engine, folder)
    everything(engine, tmp_path, ("title.basics.tsv", "dump.json"))
    api = serving(engine)
    for slug in ("imdb-tt0000101", "wikidata-q9000001"):
        assert api.get(f"/films/{slug}").headers["location"] == f"/films/{name}"
    assert api.get(f"/films/{name}").json()["duration_minutes"] == 91
    assert check(engine) == []


def test_two_of_one_data_set_are_never_one(engine: Engine, tmp_path: Path, serving: Serving) -> None:
    one = makers.a_person_of_wikidata()
    other = {**json.loads(json.dumps(one)), "id": "Q9000009"}
    everything(engine, tmp_path, ("name.basics.tsv.gz",))
    report = imported(engine, "wikidata", a_file(tmp_path, "two.json", makers.wikidata_dump(one, other)))
    assert report.identified.merged == 1
    assert report.identified.apart == (
        "wikidata-q9000009 and wikidata-q9000002 both have imdb:nm0000202, but are two in one data set",
    )
    assert serving(engine).get("/people/wikidata-q9000009").status_code == 200


def test_who_was_parted_stays_parted(engine: Engine, tmp_path: Path, serving: Serving) -> None:
    everything(engine, tmp_path, ("name.basics.tsv.gz", "dump.json"))
    api = serving(engine)
    merge = next(one for one in api.get("/changes").json()["results"] if one["reason"] == "Both have imdb:nm0000202")
    with for_writing(engine).begin() as connection:
        undo_revision(connection, merge["revision"], "they are two", actor="tests")
    more = makers.a_person_of_wikidata(aliases={"en": [{"language": "en", "value": "Annie"}]})
    more["claims"]["P345"].append(makers.a_statement("P345", "nm0000203"))
    imported(engine, "wikidata", a_file(tmp_path, "more.json", makers.wikidata_dump(more)))
    assert api.get("/people/imdb-nm0000202").status_code == 200
    assert check(engine) == []


def test_what_an_import_said_can_be_withdrawn(engine: Engine, tmp_path: Path, serving: Serving) -> None:
    everything(engine, tmp_path, ("title.basics.tsv",))
    [source] = serving(engine).get("/sources").json()["results"]
    with for_writing(engine).begin() as connection:
        withdraw_source(connection, source["slug"], "a broken file", actor="tests")
    assert documents(engine) == {}
    everything(engine, tmp_path, ("title.basics.tsv",))
    assert set(documents(engine)) == {"film/imdb-tt0000101", "film/imdb-tt0000102", "film/imdb-tt0000105"}
    assert check(engine) == []


def test_what_a_later_import_had_ended_ends_not_again_with_its_source(
    engine: Engine, tmp_path: Path, serving: Serving
) -> None:
    was = makers.imdb_titles()
    for name, content in (("one.tsv", was), ("other.tsv", was.replace("Drama", "Comedy"))):
        imported(engine, "imdb", a_file(tmp_path, name, content))
    api = serving(engine)
    first, second = api.get("/changes?since=0").json()["results"]
    assert second["superseded_count"] > 0
    left = first["added_count"] - second["superseded_count"]
    with for_writing(engine).begin() as connection:
        assert withdraw_source(connection, first["source"]["slug"], "a broken file", actor="tests") == left
    with for_writing(engine).begin() as connection:
        assert f"with {left} facts" in undo_revision(connection, 3, "it was sound", actor="tests")
    for revision, key in ((3, "withdrawn_count"), (4, "added_count")):
        told = api.get(f"/changes/{revision}/facts?limit=100").json()
        assert (told["count"], len(told["results"])) == (left, left)
        assert api.get(f"/changes/{revision}").json()[key] == left
    assert len(api.get("/changes/1/facts?limit=100").json()["results"]) == first["added_count"]
    assert check(engine) == []


def test_values_that_cannot_be_kept_are_left_out_and_the_rest_is_kept(engine: Engine, tmp_path: Path) -> None:
    film = makers.a_film_of_wikidata()
    film["descriptions"]["en"]["value"] = "x" * 3000
    film["aliases"]["en"] += [{"language": "en", "value": told} for told in ("\ud800", "a\0b", "  ", "two\nlines")]
    film["claims"]["P345"] = [makers.a_statement("P345", "tt 1")]
    raw = makers.wikidata_dump(film).encode("utf-8", "surrogatepass").replace(b"\xed\xa0\x80", b"\\ud800")
    raw = raw.replace(b"a\x00b", b"a\\u0000b")
    [one] = imported(engine, "wikidata", a_file(tmp_path, "odd.json", raw)).imports
    assert one.left_out["description that cannot be kept as it is"] == 1
    assert one.left_out["P345 of a film"] == 1
    assert one.left_out["alternate_name that cannot be kept as it is"] == 3
    assert documents(engine)["film/wikidata-q9000001"]["alternate_names"] == ["Moon-Ward", "two lines"]
    assert check(engine) == []


def test_a_file_that_was_cut_off_leaves_the_base_as_it_was(engine: Engine, tmp_path: Path) -> None:
    everything(engine, tmp_path, ("title.basics.tsv",))
    before = rows(engine)
    file = a_file(tmp_path, "name.basics.tsv.gz", makers.imdb_names())
    file.path.write_bytes(file.path.read_bytes()[:-9])
    with pytest.raises(FormatError, match="cut off"):
        imported(engine, "imdb", file)
    assert rows(engine) == before


def test_more_than_a_batch_with_a_film_in_two_of_them(engine: Engine, tmp_path: Path) -> None:
    titles = [
        (f"tt{number:07}", "movie", f"Film {number % 7}", "\\N", "0", "1957", "\\N", "90", "Drama,War")
        for number in range(300)
    ]
    file = a_file(tmp_path, "title.basics.tsv", makers.rows(makers.TITLES, *titles, titles[0]))
    [one] = imported(engine, "imdb", file).imports
    assert (one.entities_new, one.claims_new) == (300, 2100)
    assert len(documents(engine)) == 300


def test_the_first_by_name_are_shown_of_very_many_that_are_alike(
    engine: Engine, tmp_path: Path, serving: Serving
) -> None:
    """Few films have two directors; of the many that have one, there is room for some."""
    numbers = range(2, 2500)
    titles = [(f"tt{n:07}", "movie", f"{n} nights", _N, "0", "1960", _N, _N, _N) for n in numbers]
    people = [(f"nm{n:07}", f"Ann No. {n}", _N, _N, "director", _N) for n in (1, 2)]
    credits = [(f"tt{n:07}", "1", "nm0000001", "director", _N, _N) for n in numbers]
    credits += [(f"tt{n:07}", "2", "nm0000002", "director", _N, _N) for n in numbers if n % 250 == 0]
    for name, held in (
        ("title.basics.tsv", makers.rows(makers.TITLES, *titles)),
        ("name.basics.tsv", makers.rows(makers.NAMES, *people)),
        ("title.principals.tsv", makers.rows(makers.PRINCIPALS, *credits)),
    ):
        imported(engine, "imdb", a_file(tmp_path, name, held))
    facet = serving(engine).get("/people?facet=films").json()["facets"]["films"]
    expected = [(n, 2) for n in numbers if n % 250 == 0] + [(n, 1) for n in numbers if n % 250]
    assert facet["count"] == len(numbers)
    assert [(one["value"], one["count"]) for one in facet["results"]] == [
        (f"imdb-tt{n:07}", count) for n, count in expected[:25]
    ]


def _crowded(engine: Engine, folder: Path) -> None:
    """Forty films, and very many people in them: each fifth is a director, too, and all have a word in common."""
    titles = [(f"tt{n:07}", "movie", f"Ann and {n}", _N, "0", "1960", _N, _N, _N) for n in range(40)]
    people = [(f"nm{n:07}", f"Ann No. {n}", _N, _N, "director" if n % 5 == 0 else "actor", _N) for n in range(1, 3000)]
    credits = [(f"tt{n % 40:07}", str(n // 40 + 1), f"nm{n:07}", "actor", _N, _N) for n in range(1, 3000)]
    for name, held in (
        ("title.basics.tsv", makers.rows(makers.TITLES, *titles)),
        ("name.basics.tsv", makers.rows(makers.NAMES, *people)),
        ("title.principals.tsv", makers.rows(makers.PRINCIPALS, *credits)),
    ):
        imported(engine, "imdb", a_file(folder, name, held))


def test_facets_of_most_records_leave_out_the_others(engine: Engine, tmp_path: Path, serving: Serving) -> None:
    _crowded(engine, tmp_path)
    api = serving(engine)
    facet = api.get("/people?occupation__not=director&facet=films").json()["facets"]["films"]
    actors = Counter(n % 40 for n in range(1, 3000) if n % 5)
    assert facet["count"] == len(actors)
    shown = {one["value"]: one["count"] for one in facet["results"]}
    assert shown == {f"imdb-tt{n:07}": count for n, count in actors.items() if f"imdb-tt{n:07}" in shown}
    assert (len(shown), sum(actors.values())) == (25, api.get("/people?occupation__not=director").json()["count"])


def test_facets_of_what_many_records_say_are_counted_one_way_as_the_other(
    engine: Engine, tmp_path: Path, serving: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What they say is sought for so many of them, or else all that is said is looked at."""
    titles = [
        (f"tt{n:07}", ("movie", "short")[n % 7 == 0], f"Film {n}", f"Kino {n // 2}", "0", str(1950 + n % 25), _N, _N,
         ("Drama", "Comedy,Drama", "Western")[n % 3])
        for n in range(1, 2600)
    ]  # fmt: skip
    imported(engine, "imdb", a_file(tmp_path, "title.basics.tsv", makers.rows(makers.TITLES, *titles)))
    api = serving(engine)
    for since, seeks in ((1, 1000), (2, 1)):
        monkeypatch.setattr("app.queries.records.facets._SEEKS_OF_TEXT", seeks)
        kept = [n for n in range(1, 2600) if n % 25 >= since]
        page = api.get(f"/films?release_date__gte={1950 + since}&facet=film_type,genre,alternate_name&limit=1").json()
        told = {
            name: Counter({one["label"]: one["count"] for one in facet["results"]})
            for name, facet in page["facets"].items()
        }
        assert page["count"] == len(kept) > 2000
        assert told["film_type"] == Counter(("film", "short film")[n % 7 == 0] for n in kept)
        genres = (("Drama",), ("Comedy", "Drama"), ("Western",))
        assert told["genre"] == Counter(one for n in kept for one in genres[n % 3])
        names = Counter(f"Kino {n // 2}" for n in kept)
        assert page["facets"]["alternate_name"]["count"] == len(names)
        first = sorted(names, key=lambda name: (-names[name], name))[:25]
        assert told["alternate_name"] == {name: names[name] for name in first}


def test_a_word_that_very_many_have_is_sought_in_records_of_the_kind(
    engine: Engine, tmp_path: Path, serving: Serving
) -> None:
    _crowded(engine, tmp_path)
    api = serving(engine)
    for plural, count in (("films", 40), ("people", 2999), ("characters", 0)):
        seen, url = [], f"/{plural}?q=ann&limit=100&fields=slug"
        while url:
            page = api.get(url).json()
            assert page["count"] == count
            seen += [one["slug"] for one in page["results"]]
            url = page["next"]
        assert len(set(seen)) == len(seen) == count


def test_what_is_written_in_bulk_is_what_is_written_singly(engine: Engine, tmp_path: Path) -> None:
    """For more than there is, indexes are made afterwards; they are there then, and the records are as ever."""
    before = indexes(engine)
    many = 2500 if engine.dialect.name == "sqlite" else 300  # PostgreSQL keeps its indexes
    titles = [(f"tt{n:07}", "movie", f"Film {n}", "\\N", "0", "1957", "\\N", "90", "Drama") for n in range(many)]
    imported(engine, "imdb", a_file(tmp_path, "title.basics.tsv", makers.rows(makers.TITLES, *titles)))
    everything(engine, tmp_path, ("title.principals.tsv", "dump.json"))
    assert indexes(engine) == before
    made = documents(engine)
    with for_writing(engine).begin() as connection:
        ids = connection.execute(text("SELECT id FROM entity")).scalars().all()
        for one in ids[::50]:
            project(connection, [one])
    assert documents(engine) == made
    with scratch(engine) as connection:
        assert list(problems(connection)) == []


@pytest.mark.parametrize("at_once", [1, 5000])
def test_where_what_is_written_at_once_ends_changes_nothing(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    """Also between the flights of an astronaut and the one whom they are told of."""
    monkeypatch.setattr("app.loading.preparing._BATCH", at_once)
    crew = [
        {"id": one, "name": f"Zena {one}", "date_of_birth": "1980-01-01", "flights": [makers.a_launch(one)]}
        for one in range(1, 4)
    ]
    file = a_file(tmp_path, "astronauts.json", makers.a_page(*crew))
    assert imported(engine, "launch-library", file).imports[0].slug
    assert not imported(engine, "launch-library", file).imports[0].slug
    with engine.connect() as connection:
        of_identifiers = select(col(Citation.locator)).join(Claim).where(col(Claim.property) == "identifier")
        assert not any((one or "").endswith(IN_PASSING) for one in connection.execute(of_identifiers).scalars())
