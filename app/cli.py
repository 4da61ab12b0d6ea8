"""The command line: serve the API, load and withdraw sources, rebuild the records, print the OpenAPI document."""

import json
import socket
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stdout, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from pydantic import ValidationError
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from app.settings import Settings, get_settings

if TYPE_CHECKING:
    from app.loading.problems import RefusedError

app = typer.Typer(
    name="filmspace",
    help="A knowledge base of film and spaceflight with a receipt for every value.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def main() -> None:
    """Run the command; what the user can mend ends in one sentence and exit code 1."""
    try:
        app()
    except ValidationError as error:
        first = error.errors()[0]
        _fail(f"the setting FILMSPACE_{'_'.join(map(str, first['loc'])).upper()} is wrong: {first['msg']}")
    except ImportError as error:
        _fail(f"the database {get_settings().database_url} needs {error.name}, which is not installed")
    except (DBAPIError, ArgumentError, NoSuchModuleError) as error:
        reason = str(getattr(error, "orig", None) or error).splitlines()[0]
        _fail(f"the database {get_settings().database_url} cannot be used: {reason}")


def _fail(message: str) -> NoReturn:
    typer.echo(f"filmspace: {message}", err=True)
    sys.exit(1)


def _engine(settings: Settings) -> Engine:
    """The database, migrated. What another schema holds of the records is made anew from the evidence."""
    from app.db import make_engine
    from app.migrate import upgrade
    from app.projection import rebuild as rebuild_records

    def make_anew(connection: Connection) -> None:
        if held := connection.execute(text("SELECT count(*) FROM entity")).scalar_one():
            told = f"the database is of another version; the records of its {held} entities are made anew"
            typer.echo(f"filmspace: {told}", err=True)
            rebuild_records(connection)

    engine = make_engine(settings.database_url)
    upgrade(engine, then=make_anew)
    return engine


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="The address to listen on (FILMSPACE_HOST).")] = None,
    port: Annotated[int | None, typer.Option(help="The port to listen on (FILMSPACE_PORT).", min=0, max=65535)] = None,
    workers: Annotated[
        int | None, typer.Option(help="How many processes answer (FILMSPACE_WORKERS).", min=1, max=64)
    ] = None,
) -> None:
    """Migrate the database, load the seeds that are not loaded yet, and serve the API."""
    from app.listening import ListenError, listen

    settings = get_settings()
    try:  # The port first: when it is taken, nothing else is done.
        listener = listen(host or settings.host, settings.port if port is None else port)
    except ListenError as error:
        _fail(str(error))
    with listener:
        engine = _engine(settings)
        _load_new(engine, settings)
        engine.dispose()
        _answer(listener, workers or settings.workers)


def _answer(listener: socket.socket, workers: int) -> None:
    """Answer on a listening socket until Ctrl-C or SIGTERM, and finish what is in flight."""
    import uvicorn
    from uvicorn.supervisors import Multiprocess

    address, bound, *_ = listener.getsockname()
    shown = f"[{address}]" if ":" in address else address
    typer.echo(f"filmspace answers on http://{shown}:{bound} (its pages: /docs); Ctrl-C stops it", err=True)
    # Which proxies are believed is our own setting (app/http/proxies.py), not uvicorn's.
    config = uvicorn.Config(
        "app.main:app", http="app.http.wire:Protocol", workers=workers, access_log=False, log_level="warning",
        server_header=False, proxy_headers=False,
    )  # fmt: skip
    with suppress(KeyboardInterrupt):  # the ordinary way to stop it
        if workers > 1:
            Multiprocess(config, sockets=[listener]).run()
        else:
            uvicorn.Server(config).run(sockets=[listener])


@app.command()
def load(
    folders: Annotated[list[Path], typer.Argument(help="Folders with article.txt and claims.yaml.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Report what would happen, and store nothing.")] = False,
) -> None:
    """Load sources, each in one transaction: wholly, or not at all when the gate refuses it."""
    settings = get_settings()
    if _load_each(_engine(settings), folders, settings, is_dry_run=dry_run):
        raise typer.Exit(1)


@app.command()
def withdraw(
    source: Annotated[str, typer.Argument(help="The slug of the source.")],
    reason: Annotated[str, typer.Option(help="Why, for everybody who asks for it.")],
) -> None:
    """Withdraw a source: its claims stay in the history and no longer count."""
    from app.loading.load import withdraw_source

    settings = get_settings()
    with _judging(settings) as connection:
        ended = withdraw_source(connection, source, reason, actor=settings.actor)
    typer.echo(f"{source}: withdrawn; {ended} facts no longer count because of it")


@app.command()
def merge(
    old: Annotated[str, typer.Argument(metavar="FROM", help="The entity that is another one, as kind/slug.")],
    into: Annotated[str, typer.Argument(help="The entity that it is, as kind/slug.")],
    reason: Annotated[str, typer.Option(help="Why, for the history.")],
) -> None:
    """Make one of two entities that are the same: its claims count for the other, and its address leads there."""
    from app.loading.identity import merge_entities

    settings = get_settings()
    with _judging(settings) as connection:
        merge_entities(connection, old, into, reason, actor=settings.actor)
    typer.echo(f"{old}: merged into {into}")


