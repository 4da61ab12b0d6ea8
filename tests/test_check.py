"""Claims held against what sources say: over HTTP, on the project's article and on articles written here."""

import gzip
import tempfile
import tracemalloc
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from app.db import for_writing
from app.loading.load import withdraw_source
from app.queries.asked_claim import LONGEST_VALUE, ClaimError, read_claim
from app.values import canonical
from app.vocabulary import KINDS, PROPERTIES, Kind
from app.weighing import agree, weigh
from tests.conftest import AN_ENGINE, Fresh, Serving, running
from tests.makers import a_claim, a_folder, every_fact, get, load
from tests.test_identity import merge
from tests.test_truth import FILM, tell

HAPPENED = ("asserted", "reported")


def check(client: httpx.Client, subject: Any, name: str, value: Any = None, **more: Any) -> dict[str, Any]:
    claim = {"subject": subject, "property": name, **({} if value is None else {"value": value}), **more}
    response = client.post("/check", json=claim)
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    return found


def refused(client: httpx.Client, claim: Any) -> dict[str, dict[str, Any]]:
    response = client.post("/check", json=claim)
    assert response.status_code == 422, response.text
    assert response.headers["content-type"] == "application/problem+json"
    return {one["pointer"]: one for one in response.json()["errors"]}


def values(facts: Sequence[Mapping[str, Any]]) -> list[Any]:
    return [
        fact["value"]["slug"] if isinstance(fact["value"], dict) and "slug" in fact["value"] else fact["value"]
        for fact in facts
    ]


def hold_each_fact_against_itself(client: httpx.Client) -> int:
    """Put each fact of a base as a question, just as it is answered; returns how many there are."""
    facts = list(every_fact(client))
    for fact in facts:
        asked = check(client, fact["subject"], fact["property"], fact["value"], qualifiers=fact["qualifiers"])
        verdict, deciding = asked["verdict"], [one["id"] for one in asked["facts"]]
        told_as = {one["modality"] for one in (*asked["facts"], *asked["context"])}
        is_of_character = fact["subject"]["kind"] == "character"
        if fact["modality"] in HAPPENED or (fact["modality"] == "fictional" and is_of_character):
            assert verdict == "supported"
            assert fact["id"] in deciding
        elif fact["modality"] == "negated":
            assert verdict == "contradicted" or asked["is_disputed"]
            assert fact["id"] in [one["id"] for one in (*asked["facts"], *asked["context"])]
        elif fact["modality"] == "planned" and not told_as & {*HAPPENED, "negated"}:
            assert verdict == "planned_only"
            assert fact["id"] in deciding
        else:
            assert verdict != "supported" or deciding != [fact["id"]]
        assert asked["claim"]["value"] == fact["value"]
    return len(facts)


def test_every_fact_of_the_article_is_what_it_is(api: httpx.Client) -> None:
    assert hold_each_fact_against_itself(api) > 100


SAID = st.sampled_from(
    [
        *(("release_date", one) for one in ("2021", "2021-10", "2021-10-05", "2022")),
        *(("genre", one) for one in ("drama", "documentary")),
        *(("film_type", one) for one in ("short film", "feature film")),
        *(("duration", one) for one in ("90 minute", "2 hour", "1.5 hour")),
    ]
)


@settings(max_examples=6)
@given(
    on=AN_ENGINE,
    sources=st.lists(
        st.lists(st.tuples(SAID, st.sampled_from(("asserted", "planned", "hoped", "negated"))), min_size=1, max_size=3),
        min_size=1,
        max_size=3,
    ),
)
def test_every_fact_of_any_base_is_what_it_is(
    fresh: Fresh, on: str, sources: list[list[tuple[tuple[str, str], str]]]
) -> None:
    with fresh(on) as engine, tempfile.TemporaryDirectory() as folder:
        for index, source in enumerate(sources):
            for number, ((name, value), modality) in enumerate(source):
                tell(engine, Path(folder), f"s{index}-{number}", (modality, value), name=name)
        with running(engine.url.render_as_string(hide_password=False)) as client:
            hold_each_fact_against_itself(client)
            for made_up in ("horror", "a made-up genre"):
                assert check(client, FILM, "genre", made_up)["verdict"] == "not_found"


