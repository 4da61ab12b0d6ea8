"""Dates in prose: which ones a text states, and what a relative phrase means on a given day. Pure."""

import calendar
import re
from datetime import date, timedelta

_MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name}
_MONTHS |= {name.lower(): number for number, name in enumerate(calendar.month_abbr) if name} | {"sept": 9}
_WEEKDAYS = {name.lower(): number for number, name in enumerate(calendar.day_name)}
_WEEKDAYS |= {name.lower(): number for number, name in enumerate(calendar.day_abbr)}

_MONTH = rf"(?P<month>{'|'.join(sorted(_MONTHS, key=len, reverse=True))})\.?"
_DAY = r"(?P<day>[0-3]?[0-9])(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>[12][0-9]{3})"
_STATED = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\b(?P<year>[12][0-9]{3})-(?P<month>[01][0-9])-(?P<day>[0-3][0-9])\b",
        rf"\b{_DAY}(?: of)? {_MONTH},? {_YEAR}\b",
        rf"\b{_MONTH} {_DAY},? {_YEAR}\b",
        rf"\b{_MONTH},?(?: of)? {_YEAR}\b",
        r"\b(?P<year>[12][0-9]{3})-(?P<month>[01][0-9])\b",
        rf"\b{_YEAR}\b",
    )
)
_DECADE = re.compile(r"\b([12][0-9]{2})0s\b")
# Written with a capital, as names are: "may" and "sat" are other words. A year after it is no missing one.
_MONTH_NAME = rf"(?P<month>{'|'.join(sorted((name.capitalize() for name in _MONTHS), key=len, reverse=True))})\b\.?"
_YEARLESS = tuple(
    re.compile(pattern)
    for pattern in (rf"\b{_DAY}(?: of)? {_MONTH_NAME}", rf"\b{_MONTH_NAME} {_DAY}\b", rf"\b{_MONTH_NAME}")
)
_FOLLOWING_YEAR = re.compile(r",? (?:of )?[12][0-9]{3}\b")
_WEEKDAY = re.compile(
    rf"\b(?:(?P<which>[Ll]ast|[Pp]ast|[Nn]ext|[Cc]oming|[Tt]his) )?"
    rf"(?P<name>{'|'.join(sorted((name.capitalize() for name in _WEEKDAYS), key=len, reverse=True))})\b"
)
_NEAR_DAYS = {"yesterday": -1, "today": 0, "tonight": 0, "tomorrow": 1}
_NEAR = re.compile(r"\b(?P<which>last|this|next) (?P<unit>month|year)\b", re.IGNORECASE)
_BOUND = re.compile(rf"\b(?P<which>after|since|from|before|until) {_YEAR}\b", re.IGNORECASE)


def stated_in(text: str) -> set[str]:
    """The dates that a text states in so many words, as EDTF, each also at its coarser precisions."""
    found: set[str] = {f"{decade}X" for decade in _DECADE.findall(text)}
    for pattern in _STATED:
        for match in pattern.finditer(text):
            parts = match.groupdict()
            found.add(parts["year"])
            if month := parts.get("month"):
                number = _MONTHS.get(month.lower()) or int(month)
                found.add(f"{parts['year']}-{number:02}")
                if day := parts.get("day"):
                    found.add(f"{parts['year']}-{number:02}-{int(day):02}")
    return found


def resolve_day(phrase: str, published: date, *, is_future: bool) -> str | None:
    """What a phrase with a weekday, or today, yesterday or tomorrow, means in an article of that day; None if nothing.

    A weekday without more is the last one up to that day, or in a plan the next one from it.
    """
    for word, offset in _NEAR_DAYS.items():
        if re.search(rf"\b{word}\b", phrase, re.IGNORECASE):
            return (published + timedelta(days=offset)).isoformat()
    if not (match := _WEEKDAY.search(phrase)):
        return None
    which = (match["which"] or "").lower()
    wanted = _WEEKDAYS[match["name"].lower()]
    if which in ("next", "coming") or (is_future and which not in ("last", "past")):
        ahead = (wanted - published.weekday()) % 7
        return (published + timedelta(days=ahead or (7 if which == "next" else 0))).isoformat()
    behind = (published.weekday() - wanted) % 7
    return (published - timedelta(days=behind or (7 if which in ("last", "past") else 0))).isoformat()


def resolve_year(phrase: str, published: date, *, is_future: bool) -> str | None:
    """What a phrase that leaves out the year means in an article of that day: `on April 12`, `in May`, `last year`.

    It is the nearest such date up to that day, or in a plan from it. None where the phrase has no such date.
    """
    if match := _NEAR.search(phrase):
        step = {"last": -1, "this": 0, "next": 1}[match["which"].lower()]
        if match["unit"].lower() == "year":
            return f"{published.year + step:04}"
        year, month = divmod(published.year * 12 + published.month - 1 + step, 12)
        return f"{year:04}-{month + 1:02}"
    for pattern in _YEARLESS:
        if match := pattern.search(phrase):
            day = match.groupdict().get("day")
            return _nearest(_MONTHS[match["month"].lower()], int(day) if day else None, published, is_future)
    return None


def has_year(phrase: str, words: str) -> bool:
    """Whether the words go on after the phrase with its year, so that none is missing."""
    return any(_FOLLOWING_YEAR.match(words, match.end()) for match in re.finditer(re.escape(phrase), words))


def bounds_in(words: str) -> list[tuple[str, set[str]]]:
    """(year, the spans that it bounds) for each `after 2024` or `before 2024` in the words."""
    found = (match for match in _BOUND.finditer(words) if match["which"].lower() in ("after", "before"))
    return [(match["year"], resolve_bound(match.group())) for match in found]


def resolve_bound(phrase: str) -> set[str]:
    """The EDTF spans that a phrase such as `after 2024` leaves open: as an interval, or as one moment in it."""
    if not (match := _BOUND.search(phrase)):
        return set()
    year, which = int(match["year"]), match["which"].lower()
    if which in ("before", "until"):
        last = year - (which == "before")
        return {f"../{last:04}", f"[..{last:04}]"}
    first = year + (which == "after")
    return {f"{first:04}/..", f"[{first:04}..]"}


def _nearest(month: int, day: int | None, published: date, is_future: bool) -> str | None:
    for year in sorted(range(published.year - 8, published.year + 9), reverse=not is_future):
        if day is None:
            if ((year, month) >= (published.year, published.month)) == is_future or (year, month) == (
                published.year, published.month
            ):  # fmt: skip
                return f"{year:04}-{month:02}"
            continue
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if (found >= published) if is_future else (found <= published):
            return found.isoformat()
    return None
