"""The gate: what it refuses, and how it says so."""

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from app.loading import dates, relative, yaml_lines
from app.loading.problems import RefusedError
from app.loading.seed import read_folder
from app.tables.evidence import Source
from tests.conftest import ENGINES, Fresh, Serving
from tests.makers import a_claim, a_folder, load, refused

ARTICLE = (
    "date 2023-03-08 The content originally appeared on: CNN\n"
    "Anna Berg directed Skyward in May 2021. She shot it for nine days, and Skyward opens on June 2. "
    "On Monday a critic praised it. Mr Cole said the film cost 3 million dollars. After 2030 a sequel may follow. "
    "Skyward is 90 minutes long. In 2019 it was planned. दाल अच्छी है। फ़िल्म विक्रम साराभाई की कहानी है। رضا می\u200cشود"
)
NAMED = [
    a_claim("film/skyward", "name", "Skyward", quote="directed Skyward"),
    a_claim("person/anna-berg", "name", "Anna Berg", quote="Anna Berg"),
]
ENTITIES = ["film/skyward", "person/anna-berg"]


@pytest.fixture(scope="module", params=ENGINES)
def empty(request: pytest.FixtureRequest, fresh: Fresh) -> Iterator[Engine]:
    """An empty database for all loads that are refused: it stays empty."""
    if request.param == "postgresql":
        request.getfixturevalue("postgresql")
    with fresh(request.param) as engine:
        yield engine