@settings(max_examples=20)
@given(
    subject=st.sampled_from(
        (
            "film/the-challenge",
            "event/journey-to-the-iss-2021",
            "person/klim-shipenko",
            "place/international-space-station",
        )
    ),
    data=st.data(),
)
def test_what_can_be_many_is_never_contradicted_by_silence(
    api: httpx.Client, subject: str, data: st.DataObject
) -> None:
    kind: Kind = next(one for one in KINDS if subject.startswith(one))
    many = [
        prop
        for prop in PROPERTIES.values()
        if kind in prop.many and not prop.object_kinds and prop.value_type == "text"
    ]
    prop = data.draw(st.sampled_from(many))
    value = data.draw(
        st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=50).filter(str.strip)
    )
    denied = api.get("/facts", params={"subject": subject, "property": prop.name, "modality": "negated"}).json()[
        "results"
    ]
    asked = check(api, subject, prop.name, value)
    assert asked["verdict"] != "contradicted" or value.casefold() in [str(one["value"]).casefold() for one in denied]


@pytest.mark.parametrize(
    ("name", "value", "verdict", "deciding", "words"),
    [
        ("release_date", "2023-04-12", "planned_only", ["2023-04-12"], "planned"),
        ("release_date", "2023-04", "planned_only", ["2023-04-12"], "planned"),
        ("release_date", "2023-05-01", "not_found", [], "2023-04-12"),
        ("filming_date", "2021", "supported", ["2021", "2021-10"], "say"),
        ("filming_date", "2021-10-05", "not_found", [], "need not be false"),
        ("filming_date", "2020", "contradicted", ["2021", "2021-10"], "otherwise: 2021, 2021-10"),
        ("director", "person/klim-shipenko", "supported", ["klim-shipenko"], "say"),
        ("director", "person/tom-cruise", "not_found", [], "Klim Shipenko"),
        ("birth_place", "x", None, [], ""),
        ("distinction", "First project to be filmed aboard the ISS", "contradicted", ["first project to be filmed aboard the ISS"], "1 current source denies it."),
        ("film_type", "FEATURE  film", "supported", ["feature film"], "say"),
        ("film_type", "cartoon", "contradicted", ["feature film"], "otherwise"),
        ("production_status", "Filming-Completed", "supported", ["filming completed"], "say"),
        ("distinction", "the best", "not_found", [], ", first project to be filmed aboard the ISS (denied))"),
        ("name", "The Challenge", "supported", ["The Challenge"], "say"),
        ("name", "Another Name", "not_found", [], "The Challenge"),
        ("goal", "to glorify the cosmonaut profession", "supported", ["to glorify the cosmonaut profession"], "told by somebody else"),
    ],
)  # fmt: skip
def test_claims_on_a_film(
    api: httpx.Client, name: str, value: str, verdict: str | None, deciding: list[str], words: str
) -> None:
    if verdict is None:
        assert "/property" in refused(api, {"subject": FILM, "property": name, "value": value})
        return
    asked = check(api, FILM, name, value)
    assert (asked["verdict"], values(asked["facts"]), asked["is_disputed"]) == (verdict, deciding, False)
    assert words in asked["explanation"]
    assert all(fact["evidence"][0]["quote"] for fact in asked["facts"])
    assert api.get(asked["facts_url"]).status_code == 200


def test_claims_on_others(api: httpx.Client) -> None:
    assert check(api, "character/zhenya", "occupation", "surgeon")["verdict"] == "supported"
    assert check(api, "character/zhenya", "occupation", "pilot")["verdict"] == "contradicted"
    assert check(api, "organisation/roscosmos", "name", "Roscomos")["facts"][0]["property"] == "alternate_name"
    hoped = check(api, "film/cruise-liman-project", "film_type", "feature film")
    assert (hoped["verdict"], hoped["facts"], hoped["context"][0]["modality"]) == ("not_found", [], "hoped")
    assert "only hoped" in hoped["explanation"]


def test_qualifiers_narrow_a_claim(api: httpx.Client) -> None:
    peresild = "person/yulia-peresild"
    for qualifiers, verdict in (
        ({}, "supported"),
        ({"character": "character/zhenya"}, "supported"),
        ({"character": {"kind": "character", "slug": "zhenya"}}, "supported"),
        ({"character": "character/sick-cosmonaut"}, "not_found"),
    ):
        asked = check(api, FILM, "cast", object=peresild, qualifiers=qualifiers)
        assert asked["verdict"] == verdict
        assert asked["claim"]["qualifiers"].keys() == qualifiers.keys()


