"""What happens to the database of a server that runs: it says so, and goes on when that is mended."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.commands import command
from tests.conftest import running
from tests.faults.conftest import Full
from tests.faults.test_databases import SOURCE
from tests.makers import SEED

# Kept, below the framework, in it, and by its own thread; and with a preview, on a copy.
_PATHS = ("/films", "/films/the-challenge", "/people?limit=3", "/facts?limit=3", "/", "/search?q=soyuz", "/readyz")


def answers(client: httpx.Client) -> dict[str, bytes]:
    """What is answered, twice, so that some of it is kept."""
    for path in _PATHS:
        assert client.get(path).status_code == 200, path
    return {path: client.get(path).content for path in _PATHS}


def says_so(client: httpx.Client) -> int:
    """How many answers say that there is no answer now, each as a problem; the server is alive all the same."""
    for path in _PATHS:
        answer = client.get(path)
        while answer.status_code == 200:  # what is kept may be sent for some hundredths of a second
            answer = client.get(path)
        assert (answer.status_code, answer.headers["content-type"]) == (503, "application/problem+json"), path
        assert answer.json()["code"] == "not_ready"
        assert answer.headers["retry-after"]
    assert client.get("/healthz").status_code == 200
    figures = client.get("/metrics")
    assert (figures.status_code, "filmspace_database_up 0.0" in figures.text) == (200, True), figures.text
    return len(_PATHS)


def _taken_away(base: Path) -> None:
    """Nothing: there is no file."""


def _a_text(base: Path) -> None:
    base.write_text("this is no database, and far too long to be the header of one " * 20)


def _an_empty_file(base: Path) -> None:
    base.touch()


def _of_another_program(base: Path) -> None:
    with closing(sqlite3.connect(base)) as connection:
        connection.execute("CREATE TABLE film (title)")


@pytest.mark.parametrize(
    ("put", "reason"),
    [
        (_taken_away, "unable to open"), (_a_text, "not a database"),
        (_an_empty_file, "no such table"), (_of_another_program, "no such table"),
    ],
    ids=lambda it: it.__name__.strip("_") if callable(it) else "",
)  # fmt: skip
def test_a_database_that_is_replaced_while_it_is_served(
    put: Callable[[Path], None],
    reason: str,
    base: Path,
    tmp_path: Path,
    record_property: Any,
    caplog: pytest.LogCaptureFixture,
) -> None:
    aside = tmp_path / "aside"
    aside.mkdir()
    with running(f"sqlite:///{base}") as client:
        before = answers(client)
        for file in base.parent.iterdir():
            file.rename(aside / file.name)
        put(base)
        record_property("problems", says_so(client))
        if put is _taken_away:
            assert not base.exists(), "a server makes no database"
        for file in base.parent.iterdir():
            file.unlink()
        for file in aside.iterdir():
            file.rename(base.parent / file.name)
        assert answers(client) == before
        assert command(base, "load", str(SOURCE)).returncode == 0
        assert client.get("/readyz").json()["revision"] == 2
    lost, found = (one.getMessage() for one in caplog.records if one.name == "filmspace")
    assert f"{base} cannot be read" in lost
    assert reason in lost
    assert f"{base} can be read again" in found


def test_another_base_is_answered_from_once_it_has_the_name(base: Path, library_file: Path, tmp_path: Path) -> None:
    backup = tmp_path / "backup.db"
    assert command(library_file, "backup", str(backup)).returncode == 0
    with running(f"sqlite:///{base}") as client, running(f"sqlite:///{library_file}") as other:
        before = answers(client)
        for file in base.parent.iterdir():
            file.unlink()
        backup.rename(base)
        while client.get(_PATHS[0]).content == before[_PATHS[0]]:
            pass
        after = answers(client)
        assert after != before
        links = {path: body.replace(str(other.base_url).encode(), b"") for path, body in answers(other).items()}
        assert {path: body.replace(str(client.base_url).encode(), b"") for path, body in after.items()} == links


def test_a_path_with_more_slashes_is_the_same_file(base: Path, tmp_path: Path) -> None:
    url = f"sqlite:////{base}"
    assert command(url, "backup", str(tmp_path / "backup.db")).returncode == 0
    with running(url) as client:
        answers(client)


def test_a_database_that_somebody_keeps_to_himself(base: Path) -> None:
    with closing(sqlite3.connect(base, isolation_level=None)) as other, running(f"sqlite:///{base}") as client:
        other.execute("PRAGMA journal_mode=DELETE").fetchall()
        other.execute("BEGIN EXCLUSIVE")
        answer = client.get("/readyz")
        assert (answer.status_code, answer.json()["code"]) == (503, "not_ready")
        other.execute("ROLLBACK")
        answers(client)
        # Who only writes keeps nobody from reading.
        other.execute("BEGIN IMMEDIATE")
        other.execute("DELETE FROM link")
        answers(client)
        assert client.get("/films?limit=7").status_code == 200
        other.execute("ROLLBACK")


def test_a_disk_that_fills_while_it_is_served(base: Path, full: Full, record_property: Any) -> None:
    file, hardship, make_room = full(base)
    with running(f"sqlite:///{file}") as client:
        before = answers(client)
        done = command(file, "load", str(SOURCE), **hardship)
        assert (done.returncode, "full" in done.stderr) == (1, True), done.stderr
        assert answers(client) == before
        fresh = [client.get(f"/facts?limit={limit}").status_code for limit in range(10, 30)]
        record_property("answers on a full disk", len(fresh))
        assert {*fresh} == {200}
        make_room()
        assert command(file, "load", str(SOURCE)).returncode == 0
        assert client.get("/readyz").json()["revision"] == 2
        assert client.get(f"/sources/{SEED.name}").status_code == 200