def claim(name: str, value: str | None = None, **more: Any) -> dict[str, Any]:
    return a_claim("film/skyward", name, value, **{"quote": "Anna Berg directed Skyward in May 2021", **more})


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "quote not in the text": (claim("genre", "drama", quote="a moving drama"), "orphaned quote"),
    "quote in another case": (claim("genre", "drama", quote="anna Berg directed"), "orphaned quote"),
    "quote that stands twice": (claim("film_type", "film", quote="Skyward"), "occurrence"),
    "occurrence out of range": (claim("film_type", "film", quote={"exact": "Skyward", "occurrence": 9}), "occurrence"),
    "no such property": (claim("directer", "x"), "there is no property 'directer'; did you mean director?"),
    "not of this kind": (a_claim("person/anna-berg", "genre", "drama", quote="Anna Berg"), "genre is said of a film"),
    "value where an object belongs": (claim("director", "Anna Berg"), "director points to a person; expected an object"),
    "object where a value belongs": (claim("film_type", object="person/anna-berg"), "film_type is a text; expected a value"),
    "object of a wrong kind": (claim("director", object="film/skyward"), "director points to a person, not to a film"),
    "both": (claim("director", "x", object="person/anna-berg"), "both a value and an object"),
    "neither": (claim("director"), "expected an object"),
    "unknown entity": (claim("director", object="person/anna-borg"), "did you mean person/anna-berg?"),
    "no date": (claim("filming_date", "May 2021"), "'May 2021'"),
    "impossible date": (claim("filming_date", "2021-02-30"), "2021-02-30"),
    "date finer than the text": (claim("filming_date", "2021-05-01"), "the date 2021-05-01 does not stand in the quote"),
    "date of another year": (claim("filming_date", "2020-05"), "the date 2020-05 does not stand in the quote"),
    "number that is not in the text": (
        claim("duration", "95 minute", quote="Skyward is 90 minutes long"), "'95 minute' does not stand",
    ),
    "unit that is not in the text": (
        claim("duration", "90 hour", quote="Skyward is 90 minutes long"), "'90 hour' does not stand",
    ),
    "number that no float holds": (claim("cost", f"{'9' * 400}.5 dollar"), "expected a number and its unit"),
    "quantity without a unit": (claim("duration", "90", quote="Skyward is 90 minutes long"), "expected a number and its unit"),
    "name that is not in the quote": (
        claim("director", object="person/anna-berg", quote="She shot it for nine days"), "does not name person/anna-berg",
    ),
    "words that are not in the quote": (
        claim("distinction", "first film by Anna Berg", quote="She shot it for nine days"),
        "'first film anna berg' of 'first film by Anna Berg' does not stand in the quote; expected the words that say it",
    ),
    "a title from elsewhere": (
        claim("name", "Gravity", inference="implied"), "neither in the quote nor spelt nearly like anything in it",
    ),
    "an implied nationality of a name from elsewhere": (
        a_claim("person/anna-berg", "nationality", "German", quote="Anna Berg", inference="implied"),
        "'German' of 'German' does not stand in the quote",
    ),
    "a role that the quote does not name": (
        a_claim("event/x", "participant", object="person/anna-berg", quote="Anna Berg", qualifiers={"role": "Oscar winner"}),
        "'Oscar' of 'Oscar winner' does not stand in the quote",
    ),
    "an implied nationality in small letters, of a script without capitals": (
        a_claim("person/anna-berg", "nationality", "张", quote="Anna Berg", inference="implied"), "'张' of '张' does not stand",
    ),
    "a name whose letters are in the quote, with other vowel signs": (
        a_claim("person/anna-berg", "nationality", "दिल", quote="दाल अच्छी है", inference="implied"), "'दिल' of 'दिल' does not stand",
    ),
    "an implied number in words": (
        claim("distinction", "made by seventeen people", inference="implied"), "'17' of 'made by seventeen people'",
    ),
    "words that the quote does not have": (
        claim("distinction", "directed by toni myers"), "'toni myers' of 'directed by toni myers' does not stand in the quote",
    ),
    "a name out of words that do not stand together": (claim("name", "Anna Skyward"), "the name 'Anna Skyward' does not stand"),
    "a title as a label": (claim("label", "Gravity"), "'Gravity' of 'Gravity' does not stand"),
    "a number of another unit": (
        claim("duration", "2021 minute", quote="Skyward in May 2021. She shot it for nine days"), "'2021 minute' does not stand",
    ),
    "a unit that is only the beginning of a word": (
        claim("duration", "90 min", quote="Skyward is 90 minutes long"), "'90 min' does not stand in the quote",
    ),
    "a number in a role": (
        a_claim("event/x", "participant", object="person/anna-berg", quote="Anna Berg", qualifiers={"role": "guest of 1999"}),
        "'1999' of 'guest of 1999' does not stand",
    ),
    "a name in attributed_to": (
        claim("film_type", "directed", modality="reported", attributed_to="Mr Jones"), "'Mr Jones' of 'Mr Jones' does not stand",
    ),
    "a point in time that the quote does not have": (
        claim("production_status", "announced", inference="implied", qualifiers={"point_in_time": "2019"}),
        "the date 2019 does not stand in the quote",
    ),
    "a point in time that is none": (
        claim("production_status", "announced", inference="implied", qualifiers={"point_in_time": "last May"}),
        "the qualifier point_in_time is 'last May'; expected an EDTF date",
    ),
    "an approximation of one's own": (claim("filming_date", "2021-05~"), "the date 2021-05~ does not stand"),
    "a bound that is left out": (
        claim("release_date", "2030", quote="After 2030 a sequel", modality="planned"), "means 2031/.. or [2031..], not 2030",
    ),
    "a verb that is no month": (
        claim("release_date", "2022-05", quote="a sequel may follow", inference="year", phrase="may"), "is no date that inference year",
    ),
    "coreference without the words that introduce": (
        claim("director", object="person/anna-berg", quote="She shot it", inference="coreference"), "needs introduced_by",
    ),
    "introduction that does not name": (
        claim("director", object="person/anna-berg", quote="She shot it", inference="coreference", introduced_by="a critic"),
        "does not name person/anna-berg",
    ),
    "relative date without a phrase": (
        claim("release_date", "2023-06-02", quote="opens on June 2", modality="planned", inference="year"), "needs the phrase",
    ),
    "relative date that is not computed": (
        claim("release_date", "2024-06-02", quote="opens on June 2", modality="planned", inference="year", phrase="on June 2"),
        "'on June 2' in an article of 2023-03-08 means 2023-06-02, not 2024-06-02",
    ),
    "a weekday that is another day": (
        claim("release_date", "2023-03-07", quote="On Monday a critic", inference="weekday", phrase="On Monday"),
        "means 2023-03-06, not 2023-03-07",
    ),
    "phrase that is not in the quote": (
        claim("release_date", "2023-03-06", quote="a critic praised", inference="weekday", phrase="On Monday"),
        "the phrase 'On Monday' does not stand in the quote",
    ),
    "a bound that is another": (
        claim("release_date", "2030/..", quote="After 2030 a sequel", modality="planned", inference="implied", phrase="After 2030"),
        "'After 2030' means 2031/.. or [2031..], not 2030/..",
    ),
    "no such modality": (claim("genre", "drama", modality="assert"), "modality is 'assert'; expected one of asserted, reported"),
    "what only a plan would mean": (
        claim("release_date", "2023-06-02", quote="opens on June 2", inference="year", phrase="on June 2"),
        "means 2022-06-02, not 2023-06-02, which it means in a plan",
    ),
    "said by somebody else": (
        claim("film_type", "film", modality="reported", attributed_to="Eve Cole", inference="implied"),
        "attributed_to: 'Eve Cole' of 'Eve Cole' does not stand in the quote; expected a further quote",
    ),
    "said by somebody of whom no words are": (
        claim("film_type", "film", modality="reported", attributed_to="a drunken critic", inference="implied", quote="a critic praised"),
        "attributed_to: 'drunken' of 'a drunken critic' does not stand in the quote",
    ),
    "a label in other words": (
        a_claim("event/quarrel", "label", "secret quarrel about money", quote="On Monday a critic"),
        "'quarrel money' of 'secret quarrel about money' does not stand in the quote",
    ),
    "a key that is nearly one": (claim("genre", "drama", qoute="x"), "qoute is no key of the seed format; did you mean quote?"),
    "no modality": ({k: v for k, v in claim("genre", "drama").items() if k != "modality"}, "modality is missing"),
    "reported by nobody": (claim("film_type", "film", modality="reported"), "needs attributed_to"),
    "fictional, of no character": (claim("film_type", "film", modality="fictional"), "a fictional claim is about a character"),
    "no such qualifier": (
        claim("director", object="person/anna-berg", qualifiers={"character": "person/anna-berg"}), "no qualifier 'character' of director",
    ),
    "not among the allowed": (claim("production_status", "done"), "expected one of announced"),
    "no such key": (claim("genre", "drama", note="hm"), "note is no key of the seed format"),
    "an entity that is no kind/slug": (claim("director", object="Anna Berg"), "expected kind/slug"),
    "points to itself": (a_claim("organisation/x", "partner", object="organisation/x", quote="Mr Cole said"), "points to itself"),
    "empty value": (claim("genre", " "), "the value is empty"),
    "a control character": (claim("name", "Sky\x07ward", quote="Skyward in May", inference="implied"), r"'Sky\x07ward'; expected one line"),
    "the end of a line": (claim("film_type", "directed\rSkyward"), r"the value is 'directed\rSkyward'; expected one line of text"),
    "another end of a line": (
        claim("film_type", "film", modality="reported", attributed_to="Anna\u2028Berg", inference="implied"),
        r"attributed_to is 'Anna\u2028Berg'; expected one line of text",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("wrong", "expected"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_refused(empty: Engine, tmp_path: Path, wrong: dict[str, Any], expected: str) -> None:
    known = list(dict.fromkeys([*ENTITIES, wrong["subject"]]))
    folder = a_folder(tmp_path, "gazette", ARTICLE, [*NAMED, wrong], entities=known)
    problems = refused(empty, folder)
    with empty.connect() as connection:
        assert connection.execute(select(Source)).all() == []
    line = (folder / "claims.yaml").read_text(encoding="utf-8").splitlines().index(f"- subject: {wrong['subject']}") + 1
    assert any(expected in problem for problem in problems), problems
    about_it = [problem for problem in problems if expected in problem]
    assert all(problem.startswith("claims.yaml:") for problem in about_it)
    assert all(int(problem.split(":")[1]) >= line for problem in about_it)
    assert all(f"claim 3 ({wrong['subject']} {wrong['property']})" in problem for problem in about_it)


ACCEPTED: dict[str, dict[str, Any]] = {
    "the second of two": claim("film_type", "film", quote={"exact": "Skyward", "occurrence": 2}, inference="implied"),
    "a month in words": claim("filming_date", "2021-05"),
    "a coarser date": claim("filming_date", "2021"),
    "a number in words": a_claim("event/shoot", "duration", "9 day", quote="She shot it for nine days"),
    "a plan without its year": claim(
        "release_date", "2023-06-02", quote="opens on June 2", modality="planned", inference="year", phrase="on June 2"
    ),
    "a name introduced before": claim(
        "director", object="person/anna-berg", quote="She shot it", inference="coreference", introduced_by="Anna Berg"
    ),
    "a name of a script whose vowel signs are no letters": claim(
        "distinction", "विक्रम साराभाई", quote="फ़िल्म विक्रम साराभाई की", inference="implied"
    ),
    "a name with what keeps letters apart": claim(
        "distinction", "می\u200cشود", quote="رضا می\u200cشود", inference="implied"
    ),
    "a misspelt name": a_claim("person/anna-berg", "name", "Anna Bergh", quote="Anna Berg", inference="implied"),
    "an open bound": claim(
        "release_date",
        "2031/..",
        quote="After 2030 a sequel",
        modality="planned",
        inference="implied",
        phrase="After 2030",
    ),
}


@pytest.mark.parametrize("right", ACCEPTED.values(), ids=ACCEPTED.keys())
def test_what_is_accepted(engine: Engine, tmp_path: Path, right: dict[str, Any]) -> None:
    named = [one for one in NAMED if (one["subject"], one["property"]) != (right["subject"], right["property"])]
    named.append(a_claim("event/shoot", "label", "Directing of Skyward", quote="directed Skyward in May"))
    folder = a_folder(tmp_path, "gazette", ARTICLE, [*named, right], entities=[*ENTITIES, "event/shoot"])
    assert load(engine, folder).claims_new == len(named) + 1


def test_all_problems_are_named_at_once(engine: Engine, tmp_path: Path) -> None:
    wrong = [
        one for one, _ in REFUSED.values() if "modality" in one and one["modality"] != "certain" and "note" not in one
    ]
    wrong = [one for one in wrong if one.get("object") != "Anna Berg"]
    problems = refused(engine, a_folder(tmp_path, "gazette", ARTICLE, [*NAMED, *wrong], entities=ENTITIES))
    named = {problem.split(": ")[1].split(" (")[0] for problem in problems}
    assert named == {f"claim {number}" for number in range(3, len(wrong) + 3)}


def test_a_claim_that_does_not_fit_is_still_held_against_its_words(engine: Engine, tmp_path: Path) -> None:
    wrong = a_claim("person/anna-berg", "release_date", "1999", quote="Anna Berg", qualifiers={"role": "x"})
    problems = refused(engine, a_folder(tmp_path, "gazette", ARTICLE, [*NAMED, wrong], entities=ENTITIES))
    for expected in (
        "release_date is said of a film",
        "no qualifier 'role'",
        "the date 1999 does not stand in the quote",
    ):
        assert any(expected in problem for problem in problems), problems


def test_a_source_that_contradicts_or_repeats_itself(engine: Engine, tmp_path: Path) -> None:
    claims = [
        *NAMED,
        claim("filming_date", "2021-05"),
        claim("filming_date", "2021"),
        claim("filming_date", "2019", quote="In 2019 it was planned"),
        claim("director", object="person/anna-berg"),
        claim("director", object="person/anna-berg", quote="Anna Berg directed"),
    ]
    problems = refused(engine, a_folder(tmp_path, "gazette", ARTICLE, claims, entities=ENTITIES))
    assert len(problems) == 2
    assert "claim 5" in problems[0]
    assert "contradicts claim 3: a film has one filming_date, and '2021-05' is not '2019'" in problems[0]
    assert "claim 7" in problems[1]
    assert "says the same as claim 6" in problems[1]


def test_two_that_agree_with_a_coarser_date_contradict_each_other(engine: Engine, tmp_path: Path) -> None:
    article = f"{ARTICLE} No, it was in June 2021."
    dates = [
        claim("filming_date", "2021"),
        claim("filming_date", "2021-05"),
        claim("filming_date", "2021-06", quote="it was in June 2021"),
    ]
    folder = a_folder(tmp_path, "gazette", article, [*NAMED, *dates], entities=ENTITIES)
    [problem] = refused(engine, folder)
    assert "contradicts claim 4: a film has one filming_date, and '2021-05' is not '2021-06'" in problem
    # What is held and does not count contradicts nothing.
    dates[1]["rank"] = "deprecated"
    load(engine, a_folder(tmp_path, "gazette", article, [*NAMED, *dates], entities=ENTITIES))


def test_blanks_at_the_ends_of_who_is_named_make_nobody_else(engine: Engine, tmp_path: Path, serving: Serving) -> None:
    article = "Skyward cost 3 million dollars, as Mr Cole said."
    cost = a_claim("film/skyward", "cost", "3 million dollar", quote="Skyward cost 3 million dollars, as Mr Cole said")
    name = a_claim("film/skyward", "name", "Skyward", quote="Skyward")
    for slug, by in (("gazette", "Mr Cole"), ("herald", " Mr Cole\n")):
        said = {**cost, "modality": "reported", "attributed_to": by}
        load(engine, a_folder(tmp_path, slug, f"publisher: {slug} \n---\n{article}", [name, said]))
    api = serving(engine)
    assert [one["publisher"] for one in api.get("/sources").json()["results"]] == ["gazette", "herald"]
    [fact] = api.get("/facts?property=cost").json()["results"]
    assert (fact["source_count"], fact["publisher_count"]) == (2, 1)
    nobody = {**cost, "modality": "reported", "attributed_to": " "}
    [problem] = refused(engine, a_folder(tmp_path, "courier", article, [name, nobody]))
    assert "a reported claim needs attributed_to" in problem


@pytest.mark.parametrize("published", ["0001-01-01", "-0001-03-08", "9999-12-31"])
def test_at_the_ends_of_the_calendar_nothing_is_near(empty: Engine, tmp_path: Path, published: str) -> None:
    text = "Skyward opens tomorrow, and not yesterday."
    near = [
        a_claim(
            "film/skyward",
            "release_date",
            "2021-05-02",
            quote=text,
            inference="weekday",
            phrase=phrase,
            modality=modality,
        )
        for phrase, modality in (("tomorrow", "planned"), ("yesterday", "negated"))
    ]
    name = a_claim("film/skyward", "name", "Skyward", quote="Skyward")
    problems = refused(empty, a_folder(tmp_path, "gazette", text, [name, *near], source={"published": published}))
    assert ["cannot be resolved" in one for one in problems] == [True, True]


def test_zeros_at_the_end_of_a_number_say_nothing_else(engine: Engine, tmp_path: Path, serving: Serving) -> None:
    text = "Skyward takes 2.0 hours, and cost 1.50 million dollars."
    said = [
        a_claim("film/skyward", "name", "Skyward", quote="Skyward"),
        a_claim("film/skyward", "duration", "2.0 hour", quote="takes 2.0 hours"),
        a_claim("film/skyward", "cost", "1.50 million dollar", quote="cost 1.50 million dollars"),
    ]
    load(engine, a_folder(tmp_path, "gazette", text, said))
    film = serving(engine).get("/films/skyward").json()
    assert (film["duration_minutes"], film["cost"]) == (120, {"amount": 1.5, "unit": "million dollar"})


@pytest.mark.parametrize(
    "words",
    [
        "1 hour and 30 minutes",
        "one hour, thirty minutes",
        "at 1 hour and 30 minutes",
        "1 hr 30 min",
        "1h 30m",
        "(2018) 1 hour and 30 minutes of footage",
        "an hour of it, 1 hour 30 minutes",
    ],
)
def test_hours_and_minutes_are_minutes(engine: Engine, tmp_path: Path, serving: Serving, words: str) -> None:
    text = f"Skyward takes {words}."
    name = a_claim("film/skyward", "name", "Skyward", quote="Skyward")
    said = [name, a_claim("film/skyward", "duration", "90 minute", quote=text)]
    wrong = a_folder(tmp_path, "another", text, [name, a_claim("film/skyward", "duration", "130 minute", quote=text)])
    assert "does not stand in the quote" in refused(engine, wrong)[0]
    load(engine, a_folder(tmp_path, "gazette", text, said))
    assert serving(engine).get("/films/skyward").json()["duration_minutes"] == 90


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("1,5 hours and 10 minutes", "100 minute"),
        ("twenty-two hours and 30 minutes", "150 minute"),
        ("one hundred and two hours and ten minutes", "130 minute"),
        ("2 hours, 10 minutes of which are dark", "130 minute"),
        ("2 hours 30 m above the ground", "150 minute"),
        ("the clock showed 10h 35m UTC", "635 minute"),
        ("8-10 hours 30 minutes", "630 minute"),
        ("3 long days and 2 hours 35 minutes", "155 minute"),
        ("1/5 hour, 30 minutes", "330 minute"),
        ("two hundred hours and five minutes", "6005 minute"),
        ("11 hours and 5 minutes earlier", "665 minute"),
        ("11 hours and 5 minutes into the flight", "665 minute"),
        ("11 hours and 5 minutes from launch", "665 minute"),
        ("19 hours 30 minutes EST", "1170 minute"),
        ("a year, 11 hours and 5 minutes", "665 minute"),
        ("5 days plus 11 hours and 5 minutes", "665 minute"),
    ],
)
def test_hours_beside_minutes_that_are_no_length_are_refused(
    engine: Engine, tmp_path: Path, words: str, value: str
) -> None:
    text = f"Skyward takes {words}."
    name = a_claim("film/skyward", "name", "Skyward", quote="Skyward")
    folder = a_folder(tmp_path, "gazette", text, [name, a_claim("film/skyward", "duration", value, quote=text)])
    assert "does not stand in the quote" in refused(engine, folder)[0]


