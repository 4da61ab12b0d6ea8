"""The explorer, built as `make serve` builds it, in a real browser before the real server on the seeds."""

import re
from pathlib import Path
from typing import Literal

import httpx
import pytest
from playwright.sync_api import Page, Route, expect

from app.vocabulary import PROPERTIES, QUALIFIERS
from tests.explorer.conftest import DRAWN, PICTURES, SOURCE, at

# From a phone to a wall.
WIDTHS: dict[int, Literal["light", "dark"]] = {360: "dark", 1100: "light", 2560: "dark"}
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
# One page of each sort.
PAGES = [
    "/", "/films", "/films?genre=space+drama", "/films/the-challenge", "/people/yulia-peresild", "/events/soyuz-ms-19",
    "/organisations/roscosmos", "/places/international-space-station", "/characters/zhenya", "/films/the-challenge/graph", "/films/the-challenge/facts",
    "/sources", "/sources/cnn-2023-03-08-the-challenge?at=1641,1709", "/search?q=soyuz", "/timeline", "/disputes", "/slips",
    "/changes",
    "/path?from=person/yulia-peresild&to=event/soyuz-ms-19-landing", "/films/nothing",
]  # fmt: skip
# Pages that tell of a film, besides its own.
TELLING = [
    "/films/the-challenge/graph", "/path?from=film/the-challenge&to=event/soyuz-ms-19-landing", "/search?q=challenge",
    "/sources/cnn-2023-03-08-the-challenge", "/disputes?subject=film/the-challenge", "/timeline?from=2021&to=2023",
]  # fmt: skip


def test_what_is_a_date_is_known_by_its_property() -> None:
    text = (SOURCE / "src" / "dates.ts").read_text(encoding="utf-8")
    (told,) = re.findall(r"const DATED = \[(.*)\];", text)
    dated = {one.name for one in PROPERTIES.values() if one.value_type == "date"}
    dated |= {one.name for one in QUALIFIERS.values() if one.range == "date"}
    assert set(re.findall(r"\w+", told)) == dated


def test_a_film_is_read_down_to_the_sentence_in_its_article(page: Page) -> None:
    at(page, "/")
    page.get_by_role("combobox", name="Search").fill("challen")
    page.get_by_role("option").first.click()
    expect(page).to_have_title("The Challenge (film) – filmspace")
    named = page.locator("dt", has_text=re.compile("^Name$")).locator("..")
    named.get_by_role("button", name=re.compile("^[0-9]+ sentences? for The Challenge$")).click()
    expect(named.locator(".receipt mark").first).to_contain_text("The Challenge")
    row = page.locator("dt", has_text="Directors").locator("..")
    row.get_by_role("button").first.click()
    receipt = row.locator(".receipt li").first
    expect(receipt.locator("mark")).to_have_text("producer-director Klim Shipenko")
    receipt.get_by_role("link").click()
    asked = page.locator(".sentence.asked")
    expect(asked).to_contain_text("Peresild and producer-director Klim Shipenko traveled")
    expect(asked).to_be_in_viewport()
    page.go_back()
    expect(page.locator("h1")).to_have_text("The Challenge")
    expect(page.locator("dt", has_text="Directors").locator("..").locator(".receipt")).to_be_visible()
    # The article is at hand by now, and what its sentences say is longer than a phone.
    page.set_viewport_size({"width": 360, "height": 740})
    row = page.locator(".fact", has_text="first project to be filmed aboard the ISS")
    row.get_by_role("button").first.click()
    quote = row.locator(".receipt mark").first.inner_text()
    row.locator(".receipt a").first.click()
    pieces = page.locator("mark.asked")
    for piece in (pieces.first, pieces.last):
        expect(piece).to_be_in_viewport(ratio=1)
    assert "".join(pieces.all_text_contents()) == quote


def test_what_came_otherwise_than_planned_leads_to_the_plan(page: Page) -> None:
    at(page, "/films/the-challenge")
    dates = page.locator("dt", has_text="Release date").first.locator("..")
    # The mark stands with the date that it came on.
    dates.locator(".fact", has_text="20 April 2023").locator("a.mark-of.slipped").click()
    expect(page).to_have_title("Slips of The Challenge – filmspace")
    plan, happened = page.locator(".slip .side").all()
    expect(plan.locator(".value")).to_have_text("12 April 2023")
    expect(happened.locator(".kind")).to_have_text("What happened, 8 days later")
    plan.get_by_role("button").click()
    expect(plan.locator(".receipt mark").first).to_have_text("“The Challenge” will be released on April 12")
    at(page, "/slips?subject=film/nope")
    expect(page.get_by_text("there is no such film")).to_be_visible()


