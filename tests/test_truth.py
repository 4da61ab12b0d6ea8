"""Where sources disagree, and what slipped: over HTTP, on articles written here."""

from collections.abc import Sequence
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from app.projection.facts import Fact, SourceOf, Statement, disputed_sides
from app.values import days_between
from app.vocabulary import PROPERTIES
from app.weighing import agree
from tests.conftest import Serving
from tests.makers import SEED, a_claim, a_folder, get, load

FILM = "film/the-challenge"


def tell(
    engine: Engine, folder: Path, slug: str, *said: tuple[str, str], subject: str = FILM, name: str = "release_date",
    **source: str,
) -> None:  # fmt: skip
    """Load an article that says these values, each in a sentence of its own, as (modality, value)."""
    called = subject.split("/")[1]
    lines = [f"This is about {called}."]
    claims = [a_claim(subject, "name", called, quote=lines[0])]
    for modality, value in said:
        lines.append(f"Of {called} it is said that {value} is {modality}.")
        more = {"attributed_to": called} if modality == "reported" else {}
        if value.endswith(("~", "?")):  # no words have it so
            more["inference"] = "implied"
        claims.append(a_claim(subject, name, value, quote=lines[-1], modality=modality, **more))
    load(engine, a_folder(folder, slug, "\n".join(lines), claims, source=source or None))


def sides(dispute: dict[str, Any]) -> list[list[str]]:
    return [[fact["value"] for fact in side["facts"]] for side in dispute["sides"]]


def test_nothing_is_disputed_or_slipped_in_one_article(api: httpx.Client) -> None:
    assert get(api, "/disputes")["count"] == 0
    assert get(api, "/slips")["count"] == 0
    assert get(api, "/films/the-challenge")["slipped"] == []


def test_a_plan_that_another_article_reports_otherwise_is_a_slip(
    seeded: Engine, serving: Serving, tmp_path: Path
) -> None:
    """The first article plans April 12; this one tells of eight days later."""
    article = (
        "After a short delay the film reached its audience.\n"
        "“The Challenge” opened in cinemas on April 20, 2023, to a full house."
    )
    quote = "“The Challenge” opened in cinemas on April 20, 2023"
    claims = [
        a_claim(FILM, "name", "The Challenge", quote=quote),
        a_claim(FILM, "release_date", "2023-04-20", quote=quote),
    ]
    load(seeded, a_folder(tmp_path, "gazette-opening", article, claims, source={"published": "2023-04-21"}))
    client = serving(seeded)
    (slip,) = get(client, "/slips")["results"]
    assert (slip["subject"]["slug"], slip["property"], slip["key"]) == ("the-challenge", "release_date", "release_date")
    assert slip["slip_days"] == {"at_least": 8, "at_most": 8}
    (plan,) = slip["planned"]
    assert plan["slip_days"] == slip["slip_days"]
    assert (plan["fact"]["value"], plan["fact"]["modality"]) == ("2023-04-12", "planned")
    assert "will be released on April 12" in plan["fact"]["evidence"][0]["quote"]
    assert (slip["happened"]["value"], slip["happened"]["modality"]) == ("2023-04-20", "asserted")
    assert slip["happened"]["evidence"][0]["quote"] == quote
    assert get(client, slip["facts_url"])["count"] == 2
    film = get(client, "/films/the-challenge")
    assert (film["release_date"], film["planned"], film["slipped"], film["disputed"]) == (
        "2023-04-20", [], ["release_date"], [],
    )  # fmt: skip
    assert get(client, "/disputes")["count"] == 0, "a slip is no dispute"
    for source in ("gazette-opening", SEED.name):
        assert get(client, "/slips", source=source)["count"] == 1
    for query in ({"kind": "event"}, {"property": "date"}, {"subject": "film/imax-documentary-2002"}, {"offset": 1}):
        assert get(client, "/slips", **query)["results"] == []


