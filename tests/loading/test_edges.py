"""What stands beside a quote: one that is cut from a word, a number, its year or a denial says something else."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from app.loading import edges
from app.loading.seed import SeedClaim
from app.passages import Passage
from tests.makers import a_claim, a_folder, load, refused

TEXT = (
    "date 2024-03-14 The content originally appeared on: CNN\n"
    "Skyward cost 1.2 billion roubles and lasts 164 minutes. It is a nonfiction film, released on 12 April 2023. It is "
    "not a documentary. It was first shown on April 21, 2021. Janis Berzins didn’t write it. It was never filmed in "
    "2019. Not one of them won; no actor was paid. He had seen it on April 30. Dr. No praised it. 挑戦は映画です。 "
    "It is a _short film_. It was not, in 2018, for sale. The film costs 5,000 euros."
)
_NAMED = a_claim("film/skyward", "name", "Skyward", quote="Skyward")


def said(folder: Path, name: str, value: str, quote: str, **more: Any) -> Path:
    return a_folder(folder, "gazette", TEXT, [_NAMED, a_claim("film/skyward", name, value, quote=quote, **more)])


@pytest.mark.parametrize(
    ("name", "value", "quote", "more", "within"),
    [
        ("cost", "2 billion rouble", "2 billion roubles", {}, "begins within '1.2'"),
        ("cost", "000 euro", "000 euros", {}, "begins within '5,000'"),
        ("duration", "64 minute", "64 minutes", {}, "begins within '164'"),
        ("release_date", "2023-04-02", "2 April 2023", {}, "begins within '12'"),
        ("release_date", "0202", "April 202", {}, "ends within '2023.'"),
        ("film_type", "fiction film", "fiction film", {}, "begins within 'nonfiction'"),
        ("alternate_name", "Janis Berzin", "Janis Berzin", {}, "ends within 'Berzins'"),
    ],
)
def test_a_quote_is_of_whole_words_and_numbers(
    engine: Engine, tmp_path: Path, name: str, value: str, quote: str, more: dict[str, Any], within: str
) -> None:
    folder = said(tmp_path, name, value, quote, **more)
    assert any(f"the quote {within}; expected whole words" in one for one in refused(engine, folder))


@pytest.mark.parametrize(
    ("name", "value", "quote", "denial"),
    [
        ("film_type", "documentary", "a documentary", "not"),
        ("film_type", "documentary", "documentary", "not"),
        ("filming_date", "2019", "filmed in 2019", "never"),
        ("plot", "write it", "write it", "n’t"),
        ("plot", "actor was paid", "actor was paid", "no"),
    ],
)
def test_what_is_denied_right_before_the_quote_is_not_said(
    engine: Engine, tmp_path: Path, name: str, value: str, quote: str, denial: str
) -> None:
    wanted = f"right before the quote stands '{denial}'; expected it in the quote, and modality negated"
    assert any(wanted in one for one in refused(engine, said(tmp_path, name, value, quote)))


def test_the_year_that_stands_behind_the_quote_is_not_another_one(engine: Engine, tmp_path: Path) -> None:
    told = {"inference": "year", "phrase": "April 21"}
    folder = said(tmp_path, "release_date", "2023-04-21", "first shown on April 21", **told)
    assert any("the year of 'April 21' stands right behind the quote" in one for one in refused(engine, folder))
    folder = said(tmp_path, "release_date", "2023-04-30", "on April 30", inference="year", phrase="April 30")
    load(engine, folder)


@pytest.mark.parametrize(
    ("name", "value", "quote"),
    [
        ("film_type", "nonfiction film", "nonfiction film"),
        ("film_type", "short film", "short film"),
        ("plot", "praised it", "praised it"),
        ("plot", "映画", "映画"),
        ("plot", "in 2018", "in 2018"),
        ("cost", "5000 euro", "5,000 euros"),
        ("cost", "1.2 billion rouble", "1.2 billion roubles"),
        ("release_date", "2023-04-12", "12 April 2023"),
    ],
)
def test_what_ends_with_its_words_is_taken(engine: Engine, tmp_path: Path, name: str, value: str, quote: str) -> None:
    load(engine, said(tmp_path, name, value, quote))


def test_a_word_without_an_end_is_shown_in_part_and_soon() -> None:
    long = "a" * 1_000_000
    (message,) = edges.check_edges(Passage(0, len(long), long, "", "b"), None)
    assert message == f"the quote ends within '{'a' * 20}b'; expected whole words"


@pytest.mark.parametrize(
    ("before", "exact", "after", "language", "is_cut"),
    [
        ("cost 1\u202f", "500 euros", "", None, True), ("cost 1'", "234 francs", "", None, True),
        ("the ex-", "cosmonaut", "", None, True), ("a non-", "fiction film", "", None, True),
        ("a non\u00ad", "fiction film", "", None, True), ("", "दिल्ल", "ी है", None, True),
        ("a US-", "Russian film", "", None, False), ("", "Skyward", "² opens", None, False),
        ("", "Skyward", "’s crew", None, False), ("_", "Skyward", "_", None, False), ("", "映画", "です", None, False),
        ("יצא ב", "2018", "", "he", False), ("в ", "Шипенк", "ом", "ru", False), ("1", "2 апреля", "", "ru", True),
        ("with ", "Berzin", "s", "lv", False), ("with ", "Berzin", "s", "en-GB", True), ("in ", "2019", ". It", None, False),
        ("in the ", "1990", "s", None, True), ("", "Cannes", ", on 5 May", None, False),
    ],
)  # fmt: skip
def test_a_word_ends_where_its_language_ends_it(
    before: str, exact: str, after: str, language: str | None, is_cut: bool
) -> None:
    passage = Passage(len(before), len(before) + len(exact), exact, before, after)
    assert any("expected whole words" in one for one in edges.check_edges(passage, language)) is is_cut


@pytest.mark.parametrize(
    ("before", "exact", "language", "is_denied"),
    [
        ("It is not “", "a documentary", None, True), ("It is hardly a ", "documentary", None, True),
        ("It is not\n", "a documentary", None, True), ("He didnʼt ", "direct it", None, True),
        ("It is not really a ", "documentary", None, True), ("Nobody knows whether or not ", "it opens", None, False),
        ("It is not only ", "a documentary", None, False), ("No. 5 or ", "a documentary", None, False),
        ("on flight no ", "5 days later", None, False), ("Sora no ", "Uta", None, False),
        ("lançado no ", "teatro", "pt", False), ("It is not.\n\n", "A documentary", None, False),
        ("", "It is no documentary", None, True), ("", f"{'ß' * 30} is not a documentary", None, True), ("", "It is not a documentary but a Documentary", None, False),
    ],
)  # fmt: skip
def test_a_denial_is_of_what_stands_behind_it(before: str, exact: str, language: str | None, is_denied: bool) -> None:
    claim = SeedClaim(subject="film/skyward", property="plot", value="documentary", quote=(), modality="asserted")
    passage = Passage(len(before), len(before) + len(exact), exact, before, "")
    assert bool([*edges.check_beside(claim, passage, language, ())]) is is_denied
    assert not [*edges.check_beside(claim.model_copy(update={"modality": "negated"}), passage, language, ())]
    assert not [*edges.check_beside(claim.model_copy(update={"property": "name"}), passage, language, ())]


@pytest.mark.parametrize(
    ("exact", "after", "is_told"),
    [
        ("on April 21", ", 2021.", True), ("on April 21", " (2021)", True), ("on April 21", ", in 2021", True),
        ("on April\n21", ", 2021.", True), ("on April 21", ". 2021 saw more", False), ("on April 21", ", 1500 came", False),
        ("on April 21", " 2000 people came", False), ("on April 21 and later", ", 2021.", False), ("on April 21", "", False),
    ],
)  # fmt: skip
def test_a_year_is_of_the_phrase_that_it_follows(exact: str, after: str, is_told: bool) -> None:
    claim = SeedClaim(
        subject="film/skyward", property="release_date", value="2023-04-21", quote=(), modality="asserted",
        inference="year", phrase="April 21",
    )  # fmt: skip
    passage = Passage(0, len(exact), exact, "", after)
    assert any("stands right behind" in one for one in edges.check_beside(claim, passage, None, ())) is is_told


@pytest.mark.parametrize(
    ("text", "quote", "name", "value"),
    [
        ("It lasts two hundred and five minutes.", "five minutes", "duration", "5 minute"),
        ("It lasts 90–112 minutes.", "112 minutes", "duration", "112 minute"),
        ("It took twenty-five days.", "five days", "duration", "5 day"),
        ("It lasts 2 hours 30 minutes.", "30 minutes", "duration", "30 minute"),
    ],
)
def test_an_amount_does_not_go_on_beside_its_quote(
    engine: Engine, tmp_path: Path, text: str, quote: str, name: str, value: str
) -> None:
    claims = [_NAMED, a_claim("film/skyward", name, value, quote=quote)]
    folder = a_folder(tmp_path, "gazette", f"Skyward opens. {text}", claims)
    assert any("goes on beside the quote" in one or "expected whole words" in one for one in refused(engine, folder)), (
        refused(engine, folder)
    )


@pytest.mark.parametrize(
    ("quote", "inference", "phrase", "value", "told"),
    [
        ("shown on April 21, 2021", "year", "April", "2023-04", "is cut from a date"),
        ("shown on April 21, 2021", "year", "April 2", "2023-04-02", "is cut from a date"),
        ("shown on April\n21, 2021", "year", "April 21", "2023-04-21", "the quote gives the year"),
        ("opened on Friday, 12 April 2019", "weekday", "Friday", "2024-03-08", "the quote gives the day"),
        ("opened on Friday, April 12", "weekday", "Friday", "2024-03-08", "the quote gives the day"),
        ("opened on Friday, March 8", "weekday", "Friday", "2024-03-08", ""),
        ("shown in April", "year", "April", "2023-04", ""),
        ("shown on April 21", "year", "April 21", "2023-04-21", ""),
    ],
)
def test_what_is_computed_is_computed_from_all_of_a_date(
    engine: Engine, tmp_path: Path, quote: str, inference: str, phrase: str, value: str, told: str
) -> None:
    text = f"date 2024-03-14 The content originally appeared on: CNN\nSkyward was {quote}."
    date = a_claim("film/skyward", "release_date", value, quote=quote, inference=inference, phrase=phrase)
    folder = a_folder(tmp_path, "gazette", text, [_NAMED, date])
    if told:
        assert any(told in one for one in refused(engine, folder)), refused(engine, folder)
    else:
        load(engine, folder)


@pytest.mark.parametrize(
    ("text", "name", "more"),
    [
        ("Skyward was not filmed aboard Mir.", "filming_location", {"object": "place/mir"}),
        ("Skyward was directed not by Mir.", "filming_location", {"object": "place/mir"}),
        ("Skyward never won the Golden Comet; Mir.", "award", {"value": "Golden Comet"}),
        ("Skyward wasn’t shot in Mir.", "filming_location", {"object": "place/mir"}),
    ],
)
def test_what_a_verb_denies_is_not_said(
    engine: Engine, tmp_path: Path, text: str, name: str, more: dict[str, Any]
) -> None:
    mir = a_claim("place/mir", "name", "Mir", quote="Mir")
    folder = a_folder(tmp_path, "gazette", text, [_NAMED, mir, a_claim("film/skyward", name, quote=text, **more)])
    assert "the quote denies '" in refused(engine, folder)[0]


@pytest.mark.parametrize(
    "text",
    [
        "Skyward was not only filmed aboard Mir.",
        "Skyward was not finished before it was filmed aboard Mir.",
        "Nobody who saw Skyward, which was never shown in full, knew that it was filmed aboard Mir.",
        "Skyward was not filmed aboard Mir; Skyward was filmed aboard Mir.",
        "Skyward and Men Don’t Leave are Mir films.",
        "Skyward, as The Night We Never Met is a Mir film.",
    ],
)
def test_what_denies_something_else_may_stand_in_the_quote(engine: Engine, tmp_path: Path, text: str) -> None:
    mir = a_claim("place/mir", "name", "Mir", quote="Mir is a station")
    place = a_claim("film/skyward", "filming_location", object="place/mir", quote=text)
    named = a_claim("film/skyward", "name", "Skyward", quote="Skyward is a film")
    load(engine, a_folder(tmp_path, "gazette", f"{text} Mir is a station. Skyward is a film.", [named, mir, place]))
