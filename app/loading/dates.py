"""Dates in prose: which ones a text states, and what a relative phrase means on a given day. Pure."""

import calendar
import re
from bisect import bisect_left
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Literal

from app import edtf
from app.loading.days import COUNTED, DAY, MONTH_NAME, MONTHS, YEAR, stretches_in

_WEEKDAYS = {name.lower(): number for number, name in enumerate(calendar.day_name)}
_WEEKDAYS |= {name.lower(): number for number, name in enumerate(calendar.day_abbr)}

_MONTH = rf"(?P<month>{'|'.join(sorted(MONTHS, key=len, reverse=True))})\.?"
_STATED = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\b(?P<year>[12][0-9]{3})-(?P<month>[01][0-9])-(?P<day>[0-3][0-9])\b",
        rf"\b{DAY}(?: of)? {_MONTH},? {YEAR}\b",
        rf"\b{_MONTH} {DAY},? {YEAR}\b",
        rf"\b{_MONTH},?(?: of)? {YEAR}\b",
        r"\b(?P<year>[12][0-9]{3})-(?P<month>[01][0-9])\b",
        rf"\b{YEAR}\b",
    )
)
# The zones in which times of day are read, and how far they are from UTC; Moscow has had no summer time since 2014.
_ZONES = {"UTC": "Z", "GMT": "Z", "Moscow time": "+03:00"}
_TIME = re.compile(rf"\b(?P<time>[0-2][0-9]:[0-5][0-9]:[0-5][0-9]) (?P<zone>{'|'.join(_ZONES)})\b")
_DECADE = re.compile(r"\b([12][0-9]{2})0s\b")
# A year after it is no missing one.
_YEARLESS = tuple(
    re.compile(pattern)
    for pattern in (rf"\b{DAY}(?: of)? {MONTH_NAME}", rf"\b{MONTH_NAME} {DAY}\b", rf"\b{MONTH_NAME}")
)
_FOLLOWING_YEAR = re.compile(r"[.,]? (?:of )?(?:[12][0-9]{3}|['’][0-9]{2})\b")
_WEEKDAY = re.compile(
    rf"\b(?:(?P<which>[Ll]ast|[Pp]ast|[Nn]ext|[Cc]oming|[Tt]his) )?"
    rf"(?P<name>{'|'.join(sorted((name.capitalize() for name in _WEEKDAYS), key=len, reverse=True))})\b"
)
# As EDTF numbers the parts of a year: its seasons, quarters, halves and thirds.
_PARTS = {"spring": 21, "summer": 22, "autumn": 23, "fall": 23, "winter": 24}
_PARTS |= {word: 33 + number for number, word in enumerate(("first quarter", "second quarter", "third quarter"))}
_PARTS |= {"fourth quarter": 36, "last quarter": 36, "q1": 33, "q2": 34, "q3": 35, "q4": 36}
_PARTS |= {"early": 37, "mid": 38, "late": 39, "first half": 40, "second half": 41}
_PART = re.compile(
    r"\b(?:(?P<part>early|mid|late|spring|summer|autumn|fall|winter)(?:[ -]|,? of |,? in )"
    r"|(?P<quarter>(?:first|second|third|fourth|last) quarter) of |(?P<half>(?:first|second) half) of "
    rf"|Q(?P<q>[1-4]),? ){YEAR}\b",
    re.IGNORECASE,
)
_COUNTS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_STEPS = {"last": -1, "this": 0, "next": 1}
_NEAR_DAYS = {"yesterday": -1, "today": 0, "tonight": 0, "tomorrow": 1}
_NEAR_DAY = re.compile(rf"\b(?:{'|'.join(_NEAR_DAYS)})\b", re.IGNORECASE)
_LONE_MONTH = re.compile(rf"(?<=\b(?:[Ii]n|[Bb]y) )(?:early |mid-?|late )?{MONTH_NAME}(?! [0-3]?[0-9]\b)")
# Not what is counted or measured: 2000 people, 1,998, 2001.5.
_LIKELY_YEAR = re.compile(
    rf"(?<![\w.,$£€-])(?P<year>1[6-9][0-9]{{2}}|20[0-9]{{2}})(?![\w%]|[.,-]?[0-9]){COUNTED}(?! is\b)"
)
_YEARS = re.compile(
    r"\b(?:(?:from|between) )?(1[6-9][0-9]{2}|20[0-9]{2})(?:[-–]| to | and | until )(20[0-9]{2}|1[6-9][0-9]{2})\b"
)
# In full, or with a full stop: Sun and Sat are other words as well.
_TOLD_WEEKDAY = re.compile(rf"{_WEEKDAY.pattern}(?:(?<=day)|\.)")
_NEAR = re.compile(r"\b(?P<which>last|this|next) (?P<unit>month|year)\b", re.IGNORECASE)
_WEEK = re.compile(r"\b(?P<which>last|this|next) week\b", re.IGNORECASE)
_DAYS_AGO = re.compile(rf"\b(?P<count>[1-9][0-9]?|{'|'.join(_COUNTS)}) days? ago\b", re.IGNORECASE)
_BOTH_ENDS = re.compile(
    r"\b(?:from|between|since) ([12][0-9]{3})(?:[-–]| to | and | until )([12][0-9]{3})\b", re.IGNORECASE
)
_UNNAMED_DAY, _UNNAMED_MONTH = (re.sub(r"\?P<\w+>", "?:", one) for one in (DAY, _MONTH))
# Not where it goes on to another one: from May 2021 to July.
_ANOTHER = rf"(?:the )?(?:(?:{_UNNAMED_DAY}(?: of)? )?{_UNNAMED_MONTH}|[12][0-9]{{3}})"
_BOUND = re.compile(
    rf"\b(?P<which>after|since|from|before|until) (?P<date>(?:(?:{_UNNAMED_DAY}(?: of)? {_UNNAMED_MONTH},? "
    rf"|{_UNNAMED_MONTH} {_UNNAMED_DAY},? |{_UNNAMED_MONTH},?(?: of)? ))?[12][0-9]{{3}})\b"
    rf"(?!(?: (?:to|until|till|through) | ?[-–—] ?){_ANOTHER}\b)",
    re.IGNORECASE,
)
# What is so long after a date, or before it, is not bounded by that.
_FAR_FROM = re.compile(r"\b(?:second|minute|hour|day|week|month|year)s? $", re.IGNORECASE)
# What is not to be before a year is to be from then on, unless a claim denies that it is before.
_DENIED = re.compile(r"\b(?:not|never|cannot|no)\b|n[’']t\b", re.IGNORECASE)
_TURNED = {"before": "from", "until": "from", "after": "until"}
# So many characters before the bound it may be said.
_REACH = 60

