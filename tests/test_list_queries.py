"""What lists are asked together: filters, orders, pages, facets, keys, records beside them, tables and lines."""

import csv
import io
import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine

from app.api.lists import list_parameters, record_parameters
from app.edtf import parse
from app.http import cursors
from app.loading.rows import ids_of
from app.queries.entities import entity_ids
from app.queries.facts.lists import FactQuery, list_facts
from app.queries.fates import fate_of_identifier
from app.queries.pages import Place
from app.queries.records import list_records
from app.queries.records.fields import fields_of
from app.queries.records.filters import OPERATORS, Filter
from app.queries.records.included import includable, neighbours_of
from app.queries.records.listing import ListQuery
from app.vocabulary import KINDS, PLURALS, Kind
from tests.conftest import Serving, only_seeded_sqlite
from tests.makers import a_claim, a_folder, load, slugs_for
from tests.plans import plans_of, sorts, whole

thorough = settings(max_examples=15)

# Words that the seed has, and some that it has not.
_WORDS = st.sampled_from(
    ("russia", "the", "e", "director", "feature film", "happened", "space", "nothing", "Cosmonaut")
)
_DATES = st.sampled_from(("2020", "2020-11", "2021-10", "2022-07", "2023-04-12", "202X", "2024/..", "1990"))
_VALUES: dict[str, st.SearchStrategy[str]] = {
    "date": _DATES,
    "number": st.sampled_from(("0", "1", "8", "12", "402.3")),
    "time": st.just("2026-01-01T00:00:00Z"),
    "text": _WORDS,
    "prose": _WORDS,
    "texts": _WORDS,
}


@st.composite
def a_list(draw: st.DrawFn) -> tuple[Kind, dict[str, str]]:
    """A kind, and parameters that keep and order its records."""
    kind = draw(st.sampled_from(KINDS))
    fields = list(fields_of(kind).values())
    asked: dict[str, str] = {}
    # Of two fields, since the bounds of one might be reversed.
    for field in draw(st.lists(st.sampled_from(fields), max_size=2, unique_by=lambda one: one.name)):
        operator = draw(st.sampled_from([one for one in OPERATORS if field.type in one.types]))
        values = _VALUES[field.type] if field.type in _VALUES else st.sampled_from(slugs_for(kind, field))
        if field.allowed:
            values = st.sampled_from(field.allowed)
        if operator.name == "isnull":
            values = st.sampled_from(("true", "false"))
        asked[field.name + operator.suffix] = draw(values)
    sortable = [field.name for field in fields if field.is_sortable]
    names = draw(st.lists(st.sampled_from(sortable), max_size=3, unique=True))
    if names:
        asked["ordering"] = ",".join(draw(st.sampled_from(("", "-"))) + name for name in names)
    if draw(st.booleans()):
        asked["certain"] = "true"
    return kind, asked


@thorough
@given(asked=a_list(), limit=st.integers(1, 7))
def test_following_next_is_the_whole_list_and_previous_leads_back(
    api: httpx.Client, asked: tuple[Kind, dict[str, str]], limit: int
) -> None:
    kind, parameters = asked
    path = f"/{PLURALS[kind]}"
    whole = api.get(path, params={**parameters, "limit": 100}).json()
    page = api.get(path, params={**parameters, "limit": limit}).json()
    assert page["previous"] is None
    pages = [page]
    while page["next"]:
        page = api.get(page["next"]).json()
        pages.append(page)
    assert [one for page in pages for one in page["results"]] == whole["results"]
    assert {page["count"] for page in pages} == {whole["count"]} == {len(whole["results"])}
    back = [page]
    while page["previous"]:
        page = api.get(page["previous"]).json()
        back.append(page)
    assert [one for page in reversed(back) for one in page["results"]] == whole["results"]


@thorough
@given(asked=a_list(), offset=st.integers(0, 20))
def test_pages_by_offset_and_by_cursor_are_the_same(
    api: httpx.Client, asked: tuple[Kind, dict[str, str]], offset: int
) -> None:
    kind, parameters = asked
    path = f"/{PLURALS[kind]}"
    whole = api.get(path, params={**parameters, "limit": 100}).json()["results"]
    page = api.get(path, params={**parameters, "limit": 3, "offset": offset}).json()
    assert page["results"] == whole[offset : offset + 3]
    if page["next"]:
        assert api.get(page["next"]).json()["results"] == whole[offset + 3 : offset + 6]
    if page["previous"] and page["results"]:
        assert api.get(page["previous"]).json()["results"] == whole[max(0, offset - 3) : offset]


