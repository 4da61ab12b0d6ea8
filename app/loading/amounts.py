"""Amounts in prose: whether words tell a quantity, and which numbers stand in them. Pure."""

import re
from collections.abc import Iterator

from app.passages import fold
from app.values import is_length_of_time, split_quantity
from app.vocabulary import Property

_NUMBER_WORDS = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty",
)  # fmt: skip
_TENS = {"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
_DIGITS = re.compile(r"[0-9]+(?:[.,][0-9]+)*")
_THOUSANDS = re.compile(r"[0-9]{1,3}(?:,[0-9]{2,3})*,[0-9]{3}(?:\.[0-9]+)*")
# Sums as they are most often written: "$30 million" says that it is 30 million dollars.
_CURRENCIES = {"$": "dollar", "€": "euro", "£": "pound"}
_SCALES = {"k": " thousand", "m": " million", "mn": " million", "b": " billion", "bn": " billion"}
# Not what goes on to another number, or by a scale that is none of ours: $5-6 million, $30 trillion.
_MONEY = re.compile(
    r"(?<![A-Za-z])(?:US)?([$€£])\s?([0-9]+(?:[.,][0-9]+)*)"
    r"(?:(k|m|mn|bn?)\b|\s((?-i:[km])|mn|bn)\b|([\s-](?:thousand|million|billion))s?\b)?(?![-–]?[0-9]|[\s-]?\w+illion)",
    re.IGNORECASE,
)
_BELOW_HUNDRED = {word: number for number, word in enumerate(_NUMBER_WORDS)} | _TENS
_SPELT = _BELOW_HUNDRED | {"hundred": 100}
_COMPOUND = rf"(?:twenty|{'|'.join(_TENS)})[ -](?:{'|'.join(_NUMBER_WORDS[1:10])})"
_NUMBER = rf"[0-9]{{1,3}}|{_COMPOUND}|{'|'.join(_BELOW_HUNDRED)}"
# A range, which folding would take apart, 90–112 minutes; with the sign that stands for its dash then.
_DASH, _TO = re.compile(r"(?<![\w.,-])([0-9]+(?:[.,][0-9]+)*)[-–—](?=[0-9])"), "~"
# What is no plain number: 40th, 1h45, 1:45, 3/4, 2×20.
_PIECED = re.compile(rf"[0-9](?:[^\W\d_]|[^\w.,{_TO}][0-9])|[^\W\d_][0-9]")
# Of what is not told in a sign of money: 40m roubles.
_SCALED = re.compile(r"(?<![\w.,:/-])([0-9]+(?:[.,][0-9]+)*)(k|mn?|bn)(?=\s[^\W\d_])", re.IGNORECASE)
# One of two: between 2 and 3 million, 90 or 95 minutes.
_ONE_OF_TWO = re.compile(r"(?:\bbetween\s\S+(?:\s\w+illion)?(?:\s\S+)?\sand|[0-9]\sor)\s$")
_OF_TIME = ("second", "minute", "hour", "day", "week", "month", "year")
# What goes before two hundred and one.
_HUNDREDS = re.compile(r"\b(?P<more>hundred|thousand)(?: and)? $")
_ZONES = "utc|gmt|[cemp][ds]t|cet|cest|bst|msk|local|moscow"
# What goes on behind minutes that are not all of a length, or none: ten minutes of which, earlier, from launch, UTC.
_NOT_ALL = (
    r"(?P<more>of (?:which|it|that|them)|above|below|past|before|after|ahead|behind|earlier|later|longer|shorter|more"
    rf"|less|ago|into|prior|(?:from|since) (?:landing|launch|lift|now|take|that|the|then)|{_ZONES})"
)
_HOURS_AND_MINUTES = re.compile(
    rf"(?<![\w.,/:{_TO}-])(?P<hours>{_NUMBER}) ?(?:hours?|hrs?|h),? (?:and )?(?P<minutes>{_NUMBER}) ?"
    rf"(?:minutes?|mins?|(?<=[0-9])m)\b(?! {_NOT_ALL}\b)",
    re.IGNORECASE,
)
# What goes before hours that are not all of it, or no length: a day and two hours, 8-10 hours, UTC 19 hours.
_MORE = re.compile(
    r"(?:\b(?:hundred|thousand|(?:day|week|month|year)s?|plus|utc|gmt),?(?:\sand|\splus)?|[0-9])\s$", re.IGNORECASE
)
_REACH = 40


def check_quantity(prop: Property, value: str, words: str) -> list[str]:
    """The number must stand in the words, in digits or spelt out, right before its unit, and be all of it."""
    if prop.name == "duration" and not is_length_of_time(value):
        return [f"'{value}' is no length of time; expected one such as '12 day' or '90 minute'"]
    amount, unit = split_quantity(value)
    words = _MONEY.sub(
        lambda told: (
            f"{told[2]}{_SCALES.get((told[3] or told[4] or '').lower(), told[5] or '')} {_CURRENCIES[told[1]]}"
        ),
        words,
    )
    words = _SCALED.sub(lambda told: f"{told[1]}{_SCALES[told[2].lower()]}", words)
    told = fold(_DASH.sub(rf"\1{_TO}", words))
    lengths = list(lengths_in(told))
    if unit == "minute" and amount in {minutes for *_, minutes in lengths}:
        return []
    # Of these neither the hours nor the minutes are all.
    ends = zip([0, *(end for _, end, _ in lengths)], [*(start for start, *_ in lengths), len(told)], strict=True)
    told = "|".join(told[end:start] for end, start in ends)
    units, is_range = f"(?:{re.escape(fold(unit))}(?:e?s)?{'|feet' if unit == 'foot' else ''})", False
    for match in re.finditer(rf"(?<!\S)({_COMPOUND}|\S+) {units}\b", told):
        if format(amount, "f") not in _numbers_of(match[1]) or _HUNDREDS.search(_before(told, match)):
            continue
        if _goes_on_in_time(told, match, unit):
            continue
        if _TO not in match[1] and not _ONE_OF_TWO.search(_before(told, match)):
            return []
        is_range = True
    if is_range:
        return [f"'{value}' is one end of a range in the quote, and no quantity is told"]
    return [f"'{value}' does not stand in the quote; expected its number right before its unit"]


def lengths_in(words: str) -> Iterator[tuple[int, int, int]]:
    """(start, end, how many minutes) of the hours and minutes that stand together in words."""
    for match in _HOURS_AND_MINUTES.finditer(words):
        hours, minutes = (_whole_number(match[name]) for name in ("hours", "minutes"))
        if minutes < 60 and not _MORE.search(_before(words, match)):
            yield *match.span(), 60 * hours + minutes


def _goes_on_in_time(words: str, match: re.Match[str], unit: str) -> bool:
    """Whether a length of time is told in more units than this one: two hours, three minutes and ten seconds."""
    if unit not in _OF_TIME:
        return False
    at = _OF_TIME.index(unit)
    finer, coarser = (f"(?:{'|'.join(some) or '(?!)'})s?" for some in (_OF_TIME[:at], _OF_TIME[at + 1 :]))
    behind = rf",?\s(?:and\s)?(?:{_NUMBER})\s{finer}\b(?!\s{_NOT_ALL}\b)"
    ahead = rf"(?:{_NUMBER}|\ban?)\s{coarser},?\s(?:and\s)?$"
    return bool(re.compile(behind).match(words, match.end()) or re.search(ahead, _before(words, match)))


def _before(words: str, match: re.Match[str]) -> str:
    """So much of what goes before as tells."""
    return words[max(0, match.start() - _REACH) : match.start()]


def _numbers_of(amount: str) -> set[str]:
    """The number that an amount is: none of 1½, 3/4 and 1:45."""
    if re.fullmatch(_COMPOUND, amount):
        return {str(_whole_number(amount))}
    return set() if "⁄" in amount or _PIECED.search(amount) else numbers_in(amount)


def _whole_number(words: str) -> int:
    """The number that stands there, in digits or spelt out: 35, thirty-five."""
    return int(words) if words.isdigit() else sum(_SPELT[word] for word in re.split("[ -]", words.lower()))


def numbers_in(words: str) -> set[str]:
    """The numbers that stand in the words, in digits or spelt out, as plain decimals."""
    found = {_plain(digits) for digits in _DIGITS.findall(words)}
    return found | {str(_SPELT[token]) for token in re.findall(r"[^\W_]+", fold(words)) if token in _SPELT}


def _plain(digits: str) -> str:
    """Without commas between thousands, and the zeros that end a fraction, as values are written.

    What has several points is no number but a name, and "1,5" is neither 15 nor 5.
    """
    digits = digits.replace(",", "") if _THOUSANDS.fullmatch(digits) else digits
    return digits.rstrip("0").rstrip(".") if digits.count(".") == 1 else digits
