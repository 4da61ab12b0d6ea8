"""What searches are tried on: the first article and two invented ones in one base, and these with all seeds."""

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import httpx
import pytest
from sqlalchemy import Connection

from app.db import make_engine
from tests.conftest import running
from tests.makers import SEED, load
from tests.search.hit_rate import FOLDERS, INVENTED


def _filled(migrated_file: Path, path: Path, folders: Sequence[Path]) -> str:
    """The URL of a database with these sources; nobody writes to it."""
    shutil.copy(migrated_file, path)
    engine = make_engine(f"sqlite:///{path}")
    for folder in folders:
        assert load(engine, folder).sentences_without_facts == ()
    engine.dispose()
    return f"sqlite:///{path}"


@pytest.fixture(scope="session")
def three_articles(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The URL of a database with the three articles."""
    return _filled(migrated_file, tmp_path_factory.mktemp("searched") / "filmspace.db", (SEED, *INVENTED))


@pytest.fixture(scope="session")
def searched(three_articles: str) -> Iterator[httpx.Client]:
    """A client of the API over the three articles."""
    with running(three_articles) as client:
        yield client


@pytest.fixture(scope="session")
def searched_library(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A client of the API over all seeds and the two invented articles."""
    with running(_filled(migrated_file, tmp_path_factory.mktemp("library") / "filmspace.db", FOLDERS)) as client:
        yield client


@pytest.fixture
def connection(three_articles: str) -> Iterator[Connection]:
    engine = make_engine(three_articles)
    with engine.connect() as opened:
        yield opened
    engine.dispose()
