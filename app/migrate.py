"""Brings a database to the newest schema, and tells whether it is there."""

import re
from collections.abc import Callable, Collection
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect, text

if TYPE_CHECKING:
    from alembic.config import Config

_ROOT = Path(__file__).parent.parent
_NAMED = re.compile(r"""^(revision|down_revision)\b[^=\n]*= *["'](\w+)["']""", re.MULTILINE)


def alembic_config(engine: Engine) -> "Config":
    """Alembic's configuration for `engine`, as `pyproject.toml` has it."""
    from alembic.config import Config

    config = Config(toml_file=_ROOT / "pyproject.toml")
    config.attributes["engine"] = engine
    return config


# Some of the tables that the first migration makes.
_FIRST = {"source", "entity", "claim", "film", "person", "event", "place"}


class SchemaError(Exception):
    """The database has a schema that this program cannot bring to its own."""


def is_current(engine: Engine) -> bool:
    """Whether the database has exactly the newest schema. Raises SchemaError for one that is not of this program."""
    held = _held(engine)
    if not newest():
        raise SchemaError(
            "the migrations of this program are missing; install it with `pip install -e .` in its folder"
        )
    if unknown := held - _known()[0]:
        text = f"its schema {', '.join(sorted(unknown))} is of a later version of this program, which alone can use it"
        raise SchemaError(f"{text}; expected {', '.join(newest())} or an earlier one. Nothing is changed")
    if not held:
        _refuse_others(engine)
    return held == newest()


def _held(engine: Engine) -> set[str]:
    with engine.connect() as connection:
        _refuse_other_letters(connection)
        if not inspect(connection).has_table("alembic_version"):
            return set()
        return set(connection.execute(text("SELECT version_num FROM alembic_version")).scalars())


def _refuse_other_letters(connection: Connection) -> None:
    """Raise SchemaError for a database of PostgreSQL that does not hold every letter there is."""
    if connection.dialect.name == "postgresql":
        encoding = connection.exec_driver_sql("SHOW server_encoding").scalar_one()
        if encoding != "UTF8":
            raise SchemaError(f"its encoding is {encoding}; expected UTF8, as `createdb -E UTF8 -T template0` makes it")


def _refuse_others(engine: Engine) -> None:
    """Raise SchemaError for what is another program's: a file, or where a table of ours would have the name of one."""
    with engine.connect() as connection:
        names = set(inspect(connection).get_table_names()) - {"alembic_version"}
    if taken := sorted(names if engine.dialect.name == "sqlite" else names & _FIRST):
        told = f"{', '.join(taken[:5])}{' …' if len(taken) > 5 else ''}"
        raise SchemaError(f"it holds {told} of another program; expected an empty database")


def newest() -> set[str]:
    """The newest schema."""
    every, earlier = _known()
    return every - earlier


def _known() -> tuple[set[str], set[str]]:
    """(every schema, those that another one comes after).

    By the migrations' own words: every start asks, and Alembic is 7 MB of each server.
    """
    written = [file.read_text(encoding="utf-8") for file in (_ROOT / "migrations" / "versions").glob("*.py")]
    named = [one for content in written for one in _NAMED.findall(content)]
    return {one for which, one in named if which == "revision"}, {one for which, one in named if which != "revision"}


def upgrade(engine: Engine, then: Callable[[Connection, Collection[int] | None], object] | None = None) -> None:
    """Bring the database to the newest schema, all or nothing; does nothing when it is there.

    `then` is done in the same transaction, so that nobody ever sees the new schema without it. It is told which records
    the migrations change, None for all (`CHANGES_RECORDS`: True, or a query of their ids), and not done where they
    leave all records as they are (False). Raises SchemaError.
    """
    if not is_current(engine):
        from alembic import command

        config = alembic_config(engine)
        config.attributes["then"] = then
        command.upgrade(config, "head")
