"""Answers that are kept: the same bytes as without, of the newest data always, and only what everybody may have."""

import re
import shutil
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from app.db import make_engine
from tests.alike import NO_TLS
from tests.conftest import Serving, running
from tests.makers import SEED, a_claim, a_folder, connected, load

_CLAIM = '{"subject":"film/the-challenge","property":"name","value":"Vyzov"}'
_OWN = re.compile(rb"(?<=\r\ndate: )[^\r]*|(?<=\r\nx-request-id: )[^\r]*")


@pytest.fixture(scope="module")
def plain(seeded_file: Path) -> Iterator[httpx.Client]:
    """A client of a server that keeps nothing."""
    with running(f"sqlite:///{seeded_file}", cache_bytes=0) as client:
        yield client


def answers(api: httpx.Client, *requests: bytes) -> list[bytes]:
    """The answers on one connection, each request sent when the one before is answered, or is waited for in vain."""
    found = []
    with connected(api) as connection:
        for request in requests:
            connection.sendall(request)
            found.append(whole(connection))
    return found


def whole(connection: socket.socket) -> bytes:
    """One answer, as long as its head says."""
    answer = b""
    while b"\r\n\r\n" not in answer:
        if not (block := connection.recv(65536)):
            return answer
        answer += block
    head, _, body = answer.partition(b"\r\n\r\n")
    length = re.search(rb"\r\ncontent-length: ([0-9]+)", head)
    while (length and len(body) < int(length[1])) or (b"chunked" in head and not body.endswith(b"0\r\n\r\n")):
        if not (block := connection.recv(65536)):
            break
        body += block
    return head + b"\r\n\r\n" + body


def same(answer: bytes) -> bytes:
    """The answer without what each one has of its own."""
    return _OWN.sub(b"", answer)


def hits(api: httpx.Client) -> float:
    found = re.search(r"^filmspace_cache_hits_total (\S+)$", api.get("/metrics").text, re.MULTILINE)
    assert found
    return float(found[1])


def get(path: str, *headers: str) -> bytes:
    return "\r\n".join([f"GET {path} HTTP/1.1", "Host: films.example", *headers, "", ""]).encode()


PATHS = st.sampled_from(
    ("/films", "/films/the-challenge", "/films?format=csv", "/films?format=ndjson", "/events.ics", "/people?limit=2",
     "/search?q=yulia", "/facts?limit=3", "/films/nothing", "/films?wibble=1", "/organizations", "/healthz", "/", "/docs",
     "/openapi.json", "/films/the-challenge/", "/sources/cnn-2023-03-08-the-challenge/text", "/nowhere", "/changes")
)  # fmt: skip
HEADERS = st.lists(
    st.sampled_from(
        ("Accept: application/json", "Accept: text/html", "Accept: application/ld+json", "Accept-Encoding: gzip",
         "Accept-Encoding: br", "Origin: https://example.org", "X-Forwarded-Proto: https", "X-Request-Id: mine",
         'If-None-Match: "x"', "If-None-Match: *", "Range: bytes=0-1", "User-Agent: test", "Cookie: a=b",
         "If-Modified-Since: Sat, 01 Jan 2050 00:00:00 GMT", "If-Unmodified-Since: Sat, 01 Jan 2000 00:00:00 GMT")
    ),
    max_size=3, unique=True,
)  # fmt: skip


@settings(max_examples=60)
@given(path=PATHS, headers=HEADERS)
def test_what_is_kept_is_what_would_be_answered(
    api: httpx.Client, plain: httpx.Client, path: str, headers: list[str]
) -> None:
    request = get(path, *headers)
    (expected,) = answers(plain, request)
    assert {same(one) for one in answers(api, request, request, request)} == {same(expected)}


def test_a_connection_on_which_nothing_comes_for_long_is_closed(api: httpx.Client) -> None:
    """After an answer that was made, and one that was kept ready; while something is asked it stays open."""
    request = get("/films/the-challenge", "User-Agent: test of the connection")
    with connected(api) as connection:
        connection.sendall(get("/facts?limit=2"))
        assert whole(connection).startswith(b"HTTP/1.1 200 OK\r\n")
        connection.sendall(b"\r\n")  # as some clients end a body
        assert connection.recv(1) == b""
    with connected(api) as connection:
        for _ in range(3):
            connection.sendall(request)
            assert whole(connection).startswith(b"HTTP/1.1 200 OK\r\n")
        assert connection.recv(1) == b""