@pytest.mark.parametrize(
    ("one", "other", "is_disputed"),
    [
        ("2021-10-05T08:55:02Z", "2021-10-05T08:55:04Z", True),
        ("2021-10-05T08:55:02Z", "2021-10-05T11:55:02+03:00", False),
        ("2021-10-05T08:55:02Z", "2021-10-05", False),
    ],
)
def test_times_of_day_are_compared_to_the_second(
    engine: Engine, serving: Serving, tmp_path: Path, one: str, other: str, is_disputed: bool
) -> None:
    for slug, value in (("a", one), ("b", other)):
        words = f"Alpha was at {value[11:19]} {'Moscow time' if '+' in value else 'UTC'} on 5 October 2021."
        claims = [
            a_claim("event/alpha", "name", "Alpha", quote=words),
            a_claim("event/alpha", "date", value, quote=words),
        ]
        load(engine, a_folder(tmp_path, slug, words, claims))
    client = serving(engine)
    assert get(client, "/disputes")["count"] == is_disputed
    event = get(client, "/events/alpha")
    assert event["disputed"] == (["date"] if is_disputed else [])
    assert "T" in event["date"], "the finer one is shown"


def test_a_moment_has_another_date_where_it_is_told_in_local_time(
    engine: Engine, serving: Serving, tmp_path: Path
) -> None:
    """Half past midnight in UTC is the evening before in Florida, and the day before that nowhere."""
    moment = "Alpha was launched on 16 November 2020 at 00:27:00 UTC."
    for slug, words, value, modality in (
        ("planned", "Alpha is to be launched on 15 November 2020.", "2020-11-15", "planned"),
        ("there", "Alpha was launched on 15 November 2020.", "2020-11-15", "asserted"),
        ("in-utc", moment, "2020-11-16T00:27:00Z", "asserted"),
    ):
        claims = [
            a_claim("event/alpha", "name", "Alpha", quote=words),
            a_claim("event/alpha", "date", value, quote=words, modality=modality),
        ]
        load(engine, a_folder(tmp_path, slug, words, claims))
    client = serving(engine)
    assert (get(client, "/disputes")["count"], get(client, "/slips")["count"]) == (0, 0)
    claim = {"subject": "event/alpha", "property": "date", "value": "2020-11-15T08:00:00"}
    assert client.post("/check", json=claim).json()["verdict"] == "not_found", "a time of that day leaves it open"
    words = "Alpha was launched on 14 November 2020."
    claims = [a_claim("event/alpha", "date", "2020-11-14", quote=words)]
    load(
        engine, a_folder(tmp_path, "elsewhere", words, [a_claim("event/alpha", "name", "Alpha", quote=words), *claims])
    )
    assert get(client, "/disputes")["count"] == 1


def test_the_plan_that_was_told_last_is_the_plan(engine: Engine, serving: Serving, tmp_path: Path) -> None:
    """Put off by one publisher after two told the same; what says less of the same time does not take its place."""
    for slug, value, published in (
        ("a", "2023-04-12", "2020-01-01"), ("b", "2023-04-12", "2020-02-01"), ("c", "2024-05-06", "2021-01-01"),
        ("d", "2024", "2022-01-01"),
    ):  # fmt: skip
        tell(engine, tmp_path, slug, ("planned", value), ("hoped", published), publisher=slug, published=published)
    film = get(serving(engine), "/films/the-challenge")
    assert (film["release_date"], film["planned"], film["disputed"]) == ("2024-05-06", ["release_date"], [])


def test_a_date_that_its_source_doubts_does_not_stand_for_a_sure_one(
    engine: Engine, serving: Serving, tmp_path: Path
) -> None:
    for slug, value, hoped in (("a", "2021", "2031"), ("b", "2021", "2032"), ("c", "2021-10?", "2033")):
        tell(engine, tmp_path, slug, ("asserted", value), ("hoped", hoped), publisher=slug)
    film = get(serving(engine), "/films/the-challenge")
    assert (film["release_date"], film["disputed"]) == ("2021", [])


