"""Lists that come at once: each is answered at the door below the framework, in its turn."""

import os
import re
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.test_cli import serving

# As many as wait at most, and one that is answered at once.
MANY = 65


@pytest.fixture(scope="module")
def served(crowded_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[httpx.Client, int]]:
    """A server that keeps no answers, and its process."""
    seeds = str(tmp_path_factory.mktemp("seeds"))
    with serving(crowded_file.parent, SEEDS=seeds, CACHE_BYTES="0") as (api, process):
        yield api, process.pid


def at_once(api: httpx.Client, pid: int, path: str, last: str = "") -> list[socket.socket]:
    """Connections on which all of this is asked in one moment, or on one of them what is asked last."""
    asked = [socket.create_connection(("127.0.0.1", api.base_url.port or 0), timeout=30) for _ in range(MANY)]
    api.get("/healthz")  # by now they are taken
    os.kill(pid, signal.SIGSTOP)
    for number, one in enumerate(asked):
        path = last or path if one is asked[-1] else path
        one.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nCookie: {number}\r\n\r\n".encode())
    os.kill(pid, signal.SIGCONT)
    return asked


def answer(connection: socket.socket) -> bytes:
    """The status and the body of the next answer."""
    read = b""
    while b"\r\n\r\n" not in read:
        read += connection.recv(1)
    (length,) = re.findall(rb"content-length: (\d+)", read)
    body = b""
    while len(body) < int(length):
        body += connection.recv(int(length) - len(body))
    return read.split(b" ", 2)[1] + b" " + body


def directly(api: httpx.Client) -> int:
    """How many answers came from the door."""
    (told,) = re.findall(r"^filmspace_direct_total (\d+)", api.get("/metrics").text, re.MULTILINE)
    return int(told)


def test_all_who_come_at_once_are_answered_at_the_door(served: tuple[httpx.Client, int]) -> None:
    api, pid = served
    right = b"200 " + api.get("/films?limit=100", headers={"Host": "x"}).content
    before = directly(api)
    for one in at_once(api, pid, "/films?limit=100"):
        assert answer(one) == right
        one.close()
    assert directly(api) == before + MANY


def test_what_is_asked_meanwhile_is_answered_after_it(served: tuple[httpx.Client, int]) -> None:
    api, pid = served
    first, second = (b"200 " + api.get(path, headers={"Host": "x"}).content for path in ("/films?limit=100", "/people"))
    asked = at_once(api, pid, "/films?limit=100")
    for one in reversed(asked):
        one.sendall(b"GET /people HTTP/1.1\r\nHost: x\r\n\r\n")
    for one in asked:
        assert (answer(one), answer(one)) == (first, second)
        one.close()


def test_who_hangs_up_meanwhile_keeps_nobody_waiting(served: tuple[httpx.Client, int]) -> None:
    api, pid = served
    right = b"200 " + api.get("/films?limit=100", headers={"Host": "x"}).content
    asked = at_once(api, pid, "/films?limit=100")
    for one in asked[:-1]:
        one.close()
    assert answer(asked[-1]) == right
    asked[-1].close()


def test_who_asks_how_things_are_keeps_nobody_else_waiting(served: tuple[httpx.Client, int]) -> None:
    """The ids of requests are counted on as the framework begins with them."""
    api, pid = served
    asked = at_once(api, pid, "/healthz", last="/films?evidence=ids&limit=1")
    *probes, other = [re.search(rb"x-request-id: (\w+)", one.recv(65536)) for one in asked]
    assert other
    assert all(probes)
    assert sum(one[1] < other[1] for one in probes if one) < len(probes) / 2
    for one in asked:
        one.close()