@app.command()
def rename(
    entity: Annotated[str, typer.Argument(help="The entity, as kind/slug.")],
    slug: Annotated[str, typer.Argument(help="The slug that it gets.")],
    reason: Annotated[str, typer.Option(help="Why, for the history.")],
) -> None:
    """Give an entity another slug; its old address leads to the new one."""
    from app.loading.identity import rename_entity

    settings = get_settings()
    with _judging(settings) as connection:
        renamed = rename_entity(connection, entity, slug, reason, actor=settings.actor)
    typer.echo(f"{entity}: renamed to {renamed}")


@contextmanager
def _judging(settings: Settings) -> Iterator[Connection]:
    """A write transaction on the database; what is refused in it ends the program with a sentence."""
    from app.db import for_writing
    from app.loading.problems import RefusedError

    try:
        with for_writing(_engine(settings)).begin() as connection:
            yield connection
    except RefusedError as error:
        _fail(str(error))


@app.command()
def rebuild() -> None:
    """Make every record anew from the evidence."""
    from app.db import for_writing
    from app.projection import rebuild as rebuild_records

    with for_writing(_engine(get_settings())).begin() as connection:
        looked_at = rebuild_records(connection)
    typer.echo(f"{looked_at} records made anew")


@app.command()
def check() -> None:
    """Check that every quote, hash, reference and record still holds; nothing is changed."""
    from app.audit import counted, problems
    from app.db import make_engine, scratch
    from app.migrate import is_current

    engine = make_engine(get_settings().database_url)
    if not is_current(engine):
        _fail("the database is not of this version; `filmspace serve` brings it there")
    found = 0
    with scratch(engine) as connection:
        held = ", ".join(f"{count} {name}" for name, count in counted(connection).items())
        for found, problem in enumerate(problems(connection), start=1):  # noqa: B007  (how many there were)
            typer.echo(f"  {problem}", err=True)
    if found:
        _fail(f"{found} of what was checked does not hold ({held})")
    typer.echo(f"everything holds: {held}")


@app.command()
def mcp(api_url: Annotated[str, typer.Option(help="Where the API is, for URLs in answers.")] = "") -> None:
    """Load the seeds as `serve` does, and serve tools for programs that reason (MCP) on standard input and output."""
    from app.agents.door import is_possible

    if not is_possible():
        _fail("this needs the extra mcp: pip install 'filmspace[mcp]', or '.[mcp]' in the folder of the project")
    from app.agents.server import make_server

    with redirect_stdout(sys.stderr):  # standard output is the client's
        engine = _engine(settings := get_settings())
        _load_new(engine, settings)
    make_server(engine, api_url).run("stdio")
    engine.dispose()


@app.command()
def openapi() -> None:
    """Print the OpenAPI document."""
    from app.main import create_app

    typer.echo(json.dumps(create_app(get_settings()).openapi(), indent=2, ensure_ascii=False))


def _load_new(engine: Engine, settings: Settings) -> None:
    """Load the seeds whose present content was never loaded. One that is refused stops the start."""
    from app.loading.load import loaded_as
    from app.loading.problems import RefusedError
    from app.loading.seed import read_folder

    if not settings.seeds.is_dir():
        _fail(f"the folder of seeds {settings.seeds} does not exist; name another one with FILMSPACE_SEEDS")
    wanted = []
    for folder in sorted(one for one in settings.seeds.iterdir() if one.is_dir() and not one.name.startswith(".")):
        try:
            seed = read_folder(folder)
        except RefusedError as error:
            _print_refusal(folder, error)
            sys.exit(1)
        with engine.connect() as connection:
            was_loaded, since = loaded_as(connection, seed)
        if not was_loaded:
            wanted.append(folder)
        elif since:
            typer.echo(f"{seed.slug}: not loaded, for this content {since}. `filmspace load` brings it back")
    if _load_each(engine, wanted, settings, is_dry_run=False):
        sys.exit(1)


def _load_each(engine: Engine, folders: Sequence[Path], settings: Settings, *, is_dry_run: bool) -> int:
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
                report = load_seed(connection, seed, actor=settings.actor)
                if is_dry_run:
                    transaction.rollback()
            for line in told(report, is_dry_run=is_dry_run):
                typer.echo(line)
        except RefusedError as error:
            refused.append((folder, error))
    if refused and len(refused) < len(folders) and not is_dry_run:
        return _load_each(engine, [folder for folder, _ in refused], settings, is_dry_run=False)
    for folder, refusal in refused:
        _print_refusal(folder, refusal)
    return len(refused)


def _print_refusal(folder: Path, error: "RefusedError") -> None:
    from app.loading.reports import refused

    for line in refused(folder, error):
        typer.echo(line, err=True)


if __name__ == "__main__":
    main()