def test_what_one_curator_prefers_is_preferred_whoever_says_it_first(
    engine: Engine, serving: Serving, tmp_path: Path
) -> None:
    for year, more in ((2020, {}), (2021, {"rank": "preferred"})):
        line = f"In {year} they said that Alpha is of 1999."
        called = a_claim("film/alpha", "name", "Alpha", quote=line)
        claims = [called, a_claim("film/alpha", "release_date", "1999", quote=line, **more)]
        load(engine, a_folder(tmp_path, f"s{year}", line, claims, source={"published": str(year)}))
    (fact,) = get(serving(engine), "/films/alpha/facts", property="release_date")["results"]
    assert (fact["source_count"], fact["rank"]) == (2, "preferred")


def test_how_far_a_film_has_come_is_what_was_said_last(engine: Engine, serving: Serving, tmp_path: Path) -> None:
    """Said again without a date it is so when it is said; of one day it is the stage that comes last."""
    for slug, published, *told in (
        ("a", "2020-01-01", ("in development", "2019")),
        ("b", "2021-06-01", ("filming", None)),
        ("c", "2023-06-01", ("in development", None)),
    ):
        say(engine, tmp_path, slug, published, told)
    client = serving(engine)
    assert get(client, "/films/alpha")["production_status"] == "in development"
    stages = ("filming", "announced", "released", "in development", "filming completed")
    for number in range(2, len(stages) + 1):
        say(engine, tmp_path, "d", f"2024-01-0{number}", [(one, None) for one in stages[:number]])
        furthest = "released" if number > 2 else "filming"
        assert get(client, "/films/alpha")["production_status"] == furthest


def say(engine: Engine, folder: Path, slug: str, published: str, told: Sequence[tuple[str, str | None]]) -> None:
    """Load an article that tells these stages of a film, each as of a time or none."""
    lines = [f"Alpha: {stage}{f' in {at}' if at else ''}." for stage, at in told]
    claims = [a_claim("film/alpha", "name", "Alpha", quote=lines[0])]
    for (stage, at), line in zip(told, lines, strict=True):
        more: dict[str, Any] = {"qualifiers": {"point_in_time": at}} if at else {}
        claims.append(a_claim("film/alpha", "production_status", stage, quote=line, **more))
    load(engine, a_folder(folder, slug, "\n".join(lines), claims, source={"published": published, "publisher": slug}))


def test_what_can_be_true_together_is_no_dispute(engine: Engine, serving: Serving, tmp_path: Path) -> None:
    expected = {}
    for number, (kind, name, one, other, is_disputed) in enumerate((
        ("place", "altitude", "250 mile", "400 km", False),  # both may be rounded
        ("place", "altitude", "250 mile", "420 km", True),
        ("place", "altitude", "250 mile", "260 mile", True),
        ("event", "duration", "12 day", "290 hour", False),
        ("event", "duration", "3 month", "90 day", False),
        ("event", "cost", "30 million dollar", "905 million rouble", False),
        ("event", "date", "[2021-10..2022-07]", "2022", False),
        ("event", "date", "[2021-10..2022-07]", "2022-08", True),
        ("event", "date", "[2020,2022]", "2021", True),
        ("event", "date", "2021-10-05/2021-10-17", "2021-10-06/2021-10-18", True),
        ("event", "date", "2021-10-05/2021-10-17", "2021-10-06/2021-10-16", True),
        ("event", "date", "2021-10-05/2021-10-17", "2021-10/2021-10", False),
        ("event", "date", "2021-10-05/2021-10-17", "2021-10", False),
        ("event", "date", "2021~", "2022", False),  # about 2021 may be the year after
        ("event", "date", "2021-10~", "2021-09-30", False),
        ("event", "date", "2021~", "2023", True),
        ("event", "date", "2021?", "2022", True),  # who doubts it names no other year
    )):  # fmt: skip
        subject = f"{kind}/alpha-{number}"
        for slug, value in (("a", one), ("b", other)):
            said = ("asserted", value)
            tell(engine, tmp_path, f"{slug}-{number}", said, subject=subject, name=name, publisher=slug)
        expected[f"/{kind}s/alpha-{number}"] = [name] if is_disputed else []
    client = serving(engine)
    assert {url: get(client, url)["disputed"] for url in expected} == expected
    found = get(client, "/disputes", limit=100)["results"]
    assert sorted(one["subject"]["url"] for one in found) == sorted(url for url, keys in expected.items() if keys)