@pytest.mark.parametrize(
    ("words", "value", "why"),
    [
        ("runs 1 hour 52 minutes", "1 hour 52 minutes", "is no quantity"),
        ("runs 1 hour 52 minutes", "1 hour", "does not stand"),
        ("runs 1 hour and 52 minutes", "52 minute", "does not stand"),
        ("runs 90 minutes in all", "90 minutes in all", "is no quantity"),
        ("runs over 3 km", "3 km", "is no length of time"),
        ("runs twenty-two days", "2 day", "does not stand"),
        ("runs one hundred and two days", "2 day", "does not stand"),
        ("runs 1½ hours", "11 hour", "does not stand"),
        ("runs two hours, 35 minutes of it in space", "155 minute", "does not stand"),
        ("runs two hours, 20 minutes longer than planned", "140 minute", "does not stand"),
        ("runs 90–112 minutes", "112 minute", "is one end of a range"),
        ("runs 90-112 minutes", "90 minute", "is one end of a range"),
    ],
)
def test_a_length_is_all_that_the_words_tell(engine: Engine, tmp_path: Path, words: str, value: str, why: str) -> None:
    text = f"Skyward {words}."
    name = a_claim("film/skyward", "name", "Skyward", quote="Skyward")
    folder = a_folder(tmp_path, "gazette", text, [name, a_claim("film/skyward", "duration", value, quote=text)])
    assert why in refused(engine, folder)[0]


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("two hours, 35 minutes of it in space", "2 hour"), ("on 17 October 2021 – 12 days after lift-off", "12 day"),
        ("more: it was extended from 10 to 12 days", "12 day"), ("twenty-two days", "22 day"), ("up to 30 days", "30 day"), ("90 minutes (1 hour and 30 minutes)", "90 minute"), ("an 8-minute", "8 minute")],
)  # fmt: skip
def test_a_number_may_be_of_several_words(engine: Engine, tmp_path: Path, words: str, value: str) -> None:
    text = f"Skyward takes {words}."
    name = a_claim("film/skyward", "name", "Skyward", quote="Skyward")
    load(engine, a_folder(tmp_path, "gazette", text, [name, a_claim("film/skyward", "duration", value, quote=text)]))


