"""What an operator asks first: which versions, which settings, which database, and what is wrong."""

import json
import os
import platform
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from difflib import get_close_matches
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.common import get_settings, without_figures

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from app.settings import Settings

_PACKAGES = ("fastapi", "starlette", "pydantic", "sqlmodel", "sqlalchemy", "uvicorn", "psycopg", "mcp", "spacy")
# A write-ahead log grows on when somebody reads for so long that it is never emptied.
_LARGEST_LOG = 1 << 30

Told = dict[str, str]


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON, for programs.")] = False,
) -> None:
    """Tell the versions, the settings in force, what the database holds, and what is wrong; nothing is changed."""
    settings = get_settings()
    database, wrong = _database(settings)
    found = {"versions": _versions(), "settings": _in_force(settings), "database": database}
    wrong = [*_misspelt(type(settings)), *_lacking(settings), *wrong]
    if as_json:
        typer.echo(json.dumps({**found, "wrong": wrong}, indent=2, ensure_ascii=False))
    else:
        for name in type(settings).model_fields.keys() - settings.model_fields_set:
            found["settings"][_variable(name)] += "  (by default)"
        _show(found, wrong)
    if wrong:
        raise typer.Exit(1)


def _show(found: dict[str, Told], wrong: list[str]) -> None:
    width = max(len(name) for told in found.values() for name in told)
    for title, told in found.items():
        typer.echo(title)
        for name, value in told.items():
            typer.echo(f"  {name:<{width}}  {value}")
    for one in wrong:
        typer.echo(f"wrong: {one}", err=True)
    if not wrong:
        typer.echo("nothing is wrong")


def _versions() -> Told:
    from app import __version__

    told = {"filmspace": __version__, "python": platform.python_version(), "sqlite": sqlite3.sqlite_version}
    for name in _PACKAGES:
        try:
            told[name] = version(name)
        except PackageNotFoundError:
            told[name] = "not installed"
    return told


def _in_force(settings: "Settings") -> Told:
    """Each setting by the name of its variable; secrets are not told."""
    from app.db import shown

    told = {}
    for name in type(settings).model_fields:
        value: Any = getattr(settings, name)
        if name.endswith("database_url") and value:
            value = shown(value)
        elif isinstance(value, tuple):
            value = ",".join(map(str, value))
        told[_variable(name)] = str(value)
    return told


def _variable(name: str) -> str:
    return f"FILMSPACE_{name.upper()}"


def _misspelt(settings: "type[Settings]") -> Iterator[str]:
    """Variables that are named as if they were settings, and are none."""
    from pydantic_settings import DotEnvSettingsSource

    known = [*map(_variable, settings.model_fields)]
    of_file = sorted(map(str.upper, DotEnvSettingsSource(settings).env_vars))
    for name, where in (*((name, "") for name in sorted(os.environ)), *((name, ", in .env,") for name in of_file)):
        if name.startswith("FILMSPACE_") and name.upper() not in known:
            near = get_close_matches(name, known, n=1)
            yield f"{name}{where} is no setting{f'; did you mean {near[0]}?' if near else ''}"


def _lacking(settings: "Settings") -> Iterator[str]:
    """What the program wants to have around it."""
    if not settings.seeds.is_dir():
        yield f"the folder of seeds {settings.seeds} does not exist; name another one with FILMSPACE_SEEDS"
    if why := without_figures(settings):
        yield why
    if sys.platform != "win32" and settings.host not in ("127.0.0.1", "localhost", "::1") and os.geteuid() == 0:
        yield "this is root, and FILMSPACE_HOST lets others reach it; run it as a user who may do nothing else"


def _database(settings: "Settings") -> tuple[Told, list[str]]:
    """(what there is to tell of the database, what is wrong with it)."""
    from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

    from app.cli.mending import reason
    from app.db import make_engine, shown

    unusable = DBAPIError, ArgumentError, NoSuchModuleError, ImportError
    told = {"url": shown(settings.database_url)}
    try:
        engine = make_engine(settings.database_url)
        told["engine"] = engine.dialect.name
        file = Path(engine.url.database or "") if engine.dialect.name == "sqlite" else None
        # To open one that is not there would make it.
        if file and not file.exists():
            return told, [_missing(file.absolute())]
        with engine.connect() as connection:
            wrong = [*_schema(engine, connection, told), *(_file(file, settings, told) if file else ())]
        engine.dispose()
    except unusable as error:
        return told, [f"the database cannot be used: {reason(error)}"]
    if settings.read_url != settings.database_url:
        try:
            wrong += _replica(settings.read_url, told)
        except unusable as error:
            wrong.append(f"the database {told['read from']}, which is read from, cannot be used: {reason(error)}")
    return told, wrong