def a_base(engine: Engine, folder: Path, films: int) -> None:
    """So many films, of few types and dates, most of them alike."""
    article, claims = "", []
    for number in range(films):
        kind, year = ("drama", "comedy", "")[number % 3], ("2001", "2002", "")[number % 4 % 3]
        line = f"Film No {number} is a {kind} film of {year}."
        article += line + "\n"
        claims.append(a_claim(f"film/film-{number}", "name", f"Film No {number}", quote=f"Film No {number} is"))
        if kind:
            claims.append(a_claim(f"film/film-{number}", "film_type", f"{kind} film", quote=line))
            claims.append(a_claim(f"film/film-{number}", "genre", kind, quote=line))
        if year:
            claims.append(a_claim(f"film/film-{number}", "release_date", year, quote=line))
    load(engine, a_folder(folder, "many-films", article, claims))


@pytest.mark.parametrize(
    "name",
    [
        "label",
        "-label",
        "slug",
        "release_date",
        "-release_date",
        "film_type",
        "-film_type",
        "source_count",
        "-source_count",
        "-duration_minutes",
    ],
)
def test_a_page_anywhere_is_found_by_an_index(engine: Engine, tmp_path: Path, name: str) -> None:
    """Nothing is scanned but along an index, and nothing sorted but what is alike in the column ordered by."""
    a_base(engine, tmp_path, 60)
    field = fields_of("film")[name.removeprefix("-")]
    query = ListQuery(ordering=((field, name.startswith("-")),), limit=5)
    with engine.connect() as connection:
        _, page = list_records(connection, "film", query)
        pages = [page]
        while page.after:
            _, page = list_records(connection, "film", replace(query, place=page.after))
            pages.append(page)
    places = [None, *(one.after for one in pages if one.after), *(one.before for one in pages if one.before)]
    assert len(places) > 20
    for place in places:
        plans = plans_of(engine, lambda c, at=place: list_records(c, "film", replace(query, place=at)))  # type: ignore[misc]  # a default has no type
        # Counts read every row there is.
        plans = [(one, plan) for one, plan in plans if "count(*)" not in one and "FROM revision" not in one]
        assert plans
        for statement, plan in plans:
            assert whole(plan) == [], (statement, plan)
            # The many that are alike are found in their order; only those before them, fewer than a page, are not.
            if not re.search(r"film\.\w+ [<>] \(SELECT", statement):
                assert sorts(plan) == [], (statement, plan)


def test_facts_of_a_property_are_counted_and_passed_along_indexes(seeded: Engine) -> None:
    with seeded.connect() as connection:
        every = [one.property for one in list_facts(connection, FactQuery(limit=10_000))[1]]
        for name in set(every):
            assert list_facts(connection, FactQuery(property=(name,), limit=1))[0] == every.count(name)
        count, _ = list_facts(connection, FactQuery(property=("cast", "director")))
        assert count == every.count("cast") + every.count("director") > 1
    plans = plans_of(seeded, lambda connection: list_facts(connection, FactQuery(property=("cast", "genre"))))
    # Whatever else says the same is found by what it says, not among all that is said of the property.
    again = [plan for statement, plan in plans if "min(" in statement and "claim.fingerprint IN" in statement]
    assert again
    assert all("claim_property" not in line for plan in again for line in plan), again
    if seeded.dialect.name == "sqlite":
        (counted,) = [plan for statement, plan in plans if "count(*)" in statement]
        assert any("COVERING INDEX ix_claim_property_fingerprint" in line for line in counted), counted


@pytest.mark.parametrize("ordering", ["label", "-label", "-name,label", "updated_at,-name,film_type"])
def test_long_texts_make_no_long_cursors(engine: Engine, serving: Serving, tmp_path: Path, ordering: str) -> None:
    """What the server hands out it takes back, however long the texts, and however much alike they begin."""
    names = ["Длинное название фильма о космосе " * 12 + f"№ {number // 2}" for number in range(7)]
    lines = [f"{name} is film {number}" for number, name in enumerate(names)]
    article, claims = "".join(f"{line}.\n" for line in lines), []
    for number, (name, line) in enumerate(zip(names, lines, strict=True)):
        claims.append(a_claim(f"film/film-{number}", "name", name, quote=line))
        claims.append(a_claim(f"film/film-{number}", "description", line, quote=line))
    load(engine, a_folder(tmp_path, "long-names", article, claims))
    api = serving(engine)
    whole = api.get("/films", params={"ordering": ordering, "limit": 100}).json()["results"]
    assert len(whole) == 7
    page = api.get("/films", params={"ordering": ordering, "limit": 2}).json()
    there = [page]
    while page["next"]:
        assert len(page["next"]) < 4000
        page = api.get(page["next"]).json()
        there.append(page)
    assert [one for page in there for one in page["results"]] == whole
    back = [page]
    while page["previous"]:
        page = api.get(page["previous"]).json()
        back.append(page)
    assert [one for page in reversed(back) for one in page["results"]] == whole


