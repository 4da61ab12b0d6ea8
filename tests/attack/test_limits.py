"""What one connection, and all of them together, may take: each limit, and what is said beyond it."""

import resource
import socket
import time
import tracemalloc
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.alike import NO_TLS
from tests.attack.test_budget import costly
from tests.conftest import running
from tests.makers import answered, connected
from tests.test_cli import serving

HOST = "Host: x\r\n"
MANY = "X: 1\r\n" * 200


@pytest.fixture(scope="module")
def small(seeded_file: Path) -> Iterator[httpx.Client]:
    """A server with small limits."""
    more = {"max_head_bytes": 2000, "max_url_bytes": 1000, "max_connections": 40, "client_seconds": 1}
    with running(f"sqlite:///{seeded_file}", **more) as client:
        yield client


def is_problem(answer: bytes, status: int, code: str) -> None:
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 %d " % status)
    names = (b"application/problem+json", b"x-request-id: ", b"nosniff", b"access-control-allow-origin: *")
    for name in (*names, b"connection: close", b"date: "):
        assert name in head, name
    assert f'"code":"{code}"'.encode() in body
    assert b"content-length: %d\r\n" % len(body) in head


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (f"GET /films HTTP/1.1\r\n{HOST}X-Long: {'x' * 3000}", 431),
        (f"GET /films HTTP/1.1\r\n{HOST}X-Long: {'x' * 3000}\r\n\r\n", 431),
        (f"GET /films HTTP/1.1\r\n{HOST}{MANY}\r\n", 431),
        (f"GET /films?label={'x' * 3000}", 414),
        (f"GET /films?label={'x' * 3000} HTTP/1.1\r\n{HOST}\r\n", 414),
    ],
)
def test_a_long_head_is_refused(small: httpx.Client, data: str, status: int) -> None:
    is_problem(answered(small, data.encode()), status, "too_large")


@pytest.mark.parametrize("begun", ["GET /films HT", f"GET /films HTTP/1.1\r\n{HOST}X: y\r\n"])
def test_a_slow_head_is_not_waited_for(small: httpx.Client, begun: str) -> None:
    is_problem(answered(small, begun.encode()), 408, "bad_request")


def test_a_slow_body_is_not_waited_for(small: httpx.Client) -> None:
    head = f"POST /check HTTP/1.1\r\n{HOST}Content-Type: application/json\r\nContent-Length: 50\r\n\r\n"
    is_problem(answered(small, head.encode() + b"{"), 408, "bad_request")


CHUNKED = f"POST /check HTTP/1.1\r\n{HOST}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    "behind",
    ["0\r\nX: " + "x" * 3000, "0\r\n" + "X: y\r\n" * 500, "1;x=" + "x" * 3000],
    ids=["trailer", "trailers", "extension"],
)
def test_what_is_long_and_no_body_is_refused(small: httpx.Client, behind: str) -> None:
    """The parser puts each part of a trailer behind all that it has, in the one thread that answers."""
    with connected(small) as raw:
        raw.sendall(f"{CHUNKED}1\r\n{{\r\n".encode())
        with httpx.Client(base_url=small.base_url, verify=NO_TLS) as another:  # it is let in, and read, after that
            assert another.get("/healthz").status_code == 200
        raw.sendall(behind.encode())
        is_problem(raw.makefile("rb").read(), 431, "too_large")


def test_a_long_body_in_small_chunks_is_read(small: httpx.Client) -> None:
    """And no trailer is taken for a header (RFC 9110, 6.5.1): a proxy looks at those alone."""
    body = f'{{"subject":"film/the-challenge","property":"name","value":"Vyzov"}}{" " * 2000}'
    chunks = "".join(f"1\r\n{one}\r\n" for one in body)
    with connected(small) as raw:
        raw.sendall(f"{CHUNKED}{chunks}0\r\nX-Request-Id: behind\r\n\r\n".encode())
        answer = raw.recv(65536)
    assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"x-request-id: behind" not in answer


def test_nothing_is_not_waited_for(small: httpx.Client) -> None:
    assert answered(small, b"") == b""


