"""What pages show of data unlike that of the seeds: withdrawn, renamed, unsigned, from right to left, or a lot of it."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from app.db import for_writing, make_engine
from app.importing import by_dataset
from app.loading.datasets import import_files
from app.loading.load import withdraw_source
from app.loading.merging import rename_entity
from tests.conftest import running
from tests.explorer.conftest import PICTURES, at, window
from tests.importing.makers import a_file, imdb_titles
from tests.makers import a_claim, a_folder, load

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