@pytest.mark.parametrize(
    ("path", "parameters"),
    [
        ("/events", ["participant=foo/bar"]),
        ("/films", ["director=film/the-challenge"]),
        ("/films", ["director=Klim%20Shipenko"]),
        ("/films", ["slug__in=the-challenge,The Challenge"]),
        ("/people", ["films__not=-"]),
        ("/films", ["production_status=relased"]),
        ("/events", ["status=bogus"]),
        ("/films", ["source=a b"]),
        ("/events", ["date__gte=2022", "date__lte=2021"]),
        ("/events", ["date__gt=2022-02", "date__lt=2022-01"]),
        ("/films", ["duration_minutes__gte=9", "duration_minutes__lt=8"]),
        ("/films", ["updated_at__gt=2026-01-02", "updated_at__lte=2026-01-01"]),
    ],
)
def test_what_no_record_could_have_is_refused(api: httpx.Client, path: str, parameters: list[str]) -> None:
    answer = api.get(f"{path}?{'&'.join(parameters)}")
    assert answer.status_code == 422
    assert [one["parameter"] for one in answer.json()["errors"]] == [one.partition("=")[0] for one in parameters]


def test_spans_that_only_touch_are_no_mistake(api: httpx.Client) -> None:
    assert api.get("/events?date__gte=2021-10&date__lte=2021").json()["count"] > 0
    assert api.get("/events?date__gte=2022&date__lte=2022").json()["count"] == 2


@pytest.mark.parametrize("value", ["'", '"', "-", "–’"])
def test_nothing_contains_what_is_not_compared(api: httpx.Client, value: str) -> None:
    assert api.get("/films", params={"label__contains": value}).json()["count"] == 0
    assert api.get("/people", params={"occupation__contains": value}).json()["count"] == 0


def test_certain_is_for_dates_alone(api: httpx.Client) -> None:
    asked = {"film_type__not": "documentary"}
    assert api.get("/films", params={**asked, "certain": "true"}).json() | {"next": 0} == (
        api.get("/films", params=asked).json() | {"next": 0}
    )


def test_time_that_is_shown_can_be_asked_for(api: httpx.Client) -> None:
    shown = api.get("/organisations?limit=1").json()["results"][0]["updated_at"]
    count = api.get("/organisations").json()["count"]
    assert api.get("/organisations", params={"updated_at": shown}).json()["count"] == count
    assert api.get("/organisations", params={"updated_at__gt": shown}).json()["count"] == 0
    assert api.get("/organisations", params={"updated_at__lte": shown}).json()["count"] == count


@pytest.mark.parametrize(
    ("path", "cursor"),
    [
        ("/films", "x"),
        ("/films", "%00"),
        ("/films", "%ED%A0%80"),
        ("/films", "e30"),
        ("/films", "W10"),
        ("/films", cursors.write("label", Place(("a",)))),
        ("/films", cursors.write("label", Place(("a", "b", "c")))),
        ("/films", cursors.write("label", Place((None, "b")))),
        ("/films", cursors.write("label", Place((1, "b")))),
        ("/films", cursors.write("-label", Place(("a", "b")))),
        ("/films", cursors.write("slug", Place(("a", "b")))),
        ("/films?ordering=release_date", cursors.write("release_date", Place(("2021-13-01", "b")))),
        ("/films?ordering=duration_minutes", cursors.write("duration_minutes", Place((float("nan"), "b")))),
        ("/films?ordering=duration_minutes", cursors.write("duration_minutes", Place((True, "b")))),
        ("/films?ordering=source_count", cursors.write("source_count", Place((2**80, "b")))),
        ("/films?ordering=source_count", cursors.write("source_count", Place((2**31, "b")))),
        ("/changes", cursors.write("-revision", Place((2**31,)))),
        ("/films?ordering=updated_at", cursors.write("updated_at", Place(("0001-01-01T00:00:00+14:00", "b")))),
        ("/films", cursors.write("label", Place(("a", "b"), rank=10**4299))),
        ("/films?format=jsonld", cursors.write("label", Place(("a", "b"), rank=2**63))),
        ("/films?offset=3", cursors.write("label", Place(("a", "b")))),
    ],
)
def test_broken_cursor_is_refused(api: httpx.Client, path: str, cursor: str) -> None:
    answer = api.get(f"{path}{'&' if '?' in path else '?'}cursor={cursor}")
    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert error["parameter"] in ("cursor", "offset")


