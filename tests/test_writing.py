"""Writes over HTTP: by those who may, of what they have seen, once, wholly or not at all."""

import json
import logging
import shutil
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import settings
from schemathesis import BaseSchema, Case, Config
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from sqlalchemy import Engine, text

from app.access.tokens import make_token, revoke_token
from app.db import for_writing, make_engine
from app.importing import by_dataset
from app.loading.datasets import import_files
from tests.commands import command
from tests.conftest import Serving, running
from tests.document import DOCUMENT, about_its_path, is_write
from tests.importing.makers import a_file, imdb_titles
from tests.makers import SEED, check, connected
from tests.test_preview import content, rows
from tests.test_tokens import made

ARTICLE = "Orbit One is a short film directed by Ada Byte. Klim Shipenko liked it."
CLAIMS: dict[str, Any] = {
    "source": {"publisher": "Gazette", "published": "2024-05-02"},
    "entities": ["film/orbit-one", "person/ada-byte"],
    "claims": [
        {"subject": "film/orbit-one", "property": "name", "value": "Orbit One", "quote": "Orbit One", "modality": "asserted"},
        {"subject": "person/ada-byte", "property": "name", "value": "Ada Byte", "quote": "Ada Byte", "modality": "asserted"},
        {"subject": "film/orbit-one", "property": "director", "object": "person/ada-byte", "quote": "Orbit One is a short film directed by Ada Byte", "modality": "asserted"},
    ],
}  # fmt: skip
GAZETTE = {"slug": "gazette", "article": ARTICLE, "claims": CLAIMS}
# The same, corrected: other words, and so another version.
CORRECTED = {**GAZETTE, "article": ARTICLE.replace("liked", "praised")}
SOURCE, FILM = f"/sources/{SEED.name}", "/films/the-challenge"
Headers = dict[str, str]


def bearing(token: str, **more: str) -> Headers:
    return {"Authorization": f"Bearer {token}", **{name.replace("_", "-"): value for name, value in more.items()}}


def problem(response: httpx.Response, status: int, code: str) -> dict[str, Any]:
    assert (response.status_code, response.headers["content-type"]) == (status, "application/problem+json"), (
        response.text
    )
    found: dict[str, Any] = response.json()
    assert found["code"] == code
    return found


def refuses(api: httpx.Client, body: Mapping[str, Any], headers: Headers) -> list[str]:
    """What is said of a source that is refused, line by line."""
    told = problem(api.post("/sources", json=body, headers=headers), 422, "invalid_parameters")
    return [one["detail"] for one in told["errors"]]


def answer_once(*servers: httpx.Client) -> None:
    """Have each server put its routes together, one after the other.

    FastAPI does so at the first request, and meanwhile silences a warning, which is for all threads of a process: of two
    servers in one, as only tests have them, one would let the other's through.
    """
    for api in servers:
        assert api.get("/nothing/here").status_code == 404


@pytest.fixture
def ada(seeded: Engine) -> Headers:
    """The header of somebody who may do everything."""
    return bearing(made(seeded, "ada", "admin"))


# What is written


def test_a_source_is_loaded(seeded: Engine, ada: Headers, serving: Serving) -> None:
    api = serving(seeded)
    before = api.get("/films")
    answer = api.post("/sources", json=GAZETTE, headers={**ada, "Accept": "text/html, */*;q=0.5"})
    assert (answer.status_code, answer.headers["location"]) == (201, "/sources/gazette"), answer.text
    assert answer.headers["cache-control"] == "no-store"
    told = answer.json()
    report = told.pop("report")
    assert told == {
        "slug": "gazette", "url": "/sources/gazette", "outcome": "loaded", "version": 1, "revision": 2,
        "changes_url": "/changes?since=1",
    }  # fmt: skip
    assert "  claims     3 new, 0 unchanged, 0 superseded" in report
    # Whoever reads next sees it, under a new ETag.
    after = api.get("/films", headers={"If-None-Match": before.headers["etag"]})
    assert (after.status_code, after.json()["revision"]) == (200, 2)
    assert after.headers["etag"] != before.headers["etag"]
    plain = {"Accept-Encoding": "identity"}
    assert api.get("/sources/gazette", headers=plain).headers["etag"] == answer.headers["etag"]
    assert api.get("/films/orbit-one").json()["directors"][0]["slug"] == "ada-byte"
    change = api.get(told["changes_url"]).json()["results"][0]
    assert (change["actor"], change["action"], change["added_count"]) == ("ada", "load", 3)
    again = api.post("/sources", json=GAZETTE, headers=ada)
    assert (again.status_code, again.json()["outcome"], again.json()["revision"]) == (200, "unchanged", 2)
    assert "location" not in again.headers
    assert check(seeded) == []


