"""What the commands share: the database, and how they refuse."""

import atexit
import gc
import os
import re
import sys
import unicodedata
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from traceback import walk_tb
from typing import TYPE_CHECKING, NoReturn

import typer

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from app.settings import Settings

_BASE_URL = re.compile(r"https?://[^\s/?#\"<>\\^`{|}]+(?:/[^\s?#\"<>\\^`{|}]*)?", re.IGNORECASE)

# What takes long to import is imported by what needs it, so that --help is there at once.


def printable(line: str) -> str:
    """A line without what could steer a terminal: what articles and data sets say is not trusted to leave it alone."""
    return "".join("\ufffd" if unicodedata.category(one) in ("Cc", "Cf", "Cs") else one for one in line)


def fail(message: str) -> NoReturn:
    """End the program with a sentence and exit code 1."""
    typer.echo("\n".join(map(printable, f"filmspace: {message}".split("\n"))), err=True)
    sys.exit(1)


def end_unheard(error: OSError) -> None:
    """End the program with a sentence and exit code 74 if this came of saying something, as where a disk is full.

    What it did before is done, so that it is not refused: EX_IOERR of sysexits.h.
    """
    *_, (last, _) = walk_tb(error.__traceback__)
    if last.f_code.co_name == "echo":
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # where Python writes what is left when it ends
        told = f"the output cannot be written ({error.strerror}); what was to be stored before that is stored"
        typer.echo(f"filmspace: {told}", err=True)
        sys.exit(os.EX_IOERR)


def get_settings() -> "Settings":
    """The settings of this process. Raises pydantic.ValidationError for a value that is no such setting."""
    from app.settings import get_settings as read

    try:
        return read()
    except UnicodeDecodeError as error:
        fail(f"the file .env cannot be read: it is not UTF-8 at byte {error.start}")
    except OSError as error:
        fail(f"the file .env cannot be read: {error.strerror or error}")


def opened(settings: "Settings") -> "Engine":
    """The database, migrated. What another schema holds of the records is made anew from the evidence."""
    from sqlalchemy import text

    from app.db import make_engine
    from app.migrate import upgrade
    from app.projection import project
    from app.projection import rebuild as rebuild_records

    def make_anew(connection: "Connection", which: "Collection[int] | None") -> None:
        if held := connection.execute(text("SELECT count(*) FROM entity")).scalar_one():
            told = f"its {held}" if which is None else f"{len(which)} of its {held}"
            told = f"the database is of another version; the records of {told} entities are made anew"
            typer.echo(f"filmspace: {told}", err=True)
            rebuild_records(connection) if which is None else project(connection, which)

    engine = make_engine(settings.database_url)
    # A server is told that nobody comes back, however the command ends.
    atexit.register(engine.dispose)
    upgrade(engine, then=make_anew)
    return engine


def held(url: str) -> "Engine":
    """The database as it is; ends the program if it is a file that is not there, of which there is nothing to tell."""
    from app.db import make_engine, path_of, shown

    engine = make_engine(url)
    atexit.register(engine.dispose)
    if (file := path_of(url)) and Path(file).parent.is_dir() and not Path(file).exists():
        fail(f"the database {shown(url)} is not there; `filmspace serve` makes one, `FILMSPACE_DATABASE_URL` names it")
    return engine


def without_figures(settings: "Settings") -> str | None:
    """Why the processes of a server cannot leave what they count; None where they can.

    Each of them would tell of its own alone, so that the figures jump back and forth.
    """
    folder = settings.metrics_folder
    if folder is None or (os.path.isdir(folder) and os.access(folder, os.W_OK | os.X_OK)):
        return None
    why = "cannot be written" if os.path.isdir(folder) else "is not there"
    return f"the folder {folder} of FILMSPACE_METRICS_FOLDER {why}; expected one that whoever serves may write"


def check_base(option: str, url: str) -> None:
    """Raise BadParameter for what was given for that option and is no URL that others can begin with."""
    if url and not _BASE_URL.fullmatch(url):
        told = f"{option} '{url}' is no URL that others can begin with"
        raise typer.BadParameter(f"{told}; expected one such as https://films.example")


@contextmanager
def judging(settings: "Settings") -> "Iterator[Connection]":
    """A write transaction on a database that is there; what is refused in it ends the program with a sentence."""
    from app.access.tokens import TokenError
    from app.db import for_writing
    from app.loading.problems import RefusedError

    held(settings.database_url)
    try:
        with for_writing(opened(settings)).begin() as connection:
            yield connection
    except (RefusedError, TokenError) as error:
        fail(str(error))


def loading(settings: "Settings") -> "Engine":
    """The database, for a transaction that may write millions of rows."""
    from app.db import for_loading

    spare_garbage()
    return for_loading(opened(settings))


def spare_garbage() -> None:
    """Look for what refers to itself seldom: what is made of a row is gone with it, and a third of the time went there.

    A process that begins as a copy of this one does the same.
    """
    gc.freeze()
    gc.set_threshold(200_000, 20, 100)