@pytest.mark.parametrize(
    ("stated", "claimed", "verdict"),
    [
        ("1948?", "1948?", "supported"), ("1948?", "1948%", "supported"), ("1948?", "1948", "not_found"),
        ("1948?", "1948~", "not_found"), ("1948~", "1948?", "not_found"), ("1948~", "1948%", "supported"),
        ("1948", "1948~", "supported"), ("1948?", "[1948~..1949]", "not_found"),
    ],
)  # fmt: skip
def test_no_doubt_of_another_sort_bears_out_what_a_source_doubts(
    engine: Engine, serving: Serving, tmp_path: Path, stated: str, claimed: str, verdict: str
) -> None:
    tell(engine, tmp_path, "a", ("asserted", stated))
    assert check(serving(engine), FILM, "release_date", claimed)["verdict"] == verdict


def test_a_supported_claim_that_others_speak_against_is_disputed(
    engine: Engine, serving: Serving, tmp_path: Path
) -> None:
    tell(engine, tmp_path, "a", ("asserted", "2021"))
    tell(engine, tmp_path, "b", ("asserted", "2022"))
    tell(engine, tmp_path, "c", ("negated", "2021-10"), ("planned", "2019"))
    client = serving(engine)
    asked = check(client, FILM, "release_date", "2021")
    assert (asked["verdict"], asked["is_disputed"], values(asked["facts"])) == ("supported", True, ["2021"])
    assert values(asked["context"]) == ["2022", "2021-10", "2019"], "what speaks against it comes first"
    assert "others speak against it" in asked["explanation"]
    for doubted in ("2021?", "2021~"):
        asked = check(client, FILM, "release_date", doubted)
        assert (asked["verdict"], asked["is_disputed"]) == ("supported", True), doubted
    asked = check(client, FILM, "release_date", "2021-10-05")
    assert (asked["verdict"], values(asked["facts"])) == ("contradicted", ["2021-10", "2022"]), (
        "a denial is of all in it"
    )
    asked = check(client, FILM, "release_date", "2019")
    assert (asked["verdict"], values(asked["facts"])) == ("contradicted", ["2021", "2022"])
    assert "though it was planned" in asked["explanation"]


def test_a_plan_that_may_have_been_kept_is_still_only_a_plan(engine: Engine, serving: Serving, tmp_path: Path) -> None:
    tell(engine, tmp_path, "a", ("planned", "2023-04-12"), ("asserted", "2023-04"))
    client = serving(engine)
    assert check(client, FILM, "release_date", "2023-04-12")["verdict"] == "planned_only"
    assert check(client, FILM, "release_date", "2023-04")["verdict"] == "supported"


def test_what_changes_with_time_contradicts_nothing(engine: Engine, serving: Serving, tmp_path: Path) -> None:
    for number, status in enumerate(("filming", "released")):
        line = f"Alpha is {status}."
        claims = [
            a_claim("film/alpha", "name", "Alpha", quote=line),
            a_claim("film/alpha", "production_status", status, quote=line),
        ]
        source = {"published": f"202{number}-01-01", "publisher": f"Paper {number}"}
        load(engine, a_folder(tmp_path, f"paper-{number}", line, claims, source=source))
    client = serving(engine)
    assert check(client, "film/alpha", "production_status", "released")["verdict"] == "supported"
    assert check(client, "film/alpha", "production_status", "filming")["verdict"] == "supported"
    assert check(client, "film/alpha", "production_status", "cancelled")["verdict"] == "not_found"
    film = client.get("/films/alpha").json()
    assert (film["production_status"], film["disputed"]) == ("released", [])


def test_a_date_that_narrows_a_claim_may_be_coarser(engine: Engine, serving: Serving, tmp_path: Path) -> None:
    article = "Alpha was released on 5 October 2021. Nobody was filming Alpha in May 2020."
    claims = [
        a_claim("film/alpha", "name", "Alpha", quote=article),
        a_claim(
            "film/alpha", "production_status", "released", quote=article, qualifiers={"point_in_time": "2021-10-05"}
        ),
        a_claim(
            "film/alpha", "production_status", "filming", quote=article, modality="negated",
            qualifiers={"point_in_time": "2020-05"},
        ),
    ]  # fmt: skip
    load(engine, a_folder(tmp_path, "a", article, claims))
    client = serving(engine)
    for status, when, verdict in (
        ("released", "2021-10-05", "supported"),
        ("released", "2021", "supported"),
        ("released", "2022", "not_found"),
        ("filming", "2020-05-17", "contradicted"),
        ("filming", "2020", "not_found"),
    ):
        asked = check(client, "film/alpha", "production_status", status, qualifiers={"point_in_time": when})
        assert (asked["verdict"], when) == (verdict, when)
    claim = {"subject": "film/alpha", "property": "production_status", "value": "released"}
    wrong = refused(client, {**claim, "qualifiers": {"point_in_time": "May 2020"}})
    assert "expected a date such as" in wrong["/qualifiers/point_in_time"]["detail"]


