"""Answers made below the framework: the same bytes as the ordinary way's, of the newest data, whatever is asked."""

import json
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
import threading
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from app.api.lists import list_parameters
from app.vocabulary import KINDS, PLURALS
from tests.alike import NO_TLS
from tests.conftest import running
from tests.fuzz import CURSORS, DATES, NUMBERS, RAW, TEXTS
from tests.makers import a_claim, a_folder, load
from tests.test_cache import answers, get, same, whole

# A header that nobody knows: what it comes with is answered by the framework.
ORDINARY = "X-Nobody-Knows: it"
SLUGS = (
    "films/the-challenge", "people/klim-shipenko", "people/yulia-peresild", "organisations/roscosmos",
    "places/international-space-station", "films/nothing", "films/The-Challenge", "films/imdb:tt1", "nothing/the-challenge",
    "organizations/roscosmos", "films/the-challenge/", "films//the-challenge", "films/the%2Dchallenge", "films/", "films/-",
)  # fmt: skip
SHAPES = ("", "?", "?fields=slug", "?wibble=1", "?evidence=ids", "?format=json", "#here")
HEADERS = st.lists(
    st.sampled_from(
        ("Accept: application/json", "Accept: text/html", "Accept: */*", "Accept: application/ld+json", "Accept: ,;q",
         "Accept: text/html, application/json;q=0.9, */*;q=0.1", "Accept: application/json;q=0", "Accept-Encoding: gzip",
         "Accept-Encoding: br;q=0.5, gzip", "Accept-Encoding: zstd", "Accept-Encoding: identity", "Accept-Encoding: *",
         "accept-encoding: br", "Origin: https://example.org", "X-Forwarded-Proto: https", "X-Request-Id: mine", "Via: 1.1 proxy",
         "X-Forwarded-For: 198.51.100.7", "X-Forwarded-Host: films.example", "X-Forwarded-Host: [::1]:8", "X-Forwarded-Prefix: /a",
         "X-Forwarded-Proto: gopher", "Forwarded: for=x;proto=https", "X-Forwarded-Port: 444",
         'If-None-Match: "x"', "If-None-Match: *", "If-Modified-Since: Sat, 01 Jan 2050 00:00:00 GMT", "Range: bytes=0-1",
         "If-Unmodified-Since: Sat, 01 Jan 2000 00:00:00 GMT",
         "User-Agent: test", "Cookie: a=b", "Host: other.example", "Host: here:99999", "Connection: keep-alive", "Connection: close", "Cache-Control: no-cache",
         "Expect: 100-continue", "Content-Length: 0", "X : broken", "Upgrade: h2c", "Sec-Fetch-Mode: cors")
    ),
    max_size=4, unique=True,
)  # fmt: skip


@pytest.fixture(scope="module")
def plain(library_file: Path) -> Iterator[httpx.Client]:
    """A client of a server that keeps nothing, so that every answer is made."""
    with running(f"sqlite:///{library_file}", cache_bytes=0) as client:
        yield client


def direct(api: httpx.Client) -> float:
    found = re.search(r"^filmspace_direct_total (\S+)$", api.get("/metrics").text, re.MULTILINE)
    assert found
    return float(found[1])


def both(api: httpx.Client, path: str, *headers: str) -> tuple[bytes, bytes]:
    """What the two ways answer to the same request, without what each answer has of its own."""
    return same(answers(api, get(path, *headers))[0]), same(answers(api, get(path, *headers, ORDINARY))[0])


@settings(max_examples=100)
@given(slug=st.sampled_from(SLUGS), shape=st.sampled_from(SHAPES), headers=HEADERS)
def test_both_ways_answer_the_same_of_a_record(plain: httpx.Client, slug: str, shape: str, headers: list[str]) -> None:
    one, other = both(plain, f"/{slug}{shape}", *headers)
    assert one == other


HELD = ("films/the-challenge", "people/klim-shipenko", "films?limit=2", "search?q=soyuz", "films/nothing")
ENCODINGS = st.sampled_from(("", "gzip", "br;q=0.5, gzip", "zstd", "gzip;q=0", "*"))


