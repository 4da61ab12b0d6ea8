"""What searches are tried on: the first article and two invented ones in one base, and these with all seeds."""

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import httpx
import pytest
from sqlalchemy import Connection

from app.db import make_engine
from tests.conftest import ENGINES, Copied, twice
from tests.makers import SEED, load
from tests.search.hit_rate import FOLDERS, INVENTED


def _filled(migrated_file: Path, folder: Path, sources: Sequence[Path]) -> Path:
    """A database with these sources; nobody writes to it."""
    file = Path(shutil.copy(migrated_file, folder / "filmspace.db"))
    engine = make_engine(f"sqlite:///{file}")
    for one in sources:
        assert load(engine, one).silent == ()
    engine.dispose()
    return file


@pytest.fixture(scope="session")
def three_articles(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the three articles."""
    return _filled(migrated_file, tmp_path_factory.mktemp("searched"), (SEED, *INVENTED))


@pytest.fixture(scope="session")
def searched(three_articles: Path, copied: Copied) -> Iterator[httpx.Client]:
    """A client of the API over the three articles."""
    with twice(three_articles, copied("searched", three_articles)) as client:
        yield client


@pytest.fixture(scope="session")
def searched_library(
    migrated_file: Path, tmp_path_factory: pytest.TempPathFactory, copied: Copied
) -> Iterator[httpx.Client]:
    """A client of the API over all seeds and the two invented articles."""
    file = _filled(migrated_file, tmp_path_factory.mktemp("searched-library"), FOLDERS)
    with twice(file, copied("searched-library", file)) as client:
        yield client


@pytest.fixture(params=ENGINES)
def connection(request: pytest.FixtureRequest, three_articles: Path) -> Iterator[Connection]:
    url = f"sqlite:///{three_articles}"
    if request.param == "postgresql":
        request.getfixturevalue("postgresql")
        url = request.getfixturevalue("copied")("searched", three_articles)
    engine = make_engine(url)
    with engine.connect() as opened:
        yield opened
    engine.dispose()