def test_a_record_that_is_gone_is_told_as_that(engine: Engine, serving: Serving, tmp_path: Path) -> None:
    tell(engine, tmp_path, "a", ("asserted", "2021"))
    with for_writing(engine).begin() as connection:
        withdraw_source(connection, "a", "a hoax", actor="tests")
    told = refused(serving(engine), {"subject": FILM, "property": "release_date", "value": "2021"})["/subject"]
    assert (told["code"], told["did_you_mean"]) == ("gone", None)
    assert told["detail"].endswith("The source a was withdrawn: a hoax")


def test_a_withdrawn_source_decides_nothing(engine: Engine, serving: Serving, tmp_path: Path) -> None:
    tell(engine, tmp_path, "a", ("asserted", "2021"))
    tell(engine, tmp_path, "b", ("asserted", "2022"))
    client = serving(engine)
    assert check(client, FILM, "release_date", "2021")["verdict"] == "supported"
    tell(engine, tmp_path, "a", ("asserted", "2022"))
    assert check(client, FILM, "release_date", "2021")["verdict"] == "contradicted"


def test_a_denial_of_a_part_is_none_of_the_whole(engine: Engine, serving: Serving, tmp_path: Path) -> None:
    article = "Ann is not in Alpha as Zed. There are Ann, Alpha and Zed."
    claims = [
        a_claim("film/alpha", "name", "Alpha", quote=article),
        a_claim("person/ann", "name", "Ann", quote=article),
        a_claim("character/zed", "name", "Zed", quote=article),
        a_claim(
            "film/alpha", "cast", quote="Ann is not in Alpha as Zed.", modality="negated", object="person/ann",
            qualifiers={"character": "character/zed"},
        ),
    ]  # fmt: skip
    load(engine, a_folder(tmp_path, "a", article, claims))
    client = serving(engine)
    denied = check(client, "film/alpha", "cast", object="person/ann", qualifiers={"character": "character/zed"})
    assert denied["verdict"] == "contradicted"
    asked = check(client, "film/alpha", "cast", object="person/ann")
    assert (asked["verdict"], "denied in part" in asked["explanation"]) == ("not_found", True)


def test_what_was_merged_is_asked_of_by_either_name(engine: Engine, serving: Serving, tmp_path: Path) -> None:
    for slug, film, person, value in (
        ("a", "film/one", "person/ann", "2021"),
        ("b", "film/two", "person/anna", "2022"),
    ):
        told = f"{film} was made by {person} in {value}."
        claims = [a_claim(one, "name", one, quote=told) for one in (film, person)]
        claims += [
            a_claim(film, "release_date", value, quote=told),
            a_claim(film, "director", object=person, quote=told),
        ]
        load(engine, a_folder(tmp_path, slug, told, claims))
    client = serving(engine)
    assert check(client, "film/one", "director", "person/anna")["verdict"] == "not_found"
    assert get(client, "/disputes")["count"] == 0
    for old, into in (("person/anna", "person/ann"), ("film/two", "film/one")):
        merge(engine, old, into)
    for film in ("film/one", "film/two"):
        asked = check(client, film, "director", "person/anna")
        assert (asked["verdict"], asked["claim"]["subject"]["slug"], asked["claim"]["value"]["slug"]) == (
            "supported",
            "one",
            "ann",
        )
        assert check(client, film, "release_date", "2021")["is_disputed"]
    for subject in ("film/one", "film/two"):
        (dispute,) = get(client, "/disputes", subject=subject, source="b")["results"]
        assert (dispute["subject"]["slug"], sorted(side["value"] for side in dispute["sides"])) == (
            "one",
            ["2021", "2022"],
        )