@settings(max_examples=100)
@given(
    path=st.sampled_from(HELD),
    got=ENCODINGS,
    asked=ENCODINGS,
    shape=st.sampled_from(("{0}", "W/{0}", '"x", {0}', "{0}, {0}", " {0}", "{0} ", '"7"', "*", '"9{1}')),
    name=st.sampled_from(("If-None-Match", "if-none-match", "IF-NONE-MATCH")),
    more=st.lists(st.sampled_from(("If-Modified-Since: Sat, 01 Jan 2000 00:00:00 GMT", "If-Modified-Since: x", "Origin: https://example.org",
                                   "Connection: close", 'If-None-Match: "y"')), unique=True),
)  # fmt: skip
def test_both_ways_answer_the_same_to_who_holds_something(
    plain: httpx.Client, path: str, got: str, asked: str, shape: str, name: str, more: list[str]
) -> None:
    etag = plain.get(f"/{path}", headers={"Accept-Encoding": got, "Host": "films.example"}).headers.get("etag", '""')
    one, other = both(plain, f"/{path}", f"{name}: {shape.format(etag, etag[1:])}", f"Accept-Encoding: {asked}", *more)
    assert one == other


@pytest.mark.parametrize("path", ["/films/the-challenge", "/films?limit=2", "/search?q=soyuz"])
@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_who_holds_what_there_is_is_told_so_below_the_framework(plain: httpx.Client, path: str, encoding: str) -> None:
    held = plain.get(path, headers={"Accept-Encoding": encoding}).headers
    again = {
        "Accept-Encoding": encoding, "If-None-Match": held["etag"], "If-Modified-Since": held["last-modified"],
    }  # fmt: skip
    before = direct(plain)
    answer = plain.get(path, headers=again)
    assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", held["etag"])
    assert direct(plain) == before + 1


@pytest.mark.parametrize("path", ["/films/the-challenge", "/films?limit=2", "/search?q=soyuz", "/people/nobody"])
@pytest.mark.parametrize(
    "headers", [(), ("Connection: close",), ("Connection: keep-alive",)], ids=["", "close", "keep"]
)
def test_both_ways_answer_the_same_to_an_old_proxy(plain: httpx.Client, path: str, headers: tuple[str, ...]) -> None:
    """HTTP/1.0, as nginx speaks it by default: the connection ends with the answer."""
    answers(plain, get(path, ORDINARY))  # counts are found there
    before = direct(plain)
    one, other = (
        same(answers(plain, get(path, *more).replace(b" HTTP/1.1", b" HTTP/1.0", 1))[0])
        for more in (headers, (*headers, ORDINARY))
    )
    assert one == other
    assert b"\r\nconnection: close\r\n" in one
    assert direct(plain) == before + (path != "/people/nobody")


@pytest.fixture(scope="module")
def proxied(library_file: Path) -> Iterator[httpx.Client]:
    """A client that the server takes for a proxy that it trusts."""
    with running(f"sqlite:///{library_file}", trusted_proxies="127.0.0.0/8") as client:
        yield client


@settings(max_examples=100)
@given(path=st.sampled_from((*SLUGS[:3], "films?limit=2", "search?q=soyuz")), headers=HEADERS)
def test_both_ways_answer_the_same_to_a_proxy(proxied: httpx.Client, path: str, headers: list[str]) -> None:
    for _ in range(2):  # the second may be kept
        one, other = both(proxied, f"/{path}", *headers)
        assert one == other


@pytest.mark.parametrize("host", ["here:99999", "[::::]"])
def test_both_ways_answer_the_same_to_a_proxy_that_tells_of_no_host(proxied: httpx.Client, host: str) -> None:
    one, other = both(proxied, "/films/the-challenge", f"X-Forwarded-Host: {host}")
    assert one == other
    assert f"<{proxied.base_url}/films/the-challenge>".encode() in one


def test_who_is_behind_a_proxy_is_answered_directly(proxied: httpx.Client) -> None:
    headers = "X-Forwarded-For: 198.51.100.7", "X-Forwarded-Proto: https", "X-Forwarded-Host: films.example"
    answers(proxied, get("/films?limit=2", ORDINARY))  # counts are found there
    before = direct(proxied)
    for path in ("/films/the-challenge", "/films?limit=2"):
        (answer,) = answers(proxied, get(path, *headers))
        assert b"<https://films.example/" in answer
    assert direct(proxied) == before + 2


WORDS = (
    "the",
    "space",
    "2021",
    "2021-10/..",
    "1",
    "0",
    "100",
    "true",
    "the-challenge",
    "person/klim-shipenko",
    "russia",
    "a",
)
ODD = st.sampled_from((*RAW, *("ordering=" + one for one in ("", "-", ",", "label,label", "-slug"))))


