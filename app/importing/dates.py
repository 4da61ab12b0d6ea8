"""Dates of data sets as EDTF: only as fine as they are told, never padded, and never moved."""

import re
from calendar import isleap, month_abbr
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any

from app import edtf
from app.vocabulary import Modality

_MONTHS = {name.lower(): number for number, name in enumerate(month_abbr) if name}
# No source has a year 0 in it, which would be 1 BC: it is written where the year is not known.
_YEAR = re.compile(r"(?!0000)[0-9]{4}")
_VAGUE = re.compile(
    r"(?P<year>[0-9]{3,4})(?P<decade>s)?(?: +Q(?P<quarter>[1-4]))?"
    r"(?: +(?P<month>[A-Z][a-z]{2})(?: +(?:(?P<day>[0-9]{1,2})(?:\.[0-9]+| +[0-9]{1,2}h| +(?P<hour>[0-9]{2})"
    r"(?P<minute>[0-9]{2})?(?::(?P<second>[0-9]{2})(?:\.[0-9]+)?)?)?|-))?)? *(?P<doubt>\?)?"
)
# A century, the 19th, or a millennium, the 3rd.
_LONG = re.compile(r"(?P<number>[1-9][0-9]?)(?P<unit>[CM])(?P<doubt>\??)")
_WIKIBASE = re.compile(r"(?P<sign>[-+])(?P<year>[0-9]{1,16})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})T[0-9:]{8}Z")
_MOMENT = re.compile(
    r"(?P<year>[0-9]{4})(?:-(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2})"
    r"(?:T(?P<time>[0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.[0-9]+)?(?P<zone>Z|[-+][0-9]{2}:[0-9]{2}))?)?)?"
)
JULIAN, GREGORIAN = "Q1985786", "Q1985727"


class DateError(ValueError):
    """A date that cannot be read, or is none. The message says which."""


# The same years come over and over.
@lru_cache(maxsize=8192)
def modality(date: str) -> Modality:
    """In what sense a date is told of which the source does not say that: one that begins after today is a plan."""
    earliest = edtf.parse(date).earliest
    return "planned" if earliest and earliest > datetime.now(UTC).date() else "asserted"


def year(text: str) -> str:
    """A year of four digits."""
    if not _YEAR.fullmatch(text):
        raise DateError(f"'{text[:40]}' is no year")
    return text


def vague(text: str) -> str:
    """A vague date as J. McDowell's catalogues write them: `1957 Oct  4 1933`, `1957 Nov?`, `1965 Q2`, `1960s`, `19C`.

    A time of day without its seconds is left out: there is no way to write one that would not add them. So is one in
    doubt, since no doubt can be written beside it; the doubt stays with the day.
    """
    if long := _LONG.fullmatch(text.strip()):
        number = int(long["number"]) - 1
        return _checked((f"{number:02}XX" if long["unit"] == "C" else f"{number}XXX") + long["doubt"], text)
    match = _VAGUE.fullmatch(text.strip())
    if not match or sum(bool(match[one]) for one in ("decade", "quarter", "month")) > 1:
        raise DateError(f"'{text[:40]}' is no vague date")
    doubt = match["doubt"] or ""
    told = match["year"].zfill(4)
    if match["decade"]:
        return _checked(f"{told[:3]}X{doubt}", text)
    if match["quarter"]:
        return _checked(f"{told}-{32 + int(match['quarter'])}{doubt}", text)
    if match["month"]:
        month = _MONTHS.get(match["month"].lower())
        if month is None:
            raise DateError(f"'{text[:40]}' has no month")
        told += f"-{month:02}" + (f"-{int(match['day']):02}" if match["day"] else "")
    if match["second"] and not doubt:
        with suppress(DateError):  # no form of EDTF has a leap second, or an hour 24; the day stays
            return _checked(f"{told}T{match['hour']}:{match['minute']}:{match['second']}Z", text)
    return _checked(told + doubt, text)


def wikibase(value: Mapping[str, Any]) -> tuple[str, bool]:
    """A time of Wikibase, and whether its day is one of the Julian calendar, which is kept as it is given.

    The days that only the Julian calendar has cannot be written, as 29 February 1900: of these the month is told.
    """
    told, precision, calendar = str(value.get("time", "")), value.get("precision"), str(value.get("calendarmodel", ""))
    if type(precision) is not int:
        raise DateError(f"'{told[:40]}' is no time of Wikibase")
    return _wikibase(told, precision, calendar.rpartition("/")[2])


