"""Phrases that take the day of an article to be understood: `on April 12`, `last Sunday`, `in May`. Pure."""

import calendar
import re
from bisect import bisect_left
from datetime import date, timedelta

from app import edtf
from app.loading.days import DAY, MONTH_NAME, MONTHS, stretches_in

_WEEKDAYS = {name.lower(): number for number, name in enumerate(calendar.day_name)}
_WEEKDAYS |= {name.lower(): number for number, name in enumerate(calendar.day_abbr)}
# A year after it is no missing one.
YEARLESS = tuple(
    re.compile(pattern)
    for pattern in (rf"\b{DAY}(?: of)? {MONTH_NAME}", rf"\b{MONTH_NAME} {DAY}\b", rf"\b{MONTH_NAME}")
)
_FOLLOWING_YEAR = re.compile(r"[.,]? (?:of )?(?:[12][0-9]{3}|['’][0-9]{2})\b")
_WEEKDAY = re.compile(
    rf"\b(?:(?P<which>[Ll]ast|[Pp]ast|[Nn]ext|[Cc]oming|[Tt]his) )?"
    rf"(?P<name>{'|'.join(sorted((name.capitalize() for name in _WEEKDAYS), key=len, reverse=True))})\b"
)
_COUNTS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
STEPS = {"last": -1, "this": 0, "next": 1}
_NEAR_DAYS = {"yesterday": -1, "today": 0, "tonight": 0, "tomorrow": 1}
NEAR_DAY = re.compile(rf"\b(?:{'|'.join(_NEAR_DAYS)})\b", re.IGNORECASE)
LONE_MONTH = re.compile(rf"(?<=\b(?:[Ii]n|[Bb]y) )(?:early |mid-?|late )?{MONTH_NAME}(?! [0-3]?[0-9]\b)")
# In full, or with a full stop: Sun and Sat are other words as well.
TOLD_WEEKDAY = re.compile(rf"{_WEEKDAY.pattern}(?:(?<=day)|\.)")
# What tells the year in words, and what does so that nothing here makes a year of.
_NEAR_YEAR = re.compile(r",? (?:of )?(?P<which>last|this|next) year\b", re.IGNORECASE)
_ANOTHER_YEAR = re.compile(
    rf",? (?:of )?(?:the (?:previous|preceding|following|next) year|the year (?:before|after)"
    rf"|(?:an?|[1-9][0-9]?|{'|'.join(_COUNTS)}) years? (?:ago|before|earlier|later))\b",
    re.IGNORECASE,
)
# What makes another day of a weekday: Tuesday week, the Sunday before last, a week ago on Monday.
_ANOTHER_WEEK = re.compile(r" (?:before last|after next|week|fortnight)\b", re.IGNORECASE)
_WEEKS_FROM = re.compile(
    rf"\b(?:an?|[1-9][0-9]?|{'|'.join(_COUNTS)}) (?:week|fortnight)s? "
    r"(?:ago|before|after|from|earlier|later),?(?: on| last| this)? $",
    re.IGNORECASE,
)
NEAR = re.compile(r"\b(?P<which>last|this|next) (?P<unit>month|year)\b", re.IGNORECASE)
# So many characters before a weekday it may be said.
_REACH = 40
DAYS_AGO = re.compile(rf"\b(?P<count>[1-9][0-9]?|{'|'.join(_COUNTS)}) days? ago\b", re.IGNORECASE)


def resolve_day(phrase: str, published: date, *, is_future: bool) -> str | None:
    """What a phrase with a weekday, or today, yesterday or tomorrow, means in an article of that day; None if nothing.

    A weekday without more is the last one up to that day, or in a plan the next one from it.
    """
    for word, offset in _NEAR_DAYS.items():
        if re.search(rf"\b{word}\b", phrase, re.IGNORECASE):
            return (published + timedelta(days=offset)).isoformat()
    if match := DAYS_AGO.search(phrase):
        told = match["count"].lower()
        return (published - timedelta(days=_COUNTS.index(told) + 1 if told in _COUNTS else int(told))).isoformat()
    if not (match := _WEEKDAY.search(phrase)) or _is_of_another_week(phrase, *match.span()):
        return None
    which = (match["which"] or "").lower()
    wanted = _WEEKDAYS[match["name"].lower()]
    if which in ("next", "coming") or (is_future and which not in ("last", "past")):
        ahead = (wanted - published.weekday()) % 7
        return (published + timedelta(days=ahead or (7 if which == "next" else 0))).isoformat()
    behind = (published.weekday() - wanted) % 7
    return (published - timedelta(days=behind or (7 if which in ("last", "past") else 0))).isoformat()