def asked(kind: Any) -> st.SearchStrategy[str]:
    """One parameter of the list of a kind, with a value that may fit it."""
    fitting = st.sampled_from(WORDS) | st.sampled_from((*DATES, *NUMBERS, *TEXTS[:8]))
    return st.sampled_from(list(list_parameters(kind).values())).flatmap(
        lambda one: (st.sampled_from(one.allowed) if one.allowed else fitting).map(lambda v: f"{one.name}={quote(v)}")
    )


@st.composite
def lists(draw: st.DrawFn) -> str:
    """The path of a list, asked for sensibly or not."""
    kind = draw(st.sampled_from(KINDS))
    paging = st.sampled_from(
        ("limit=1", "limit=2", "limit=100", "limit=0", "offset=1", "offset=3", "offset=999999", "offset=01")
    )
    cursors = st.sampled_from(CURSORS).map("cursor={}".format)
    ordered = asked(kind).filter(lambda one: one.startswith("ordering="))
    parts = draw(st.lists(asked(kind) | paging | ordered | ODD | cursors, max_size=4))
    return f"/{PLURALS[kind]}{draw(st.sampled_from(('?', '?', '?', '')))}{'&'.join(parts)}"


def below(url: str | None) -> str | None:
    return url and url[url.index("/", 8) :]


def page(answer: bytes) -> dict[str, Any]:
    body = answer.partition(b"\r\n\r\n")[2]
    told: dict[str, Any] = json.loads(body) if body.startswith(b'{"count"') else {"next": None, "previous": None}
    return told


@settings(max_examples=100)
@given(
    path=lists(),
    headers=HEADERS.filter(lambda one: not any("Encoding" in name for name in one)),
    walk=st.lists(st.booleans(), max_size=3),
)
def test_both_ways_answer_the_same_of_a_list(
    plain: httpx.Client, path: str, headers: list[str], walk: list[bool]
) -> None:
    """The ordinary way first: what a filter keeps is only found there."""
    there: str | None = path
    for is_forwards in [*walk, True]:
        if there is None or any(not 0x21 <= ord(one) < 0x7F for one in there):
            return
        other, one = reversed([both(plain, there, *headers)[1], both(plain, there, *headers)[0]])
        assert one == other
        there = below(page(one)["next" if is_forwards else "previous"])


@pytest.mark.parametrize(
    "path", ["/films", "/people?ordering=-birth_date&limit=2", "/films?ordering=-updated_at,label&limit=1", "/events?limit=3&ordering=date",
             "/people?q=space&limit=1", "/films?source_count__gte=1&limit=1&ordering=release_date", "/people?occupation=cosmonaut&limit=1",
             "/people?ordering=name&limit=2", "/people?fields=slug,label&limit=2", "/films?facet=genre,cast,film_type&limit=1",
             "/people?facet=occupation&occupation=cosmonaut&limit=1", "/films?label__contains=nothing&limit=1&facet=genre", "/events?facet=participant,location&q=space&facet=location&limit=2", "/films?release_date__gte=2000&release_date__isnull=false&limit=1&certain=true"],
)  # fmt: skip
def test_each_page_of_a_list_is_answered_below_the_framework(plain: httpx.Client, path: str) -> None:
    """And all of them, there and back, hold each record once."""
    answers(plain, get(path, ORDINARY))
    there: str | None = path
    pages: list[dict[str, Any]] = []
    while there:
        before = direct(plain)
        one, other = both(plain, there)
        again, _ = both(plain, there)
        assert one == other == again
        assert direct(plain) == before + 2
        pages.append(page(one))
        there = below(pages[-1]["next"])
    slugs = [record["slug"] for told in pages for record in told["results"]]
    assert len(slugs) == len(set(slugs)) == pages[0]["count"]
    for told, expected in zip(reversed(pages[1:]), reversed(pages[:-1]), strict=True):
        one, other = both(plain, below(told["previous"]) or "")
        assert one == other
        assert page(one)["results"] == expected["results"]


SOUGHT = (
    *(word.replace(" ", "+") for word in ("y", "yu", "shipenko", "the challenge", "challenge the space", "shipinko", "rosc")),
    "cosmonaut+", "%C3%A9", "spider-man", "o%27neill", "...", "", "+", "%FF", "a%00b", "space+space+s", "nothing+like+it",
)  # fmt: skip
SHAPED = ("kind=person", "kind=film&kind=person", "kind=wibble", "limit=1", "limit=100", "limit=0", "offset=1", "offset=40",
          "offset=99999", "fields=slug", "q=again", "format=json", "")  # fmt: skip


