"""What is loaded, and what strangers send, is data: it is shown, and never taken for markup, a formula or a command."""

import csv
import io
import json
import logging
import re
import time
from collections.abc import Iterator
from contextlib import suppress
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import httpx
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from app.api.tabular import row
from app.db import make_engine
from app.loading.problems import RefusedError
from app.loading.seed import parse, parse_json
from tests.conftest import running
from tests.makers import SEED, a_claim
from tests.test_tokens import made

SCRIPT = "<script>alert(1)</script>"
HOSTILE = [
    SCRIPT, '"><img src=x onerror=alert(1)>', "]]><x>&y;", "{{7*7}} ${7*7} %s", "[a](javascript:alert(1)) ![b](x) `c` <https://d>",
    "=cmd|' /C calc'!A0", "@SUM(A1)", "\u202egnp.exe", "</textarea></title></svg>",
]  # fmt: skip


def hostile(word: str) -> dict[str, Any]:
    """A source that says these words wherever it may say something of its own."""
    article = f"The film {word} was made by {word}. Its plot: {word}."
    claims = [
        a_claim("film/hostile", "label", word, quote=f"The film {word}"),
        a_claim("film/hostile", "name", word, quote=f"The film {word}"),
        a_claim("film/hostile", "plot", word, quote=f"Its plot: {word}"),
        a_claim("film/hostile", "genre", word, quote=f"Its plot: {word}", modality="reported", attributed_to=word),
        a_claim("film/hostile", "director", object="person/hostile", quote=f"was made by {word}"),
        a_claim("person/hostile", "name", word, quote=f"was made by {word}"),
    ]
    source = {"title": word, "publisher": word, "published": "2024-01-02"}
    file = {"source": source, "entities": ["film/hostile", "person/hostile"], "claims": claims}
    return {
        "slug": "hostile",
        "article": article,
        "claims": json.loads(json.dumps(file).replace('"quote": "', '"quote": "')),
    }


@pytest.fixture(scope="module", params=HOSTILE, ids=[str(number) for number in range(len(HOSTILE))])
def told(
    request: pytest.FixtureRequest, migrated_file: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[httpx.Client, str]]:
    """A client of a base that holds hostile words alone, loaded over HTTP, withdrawn and loaded again for a hostile reason."""
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "filmspace.db").write_bytes(migrated_file.read_bytes())
    engine = make_engine(f"sqlite:///{folder / 'filmspace.db'}")
    ada = {"Authorization": f"Bearer {made(engine, 'ada', 'admin')}", "If-Match": "*"}
    engine.dispose()
    with running(str(engine.url)) as client:
        body, word = hostile(request.param), request.param
        loaded = client.post("/sources", json=body, headers={"Authorization": ada["Authorization"]})
        assert loaded.status_code == 201, loaded.text
        renamed = client.patch("/people/hostile", json={"slug": "renamed", "reason": word}, headers=ada)
        assert renamed.status_code == 200, renamed.text
        yield client, word


