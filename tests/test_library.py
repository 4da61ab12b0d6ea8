"""All seeds in one base: the notes agree with the first article, disagree with each other, and take nothing away."""

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine, text

from app.db import make_engine
from app.loading.problems import RefusedError
from app.loading.seed import read_folder
from app.vocabulary import PLURALS
from tests.conftest import Serving
from tests.makers import SEED, SEEDS, a_claim, a_folder, get, load

NOTES = [folder for folder in SEEDS if folder != SEED]
every_note = pytest.mark.parametrize("folder", NOTES, ids=lambda folder: folder.name)
FILM = "film/the-challenge"


def facts(client: httpx.Client, **query: str) -> dict[str, dict[str, Any]]:
    """All facts that match, by id."""
    found: dict[str, dict[str, Any]] = {}
    while True:
        page = get(client, "/facts", limit=100, offset=len(found), **query)
        found |= {fact["id"]: fact for fact in page["results"]}
        if len(found) == page["count"]:
            return found


@pytest.fixture(scope="module")
def all_facts(library: httpx.Client) -> dict[str, dict[str, Any]]:
    return facts(library)


def only(found: dict[str, dict[str, Any]], subject: str, name: str, value: Any) -> dict[str, Any]:
    """The fact that says so."""
    (fact,) = [
        one
        for one in found.values()
        if (f"{one['subject']['kind']}/{one['subject']['slug']}", one["property"]) == (subject, name)
        and value
        in (one["value"], one["value"]["slug"] if isinstance(one["value"], dict) and "slug" in one["value"] else None)
    ]
    return fact


# What the notes are


@every_note
def test_a_note_is_ours_and_says_of_everything_who_says_so(folder: Path) -> None:
    seed = read_folder(folder)
    assert (seed.problems, seed.source.publisher, seed.source.language) == ((), "filmspace editors", "en")
    assert folder.name.startswith(f"editors-{seed.source.published}-")
    assert {claim.modality for claim in seed.claims} <= {"reported", "planned", "negated"}
    assert [claim for claim in seed.claims if claim.modality != "negated" and not claim.attributed_to] == []


@every_note
def test_each_sentence_of_a_note_is_a_receipt(library: httpx.Client, folder: Path) -> None:
    annotated = get(library, f"/sources/{folder.name}/annotated")
    assert [sentence["text"] for sentence in annotated["sentences"] if not sentence["facts"]] == []
    assert get(library, f"/sources/{folder.name}")["kind"] == "article"


@every_note
def test_a_note_needs_no_other(engine: Engine, folder: Path) -> None:
    assert load(engine, folder).silent == ()


def documents(engine: Engine) -> dict[str, Any]:
    """Every record but for when it was touched."""
    tables = ("film", "person", "organisation", "event", "place", "character")
    with engine.connect() as connection:
        told = [
            json.loads(one) for table in tables for one in connection.scalars(text(f'SELECT document FROM "{table}"'))
        ]
        contested = [
            tuple(row)
            for table in ("dispute", "slip")
            for row in connection.execute(
                text(f"SELECT slug, property, '{table}' FROM {table} ORDER BY slug, property")
            )
        ]
    records = {f"{one['kind']}/{one['slug']}": {**one, "updated_at": None} for one in told}
    return {**records, "contested": contested}


def test_the_order_of_loading_does_not_matter(engine: Engine, library_file: Path) -> None:
    for folder in reversed(SEEDS):
        load(engine, folder)
    forwards = make_engine(f"sqlite:///{library_file}")
    assert documents(engine) == documents(forwards)
    forwards.dispose()


def test_every_fact_of_the_first_article_is_still_one(api: httpx.Client, all_facts: dict[str, dict[str, Any]]) -> None:
    before = facts(api)
    assert len(before) == 156
    for fact_id, fact in before.items():
        now = all_facts[fact_id]
        assert [one for one in fact["evidence"] if one not in now["evidence"]] == []
        # What the first article calls a film, or how many agree with it, is all that may be otherwise.
        same = ("property", "inference", "phrase", "attributed_to", "rank", "modality")
        assert {key: now[key] for key in same} == {key: fact[key] for key in same}
        assert now["source_count"] >= fact["source_count"]


# What they amount to


