"""Two clocks: when facts were recorded and withdrawn, and what the base held at a moment."""

import tempfile
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from sqlalchemy import Engine

from app.queries.facts.lists import FactQuery, list_facts
from app.queries.sources import SourceQuery, list_sources
from app.queries.status import state_of
from tests.conftest import AN_ENGINE, Fresh, Serving
from tests.histories import NAMES, STEPS, run
from tests.makers import SECOND, a_claim, a_folder, gazette, load
from tests.test_identity import merge, rename, results, withdraw
from tests.test_undo import undo


def facts(engine: Engine, at: datetime | None = None, **asked: Any) -> list[dict[str, Any]]:
    with engine.connect() as connection:
        count, found = list_facts(connection, FactQuery(limit=1000, known_at=at, **asked))
    assert count == len(found)
    return [one.model_dump(mode="json") for one in found]


def moment(engine: Engine) -> datetime | None:
    """The time of the last revision."""
    with engine.connect() as connection:
        return state_of(connection).at


@settings(max_examples=4)
@given(on=AN_ENGINE, steps=STEPS)
def test_the_base_can_be_asked_what_it_held(fresh: Fresh, on: str, steps: list[tuple[str, str, Any]]) -> None:
    with fresh(on) as engine, tempfile.TemporaryDirectory() as folder:
        told: dict[datetime, Any] = {}
        for step in steps:
            run(engine, Path(folder), [step])
            if at := moment(engine):
                by_entity = {one: facts(engine, subject=(one,)) for one in sorted(NAMES)[:4]}
                told[at] = facts(engine), by_entity
        now = {one["id"] for one in facts(engine)}
        with engine.connect() as connection:
            counts = {one.slug: one.fact_count for one in list_sources(connection, SourceQuery())[1]}
        stating = {one["id"]: {said["source"]["slug"] for said in one["evidence"]} for one in facts(engine)}
        for slug in "abc":
            stated = {one["id"] for one in facts(engine, source=(slug,))}
            assert stated == {one for one, sources in stating.items() if slug in sources}
            assert counts.get(slug, 0) == len(stated)
        for at, (then, by_entity) in told.items():
            assert [one["withdrawn_at"] for one in then if one["withdrawn_at"]] == []
            asked = facts(engine, at)
            assert [{**one, "withdrawn_at": None} for one in asked] == then
            assert [one for one in asked if one["id"] in now and one["withdrawn_at"]] == []
            for one, expected in by_entity.items():
                assert [{**f, "withdrawn_at": None} for f in facts(engine, at, subject=(one,))] == expected


def test_a_fact_says_since_when_it_is_known_and_until_when(two: Engine, tmp_path: Path, serving: Serving) -> None:
    api = serving(two)
    kept = gazette(tmp_path, "second", "A. Byte directed Orbit 1.", SECOND[:3], 2022)
    load(two, kept)  # 3: it no longer says what sort of film it is
    withdraw(two, "first")  # 4
    at = {change["revision"]: change["at"] for change in results(api, "/changes?since=0")}
    now = results(api, "/facts?limit=100")
    assert [fact["property"] for fact in now] == ["name", "name", "director"]
    assert {(fact["recorded_at"], fact["withdrawn_at"]) for fact in now} == {(at[2], None)}
    then = results(api, f"/facts?known_at={at[2]}&limit=100")
    assert len(then) == 8
    ended = {(fact["evidence"][0]["source"]["slug"], fact["property"]): fact["withdrawn_at"] for fact in then}
    assert {name for name, when in ended.items() if when is None} == {("second", "name"), ("second", "director")}
    assert ended["second", "film_type"] == at[3]
    assert {when for (source, _), when in ended.items() if source == "first"} == {at[4]}
    assert {fact["recorded_at"] for fact in then} == {at[1], at[2]}
    # A source that says it again: it was recorded when it was first told, and has not ended.
    undo(two, 4)
    [fact] = results(api, "/facts?subject=film/orbit-one&property=film_type")
    assert (fact["recorded_at"], fact["withdrawn_at"]) == (at[1], None)
    assert results(api, f"/facts?known_at={at[4]}") == now


