"""What happens around the framework: encodings and their ETags, proxies, limits, methods, headers."""

import gzip
import re
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import brotli  # type: ignore[import-untyped]  # it has no types
import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import Engine

from tests.conftest import Serving, running
from tests.makers import answered, connected
from tests.test_cache import answers, get, same

LONG, SHORT = "/films", "/healthz"


@pytest.fixture(scope="module")
def proxied(seeded_file: Path) -> Iterator[httpx.Client]:
    """The API as behind a proxy on this machine that is trusted, with small limits."""
    more = {"trusted_proxies": "127.0.0.0/8", "max_url_bytes": 1000, "max_body_bytes": 2000}
    with running(f"sqlite:///{seeded_file}", **more) as client:
        yield client


# Encodings


@pytest.mark.parametrize("encoding", ["br", "gzip", "zstd"])
def test_each_encoding_has_an_etag_of_its_own(api: httpx.Client, encoding: str) -> None:
    plain = api.get(LONG, headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    encoded = api.get(LONG, headers={"Accept-Encoding": encoding})
    assert encoded.headers["content-encoding"] == encoding
    assert encoded.json() == plain.json()
    assert encoded.headers["etag"] == f'{plain.headers["etag"][:-1]}-{encoding}"'
    for answer in (plain, encoded):
        assert {"Accept", "Accept-Encoding"} <= set(answer.headers["vary"].split(", "))
    # What the client holds is confirmed under the name that it knows ...
    asked = {"Accept-Encoding": encoding, "If-None-Match": encoded.headers["etag"]}
    confirmed = api.get(LONG, headers=asked)
    assert (confirmed.status_code, confirmed.headers["etag"]) == (304, encoded.headers["etag"])
    # ... unless it could not read it now.
    assert api.get(LONG, headers={**asked, "Accept-Encoding": "identity"}).status_code == 200


@pytest.mark.parametrize(
    "path", ["/", "/films", "/films/the-challenge", "/films?format=csv", "/films?format=ndjson", "/facts",
             "/search?q=film", "/events.ics", "/llms.txt", "/openapi.json"],
)  # fmt: skip
@pytest.mark.parametrize("accepted", ["identity", "gzip", "br;q=0.5, zstd", "*"])
@pytest.mark.parametrize("more", [{}, {"Origin": "https://reader.example"}, {"Accept": "application/json, */*;q=0.1"}])
def test_not_modified_says_of_itself_what_the_answer_did(
    api: httpx.Client, path: str, accepted: str, more: dict[str, str]
) -> None:
    """RFC 9110, 15.4.5: a cache takes these from it for what it keeps, and for whom it keeps it."""
    asked = {"Accept-Encoding": accepted, **more}
    answer = api.get(path, headers=asked)
    assert answer.status_code == 200
    again = api.get(path, headers={**asked, "If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    for name in ("ETag", "Cache-Control", "Content-Location", "Expires"):
        assert again.headers.get(name) == answer.headers.get(name), name
    varies = [set(one.headers["vary"].lower().split(", ")) for one in (again, answer)]
    assert varies[0] == varies[1]


WEIGHED = {
    "gzip;q=0.1, br;q=1": "br", "gzip, br;q=0.9": "gzip", "zstd;q=0.2, br;q=0.2, gzip;q=0.3": "gzip", "br;Q=0.5, *;q=0.1": "br",
    "identity;q=1, gzip;q=0.5": None, "identity, gzip;q=0.9": None, "identity;q=0.5, gzip;q=0.5": "gzip", "gzip;q=0": None,
    "*;q=0": None, "identity;q=0": None, "gzip;q=0, *": "zstd", "*;q=0, br;q=0.001": "br", "gzip;q=x": None, "gzip;q=nan, br": "br",
    "gzip ; q=1, br;q=0": "gzip", "gzip, deflate, br, zstd": "zstd",
}  # fmt: skip


@pytest.mark.parametrize("path", ["/films", "/facts"])  # below the framework, and above
@pytest.mark.parametrize("told", WEIGHED)
def test_the_encoding_is_the_one_that_is_liked_best(api: httpx.Client, path: str, told: str) -> None:
    """RFC 9110, 12.5.3."""
    answer = api.get(path, headers={"Accept-Encoding": told})
    assert answer.headers.get("content-encoding") == WEIGHED[told]
    again = {"Accept-Encoding": told, "If-None-Match": answer.headers["etag"]}
    assert api.get(path, headers=again).status_code == 304


def test_what_a_client_no_longer_reads_is_sent_anew(api: httpx.Client) -> None:
    held = api.get("/films", headers={"Accept-Encoding": "gzip"}).headers["etag"]
    answer = api.get("/films", headers={"Accept-Encoding": "gzip;q=0", "If-None-Match": held})
    assert (answer.status_code, answer.headers["etag"]) == (200, held.replace("-gzip", ""))


@pytest.mark.parametrize("accepted", ["identity", "gzip", "br;q=0.5, zstd"])
@pytest.mark.parametrize(
    "path", ["/films", "/films/the-challenge", "/films?format=csv", "/openapi.json", "/facts?limit=1"]
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_who_has_anything_is_told_what_there_is(api: httpx.Client, method: str, path: str, accepted: str) -> None:
    """Where `*` is not modified, the ETag is that of the answer in its encoding."""
    there = api.get(path, headers={"Accept-Encoding": accepted})
    for more in ({}, {"If-Modified-Since": there.headers.get("last-modified", "x")}):
        headers = {"Accept-Encoding": accepted, "If-None-Match": "*", **more}
        answer = api.request(method, path, headers=headers)
        assert (answer.status_code, answer.content) == (304, b"")
        assert answer.headers["etag"] == there.headers["etag"]
        assert not {
            name for name in answer.headers if name.startswith("content-") and name != "content-security-policy"
        }
    assert api.get("/films/nothing", headers={"If-None-Match": "*"}).json()["status"] == 404
    assert api.get("/healthz", headers={"If-None-Match": "*"}).json() == {"status": "ok"}


@pytest.mark.parametrize("path", ["/films", "/facts", "/films?format=ndjson"])
def test_only_what_is_asked_for_is_sent(api: httpx.Client, path: str) -> None:
    """RFC 9110, 13.1.1: and that before it is looked at what the client has."""
    for encoding in ("identity", "gzip"):
        accepted = {"Accept-Encoding": encoding}
        etag = api.get(path, headers=accepted).headers["etag"]
        for told, status in ((etag, 200), ("*", 200), (f'"x", {etag}', 200), (f"W/{etag}", 412), ('"x"', 412)):
            answer = api.get(path, headers={**accepted, "If-Match": told})
            assert answer.status_code == status, told
            answer = api.get(path, headers={**accepted, "If-Match": told, "If-None-Match": etag})
            assert answer.status_code == (304 if status == 200 else 412), told
    assert api.get("/films/nothing", headers={"If-Match": '"x"'}).status_code == 404
    assert api.get("/films?wibble=1", headers={"If-Match": '"x"'}).status_code == 422


def test_encodings_are_what_they_say(api: httpx.Client) -> None:
    decode: dict[str, Any] = {"gzip": gzip.decompress, "br": brotli.decompress}
    plain = api.get(LONG, headers={"Accept-Encoding": "identity"}).content
    for encoding, decoded in decode.items():
        with api.stream("GET", LONG, headers={"Accept-Encoding": encoding}) as answer:
            raw = b"".join(answer.iter_raw())
        assert len(raw) < len(plain) / 2
        assert decoded(raw) == plain
        assert int(answer.headers["content-length"]) == len(raw)
        assert api.head(LONG, headers={"Accept-Encoding": encoding}).headers["content-length"] == str(len(raw))


def test_gzip_has_no_hour_in_it(api: httpx.Client) -> None:
    """The same answer is the same bytes, as its strong ETag says."""
    with api.stream("GET", LONG, headers={"Accept-Encoding": "gzip"}) as answer:
        assert b"".join(answer.iter_raw())[4:8] == bytes(4)


def test_http_1_0_is_sent_no_chunks(api: httpx.Client) -> None:
    """Where the length of an answer is not told, HTTP/1.0 has nothing but the end of the connection for it."""
    path = "/films?format=ndjson"
    chunked = api.get(path, headers={"Accept-Encoding": "identity"})
    assert chunked.headers["transfer-encoding"] == "chunked"
    head, _, body = answered(api, f"GET {path} HTTP/1.0\r\nHost: here\r\n\r\n".encode()).partition(b"\r\n\r\n")
    assert b"\r\ntransfer-encoding:" not in head
    assert body.replace(b"http://here", str(api.base_url).rstrip("/").encode()) == chunked.content


@pytest.mark.parametrize("path", ["/films?format=csv", "/films?format=ndjson", "/films?nothing=1"])
def test_lines_and_problems_are_compressed_too(api: httpx.Client, path: str) -> None:
    assert api.get(path, headers={"Accept-Encoding": "br"}).headers["content-encoding"] == "br"


@pytest.mark.parametrize("path", ["/films", "/films?format=csv", "/films?format=ndjson"])
@pytest.mark.parametrize("accepted", ["gzip", "BR", "*", "identity"])
def test_head_has_the_headers_of_its_encoding(api: httpx.Client, path: str, accepted: str) -> None:
    got, head = (api.request(method, path, headers={"Accept-Encoding": accepted}) for method in ("GET", "HEAD"))
    for name in ("ETag", "Content-Encoding", "Content-Type", "Vary", "Link"):
        assert head.headers.get(name) == got.headers.get(name), name
    held = {"Accept-Encoding": accepted, "If-None-Match": got.headers["etag"]}
    assert api.get(path, headers=held).status_code == 304


def test_date_is_asked_for_where_no_etag_is(api: httpx.Client) -> None:
    got = api.get("/films")
    modified = got.headers["last-modified"]
    assert api.get("/films", headers={"If-Modified-Since": modified}).status_code == 304
    assert api.get("/films", headers={"If-Modified-Since": modified, "If-None-Match": '"x"'}).status_code == 200
    assert api.get("/films/nothing", headers={"If-Modified-Since": modified}).status_code == 404
    others = ["Sat, 01 Jan 2000 00:00:00 GMT", "yesterday", "0", "Sat, 01 Jan 2000 00:00:00 -0000"]
    others += [
        f"Sat, 01 Jan {year} {hour}:00:00 {zone}" for year, hour, zone in (("9" * 11, 0, "GMT"), (2000, "9" * 20, 0))
    ]
    for other in (*others, f"Sat, 01 Jan 2000 00:00:00 +{'9' * 20}"):
        assert api.get("/films", headers={"If-Modified-Since": other}).status_code == 200
    assert api.get("/openapi.json", headers={"If-None-Match": "*"}).status_code == 304


@pytest.mark.parametrize("path", ["/films", "/films/the-challenge", "/facts", "/films?format=ndjson", "/events.ics"])
@pytest.mark.parametrize("accepted", ["identity", "gzip", "br;q=0.5, zstd"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_what_is_as_old_has_the_etag_of_its_encoding(api: httpx.Client, method: str, path: str, accepted: str) -> None:
    there = api.get(path, headers={"Accept-Encoding": accepted})
    asked = {"Accept-Encoding": accepted, "If-Modified-Since": there.headers["last-modified"]}
    answer = api.request(method, path, headers=asked)
    assert (answer.status_code, answer.content) == (304, b"")
    assert answer.headers["etag"] == there.headers["etag"]
    assert answer.headers["vary"] == there.headers["vary"]


@pytest.mark.parametrize("path", ["/films", "/films/the-challenge", "/facts", "/films?format=ndjson"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_what_is_only_wanted_as_it_was_is_not_sent_when_it_is_another(
    api: httpx.Client, method: str, path: str
) -> None:
    """RFC 9110, 13.1.4: before it is looked at what the client has; not beside If-Match, nor by what is no date."""
    there = api.get(path)
    old, now, etag = "Sat, 01 Jan 2000 00:00:00 GMT", there.headers["last-modified"], there.headers["etag"]

    def status(of: str = path, /, **more: str) -> int:
        return api.request(
            method, of, headers={name.replace("_", "-"): value for name, value in more.items()}
        ).status_code

    assert status(If_Unmodified_Since=old) == status(If_Unmodified_Since=old, If_None_Match=etag) == 412
    assert status(If_Unmodified_Since=now) == status(If_Unmodified_Since="yesterday") == 200
    assert status(If_Unmodified_Since=now, If_None_Match=etag) == 304
    assert status(If_Unmodified_Since=old, If_Match="*") == 200
    assert status("/openapi.json", If_Unmodified_Since=old) == 200
    assert status("/films/nothing", If_Unmodified_Since=old) == 404


def test_small_answers_are_sent_as_they_are(api: httpx.Client) -> None:
    assert "content-encoding" not in api.get(SHORT, headers={"Accept-Encoding": "br, gzip"}).headers


def test_each_format_has_an_etag_of_its_own(api: httpx.Client) -> None:
    accepts = ("application/json", "text/csv", "application/x-ndjson")
    etags = {accept: api.get(LONG, headers={"Accept": accept}).headers["etag"] for accept in accepts}
    assert len(set(etags.values())) == len(accepts)
    assert api.get(LONG, headers={"Accept": "text/csv", "If-None-Match": etags["text/csv"]}).status_code == 304
    assert api.get(LONG, headers={"Accept": "text/csv", "If-None-Match": etags["application/json"]}).status_code == 200
    assert api.get(LONG, headers={"Accept": "*/*"}).headers["etag"] == etags["application/json"]


# Links


def test_links_lead_on(api: httpx.Client) -> None:
    page = api.get("/films?limit=1")
    links = {rel: link["url"] for rel, link in page.links.items()}
    assert links["next"] == page.json()["next"]
    assert "prev" not in links
    second = api.get(links["next"])
    assert second.links["prev"]["url"] == second.json()["previous"]
    assert api.get(links["describedby"]).json()["openapi"].startswith("3.1")
    assert links["license"].startswith("https://")
    record = api.get("/films/the-challenge/?evidence=ids")
    assert record.links["canonical"]["url"] == f"{api.base_url}/films/the-challenge".replace("//films", "/films")
    assert api.get(record.links["canonical"]["url"]).json()["slug"] == "the-challenge"


def test_a_long_url_is_in_the_body_alone(api: httpx.Client) -> None:
    """Some clients refuse to read answers whose headers are longer than 16 kB."""
    page = api.get("/films", params={"q": "the " * 2500, "limit": 1})
    assert page.links.keys() == {"describedby", "license"}
    assert len(page.headers["link"]) < 1000
    assert api.get(page.json()["next"]).json()["count"] == page.json()["count"] > 1


# Proxies

FORWARDED = {
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "films.example:8443",
    "X-Forwarded-Prefix": "/space",
    "X-Forwarded-For": "203.0.113.9",
}


def test_urls_are_those_that_the_client_of_a_proxy_sees(proxied: httpx.Client) -> None:
    page = proxied.get("/films?limit=1", headers=FORWARDED)
    assert page.json()["next"].startswith("https://films.example:8443/space/films?limit=1&cursor=")
    assert page.links["describedby"]["url"] == "https://films.example:8443/space/openapi.json"
    record = proxied.get("/films/the-challenge", headers=FORWARDED)
    assert record.links["canonical"]["url"] == "https://films.example:8443/space/films/the-challenge"
    moved = proxied.get("/organizations?limit=1", headers=FORWARDED)
    assert (moved.status_code, moved.headers["location"]) == (308, "/space/organisations?limit=1")
    assert proxied.get("/films/nothing", headers=FORWARDED).json()["instance"] == "/space/films/nothing"
    for path in ("/", "/films/", "/docs", "/openapi.json", "/sources/cnn-2023-03-08-the-challenge/text"):
        assert proxied.get(path, headers=FORWARDED).status_code == 200, path


def test_pages_load_below_the_path_of_a_proxy(proxied: httpx.Client) -> None:
    for page in ("/docs", "/redoc"):
        named = re.findall(r"[\"'](/[^\"'<>]+)[\"']", proxied.get(page, headers=FORWARDED).text)
        assert [one for one in named if one.endswith((".js", ".css", ".svg", ".json"))]
        for one in named:
            assert one.startswith("/space/")
            assert proxied.get(one.removeprefix("/space"), headers=FORWARDED).status_code == 200
    assert proxied.get("/openapi.json", headers=FORWARDED).json()["servers"] == [{"url": "/space"}]
    assert "servers" not in proxied.get("/openapi.json").json()


def test_following_next_through_a_proxy_is_the_whole_list(proxied: httpx.Client) -> None:
    found, url = [], "https://films.example:8443/space/events?limit=3"
    while url:
        inner = url.removeprefix("https://films.example:8443/space")
        page = proxied.get(inner, headers=FORWARDED).json()
        found += page["results"]
        url = page["next"]
    assert found == proxied.get("/events?limit=100").json()["results"]


@pytest.mark.skipif(not socket.has_dualstack_ipv6(), reason="no socket here listens for IPv4 and IPv6")
def test_a_proxy_is_known_where_the_server_listens_for_ipv6_too(seeded_file: Path) -> None:
    both = socket.create_server(("::", 0), family=socket.AF_INET6, dualstack_ipv6=True)
    with running(f"sqlite:///{seeded_file}", listener=both, trusted_proxies="127.0.0.1") as api:
        page = api.get("/films?limit=1", headers=FORWARDED)
    assert page.json()["next"].startswith("https://films.example:8443/space/films?limit=1&cursor=")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("X-Forwarded-Proto", "javascript"),
        ("X-Forwarded-Host", "evil.example/path"),
        ("X-Forwarded-Host", "evil example"),
        ("X-Forwarded-Host", 'a"b'),
        ("X-Forwarded-Prefix", "//evil.example"),
        ("X-Forwarded-Prefix", "/../.."),
        ("X-Forwarded-Prefix", "nothing"),
        ("X-Forwarded-For", "nobody"),
        ("X-Forwarded-For", ", ,"),
    ],
)
def test_what_no_proxy_says_is_left_aside(proxied: httpx.Client, name: str, value: str) -> None:
    page = proxied.get("/films?limit=1", headers={name: value})
    assert page.status_code == 200
    assert "evil" not in page.text
    if name != "X-Forwarded-Prefix" or value != "/../..":
        assert page.json()["next"].startswith(str(proxied.base_url))


def test_several_proxies_are_told_by_the_last_value(proxied: httpx.Client) -> None:
    told = {"X-Forwarded-Proto": "http, https", "X-Forwarded-Host": "evil.example, films.example"}
    page = proxied.get("/films?limit=1", headers=told).json()
    assert page["next"].startswith("https://films.example/films?")


def test_nobody_is_believed_who_is_not_named(api: httpx.Client) -> None:
    page = api.get("/films?limit=1", headers=FORWARDED)
    assert "example" not in page.text + page.headers["link"]
    assert page.json()["next"].startswith(str(api.base_url))


# Limits


def test_long_url_is_refused(proxied: httpx.Client) -> None:
    assert proxied.get("/films", params={"label": "x" * 400}).status_code == 200
    for path in ("/films?label=" + "x" * 1000, "/" + "x" * 1000, "/films/" + "%C3%A9" * 400):
        answer = proxied.get(path)
        assert (answer.status_code, answer.json()["code"]) == (414, "too_large")
        assert len(answer.content) < 4000
        assert answer.headers["access-control-allow-origin"] == "*"


def told_of_a_body(api: httpx.Client, path: str, length: int) -> bytes:
    """The answer to a POST that says how long its body is, and sends only the first character of it."""
    with connected(api) as raw:
        head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n"
        raw.sendall(head.encode() + b"{")
        raw.shutdown(socket.SHUT_WR)
        return raw.makefile("rb").read()


@pytest.mark.parametrize("path", ["/films", "/check", "/nothing", "/mcp"])
@pytest.mark.parametrize("length", [2001, 10**15])
def test_large_body_is_refused_before_it_is_sent(
    proxied: httpx.Client, path: str, length: int, caplog: pytest.LogCaptureFixture
) -> None:
    head, _, body = told_of_a_body(proxied, path, length).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 413 ")
    for name in (b"x-request-id", b"x-content-type-options", b"access-control-allow-origin"):
        assert name in head
    assert b"application/problem+json" in head
    assert b'"code":"too_large"' in body
    assert caplog.records == []


@pytest.mark.parametrize("path", ["/check", "/films"])
def test_large_body_of_unknown_length_is_cut_off(
    proxied: httpx.Client, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    answer = proxied.post(path, content=iter([b"x" * 1500] * 4), headers={"Content-Type": "application/json"})
    assert answer.status_code in (413, 405)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["x-request-id"]
    assert caplog.records == []


def test_client_that_hangs_up_is_no_failure(api: httpx.Client, caplog: pytest.LogCaptureFixture) -> None:
    assert told_of_a_body(api, "/check", 70_000) == b""
    figures = api.get("/metrics").text
    assert 'route="/check",status="499"' in figures
    assert 'status="500"' not in figures
    assert caplog.records == []


# Methods


@pytest.mark.parametrize("path", ["/", "/films", "/films/the-challenge/facts", "/search", "/docs", "/openapi.json"])
def test_options_tells_what_is_possible(api: httpx.Client, path: str) -> None:
    answer = api.options(path)
    assert (answer.status_code, answer.headers["allow"], answer.content) == (204, "GET, HEAD, OPTIONS", b"")
    refused = api.delete(path)
    assert (refused.status_code, refused.headers["allow"]) == (405, "GET, HEAD, OPTIONS")
    assert refused.json()["code"] == "method_not_allowed"


@pytest.mark.parametrize("path", ["/organizations", "/organizations/roscosmos?evidence=ids", "/films"])
def test_browsers_are_told_that_they_may_ask(api: httpx.Client, path: str) -> None:
    """An answer that sends a browser elsewhere is not one to the question whether it may ask."""
    asked = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "GET"}
    answer = api.options(path, headers=asked)
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (200, "*")
    assert "GET" in answer.headers["access-control-allow-methods"]
    then = api.get(path, headers={"Origin": asked["Origin"]}, follow_redirects=True)
    assert (then.status_code, then.headers["access-control-allow-origin"]) == (200, "*")
    assert {one.headers["access-control-allow-origin"] for one in then.history} <= {"*"}


def test_options_of_the_server_as_a_whole(api: httpx.Client) -> None:
    """RFC 9110, 9.3.7."""
    (answer,) = answers(api, b"OPTIONS * HTTP/1.1\r\nHost: here\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 204 ")
    assert b"\r\nallow: GET, POST, PATCH, DELETE, HEAD, OPTIONS\r\n" in answer


def test_options_of_nothing_is_not_found(api: httpx.Client) -> None:
    assert api.options("/nothing").status_code == 404


# Headers


@pytest.mark.parametrize("path", ["/", "/films", "/nothing", "/films?x=1", "/organizations", "/docs", "/healthz"])
def test_browsers_are_told_what_an_answer_is_not(api: httpx.Client, path: str) -> None:
    headers = api.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-resource-policy"] == "cross-origin"
    assert "server" not in headers or headers["server"] == "uvicorn"  # the command leaves it out
    assert headers.get_list("content-security-policy") == [headers["content-security-policy"]]


@pytest.mark.parametrize(
    "request_line",
    [
        b"GET /films HTTP/1.1\r\nHost: a b\r\n",
        b"GET /films HTTP/1.1\r\nHost: \xff\xfe\r\n",
        b"GET /films HTTP/1.1\r\nHost: [::1\r\n",
        b"GET /films HTTP/1.1\r\nHost: x:99999999\r\n",
        b"GET /films HTTP/1.0\r\n",
        b"GET /films?limit=1 HTTP/1.1\r\nHost:\r\n",
        b"GET http://elsewhere.example/films HTTP/1.1\r\nHost: x\r\n",
        b"GET //films HTTP/1.1\r\nHost: x\r\n",
        b"GET /%ff%fe/%00 HTTP/1.1\r\nHost: x\r\n",
        b"OPTIONS * HTTP/1.1\r\nHost: x\r\n",
    ],
)
def test_odd_requests_never_fail_the_server(api: httpx.Client, request_line: bytes) -> None:
    with connected(api) as raw:
        raw.sendall(request_line + b"Connection: close\r\n\r\n")
        answer = raw.makefile("rb").readline()
    assert answer.split(b" ")[1][:1] in (b"2", b"4")


HOSTS = {
    b"a b": 400, b"exa<mple": 400, b"\xe4": 400, b"a/b": 400, b"me@a": 400, b"a:b": 400, b"[::1": 400, b"a\r\nHost: a": 400,
    b"a": 200, b"A_b.example:80": 200, b"a%20b": 200, b"[::1]:8000": 200, b"": 200, b"a:": 200,
}  # fmt: skip


@pytest.mark.parametrize("version", [b"1.0", b"1.1"])
@pytest.mark.parametrize("path", [b"/films", b"/facts"])
@pytest.mark.parametrize("host", HOSTS)
def test_a_request_is_for_one_host(api: httpx.Client, host: bytes, path: bytes, version: bytes) -> None:
    """RFC 9112, 3.2."""
    (answer,) = answers(api, b"GET %s HTTP/%s\r\nHost: %s\r\n\r\n" % (path, version, host))
    assert int(answer.split(b" ")[1]) == HOSTS[host]
    (answer,) = answers(api, b"GET %s HTTP/%s\r\n\r\n" % (path, version))
    assert int(answer.split(b" ")[1]) == (200 if version == b"1.0" else 400)


@pytest.mark.parametrize("line", [b"GET /films", b"GET /films HTTP/2.0", b"GET /films HTTP/0.9"])
def test_only_http_1_0_need_not_say_for_which_host_it_is(api: httpx.Client, line: bytes) -> None:
    (answer,) = answers(api, line + b"\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 400 ")


@pytest.mark.parametrize("path", ["/films", "/facts?limit=1"])
@pytest.mark.parametrize("version", ["2.0", "0.9"])
def test_another_version_of_http_is_not_spoken(api: httpx.Client, path: str, version: str) -> None:
    """RFC 9110, 15.6.6."""
    (answer,) = answers(api, get(path).replace(b"HTTP/1.1", f"HTTP/{version}".encode()))
    assert answer.startswith(b"HTTP/1.1 505 HTTP Version Not Supported\r\n")
    assert b'"status":505,' in answer


@pytest.mark.parametrize("path", ["/films", "/facts?limit=1"])
def test_a_whole_url_names_the_host(api: httpx.Client, path: str) -> None:
    """RFC 9112, 3.2.2: whatever the header says."""
    (told,) = answers(api, get(f"http://other.example:81{path}"))
    (other,) = answers(api, get(path).replace(b"films.example", b"other.example:81"))
    assert b"<http://other.example:81/openapi.json>" in told
    assert same(told) == same(other)


# Figures


def test_metrics_are_read_by_prometheus(seeded: Engine, serving: Serving) -> None:
    api = serving(seeded)

    def figures() -> dict[tuple[str, ...], float]:
        answer = api.get("/metrics")
        assert answer.headers["content-type"].startswith("text/plain; version=")
        return {
            (sample.name, *sorted(sample.labels.values())): sample.value
            for family in text_string_to_metric_families(answer.text)
            for sample in family.samples
        }

    before = figures()
    api.get("/films/the-challenge")
    api.get("/films/nothing")
    for number in range(3):
        api.get(f"/nothing-{number}")
    after = figures()

    def counted(*labels: str) -> float:
        key = ("filmspace_requests_total", *sorted(labels))
        return after[key] - before.get(key, 0)

    assert counted("GET", "/films/{slug}", "200") == counted("GET", "/films/{slug}", "404") == 1
    assert counted("any", "none", "404") == 3
    seconds = "filmspace_request_seconds"
    assert after[f"{seconds}_count", "/films/{slug}"] == after[f"{seconds}_bucket", "+Inf", "/films/{slug}"] == 2
    assert 0 < after[f"{seconds}_sum", "/films/{slug}"] < 60
    assert not [key for key in after if "nothing" in "".join(key)]
    assert after["filmspace_request_seconds_count", "/films/{slug}"] >= 2