# What words a date is told by: with its year, or what it takes to know what they mean.
Sort = Literal["stated", "years", "span", "day", "year"]
# In the order in which they are taken: the longer forms before those that they contain.
_SORTS: tuple[tuple[Sort, tuple[re.Pattern[str], ...]], ...] = (
    ("span", (_PART,)), ("stated", _STATED[:-1]), ("years", (_YEARS,)), ("span", (_BOUND, _WEEK)),
    ("stated", (_LIKELY_YEAR, _DECADE)), ("year", (*_YEARLESS[:-1], _LONE_MONTH, _NEAR)),
    ("day", (_DAYS_AGO, _TOLD_WEEKDAY, _NEAR_DAY)),
)  # fmt: skip

# Blanks that keep words together on a line, or are narrow: between words they are blanks like any other.
_BLANKS = str.maketrans(dict.fromkeys("\u00a0\u2007\u2009\u202f", " "))


def plain(words: str) -> str:
    """The words with a plain blank for every other one, each at its place."""
    return words.translate(_BLANKS)


def stated_in(text: str) -> set[str]:
    """The dates that a text states in so many words, as EDTF, each also at its coarser precisions.

    A time of day belongs to whichever day stands beside it.
    """
    found: set[str] = {f"{decade}X" for decade in _DECADE.findall(text)}
    for pattern in _STATED:
        for match in pattern.finditer(text):
            parts = match.groupdict()
            found.add(parts["year"])
            if month := parts.get("month"):
                number = MONTHS.get(month.lower()) or int(month)
                found.add(f"{parts['year']}-{number:02}")
                if day := parts.get("day"):
                    found.add(f"{parts['year']}-{number:02}-{int(day):02}")
    for stretch in stretches_in(text):
        if stretch.year:
            found |= {end[:length] for end in stretch.ends(stretch.year) for length in (4, 7, 10)}
    days = [one for one in found if len(one) == len("2021-10-05")]
    times = [f"{match['time']}{_ZONES[match['zone']]}" for match in _TIME.finditer(text)]
    return found | {f"{day}T{time}" for day in days for time in times}


def told_in(text: str) -> list[tuple[int, int, Sort]]:
    """Where a text tells dates, in order and none within another: start, end, and what sort of words tell it.

    A number alone is a year where it looks like one, and a month alone a date where a preposition stands before it.
    """
    found: list[tuple[int, int, Sort]] = []
    for start, stop, sort in _told_in(text):
        end = stop - text.endswith(".", start, stop)
        if all(end <= a or b <= start for a, b, _ in found):
            found.append((start, end, sort))
    return sorted(found)


def _told_in(text: str) -> Iterator[tuple[int, int, Sort]]:
    """The same in order of what is taken first."""
    for stretch in stretches_in(text):
        if not stretch.is_moved:
            yield stretch.start, stretch.end, "stated" if stretch.year else "year"
    for sort, patterns in _SORTS:
        for pattern in patterns:
            for match in pattern.finditer(text):
                yield *match.span(), sort