@settings(max_examples=100)
@given(
    name=st.sampled_from(("search", "suggest", "search/the", "suggest/")),
    q=st.sampled_from(SOUGHT),
    more=st.lists(st.sampled_from(SHAPED), max_size=3),
    headers=HEADERS,
)
def test_both_ways_answer_the_same_of_a_search(
    plain: httpx.Client, name: str, q: str, more: list[str], headers: list[str]
) -> None:
    one, other = both(plain, f"/{name}?{'&'.join((f'q={q}', *more))}", *headers)
    assert one == other


@pytest.mark.parametrize("path", ["/search?q=yulia", "/search?q=the&limit=3&offset=2&kind=person&kind=film", "/search?q=space+st",
                                  "/search?q=%21", "/suggest?q=y", "/suggest?q=rosc&kind=organisation"])  # fmt: skip
def test_a_search_is_answered_below_the_framework(plain: httpx.Client, path: str) -> None:
    before = direct(plain)
    one, other = both(plain, path)
    assert one == other
    assert direct(plain) == before + 1


@pytest.mark.parametrize("path", ["/people?limit=2", "/people?limit=2&source_count__gte=1"])
@pytest.mark.parametrize(
    "change", [{2: 5}, {2: 0}, {2: 10**6}, {1: True}, {3: "nobody"}, {4: "nobody"}, {0: "-label"}], ids=str
)
def test_a_cursor_that_was_tampered_with_is_answered_the_same(
    plain: httpx.Client, path: str, change: dict[int, Any]
) -> None:
    answers(plain, get(path, ORDINARY))
    following = page(both(plain, path)[0])["next"]
    start, _, cursor = following.partition("cursor=")
    told = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    for place, value in change.items():
        told[place] = value
    made = urlsafe_b64encode(json.dumps(told).encode()).rstrip(b"=").decode()
    one, other = both(plain, below(f"{start}cursor={made}") or "")
    assert one == other


@pytest.mark.parametrize("encoding", ["identity", "gzip", "br", "zstd"])
@pytest.mark.parametrize("kind", ["films", "people", "organisations", "events", "places", "characters"])
def test_a_record_is_answered_below_the_framework(plain: httpx.Client, kind: str, encoding: str) -> None:
    (first, *_) = plain.get(f"/{kind}").json()["results"]
    headers = ("Accept: */*", f"Accept-Encoding: {encoding}", "User-Agent: test")
    before = direct(plain)
    one, other = both(plain, first["url"], *headers)
    assert one == other
    assert direct(plain) == before + 1