def test_a_new_version_is_of_the_one_that_was_seen(seeded: Engine, ada: Headers, serving: Serving) -> None:
    api = serving(seeded)
    api.post("/sources", json=GAZETTE, headers=ada)
    told = problem(api.post("/sources", json=CORRECTED, headers=ada), 428, "precondition")
    assert (
        told["detail"]
        == "This changes /sources/gazette; send If-Match with the ETag that GET /sources/gazette gives, or * for any."
    )
    stale = {**ada, "If-Match": api.get(SOURCE).headers["etag"]}
    problem(api.post("/sources", json=CORRECTED, headers=stale), 412, "precondition")
    fresh = {**ada, "If-Match": api.get("/sources/gazette").headers["etag"]}
    answer = api.post("/sources", json=CORRECTED, headers=fresh)
    assert (answer.status_code, answer.json()["version"]) == (200, 2), answer.text
    assert "praised" in api.get("/sources/gazette/text").text
    # The condition is not that of a second one, nor is there anything to be matched of one that is new.
    problem(api.post("/sources", json=GAZETTE, headers=fresh), 412, "precondition")
    problem(
        api.post("/sources", json={**GAZETTE, "slug": "other"}, headers={**ada, "If-Match": "*"}), 412, "precondition"
    )
    assert check(seeded) == []


def test_a_correction_may_leave_out_what_is_no_longer_said(seeded: Engine, ada: Headers, serving: Serving) -> None:
    api = serving(seeded)
    api.post("/sources", json=GAZETTE, headers=ada)
    any_ = {**ada, "If-Match": "*"}
    shorter = {**GAZETTE, "article": "Orbit One is a short film. Ada Byte liked it."}
    told = problem(api.post("/sources", json=shorter, headers=any_), 422, "invalid_parameters")
    assert "drop_orphaned" in told["detail"]
    answer = api.post("/sources", json={**shorter, "drop_orphaned": True}, headers=any_)
    assert answer.status_code == 200, answer.text
    assert any("left out" in line for line in answer.json()["report"])


def test_the_gate_tells_each_problem_as_the_command_does(seeded: Engine, ada: Headers, serving: Serving) -> None:
    api, before = serving(seeded), content(seeded)
    claims = (
        "entities: [film/orbit-one]\nclaims:\n"
        "  - {subject: film/orbit-one, property: name, value: Orbit One, quote: Orbit 1, modality: asserted}\n"
        "  - {subject: film/orbit-two, property: name, value: Orbit One, quote: Orbit One, modality: asserted}\n"
        "  - {subject: film/orbit-one, property: colour, value: red, quote: Orbit One, modality: asserted}\n"
    )
    said = refuses(api, {**GAZETTE, "claims": claims}, ada)
    assert len(said) == 3
    assert [one.partition(": claim ")[0] for one in said] == [f"/claims: claims.yaml:{line}" for line in (3, 4, 5)]
    said = refuses(api, {**GAZETTE, "claims": f"status: draft\n{claims}"}, ada)
    assert any("this is a draft" in one for one in said)
    (wrong,) = refuses(
        api, {**GAZETTE, "claims": "entities: []\nclaims: []", "article": "published: spring\n---\nA film."}, ada
    )
    assert wrong.startswith("/article: article.txt:1: published is 'spring'")
    assert content(seeded) == before


def test_no_article_is_the_next_version_of_an_import(
    seeded: Engine, ada: Headers, serving: Serving, tmp_path: Path
) -> None:
    file = a_file(tmp_path, "title.basics.tsv", imdb_titles())
    with for_writing(seeded).begin() as connection:
        slug = import_files(connection, by_dataset("imdb", [file]), actor="tests").imports[0].slug
    api, before = serving(seeded), content(seeded)
    seen = {"If-Match": api.get(f"/sources/{slug}").headers["etag"]}
    (wrong,) = refuses(api, {**GAZETTE, "slug": slug}, {**ada, **seen})
    assert wrong == f"/article: article.txt: '{slug}' is an import of a data set; call the source otherwise."
    told = problem(api.post("/sources/preview", json={**GAZETTE, "slug": slug}), 422, "invalid_parameters")
    assert [one["detail"] for one in told["errors"]] == [wrong]
    assert content(seeded) == before


