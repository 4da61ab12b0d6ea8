"""Load sources, each wholly or not at all."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from sqlalchemy import Engine

from app.cli.common import fail, opened
from app.settings import Settings, get_settings

if TYPE_CHECKING:
    from app.loading.problems import RefusedError


def load(
    folders: Annotated[list[Path], typer.Argument(help="Folders with article.txt and claims.yaml.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Report what would happen, and store nothing.")] = False,
) -> None:
    """Load sources, each in one transaction: wholly, or not at all when the gate refuses it."""
    settings = get_settings()
    if load_each(opened(settings), folders, settings, is_dry_run=dry_run):
        raise typer.Exit(1)


def load_new(engine: Engine, settings: Settings) -> None:
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
            typer.echo(f"{seed.slug}: not loaded, for {seed.unreviewed.message}")
            continue
        with engine.connect() as connection:
            was_loaded, since = loaded_as(connection, seed)
        if not was_loaded:
            wanted.append(folder)
        elif since:
            typer.echo(f"{seed.slug}: not loaded, for this content {since}. `filmspace load` brings it back")
    if load_each(engine, wanted, settings, is_dry_run=False):
        sys.exit(1)


def load_each(engine: Engine, folders: Sequence[Path], settings: Settings, *, is_dry_run: bool) -> int:
    """Load sources, each in one transaction; how many are refused.

    One may speak of what another one names, so those that are refused are tried again after the others.
    """
    from app.db import for_writing
    from app.loading.load import load_seed
    from app.loading.problems import RefusedError
    from app.loading.reports import told
    from app.loading.seed import read_folder

    refused: list[tuple[Path, RefusedError]] = []
    for folder in folders:
        try:
            seed = read_folder(folder)
            with for_writing(engine).connect() as connection, connection.begin() as transaction:
                report = load_seed(connection, seed, actor=settings.actor, is_draft_allowed=is_dry_run)
                if is_dry_run:
                    transaction.rollback()
            for line in told(report, is_dry_run=is_dry_run):
                typer.echo(line)
            if seed.unreviewed:
                typer.echo(f"  not yet to be loaded: {seed.unreviewed}")
        except RefusedError as error:
            refused.append((folder, error))
    if refused and len(refused) < len(folders) and not is_dry_run:
        return load_each(engine, [folder for folder, _ in refused], settings, is_dry_run=False)
    for folder, refusal in refused:
        _print_refusal(folder, refusal)
    return len(refused)


def _print_refusal(folder: Path, error: "RefusedError") -> None:
    from app.loading.reports import refused

    for line in refused(folder, error):
        typer.echo(line, err=True)
