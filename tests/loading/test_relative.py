"""Dates that take more than the words of a phrase: those beside it, the article's own day, a denial."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from tests.makers import a_claim, a_folder, load, refused

_NAMED = a_claim("film/skyward", "name", "Skyward", quote="Skyward")


def said(folder: Path, words: str, value: str, *, quote: str = "", **more: Any) -> Path:
    """A folder of an article of 15 September 2022 with a date of its film, quoted as a whole or in part."""
    text = f"published: 2022-09-15\n---\nSkyward {words}."
    claim = a_claim("film/skyward", "release_date", value, quote=quote or f"Skyward {words}", **more)
    return a_folder(folder, "gazette", text, [_NAMED, claim])


@pytest.mark.parametrize(
    ("words", "value", "more", "message"),
    [
        ("opened in May last year", "2022-05", {"inference": "year", "phrase": "in May"}, "tell which one"),
        ("opened in May last year", "2022-05", {"inference": "year", "phrase": "in May last year"}, "means 2021-05"),
        ("opened in May a year earlier", "2022-05", {"inference": "year", "phrase": "in May"}, "tell which one"),
        (
            "opened the Sunday before last", "2022-09-11", {"inference": "weekday", "phrase": "the Sunday"},
            "tell which one",
        ),
        ("opened a week ago on Monday", "2022-09-12", {"inference": "weekday", "phrase": "on Monday"}, "tell which one"),
        ("opened two days after 12 May 2012", "2012-05-12", {}, "so long before 2012-05-12, or after it"),
        ("opened after the summer of 2019", "2019-22", {"inference": "implied", "phrase": "summer of 2019"}, "2019-22"),
        (
            "opened in the spring and summer of 2020", "2020-22",
            {"inference": "implied", "phrase": "the spring and summer of 2020"}, "2020-22",
        ),
        ("was not released on 12 April 2020", "2020-04-12", {}, "the quote denies '12 April 2020'"),
    ],
)  # fmt: skip
def test_what_the_words_beside_it_make_of_a_date(
    engine: Engine, tmp_path: Path, words: str, value: str, more: dict[str, Any], message: str
) -> None:
    assert message in refused(engine, said(tmp_path, words, value, **more))[0]


@pytest.mark.parametrize(
    ("words", "value", "more"),
    [
        ("opened in May last year", "2021-05", {"inference": "year", "phrase": "in May last year"}),
        (
            "opens on 3 November next year", "2023-11-03",
            {"inference": "year", "phrase": "on 3 November next year", "modality": "planned"},
        ),
        ("opened in the summer of 2019", "2019-22", {"inference": "implied", "phrase": "summer of 2019"}),
        (
            "was made in May 2019 and opened late 2020", "2020-39", {"inference": "implied", "phrase": "late 2020"},
        ),
        ("opened at 2021-10-05T08:55:02Z", "2021-10-05", {}),
        ("will open on 12 April 2026", "2026-04-12", {"modality": "planned"}),
        ("was not released until 12 April 2020", "2020-04-12", {}),
        ("was not only shown but released on 12 April 2020", "2020-04-12", {}),
    ],
)  # fmt: skip
def test_what_is_told_in_full_is_taken(
    engine: Engine, tmp_path: Path, words: str, value: str, more: dict[str, Any]
) -> None:
    assert load(engine, said(tmp_path, words, value, **more)).claims_new == 2


def test_a_denial_beside_the_quote_turns_a_bound(engine: Engine, tmp_path: Path) -> None:
    told = {"quote": "before 2027", "modality": "planned", "inference": "implied", "phrase": "before 2027"}
    folder = said(tmp_path, "will not be shown before 2027", "../2026", **told)
    assert "'before 2027' means 2027/.. or [2027..], not ../2026" in refused(engine, folder)[0]
    load(engine, said(tmp_path, "will not be shown before 2027", "2027/..", **told))
