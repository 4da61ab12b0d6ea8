"""Copy the base into a file of its own, while it is served and loaded into."""

import os
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from secrets import token_hex
from typing import Annotated
from urllib.parse import quote

import typer

from app.cli import interrupted
from app.cli.common import fail, get_settings

# How many pages are copied before ctrl-C is heard again: some megabytes.
_PAGES = 4096
_WAIT_SECONDS = 5.0
# What is wrong with the file that is written, and not with the one that is read.
_OF_THE_COPY = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_TRUNCATE)


def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where to write the copy.")],
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace a file that is there.")] = False,
) -> None:
    """Copy the base as it is now into a file, while others read and write; it appears once it is complete."""
    base = _base()
    _refuse(file, base, overwrite=overwrite)
    try:
        with _whole(file, base) as part:
            _copy(base, part)
            _check(part)
            _refuse(file, base, overwrite=overwrite)  # it took a while
    except OSError as error:
        fail(f"{file} cannot be written: {error.strerror or error}")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode not in _OF_THE_COPY:
            raise
        fail(f"{file} cannot be written: {error}; nothing is written")
    except KeyboardInterrupt:
        typer.echo("filmspace: interrupted; nothing is written", err=True)
        sys.exit(interrupted.CODE)
    typer.echo(f"{file}: {file.stat().st_size} bytes, whole")


def _base() -> Path:
    """The file of the database."""
    from app.db import parts_of, shown

    url = parts_of(get_settings().database_url)
    if url.get_backend_name() != "sqlite":
        fail(f"{shown(str(url))} is no SQLite database; PostgreSQL's own pg_dump copies it while it is in use")
    base = Path(url.database or "")
    if not base.is_file():
        fail(f"there is no database {base.absolute()}; FILMSPACE_DATABASE_URL names it")
    return base


def _refuse(file: Path, base: Path, *, overwrite: bool) -> None:
    """End the program if something is there that should stay."""
    if file.is_dir():
        fail(f"{file} is a folder; expected the name of a file")
    if file.exists() and file.samefile(base):
        fail(f"{file} is the database itself; expected the name of another file")
    if file.exists() and not overwrite:
        fail(f"{file} is there already; name another file, or replace it with --overwrite")
    # SQLite takes what either says into the file of that name that is opened next, whichever file that is.
    for end in ("-wal", "-journal"):
        if Path(f"{file}{end}").exists():
            fail(f"{file} is in use as a database, since {file.name}{end} is beside it; name another file")


@contextmanager
def _whole(file: Path, base: Path) -> Iterator[Path]:
    """A file that comes to its name when it is written to the disk, and is gone if that does not come about."""
    interrupted.end_in_order_always()
    part = file.parent / f".{file.name}-{token_hex(8)}"
    try:
        part.touch(0o600, exist_ok=False)
        yield part
        shutil.copymode(base, part)
        for one in (part, file.parent):
            descriptor = os.open(one, os.O_RDONLY)
            os.fsync(descriptor)
            os.close(descriptor)
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)


def _copy(base: Path, part: Path) -> None:
    """Copy the database as of one moment: what is committed meanwhile is not in it, and nobody waits for it."""
    from app.db import uri_of

    with (
        closing(
            sqlite3.connect(uri_of(str(base), "rw"), uri=True, isolation_level=None, timeout=_WAIT_SECONDS)
        ) as source,
        closing(sqlite3.connect(part, isolation_level=None)) as target,
    ):
        # Nobody needs to take back what is written to a file that has no name yet.
        target.execute("PRAGMA journal_mode=OFF")
        target.execute("PRAGMA synchronous=OFF")
        # What is read begins here, and stays the same for all steps.
        source.execute("BEGIN")
        source.execute("SELECT count(*) FROM sqlite_master").fetchone()
        source.backup(target, pages=_PAGES)
        source.execute("ROLLBACK")


def _check(part: Path) -> None:
    """End the program if what was copied is damaged, as the database then is."""
    with closing(sqlite3.connect(f"file:{quote(str(part))}?mode=ro&immutable=1", uri=True)) as copy:
        (found,) = copy.execute("PRAGMA integrity_check(1)").fetchone()
    if found != "ok":
        part.unlink()
        fail(f"the database is damaged, and nothing is written: {found}")
