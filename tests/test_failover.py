"""A primary and a hot standby of PostgreSQL, of which the first is lost while it is loaded and read from."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from app.audit import problems
from app.db import make_engine, scratch
from app.migrate import upgrade
from tests.conftest import running
from tests.makers import SEED, a_claim, a_folder, load
from tests.postgresql import Cluster, cluster, is_missing, standby
from tests.test_cli import fails_in_a_sentence, run

PATHS = ("/films", "/films/the-challenge", "/facts?limit=5", "/sources", "/search?q=film")
_READERS, _BEFORE, _AFTER = 3, 8, 60
_APPLIED = "-c synchronous_commit=remote_apply"


@dataclass(frozen=True)
class Pair:
    """A primary, the standby that follows it, and the URLs of the base for what writes and for what reads."""

    primary: Cluster
    standby: Cluster

    @property
    def writes(self) -> str:
        """Whichever of the two takes writes."""
        hosts = f"host={self.primary.folder}&host={self.standby.folder}"
        return f"postgresql:///filmspace?{hosts}&user=postgres&target_session_attrs=read-write&connect_timeout=5"

    @property
    def reads(self) -> str:
        """The standby, or else the other one."""
        hosts = f"host={self.standby.folder}&host={self.primary.folder}"
        return f"postgresql:///filmspace?{hosts}&user=postgres&target_session_attrs=prefer-standby&connect_timeout=5"


@pytest.fixture
def pair() -> Iterator[Pair]:
    """Both with the first article."""
    if reason := is_missing():
        pytest.skip(reason)
    with cluster(_APPLIED) as primary:
        engine = make_engine(primary.create("filmspace"))
        upgrade(engine)
        load(engine, SEED)
        engine.dispose()
        with standby(primary) as following:
            primary.wait_for("EXISTS (SELECT FROM pg_stat_replication WHERE state = 'streaming')")
            yield Pair(primary, following)


@pytest.fixture
def writer(pair: Pair) -> Iterator[Engine]:
    """What loads go by."""
    engine = make_engine(pair.writes)
    yield engine
    engine.dispose()


def a_source(parent: Path, number: int) -> Path:
    """A small one of this number."""
    words = f"There is a film called New {number}."
    claims = [a_claim(f"film/new-{number}", "name", f"New {number}", quote=words)]
    return a_folder(parent, f"source-{number}", words, claims)


@dataclass
class Readers:
    """Who reads all the time, and each time sends back the newest revision that it has seen."""

    base_url: httpx.URL
    asked: int = 0
    refused: list[str] = field(default_factory=list)
    older: list[str] = field(default_factory=list)
    is_over: threading.Event = field(default_factory=threading.Event)
    has_answered: threading.Condition = field(default_factory=threading.Condition)

    def read(self) -> None:
        """Read until it is over."""
        known = 0
        with httpx.Client(base_url=self.base_url, timeout=60) as client:
            while not self.is_over.is_set():
                path = PATHS[self.asked % len(PATHS)]
                answer = client.get(path, headers={"If-None-Match": f'"{known}"'})
                if answer.status_code != 200:
                    self.refused.append(f"{path}: {answer.status_code} {answer.text}")
                else:
                    revision = int(answer.headers["etag"].strip('"').partition("-")[0])
                    if revision < known:
                        self.older.append(f"{path}: {revision} after {known}")
                    known = max(known, revision)
                with self.has_answered:
                    self.asked += 1
                    self.has_answered.notify_all()

    def wait_for(self, more: int) -> int:
        """Wait until so many more are answered; how many were refused of them."""
        was_asked, were_refused = self.asked, len(self.refused)
        with self.has_answered:
            assert self.has_answered.wait_for(lambda: self.asked >= was_asked + more, timeout=120)
        return len(self.refused) - were_refused


@contextmanager
def reading_all_the_time(api: httpx.Client) -> Iterator[Readers]:
    """Some readers, until the end of the context."""
    readers = Readers(api.base_url)
    threads = [threading.Thread(target=readers.read) for _ in range(_READERS)]
    for one in threads:
        one.start()
    try:
        yield readers
    finally:
        readers.is_over.set()
        for one in threads:
            one.join()


def revision_of(api: httpx.Client, path: str, known: int) -> int:
    """The revision of an answer to whoever knows of one."""
    answer = api.get(path, headers={"If-None-Match": f'"{known}"'})
    assert answer.status_code == 200, answer.text
    return int(answer.headers["etag"].strip('"').partition("-")[0])


@pytest.mark.long
def test_who_has_loaded_reads_it_however_far_behind_the_standby_is(
    pair: Pair, writer: Engine, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    behind, right = 0, 0
    with running(pair.writes, read_database_url=pair.reads) as api:
        assert revision_of(api, "/films", 0) == 1
        pair.standby.ask("SELECT pg_wal_replay_pause()")
        for number in range(2, 5):
            load(writer, a_source(tmp_path, number))
            for path in PATHS:
                behind += revision_of(api, path, 0) == 1
                right += revision_of(api, path, number) == number
            assert api.get(f"/films/new-{number}").status_code == 404
            assert api.get(f"/films/new-{number}", headers={"If-None-Match": f'"{number}"'}).status_code == 200
            assert api.get(f"/readyz?revision={number}").status_code == 503
        record_property("answers of a standby that is behind", behind)
        record_property("answers to who knows better", right)
        assert behind == right == 3 * len(PATHS)
        assert pair.primary.kill() > 1
        lost = api.get("/films", headers={"If-None-Match": '"4"'})
        assert (lost.status_code, lost.headers["retry-after"]) == (503, "5")
        assert revision_of(api, "/films", 0) == revision_of(api, "/films", 1) == 1
        # What has come goes on to be read when the other one takes over.
        pair.standby.promote()
        assert revision_of(api, "/films", 4) == 4
        assert api.get("/readyz?revision=4").status_code == 200


@pytest.mark.long
def test_reads_go_on_when_the_standby_is_lost(pair: Pair, record_property: Callable[[str, object], None]) -> None:
    with running(pair.writes, read_database_url=pair.reads) as api, reading_all_the_time(api) as readers:
        readers.wait_for(_AFTER)
        assert pair.standby.kill() > 1
        # What was in flight may be answered after what others have asked since.
        at_once, refused = readers.wait_for(_AFTER), readers.wait_for(_AFTER)
    record_property("reads", readers.asked)
    record_property("refused of those in flight", at_once)
    record_property("refused of all others", refused)
    assert at_once <= _READERS
    assert (refused, readers.older) == (0, [])


@pytest.mark.long
def test_reads_go_on_and_no_load_is_lost_when_the_primary_is(
    pair: Pair, writer: Engine, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """No load is done before the standby shows it: `remote_apply`, to which `synchronous_standby_names` belongs."""
    pair.primary.ask("ALTER SYSTEM SET synchronous_standby_names = '*'")
    pair.primary.ask("SELECT pg_reload_conf()")
    pair.primary.wait_for("EXISTS (SELECT FROM pg_stat_replication WHERE sync_state = 'sync')")
    with running(pair.writes, read_database_url=pair.reads) as api:
        with reading_all_the_time(api) as readers:
            done = loaded_until_killed(pair, writer, tmp_path, readers)
            record_property("loads done before the primary was killed", len(done))
            # In flight were at most as many as there are readers.
            at_once = readers.wait_for(_AFTER)
            refused = readers.wait_for(_AFTER)
            failed = run(tmp_path, "load", str(a_source(tmp_path, 1000)), DATABASE_URL=pair.writes)
            fails_in_a_sentence(failed, "cannot be used", "connection")
            refused += readers.wait_for(_AFTER)
            pair.standby.promote()
            held = {one["slug"] for one in api.get("/sources?limit=100").json()["results"]}
            lost = [slug for slug in done if slug not in held]
            for number in (*range(len(done) + 3), 1000):  # the one that was interrupted among them
                load(writer, a_source(tmp_path, number))
            refused += readers.wait_for(_AFTER)
        held = {one["slug"] for one in api.get("/sources?limit=100").json()["results"]}
    record_property("reads", readers.asked)
    record_property("refused of those in flight", at_once)
    record_property("refused of all others", refused)
    record_property("older answers than known", len(readers.older))
    record_property("loads lost", len(lost))
    assert (refused, readers.older, lost) == (0, [], []), readers.refused
    assert at_once <= _READERS
    assert held == {SEED.name, "source-1000", *(f"source-{number}" for number in range(len(done) + 3))}
    with scratch(writer) as connection:
        assert list(problems(connection)) == []


def loaded_until_killed(pair: Pair, writer: Engine, folder: Path, readers: Readers) -> list[str]:
    """Load one after the other, kill the primary while that goes on, and tell what was loaded by then."""
    done: list[str] = []

    def kill() -> None:
        with readers.has_answered:
            readers.has_answered.wait_for(lambda: len(done) >= _BEFORE)
        pair.primary.kill()

    killer = threading.Thread(target=kill)
    killer.start()

    def load_one(number: int) -> None:
        load(writer, a_source(folder, number))
        done.append(f"source-{number}")

    with pytest.raises(DBAPIError, match="connection"):
        list(map(load_one, range(1000)))
    killer.join()
    assert len(done) >= _BEFORE
    return done
