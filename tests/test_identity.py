"""Entities that are merged and renamed, and what is gone: every address that ever was keeps answering."""

from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine, select, text
from sqlmodel import col

from app.db import for_writing
from app.loading.load import withdraw_source
from app.loading.merging import merge_entities, rename_entity
from app.loading.problems import RefusedError
from app.projection import rebuild
from app.tables.evidence import Revision
from tests.conftest import Serving
from tests.document import DOCUMENT
from tests.examples import told_headers
from tests.makers import a_claim, a_folder, gazette, load, two_gazettes
from tests.test_cli import fails_in_a_sentence, run


def merge(engine: Engine, old: str, into: str) -> None:
    with for_writing(engine).begin() as connection:
        merge_entities(connection, old, into, "they are the same", actor="tests")


def rename(engine: Engine, old: str, slug: str) -> str:
    with for_writing(engine).begin() as connection:
        return rename_entity(connection, old, slug, "a better slug", actor="tests")


def withdraw(engine: Engine, source: str) -> None:
    with for_writing(engine).begin() as connection:
        withdraw_source(connection, source, "a hoax", actor="tests")


def revisions(engine: Engine) -> int:
    with engine.connect() as connection:
        return int(connection.execute(text("SELECT count(*) FROM revision")).scalar_one())


def results(api: httpx.Client, path: str) -> list[dict[str, Any]]:
    answer = api.get(path)
    assert answer.status_code == 200, answer.text
    page = answer.json()
    assert page["count"] == len(page["results"])
    found: list[dict[str, Any]] = page["results"]
    return found


def leads_to(api: httpx.Client, path: str, target: str) -> None:
    """GET and HEAD of the path are answered with 308 to the target, as the OpenAPI document says."""
    answer = api.get(path)
    assert (answer.status_code, answer.json()) == (308, {"status": 308, "url": target})
    assert answer.headers["location"] == target
    assert answer.headers["content-type"] == "application/json"
    assert "max-age" in answer.headers["cache-control"]
    assert "etag" not in answer.headers
    every = [one["responses"] for methods in DOCUMENT["paths"].values() for one in methods.values()]
    assert {frozenset(one["308"]["headers"]) for one in every if "308" in one} == {frozenset(told_headers(answer))}
    head = api.head(path)
    assert (head.status_code, head.headers["location"], head.content) == (308, target, b"")
    assert api.get(answer.headers["location"], follow_redirects=True).status_code == 200


def test_two_films_become_one_record(two: Engine, serving: Serving) -> None:
    merge(two, "person/a-byte", "person/ada-byte")
    merge(two, "film/orbit-1", "film/orbit-one")
    api = serving(two)
    [film] = results(api, "/films?evidence=quotes")
    assert (film["slug"], film["name"], film["alternate_names"]) == ("orbit-one", "Orbit 1", ["Orbit One"])
    assert [one["slug"] for one in film["directors"]] == ["ada-byte"]
    assert (film["source_count"], film["disputed"]) == (2, ["film_type"])
    [director] = film["facts"]["directors"]
    assert (director["source_count"], director["publisher_count"]) == (2, 2)
    assert [one["quote"] for one in director["evidence"]] == ["Ada Byte directed Orbit One", "A. Byte directed Orbit 1"]
    [person] = results(api, "/people")
    assert [one["film"]["slug"] for one in person["films"]] == ["orbit-one"]


def test_old_addresses_lead_to_the_new_ones(two: Engine, serving: Serving) -> None:
    merge(two, "film/orbit-1", "film/orbit-one")
    api = serving(two)
    leads_to(api, "/films/orbit-1", "/films/orbit-one")
    leads_to(api, "/films/orbit-1?evidence=quotes&fields=slug%2Clabel,facts", "/films/orbit-one?evidence=quotes&fields=slug%2Clabel,facts")  # fmt: skip
    leads_to(api, "/films/orbit-1/facts?property=director&limit=3", "/films/orbit-one/facts?property=director&limit=3")
    leads_to(api, "/films/orbit-1/", "/films/orbit-one")
    assert api.get("/films/orbit-1", params={"wibble": "x"}).status_code == 422
    assert api.get("/people/orbit-1").status_code == 404


