"""Questions that take longer than they may: they are ended, say so, and leave nothing behind."""

import re
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from app.db import POOL_SIZE, make_engine
from tests.attack.conftest import FILMS, crowd
from tests.conftest import running
from tests.makers import SEED, load
from tests.postgresql import Cluster

SECONDS = 1.0
# Values of a filter, which takes a hundred, none of which is found.
VALUES = 99


def costly(word: str, values: int = VALUES) -> str:
    """Films whose plot has one of many words: each of them is looked for in each plot, which has much that begins alike."""
    return "/films?" + "&".join(f"plot__contains=t{word}{n}" for n in range(values))


@pytest.fixture(scope="module")
def hurried(crowded_file: Path) -> Iterator[httpx.Client]:
    """A client of a server whose answers may take a second."""
    with running(f"sqlite:///{crowded_file}", query_seconds=SECONDS) as client:
        yield client


def is_ended(answer: httpx.Response) -> None:
    assert (answer.status_code, answer.headers["content-type"]) == (503, "application/problem+json")
    assert int(answer.headers["retry-after"]) > 0
    problem = answer.json()
    assert problem["code"] == "not_ready"
    # Who has waited so long for a turn is told so; on a busy machine they are many.
    assert re.search("longer than 1 s. Ask for less|Too many requests wait", problem["detail"])
    assert answer.headers["cache-control"] == "no-store"


def all_connections_answer(api: httpx.Client) -> None:
    for _ in range(2 * POOL_SIZE):
        answer = api.get("/films/the-challenge?evidence=ids", headers={"X-Nobody-Knows": "it"})
        assert (answer.status_code, answer.json()["slug"]) == (200, "the-challenge")


def test_costly_questions_are_ended(hurried: httpx.Client, record_property: Callable[[str, object], None]) -> None:
    with ThreadPoolExecutor(2 * POOL_SIZE) as pool:
        answers = list(pool.map(hurried.get, [costly(f"w{n}x") for n in range(2 * POOL_SIZE)]))
    for answer in answers:
        is_ended(answer)
    assert any("longer than 1 s" in answer.json()["detail"] for answer in answers)
    all_connections_answer(hurried)
    record_property("costly questions ended", len(answers))


def test_those_who_wait_for_the_same_are_ended_too(hurried: httpx.Client) -> None:
    with ThreadPoolExecutor(POOL_SIZE) as pool:
        for answer in pool.map(hurried.get, [costly("same")] * POOL_SIZE):
            is_ended(answer)
    all_connections_answer(hurried)


def test_what_was_half_found_is_not_kept(hurried: httpx.Client, crowded_file: Path) -> None:
    """What is remembered is found wholly, by whoever may take the time; then it is told at once."""
    path = costly("half") + "&plot__contains=station"
    is_ended(hurried.get(path))
    with running(f"sqlite:///{crowded_file}", query_seconds=600) as patient:
        found = patient.get(path).json()
    assert found["count"] >= FILMS
    assert hurried.get(path).json()["count"] == found["count"]


@pytest.mark.parametrize("form", ["ndjson", "csv"])
def test_an_export_that_takes_too_long_does_not_begin(hurried: httpx.Client, form: str) -> None:
    is_ended(hurried.get(costly("lines") + f"&format={form}"))


@pytest.mark.long
def test_exports_at_once_are_all_answered_wholly(crowded_file: Path) -> None:
    """Those who have begun do not wait for those who cannot begin before them, and who asks for little is answered."""
    with running(f"sqlite:///{crowded_file}", query_seconds=600) as api:
        count = api.get("/films?limit=1").json()["count"]
        with ThreadPoolExecutor(POOL_SIZE) as pool:
            asked = [pool.submit(api.get, f"/films?format=csv&fields=slug&name__not=x{n}") for n in range(POOL_SIZE)]
            all_connections_answer(api)
            for one in asked:
                answer = one.result()
                assert (answer.status_code, len(answer.text.splitlines())) == (200, 1 + count)


def test_what_nobody_waits_for_is_ended(crowded_file: Path) -> None:
    with running(f"sqlite:///{crowded_file}", query_seconds=600) as patient:
        with ExitStack() as stack:
            for n in range(POOL_SIZE):
                address = (patient.base_url.host, patient.base_url.port or 80)
                raw = stack.enter_context(socket.create_connection(address))
                raw.sendall(f"GET {costly(f'g{n}x')} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            with pytest.raises(httpx.ReadTimeout):  # all turns are taken
                patient.get("/films/the-challenge?evidence=ids", headers={"X-Nobody-Knows": "it"}, timeout=1)
        all_connections_answer(patient)
        found = re.findall(
            r'requests_total{method="GET",route="/films",status="(\d+)"} [1-9]', patient.get("/metrics").text
        )
        assert found == ["499"]  # none of them is found to its end


def test_postgresql_ends_them_as_well(postgresql: Cluster) -> None:
    url = postgresql.create("costly", "migrated")
    engine = make_engine(url)
    load(engine, SEED)
    crowd(engine)
    engine.dispose()
    with running(url, query_seconds=SECONDS) as api:
        with ThreadPoolExecutor(POOL_SIZE) as pool:
            for answer in pool.map(api.get, [costly(f"p{n}x") for n in range(POOL_SIZE)]):
                is_ended(answer)
        all_connections_answer(api)
