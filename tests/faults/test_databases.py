"""Databases that cannot be used: a sentence says which, what was expected and what to do, and nothing is lost."""

import shutil
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from app.db import make_engine
from tests.commands import Done, command
from tests.faults.bases import content, lost
from tests.faults.conftest import Full
from tests.faults.hardships import with_files_up_to, without_privileges
from tests.importing.makers import TITLES, rows
from tests.makers import ROOT, SEED, check
from tests.test_cli import serving

SOURCE = ROOT / "seeds" / "editors-2026-11-24-where-publications-differ"
_WRITING = ("load", "import", "withdraw", "rebuild")
_EVERY = (*_WRITING, "check", "export", "serve")
_PAGE = 4096


def arguments(name: str, folder: Path) -> tuple[str, ...]:
    """A command that has something to do, and writes what is not the base into this folder."""
    if name == "import":
        titles = [(f"tt{n:07}", "movie", f"Film {n}", "\\N", "0", "1957", "\\N", "90", "Drama") for n in range(200)]
        (folder / "title.basics.tsv").write_text(rows(TITLES, *titles), encoding="utf-8")
    return {
        "load": ("load", str(SOURCE)),
        "import": ("import", "imdb", str(folder / "title.basics.tsv")),
        "withdraw": ("withdraw", SEED.name, "--reason", "a test"),
        "rebuild": ("rebuild",),
        "check": ("check",),
        "export": ("export", str(folder / "exported")),
        "serve": ("serve", "--port", "0"),
    }[name]


def refuses(done: Done, *words: str) -> None:
    """One sentence, the exit code of a refusal, and no traceback."""
    told = [line for line in done.stderr.splitlines() if line.startswith("filmspace: ")]
    assert done.returncode == 1, done.stderr
    assert len(told) == 1, done.stderr
    assert "Traceback" not in done.stderr
    for word in words:
        assert word in told[0]


# A name for what is wrong, what makes it so of a good base, and what is said of it.


def _in_no_folder(base: Path) -> Path:
    return base.parent / "missing" / "filmspace.db"


def _a_folder(base: Path) -> Path:
    base.with_name("folder.db").mkdir()
    return base.with_name("folder.db")


def _a_text(base: Path) -> Path:
    base.write_text("this is no database, and far too long to be the header of one " * 20)
    return base


def _a_word(base: Path) -> Path:
    base.write_text("no")
    return base


