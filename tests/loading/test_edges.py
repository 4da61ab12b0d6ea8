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
    claim = SeedClaim(subject="film/skyward", property="plot", value="a", quote=(), modality="asserted")
    long = "a" * 1_000_000
    (message,) = edges.check_edges(claim, Passage(0, len(long), long, "", "b"))
    assert message == f"the quote ends within '{'a' * 20}b'; expected whole words"
