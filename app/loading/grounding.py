"""Whether the words that a claim quotes really contain what it says: its dates, its numbers, its names. Pure.

What is called `check_` returns what is wrong, as sentences for a person; none when nothing is.
"""

import re
from collections.abc import Iterable
from datetime import date
from difflib import SequenceMatcher
from functools import partial

from app import edtf
from app.loading import dates, edges, relative
from app.loading.amounts import check_quantity, numbers_in
from app.loading.days import stretches_in
from app.loading.seed import SeedClaim
from app.passages import fold
from app.vocabulary import PROPER_NAMES, Property
from app.words import found_by

_SMALL_WORDS = frozenset(
    {"a", "an", "and", "as", "at", "by", "for", "from", "in", "is", "it", "of", "on", "or", "that", "the", "to", "with"}
)
# What may join the words of a label besides.
_JOINING = _SMALL_WORDS | {"aboard", "about", "after", "before", "between", "during", "into", "when", "where", "who"}
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


def check_date(claim: SeedClaim, value: str, words: str, wider: str, published: date | None) -> list[str]:
    """A date must stand in the words, or be computed from a phrase in them and the article's own day.

    `wider` are the words with what stands beside them, which may turn a bound.
    """
    if claim.inference in ("weekday", "year"):
        return _check_relative(claim, value, words, wider, published)
    if claim.phrase is not None:
        if fold(claim.phrase) not in fold(words):
            return [f"the phrase '{claim.phrase}' does not stand in the quote"]
        spans = dates.span_in(claim.phrase, wider, published, is_denied=claim.modality == "negated")
        if value in spans:
            return []
        if spans:
            return [f"'{claim.phrase}' means {' or '.join(sorted(spans))}, not {value}"]
    if value in dates.counted_from(words):
        return [f"the quote tells what was so long before {value}, or after it, and not that date"]
    for year, spans in dates.bounds_in(words, wider, is_denied=claim.modality == "negated"):
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


def _check_relative(claim: SeedClaim, value: str, words: str, wider: str, published: date | None) -> list[str]:
    if not claim.phrase:
        return [f"inference {claim.inference} needs the phrase that the date is computed from"]
    if fold(claim.phrase) not in fold(words):
        return [f"the phrase '{claim.phrase}' does not stand in the quote"]
    if claim.inference == "weekday" and edges.has_day(claim.phrase, words, value):
        return [f"the quote gives the day of '{claim.phrase}'; claim that, with inference year if its year is missing"]
    if relative.goes_on(claim.phrase, wider):
        return [f"the words beside '{claim.phrase}' tell which one; expected them in the phrase"]
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
        return check_quantity(prop, value, words)
    if prop.name in PROPER_NAMES:
        if claim.inference == "implied" and not resembles(value, words):
            return [f"the name '{value}' is neither in the quote nor spelt nearly like anything in it"]
        if claim.inference != "implied" and not mentions([value], words):
            return [f"the name '{value}' does not stand in the quote"]
        return []
    if claim.inference == "implied" or prop.name == "label":
        return check_said(value, words, is_in_words=prop.name == "label")
    return _check_wording(value, words)


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


def _tokens(text: str) -> list[str]:
    """Folded words; a possessive counts as the name alone, so that Russia’s mentions Russia."""
    without = re.sub(r"[’']s\b", "", text)
    return found_by(_PART, fold(without))