@pytest.mark.parametrize(
    ("claim", "pointer", "code", "near"),
    [
        ({}, "/subject", "missing", None),
        ({"subject": FILM}, "/property", "missing", None),
        ({"subject": FILM, "property": "director"}, "/value", "missing", None),
        ({"subject": FILM, "property": "director", "value": "x", "object": "y"}, "/object", "invalid_value", None),
        ({"subject": FILM, "property": "director", "value": None}, "/value", "invalid_value", None),
        ({"subject": FILM, "property": "director", "object": None}, "/object", "invalid_value", None),
        ({"subject": FILM, "property": "directors", "object": "person/klim-shipenko"}, "/property", "invalid_value", "director"),
        ({"subject": FILM, "property": "duration_minutes", "value": "8 minute"}, "/property", "invalid_value", "duration"),
        ({"subject": FILM, "property": "releas_date", "value": "2021"}, "/property", "invalid_value", "release_date"),
        ({"subject": FILM, "property": "birth_date", "value": "2021"}, "/property", "invalid_value", None),
        ({"subject": FILM, "property": 7, "value": "2021"}, "/property", "invalid_value", None),
        ({"subject": "film/the-chalenge", "property": "release_date", "value": "2021"}, "/subject", "not_found", FILM),
        ({"subject": "/films/the-challenge", "property": "release_date", "value": "2021"}, "/subject", "invalid_value", FILM),
        ({"subject": {"kind": "film"}, "property": "release_date", "value": "2021"}, "/subject", "invalid_value", None),
        ({"subject": FILM, "property": "director", "object": "person/klim-shipenk"}, "/object", "not_found", "person/klim-shipenko"),
        ({"subject": FILM, "property": "director", "object": "place/russia"}, "/object", "invalid_value", None),
        ({"subject": FILM, "property": "release_date", "object": "place/russia"}, "/object", "invalid_value", None),
        ({"subject": FILM, "property": "release_date", "value": "2021-02-30"}, "/value", "invalid_value", None),
        ({"subject": FILM, "property": "release_date", "value": 2021}, "/value", "invalid_value", None),
        ({"subject": FILM, "property": "duration", "value": "long"}, "/value", "invalid_value", None),
        ({"subject": FILM, "property": "duration", "value": {"amount": True, "unit": "day"}}, "/value", "invalid_value", None),
        ({"subject": FILM, "property": "duration", "value": {"amount": 10**40, "unit": "day"}}, "/value", "invalid_value", None),
        ({"subject": FILM, "property": "production_status", "value": "relased"}, "/value", "invalid_value", "released"),
        ({"subject": FILM, "property": "genre", "value": " "}, "/value", "invalid_value", None),
        ({"subject": FILM, "property": "genre", "value": "a\0b"}, "/value", "invalid_value", None),
        ({"subject": FILM, "property": "genre", "value": "x" * (LONGEST_VALUE + 1)}, "/value", "invalid_value", None),
        ({"subject": FILM, "property": "genre", "value": "x", "objekt": 1}, "/objekt", "unknown_parameter", "object"),
        ({"subject": FILM, "property": "genre", "value": "x", "a/b~c": 1}, "/a~1b~0c", "unknown_parameter", None),
        ({"subject": FILM, "property": "genre", "value": "x", "qualifiers": []}, "/qualifiers", "invalid_value", None),
        ({"subject": FILM, "property": "cast", "value": "person/klim-shipenko", "qualifiers": {"charakter": 1}}, "/qualifiers/charakter", "unknown_parameter", "character"),
        ({"subject": FILM, "property": "cast", "value": "person/klim-shipenko", "qualifiers": {"character": 1}}, "/qualifiers/character", "invalid_value", None),
        ([], "", "invalid_value", None),
        ("film/the-challenge", "", "invalid_value", None),
    ],
)  # fmt: skip
def test_a_wrong_claim_is_refused_at_its_place(
    api: httpx.Client, claim: Any, pointer: str, code: str, near: str | None
) -> None:
    errors = refused(api, claim)
    assert pointer in errors, errors
    assert (errors[pointer]["code"], errors[pointer]["did_you_mean"]) == (code, near)


def test_what_was_expected_is_told(api: httpx.Client) -> None:
    year = refused(api, {"subject": FILM, "property": "release_date", "value": 2021})
    assert "expected one date as text, such as '2021-10'," in year["/value"]["detail"]
    colour = refused(api, {"subject": FILM, "property": "colour", "value": "red"})
    assert {"director", "cost"} < {*colour["/property"]["allowed"]}
    assert "birth_date" not in colour["/property"]["allowed"], "a film has none"


