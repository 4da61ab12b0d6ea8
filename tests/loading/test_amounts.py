"""Amounts in prose: a number that is a part of another one, or one of two, is not what a text tells."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.makers import a_claim, a_folder, load, refused

_NAMED = a_claim("film/skyward", "name", "Skyward", quote="Skyward")


def said(folder: Path, name: str, value: str, words: str) -> Path:
    text = f"Skyward {words}."
    return a_folder(folder, "gazette", text, [_NAMED, a_claim("film/skyward", name, value, quote=text)])


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("cost", "40 krone", "cost 40m krone"),
        ("cost", "1.1 yuan", "cost 1.1bn yuan"),
        ("cost", "20 million dollar", "cost 2×20 million dollars"),
        ("cost", "3 million dollar", "cost between 2 and 3 million dollars"),
        ("cost", "3 million dollar", "cost between 2 million and 3 million dollars"),
        ("duration", "45 hour", "runs 1:45 hours"),
        ("duration", "4 hour", "runs 3/4 hour"),
        ("duration", "45 minute", "runs 1h45 minutes"),
        ("duration", "95 minute", "runs 90 or 95 minutes"),
        ("duration", "4 minute", "runs four minutes and ten seconds"),
        ("duration", "10 second", "runs four minutes and ten seconds"),
        ("duration", "6 week", "was shot for 6 weeks and 3 days"),
        ("duration", "3 hour", "was shot for 211 days, 3 hours and 4 minutes"),
    ],
)
def test_a_part_of_an_amount_is_not_what_the_text_tells(
    engine: Engine, tmp_path: Path, name: str, value: str, words: str
) -> None:
    (problem,) = refused(engine, said(tmp_path, name, value, words))
    assert "does not stand in the quote" in problem or "is one end of a range" in problem


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("cost", "40 million krone", "cost 40m krone"),
        ("cost", "1.1 billion yuan", "cost 1.1bn yuan"),
        ("cost", "3 million dollar", "has two stars and cost 3 million dollars"),
        ("duration", "4 minute", "runs four minutes and was shot in ten countries"),
        ("duration", "90 minute", "runs 90 minutes or so"),
        ("duration", "12 day", "was shot for 12 days and shown for three hours of which one was cut"),
        ("duration", "12 day", "was shot in 2 films for 12 days"),
    ],
)
def test_what_only_looks_like_a_part_is_told(engine: Engine, tmp_path: Path, name: str, value: str, words: str) -> None:
    assert load(engine, said(tmp_path, name, value, words)).claims_new == 2
