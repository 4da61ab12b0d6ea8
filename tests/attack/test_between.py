"""Several requests on one connection, and clients that hang up between them: who is answered, and what is left."""

import json
import resource
import select
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.http.turns import AT_ONCE
from tests.attack.test_budget import costly
from tests.attack.test_shutdown import lengthened
from tests.conftest import running
from tests.makers import answered, connected
from tests.test_cli import serving

HOST = "Host: x\r\n"
# What only the framework answers.
ORDINARY = f"GET /films?evidence=ids&limit=1 HTTP/1.1\r\n{HOST}\r\n".encode()
CHECK = f"POST /check HTTP/1.1\r\n{HOST}Content-Type: application/json\r\n"
CLAIM = b'{"subject":"film/the-challenge","property":"name","value":"Vyzov"}'
# TCP's states in /proc: both ends are there, and the other end alone has hung up.
ESTABLISHED, CLOSE_WAIT = "01", "08"
SECONDS = 30


@pytest.fixture(scope="module")
def slow(crowded_file: Path) -> Iterator[httpx.Client]:
    """A server that takes long for some questions, and that is soon impatient with its clients."""
    with running(f"sqlite:///{crowded_file}", query_seconds=60, client_seconds=1) as client:
        yield client


def slowly(word: str, values: int) -> bytes:
    """A question that takes longer than that."""
    return f"GET {costly(word, values)} HTTP/1.1\r\n{HOST}\r\n".encode()


def states(api: httpx.Client) -> list[str]:
    """Those of the server's connections."""
    port = f":{api.base_url.port:04X}"
    lines: list[Any] = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return [line[3] for line in lines if line[1].endswith(port) and line[3] in (ESTABLISHED, CLOSE_WAIT)]


def statuses(raw: socket.socket, count: int) -> list[int]:
    """Those of so many answers with a Content-Length."""
    found = []
    with raw.makefile("rb") as file:
        for _ in range(count):
            found.append(int(file.readline().split()[1]))
            length = 0
            while line := file.readline().strip().lower():
                length = int(line.split()[1]) if line.startswith(b"content-length:") else length
            file.read(length)
    return found


def test_who_is_gone_before_their_turn_leaves_no_connection(slow: httpx.Client) -> None:
    """Nothing more is read of who has asked for two things, so that nobody notices that they hang up."""
    with ExitStack() as stack:
        for number in range(AT_ONCE):
            stack.enter_context(connected(slow)).sendall(slowly(f"busy{number}x", 20))
        waiting = [connected(slow) for _ in range(20)]
        for one in waiting:
            one.sendall(ORDINARY * 2)
        assert slow.get("/healthz").status_code == 200  # by now they wait
        for one in waiting:
            one.close()
    ends = time.monotonic() + SECONDS
    while len(states(slow)) > 1:  # that of the client
        assert time.monotonic() < ends, states(slow)
        time.sleep(0.1)


def test_a_request_that_began_before_an_answer_has_the_time_of_any(seeded_file: Path) -> None:
    """A connection on which nothing comes for five seconds is closed; not while something does."""
    head = f"{CHECK}Content-Length: {len(CLAIM)}\r\n\r\n".encode()
    with running(f"sqlite:///{seeded_file}") as api, connected(api) as raw:
        raw.sendall(ORDINARY + head[:2])
        assert statuses(raw, 1) == [200]
        raw.sendall(head[2:])
        for part in (CLAIM[:1], CLAIM[1:]):
            time.sleep(2.8)
            raw.sendall(part)
        assert statuses(raw, 1) == [200]


def test_a_slow_head_right_behind_an_answer_is_not_waited_for(slow: httpx.Client) -> None:
    """In the same moment, by a clock of milliseconds."""
    with ExitStack() as stack:
        clients = [stack.enter_context(connected(slow)) for _ in range(40)]
        for one in clients:
            one.sendall(f"GET /films/the-challenge HTTP/1.1\r\n{HOST}\r\n".encode())
            assert one.recv(65536).startswith(b"HTTP/1.1 200")
            one.sendall(b"GE")
        for one in clients:
            with one.makefile("rb") as file:
                assert file.read().partition(b"HTTP/1.1 408 ")[1]


def test_who_is_not_read_is_not_slow(slow: httpx.Client) -> None:
    """A large body behind a question that takes longer than a client may."""
    body = CLAIM.ljust(900_000)
    with connected(slow) as raw, ThreadPoolExecutor(1) as pool:
        sent = pool.submit(
            raw.sendall, slowly("first", 99) + f"{CHECK}Content-Length: {len(body)}\r\n\r\n".encode() + body
        )
        assert statuses(raw, 2) == [200, 413]
        assert sent.result() is None