def test_a_mistake_is_told_in_good_english(api: httpx.Client) -> None:
    directed = refused(api, {"subject": FILM, "property": "director", "object": "organisation/roscosmos"})
    assert "an organisation cannot stand here" in directed["/object"]["detail"]
    born = refused(api, {"subject": "organisation/roscosmos", "property": "birth_date", "value": "2021"})
    assert "not of an organisation; expected what is said of an organisation" in born["/property"]["detail"]


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"", {}, 422),
        (b'{"subject"', {}, 422),
        (b"\xff", {}, 422),
        (b"[" * 60_000, {}, 422),
        (b"[" * 10_000 + b"]" * 10_000, {}, 422),
        (b'{"subject": ' + b"9" * 5_000 + b"}", {}, 422),
        (gzip.compress(b"{}", mtime=0), {"Content-Encoding": "gzip"}, 422),
        (b'{"subject": NaN}', {}, 422),
        (b'{"subject": "\\ud800", "\\udfff": "\\ud800", "property": "\\u0000"}', {}, 422),
        (b'{"x": "' + b"x" * 70_000 + b'"}', {}, 413),
        (b"{}", {"Content-Type": "text/plain"}, 415),
        (b"{}", {"Accept": "text/csv"}, 406),
    ],
)  # fmt: skip
def test_what_is_no_claim_is_a_problem(api: httpx.Client, body: bytes, headers: dict[str, str], status: int) -> None:
    response = api.post("/check", content=body, headers={"Content-Type": "application/json", **headers})
    assert response.status_code == status
    assert response.json()["status"] == status
    assert response.headers["content-type"] == "application/problem+json"
    if status == 422 and b"ud800" not in body:
        assert [one["pointer"] for one in response.json()["errors"]] == [""]


def test_no_claim_at_all_is_missing(api: httpx.Client) -> None:
    """What is not sent has no type either: that would be the wrong thing to complain of."""
    response = api.post("/check")
    assert (response.status_code, [one["code"] for one in response.json()["errors"]]) == (422, ["missing"])
    assert api.post("/check", content=b"{}").status_code == 415
    assert api.post("/check", content=iter([b"{}"])).status_code == 415


@pytest.mark.parametrize("body", [b"\xff", b"[1", b"[" * 10_000, b"9" * 5_000, b"NaN", "{}".encode("utf-16")])
def test_what_is_no_json_is_told_in_a_sentence(api: httpx.Client, body: bytes) -> None:
    answer = api.post("/check", content=body, headers={"Content-Type": "application/json"}).json()
    (error,) = answer["errors"]
    assert (error["pointer"], error["code"]) == ("", "invalid_value")
    assert error["detail"].startswith("The body ")
    assert error["detail"].endswith("; expected an object of JSON, in UTF-8 and as it is.")


def test_a_key_that_is_given_twice_is_refused_at_its_place(api: httpx.Client) -> None:
    twice = b"""{"subject": "film/the-challenge", "subject": "film/alpha", "property": "cast",
        "object": {"kind": "person", "slug": "a", "slug": "b"}, "x": [{"a/b~": 1, "a/b~": 2}]}"""
    answer = api.post("/check", content=twice, headers={"Content-Type": "application/json"})
    assert answer.status_code == 422
    assert [one["pointer"] for one in answer.json()["errors"]] == ["/subject", "/object/slug", "/x/0/a~1b~0"]
    many = ", ".join(f'"\\ud800{number}": 1, "\\ud800{number}": 1' for number in range(1000))
    answer = api.post("/check", content=f"{{{many}}}", headers={"Content-Type": "application/json"})
    assert (answer.status_code, len(answer.json()["errors"])) == (422, 10)


def test_no_refusal_tells_a_token(api: httpx.Client, engine: Engine) -> None:
    """Whoever puts one where it does not belong finds it in no error."""
    token = f"filmspace_{'Ab3' * 12}"
    narrowed = {"subject": FILM, "property": "cast", "object": "person/yulia-peresild", "qualifiers": {token: 1}}
    for claim in ({token: 1}, narrowed, {"subject": token, "property": token, "value": token}):
        refused(api, claim)
        assert "Ab3" not in api.post("/check", json=claim).text
        with engine.connect() as connection, pytest.raises(ClaimError) as caught:
            read_claim(connection, claim)
        assert "Ab3" not in str(caught.value)


def test_a_body_that_is_nested_deeply_takes_no_room(api: httpx.Client) -> None:
    """Where it is, is told only of what is wrong: the way to each of very many parts would be as long as a page."""
    levels, key = 300, "k" * 80
    within = f'{{"a": 1, "a": 2, "b": [{",".join(["[]"] * 8000)}]}}'
    body = f'{{"{key}": ' * levels + within + "}" * levels
    tracemalloc.start()
    try:
        answer = api.post("/check", content=body, headers={"Content-Type": "application/json"})
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert [one["pointer"] for one in answer.json()["errors"]] == [f"/{key}" * levels + "/a"]
    assert most < 20_000_000


