"""Uncertain dates as text: EDTF, the profile of ISO 8601-2:2019 at https://www.loc.gov/standards/datetime/. Pure.

All of levels 0 and 1; of level 2 the sets, the parts of a year (25-41), qualified components and `X` anywhere.
Not read: exponents (`Y17E8`), significant digits (`1950S2`), and spaces after the commas of a set.
"""

import re
from calendar import isleap, month_name
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from itertools import product
from typing import Literal

Precision = Literal["day", "month", "season", "year", "decade", "century", "millennium", "interval", "set"]
# (year, month, day) in the proleptic Gregorian calendar, where year 0 is 1 BC; unlike datetime.date, of any year.
Day = tuple[int, int, int]

MAX_LENGTH = 100
_EXPECTED = "expected a date such as 2021, 2021-10, 2021-10-05, 202X, 2021~, 2021-10/2022-07 or [2021-10..2022-07]"
_TIME_EXPECTED = "expected a whole date and time, 2021-10-05T08:55:02, then nothing, Z or an offset such as +05:30"
_OPEN_ENDS = ("", "..")

_DATE = re.compile(
    r"[?~%]?(?P<year>-?[0-9X]{4})[?~%]?"
    r"(?:-[?~%]?(?P<month>[0-9X]{2})[?~%]?(?:-[?~%]?(?P<day>[0-9X]{2})[?~%]?)?)?"
)
# As nearly all dates are.
_DAY = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])-[0-9]{2}", re.ASCII)
_LONG_YEAR = re.compile(r"Y(?P<year>-?[1-9][0-9]{4,})[?~%]?")
_DATE_TIME = re.compile(
    r"(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2})T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
    r"(?:Z|(?!-00(?::00)?$)[+-](?:[01][0-9]|2[0-3])(?::[0-5][0-9])?)?"
)