def test_a_source_is_withdrawn_for_a_reason(seeded: Engine, ada: Headers, serving: Serving) -> None:
    api = serving(seeded)
    seen = {**ada, "If-Match": api.get(SOURCE).headers["etag"]}
    for reason in ("", "%20", "a%0Ab", "a%1B[31m", "a%E2%80%A8b", "x" * 1001, "%FF"):
        problem(api.delete(f"{SOURCE}?reason={reason}", headers=seen), 422, "invalid_parameters")
    problem(api.delete(SOURCE, headers=seen), 422, "invalid_parameters")
    answer = api.delete(f"{SOURCE}?reason=a+hoax", headers=seen)
    assert (answer.status_code, answer.headers["content-location"]) == (200, "/changes/2"), answer.text
    assert answer.json() == api.get("/changes/2").json()
    assert {key: answer.json()[key] for key in ("action", "actor", "reason")} == {"action": "withdraw", "actor": "ada", "reason": "a hoax"}  # fmt: skip
    assert "a hoax" in problem(api.get(SOURCE), 410, "gone")["detail"]
    problem(api.delete(f"{SOURCE}?reason=twice", headers=seen), 410, "gone")
    problem(api.delete("/sources/nothing?reason=x", headers=seen), 404, "not_found")
    assert api.get(FILM).status_code == 410
    assert check(seeded) == []


def test_records_are_merged_and_renamed(seeded: Engine, ada: Headers, serving: Serving) -> None:
    api = serving(seeded)
    api.post("/sources", json=GAZETTE, headers=ada)
    seen = {**ada, "If-Match": api.get("/films/orbit-one").headers["etag"]}
    answer = api.patch("/films/orbit-one", json={"slug": "orbit-1", "reason": "as on its poster"}, headers=seen)
    assert (answer.status_code, answer.headers["content-location"]) == (200, "/changes/3"), answer.text
    told = answer.json()
    assert (told["action"], told["actor"], told["reason"], told["into"]["url"]) == ("rename", "ada", "as on its poster", "/films/orbit-1")  # fmt: skip
    moved = api.get("/films/orbit-one")
    assert (moved.status_code, moved.headers["location"]) == (308, "/films/orbit-1")
    fresh = {**ada, "If-Match": "*"}
    assert api.patch("/films/orbit-one", json={"slug": "x", "reason": "x"}, headers=fresh).status_code == 308
    problem(api.patch("/films/nothing", json={"slug": "x", "reason": "x"}, headers=fresh), 404, "not_found")
    taken = api.patch("/films/orbit-1", json={"slug": "the-challenge", "reason": "x"}, headers=fresh)
    assert "is taken" in problem(taken, 409, "conflict")["detail"]
    merge = {"from": "film/orbit-1", "into": "film/the-challenge", "reason": "one film"}
    problem(api.post("/merges", json=merge, headers=seen), 412, "precondition")
    answer = api.post("/merges", json=merge, headers={**ada, "If-Match": api.get("/films/orbit-1").headers["etag"]})
    assert (answer.status_code, answer.headers["location"]) == (201, "/changes/4"), answer.text
    assert answer.json() == api.get("/changes/4").json()
    assert (answer.json()["action"], answer.json()["reason"], answer.json()["actor"]) == ("merge", "one film", "ada")
    assert api.get("/films/orbit-one").headers["location"] == FILM
    assert check(seeded) == []


@pytest.mark.parametrize(
    ("told", "pointer"),
    [
        ({"from": "film/nothing"}, "/from"), ({"from": "nothing"}, "/from"), ({"from": "film/A b"}, "/from"), ({"into": "film/nothing"}, "/into"),
        ({"into": "film/imax-documentary-200"}, "/into"),
        ({"into": "film/the-challenge"}, "/from"), ({"into": "person/klim-shipenko"}, "/from"), ({"into": "?"}, "/into"), ({"into": 1}, "/into"),
        ({"reason": " "}, "/reason"), ({"reason": "a\x1b[2Jb"}, "/reason"), ({"reason": "a\nb"}, "/reason"), ({"old": "film/x"}, "/old"),
    ],
)  # fmt: skip
def test_no_merge(desk: tuple[httpx.Client, Headers], told: dict[str, Any], pointer: str) -> None:
    api, ada = desk
    body = {"from": "film/the-challenge", "into": "film/imax-documentary-2002", "reason": "one film", **told}
    found = problem(api.post("/merges", json=body, headers={**ada, "If-Match": "*"}), 422, "invalid_parameters")
    assert [one["pointer"] for one in found["errors"]] == [pointer]
    assert not found["errors"][0]["detail"].endswith("?.")


