"""Whether the words that a claim quotes really contain what it says: its dates, its numbers, its names. Pure.

What is called `check_` returns what is wrong, as sentences for a person; none when nothing is.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from difflib import SequenceMatcher
from functools import partial

from app import edtf
from app.loading import dates, edges, relative
from app.loading.days import stretches_in
from app.loading.seed import SeedClaim
from app.passages import fold
from app.values import is_length_of_time, split_quantity
from app.vocabulary import PROPER_NAMES, Property
from app.words import found_by

_NUMBER_WORDS = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty",
)  # fmt: skip
_TENS = {"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
_SMALL_WORDS = frozenset(
    {"a", "an", "and", "as", "at", "by", "for", "from", "in", "is", "it", "of", "on", "or", "that", "the", "to", "with"}
)
# What may join the words of a label besides.
_JOINING = _SMALL_WORDS | {"aboard", "about", "after", "before", "between", "during", "into", "when", "where", "who"}
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
# The underscores of a text are its emphasis, and no letters.
_PART = re.compile(r"[^\W_]+")
# What joins letters or keeps them apart within a word, and is none; folding drops it.
_JOINERS = re.compile("[\u00ad\u200c\u200d]")
_WORD = re.compile(rf"{_PART.pattern}(?:[’']{_PART.pattern})*")
# What says of a plan that it was one, before its day in the same clause, so that this may be past.
_WAS = re.compile(
    r"\b(?:had|was|were|originally|previously|initially)\b(?:(?!\b(?:are|is|now|will)\b)[^.,;:])*$", re.IGNORECASE
)
# No clause has more characters before its day.
_CLAUSE = 200
# How alike a name and its misspelling in the text must be; Roscosmos and "Roscomos" are at 0.94.
_SPELLING = 0.75


def check_date(claim: SeedClaim, value: str, words: str, published: date | None) -> list[str]:
    """A date must stand in the words, or be computed from a phrase in them and the article's own day."""
    if claim.inference in ("weekday", "year"):
        return _check_relative(claim, value, words, published)
    if claim.phrase is not None:
        if fold(claim.phrase) not in fold(words):
            return [f"the phrase '{claim.phrase}' does not stand in the quote"]
        spans = dates.span_in(claim.phrase, words, published, is_denied=claim.modality == "negated")
        if value in spans:
            return []
        if spans:
            return [f"'{claim.phrase}' means {' or '.join(sorted(spans))}, not {value}"]
    for year, spans in dates.bounds_in(words, is_denied=claim.modality == "negated"):
        if value not in spans and value.strip("[]./") in (year, *(span.strip("[]./") for span in spans)):
            return [f"the quote bounds the date by {year}; that means {' or '.join(sorted(spans))}, not {value}"]
    if any(one.is_moved and one.interval() == value for one in stretches_in(words)):
        return [f"the quote tells of what was moved from one day to another, and {value} is a stretch; claim each day"]
    stated = dates.stated_in(words)
    doubted = "?~%" if claim.inference == "implied" else ""
    missing = [
        atom.text for atom in edtf.atoms(value) if (atom.text.rstrip(doubted) if doubted else atom.text) not in stated
    ]
    if not missing:
        return []
    return [
        f"the date {', '.join(missing)} does not stand in the quote, which states "
        f"{', '.join(sorted(stated)) or 'none'}; expected a quote that has it, or inference weekday or year "
        "with its phrase"
    ]


def _check_relative(claim: SeedClaim, value: str, words: str, published: date | None) -> list[str]:
    if not claim.phrase:
        return [f"inference {claim.inference} needs the phrase that the date is computed from"]
    if fold(claim.phrase) not in fold(words):
        return [f"the phrase '{claim.phrase}' does not stand in the quote"]
    if claim.inference == "weekday" and edges.has_day(claim.phrase, words, value):
        return [f"the quote gives the day of '{claim.phrase}'; claim that, with inference year if its year is missing"]
    if claim.inference == "year" and edges.is_cut(claim.phrase, words):
        return [f"the phrase '{claim.phrase}' is cut from a date in the quote; expected all of it"]
    if published is None:
        return [f"'{claim.phrase}' cannot be resolved: the article's own date is not known to the day"]
    if claim.inference == "year" and relative.has_year(claim.phrase, words):
        return [f"the quote gives the year of '{claim.phrase}'; no inference is needed"]
    resolve = relative.resolve_day if claim.inference == "weekday" else partial(relative.resolve_year, within=words)
    is_future = claim.modality in ("planned", "hoped")
    meant = resolve(claim.phrase, published, is_future=is_future)
    if meant is None:
        return [f"'{claim.phrase}' is no date that inference {claim.inference} can resolve"]
    otherwise = resolve(claim.phrase, published, is_future=not is_future)
    before, is_there, _ = words.partition(claim.phrase)
    if value == meant or (is_future and value == otherwise and is_there and _WAS.search(before[-_CLAUSE:])):
        return []
    message = f"'{claim.phrase}' in an article of {published.isoformat()} means {meant}, not {value}"
    if value == otherwise:
        message += f", which it means {'in what has happened' if is_future else 'in a plan'}"
    return [message]