def test_a_date_stands_on_each_side_that_it_overlaps(engine: Engine, serving: Serving, tmp_path: Path) -> None:
    for slug, value in (("a", "2021"), ("b", "2022"), ("c", "[2021-10..2022-07]")):
        tell(engine, tmp_path, slug, ("asserted", value), publisher=slug)
    (dispute,) = get(serving(engine), "/disputes")["results"]
    told = sorted(sorted(side) for side in sides(dispute))
    assert told == [["2021", "[2021-10..2022-07]"], ["2022", "[2021-10..2022-07]"]]


def test_what_one_asserts_and_another_reports_is_one_fact_in_any_order(
    engine: Engine, serving: Serving, tmp_path: Path
) -> None:
    """The one who says so itself speaks for both, be it loaded first or last; a third that disagrees is outvoted."""
    tell(engine, tmp_path, "passed-on", ("reported", "2021"), publisher="One", published="2020-01-01")
    tell(engine, tmp_path, "said", ("asserted", "2021"), publisher="Two", published="2022-01-01")
    tell(engine, tmp_path, "other", ("asserted", "2019"), publisher="Three", published="2023-01-01")
    client = serving(engine)
    said, other = get(client, "/facts", property="release_date")["results"]
    assert (said["modality"], said["attributed_to"], said["source_count"], said["publisher_count"]) == (
        "asserted", None, 2, 2,
    )  # fmt: skip
    assert {one["source"]["slug"]: one["attributed_to"] for one in said["evidence"]} == {
        "passed-on": "the-challenge", "said": None,
    }  # fmt: skip
    assert get(client, "/films/the-challenge")["release_date"] == "2021", "two publishers outweigh a later one"
    (dispute,) = get(client, "/disputes")["results"]
    assert [side["publisher_count"] for side in dispute["sides"]] == [2, 1]
    (stated,) = [
        fact
        for sentence in get(client, "/sources/passed-on/annotated")["sentences"]
        for fact in sentence["facts"]
        if fact["property"] == "release_date"
    ]
    assert (stated["id"], stated["modality"]) == (said["id"], "reported"), "a source is shown as saying what it says"
    assert other["value"] == "2019"


def test_a_slip_is_as_precise_as_its_dates(engine: Engine, serving: Serving, tmp_path: Path) -> None:
    cases: tuple[tuple[tuple[str, ...], str, tuple[int | None, int | None] | None], ...] = (
        (("2023-04",), "2023-04-12", None),
        (("2023-04-12",), "2023-04", None),
        (("2023-04-12",), "2023-04-12", None),
        (("2023-04",), "2023-05", (1, 60)),
        (("2023-04-12",), "2023-04-10", (-2, -2)),
        (("2023-04-12",), "[2024..]", (264, None)),
        (("2023-04-12",), "2024/..", (264, 629)),
        (("2021~",), "2022", None),
        (("2021~",), "2023-04-20", (110, 1204)),
        (("2021-10-05/2021-10-17",), "2021-10-07/2021-10-19", (2, 2)),
        (("[2023-10..2024-07]",), "2024", None),
        (("2023-04-12", "2023-06-01"), "2023-06-01", (50, 50)),
    )
    for number, (plans, _, _) in enumerate(cases):
        for index, plan in enumerate(plans):
            said, at = ("planned", plan), f"2023-0{index + 1}"
            tell(engine, tmp_path, f"plan-{number}-{index}", said, subject=f"film/alpha-{number}", published=at)
    client = serving(engine)
    assert get(client, "/slips")["count"] == 0, "a plan is no slip before it is known what became of it"
    for number, (_, happened, _) in enumerate(cases):
        said = ("asserted", happened)
        tell(engine, tmp_path, f"made-{number}", said, subject=f"film/alpha-{number}", published="2025-01-01")
    found = {one["subject"]["slug"]: one for one in get(client, "/slips", limit=100)["results"]}
    for number, (plans, _, days) in enumerate(cases):
        one = found.pop(f"alpha-{number}", None)
        assert (one and (one["slip_days"]["at_least"], one["slip_days"]["at_most"])) == days, plans
        if one:
            assert [plan["fact"]["value"] for plan in one["planned"]] == list(plans), "as they were told"
    assert found == {}


