"""A PostgreSQL server of the tests' own, on a socket in a folder of its own."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

from app import LICENCE
from app.db import for_writing, make_engine
from app.importing.files import File
from app.loading.dumps import dump, restore

# It refuses to run as root; Debian's package makes this user.
_USER = "postgres"


def initdb() -> Path | None:
    """The program that makes a cluster, on the path or where Debian has it; the newest of several."""
    if found := shutil.which("initdb"):
        return Path(found).resolve()
    placed = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    return max(placed, key=lambda one: int(one.parent.parent.name), default=None)


def is_missing() -> str | None:
    """Why what asks PostgreSQL is left out here; None where it is there. In CI that is a failure."""
    if initdb():
        return None
    reason = "PostgreSQL's server is not installed (on Debian and Ubuntu: apt-get install postgresql)"
    if os.environ.get("FILMSPACE_TEST_NO_SKIP"):
        pytest.fail(reason)
    return reason


@dataclass(frozen=True)
class Cluster:
    """A server, on a socket in this folder."""

    folder: Path

    def url(self, name: str) -> str:
        """The URL of a database."""
        return f"postgresql:///{name}?host={self.folder}&user={_USER}"

    def create(self, name: str, template: str = "template0", more: str = "") -> str:
        """The URL of a new database, empty or as another one is, which nobody may have open; `more` are its options."""
        self.ask(f'CREATE DATABASE "{name}" TEMPLATE "{template}" {more}')
        return self.url(name)

    def drop(self, name: str) -> None:
        """Let go of a database, whoever has it open."""
        self.ask(f'DROP DATABASE "{name}" WITH (FORCE)')

    def bring(self, name: str, file: Path, empty: str) -> str:
        """The URL of a new database with what a SQLite file holds, made of `empty`, which has the newest schema."""
        url = self.create(name, empty)
        source, target = make_engine(f"sqlite:///{file}"), make_engine(url)
        written = file.with_name(f"{file.stem}.ndjson")
        with source.connect() as connection:
            written.write_text("".join(f"{line}\n" for line in dump(connection, licence=LICENCE)), encoding="utf-8")
        with for_writing(target).begin() as connection:
            restore(connection, File(written), licence=LICENCE)
        source.dispose()
        target.dispose()
        return url

    def ask(self, statement: str) -> Any:
        """What a statement finds, the first of it; None where it does something."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            done = connection.execute(statement.encode())
            found = done.fetchone() if done.description else None
            return found and found[0]

    def wait_for(self, condition: str) -> None:
        """Ask until this holds."""
        while not self.ask(f"SELECT {condition} FROM pg_sleep(0.02)"):
            pass

    def promote(self) -> None:
        """Let a standby take the place of the server that it followed."""
        _run("pg_ctl", "-D", f"{self.folder}/data", "-w", "promote")

    def kill(self) -> int:
        """End the server and its processes with SIGKILL, as a machine ends that loses its power; how many there were."""
        first = int((self.folder / "data" / "postmaster.pid").read_text().split()[0])
        children = Path(f"/proc/{first}/task/{first}/children").read_text().split()
        every = [first, *map(int, children)]
        for one in every:
            with suppress(ProcessLookupError):
                os.kill(one, signal.SIGKILL)
        (self.folder / "data" / "postmaster.pid").unlink()
        return len(every)


@contextmanager
def cluster(*more: str) -> Iterator[Cluster]:
    """A new server, which goes with its data when the tests end; `more` are further options of its own."""
    with _folder() as folder:
        arguments = ("-A", "trust", "-U", _USER, "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync")
        _run("initdb", "-D", f"{folder}/data", *arguments)
        with _started(folder, *more):
            yield Cluster(folder)


@contextmanager
def standby(primary: Cluster) -> Iterator[Cluster]:
    """A hot standby of a server, which follows it by streaming."""
    with _folder() as folder:
        _run("pg_basebackup", "-D", f"{folder}/data", "-h", str(primary.folder), "-U", _USER, "-R", "-c", "fast", "-N")
        with _started(folder):
            yield Cluster(folder)


@contextmanager
def _folder() -> Iterator[Path]:
    # Not in pytest's folders, which nobody else may enter; and the path of a socket must be short.
    folder = Path(tempfile.mkdtemp(prefix="fs-pg-"))
    try:
        if os.geteuid() == 0:
            os.chown(folder, pwd.getpwnam(_USER).pw_uid, -1)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _started(folder: Path, *more: str) -> Iterator[None]:
    # What keeps data when a machine loses its power, and what pays for data that is used for long, costs time here.
    quick = "-c fsync=off -c full_page_writes=off -c autovacuum=off -c jit=off"
    options = f"-k {folder} -c listen_addresses='' {quick} {' '.join(more or ('-c synchronous_commit=off',))}"
    _run("pg_ctl", "-D", f"{folder}/data", "-o", options, "-l", f"{folder}/log", "-w", "start")
    try:
        yield
    finally:
        if (folder / "data" / "postmaster.pid").exists():
            _run("pg_ctl", "-D", f"{folder}/data", "-m", "immediate", "-w", "stop")


def _run(name: str, *arguments: str) -> None:
    found = initdb()
    assert found
    user = _USER if os.geteuid() == 0 else None
    done = subprocess.run([found.with_name(name), *arguments], user=user, capture_output=True, text=True, cwd="/")
    assert done.returncode == 0, done.stdout + done.stderr
