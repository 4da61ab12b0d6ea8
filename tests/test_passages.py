"""Reading a text, quoting it, cutting it into sentences and folding it."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.passages import CONTEXT, Passage, PassageError, find, fold, normalise, occurrences, passage_at, sentences

ARTICLE = """A lunar premiere

The crew of “Far Side” left for the Moon on Monday. The film’s director, Ana Núñez, stayed on Earth.

Núñez said the crew would film for nine days. The crew agreed.
"""
FEW_CHARACTERS = st.text(alphabet="ab \n", max_size=40)
PROSE = st.text(alphabet='aB .!?…"”“’()[]\n\r\t\u2028\u0301017-$', max_size=80)


def test_normalise_reads_utf8_with_any_line_ends_as_nfc() -> None:
    assert normalise(b"\xef\xbb\xbfNu\xcc\x81n\xcc\x83ez\r\non\rfilm\n") == "Núñez\non\nfilm\n"


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (b"one\r\ntwo\rthree \xff", "line 3: byte 0xff is not UTF-8"),
        (b"\xed\xa0\x80", "line 1: byte 0xed is not UTF-8"),
        ("é".encode("latin-1"), "line 1: byte 0xe9 is not UTF-8"),
        ("Moon".encode("utf-16"), "line 1: byte 0x(ff|fe) is not UTF-8"),
        (b"one\n\n\0", "line 3: NUL"),
    ],
)
def test_normalise_refuses_other_bytes_and_names_the_line(raw: bytes, told: str) -> None:
    with pytest.raises(PassageError, match=f"{told}.*expected"):
        normalise(raw)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0")) | PROSE)
@example("\ufeff\ufeffa\r")
def test_normalise_changes_nothing_the_second_time(text: str) -> None:
    once = normalise(text.encode())
    assert normalise(once.encode()) == once
    assert unicodedata.is_normalized("NFC", once)
    assert "\r" not in once


@given(st.binary(max_size=40))
def test_normalise_reads_or_refuses_any_bytes(raw: bytes) -> None:
    try:
        text = normalise(raw)
    except PassageError:
        return
    assert "\0" not in text


@pytest.mark.parametrize(
    ("text", "exact", "starts"),
    [
        ("aaaa", "aa", [0, 1, 2]),
        ("abc", "", []),
        ("abc", "d", []),
        ("abc", "abc", [0]),
        ("x\u0302x", "x", [2]),  # The first is the base of an accented letter that has no code point of its own.
        ("x\u0302x", "x\u0302", [0]),
        ("x\u0302x", "\u0302x", []),
        ("👩\u200d🚀 👩", "👩", [4]),
        ("👩\u200d🚀", "🚀", []),
        ("👍🏽 👍", "👍", [3]),
        ("a\n\u0302", "a\n", [0]),
        ("\u0302a", "\u0302a", [0]),
    ],
)
def test_occurrences(text: str, exact: str, starts: list[int]) -> None:
    assert occurrences(text, exact) == starts


@given(FEW_CHARACTERS, st.text(alphabet="ab ", min_size=1, max_size=3))
def test_occurrences_are_all_places(text: str, exact: str) -> None:
    assert occurrences(text, exact) == [start for start in range(len(text)) if text.startswith(exact, start)]


def test_find_gives_positions_and_the_characters_beside() -> None:
    exact = "The film’s director, Ana Núñez, stayed on Earth."
    start = ARTICLE.index(exact)
    prefix, suffix = "Side” left for the Moon on Monday. "[-32:], "\n\nNúñez said the crew would film for"[:32]
    assert CONTEXT == 32
    assert find(ARTICLE, exact) == Passage(start, start + len(exact), exact, prefix, suffix)


def test_find_at_the_ends_of_a_text_has_less_beside_it() -> None:
    assert find(ARTICLE, "A lunar") == Passage(0, 7, "A lunar", "", ARTICLE[7:39])
    assert find(ARTICLE, "agreed.\n").suffix == ""
    assert find("Moon", "Moon") == Passage(0, 4, "Moon", "", "")


def test_find_counts_occurrences_from_one() -> None:
    starts = occurrences(ARTICLE, "crew")
    assert [find(ARTICLE, "crew", number).start for number in (1, 2, 3)] == starts
    assert find(ARTICLE, "Monday", 1) == find(ARTICLE, "Monday")


@pytest.mark.parametrize("occurrence", [-1, 0, 4])
def test_find_refuses_an_occurrence_that_is_not_there(occurrence: int) -> None:
    with pytest.raises(PassageError, match=f"'crew' has no occurrence {occurrence}; expected 1 to 3"):
        find(ARTICLE, "crew", occurrence)


def test_find_names_the_places_of_an_ambiguous_quote() -> None:
    with pytest.raises(PassageError, match="3 times; expected more words, or occurrence 1 to 3") as refusal:
        find(ARTICLE, "crew")
    message = str(refusal.value)
    assert "1) line 3, 'A lunar premiere The crew of “Far Side” left" in message
    assert "2) line 5" in message
    assert "3) line 5" in message
    with pytest.raises(PassageError, match=r"5\) line 1, [^)]*; and 7 more$"):
        find("a" * 12, "a")
    with pytest.raises(PassageError, match="is in the text 1000 or more times"):
        find("a " * 5000, "a")


@pytest.mark.parametrize(
    ("exact", "told"),
    [
        ("The crew of “Far Side” went for the Moon", "Nearest, in line 3: 'The crew of “Far Side” left for the Moon'"),
        ('"Far Side" left', "Nearest, in line 3, alike but for case, accents, quotes or dashes: '“Far Side” left'"),
        ("ana nunez,", "Nearest, in line 3, alike but for case, accents, quotes or dashes: 'Ana Núñez,'"),
        ("Mondai", "Nearest, in line 3: 'Monday.'"),
        ("on Earth. Núñez said the ship", "Nearest, in line 3: 'on Earth.'"),
        ("Nu\u0301n\u0303ez said", "the text is in Unicode NFC and the quote is not"),
        ("Quito airport", "nothing there resembles it"),
        ("the airport", "nothing there resembles it"),
        ("the crew\ud800", "'the crew\\ud800' is not in the text"),
        ("", "the quote is blank"),
        (" \n", "the quote is blank"),
    ],
)
def test_find_refuses_what_is_not_verbatim_and_names_what_comes_nearest(exact: str, told: str) -> None:
    with pytest.raises(PassageError) as refusal:
        find(ARTICLE, exact)
    message = str(refusal.value)
    assert told in message
    assert "\n" not in message
    message.encode()


def test_find_takes_one_quotation_mark_for_no_likeness_of_another() -> None:
    with pytest.raises(PassageError, match="nothing there resembles it"):
        find("It flew “ twice", "”")


@given(FEW_CHARACTERS, FEW_CHARACTERS.filter(str.strip), FEW_CHARACTERS)
def test_a_part_of_a_text_is_found_where_it_is(before: str, exact: str, after: str) -> None:
    text, start = before + exact + after, len(before)
    starts = occurrences(text, exact)
    assert start in starts
    passage = find(text, exact, starts.index(start) + 1)
    assert passage == passage_at(text, start, start + len(exact))
    assert text[passage.start : passage.end] == passage.exact == exact
    around = passage.prefix + passage.exact + passage.suffix
    assert text.startswith(around, passage.start - len(passage.prefix))
    assert len(passage.prefix) == min(CONTEXT, passage.start)
    assert len(passage.suffix) == min(CONTEXT, len(text) - passage.end)


@given(PROSE | st.text(), PROSE | st.text(max_size=5), st.none() | st.integers())
@example("one two", "two three four", None)
@example("aaaaa\nbbbbb", "aaaaa bbbbb ccccc", None)
def test_a_quote_is_found_verbatim_or_refused(text: str, exact: str, occurrence: int | None) -> None:
    try:
        passage = find(text, exact, occurrence)
    except PassageError as refusal:
        str(refusal).encode()
        return
    assert text[passage.start : passage.end] == passage.exact == exact


@pytest.mark.parametrize(("start", "end"), [(-1, 2), (2, 2), (3, 2), (0, 5), (4, 5)])
def test_passage_at_refuses_positions_outside_the_text(start: int, end: int) -> None:
    with pytest.raises(PassageError, match="<= 4"):
        passage_at("Moon", start, end)


# A bar stands where one sentence ends and the next begins.
@pytest.mark.parametrize(
    "marked",
    [
        "It flew.|Did it land?|It did!|Good…|Then it rested.",
        "“It flew.”|She left.|(They stayed.)|“Why?”|Nobody knew.",
        "“Stop!” she said. “no.” or not?",
        "He paid 3.5 million.|It ran 2.5 hours at 08.40 a.m. on Oct. 5, 2021, in Hall No. 5.|12 people came.",
        "“Mr. Lee” met Dr. Ortiz, Lt. Gen. Park, Prof. Zhao and St. Clair vs. Mrs. Kim.|No.|They met Ms. Roe.",
        "J. R. A. Ortiz wrote it.|M. Park shot it with K. L. Zhao.",
        "The U.S. crew left the U.K. by boat.|They live in the U.S.|The ship sank.",
        "Far Side Inc. paid Near Side Co. at 9 p.m. ET.|Then Far Side Ltd.|It was late.",
        "Robert Lee Jr. and Ana Roe Sr. spoke of props, lights, etc. in public.|Costs, fees, etc.|They left.",
        "Some landers, e.g. Far Side and i.e. Near Side, flew in Sept. 2019 and in Oct.|Others waited.",
        "It moved into tours … and now film.|It flew … NASA said … twice.|He waited…|NASA did not.",
        "It moved into tours... and now film.|Well ...|They left.",
        "1. The crew left.|2. The ship sank.",
        "Tickets cost nothing.|£5 was a gift.|$7 was lost.|¿Quién fue?|¡Nadie!|Ótimo.",
        "It is called _Far Side_.|_Near Side_ came later.",
        "The Soyuz-U.|Roscosmos flew it.|See farside.example or v1.2.Next.|Lt.-Gen. Park did.",
        "A headline without a full stop|\n|A paragraph. which goes on|\n\n|Another",
        "Ракета летит.|Она летит.",
    ],
)
def test_sentences_are_those_a_reader_marks(marked: str) -> None:
    # Only the bar says where to cut; the text has a blank in its place.
    expected = [part for part in marked.split("|") if part.strip()]
    text = marked.replace("|\n", "\n").replace("\n|", "\n").replace("|", " ")
    assert [text[start:end] for start, end in sentences(text)] == expected


def test_sentences_have_no_blanks_at_their_ends_and_no_text_none() -> None:
    assert sentences("  One.  Two. \n\n \t\nThree ") == [(2, 6), (8, 12), (18, 23)]
    assert sentences(" \n ") == sentences("") == []


@given(PROSE | st.text())
def test_sentences_hold_everything_but_white_space_once_and_in_order(text: str) -> None:
    spans = sentences(text)
    edges = [edge for span in spans for edge in span]
    assert edges == sorted(edges)
    covered = {position for start, end in spans for position in range(start, end)}
    assert all(character.isspace() for position, character in enumerate(text) if position not in covered)
    for start, end in spans:
        assert start < end
        assert text[start:end] == text[start:end].strip()
        assert len(text[start:end].splitlines()) == 1


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Far  Side\n", "far side"),
        ("L’Étoile – Łódź", "letoile lodz"),
        ("O'Brien O’Brien O´Brien", "obrien obrien obrien"),
        ("“Tik Tik Tik” «Far» „Side“", "tik tik tik far side"),
        ("Soyuz-FG Soyuz\u2011FG Soyuz−FG Soyuz—FG Soyuz\uff0dFG", " ".join(["soyuz fg"] * 5)),
        ("Straße STRASSE ẞ", "strasse strasse ss"),
        ("Ørsted Æon Œuvre Đặng Þór Ħal", "orsted aeon oeuvre dang thor hal"),
        ("İstanbul ISTANBUL ıstanbul", "istanbul istanbul istanbul"),
        ("ﬁlm Ⅳ ｆｉｌｍ №", "film iv film no"),
        ("Ἀθήνα ΑΘΗΝΑΣ Ёлка", "αθηνα αθηνασ елка"),
        ("co\u00adoperate zero\u200bwidth ✈\ufe0f", "cooperate zerowidth ✈"),
        ("हिन्दी", "हिनदी"),
        ("81P/Wild 2, 3.5!", "81p/wild 2, 3.5!"),
        ("", ""),
        ("’", ""),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text() | PROSE)
@example("ŉ ´ ΐ ͅ ﬓ")
def test_fold_twice_changes_nothing_and_any_normal_form_folds_alike(text: str) -> None:
    folded = fold(text)
    assert fold(folded) == folded
    assert folded == " ".join(folded.split())
    assert folded == fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))


@given(st.text(alphabet=st.characters(max_codepoint=0x24F)))
def test_fold_ignores_case_of_latin_letters(text: str) -> None:
    assert fold(text) == fold(text.casefold())
