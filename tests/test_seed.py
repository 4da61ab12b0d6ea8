"""The article's own knowledge base: everything that it states, each with its words, and nothing that it does not."""

import re
from typing import Any

import httpx
import pytest

from app.passages import fold
from tests.makers import SEED

ARTICLE = (SEED / "article.txt").read_text(encoding="utf-8")
KINDS = ("films", "people", "organisations", "events", "places", "characters")

# What a record shows that is no statement of the article: its address, its state, and what it is called by whom.
STRUCTURE = {
    "kind", "slug", "url", "planned", "disputed", "more", "source_count", "updated_at", "facts_url", "facts", "status",
}  # fmt: skip


def everything(api: httpx.Client) -> dict[str, dict[str, Any]]:
    records: dict[str, dict[str, Any]] = {}
    for kind in KINDS:
        page = api.get(f"/{kind}", params={"limit": 100, "evidence": "quotes"}).json()
        assert page["next"] is None
        records |= {f"{record['kind']}/{record['slug']}": record for record in page["results"]}
    return records


@pytest.fixture(scope="module")
def records(api: httpx.Client) -> dict[str, dict[str, Any]]:
    return everything(api)


def slugs(values: list[dict[str, Any]], key: str | None = None) -> list[str]:
    return [value[key]["slug"] if key else value["slug"] for value in values]


def test_what_there_is(api: httpx.Client) -> None:
    counts = api.get("/").json()["counts"]
    assert counts == {
        "films": 4, "people": 8, "organisations": 6, "events": 11, "places": 3, "characters": 2, "sources": 1,
    }  # fmt: skip
    assert api.get("/facts").json()["count"] == 156


def test_every_value_has_its_receipt(records: dict[str, dict[str, Any]]) -> None:
    """Each key that says something has facts, and each fact has words that stand at their place in the article."""
    for record in records.values():
        for key, value in record.items():
            if key in STRUCTURE or key.endswith("_count") or value in (None, [], {}):
                continue
            told = record["facts"].get(key) or (key == "label" and record["facts"].get("name"))
            assert told, f"{record['url']} shows {key} and no fact for it"
            for fact in told:
                assert fact["evidence"]
                for one in fact["evidence"]:
                    assert ARTICLE[one["start"] : one["end"]] == one["quote"]
                    assert one["quote"] in one["sentence"]
                    assert one["source"]["publisher"] == "CNN"


def strings(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for key, one in value.items() if key not in STRUCTURE for text in strings(one)]
    return [text for one in value for text in strings(one)] if isinstance(value, list) else []


def test_no_name_and_no_number_comes_from_elsewhere(records: dict[str, dict[str, Any]]) -> None:
    """But for the two right spellings, every capitalised word and every number of a record stands in the article."""
    words = set(re.findall(r"\w+", fold(re.sub(r"[’']s\b", "", ARTICLE))))
    canonical = {"roscosmos", "spacex"}
    leading = {
        "leaving",
        "travel",
        "announcement",
        "departure",
        "filming",
        "invasion",
        "journey",
        "open",
        "release",
        "revelation",
        "selection",
    }
    computed = {
        "2023-03-07",
        "2023-04-12",
        "2025/..",
        "[2021-10..2022-07]",
        "[2020-11..2021-10]",
        "2021-10",
        "2020-11",
        "2022-07",
    }
    for record in records.values():
        for text in strings(record):
            if text in computed or text.startswith("/"):
                continue
            for word in re.findall(r"\b[A-Z][\w’]*|\b\d+\b", text):
                folded = fold(re.sub(r"[’']s$", "", word))
                assert folded in words | canonical | leading, f"{record['url']}: {word} of '{text}'"


def test_the_challenge(records: dict[str, dict[str, Any]]) -> None:
    film = records["film/the-challenge"]
    assert (film["name"], film["film_type"], film["filming_date"]) == ("The Challenge", "feature film", "2021-10")
    assert (film["release_date"], film["planned"]) == ("2023-04-12", ["release_date"])
    assert slugs(film["directors"]) == slugs(film["producers"]) == ["klim-shipenko"]
    assert [(part["person"]["slug"], part["character"]["slug"]) for part in film["cast"]] == [
        ("yulia-peresild", "zhenya"),
        ("oleg-novitskiy", "sick-cosmonaut"),
    ]
    assert slugs(film["production_companies"]) == ["yellow-black-and-white", "channel-one-russia", "roscosmos"]
    assert slugs(film["filming_locations"]) == ["international-space-station"]
    assert film["distinctions"] == [
        "first ever feature film to be shot in space",
        "first feature-length film to be shot in space",
    ]
    for unknown in ("duration_minutes", "format", "description", "point_in_time"):
        assert film[unknown] is None
    assert film["genres"] == film["narrators"] == film["disputed"] == []


