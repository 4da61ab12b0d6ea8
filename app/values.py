"""Literal values of claims: how they are written in a claim, shown as JSON and measured; and what is the same said
twice. Pure.

In a claim a value is one line of text: prose, an EDTF date, `250 mile`, `imdb:tt0112384`.
"""

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from json.encoder import encode_basestring
from typing import Any

from app import edtf
from app.dating import reach
from app.schemes import IDENTIFIER_FORMS
from app.vocabulary import HAPPENED, QUALIFIERS, Kind, ValueType

# Of more digits no float holds a number, and no JSON that everybody reads.
_QUANTITY = re.compile(r"(?P<amount>[-+]?[0-9]{1,300}(?:\.[0-9]{1,300})?) (?P<unit>[^\W\d_](?:[^\W\d_]|[ ./-]){0,40})")
# What no unit has among its words: "90 minutes in all", "12 to 15 dollars".
_NO_UNIT = frozenset({"and", "at", "for", "in", "or", "so", "than", "to"})
_IDENTIFIER = re.compile(r"[a-z][a-z0-9_-]{0,30}:\S{1,200}")
_LONGEST_TEXT = 2000
# Controls, among them those of terminals, halves of surrogate pairs, and what ends a line or a paragraph.
_NOT_IN_A_LINE = ("Cc", "Cs", "Zl", "Zp")
_written = json.JSONEncoder(ensure_ascii=False).encode

# How many minutes, or kilometres, one of the unit is; exact by definition. A month has no fixed length.
_MINUTES = {"second": Decimal(1) / 60, "minute": 1, "hour": 60, "day": 1440, "week": 10080}
_SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9}
# Other ways to write a unit, in the singular.
_SPELT = {
    "ruble": "rouble", "sec": "second", "min": "minute", "h": "hour", "hr": "hour", "metre": "m", "meter": "m",
    "kilometre": "km", "kilometer": "km", "ft": "foot", "feet": "foot", "mi": "mile",
}  # fmt: skip
_KILOMETRES = {
    "m": Decimal("0.001"),
    "km": Decimal(1),
    "foot": Decimal("0.0003048"),
    "mile": Decimal("1.609344"),
    "nautical mile": Decimal("1.852"),
}


def canonical(value_type: ValueType, raw: str) -> str:
    """The one way to write `raw` as a value of that type. Raises ValueError saying what is expected."""
    if value_type == "date":
        return edtf.parse(raw).text
    if value_type == "quantity":
        match = _QUANTITY.fullmatch(raw.strip())
        if not match or not _NO_UNIT.isdisjoint(match["unit"].lower().split()):
            raise ValueError(
                f"'{raw}' is no quantity; expected a number and its unit, such as '12 day' or '20 million dollar'"
            )
        return f"{_plain(Decimal(match['amount']))} {match['unit'].strip()}"
    text = raw.strip()
    if value_type == "identifier" and not _IDENTIFIER.fullmatch(text):
        raise ValueError(f"'{raw}' is no identifier; expected scheme:id, such as 'imdb:tt0112384'")
    if not text:
        raise ValueError("the value is empty; leave the claim out where the source says nothing")
    if "\0" in text or "\n" in text or len(text) > _LONGEST_TEXT:
        raise ValueError(f"a value is one line of at most {_LONGEST_TEXT} characters, without NUL")
    return text


def is_line(text: str) -> bool:
    """Whether a text is what people write on one line."""
    return text.isprintable() or not any(unicodedata.category(one) in _NOT_IN_A_LINE for one in text)


def check_identifier(kind: Kind, value: str) -> None:
    """Raise ValueError for a canonical identifier that something of this kind cannot have in its scheme."""
    scheme, _, told = value.partition(":")
    form, example = IDENTIFIER_FORMS.get((scheme, kind), (".*", ""))
    if not re.fullmatch(form, told, re.ASCII):
        raise ValueError(
            f"'{value}' is no {scheme} identifier of the kind {kind}; expected one such as {scheme}:{example}"
        )


def slug_of(identifier: str) -> str:
    """The slug of what a data set itself knows by this identifier, wherever that can be read in one."""
    return identifier.replace(":", "-", 1).lower()


def to_json(value_type: ValueType | None, value: str) -> str | dict[str, Any]:
    """A canonical value as JSON shows it: a quantity as {"amount", "unit"}, everything else as its text."""
    if value_type != "quantity":
        return value
    amount, unit = split_quantity(value)
    return {"amount": int(amount) if amount == amount.to_integral_value() else float(amount), "unit": unit}