def test_merges_are_as_they_were(two: Engine, serving: Serving) -> None:
    api = serving(two)
    apart = results(api, "/films/orbit-1/facts")
    merge(two, "film/orbit-1", "film/orbit-one")  # 3
    together = results(api, "/films/orbit-one/facts")
    rename(two, "film/orbit-one", "orbit")  # 4
    renamed = results(api, "/films/orbit/facts")
    undo(two, 4)
    undo(two, 3)
    at = {change["revision"]: change["at"] for change in results(api, "/changes?since=0")}
    assert results(api, f"/films/orbit-1/facts?known_at={at[2]}") == apart
    for slug in ("orbit-1", "orbit-one"):
        assert results(api, f"/films/{slug}/facts?known_at={at[3]}") == together
    for slug in ("orbit-1", "orbit-one", "orbit"):
        assert results(api, f"/films/{slug}/facts?known_at={at[4]}") == renamed
    assert {one["subject"]["slug"] for one in together if one["property"] == "film_type"} == {"orbit-one"}
    [one] = [fact for fact in renamed if fact["property"] == "director" and fact["value"]["slug"] == "a-byte"]
    assert api.get(f"/facts/{one['id']}?known_at={at[4]}").json() == one
    assert api.get(f"/facts/{one['id']}", follow_redirects=True).json()["subject"]["slug"] == "orbit-1"
    missing = api.get(f"/facts/{one['id']}?known_at={at[2]}")
    assert (missing.status_code, missing.json()["code"]) == (404, "not_found")


def test_what_is_gone_can_still_be_asked_for_as_it_was(two: Engine, serving: Serving) -> None:
    api = serving(two)
    told = results(api, "/people/a-byte/facts")
    withdraw(two, "second")
    at = {change["revision"]: change["at"] for change in results(api, "/changes?since=0")}
    assert api.get("/people/a-byte/facts").status_code == 410
    then = results(api, f"/people/a-byte/facts?known_at={at[2]}")
    assert [{**fact, "withdrawn_at": None} for fact in then] == told
    assert {fact["withdrawn_at"] for fact in then} == {at[3]}
    assert results(api, f"/people/a-byte/facts?known_at={at[1]}") == []
    assert api.get(f"/people/nobody/facts?known_at={at[1]}").status_code == 404


def test_a_label_is_that_of_the_time(engine: Engine, tmp_path: Path, serving: Serving) -> None:
    called = [a_claim("person/x", "label", "a pilot", quote="a pilot")]
    load(engine, a_folder(tmp_path, "first", "There was a pilot.", called, source={"published": "2020"}))
    api = serving(engine)
    then = results(api, "/facts")
    named = [a_claim("person/x", "name", "Xenia", quote="Xenia")]
    load(engine, a_folder(tmp_path, "second", "It was Xenia.", named, source={"published": "2021"}))
    at = {change["revision"]: change["at"] for change in results(api, "/changes?since=0")}
    assert results(api, f"/facts?known_at={at[1]}") == then
    assert {fact["subject"]["label"] for fact in results(api, "/facts")} == {"Xenia"}


def test_before_there_was_anything_nothing_was_known(two: Engine, serving: Serving) -> None:
    api = serving(two)
    for early in ("0001-01-01", "2001-02-03T04:05:06Z", "1999-12-31T23:59:59-12:00"):
        assert results(api, f"/facts?known_at={early}") == []
    assert results(api, "/films/orbit-1/facts?known_at=2001-02-03") == []


@pytest.mark.parametrize(
    "told", ["9999-12-31", "2999-01-01T00:00:00Z", "yesterday", "", "2021-13-01", "5", "-1", "2021-02-30T00:00Z", "%00"]
)
@pytest.mark.parametrize("path", ["/facts", "/films/the-challenge/facts", "/facts/0123456789abcdef"])
def test_a_moment_that_is_none_or_still_to_come_is_refused(api: Any, path: str, told: str) -> None:
    answer = api.get(f"{path}?known_at={told}")
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    [error] = answer.json()["errors"]
    assert (error["parameter"], error["code"]) == ("known_at", "invalid_value")
    assert api.get(f"{path}?known_at=2021&known_at=2022").status_code == 422


def test_a_day_is_asked_at_its_end(two: Engine, serving: Serving) -> None:
    api = serving(two)
    changes = results(api, "/changes?since=0")
    today = max(one["at"] for one in changes)[:10]
    before = (date.fromisoformat(min(one["at"] for one in changes)[:10]) - timedelta(days=1)).isoformat()
    assert results(api, f"/facts?known_at={today}&limit=100") == results(api, "/facts?limit=100") != []
    record = "/films/orbit-1/facts"
    assert results(api, f"{record}?known_at={today}&limit=100") == results(api, f"{record}?limit=100") != []
    assert results(api, f"/facts?known_at={before}") == []


def test_pages_keep_the_moment(two: Engine, serving: Serving) -> None:
    api = serving(two)
    withdraw(two, "first")
    at = {change["revision"]: change["at"] for change in results(api, "/changes?since=0")}
    page = api.get(f"/facts?known_at={at[2]}&limit=3").json()
    seen = page["results"]
    while page["next"]:
        page = api.get(page["next"]).json()
        seen += page["results"]
    assert seen == results(api, f"/facts?known_at={at[2]}&limit=100")
    assert (page["count"], len(seen)) == (8, 8)