def test_what_is_planned_hoped_denied_or_told_is_not_what_happened(records: dict[str, dict[str, Any]]) -> None:
    distinctions = {fact["value"]: fact["modality"] for fact in records["film/the-challenge"]["facts"]["distinctions"]}
    assert distinctions["first project to be filmed aboard the ISS"] == "negated"
    project = records["film/cruise-liman-project"]
    assert (project["distinctions"], project["film_type"]) == ([], None)
    assert {fact["modality"] for fact in project["facts"]["distinctions"]} == {"hoped"}
    assert {fact["modality"] for fact in project["facts"]["partners"]} == {"reported"}
    assert project["facts"]["partners"][0]["attributed_to"] == "Cruise and director Doug Liman"
    leaving = records["event/russia-leaving-the-iss"]
    assert (leaving["status"], leaving["date"]) == ("planned", "2025/..")
    happened = {slug for slug, record in records.items() if record.get("status") == "happened"}
    assert "event/russia-iss-announcement-2022" in happened
    assert {fact["modality"] for fact in records["character/zhenya"]["facts"]["occupation"]} == {"fictional"}
    assert records["person/yulia-peresild"]["occupations"] == ["actress"]
    assert {fact["modality"] for fact in records["film/the-challenge"]["facts"]["goals"]} == {"reported"}


def test_films_that_the_article_does_not_name_have_no_name(records: dict[str, dict[str, Any]]) -> None:
    unnamed = {slug: record for slug, record in records.items() if record["kind"] == "film" and record["name"] is None}
    assert sorted(unnamed) == [
        "film/cruise-liman-project",
        "film/imax-documentary-2002",
        "film/science-fiction-film-2012",
    ]
    documentary, short = unnamed["film/imax-documentary-2002"], unnamed["film/science-fiction-film-2012"]
    assert (documentary["label"], documentary["format"]) == ("2002 IMAX documentary narrated by Tom Cruise", "IMAX")
    assert (documentary["point_in_time"], documentary["release_date"]) == ("2002", None), "a year, of what is not said"
    assert (short["point_in_time"], short["duration_minutes"], short["genres"]) == ("2012", 8, ["science fiction"])
    assert slugs(short["creators"]) == ["richard-garriott"]


def test_names_as_written(records: dict[str, dict[str, Any]], api: httpx.Client) -> None:
    for slug, name, written in (("roscosmos", "Roscosmos", "Roscomos"), ("spacex", "SpaceX", "Space X")):
        record = records[f"organisation/{slug}"]
        assert (record["name"], record["alternate_names"]) == (name, [written])
        assert record["facts"]["alternate_names"][0]["qualifiers"] == {"as_written": "true"}
        first = api.get("/search", params={"q": written}).json()["results"][0]
        assert (first["slug"], first["matched"], first["snippet"]) == (slug, "alternate_name", written)
    assert records["organisation/yellow-black-and-white"]["name"] == "Yellow, Black and White"


def test_dates_are_no_finer_than_the_text(records: dict[str, dict[str, Any]]) -> None:
    dates = {
        slug.removeprefix("event/"): record["date"] for slug, record in records.items() if record["kind"] == "event"
    }
    assert dates == {
        "space-race": None,
        "the-challenge-announcement": None,
        "the-challenge-trailer-release": "2023-03-07",
        "the-challenge-casting-call": "2020-11",
        "peresild-selection": "[2020-11..2021-10]",
        "journey-to-the-iss-2021": "2021-10",
        "the-challenge-filming": "2021-10",
        "invasion-of-ukraine": "[2021-10..2022-07]",
        "russia-iss-announcement-2022": "2022-07",
        "russia-leaving-the-iss": "2025/..",
        "cruise-liman-revelation": "2020",
    }
    trailer = records["event/the-challenge-trailer-release"]["facts"]["date"][0]
    assert (trailer["inference"], trailer["phrase"]) == ("weekday", "on Tuesday")


def test_world_knowledge_stays_out(records: dict[str, dict[str, Any]]) -> None:
    """What everybody knows and the article does not say."""
    nationalities = {slug: record["nationality"] for slug, record in records.items() if record["kind"] == "person"}
    told = {slug for slug, nationality in nationalities.items() if nationality}
    assert told == {"person/yulia-peresild", "person/anton-shkaplerov"}
    assert all(record["birth_date"] is None for record in records.values() if record["kind"] == "person")
    assert records["person/tom-cruise"]["occupations"] == []
    assert records["organisation/nasa"]["country"] is None
    assert records["place/ukraine"]["place_type"] is None
    everything_said = " ".join(text for record in records.values() for text in strings(record))
    for word in ("Soyuz", "Apogee", "Space Station 3D", "Dubrov", "Vyzov", "Baikonur"):
        assert word not in everything_said


def test_every_sentence_is_used(api: httpx.Client) -> None:
    annotated = api.get(f"/sources/{SEED.name}/annotated").json()
    assert annotated["coverage"]["sentences"] == annotated["coverage"]["sentences_with_facts"] == 14
    assert annotated["coverage"]["characters_quoted"] > 0.9 * annotated["coverage"]["characters"]
    for sentence in annotated["sentences"]:
        assert ARTICLE[sentence["start"] : sentence["end"]] == sentence["text"]
        assert sentence["facts"]
        for mention in sentence["mentions"]:
            assert sentence["start"] <= mention["start"] < mention["end"]
    casting = next(one for one in annotated["sentences"] if one["text"].startswith("Peresild was selected"))
    assert [mention["entity"]["slug"] for mention in casting["mentions"]] == ["yulia-peresild", "roscosmos"]
    mentioned = {mention["entity"]["slug"] for sentence in annotated["sentences"] for mention in sentence["mentions"]}
    assert {"the-challenge", "tom-cruise", "roscosmos", "spacex", "international-space-station", "zhenya"} <= mentioned
