"""Days and months in prose, and stretches of them, such as `from 7 to 11 September`. Pure."""

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from app import edtf

MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name}
MONTHS |= {name.lower(): number for number, name in enumerate(calendar.month_abbr) if name} | {"sept": 9}

DAY = r"(?P<day>[0-3]?[0-9])(?:st|nd|rd|th)?"
# Written with a capital, as names are: "may" is another word.
MONTH_NAME = rf"(?P<month>{'|'.join(sorted((name.capitalize() for name in MONTHS), key=len, reverse=True))})\b\.?"
YEAR = r"(?P<year>[12][0-9]{3})"

# What is alike of both ends stands once, and their year, if at all, behind the second one.
_FROM_MONTH, _FROM_DAY = (one.replace("?P<", "?P<from_") for one in (MONTH_NAME, DAY))
_WORD = r"(?P<to> (?:to|through|until|till|and) )(?:the )?"
_TO = rf"(?:{_WORD}| ?[-–—] ?)"
_NO_MORE_DAYS = r"(?! [0-3]?[0-9]\b)"
# What is counted or measured: 10 countries, 2000 people. Other words end with an s as well.
COUNTED = (
    r"(?! (?!(?:across|always|as|besides|has|his|its|plus|this|towards|unless|versus|was)\b)"
    r"(?:[a-z]{2,}s|km|kg|m|million|feet|foot|people|percent)\b)"
)
_NO_COUNT = r"(?! (?:people|percent|km|kg|feet|foot)\b)"
_STRETCH = tuple(
    # A number that goes on is none of a day: October 5 - 18:00.
    re.compile(rf"\b(?P<between>[Bb]etween (?:the )?)?{pattern}(?:,? (?:of )?{YEAR}{_NO_COUNT})?\b(?![:.,]?[0-9])")
    for pattern in (
        rf"{_FROM_MONTH} {_FROM_DAY}{_TO}{DAY}(?: of)? {MONTH_NAME}",
        rf"{_FROM_DAY}(?: of)? {_FROM_MONTH}{_TO}{DAY}(?: of)? {MONTH_NAME}",
        rf"{_FROM_DAY}{_TO}{DAY}(?: of)? {MONTH_NAME}",
        rf"{_FROM_MONTH} {_FROM_DAY}{_TO}{MONTH_NAME} {DAY}",
        rf"{_FROM_MONTH} {_FROM_DAY}{_TO}{DAY}{COUNTED}",
        rf"{_FROM_DAY}(?: of)? {_FROM_MONTH}{_TO}{MONTH_NAME}{_NO_MORE_DAYS}",
        rf"{_FROM_MONTH} {_FROM_DAY}{_TO}{MONTH_NAME}{_NO_MORE_DAYS}",
        rf"{_FROM_MONTH}{_TO}{MONTH_NAME}{_NO_MORE_DAYS}",
    )
)
# A number behind a name is no day, nor is one that something goes before: Soyuz 5 to 17 October, 12:05–17 October.
_NO_DAY = re.compile(
    r"(?:[\w.,/-]|[0-9]:|\b(?!(?:From|On|In|During|Between|Around|Since|The|Held|\w+(?:ing|ed|day)) )"
    r"(?:[A-Z]\w*|\w*[0-9]\w*|act|chapter|episode|number|part|phase|scene|season|stage|volume)\s+)$"
)
_DAY_BEFORE = re.compile(r"\b(?:0?[1-9]|[12][0-9]|3[01])(?:st|nd|rd|th)?(?: of)? $")
# What is moved from one day to another has two days. Words of the first sort say so of whatever they stand with, those
# of the second of what is planned: "delayed Crew-3 again from", "moved the launch of Sojourner from".
_PLANNED = (
    "date|debut|docking|film|flight|landing|launch|lift-?off|mission|movie|opening|premiere|release|screening|shoot|start"
    "|spacewalk|trip"
)
_BARS = "and|are|at|for|in|into|is|that|to|was|were|where|which|who|(?!planned|scheduled)\\w+ed"
_WORDS = rf"(?:\s+(?!(?:{_BARS})\b)[^\s.,;:()]+){{0,5}}?"
_MOVED = re.compile(
    rf"\b(?:(?:bumped|deferred|delay(?:ed|ing)?|postpon(?:ed|ing)|push(?:ed|ing)|rescheduled|slip(?:s|ped|ping)?){_WORDS}"
    r"|(?:brought|changed|mov(?:ed?|es|ing)|put|shifted)(?:\s+(?:back|off|(?P<sooner>forward|up)))?"
    rf"(?:{_WORDS}\s+(?:{_PLANNED})\b{_WORDS}|\s+[“\"][^”\"]+[”\"])?(?:\s+(?:back|off))?)\s+from\s+(?:the\s+)?$",
    re.IGNORECASE,
)
# So much of what goes before tells.
_REACH = 80
# What crosses the end of a year, of which one is told, is no longer than so many months.
_LONGEST = 6


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of days, or of months, and where it stands; `first` and `last` are (month, day), or (month, 0).

    `year` is that of its end, if it is told. With `is_moved` it is none: something was moved from one to the other.
    """

    start: int
    end: int
    first: tuple[int, int]
    last: tuple[int, int]
    year: int | None
    is_moved: bool

    def ends(self, year: int) -> tuple[str, str]:
        """Its ends as EDTF, where the last of them is in this year."""
        return _written(year - (self.first > self.last), *self.first), _written(year, *self.last)

    def interval(self) -> str | None:
        """It as EDTF; None where its year is not told."""
        return "/".join(self.ends(self.year)) if self.year else None

    def nearest(self, published: date, *, is_future: bool) -> str | None:
        """What it means without its year in an article of that day, as EDTF; None where no year has these days.

        It is the last one that had begun, or in a plan the first that is not over.
        """
        today = published.isoformat()
        found = [ends for step in range(-8, 9) if all(map(edtf.is_valid, ends := self.ends(published.year + step)))]
        if is_future:
            return next(("/".join(ends) for ends in found if ends[1] >= today[: len(ends[1])]), None)
        return next(("/".join(ends) for ends in reversed(found) if ends[0] <= today[: len(ends[0])]), None)


def unnamed(pattern: str) -> str:
    """A pattern without the names of its groups, which may then stand in another one more than once."""
    return re.sub(r"\?P<\w+>", "?:", pattern)


def stretches_in(text: str) -> Iterator[Stretch]:
    """The stretches of days or months that a text tells, longer forms first."""
    for pattern in _STRETCH:
        for match in pattern.finditer(text):
            told = match.groupdict()
            until = told.get("month") or told["from_month"]
            from_month, month = (MONTHS[(one or until).lower()] for one in (told.get("from_month"), until))
            first, last = (from_month, int(told.get("from_day") or 0)), (month, int(told.get("day") or 0))
            # The 5th and the 17th are two days.
            is_stretch = told["to"] != " and " or told["between"]
            is_in_order = first < last or (from_month > month and month + 12 - from_month <= _LONGEST)
            before = text[max(0, match.start() - _REACH) : match.start()]
            moved = _MOVED.search(before)
            # Of what is moved up it is not told of which year the later day was.
            is_of_a_year = not moved or not moved["sooner"]
            if is_stretch and is_in_order and is_of_a_year and _are_days(match, before):
                year = int(told["year"]) if told["year"] else None
                yield Stretch(*match.span(), first, last, year, is_moved=bool(moved))


def _are_days(match: re.Match[str], before: str) -> bool:
    """Whether the numbers of what looks like a stretch are days, and none that is goes before it."""
    told = match.groupdict()
    if told["between"]:
        return True
    if "from_day" not in told:
        day = _DAY_BEFORE.search(before)
        return day is None or bool(_NO_DAY.search(before[: day.start()]))
    begins_with_number = match.start("from_day") == match.start()
    has_both_months = told.get("from_month") and told.get("day")
    return not begins_with_number or bool(has_both_months) or not _NO_DAY.search(before)


def _written(year: int, month: int, day: int) -> str:
    return f"{year:04}-{month:02}" + (f"-{day:02}" if day else "")