def test_a_slip_is_counted_in_one_zone(engine: Engine, serving: Serving, tmp_path: Path) -> None:
    """Planned for after midnight in Moscow, where it was ten minutes later: in UTC, in which it is told, the day before."""
    for slug, at, zone, day, value, modality in (
        ("plan", "01:30:00", "Moscow time", 6, "2021-10-06T01:30:00+03:00", "planned"),
        ("kept", "22:40:00", "UTC", 5, "2021-10-05T22:40:00Z", "asserted"),
    ):
        words = f"Alpha was for {at} {zone} on {day} October 2021."
        claims = [
            a_claim("event/alpha", "name", "Alpha", quote=words),
            a_claim("event/alpha", "date", value, quote=words, modality=modality),
        ]
        load(engine, a_folder(tmp_path, slug, words, claims))
    (slip,) = get(serving(engine), "/slips")["results"]
    assert slip["slip_days"] == {"at_least": 0, "at_most": 0}
    assert slip["planned"][0]["slip_days"] == slip["slip_days"]


@given(dates=st.tuples(st.dates(), st.dates()))
def test_days_between_days_are_exact(dates: tuple[Any, Any]) -> None:
    planned, happened = dates
    exact = (happened - planned).days
    assert days_between(str(planned), str(happened)) in ((exact, exact), (None, None))
    coarse = days_between(str(planned)[:7], str(happened)[:4])
    if None not in coarse:
        assert coarse[0] is not None
        assert coarse[1] is not None
        assert coarse[0] <= exact <= coarse[1]


def test_slips_are_ordered_by_days(engine: Engine, serving: Serving, tmp_path: Path) -> None:
    for name, happened in (("alpha", "2023-05-01"), ("beta", "2024-05-01"), ("gamma", "2022-05-01")):
        tell(engine, tmp_path, f"{name}-plan", ("planned", "2023-04-12"), subject=f"film/{name}")
        tell(engine, tmp_path, f"{name}-fact", ("asserted", happened), subject=f"film/{name}")
    client = serving(engine)

    def order(**query: str) -> list[str]:
        return [one["subject"]["slug"] for one in get(client, "/slips", **query)["results"]]

    assert order() == ["alpha", "beta", "gamma"]
    assert order(ordering="slip_days") == ["gamma", "alpha", "beta"]
    assert order(ordering="-slip_days") == ["beta", "alpha", "gamma"]
    page = get(client, "/slips", ordering="-slip_days", limit=2)
    assert (page["count"], len(page["results"])) == (3, 2)
    assert [one["subject"]["slug"] for one in get(client, page["next"])["results"]] == ["gamma"]


