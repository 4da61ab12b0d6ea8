"""Drafts are looked up by what the API asks as well, which is tried on both engines: so here SQLite is enough."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.conftest import an_engine


@pytest.fixture
def engine(request: pytest.FixtureRequest, migrated_file: Path, tmp_path: Path) -> Iterator[Engine]:
    """An empty database with the newest schema, of the test's own, on SQLite unless the test says otherwise."""
    yield from an_engine(request, migrated_file, tmp_path)
