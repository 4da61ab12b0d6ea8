"""`filmspace backup`: a whole copy, whatever goes on meanwhile, or none."""

import random
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing, suppress
from itertools import count
from pathlib import Path
from threading import Event, Thread
from typing import Any

import httpx
from sqlalchemy import Engine

from app import LICENCE
from app.db import for_writing, make_engine
from app.loading.dumps import dump
from app.loading.load import withdraw_source
from app.queries.status import state_of
from tests.commands import command
from tests.conftest import running
from tests.faults.hardships import with_files_up_to
from tests.makers import ROOT, a_claim, a_folder, load
from tests.test_cli import environment

_BACKUPS, _KILLED = 5, 20


def exported(engine: Engine) -> tuple[int, str]:
    """(the revision, the export of it)."""
    with engine.connect() as connection:
        return state_of(connection).revision, "\n".join(dump(connection, licence=LICENCE))


def exported_from(file: Path) -> tuple[int, str]:
    engine = make_engine(f"sqlite:///{file}")
    try:
        return exported(engine)
    finally:
        engine.dispose()


def test_backup_while_others_read_and_write(base: Path, tmp_path: Path, record_property: Any) -> None:
    """Each copy is of one revision, and its export is, byte for byte, that of the base at that revision."""
    engine = make_engine(f"sqlite:///{base}")
    at = dict([exported(engine)])
    statuses: list[int] = []
    stop = Event()

    def write() -> None:
        for number in count():
            if stop.is_set():
                return
            words = f"There is a film called New {number}."
            claim = a_claim(f"film/new-{number}", "name", f"New {number}", quote=words)
            load(engine, a_folder(tmp_path / "sources", f"source-{number}", words + "\n", [claim]))
            at.update([exported(engine)])
            if number % 3 == 0:
                with for_writing(engine).begin() as connection:
                    withdraw_source(connection, f"source-{number}", "a test", actor="tests")
                at.update([exported(engine)])

    def read(client: httpx.Client) -> None:
        while not stop.is_set():
            statuses.append(client.get(f"/films?limit={len(statuses) % 100 + 1}").status_code)

    copies = [tmp_path / f"copy-{number}.db" for number in range(_BACKUPS)]
    with running(f"sqlite:///{base}") as client:
        threads = [Thread(target=write), Thread(target=read, args=(client,))]
        for one in threads:
            one.start()
        done = [command(base, "backup", str(copy)) for copy in copies]
        stop.set()
        for one in threads:
            one.join()
    assert [(one.returncode, one.stderr) for one in done] == [(0, "")] * _BACKUPS
    engine.dispose()
    restored = [exported_from(copy) for copy in copies]
    record_property("backups", len(copies))
    record_property("writes meanwhile", len(at) - 1)
    record_property("answers meanwhile", len(statuses))
    record_property("exports that differ", sum(at[revision] != text for revision, text in restored))
    assert {*statuses} == {200}
    assert [at[revision] == text for revision, text in restored] == [True] * _BACKUPS
    for copy in (copies[0], copies[-1]):
        assert command(copy, "check").stdout.startswith("everything holds")


def test_a_restored_base_is_the_same(base: Path, tmp_path: Path) -> None:
    assert command(base, "backup", str(tmp_path / "copy.db")).returncode == 0
    before, checked = exported_from(base), command(base, "check")
    for file in base.parent.iterdir():
        file.unlink()
    (tmp_path / "copy.db").rename(base)
    assert exported_from(base) == before
    assert command(base, "check").stdout == checked.stdout != ""


def test_a_backup_that_is_killed_leaves_no_half_of_a_file(base: Path, tmp_path: Path, record_property: Any) -> None:
    old, new = tmp_path / "old.db", tmp_path / "copies" / "copy.db"
    assert command(base, "backup", str(old)).returncode == 0
    with closing(sqlite3.connect(base)) as connection:
        connection.execute("UPDATE revision SET reason = 'a later one'")
        connection.commit()
    new.parent.mkdir()
    whole = command(base, "backup", str(new))
    seconds, contents = whole.seconds, {old.read_bytes(): 0, new.read_bytes(): 0}
    assert len(contents) == 2
    moments = random.Random("backup")
    while sum(contents.values()) < _KILLED:
        shutil.copy(old, new)
        done = command(base, "backup", str(new), "--overwrite", killed_after=moments.uniform(0, seconds))
        assert done.returncode in (0, -signal.SIGKILL)
        if done.returncode:
            contents[new.read_bytes()] += 1  # a KeyError for anything else
    record_property("killed", _KILLED)
    record_property("the old copy was there", contents[old.read_bytes()])
    record_property("in part", 0)


def test_a_backup_that_is_told_to_end_leaves_nothing(base: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(base)) as connection:
        connection.execute(
            "CREATE TABLE much AS WITH n(n) AS (VALUES (1), (2), (3), (4)) SELECT zeroblob(50000000) FROM n"
        )
        connection.commit()
    copies = tmp_path / "copies"
    copies.mkdir()
    told = [sys.executable, "-m", "app.cli", "backup", str(copies / "copy.db")]
    with subprocess.Popen(told, cwd=ROOT, env=environment(tmp_path, DATABASE_URL=f"sqlite:///{base}")) as process:
        while process.poll() is None and not list(copies.iterdir()):
            with suppress(subprocess.TimeoutExpired):
                process.wait(0.003)
        process.terminate()
    assert process.returncode == 143
    assert list(copies.iterdir()) == []


def test_what_backup_refuses(base: Path, tmp_path: Path) -> None:
    copy, before = tmp_path / "copy.db", base.read_bytes()

    def refused(*arguments: str, of: Path | str = base, **more: Any) -> str:
        done = command(of, "backup", *arguments, **more)
        assert (done.returncode, len(done.stderr.splitlines())) == (1, 1), done.stderr
        return done.stderr

    assert "pg_dump" in refused(str(copy), of="postgresql://me:secret@127.0.0.1:1/films")
    assert "no database" in refused(str(copy), of=tmp_path / "missing.db")
    assert not (tmp_path / "missing.db").exists()
    assert "is the database itself" in refused(str(base), "--overwrite")
    assert "is a folder" in refused(str(tmp_path))
    assert "No such file or directory" in refused(str(tmp_path / "missing" / "copy.db"))
    assert "cannot be written" in refused(str(copy), first=with_files_up_to, given=(100_000,))
    assert not [*tmp_path.glob("*copy*")]
    copy.write_text("something else")
    assert "--overwrite" in refused(str(copy))
    assert copy.read_text() == "something else"
    for left in (Path(f"{copy}-wal"), Path(f"{copy}-journal")):
        left.touch()
        assert f"is in use as a database, since {left.name} is beside it" in refused(str(copy), "--overwrite")
        left.unlink()
    assert base.read_bytes() == before
    assert command(base, "backup", str(copy), "--overwrite").returncode == 0


def test_a_damaged_base_is_not_kept(base: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(base)) as connection:
        (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'link'").fetchone()
    with base.open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(b"\xa5" * 4096)
    done = command(base, "backup", str(tmp_path / "copy.db"))
    assert (done.returncode, "is damaged, and nothing is written" in done.stderr) == (1, True)
    assert not [*tmp_path.glob("*copy*")]