# Words


@thorough
@given(asked=a_list(), q=st.sampled_from(("space", "russian", "Shipinko", "peresild the", "roscomos", "!?", "nothing")))
def test_words_are_searched_within_the_list(api: httpx.Client, asked: tuple[Kind, dict[str, str]], q: str) -> None:
    """What the search finds of the kind, and the filters keep, in the order of the list."""
    kind, parameters = asked
    found = api.get("/search", params={"q": q, "kind": kind, "limit": 100}).json()["results"]
    whole = api.get(f"/{PLURALS[kind]}", params={**parameters, "limit": 100}).json()["results"]
    within = api.get(f"/{PLURALS[kind]}", params={**parameters, "limit": 100, "q": q}).json()
    slugs = {one["slug"] for one in found}
    assert within["results"] == [one for one in whole if one["slug"] in slugs]
    assert within["count"] == len(within["results"])


# Keys


@thorough
@given(data=st.data(), kind=st.sampled_from(KINDS))
def test_fields_are_the_only_keys(api: httpx.Client, data: st.DataObject, kind: Kind) -> None:
    path, known = f"/{PLURALS[kind]}", record_parameters(kind)["fields"].allowed
    wanted = data.draw(st.lists(st.sampled_from(known), min_size=1, unique=True))
    whole = api.get(path, params={"limit": 100}).json()
    part = api.get(path, params={"limit": 100, "fields": ",".join(wanted)}).json()
    assert part["results"] == [{key: one[key] for key in one if key in wanted} for one in whole["results"]]
    record = whole["results"][0]
    assert api.get(record["url"], params=[("fields", one) for one in wanted]).json() == part["results"][0]


def test_of_receipts_alone_all_are_shown(api: httpx.Client) -> None:
    whole = api.get("/films/the-challenge?evidence=ids").json()["facts"]
    assert api.get("/films/the-challenge?evidence=ids&fields=facts").json() == {"facts": whole}
    assert api.get("/films?slug=the-challenge&evidence=ids&fields=slug,facts").json()["results"][0]["facts"] == whole


def test_fields_and_receipts_together(api: httpx.Client) -> None:
    record = api.get("/films/the-challenge?fields=release_date&evidence=ids").json()
    assert record.keys() == {"release_date", "facts"}
    assert record["facts"].keys() == {"release_date"}
    assert record["facts"]["release_date"][0]["modality"] == "planned"


@pytest.mark.parametrize(
    ("parameter", "value", "near"),
    [
        ("fields", "slug,lable", "label"),
        ("include", "credit", "credits"),
        ("facet", "film_typ", "film_type"),
        ("facet", "release_date", None),
        ("format", "cvs", "csv"),
        ("ordering", "", None),
        ("ordering", "lable", "label"),
        ("ordering", "release-date", "release_date"),
        ("ordering", "-relase_date", "-release_date"),
        ("ordering", "label,-filming_dat", "-filming_date"),
        ("fields", "", None),
    ],
)
def test_what_there_is_not_is_refused(api: httpx.Client, parameter: str, value: str, near: str | None) -> None:
    answer = api.get("/films", params={parameter: value})
    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert (error["parameter"], error["did_you_mean"] if near else None) == (parameter, near)