@lru_cache(maxsize=1 << 14)
def _wikibase(told: str, precision: int, calendar: str) -> tuple[str, bool]:
    match = _WIKIBASE.fullmatch(told)
    if not match or not int(match["year"]):
        raise DateError(f"'{told[:40]}' is no time of Wikibase")
    if calendar not in (JULIAN, GREGORIAN):
        raise DateError(f"'{calendar[:40]}' is no calendar")
    # There is a year 0 in EDTF, which is 1 BC; Wikibase counts -1 for it.
    number = int(match["year"]) if match["sign"] == "+" else 1 - int(match["year"])
    if calendar == JULIAN and (match["month"], match["day"]) == ("02", "29") and number % 4 == 0 and not isleap(number):
        precision = min(precision, 10)
    date = _with_precision(number, match["month"], match["day"], precision)
    return _checked(date, told), calendar == JULIAN and precision > 9


def moment(text: str, precision: str = "second") -> str:
    """A year, a month, a day, or a moment with its offset, cut down to what of it is settled.

    It may be so to a quarter or a half of a year, the one that it is in or the one that is told, "quarter 3". What EDTF
    has no name for is some moment between two dates: a week, and a fiscal year as NASA has it, from October on.
    """
    match = _MOMENT.fullmatch(text)
    sort, _, part = precision.partition(" ")
    if not match or (sort in ("quarter", "half") and not part and not match["month"]):
        raise DateError(f"'{text[:40]}' is no date")
    year, month = int(match["year"]), int(match["month"] or 1)
    forms: dict[str, Callable[[], str]] = {
        "second": lambda: f"{text[:10]}T{match['time']}{match['zone']}" if match["time"] else text,
        "day": lambda: text[:10],
        "week": lambda: _week(text[:10]) if match["day"] else text,
        "month": lambda: text[:7],
        "quarter": lambda: f"{text[:4]}-{32 + int(part) if part else 33 + (month - 1) // 3}",
        "half": lambda: f"{text[:4]}-{39 + int(part) if part else 40 + (month - 1) // 6}",
        "year": lambda: text[:4],
        "fiscal year": lambda: f"[{year - (month < 10):04}-10..{year + (month > 9):04}-09]",
        "decade": lambda: f"{text[:3]}X",
    }
    form = forms.get(precision) or forms.get(sort if part.isdigit() else "")
    if form is None:
        raise DateError(f"'{precision[:40]}' is no precision of a date")
    return _checked(form(), text)


def _week(day: str) -> str:
    """Some day of the week, from Monday on, in which one is. Raises DateError for one that is in no calendar."""
    try:
        first = date.fromisoformat(day) - timedelta(days=date.fromisoformat(day).weekday())
        return f"[{first}..{first + timedelta(days=6)}]"
    except (ValueError, OverflowError) as error:
        raise DateError(f"'{day}' is not in the calendar") from error


def _with_precision(number: int, month: str, day: str, precision: int) -> str:
    """Of a year, a month and a day what the precision says is known."""
    whole = f"{'-' if number < 0 else ''}{abs(number):04}"
    is_long = abs(number) > 9999
    if not 6 <= precision <= 14 or (precision < 9 and is_long):
        raise DateError(f"a date of precision {precision} is too coarse")
    if precision > 8 and is_long:
        return f"Y{whole}"
    # An hour, a minute or a second is only ever told with a day; what is said of it is not to be trusted.
    if precision > 9 and month != "00":
        return f"{whole}-{month}-{day}" if precision > 10 and day != "00" else f"{whole}-{month}"
    if precision > 8:
        return whole
    if precision == 8:
        return f"{whole[:-1]}X" if number > 0 else _decade_before(1 - number)
    # The last year of a century is a round one: the 19th ended with 1900, and is told as 1801 to 1900.
    return f"{_century(number)}XX" if precision == 7 else f"{_century(number)[:-1]}XXX"


def _decade_before(year: int) -> str:
    """The decade of a year BC, which begins with its highest number: no X stands for that of 359 to 350 BC."""
    last = year // 10 * 10
    return f"[{_before(last + 9)}..{_before(max(last, 1))}]"


def _before(year: int) -> str:
    return f"{'-' * (year > 1)}{year - 1:04}"


def _century(number: int) -> str:
    if number <= 0:
        return f"-{abs(number) // 100:02}"
    return f"{(number - 1) // 100:02}"


def _checked(told: str, text: str) -> str:
    try:
        return edtf.parse(told).text
    except ValueError as error:
        raise DateError(f"'{text[:40]}' is not in the calendar") from error
