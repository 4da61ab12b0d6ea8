"""Words as searches compare them: how a text is cut into them, and where in it those that are sought stand. Pure."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from unicodedata import category, normalize

from app.passages import fold

# Longer than any word or name that somebody types; an index need not hold more of it.
_LONGEST_WORD, LONGEST_NAME = 100, 200

_WORD = re.compile(r"\w+")
# What Python takes for no letter in the scripts of India and its neighbours, most of it signs for vowels.
_SIGN = re.compile("[\u0780-\u07bf\u0900-\u109f\u1700-\u1cff\ua800-\uabff\U00010a00-\U00011fff](?<!\\w)")
# What makes a text of ASCII one whose words are not simply what stands between all else: quotes, hyphens, controls.
_INTRICATE = re.compile("[\x00-\x08\x0e-\x1b\"'`\x7f-]")
_QUOTES, _DASHES = "'’‘ʼʹ`´", "‐‑‒–-"
_JOINING = _QUOTES + _DASHES
# Words held together by quotes or hyphens, and what stands between white space and punctuation.
_COMPOUND = re.compile(rf"\b\w+(?:[{_QUOTES}{_DASHES}]\w+)+")
_HYPHENATED = re.compile(rf"\b\w+(?:[{_DASHES}]\w+)+")
_QUOTED = re.compile(rf"\b\w+(?:[{_QUOTES}]\w+)+")
_PIECE = re.compile(
    r"[^\s!-/:-@\[-^`{-~\u00a0-\u00a9\u00ab\u00ac\u00ae-\u00b1\u00b4\u00b6-\u00b8\u00bb\u00bf\u2000-\u200a\u200e-\u205f\u2061-\u206f\u3000-\u3003]+"
)


def words(text: str) -> list[str]:
    """The words of a text in order, folded."""
    folded = text.lower() if _is_simple(text) else fold(text)
    found = _WORD.findall(folded) if folded.isascii() else found_by(_WORD, folded)
    return [word[:_LONGEST_WORD] for word in found]


def indexed_words(text: str) -> set[str]:
    """The words under which a text is found, however it or whoever seeks it writes apostrophes and hyphens.

    Folding joins what an apostrophe parts and parts what a hyphen joins; both ways are there for both.
    """
    if _is_simple(text):
        return set(words(text))
    composed = normalize("NFC", text)
    found = set(words(composed))
    for compound in found_by(_COMPOUND, composed):
        for part in (compound, *re.split(f"[{_QUOTES}]", compound)):
            found.update(words(part), [_joined(part)])
    return found - {""}


def found_by(pattern: re.Pattern[str], text: str) -> list[str]:
    """What a pattern finds in a text, to which vowel signs are letters."""
    if not _SIGN.search(text):
        return pattern.findall(text)
    return [text[slice(*match.span())] for match in pattern.finditer(_lettered(text))]


def whole(text: str) -> str:
    """A name as one word: names are alike when this is, wherever they have blanks."""
    return "".join(words(text))[:LONGEST_NAME]


def is_among(word: str, present: Iterable[str], *, is_beginning: bool) -> bool:
    """Whether the word is there, or a word that begins with it."""
    return any(one.startswith(word) for one in present) if is_beginning else word in present


def found_in(text: str, sought: Sequence[str]) -> int:
    """How many of the words sought a text has, the last of them as a beginning."""
    last = len(sought) - 1
    if _is_simple(text) and max(map(len, sought)) < _LONGEST_WORD:
        simple = text.lower()
        return sum(
            any(True for _ in _standing(simple, word, is_open=index == last)) for index, word in enumerate(sought)
        )
    present = indexed_words(text)
    return sum(is_among(word, present, is_beginning=index == last) for index, word in enumerate(sought))


def highlights(text: str, sought: Sequence[str]) -> list[tuple[int, int]]:
    """Where the words sought stand in a text, the last of them as a beginning: spans in order, each apart."""
    spans: list[tuple[int, int]] = []
    for start, end in sorted(_marked(text, sought)):
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((start, end))
    return spans


def beginning(text: str, name: str) -> tuple[int, int] | None:
    """Where the beginning of a text is that reads `name` as one word; None where it begins otherwise."""
    if not whole(text).startswith(name):
        return None
    start = next(place for place, character in enumerate(text) if words(character))
    return start, _reach(text, start, len(name))


def _marked(text: str, sought: Sequence[str]) -> Iterator[tuple[int, int]]:
    exact, last = set(sought), sought[-1]
    if _is_simple(text) and max(map(len, sought)) < _LONGEST_WORD:
        simple = text.lower()
        for word in exact:
            yield from _standing(simple, word, is_open=word == last)
        return
    for word, start, end in _placed(text):
        if word in exact:
            yield start, end
        elif word.startswith(last):
            yield start, _reach(text, start, len(last))


def _placed(text: str) -> Iterator[tuple[str, int, int]]:
    """(each word that a text is found by, where it stands): what is held together as a whole, and in its parts."""
    lettered = _lettered(text)
    for pattern in (_COMPOUND, _HYPHENATED, _QUOTED, _PIECE) if _COMPOUND.search(lettered) else (_PIECE,):
        for match in pattern.finditer(lettered):
            start, end = match.span()
            if word := _joined(text[start:end]):
                yield word, start, end
            elif pattern is _PIECE:
                yield from _parts(text, start, end)


def _parts(text: str, start: int, end: int) -> Iterator[tuple[str, int, int]]:
    """(each word of a piece that amounts to several, where it stands): signs of all scripts part words."""
    for word in words(text[start:end]):
        while start < end and not words(text[start]):
            start += 1
        until = _reach(text, start, len(word))
        if words(text[start:until]) == [word]:
            yield word, start, until
        start = until


def _lettered(text: str) -> str:
    """The text with a letter in the place of each vowel sign, which otherwise parts words."""
    return _SIGN.sub(lambda sign: "x" if category(sign[0]) in ("Mn", "Mc") else sign[0], text)


def _is_simple(text: str) -> bool:
    """Whether the words of a text are what stands between its blanks and punctuation, but for capital letters."""
    return text.isascii() and not _INTRICATE.search(text)


def _standing(simple: str, word: str, *, is_open: bool) -> Iterator[tuple[int, int]]:
    """Where in a simple text, in small letters, a word stands; an open one also as a beginning."""
    start = simple.find(word)
    while start >= 0:
        end = start + len(word)
        if not _is_in_word(simple[start - 1 : start]) and (is_open or not _is_in_word(simple[end : end + 1])):
            yield start, end
        start = simple.find(word, start + 1)


def _is_in_word(character: str) -> bool:
    return character.isalnum() or character == "_"


@lru_cache(maxsize=20_000)
def _joined(piece: str) -> str:
    """The one word that a piece of text amounts to without its hyphens and apostrophes; "" for none, or several."""
    joined = words(re.sub(f"[{_DASHES}]", "", piece))
    return joined[0] if len(joined) == 1 else ""


def _reach(text: str, start: int, length: int) -> int:
    """Where `length` characters of the folded text end that begins at `start`."""
    end = start
    while length > 0 and end < len(text):
        length -= len("".join(words(text[end])))
        end += 1
    # What folding drops, such as an accent of its own, belongs to the character before it, and so does a vowel sign.
    while end < len(text) and text[end] not in _JOINING and not text[end].isspace() and _is_mark(text[end]):
        end += 1
    return end


def _is_mark(character: str) -> bool:
    return category(character).startswith("M") or not fold(character)