def resolve_year(phrase: str, published: date, *, is_future: bool, within: str = "") -> str | None:
    """What a phrase that leaves out the year means in an article of that day: `on April 12`, `in May`, `last year`.

    It is the nearest such date up to that day, or in a plan from it; of a stretch of days, one that had begun, or in a
    plan one that is not over. None where the phrase has no such date. The words that it stands `within` may say that
    its days are no stretch.
    """
    if match := NEAR.search(phrase):
        step = STEPS[match["which"].lower()]
        if match["unit"].lower() == "year":
            return _in_year(published.year + step, phrase)
        year, month = divmod(published.year * 12 + published.month - 1 + step, 12)
        return f"{year:04}-{month + 1:02}"
    before = within.partition(phrase)[0] if phrase in within else ""
    found = (one for one in stretches_in(before + phrase) if one.start >= len(before) and not one.is_moved)
    if stretch := next(found, None):
        return None if stretch.year else stretch.nearest(published, is_future=is_future)
    for pattern in YEARLESS:
        if match := pattern.search(phrase):
            if _FOLLOWING_YEAR.match(phrase, match.end()) or _ANOTHER_YEAR.match(phrase, match.end()):
                return None
            day = match.groupdict().get("day")
            return _nearest(_number_of(match), int(day) if day else None, published, is_future)
    return None


def _in_year(year: int, phrase: str) -> str | None:
    """The days or the month of a phrase that tells its year behind it, or else that year: `in May last year`."""
    for stretch in stretches_in(phrase):
        if not stretch.year and _NEAR_YEAR.match(phrase, stretch.end):
            ends = stretch.ends(year)
            return "/".join(ends) if all(map(edtf.is_valid, ends)) else None
    for pattern in YEARLESS:
        for match in pattern.finditer(phrase):
            if _NEAR_YEAR.match(phrase, match.end()):
                day = match.groupdict().get("day")
                told = f"{year:04}-{_number_of(match):02}" + (f"-{int(day):02}" if day else "")
                return told if edtf.is_valid(told) else None
    return f"{year:04}"


def goes_on(phrase: str, words: str) -> bool:
    """Whether the words go on after a date with its year, told in words, or make another day of a weekday."""
    return any(
        _NEAR_YEAR.match(words, end) or _ANOTHER_YEAR.match(words, end) or _is_of_another_week(words, start, end)
        for start, end in places_of(phrase, words)
    )


def _is_of_another_week(words: str, start: int, end: int) -> bool:
    """Whether a weekday there is one of another week than the nearest."""
    if not _WEEKDAY.search(words, start, end):
        return False
    return bool(_ANOTHER_WEEK.match(words, end) or _WEEKS_FROM.search(words[max(0, start - _REACH) : start]))


def has_year(phrase: str, words: str) -> bool:
    """Whether the words go on after the phrase with its year, or that of a stretch that it begins: none is missing."""
    dated = sorted((stretch.end, stretch.start) for stretch in stretches_in(words) if stretch.year)

    def is_within_one(place: int) -> bool:
        at = bisect_left(dated, (place,))
        return at < len(dated) and dated[at][1] < place

    return any(_FOLLOWING_YEAR.match(words, end) or is_within_one(end) for _, end in places_of(phrase, words))


def places_of(phrase: str, words: str) -> list[tuple[int, int]]:
    """Where the phrase begins and ends in the words, however it is broken into lines there."""
    pattern = r"\s+".join(map(re.escape, phrase.split()))
    return [match.span() for match in re.finditer(pattern, words)]


def _number_of(match: re.Match[str]) -> int:
    return MONTHS[match["month"].lower()]


def _nearest(month: int, day: int | None, published: date, is_future: bool) -> str | None:
    for year in sorted(range(published.year - 8, published.year + 9), reverse=not is_future):
        told = f"{year:04}-{month:02}" + ("" if day is None else f"-{day:02}")
        today = published.isoformat()[: len(told)]
        if (told >= today if is_future else told <= today) and edtf.is_valid(told):
            return told
    return None
