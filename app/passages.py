"""Positions in a text: reading it, quoting it, cutting it into sentences, folding it for comparison. Pure.

Positions count Unicode code points and are half-open, so `text[start:end]` is the quote. A quote is found verbatim
or not at all; nothing here moves it to a similar place.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher, get_close_matches

CONTEXT = 32
_PLACES_SHOWN, _MOST_PLACES = 5, 1000
# What the search for the nearest passage may cost: characters of the text, words of the quote, spellings compared.
_TEXT_TRIED, _WORDS_TRIED, _SPELLINGS_TRIED = 200_000, 60, 5_000

# As in Unicode's Stream-Safe Text Format (annex 15).
_MOST_MARKS = 30

_WORD = re.compile(r"\S+")
# Everything that str.splitlines() takes for the end of a line.
_LINE = re.compile(r"[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
# Only among characters beyond ASCII are there marks, and those that nobody sees.
_FOREIGN = re.compile(r"[^\x00-\x7f]+")
_JOINER = "\u200d"

_OPENERS = "“‘„‚\"'«‹([{¿¡*_"
_CLOSERS = "”’“‘\"'»›)]}*_"
_FIRST_WORD = re.compile(r"[^\W\d_]+(?![\w.-])")


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


# Never the last word of a sentence.
_TITLES = _words(
    "Mr Mrs Ms Mx Dr Prof Gen Col Lt Capt Maj Sgt Cpl Cmdr Cdr Adm Sen Rep Gov Rev Fr Hon Pres Messrs Mme Mlle"
)
_LINKS = _words("vs e.g i.e cf ca viz approx incl")
# Abbreviations only where a number follows: "No. 5" and "Oct. 5", but "The answer is no." ends a sentence.
_BEFORE_NUMBERS = _words("no nos p pp vol vols fig figs ch ep art jan feb mar apr jun jul aug sep sept oct nov dec")
# These may end a sentence as well, as may initials and U.S.; they do when a usual first word follows.
_AMBIGUOUS = _words("etc inc ltd co corp jr sr st ste mt ft bros dept univ est al esq v")
_FIRST_WORDS = _words(
    "The A An In On At It He She They We This That These Those But And However After Before When While As For His Her "
    "Its Their Our There Then By With From During Since Although If Both Some Many Most Also Later Meanwhile"
)

_QUOTES = "'\"`´‘’‚‛“”„‟«»‹›′″‴‵‶ʹʺʻʼʽʾʿˈˊˋ՚׳״「」『』〝〞〟❛❜❝❞"
_DASHES = "-‐‑‒–—―−⁃\u058a\u05be\u1400\u1806\u2e17\u2e1a\u2e3a\u2e3b\u2e40\u2e5d\u301c\u3030\u30a0\U00010ead"
# What folding puts in the place of a character; the letters are those that Unicode does not decompose.
_PLAIN = str.maketrans(
    {"æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ħ": "h", "ı": "i", "ŧ": "t", "ŋ": "ng"}
    | dict.fromkeys(_QUOTES, "")
    | dict.fromkeys(_DASHES, " ")
)
_REPLACED = re.compile(f"[{re.escape(''.join(map(chr, _PLAIN)))}]")


class PassageError(ValueError):
    """A text that cannot be read, or a quote that is not at one place in it. The message says where and what to do."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A quote and its place: the TextPositionSelector and the TextQuoteSelector of the W3C Web Annotation model.

    `prefix` and `suffix` are the up to CONTEXT code points beside it, so that `prefix + exact + suffix` is verbatim in
    the text. https://www.w3.org/TR/annotation-model/#selectors
    """

    start: int
    end: int
    exact: str
    prefix: str
    suffix: str


def normalise(raw: bytes) -> str:
    """Read a text as it is stored: UTF-8 without byte order mark, lines ended by LF, Unicode NFC.

    Raises PassageError with the line for bytes that are not UTF-8 (surrogates included) and for NUL.
    """
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = _line_of(_with_line_feeds(raw[: error.start].decode("utf-8")), None)
        raise PassageError(f"line {line}: byte 0x{raw[error.start]:02x} is not UTF-8; expected a UTF-8 text") from error
    # All marks at the start go, not one, so that reading what was stored changes nothing.
    text = _with_line_feeds(text.lstrip("\ufeff"))
    if (start := _heap(text)) is not None:
        message = f"line {_line_of(text, start)}: more than {_MOST_MARKS} accents on one letter; expected a text"
        raise PassageError(message)
    if "\0" in text:
        line = _line_of(text, text.index("\0"))
        raise PassageError(f"line {line}: NUL (byte 0x00) in the text; expected characters only")
    return unicodedata.normalize("NFC", text)


def occurrences(text: str, exact: str) -> list[int]:
    """List where `exact` starts in the text, overlapping places included; none for an empty quote, and of very many the
    first `_MOST_PLACES`: each place costs as much as the quote is long.

    A place that begins or ends within one character of the reader's (before an accent, inside a joined emoji) is left
    out.
    """
    found: list[int] = []
    start = text.find(exact) if exact else -1
    while start != -1 and len(found) < _MOST_PLACES:
        if not _splits_character(text, start) and not _splits_character(text, start + len(exact)):
            found.append(start)
        start = text.find(exact, start + 1)
    return found


def find(text: str, exact: str, occurrence: int | None = None, *, first_line: int = 1) -> Passage:
    """Find a quote verbatim; `occurrence`, counted from 1, says which one where the text has it more than once.

    Raises PassageError when it is blank, is not there (naming what comes nearest), is there several times and no
    occurrence is given (naming the places), or has fewer places than the occurrence asks for.
    """
    if not exact.strip():
        raise PassageError("the quote is blank; expected words from the text")
    starts = occurrences(text, exact)
    if not starts:
        raise PassageError(_not_found(text, exact, first_line))
    if occurrence is None and len(starts) > 1:
        raise PassageError(_ambiguous(text, exact, starts, first_line))
    number = 1 if occurrence is None else occurrence
    if not 1 <= number <= len(starts):
        raise PassageError(f"{_shown(exact)} has no occurrence {number}; expected 1 to {len(starts)}, counted from 1")
    start = starts[number - 1]
    return passage_at(text, start, start + len(exact))


def passage_at(text: str, start: int, end: int) -> Passage:
    """Quote `text[start:end]`. Raises PassageError unless 0 <= start < end <= len(text)."""
    if not 0 <= start < end <= len(text):
        raise PassageError(f"no passage {start} to {end}; expected 0 <= start < end <= {len(text)}, the text's length")
    return Passage(start, end, text[start:end], text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT])


def sentences(text: str) -> list[tuple[int, int]]:
    """List the spans of the sentences in order; together they hold every character that is not white space.

    No span crosses the end of a line. The rules are those of English prose: . ! ? or …, then closing quotes and
    brackets, white space, and what can start a sentence, except after titles, initials and other abbreviations.
    """
    return [span for line in _LINE.finditer(text) for span in _sentences_between(text, *line.span())]


def fold(text: str) -> str:
    """Reduce a text to what counts when texts are searched and compared; folding twice changes nothing more.

    Case, accents, quotes and apostrophes go, hyphens and dashes become blanks, compatibility forms their plain ones,
    and runs of white space one blank: "L’Étoile – Łódź" becomes "letoile lodz".
    """
    # Quotes go before decomposing, which would make a blank of "´", and again after it, because it makes new ones.
    folded = (text if text.isascii() else _unmarked(text.translate(_PLAIN))).casefold()
    return " ".join((folded.translate(_PLAIN) if _REPLACED.search(folded) else folded).split())


def _heap(text: str) -> int | None:
    """Where more marks are heaped on one letter than any language does; to normalise them takes time without end."""
    marks = 0
    for position, character in enumerate("" if text.isascii() else text):
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks > _MOST_MARKS:
            return position
    return None


def _with_line_feeds(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _line_of(text: str, position: int | None, first_line: int = 1) -> int:
    return text.count("\n", 0, position) + first_line


def _splits_character(text: str, position: int) -> bool:
    """Whether a cut would part a character; the common cases of Unicode's annex 29, not all of them."""
    if not 0 < position < len(text) or text[position - 1] == "\n":
        return False
    before, after = text[position - 1], text[position]
    is_mark = unicodedata.category(after).startswith("M") or "\U0001f3fb" <= after <= "\U0001f3ff"
    return is_mark or _JOINER in (before, after)


