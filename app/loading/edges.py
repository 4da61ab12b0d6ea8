"""What stands right beside a quote and belongs to it: the rest of a word or a number, a year, a denial. Pure."""

import re
import unicodedata
from collections.abc import Collection, Iterator

from app import edtf
from app.loading import dates, relative
from app.loading.days import COUNTED, DAY, MONTH_NAME, MONTHS, unnamed
from app.loading.seed import SeedClaim
from app.passages import CONTEXT, Passage
from app.vocabulary import NAMING

# Scripts that part no words, or write together with a name what says its part in the sentence.
_UNPARTED = re.compile(
    "[\u0590-\u06ff\u0750-\u077f\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3040-\u318f\u3400-\u9fff\uac00-\ud7af"
    "\uff66-\uff9f\U00020000-\U0003ffff]"
)
_UNSEEN = "\u00ad\u200b\u200c\u200d"
# What makes another word of the one that it is joined to.
_BEFORE_HYPHEN = re.compile(r"\b(?:non|ex|anti|un|pre|post|half|semi|pseudo|vice)[-‑]$", re.IGNORECASE)
# Between the digits of one number: a point, a comma, and what parts thousands.
_WITHIN_NUMBER = ".,·，'’\u00a0\u2009\u202f"
_DENIED = re.compile(
    r"(?P<denial>\b(?:(?i:(?<!\bor )not|never|nor|neither|cannot|hardly|scarcely)|no(?=\s[^A-Z0-9]*$))|n[’'ʼ´]t)"
    r"(?:[^\S\n]+(?:an?|the|yet|ever|been|be|really|actually|officially))*[^\S\n]*\n?[^\S\n]*(?<=\s)[_*“\"‘'(]*$"
)
# What denies what a verb tells: was not filmed aboard, never won the. It is not "not only" or "not until", nor a title,
# which has capital letters: Don’t Breathe is a 2016 film.
_DENIED_VERB = re.compile(
    r"(?:\b(?:(?:is|are|was|were|did|does|do|has|had|have)(?:\snot|n[’'ʼ´]t)|never)"
    r"(?:\s(?!(?:only|just|merely|simply|solely|but|until|till|before|because|unless|without|even)\b)[a-z][\w’'-]*){1,2}"
    r"(?:\s(?:the|an?))?|\bnot\s(?:by|in|at|on|aboard|from|with))\s[_*“\"‘'(]*$"
)
_YEAR_BEHIND = re.compile(
    rf"(?P<year>(?:[^\S\n]?\(|,?\s+(?:in |of (?:the year )?)?)(?:1[6-9]|20)[0-9]{{2}}\b(?![.,:]?[0-9]){COUNTED})"
)
_DAY, _MONTH = unnamed(DAY), unnamed(MONTH_NAME)
_DAY_BEHIND = re.compile(
    rf",?\s(?:the\s)?(?:(?P<day>[0-3]?[0-9])(?:st|nd|rd|th)?(?:\sof)?\s(?P<month>{_MONTH})"
    rf"|(?P<its_month>{_MONTH})\s(?P<its_day>[0-3]?[0-9])(?:st|nd|rd|th)?)\b(?P<year>,?\s[12][0-9]{{3}}\b)?"
)
_AFTER_MONTH = re.compile(rf"(?P<day>\s{_DAY}\b{COUNTED})")
_ENDS_IN_MONTH = re.compile(rf"(?P<month>\b{_MONTH}$)")
_START, _END = re.compile(r"\S*$"), re.compile(r"\S*")
# How much of a word a message shows at each side, at most.
_SHOWN = 20
# How much before a value may deny it.
_CLAUSE = 60


def check_edges(passage: Passage, language: str | None) -> Iterator[str]:
    """What is wrong with where a quote begins and ends, as sentences for a person. `language` is that of its source."""
    for edge, before, after in (
        ("begins", passage.prefix, passage.exact),
        ("ends", passage.exact, passage.suffix),
    ):
        if _is_within(before, after, is_english=_is_english(language)):
            word = _START.findall(before[-_SHOWN:])[0] + _END.findall(after[:_SHOWN])[0]
            yield f"the quote {edge} within '{word}'; expected whole words"