def test_old_names_find_the_new_ones(two: Engine, serving: Serving) -> None:
    merge(two, "person/a-byte", "person/ada-byte")
    merge(two, "film/orbit-1", "film/orbit-one")
    api = serving(two)
    for path in ("/films?director=a-byte", "/films?director=ada-byte", "/films?source=second", "/films?source=first"):
        assert [film["slug"] for film in results(api, path)] == ["orbit-one"], path
    for path in ("/people?films=orbit-1", "/people?films=film/orbit-one"):
        assert [person["slug"] for person in results(api, path)] == ["ada-byte"], path
    old, new = (results(api, f"/facts?subject={film}") for film in ("film/orbit-1", "film/orbit-one"))
    assert old == new
    assert [fact["property"] for fact in new] == ["name", "director", "film_type", "name", "film_type"]
    assert {fact["subject"]["slug"] for fact in new} == {"orbit-one"}
    assert results(api, "/facts?object=person/a-byte") == [fact for fact in new if fact["property"] == "director"]
    assert results(api, "/films/orbit-one/facts") == new
    hits = results(api, "/search?q=Orbit+1")
    assert [(hit["kind"], hit["slug"]) for hit in hits] == [("film", "orbit-one"), ("person", "ada-byte")]
    [sentence, _] = api.get("/sources/second/annotated").json()["sentences"]
    assert {one["entity"]["slug"] for one in sentence["mentions"]} == {"orbit-one", "ada-byte"}
    assert {fact["subject"]["slug"] for fact in sentence["facts"]} == {"orbit-one", "ada-byte"}
    assert api.get("/sources/second").json()["fact_count"] == 4


def test_old_names_mean_the_new_ones_everywhere(two: Engine, tmp_path: Path, serving: Serving) -> None:
    claims = [
        a_claim("film/orbit-1", "release_date", "2022", quote="planned for 2022", modality="planned"),
        a_claim("film/orbit-one", "release_date", "2023", quote="shown in 2023"),
        a_claim("film/orbit-1", "genre", "drama", quote="no drama", modality="negated"),
        a_claim("film/orbit-1", "cast", object="person/ada-byte", quote="Ada Byte hopes", modality="hoped",
                inference="coreference", introduced_by="Orbit 1"),
    ]  # fmt: skip
    article = "Orbit 1 was planned for 2022 and shown in 2023. It is no drama. Ada Byte hopes to play in it."
    claims = [{**one, "inference": "coreference", "introduced_by": "Orbit 1"} for one in claims]
    load(two, a_folder(tmp_path, "third", article, claims, entities=[], source={"published": "2024-01-01"}))
    merge(two, "person/a-byte", "person/ada-byte")
    merge(two, "film/orbit-1", "film/orbit-one")
    api = serving(two)
    for path, count in (
        ("/timeline?entity=film/{}", 2),
        ("/disputes?subject=film/{}", 1),
        ("/disputes?subject=film/{}&source=second", 1),
        ("/slips?subject=film/{}&source=third", 1),
        ("/sources?mentions=film/{}", 3),
        ("/facts?subject=film/{}&modality=negated", 1),
        ("/people?films={}", 1),
    ):
        old, new = (api.get(path.format(slug)) for slug in ("orbit-1", "orbit-one"))
        assert old.json()["results"] == new.json()["results"], path
        assert (old.status_code, old.json()["count"]) == (200, count), path
    paths = [api.get(f"/path?from=film/{slug}&to=person/a-byte").json() for slug in ("orbit-1", "orbit-one")]
    assert paths[0] == paths[1]
    assert (paths[0]["length"], paths[0]["to"]["slug"]) == (1, "ada-byte")
    leads_to(api, "/films/orbit-1/connections?modality=hoped", "/films/orbit-one/connections?modality=hoped")
    [hope] = results(api, "/films/orbit-one/connections?modality=hoped&kind=person")
    assert (hope["entity"]["slug"], hope["property"]) == ("ada-byte", "cast")
    assert [one["entity"]["slug"] for one in results(api, "/people/ada-byte/connections?modality=hoped")] == [
        "orbit-one"
    ]
    for verdict, claim in (
        ("supported", {"property": "director", "object": "person/a-byte"}),
        ("supported", {"property": "name", "value": "Orbit 1"}),
        ("contradicted", {"property": "release_date", "value": "2022"}),
        ("contradicted", {"property": "genre", "value": "drama"}),
    ):
        old, new = (api.post("/check", json={"subject": f"film/{slug}", **claim}) for slug in ("orbit-1", "orbit-one"))
        assert old.json() == new.json()
        assert (old.json()["verdict"], old.json()["claim"]["subject"]["slug"]) == (verdict, "orbit-one")
    [hit] = [one for one in results(api, "/search?q=planned") if one["kind"] == "film"]
    assert (hit["slug"], hit["snippet"]) == ("orbit-one", "Orbit 1 was planned for 2022 and shown in 2023.")