def test_of_several_values_the_first_is_what_the_record_shows(page: Page) -> None:
    at(page, "/films/the-challenge")
    status = page.locator("dt", has_text="Production status").first.locator("..")
    expect(status.locator(".fact .value").first).to_have_text("released, 20 April 2023")
    dates = page.locator("dt", has_text="Filming date").first.locator("..")
    expect(dates.locator(".fact .value").first).to_have_text("October 2021")


def test_what_is_planned_disputed_reported_and_fictional_says_so(page: Page) -> None:
    at(page, "/films/the-challenge")
    for mark in ("planned", "reported", "disputed", "negated"):
        expect(page.locator(f".mark-of.{mark}").first).to_be_visible()
    page.locator("a.mark-of.disputed").first.click()
    expect(page.locator("h1")).to_have_text("Where sources disagree")
    expect(page.locator(".dispute")).to_have_count(1)
    assert page.locator(".dispute .side").count() > 1
    # Both sides agree on the day, and disagree on the second.
    at(page, "/events/soyuz-ms-19-landing")
    dates = page.locator("dt", has_text=re.compile("^Date$")).locator("..").locator(".fact")
    expect(dates).to_have_count(3)
    expect(dates.locator(".mark-of.disputed")).to_have_count(2)
    at(page, "/films/imax-documentary-2002")
    expect(page.locator(".fact.reported", has_text="first IMAX production").get_by_text("also denied")).to_be_visible()
    at(page, "/sources/editors-2026-11-24-where-publications-differ")
    expect(page.locator(".says .mark-of.disputed").first).to_be_visible()


def test_what_somebody_has_to_do_with_it_is_told(page: Page) -> None:
    at(page, "/people/klim-shipenko")
    values = page.locator("dt", has_text="Films").locator("..").locator(".value")
    expect(values).to_have_text(["The Challenge, director", "The Challenge, producer", "Salyut 7, director"])
    at(page, "/places/international-space-station")
    expect(page.locator(".value", has_text="Space Station 3D")).to_have_text("Space Station 3D, filming location")
    at(page, "/characters/zhenya")
    row = page.locator("dt", has_text="Portrayed by").locator("..").locator(".value")
    expect(row).to_have_text("Yulia Peresild in The Challenge")
    expect(page.locator(".mark-of.fictional").first).to_have_text("in the story")


def test_a_search_with_a_slip_of_the_finger(page: Page) -> None:
    at(page, "/")
    field = page.get_by_role("combobox", name="Search")
    field.fill("qqq")
    expect(page.get_by_role("status")).to_have_text("Nothing is called that; a search looks into the texts as well.")
    page.evaluate("location.hash = '#/changes'")
    expect(field).to_have_value("")
    field.fill("yulya")
    field.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("This is what is found for “yulia”")
    expect(page.locator(".list a").first).to_have_text("Yulia Peresild")


def test_a_list_goes_on_as_long_as_there_is_more(page: Page, explored: httpx.Client) -> None:
    count = explored.get("/people").json()["count"]
    at(page, "/people")
    held = page.locator(".list li").count()
    page.get_by_role("button", name="Show more").focus()
    page.context.set_offline(True)
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("The server does not answer")
    page.screenshot(path=PICTURES / "state-no-more.png")
    page.context.set_offline(False)
    page.keyboard.press("Enter")
    expect(page.locator(".list li").nth(held).get_by_role("link")).to_be_focused()
    expect(page.get_by_role("alert")).to_have_count(0)
    while page.get_by_role("button", name="Show more").count():
        held = page.locator(".list li").count()
        page.get_by_role("button", name="Show more").click()
        expect(page.locator(".list li").nth(held)).to_be_attached()
        expect(page.get_by_role("button", name="Loading …")).to_have_count(0)
    links = page.locator(".list li > a").evaluate_all("all => all.map(one => one.hash)")
    assert len(links) == len(set(links)) == count