def test_a_denial_is_told_from_another_value(engine: Engine, serving: Serving, tmp_path: Path) -> None:
    tell(engine, tmp_path, "a", ("negated", "2021"))
    tell(engine, tmp_path, "b", ("asserted", "2022"))
    client = serving(engine)
    asked = check(client, FILM, "release_date", "2021")
    assert asked["explanation"] == "1 current source denies it, 1 gives another value: 2022."
    tell(engine, tmp_path, "c", ("asserted", "2023"), ("negated", "2021"))
    asked = check(client, FILM, "release_date", "2021")
    assert asked["explanation"] == "2 current sources deny it, 2 give other values: 2022, 2023."


def test_refusals_of_a_body_are_documented(api: httpx.Client) -> None:
    responses = api.get("/openapi.json").json()["paths"]["/check"]["post"]["responses"]
    assert {"200", "413", "415", "422"} <= responses.keys()
    assert "414" not in responses


def test_a_body_without_an_announced_length_is_bounded_too(api: httpx.Client) -> None:
    chunks = (b" " * 1000 for _ in range(100))
    response = api.post("/check", content=chunks, headers={"Content-Type": "application/json"})
    assert response.status_code == 413


def test_an_answer_is_not_kept_and_any_page_may_ask(api: httpx.Client) -> None:
    claim = {"subject": FILM, "property": "filming_date", "value": "2021"}
    response = api.post("/check", json=claim, headers={"Origin": "https://example.org", "If-None-Match": "*"})
    assert response.status_code == 200
    assert (response.headers["cache-control"], response.headers["access-control-allow-origin"]) == ("no-store", "*")
    assert "etag" not in response.headers
    asking = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
    preflight = api.options("/check", headers={"Origin": "https://example.org", **asking})
    assert preflight.status_code == 200
    assert "POST" in preflight.headers["access-control-allow-methods"]
    for method in ("GET", "HEAD", "PUT"):
        answer = api.request(method, "/check")
        assert (answer.status_code, answer.headers["allow"]) == (405, "POST, OPTIONS")
    assert api.options("/check").headers["allow"] == "POST, OPTIONS"
    assert api.post("/check?x=1", json=claim).json()["errors"][0]["code"] == "unknown_parameter"
    assert api.post("/check/", json=claim).status_code == 200


# How a claimed value stands to a stated one


