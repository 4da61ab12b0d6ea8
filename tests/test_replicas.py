"""What only reads is read from another database than what is written to, where there is one.

Here it is a copy of a file, which stands for a replica that has not come so far yet.
"""

import shutil
from pathlib import Path

import httpx
import pytest
from sqlalchemy import Engine

from app.db import make_engine
from tests.conftest import running
from tests.makers import SEED, a_claim, a_folder, load

PATHS = ("/films", "/films/the-challenge", "/facts?limit=2", "/search?q=film", "/films?format=ndjson", "/sources")
_NEWS = "The Challenge is a film, and Dust is one too."


@pytest.fixture
def behind(seeded_file: Path, tmp_path: Path) -> str:
    """The URL of a database that has the first article alone."""
    return f"sqlite:///{shutil.copy(seeded_file, tmp_path / 'behind.db')}"


@pytest.fixture
def ahead(seeded_file: Path, tmp_path: Path) -> str:
    """The URL of the database that it follows, which has one more."""
    url = f"sqlite:///{shutil.copy(seeded_file, tmp_path / 'ahead.db')}"
    engine = make_engine(url)
    load(engine, a_folder(tmp_path, "news", _NEWS, [a_claim("film/dust", "name", "Dust", quote="Dust is one too")]))
    engine.dispose()
    return url


def told(answer: httpx.Response) -> str:
    """The revision that an answer is of."""
    assert answer.status_code == 200, answer.text
    return answer.headers["etag"].partition("-")[0].strip('"')


def test_previews_are_tried_where_loads_go(migrated_file: Path, ahead: str, tmp_path: Path) -> None:
    empty = shutil.copy(migrated_file, tmp_path / "empty.db")
    files = {"article": "article.txt", "claims": "claims.yaml"}
    body = {key: (SEED / name).read_text("utf-8") for key, name in files.items()}
    with running(ahead, read_database_url=f"sqlite:///{empty}") as api:
        assert api.get("/films").json()["count"] == 0
        counts = api.post("/sources/preview", json={"slug": SEED.name, **body}).json()["counts"]
    assert counts["known"] > 100
    assert counts["new"] == 0


@pytest.mark.parametrize("cache_bytes", [0, 1_000_000])
@pytest.mark.parametrize("shape", ['"{}"', '"{}-0123456789abcdef"', 'W/"x", "{}-x-gzip"'])
def test_who_knows_a_revision_gets_no_older_one(ahead: str, behind: str, shape: str, cache_bytes: int) -> None:
    with running(ahead, read_database_url=behind, cache_bytes=cache_bytes) as api:
        for _ in range(2):  # it is in the cache by then
            for path in PATHS:
                assert told(api.get(path)) == "1"
                assert told(api.get(path, headers={"If-None-Match": shape.format(1)})) == "1"
                assert told(api.get(path, headers={"If-None-Match": shape.format(2)})) == "2"
                # One that was lost with the server that had it is known to nobody: what there is, is the newest.
                assert told(api.get(path, headers={"If-None-Match": shape.format(3)})) == "2"
        news = {"If-None-Match": shape.format(2)}
        assert api.get("/films/dust").status_code == 404
        assert api.get("/films/dust", headers=news).json()["name"] == "Dust"
        assert "Dust" in api.get("/films?format=csv", headers=news).text


def test_what_a_reader_has_is_confirmed_by_whoever_knows_it(ahead: str, behind: str) -> None:
    with running(ahead) as first, running(ahead, read_database_url=behind) as second:
        for path in PATHS:
            # The URL is the same to the reader, whichever of the servers answers it.
            host = {"Host": "filmspace.example", "Accept-Encoding": "identity"}
            held = {"If-None-Match": first.get(path, headers=host).headers["etag"]}
            assert second.get(path, headers=host | held).status_code == 304


def test_without_the_newer_database_there_is_no_older_answer(behind: str, tmp_path: Path) -> None:
    with running(f"sqlite:///{tmp_path}/nowhere/gone.db", read_database_url=behind) as api:
        for path in PATHS:
            assert told(api.get(path)) == "1"
            refused = api.get(path, headers={"If-None-Match": '"2"'})
            assert (refused.status_code, refused.json()["code"]) == (503, "not_ready")
            assert int(refused.headers["retry-after"]) > 0


def test_readiness_is_told_of_a_revision(behind: str, ahead: str) -> None:
    with running(ahead, read_database_url=behind) as api:
        assert api.get("/readyz?revision=1").json() == {"status": "ok", "revision": 1}
        late = api.get("/readyz?revision=2")
        assert (late.status_code, late.headers["retry-after"]) == (503, "5")
        assert "newest revision here is 1, not 2 yet" in late.json()["detail"]
        assert api.get("/readyz?revision=0").status_code == 422


def test_a_revision_that_nobody_has_is_no_condition_for_one_database(seeded: Engine) -> None:
    with running(seeded.url.render_as_string(hide_password=False)) as api:
        assert told(api.get("/films", headers={"If-None-Match": '"7"'})) == "1"
