"""Real databases, migrated as in production, and a real server over them.

A test that only reads takes `api`, which answers from the first article alone, or `library`, which answers from all
seeds of the project as its documentation does. A test that writes takes `engine`, an empty migrated database of its
own, and `serving`, which serves any database.
"""

import os
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from hypothesis import settings
from sqlalchemy import Engine

from app.db import make_engine
from app.http.wire import Protocol
from app.main import create_app
from app.migrate import upgrade
from app.settings import Settings
from tests.almanac import load_almanac
from tests.makers import SEED, SEEDS, load
from tests.postgresql import cluster

Serving = Callable[[Engine], httpx.Client]

# Where a change is judged, the examples are always the same ones; new ones are looked for at the desk.
settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("ci")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--write-examples",
        action="store_true",
        help="write the answers in app/api/examples/ anew, instead of comparing them (make examples)",
    )


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Show the figures that tests told with `record_property`, such as how many loads were killed."""
    told = [report for report in terminalreporter.getreports("passed") if report.user_properties]
    if told:
        terminalreporter.section("figures")
    for report in told:
        figures = ", ".join(f"{name} {value}" for name, value in report.user_properties)
        terminalreporter.write_line(f"{report.nodeid}: {figures}")


# What each answer has of its own.
_OWN = ("date", "x-request-id")


class Twice(httpx.Client):
    """A client that asks everything again, so that it is kept by then, and of a server that keeps nothing.

    All three answers are to be alike: whatever is tested here is tested with the cache, and without it.
    """

    def __init__(self, plain: httpx.Client, **more: Any) -> None:
        super().__init__(**more)
        self._plain = plain
        self._asked: set[tuple[Any, ...]] = set()

    def send(self, request: httpx.Request, *, stream: bool = False, **more: Any) -> httpx.Response:
        response = super().send(request, stream=stream, **more)
        asked = request.method, request.url, tuple(request.headers.items())
        is_new = request.method in ("GET", "HEAD") and asked not in self._asked
        if is_new and not stream and request.url.path != "/metrics":
            self._asked.add(asked)
            again = super().send(request, **more)
            url = self._plain.base_url.copy_with(raw_path=request.url.raw_path)
            plain = self._plain.send(httpx.Request(request.method, url, headers=request.headers), **more)
            assert _told(again) == _told(response), "the second answer is another"
            assert _told(plain) == _told(response), "without the cache the answer is another"
        return response


def _told(response: httpx.Response) -> tuple[int, list[tuple[str, str]], bytes]:
    headers = [(name, value) for name, value in response.headers.multi_items() if name not in _OWN]
    return response.status_code, headers, response.content


@contextmanager
def twice(database_url: str) -> Iterator[httpx.Client]:
    """A client of the API, which is served with the cache and without it, and must answer alike."""
    with (
        running(database_url) as kept,
        running(database_url, cache_bytes=0) as plain,
        Twice(plain, base_url=kept.base_url, timeout=30) as client,
    ):
        yield client


@contextmanager
def running(database_url: str, **more: Any) -> Iterator[httpx.Client]:
    """A client of the API, served by uvicorn on a free port from this database; `more` are further settings."""
    listener = socket.create_server(("127.0.0.1", 0))
    app = create_app(Settings(database_url=database_url, **more))
    config = uvicorn.Config(app, http=Protocol, log_level="warning", access_log=False, proxy_headers=False)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        # The socket listens already, so a request that comes before the server is up waits for it.
        with httpx.Client(base_url=f"http://127.0.0.1:{listener.getsockname()[1]}", timeout=30) as client:
            yield client
    finally:
        server.should_exit = True
        thread.join()
        listener.close()


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database with the newest schema; copied, never written to."""
    path = tmp_path_factory.mktemp("migrated") / "filmspace.db"
    engine = make_engine(f"sqlite:///{path}")
    upgrade(engine)
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def seeded_file(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the first article; copied, never written to."""
    path = tmp_path_factory.mktemp("seeded") / "filmspace.db"
    shutil.copy(migrated_file, path)
    engine = make_engine(f"sqlite:///{path}")
    load(engine, SEED)
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def api(seeded_file: Path) -> Iterator[httpx.Client]:
    """A client of the API over the first article."""
    with twice(f"sqlite:///{seeded_file}") as client:
        yield client


@pytest.fixture(scope="session")
def library_file(seeded_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with all seeds of the project; copied, never written to."""
    path = tmp_path_factory.mktemp("library") / "filmspace.db"
    shutil.copy(seeded_file, path)
    engine = make_engine(f"sqlite:///{path}")
    for folder in SEEDS:
        load(engine, folder)
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def library(library_file: Path) -> Iterator[httpx.Client]:
    """A client of the API over all seeds of the project."""
    with twice(f"sqlite:///{library_file}") as client:
        yield client


@pytest.fixture(scope="session")
def almanac(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A client of the API over the first article and the almanac."""
    folder = tmp_path_factory.mktemp("almanac")
    shutil.copy(migrated_file, folder / "filmspace.db")
    engine = make_engine(f"sqlite:///{folder / 'filmspace.db'}")
    load_almanac(engine, folder)
    engine.dispose()
    with twice(f"sqlite:///{folder / 'filmspace.db'}") as client:
        yield client


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """A PostgreSQL server, as `tests.postgresql.database` wants it."""
    with cluster() as told:
        yield told


@pytest.fixture
def engine(migrated_file: Path, tmp_path: Path) -> Iterator[Engine]:
    """An empty database with the newest schema, of the test's own."""
    yield from _copied(migrated_file, tmp_path)


@pytest.fixture
def seeded(seeded_file: Path, tmp_path: Path) -> Iterator[Engine]:
    """A database with the first article, of the test's own."""
    yield from _copied(seeded_file, tmp_path)


@pytest.fixture
def serving() -> Iterator[Serving]:
    """Serves a database until the test ends."""
    with ExitStack() as stack:
        yield lambda engine: stack.enter_context(running(str(engine.url)))


def _copied(file: Path, folder: Path) -> Iterator[Engine]:
    path = folder / "filmspace.db"
    shutil.copy(file, path)
    engine = make_engine(f"sqlite:///{path}")
    yield engine
    engine.dispose()