class Tags(HTMLParser):
    """The tags and attributes of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append(" ".join([tag, *(name for name, _ in attrs)]))
        assert not any(
            name.startswith("on") or (value or "").lower().startswith("javascript:") for name, value in attrs
        )


PATHS = (
    "/films/hostile",
    "/sources/hostile",
    "/films",
    "/films/hostile/facts",
    "/changes",
    "/search?q=film",
    "/timeline",
    "/sources/hostile/annotated",
    "/",
)


def test_in_no_page_and_no_feed_are_words_markup(told: tuple[httpx.Client, str], library: httpx.Client) -> None:
    api, _ = told
    for path in PATHS:
        page = api.get(path, headers={"Accept": "text/html, */*;q=0.1"})
        assert page.status_code == 200
        assert page.headers["x-content-type-options"] == "nosniff"
        if page.headers["content-type"].startswith("text/html"):
            assert SCRIPT not in page.text
            assert "script" not in [tag.split()[0] for tag in Tags(page.text).found]
            assert "default-src 'none'" in page.headers["content-security-policy"]
        else:
            assert page.headers["content-type"] == "application/json"
    feed = api.get("/changes?format=atom").text
    assert "<!DOCTYPE" not in feed
    assert "<!ENTITY" not in feed
    tags = {one.tag.partition("}")[2] for one in ElementTree.fromstring(feed).iter()}
    assert tags <= {"feed", "id", "title", "subtitle", "updated", "published", "generator", "author", "name", "link", "entry", "category", "content", "div", "p", "ul", "li", "a"}  # fmt: skip


def test_words_come_out_as_they_went_in(told: tuple[httpx.Client, str]) -> None:
    api, word = told
    film = api.get("/films/hostile").json()
    assert (film["name"], film["plot"], film["genres"]) == (word, word, [word])
    assert word in texts(api.get("/films/hostile?format=jsonld").json())
    (line,) = api.get("/films?format=ndjson").text.splitlines()
    assert json.loads(line)["name"] == word
    (cells,) = csv.DictReader(io.StringIO(api.get("/films?format=csv").text, newline=""))
    assert not re.match(r"[=+@\t\r\n]|-(?![0-9])", cells["name"])
    assert unquoted(cells["name"]) == word
    calendar = api.get("/events.ics")
    assert calendar.status_code == 200
    markdown = api.get("/films/hostile?format=md")
    assert markdown.headers["content-type"].startswith("text/markdown")
    assert SCRIPT not in markdown.text
    assert not re.search(r"(?<!\\)\]\(javascript:", markdown.text)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", markdown.text)


def texts(told: Any) -> list[str]:
    """Every text in a document."""
    if isinstance(told, dict | list):
        return [text for one in (told.values() if isinstance(told, dict) else told) for text in texts(one)]
    return [told] if isinstance(told, str) else []


def unquoted(cell: str) -> str:
    """What a cell of a table says, as docs/reference.md tells how to read it."""
    return cell[1:] if re.match(r"'+(?:[=+@\t\r\n＝＋－＠]|-(?![0-9]+(?:[-.][0-9]+)*\Z))", cell) else cell


@given(st.text(alphabet="'=+-@\t\r\n＝;,\"a1. ", max_size=6) | st.text(max_size=20))
def test_no_cell_is_a_formula_and_each_says_what_it_said(text: str) -> None:
    ((cell,),) = csv.reader(io.StringIO(row({"x": text}, ["x"]), newline=""))
    assert not re.match(r"[=+@\t\r\n＝＋－＠]|-(?![0-9]+(?:[-.][0-9]+)*\Z)", cell)
    assert unquoted(cell) == text


# Headers and logs


CRLF = [
    "%0d%0aSet-Cookie:%20a=b",
    "%0aX: y",
    "a%0d",
    "%E5%98%8A%E5%98%8DSet-Cookie:a=b",
    "%1b[31m",
    "%e2%80%a8x",
    "\u0085x",
]


@pytest.mark.parametrize("what", CRLF)
def test_nothing_that_is_sent_becomes_a_header_or_a_line_of_the_log(
    seeded_file: Path, caplog: pytest.LogCaptureFixture, what: str
) -> None:
    caplog.set_level(logging.INFO)
    with running(f"sqlite:///{seeded_file}") as api:
        for path in (
            f"/films/{what}",
            f"/sources/{what}",
            f"/organizations/{what}?x={what}",
            f"/films?q={what}",
            f"/{what}",
            f"/people/imdb:{what}",
        ):
            for method in ("GET", "DELETE", "PATCH"):
                sent = [(b"X-Request-Id", what.encode()), (b"User-Agent", b"<b>%0a\xff")]
                answer = api.request(method, path, headers=sent)
                assert answer.status_code in (200, 403, 404, 405, 308, 422), answer.text
                assert "set-cookie" not in answer.headers
                assert "x" not in answer.headers
                for name, value in answer.headers.items():
                    assert value.isprintable(), name
                    assert value.isascii(), name
                assert re.fullmatch("[A-Za-z0-9._-]{1,64}", answer.headers["x-request-id"])
        # What no header may have is no request.
        assert api.get("/films", headers=[(b"User-Agent", b"a\x1b[31m")]).status_code == 400
    lines = [one.getMessage() for one in caplog.records if one.name == "filmspace.requests"]
    assert len(lines) == 19
    assert lines[-1].startswith("? /films 400 ")
    assert [one for one in lines if not one.isascii() or not one.isprintable()] == []


# What is read: YAML and JSON. XML is never read, only written.

BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{n}: &{n} [{', '.join([f'*{m}'] * 9)}]\n" for m, n in zip("abcdefgh", "bcdefghi", strict=True)
)
TRICKS = {
    "billion laughs": BOMB, "an alias to itself": "claims: &a [*a]\nentities: []", "a merge": "a: &a {b: c}\nclaims: {<<: *a}",
    "python": "claims: !!python/object/apply:os.system ['true']\nentities: []", "a new object": "!!python/object/new:type {}",
    "a name": "claims: !!python/name:os.system ''\nentities: []", "a tag of its own": "%TAG ! tag:x,2000:\n---\nclaims: !y []\nentities: []",
    "binary": "claims: !!binary aGk=\nentities: []", "a set": "claims: !!set {a}\nentities: []", "depth": "claims: " + "[" * 20_000,
    "depth in blocks": "claims:\n" + "".join(f"{' ' * n}- \n" for n in range(1, 300)), "depth of mappings": "{a: " * 10_000,
    "twice": "claims: []\nentities: []\nclaims: []", "twice in a claim": "entities: []\nclaims: [{subject: film/a, subject: film/b}]",
    "a complex key": "? [a, b]\n: c", "two documents": "claims: []\n---\nclaims: []", "nothing": "", "a comment": "#",
    "a directive": "%YAML 9.9\n---\nclaims: []", "an unknown escape": 'claims: ["\\q"]', "bytes": "claims: [\ufffe]", "a tab": "claims:\n\t- x",
}  # fmt: skip


@pytest.mark.parametrize("text", TRICKS.values(), ids=TRICKS)
def test_tricks_of_yaml_are_refused_at_once(text: str) -> None:
    started = time.process_time()
    with pytest.raises(RefusedError) as caught:
        parse("x", "A text.", text)
    assert len(str(caught.value)) < 2000
    assert time.process_time() - started < 1


def test_what_looks_like_a_number_or_a_date_stays_a_text() -> None:
    huge = "9" * 100_000
    values = [huge, "0x1F", "1e999", "0o7", "1_000", "yes", "NULL", "2001-01-01", ".inf", "1:30"]
    claims = "\n".join(
        f"  - {{subject: film/x, property: plot, value: {one}, quote: A text, modality: asserted}}" for one in values
    )
    seed = parse("x", "A text.", f"entities: [film/x]\nclaims:\n{claims}\n")
    assert [one.value for one in seed.claims] == values
    claim = {"subject": "film/x", "property": "plot", "value": 10**400, "quote": "A text", "modality": "asserted"}
    (problem,) = parse_json("x", "A text.", {"entities": ["film/x"], "claims": [claim]}).problems
    assert "value" in problem.message


@settings(max_examples=60)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.text(max_size=5) | st.sampled_from(["claims", "entities", "subject", "quote"]), inner, max_size=3
            )
        ),
    )
)
def test_any_document_is_a_seed_or_refused(told: Any) -> None:
    with suppress(RefusedError):
        parse_json("x", "A text.", told)
    with suppress(RefusedError):
        parse("x", "A text.", str(yaml.safe_dump(told)))


DEEP = {
    "lists": b"[" * 50_000, "objects": b'{"a":' * 50_000, "a huge number": b'{"slug": ' + b"9" * 100_000 + b"}", "a huge exponent": b'{"slug": 1e999999}',
    "in the claims": b'{"slug": "x", "article": "x", "claims": ' + b"[" * 900 + b"]" * 900 + b"}", "twice": b'{"slug": "x", "slug": "y", "article": "", "claims": ""}',
    "no UTF-8": b'{"slug": "\xff"}', "UTF-16": '{"slug": "x"}'.encode("utf-16"), "NaN": b'{"slug": NaN}',
}  # fmt: skip


@pytest.mark.parametrize("body", DEEP.values(), ids=DEEP)
@pytest.mark.parametrize("path", ["/sources", "/sources/preview", "/merges"])
def test_tricks_of_json_are_refused(tricky: tuple[httpx.Client, dict[str, str]], path: str, body: bytes) -> None:
    api, ada = tricky
    answer = api.post(path, content=body, headers=ada)
    assert answer.status_code in (413, 422), answer.text
    assert len(answer.content) < 5000


@pytest.fixture(scope="module")
def tricky(
    seeded_file: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[httpx.Client, dict[str, str]]]:
    """A client of a base where much may be tried, and the headers of somebody who may."""
    file = tmp_path_factory.mktemp("tricky") / "filmspace.db"
    file.write_bytes(seeded_file.read_bytes())
    engine = make_engine(f"sqlite:///{file}")
    token = made(engine, "ada", "admin")
    engine.dispose()
    with running(str(engine.url)) as client:
        yield client, {"Authorization": f"Bearer {token}", "Content-Type": "application/json", "If-Match": "*"}


@pytest.mark.parametrize("text", TRICKS.values(), ids=TRICKS)
def test_tricks_of_yaml_are_refused_over_http(tricky: tuple[httpx.Client, dict[str, str]], text: str) -> None:
    api, ada = tricky
    for path in ("/sources", "/sources/preview"):
        answer = api.post(path, json={"slug": "x", "article": "x", "claims": text}, headers=ada)
        assert (answer.status_code, {one["pointer"] for one in answer.json()["errors"]}) == (422, {"/claims"}), (
            answer.text
        )
    assert api.get(f"/sources/{SEED.name}").status_code == 200