def test_films_of_space_are_catalogued(library: httpx.Client) -> None:
    films = {film["slug"]: film for film in get(library, "/films", limit=100)["results"]}
    assert len(films) == 16
    assert [slug for slug, film in films.items() if film["name"] is None] == ["cruise-liman-project"]
    assert [slug for slug, film in films.items() if not film["directors"]] == [
        "science-fiction-film-2012", "blue-planet-outside-the-window", "hail-columbia", "space-explorers-the-iss-experience",
    ]  # fmt: skip
    myers = get(library, "/films", director="toni-myers", ordering="label", fields="label")["results"]
    assert [film["label"] for film in myers] == ["A Beautiful Planet", "Hubble 3D", "Space Station 3D"]
    assert films["the-right-stuff-1983"]["awards"] == [
        "Oscar for editing", "Oscar for score", "Oscar for sound", "Oscar for sound effects editing",
    ]  # fmt: skip


def test_films_that_the_first_article_does_not_name_are_named(library: httpx.Client) -> None:
    for slug, name, label in (
        ("imax-documentary-2002", "Space Station 3D", "2002 IMAX documentary narrated by Tom Cruise"),
        ("science-fiction-film-2012", "Apogee of Fear", "2012 eight-minute science fiction film by Richard Garriott"),
    ):
        film = get(library, f"/films/{slug}", evidence="quotes")
        assert (film["name"], film["label"]) == (name, name)
        assert [fact["value"] for fact in film["facts"]["label"]] == [label]


def test_the_release_slipped_and_the_premiere_is_an_event(library: httpx.Client) -> None:
    film = get(library, "/films/the-challenge")
    assert (film["release_date"], film["planned"], film["slipped"]) == ("2023-04-20", ["events[5]"], ["release_date"])
    (slip,) = get(library, "/slips", subject=FILM)["results"]
    assert slip["slip_days"] == {"at_least": 8, "at_most": 8}
    assert [(one["fact"]["value"], one["fact"]["evidence"][0]["source"]["slug"]) for one in slip["planned"]] == [
        ("2023-04-12", SEED.name)
    ]
    premiere = get(library, "/events/the-challenge-premiere")
    assert (premiere["date"], premiere["status"], premiere["location"]["slug"]) == (
        "2023-04-12", "happened", "state-kremlin-palace",
    )  # fmt: skip
    claim = {"subject": FILM, "property": "release_date", "value": "2023-04-12"}
    assert library.post("/check", json=claim).json()["verdict"] == "contradicted"


def test_disputes_have_two_sides_from_different_sources(library: httpx.Client) -> None:
    disputes = get(library, "/disputes", limit=100)["results"]
    assert [(one["subject"]["slug"], one["property"]) for one in disputes] == [
        ("soyuz-ms-19-landing", "date"),
        ("soyuz-tma-13", "cost"),
        ("for-all-mankind-1989", "duration"),
        ("imax-documentary-2002", "distinction"),
        ("imax-documentary-2002", "duration"),
        ("the-challenge", "cost"),
    ]
    for dispute in disputes:
        told = [
            {(one["source"]["slug"], one["attributed_to"]) for fact in side["facts"] for one in fact["evidence"]}
            for side in dispute["sides"]
        ]
        assert len(told) == 2
        assert all(one ^ other for one, other in pairwise(told))
        assert {side["publisher_count"] for side in dispute["sides"]} == {1}, "all notes are of one publisher"


def test_what_publications_claim_and_others_deny_is_held_and_told(library: httpx.Client) -> None:
    first = {
        "subject": "film/imax-documentary-2002",
        "property": "distinction",
        "value": "first IMAX production shot in space",
    }
    checked = library.post("/check", json=first).json()
    assert (checked["verdict"], checked["is_disputed"]) == ("supported", True)
    assert checked["facts"][0]["attributed_to"] == "TV Guide"
    oscar = {"subject": "film/the-right-stuff-1983", "property": "award", "value": "Oscar for adapted screenplay"}
    assert library.post("/check", json=oscar).json()["verdict"] == "contradicted"