@pytest.mark.parametrize(
    ("asked", "canonical"),
    [
        ("/films?production_status=Released", "/films?production_status=released"),
        ("/films?production_status= FILMING-Complet\u00e9d", "/films?production_status=filming completed"),
        ("/films?production_status__in=Released,filming", "/films?production_status__in=released,filming"),
        ("/films?production_status__not=RELEASED", "/films?production_status__not=released"),
        ("/events?status=HAPPENED", "/events?status=happened"),
        ("/events?status=Happened&status=planned", "/events"),
    ],
)
def test_the_words_of_a_status_are_compared_as_texts_are(library: httpx.Client, asked: str, canonical: str) -> None:
    answer, other = library.get(asked), library.get(canonical)
    assert answer.status_code == 200, answer.text
    assert (answer.json()["count"], answer.json()["results"]) == (other.json()["count"], other.json()["results"])
    (error,) = library.get("/events?status=happend").json()["errors"]
    assert error["did_you_mean"] == "happened"
    assert library.get("/films?format=CSV").status_code == 422, "which is no text of a record"


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("sort", "ordering"), ("order_by", "ordering"), ("query", "q"), ("page", "cursor"), ("Page_Size", "limit"),
        ("skip", "offset"), ("select", "fields"), ("expand", "include"), ("title", "name"), ("directr", "director"),
        ("language", None), ("wholly_unlike", None),
    ],
)  # fmt: skip
def test_what_other_apis_have_by_another_name_is_told(api: httpx.Client, name: str, near: str | None) -> None:
    (error,) = api.get("/films", params={name: "1"}).json()["errors"]
    assert (error["code"], error["did_you_mean"]) == ("unknown_parameter", near)


def test_what_a_name_is_expected_to_be_is_told(api: httpx.Client) -> None:
    (error,) = api.get("/films?director=Klim Shipenko").json()["errors"]
    assert "expected the slug of a person, alone or as person/slug" in error["detail"]
    assert error["did_you_mean"] == "klim-shipenko"


def test_ordering_given_twice_is_one_after_the_other(api: httpx.Client) -> None:
    asked = api.get("/events?ordering=event_type&ordering=-label&limit=2").json()
    assert asked["results"] == api.get("/events?ordering=event_type,-label&limit=2").json()["results"]
    after = api.get(asked["next"]).json()["results"]
    assert after == api.get("/events?ordering=event_type,-label&limit=2&offset=2").json()["results"] != []


# Facets


@thorough
@given(asked=a_list(), data=st.data())
def test_a_facet_counts_what_its_url_lists(api: httpx.Client, asked: tuple[Kind, dict[str, str]], data: Any) -> None:
    kind, parameters = asked
    name = data.draw(st.sampled_from(list_parameters(kind)["facet"].allowed))
    page = api.get(f"/{PLURALS[kind]}", params={**parameters, "facet": name, "limit": 1}).json()
    facet = page["facets"][name]
    assert facet["count"] == len(facet["results"])
    counts = [one["count"] for one in facet["results"]]
    assert counts == sorted(counts, reverse=True)
    for one in facet["results"]:
        assert api.get(one["url"]).json()["count"] == one["count"] > 0
    # What no value of the facet has is unknown: together they are the list without its own filter.
    field = fields_of(kind)[name]
    if field.type == "text":
        others = {key: value for key, value in parameters.items() if key not in (name, f"{name}__in")}
        known = api.get(f"/{PLURALS[kind]}", params=[*others.items(), (f"{name}__isnull", "false")])
        if f"{name}__isnull" not in others:
            assert sum(counts) == known.json()["count"]


def test_facets_show_values_as_they_are_written(api: httpx.Client) -> None:
    facets = api.get("/people?facet=nationality&facet=films&facet=occupation").json()["facets"]
    assert [one["label"] for one in facets["nationality"]["results"]] == ["Russian"]
    assert {"value": "the-challenge", "label": "The Challenge"}.items() <= facets["films"]["results"][0].items()
    country = api.get("/organisations?facet=partner").json()["facets"]["partner"]["results"]
    assert all(one["value"].count("/") == 1 for one in country)


def test_most_frequent_values_only(engine: Engine, serving: Serving, tmp_path: Path) -> None:
    article = "".join(f"Film No {number} is of the genre {'aa' * (number % 30 + 1)}.\n" for number in range(45))
    claims = []
    for number, line in enumerate(article.splitlines()):
        claims.append(a_claim(f"film/film-{number}", "name", f"Film No {number}", quote=line))
        claims.append(a_claim(f"film/film-{number}", "genre", "aa" * (number % 30 + 1), quote=line))
    load(engine, a_folder(tmp_path, "genres", article, claims))
    facet = serving(engine).get("/films?facet=genre").json()["facets"]["genre"]
    assert (facet["count"], len(facet["results"])) == (30, 25)
    assert [one["count"] for one in facet["results"]] == [2] * 15 + [1] * 10


# Records beside others


