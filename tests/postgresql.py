"""A PostgreSQL server of the tests' own, on a socket in a folder of its own."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

# It refuses to run as root; Debian's package makes this user.
_USER = "postgres"


def initdb() -> Path | None:
    """The program that makes a cluster, on the path or where Debian has it; the newest of several."""
    if found := shutil.which("initdb"):
        return Path(found)
    placed = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    return max(placed, key=lambda one: int(one.parent.parent.name), default=None)


@contextmanager
def cluster() -> Iterator[str]:
    """What follows the name of a database in its URL. Skips the test where there is no server, but in CI."""
    program = initdb()
    if program is None:
        reason = "PostgreSQL's server is not installed (on Debian and Ubuntu: apt-get install postgresql)"
        if os.environ.get("FILMSPACE_TEST_NO_SKIP"):
            pytest.fail(reason)
        pytest.skip(reason)
    # Not in pytest's folders, which nobody else may enter; and the path of a socket must be short.
    folder = Path(tempfile.mkdtemp(prefix="fs-pg-"))
    try:
        if os.geteuid() == 0:
            os.chown(folder, pwd.getpwnam(_USER).pw_uid, -1)
        _run(program, "-D", f"{folder}/data", "-A", "trust", "-U", _USER, "--encoding=UTF8", "--locale=C.UTF-8")
        options = f"-k {folder} -c listen_addresses='' -c fsync=off -c synchronous_commit=off"
        control = program.with_name("pg_ctl")
        _run(control, "-D", f"{folder}/data", "-o", options, "-l", f"{folder}/log", "-w", "start")
        try:
            yield f"?host={folder}&user={_USER}"
        finally:
            _run(control, "-D", f"{folder}/data", "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def database(cluster: str, name: str) -> str:
    """The URL of a new, empty database."""
    with psycopg.connect(f"postgresql:///postgres{cluster}", autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    return f"postgresql:///{name}{cluster}"


def _run(program: Path, *arguments: str) -> None:
    user = _USER if os.geteuid() == 0 else None
    done = subprocess.run([program, *arguments], user=user, capture_output=True, text=True, cwd="/")
    assert done.returncode == 0, done.stdout + done.stderr
