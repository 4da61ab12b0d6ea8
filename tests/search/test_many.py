"""Searches for what very many records have, which are found without gathering all of them: the same hits, in order."""

from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine

from tests.conftest import Serving
from tests.search.test_search import a_base, found
from tests.test_direct import both, direct

MANY = 620
NAMES = {f"orbital-{number:03}": f"Orbital {number:03}" for number in range(MANY)}
OTHERS = {"zero": "Orbital", "the-orbital": "The Orbital", "orbit": "Orbit", "station-orbital": "Station Orbital Ten"}


@pytest.fixture
def many(engine: Engine, tmp_path: Path, serving: Serving) -> httpx.Client:
    a_base(engine, tmp_path, {**NAMES, **OTHERS})
    return serving(engine)


def slugs(hits: list[dict[str, Any]]) -> list[str]:
    return [hit["slug"] for hit in hits]


def test_what_many_have_is_found_as_what_few_have(many: httpx.Client) -> None:
    begin = ["zero", *list(NAMES)[:19]]
    for kind in ({}, {"kind": "film"}):
        assert slugs(found(many, "orbital", **kind)) == begin
        # None is called so; all of these begin so and are known alike, and "orbit" was loaded after the first hundred.
        assert slugs(found(many, "orbi", **kind)) == list(NAMES)[:20]
        assert slugs(found(many, "orbital 01", **kind)) == list(NAMES)[10:20]
        assert found(many, "orbital", kind="person") == []
    assert many.get("/search", params={"q": "orbital"}).json()["count"] == MANY + 3
    assert many.get("/search", params={"q": "orbi", "kind": "film"}).json()["count"] == MANY + 4
    assert slugs(many.get("/suggest", params={"q": "orbi"}).json()["results"]) == list(NAMES)[:10]


def test_each_of_many_is_on_one_page(many: httpx.Client) -> None:
    for q, last in (("orbital", {"the-orbital", "station-orbital"}), ("orbi", {"the-orbital", "station-orbital"})):
        pages = [slugs(found(many, q, limit=100, offset=offset)) for offset in range(0, MANY + 4, 100)]
        every = [one for page in pages for one in page]
        assert len(every) == len(set(every)) == MANY + len(OTHERS) - (q == "orbital")
        assert set(every[-2:]) == last


def test_names_of_which_words_run_together_are_on_one_page(engine: Engine, tmp_path: Path, serving: Serving) -> None:
    """They begin so, though not all that is sought is a word of theirs."""
    names = {f"day-{number:03}": f"Orbital Day {number:03}" for number in range(310)}
    a_base(engine, tmp_path, names)
    api = serving(engine)
    assert api.get("/search", params={"q": "orb ital d"}).json()["count"] == 310
    every = [one for at in range(0, 400, 100) for one in slugs(found(api, "orb ital d", limit=100, offset=at))]
    assert sorted(every) == sorted(names)


def test_what_may_take_long_is_answered_the_ordinary_way_first(many: httpx.Client) -> None:
    with httpx.Client(base_url=many.base_url) as api:
        for path in ("/search?q=orbital+there", "/search?q=orbitel", "/suggest?q=orbitl"):
            before = direct(api)
            one, other = both(api, path)
            assert one == other
            again, _ = both(api, path)
            assert again == one
            assert direct(api) - before in (0, 1)