def _missing(file: Path) -> str:
    if not file.parent.is_dir():
        return f"there is no folder {file.parent} for the database {file.name}; make it"
    if not os.access(file.parent, os.W_OK):
        return f"there is no database {file}, and none can be made: the folder cannot be written"
    return f"there is no database {file} yet; `filmspace serve` makes it"


def _replica(url: str, told: Told) -> Iterator[str]:
    """What is read from, where that is another database: it follows the one that is written to."""
    from app.db import make_engine, path_of, shown
    from app.queries.status import state_of

    told["read from"] = shown(url, "FILMSPACE_READ_DATABASE_URL")
    engine = make_engine(url)
    # To open one that is not there would make it.
    if (path := path_of(url)) and not Path(path).exists():
        yield f"there is no database {Path(path).absolute()}, which is read from; FILMSPACE_READ_DATABASE_URL names it"
        return
    with engine.connect() as connection:
        state = state_of(connection)
    engine.dispose()
    told["revision there"] = f"{state.revision}, of {state.at:%Y-%m-%d %H:%M} UTC" if state.at else "0"
    if told["revision there"] != told.get("revision", "0"):
        yield f"what is read from, {shown(url)}, has not the revision of the database; look at its replication"


def _schema(engine: "Engine", connection: "Connection", told: Told) -> Iterator[str]:
    from sqlalchemy import inspect
    from sqlalchemy import text as sql

    from app.migrate import newest
    from app.queries.status import counts, state_of

    asked = "SELECT sqlite_version()" if engine.dialect.name == "sqlite" else "SHOW server_version"
    told["engine"] += f" {connection.execute(sql(asked)).scalar_one()}"
    if not inspect(connection).has_table("alembic_version"):
        yield "the database has no tables of this program; `filmspace serve` makes them"
        return
    held = set(connection.execute(sql("SELECT version_num FROM alembic_version")).scalars())
    told["schema"] = ", ".join(sorted(held))
    if held != newest():
        text = "`filmspace serve` brings an older one there; a newer one needs the program that made it"
        yield f"the schema is not {', '.join(newest())}, which is this program's; {text}"
        return
    state = state_of(connection)
    told["revision"] = f"{state.revision}, of {state.at:%Y-%m-%d %H:%M} UTC" if state.at else "0"
    told["holds"] = ", ".join(f"{count} {name}" for name, count in counts(connection).items())
    if not state.revision:
        yield "nothing is loaded yet; `filmspace load FOLDER` loads a source, `filmspace serve` the seeds"


def _file(file: Path, settings: "Settings", told: Told) -> Iterator[str]:
    size, log = file.stat().st_size, Path(f"{file}-wal")
    told["size"] = _size(size)
    free = shutil.disk_usage(file.absolute().parent).free
    told["free"] = f"{_size(free)} on its disk"
    if log.exists():
        told["write-ahead log"] = _size(log.stat().st_size)
        if log.stat().st_size > _LARGEST_LOG:
            yield f"{log} has {_size(log.stat().st_size)}: something has been reading for very long; end it"
    if free < max(size // 10, 100 << 20):
        yield f"only {_size(free)} are free where the database is; a load may need more"
    for one, what in ((file, "the database"), (file.absolute().parent, "the folder of the database")):
        if not os.access(one, os.W_OK):
            yield f"{what}, {one}, cannot be written; what is served can be read, but nothing can be loaded"
    room = shutil.disk_usage(tempfile.gettempdir()).free
    if settings.preview and room < size:
        text = "for previews and `check`; give TMPDIR more room, or set FILMSPACE_PREVIEW=false"
        yield f"the folder for temporary files has {_size(room)} free, less than a copy of the database takes {text}"


def _size(count: int) -> str:
    """A number of bytes, as people read it."""
    value = float(count)
    for unit in ("bytes", "kB", "MB"):
        if value < 1000:
            return f"{value:.3g} {unit}"
        value /= 1000
    return f"{value:.3g} GB"