def _shown(text: str, limit: int = 120) -> str:
    """A text for a message: on one line, cut, printable even if it has lone surrogates."""
    line = " ".join(text[: 2 * limit].split()).encode("utf-8", "backslashreplace").decode()
    return f"'{line}'" if len(line) <= limit else f"'{line[:limit]}…'"


def _ambiguous(text: str, exact: str, starts: list[int], first_line: int) -> str:
    places = []
    for number, start in enumerate(starts[:_PLACES_SHOWN], 1):
        around = text[max(0, start - CONTEXT) : start + len(exact[:CONTEXT]) + CONTEXT]
        places.append(f"{number}) line {_line_of(text, start, first_line)}, {_shown(around)}")
    many = len(starts)
    told = f"{many}{' or more' * (many >= _MOST_PLACES)}"
    more = f"; and {many - _PLACES_SHOWN} more" * (many > _PLACES_SHOWN)
    return (
        f"{_shown(exact)} is in the text {told} times; expected more words, or occurrence 1 to "
        f"{many} with it: {'; '.join(places)}{more}"
    )


def _not_found(text: str, exact: str, first_line: int) -> str:
    message = f"{_shown(exact)} is not in the text; expected its exact characters"
    if occurrences(text, unicodedata.normalize("NFC", exact)):
        return f"{message}: the text is in Unicode NFC and the quote is not"
    nearest = _nearest(text[:_TEXT_TRIED], exact)
    if nearest is None:
        return f"{message}, and nothing there resembles it"
    start, end = nearest
    likeness = ", alike but for case, accents, quotes or dashes" if fold(text[start:end]) == fold(exact) else ""
    return f"{message}. Nearest, in line {_line_of(text, start, first_line)}{likeness}: {_shown(text[start:end], 240)}"


