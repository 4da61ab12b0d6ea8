"""What pages show when there is no answer yet, or none any more, or nothing to show, and on the way back."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, Route, expect

from app.db import for_writing, make_engine
from app.importing import by_dataset
from app.loading.datasets import import_files
from app.loading.load import withdraw_source
from app.loading.merging import rename_entity
from tests.conftest import running
from tests.explorer.conftest import PICTURES, at, window
from tests.importing.makers import a_file, imdb_titles
from tests.makers import a_claim, a_folder, load

FILM = "/films/the-challenge"
WITHDRAWN = "editors-2026-11-24-where-publications-differ"


@pytest.fixture(scope="module")
def worn(library_file: Path, built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server where a source was withdrawn, one says something in every other sentence, one is data."""
    folder = tmp_path_factory.mktemp("worn")
    url = f"sqlite:///{shutil.copy(library_file, folder / 'filmspace.db')}"
    said = [a_claim("film/moonlit", "name", "Moonlit", quote="Moonlit is a film.")]
    told = {"published": "2024-01-01", "publisher": "The Gazette"}
    dated = [a_claim("person/ada", "name", "Ada", quote="1901, by Ada.")]
    for year in range(1901, 1961):
        dated += [
            a_claim(f"film/f{year}", "release_date", str(year), quote=f"in {year}"),
            a_claim(f"film/f{year}", "name", f"F{year}", quote=f"F{year}"),
            a_claim(f"film/f{year}", "director", object="person/ada", quote=f"{year}, by Ada."),
        ]
    register = " ".join(f"F{year} came out in {year}, by Ada." for year in range(1901, 1961))
    gazette = a_folder(folder, "gazette", "Moonlit is a film. The weather was fine.", said, source=told)
    engine = make_engine(url)
    load(engine, gazette)
    load(engine, a_folder(folder, "register", register, dated, source=told))
    scrapped = [a_claim("film/scrapped", "name", "Scrapped", quote="Scrapped")]
    load(engine, a_folder(folder, "scrap", "Scrapped is a film.", scrapped))
    arabic = [a_claim("film/layla", "name", "ليلى", quote="ليلى")]
    signed = {"published": "2024-01-01", "publisher": "الجريدة", "title": "فيلم جديد", "language": "ar"}
    load(engine, a_folder(folder, "jarida", "ليلى فيلم 2024.", arabic, source=signed))
    titles = a_file(folder, "title.basics.tsv", imdb_titles())
    with for_writing(engine).begin() as connection:
        import_files(connection, by_dataset("imdb", [titles]), actor="tests")
        withdraw_source(connection, WITHDRAWN, "a hoax", actor="tests")
        rename_entity(connection, "film/moonlit", "moonlit-2024", "one of many", actor="tests")
    engine.dispose()
    with running(url, explorer=built) as client:
        yield str(client.base_url)


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


def test_what_was_taken_back_says_why(browser: Browser, worn: str) -> None:
    with window(browser, worn) as page:
        at(page, f"/sources/{WITHDRAWN}")
        expect(page.locator("h1")).to_have_text("This was taken back")
        expect(page.get_by_role("alert")).to_contain_text("a hoax")
        expect(page).to_have_title("This was taken back – filmspace")
        page.screenshot(path=PICTURES / "state-gone.png")


def test_sentences_that_gave_nothing_are_seen(browser: Browser, worn: str) -> None:
    with window(browser, worn) as page:
        at(page, "/sources/gazette")
        expect(page.get_by_text("1 sentence of 2 gave nothing")).to_be_visible()
        expect(page.locator(".sentence.silent")).to_contain_text("The weather was fine.")
        expect(page.locator(".sentence.silent .says")).to_have_text("nothing is taken from this")
        expect(page.locator(".coverage .silent")).to_have_count(1)
        page.screenshot(path=PICTURES / "state-silent-sentence.png")


def test_what_was_renamed_is_where_it_is_called_so_now(browser: Browser, worn: str) -> None:
    with window(browser, worn) as page:
        for below in ("", "/graph"):
            at(page, f"/films/moonlit{below}")
            expect(page).to_have_url(re.compile(rf"#/films/moonlit-2024{below}$"))
        at(page, "/changes")
        expect(page.locator(".list li").first).to_contain_text("renamed moonlit into moonlit-2024: one of many")
        page.screenshot(path=PICTURES / "state-renamed.png")


def test_a_data_set_says_what_it_states(browser: Browser, worn: str) -> None:
    with window(browser, worn) as page:
        at(page, "/sources")
        page.locator(".list li", has_text="dataset").get_by_role("link").click()
        expect(page.get_by_text(re.compile(r"^A data set of \d+ facts without running text\.$"))).to_be_visible()
        fact = page.locator(".list li", has_text="Moonward: release date")
        fact.get_by_role("button", name="1 record for 1957").click()
        expect(fact.locator(".locator")).to_have_text("title.basics.tsv:2 tt0000101")
        page.screenshot(path=PICTURES / "state-data-set.png")