@pytest.mark.parametrize(
    ("told", "pointer"),
    [({"slug": "A b"}, "/slug"), ({"slug": "a" * 101}, "/slug"), ({"slug": "a\n"}, "/slug"), ({"slug": None}, "/slug"), ({"slug": "../x"}, "/slug"), ({"reason": ""}, "/reason")],
)  # fmt: skip
def test_no_slug(desk: tuple[httpx.Client, Headers], told: dict[str, Any], pointer: str) -> None:
    api, ada = desk
    body = {"slug": "x", "reason": "x", **told}
    found = problem(api.patch(FILM, json=body, headers={**ada, "If-Match": "*"}), 422, "invalid_parameters")
    assert [one["pointer"] for one in found["errors"]] == [pointer]


# Who may


WRITES: Mapping[str, tuple[str, str, Any, str]] = {
    "load": ("POST", "/sources", GAZETTE, "load"),
    "withdraw": ("DELETE", f"{SOURCE}?reason=x", None, "admin"),
    "merge": ("POST", "/merges", {"from": "film/imax-documentary-2002", "into": "film/the-challenge", "reason": "x"}, "admin"),
    "rename": ("PATCH", FILM, {"slug": "x", "reason": "x"}, "admin"),
    "preview": ("POST", "/sources/preview", GAZETTE, "preview"),
}  # fmt: skip
BELOW = {"load": "preview", "admin": "load"}


@pytest.fixture(scope="module")
def tokens(seeded_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Engine, dict[str, str]]]:
    """A database, and tokens of each sort by name, of which nothing is to be written here."""
    folder = tmp_path_factory.mktemp("tokens")
    engine = make_engine(f"sqlite:///{shutil.copy(seeded_file, folder / 'filmspace.db')}")
    found = {scope: made(engine, scope, scope) for scope in ("preview", "load", "admin")}
    found |= {name: made(engine, name, "admin", days=1) for name in ("revoked", "expired")}
    with for_writing(engine).begin() as connection:
        revoke_token(connection, "revoked")
        connection.execute(text("UPDATE token SET expires_at = '2020-01-01 00:00:00.000000' WHERE name = 'expired'"))
    yield engine, found
    engine.dispose()


@pytest.fixture(scope="module")
def desk(tokens: tuple[Engine, dict[str, str]]) -> Iterator[tuple[httpx.Client, Headers]]:
    """A client of an API that takes tokens for everything, and the header of one for everything."""
    with running(str(tokens[0].url), preview=False, log_requests=True) as client:
        yield client, bearing(tokens[1]["admin"])


def send(api: httpx.Client, name: str, headers: Any, **more: Any) -> httpx.Response:
    method, path, body, _ = WRITES[name]
    return api.request(method, path, json=body, headers=headers, **more)


@pytest.mark.parametrize("name", WRITES)
def test_each_path_takes_its_token(
    tokens: tuple[Engine, dict[str, str]], desk: tuple[httpx.Client, Headers], name: str
) -> None:
    """None, malformed ones, wrong ones, expired, revoked, too narrow: and nothing is changed by any."""
    (engine, held), (api, _), scope = tokens, desk, WRITES[name][3]
    realm = 'Bearer realm="filmspace"'
    before = content(engine)
    for given in (
        [],
        [("Authorization", "Basic YTpi")],
        [("Authorization", "")],
        [("Cookie", f"token={held['admin']}")],
    ):
        answer = send(api, name, given)
        problem(answer, 401, "unauthorized")
        assert answer.headers["www-authenticate"] == realm, "RFC 6750, 3.1: no error is told to who shows nothing"
    good = held["admin"]
    wrong = ["x", "x y", '"', f"{good} {good}", f"{good},", good[:-1], good + "A", good.swapcase(), good[10:], f"={good}", "é", "a" * 20_000, held["revoked"], held["expired"], "filmspace_" + "A" * 43]  # fmt: skip
    for token in wrong:
        answer = send(api, name, [(b"Authorization", b"Bearer " + token.encode("latin-1"))])
        problem(answer, 401, "unauthorized")
        assert answer.headers["www-authenticate"] == f'{realm}, error="invalid_token"'
    twice = [("Authorization", f"Bearer {good}"), ("Authorization", f"Bearer {good}")]
    problem(send(api, name, twice), 401, "unauthorized")
    if narrower := BELOW.get(scope):
        answer = send(api, name, bearing(held[narrower]))
        told = problem(answer, 403, "forbidden")
        assert answer.headers["www-authenticate"] == f'{realm}, error="insufficient_scope", scope="{scope}"'
        assert told["detail"] == f"This takes a token with the scope {scope}; that of {narrower} has {narrower}."
    # Not even what is wrong with the rest is told to who may not.
    assert api.request(*WRITES[name][:2], content=b"{", headers={"Content-Type": "application/json"}).status_code == 401
    # The right one is let in, to what is then wrong with the request.
    answer = api.request(
        *WRITES[name][:2], json={} if WRITES[name][2] else None, headers={"authorization": f"bearer  {held[scope]}"}
    )
    assert answer.status_code == (428 if name == "withdraw" else 422), answer.text
    assert content(engine) == before