@pytest.mark.parametrize(
    ("name", "claimed", "stated", "standing"),
    [
        ("release_date", "2021-10-05", "2021-10-05", "stated"),
        ("release_date", "2021", "2021-10-05", "stated"),
        ("release_date", "2021-10-05", "2021-10", "open"),
        ("release_date", "2021-10-06", "2021-10-05", "excluded"),
        ("release_date", "[2021-10..2022-07]", "2021-12", "stated"),
        ("release_date", "[2021-10..2022-07]", "2022", "open"),
        ("release_date", "[2020,2022]", "2021", "open"),
        ("release_date", "[2020,2022]", "2022-05", "stated"),
        ("release_date", "[..2022]", "2021", "stated"),
        ("release_date", "[2022..]", "2021", "excluded"),
        ("release_date", "2021-10-05", "{2021-10-05,2021-10-17}", "stated"),
        ("release_date", "{2021-10-05,2021-10-17}", "2021-10-05", "open"),
        ("release_date", "2021", "2021~", "open"),
        ("release_date", "2022", "2021~", "open"),
        ("release_date", "2021~", "2021-10", "stated"),
        ("release_date", "2021~", "2022", "open"),
        ("release_date", "2021?", "2021?", "stated"),
        ("release_date", "2021-10", "2021-10-05/2021-10-17", "stated"),
        ("release_date", "2021-10-05", "2021-10-05/2021-10-17", "open"),
        ("release_date", "2021-10/2021-11", "2021-10-05/2021-11-03", "stated"),
        ("release_date", "2021-10-01/2021-10-31", "2021-10-05/2021-10-17", "open"),
        ("release_date", "2021/2022", "2021-10", "open"),
        ("release_date", "2024", "2025/..", "excluded"),
        ("release_date", "2026", "2025/..", "open"),
        ("release_date", "2021-10-05T08:55:02Z", "2021-10-05", "open"),
        ("release_date", "2021-10-05", "2021-10-05T08:55:02Z", "stated"),
        ("release_date", "2021-10-05T10:00:00Z", "2021-10-05T08:55:02Z", "excluded"),
        ("release_date", "2021-10-05T11:55:02+03:00", "2021-10-05T08:55:02Z", "stated"),
        ("release_date", "2021-10-05T10:00:00", "2021-10-05T08:55:02Z", "open"),
        ("release_date", "2020-11-15", "2020-11-16T00:27:00Z", "open"),
        ("release_date", "2020-11-17", "2020-11-16T00:27:00Z", "excluded"),
        ("release_date", "0000-10-05T08:55:02Z", "2021-10-05T08:55:02Z", "excluded"),
        ("release_date", "0000-10-05T08:55:02Z", "0000-10-05T08:55:03Z", "open"),
        ("cost", "3600000 dollar", "3.6 million dollar", "stated"),
        ("cost", "3.6 Million Dollars", "3.6 million dollar", "stated"),
        ("cost", "905 million ruble", "905 million rouble", "stated"),
        ("cost", "0.905 billion rubles", "905 million rouble", "stated"),
        ("cost", "1.155 billion rouble", "905 million rouble", "excluded"),
        ("cost", "3.6 million dollar", "3.6 million rouble", "open"),
        ("duration", "12 day", "288 hour", "stated"),
        ("duration", "12 days", "12 day", "stated"),
        ("duration", "165 min", "165 minute", "stated"),
        ("duration", "166 mins", "165 minute", "excluded"),
        ("duration", "2.75 hrs", "165 min", "stated"),
        ("duration", "11 day", "12 day", "excluded"),
        ("duration", "300 hour", "12 day", "open"),
        ("duration", "400 hour", "12 day", "excluded"),
        ("duration", "1 week", "8 day", "open"),
        ("duration", "3 month", "90 day", "open"),
        ("duration", "3 month", "4 month", "excluded"),
        ("duration", "12 day", "12 mile", "open"),
        ("altitude", "402 km", "250 mile", "stated"),
        ("altitude", "402.3 km", "250 mile", "stated"),
        ("altitude", "402 kilometres", "250 mi", "stated"),
        ("altitude", "403 kilometers", "402 km", "excluded"),
        ("altitude", "1320000 ft", "250 mile", "stated"),
        ("altitude", "402.9 km", "250 mile", "open"),
        ("altitude", "400 km", "250 mile", "open"),
        ("altitude", "300 km", "250 mile", "excluded"),
        ("altitude", "250 mile", "402.336 km", "stated"),
        ("film_type", "Feature-Film", "feature film", "stated"),
        ("name", "Wyzow", "The Challenge", "open"),
        ("identifier", "imdb:tt1", "imdb:TT1", "excluded"),
    ],
)  # fmt: skip
def test_how_a_claimed_value_stands_to_a_stated_one(name: str, claimed: str, stated: str, standing: str) -> None:
    assert weigh(PROPERTIES[name], claimed, stated) == standing


DATES = st.sampled_from(
    ("2021", "2021-10", "2021-10-05", "2021-10-06", "2022", "202X", "2021~", "2022?", "[2021-10..2022-07]", "[2020,2022]",
     "{2021-10-05,2021-10-17}", "2021-10-05/2021-10-17", "2025/..", "../2021", "[..2021]", "2021-21", "Y17000", "2021-10-05T08:00:00Z",
     "2021-10-05T11:00:00+03:00", "2021-10-05T11:00:00")
)  # fmt: skip
QUANTITIES = st.builds(
    lambda amount, unit: canonical("quantity", f"{amount} {unit}"),
    st.decimals(0, 5000, places=2),
    st.sampled_from(("day", "hour", "week", "month", "mile", "km", "m", "parsec", "million dollar", "dollar")),
)


@given(
    pair=st.one_of(
        st.tuples(st.just("release_date"), DATES, DATES),
        st.tuples(st.just("duration"), QUANTITIES, QUANTITIES),
        st.tuples(st.just("film_type"), st.text(), st.text()),
    )
)
def test_what_is_excluded_is_in_dispute_and_what_is_said_is_stated(pair: tuple[str, str, str]) -> None:
    """The verdict never goes further than the dispute: what one value excludes cannot be true together with it."""
    prop, one, other = PROPERTIES[pair[0]], pair[1], pair[2]
    assert weigh(prop, one, one) == "stated"
    if weigh(prop, one, other) == "excluded":
        assert not agree(prop, one, other)
        assert weigh(prop, other, one) == "excluded"
