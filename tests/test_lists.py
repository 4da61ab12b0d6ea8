"""Lists of records: paging, ordering and filters, against what the records themselves say."""

import itertools
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from app import edtf
from app.passages import fold
from app.queries.records.fields import Field, fields_of
from app.vocabulary import KINDS, PLURALS, PROPERTIES, Kind
from tests.conftest import Serving
from tests.makers import a_claim, a_folder, load, slugs_for


def slugs(api: httpx.Client, path: str, **parameters: Any) -> list[str]:
    """The slugs of a list, which must be whole on one page."""
    page = api.get(path, params={"limit": 100, **parameters})
    assert page.status_code == 200, page.text
    results = page.json()["results"]
    assert page.json()["count"] == len(results)
    return [record["slug"] for record in results]


def through(api: httpx.Client, path: str, **parameters: Any) -> list[str]:
    """The slugs of a list, page by page."""
    found: list[str] = []
    url: str | None = str(httpx.URL(path, params=parameters))
    pages = []
    while url:
        page = api.get(url).json()
        found += [record["slug"] for record in page["results"]]
        pages.append(page)
        url = page["next"]
    assert len(found) == pages[0]["count"]
    assert {page["count"] for page in pages} == {len(found)}
    while page["previous"]:
        page = api.get(page["previous"]).json()
    assert page["results"] == pages[0]["results"] or len(pages) == 1
    return found


@pytest.mark.parametrize(
    ("path", "parameters", "expected"),
    [
        ("/films", {"director": "klim-shipenko"}, ["the-challenge"]),
        ("/films", {"director": "person/klim-shipenko"}, ["the-challenge"]),
        ("/films", {"cast": "oleg-novitskiy"}, ["the-challenge"]),
        ("/films", {"partner": "organisation/nasa"}, ["cruise-liman-project"]),
        ("/films", {"genre": "Science Fiction"}, ["science-fiction-film-2012"]),
        ("/films", {"film_type": "DOCUMENTARY"}, ["imax-documentary-2002"]),
        ("/films", {"film_type__in": "documentary,feature film"}, ["imax-documentary-2002", "the-challenge"]),
        ("/films", {"film_type__not": "documentary"}, ["science-fiction-film-2012", "cruise-liman-project", "the-challenge"]),
        ("/films", {"film_type__isnull": "true"}, ["science-fiction-film-2012", "cruise-liman-project"]),
        ("/films", {"director__isnull": "false"}, ["the-challenge"]),
        ("/films", {"label__contains": "DOCUMENT"}, ["imax-documentary-2002"]),
        ("/films", {"label__contains": "%"}, []),
        ("/films", {"slug__contains": "CHALL"}, ["the-challenge"]),
        ("/films", {"duration_minutes__lte": "8"}, ["science-fiction-film-2012"]),
        ("/films", {"duration_minutes__lt": "8"}, []),
        ("/films", {"release_date__gte": "2023-04"}, ["the-challenge"]),
        ("/films", {"release_date__lt": "2023-04-12"}, []),
        ("/films", {"slug__in": "the-challenge,cruise-liman-project"}, ["cruise-liman-project", "the-challenge"]),
        ("/films", {"filming_location": "international-space-station"},
         ["imax-documentary-2002", "science-fiction-film-2012", "the-challenge"]),
        ("/people", {"films": "the-challenge"}, ["klim-shipenko", "oleg-novitskiy", "yulia-peresild"]),
        ("/people", {"occupation": "cosmonaut"}, ["anton-shkaplerov", "oleg-novitskiy"]),
        ("/people", {"occupation": ["director", "actress"]}, ["doug-liman", "klim-shipenko", "yulia-peresild"]),
        ("/people", {"nationality": "russian", "occupation": "actress"}, ["yulia-peresild"]),
        ("/people", {"events": "the-challenge-filming"}, ["klim-shipenko", "yulia-peresild"]),
        ("/people", {"affiliation": "spacex"}, ["elon-musk"]),
        ("/organisations", {"country": "russia"}, ["channel-one-russia", "roscosmos"]),
        ("/organisations", {"alternate_name": "roscomos"}, ["roscosmos"]),
        ("/organisations", {"films": "cruise-liman-project"}, ["nasa", "spacex"]),
        ("/events", {"participant": "person/anton-shkaplerov"}, ["journey-to-the-iss-2021"]),
        ("/events", {"participant": "place/russia", "status": "planned"}, ["russia-leaving-the-iss"]),
        ("/events", {"about": "film/cruise-liman-project"}, ["cruise-liman-revelation"]),
        ("/events", {"duration_days__gte": "12"}, ["the-challenge-filming"]),
        ("/events", {"date": "2022", "certain": "true"}, ["russia-iss-announcement-2022"]),
        ("/events", {"date": "2022"}, ["russia-iss-announcement-2022", "invasion-of-ukraine"]),
        ("/events", {"date__gt": "2024"}, ["russia-leaving-the-iss"]),
        ("/events", {"date__lt": "2022"}, ["invasion-of-ukraine", "peresild-selection", "the-challenge-casting-call", "journey-to-the-iss-2021", "the-challenge-filming", "cruise-liman-revelation"]),
        ("/places", {"operator": "nasa"}, ["international-space-station"]),
        ("/places", {"altitude_km__gte": "402", "altitude_km__lte": "403"}, ["international-space-station"]),
        ("/characters", {"portrayed_by": "yulia-peresild"}, ["zhenya"]),
        ("/characters", {"film": "the-challenge"}, ["sick-cosmonaut", "zhenya"]),
        ("/films", {"source": "cnn-2023-03-08-the-challenge", "ordering": "slug"},
         ["cruise-liman-project", "imax-documentary-2002", "science-fiction-film-2012", "the-challenge"]),
        ("/films", {"updated_at__gt": "2020-01-01T00:00:00Z", "limit": 1}, ["imax-documentary-2002"]),
    ],
)  # fmt: skip
def test_filters(api: httpx.Client, path: str, parameters: dict[str, Any], expected: list[str]) -> None:
    if "limit" in parameters:
        assert [one["slug"] for one in api.get(path, params=parameters).json()["results"]] == expected
    else:
        assert sorted(slugs(api, path, **parameters)) == sorted(expected)