@pytest.mark.parametrize("name", WRITES)
def test_without_any_token_nothing_can_be_written(seeded_file: Path, name: str) -> None:
    before = seeded_file.read_bytes()
    with running(f"sqlite:///{seeded_file}", preview=False) as api:
        for headers in ({}, bearing("filmspace_" + "A" * 43)):
            assert "`filmspace token make" in problem(send(api, name, headers), 403, "forbidden")["detail"]
    assert seeded_file.read_bytes() == before


def test_a_token_ends_at_once(seeded: Engine, serving: Serving) -> None:
    api, ada = serving(seeded), bearing(made(seeded, "ada", "load"))
    assert api.post("/sources", json=GAZETTE, headers=ada).status_code == 201
    with for_writing(seeded).begin() as connection:
        revoke_token(connection, "ada")
    problem(api.post("/sources", json=GAZETTE, headers=ada), 401, "unauthorized")


@pytest.mark.parametrize("made_anew", [False, True])
def test_a_token_ends_for_a_request_whose_body_is_still_to_come(
    seeded: Engine, serving: Serving, made_anew: bool
) -> None:
    """Also where another one of that name takes its row."""
    api, ada = serving(seeded), made(seeded, "ada", "load")
    body = json.dumps(GAZETTE).encode()
    with connected(api) as client:
        head = f"Host: x\r\nAuthorization: Bearer {ada}\r\nContent-Type: application/json\r\nConnection: close\r\n"
        awaited = f"Content-Length: {len(body)}\r\nExpect: 100-continue\r\n\r\n"
        client.sendall(f"POST /sources HTTP/1.1\r\n{head}{awaited}".encode())
        assert client.recv(1000).startswith(b"HTTP/1.1 100 "), "the token is looked at, and the body awaited"
        with for_writing(seeded).begin() as connection:
            revoke_token(connection, "ada")
        if made_anew:
            made(seeded, "ada", "load")
        client.sendall(body)
        answer = b"".join(iter(lambda: client.recv(65536), b""))
    assert answer.startswith(b"HTTP/1.1 401 ")
    assert b"was revoked" in answer
    assert api.get("/sources/gazette").status_code == 404


def test_reading_takes_no_token_and_no_notice_of_one(desk: tuple[httpx.Client, Headers]) -> None:
    api, ada = desk
    for path in ("/films", FILM, SOURCE, "/changes"):
        told = [api.get(path, headers=headers) for headers in ({}, ada, bearing("wrong"))]
        assert {one.status_code for one in told} == {200}
        assert len({(one.headers["etag"], one.content) for one in told}) == 1


