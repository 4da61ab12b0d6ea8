"""Loading a source: wholly or not at all, once, and again when it has changed."""

import re
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import httpx
import pytest
import yaml
from sqlalchemy import Engine, text

from app.db import for_writing
from app.loading.examining import held_names
from app.loading.load import withdraw_source
from app.loading.problems import RefusedError
from app.loading.seed import read_folder
from app.passages import sentences
from app.queries.entities import entity_ids
from tests.conftest import Serving
from tests.makers import SEED, a_claim, a_folder, load

TABLES = ("source", "entity", "claim", "citation", "revision", "film", "person", "event", "entry", "link", "search")


def rows_of(engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    with engine.connect() as connection:
        return {name: [tuple(row) for row in connection.execute(text(f"SELECT * FROM {name}"))] for name in TABLES}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The seed, to be changed; in a folder of the same name, since that is its slug."""
    return Path(shutil.copytree(SEED, tmp_path / SEED.name))


def refused(engine: Engine, folder: Path) -> list[str]:
    """What is refused, as printed; asserts that nothing was stored."""
    before = rows_of(engine)
    with pytest.raises(RefusedError) as caught:
        load(engine, folder)
    assert rows_of(engine) == before
    return [str(problem) for problem in caught.value.problems]


def edit(path: Path, old: str, new: str) -> None:
    content = path.read_text(encoding="utf-8")
    assert old in content
    path.write_text(content.replace(old, new), encoding="utf-8")


def test_loading_twice_changes_nothing_and_says_so(seeded: Engine) -> None:
    before = rows_of(seeded)
    report = load(seeded, SEED)
    assert report.is_unchanged
    assert (report.claims_new, report.claims_unchanged, report.entities_new) == (0, 156, 0)
    assert rows_of(seeded) == before


def test_the_report_counts_entities_claims_and_sentences(engine: Engine) -> None:
    report = load(engine, SEED)
    assert (report.version, report.entities_new, report.claims_new, report.claims_superseded) == (1, 34, 156, 0)
    assert (report.sentences_with_facts, report.silent) == (14, ())


def test_a_comment_or_another_layout_makes_no_new_version(seeded: Engine, copy: Path) -> None:
    content = yaml.safe_load((copy / "claims.yaml").read_text(encoding="utf-8"))
    (copy / "claims.yaml").write_text("# another layout\n" + yaml.safe_dump(content), encoding="utf-8")
    assert load(seeded, copy).is_unchanged


def test_changed_claims_are_a_new_version_that_supersedes_the_old(seeded: Engine, copy: Path, serving: Serving) -> None:
    edit(
        copy / "claims.yaml",
        "    value: feature film\n    quote: “The Challenge,”",
        "    value: film\n    quote: “The Challenge,”",
    )
    report = load(seeded, copy)
    assert (report.version, report.claims_new, report.claims_unchanged, report.claims_superseded) == (2, 1, 155, 1)
    api = serving(seeded)
    assert api.get("/films/the-challenge").json()["film_type"] == "film"
    assert api.get("/sources/cnn-2023-03-08-the-challenge").json()["version"] == 2
    facts = api.get("/facts", params={"subject": "film/the-challenge", "property": "film_type"}).json()
    assert [fact["value"] for fact in facts["results"]] == ["film"]
    with seeded.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM claim")).scalar_one() == 312, "nothing is deleted"


def test_a_changed_article_moves_the_quotes(seeded: Engine, copy: Path) -> None:
    edit(copy / "article.txt", "The space race has", "In short: The space race has")
    assert load(seeded, copy).version == 2
    with seeded.connect() as connection:
        query = 'SELECT s.text, c.start, c."end", c.exact FROM citation c JOIN claim ON claim.id = c.claim_id JOIN source s ON s.id = claim.source_id'
        for article, start, end, exact in connection.execute(text(query)):
            assert article[start:end] == exact


def test_every_citation_stands_where_it_says(seeded: Engine) -> None:
    article = (SEED / "article.txt").read_text(encoding="utf-8")
    with seeded.connect() as connection:
        cited = connection.execute(text('SELECT start, "end", exact, prefix, suffix, sentence FROM citation')).all()
    assert len(cited) > 156
    for start, end, exact, prefix, suffix, sentence in cited:
        assert article[start:end] == exact
        assert article[start - len(prefix) : start] == prefix
        assert article[end : end + len(suffix)] == suffix
        assert exact in sentence
        assert sentence in article


def test_another_director_in_the_article_orphans_each_quote_that_names_him(engine: Engine, copy: Path) -> None:
    expected = set()
    for number, claim in enumerate(yaml.safe_load((copy / "claims.yaml").read_text(encoding="utf-8"))["claims"], 1):
        quotes = str(claim["quote"]) + str(claim.get("introduced_by", ""))
        if "Klim Shipenko" in quotes:
            expected.add(f"claim {number} ")
    edit(copy / "article.txt", "Klim Shipenko", "Pavel Ivanov")
    problems = refused(engine, copy)
    named = {match.group(1) for problem in problems if (match := re.search(r": (claim \d+ )", problem))}
    assert named == expected
    assert len(expected) > 8
    assert all("orphaned" in problem and "Klim Shipenko" in problem for problem in problems)


ARTICLE = (SEED / "article.txt").read_text(encoding="utf-8")


def test_a_deleted_sentence_names_exactly_its_claims(engine: Engine, copy: Path, seeded_file: Path) -> None:
    with closing(sqlite3.connect(seeded_file)) as connection:
        citations = connection.execute('SELECT claim_id, start, "end" FROM citation').fetchall()
    for start, end in sentences(ARTICLE)[1:]:
        expected = {f"claim {one} " for one, first, last in citations if first < end and last > start}
        (copy / "article.txt").write_text(ARTICLE[:start] + ARTICLE[end:], encoding="utf-8")
        problems = refused(engine, copy)
        named = {match.group(1) for problem in problems if (match := re.search(r": (claim \d+ )", problem))}
        assert expected
        assert named == expected, ARTICLE[start:end]


def test_an_unrelated_article_loads_with_no_change_in_code(engine: Engine, tmp_path: Path, serving: Serving) -> None:
    article = (
        "date: 2019-08-02\ndate_note: as printed\npublisher: Harbour Gazette\ntitle: A film about a lighthouse in orbit\n---\n"
        "The short film Ölrausch premiered last Friday. Its director, Ana Núñez, runs Studio Sieben; 日本 helped. "
        "It lasts 42 minutes and was shot between 3 May 2018 and June 2018."
    )
    claims = [
        a_claim("film/oelrausch", "name", "Ölrausch", quote="short film Ölrausch"),
        a_claim("film/oelrausch", "film_type", "short film", quote="short film Ölrausch"),
        a_claim("film/oelrausch", "release_date", "2019-07-26", quote="premiered last Friday", inference="weekday", phrase="last Friday"),
        a_claim("film/oelrausch", "director", object="person/ana-nunez", quote="Its director, Ana Núñez"),
        a_claim("film/oelrausch", "duration", "42 minute", quote="It lasts 42 minutes"),
        a_claim("film/oelrausch", "filming_date", "2018-05-03/2018-06", quote="shot between 3 May 2018 and June 2018"),
        a_claim("person/ana-nunez", "name", "Ana Núñez", quote="Ana Núñez"),
        a_claim("person/ana-nunez", "affiliation", object="organisation/studio-sieben", quote="Ana Núñez, runs Studio Sieben"),
        a_claim("organisation/studio-sieben", "name", "Studio Sieben", quote="Studio Sieben"),
        a_claim("place/japan", "name", "日本", quote="日本 helped"),
    ]  # fmt: skip
    report = load(engine, a_folder(tmp_path, "harbour-gazette", article, claims))
    assert (report.claims_new, report.silent) == (10, ())
    api = serving(engine)
    film = api.get("/films/oelrausch", params={"evidence": "quotes"}).json()
    assert (film["release_date"], film["duration_minutes"], film["planned"]) == ("2019-07-26", 42, [])
    assert film["facts"]["release_date"][0]["evidence"][0]["quote"] == "premiered last Friday"
    source = api.get("/sources/harbour-gazette").json()
    assert (source["title"], source["published"]) == ("A film about a lighthouse in orbit", "2019-08-02")
    served = api.get("/sources/harbour-gazette/text").text
    assert served.startswith("The short film Ölrausch")
    for fact in api.get("/facts", params={"source": "harbour-gazette"}).json()["results"]:
        for one in fact["evidence"]:
            assert served[one["start"] : one["end"]] == one["quote"]
    for q, slug in (("olrausch", "oelrausch"), ("nunez", "ana-nunez")):
        assert api.get("/search", params={"q": q}).json()["results"][0]["slug"] == slug


def test_two_sources_that_agree_are_one_fact(seeded: Engine, tmp_path: Path, serving: Serving) -> None:
    article = "Klim Shipenko directed The Challenge, which runs 165 minutes."
    claims = [
        a_claim(
            "film/the-challenge",
            "director",
            object="person/klim-shipenko",
            quote="Klim Shipenko directed The Challenge",
        ),
        a_claim("film/the-challenge", "duration", "165 minute", quote="which runs 165 minutes"),
    ]
    told = {"publisher": "Gazette", "published": "2024-01-02"}
    report = load(seeded, a_folder(tmp_path, "gazette", article, claims, source=told))
    assert (report.entities_new, report.entities_known, report.claims_new) == (0, 2, 2)
    film = serving(seeded).get("/films/the-challenge?evidence=quotes").json()
    [director] = film["facts"]["directors"]
    assert (director["source_count"], director["publisher_count"], film["source_count"]) == (2, 2, 2)
    assert {one["source"]["slug"] for one in director["evidence"]} == {"gazette", SEED.name}
    assert film["disputed"] == []
    assert film["duration_minutes"] == 165


def test_names_held_are_those_of_other_sources(seeded: Engine) -> None:
    with seeded.connect() as connection:
        ids = entity_ids(connection, ["organisation/roscosmos", "film/imax-documentary-2002"])
        found = held_names(connection, "another", ids)
        assert held_names(connection, SEED.name, ids) == {}
    assert found["organisation/roscosmos"] == {"Roscosmos", "Roscomos"}
    assert found["film/imax-documentary-2002"] == frozenset()


def test_a_withdrawn_source_can_be_loaded_again(seeded: Engine, serving: Serving) -> None:
    with for_writing(seeded).begin() as connection:
        assert withdraw_source(connection, SEED.name, "a hoax", actor="tests") == 156
    api: httpx.Client = serving(seeded)
    assert api.get("/films").json()["count"] == 0
    gone = api.get(f"/sources/{SEED.name}")
    assert (gone.status_code, "a hoax" in gone.json()["detail"]) == (410, True)
    report = load(seeded, SEED)
    assert (report.version, report.claims_new) == (2, 156)
    assert api.get("/films").json()["count"] == 4


def test_the_article_is_the_given_one_byte_for_byte() -> None:
    seed = read_folder(SEED)
    assert (SEED / "article.txt").read_bytes() == seed.text.encode()
    assert seed.sha256 == "849142b968e657014638f7c3f8d46bc52049661d5b036c917d4c287c8351ecd2"
    assert (seed.source.published, seed.source.publisher) == ("2023-03-08", "CNN")