def test_passage_and_fact_lead_to_each_other(page: Page, room: Path) -> None:
    at(page, "/sources/cnn-2023-03-08-the-challenge")
    page.evaluate((room / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8"))
    link = page.locator("mark [data-supports*=' ']").first
    facts = (link.get_attribute("data-supports") or "").split()
    lit = page.locator(".says li.lit")
    link.hover()
    expect(lit).to_have_count(len(facts))
    page.locator(".says li").nth(3).hover()
    expect(lit).to_have_count(1)
    expect(page.locator(".sentence mark.lit").first).to_be_visible()
    page.mouse.move(0, 0)
    link.focus()
    expect(lit).to_have_count(len(facts))
    for colours in SCHEMES:
        page.emulate_media(color_scheme=colours)
        found = page.evaluate("axe.run('.sentence:has(.lit)', {runOnly: ['color-contrast']})")
        assert found["passes"]
        assert [node["html"] for one in found["violations"] for node in one["nodes"]] == [], colours
    page.keyboard.press("Enter")
    expect(page.locator(f"[data-fact='{facts[0]}']").first).to_be_focused()
    expect(lit).to_have_count(1)
    expect(page.locator(f"mark.lit [data-supports~='{facts[0]}']").first).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator(f"[data-supports~='{facts[0]}']").first).to_be_focused()


def test_the_way_from_one_to_another_in_whatever_order_its_ends_are_chosen(page: Page) -> None:
    at(page, "/path")
    start, end = (page.get_by_role("combobox", name=label) for label in ("From", "To"))
    end.fill("landing")
    page.get_by_role("option").first.click()
    expect(page.get_by_text("Choose where to begin.")).to_be_visible()
    page.reload()
    expect(end).to_have_value("Landing of Soyuz MS-19")
    start.fill("peresild")
    page.get_by_role("option").first.click()
    expect(page.get_by_role("status")).to_contain_text("Yulia Peresild and Landing of Soyuz MS-19: ")
    assert page.locator(".receipt mark").count() > 0
    page.go_back()
    expect(start).to_have_value("")
    # Nobody waits for the suggestions: those that are shown are of what was typed before.
    start.fill("hubble")
    expect(page.get_by_role("option").first).to_be_visible()
    start.fill("nasa")
    start.press("Enter")
    expect(start).to_have_value("NASA")
    expect(page.get_by_role("status")).to_contain_text("NASA and Landing")
    page.evaluate("location.hash = '#/path?from=film/the-challenge'")
    expect(start).to_have_value("The Challenge")
    expect(end).to_have_value("")
    expect(page).to_have_title("From The Challenge to another – filmspace")
    start.fill("qqq")
    start.press("Enter")
    expect(page.get_by_role("status")).to_have_text("Nothing is called that.")
    end.focus()
    expect(start).to_have_value("The Challenge")
    end.fill("nasa")
    expect(page.get_by_role("option").first).to_be_visible()
    page.evaluate("location.hash = '#/path?from=bogus&to=film/the-challenge'")
    expect(page.get_by_role("alert")).to_contain_text("“bogus” will not do for from")
    expect(end).to_have_value("The Challenge")
    expect(page.get_by_role("option")).to_have_count(0)


def test_dates_are_drawn_as_uncertain_as_they_are(page: Page) -> None:
    at(page, "/timeline?from=2021&to=2023")
    month = page.locator(".timeline li", has_text="some time in October 2021").first.locator("rect")
    day = page.locator(".timeline li", has_text="5 October 2021").first.locator("rect")
    assert month.evaluate("bar => bar.getBBox().width") > 4 * day.evaluate("bar => bar.getBBox().width")
    assert page.locator(".timeline .planned").count() > 0
    landing = page.locator(".timeline li", has_text="Landing of Soyuz MS-19")
    expect(landing.locator(".mark-of.disputed")).to_have_count(2)
    expect(landing.locator(".mark-of.reported")).to_have_count(2)
    expect(page.locator(".timeline .mark-of.planned").first).to_be_visible()
    at(page, "/timeline?from=1983&to=1985")
    expect(page.locator(".timeline li", has_text="21 June 1985").locator("path.planned")).to_be_visible()
    expect(page.locator(".axis text").first).to_have_text("1983")
    expect(page.locator(".timeline a").first).to_have_text("The Right Stuff: when")


def test_by_the_keyboard_alone(page: Page) -> None:
    at(page, "/")
    page.keyboard.press("Tab")
    expect(page.get_by_text("Skip to the content")).to_be_focused()
    while page.evaluate("document.activeElement.name") != "q":
        page.keyboard.press("Tab")
    page.keyboard.type("yul")
    expect(page.get_by_role("option").first).to_be_visible()
    # What was found for less is had back by an arrow, too.
    page.keyboard.type("ia")
    page.keyboard.press("Escape")
    expect(page.get_by_role("option").first).to_be_hidden()
    assert page.evaluate("document.activeElement.value") == "yulia"
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("option").first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Yulia Peresild")
    assert page.evaluate("document.querySelector('[name=q]').value") == ""
    expect(page.locator("main")).to_be_focused()


def test_a_server_that_is_gone_and_what_is_not_there(page: Page) -> None:
    for path in ("/films/nothing", "/films/100%", "/films/the-challenge/graph/more"):
        at(page, "/films")
        expect(page.get_by_role("alert")).to_have_count(0)
        at(page, path)
        expect(page.get_by_role("alert")).to_contain_text("There is nothing here")
    at(page, "/films")
    expect(page.locator(".list li").first).to_be_visible()
    page.context.set_offline(True)
    page.evaluate("location.hash = '#/timeline'")
    expect(page.get_by_role("alert")).to_contain_text("The server does not answer")
    page.screenshot(path=PICTURES / "state-down.png")
    page.go_back()
    expect(page.locator(".list li").first).to_be_visible()
    page.go_forward()
    page.evaluate("window.isKept = true")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("alert")).to_contain_text("The server does not answer")
    page.context.set_offline(False)
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(".timeline li").first).to_be_visible()
    expect(page.locator("main")).to_be_focused()
    assert page.evaluate("window.isKept")