def test_nothing_of_a_token_is_told_or_kept(
    seeded: Engine, tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """Wherever it is sent, and whatever breaks: in no answer, log, figure or file."""
    token = made(seeded, "ada", "admin")
    ada = bearing(token, Idempotency_Key='"a"')
    answers = []
    caplog.set_level(logging.DEBUG)
    with running(seeded.url.render_as_string(hide_password=False), log_requests=True) as api:
        answers.append(api.post("/sources", json=GAZETTE, headers=ada))
        for path in (f"/sources?access_token={token}", f"/sources/{token}", f"/films/{token}?q={token}", f"/{token}"):
            answers += [api.request(method, path, headers=ada) for method in ("GET", "POST", "DELETE", "PATCH")]
        encoded = f"%{ord(token[0]):02x}{token[1:]}", token.replace("_", "%5F", 1)
        for one in encoded:
            answers += [api.get(path) for path in (f"/films/{one}", f"/search?query={one}", f"/{one}?{one}={one}")]
        answers.append(api.get("/healthz", headers={"X-Request-Id": token}))
        answers.append(
            api.post("/merges", json={token: token, "from": token, "into": token}, headers={**ada, "If-Match": token})
        )
        answers.append(
            api.post("/sources", json=GAZETTE, headers={**ada, "X-Request-Id": f"{token} x", "Accept": token})
        )
        answers.append(api.post("/sources", json=GAZETTE, headers=bearing(f"{token}x")))
        with for_writing(seeded).begin() as connection:
            connection.execute(text("UPDATE kept_answer SET headers = 'no JSON'"))
        answers.append(api.post("/sources", json=GAZETTE, headers=ada))
        assert answers[-1].status_code == 500
        with for_writing(seeded).begin() as connection:
            connection.execute(text("ALTER TABLE token RENAME TO lost"))
        answers.append(api.post("/sources", json=GAZETTE, headers=ada))
        assert answers[-1].status_code == 503
        answers.append(api.get("/metrics"))
    told = [str(one.headers) + one.text for one in answers]
    # The client's own lines, in which it says what it asked for, are not the server's.
    lines = [str(vars(one)) for one in caplog.records if not one.name.startswith("http")]
    assert any("json.decoder.JSONDecodeError" in one for one in lines)
    logged = [one for one in caplog.records if one.name == "filmspace.requests"]
    assert len(logged) == len(answers), "each request is logged"
    written = capfd.readouterr()
    files = [file.read_bytes().decode("latin-1") for file in tmp_path.rglob("*") if file.is_file()]
    assert files or seeded.dialect.name == "postgresql"
    pieces = [token[at : at + 12] for at in range(10, len(token) - 11)]
    for where in (*told, *lines, written.out, *files, rows(seeded)):
        assert [one for one in pieces if one in where] == [], where
    server = "\n".join(line for line in written.err.splitlines() if " HTTP Request: " not in line)
    assert [one for one in pieces if one in server] == []


def test_browsers_may_write_from_anywhere_with_a_token(desk: tuple[httpx.Client, Headers]) -> None:
    api, _ = desk
    for method, path, *_ in WRITES.values():
        asked = {"Origin": "https://desk.example", "Access-Control-Request-Method": method, "Access-Control-Request-Headers": "authorization,content-type,if-match,idempotency-key"}  # fmt: skip
        answer = api.options(path.partition("?")[0], headers=asked)
        assert answer.status_code == 200
        assert answer.headers["access-control-allow-origin"] == "*"
        assert method in answer.headers["access-control-allow-methods"]
        assert "authorization" in answer.headers["access-control-allow-headers"].lower()
        # No cookie is ever asked for, so no page can write in the name of who looks at it.
        assert "access-control-allow-credentials" not in answer.headers
        assert (
            api.request(method, path, headers={"Origin": "https://desk.example"}).headers["access-control-allow-origin"]
            == "*"
        )


# Of what was seen


@pytest.mark.parametrize("name", ["withdraw", "merge", "rename"])
def test_what_there_is_is_changed_by_who_has_seen_it(
    tokens: tuple[Engine, dict[str, str]], desk: tuple[httpx.Client, Headers], name: str
) -> None:
    (engine, _), (api, ada), before = tokens, desk, content(tokens[0])
    path = {"withdraw": SOURCE, "merge": "/films/imax-documentary-2002", "rename": FILM}[name]
    plain = {"Accept-Encoding": "identity"}
    seen = api.get(path, headers=plain).headers["etag"]
    told = problem(send(api, name, ada), 428, "precondition")
    assert f"the ETag that GET {path} gives" in told["detail"]
    other = api.get("/films", headers=plain).headers["etag"]
    wrong = ['"x"', "x", seen.strip('"'), f"W/{seen}", other, f'"x", W/{seen}', "W/*", '"*"', f'{seen[:-1]}x"', ""]
    for tag in wrong:
        problem(send(api, name, {**ada, "If-Match": tag}), 412 if tag else 428, "precondition")
    assert content(engine) == before
    with engine.connect() as connection:  # nothing came of it, whatever of these was sent
        assert connection.execute(text("SELECT max(id) FROM revision")).scalar() == 1


@pytest.mark.parametrize(
    "accept",
    [
        {},
        {"Accept": "application/ld+json"},
        {"Accept-Encoding": "gzip"},
        {"Accept-Encoding": "br", "Accept": "text/csv, */*;q=0.1"},
    ],
)
def test_the_etag_of_any_representation_is_one(seeded: Engine, ada: Headers, serving: Serving, accept: Headers) -> None:
    api = serving(seeded)
    seen = api.get(FILM, headers=accept).headers["etag"]
    answer = api.patch(f"{FILM}/", json={"slug": "x", "reason": "x"}, headers={**ada, "If-Match": f'"y", {seen}'})
    assert answer.status_code == 200, answer.text


# Once


def test_a_request_that_comes_again_is_answered_again(seeded: Engine, ada: Headers, serving: Serving) -> None:
    once = {**ada, "Idempotency-Key": '"8e03978e-40d5-43dd-bc93-6894a57f9324"'}
    with running(seeded.url.render_as_string(hide_password=False)) as api:
        problem(api.post("/sources", json={**GAZETTE, "article": "Nothing."}, headers=once), 422, "invalid_parameters")
        first = api.post("/sources", json=GAZETTE, headers=once)
        assert first.status_code == 201, "what failed is not kept: nothing was done"
    api = serving(seeded)  # another process, as after a restart
    again = api.post(
        "/sources", json=GAZETTE, headers={**once, "Idempotency-Key": "8e03978e-40d5-43dd-bc93-6894a57f9324"}
    )
    kept = ("etag", "location", "cache-control", "content-type")
    assert (again.status_code, again.content) == (201, first.content)
    assert [again.headers[name] for name in kept] == [first.headers[name] for name in kept]
    told = problem(api.post("/sources", json=CORRECTED, headers=once), 422, "conflict")
    assert "new key" in told["detail"]
    problem(api.post("/merges", json=WRITES["merge"][2], headers={**once, "If-Match": "*"}), 422, "conflict")
    # The keys of others are theirs.
    eve = bearing(made(seeded, "eve", "load"), Idempotency_Key=once["Idempotency-Key"])
    assert api.post("/sources", json=GAZETTE, headers=eve).json()["outcome"] == "unchanged"
    with for_writing(seeded).begin() as connection:
        connection.execute(text("UPDATE kept_answer SET at = '2020-01-01 00:00:00.000000'"))
    late = api.post("/sources", json=GAZETTE, headers=once)
    assert (late.status_code, late.json()["outcome"]) == (200, "unchanged")
    with seeded.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM kept_answer")).scalar() == 1, "what is too old is gone"
    assert check(seeded) == []


@pytest.mark.parametrize("key", ["", '""', '"a', "a b", '"é"', "x" * 256, '"a"; b=1', "a,b", '"a", "b"'])
def test_no_key(desk: tuple[httpx.Client, Headers], key: str) -> None:
    api, ada = desk
    sent = {**ada, "Idempotency-Key": key.encode("latin-1")}
    problem(api.post("/sources", json=GAZETTE, headers=sent), 400, "bad_request")  # type: ignore[arg-type]  # bytes


def test_the_same_at_once_is_done_once(seeded: Engine, ada: Headers, record_property: Any) -> None:
    """From two processes' doors: each is told what the one that came first did, or to ask again."""
    once = {**ada, "Idempotency-Key": '"one"'}
    with (
        running(seeded.url.render_as_string(hide_password=False)) as one,
        running(seeded.url.render_as_string(hide_password=False)) as other,
        ThreadPoolExecutor(8) as pool,
    ):
        answer_once(one, other)
        asked = list(pool.map(lambda n: (one, other)[n % 2].post("/sources", json=GAZETTE, headers=once), range(16)))
    statuses = [answer.status_code for answer in asked]
    assert {*statuses} <= {201, 409, 503}
    done = {answer.content for answer in asked if answer.status_code == 201}
    assert len(done) == 1
    with seeded.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM revision")).scalar() == 2
    record_property("loaded once, asked at once", len(statuses))
    assert check(seeded) == []


# Together, and wholly


def test_writers_at_once_take_turns(seeded: Engine, record_property: Any) -> None:
    """Of two servers on one database, each loads and renames what the other does not; nothing is half there."""
    with for_writing(seeded).begin() as connection:
        ada = bearing(make_token(connection, "ada", "admin"))

    def write(number: int) -> list[int]:
        api, slug = servers[number % 2], f"gazette-{number}"
        claims = json.loads(json.dumps(CLAIMS).replace("orbit-one", f"orbit-{number}"))
        statuses: list[int] = []
        while not statuses or statuses[-1] == 503:
            statuses.append(
                api.post("/sources", json={**GAZETTE, "slug": slug, "claims": claims}, headers=ada).status_code
            )
        body = {"slug": f"film-{number}", "reason": "x"}
        while statuses[-1] != 200:
            statuses.append(
                api.patch(f"/films/orbit-{number}", json=body, headers={**ada, "If-Match": "*"}).status_code
            )
        return statuses

    url = seeded.url.render_as_string(hide_password=False)
    with running(url) as one, running(url) as other, ThreadPoolExecutor(4) as pool:
        servers = (one, other)
        answer_once(*servers)
        every = [status for statuses in pool.map(write, range(6)) for status in statuses]
        assert {*every} - {503} == {201, 200}
        films = [api.get("/films?q=orbit&limit=100").json() for api in servers]
        assert films[0]["count"] == films[1]["count"] == 6
        assert servers[0].get("/changes").json()["count"] == 1 + 12
        again = one.post("/sources", json={**GAZETTE, "slug": "gazette-1"}, headers=ada)
        problem(again, 428, "precondition")
        once = {**ada, "Idempotency-Key": '"x"'}
        answers = [api.post("/sources", json={**GAZETTE, "slug": "last"}, headers=once) for api in servers]
        assert [(answer.status_code, answer.content) for answer in answers] == [(201, answers[0].content)] * 2
    record_property("written by two servers at once", len(every) - every.count(503))
    record_property("told to come again", every.count(503))
    assert check(seeded) == []


def test_who_cannot_write_now_is_told_to_come_again(seeded: Engine, ada: Headers, serving: Serving) -> None:
    api = serving(seeded)
    with for_writing(seeded).begin():  # somebody else who writes
        answer = api.post("/sources", json=GAZETTE, headers=ada)
        told = problem(answer, 503, "not_ready")
        assert (answer.headers["retry-after"], "nothing is stored" in told["detail"]) == ("5", True)
        assert api.get("/films").status_code == 200
    assert api.post("/sources", json=GAZETTE, headers=ada).status_code == 201


@pytest.mark.parametrize("seeded", ["postgresql"], indirect=True)
def test_a_server_that_takes_no_writes(seeded: Engine, ada: Headers, serving: Serving) -> None:
    """A standby, or one that was told so; tests/faults/test_databases.py has a file that may only be read."""
    with seeded.begin() as connection:
        connection.exec_driver_sql(f'ALTER DATABASE "{seeded.url.database}" SET default_transaction_read_only = on')
    api = serving(seeded)
    told = problem(api.post("/sources", json=GAZETTE, headers=ada), 503, "not_ready")["detail"]
    assert "cannot be written; nothing is stored" in told
    problem(api.post("/sources/preview", json=GAZETTE), 503, "not_ready")
    assert api.get("/films").status_code == 200
    done = command(str(seeded.url), "withdraw", SEED.name, "--reason", "a test")
    assert done.returncode == 1
    assert "expected a server that takes writes" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def breaks(engine: Engine, table: str) -> None:
    """From now on no row can be put into a table."""
    by_dialect = {
        "sqlite": f"CREATE TRIGGER broken BEFORE INSERT ON {table} BEGIN SELECT RAISE(ABORT, 'broken'); END",
        "postgresql": "CREATE FUNCTION breaks() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE integrity_constraint_violation; END $$; CREATE TRIGGER broken BEFORE INSERT ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION breaks()",
    }
    with for_writing(engine).begin() as connection:
        connection.exec_driver_sql(by_dialect[engine.dialect.name])


def is_mended(engine: Engine, table: str) -> None:
    """Take that back."""
    with for_writing(engine).begin() as connection:
        connection.execute(
            text("DROP TRIGGER broken" + (f" ON {table}" if engine.dialect.name == "postgresql" else ""))
        )


@pytest.mark.parametrize("table", ["citation", "revision", "film", "kept_answer"])
def test_what_fails_on_the_way_leaves_nothing(seeded: Engine, ada: Headers, serving: Serving, table: str) -> None:
    breaks(seeded, table)
    before, api = content(seeded), serving(seeded)
    keyed = {**ada, "Idempotency-Key": '"x"'}
    problem(api.post("/sources", json=GAZETTE, headers=keyed), 500, "internal_error")
    assert content(seeded) == before
    is_mended(seeded, table)
    assert api.post("/sources", json=GAZETTE, headers=keyed).status_code == 201


# As the document has it

# All kinds of records are renamed alike.
WRITING = {
    path: methods
    for path, methods in DOCUMENT["paths"].items()
    if any(map(is_write, methods.values())) and ("patch" not in methods or path.startswith("/films"))
}
PHASES = {
    phase: {"enabled": phase in ("examples", "coverage")} for phase in ("examples", "coverage", "fuzzing", "stateful")
}
CHECKS: list[Any] = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_headers_conformance,
    response_schema_conformance,
]  # fmt: skip


@pytest.fixture(params=WRITING)
def documented(request: pytest.FixtureRequest) -> BaseSchema:
    return schemathesis.openapi.from_dict(
        about_its_path(request, DOCUMENT), config=Config.from_dict({"phases": PHASES})
    )


@schemathesis.pytest.from_fixture("documented").exclude(method="GET").parametrize()
@settings(derandomize=True, database=None)
def test_what_the_document_says_of_writing_is_so(case: Case[Any], desk: tuple[httpx.Client, Headers]) -> None:
    """Whatever is sent, with a token, is answered with a status and in a shape that stand in the document."""
    api, ada = desk
    case.call_and_validate(base_url=str(api.base_url), headers=ada, checks=CHECKS)