def test_all_sides_of_a_dispute_are_shown_with_their_words(engine: Engine, serving: Serving, tmp_path: Path) -> None:
    tell(engine, tmp_path, "a", ("asserted", "2021"), published="2022-01-01", publisher="A")
    tell(engine, tmp_path, "b", ("asserted", "2021-10-05"), published="2022-01-01", publisher="B")
    tell(engine, tmp_path, "c", ("reported", "2022"), ("hoped", "2030"), published="2023-01-01", publisher="C")
    tell(engine, tmp_path, "d", ("planned", "2019"), ("negated", "2018"), published="2024-01-01", publisher="D")
    client = serving(engine)
    (dispute,) = get(client, "/disputes")["results"]
    assert (dispute["shown"], sides(dispute)) == ("2022", [["2022"], ["2021-10-05", "2021"]])
    assert [side["value"] for side in dispute["sides"]] == ["2022", "2021-10-05"]
    assert [(side["source_count"], side["publisher_count"]) for side in dispute["sides"]] == [(1, 1), (2, 2)]
    assert dispute["sides"][0]["facts"][0]["evidence"][0]["quote"].endswith("2022 is reported.")
    film = get(client, "/films/the-challenge")
    assert (film["release_date"], film["disputed"]) == (dispute["shown"], [dispute["key"]])
    assert get(client, dispute["facts_url"])["count"] == 6
    assert [get(client, "/disputes", source=one)["count"] for one in "abcd"] == [1, 1, 1, 0], "plans take no side"
    assert get(client, "/disputes", property="release_date", kind="film", subject=FILM)["count"] == 1
    assert get(client, "/disputes", kind="event")["count"] == 0


def test_who_denies_what_a_record_shows_disputes_it(engine: Engine, serving: Serving, tmp_path: Path) -> None:
    """Of one value that alone, of several each that is denied, and nothing else: not what is denied of another part."""
    tell(engine, tmp_path, "a", ("asserted", "2023-04-20"), publisher="A")
    tell(engine, tmp_path, "b", ("negated", "2023"), ("negated", "2022"), publisher="B")
    line = "Ada played Zoe and won an Oscar and a Globe."
    denial = "Ada did not play Eve, and Ada won no Globe."
    names = [("person/ada", "Ada"), ("character/zoe", "Zoe"), ("character/eve", "Eve")]
    told = [a_claim(one, "name", name, quote=line) for one, name in names[:2]]
    told += [a_claim(FILM, "award", one, quote=line) for one in ("Oscar", "Globe")]
    told += [a_claim(FILM, "cast", quote=line, object="person/ada", qualifiers={"character": "character/zoe"})]
    load(engine, a_folder(tmp_path, "c", line, [a_claim(FILM, "label", "Ada", quote=line), *told]))
    denied = [a_claim(one, "name", name, quote=denial) for one, name in (names[0], names[2])]
    denied += [a_claim(FILM, "award", "Globe", quote=denial, modality="negated")]
    denied += [
        a_claim(FILM, "cast", quote=denial, modality="negated", object="person/ada",
                qualifiers={"character": "character/eve"})
    ]  # fmt: skip
    load(engine, a_folder(tmp_path, "d", denial, [a_claim(FILM, "label", "Ada", quote=denial), *denied]))
    client = serving(engine)
    record = get(client, "/films/the-challenge")
    assert (record["release_date"], record["awards"]) == ("2023-04-20", ["Oscar", "Globe"])
    assert record["disputed"] == ["awards", "release_date"]
    award, released = get(client, "/disputes")["results"]
    assert (award["shown"], sides(award)) == ("Globe", [["Globe"], ["Globe"]])
    assert (released["shown"], sides(released)) == ("2023-04-20", [["2023-04-20"], ["2023"]])
    for one in (award, released):
        assert [side["facts"][0]["modality"] for side in one["sides"]] == ["asserted", "negated"]
        assert one["sides"][1]["publisher_count"] == 1
        assert get(client, "/disputes", property=one["property"])["results"] == [one]
    assert get(client, "/disputes", source="b")["count"] == 1
    page = client.get("/films/the-challenge?format=md").text
    assert [line for line in page.splitlines() if "disputed" in line] == [
        line for line in page.splitlines() if line.startswith(("  - Globe", "- **Release date:**", "  - 2023-04-20"))
    ]
    linked = client.get("/films/the-challenge?format=jsonld").json()
    assert "award" not in linked
    assert get(client, "/people/ada?format=jsonld")["@reverse"]["actor"], "nothing speaks against the part"
    claim = {"subject": FILM, "property": "award", "value": "Globe"}
    assert client.post("/check", json=claim).json()["is_disputed"]


