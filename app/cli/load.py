"""Load sources, each wholly or not at all."""

import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from app.cli.common import fail, get_settings, opened, printable

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from app.loading.problems import RefusedError
    from app.settings import Settings

_Why = TypeVar("_Why")


def load(
    folders: Annotated[list[Path], typer.Argument(metavar="FOLDER", help="Folders with article.txt and claims.yaml.")],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Load, report what that did, and take it back: nothing is stored.")
    ] = False,
    drop_orphaned: Annotated[
        bool, typer.Option("--drop-orphaned", help="Leave out the claims whose words a corrected text no longer has.")
    ] = False,
) -> None:
    """Load sources, each in one transaction: wholly, or not at all when the gate refuses it."""
    settings = get_settings()
    do = preview_each if dry_run else load_each
    if do(opened(settings), folders, settings, drop_orphaned=drop_orphaned):
        raise typer.Exit(1)


def load_new(engine: "Engine", settings: "Settings") -> None:
    """Load the seeds whose present content was never loaded. One that is refused stops the start."""
    from app.loading.load import loaded_as
    from app.loading.problems import RefusedError
    from app.loading.seed import read_folder

    if not settings.seeds.is_dir():
        fail(f"the folder of seeds {settings.seeds} does not exist; name another one with FILMSPACE_SEEDS")
    wanted = []
    for folder in sorted(one for one in settings.seeds.iterdir() if one.is_dir() and not one.name.startswith(".")):
        try:
            seed = read_folder(folder)
        except RefusedError as error:
            _print_refusal(folder, error)
            sys.exit(1)
        if seed.unreviewed:
            typer.echo(printable(f"{seed.slug}: not loaded, for {seed.unreviewed.message}"))
            continue
        with engine.connect() as connection:
            was_loaded, since = loaded_as(connection, seed)
        if not was_loaded:
            wanted.append(folder)
        elif since:
            typer.echo(f"{seed.slug}: not loaded, for this content {since}. `filmspace load` brings it back")
    # What shows the progress takes a while to import.
    if wanted and load_each(engine, wanted, settings):
        sys.exit(1)


def load_each(engine: "Engine", folders: Sequence[Path], settings: "Settings", *, drop_orphaned: bool = False) -> int:
    """Load sources, each in one transaction; how many are refused."""
    from app.cli.screen import progress
    from app.db import for_writing
    from app.loading.load import load_seed
    from app.loading.problems import RefusedError
    from app.loading.reports import told
    from app.loading.seed import read_folder

    def attempt(folder: Path, title: str) -> RefusedError | None:
        try:
            with progress(title) as step:
                seed = read_folder(folder)
                with for_writing(engine).begin() as connection:
                    report = load_seed(connection, seed, actor=settings.actor, drop_orphaned=drop_orphaned, step=step)
        except RefusedError as error:
            return error
        for line in told(report):
            typer.echo(printable(line))
        if not report.is_unchanged:
            typer.echo(f"  took       {report.seconds:.2f} s")
        return None

    refused = _in_turns(folders, attempt)
    for folder, refusal in refused:
        _print_refusal(folder, refusal)
    return len(refused)


def preview_each(engine: "Engine", folders: Sequence[Path], settings: "Settings", *, drop_orphaned: bool) -> int:
    """Load sources one after the other in a transaction that is taken back; how many would be refused."""
    from app.cli.previews import lines_of
    from app.cli.screen import Line, progress, show
    from app.db import for_writing
    from app.loading.examining import examine
    from app.loading.load import store
    from app.loading.problems import RefusedError
    from app.loading.seed import read_folder
    from app.preview import preview

    with for_writing(engine).connect() as connection, connection.begin() as transaction:

        def attempt(folder: Path, title: str) -> RefusedError | list[Line] | None:
            started = time.monotonic()
            try:
                with progress(title) as step:
                    seed = read_folder(folder)
                    found = preview(connection, seed, drop_orphaned=drop_orphaned, step=step)
            except RefusedError as error:
                return error
            lines = list(lines_of(found, time.monotonic() - started))
            if found.outcome == "rejected":
                return lines
            show(lines)
            # Those after it see it, as they would if it were loaded.
            store(connection, examine(connection, seed, drop_orphaned=drop_orphaned), actor=settings.actor)
            return None

        refused: list[tuple[Path, RefusedError | list[Line]]] = _in_turns(folders, attempt)
        transaction.rollback()
    for folder, why in refused:
        if isinstance(why, RefusedError):
            _print_refusal(folder, why)
        elif isinstance(why, list):
            show(why)
    return len(refused)


def _in_turns(folders: Sequence[Path], attempt: Callable[[Path, str], _Why | None]) -> list[tuple[Path, _Why]]:
    """Try each, and then those that were refused again, for one may speak of what another names. Returns the last."""
    waiting = folders
    while True:
        refused: list[tuple[Path, _Why]] = []
        for number, folder in enumerate(waiting, start=1):
            if why := attempt(folder, f"{folder.name} ({number} of {len(waiting)})"):
                refused.append((folder, why))
        if not refused or len(refused) == len(waiting):
            return refused
        waiting = [folder for folder, _ in refused]


def _print_refusal(folder: Path, error: "RefusedError") -> None:
    from app.loading.reports import refused

    for line in refused(folder, error):
        typer.echo(printable(line), err=True)