_DAYS = (0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
# Code of a part of a year -> its first month and how many months it has. The standard leaves open which months a
# season is: here the northern ones for 21-24, too, and a winter belongs to the year in which it begins.
_PARTS = {
    **{21: (3, 3), 22: (6, 3), 23: (9, 3), 24: (12, 3)},  # spring, summer, autumn, winter
    **{25: (3, 3), 26: (6, 3), 27: (9, 3), 28: (12, 3)},  # the same, northern hemisphere
    **{29: (9, 3), 30: (12, 3), 31: (3, 3), 32: (6, 3)},  # the same, southern hemisphere
    **{33: (1, 3), 34: (4, 3), 35: (7, 3), 36: (10, 3)},  # quarters
    **{37: (1, 4), 38: (5, 4), 39: (9, 4)},  # thirds
    **{40: (1, 6), 41: (7, 6)},  # halves
}


class EdtfError(ValueError):
    """A text that is no EDTF date. The message says what was given and what is expected."""


@dataclass(frozen=True, slots=True)
class Edtf:
    """A date as its source states it, and the days it may stand for.

    `earliest` and `latest` are the first and the last day that the text allows, None where it leaves that end open or
    unknown. Years that `datetime.date` cannot hold are clamped to its first and last day; `span` holds the same two
    days unclamped. `?`, `~` and `%` set the flags and widen nothing. `precision` is the finest unit that is given
    without an `X`; "season" stands for every part of a year that is longer than a month.
    """

    text: str
    earliest: date | None
    latest: date | None
    precision: Precision
    approximate: bool
    uncertain: bool
    span: tuple[Day | None, Day | None] = field(repr=False)

    def contains(self, other: "Edtf") -> bool:
        """Tell whether every moment between the bounds of `other` lies between the bounds of this one.

        An open or unknown end has no bound. Gaps between the members of a set count as inside.
        """
        (first, last), (other_first, other_last) = self.span, other.span
        starts_inside = first is None or (other_first is not None and first <= other_first)
        ends_inside = last is None or (other_last is not None and other_last <= last)
        return starts_inside and ends_inside

    def overlaps(self, other: "Edtf") -> bool:
        """Tell whether some day lies between the bounds of both; ends and gaps are read as in `contains`."""
        (first, last), (other_first, other_last) = self.span, other.span
        starts_in_time = first is None or other_last is None or first <= other_last
        return starts_in_time and (other_first is None or last is None or other_first <= last)


# A projection reads the same few thousand dates over and over.
@lru_cache(maxsize=8192)
def parse(text: str) -> Edtf:
    """Read one EDTF date, interval or set, exactly as written.

    Raises EdtfError for everything else: a day that is not in the calendar, an end before its start, a blank, and
    whatever is longer than MAX_LENGTH. A time of day is checked and kept in `text`; the bounds are its date as written.
    """
    if _DAY.fullmatch(text) and (day := _calendar_day(text)):
        return day
    _refuse_foreign(text)
    if text[0] in "[{":
        return _edtf(text, _read_set(text), "set")
    if "/" in text:
        return _edtf(text, _read_interval(text), "interval")
    first, last, precision = _read_date_time(text) if "T" in text else _read_date(text)
    return _edtf(text, (first, last), precision)


def is_valid(text: str) -> bool:
    """Tell whether `parse` accepts the text."""
    try:
        parse(text)
    except EdtfError:
        return False
    return True


def atoms(text: str) -> list[Edtf]:
    """The single dates that a text is made of, in its order: the ends of an interval, the members of a set.

    Open and unknown ends are left out; a single date is its own atom. Raises EdtfError as `parse` does.
    """
    whole = parse(text)
    if whole.precision == "set":
        parts = text[1:-1].replace("..", ",").split(",")
    elif whole.precision == "interval":
        parts = text.split("/")
    else:
        return [whole]
    return [parse(part) for part in parts if part not in _OPEN_ENDS]


def _refuse_foreign(text: str) -> None:
    if not text:
        raise EdtfError(f"the date is empty; {_EXPECTED}")
    if len(text) > MAX_LENGTH:
        raise EdtfError(f"a date of {len(text)} characters is too long, the most is {MAX_LENGTH}; {_EXPECTED}")
    if " " in text or not text.isascii() or not text.isprintable():
        # !a keeps invisible characters and lone surrogates readable.
        raise EdtfError(f"{text!a} has a blank or a character beyond ASCII in it; {_EXPECTED}")


def _calendar_day(text: str) -> Edtf | None:
    """A plain day; None for one that is told otherwise, or is in no calendar, or before the year 1."""
    try:
        one = date.fromisoformat(text)
    except ValueError:
        return None
    day = one.year, one.month, one.day
    return Edtf(text, one, one, "day", approximate=False, uncertain=False, span=(day, day))


def _edtf(text: str, span: tuple[Day | None, Day | None], precision: Precision) -> Edtf:
    is_both = "%" in text
    return Edtf(
        text=text,
        earliest=_clamped(span[0]),
        latest=_clamped(span[1]),
        precision=precision,
        approximate=is_both or "~" in text,
        uncertain=is_both or "?" in text,
        span=span,
    )


def _clamped(day: Day | None) -> date | None:
    if day is None:
        return None
    if day[0] < date.min.year:
        return date.min
    return date.max if day[0] > date.max.year else date(*day)


def _read_interval(text: str) -> tuple[Day | None, Day | None]:
    ends = text.split("/")
    if len(ends) != 2 or all(end in _OPEN_ENDS for end in ends):
        raise EdtfError(f"'{text}' is no interval; expected start/end with a date at one end at least, such as 2025/..")
    start, end = (None if end in _OPEN_ENDS else end for end in ends)
    return _between(text, start, end)


def _read_set(text: str) -> tuple[Day | None, Day | None]:
    if text[-1] != {"[": "]", "{": "}"}[text[0]]:
        raise EdtfError(f"'{text}' is no set; expected [one,of,these] or {{all,of,these}}, such as [2021-10..2022-07]")
    members = text[1:-1].split(",")
    spans: list[tuple[Day | None, Day | None]] = []
    for index, member in enumerate(members):
        if not member:
            raise EdtfError(f"'{text}' is a set with an empty member; expected dates with one comma between them")
        low, dots, high = member.partition("..")
        is_open_start, is_open_end = bool(dots and not low), bool(dots and not high)
        if (is_open_start and (is_open_end or index > 0)) or (is_open_end and index < len(members) - 1):
            raise EdtfError(f"'{text}' is no set; expected '..' without a date only before its first or after its last")
        spans.append(_between(text, low or None, high or None) if dots else _read_date(member)[:2])
    starts = [first for first, _ in spans if first is not None]
    stops = [last for _, last in spans if last is not None]
    return min(starts) if len(starts) == len(spans) else None, max(stops) if len(stops) == len(spans) else None


def _between(text: str, start: str | None, end: str | None) -> tuple[Day | None, Day | None]:
    first = None if start is None else _read_date(start)[0]
    last = None if end is None else _read_date(end)[1]
    if first is not None and last is not None and first > last:
        raise EdtfError(f"'{text}' starts after it ends: {start} is later than {end}; expected the earlier date first")
    return first, last


def _read_date_time(text: str) -> tuple[Day, Day, Precision]:
    match = _DATE_TIME.fullmatch(text)
    if match is None:
        raise EdtfError(f"'{text}' is no date and time from 00:00:00 to 23:59:59; {_TIME_EXPECTED}")
    return _read_date(match["date"])


def _read_date(text: str) -> tuple[Day, Day, Precision]:
    if long_year := _LONG_YEAR.fullmatch(text):
        year = int(long_year["year"])
        return (year, 1, 1), (year, 12, 31), "year"
    match = _DATE.fullmatch(text)
    if match is None:
        raise EdtfError(f"'{text}' is no EDTF date; {_EXPECTED}")
    year_mask, month_mask, day_mask = match["year"], match["month"], match["day"]
    if year_mask == "-0000":
        raise EdtfError(f"'{text}' has the year -0000, which does not exist; expected 0000 for 1 BC, -0001 for 2 BC")
    if month_mask and "X" not in month_mask and int(month_mask) in _PARTS:
        return _read_part_of_year(text, year_mask, int(month_mask), day_mask)
    months = _matching(month_mask or "XX", 12)
    if not months:
        raise EdtfError(
            f"'{text}' has no month: {month_mask} is neither 01 to 12 nor 21 to 41, which are parts of a year"
        )
    first = _extreme(year_mask, months, day_mask or "XX", is_last=False)
    last = _extreme(year_mask, months, day_mask or "XX", is_last=True)
    if first is None or last is None:
        raise EdtfError(f"'{text}' is not in the calendar: {_why_not(year_mask, months, day_mask)}")
    return first, last, _precision(year_mask, month_mask, day_mask)


def _read_part_of_year(text: str, year_mask: str, code: int, day_mask: str | None) -> tuple[Day, Day, Precision]:
    if day_mask is not None:
        raise EdtfError(f"'{text}' gives a day in a part of a year; expected {text[: text.rindex('-')]} or a month")
    month, count = _PARTS[code]
    first_year, last_year = next(_years(year_mask, is_last=False)), next(_years(year_mask, is_last=True))
    years_on, month_index = divmod(month + count - 2, 12)
    end_year, end_month = last_year + years_on, month_index + 1
    last = (end_year, end_month, _days_in(end_year, end_month))
    return (first_year, month, 1), last, _precision(year_mask, None, None) if "X" in year_mask else "season"


def _extreme(year_mask: str, months: tuple[int, ...], day_mask: str, *, is_last: bool) -> Day | None:
    """The first or the last day in the calendar that fits the masks."""
    if not any(_matching(day_mask, _days_in(2000, month)) for month in months):
        return None  # Not even a leap year has it: no use in trying ten thousand.
    for year in _years(year_mask, is_last=is_last):
        for month in reversed(months) if is_last else months:
            if days := _matching(day_mask, _days_in(year, month)):
                return year, month, days[-1 if is_last else 0]
    return None


def _years(mask: str, *, is_last: bool) -> Iterator[int]:
    """The years that fit a mask such as 202X or -00XX, the earliest first, or the latest."""
    is_negative = mask[0] == "-"
    digits = "9876543210" if is_last != is_negative else "0123456789"
    for choice in product(*(digits if character == "X" else character for character in mask.lstrip("-"))):
        year = int("".join(choice))
        if not is_negative:
            yield year
        elif year:
            yield -year


@lru_cache(maxsize=1024)
def _matching(mask: str, top: int) -> tuple[int, ...]:
    """The numbers from 1 to `top` that fit a mask of two digits, such as 1X; ascending."""
    fits = re.compile(mask.replace("X", "[0-9]")).fullmatch
    return tuple(number for number in range(1, top + 1) if fits(f"{number:02}"))


def _days_in(year: int, month: int) -> int:
    return 29 if month == 2 and isleap(year) else _DAYS[month]


def _why_not(year_mask: str, months: tuple[int, ...], day_mask: str | None) -> str:
    if len(months) > 1 or "X" in year_mask:
        return f"no month that fits has a day {day_mask}"
    days = _days_in(int(year_mask), months[0])
    return f"{month_name[months[0]]} {year_mask} has {days} days"


def _precision(year_mask: str, month_mask: str | None, day_mask: str | None) -> Precision:
    if "X" in year_mask:
        by_place: tuple[Precision, ...] = ("millennium", "millennium", "century", "decade")
        return by_place[year_mask.lstrip("-").index("X")]
    if month_mask is None or "X" in month_mask:
        return "year"
    return "month" if day_mask is None or "X" in day_mask else "day"
