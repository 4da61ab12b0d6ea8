"""The project's own article and two invented ones, in one base: what searches are tried on."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy import Connection

from app.db import make_engine
from tests.conftest import running
from tests.makers import load
from tests.search.hit_rate import FOLDERS


@pytest.fixture(scope="session")
def three_articles(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The URL of a database with the three articles; nobody writes to it."""
    path = tmp_path_factory.mktemp("searched") / "filmspace.db"
    shutil.copy(migrated_file, path)
    engine = make_engine(f"sqlite:///{path}")
    for folder in FOLDERS:
        assert load(engine, folder).sentences_without_facts == ()
    engine.dispose()
    return f"sqlite:///{path}"


@pytest.fixture(scope="session")
def searched(three_articles: str) -> Iterator[httpx.Client]:
    """A client of the API over the three articles."""
    with running(three_articles) as client:
        yield client


@pytest.fixture
def connection(three_articles: str) -> Iterator[Connection]:
    engine = make_engine(three_articles)
    with engine.connect() as opened:
        yield opened
    engine.dispose()