def test_what_cannot_be_made_below_the_framework_is_answered_by_it(
    seeded_file: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Such as keys of a document that was damaged: the log has why, and the client a problem."""
    path = Path(shutil.copy(seeded_file, tmp_path / "filmspace.db"))
    with closing(sqlite3.connect(path)) as base, base:
        base.execute("UPDATE film SET document = 'no JSON'")
    with running(f"sqlite:///{path}", cache_bytes=0) as api:
        api.get("/films?limit=1")  # how many there are is known from then on
        one, other = both(api, "/films?fields=name")
    assert one == other
    assert one.startswith(b"HTTP/1.1 500 ")
    assert any("GET /films?fields=name cannot be answered below the framework" in told for told in caplog.messages)


def test_an_etag_stands_for_one_answer_while_sources_are_loaded(seeded: Engine, tmp_path: Path) -> None:
    """Readers ask all the time: what they get is never older than what was loaded, nor of two revisions at once."""
    loaded, stop = [0], threading.Event()
    wrong: list[str] = []
    seen: dict[str, str] = {}

    def read(client: httpx.Client) -> None:
        with httpx.Client(base_url=client.base_url, verify=NO_TLS) as mine:
            while not stop.is_set():
                known = loaded[0]
                for path in ("/films/the-challenge", "/films?q=challenge", "/films"):
                    answer = mine.get(path)
                    told = answer.json()
                    record = told["results"][-1] if "results" in told else told
                    names = sum(one.startswith("Call ") for one in record["alternate_names"])
                    same_etag = seen.setdefault(path + answer.headers["etag"], answer.text)
                    if names < known or same_etag != answer.text or told.get("revision", names + 1) != names + 1:
                        wrong.append(f"{path}: {names} names after {known}")

    with running(str(seeded.url), cache_bytes=0) as client:
        before = direct(client)
        readers = [threading.Thread(target=read, args=(client,)) for _ in range(3)]
        for one in readers:
            one.start()
        for number in range(1, 9):
            words = f"The Challenge is also called Call {number}."
            claim = a_claim("film/the-challenge", "alternate_name", f"Call {number}", quote=words)
            load(seeded, a_folder(tmp_path, f"source-{number}", words + "\n", [claim]))
            loaded[0] = number
        stop.set()
        for one in readers:
            one.join()
        assert wrong == []
        assert len(seen) > 1
        assert (direct(client) > before) == (seeded.dialect.name == "sqlite")


@pytest.mark.parametrize(
    "path", ["/films?limit=1", "/films?limit=1&source_count__gte=1", "/films?limit=1&ordering=-slug"]
)
def test_the_second_page_begins_where_the_first_one_ends_in_what_there_is_now(
    seeded: Engine, tmp_path: Path, path: str
) -> None:
    with running(str(seeded.url), cache_bytes=0) as client:
        for number in range(3):
            seen = []
            for _ in range(3):  # found, and then remembered
                first = client.get(path).json()
                pages = [first]
                while there := pages[-1]["next"]:
                    pages.append(client.get(there).json())
                seen.append([record["slug"] for told in pages for record in told["results"]])
            every = [record["slug"] for record in client.get("/films?limit=100").json()["results"]]
            assert seen == [seen[0]] * 3
            assert sorted(seen[0]) == sorted(every)
            assert len(every) == first["count"]
            words = f"A Film {number} and Zzz {number} were made."
            films = [a_claim(f"film/{slug}", "name", name, quote=words)
                     for slug, name in ((f"a-film-{number}", f"A Film {number}"), (f"zzz-{number}", f"Zzz {number}"))]  # fmt: skip
            load(seeded, a_folder(tmp_path, f"source-{number}", words + "\n", films))


_SEARCHING = """
import socket, sys, time
address, end = (sys.argv[1], int(sys.argv[2])), time.monotonic() + 2
many = [socket.create_connection(address) for _ in range(150)]
print("begun", flush=True)
while time.monotonic() < end:
    for number, one in enumerate(many):
        one.sendall(b"GET /search?q=soyuz&limit=%d HTTP/1.1\\r\\nHost: films.example\\r\\n\\r\\n" % (number % 50 + 1))
    for one in many:
        one.recv(1)
        one.setblocking(False)
        while True:
            try:
                one.recv(1 << 20)
            except BlockingIOError:
                break
        one.setblocking(True)
"""


@pytest.mark.parametrize("cache_bytes", [0, 10_000_000], ids=["nothing kept", "kept"])
def test_who_has_committed_reads_it_while_searches_wait_for_their_turn(
    library_file: Path, tmp_path: Path, cache_bytes: int
) -> None:
    """What waited is answered in a turn of the loop's own, in which nobody else is to read."""
    path = Path(shutil.copy(library_file, tmp_path / "filmspace.db"))
    record = get("/films/the-challenge")
    with (
        running(f"sqlite:///{path}", cache_bytes=cache_bytes) as api,
        closing(sqlite3.connect(path, isolation_level=None)) as base,
        socket.create_connection(address := (api.base_url.host, api.base_url.port or 80), timeout=60) as mine,
        subprocess.Popen([sys.executable, "-c", _SEARCHING, *map(str, address)], stdout=subprocess.PIPE) as searching,
    ):
        columns = [one for _, one, *_ in base.execute("PRAGMA table_info(revision)")]
        changed = {"id": "id + 1", "at": "strftime('%Y-%m-%d %H:%M:%f000')"}
        revise = f"INSERT INTO revision SELECT {', '.join(changed.get(one, one) for one in columns)} FROM revision"
        assert searching.stdout
        assert searching.stdout.readline() == b"begun\n"
        asked, older = 0, 0
        while searching.poll() is None:
            ((newest,),) = base.execute(f"{revise} ORDER BY id DESC LIMIT 1 RETURNING id").fetchall()
            mine.sendall(record)
            asked, older = asked + 1, older + (f'\r\netag: "{newest}-'.encode() not in whole(mine))
        assert asked > 5
        assert older == 0
