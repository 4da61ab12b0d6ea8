"""Write the base as files."""

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from errno import EISDIR
from functools import partial
from logging import NullHandler, getLogger
from pathlib import Path
from secrets import token_hex
from shutil import copy2, rmtree
from typing import TYPE_CHECKING, Annotated, Literal, get_args

import typer

from app.cli import interrupted
from app.cli.common import check_base, fail, get_settings, held, opened

if TYPE_CHECKING:
    from app.exporting.everything import Step

# After how many rows it is told how far it is.
_STEP = 1000
# How the folder is called in which an export is written; one that gets SIGKILL leaves it.
_PART = ".export-"
# What is read first of an export, and leads to its other files.
_FIRST = ("datapackage.json", "index.json")
_Format = Literal["ndjson", "jsonld", "csv", "static"]


def _folder(told: str) -> Path:
    """The folder to write to; none at all is a mistake, as of a variable that is empty, and not the one we are in."""
    if not told.strip():
        raise typer.BadParameter("no folder is named; expected one such as exports, or . for this one")
    return Path(told)


def export(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="Where to write it; made if it is not there.", parser=_folder)
    ],
    form: Annotated[
        _Format, typer.Option("--format", metavar="FORMAT", help=f"One of {', '.join(get_args(_Format))}.")
    ] = "ndjson",
    base_url: Annotated[
        str, typer.Option("--base-url", metavar="URL", help="With jsonld, where the API is: what @id begins with.")
    ] = "",
) -> None:
    """Export the base: its evidence (ndjson), linked data (jsonld), tables (csv), or every URL as a file (static)."""
    from app.cli.screen import progress

    settings = get_settings()
    if base_url and form != "jsonld":
        raise typer.BadParameter(f"--base-url is for jsonld alone; in {form} no URL is absolute")
    check_base("--base-url", base_url)
    held(settings.database_url)
    base = base_url or f"http://{settings.host}:{settings.port}"
    try:
        with _whole(folder, is_alone=form == "static") as part, progress(f"{folder}") as step:
            write = {"ndjson": _ndjson, "csv": _csv, "static": _static}.get(form, partial(_jsonld, base_url=base))
            told = write(part, step)
    except OSError as error:
        fail(f"{folder} cannot be written: {error.strerror or error}")
    except KeyboardInterrupt:
        typer.echo("filmspace: interrupted; nothing is written", err=True)
        sys.exit(interrupted.CODE)
    typer.echo(f"{folder}: {told}")


@contextmanager
def _whole(folder: Path, *, is_alone: bool) -> Iterator[Path]:
    """A folder for files that come into `folder` when all are written, and are gone if not.

    Where they are to be alone, ends the program if anything is there.
    """
    if is_alone and folder.is_dir() and any(not one.name.startswith(_PART) for one in folder.iterdir()):
        fail(f"{folder} is not empty; expected a new folder, so that no file of another revision stays in it")
    if os.path.lexists(folder) and not folder.is_dir():
        fail(f"{folder} cannot be written: it is a file; expected a folder, or a name for a new one")
    folder.mkdir(parents=True, exist_ok=True)
    interrupted.end_in_order_always()
    part = folder / f"{_PART}{token_hex(4)}"
    try:
        part.mkdir()
        yield part
        made = sorted(part.iterdir(), key=lambda one: (one.name in _FIRST, one.name))
        # Looked at before the first one comes, so that no files of two revisions stand side by side.
        for one in made:
            if (there := folder / one.name).is_dir():
                raise OSError(EISDIR, f"{there.name} there is a folder, where a file is to come")
        interrupted.let_be(*interrupted.OTHERS)
        _put_in_place(part, folder, made)
    finally:
        rmtree(part, ignore_errors=True)


def _put_in_place(part: Path, folder: Path, made: Sequence[Path]) -> None:
    """Let these files come into the folder; where one cannot, those that were there before are there again."""
    before = part / "before"
    before.mkdir()
    for one in made:
        if (there := folder / one.name).exists():
            try:
                (before / one.name).hardlink_to(there)
            except OSError:  # a file system without links
                copy2(there, before / one.name)
    try:
        # Where the machine stops between two of them, this is not there, and so nothing begins to read the others.
        for one in made:
            if one.name in _FIRST:
                (folder / one.name).unlink(missing_ok=True)
        for one in made:
            one.replace(folder / one.name)
    except OSError:
        for one in made:
            if not one.exists():
                (folder / one.name).replace(one)
        for one in before.iterdir():
            with suppress(OSError):  # the one that cannot be replaced
                one.replace(folder / one.name)
        raise


def _ndjson(folder: Path, step: "Step") -> str:
    from app import LICENCE
    from app.audit import counted
    from app.loading.dumps import dump

    with (
        opened(get_settings()).connect() as connection,
        (folder / "filmspace.ndjson").open("w", encoding="utf-8", newline="\n") as file,
    ):
        rows = sum(counted(connection).values())
        for count, line in enumerate(dump(connection, licence=LICENCE)):
            file.write(f"{line}\n")
            if count % _STEP == 0:
                step(count, rows)
    return f"{rows} rows of evidence"


def _jsonld(folder: Path, step: "Step", base_url: str) -> str:
    from app.exporting import linked

    with opened(get_settings()).connect() as connection:
        return f"{linked.write(connection, folder, base_url, step)} nodes"


def _csv(folder: Path, step: "Step") -> str:
    from app.exporting import spreadsheets

    with opened(get_settings()).connect() as connection:
        return f"{spreadsheets.write(connection, folder, step)} rows"


def _static(folder: Path, step: "Step") -> str:
    from app.application import create_app
    from app.db import shown
    from app.exporting.static import ChangedError, UnansweredError, write

    settings = get_settings()
    opened(settings).dispose()
    getLogger("filmspace").addHandler(NullHandler())  # what it would log is said in a sentence here
    app = create_app(settings)
    try:
        return f"{write(app, folder, step)} files"
    except ChangedError as error:
        fail(f"{error}; nothing is written, try again")
    except UnansweredError as error:
        reason = app.state.reach.last_reason
        told = f"the database {shown(settings.read_url)} cannot be read: {reason}" if reason else error
        fail(f"{told}; nothing is written; see to it, then repeat the command")
