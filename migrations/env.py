"""Runs the migrations on the engine of the settings, or on the one that the caller hands over."""

from collections.abc import Iterable
from typing import Any

from alembic import context
from sqlalchemy import Connection, text
from sqlmodel import SQLModel

import app.tables  # noqa: F401  (declares the tables)
from app.db import for_writing, make_engine
from app.settings import get_settings


def _is_ours(name: str | None, kind: str, _parents: object) -> bool:
    """The full-text index makes tables of its own, which no model declares."""
    return kind != "table" or name is None or not name.startswith("search")


def _selected(connection: Connection, queries: Iterable[bool | str]) -> set[int]:
    return {one for query in queries for one in connection.execute(text(str(query))).scalars()}


def _run() -> None:
    changes: set[bool | str] = set()

    def note(*, step: Any, **_: object) -> None:
        changes.add(getattr(step.up_revision.module, "CHANGES_RECORDS", True))

    engine = context.config.attributes.get("engine") or make_engine(get_settings().database_url)
    with engine.connect() as probe:
        is_sqlite = probe.dialect.name == "sqlite"
    with for_writing(engine).connect() as connection:
        if is_sqlite:
            # A batch migration drops and recreates its table, which would cascade to the children. The pragma is
            # ignored inside a transaction, so it is sent on the driver's connection before one begins; detached, so
            # that nobody else ever gets a connection that does not check.
            connection.detach()
            connection.connection.dbapi_connection.execute("PRAGMA foreign_keys=OFF")
        # Alembic leaves a transaction alone that is there when it is configured; it would commit after each migration.
        with connection.begin():
            context.configure(
                connection=connection,
                target_metadata=SQLModel.metadata,
                include_name=_is_ours,
                render_as_batch=True,
                compare_server_default=True,
                on_version_apply=note,
            )
            context.run_migrations()
            if then := context.config.attributes.get("then"):
                which = None if True in changes else _selected(connection, changes - {False})
                if which != set():
                    then(connection, which)
            if is_sqlite and (broken := connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()):
                raise RuntimeError(f"the migration leaves references to rows that are not there: {broken[:5]}")


_run()