def test_unknown_values_come_last_either_way(api: httpx.Client) -> None:
    dated = ["cruise-liman-revelation", "peresild-selection", "the-challenge-casting-call"]
    rising, falling = slugs(api, "/events", ordering="date"), slugs(api, "/events", ordering="-date")
    assert rising[:3] == dated
    assert rising[-2:] == falling[-2:] == ["space-race", "the-challenge-announcement"]
    assert falling[0] == "russia-leaving-the-iss"


def every_record(api: httpx.Client, kind: Kind) -> dict[str, dict[str, Any]]:
    return {one["slug"]: one for one in api.get(f"/{PLURALS[kind]}", params={"limit": 100}).json()["results"]}


@st.composite
def an_ordering(draw: st.DrawFn) -> tuple[Kind, str]:
    kind = draw(st.sampled_from(KINDS))
    sortable = [name for name, field in fields_of(kind).items() if field.is_sortable]
    names = draw(st.lists(st.sampled_from(sortable), min_size=1, max_size=3, unique=True))
    return kind, ",".join(draw(st.sampled_from(("", "-"))) + name for name in names)


@settings(max_examples=40)
@given(asked=an_ordering(), limit=st.integers(1, 7))
def test_pages_are_the_whole_list_in_its_order(api: httpx.Client, asked: tuple[Kind, str], limit: int) -> None:
    kind, ordering = asked
    path = f"/{PLURALS[kind]}"
    whole = slugs(api, path, ordering=ordering)
    assert through(api, path, ordering=ordering, limit=limit) == whole
    assert sorted(whole) == sorted(every_record(api, kind))


DATES = st.sampled_from(
    (
        "2019",
        "2020",
        "2020-11",
        "2021",
        "2021-10",
        "2021-10-05",
        "2022-07",
        "2023-03-07",
        "2024",
        "2025",
        "2026",
        "202X",
        "2021~",
        "2021?",
        "2020-24",
        "2021-37",
        "[2020-11..2021-10]",
        "{2019,2021}",
        "2021-10/2022-07",
        "../2021",
        "2021/..",
    )
)