@pytest.mark.parametrize(
    ("words", "phrase", "value", "is_so"),
    [
        ("after 5 May 2021", "after 5 May 2021", "2021-05-06/..", True),
        ("after 5 May 2021", "after 5 May 2021", "2021-05-05/..", False),
        ("before May 2021", "before May 2021", "../2021-04", True),
        ("before May 1, 2021", "before May 1, 2021", "../2021-04-30", True),
        ("before May 1, 2021", "before May 1, 2021", "2021-05-01", False),
        ("since January 2021", "since January 2021", "2021-01/..", True),
        ("until 31 December 2021", "until 31 December 2021", "../2021-12-31", True),
        ("not before 5 May 2021", "before 5 May 2021", "2021-05-05/..", True),
        ("before 31 June 2021", "before 31 June 2021", "../2021-06-30", False),
        ("after 2024 to focus on Mars", "after 2024", "2025/..", True),
        ("after 2024 – a surprise", "after 2024", "2025/..", True),
    ],
)
def test_what_bounds_a_date_may_be_a_month_or_a_day(
    engine: Engine, tmp_path: Path, words: str, phrase: str, value: str, is_so: bool
) -> None:
    text = f"Skyward was shown {words}."
    name = a_claim("film/skyward", "name", "Skyward", quote="Skyward")
    said = a_claim("film/skyward", "release_date", value, quote=text, inference="implied", phrase=phrase)
    folder = a_folder(tmp_path, "gazette", text, [name, said])
    if is_so:
        load(engine, folder)
    else:
        refused(engine, folder)


def test_what_was_before_a_day_was_not_on_it(engine: Engine, tmp_path: Path) -> None:
    text = "Skyward was shown before 5 May 2021."
    name = a_claim("film/skyward", "name", "Skyward", quote="Skyward")
    folder = a_folder(
        tmp_path, "gazette", text, [name, a_claim("film/skyward", "release_date", "2021-05-05", quote=text)]
    )
    assert "the quote bounds the date by 2021-05-05; that means" in refused(engine, folder)[0]


@pytest.mark.parametrize(
    "words",
    [
        "3 hours after 5 May 2021 was over", "on 5 May 2021; before 5 May 2021 nobody had",
        "again on 5 May 2021, which was after 5 May 2021 began",
    ],
)  # fmt: skip
def test_a_date_that_is_told_besides_is_not_bounded(engine: Engine, tmp_path: Path, words: str) -> None:
    text = f"Skyward was shown {words}."
    name = a_claim("film/skyward", "name", "Skyward", quote="Skyward")
    said = a_claim("film/skyward", "release_date", "2021-05-05", quote=text)
    load(engine, a_folder(tmp_path, "gazette", text, [name, said]))