def _nearest(text: str, exact: str) -> tuple[int, int] | None:
    """The span in one line with the longest run of the quote's words in it, or else a word spelled like its longest."""
    wanted = [fold(word) for word in exact.split()[:_WORDS_TRIED]]
    places = [match.span() for match in _WORD.finditer(text)]
    words = [fold(text[start:end]) for start, end in places]
    run = SequenceMatcher(None, wanted, words, autojunk=False).find_longest_match()
    at, in_quote = run.b, run.a
    if run.size == 0 or (run.size == 1 and len(words[at]) < 5):
        longest = max(wanted, key=len)
        if len(longest) < 3:
            return None
        spellings = sorted({word for word in words if abs(len(word) - len(longest)) <= 3})[:_SPELLINGS_TRIED]
        close = get_close_matches(longest[:CONTEXT], spellings, n=1, cutoff=0.7)
        if not close:
            return None
        at, in_quote = words.index(close[0]), wanted.index(longest)
    line_start = text.rfind("\n", 0, places[at][0]) + 1
    window = places[max(0, at - in_quote) : at - in_quote + len(wanted)]
    inside = [(start, end) for start, end in window if start >= line_start and "\n" not in text[line_start:end]]
    return inside[0][0], inside[-1][1]


def _sentences_between(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    words = [match.span() for match in _WORD.finditer(text, start, end)]
    first = 0
    for index in range(len(words)):
        here = text[slice(*words[index])]
        following = text[slice(*words[index + 1])] if index + 1 < len(words) else None
        if following is None or _ends_sentence(here, following, is_first=index == first):
            yield words[first][0], words[index][1]
            first = index + 1


def _ends_sentence(word: str, following: str, *, is_first: bool) -> bool:
    core, opening = word.rstrip(_CLOSERS).lstrip(_OPENERS), following.lstrip(_OPENERS)
    if not core.endswith((".", "!", "?", "…")) or not _can_start(opening[:1]):
        return False
    is_number = opening[0].isdigit()
    first_word = _FIRST_WORD.match(opening)
    is_usual_start = first_word is not None and first_word[0] in _FIRST_WORDS
    if core.endswith(("…", "..")):
        # An ellipsis with blanks around it stands for words left out more often than for an end.
        is_alone = not core.strip("….")
        return is_usual_start if is_alone else not is_number
    if not core.endswith("."):
        return True
    stem = core[:-1]
    if is_first and stem.isdecimal():
        return False  # "1. The crew ..." is an item of a list.
    return _may_end(stem, is_number=is_number, is_usual_start=is_usual_start)


def _can_start(character: str) -> bool:
    is_letter_or_digit = character.isalnum() and not character.islower()
    return is_letter_or_digit or (character != "" and unicodedata.category(character) == "Sc")


def _may_end(stem: str, *, is_number: bool, is_usual_start: bool) -> bool:
    """Whether a word before a full stop can be the last of its sentence."""
    last = stem.rpartition("-")[2]
    plain = last.casefold()
    if last in _TITLES or plain in _LINKS:
        return False
    if plain in _BEFORE_NUMBERS:
        return not is_number
    is_initials = all(len(part) <= 2 and part.isalpha() for part in stem.split(".")) and (len(stem) == 1 or "." in stem)
    return is_usual_start if is_initials or plain in _AMBIGUOUS else True


def _unmarked(text: str) -> str:
    """Decomposed by compatibility, without combining marks and without invisible format characters."""
    return _FOREIGN.sub(lambda found: "".join(filter(_is_shown, found[0])), unicodedata.normalize("NFKD", text))


def _is_shown(character: str) -> bool:
    is_invisible = unicodedata.category(character) == "Cf" or "\ufe00" <= character <= "\ufe0f"
    return not (is_invisible or unicodedata.combining(character))