def test_answers_come_from_the_cache_each_with_its_own_id_and_are_counted(api: httpx.Client) -> None:
    request = get("/films/the-challenge", "User-Agent: test of the cache")
    before, counted = hits(api), 'filmspace_requests_total{method="GET",route="/films/{slug}",status="200"}'

    def count() -> float:
        found = re.search(rf"^{re.escape(counted)} (\S+)$", api.get("/metrics").text, re.MULTILINE)
        return float(found[1]) if found else 0

    requests = count()
    ids = {re.search(rb"x-request-id: (\S+)", one) for one in answers(api, *[request] * 5)}
    assert len({one[1] for one in ids if one}) == 5
    assert hits(api) == before + 4
    assert count() == requests + 5


def test_what_is_held_is_answered_with_304_from_the_cache(api: httpx.Client) -> None:
    for encoding in ("identity", "gzip", "br"):
        etag = api.get("/films", headers={"Accept-Encoding": encoding}).headers["etag"]
        host = f"Host: {api.base_url.netloc.decode()}"
        request = (
            f"GET /films HTTP/1.1\r\n{host}\r\nAccept-Encoding: {encoding}\r\nIf-None-Match: {etag}\r\n\r\n".encode()
        )
        before = hits(api)
        first, second = answers(api, request, request)
        assert first.startswith(b"HTTP/1.1 304 ")
        assert same(first) == same(second)
        assert hits(api) == before + 1


@pytest.mark.parametrize(
    "request_", [get("/films", "X-Forwarded-Host: other"), get("/films", "X-Request-Id: mine"), get("/healthz"),
                 get("/films", "Connection: close"), get("/films/nothing")],
)  # fmt: skip
def test_what_is_one_clients_own_is_not_kept(api: httpx.Client, request_: bytes) -> None:
    before = hits(api)
    first, second = answers(api, request_)[0], answers(api, request_)[0]
    assert same(first) == same(second)
    assert hits(api) == before