@pytest.mark.parametrize(
    ("words", "value", "is_so"),
    [
        ("had been planned for May 5", "2022-05-05", True), ("was planned for May 5", "2023-05-05", True),
        ("is planned for May 5", "2022-05-05", False), ("is planned for May 5", "2023-05-05", True),
        (", which was put off, is planned for May 5", "2022-05-05", False),
        ("had been planned for a Monday and is now planned for May 5", "2022-05-05", False),
    ],
)  # fmt: skip
def test_the_day_of_what_was_a_plan_may_be_past(
    engine: Engine, tmp_path: Path, words: str, value: str, is_so: bool
) -> None:
    text = f"date 2023-03-08 The content originally appeared on: CNN\nThe premiere of Skyward {words}."
    told = {"quote": f"premiere of Skyward {words}", "inference": "year", "phrase": "for May 5", "modality": "planned"}
    said = [
        a_claim("film/skyward", "name", "Skyward", quote="Skyward"),
        a_claim("film/skyward", "release_date", value, **told),
    ]
    folder = a_folder(tmp_path, "gazette", text, said)
    if is_so:
        load(engine, folder)
    else:
        assert "which it means in what has happened" in refused(engine, folder)[0]


def test_what_moved_without_a_year_is_no_stretch() -> None:
    words = "The premiere was moved from May 5 to May 7"
    told = relative.resolve_year("from May 5 to May 7", date(2023, 8, 1), is_future=False, within=words)
    assert told == "2023-05-05"


def test_a_word_without_end_is_read_once(engine: Engine, tmp_path: Path) -> None:
    """To look for a number from each of its letters on would take the better part of an hour."""
    text = f"Skyward {'x' * 1_000_000}."
    name = a_claim("film/skyward", "name", "Skyward", quote="Skyward")
    folder = a_folder(tmp_path, "gazette", text, [name, a_claim("film/skyward", "duration", "12 day", quote=text)])
    assert "does not stand" in refused(engine, folder)[0]


def test_hours_spelt_out_are_minutes(engine: Engine, tmp_path: Path) -> None:
    text = "Skyward takes twenty-two hours and thirty-five minutes."
    name = a_claim("film/skyward", "name", "Skyward", quote="Skyward")
    load(
        engine,
        a_folder(tmp_path, "gazette", text, [name, a_claim("film/skyward", "duration", "1355 minute", quote=text)]),
    )


def test_a_sum_may_have_the_sign_of_its_currency(engine: Engine, tmp_path: Path, serving: Serving) -> None:
    text = "Skyward cost $3.5 million, and took in €900,000."
    said = [
        a_claim("film/skyward", "name", "Skyward", quote="Skyward"),
        a_claim("film/skyward", "cost", "3.5 million dollar", quote="cost $3.5 million"),
        a_claim("film/skyward", "box_office", "900000 euro", quote="took in €900,000"),
    ]
    load(engine, a_folder(tmp_path, "gazette", text, said))
    film = serving(engine).get("/films/skyward").json()
    assert film["cost"] == {"amount": 3.5, "unit": "million dollar"}
    assert film["box_office"] == {"amount": 900000, "unit": "euro"}
    wrong = [*said[:1], *(said[1] | {"value": one} for one in ("3.5 dollar", "3.5 million euro"))]
    assert len(refused(engine, a_folder(tmp_path, "gazette", text, wrong))) == 2


@pytest.mark.parametrize(
    ("words", "value", "is_said"),
    [
        ("1,5 million dollars", "15 million dollar", False),
        ("1,50 dollars", "150 dollar", False),
        ("1,50 dollars", "50 dollar", False),
        ("1,234,567.50 dollars", "1234567.5 dollar", True),
        ("12,34,567 rupees", "1234567 rupee", True),
        ("€1.5m", "1.5 million euro", True),
        ("$2bn", "2 billion dollar", True),
        ("£300K", "300 thousand pound", True),
        ("€1.5m", "1.5 euro", False),
        ("$30 more", "30 million dollar", False),
        ("$30 bn to make", "30 billion dollar", True),
        ("$30 bn to make", "30 dollar", False),
        ("$30 m", "30 million dollar", True),
        ("$30 millions", "30 million dollar", True),
        ("$30 millions", "30 dollar", False),
        ("$30 trillion", "30 dollar", False),
        ("$5-6 million", "5 dollar", False),
        ("A$30", "30 dollar", False),
        ("US$1,500.50", "1500.5 dollar", True),
        ("€2.5-million", "2.5 million euro", True),
        ("$500. M. Cole said", "500 million dollar", False),
        ("$500. M. Cole said", "500 dollar", True),
        ("$300 B-movie", "300 dollar", True),
        ("$250, M said", "250 dollar", True),
        ("$30 more", "30 dollar", True),
    ],
)
def test_a_comma_stands_between_thousands(
    engine: Engine, tmp_path: Path, words: str, value: str, is_said: bool
) -> None:
    said = [
        a_claim("film/skyward", "name", "Skyward", quote="Skyward"),
        a_claim("film/skyward", "cost", value, quote=f"cost {words}"),
    ]
    folder = a_folder(tmp_path, "gazette", f"Skyward cost {words}.", said)
    if is_said:
        assert load(engine, folder).claims_new == 2
    else:
        assert "does not stand in the quote" in refused(engine, folder)[0]


def test_what_is_told_of_a_source_and_noted_of_an_entity_is_on_one_line(empty: Engine, tmp_path: Path) -> None:
    noted = [ENTITIES[0], {"id": ENTITIES[1], "aliases": ["A.\nBerg", "A.\x1b[2JBerg"]}]
    told = {"title": "Harbour\nnews", "language": "en"}
    folder = a_folder(tmp_path, "gazette", ARTICLE, NAMED, entities=noted, source=told)
    problems = refused(empty, folder)
    assert len(problems) == 3
    assert problems[0].endswith("of person/anna-berg: a value is one line of at most 2000 characters, without NUL")
    assert problems[1].endswith(r"of person/anna-berg: the value is 'A.\x1b[2JBerg'; expected one line of text")
    assert problems[2].endswith(r"title is 'Harbour\nnews'; expected one line of text")


def test_a_folder_whose_name_is_no_slug_is_told(tmp_path: Path) -> None:
    (tmp_path / "itself").symlink_to("itself")
    for name, words in (("x" * 121, "up to 120"), ("No_Slug", "single hyphens"), ("itself", "cannot be read")):
        with pytest.raises(RefusedError, match=words):
            read_folder(tmp_path / name)


def test_an_entity_needs_a_name_or_a_label(engine: Engine, tmp_path: Path) -> None:
    folder = a_folder(tmp_path, "gazette", ARTICLE, NAMED, entities=[*ENTITIES, "place/moon", "film/skyward"])
    problems = refused(engine, folder)
    assert [problem.split(": ", 1)[1] for problem in problems] == [
        "the entity place/moon has neither a name nor a label; expected a claim that gives it one, not as hoped or denied",
        "the entity film/skyward is declared twice",
    ]


