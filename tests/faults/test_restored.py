"""A base whose newest revisions are lost, and their numbers given to others, while it is served."""

import shutil
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from sqlalchemy import event

from app.db import make_engine
from app.queries.status import state_of
from tests.commands import command
from tests.conftest import ENGINES, Copied, running
from tests.makers import a_claim, a_folder
from tests.postgresql import Cluster

_PATHS = (
    "/", "/films", "/films?order=-label", "/films?q=zulu", "/films?q=yankee", "/films?facets=genre&q=new", "/films/new-1",
    "/facts?limit=1", "/facts?subject=film/new-1", "/search?q=zulu", "/search?q=yankee", "/search?q=zulus", "/suggest?q=zu",
    "/suggest?q=yan", "/films?name__contains=zulu", "/timeline?limit=3", "/films?offset=1&limit=1",
)  # fmt: skip


def _source(parent: Path, *names: str) -> Path:
    """One that tells of films of these names."""
    words = [f"There is a film called {name}." for name in names]
    claims = [
        a_claim(f"film/new-{number}", "name", name, quote=said)
        for number, (name, said) in enumerate(zip(names, words, strict=True))
    ]
    return a_folder(parent, "-".join(names).lower(), "\n".join(words) + "\n", claims)


def _told(client: httpx.Client) -> dict[str, bytes]:
    """What is answered, by path, twice, so that all is remembered; without the address of the server."""
    for path in _PATHS:
        client.get(path)
    here = str(client.base_url).rstrip("/").encode()
    return {path: client.get(path).content.replace(here, b"") for path in _PATHS}


@pytest.fixture(params=ENGINES)
def restored(
    request: pytest.FixtureRequest, seeded_file: Path, tmp_path: Path, postgresql: Cluster, copied: Copied
) -> tuple[str, Callable[[], None]]:
    """(the URL of a base, what puts a backup of it in its place)."""
    if request.param == "sqlite":
        file = tmp_path / "filmspace.db"

        def put() -> None:
            for old in tmp_path.glob("filmspace.db*"):
                old.unlink()
            shutil.copy(seeded_file, file)

        return f"sqlite:///{file}", put
    copied("template", seeded_file)

    def recreate() -> None:
        postgresql.ask('DROP DATABASE IF EXISTS "restored" WITH (FORCE)')
        postgresql.create("restored", "template")

    return postgresql.url("restored"), recreate


def test_what_is_remembered_of_a_lost_revision_is_not_answered(
    restored: tuple[str, Callable[[], None]], tmp_path: Path
) -> None:
    url, put = restored
    put()
    lost, kept = _source(tmp_path, "Zulu", "Yankee"), _source(tmp_path, "Yankee", "Zulu", "Zulus")
    assert command(url, "load", str(lost)).returncode == 0
    with running(url) as client:
        before = _told(client)
        put()
        assert command(url, "load", str(kept)).returncode == 0
        after = _told(client)
        assert client.get("/readyz").json()["revision"] == 2
    # Of another name, so that nothing is remembered of it.
    if url.startswith("sqlite"):
        assert command(url, "backup", str(tmp_path / "copy.db")).returncode == 0
        url = f"sqlite:///{tmp_path}/copy.db"
    else:
        url += "&application_name=fresh"
    with running(url) as fresh:
        assert after == _told(fresh)
    assert after != before


def test_a_backup_that_is_put_back_while_the_base_is_opened(
    seeded_file: Path, migrated_file: Path, tmp_path: Path
) -> None:
    """What was opened just before is not taken for what lies there now, and read for as long as the server runs."""
    file = Path(shutil.copy(migrated_file, tmp_path / "filmspace.db"))
    backup = Path(shutil.copy(seeded_file, tmp_path / "backup.db"))
    engine = make_engine(f"sqlite:///{file}")
    event.listen(engine, "connect", lambda *_: backup.exists() and backup.rename(file), insert=True)
    for _ in range(2):
        with engine.connect() as connection:
            assert state_of(connection).revision == 1
    engine.dispose()