@pytest.mark.long
@pytest.mark.parametrize("paths", [PAGES[::2], PAGES[1::2]], ids=["one-half", "other-half"])
def test_nobody_is_kept_out(page: Page, room: Path, paths: list[str]) -> None:
    """axe finds nothing, nor of the colours in the dark, and nothing is wider than the window. Pictures are left of it.

    One window shows them all, one after the other: it loads the program, and axe, once.
    """
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    at(page, paths[0])
    page.evaluate((room / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8"))
    for path in paths:
        page.set_viewport_size({"width": 1100, "height": 900})
        page.emulate_media(color_scheme="light")
        at(page, path)
        found = page.evaluate("axe.run().then(found => found.violations)")
        page.emulate_media(color_scheme="dark")
        found += page.evaluate("axe.run({runOnly: ['color-contrast']}).then(found => found.violations)")
        assert [(one["id"], [node["html"] for node in one["nodes"]][:3]) for one in found] == [], path
        name = re.sub(r"[^a-z0-9]+", "-", path).strip("-") or "home"
        for width, colours in WIDTHS.items():
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=colours)
            # A graph is laid out anew within the next frame.
            page.evaluate(DRAWN)
            assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, f"{path} at {width}"
            page.screenshot(path=PICTURES / f"{name}-{width}-{colours}.png")


def test_text_of_sources_is_never_markup_nor_wider_than_a_phone(page: Page, explored: httpx.Client) -> None:
    name = "<img src=x onerror=alert(1)>" + "Vyzov" * 28

    def rename(route: Route) -> None:
        told = route.fetch()
        route.fulfill(response=told, body=told.text().replace("The Challenge", name))

    page.route(lambda url: url.startswith(str(explored.base_url)) and "/assets/" not in url, rename)
    page.set_viewport_size({"width": 360, "height": 900})
    for path in ("/films/the-challenge", *TELLING):
        at(page, path)
        expect(page.locator("main").get_by_text("VyzovVyzov").first).to_be_attached()
        expect(page.locator("main img")).to_have_count(0)
        wide = (
            "[...document.querySelectorAll('main, main *:not(input, .frame *)')].filter(one => one.scrollWidth > 360)"
        )
        assert page.evaluate(f"{wide}.map(one => one.outerHTML.slice(0, 300))") == [], path


def test_a_browser_gets_the_page_and_a_program_json(explored: httpx.Client) -> None:
    page = explored.get("/", headers={"Accept": "text/html"})
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    policy = page.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "script-src 'self'" in policy
    again = explored.get("/", headers={"Accept": "text/html", "If-None-Match": page.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert set(again.headers["vary"].split(", ")) == set(page.headers["vary"].split(", "))
    assert explored.get("/").json()["name"] == "filmspace"
    script = explored.get("/assets/nothing.js")
    assert (script.status_code, script.json()["code"]) == (404, "not_found")


def test_the_first_page_is_small(built: Path) -> None:
    """What it takes to show it, compressed; the graph comes when it is asked for."""
    import gzip

    first = [file for file in (built / "assets").glob("*") if not file.name.startswith("graph")]
    assert sum(len(gzip.compress(file.read_bytes())) for file in first) < 250_000