@pytest.mark.parametrize("kind", KINDS)
def test_included_records_are_the_records(api: httpx.Client, kind: Kind) -> None:
    names = list(includable(kind))
    records = api.get(f"/{PLURALS[kind]}", params={"limit": 100, "include": ",".join(names)}).json()["results"]
    shown = 0
    for record in records:
        assert list(record["included"]) == names
        for name, beside in record["included"].items():
            assert beside["count"] == len(beside["results"])
            for one in beside["results"]:
                assert api.get(one["url"]).json() == one
                assert one["kind"] == includable(kind)[name]
                shown += 1
        # Whatever the record itself refers to is among them.
        own = json.dumps({**record, "included": None})
        for other in [one for beside in record["included"].values() for one in beside["results"]]:
            assert other["url"] in own or record["url"] in json.dumps(other) or "character" in (kind, other["kind"])
    assert shown


def test_included_records_are_cut_and_counted(engine: Engine, serving: Serving, tmp_path: Path) -> None:
    names = [f"Actor {chr(65 + number // 26)}{chr(97 + number % 26)}" for number in range(30)]
    article = "".join(f"{name} plays in Big Film.\n" for name in names)
    claims = [a_claim("film/big-film", "name", "Big Film", quote=f"{names[0]} plays in Big Film")]
    for name in names:
        person, line = f"person/{name.lower().replace(' ', '-')}", f"{name} plays in Big Film"
        claims.append(a_claim(person, "name", name, quote=line))
        claims.append(a_claim("film/big-film", "cast", object=person, quote=line))
    load(engine, a_folder(tmp_path, "big-film", article, claims))
    api = serving(engine)
    credits = api.get("/films/big-film?include=credits").json()["included"]["credits"]
    assert (credits["count"], len(credits["results"])) == (30, 25)
    assert [one["label"] for one in credits["results"]] == names[:25]
    (film,) = api.get("/people/actor-aa?include=films").json()["included"]["films"]["results"]
    assert (film["slug"], film["cast_count"], len(film["cast"])) == ("big-film", 30, 25)


def test_what_may_be_the_earliest_is_before_what_nobody_dates(engine: Engine, serving: Serving, tmp_path: Path) -> None:
    """In the order of lists, beside a record, and among what it has a part in."""
    article = "Ann made A Film, B Film of 1995, and C Film, of 1999 at the latest."
    claims = [a_claim("person/ann", "name", "Ann", quote=article)]
    for letter, released in (("a", None), ("b", "1995"), ("c", "../1999")):
        film = f"film/{letter}-film"
        claims.append(a_claim(film, "name", f"{letter.upper()} Film", quote=article))
        claims.append(a_claim(film, "director", object="person/ann", quote=article))
        if released:
            claims.append(a_claim(film, "release_date", released, quote=article, inference="implied"))
    load(engine, a_folder(tmp_path, "films", article, claims))
    api = serving(engine)
    ann = api.get("/people/ann?include=films").json()
    listed = api.get("/films?ordering=release_date").json()["results"]
    assert [one["slug"] for one in listed] == ["c-film", "b-film", "a-film"]
    assert ann["included"]["films"]["results"] == listed
    assert [one["film"]["slug"] for one in ann["films"]] == ["c-film", "b-film", "a-film"]


# Lines and tables


@thorough
@given(asked=a_list())
def test_lines_are_the_whole_list(api: httpx.Client, asked: tuple[Kind, dict[str, str]]) -> None:
    kind, parameters = asked
    path = f"/{PLURALS[kind]}"
    whole = api.get(path, params={**parameters, "limit": 100}).json()["results"]
    lines = api.get(path, params=parameters, headers={"Accept": "application/x-ndjson"})
    assert lines.headers["content-type"] == "application/x-ndjson"
    assert [json.loads(line) for line in lines.text.splitlines()] == whole
    table = api.get(path, params={**parameters, "format": "csv"})
    assert table.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(table.text, newline="")))
    assert [row["slug"] for row in rows] == [one["slug"] for one in whole]
    for row, record in zip(rows, whole, strict=True):
        assert row["label"] == record["label"]
        assert row["planned"] == "; ".join(record["planned"])
        assert row["description"] == (record["description"] or "")