def test_what_something_is_not_called_is_no_name(engine: Engine, tmp_path: Path) -> None:
    article = "It is not called Moonward, and will not open before 2028."
    denied = a_claim("film/moonward", "name", "Moonward", quote=article, modality="negated")
    (problem,) = refused(engine, a_folder(tmp_path, "gazette", article, [denied]))
    assert "the entity film/moonward has neither a name nor a label" in problem


@pytest.mark.parametrize(
    ("modality", "value", "is_right"),
    [("planned", "2028/..", True), ("planned", "../2027", False), ("negated", "../2027", True)],
)
def test_what_is_not_to_be_before_a_year_is_from_then_on(
    engine: Engine, tmp_path: Path, modality: str, value: str, is_right: bool
) -> None:
    article = "Moonward will not be in cinemas before 2028."
    meant = {"modality": modality, "inference": "implied", "phrase": "before 2028"}
    claims = [
        a_claim("film/moonward", "name", "Moonward", quote=article),
        a_claim("film/moonward", "release_date", value, quote=article, **meant),
    ]
    folder = a_folder(tmp_path, "gazette", article, claims)
    if is_right:
        assert load(engine, folder).claims_new == 2
    else:
        (problem,) = refused(engine, folder)
        assert "'before 2028' means 2028/.. or [2028..], not ../2027" in problem


def test_a_blank_that_does_not_break_is_a_blank(engine: Engine, tmp_path: Path) -> None:
    text = "Anna Berg directed Skyward. It opened on 29\u00a0February 2024 and lasts 90\u202fminutes."
    said = [
        a_claim("film/skyward", "release_date", "2024-02-29", quote="opened on 29\u00a0February 2024"),
        a_claim("film/skyward", "duration", "90 minute", quote="lasts 90\u202fminutes"),
    ]
    load(engine, a_folder(tmp_path, "gazette", text, [*NAMED, *said], entities=ENTITIES))


def test_words_that_stand_twice_are_ambiguous(engine: Engine, tmp_path: Path) -> None:
    text = "Anna Berg directed Skyward. Skyward is late. Skyward is late."
    twice = a_claim(
        "film/skyward", "genre", "late", quote="Skyward is late", inference="implied", introduced_by="Skyward"
    )
    problems = refused(engine, a_folder(tmp_path, "gazette", text, [*NAMED, twice], entities=ENTITIES))
    assert [one.split("): ", 1)[1].split(";")[0] for one in problems] == [
        "ambiguous introduced_by: 'Skyward' is in the text 3 times",
        "ambiguous quote: 'Skyward is late' is in the text 2 times",
    ]
    assert "expected more words, or occurrence 1 to 2 with it: 1) line 1" in problems[1]


def test_what_is_wrong_with_an_entry_of_an_entity_is_all_that_is_told(engine: Engine, tmp_path: Path) -> None:
    entities = [{"id": "film/skyward", "identifer": ["imdb:tt0000001"]}, "person/anna-berg"]
    folder = a_folder(
        tmp_path,
        "gazette",
        ARTICLE,
        [*NAMED, claim("genre", "drama", quote="directed Skyward", inference="implied")],
        entities=entities,
    )
    [problem] = refused(engine, folder)
    assert problem.endswith("entities.0.identifer is no key of the seed format; did you mean identifiers?")


@pytest.mark.parametrize(
    ("article", "claims", "expected"),
    [
        (b"x", b"entities: []\nclaims: [\n", "claims.yaml:3: this is not YAML"),
        (
            b"x",
            b"entities: []\nclaims:\n- a: b: c\n",
            "claims.yaml:3: this is not YAML: mapping values are not allowed in this context; put a text with ': ' in it into double quotes",
        ),
        (
            b"x",
            b"entities: []\nclaims:\n-\ta: b\n",
            "claims.yaml:3: this is not YAML: found character that cannot start any token; indent with spaces alone",
        ),
        (b"x", b"entities: []\nclaims: []\nclaims: []\n", "claims.yaml:3: the key 'claims' stands twice"),
        (b"x", b"entities: &a []\nclaims: *a\n", "claims.yaml:1: anchors and aliases"),
        (b"x", b"entities: !!python/object/apply:os.system [ls]\nclaims: []\n", "claims.yaml:1: the tag"),
        (b"x", b"- 1\n", "claims.yaml:1: the file"),
        (b"x", b"", "claims.yaml:1: the file"),
        (b"x", b"entities: []\n", "claims.yaml:1: claims is missing"),
        (b"\xff\xfe", b"entities: []\nclaims: []\n", "article.txt"),
        (b"a\0b", b"entities: []\nclaims: []\n", "article.txt"),
        (None, b"entities: []\nclaims: []\n", "article.txt: cannot be read"),
        (b"x", None, "claims.yaml: cannot be read"),
    ],
)
def test_files_that_cannot_be_read(tmp_path: Path, article: bytes | None, claims: bytes | None, expected: str) -> None:
    folder = tmp_path / "gazette"
    folder.mkdir()
    for name, content in (("article.txt", article), ("claims.yaml", claims)):
        if content is not None:
            (folder / name).write_bytes(content)
    with pytest.raises(RefusedError) as caught:
        read_folder(folder)
    assert any(str(problem).startswith(expected) for problem in caught.value.problems), caught.value.problems


@pytest.mark.parametrize(
    ("article", "expected"),
    [
        ("", "article.txt:1: there is no text in it; expected the article"),
        ("title: Skyward\n---\n\n", "article.txt:1: there is no text in it; expected the article"),
        (
            "title: Skyward\nIt opens.",
            "article.txt:1: it begins with 'title:' as a header does, but no line '---' ends that",
        ),
    ],
)
def test_an_article_without_its_text_or_the_end_of_its_header(
    engine: Engine, tmp_path: Path, article: str, expected: str
) -> None:
    folder = a_folder(tmp_path, "gazette", article, NAMED, entities=ENTITIES)
    assert any(expected in one for one in refused(engine, folder))


def test_an_empty_quote_is_missing(engine: Engine, tmp_path: Path) -> None:
    folder = a_folder(tmp_path, "gazette", ARTICLE, NAMED, entities=ENTITIES)
    claims = folder / "claims.yaml"
    claims.write_text(re.sub("(?m)quote: Anna Berg$", "quote:", claims.read_text()))
    assert any("quote is missing; expected the words of the article" in one for one in refused(engine, folder))


def test_a_header_and_the_claims_may_not_differ(engine: Engine, tmp_path: Path) -> None:
    told = {"published": "2023-03-09", "url": "javascript:alert(1)", "language": "klingon!!"}
    problems = refused(engine, a_folder(tmp_path, "gazette", ARTICLE, NAMED, entities=ENTITIES, source=told))
    assert len(problems) == 3
    assert "published is '2023-03-09' here and '2023-03-08' in the article's header" in problems[0]
    assert "url is 'javascript:alert(1)'; expected a web address" in problems[1]
    assert "language is 'klingon!!'; expected a language tag" in problems[2]


