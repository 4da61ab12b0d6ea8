"""At least 20,000 requests with bad and odd input of every kind, over every operation: none breaks the server.

Whatever is refused is refused with a problem that says which parameter, or which part of the body, is wrong.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from typing import IO

import httpx
import pytest
from pydantic import ValidationError

from app.http.problems import Problem, ProblemDetail
from tests.document import READING as DOCUMENT
from tests.fuzz import Sent, requests
from tests.makers import ROOT, SEED

AT_LEAST = 20_000
THREADS = 4


@dataclass
class Server:
    """Where a server answers, and what it has written to its log."""

    address: tuple[str, int]
    log: list[str]


class Connection:
    """A connection that is kept alive, and opened anew when the server has closed it."""

    def __init__(self, address: tuple[str, int]) -> None:
        self.address, self.socket = address, socket.create_connection(address, 30)

    def ask(self, sent: Sent) -> tuple[HTTPResponse, bytes]:
        """The answer to a request and its body."""
        host = f"{self.address[0]}:{self.address[1]}"
        try:
            return self._ask(sent, host)
        except (ConnectionError, HTTPException):
            # The server may close a connection after any answer, and this is how a client learns of it.
            self.socket.close()
            self.socket = socket.create_connection(self.address, 30)
            return self._ask(sent, host)

    def _ask(self, sent: Sent, host: str) -> tuple[HTTPResponse, bytes]:
        self.socket.sendall(sent.raw(host))
        response = HTTPResponse(self.socket, method=sent.method)
        response.begin()
        body = httpx.Response(200, headers=response.getheaders(), content=response.read()).content
        if response.will_close:
            self.socket.close()
            self.socket = socket.create_connection(self.address, 30)
        return response, body


@pytest.fixture(scope="module")
def server(seeded_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """`filmspace serve` with the project's own article, in processes of its own, and what it writes to its log."""
    folder = tmp_path_factory.mktemp("fuzz")
    shutil.copy(seeded_file, folder / "filmspace.db")
    settings = {"FILMSPACE_DATABASE_URL": f"sqlite:///{folder}/filmspace.db", "FILMSPACE_SEEDS": str(SEED.parent)}
    command = [sys.executable, "-m", "app.cli", "serve", "--port", "0", "--workers", "2"]
    log: list[str] = []
    is_up = threading.Event()

    def listen(lines: IO[str]) -> None:
        with lines:
            for line in lines:
                log.append(line)
                is_up.set()
        is_up.set()

    process = subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, **settings}, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    assert process.stderr
    listener = threading.Thread(target=listen, args=(process.stderr,))
    listener.start()
    try:
        assert is_up.wait(60)
        assert "answers on http://" in "".join(log[:1]), log
        url = httpx.URL(log[0].split("answers on ")[1].split()[0])
        yield Server((url.host, url.port or 80), log)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)
        listener.join()


@pytest.mark.long
def test_nothing_breaks_the_server(server: Server) -> None:
    count = sum(len(methods) for methods in DOCUMENT["paths"].values())
    statuses: Counter[int] = Counter()
    wrong: list[str] = []

    def send(batch: tuple[str, Iterator[Sent]]) -> None:
        name, requests = batch
        connection = Connection(server.address)
        for sent in requests:
            response, body = connection.ask(sent)
            statuses[response.status] += 1
            told = f"    {sent.raw('host')[:600]!r}\n    {response.status} {body[:600]!r}"
            wrong.extend(f"{name}: {complaint}\n{told}" for complaint in complaints(sent, response, body))
        connection.socket.close()

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(send, requests(DOCUMENT, -(-AT_LEAST // count))))
    assert not wrong, f"{len(wrong)} answers are wrong:\n" + "\n".join([*wrong[:20], *server.log[-100:]])
    assert statuses.total() >= AT_LEAST
    # Neither sensible nor senseless requests are all that there is.
    assert {200, 400, 404, 405, 406, 413, 414, 415, 422} <= statuses.keys()
    assert statuses[422] > AT_LEAST / 4


@pytest.mark.parametrize(
    "raw",
    [
        b"WIBBLE / HTTP/1.1\r\n\r\n",
        b"get / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /a b HTTP/1.1\r\n\r\n",
        b"GET  HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nno header\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        b"GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        b"GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        b"GET / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"GET / HTTP/1.1\r\nA\x00: b\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"\x00" * 1000,
        b"{}\r\n\r\n",
    ],
)
def test_what_cannot_be_read_is_a_problem_too(server: Server, raw: bytes) -> None:
    with socket.create_connection(server.address, 30) as connection:
        connection.sendall(raw)
        response = HTTPResponse(connection)
        response.begin()
        problem = Problem.model_validate_json(response.read())
    assert (response.status, problem.status, problem.code) == (400, 400, "bad_request")
    assert response.getheader("content-type") == "application/problem+json"
    assert response.getheader("x-request-id")


def test_a_url_beyond_ascii_is_told_to_be_that(server: Server) -> None:
    with socket.create_connection(server.address, 30) as connection:
        connection.sendall("GET /search?q=Вызов HTTP/1.1\r\nHost: a\r\n\r\n".encode())
        response = HTTPResponse(connection)
        response.begin()
        problem = Problem.model_validate_json(response.read())
    assert (response.status, "Percent-encode them" in (problem.detail or "")) == (400, True)


def complaints(sent: Sent, response: HTTPResponse, body: bytes) -> Iterator[str]:
    """What is wrong with an answer."""
    if response.status >= 500 and not (response.status == 503 and sent.path == b"/readyz"):  # no such revision yet
        yield "it broke"
    elif response.status >= 400 and sent.method != "HEAD":
        try:
            problem = Problem.model_validate_json(body)
        except ValidationError:
            yield "it is no problem document"
            return
        if response.getheader("content-type") != "application/problem+json" or problem.status != response.status:
            yield "it is not sent as a problem"
        if response.status == 422:
            names = {*sent.names(), *sent.in_path}
            yield from (f"{error} is of nothing sent" for error in problem.errors if not is_of(error, sent, names))
            if not problem.errors:
                yield "it does not say what is wrong"


def is_of(error: ProblemDetail, sent: Sent, names: set[str]) -> bool:
    """Whether what is wrong was sent, or is missing."""
    if error.parameter is not None:
        return error.code == "missing" or any(is_told(name, error.parameter) for name in names)
    if error.pointer is None:
        return False
    try:
        value = json.loads(sent.body or b"", strict=False)
    except (ValueError, RecursionError):
        return error.pointer == ""
    parts = [part.replace("~1", "/").replace("~0", "~") for part in error.pointer.split("/")[1:]]
    for part in parts[:-1] if error.code == "missing" else parts:
        if isinstance(value, dict):
            key = next((key for key in value if is_told(key, part)), None)
            value = value.get(key, value)
        elif isinstance(value, list) and part.isdigit() and int(part) < len(value):
            key, value = part, value[int(part)]
        else:
            key = None
        if key is None:
            return False
    return True


def is_told(name: str, told: str) -> bool:
    """Whether a problem tells of this name; it cuts long ones, and replaces what JSON cannot carry."""
    shown = name.encode("utf-8", "replace").decode()
    return shown.startswith(told[:-1]) if told.endswith("…") else shown == told
