"""Looking around: the filters and the years of an address, and the graph from one record to the next."""

import re
from itertools import pairwise
from pathlib import Path

from playwright.sync_api import Page, Route, expect

from tests.explorer.conftest import PICTURES, at

GRAPH = "/films/the-challenge/graph"
# The labels that are not wholly within the frame, and how many pairs of them lie over each other.
LABELS = """() => {
  const frame = document.querySelector(".frame").getBoundingClientRect()
  const boxes = [...document.querySelectorAll(".graph text")].map(one => one.getBoundingClientRect())
  const isOver = (one, other) => one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom
  return {
    cut: boxes.filter(one => one.left < frame.left || one.right > frame.right || one.top < frame.top || one.bottom > frame.bottom).length,
    over: boxes.filter((one, number) => boxes.slice(number + 1).some(other => isOver(one, other))).length,
    size: Math.min(...[...document.querySelectorAll(".graph text")].map(one => parseFloat(getComputedStyle(one).fontSize) * one.getScreenCTM().a)),
  }
}"""


def test_filters_stand_in_the_address(page: Page) -> None:
    at(page, "/films")
    before = page.get_by_role("status").inner_text()
    page.get_by_role("navigation", name="Genre").get_by_role("link", name="space drama").press("Enter")
    expect(page.get_by_role("status")).to_have_text("1 film")
    expect(page.get_by_role("link", name="space drama", exact=True)).to_be_focused()
    assert page.url.endswith("#/films?genre=space+drama")
    page.get_by_role("navigation", name="Genre").get_by_role("link", name="science fiction").click()
    expect(page.get_by_role("status")).to_have_text("2 films")
    page.reload()
    expect(page.get_by_role("status")).to_have_text("2 films")
    page.get_by_role("link", name="science fiction, take away").click()
    expect(page.get_by_role("status")).to_have_text("1 film")
    page.get_by_role("link", name="space drama, take away").click()
    expect(page.get_by_role("status")).to_have_text(before)
    expect(page.locator(".list li", has_text="Apogee of Fear")).to_have_text("Apogee of Fear filmed October 2008")
    page.get_by_role("textbox", name="From").fill("2023")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.get_by_role("link", name="Release date: from 2023, take away")).to_be_visible()
    expect(page.get_by_role("status")).not_to_have_text(before)
    # Whatever narrows a list is told by its name, also what the margin does not offer.
    at(page, "/films?director=klim-shipenko&source=cnn-2023-03-08-the-challenge")
    expect(page.get_by_role("link", name="Source: CNN, 8 March 2023, take away")).to_be_visible()
    page.get_by_role("link", name="Director: Klim Shipenko, take away").click()
    expect(page.get_by_role("status")).to_have_text("4 films")
    at(page, "/people?nationality=russian")
    expect(page.get_by_role("list", name="Filters")).to_have_text("Nationality: Russian ×")


