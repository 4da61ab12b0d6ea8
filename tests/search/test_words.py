"""Words, where they stand in a text, and how near one is to another."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.passages import fold
from app.spelling import difference, keys_of, keys_to, tolerated
from app.words import beginning, found_in, highlights, indexed_words, whole, words

TEXTS = st.text(max_size=40) | st.lists(
    st.sampled_from(
        [
            "L’Étoile",
            "Spider-Man’s",
            "O'Neill",
            "straße",
            "Œuvre",
            "Łódź",
            "—",
            "“The",
            "ﬁlm",
            "e\u0301t",
            "挑战",
            "हिन्दी",
            "फ़िल्म-शो",
            "می\u200cخواهم",
            "திரை",
            "3½",
        ]
    )
).map(" ".join)


@given(TEXTS)
def test_a_text_is_found_by_all_its_words(text: str) -> None:
    assert set(words(text)) <= indexed_words(text)


@pytest.mark.parametrize(
    ("text", "alike"),
    [
        ("Spider-Man", {"spider", "man", "spiderman"}), ("Spider‑Man", {"spider", "man", "spiderman"}),
        ("Jean-Luc’s", {"jean", "lucs", "jeanlucs", "jeanluc", "luc", "s"}), ("l’été-là", {"lete", "la", "l", "ete", "letela", "etela"}),
    ],
)  # fmt: skip
def test_words_with_hyphens_are_found_with_and_without_them(text: str, alike: set[str]) -> None:
    assert indexed_words(text) == alike


def test_a_word_as_long_as_a_book_is_cut_at_once() -> None:
    """Whether it is held together with another is not looked at from each of its letters on."""
    text = f"é {'a' * 300_000}-b"
    assert len(indexed_words(text)) == 3
    assert highlights(text, ["b"]) == [(len(text) - 1, len(text))]


@given(TEXTS, st.data())
def test_highlights_are_apart_and_hold_the_words(text: str, data: st.DataObject) -> None:
    present = sorted(indexed_words(text))
    if not present:
        return
    word = data.draw(st.sampled_from(present))
    sought = word[: data.draw(st.integers(1, len(word)))]
    spans = highlights(text, [sought])
    assert spans == sorted(spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    for start, end in spans:
        assert 0 <= start < end <= len(text)
        assert whole(text[start:end]).startswith(sought)


@given(
    st.text("aAbB_0 '\"`-.\t\x01\x1d\x7f", max_size=40),
    st.lists(st.text("ab_0", min_size=1, max_size=4), min_size=1, max_size=3),
)
def test_words_of_a_plain_text_are_found_as_those_of_any_other(text: str, sought: list[str]) -> None:
    """A text with a letter that is not of ASCII is looked at in another way."""
    other = f"{text} é"
    assert words(text) == words(other)[:-1]
    assert indexed_words(text) == indexed_words(other) - {"e"}
    assert found_in(text, sought) == found_in(other, sought)
    assert highlights(text, sought) == highlights(other, sought)


@given(TEXTS, st.data())
def test_the_beginning_of_a_name_is_as_long_as_what_is_typed(text: str, data: st.DataObject) -> None:
    typed = whole(text)[: data.draw(st.integers(1, 40))]
    span = beginning(text, typed) if typed else None
    if span:
        assert whole(text[span[0] : span[1]]).startswith(typed)
    assert beginning(text, "no name begins so") is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("novitsky", "novitskiy"), ("novitskii", "novitskiy"), ("shipinko", "shipenko"), ("roskosmos", "roscosmos"),
        ("alexey", "aleksei"), ("schukin", "shukin"), ("tarkovskij", "tarkovsky"), ("julia", "yulia"), ("yuliya", "yulia"),
        ("stephen", "stefen"), ("mikhail", "mihail"), ("soloviev", "solovyov"), ("peresilt", "peresild"), ("wolkow", "volkov"),
    ],
)  # fmt: skip
def test_spellings_of_one_name_are_near(one: str, other: str) -> None:
    for typed, held in ((one, other), (other, one)):
        assert difference(typed, held) <= tolerated(typed)
        assert keys_to(typed) & keys_of(held)


@pytest.mark.parametrize(("typed", "held"), [("feutsel", "feustel"), ("caphman", "chapman"), ("bats", "bars")])
def test_a_slip_is_found_that_makes_of_two_letters_what_stands_for_one_elsewhere(typed: str, held: str) -> None:
    assert difference(typed, held) <= tolerated(typed)
    assert keys_to(typed) & keys_of(held)


@pytest.mark.parametrize(
    ("one", "other"), [("moon", "mars"), ("peresild", "shipenko"), ("nasa", "esa"), ("iss", "ist"), ("tom", "tim")]
)
def test_different_words_are_not(one: str, other: str) -> None:
    assert difference(one, other) > tolerated(one)


@given(st.text("abcdekosy", min_size=1, max_size=9), st.text("abcdekosy", min_size=1, max_size=9))
def test_the_difference_is_one_both_ways(one: str, other: str) -> None:
    assert difference(one, other) == difference(other, one)
    assert (difference(one, other) == 0) == (one == other)


def test_folding_is_what_the_words_are_made_of() -> None:
    assert words("L’Étoile – Łódź_1!") == fold("L’Étoile – Łódź_1").split() == ["letoile", "lodz_1"]