@pytest.mark.parametrize("media_type", ["text/csv", "application/x-ndjson"])
@pytest.mark.parametrize(
    "path", ["/films?limit=1", "/people?limit=3&ordering=-birth_date", "/events?offset=2&limit=4",
             "/people?occupation=cosmonaut&limit=1", "/films?offset=999&limit=2", "/films?limit=2&q=space"],
)  # fmt: skip
def test_pages_of_lines_lead_to_those_beside_them(library: httpx.Client, path: str, media_type: str) -> None:
    """As the same pages do as JSON."""
    there = path
    while there:
        page, lines = library.get(there), library.get(there, headers={"Accept": media_type})
        assert lines.headers["content-type"].startswith(media_type)
        assert lines.links == page.links
        assert len(lines.text.splitlines()) == len(page.json()["results"]) + (media_type == "text/csv")
        there = page.json()["next"]
    before = {"url": page.json()["previous"], "rel": "prev"} if page.json()["previous"] else None
    assert lines.links.get("prev") == before


def test_more_lines_than_a_batch(engine: Engine, serving: Serving, tmp_path: Path) -> None:
    a_base(engine, tmp_path, 503)
    api = serving(engine)
    lines = api.get("/films?format=ndjson&ordering=-release_date,label").text.splitlines()
    assert len(lines) == len({json.loads(line)["slug"] for line in lines}) == 503
    first = api.get("/films?limit=100&ordering=-release_date,label").json()["results"]
    assert [json.loads(line) for line in lines[:100]] == first
    assert len(api.get("/films?format=ndjson&limit=7&offset=500").text.splitlines()) == 3
    assert api.head("/films?format=csv").text == ""


def test_formulas_are_texts_in_a_table(engine: Engine, serving: Serving, tmp_path: Path) -> None:
    texts = ["=1+1", "+1+1", "-1+1", "@SUM(1)", "-0043", 'a,"b"']
    article = "".join(f"The film {text} was shown.\n" for text in texts)
    claims = [
        a_claim(f"film/film-{number}", "name", text, quote=f"The film {text} was shown")
        for number, text in enumerate(texts)
    ]
    load(engine, a_folder(tmp_path, "formulas", article, claims))
    table = serving(engine).get("/films?format=csv&fields=name&ordering=slug").text
    assert [row[0] for row in csv.reader(io.StringIO(table, newline=""))] == [
        "name", "'=1+1", "'+1+1", "'-1+1", "'@SUM(1)", "-0043", 'a,"b"',
    ]  # fmt: skip


@pytest.mark.parametrize("asked", ["facet=genre", "evidence=ids", "include=events"])
def test_what_no_table_holds_is_refused(api: httpx.Client, asked: str) -> None:
    answer = api.get(f"/films?format=csv&{asked}")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["parameter"] == asked.partition("=")[0]


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("*/*", "application/json"),
        ("", "application/json"),
        ("text/csv", "text/csv; charset=utf-8"),
        ("Text/CSV", "text/csv; charset=utf-8"),
        ("text/csv;q=0.5, application/json;q=0.6", "application/json"),
        ("text/html, application/x-ndjson;q=0.9, */*;q=0.1", "application/x-ndjson"),
        ("text/*", "text/csv; charset=utf-8"),
        ("nonsense", "application/json"),
        ("application/json;q=0", None),
        ("image/png", None),
    ],
)
def test_accept_header_decides(api: httpx.Client, accept: str, expected: str | None) -> None:
    answer = api.get("/films", headers={"Accept": accept})
    if expected:
        assert (answer.status_code, answer.headers["content-type"]) == (200, expected)
    else:
        assert (answer.status_code, answer.json()["code"]) == (406, "not_acceptable")
    assert api.get("/films?format=json", headers={"Accept": accept}).headers["content-type"] == "application/json"


@pytest.mark.parametrize(
    "kept",
    [
        "", "property=name", "property=director&property=cast", "modality=asserted", "inference=none",
        "modality=reported&modality=asserted&inference=weekday&inference=none", "modality=planned", "inference=implied",
    ],
)  # fmt: skip
def test_facts_come_in_one_order_however_they_are_found(library: httpx.Client, kept: str) -> None:
    """Nearly all are walked through; few, and what was known at a moment, are grouped, and sorted."""
    moment = library.get("/changes?limit=1").json()["results"][0]["at"]

    def pages(asked: str, limit: int) -> tuple[list[str], int]:
        found: list[str] = []
        url: str | None = f"/facts?limit={limit}&{asked}"
        while url:
            page = library.get(url).json()
            found += [one["id"] for one in page["results"]]
            url = page["next"]
        return found, page["count"]

    walked, count = pages(kept, 17)
    assert (walked, count) == pages(f"{kept}&known_at={moment}", 100)
    assert len(walked) == len(set(walked)) == count > 0