@settings(max_examples=50)
@given(operator=st.sampled_from(("", "__gte", "__gt", "__lte", "__lt", "__not")), asked=DATES, certain=st.booleans())
def test_a_date_filter_compares_what_both_may_mean(api: httpx.Client, operator: str, asked: str, certain: bool) -> None:
    """The answer is worked out again, day by day, from the EDTF dates of the records."""
    span = edtf.parse(asked)
    start, end = span.earliest or date.min, span.latest or date.max
    # Whether a day fulfils the filter. Of what the date may mean, the first and the last day decide.
    fulfils: dict[str, Callable[[date], bool]] = {
        "__gte": lambda day: day >= start,
        "__gt": lambda day: day > end,
        "__lte": lambda day: day <= end,
        "__lt": lambda day: day < start,
    }
    expected = set()
    for slug, record in every_record(api, "event").items():
        if record["date"] is None:
            if operator == "__not" and not certain:
                expected.add(slug)
            continue
        told = edtf.parse(record["date"])
        first, last = told.earliest or date.min, told.latest or date.max
        if operator in fulfils:
            could, must = (quantity(map(fulfils[operator], (first, last))) for quantity in (any, all))
        else:
            could, must = first <= end and last >= start, first >= start and last <= end
        if operator == "__not":
            could, must = not must, not could
        if must if certain else could:
            expected.add(slug)
    parameters = {f"date{operator}": asked} | ({"certain": "true"} if certain else {})
    assert set(slugs(api, "/events", **parameters)) == expected


def test_every_list_answers_every_field(api: httpx.Client) -> None:
    """Each filter that is offered is accepted, alone and together with another one."""
    example = {"date": "2021", "number": "1", "time": "2026-01-01T00:00:00Z"}
    for kind in KINDS:
        fields = fields_of(kind).values()
        for one, other in itertools.pairwise((*fields, *fields)):
            parameters = {
                field.name: (*field.allowed, *slugs_for(kind, field), example.get(field.type, "x"))[0]
                for field in (one, other)
            }
            if "time" in (one.type, other.type):
                continue
            assert api.get(f"/{PLURALS[kind]}", params=parameters).status_code == 200


def a_partner_of_many(engine: Engine, folder: Path) -> None:
    """An agency with 30 films and 3 partners, and a person with 30 films, each of which is denied them one."""
    said = [("film", f"film-{number:02}", "partner", "organisation/agency", "asserted") for number in range(30)]
    said += [("film", f"film-{number:02}", "director", "person/ann", "asserted") for number in range(30)]
    said += [("organisation", f"firm-{number}", "partner", "organisation/agency", "asserted") for number in range(2)]
    said += [("organisation", "agency", "partner", "organisation/firm-3", "asserted")]
    said += [("film", "film-99", name, whom, "negated") for _, _, name, whom, _ in (said[0], said[30])]
    claims: dict[tuple[str, str], dict[str, Any]] = {}
    lines: list[str] = []
    for kind, slug, name, whom, sense in said:
        lines.append(f"Of {slug} the {name} is {whom.partition('/')[2]}: {sense} {len(lines)}.")
        for one in (f"{kind}/{slug}", whom):
            claims.setdefault((one, "name"), a_claim(one, "name", one.partition("/")[2], quote=lines[-1]))
        claim = a_claim(f"{kind}/{slug}", name, object=whom, quote=lines[-1], modality=sense)
        claims[f"{kind}/{slug}", f"{name} {whom}"] = claim
    load(engine, a_folder(folder, "many", "\n".join(lines), list(claims.values())))


def test_receipts_of_a_list_that_is_cut_are_those_of_what_is_shown(
    engine: Engine, serving: Serving, tmp_path: Path
) -> None:
    """And of what feeds no value, which is nowhere else in the record; what is not cut has all of its own."""
    a_partner_of_many(engine, tmp_path)
    api = serving(engine)
    for path, others in (("/people/ann", {"name": 1}), ("/organisations/agency", {"name": 1, "partners": 3})):
        record = api.get(f"{path}?evidence=quotes").json()
        assert (record["films_count"], len(record["films"]), list(record["more"])) == (30, 25, ["films"])
        facts = record["facts"]
        told = [one["subject"]["slug"] for one in facts["films"]]
        assert told == [*(one["film"]["slug"] for one in record["films"]), "film-99"]
        assert [one["modality"] for one in facts["films"]] == ["asserted"] * 25 + ["negated"]
        assert {key: len(found) for key, found in facts.items() if key != "films"} == others
        assert api.get(record["more"]["films"]).json()["count"] == (31 if path.startswith("/people") else 34)
        addresses = api.get(f"{path}?evidence=ids").json()["facts"]
        assert [one["id"] for one in addresses["films"]] == [one["id"] for one in facts["films"]]
        page = api.get(f"{path}?format=md").text
        assert ("film-24" in page, "film-25" in page, "Denied: [film-99]" in page) == (True, False, True)
        plural, slug = path[1:].split("/")
        (listed,) = api.get(f"/{plural}?slug={slug}&evidence=quotes").json()["results"]
        assert listed["facts"] == facts
    film = api.get("/films/film-00?evidence=quotes").json()["facts"]
    assert {key: len(found) for key, found in film.items()} == {"name": 1, "directors": 1, "partners": 1}