@pytest.mark.parametrize("opening", ["", "---\n", "url:\n", "published:\nurl: \n\n"])
def test_a_header_may_stand_between_two_rules(engine: Engine, tmp_path: Path, serving: Serving, opening: str) -> None:
    article = f"{opening}title: Harbour news\ndate: 2031-05-09\n---\nAnna Berg directed Skyward."
    load(engine, a_folder(tmp_path, "gazette", article, NAMED, entities=ENTITIES))
    api = serving(engine)
    told = api.get("/sources/gazette").json()
    assert (told["title"], told["published"]) == ("Harbour news", "2031-05-09")
    assert api.get("/sources/gazette/text").text == "Anna Berg directed Skyward."


def test_a_header_that_is_wrong_is_named_where_it_stands(engine: Engine, tmp_path: Path) -> None:
    article = "title: Harbour news\ndate: 2nd of May\n---\nAnna Berg directed Skyward."
    problems = refused(engine, a_folder(tmp_path, "gazette", article, NAMED, entities=ENTITIES))
    assert problems == ["article.txt:2: published is '2nd of May'; expected an EDTF date, such as 2023-03-08"]


def test_a_header_is_taken_as_it_was_hardly_meant_nowhere(engine: Engine, tmp_path: Path) -> None:
    """A key that is nearly one, or stands twice, is told; the lines of the text are counted behind it."""
    article = (
        "publsher: The Gazette\npublished: 2031-05-09\ndate: 2031-05-10\npage: 3\n---\nAnna Berg directed Skyward."
    )
    wrong = claim("genre", "drama", quote="Anna Berg directs Skyward")
    problems = refused(engine, a_folder(tmp_path, "gazette", article, [*NAMED, wrong], entities=ENTITIES))
    assert problems[:2] == [
        "article.txt:1: publsher is no key of a source; did you mean publisher?",
        "article.txt:3: date says again what line 2 says; expected it once",
    ]
    assert "Nearest, in line 6" in problems[-1]


def test_a_slip_in_the_form_hides_nothing_else(engine: Engine, tmp_path: Path) -> None:
    wrong = [
        claim("genre", "drama", modality="certain"),
        claim("genre", "drama", quote="nowhere"),
        claim("film_type", note="x"),
    ]
    folder = a_folder(tmp_path, "gazette", ARTICLE, [*NAMED, *wrong], entities=[*ENTITIES, "Anna Berg"])
    problems = refused(engine, folder)
    assert [one for one in ("entities.2 is 'Anna Berg'", "claim 3 ", "claim 4 ", "claim 5 ") if one in " ".join(problems)] == [
        "entities.2 is 'Anna Berg'", "claim 3 ", "claim 4 ", "claim 5 ",
    ]  # fmt: skip
    assert any("orphaned quote" in problem for problem in problems)


@given(st.text(max_size=200))
def test_any_text_is_yaml_or_a_named_line(content: str) -> None:
    with suppress(yaml_lines.LinesError):
        data, line_of = yaml_lines.read(content)
        assert data is None or line_of[()] >= 1


@pytest.mark.parametrize(
    ("phrase", "is_future", "expected"),
    [
        ("on Tuesday", False, "2023-03-07"),
        ("on Wednesday", False, "2023-03-08"),
        ("last Wednesday", False, "2023-03-01"),
        ("on Thursday", False, "2023-03-02"),
        ("on Thursday", True, "2023-03-09"),
        ("next Wednesday", True, "2023-03-15"),
        ("yesterday", False, "2023-03-07"),
        ("on Tues.", False, None),
        ("the Sunday before last", False, None),
        ("a week ago on Monday", False, None),
        ("on Tuesday week", True, None),
        ("in spring", False, None),
    ],
)
def test_weekdays(phrase: str, is_future: bool, expected: str | None) -> None:
    published = date(2023, 3, 8)
    assert relative.resolve_day(phrase, published, is_future=is_future) == expected


@pytest.mark.parametrize(
    ("phrase", "is_future", "expected"),
    [
        ("on April 12", True, "2023-04-12"),
        ("on April 12", False, "2022-04-12"),
        ("on 8 March", False, "2023-03-08"),
        ("in April", True, "2023-04"),
        ("in April", False, "2022-04"),
        ("in March", False, "2023-03"),
        ("on February 29", False, "2020-02-29"),
        ("last year", False, "2022"),
        ("last month", False, "2023-02"),
        ("next month", True, "2023-04"),
        ("soon", True, None),
        ("on April 12, 2025", True, None),
        ("in May 2021", False, None),
        ("from 7 to 11 September", False, "2022-09-07/2022-09-11"),
        ("from the 7th to the 11th of September", True, "2023-09-07/2023-09-11"),
        ("March 3–12", False, "2023-03-03/2023-03-12"),
        ("March 3–12", True, "2023-03-03/2023-03-12"),
        ("28 December to 3 January", False, "2022-12-28/2023-01-03"),
        ("28 December to 3 January", True, "2023-12-28/2024-01-03"),
        ("between May and July", True, "2023-05/2023-07"),
        ("from May 5 to 7, 2021", False, None),
        ("from 27 to 29 February", False, "2020-02-27/2020-02-29"),
        ("opens March 3 - 18:00", True, "2024-03-03"),
        ("3 March – 1 February", True, "2024-03-03"),
        ("from 5 March to May", False, "2023-03-05/2023-05"),
        ("on May 5 to 10 countries", False, "2022-05-05"),
        ("May 5 to 10 was", False, "2022-05-05/2022-05-10"),
        ("from March 4 to June 11 across Iceland", False, "2023-03-04/2023-06-11"),
        ("from February 3 to December 20", False, "2023-02-03/2023-12-20"),
        ("moved from February 3 to December 20", False, "2023-02-03"),
        ("in May last year", False, "2022-05"),
        ("on April 12, last year", False, "2022-04-12"),
        ("on 3 November of next year", True, "2024-11-03"),
        ("in March this year", False, "2023-03"),
        ("from 7 to 11 September last year", False, "2022-09-07/2022-09-11"),
        ("on February 29 last year", False, None),
        ("in May the previous year", False, None),
        ("on April 12 two years ago", False, None),
        ("on April 12, two years after it", False, "2022-04-12"),
    ],
)
def test_dates_without_a_year(phrase: str, is_future: bool, expected: str | None) -> None:
    published = date(2023, 3, 8)
    assert relative.resolve_year(phrase, published, is_future=is_future) == expected


@pytest.mark.parametrize("phrase", ["from 2019 to 2021", "between 2019 and 2021", "From 2019-2021"])
def test_a_span_with_both_ends_is_not_open(phrase: str) -> None:
    assert dates.resolve_span(f"filmed {phrase}") == {"2019/2021", "[2019..2021]"}


