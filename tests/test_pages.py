"""The pages of the API in a real browser, which is let out to no other host than the server."""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect, sync_playwright

from app.api import examples

_ARGUMENTS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip

# What other tests leave of two processors may be little: Redoc alone draws for 15 s then.
PATIENCE = 60_000

expect.set_options(timeout=PATIENCE)


@dataclass
class Visit:
    """A page, and what went wrong on it."""

    page: Page
    wrong: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = shutil.which("chromium")
    if path is None:
        reason = "the pages are looked at with Chromium, and no program of the name chromium is installed"
        if os.environ.get("FILMSPACE_TEST_NO_SKIP"):
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=_ARGUMENTS)
        yield browser
        browser.close()


@contextmanager
def visiting(browser: Browser, api: httpx.Client) -> Iterator[Visit]:
    """A window on the server. It is wrong that anything is asked of another host, or that an answer is an error."""
    context = browser.new_context(base_url=str(api.base_url), viewport={"width": 1400, "height": 1000})
    context.set_default_timeout(PATIENCE)
    visit = Visit(context.new_page())
    wrong = visit.wrong

    def let_through(route: Route) -> None:
        address = urlsplit(route.request.url)
        if address.netloc == api.base_url.netloc.decode() or address.scheme in ("blob", "data"):
            route.continue_()
        else:
            wrong.append(f"asked elsewhere: {route.request.url}")
            route.abort()

    context.route("**/*", let_through)
    context.on("requestfailed", lambda request: wrong.append(f"failed: {request.url} {request.failure}"))
    context.on(
        "response", lambda response: wrong.append(f"{response.status}: {response.url}") if not response.ok else None
    )
    context.on(
        "console",
        lambda message: wrong.append(f"console: {message.text}") if message.type == "error" else None,
    )
    context.on("weberror", lambda error: wrong.append(f"script: {error.error}"))
    yield visit
    context.close()
    assert wrong == []


@pytest.fixture
def visit(browser: Browser, api: httpx.Client) -> Iterator[Visit]:
    """A window on the server."""
    with visiting(browser, api) as found:
        yield found


@pytest.fixture(scope="module")
def swagger_ui(browser: Browser, api: httpx.Client) -> Iterator[Page]:
    """Swagger UI, which takes a browser seconds to draw."""
    with visiting(browser, api) as found:
        found.page.goto("/docs")
        yield found.page


@pytest.fixture(scope="module")
def operations(api: httpx.Client) -> list[dict[str, Any]]:
    """Every operation of the document."""
    paths = api.get("/openapi.json").json()["paths"]
    return [
        {**operation, "path": path, "method": method} for path in paths for method, operation in paths[path].items()
    ]


def test_swagger_ui_shows_every_operation(swagger_ui: Page, operations: list[dict[str, Any]]) -> None:
    expect(swagger_ui).to_have_title("filmspace API")
    expect(swagger_ui.locator(".opblock")).to_have_count(len(operations))
    shown = swagger_ui.locator(".opblock").evaluate_all(
        "all => all.map(one => [one.querySelector('.opblock-summary-method').textContent, one.id])"
    )
    told = [(one["method"].upper(), f"operations-{one['tags'][0]}-{one['operationId']}") for one in operations]
    assert sorted(map(tuple, shown)) == sorted(told)


def test_swagger_ui_opens_an_operation_of_every_method(swagger_ui: Page, operations: list[dict[str, Any]]) -> None:
    # Of each method the one with the most parameters, but for lists: to draw those takes a browser many seconds.
    ordered = sorted(operations, key=lambda one: len(one.get("parameters", [])))
    for operation in {one["method"]: one for one in ordered if len(one.get("parameters", [])) < 20}.values():
        block = swagger_ui.locator(f"#operations-{operation['tags'][0]}-{operation['operationId']}")
        with opened(block):
            expect(block.locator(".opblock-description")).to_contain_text(
                operation["description"].split("\n")[0].replace("`", "")
            )
            expect(block.locator(".responses-table tr.response")).to_have_count(len(operation["responses"]))
            expect(block.locator("tr[data-param-name]")).to_have_count(len(operation.get("parameters", [])))


@contextmanager
def opened(block: Locator) -> Iterator[None]:
    """An operation of Swagger UI, which redraws all that is open at every click."""
    block.locator(".opblock-summary-control").click()
    yield
    block.locator(".opblock-summary-control").click()


def test_swagger_ui_asks_for_a_list(swagger_ui: Page, api: httpx.Client) -> None:
    # Of the shortest list of records: to draw the parameters of the films takes a browser many seconds.
    block = swagger_ui.locator("#operations-characters-list_characters")
    with opened(block):
        block.get_by_role("button", name="Try it out").click()
        block.get_by_role("button", name="Execute").click()
        answer = block.locator(".live-responses-table")
        expect(answer.locator("tr.response .response-col_status").first).to_have_text("200")
        shown = json.loads(answer.locator(".response-col_description pre").first.inner_text())
    example = examples.stored("list_characters")
    assert example
    assert shown["results"] == api.get(example["request"]["path"]).json()["results"]
    assert [one["slug"] for one in shown["results"]] == ["sick-cosmonaut"]


def test_redoc_shows_every_operation(visit: Visit, operations: list[dict[str, Any]]) -> None:
    page = visit.page
    page.goto("/redoc")
    expect(page).to_have_title("filmspace API")
    expect(page.locator("h1").first).to_contain_text("filmspace")
    last = operations[-1]
    expect(page.locator(f"[id='tag/{last['tags'][0]}/operation/{last['operationId']}'] h2")).to_be_attached()
    shown = page.locator("[id*='/operation/']").evaluate_all(
        "all => all.map(one => [one.id, one.querySelector('h2')?.textContent.trim()])"
    )
    told = [(f"tag/{one['tags'][0]}/operation/{one['operationId']}", one["summary"]) for one in operations]
    assert sorted(map(tuple, shown)) == sorted(told)
    for tag in {operation["tags"][0] for operation in operations}:
        expect(page.locator(f"[data-item-id='tag/{tag}']")).to_contain_text(tag)
    logo = page.locator("a[href*='redocly'] img")
    assert logo.evaluate("image => image.complete && image.naturalWidth > 0")


def test_a_browser_is_shown_what_is_in_here_and_searches_it(visit: Visit, api: httpx.Client) -> None:
    page = visit.page
    page.goto("/")
    expect(page).to_have_title("filmspace")
    root = api.get("/").json()
    held = dict(zip(page.locator("dd").all_inner_texts(), page.locator("dt").all_inner_texts(), strict=True))
    assert held == {name: str(count) for name, count in root["counts"].items()}
    for link in page.locator("a").all():
        assert api.get(link.get_attribute("href") or "").status_code == 200
    page.get_by_role("searchbox").fill("shkaplerov")
    with page.expect_response("**/search?*") as response:
        page.get_by_role("button", name="Search").click()
    assert response.value.json()["results"][0]["slug"] == "anton-shkaplerov"
    page.set_viewport_size({"width": 360, "height": 740})
    page.go_back()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
