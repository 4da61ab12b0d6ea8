"""Real databases, migrated as in production, and a real server over them.

A test that only reads takes `api`, which answers from the first article alone, or `library`, which answers from all
seeds of the project as its documentation does; both hold the answers of SQLite against those of PostgreSQL. A test that
writes takes `engine`, an empty migrated database of its own, and `serving`, which serves any database: it runs once for
each of the two, unless it is about one of them (`only_sqlite`). One that makes many takes `fresh`, and `AN_ENGINE`.
"""

import gc
import os
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from app.application import create_app
from app.db import make_engine
from app.migrate import upgrade
from app.server.protocol import Protocol
from app.settings import Settings
from tests.alike import NO_TLS, Twice
from tests.almanac import load_almanac
from tests.machine import room
from tests.makers import SEED, SEEDS, load, two_gazettes
from tests.postgresql import Cluster, cluster, is_missing

Serving = Callable[[Engine], httpx.Client]
Copied = Callable[[str, Path], str | None]
Fresh = Callable[[str], AbstractContextManager[Engine]]

ENGINES = ("sqlite", "postgresql")
# For tests of what SQLite alone has, or PostgreSQL.
only_postgresql = pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
only_sqlite = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
only_seeded_sqlite = pytest.mark.parametrize("seeded", ["sqlite"], indirect=True)
_numbers = count()
# What the machine is kept by from one test to the next.
_ROOM = pytest.StashKey[ExitStack | None]()
# Which of them an example of many is tried on.
AN_ENGINE = st.sampled_from(ENGINES[: 1 if is_missing() else None])

# How long an example takes is no matter, on a machine that does much else; and the databases that a test is given are
# made for all of its examples.
settings.register_profile(
    "any", deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
# Where a change is judged, the examples are always the same ones; new ones are looked for at the desk.
settings.register_profile("ci", settings.get_profile("any"), derandomize=True, database=None)
settings.load_profile("ci" if os.environ.get("CI") else "any")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--write-examples",
        action="store_true",
        help="write the answers in app/api/examples/ anew, instead of comparing them (make examples)",
    )


def pytest_collection_finish() -> None:
    """Look for garbage seldom, and never in what was imported and collected: that took a sixth of the processor time."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put first what takes long, so that nobody waits for it at the end, and then, all together, what runs alone."""

    def place(item: pytest.Item) -> int:
        if item.get_closest_marker("alone"):
            return 1
        return 0 if item.get_closest_marker("long") else 2

    items.sort(key=place)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    """Let what is marked so run alone on the machine; waiting for it is not part of its time.

    If the next one is marked as well, the machine is kept for it: to have it, one waits for whatever else runs.
    """
    is_alone, is_next_alone = (bool(one and one.get_closest_marker("alone")) for one in (item, nextitem))
    if (held := item.config.stash.get(_ROOM, None)) is None:
        held = ExitStack()
        held.enter_context(room(item.config.cache.mkdir("machine"), alone=is_alone))
    with held:
        done = yield
        item.config.stash[_ROOM] = held.pop_all() if is_alone and is_next_alone else None
    return done


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Show the figures that tests told with `record_property`, such as how many loads were killed, and what is left out."""
    if reason := is_missing():
        terminalreporter.section("not held against PostgreSQL")
        terminalreporter.write_line(f"{reason}: nothing was asked of it.")
    told = [report for report in terminalreporter.getreports("passed") if report.user_properties]
    if told:
        terminalreporter.section("figures")
    for report in told:
        figures = ", ".join(f"{name} {value}" for name, value in report.user_properties)
        terminalreporter.write_line(f"{report.nodeid}: {figures}")


@contextmanager
def twice(file: Path, copy: str | None) -> Iterator[httpx.Client]:
    """A client of the API on a SQLite file, whose answers are held against those on its copy, or without the cache."""
    url = f"sqlite:///{file}"
    with (
        running(url) as kept,
        running(copy or url, cache_bytes=0) as plain,
        Twice(plain, base_url=kept.base_url, timeout=30, verify=NO_TLS) as client,
    ):
        yield client


@contextmanager
def running(database_url: str, **more: Any) -> Iterator[httpx.Client]:
    """A client of the API, served by uvicorn on a free port from this database; `more` are further settings.

    With a `listener` of its own it is served on that.
    """
    listener = more.pop("listener", None) or socket.create_server(("127.0.0.1", 0))
    # Whether the explorer was built here is no matter to the tests of the API.
    app = create_app(Settings(**{"database_url": database_url, "explorer": Path("nowhere"), **more}))
    config = uvicorn.Config(app, http=Protocol, log_level="warning", access_log=False, proxy_headers=False)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        # The socket listens already, so a request that comes before the server is up waits for it.
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        with httpx.Client(base_url=url, timeout=30, verify=NO_TLS) as client:
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
def api(seeded_file: Path, copied: Copied) -> Iterator[httpx.Client]:
    """A client of the API over the first article."""
    with twice(seeded_file, copied("seeded", seeded_file)) as client:
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
def library(library_file: Path, copied: Copied) -> Iterator[httpx.Client]:
    """A client of the API over all seeds of the project."""
    with twice(library_file, copied("library", library_file)) as client:
        yield client


@pytest.fixture(scope="session")
def almanac(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory, copied: Copied) -> Iterator[httpx.Client]:
    """A client of the API over the first article and the almanac."""
    folder = tmp_path_factory.mktemp("almanac")
    file = Path(shutil.copy(migrated_file, folder / "filmspace.db"))
    engine = make_engine(f"sqlite:///{file}")
    load_almanac(engine, folder)
    engine.dispose()
    with twice(file, copied("almanac", file)) as client:
        yield client


@pytest.fixture(scope="session")
def a_cluster() -> Iterator[Cluster | None]:
    """A PostgreSQL server; None where it is not installed."""
    if is_missing():
        yield None
    else:
        with cluster() as made:
            upgraded = make_engine(made.create("migrated"))
            upgrade(upgraded)
            upgraded.dispose()
            yield made


@pytest.fixture(scope="session")
def postgresql(a_cluster: Cluster | None) -> Cluster:
    """A PostgreSQL server with a database `migrated`, which has the newest schema: copied, never written to."""
    return a_cluster or pytest.skip(is_missing() or "")


@pytest.fixture(scope="session")
def copied(a_cluster: Cluster | None) -> Copied:
    """Copies a SQLite file to PostgreSQL, once, and tells the URL; None where there is no PostgreSQL."""
    made: dict[str, str] = {}

    def copy(name: str, file: Path) -> str | None:
        if a_cluster and name not in made:
            made[name] = a_cluster.bring(name, file, "migrated")
        return made.get(name)

    return copy


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest, migrated_file: Path, tmp_path: Path) -> Iterator[Engine]:
    """An empty database with the newest schema, of the test's own."""
    if request.param == "sqlite":
        yield from _copied(migrated_file, tmp_path)
    else:
        yield from _made(request.getfixturevalue("postgresql"), "migrated")


