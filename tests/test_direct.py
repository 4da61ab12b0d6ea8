"""Answers made below the framework: the same bytes as the ordinary way's, of the newest data, whatever is asked."""

import re
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from tests.conftest import running
from tests.makers import a_claim, a_folder, load
from tests.test_cache import answers, get, same

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
         "accept-encoding: br", "Origin: https://example.org", "X-Forwarded-Proto: https", "X-Request-Id: mine",
         'If-None-Match: "x"', "If-None-Match: *", "If-Modified-Since: Sat, 01 Jan 2050 00:00:00 GMT", "Range: bytes=0-1",
         "User-Agent: test", "Cookie: a=b", "Host: other.example", "Connection: keep-alive", "Cache-Control: no-cache",
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


@settings(max_examples=300, deadline=None)
@given(slug=st.sampled_from(SLUGS), shape=st.sampled_from(SHAPES), headers=HEADERS)
def test_both_ways_answer_the_same_of_a_record(plain: httpx.Client, slug: str, shape: str, headers: list[str]) -> None:
    one, other = both(plain, f"/{slug}{shape}", *headers)
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


def test_an_etag_stands_for_one_answer_while_sources_are_loaded(seeded: Engine, tmp_path: Path) -> None:
    """Readers ask all the time: what they get is never older than what was loaded, nor of two revisions at once."""
    loaded, stop = [0], threading.Event()
    wrong: list[str] = []
    seen: dict[str, str] = {}

    def read(client: httpx.Client) -> None:
        with httpx.Client(base_url=client.base_url) as mine:
            while not stop.is_set():
                known = loaded[0]
                answer = mine.get("/films/the-challenge")
                names = sum(one.startswith("Call ") for one in answer.json()["alternate_names"])
                if names < known or seen.setdefault(answer.headers["etag"], answer.text) != answer.text:
                    wrong.append(f"{names} names after {known}")

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
        assert direct(client) > before