def test_facts_keep_their_ids_and_old_ids_lead_to_the_facts_that_they_are(two: Engine, serving: Serving) -> None:
    api = serving(two)
    every: dict[str, dict[str, Any]] = {}

    def remember() -> None:
        every.update({fact["id"]: fact for fact in results(api, "/facts?limit=100")})

    remember()
    for step in (
        lambda: merge(two, "person/a-byte", "person/ada-byte"),
        lambda: rename(two, "film/orbit-1", "orbit-the-first"),
        lambda: rename(two, "person/ada-byte", "ada"),
        lambda: merge(two, "film/orbit-the-first", "film/orbit-one"),
        lambda: rename(two, "film/orbit-one", "orbit"),
    ):
        step()
        remember()
    now = {fact["id"] for fact in results(api, "/facts?limit=100")}
    assert len(now) < len(every) - 10
    for old, fact in every.items():
        answer = api.get(f"/facts/{old}")
        if old in now:
            assert answer.status_code == 200
            continue
        leads_to(api, f"/facts/{old}", answer.json()["url"])
        found = api.get(answer.json()["url"]).json()
        assert (found["id"] in now, found["property"], found["modality"]) == (True, fact["property"], fact["modality"])
        assert {one["quote"] for one in fact["evidence"]} <= {one["quote"] for one in found["evidence"]}
    leads_to(api, "/people/a-byte", "/people/ada")
    leads_to(api, "/films/orbit-1", "/films/orbit")
    with two.connect() as connection:
        chained = "SELECT count(*) FROM entity a JOIN entity b ON b.id = a.merged_into_id WHERE b.merged_into_id > 0"
        assert connection.execute(text(chained)).scalar_one() == 0


def test_a_fact_between_what_is_one_shows_in_no_record(engine: Engine, tmp_path: Path, serving: Serving) -> None:
    claims = [
        a_claim("organisation/alpha", "name", "Alpha", quote="Alpha works"),
        a_claim("organisation/beta", "name", "Beta", quote="with Beta"),
        a_claim("organisation/alpha", "partner", object="organisation/beta", quote="Alpha works with Beta"),
    ]
    load(engine, a_folder(tmp_path, "gazette", "Alpha works with Beta.", claims))
    merge(engine, "organisation/alpha", "organisation/beta")
    api = serving(engine)
    assert api.get("/organisations/beta").json()["partners"] == []
    [fact] = results(api, "/facts?property=partner")
    assert fact["subject"] == fact["value"]