def test_receipts_where_asked_for(api: httpx.Client) -> None:
    plain = api.get("/people/klim-shipenko").json()
    assert plain["facts"] is None
    ids = api.get("/people/klim-shipenko?evidence=ids").json()
    quotes = api.get("/people/klim-shipenko?evidence=quotes").json()
    assert {key: value for key, value in ids.items() if key != "facts"} == {
        k: v for k, v in plain.items() if k != "facts"
    }
    assert ids["facts"].keys() == quotes["facts"].keys() == {"name", "occupations", "films", "events"}
    for key, facts in ids["facts"].items():
        assert [fact["id"] for fact in facts] == [fact["id"] for fact in quotes["facts"][key]]
        for fact in facts:
            assert fact.keys() == {"id", "url", "property", "modality"}
            assert api.get(fact["url"]).json() in quotes["facts"][key]


def shown_under(field: Field, kind: Kind, record: dict[str, Any]) -> set[str]:
    """What the key of a field shows, as filters take it."""
    told = record[field.name if field.type == "inverse" else PROPERTIES[field.properties[0]].field_of(kind)]
    shown = set()
    for entry in told if isinstance(told, list) else filter(None, [told]):
        if isinstance(entry, str):
            shown.add(fold(entry))
        else:
            ref = entry if "slug" in entry else next(one for one in entry.values() if isinstance(one, dict))
            shown.add(f"{ref['kind']}/{ref['slug']}")
    return shown


def test_filters_and_facets_find_what_the_keys_show(seeded: Engine, serving: Serving, tmp_path: Path) -> None:
    """Also of what each of two is to the other, and of names that a record has beside the one that it shows."""
    said = "Agency and Firm work together, on Film, with Other."
    named = ("organisation/agency", "organisation/firm", "organisation/other", "film/film")
    claims = [a_claim(one, "name", one.partition("/")[2].title(), quote=said) for one in named]
    claims.append(a_claim("organisation/agency", "partner", object="organisation/firm", quote=said))
    claims.append(a_claim("film/film", "partner", object="organisation/other", quote=said))
    load(seeded, a_folder(tmp_path, "partners", said, claims))
    other = "Firma is with Other."
    load(seeded, a_folder(tmp_path, "names", other, [a_claim("organisation/firm", "name", "Firma", quote=other)]))
    api = serving(seeded)
    for kind in KINDS:
        records, path = every_record(api, kind), f"/{PLURALS[kind]}"
        for field in fields_of(kind).values():
            # Of two that are partners the one that says so has the other as its `partner`; `partners` has both ways.
            if not field.is_facet or not field.is_linked or (kind, field.name) == ("organisation", "partner"):
                continue
            shown = {slug: shown_under(field, kind, one) for slug, one in records.items()}
            having: dict[str, set[str]] = {}
            for slug, value in ((slug, value) for slug, values in shown.items() for value in values):
                having.setdefault(value, set()).add(slug)
            known = {slug for slug, values in shown.items() if values}
            for asked, found in (("false", known), ("true", records.keys() - known)):
                assert set(slugs(api, path, **{f"{field.name}__isnull": asked})) == found, field
            facet = api.get(path, params={"facet": field.name}).json()["facets"][field.name]
            assert facet["count"] == len(having), field
            for value, is_in in having.items():
                assert set(slugs(api, path, **{field.name: value})) == is_in, (field, value)
            if not (two := sorted(having)[:2]):
                continue
            either_of = set().union(*(having[one] for one in two))
            assert set(slugs(api, path, **{field.name: two})) == either_of, (field, two)
            assert set(slugs(api, path, **{f"{field.name}__not": two})) == records.keys() - either_of, (field, two)
            prefix = f"{field.kinds[0]}/" if len(field.kinds) == 1 else ""
            assert all(one["count"] == len(having[prefix + one["value"]]) for one in facet["results"])
    firm = api.get("/organisations/firm").json()
    assert [one["slug"] for one in firm["partners"]] == ["agency"]
    assert {firm["name"], *firm["alternate_names"]} == {"Firm", "Firma"}
