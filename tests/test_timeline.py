"""The timeline: every date once, in one order, placed by the days that it may mean."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine

from app import edtf
from app.dating import exact_days, in_words
from app.db import make_engine
from app.queries.pages import Place
from app.queries.timeline import TimelineQuery, list_timeline
from tests.conftest import Serving, running
from tests.makers import a_claim, a_dated_folder, a_folder, load
from tests.plans import plans_of

# One event for each: every form that a date can have, alone and within, around and beside the others.
DATES = (
    "2018", "2019", "2019-12", "2019-12-31", "2020", "2020~", "2020?", "2020-01-01", "2020-02", "2020-02-10",
    "2020-02-10/2020-02-20", "2020-02-10/2020-03", "2020/2021", "2020/..", "../2020", "[2020..2021]", "[2020-02,2021]",
    "[..2019]", "[2021-05..]", "{2019,2021}", "2021", "2021-10", "2021-10-05", "2021-10-05/2021-10-17", "202X",
    "2015/2022", "1998/2020", "2022/2023", "2022", "1999-12-31/2000-01-01",
)  # fmt: skip


@pytest.fixture(scope="module")
def dated(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A client of the API over one event for each of DATES, and a film and a person that share some of them."""
    folder = tmp_path_factory.mktemp("dated")
    shutil.copy(migrated_file, folder / "filmspace.db")
    engine = make_engine(f"sqlite:///{folder / 'filmspace.db'}")
    said = [(f"event/event-{index}", "date", value) for index, value in enumerate(DATES)]
    said += [("film/film-0", "release_date", "2020-02"), ("person/person-0", "birth_date", "1998")]
    load(engine, a_dated_folder(folder, "many", said))
    engine.dispose()
    with running(f"sqlite:///{folder / 'filmspace.db'}") as client:
        yield client


def entries(api: httpx.Client, **parameters: Any) -> list[dict[str, Any]]:
    page = api.get("/timeline", params={"limit": 100, **parameters})
    assert page.status_code == 200, page.text
    assert page.json()["count"] == len(page.json()["results"])
    results: list[dict[str, Any]] = page.json()["results"]
    return results


def through(api: httpx.Client, **parameters: Any) -> list[dict[str, Any]]:
    """All entries, page by page."""
    found: list[dict[str, Any]] = []
    url: str | None = str(httpx.URL("/timeline", params=parameters))
    pages = []
    while url:
        page = api.get(url).json()
        pages.append(page["results"])
        found += page["results"]
        assert page["next"] is None or page["results"]
        url = page["next"]
    assert page["count"] == len(found)
    while url := page["previous"]:
        pages.pop()
        page = api.get(url).json()
        assert page["results"] == pages[-1]
    assert len(pages) == 1
    return found


def place(entry: dict[str, Any]) -> tuple[Any, ...]:
    told = edtf.parse(entry["date"])
    return (
        told.earliest or date.min, told.latest or date.max, entry["record"]["kind"], entry["record"]["slug"],
        entry["property"], entry["fact_url"], entry["date"],
    )  # fmt: skip


BOUNDS = st.none() | st.sampled_from(
    ("2014", "2019", "2019-12-31", "2020", "2020-01", "2020-02-10", "2020-02-15", "2020-03", "2021-06", "2021-10-05",
     "2022", "2030", "2020/..", "../2020-06", "[2020-02..2021]")
)  # fmt: skip


@settings(max_examples=25)
@given(
    start=BOUNDS, end=BOUNDS, certain=st.booleans(), is_descending=st.booleans(), limit=st.integers(2, 15),
    offset=st.integers(0, 34), kind=st.sampled_from([(), ("event",), ("film", "person")]),
)  # fmt: skip
def test_what_lies_in_a_span_comes_in_the_order_of_time(
    dated: httpx.Client, start: str | None, end: str | None, certain: bool, is_descending: bool, limit: int,
    offset: int, kind: tuple[str, ...],
) -> None:  # fmt: skip
    """The answer is worked out again, date by date, from what each may mean."""
    first = (start and edtf.parse(start).earliest) or date.min
    last = (end and edtf.parse(end).latest) or date.max
    asked: dict[str, Any] = {"from": start, "to": end, "kind": kind, "certain": "true" if certain else None}
    parameters = {name: value for name, value in asked.items() if value}
    if first > last:
        assert dated.get("/timeline", params=parameters).status_code == 422
        return
    expected = []
    for entry in entries(dated):
        earliest, latest, *_ = place(entry)
        is_in = first <= earliest and latest <= last if certain else earliest <= last and first <= latest
        if is_in and (not kind or entry["record"]["kind"] in kind):
            expected.append(entry)
    expected.sort(key=place, reverse=is_descending)
    if is_descending:
        parameters["ordering"] = "-date"
    assert through(dated, **parameters, limit=limit) == expected
    page = dated.get("/timeline", params={**parameters, "offset": offset, "limit": limit}).json()
    assert (page["count"], page["results"]) == (len(expected), expected[offset : offset + limit])
    assert (page["next"] is None) == (offset + limit >= len(expected))
    assert (page["previous"] is None) == (offset == 0 or not expected)