def test_a_phone_shows_results_first_and_all_pages_on_demand(page: Page, room: Path) -> None:
    at(page, "/films?genre=space+drama")
    order = page.get_by_role("navigation", name="Order")
    filters = page.get_by_text("Order and filters, 1 chosen")
    expect(filters).to_be_hidden()
    expect(order).to_be_visible()
    page.set_viewport_size({"width": 360, "height": 740})
    expect(order).to_be_hidden()
    expect(page.locator(".list li").first).to_be_in_viewport()
    filters.press("Enter")
    order.get_by_role("link", name="latest first").click()
    expect(page).to_have_url(re.compile("ordering="))
    expect(order).to_be_visible()
    page.screenshot(path=PICTURES / "state-filters-360.png")
    pages = page.get_by_role("navigation", name="Pages", exact=True)
    expect(pages.get_by_role("link")).to_have_count(0)
    pages.get_by_text("Pages", exact=True).press("Enter")
    expect(pages.get_by_role("link")).to_have_count(10)
    page.screenshot(path=PICTURES / "state-pages-360.png")
    page.evaluate((room / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8"))
    assert page.evaluate("axe.run().then(found => found.violations.map(one => one.id))") == []
    pages.get_by_role("link", name="Characters").click()
    expect(page.locator("h1")).to_have_text("Characters")
    expect(pages.get_by_role("link")).to_have_count(0)
    page.set_viewport_size({"width": 1100, "height": 900})
    expect(pages.get_by_role("link", name="Characters")).to_have_attribute("aria-current", "page")


REFUSED = {
    "/films?nope=1&genre=space+drama": "There is no filter called “nope” here.",
    "/films?ordering=nope": "“nope” will not do for the order.",
    "/films?director=klim-shipenk": "“klim-shipenk” will not do for director: there is no such person. Did you mean",
    "/timeline?from=2023&to=2020": "“From: 2023” and “To: 2020” leave nothing between them.",
    "/disputes?subject=film/nope": "“film/nope” will not do for subject: there is no such film.",
    "/path?from=film/nope": "“film/nope” will not do for from: there is no such film.",
}


def test_a_filter_that_cannot_be_is_named_and_dropped(page: Page) -> None:
    for path, told in REFUSED.items():
        at(page, path)
        expect(page.get_by_role("alert")).to_contain_text(told)
        page.screenshot(path=PICTURES / f"state-refused-{path[1:].partition('?')[0]}.png")
        if path.startswith("/films"):
            expect(page.get_by_role("navigation", name="Genre").get_by_role("link").first).to_be_visible()
        page.get_by_role("alert").get_by_role("link", name="Go on without").press("Enter")
        expect(page.get_by_role("alert")).to_have_count(0)
        # By the keyboard, one stays at what it was about.
        expect(page.locator("body")).not_to_be_focused()
        expect(page.get_by_role("status").or_(page.get_by_text("Choose where to begin"))).to_be_visible()
    at(page, "/films?director=klim-shipenk").get_by_role("alert").get_by_role("link", name="klim-shipenko").press(
        "Enter"
    )
    expect(page.get_by_role("region", name="Results")).to_be_focused()
    at(page, "/films?director=klim-shipenko&source=cnn-2023-03-08-the-challenge")
    page.get_by_role("link", name="Take all away").press("Enter")
    expect(page.get_by_role("list", name="Filters")).to_have_count(0)
    expect(page.get_by_role("region", name="Results")).to_be_focused()
    at(page, "/search?q=")
    expect(page.locator(".empty")).to_contain_text("What are you looking for?")


def test_the_years_are_those_of_the_address(page: Page) -> None:
    at(page, "/timeline")
    page.get_by_role("textbox", name="From").fill("2020")
    page.get_by_role("textbox", name="to", exact=True).fill("2021")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.get_by_role("link", name="From: 2020, take away")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("textbox", name="From")).to_have_value("")
    page.evaluate("location.hash = '#/timeline?from=2021'")
    expect(page.get_by_role("textbox", name="From")).to_have_value("2021")
    expect(page.get_by_role("textbox", name="to", exact=True)).to_have_value("")
    page.evaluate("location.hash = '#/timeline'")
    expect(page.locator(".timeline li", has_text="5 October 2021 at 15:22:31 UTC+3")).to_be_visible()
    row = page.locator(".timeline li", has_text="The Challenge: release date")
    expect(row.locator(".mark-of").first).to_be_visible()
    for width in (360, 1100):
        page.set_viewport_size({"width": width, "height": 800})
        ends = page.locator(".axis text").evaluate_all(
            "all => all.filter(one => one.checkVisibility({visibilityProperty: true})).map(one => one.getBoundingClientRect()).map(one => [one.left, one.right])"
        )
        row_ends = page.locator(".timeline").evaluate(
            "one => [one.getBoundingClientRect()].map(at => [at.left, at.right])[0]"
        )
        assert row_ends[0] <= ends[0][0], f"out on the left at {width}"
        assert ends[-1][1] <= row_ends[1], f"out on the right at {width}"
        assert all(one[1] + 8 <= other[0] for one, other in pairwise(ends)), f"labels touch at {width}"


def test_the_graph_grows_where_it_is_chosen_and_the_way_back_keeps_it(page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    at(page, GRAPH)
    # Nobody counts a neighbour twice who did two things.
    expect(page.get_by_role("status")).to_contain_text("28 connections of The Challenge with 23 others")
    expect(page.locator(".node[role=button]")).to_have_count(24)
    page.get_by_role("button", name="Yulia Peresild, person").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("of Yulia Peresild")
    expect(page.get_by_role("button", name="Yulia Peresild, person")).to_be_focused()
    page.get_by_role("button", name="Soyuz MS-19, event").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("of Soyuz MS-19")
    held = page.locator(".node[role=button]").count()
    assert held > 26
    # What a line means stands below as well, for those who cannot point at it.
    connected = page.get_by_role("region", name="What connects Soyuz MS-19").locator("li")
    expect(connected.filter(has_text="Yulia Peresild")).to_have_text(
        "Soyuz MS-19 participant Yulia Peresild, crew at launch reported"
    )
    connected.get_by_role("link", name="Yulia Peresild").click()
    expect(page.locator("h1")).to_have_text("Yulia Peresild")
    page.go_back()
    expect(page.locator(".node[role=button]")).to_have_count(held)
    page.go_back()
    expect(page.get_by_role("status")).to_contain_text("of Yulia Peresild")
    assert page.locator(".node[role=button]").count() < held


def test_a_graph_can_be_read_however_narrow_the_window(page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    opened = "?open=person/yulia-peresild&open=place/international-space-station&open=event/soyuz-ms-19"
    at(page, GRAPH + opened)
    expect(page.get_by_role("status")).to_contain_text("of Soyuz MS-19")
    for width in (1100, 2560, 360):
        page.set_viewport_size({"width": width, "height": 800})
        found = page.evaluate(f"new Promise(done => requestAnimationFrame(() => done(({LABELS})())))")
        assert (found["cut"], found["over"]) == (0, 0), f"at {width}: {found}"
        assert found["size"] >= 12
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_what_cannot_be_drawn_of_a_graph_says_so(page: Page) -> None:
    at(page, "/films/nope/graph")
    expect(page.get_by_role("alert")).to_contain_text("There is nothing here")
    expect(page).to_have_title("There is nothing here – filmspace")
    held: list[Route] = []
    page.route("**/films/the-challenge", lambda route: held.append(route))
    with page.expect_request("**/films/the-challenge"):
        page.evaluate(f"location.hash = '#{GRAPH}'")
    expect(page.locator(".waiting")).to_be_visible()
    expect(page).to_have_title("filmspace")
    held[0].continue_()
    expect(page.locator(".node[role=button]")).to_have_count(24)
    page.unroute("**/films/the-challenge")
    page.context.set_offline(True)
    page.get_by_role("button", name="Yulia Peresild, person").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("What is around Yulia Peresild could not be loaded.")
    page.screenshot(path=PICTURES / "state-graph-failed.png")
    page.context.set_offline(False)
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("status")).to_contain_text("of Yulia Peresild")
    at(page, f"{GRAPH}?open=film/nope&open=person/klim-shipenko")
    expect(page.get_by_role("alert")).to_contain_text("There is nothing at film/nope")
    expect(page.get_by_role("status")).to_contain_text("of Klim Shipenko")
    page.get_by_role("link", name="Leave it out").press("Enter")
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(page.locator("main")).to_be_focused()