def test_part_of_another_request_is_not_taken_for_one(api: httpx.Client) -> None:
    """What looks like a request that is kept may be the value of a header, or a body."""
    kept = get("/films/the-challenge")
    answers(api, kept, kept)
    with connected(api) as connection:
        connection.sendall(b"GET /people HTTP/1.1\r\nX-Note: ")
        connection.settimeout(0.3)
        with pytest.raises(TimeoutError):
            connection.recv(1)
        connection.settimeout(10)
        connection.sendall(kept)
        answer = whole(connection)
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert b'"count":8,' in answer, "the list of people, and not the film"
    with connected(api) as connection:
        connection.sendall(b"POST /check HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % len(kept))
        connection.sendall(kept)
        assert whole(connection).startswith((b"HTTP/1.1 415", b"HTTP/1.1 422", b"HTTP/1.1 400"))


def test_a_body_that_comes_later_is_not_taken_for_the_next_request(api: httpx.Client) -> None:
    """Where a proxy shares a connection among clients, one of them would choose what another is answered."""
    body = get("/films/the-challenge")
    before = hits(api)
    with connected(api) as connection:
        for _ in range(3):
            connection.sendall(get("/changes/1", f"Content-Length: {len(body)}"))
            connection.settimeout(0.1)
            with pytest.raises(TimeoutError):  # nobody answers before the body has come
                connection.recv(1)
            connection.settimeout(10)
            connection.sendall(body)
            assert b'"/changes/1"' in whole(connection)
    assert hits(api) == before


@pytest.mark.parametrize("is_at_once", [True, False])
@pytest.mark.parametrize(
    ("asked", "length", "body"),
    [
        ("GET /films/the-challenge", "X: none", ""),
        ("GET /films/the-challenge", "Content-Length: 19", "GET /x HTTP/1.1\r\n\r\n"),
        ("POST /check", "Content-Length: 66", _CLAIM),
        ("POST /check", "Transfer-Encoding: chunked", f"42\r\n{_CLAIM}\r\n0\r\n\r\n"),
    ],
)
def test_who_asks_for_another_protocol_is_answered_in_this_one(
    api: httpx.Client, asked: str, length: str, body: str, is_at_once: bool
) -> None:
    """With its body, which is not taken for the next request; and so is what is asked behind it."""
    told = (length, "Content-Type: application/json", "Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c")
    head = "\r\n".join((f"{asked} HTTP/1.1", "Host: here", *told, "", "")).encode()
    rest = body.encode() + get("/people/klim-shipenko")
    with connected(api) as connection:
        connection.sendall(head + rest if is_at_once else head)
        if not is_at_once:
            answers(api, get("/healthz"))  # the head is read by then
            connection.sendall(rest)
        text = b""
        while text.count(b"HTTP/1.1 ") < 2 or not text.endswith(b"}"):
            block = connection.recv(65536)
            assert block, text
            text += block
    assert re.findall(rb"HTTP/1.1 ([0-9]+)", text) == [b"200", b"200"]
    assert b'\r\n\r\n{"kind":"person","slug":"klim-shipenko"' in text


def test_nobody_is_connected_to_somebody_else(api: httpx.Client) -> None:
    """What is sent behind such a head is for them, and no request."""
    told = answers(api, b"CONNECT / HTTP/1.1\r\nHost: here\r\nContent-Length: 40\r\n\r\n" + get("/people"))[0]
    assert told.startswith(b"HTTP/1.1 400 ")
    assert b"\r\nconnection: close\r\n" in told


def test_requests_sent_at_once_are_answered_in_their_order(api: httpx.Client) -> None:
    kept, other = get("/films/the-challenge"), get("/people/klim-shipenko")
    answers(api, kept, kept)
    with connected(api) as connection:
        connection.sendall(other)
        connection.sendall(kept)
        connection.sendall(other + kept)
        text = b""
        while text.count(b"HTTP/1.1 200 ") < 4 or not text.endswith(b"}"):
            text += connection.recv(65536)
    slugs = re.findall(rb'\r\n\r\n\{"kind":"(?:film|person)","slug":"([^"]*)"', text)
    assert slugs == [b"klim-shipenko", b"the-challenge"] * 2


def test_no_reader_sees_what_was_before_a_load(seeded: Engine, serving: Serving, tmp_path: Path) -> None:
    """Readers ask all the time while sources are loaded; an answer is never older than what was loaded before it."""
    client = serving(seeded)
    loaded, stop = [1], threading.Event()
    wrong: list[str] = []

    def read() -> None:
        with httpx.Client(base_url=client.base_url, verify=NO_TLS) as mine:
            while not stop.is_set():
                known = loaded[0]
                page = mine.get("/films").json()
                titles = [one for one in page["results"] if one["slug"].startswith("new-")]
                if page["revision"] < known or len(titles) != page["revision"] - 1:
                    wrong.append(f"revision {page['revision']} after {known}, with {len(titles)} films")

    readers = [threading.Thread(target=read) for _ in range(3)]
    for one in readers:
        one.start()
    for number in range(1, 12):
        words = f"There is a film called New {number}."
        claim = a_claim(f"film/new-{number}", "name", f"New {number}", quote=words)
        load(seeded, a_folder(tmp_path, f"source-{number}", words + "\n", [claim]))
        loaded[0] = number + 1
    stop.set()
    for one in readers:
        one.join()
    assert wrong == []
    assert (hits(client) > 0) == (seeded.dialect.name == "sqlite")


def test_no_more_is_kept_than_the_setting_says(seeded_file: Path, tmp_path: Path) -> None:
    shutil.copy(seeded_file, tmp_path / "filmspace.db")
    with running(f"sqlite:///{tmp_path / 'filmspace.db'}", cache_bytes=50_000) as client:
        requests = [get("/facts?limit=1", f"User-Agent: {number}") for number in range(100)]
        answers(client, *requests)
        before = hits(client)
        answers(client, *reversed(requests))
        found = hits(client) - before
        assert 0 < found < 50
        large = get("/facts?limit=50")
        answers(client, large, large)
        assert hits(client) == before + found


def test_what_had_no_room_any_more_takes_none(seeded_file: Path) -> None:
    """However many answers had to go for others, the latest are kept, and all are answered on one connection."""
    with running(f"sqlite:///{seeded_file}", cache_bytes=60_000) as client:
        requests = [get("/people/klim-shipenko", f"User-Agent: {number}") for number in range(1500)]
        assert all(one.startswith(b"HTTP/1.1 200 OK\r\n") for one in answers(client, *requests))
        before = hits(client)
        answers(client, requests[-1], requests[-2])
        assert hits(client) == before + 2


def test_of_what_is_sent_in_parts_only_what_is_short_is_kept(library_file: Path) -> None:
    """A long one would be held until its end for each of its clients, who may read as slowly as they like."""
    with running(f"sqlite:///{library_file}") as client:
        for path, kept in (("/films?format=csv&fields=slug", 1), ("/people?format=ndjson&evidence=quotes", 0)):
            before = hits(client)
            first, second = answers(client, get(path), get(path))
            assert b"\r\ntransfer-encoding: chunked\r\n" in first
            assert (len(first) < 64_000, same(first)) == (kept, same(second))
            assert hits(client) == before + kept


def test_a_base_that_comes_later_is_answered_from(tmp_path: Path, seeded_file: Path) -> None:
    with running(f"sqlite:///{tmp_path / 'filmspace.db'}") as client:
        assert client.get("/films").status_code == 503
        engine = make_engine(f"sqlite:///{tmp_path / 'filmspace.db'}")
        held = make_engine(f"sqlite:///{seeded_file}")
        with held.connect() as source, engine.connect() as target:
            drivers: Any = source.connection.dbapi_connection, target.connection.dbapi_connection
            drivers[0].backup(drivers[1])
        assert client.get("/films").json()["count"] == client.get("/films").json()["count"] == 4
        load(engine, SEED)
        engine.dispose()
        held.dispose()