def test_every_date_is_there_and_says_what_it_may_mean(dated: httpx.Client) -> None:
    found = entries(dated)
    assert sorted(one["date"] for one in found) == sorted([*DATES, "2020-02", "1998"])
    for entry in found:
        told = edtf.parse(entry["date"])
        assert entry["earliest"] == (told.earliest and told.earliest.isoformat())
        assert entry["latest"] == (told.latest and told.latest.isoformat())
        assert (entry["precision"], entry["approximate"], entry["uncertain"]) == (
            told.precision, told.approximate, told.uncertain,
        )  # fmt: skip
        assert entry["label"] == in_words(entry["date"])
        fact = dated.get(entry["fact_url"]).json()
        assert (fact["value"], fact["subject"], fact["property"]) == (
            entry["date"], entry["record"], entry["property"],
        )  # fmt: skip


def test_plan_and_what_happened_stand_side_by_side_and_a_date_said_twice_stands_once(
    engine: Engine, serving: Serving, tmp_path: Path
) -> None:
    film = "film/orbit"
    for slug, published, said in (
        ("a", "2020-01-01", [(film, "release_date", "2021", {"modality": "planned"})]),
        ("b", "2021-01-01", [(film, "release_date", "2022-03", {"modality": "planned"})]),
        ("c", "2023-01-01", [(film, "release_date", "2022", {})]),
        ("d", "2023-02-01", [(film, "release_date", "2022-10-05", {})]),
        ("e", "2023-01-15", [(film, "release_date", "2024-01", {})]),
        ("f", "2023-01-16", [(film, "release_date", "2019", {"modality": "negated"})]),
    ):
        load(engine, a_dated_folder(tmp_path, slug, said, published=published, publisher=slug))
    api = serving(engine)
    record = api.get("/films/orbit").json()
    assert (record["release_date"], record["disputed"]) == ("2022-10-05", ["release_date"])
    stands = {one["date"]: (one["standing"], one["planned"], one["disputed"]) for one in entries(api)}
    assert stands == {
        "2021": ("superseded", True, False),
        "2022-03": ("superseded", True, False),
        "2022-10-05": ("value", False, True),
        "2024-01": ("contradicts", False, True),
    }
    assert [one["date"] for one in entries(api, standing="agrees")] == ["2022"]
    assert [(one["date"], one["standing"]) for one in entries(api, modality="negated")] == [("2019", "beside")]
    assert [one["date"] for one in entries(api, modality=["planned", "negated"])] == ["2019", "2021", "2022-03"]
    # What was counted before is counted anew when the data changed.
    load(engine, a_dated_folder(tmp_path, "g", [("film/another", "release_date", "1999")], publisher="g"))
    assert entries(api)[0]["date"] == "1999"
    assert len(entries(api)) == len(stands) + 1


def test_what_was_so_at_a_time_has_its_value(api: httpx.Client) -> None:
    (entry,) = entries(api, property="production_status")
    assert (entry["date"], entry["value"], entry["modality"]) == ("2020", "in development", "reported")
    assert entry["title"].endswith(": production status (in development)")


def test_what_was_so_before_is_told_beside_what_is_so_now(engine: Engine, serving: Serving, tmp_path: Path) -> None:
    before = ("filming", "2021-10", "October 2021")
    for index, (stage, when, words) in enumerate((before, ("released", "2023", "2023"), before)):
        quote = f"Alpha was {stage} in {words}."
        so = a_claim("film/alpha", "production_status", stage, quote=quote, qualifiers={"point_in_time": when})
        claims = [a_claim("film/alpha", "name", "Alpha", quote=quote), so]
        told = {"published": f"202{index}", "publisher": f"Paper {index}"}
        load(engine, a_folder(tmp_path, f"s{index}", f"{index}. {quote}", claims, source=told))
    api = serving(engine)
    assert api.get("/films/alpha").json()["production_status"] == "released", "though more say what was so before"
    stands = [(one["date"], one["value"], one["standing"], one["disputed"]) for one in entries(api)]
    assert stands == [("2021-10", "filming", "superseded", False), ("2023", "released", "value", False)]


def test_an_entity_has_its_own_dates_and_those_of_what_points_to_it(api: httpx.Client) -> None:
    slugs = {one["record"]["slug"] for one in entries(api, entity="film/the-challenge")}
    assert slugs == {
        "the-challenge", "the-challenge-casting-call", "peresild-selection", "the-challenge-filming",
        "the-challenge-trailer-release",
    }  # fmt: skip
    of_person = entries(api, entity="person/yulia-peresild")
    assert {"the-challenge", "peresild-selection"} <= {one["record"]["slug"] for one in of_person}
    two = ["person/yulia-peresild", "film/the-challenge"]
    both = {one["fact_url"] for entity in two for one in entries(api, entity=entity)}
    assert {one["fact_url"] for one in entries(api, entity=two)} == both
    spanning = entries(api, entity="film/the-challenge", **{"from": "2021-05", "to": "2021-05"})
    assert [one["date"] for one in spanning] == ["[2020-11..2021-10]"]