def resolve_day(phrase: str, published: date, *, is_future: bool) -> str | None:
    """What a phrase with a weekday, or today, yesterday or tomorrow, means in an article of that day; None if nothing.

    A weekday without more is the last one up to that day, or in a plan the next one from it.
    """
    for word, offset in _NEAR_DAYS.items():
        if re.search(rf"\b{word}\b", phrase, re.IGNORECASE):
            return (published + timedelta(days=offset)).isoformat()
    if match := _DAYS_AGO.search(phrase):
        told = match["count"].lower()
        return (published - timedelta(days=_COUNTS.index(told) + 1 if told in _COUNTS else int(told))).isoformat()
    if not (match := _WEEKDAY.search(phrase)):
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
    if match := _NEAR.search(phrase):
        step = _STEPS[match["which"].lower()]
        if match["unit"].lower() == "year":
            return f"{published.year + step:04}"
        year, month = divmod(published.year * 12 + published.month - 1 + step, 12)
        return f"{year:04}-{month + 1:02}"
    before = within.partition(phrase)[0] if phrase in within else ""
    found = (one for one in stretches_in(before + phrase) if one.start >= len(before) and not one.is_moved)
    if stretch := next(found, None):
        return None if stretch.year else stretch.nearest(published, is_future=is_future)
    for pattern in _YEARLESS:
        if match := pattern.search(phrase):
            if _FOLLOWING_YEAR.match(phrase, match.end()):
                return None
            day = match.groupdict().get("day")
            return _nearest(MONTHS[match["month"].lower()], int(day) if day else None, published, is_future)
    return None


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


def bounds_in(words: str, *, is_denied: bool = False) -> list[tuple[str, set[str]]]:
    """(date, the spans that it bounds) for each `after 2024` or `before 5 May 2024` in the words.

    Not of one that the words tell besides, nor where they tell how long after or before it.
    """
    found = [match for match in _BOUND.finditer(words) if match["which"].lower() in ("after", "before")]
    bounding = [match for match in found if not _FAR_FROM.search(words[max(0, match.start() - _REACH) : match.start()])]
    besides = stated_in(_BOUND.sub("", words))
    return [
        (told, span_in(match.group(), words, None, is_denied=is_denied))
        for match in bounding
        if (told := _told(match["date"])) not in besides
    ]


def span_in(phrase: str, words: str, published: date | None, *, is_denied: bool) -> set[str]:
    """The EDTF spans that a phrase means in these words: `before 2028` is from 2028 on where they say "not".

    Where the claim itself says that it is not so (`is_denied`), it means what it says.
    """
    before, _, _ = words.partition(phrase)
    match = _BOUND.search(phrase)
    if match and not is_denied and _DENIED.search(f"{before[-_REACH:]}{phrase[: match.start()]}".rpartition(". ")[2]):
        which = match["which"].lower()
        phrase = f"{_TURNED.get(which, which)} {match['date']}"
    return resolve_span(phrase, published)


def resolve_span(phrase: str, published: date | None = None) -> set[str]:
    """The EDTF spans that a phrase such as `after 2024`, `in late 2021` or `last week` may mean.

    A span is written as an interval or as one moment in it; both are there where both can be meant.
    """
    if match := _BOTH_ENDS.search(phrase):
        return {f"{match[1]}/{match[2]}", f"[{match[1]}..{match[2]}]"}
    if (match := _BOUND.search(phrase)) and edtf.is_valid(told := _told(match["date"])):
        which = match["which"].lower()
        if which in ("before", "until"):
            last = _beside(told, -1) if which == "before" else told
            return {f"../{last}", f"[..{last}]"}
        first = _beside(told, 1) if which == "after" else told
        return {f"{first}/..", f"[{first}..]"}
    if match := _PART.search(phrase):
        words = (match["part"] or match["quarter"] or match["half"] or f"q{match['q']}").lower()
        return {f"{match['year']}-{_PARTS[words]}"}
    if (match := _WEEK.search(phrase)) and published:
        monday = published - timedelta(days=published.weekday()) + timedelta(weeks=_STEPS[match["which"].lower()])
        first_day, last_day = monday.isoformat(), (monday + timedelta(days=6)).isoformat()
        return {f"[{first_day}..{last_day}]", f"{first_day}/{last_day}"}
    return set()


def _told(words: str) -> str:
    """The date that the words tell, as fine as they do."""
    return max(stated_in(words), key=len)


def _beside(told: str, step: int) -> str:
    """The year, month or day before this one, or after it."""
    year, month, day = (int(part) for part in (*told.split("-"), "1", "1")[:3])
    if len(told) == len("2021-05-05"):
        return (date(year, month, day) + timedelta(days=step)).isoformat()
    if len(told) == len("2021-05"):
        year, month = divmod(year * 12 + month - 1 + step, 12)
        return f"{year:04}-{month + 1:02}"
    return f"{year + step:04}"


def _nearest(month: int, day: int | None, published: date, is_future: bool) -> str | None:
    for year in sorted(range(published.year - 8, published.year + 9), reverse=not is_future):
        told = f"{year:04}-{month:02}" + ("" if day is None else f"-{day:02}")
        today = published.isoformat()[: len(told)]
        if (told >= today if is_future else told <= today) and edtf.is_valid(told):
            return told
    return None