def check_beside(claim: SeedClaim, passage: Passage, language: str | None, names: Collection[str]) -> Iterator[str]:
    """What beside a quote, or in it, says otherwise than the claim: a denial, and a year. Only English is looked at.

    `names` are those of the claim's object.
    """
    if not _is_english(language) or claim.modality == "negated" or claim.property in NAMING:
        return
    if (denied := _DENIED.search(passage.prefix)) and (denied["denial"] != "no" or passage.exact[:1].islower()):
        yield (
            f"right before the quote stands '{denied['denial']}'; expected it in the quote, and modality negated, or "
            "more words if it denies something else"
        )
    if told := _denied([claim.value] if claim.value else names, passage.exact):
        yield f"the quote denies '{told}'; expected modality negated"
    if claim.inference == "year" and claim.phrase and _has_year_behind(claim.phrase, passage):
        yield f"the year of '{claim.phrase}' stands right behind the quote; expected it in the quote, and no inference"


def is_cut(phrase: str, words: str) -> bool:
    """Whether the words have the phrase nowhere but within a longer date: April in April 21, or April 2 in it."""
    places = relative.places_of(phrase, words)
    of_month = _ENDS_IN_MONTH.search(phrase)
    return bool(places) and all(
        _is_within(words[max(0, start - _SHOWN) : start], words[start : start + _SHOWN], is_english=True)
        or _is_within(words[max(0, end - _SHOWN) : end], words[end : end + _SHOWN], is_english=True)
        or (of_month and _AFTER_MONTH.match(words, end))
        for start, end in places
    )


def has_day(weekday: str, words: str, value: str) -> bool:
    """Whether the words go on after a weekday with its date, of which the year is told, or which is no `value`."""
    found = [match for _, end in relative.places_of(weekday, words) if (match := _DAY_BEHIND.match(words, end))]
    return any(match["year"] or _month_and_day(match) != value[5:] for match in found)


def _month_and_day(match: re.Match[str]) -> str:
    month = MONTHS[(match["month"] or match["its_month"]).rstrip(".").lower()]
    return f"{month:02}-{int(match['day'] or match['its_day']):02}"


def with_words_beside(passage: Passage) -> str:
    """The quote with the whole words that stand beside it."""
    before = passage.prefix if len(passage.prefix) < CONTEXT else passage.prefix.partition(" ")[2]
    after = passage.suffix if len(passage.suffix) < CONTEXT else passage.suffix.rpartition(" ")[0]
    return f"{before}{passage.exact}{after}"


def _is_english(language: str | None) -> bool:
    return not language or language.partition("-")[0] == "en"


def _is_within(before: str, after: str, *, is_english: bool) -> bool:
    """Whether a word or a number goes on from the one text to the other."""
    before, after = before[-_SHOWN:].rstrip(_UNSEEN), after[:_SHOWN].lstrip(_UNSEEN)
    last, first = before[-1:], after[:1]
    if not last or not first:
        return False
    if _is_of_a_word(last) and (_is_of_a_word(first) or unicodedata.category(first).startswith("M")):
        # Others inflect names, which stand in the text with their endings.
        is_sure = is_english or last.isdecimal() or first.isdecimal()
        return is_sure and not (_UNPARTED.match(last) or _UNPARTED.match(first))
    is_begun = last in _WITHIN_NUMBER and before[-2:-1].isdecimal() and first.isdecimal()
    goes_on = last.isdecimal() and first in _WITHIN_NUMBER and after[1:2].isdecimal()
    return is_begun or goes_on or bool(_BEFORE_HYPHEN.search(before))


def _is_of_a_word(character: str) -> bool:
    return character.isalpha() or character.isdecimal()


def _denied(told: Collection[str], exact: str) -> str:
    """What the words tell of these texts, or of a date, if they deny it each time right before; nothing otherwise."""
    pattern = "|".join(re.escape(one) for one in sorted(told, key=len, reverse=True))
    places = [match.span() for match in re.finditer(rf"(?<!\w)(?:{pattern})(?!\w)", exact, re.IGNORECASE)]
    if (date := next(iter(told), "")) and edtf.is_valid(date):
        places = [(start, end) for start, end, _ in dates.told_in(exact) if date in dates.stated_in(exact[start:end])]
    before = [exact[max(0, start - _CLAUSE) : start] for start, _ in places]
    is_denied = bool(told) and all(_DENIED.search(one.casefold()) or _DENIED_VERB.search(one) for one in before)
    return exact[slice(*places[0])] if places and is_denied else ""


def _has_year_behind(phrase: str, passage: Passage) -> bool:
    ends = " ".join(dates.plain(passage.exact[-2 * len(phrase) - _SHOWN :]).split())
    return ends.endswith(" ".join(phrase.split())) and bool(_YEAR_BEHIND.match(passage.suffix))
