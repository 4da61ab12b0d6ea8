"""What an EDTF date tells a reader: in words how sure it is, which days it names, and how far it reaches. Pure."""

import re
from datetime import UTC, date, datetime, timedelta

from app import edtf
from app.edtf import Day, Edtf

# What lies between two dates, as it is told at first.
_RUN = re.compile(r"(\bin )?(\S+)\.\.(\S+)")
_QUALIFIERS = re.compile("[?~%]")
_DECADE = re.compile(r"\d{3}X")
_PARTS = {
    **{21: "spring", 22: "summer", 23: "autumn", 24: "winter"},
    **{25: "northern spring", 26: "northern summer", 27: "northern autumn", 28: "northern winter"},
    **{29: "southern spring", 30: "southern summer", 31: "southern autumn", 32: "southern winter"},
    **{33: "the first quarter of", 34: "the second quarter of", 35: "the third quarter of"},
    **{36: "the last quarter of", 37: "the first third of", 38: "the second third of", 39: "the last third of"},
    **{40: "the first half of", 41: "the second half of"},
}
_PART = re.compile(r"(-?\d{4})-(2[1-9]|3\d|4[01])")


def exact_days(text: str) -> tuple[date, date] | None:
    """The first and the last day that a date names outright; None for one that leaves any of them open or in doubt."""
    told = edtf.parse(text)
    if told.precision not in ("day", "interval") or told.approximate or told.uncertain:
        return None
    first, last = told.span
    if first is None or last is None or any(one.precision != "day" for one in edtf.atoms(text)):
        return None
    if not date.min.year <= first[0] <= last[0] <= date.max.year:
        return None
    return date(*first), date(*last)


def reach(told: Edtf) -> tuple[date, date]:
    """The first and the last day that one may have had in mind; for an open end, or one too far off, those of time.

    What is about so may be as much again before it or after it: about 2021 is 2020 to 2022. A moment that is told with
    its zone has another date elsewhere, where it is up to 12 hours earlier, or 14 later, than in UTC.
    """
    first, last = told.earliest or date.min, told.latest or date.max
    try:
        if "T" in told.text and (moment := datetime.fromisoformat(told.text)).tzinfo:
            moment = moment.astimezone(UTC)
            return (moment - timedelta(hours=12)).date(), (moment + timedelta(hours=14)).date()
    except (OverflowError, ValueError):  # at the ends of Python's calendar
        pass
    more = (last - first).days + 1 if told.approximate else 0
    before, after = first.toordinal() - more, last.toordinal() + more
    return date.fromordinal(max(before, 1)), date.fromordinal(min(after, date.max.toordinal()))


def iso_day(day: Day | None) -> str | None:
    """A day as ISO 8601 writes it, years beyond four digits with a sign; None where there is none."""
    if day is None:
        return None
    year, month, day_of_month = day
    sign = "-" if year < 0 else "+" if year > 9999 else ""
    return f"{sign}{abs(year):04}-{month:02}-{day_of_month:02}"


def in_words(text: str) -> str:
    """How sure a date is, in a few words: "some time between 2021-10 and 2022-07", "from 2025 on", "about 2021"."""
    return _RUN.sub(
        lambda run: f"{'between' if run[1] else 'from'} {run[2]} {'and' if run[1] else 'to'} {run[3]}", _told(text)
    )


def _told(text: str) -> str:
    told = edtf.parse(text)
    if told.precision == "set":
        return _set_in_words(text)
    if told.precision == "interval":
        return _interval_in_words(text)
    if told.precision == "day":
        return _name(text)
    return _name(text) if told.approximate else _name(text, " in" if told.uncertain else "some time in ")


def _interval_in_words(text: str) -> str:
    start, end = text.split("/")
    if start == "..":
        return f"up to {_name(end)}"
    if end == "..":
        return f"from {_name(start)} on"
    first = _name(start) if start else "an unknown day"
    return f"from {first} to {_name(end) if end else 'an unknown day'}"


def _set_in_words(text: str) -> str:
    is_one = text[0] == "["
    members = text[1:-1].split(",")
    named = [_member(one) for one in members]
    if len(named) == 1:
        return f"some time {'' if members[0].startswith('..') or members[0].endswith('..') else 'in '}{named[0]}"
    return f"{', '.join(named[:-1])} {'or' if is_one else 'and'} {named[-1]}"


def _member(text: str) -> str:
    low, dots, high = text.partition("..")
    if not dots:
        return _name(text)
    if not low:
        return f"up to {_name(high)}"
    return f"{_name(low)}..{_name(high)}" if high else f"from {_name(low)} on"


def _name(text: str, between: str = "") -> str:
    """One date as a reader would say it, with what is in doubt of it before it."""
    told = edtf.parse(text)
    doubt = ("perhaps" if told.uncertain else "") + (" about" if told.approximate else "")
    return f"{doubt}{between} {_plain(told)}".strip() if doubt else f"{between}{_plain(told)}"


def _plain(told: Edtf) -> str:
    """One date without the marks of doubt: as it is written, but for parts of years, decades and unknown digits."""
    text = _QUALIFIERS.sub("", told.text)
    if part := _PART.fullmatch(text):
        return f"{_PARTS[int(part[2])]} {part[1]}"
    if _DECADE.fullmatch(text):
        return f"the {text[:3]}0s"
    if "X" in text:
        first, last = map(iso_day, told.span)
        return f"{first}..{last}"
    return text.replace("T", " at ")
