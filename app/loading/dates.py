"""Dates in prose: which ones a text states, where it tells them, and the spans that a phrase means. Pure."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Literal

from app import edtf
from app.loading.days import COUNTED, DAY, MONTHS, YEAR, stretches_in, unnamed
from app.loading.relative import DAYS_AGO, LONE_MONTH, NEAR, NEAR_DAY, STEPS, TOLD_WEEKDAY, YEARLESS

_MONTH = rf"(?P<month>{'|'.join(sorted(MONTHS, key=len, reverse=True))})\.?"
_STATED = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\b(?P<year>[12][0-9]{3})-(?P<month>[01][0-9])-(?P<day>[0-3][0-9])(?:\b|(?=T[0-9]))",
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
# Not what is counted or measured: 2000 people, 1,998, 2001.5.
_LIKELY_YEAR = re.compile(
    rf"(?<![\w.,$£€-])(?P<year>1[6-9][0-9]{{2}}|20[0-9]{{2}})(?![\w%]|[.,-]?[0-9]){COUNTED}(?! is\b)"
)
_YEARS = re.compile(
    r"\b(?:(?:from|between) )?(1[6-9][0-9]{2}|20[0-9]{2})(?:[-–]| to | and | until )(20[0-9]{2}|1[6-9][0-9]{2})\b"
)
_WEEK = re.compile(r"\b(?P<which>last|this|next) week\b", re.IGNORECASE)
_BOTH_ENDS = re.compile(
    r"\b(?:from|between|since) ([12][0-9]{3})(?:[-–]| to | and | until )([12][0-9]{3})\b", re.IGNORECASE
)
_UNNAMED_DAY, _UNNAMED_MONTH = unnamed(DAY), unnamed(_MONTH)
# Not where it goes on to another one: from May 2021 to July.
_ANOTHER = rf"(?:the )?(?:(?:{_UNNAMED_DAY}(?: of)? )?{_UNNAMED_MONTH}|[12][0-9]{{3}})"
_BOUND = re.compile(
    rf"\b(?P<which>after|since|from|before|until) (?P<date>(?:(?:{_UNNAMED_DAY}(?: of)? {_UNNAMED_MONTH},? "
    rf"|{_UNNAMED_MONTH} {_UNNAMED_DAY},? |{_UNNAMED_MONTH},?(?: of)? ))?[12][0-9]{{3}})\b"
    rf"(?!(?: (?:to|until|till|through) | ?[-–—] ?){_ANOTHER}\b)",
    re.IGNORECASE,
)
# What is no part of a year, but after it or before it, or of two of them.
_BESIDE = re.compile(
    r"\b(?:after|before|(?:early|mid|late|spring|summer|autumn|fall|winter|quarter|half)(?: and| or|,))(?: the)? $",
    re.IGNORECASE,
)
# What is so long after a date, or before it, is not bounded by that.
_FAR_FROM = re.compile(r"\b(?:(?:second|minute|hour)|(?P<days>day|week|month|year))s? $", re.IGNORECASE)
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
    ("stated", (_LIKELY_YEAR, _DECADE)), ("year", (*YEARLESS[:-1], LONE_MONTH, NEAR)),
    ("day", (DAYS_AGO, TOLD_WEEKDAY, NEAR_DAY)),
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


def bounds_in(words: str, wider: str, *, is_denied: bool) -> list[tuple[str, set[str]]]:
    """(date, the spans that it bounds) for each `after 2024` or `before 5 May 2024` in the words.

    Not of one that the words tell besides, nor where they tell how long after or before it. What stands beside the
    words in the `wider` ones may turn a bound.
    """
    return [
        (told, span_in(match.group(), wider, None, is_denied=is_denied))
        for told, match, far in _after_or_before(words)
        if not far
    ]


def counted_from(words: str) -> set[str]:
    """The dates from which something is counted in the words: that of two days after 12 May 2012."""
    return {told for told, _, far in _after_or_before(words) if far and far["days"]}


def _after_or_before(words: str) -> Iterator[tuple[str, re.Match[str], re.Match[str] | None]]:
    """(date, where a bound is told by it, how far from it) of dates not told besides."""
    found = [match for match in _BOUND.finditer(words) if match["which"].lower() in ("after", "before")]
    besides = stated_in(_BOUND.sub("", words)) if found else set()
    for match in found:
        if (told := _told(match["date"])) not in besides:
            yield told, match, _FAR_FROM.search(words[max(0, match.start() - _REACH) : match.start()])


def span_in(phrase: str, words: str, published: date | None, *, is_denied: bool) -> set[str]:
    """The EDTF spans that a phrase means in these words: `before 2028` is from 2028 on where they say "not".

    Where the claim itself says that it is not so (`is_denied`), it means what it says.
    """
    before, _, _ = words.partition(phrase)
    match = _BOUND.search(phrase)
    if match and not is_denied and _DENIED.search(f"{before[-_REACH:]}{phrase[: match.start()]}".rpartition(". ")[2]):
        which = match["which"].lower()
        phrase = f"{_TURNED.get(which, which)} {match['date']}"
    # What is after the summer is no part of it.
    if _BESIDE.search(before[-_REACH:]) and _PART.match(phrase):
        return set()
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
    if (match := _PART.search(phrase)) and not _BESIDE.search(phrase[: match.start()]):
        words = (match["part"] or match["quarter"] or match["half"] or f"q{match['q']}").lower()
        return {f"{match['year']}-{_PARTS[words]}"}
    if (match := _WEEK.search(phrase)) and published:
        monday = published - timedelta(days=published.weekday()) + timedelta(weeks=STEPS[match["which"].lower()])
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
