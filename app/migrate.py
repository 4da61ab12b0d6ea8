"""Brings a database to the newest schema, and tells whether it is there."""

from collections.abc import Callable
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

_ROOT = Path(__file__).parent.parent


def alembic_config(engine: Engine) -> Config:
    """Alembic's configuration for `engine`, as `pyproject.toml` has it."""
    config = Config(toml_file=_ROOT / "pyproject.toml")
    config.attributes["engine"] = engine
    return config


def is_current(engine: Engine) -> bool:
    """Whether the database has exactly the newest schema."""
    heads = ScriptDirectory.from_config(alembic_config(engine)).get_heads()
    with engine.connect() as connection:
        return set(MigrationContext.configure(connection).get_current_heads()) == set(heads)


def upgrade(engine: Engine, then: Callable[[Connection], object] | None = None) -> None:
    """Bring the database to the newest schema, all or nothing; does nothing when it is there.

    `then` is done in the same transaction, so that nobody ever sees the new schema without it.
    """
    if not is_current(engine):
        config = alembic_config(engine)
        config.attributes["then"] = then
        command.upgrade(config, "head")