@pytest.fixture
def migrated(migrated_file: Path, tmp_path: Path) -> None:
    """Commands find the newest schema in the folder: to bring an empty file to it takes longer than most of them."""
    shutil.copy(migrated_file, tmp_path / "filmspace.db")


@pytest.fixture(scope="session")
def fresh(migrated_file: Path, a_cluster: Cluster | None, tmp_path_factory: pytest.TempPathFactory) -> Fresh:
    """Makes empty databases with the newest schema, on SQLite or PostgreSQL; each goes when it is left."""

    @contextmanager
    def made(on: str) -> Iterator[Engine]:
        if on == "sqlite":
            yield from _copied(migrated_file, tmp_path_factory.mktemp("fresh"))
        else:
            assert a_cluster
            yield from _made(a_cluster, "migrated")

    return made


@pytest.fixture(params=ENGINES)
def seeded(request: pytest.FixtureRequest, seeded_file: Path, tmp_path: Path) -> Iterator[Engine]:
    """A database with the first article, of the test's own."""
    if request.param == "sqlite":
        yield from _copied(seeded_file, tmp_path)
    else:
        server = request.getfixturevalue("postgresql")
        request.getfixturevalue("copied")("template", seeded_file)
        yield from _made(server, "template")


@pytest.fixture
def two(engine: Engine, tmp_path: Path) -> Engine:
    """Two sources that call the same film and its director by two names each."""
    for one in two_gazettes(tmp_path):
        load(engine, one)
    return engine


@pytest.fixture
def serving() -> Iterator[Serving]:
    """Serves a database until the test ends."""
    with ExitStack() as stack:
        yield lambda engine: stack.enter_context(running(str(engine.url)))


def _copied(file: Path, folder: Path) -> Iterator[Engine]:
    path = folder / "filmspace.db"
    shutil.copy(file, path)
    engine = make_engine(f"sqlite:///{path}")
    try:
        yield engine
    finally:
        engine.dispose()


def _made(server: Cluster, template: str) -> Iterator[Engine]:
    name = f"own-{next(_numbers)}"
    engine = make_engine(server.create(name, template))
    try:
        yield engine
    finally:
        engine.dispose()
        server.drop(name)