def _cut_off(base: Path) -> Path:
    base.write_bytes(base.read_bytes()[: base.stat().st_size // 3])
    return base


def _with_a_damaged_page(base: Path) -> Path:
    """The first page of the table of claims, which nothing can do without."""
    with closing(sqlite3.connect(base)) as connection:
        (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'claim'").fetchone()
    with base.open("r+b") as file:
        file.seek((page - 1) * _PAGE)
        file.write(b"\xa5" * _PAGE)
    return base


def _of_a_later_version(base: Path) -> Path:
    _changed(base, "UPDATE alembic_version SET version_num = 'f0f0f0f0f0f0'")
    return base


def _of_another_program(base: Path) -> Path:
    other = base.with_name("other.db")
    _changed(other, "CREATE TABLE film (title)")
    return other


def _of_a_program_that_has_none_of_our_tables(base: Path) -> Path:
    other = base.with_name("foreign.db")
    _changed(other, "CREATE TABLE invoice (id)")
    return other


def _stored(file: Path) -> bytes | None:
    """What is in a file, but for the header in which SQLite notes how it writes."""
    return file.read_bytes()[100:] if file.is_file() else None


def _changed(base: Path, statement: str) -> None:
    with closing(sqlite3.connect(base)) as connection:
        connection.execute(statement)
        connection.commit()


@pytest.mark.parametrize("name", _EVERY)
@pytest.mark.parametrize(
    ("broken", "words"),
    [
        (_in_no_folder, ("unable to open", "in a folder that is there")),
        (_a_folder, ("unable to open", "expected a file")),
        (_a_text, ("not a database", "expected a SQLite database")),
        (_a_word, ("not a database", "expected a SQLite database")),
        (_cut_off, ("malformed", "damaged", "put a backup in its place")),
        (_with_a_damaged_page, ("malformed", "damaged", "put a backup in its place")),
        (_of_a_later_version, ("schema f0f0f0f0f0f0", "later version", "expected", "Nothing is changed")),
        (_of_another_program, ("film", "of another program", "expected an empty database")),
        (_of_a_program_that_has_none_of_our_tables, ("invoice", "of another program", "expected an empty database")),
    ],
    ids=lambda it: it.__name__.strip("_") if callable(it) else "",
)
def test_what_is_no_database_of_ours(
    name: str, broken: Callable[[Path], Path], words: tuple[str, ...], base: Path, tmp_path: Path
) -> None:
    file = broken(base)
    before = _stored(file)
    refuses(command(file, *arguments(name, tmp_path)), str(file), *words)
    assert _stored(file) == before, "what is there is somebody's"


@pytest.mark.parametrize("name", _EVERY)
@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("nonsense", ("FILMSPACE_DATABASE_URL", "Could not parse")),
        ("wibble://x", ("wibble",)),
        ("sqlite:///:memory:", ("must name a file",)),
        ("sqlite:///file:x?mode=memory&uri=true", ("must name a file",)),
        ("mysql://x", ("expected a URL of SQLite or PostgreSQL",)),
        ("postgresql://me:secret@here:port/films", ("cannot be read", "port is no number")),
        # There is nothing at this port, which only root may listen on.
        ("postgresql://me:secret@127.0.0.1:1/films", ("me:***@127.0.0.1:1", "refused", "expected a PostgreSQL server")),
    ],
    ids=["no URL", "unknown", "memory", "memory too", "of others", "no port", "unreachable"],
)
def test_what_cannot_be_reached(name: str, url: str, words: tuple[str, ...], tmp_path: Path) -> None:
    done = command(url, *arguments(name, tmp_path))
    refuses(done, *words)
    assert "secret" not in done.stderr


@pytest.mark.parametrize("name", ["check", "doctor", "serve"])
@pytest.mark.parametrize("setting", ["DATABASE_URL", "READ_DATABASE_URL"])
def test_a_password_that_is_not_percent_encoded_is_not_told(name: str, setting: str, base: Path) -> None:
    for url in (
        "postgresql://me:hush@hu/sh@127.0.0.1:1/films", "postgresql://hu/sh:hush@127.0.0.1:1/films",
        "postgresql://me:hush@hush:hush/films?host=hush@hush", "postgres://me:hush@hush@127.0.0.1/films",
    ):  # fmt: skip
        done = command(base, name, settings={setting: url})
        refuses(done, f"FILMSPACE_{setting} is wrong", "percent-encoded", "%40 for @")
        assert "hu" not in done.stdout + done.stderr, url


@pytest.mark.parametrize("is_folder", [False, True], ids=["file", "folder"])
def test_what_may_only_be_read(is_folder: bool, base: Path, tmp_path: Path) -> None:
    before = content(base)
    (base.parent if is_folder else base).chmod(0o555)
    for name in _WRITING:
        done = command(base, *arguments(name, tmp_path), first=without_privileges)
        refuses(done, str(base), "expected a file", "may write")
    # It can be read all the same.
    copy = tmp_path / "copy.db"
    for told in (arguments("check", tmp_path), arguments("export", tmp_path), ("backup", str(copy))):
        done = command(base, *told, first=without_privileges)
        assert done.returncode == 0, done.stderr
    done = command(base, "doctor", first=without_privileges)
    assert "1 sources" in done.stdout, done.stdout
    assert [line.partition(",")[0] for line in done.stderr.splitlines()] == [
        f"wrong: the {'folder of the database' if is_folder else 'database'}"
    ]
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    with serving(base.parent, SEEDS=str(seeds), first=without_privileges) as (client, _):
        assert client.get("/sources").json()["count"] == 1
        assert client.get("/films/the-challenge").json()["name"] == "The Challenge"
    base.parent.chmod(0o755)
    base.chmod(0o644)
    assert content(copy) == before
    assert content(base) == before
    assert command(base, *arguments("load", tmp_path), first=without_privileges).returncode == 0


def test_a_static_export_whose_database_is_lost_leaves_nothing(base: Path, tmp_path: Path) -> None:
    damaged = _with_a_damaged_page(Path(shutil.copy(base, tmp_path / "damaged.db")))
    # At once, for there is nothing at this port; and on the way.
    for url, shown, word in (
        ("postgresql://me:hush@127.0.0.1:1/films", "me:***@127.0.0.1:1/films", "refused"),
        (f"sqlite:///{damaged}", str(damaged), "malformed"),
    ):
        target = tmp_path / "static"
        done = command(base, "export", str(target), "--format", "static", settings={"READ_DATABASE_URL": url})
        refuses(done, f"{shown} cannot be read", word, "nothing is written", "repeat the command")
        assert (done.stderr.count("\n"), "hush" in done.stderr, [*target.iterdir()]) == (1, False, [])


def test_somebody_else_writes_for_longer_than_anybody_waits(base: Path, tmp_path: Path) -> None:
    before = content(base)
    with closing(sqlite3.connect(base, isolation_level=None)) as other, ThreadPoolExecutor(len(_WRITING)) as pool:
        other.execute("BEGIN IMMEDIATE")
        other.execute("DELETE FROM citation")
        waiting = [pool.submit(command, base, *arguments(name, tmp_path)) for name in _WRITING]
        # Nobody waits to read.
        assert command(base, "check").returncode == 0
        assert command(base, *arguments("export", tmp_path)).returncode == 0
        for one in waiting:
            refuses(one.result(), str(base), "locked", "let them finish", "repeat the command")
        other.execute("ROLLBACK")
    assert content(base) == before
    assert command(base, *arguments("load", tmp_path)).returncode == 0


@pytest.mark.parametrize("name", _WRITING)
def test_a_full_disk(name: str, base: Path, full: Full, tmp_path: Path, record_property: Any) -> None:
    before = content(base)
    file, hardship, make_room = full(base)
    refuses(command(file, *arguments(name, tmp_path), **hardship), str(file), "full", "repeat the command")
    assert content(file) == before
    make_room()
    assert command(file, *arguments(name, tmp_path)).returncode == 0
    engine = make_engine(f"sqlite:///{file}")
    assert check(engine) == []
    engine.dispose()
    record_property("rows lost", gone := lost(content(file), before) if name != "withdraw" else 0)
    assert gone == 0


def test_no_room_for_what_is_written_elsewhere(base: Path, tmp_path: Path) -> None:
    """For the copy that `check` looks at, and for an export."""
    hardship: dict[str, Any] = {"first": with_files_up_to, "given": (100_000,)}
    refuses(command(base, "check", **hardship), "copy of the database", "TMPDIR")
    target = tmp_path / "exported"
    refuses(command(base, "export", str(target), **hardship), str(target), "cannot be written")
    assert [*target.iterdir()] == []
    assert command(base, "check").returncode == 0