def split_quantity(value: str) -> tuple[Decimal, str]:
    """(amount, unit) of a canonical quantity."""
    amount, _, unit = value.partition(" ")
    try:
        return Decimal(amount), unit
    except InvalidOperation as error:
        raise ValueError(f"'{value}' is no canonical quantity") from error


def scaled(value: str) -> tuple[Decimal, str]:
    """(amount, unit) of a quantity, with the number that its unit begins with counted in: 905000000 of a rouble.

    One unit is the same in the plural, in capitals, and abbreviated.
    """
    amount, unit = split_quantity(value)
    word, _, rest = unit.lower().partition(" ")
    scale, unit = (_SCALES[word], rest) if word in _SCALES and rest else (1, unit)
    return amount * scale, _usual(unit)


def is_length_of_time(value: str) -> bool:
    """Whether a canonical quantity is one of seconds, minutes, hours, days, weeks, months or years."""
    return scaled(value)[1] in (*_MINUTES, "month", "year")


def _usual(unit: str) -> str:
    """A unit as it is usually written."""
    unit = unit.lower().removesuffix("s")
    return _SPELT.get(unit, unit)


def minutes(value: str) -> float | None:
    """A duration in minutes; None where its unit has no fixed length."""
    return _measured(value, _MINUTES)


def kilometres(value: str) -> float | None:
    """A length in kilometres; None where the unit is not known."""
    return _measured(value, _KILOMETRES)


def same_moment(one: str, other: str) -> bool | None:
    """Whether two dates with a time of day are one moment, be it in two zones; None where that cannot be told."""
    if "T" not in one or "T" not in other:
        return None
    try:
        first, second = datetime.fromisoformat(one), datetime.fromisoformat(other)
    except ValueError:  # of the year 0, which Python does not have
        return None
    return first == second if (first.tzinfo is None) == (second.tzinfo is None) else None


def days_between(planned: str, happened: str) -> tuple[int | None, int | None]:
    """How many days later than planned something happened, at least and at most; negative when it was earlier.

    What lasts from one date to another is counted by its start, two times of day in UTC. None where an end is open, or
    too far off to count.
    """
    (first, last), (earliest, latest) = (reach(_start(one)) for one in _in_one_zone(planned, happened))
    return _days(last, earliest), _days(first, latest)


def _in_one_zone(*values: str) -> tuple[str, ...]:
    """Dates that all have a time of day with its offset as their days in UTC; others as they are."""
    try:
        moments = [datetime.fromisoformat(one) for one in values if "T" in one]
        if len(moments) == len(values) and all(one.tzinfo for one in moments):
            return tuple(one.astimezone(UTC).date().isoformat() for one in moments)
    except (OverflowError, ValueError):  # at the ends of Python's calendar
        pass
    return values


def _start(value: str) -> edtf.Edtf:
    """The date itself, or the one that an interval begins with."""
    whole = edtf.parse(value)
    return edtf.atoms(value)[0] if whole.precision == "interval" and whole.span[0] is not None else whole


def _days(before: date, after: date) -> int | None:
    """From one day to another; a bound at the end of the calendar is no day."""
    ends = (date.min, date.max)
    return None if before in ends or after in ends else (after - before).days


def fingerprint(subject: str, name: str, said: str, qualifiers: Mapping[str, str], modality: str) -> str:
    """What makes two claims one fact, as 16 hexadecimal digits: the same in every base, whoever says it.

    What one source asserts and another reports is the same.
    """
    sense = HAPPENED[0] if modality in HAPPENED else modality
    told = "{}"
    if qualifiers:
        told = _written({one: qualifiers[one] for one in sorted(qualifiers) if QUALIFIERS[one].is_identifying})
    # A list in JSON, put together here, since there are millions of them. What the vocabulary names is letters alone.
    content = f'[{encode_basestring(subject)}, "{name}", {encode_basestring(said)}, {told}, "{sense}"]'
    return hashlib.sha256(content.encode()).hexdigest()[:16]


def _measured(value: str, factors: dict[str, Any]) -> float | None:
    amount, unit = split_quantity(value)
    factor = factors.get(_usual(unit))
    return None if factor is None else float(amount * factor)


def _plain(number: Decimal) -> str:
    """A decimal without exponent and without trailing zeros."""
    text = format(number, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "0") else text