def test_a_source_loaded_later_may_use_either_name(two: Engine, tmp_path: Path, serving: Serving) -> None:
    merge(two, "film/orbit-1", "film/orbit-one")
    claims = [
        a_claim("film/orbit-1", "genre", "drama", quote="Orbit One is a drama"),
        a_claim("film/orbit-one", "genre", "comedy", quote="Orbit 1 is a comedy"),
        a_claim("event/premiere", "label", "the premiere of Orbit One", quote="the premiere of Orbit One"),
        a_claim("event/premiere", "about", object="film/orbit-1", quote="the premiere of Orbit One"),
        a_claim("event/gala", "label", "the gala of Orbit 1", quote="the gala of Orbit 1"),
        a_claim("event/gala", "about", object="film/orbit-one", quote="the gala of Orbit 1"),
    ]
    article = "Orbit One is a drama, and Orbit 1 is a comedy. Guests: the premiere of Orbit One, the gala of Orbit 1."
    report = load(two, a_folder(tmp_path, "third", article, claims, entities=["event/premiere", "event/gala"]))
    assert (report.entities_new, report.entities_known) == (2, 0)
    api = serving(two)
    film = api.get("/films/orbit-one").json()
    assert (film["genres"], [one["slug"] for one in film["events"]]) == (["drama", "comedy"], ["gala", "premiere"])
    assert api.get("/events/premiere").json()["about"][0]["slug"] == "orbit-one"
    with for_writing(two).begin() as connection:
        before = connection.execute(text("SELECT * FROM moved_fact ORDER BY fingerprint, since")).all()
        rebuild(connection)
        assert connection.execute(text("SELECT * FROM moved_fact ORDER BY fingerprint, since")).all() == before
    # What it says under the old name is still withdrawn with it.
    withdraw(two, "third")
    assert api.get("/films/orbit-one").json()["genres"] == []


def test_each_is_one_revision_that_says_who_why_and_what(two: Engine, serving: Serving) -> None:
    merge(two, "film/orbit-1", "film/orbit-one")
    assert rename(two, "person/a-byte", "byte") == "person/byte"
    with two.connect() as connection:
        query = """
            SELECT r.action, r.actor, r.reason, old.slug, new.slug, r.added + r.superseded + r.withdrawn, r.source_id
            FROM revision r JOIN entity old ON old.id = r.entity_id JOIN entity new ON new.id = r.into_id ORDER BY r.id
        """
        assert [tuple(row) for row in connection.execute(text(query))] == [
            ("merge", "tests", "they are the same", "orbit-1", "orbit-one", 0, None),
            ("rename", "tests", "a better slug", "a-byte", "byte", 0, None),
        ]
    assert serving(two).get("/readyz").json()["revision"] == 4
    for path, revision in (("/films/orbit-one", 3), ("/people/byte", 4)):
        with two.connect() as connection:
            at = connection.execute(select(col(Revision.at)).where(col(Revision.id) == revision)).scalar_one()
        assert serving(two).get(path).json()["updated_at"] == f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03}Z"


UNMERGEABLE = [
    ("film/orbit-1", "film/orbit-1", "into itself"),
    ("film/orbit-1", "person/a-byte", "a film cannot be merged into a person"),
    ("film/orbit-2", "film/orbit-1", "no such entity; did you mean film/orbit-1?"),
    ("film/orbit-1", "film/nothing-like-it", "no such entity"),
    ("wibble/orbit-1", "film/orbit-1", "expected kind/slug"),
    ("film/orbit-1", "film/\udcff\0", "expected kind/slug"),
    ("film/merged", "film/orbit-1", "stands for film/orbit-one already"),
    ("film/orbit-1", "film/merged", "stands for film/orbit-one already"),
]


def test_what_is_no_judgement_is_refused(two: Engine, tmp_path: Path) -> None:
    label = [a_claim("film/merged", "label", "a film", quote="a film")]
    load(two, a_folder(tmp_path, "third", "There was a film.", label))
    merge(two, "film/merged", "film/orbit-one")
    before = revisions(two)
    for old, into, words in UNMERGEABLE:
        with pytest.raises(RefusedError, match=words.replace("?", r"\?")):
            merge(two, old, into)
    for slug in ("orbit-1", "orbit-one", "Orbit", "a--b", "", "x" * 200, "a/b", "é"):
        with pytest.raises(RefusedError, match="is taken" if slug.startswith("orbit") else "is no slug"):
            rename(two, "film/orbit-1", slug)
    for reason in ("", "  ", "x" * 1001, "two\nlines", "\udcff", "\0"):
        with for_writing(two).begin() as connection:
            with pytest.raises(RefusedError, match="for a reason"):
                merge_entities(connection, "film/orbit-1", "film/orbit-one", reason, actor="tests")
            with pytest.raises(RefusedError, match="for a reason"):
                withdraw_source(connection, "first", reason, actor="tests")
    assert revisions(two) == before