@pytest.mark.parametrize(
    "query",
    [FactQuery(modality=("planned", "hoped")), FactQuery(inference=("weekday",)), FactQuery(modality=("asserted",))],
)
def test_facts_in_one_sense_are_found_and_counted_along_indexes(seeded: Engine, query: FactQuery) -> None:
    plans = plans_of(seeded, lambda connection: list_facts(connection, query))
    unusual = [
        plan for statement, plan in plans if "claim.modality != '" in statement or "claim.inference != '" in statement
    ]
    assert unusual
    for plan in unusual:
        assert not any(re.match(r"SCAN claim$| *-> +Seq Scan on claim", line) for line in plan), plan
        # PostgreSQL knows that there are few claims here at all.
        if seeded.dialect.name == "sqlite":
            assert any(re.search(r"ix_claim_(modality|inference)", line) for line in plan), plan


def test_what_is_beside_a_few_is_not_looked_for_among_all_of_its_kind(seeded: Engine) -> None:
    plans = plans_of(seeded, lambda connection: neighbours_of(connection, range(1, 21), ["person"]))
    ((_, plan), *_) = plans
    assert not any("ix_entry_kind" in line for line in plan), plan


def test_what_is_named_is_found_by_its_name_and_not_among_all_of_its_kind(seeded: Engine) -> None:
    """By kind and slug, however many are named, and by an identifier elsewhere, whoever else may have one."""
    named = ["film/the-challenge", "film/cruise-liman-project", "person/klim-shipenko", "person/tom-cruise"]
    identifier = fields_of("film")["identifier"]
    kept = (Filter(identifier, "is", ("wikidata:Q1",)), Filter(identifier, "contains", ("tt0",)))

    def ask(connection: Connection) -> None:
        assert sorted(entity_ids(connection, named)) == sorted(named) == sorted(ids_of(connection, named))
        assert fate_of_identifier(connection, "film", "wikidata:Q1") is None
        list_records(connection, "film", ListQuery(filters=kept, ordering=((fields_of("film")["label"], False),)))

    plans = [(one, plan) for one, plan in plans_of(seeded, ask) if "FROM revision" not in one]
    assert len(plans) > 5
    for statement, plan in plans:
        assert whole(plan) == [], (statement, plan)
        assert not any(re.search(r"ix_entry_kind_slug \(kind=\?\)", line) for line in plan), (statement, plan)


@only_seeded_sqlite
@pytest.mark.parametrize("kind", KINDS)
def test_no_filter_of_a_list_reads_whole_tables(seeded: Engine, kind: Kind) -> None:
    """Whatever is asked of a field, an index has it; rows, which are as long as records, are read for a page alone."""
    values: dict[str, Any] = {"number": 8.0, "time": datetime(2026, 1, 1, tzinfo=UTC), "date": parse("2020-11")}
    label = fields_of(kind)["label"]

    def ask(connection: Connection) -> None:
        for field in fields_of(kind).values():
            for operator in OPERATORS:
                told = True if operator.name == "isnull" else values.get(field.type, "the-challenge")
                query = ListQuery(filters=(Filter(field, operator.name, (told,)),), ordering=((label, False),))
                if field.type in operator.types:
                    list_records(connection, kind, query)

    plans = [(one, plan) for one, plan in plans_of(seeded, ask) if "FROM revision" not in one]
    assert len(plans) > 50
    for statement, plan in plans:
        assert whole(plan) == [], (statement, plan)
        assert "FROM claim" not in statement, statement


@pytest.mark.parametrize("query", [FactQuery(value=("Russia",)), FactQuery(value=("drama",), property=("genre",))])
def test_facts_of_a_value_are_found_by_it(seeded: Engine, query: FactQuery) -> None:
    plans = [
        plan
        for one, plan in plans_of(seeded, lambda connection: list_facts(connection, query))
        if "claim.value IN" in one
    ]
    assert plans
    for plan in plans:
        assert any("ix_claim_value" in line for line in plan), plan
    # The pages, of which there may be very many, are those of what is asked for by nothing else, one after another.
    with seeded.connect() as connection:
        every = [one for one in list_facts(connection, FactQuery(limit=10_000))[1] if one.value in query.value]
        told = [one for one in every if not query.property or one.property in query.property]
        found = [list_facts(connection, replace(query, limit=2, offset=at))[1] for at in range(0, len(told) + 2, 2)]
        assert [one for page in found for one in page] == told
        assert list_facts(connection, query)[0] == len(told)