def test_more_dates_than_are_listed_are_told_by_stretches_of_time(browser: Browser, worn: str, room: Path) -> None:
    with window(browser, worn) as page:
        page.emulate_media(reduced_motion="reduce")
        at(page, "/timeline")
        stretches = page.get_by_role("navigation", name="Stretches of time").get_by_role("link")
        expect(stretches).to_have_count(13)
        expect(stretches.nth(1)).to_have_text("1910s 10")
        page.evaluate((room / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8"))
        assert page.evaluate("axe.run().then(found => found.violations.map(one => one.id))") == []
        for width in (1100, 360):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
            page.screenshot(path=PICTURES / f"state-stretches-{width}.png")
        stretches.nth(1).press("Enter")
        expect(page.get_by_role("status")).to_contain_text("10 dates")
        expect(page.locator("main")).to_be_focused()
        expect(page.get_by_role("textbox", name="From")).to_have_value("1910")


def test_a_graph_goes_on_as_long_as_there_is_more(browser: Browser, worn: str) -> None:
    with window(browser, worn) as page:
        page.emulate_media(reduced_motion="reduce")
        at(page, "/people/ada/graph?open=film/f1901")
        expect(page.get_by_role("status")).to_contain_text("of F1901")
        page.get_by_role("button", name="Ada, person").click()
        expect(page.get_by_role("status")).to_contain_text("60 connections of Ada; the first 30 are drawn")
        page.get_by_role("button", name="Draw the other 30").press("Enter")
        expect(page.get_by_role("status")).to_contain_text("60 connections of Ada with 60 others.")
        expect(page.locator(".node[role=button]")).to_have_count(61)
        expect(page.get_by_role("button", name="Draw")).to_have_count(0)
        expect(page.locator("main")).to_be_focused()
        assert page.url.endswith("/people/ada/graph?open=film%2Ff1901&open=person%2Fada%3A60")
        page.reload()
        expect(page.locator(".node[role=button]")).to_have_count(61)
        page.go_back()
        expect(page.get_by_role("status")).to_contain_text("the first 30 are drawn")


def test_a_list_that_is_longer_than_its_record_shows_has_a_page(browser: Browser, worn: str) -> None:
    with window(browser, worn) as page:
        at(page, "/people/ada").get_by_role("link", name="all of them").first.click()
        expect(page.locator("h1")).to_have_text("Facts of Ada")
        expect(page).to_have_title("Facts of Ada – filmspace")
        expect(page.get_by_role("status")).to_have_text("60 facts")
        page.get_by_role("button", name="Show more").click()
        expect(page.locator(".list > li")).to_have_count(40)
        page.get_by_role("button", name="1 sentence for F1901").click()
        expect(page.locator(".receipt mark").first).to_have_text("1901, by Ada.")
        page.locator("h1 a").click()
        expect(page.locator("h1")).to_have_text("Ada")


def test_no_address_keeps_the_other_pages_away(page: Page) -> None:
    for path in ("/constructor", "/toString", "/__proto__", "/constructor/a", "/constructor/a/graph"):
        expect(at(page, path).locator("h1")).to_have_text("There is nothing here")
    expect(at(page, "/films?constructor=1").get_by_role("alert")).to_contain_text("no filter called “constructor”")
    # An answer that no page expects: it is told, and goes with its page.
    page.route("**/sources/*/annotated", lambda route: route.fulfill(json={"source": {}}))
    expect(at(page, "/sources/cnn-2023-03-08-the-challenge").locator("h1")).to_have_text("This page has a fault")
    expect(at(page, "/films").locator("h1")).to_have_text("Films")


def test_a_source_that_nobody_signs_is_called_all_the_same(browser: Browser, worn: str) -> None:
    with window(browser, worn) as page:
        expect(at(page, "/sources/scrap").locator("h1")).to_have_text("scrap")
        at(page, "/films/scrapped").get_by_role("button", name="1 sentence for Scrapped").click()
        expect(page.locator(".whose")).to_have_text("scrap")
        at(page, "/changes")
        expect(page.locator(".list").get_by_role("link", name="scrap", exact=True)).to_be_visible()


def test_a_graph_opens_what_was_renamed(browser: Browser, worn: str) -> None:
    with window(browser, worn) as page:
        page.emulate_media(reduced_motion="reduce")
        at(page, "/people/ada/graph?open=film/moonlit&open=film/f1901")
        expect(page.get_by_role("status")).to_contain_text("of F1901 with 1 other")
        expect(page).to_have_url(re.compile(r"graph\?open=film%2Fmoonlit-2024&open=film%2Ff1901$"))
        at(page, "/people/ada/graph?open=film/f1901&open=film/moonlit")
        expect(page.get_by_role("status")).to_contain_text("0 connections of moonlit-2024")
        expect(page.get_by_role("status")).not_to_contain_text("Loading")


def test_what_is_written_from_right_to_left_is_so(browser: Browser, worn: str) -> None:
    with window(browser, worn) as page:
        direction = "one => getComputedStyle(one).direction"
        at(page, "/sources/jarida")
        for text in (page.locator("h1"), page.locator(".sentence > p").first):
            assert text.evaluate(direction) == "rtl"
            expect(text).to_have_attribute("lang", "ar")
        assert page.locator(".says").first.evaluate(direction) == "ltr"
        at(page, "/films/layla").get_by_role("button", name="1 sentence for").click()
        assert page.locator("h1").evaluate(direction) == "rtl"
        assert page.locator("blockquote").evaluate(direction) == "rtl"
        expect(page.locator(".whose")).to_have_text("فيلم جديد, الجريدة, 1 January 2024")
        expect(page.locator(".whose bdi")).to_have_count(2)
        page.screenshot(path=PICTURES / "state-right-to-left.png")


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