def test_who_is_answered_makes_no_room_for_others(crowded_file: Path) -> None:
    with (
        running(f"sqlite:///{crowded_file}", query_seconds=60, max_connections=3) as api,
        connected(api) as raw,
        ExitStack() as stack,
    ):
        raw.sendall(slowly("alone", 20) + f"{CHECK}Content-Length: 100\r\n\r\n{{".encode())
        assert api.get("/healthz").status_code == 200
        for _ in range(3):
            stack.enter_context(connected(api))
        assert statuses(raw, 1) == [200]


def test_where_all_are_busy_who_comes_is_told_so(crowded_file: Path) -> None:
    with running(f"sqlite:///{crowded_file}", max_connections=2) as api, ExitStack() as stack:
        for _ in range(2):
            raw = stack.enter_context(connected(api))
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            raw.sendall(f"GET /openapi.json HTTP/1.1\r\n{HOST}X: y\r\n\r\n".encode() * 30)
            assert raw.recv(1) == b"H"
        time.sleep(0.3)  # until what was sent fills all room that there is
        for _ in range(5):
            assert answered(api, b"").startswith(b"HTTP/1.1 503 ")


def test_who_goes_on_with_a_refused_body_is_told_why(slow: httpx.Client) -> None:
    """The connection stays for a moment, so that the client, which still writes, can read it."""
    with connected(slow) as raw:
        head = f"{CHECK}Transfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n5\r\n     \r\n"
        raw.sendall(head.encode())
        assert raw.recv(65536).startswith(b"HTTP/1.1 100 ")
        raw.sendall(b"zz\r\n")
        for _ in range(20):
            raw.sendall(b"x" * 20_000)
            time.sleep(0.02)
        assert raw.makefile("rb").read().startswith(b"HTTP/1.1 400 ")


def test_who_is_slow_is_told_so_also_after_there_was_no_room_for_files(crowded_file: Path, tmp_path: Path) -> None:
    """One that is cut off then spoke HTTP/1.0, and is reset."""

    def with_few() -> None:
        resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))

    lengthened(crowded_file, tmp_path)
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    with serving(tmp_path, SEEDS=str(seeds), CLIENT_SECONDS="1", first=with_few) as (api, process):
        with connected(api) as unread, ExitStack() as stack:
            unread.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            unread.sendall(f"GET /films?format=ndjson HTTP/1.0\r\n{HOST}\r\n".encode())
            assert unread.recv(1) == b"H"
            for _ in range(80):
                stack.enter_context(connected(api))
            reset = select.poll()
            reset.register(unread, 0)  # it is told of that whatever it waits for
            assert reset.poll(SECONDS * 1000)
        assert answered(api, b"GET /films HT").startswith(b"HTTP/1.1 408 ")
        process.terminate()
        assert "Traceback" not in process.communicate(timeout=SECONDS)[1]


def test_what_came_before_a_bad_body_is_answered(slow: httpx.Client) -> None:
    answers = answered(slow, slowly("good", 3) + f"{CHECK}Transfer-Encoding: chunked\r\n\r\nzz\r\n".encode())
    assert answers.startswith(b"HTTP/1.1 200 ")
    assert answers.count(b"HTTP/1.1 ") == 1


def test_nobody_is_told_to_continue_in_another_protocol(slow: httpx.Client) -> None:
    head = CHECK.replace("1.1", "1.0") + f"Content-Length: {len(CLAIM)}\r\nExpect: 100-continue\r\n\r\n"
    assert answered(slow, head.encode() + CLAIM).startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        ("HEAD /films HTTP/1.1\r\n\r\n", 400),
        (f"HEAD /films?{'x' * 70_000} HTTP/1.1\r\n{HOST}\r\n", 414),
        (f"HEAD /films HTTP/2.0\r\n{HOST}\r\n", 505),
    ],
)
def test_head_is_refused_without_a_body(slow: httpx.Client, request_: str, status: int) -> None:
    answer = answered(slow, request_.encode())
    assert answer.startswith(f"HTTP/1.1 {status} ".encode())
    assert answer.endswith(b"\r\n\r\n")


@pytest.mark.parametrize(
    "begun", ["Content-Length: 200000\r\n\r\n{", "Expect: 100-continue\r\nContent-Length: 9\r\n\r\n{"]
)
def test_who_hangs_up_on_the_agents_door_is_no_error(tmp_path: Path, begun: str) -> None:
    head = f"POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nAccept: application/json\r\n{begun}"
    with serving(tmp_path) as (api, process):
        api.post("/mcp", content=json.dumps({"jsonrpc": "2.0", "id": 1, "method": "ping"}))  # it is open by then
        for _ in range(3):
            with connected(api) as raw:
                raw.sendall(head.encode())
                assert api.get("/healthz").status_code == 200
        process.terminate()
        assert process.communicate(timeout=SECONDS)[1] == ""
