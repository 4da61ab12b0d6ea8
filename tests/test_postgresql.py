"""PostgreSQL answers as SQLite does, byte for byte, from the same evidence: whatever `library` is asked is asked of both."""

import json
from itertools import chain
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine

from app import LICENCE
from app.audit import problems
from app.db import make_engine, scratch
from app.loading.dumps import dump
from app.migrate import upgrade
from tests.commands import command
from tests.conftest import only_postgresql, running
from tests.makers import SEEDS, load
from tests.postgresql import Cluster
from tests.search.hit_rate import queries

_TIMES = ("at", "seal", "loaded_at", "withdrawn_at")
KINDS = ("films", "people", "organisations", "events", "places", "characters")


@pytest.mark.long
def test_every_record_its_facts_and_all_around_it(library: httpx.Client) -> None:
    listed = [one["url"] for kind in KINDS for one in library.get(f"/{kind}?limit=100").json()["results"]]
    assert len(listed) > 100
    for url in listed:
        assert library.get(url).status_code == 200
        assert library.get(f"{url}/facts?limit=100").status_code == 200
        assert library.get(f"{url}/connections?limit=100").status_code == 200


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
def test_lists_and_views(library: httpx.Client, path: str) -> None:
    answer = library.get(path)
    assert answer.status_code == 200, answer.text
    while answer.headers["content-type"] == "application/json" and (url := answer.json().get("next")):
        answer = library.get(url)


@pytest.mark.long
def test_searches_find_the_same_in_the_same_order(library: httpx.Client) -> None:
    asked = list(chain.from_iterable((q, q[:3], f"{q}x") for q in queries()))
    assert len(asked) > 150
    for q in asked:
        for path in ("/search", "/suggest"):
            assert library.get(path, params={"q": q}).status_code == 200


@only_postgresql
def test_lists_are_in_one_order_whatever_language_the_database_is_of(
    engine: Engine, postgresql: Cluster, library_file: Path
) -> None:
    english = make_engine(postgresql.create("english", more="LOCALE_PROVIDER icu ICU_LOCALE 'en-US-u-ka-shifted'"))
    upgrade(english)
    english.dispose()
    url = postgresql.bring("in-english", library_file, "english")
    with running(url) as one, running(f"sqlite:///{library_file}") as other:
        for path in (
            *(f"/{kind}?limit=100&ordering={field}" for kind in KINDS for field in ("label", "-slug", "name")),
            "/people?limit=100&ordering=nationality&facet=nationality", "/films?format=csv", "/search?q=s&limit=50", "/timeline",
        ):  # fmt: skip
            told, expected = (client.get(path) for client in (one, other))
            assert told.text.replace(str(one.base_url), "") == expected.text.replace(str(other.base_url), ""), path
    for name in ("in-english", "english"):
        postgresql.drop(name)


@only_postgresql
def test_a_database_that_does_not_hold_every_letter_is_refused(engine: Engine, postgresql: Cluster) -> None:
    url = postgresql.create("latin", more="ENCODING 'LATIN1' LOCALE 'C'")
    done = command(url, "load", str(SEEDS[0]))
    postgresql.drop("latin")
    assert done.returncode == 1
    assert done.stderr.endswith("its encoding is LATIN1; expected UTF8, as `createdb -E UTF8 -T template0` makes it\n")


@only_postgresql
@pytest.mark.parametrize("style", ["German", "SQL, DMY", "Postgres"])
def test_moments_are_read_in_whatever_form_the_database_writes_them(engine: Engine, style: str) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql(f"ALTER DATABASE \"{engine.url.database}\" SET datestyle TO '{style}'")
    engine.dispose()
    done = command(str(engine.url), "load", str(SEEDS[0]))
    assert (done.returncode, done.stderr) == (0, "")
    done = command(str(engine.url), "check")
    assert done.stdout.startswith("everything holds"), done.stderr


@only_postgresql
def test_what_is_loaded_is_the_same(engine: Engine, library_file: Path) -> None:
    """All but the moments, and the seals, which are over them as well."""
    for folder in SEEDS:
        load(engine, folder)
    with scratch(engine) as connection:
        assert list(problems(connection)) == []
    other = make_engine(f"sqlite:///{library_file}")
    told = [_told(one) for one in (engine, other)]
    other.dispose()
    assert len(told[0]) > 1000
    assert told[0] == told[1]


def _told(engine: Engine) -> list[Any]:
    with engine.connect() as connection:
        *lines, _ = dump(connection, licence=LICENCE)  # the last is over all the others
        return [_timeless(json.loads(line)) for line in lines]


def _timeless(row: dict[str, Any]) -> Any:
    ((table, held), *_) = row.items()
    return (table, {key: held[key] for key in held if key not in _TIMES}) if isinstance(held, dict) else row
