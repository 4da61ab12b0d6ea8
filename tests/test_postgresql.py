"""PostgreSQL answers as SQLite does, byte for byte, from the same evidence."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.conftest import Twice, running
from tests.makers import ROOT, SEEDS
from tests.postgresql import database
from tests.search.hit_rate import queries

_TIMES = ("at", "seal", "loaded_at", "withdrawn_at")
KINDS = ("films", "people", "organisations", "events", "places", "characters")


def command(url: str, *arguments: str) -> str:
    """What the command prints that is asked of this database."""
    env = {**os.environ, "FILMSPACE_DATABASE_URL": url, "FILMSPACE_ACTOR": "tests"}
    done = subprocess.run(
        [sys.executable, "-m", "app.cli", *arguments], cwd=ROOT, env=env, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def filled(postgresql: str, library_file: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The URL of a PostgreSQL database with all seeds, by way of an export from SQLite."""
    folder = tmp_path_factory.mktemp("exported")
    command(f"sqlite:///{library_file}", "export", str(folder))
    url = database(postgresql, "filled")
    command(url, "import", "ndjson", str(folder / "filmspace.ndjson"))
    return url


@pytest.fixture(scope="module")
def both(filled: str, library_file: Path) -> Iterator[httpx.Client]:
    """A client of the API on SQLite, all of whose answers are held against those on PostgreSQL."""
    with (
        running(f"sqlite:///{library_file}") as ours,
        running(filled) as other,
        Twice(other, base_url=ours.base_url, timeout=30) as client,
    ):
        yield client


def test_every_record_its_facts_and_all_around_it(both: httpx.Client) -> None:
    listed = [one["url"] for kind in KINDS for one in both.get(f"/{kind}?limit=100").json()["results"]]
    assert len(listed) > 100
    for url in listed:
        assert both.get(url).status_code == 200
        assert both.get(f"{url}/facts?limit=100").status_code == 200
        assert both.get(f"{url}/connections?limit=100").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/films?genre__contains=drama&facet=genre", "/films?ordering=-release_date,label&limit=3",
        "/films?release_date__gte=1990&ordering=release_date", "/people?facet=occupation&facet=nationality&limit=2",
        "/people?q=yulia", "/people?films=the-challenge&ordering=-source_count,name", "/organisations?limit=4&offset=3",
        "/events?status=planned&ordering=date", "/events?ordering=-source_count", "/places?evidence=quotes&limit=5",
        "/films?fields=label,cast&limit=5", "/films?format=csv", "/people?format=ndjson", "/films/the-challenge?evidence=ids",
        "/films/the-challenge?include=credits,events", "/films/the-challenge?format=jsonld",
        "/facts?limit=100", "/facts?property=release_date", "/facts?modality=planned",
        "/sources", "/properties", "/timeline?limit=100", "/timeline?from=2020&to=2022", "/events.ics", "/disputes", "/slips",
        "/changes", "/changes?format=atom", "/path?from=person/yulia-peresild&to=film/the-challenge",
    ],
)  # fmt: skip
def test_lists_and_views(both: httpx.Client, path: str) -> None:
    answer = both.get(path)
    assert answer.status_code == 200, answer.text
    while answer.headers["content-type"] == "application/json" and (url := answer.json().get("next")):
        answer = both.get(url)


def test_searches_find_the_same_in_the_same_order(both: httpx.Client) -> None:
    asked = list(chain.from_iterable((q, q[:3], f"{q}x") for q in queries()))
    assert len(asked) > 150
    for q in asked:
        for path in ("/search", "/suggest"):
            assert both.get(path, params={"q": q}).status_code == 200


def test_what_is_loaded_is_the_same(postgresql: str, tmp_path: Path) -> None:
    """All but the moments, and the seals, which are over them as well."""
    exported = []
    for name, url in (("s", f"sqlite:///{tmp_path / 'loaded.db'}"), ("p", database(postgresql, "loaded"))):
        command(url, "load", *map(str, SEEDS))
        assert "everything holds" in command(url, "check")
        command(url, "export", str(tmp_path / name))
        rows = [json.loads(row) for row in (tmp_path / name / "filmspace.ndjson").read_text().splitlines()]
        exported.append([_timeless(row) for row in rows])
    assert len(exported[0]) > 1000
    assert exported[0] == exported[1]


def _timeless(row: dict[str, Any]) -> Any:
    ((table, held), *_) = row.items()
    return (table, {key: held[key] for key in held if key not in _TIMES}) if isinstance(held, dict) else row