def is_gone(api: httpx.Client, path: str, *words: str) -> None:
    answer = api.get(path)
    assert answer.status_code == 410, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "gone"
    for word in words:
        assert word in answer.json()["detail"]
    assert api.head(path).status_code == 410


def test_what_no_source_speaks_of_any_more_is_gone_for_a_reason(two: Engine, tmp_path: Path, serving: Serving) -> None:
    api = serving(two)
    facts = {fact["subject"]["slug"]: fact["url"] for fact in results(api, "/facts?property=film_type")}
    withdraw(two, "first")
    for path in ("/films/orbit-one", "/films/orbit-one/facts", "/people/ada-byte", facts["orbit-one"]):
        is_gone(api, path, "The source first was withdrawn: a hoax")
    # A version that no longer speaks of it.
    kept = [a_claim("film/orbit-1", "name", "Orbit 1", quote="Orbit 1 is a film")]
    load(two, gazette(tmp_path, "second", "Orbit 1 is a film.", kept, 2022))
    for path in ("/people/a-byte", facts["orbit-1"]):
        is_gone(api, path, "The source second no longer says it since its version 2.")
    assert api.get("/films/orbit-1").status_code == 200
    # Where it leads to nothing, an old address says so at the end.
    merge(two, "film/orbit-1", "film/orbit-one")
    withdraw(two, "second")
    moved = api.get("/films/orbit-1")
    assert (moved.status_code, moved.headers["location"]) == (308, "/films/orbit-one")
    is_gone(api, "/films/orbit-one", "The source first was withdrawn: a hoax", "The source second was withdrawn")
    assert results(api, "/films") == []
    assert api.get("/films/never").status_code == 404
    assert api.get("/facts/0123456789abcdef").status_code == 404


def test_behind_a_proxy_the_path_is_the_whole_one(two: Engine) -> None:
    from fastapi.testclient import TestClient

    from app.application import create_app
    from app.settings import Settings

    merge(two, "film/orbit-1", "film/orbit-one")
    app = create_app(Settings(database_url=str(two.url)))
    with TestClient(app, root_path="/space", follow_redirects=False) as client:
        for asked in ("/films/orbit-1/facts?limit=1", "/space/films/orbit-1/facts?limit=1"):
            assert client.get(asked).headers["location"] == "/space/films/orbit-one/facts?limit=1"


def test_the_commands_say_what_they_did(tmp_path: Path) -> None:
    folder, other = two_gazettes(tmp_path)
    assert run(tmp_path, "load", str(folder), str(other)).returncode == 0
    done = run(tmp_path, "merge", "film/orbit-1", "film/orbit-one", "--reason", "they are the same")
    assert (done.returncode, done.stdout) == (0, "film/orbit-1: merged into film/orbit-one\n")
    done = run(tmp_path, "rename", "film/orbit-one", "orbit", "--reason", "shorter")
    assert (done.returncode, done.stdout) == (0, "film/orbit-one: renamed to film/orbit\n")
    again = run(tmp_path, "merge", "film/orbit-1", "film/orbit-one", "--reason", "again")
    fails_in_a_sentence(again, "film/orbit-1: it stands for film/orbit already")
    fails_in_a_sentence(run(tmp_path, "rename", "person/a-byte", "ada-byte", "--reason", "x"), "is taken")
    done = run(tmp_path, "rename", "film/orbit", "orbit-one", "--reason", "as it was called")
    assert (done.returncode, done.stdout) == (0, "film/orbit: renamed to film/orbit-one\n")
    fails_in_a_sentence(run(tmp_path, "merge", "film/a", "film/b", "--reason", " "), "for a reason")