@pytest.mark.parametrize(
    ("subject", "name", "value", "sources", "publishers"),
    [
        (FILM, "director", "klim-shipenko", 2, 2),
        ("person/klim-shipenko", "name", "Klim Shipenko", 4, 2),
        ("event/journey-to-the-iss-2021", "participant", "anton-shkaplerov", 2, 2),
        ("event/russia-leaving-the-iss", "date", "2025/..", 2, 2),
        ("person/pyotr-dubrov", "name", "Pyotr Dubrov", 2, 1),
        ("film/hubble-3d", "director", "toni-myers", 1, 1),
    ],
)
def test_publishers_are_counted_by_whose_word_it_is(
    all_facts: dict[str, dict[str, Any]], subject: str, name: str, value: str, sources: int, publishers: int
) -> None:
    fact = only(all_facts, subject, name, value)
    assert (fact["source_count"], fact["publisher_count"]) == (sources, publishers)
    said_by = {one["source"]["publisher"] for one in fact["evidence"]}
    assert len(said_by) == publishers


def test_one_who_plays_somebody_is_in_the_cast_once(library: httpx.Client) -> None:
    """One source says whom he plays, another only that he does."""
    film = get(library, "/films/the-challenge", evidence="quotes")
    played = {part["person"]["slug"]: part["character"] for part in film["cast"]}
    assert len(played) == len(film["cast"]) == film["cast_count"] == 6
    assert played["oleg-novitskiy"]["slug"] == "sick-cosmonaut"
    assert sum(fact["value"]["slug"] == "oleg-novitskiy" for fact in film["facts"]["cast"]) == 2
    novitskiy = get(library, "/people/oleg-novitskiy")
    assert [(part["role"], part["character"]["slug"]) for part in novitskiy["films"]] == [("cast", "sick-cosmonaut")]


def test_who_flew_is_found_by_the_spelling_of_other_sources(library: httpx.Client) -> None:
    (hit, *_) = get(library, "/search", q="Oleg Novitsky")["results"]
    assert (hit["slug"], hit["matched"]) == ("oleg-novitskiy", "alternate_name")


@pytest.fixture
def reprints(engine: Engine, serving: Serving, tmp_path: Path) -> httpx.Client:
    """One note under the names of two publishers."""
    for slug, publisher in (("editors", "filmspace editors"), ("reprint", "The Copyist")):
        folder = tmp_path / slug
        folder.mkdir()
        article = (NOTES[0] / "article.txt").read_text(encoding="utf-8")
        (folder / "article.txt").write_text(article.replace("filmspace editors", publisher, 1), encoding="utf-8")
        (folder / "claims.yaml").write_bytes((NOTES[0] / "claims.yaml").read_bytes())
        load(engine, folder)
    return serving(engine)


def test_two_reprints_of_one_text_are_one_publisher(reprints: httpx.Client) -> None:
    assert {(fact["source_count"], fact["publisher_count"]) for fact in facts(reprints).values()} == {(2, 1)}


def test_a_claim_may_not_be_made_twice_in_two_senses(engine: Engine, tmp_path: Path) -> None:
    """What a source asserts and reports is one fact; it says so once, with both quotes."""
    words = "Ada Byte directed Nova. Critics say that Ada Byte directed Nova."
    claims = [
        a_claim("film/nova", "name", "Nova", quote="directed Nova. Critics"),
        a_claim("person/ada", "name", "Ada Byte", quote="Ada Byte directed Nova. Critics"),
        a_claim("film/nova", "director", object="person/ada", quote="Ada Byte directed Nova. Critics"),
        a_claim("film/nova", "director", object="person/ada", quote="Critics say that Ada Byte directed Nova",
                modality="reported", attributed_to="Critics"),
    ]  # fmt: skip
    with pytest.raises(RefusedError, match="says the same as claim 3"):
        load(engine, a_folder(tmp_path, "a", words, claims))


def test_the_receipt_of_what_is_shown_is_the_one_with_its_value(library: httpx.Client) -> None:
    found = 0
    for plural in PLURALS.values():
        for record in library.get(f"/{plural}?evidence=quotes&limit=100").json()["results"]:
            for key, receipts in record["facts"].items():
                if isinstance(record[key], str) and key != "label":
                    same = [one for one in receipts if one["value"] == record[key]]
                    happened = [one for one in same if one["modality"] != "planned"]
                    assert len(happened or same) == 1
                    found += len(same) < len(receipts)
    assert found  # which have others beside them