def check_literal(claim: SeedClaim, prop: Property, value: str, words: str) -> list[str]:
    """The numbers of a value must stand in the words, and so must its names, and unless it is implied all its words.

    The one exception is a name whose usual spelling differs a little from that in the words.
    """
    if prop.value_type == "quantity":
        return _check_quantity(prop, value, words)
    if prop.name in PROPER_NAMES:
        if claim.inference == "implied" and not resembles(value, words):
            return [f"the name '{value}' is neither in the quote nor spelt nearly like anything in it"]
        if claim.inference != "implied" and not mentions([value], words):
            return [f"the name '{value}' does not stand in the quote"]
        return []
    if claim.inference == "implied" or prop.name == "label":
        return check_said(value, words, is_in_words=prop.name == "label")
    return _check_wording(value, words)


def _check_quantity(prop: Property, value: str, words: str) -> list[str]:
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
        if _TO not in match[1]:
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


def _before(words: str, match: re.Match[str]) -> str:
    """So much of what goes before as tells."""
    return words[max(0, match.start() - _REACH) : match.start()]


def _numbers_of(amount: str) -> set[str]:
    """The number that an amount is: none of 1½."""
    if re.fullmatch(_COMPOUND, amount):
        return {str(_whole_number(amount))}
    return set() if "⁄" in amount else numbers_in(amount)


def _whole_number(words: str) -> int:
    """The number that stands there, in digits or spelt out: 35, thirty-five."""
    return int(words) if words.isdigit() else sum(_SPELT[word] for word in re.split("[ -]", words.lower()))


def _check_wording(value: str, words: str) -> list[str]:
    """What a source says in so many words is said in its words; only small words may be put between them."""
    missing = [word for word in _tokens(value) if word not in _SMALL_WORDS and word not in _tokens(words)]
    if not missing:
        return []
    return [
        f"'{' '.join(missing)}' of '{value}' does not stand in the quote; expected the words that say it, "
        "or inference implied where they only mean it"
    ]


def check_said(value: str, words: str, *, is_in_words: bool) -> list[str]:
    """Every name and every number of a text must stand in the words.

    A name is what is not written all in small letters. What is to be in the text's own words has all of them there, if
    also in another form: Filming, where it has "filmed"; but for small ones, and a first one, as "journey" of a flight.
    """
    present, numbers = set(_tokens(words)), numbers_in(words)
    told = found_by(_WORD, _JOINERS.sub("", value))
    if is_in_words:
        first = told[0] if told else ""
        told = [one for one in told if not _has_form(one, present) and fold(one) not in _JOINING]
        told = told[1:] if told and told[0] == first and not _is_name(first) else told
    missing = [word for word in told if (is_in_words or _is_name(word)) and not present.issuperset(_tokens(word))]
    missing += [number for number in sorted(numbers_in(value) - numbers) if number not in missing]
    return [f"'{' '.join(missing)}' of '{value}' does not stand in the quote"] if missing else []


def _has_form(word: str, present: Iterable[str]) -> bool:
    """Whether a word that begins alike stands there."""
    return len(word) > 3 and any(one.startswith(fold(word)[:4]) for one in present)


def _is_name(word: str) -> bool:
    """Capital letters, and letters of scripts that have none, make a name; so does a digit of any script."""
    return any(letter.isnumeric() or not letter.islower() for letter in word if letter.isalnum())


def mentions(names: Iterable[str], words: str) -> bool:
    """Whether one of the names stands in the words, as whole words, whatever the case and the accents."""
    spoken = f" {' '.join(_tokens(words))} "
    return any(f" {' '.join(_tokens(name))} " in spoken for name in names)


def resembles(name: str, words: str) -> bool:
    """Whether something in the words is the name, or a misspelling of it."""
    tokens, length = _tokens(words), len(_tokens(name))
    windows = (" ".join(tokens[i : i + n]) for n in {max(length, 1), length + 1} for i in range(len(tokens)))
    wanted = " ".join(_tokens(name))
    return any(SequenceMatcher(None, wanted, window).ratio() >= _SPELLING for window in windows)


def numbers_in(words: str) -> set[str]:
    """The numbers that stand in the words, in digits or spelt out, as plain decimals."""
    found = {_plain(digits) for digits in _DIGITS.findall(words)}
    return found | {str(_SPELT[token]) for token in _tokens(words) if token in _SPELT}


def _plain(digits: str) -> str:
    """Without commas between thousands, and the zeros that end a fraction, as values are written.

    What has several points is no number but a name, and "1,5" is neither 15 nor 5.
    """
    digits = digits.replace(",", "") if _THOUSANDS.fullmatch(digits) else digits
    return digits.rstrip("0").rstrip(".") if digits.count(".") == 1 else digits


def _tokens(text: str) -> list[str]:
    """Folded words; a possessive counts as the name alone, so that Russia’s mentions Russia."""
    without = re.sub(r"[’']s\b", "", text)
    return found_by(_PART, fold(without))