def test_what_is_sent_ahead_is_answered_up_to_a_bound(small: httpx.Client) -> None:
    """Then the connection is closed: the client asks the rest again."""
    answers = answered(small, f"GET /healthz HTTP/1.1\r\n{HOST}\r\n".encode() * 500)
    count = answers.count(b"HTTP/1.1 200 OK")
    assert 20 < count < 100
    assert answers.count(b"HTTP/1.1") == count


def test_what_came_before_nonsense_is_answered(small: httpx.Client) -> None:
    answers = answered(small, f"GET /films?evidence=ids HTTP/1.1\r\n{HOST}\r\nnonsense\r\n\r\n".encode())
    assert answers.startswith(b"HTTP/1.1 200 OK")
    assert answers.count(b"HTTP/1.1 ") == 1


def test_the_quietest_make_room(small: httpx.Client) -> None:
    with ExitStack() as stack:
        quiet = [stack.enter_context(connected(small)) for _ in range(100)]
        for _ in range(3):
            with httpx.Client(base_url=small.base_url, verify=NO_TLS) as another:
                assert another.get("/films/the-challenge").status_code == 200
        for one in quiet:
            one.settimeout(0.2)
        assert sum(map(is_closed, quiet)) >= 60


def is_closed(raw: socket.socket) -> bool:
    try:
        return raw.recv(1) == b""
    except ConnectionResetError:
        return True
    except TimeoutError:
        return False


def test_who_cannot_wait_is_told_so(crowded_file: Path) -> None:
    def ask(api: httpx.Client, number: int) -> httpx.Response:
        return api.get(costly(f"full{number}x"))

    with running(f"sqlite:///{crowded_file}", max_waiting=1, query_seconds=2) as api, ThreadPoolExecutor(40) as pool:
        answers = list(pool.map(lambda number: ask(api, number), range(40)))
    refused = [one for one in answers if "Too many requests wait" in one.text]
    assert refused
    assert {one.status_code for one in answers} == {503}
    for one in refused:
        assert one.headers["content-type"] == "application/problem+json"
        assert (one.headers["retry-after"], one.json()["code"]) == ("1", "not_ready")
        assert one.headers["x-request-id"]


def test_who_does_not_read_is_cut_off(crowded_file: Path) -> None:
    asked = f"GET /films?format=ndjson HTTP/1.1\r\n{HOST}\r\n".encode()
    with running(f"sqlite:///{crowded_file}", client_seconds=1) as api, connected(api) as raw:
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        raw.sendall(asked * 20)
        ends = time.monotonic() + 60
        while connections_of(api) > 1:
            assert time.monotonic() < ends
            time.sleep(0.1)


def connections_of(api: httpx.Client) -> int:
    """How many connections to the server there are, from this process."""
    port = f":{api.base_url.port:04X}"
    lines: list[Any] = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return sum(1 for line in lines if line[1].endswith(port) and line[3] == "01")


def test_what_is_passed_over_takes_no_room(crowded_file: Path) -> None:
    with running(f"sqlite:///{crowded_file}") as api:
        path = "/films?format=ndjson&limit=1"
        api.get(path)
        tracemalloc.start()
        try:
            answer = api.get(f"{path}&offset=19000")
            _, most = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert answer.json()["slug"]
    assert most < 1_000_000


@pytest.mark.parametrize("name", ["Cookie", "Accept", "Accept-Encoding"])
def test_long_heads_are_not_remembered(seeded_file: Path, name: str) -> None:
    with running(f"sqlite:///{seeded_file}", cache_bytes=0) as api, connected(api) as raw:
        tracemalloc.start()
        try:
            for number in range(200):
                raw.sendall(f"GET /films/nothing HTTP/1.1\r\n{HOST}{name}: {number}{'x' * 60_000}\r\n\r\n".encode())
                while not raw.recv(65536).endswith(b"}"):
                    pass
            now, _ = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert now < 3_000_000


def test_with_few_files_open_those_who_ask_are_answered(tmp_path: Path) -> None:
    """Where the system allows fewer than there may be connections, those that only wait make room all the same."""
    files = 256
    with ExitStack() as stack:
        api, _ = stack.enter_context(
            serving(tmp_path, first=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (files, files)))
        )
        for _ in range(2 * files):
            stack.enter_context(connected(api))
        for path in ("/healthz", "/facts?limit=5", "/people?format=ndjson"):
            with httpx.Client(base_url=api.base_url, timeout=20) as other:
                assert other.get(path).status_code == 200
