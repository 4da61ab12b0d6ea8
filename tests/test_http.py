"""HTTP, by requests to a real server: problems, caching, HEAD, redirects, other origins, paging, many at once."""

import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from sqlalchemy import Engine

from app.api import examples
from app.db import for_writing, make_engine
from app.http.problems import Problem
from app.loading.load import withdraw_source
from tests.alike import NO_TLS
from tests.conftest import Serving
from tests.document import DOCUMENT
from tests.makers import SEED, a_claim, a_folder, answered, load

SOURCE = SEED.name
PATHS = [
    examples.call_of(path, kept["request"]).url
    for path, methods in DOCUMENT["paths"].items()
    if "get" in methods and (kept := examples.stored(methods["get"]["operationId"]))
] + ["/docs", "/redoc", "/openapi.json", "/docs/assets/icon.svg", "/docs/assets/swagger-ui.css"]


def problem(response: httpx.Response, status: int, code: str) -> Problem:
    """The problem that a response is, whatever the status."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["x-request-id"]
    assert "Traceback" not in response.text
    told = Problem.model_validate_json(response.content)
    assert (told.status, told.code, told.instance) == (status, code, urlsplit(str(response.request.url)).path)
    return told


# Problems


def test_nothing_is_there(api: httpx.Client) -> None:
    assert "/nowhere" in problem(api.get("/nowhere"), 404, "not_found").detail
    for path, meant in (("/film/the-challenge", "/films/the-challenge"), ("/Films", "/films"), ("/persons", "/people")):
        is_told = problem(api.get(path), 404, "not_found").detail.endswith(f"Did you mean {meant}?")
        assert is_told == (path != "/persons"), path
    assert problem(api.get("/films/the-challenge/facts/1"), 404, "not_found").errors == []


@pytest.mark.parametrize(
    ("path", "meant"),
    [
        ("/films/the-chalenge", "the-challenge"),
        ("/films/The%20Challenge", "the-challenge"),
        ("/people/klim-shipenk/facts", "klim-shipenko"),
        ("/properties/directr", "director"),
        ("/sources/cnn-2023-03-08-the-challeng/text", SOURCE),
    ],
)
def test_unknown_name_suggests_the_nearest(api: httpx.Client, path: str, meant: str) -> None:
    told = problem(api.get(path), 404, "not_found")
    assert [error.did_you_mean for error in told.errors] == [meant]
    assert f"Did you mean {meant}?" in told.detail


@pytest.mark.parametrize("slug", ["%00", "%ED%A0%80", "%FF", "x" * 10_000, "%F0%9F%9A%80", "a'--", "..", "%25", "Ä"])
@pytest.mark.parametrize("path", ["/films/{}", "/people/{}/facts", "/facts/{}", "/sources/{}/text", "/properties/{}"])
def test_no_name_is_too_strange(api: httpx.Client, path: str, slug: str) -> None:
    response = api.get(path.format(slug))
    assert response.status_code in (200, 404)  # "..": clients resolve it before they send the request
    if response.status_code == 404:
        assert Problem.model_validate_json(response.content).status == 404


@pytest.mark.parametrize("path", ["/", "/films", "/films/the-challenge/facts", "/facts", "/search?q=film", "/docs"])
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE", "REPORT"])
def test_method_that_is_not_allowed(api: httpx.Client, method: str, path: str) -> None:
    response = api.request(method, path)
    problem(response, 405, "method_not_allowed")
    assert response.headers["allow"] == "GET, HEAD, OPTIONS"


def test_what_takes_a_token_is_told_of_as_possible(api: httpx.Client) -> None:
    paths = {"/films/the-challenge": "GET, PATCH", "/sources": "GET, POST", f"/sources/{SOURCE}": "GET, DELETE"}
    for path, allowed in paths.items():
        response = api.put(path)
        problem(response, 405, "method_not_allowed")
        assert response.headers["allow"] == api.options(path).headers["allow"] == f"{allowed}, HEAD, OPTIONS"


def test_unknown_parameter_is_never_ignored(api: httpx.Client) -> None:
    (error,) = problem(api.get("/films?directr=klim-shipenko"), 422, "invalid_parameters").errors
    assert (error.parameter, error.code, error.did_you_mean) == ("directr", "unknown_parameter", "director")
    assert error.allowed is not None
    assert {"limit", "offset", "director", "release_date__gte"} <= set(error.allowed)


@pytest.mark.parametrize("path", PATHS)
def test_every_path_refuses_unknown_parameters(api: httpx.Client, path: str) -> None:
    if path.startswith(("/docs", "/redoc", "/openapi.json")):
        return  # pages and files, which have no parameters at all
    response = api.get(path, params={**parse_qs(urlsplit(path).query), "wibble": "1"})
    assert [error.parameter for error in problem(response, 422, "invalid_parameters").errors] == ["wibble"]


WRONG = [
    *[f"limit={value}" for value in ("0", "101", "abc", "", "-1", "1.0", "%D9%A1", "9" * 30, "1%00", "limit")],
    *[f"offset={value}" for value in ("-1", "2147483648", "9" * 5000, "x", "%20")],
    *[f"ordering={value}" for value in ("wibble", "", "--label", "label,", "-", "label,wibble", "genre")],
    *[f"release_date__gte={value}" for value in ("2023-13", "", "yesterday", "2023-02-30", "2023/2022", "X", "%00")],
    *[f"duration_minutes__lt={value}" for value in ("nan", "inf", "1e999", "1_0", "0x1", "", "%201", "--1")],
    *[f"updated_at__gt={value}" for value in ("now", "2026-13-01", "0001-01-01T00:00:00%2B05:00", "2026-W01-1", "")],
    *[f"label={value}" for value in ("%00", "a%00b", "%ED%A0%80", "%FF", "", "%20", "x" * 10_000)],
    "evidence=wibble", "certain=yes", "certain=True", "release_date__isnull=1", "label__in=a,", "label__in=",
    "limit=1&limit=2", "ordering=label&ordering=wibble", "evidence=ids&evidence=ids",
    "&".join(["director=a"] * 101), "director__in=" + ",".join(["a"] * 101),
]  # fmt: skip


@pytest.mark.parametrize("query", WRONG, ids=lambda query: query[:40])
def test_value_that_cannot_be_understood(api: httpx.Client, query: str) -> None:
    (error,) = problem(api.get(f"/films?{query}"), 422, "invalid_parameters").errors
    assert (error.parameter, error.code) == (query.partition("=")[0], "invalid_value")
    assert len(error.detail) < 1000


def test_value_outside_a_closed_list(api: httpx.Client) -> None:
    (error,) = problem(api.get("/films?evidence=quote"), 422, "invalid_parameters").errors
    assert (error.allowed, error.did_you_mean) == (["none", "ids", "quotes"], "quotes")
    (error,) = problem(api.get("/search?q=anna&kind=people"), 422, "invalid_parameters").errors
    assert error.did_you_mean == "person", "whose plural is spelt more like another kind"


@pytest.mark.parametrize(
    ("query", "meant"),
    [
        ("/films?director=klim-shipenco", "klim-shipenko"),
        ("/films?director=Klim Shipenko", "klim-shipenko"),
        ("/films?director__not=klim-shipenk", "klim-shipenko"),
        ("/films?director__in=klim-shipenko,kilm-shipenko", "klim-shipenko"),
        ("/films?director=person/shipenko", "person/klim-shipenko"),
        ("/films?slug__in=the-challenge,the-chalenge", "the-challenge"),
        ("/films?source=cnn-2023-the-challenge", SOURCE),
        ("/people?films=the-challange&format=csv", "the-challenge"),
        ("/events?participant=person/anton-skaplerov", "person/anton-shkaplerov"),
        ("/facts?subject=film/the-challange", "film/the-challenge"),
        ("/facts?subject=the-challenge", "film/the-challenge"),
        ("/facts?object=person/klim", "person/klim-shipenko"),
        ("/facts?source=cnn-2023-03-08", SOURCE),
        ("/people/klim-shipenko/facts?source=cnn-2023-03-08", SOURCE),
        ("/sources?mentions=film/challenge", "film/the-challenge"),
        ("/disputes?subject=film/challenge", "film/the-challenge"),
        ("/slips?source=cnn-2023-03-08", SOURCE),
        ("/timeline?entity=person/tom-cruse", "person/tom-cruise"),
        ("/events.ics?entity=person/tom-cruse", "person/tom-cruise"),
        ("/films?director=nobody-at-all", None),
    ],
)
def test_name_that_nothing_has(api: httpx.Client, query: str, meant: str | None) -> None:
    """It is no empty list, which would say that the base knows whom it is asked for."""
    (error,) = problem(api.get(query), 422, "invalid_parameters").errors
    assert (error.parameter, error.code) == (query.partition("?")[2].partition("=")[0], "invalid_value")
    assert error.did_you_mean == meant
    kind, slash, _ = query.rpartition("=")[2].rpartition("/")
    assert not slash or error.detail.endswith(f": there is no such {kind}")
    if meant:
        wrong = query.rpartition("=")[2].rpartition(",")[2] if "csv" not in query else "the-challange"
        assert api.get(query.replace(wrong, meant)).status_code == 200


def test_everything_that_is_wrong_is_told_at_once(api: httpx.Client) -> None:
    told = problem(api.get("/films?limit=0&wibble=1&release_date=x"), 422, "invalid_parameters")
    assert [error.parameter for error in told.errors] == ["limit", "wibble", "release_date"]


@pytest.mark.parametrize("query", ["&".join(map(str, range(5000))), "&".join(["genre="] * 100), f"fields={'x,' * 90}"])
def test_of_very_many_mistakes_the_first_are_told(api: httpx.Client, query: str) -> None:
    answer = api.get(f"/films?{query}")
    assert len(problem(answer, 422, "invalid_parameters").errors) == 20
    assert len(answer.content) < 200_000


@pytest.mark.parametrize(
    ("query", "parameter", "code"),
    [
        ("/facts?overlaps=1,2", "overlaps", "missing"),
        ("/facts?source=cnn-2023-03-08-the-challenge&overlaps=2,1", "overlaps", "invalid_value"),
        ("/facts?source=cnn-2023-03-08-the-challenge&overlaps=1", "overlaps", "invalid_value"),
        ("/facts?subject=the-challenge", "subject", "invalid_value"),
        ("/facts?object=planet/mars", "object", "invalid_value"),
        ("/search", "q", "missing"),
        ("/search?q=%20", "q", "invalid_value"),
        ("/search?q=film&kind=films", "kind", "invalid_value"),
        ("/properties?domain=films", "domain", "invalid_value"),
    ],
)
def test_wrong_elsewhere(api: httpx.Client, query: str, parameter: str, code: str) -> None:
    (error,) = problem(api.get(query), 422, "invalid_parameters").errors
    assert (error.parameter, error.code) == (parameter, code)


@pytest.mark.parametrize("query", [b"label=\xff", b"\xc3\xa9=1", b"label=caf\xc3\xa9", b"\x80"])
def test_bytes_that_no_url_has(api: httpx.Client, query: bytes) -> None:
    answer = answered(api, b"GET /films?" + query + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert answer.split()[1] == b"400"


def test_table_that_is_gone_is_an_error_without_details(
    seeded: Engine, serving: Serving, caplog: pytest.LogCaptureFixture
) -> None:
    with seeded.begin() as connection:
        connection.exec_driver_sql("DROP TABLE film")
    client = serving(seeded)
    response = client.get("/films", headers={"X-Request-Id": "broken-1", "Origin": "https://example.org"})
    told = problem(response, 500, "internal_error")
    assert "film" not in told.detail
    assert "SELECT" not in response.text
    assert response.headers["x-request-id"] == "broken-1"
    assert response.headers["access-control-allow-origin"] == "*"
    assert client.get("/people").status_code == 200
    (record,) = [record for record in caplog.records if record.name == "filmspace"]
    assert "broken-1" in record.getMessage()
    assert record.exc_info is not None


def test_database_without_tables_is_not_ready(tmp_path: Any, serving: Serving) -> None:
    engine = make_engine(f"sqlite:///{tmp_path}/empty.db")
    client = serving(engine)
    for path in ("/readyz", "/films", "/films/the-challenge", "/", "/search?q=film", "/sources/x/text"):
        problem(client.get(path), 503, "not_ready")
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/docs").status_code == 200


def test_database_that_holds_nothing_is_not_ready(engine: Engine, serving: Serving) -> None:
    client = serving(engine)
    problem(client.get("/readyz"), 503, "not_ready")
    assert client.get("/films").json()["count"] == 0
    load(engine, SEED)
    assert client.get("/readyz").json() == {"status": "ok", "revision": 1}


def test_withdrawn_source_is_gone_and_says_why(seeded: Engine, serving: Serving) -> None:
    client = serving(seeded)
    assert client.get(f"/sources/{SOURCE}").status_code == 200
    with for_writing(seeded).begin() as connection:
        withdraw_source(connection, SOURCE, "the publisher took it back", actor="tests")
    for path in ("", "/text", "/annotated"):
        told = problem(client.get(f"/sources/{SOURCE}{path}"), 410, "gone")
        assert "the publisher took it back" in told.detail
    assert client.get("/sources").json()["count"] == 0


# Caching


def test_etag_is_of_the_data_and_the_url(seeded: Engine, serving: Serving, tmp_path: Any) -> None:
    client = serving(seeded)

    def tag(url: str) -> str:
        return client.get(url).headers["etag"]

    first = tag("/films?film_type=x&limit=2")
    assert re.fullmatch('"1-[0-9a-f]+"', first)
    assert first == tag("/films?film_type=x&limit=2") != tag("/films?limit=2&film_type=x")
    urls = ("/films", "/films?limit=2", "/films?limit=3", "/people", "/films/the-challenge", "/facts", "/")
    assert len({tag(url) for url in urls}) == len(urls)
    before = {url: tag(url) for url in urls}
    article = "Mars Needs Films is a film."
    load(seeded, a_folder(tmp_path, "s", article, [a_claim("film/m", "name", "Mars Needs Films", quote=article)]))
    assert [url for url in urls if tag(url) == before[url]] == []


@pytest.mark.parametrize("path", ["/films", "/films/the-challenge", "/facts", f"/sources/{SOURCE}/text", "/"])
@pytest.mark.parametrize("shape", ["{}", "W/{}", '"x", {}', 'W/"y",{} , "z"', "*"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_client_that_has_the_answer_gets_none(api: httpx.Client, method: str, path: str, shape: str) -> None:
    # Encodings have ETags of their own; tests/test_edge.py looks at those.
    answered = api.get(path, headers={"Accept-Encoding": "identity"})
    held = {"If-None-Match": shape.format(answered.headers["etag"])}
    response = api.request(method, path, headers={"Accept-Encoding": "identity", **held})
    assert (response.status_code, response.content) == (304, b"")
    for name in ("ETag", "Cache-Control", "Vary", "Last-Modified"):
        assert response.headers[name] == answered.headers[name]
    assert "content-type" not in response.headers
    assert response.headers["x-request-id"]


def test_client_with_another_answer_gets_this_one(api: httpx.Client) -> None:
    assert api.get("/films", headers={"If-None-Match": '"x", W/"y"'}).status_code == 200
    in_two_lines = [("If-None-Match", '"x"'), ("If-None-Match", api.get("/films").headers["etag"])]
    assert api.get("/films", headers=in_two_lines).status_code == 304
    assert api.get("/films/nothing", headers={"If-None-Match": "*"}).status_code == 404
    assert api.get("/films?limit=0", headers={"If-None-Match": "*"}).status_code == 422


@pytest.mark.parametrize("path", ["/films", "/facts/f9a63d74a0bf13fd", "/sources", "/properties", "/search?q=film"])
def test_answers_may_be_kept_for_a_while(api: httpx.Client, path: str) -> None:
    headers = api.get(path).headers
    assert headers["cache-control"] == "public, max-age=60, stale-while-revalidate=600"
    assert {"Accept", "Accept-Encoding"} <= {one.strip() for one in headers["vary"].split(",")}
    updated_at = api.get("/").json()["updated_at"]
    assert parsedate_to_datetime(headers["last-modified"]).isoformat()[:19] == updated_at[:19]


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_probes_are_never_kept(api: httpx.Client, path: str) -> None:
    assert api.get(path).headers["cache-control"] == "no-store"


# HEAD, paths and redirects


@pytest.mark.parametrize("path", PATHS)
def test_head_is_get_without_the_body(api: httpx.Client, path: str) -> None:
    plain = {"Accept-Encoding": "identity"}
    got, head = api.get(path, headers=plain), api.head(path, headers=plain)
    assert (got.status_code, head.status_code, head.content) == (200, 200, b"")
    varying = {"date", "x-request-id"}
    assert {name: value for name, value in head.headers.items() if name not in varying} == {
        name: value for name, value in got.headers.items() if name not in varying
    }
    assert int(head.headers["content-length"]) == len(got.content) > 0


@pytest.mark.parametrize("path", ["/nowhere", "/films/nothing", "/films?limit=0"])
def test_head_of_a_problem(api: httpx.Client, path: str) -> None:
    got, head = api.get(path), api.head(path)
    assert (head.status_code, head.content) == (got.status_code, b"")
    assert head.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("path", [path for path in PATHS if path != "/"])
def test_trailing_slash_is_served(api: httpx.Client, path: str) -> None:
    at, _, query = path.partition("?")
    with_slash, without = api.get(f"{at}/?{query}" if query else f"{at}/"), api.get(path)
    assert with_slash.status_code == 200
    assert with_slash.content == without.content
    assert with_slash.headers.get("etag") == without.headers.get("etag")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("/organizations", "/organisations"),
        ("/organizations/", "/organisations"),
        ("/organizations/roscosmos", "/organisations/roscosmos"),
        ("/organizations/roscosmos/facts?limit=2&property=name", "/organisations/roscosmos/facts?limit=2&property=name"),
        ("/organizations?label=%C3%A9&label=a%20b", "/organisations?label=%C3%A9&label=a%20b"),
        ("/organizations/%0D%0AX:%20y", "/organisations/%0D%0AX%3A%20y"),
        ("/organizations/%C3%A9", "/organisations/%C3%A9"),
        ("/organizations/%C3%A9%0D%0A?limit=1", "/organisations/%C3%A9%0D%0A?limit=1"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_other_spelling_is_sent_on(api: httpx.Client, method: str, old: str, new: str) -> None:
    response = api.request(method, old)
    assert (response.status_code, response.headers["location"]) == (308, new)
    assert response.headers["x-request-id"]
    assert (new in response.text) == (method == "GET")
    assert "x" not in response.headers


def test_redirect_leads_to_the_record(api: httpx.Client) -> None:
    response = api.get("/organizations/roscosmos?evidence=ids", follow_redirects=True)
    assert response.json()["slug"] == "roscosmos"
    assert response.json()["facts"]


def test_text_of_a_source_is_the_file_byte_for_byte(api: httpx.Client) -> None:
    response = api.get(f"/sources/{SOURCE}/text")
    assert response.headers["content-type"] == "text/plain; charset=utf-8"
    assert response.content == (SEED / "article.txt").read_bytes()


# Other origins, and the names of requests


@pytest.mark.parametrize("path", ["/films", "/films/nothing", "/films?limit=0", "/nowhere", "/organizations", "/docs"])
def test_every_answer_may_be_read_from_other_origins(api: httpx.Client, path: str) -> None:
    headers = api.get(path, headers={"Origin": "https://example.org"}).headers
    assert headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in headers
    exposed = {one.strip() for one in headers["access-control-expose-headers"].split(",")}
    assert exposed == {"ETag", "Link", "Location", "Retry-After", "X-Request-Id"}


def test_a_preflight_is_never_refused_and_what_is_not_possible_is_a_problem(api: httpx.Client) -> None:
    asked = {"Origin": "https://example.org", "Access-Control-Request-Method": "POST"}
    preflight = api.options("/films", headers=asked)
    assert preflight.status_code == 200
    assert preflight.headers["x-request-id"]
    posted = api.post("/films", headers={"Origin": "https://example.org"})
    assert (posted.status_code, posted.headers["content-type"]) == (405, "application/problem+json")
    assert posted.headers["access-control-allow-origin"] == "*"
    renamed = api.get("/organizations", headers={"Origin": "https://example.org"}, follow_redirects=False)
    assert (renamed.status_code, renamed.headers["access-control-allow-origin"]) == (308, "*")


def test_the_document_and_its_pages_take_no_parameters_and_are_not_sent_twice(api: httpx.Client) -> None:
    for path in ("/docs", "/redoc", "/openapi.json"):
        refused = api.get(path, params={"x": "1"})
        assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "unknown_parameter")
    document = api.get("/openapi.json")
    again = api.get("/openapi.json", headers={"If-None-Match": document.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_overlaps_counts_half_open_positions(api: httpx.Client) -> None:
    """The quote of the director stands at 905 to 936."""
    source = {"source": "cnn-2023-03-08-the-challenge", "property": "director"}
    for span, count in (("900,905", 0), ("900,906", 1), ("935,940", 1), ("936,940", 0), ("905,936", 1)):
        assert api.get("/facts", params={**source, "overlaps": span}).json()["count"] == count


def test_preflight(api: httpx.Client) -> None:
    asked = {
        "Origin": "https://example.org", "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "if-none-match, x-request-id",
    }  # fmt: skip
    response = api.options("/films", headers=asked)
    assert response.status_code == 200
    assert response.headers["access-control-allow-origin"] == "*"
    assert {"GET", "HEAD"} <= {one.strip() for one in response.headers["access-control-allow-methods"].split(",")}
    allowed = response.headers["access-control-allow-headers"].lower()
    assert "if-none-match" in allowed
    assert "x-request-id" in allowed


@pytest.mark.parametrize("given", ["a", "Az09._-", "x" * 64, "2f7c0a3e-1b1b-4f0e-9c56-000000000000"])
def test_sane_request_id_is_sent_back(api: httpx.Client, given: str) -> None:
    for path in ("/films", "/nowhere", "/organizations"):
        assert api.get(path, headers={"X-Request-Id": given}).headers.get_list("x-request-id") == [given]


@pytest.mark.parametrize("given", [b"", b"x" * 65, b"a b", b"<script>", b"a,b", "é".encode()])
def test_other_request_id_is_replaced(api: httpx.Client, given: bytes) -> None:
    first, second = (api.get("/films", headers=[(b"x-request-id", given)]).headers["x-request-id"] for _ in "12")
    assert re.fullmatch("[0-9a-f]{16}", first)
    assert first != second


# Paging


@pytest.mark.parametrize(
    "path", ["/people?ordering=nationality&", "/facts?modality=hoped&modality=planned&", "/events?ordering=-date&"]
)
def test_following_next_yields_each_once(api: httpx.Client, path: str) -> None:
    everything = api.get(f"{path}limit=100").json()
    url: str | None = f"{path}limit=3"
    found: list[str] = []
    before: str | None = None
    while url:
        page = api.get(url).json()
        assert page["count"] == everything["count"]
        assert (page["previous"] is None) == (before is None)
        if page["previous"]:
            assert api.get(page["previous"]).json()["results"] == api.get(str(before)).json()["results"]
        found += [one["url"] for one in page["results"]]
        before, url = url, page["next"]
    assert found == [one["url"] for one in everything["results"]]
    assert len(set(found)) == len(found) == everything["count"] > 3


def test_links_are_absolute_and_keep_every_parameter(api: httpx.Client) -> None:
    query = "modality=asserted&source=" + SOURCE + "&modality=planned&limit=2&offset=2"
    page = api.get(f"/facts?{query}").json()
    for name, offset in (("next", "4"), ("previous", "0")):
        url = urlsplit(page[name])
        assert f"{url.scheme}://{url.netloc}/" == str(api.base_url).rstrip("/") + "/"
        assert parse_qs(url.query) == {**parse_qs(query), "offset": [offset]}


@pytest.mark.parametrize("query", ["limit=4", "limit=2&offset=2", "limit=1&offset=3", "limit=100&offset=3"])
def test_last_page_has_no_next(api: httpx.Client, query: str) -> None:
    page = api.get(f"/films?{query}").json()
    assert (page["count"], page["next"]) == (4, None)
    assert page["results"]


def test_page_beyond_the_end(api: httpx.Client) -> None:
    for offset in (4, 5, 1000, 2**31 - 1):
        page = api.get("/films", params={"offset": offset, "limit": 3}).json()
        assert (page["count"], page["next"], page["results"]) == (4, None, [])
        assert [one["slug"] for one in api.get(page["previous"]).json()["results"]] == [
            one["slug"] for one in api.get("/films?offset=1&limit=3").json()["results"]
        ]


@pytest.mark.parametrize(
    "path",
    ["/facts?", "/facts?modality=hoped&modality=planned&", "/search?q=the&", "/timeline?", "/people?"],
)
@pytest.mark.parametrize("more", [(), ("X-Nobody-Knows: it",)], ids=["", "ordinary"])
def test_what_is_before_a_page_is_all_that_is_before_it(api: httpx.Client, path: str, more: tuple[str, ...]) -> None:
    """Wherever it begins: none of its own results, and with those that follow, all there are."""
    headers = dict(one.split(": ") for one in more)
    whole = api.get(f"{path}limit=100").json()["results"]
    for offset in (1, 2, 3, 4):
        page = api.get(f"{path}limit=3&offset={offset}", headers=headers).json()
        before = api.get(page["previous"]).json()
        assert before["results"] == whole[max(0, offset - 3) : offset]
        assert (before["previous"] is None) == (offset <= 3)
        follows = api.get(before["next"]).json()["results"]
        assert follows == whole[offset : offset + len(follows)] != []


# Many at once


def test_two_hundred_requests_at_once(api: httpx.Client) -> None:
    paths = ["/films", "/people/klim-shipenko?evidence=ids", "/facts?limit=5", f"/sources/{SOURCE}", "/"]
    barrier = threading.Barrier(200)

    def ask(number: int) -> int:
        with httpx.Client(base_url=api.base_url, timeout=60, verify=NO_TLS) as client:
            barrier.wait()
            # More than may wait for the framework are told to come again.
            while (answer := client.get(paths[number % len(paths)])).status_code == 503:
                time.sleep(int(answer.headers["retry-after"]))
            return answer.status_code

    with ThreadPoolExecutor(200) as pool:
        assert list(pool.map(ask, range(200))) == [200] * 200


def test_every_answer_is_of_one_revision(engine: Engine, serving: Serving, tmp_path: Any) -> None:
    """While sources are loaded, what an answer says of its revision is true of all of it."""
    client = serving(engine)
    revisions = 8
    seen: list[dict[str, Any]] = []
    is_over = threading.Event()

    def keep_reading() -> None:
        with httpx.Client(base_url=client.base_url, timeout=60, verify=NO_TLS) as reader:
            while not is_over.is_set():
                seen.append(reader.get("/films?limit=100&evidence=ids").json())

    with ThreadPoolExecutor(4) as pool:
        readers = [pool.submit(keep_reading) for _ in range(4)]
        for number in range(revisions):
            article = "".join(f"Film {letter} {number} is a film. " for letter in "ABCDE")
            claims = [
                a_claim(f"film/{letter}-{number}".lower(), "name", f"Film {letter} {number}", quote=f"Film {letter} {number} is a film.")
                for letter in "ABCDE"
            ]  # fmt: skip
            load(engine, a_folder(tmp_path, f"s-{number}", article, claims))
        is_over.set()
        for reader in readers:
            reader.result()
    assert len({page["revision"] for page in seen}) > 1
    for page in seen:
        assert page["count"] == len(page["results"]) == 5 * page["revision"]
        assert all(film["facts"]["name"] for film in page["results"])


def test_programs_get_json_at_the_root_and_browsers_a_page(api: httpx.Client) -> None:
    browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    page, asked = api.get("/", headers={"Accept": browser}), api.get("/?format=html")
    program, plain = api.get("/"), api.get("/", headers={"Accept": "application/json"})
    assert page.headers["content-type"] == asked.headers["content-type"] == "text/html; charset=utf-8"
    assert page.text == asked.text
    assert program.json() == plain.json()
    assert page.headers["etag"] != program.headers["etag"]
    assert api.get("/", headers={"Accept": browser, "If-None-Match": page.headers["etag"]}).status_code == 304
    assert "script-src" not in page.headers["content-security-policy"]
    assert "unsafe" not in page.headers["content-security-policy"]


def test_a_date_in_the_oldest_form_is_a_date_of_http(api: httpx.Client) -> None:
    """As all recipients must take it (RFC 9110, 5.6.7)."""
    modified = parsedate_to_datetime(api.get("/films").headers["Last-Modified"])
    told = modified.strftime("%a %b {:2} %H:%M:%S %Y").format(modified.day)
    assert api.get("/films", headers={"If-Modified-Since": told}).status_code == 304
    assert api.get("/films", headers={"If-Unmodified-Since": "Thu Jan  1 00:00:00 1970"}).status_code == 412


def test_what_is_in_quotes_parts_no_list(api: httpx.Client) -> None:
    for told, expected in (
        ('application/ld+json;profile="a,b"', "application/ld+json"),
        ('text/csv;header="x, y", application/json;q=0.1', "text/csv"),
    ):
        assert api.get("/films", headers={"Accept": told}).headers["content-type"].startswith(expected)


def test_a_probe_has_no_conditions_and_is_never_kept(api: httpx.Client) -> None:
    held = {"If-None-Match": api.get("/films").headers["ETag"]}
    answer = api.get("/readyz", headers=held)
    assert (answer.status_code, answer.headers["Cache-Control"], answer.headers.get("ETag")) == (200, "no-store", None)


def test_the_description_of_the_api_has_conditions_as_well(api: httpx.Client) -> None:
    etag = api.get("/openapi.json").headers["ETag"]
    assert api.get("/openapi.json", headers={"If-Match": '"zz"'}).status_code == 412
    assert api.get("/openapi.json", headers={"If-Match": etag}).status_code == 200


@pytest.mark.parametrize("body", ["[]", "null"])
def test_a_body_of_another_sort_is_told_in_plain_words(api: httpx.Client, body: str) -> None:
    answer = api.post("/check", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 422
    assert "expected an object" in answer.json()["errors"][0]["detail"]