@pytest.mark.parametrize(
    ("parameters", "names"),
    [
        ({"from": "2022", "to": "2021-12"}, {"from", "to"}),
        ({"from": "soon"}, {"from"}),
        ({"from": "2021-02-30"}, {"from"}),
        ({"to": "2021-13"}, {"to"}),
        ({"to": ""}, {"to"}),
        ({"from": ["2020", "2021"]}, {"from"}),
        ({"ordering": "title"}, {"ordering"}),
        ({"entity": "the-challenge"}, {"entity"}),
        ({"entity": "film/nothing"}, {"entity"}),
        ({"property": "director"}, {"property"}),
        ({"modality": "sure"}, {"modality"}),
        ({"kind": "\0"}, {"kind"}),
        ({"limit": "101"}, {"limit"}),
        ({"offset": "-1"}, {"offset"}),
        ({"form": "2020"}, {"form"}),
        ({"cursor": "nonsense"}, {"cursor"}),
        ({"cursor": "WyJkYXRlIixmYWxzZV0"}, {"cursor"}),
    ],
)
def test_what_cannot_be_understood_is_named(api: httpx.Client, parameters: dict[str, Any], names: set[str]) -> None:
    answer = api.get("/timeline", params=parameters)
    assert answer.status_code == 422
    assert {one["parameter"] for one in answer.json()["errors"]} == names


def test_no_row_is_read_for_an_order_or_a_count(engine: Engine, serving: Serving, tmp_path: Path) -> None:
    """Every statement of a page goes by an index of its own, and sorts at most what lies across one day."""
    load(engine, a_dated_folder(tmp_path, "one", [("film/one", "release_date", "2020")]))
    place = Place((date(2020, 1, 1), date(2020, 12, 31), "film", "one", "release_date", "0", "2020"))
    defaults: dict[str, Any] = {"modality": ("asserted", "reported", "planned"), "standing": ("value", "superseded")}

    def ask(connection: Connection) -> None:
        for more in ({}, {"since": date(2019, 7, 1)}, {"until": date(2021, 1, 1), "is_descending": True},
                     {"property": ("release_date",)}, {"modality": ("planned",)}, {"kind": ("film", "event")}, {"standing": ("beside",)},
                     {"since": date(2019, 7, 1), "certain": True}, {"place": place},
                     {"place": replace(place, is_before=True), "since": date(2019, 7, 1)}):  # fmt: skip
            list_timeline(connection, TimelineQuery(**{**defaults, **more}))

    plans = {statement: plan for statement, plan in plans_of(engine, ask) if "FROM dated" in statement}
    assert len(plans) >= 12
    for statement, plan in plans.items():
        reads = [line for line in plan if re.search("^(SCAN|SEARCH)|Scan ", line)]
        is_across = any(" OR" in line for line in plan)
        assert {"ix_dated_" in line for line in reads} == {True}, plan
        assert is_across or not any("TEMP B-TREE" in line for line in plan), plan
        if "count(*)" in statement and not is_across:
            assert all("COVERING INDEX" in line or "Index Only" in line for line in reads), plan


WORDS = {
    "2021-10-05": "2021-10-05",
    "2021-10-05T08:55:02Z": "2021-10-05 at 08:55:02Z",
    "2021-10": "some time in 2021-10",
    "2021": "some time in 2021",
    "2021~": "about 2021",
    "2021?": "perhaps in 2021",
    "2021-10%": "perhaps about 2021-10",
    "2021-22": "some time in summer 2021",
    "2021-33": "some time in the first quarter of 2021",
    "202X": "some time in the 2020s",
    "20XX": "some time between 2000-01-01 and 2099-12-31",
    "-0043": "some time in -0043",
    "2021-10/2022-07": "from 2021-10 to 2022-07",
    "2021~/2022?": "from about 2021 to perhaps 2022",
    "2025/..": "from 2025 on",
    "2025/": "from 2025 to an unknown day",
    "../2021": "up to 2021",
    "/2021": "from an unknown day to 2021",
    "[2021-10..2022-07]": "some time between 2021-10 and 2022-07",
    "[2021,2023]": "2021 or 2023",
    "[2019,2021..2022,2025..]": "2019, from 2021 to 2022 or from 2025 on",
    "[..2021]": "some time up to 2021",
    "[2021..]": "some time from 2021 on",
    "{2021,2023}": "2021 and 2023",
}


@pytest.mark.parametrize(("text", "words"), WORDS.items())
def test_a_date_in_words(text: str, words: str) -> None:
    assert in_words(text) == words


@given(day=st.dates(), length=st.integers(0, 400))
def test_a_date_names_days_outright_or_not_at_all(day: date, length: int) -> None:
    last = day + timedelta(days=min(length, (date.max - day).days))
    assert exact_days(day.isoformat()) == (day, day)
    assert exact_days(f"{day}/{last}") == (day, last)
    for doubted in (f"{day}~", f"{day}?", f"{day}/..", f"../{day}", f"{day}/", str(day)[:7], str(day)[:4],
                    f"[{day},{last}]", f"{day}/{str(last)[:4]}", f"-{day}" if day.year > 0 else f"{day}~"):  # fmt: skip
        assert exact_days(doubted) is None
