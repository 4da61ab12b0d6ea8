"""A base that takes long to look through."""

import shutil
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine, text

from app.db import for_writing, make_engine
from app.tables.evidence import Entity
from app.tables.records import RECORD_TABLES

FILMS = 20_000


def crowd(engine: Engine) -> None:
    """Put very many copies of a film among the records, each with a long plot and a short document."""
    values = {
        "films": FILMS, "plot": "They fly to a station. " * 90, "document": '{"slug":"?","more":{},"facts":null,"included":null}'
    }  # fmt: skip
    with for_writing(engine).begin() as connection:
        for table in (Entity, RECORD_TABLES["film"]):
            connection.execute(text(_copying(sa.inspect(table).local_table)), values)


def _copying(table: Any) -> str:
    """What copies the film's row of a table."""
    made = {
        "id": "id + 1000000 + n", "slug": "slug || '-' || n", "plot": ":plot",
        "document": "replace(:document, '?', slug || '-' || n)",
    }  # fmt: skip
    names = [column.name for column in table.columns]
    numbers = "WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < :films)"
    copies = f"SELECT {', '.join(made.get(name, name) for name in names)} FROM number"
    original = f"(SELECT * FROM {table.name} WHERE slug = 'the-challenge') original"
    return f"{numbers} INSERT INTO {table.name} ({', '.join(names)}) {copies}, {original}"


@pytest.fixture(scope="session")
def crowded_file(seeded_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the first article, and 20,000 films that are alike; copied, never written to."""
    path = tmp_path_factory.mktemp("crowded") / "filmspace.db"
    shutil.copy(seeded_file, path)
    engine = make_engine(f"sqlite:///{path}")
    crowd(engine)
    engine.dispose()
    return path