def test_a_dispute_ends_with_the_source_that_began_it(engine: Engine, serving: Serving, tmp_path: Path) -> None:
    tell(engine, tmp_path, "a", ("asserted", "2021"))
    tell(engine, tmp_path, "b", ("asserted", "2022"))
    client = serving(engine)
    assert get(client, "/disputes")["count"] == 1
    tell(engine, tmp_path, "b", ("asserted", "2021-10"))
    assert get(client, "/disputes")["count"] == 0


def test_a_date_that_fits_both_sides_stands_on_both(engine: Engine, serving: Serving, tmp_path: Path) -> None:
    for slug, value in (("a", "2021"), ("b", "2021-10"), ("c", "2021-11")):
        tell(engine, tmp_path, slug, ("asserted", value))
    (dispute,) = get(serving(engine), "/disputes")["results"]
    assert sorted(sides(dispute)) == [["2021-10", "2021"], ["2021-11", "2021"]]
    assert dispute["shown"] == dispute["sides"][0]["value"]


def test_objects_and_quantities_are_disputed_too(engine: Engine, serving: Serving, tmp_path: Path) -> None:
    for slug, value in (("a", "12 day"), ("b", "288 hour"), ("c", "13 day")):
        tell(engine, tmp_path, slug, ("asserted", value), subject="event/flight", name="duration")
    for slug, value in (("f", "3 million dollar"), ("g", "3 million dollars")):
        tell(engine, tmp_path, slug, ("asserted", value), subject="event/flight", name="cost")
    for slug, place in (("d", "place/alpha"), ("e", "place/beta")):
        quote = f"The flight was at {place.split('/')[1]}."
        claims = [
            a_claim("event/flight", "location", quote=quote, object=place),
            a_claim(place, "name", place.split("/")[1], quote=quote),
            a_claim("event/flight", "name", "flight", quote=quote),
        ]
        load(engine, a_folder(tmp_path, slug, quote, claims))
    client = serving(engine)
    duration, location = get(client, "/disputes")["results"]
    assert sorted(len(side) for side in sides(duration)) == [1, 2]
    assert {"amount": 13, "unit": "day"} in [side["value"] for side in duration["sides"]]
    assert {side["value"]["slug"] for side in location["sides"]} == {"alpha", "beta"}
    assert get(client, "/events/flight")["disputed"] == ["duration", "location"]


@given(
    values=st.lists(
        st.sampled_from(
            (
                "2021",
                "2022",
                "2021-10",
                "2021-10-05",
                "2021-1X",
                "2021-11/2022-02",
                "202X",
                "[2021-12..2022-07]",
                "[2020,2022]",
            )
        ),
        min_size=1,
        max_size=7,
    )
)
def test_sides_hold_what_agrees_and_nothing_is_left_out(values: list[str]) -> None:
    """Of what the projection parts: each side agrees within itself, and each value stands somewhere."""
    prop = PROPERTIES["release_date"]
    facts = []
    for index, value in enumerate(dict.fromkeys(values)):
        source = SourceOf(index, f"s{index}", None, str(index), date(2020, 1, 1))
        said: dict[str, Any] = {
            **dict.fromkeys(Statement._fields),
            "source": source, "fact_id": f"{index}", "value": value, "modality": "asserted",
        }  # fmt: skip
        whole: dict[str, Any] = dict.fromkeys(Fact._fields)
        facts.append(Fact(**whole | {"says": Statement(**said), "sources": frozenset({source}), "voices": frozenset()}))
    parted = [[fact.says.value or "" for fact in side] for side in disputed_sides(prop, facts, facts, is_many=False)]
    agreed = all(agree(prop, one, other) for one, other in combinations(set(values), 2))
    assert (parted == []) == agreed
    assert all(agree(prop, one, other) for side in parted for one, other in combinations(side, 2))
    assert agreed or {value for side in parted for value in side} == set(values)
