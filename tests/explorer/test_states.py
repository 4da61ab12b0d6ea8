"""What pages show when there is no answer yet, or none any more, or nothing to show, and on the way back."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.conftest import running
from tests.explorer.conftest import PICTURES, at, window

FILM = "/films/the-challenge"


@pytest.fixture(scope="module")
def bare(migrated_file: Path, built: Path) -> Iterator[str]:
    """The address of a server that holds nothing yet."""
    with running(f"sqlite:///{migrated_file}", explorer=built) as client:
        yield str(client.base_url)


def test_an_answer_that_takes_long_is_waited_for(page: Page) -> None:
    at(page, "/")
    held: list[Route] = []
    page.route("**/films?*", lambda route: held.append(route))
    page.clock.install()
    with page.expect_request("**/films?*"):
        page.evaluate("location.hash = '#/films'")
    waiting = page.locator(".waiting")
    expect(waiting).to_have_text("Loading")
    assert page.evaluate("document.getAnimations().length") > 0
    page.emulate_media(reduced_motion="reduce")
    assert page.evaluate("document.getAnimations().length") == 0
    page.clock.fast_forward(5000)
    expect(waiting).to_contain_text("The server takes its time")
    page.screenshot(path=PICTURES / "state-slow.png")
    held[0].continue_()
    expect(page.locator(".list li").first).to_be_visible()
    expect(waiting).to_have_count(0)


def test_no_address_keeps_the_other_pages_away(page: Page) -> None:
    for path in ("/constructor", "/toString", "/__proto__", "/constructor/a", "/constructor/a/graph"):
        expect(at(page, path).locator("h1")).to_have_text("There is nothing here")
    expect(at(page, "/films?constructor=1").get_by_role("alert")).to_contain_text("no filter called “constructor”")
    # An answer that no page expects: it is told, and goes with its page.
    page.route("**/sources/*/annotated", lambda route: route.fulfill(json={"source": {}}))
    expect(at(page, "/sources/cnn-2023-03-08-the-challenge").locator("h1")).to_have_text("This page has a fault")
    expect(at(page, "/films").locator("h1")).to_have_text("Films")


def test_a_base_that_holds_nothing_has_pages_all_the_same(browser: Browser, bare: str) -> None:
    with window(browser, bare) as page:
        expect(at(page, "/").locator(".tiles a").first).to_have_text("0 Films")
        for path in ("/films", "/sources", "/timeline", "/disputes", "/slips", "/changes", "/search?q=moon"):
            expect(at(page, path).locator(".empty")).to_be_visible()
        page.screenshot(path=PICTURES / "state-empty.png")


def comes_true(page: Page, condition: str) -> None:
    """Wait for it within the page, whose policy forbids what Playwright would do itself."""
    look = f"const look = () => {condition} ? done() : requestAnimationFrame(look); look()"
    page.evaluate(f"new Promise((done, fail) => {{ setTimeout(fail, 20000, 'never came true'); {look}; }})")


def test_the_way_back_ends_where_one_was(page: Page) -> None:
    at(page, "/people")
    page.get_by_role("button", name="Show more").click()
    expect(page.get_by_role("button", name="Loading …")).to_have_count(0)
    count = page.locator(".list li").count()
    link = page.locator(".list li > a").nth(count - 3)
    link.scroll_into_view_if_needed()
    comes_true(page, "history.state?.y > 0 && history.state.y === scrollY")
    before = page.evaluate("scrollY")
    name = link.inner_text()
    link.click()
    expect(page.locator("h1")).to_have_text(name)
    assert page.evaluate("scrollY") == 0
    page.go_back()
    expect(page.locator(".list li")).to_have_count(count)
    comes_true(page, f"Math.abs(scrollY - {before}) < 2")
    page.go_forward()
    expect(page.locator("h1")).to_have_text(name)
    # Where one page ends to be scrolled is not where the next is, which is still to be drawn.
    assert page.evaluate("location.hash = '#/films'; dispatchEvent(new Event('scrollend')); history.state") is None


def test_what_was_shown_of_a_list_goes_when_the_data_changes(page: Page) -> None:
    """Its later pages go on from a first page that is no more: between them there may be something new."""
    at(page, "/people")
    first = page.locator(".list li").count()
    page.get_by_role("button", name="Show more").click()
    expect(page.get_by_role("button", name="Loading …")).to_have_count(0)
    assert page.locator(".list li").count() > first
    page.locator(".list li > a").first.click()
    expect(page.locator("dl.known").first).to_be_visible()

    def later(route: Route) -> None:
        answer = route.fetch()
        told = answer.json()
        route.fulfill(response=answer, json=told | {"revision": told["revision"] + 1})

    page.route("**/people?*", later)
    page.go_back()
    expect(page.locator(".list li")).to_have_count(first)
    page.get_by_role("button", name="Show more").click()
    expect(page.get_by_role("button", name="Loading …")).to_have_count(0)
    names = page.locator(".list li > a").all_inner_texts()
    assert len(names) > first
    assert len(set(names)) == len(names)


TITLES = {
    "/": "",
    "/films": "Films",
    "/films?genre=space+drama": "Films: space drama",
    FILM: "The Challenge (film)",
    "/organisations/cnn": "CNN (organisation)",
    f"{FILM}/graph": "Around The Challenge (film)",
    "/films/nothing": "There is nothing here",
    "/sources": "Sources",
    "/sources/cnn-2023-03-08-the-challenge": "CNN, 8 March 2023 (source)",
    "/timeline": "Timeline",
    "/disputes": "Disputes",
    "/disputes?subject=film/the-challenge": "Disputes about The Challenge",
    "/slips": "Slips",
    "/slips?subject=film/the-challenge": "Slips of The Challenge",
    "/changes": "What changed lately",
    "/search?q=mir": "Search for mir",
    "/path?from=person/yulia-peresild&to=event/soyuz-ms-19-landing": "From Yulia Peresild to Landing of Soyuz MS-19",
}


def test_each_page_has_its_title_and_says_what_it_is(page: Page, explored: httpx.Client) -> None:
    meta = page.locator('meta[name="description"]')
    told: dict[str, str] = {}
    for path, title in TITLES.items():
        at(page, path)
        expect(page).to_have_title(f"{title} – filmspace" if title else "filmspace")
        told[path] = meta.get_attribute("content") or ""
    assert len(set(told.values())) == len(TITLES), told
    assert told[FILM] == explored.get(FILM).json()["description"]
    assert "an organisation" in told["/organisations/cnn"]


def test_the_title_is_that_of_the_page_which_is_still_awaited(page: Page) -> None:
    at(page, "/sources")
    held: list[Route] = []
    page.route("**/people/yulia-peresild?*", lambda route: held.append(route))
    with page.expect_request("**/people/yulia-peresild?*"):
        page.evaluate("location.hash = '#/people/yulia-peresild'")
    expect(page).to_have_title("filmspace")
    expect(page.locator(".waiting")).to_be_visible()
    held[0].continue_()
    expect(page).to_have_title("Yulia Peresild (person) – filmspace")


def test_nothing_is_sent_twice(page: Page) -> None:
    """The browser keeps answers, and asks by their ETags whether they still hold: that goes without code of ours."""
    statuses: list[int] = []
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    network.on("Network.responseReceivedExtraInfo", lambda told: statuses.append(told["statusCode"]))
    at(page, FILM)
    assert 304 not in statuses
    size = "performance.getEntriesByType('resource').filter(one => one.name.includes('/films/')).at(-1).transferSize"
    assert page.evaluate(size) > 1000
    page.reload()
    expect(page.locator("h1")).to_have_text("The Challenge")
    assert page.evaluate(size) < 1000
    assert statuses.count(304) == 1, "the page itself is asked for again, and has not changed"
    asked = page.evaluate(f"fetch('{FILM}?evidence=quotes', {{cache: 'no-cache'}}).then(told => told.json())")
    assert asked["label"] == "The Challenge"
    assert statuses.count(304) == 2