@pytest.mark.parametrize("words", ["in Oct 2008", "in Oct. 2008", "in Oct '08", "in Oct ’08, and"])
def test_a_year_that_follows_is_not_missing(words: str) -> None:
    assert relative.has_year("in Oct", f"flew on Soyuz TMA-13 {words}")
    assert not relative.has_year("in Oct", "flew in Oct, 20 months later, with 2008 photos")


def test_dates_that_a_text_states() -> None:
    text = "On 5 October 2021, in May 2020, on June 2nd, 2019, in 2018-04, during the 1990s and in 2031-01-09."
    assert dates.stated_in(text) == {
        "2021", "2021-10", "2021-10-05", "2020", "2020-05", "2019", "2019-06", "2019-06-02", "2018", "2018-04", "199X",
        "2031", "2031-01", "2031-01-09",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("from 5 to 17 October 2021", "2021-10-05/2021-10-17"),
        ("October 5–17, 2021", "2021-10-05/2021-10-17"),
        ("between the 5th and the 17th of October 2021", "2021-10-05/2021-10-17"),
        ("from September 28 to October 9, 2021", "2021-09-28/2021-10-09"),
        ("28 Dec. 2020 – 3 Jan. 2021", "2020-12-28/2021-01-03"),
        ("28 December – 3 January 2021", "2020-12-28/2021-01-03"),
        ("from May through July 2021", "2021-05/2021-07"),
        ("from May 5 to 7 June 2021", "2021-05-05/2021-06-07"),
        ("from 9 April to October 2021", "2021-04-09/2021-10"),
        ("from April 9 to October 2021", "2021-04-09/2021-10"),
        ("From 5 to 17 October 2021 cosmonauts were filmed, on and on", "2021-10-05/2021-10-17"),
        ("from March 4 to June 11, 2013 across Iceland", "2013-03-04/2013-06-11"),
        ("over the months of May to July 2021", "2021-05/2021-07"),
        ("when it moved to Baikonur from 5 to 17 October 2021", "2021-10-05/2021-10-17"),
        ("for the crew of Expedition 66 October to December 2021", "2021-10/2021-12"),
        ("for Crew-2 April to November 2021", "2021-04/2021-11"),
        ("after the movie was shown, from 5 to 17 October 2021", "2021-10-05/2021-10-17"),
        ("as it was delayed, from 5 to 17 October 2021", "2021-10-05/2021-10-17"),
        ("from March 1 to December 31, 2021", "2021-03-01/2021-12-31"),
        ("from January to October 2021", "2021-01/2021-10"),
        ("abroad 5 – 17 October 2021", "2021-10-05/2021-10-17"),
        ("to the end: Filmed 5–17 October 2021", "2021-10-05/2021-10-17"),
    ],
)
def test_both_ends_of_a_stretch_are_stated(
    engine: Engine, serving: Serving, tmp_path: Path, text: str, expected: str
) -> None:
    line = f"The Great Shoot went on {text}."
    quoted = [a_claim("event/shoot", "name", "Great Shoot", quote=line)]
    load(engine, a_folder(tmp_path, "a", line, [*quoted, a_claim("event/shoot", "date", expected, quote=line)]))
    assert serving(engine).get("/events/shoot").json()["date"] == expected
    wrong = f"1999{expected[4:]}"
    folder = a_folder(tmp_path, "b", line, [*quoted, a_claim("event/shoot", "date", wrong, quote=line)])
    assert "does not stand in the quote" in refused(engine, folder)[0]


@pytest.mark.parametrize(
    "words",
    [
        "moved the launch of Soyuz Nine from 5 October to 7 October 2021", "slipped from 5 to 7 October 2021",
        "postponed its planned world premiere from October 5 to 7, 2021",
        "delayed “Black Widow” again from October 5 to 7, 2021", "delayed Crew-3 from Oct. 5 to Oct. 7, 2021",
        "was delayed a week from October 5 to October 7, 2021", "shifted the movie from October 5 to 7, 2021",
    ],
)  # fmt: skip
def test_what_is_moved_has_two_days_of_the_year_that_is_told(words: str) -> None:
    assert dates.stated_in(words) >= {"2021-10-05", "2021-10-07"}
    assert relative.has_year("5", words)
    assert all(" to " not in words[start:end] for start, end, _ in dates.told_in(words))


def test_what_is_moved_is_no_stretch(engine: Engine, tmp_path: Path) -> None:
    text = "The release of Skyward was moved from May 7 to July 9, 2021."
    name = a_claim("film/skyward", "name", "Skyward", quote="Skyward")
    said = a_claim("film/skyward", "release_date", "2021-05-07/2021-07-09", quote=text)
    assert "was moved from one day to another" in refused(engine, a_folder(tmp_path, "gazette", text, [name, said]))[0]


def test_a_stretch_gives_the_year_to_its_beginning() -> None:
    assert relative.has_year("March 1", "filmed from March 1 to December 31, 2021")
    assert not relative.has_year("March 1", "filmed from March 1 to December 31")


@pytest.mark.parametrize(
    ("words", "stated"),
    [
        ("on 5 and 17 October 2021", "17"),
        ("from 17 to 5 October 2021", "05"),
        ("Apollo 11 – 17 October 2021", "17"),
        ("SpaceX Crew-1 – 16 October 2021", "16"),
        ("Updated 12:05 – 17 October 2021", "17"),
        ("Soyuz 5 to 17 October 2021", "17"),
        ("on 5 November – 3 October 2021", "03"),
        ("from March to October 5, 2021", "05"),
        ("moved up from February 3 to October 17, 2021", "17"),
        ("moved up the release of Thor from November to 17 October 2021", "17"),
        ("put its first release off from September to 17 October 2021", "17"),
        ("episode 3 – 5 October 2021", "05"),
    ],
)
def test_numbers_that_are_no_days_make_no_stretch(words: str, stated: str) -> None:
    assert dates.stated_in(words) == {"2021", "2021-10", f"2021-10-{stated}"}


@pytest.mark.parametrize(
    ("time", "stated"),
    [
        ("08:55:02 UTC", "2021-10-05T08:55:02Z"),
        ("15:22:31 Moscow time", "2021-10-05T15:22:31+03:00"),
        ("08:55 UTC", None),
        ("08:55:02", None),
        ("08:55:02 local time", None),
    ],
)
def test_times_of_day_are_as_fine_as_the_text(
    engine: Engine, serving: Serving, tmp_path: Path, time: str, stated: str | None
) -> None:
    """Without its seconds or its zone, a time is none that could be compared with another."""
    line = f"The Great Launch was at {time} on 5 October 2021."
    claims = [
        a_claim("event/launch", "name", "Great Launch", quote=line),
        a_claim("event/launch", "date", stated or f"2021-10-05T{time[:5]}:02Z", quote=line),
    ]
    folder = a_folder(tmp_path, "a", line, claims)
    if not stated:
        assert "does not stand in the quote" in refused(engine, folder)[0]
        return
    load(engine, folder)
    assert serving(engine).get("/events/launch").json()["date"] == stated
