"""The dates and durations that a sentence tells, each with what it proposes and the words that it comes from. Pure.

What the words mean is said by `app.loading.dates`, which the gate asks as well.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from app import edtf
from app.loading import dates, relative
from app.loading.amounts import lengths_in, numbers_in
from app.loading.days import stretches_in
from app.values import canonical
from app.vocabulary import Inference

# Words right before a date that belong to its phrase; those of the second sort say that it only bounds something.
_BEFORE = re.compile(r"\b(?:on|in|at|during|of|(?P<bound>after|before|since|until|by|from|end of))(?: the)? $", re.I)
_UNIT = "second|minute|hour|day|week|month|year|mile|kilometre|kilometer|km|metre|meter|foot|feet"
_AMOUNT = re.compile(
    rf"(?<![\w.,-])(?P<amount>\d+(?:[.,]\d+)*|[A-Za-z]+)[ -](?P<unit>{_UNIT})s?\b"
    r"(?! (?:ago|later|old|before|after|earlier))"
)
# How far into a sentence a date still stands at its beginning.
_BEGINNING = 16
# What a sentence has in it that speaks of what is to come.
_AHEAD = re.compile(
    r"\b(?:will|shall|plan(?:s|ned|ning)? to|(?<!was )(?<!were )(?<!been )planned for"
    r"|(?:is|are) expected|due|scheduled|slated|upcoming|set to|hopes? to)\b"
)


@dataclass(frozen=True, slots=True)
class Told:
    """A date, or a quantity, that stands in the text from `start` to `end`; `phrase` has the preposition with it.

    A date that `is_bound` is one before or after which something is. What has no `value` cannot be known from here.
    """

    start: int
    end: int
    phrase: str
    value: str | None
    inference: Inference = "none"
    is_bound: bool = False
    is_quantity: bool = False

    @property
    def needs_phrase(self) -> bool:
        """Whether a claim with this value has to say the phrase that it is computed from."""
        return self.inference != "none"


def told_in(text: str, start: int, end: int, published: date | None, *, is_future: bool | None = None) -> list[Told]:
    """The dates and quantities of one sentence, in order; positions count in the whole text.

    A date without its year, or a weekday, is the next one where the sentence speaks of what is to come, or `is_future`.
    """
    sentence = dates.plain(text[start:end])
    places = dates.told_in(sentence)
    beside = [again[0] for again in places[1:]] + [None]
    found = [
        _date(sentence, one, published, _is_ahead(sentence, one[0]) if is_future is None else is_future)
        for one, after in zip(places, beside, strict=False)
        # A weekday that stands beside its date says nothing more: Sunday, May 28, 2006.
        if after is None or one[2] != "day" or sentence[one[1] : after].strip(", ")
    ]
    found += [one for one in _quantities(sentence) if all(one.end <= d.start or d.end <= one.start for d in found)]
    return [
        replace(one, start=one.start + start, end=one.end + start) for one in sorted(found, key=lambda one: one.start)
    ]


def _is_ahead(sentence: str, place: int) -> bool:
    """Whether what is said to be to come is said before the date, or after one that the sentence begins with."""
    cue = _AHEAD.search(sentence)
    return cue is not None and (cue.start() < place or place < _BEGINNING)


def _date(sentence: str, place: tuple[int, int, dates.Sort], published: date | None, is_future: bool) -> Told:
    start, end, sort = place
    words = sentence[start:end]
    before = _BEFORE.search(sentence[max(0, start - 12) : start])
    phrase = sentence[start - len(before[0]) : start] + words if before else words
    stretch = next(stretches_in(words), None)
    is_bound = bool(before and before["bound"]) and not stretch
    value: str | None = None
    inference: Inference = "none"
    if stretch and stretch.year:
        value = stretch.interval()
    elif sort == "stated":
        value = max(dates.stated_in(words), key=len, default=None)
    elif sort == "years":
        first, last = re.findall(r"\d{4}", words)
        value = f"{first}/{last}" if first <= last else None
    elif sort == "span":
        inference = "implied"
        spans = dates.resolve_span(words, published)
        value = next((one for one in sorted(spans) if one[0] != "["), None)
        is_bound = bool(value and ".." in value)
    elif published:
        inference = "weekday" if sort == "day" else "year"
        resolve = relative.resolve_day if sort == "day" else relative.resolve_year
        value = resolve(words, published, is_future=is_future)
    if value is not None and not edtf.is_valid(value):  # the 31st of June
        value = None
    return Told(start, end, phrase, value, inference, is_bound=is_bound)


def _quantities(sentence: str) -> Iterator[Told]:
    lengths = list(lengths_in(sentence))
    for start, end, minutes in lengths:
        yield Told(start, end, sentence[start:end], f"{minutes} minute", is_quantity=True)
    for match in _AMOUNT.finditer(sentence):
        numbers = numbers_in(match["amount"])
        if len(numbers) != 1 or any(start <= match.start() < end for start, end, _ in lengths):
            continue
        unit = "foot" if match["unit"] == "feet" else match["unit"].lower()
        try:
            value = canonical("quantity", f"{numbers.pop()} {unit}")
        except ValueError:
            continue
        yield Told(*match.span(), match[0], value, is_quantity=True)
