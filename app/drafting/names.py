"""Which names that the base holds stand in a text, and where; and the short forms that a text uses after a full name.

Pure but for `held_in`, which asks the base.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from app.loading.examining import held_names
from app.loading.fitting import kind_of
from app.passages import fold
from app.queries.entities import records_called
from app.words import whole

_MOST_WORDS, _MOST_SMALL = 8, 3
_WORD = re.compile(r"[^\W_]+(?:[’'.\-/@&][^\W_]+)*")
# What ends a run of words that could be one name; the full stop of an initial does not.
_BREAK = re.compile(r"[;:!?…()\[\]“”\"\n\t–—]|(?<!\b[A-Z])\.")
_POSSESSIVE = re.compile(r"[’'][sS]?$")
_ACRONYM = re.compile(r"\((?P<short>[A-Z][A-Z0-9&-]{1,9})\)")
_SMALL = frozenset({"the", "of", "and", "for", "in", "de", "la", "du", "der", "von", "a", "an", "on", "at", "to", "&"})
_TITLE = re.compile(
    r"[“\"](?P<double>[^“”\"\n]{2,80}?)[,.!?]?[”\"]|(?<!\w)‘(?P<single>[^‘“”\n]{2,80}?)[,.!?]?’(?!\w)"
    r"|(?<![\w_])_(?P<italic>[^_\n]{2,80})_(?![\w_])|(?<![\w*])\*(?P<starred>[^*\n]{2,80})\*(?![\w*])"
)


@dataclass(frozen=True, slots=True)
class Mention:
    """Words of the text that stand for an entity: its name, or with `is_short` a short form of it."""

    start: int
    end: int
    entity: str
    is_short: bool = False


@dataclass(frozen=True)
class Held:
    """What the base knows of the names in a text: the names and the label of each entity, the entities of each name."""

    names: Mapping[str, frozenset[str]]
    labels: Mapping[str, str]
    of: Mapping[str, tuple[str, ...]]


def held_in(connection: Connection, text: str, slug: str) -> Held:
    """The entities whose names may stand in the text, as sources other than `slug` name them."""
    candidates = {whole(text[start:end]) for start, end in _runs(text)}
    candidates |= {whole(text[start:end]) for start, end in titles_in(text)}
    records = records_called(connection, candidates)
    names = held_names(connection, slug, {entity: id_ for entity, (id_, _) in records.items()})
    labels = {entity: label for entity, (_, label) in records.items()}
    return known({entity: called for entity, called in names.items() if called}, labels)


def known(names: Mapping[str, Iterable[str]], labels: Mapping[str, str]) -> Held:
    """The same from names that are known already."""
    of: dict[str, set[str]] = {}
    for entity, called in names.items():
        for name in called:
            of.setdefault(whole(name), set()).add(entity)
    named = {entity: frozenset(called) for entity, called in names.items()}
    return Held(named, labels, {name: tuple(sorted(entities)) for name, entities in of.items()})


def mentions_in(text: str, held: Held) -> tuple[list[Mention], dict[str, tuple[str, ...]]]:
    """(where what is held is named in full, in order; words that several entities are called by, with these)."""
    found: list[Mention] = []
    doubtful: dict[str, tuple[str, ...]] = {}
    taken = Taken()
    quoted = set(titles_in(text))
    for start, end in sorted({*_runs(text), *quoted}, key=lambda span: (span[0] - span[1], span[0])):
        called = held.of.get(whole(text[start:end]), ())
        fit = [one for one in called if _fits(text, start, end, one, held.names[one], is_quoted=(start, end) in quoted)]
        if not fit or not taken.take(start, end):
            continue
        if len(fit) > 1:
            doubtful[text[start:end]] = tuple(fit)
        else:
            found.append(Mention(start, end, fit[0]))
    return sorted(found, key=lambda one: one.start), doubtful


def in_short(text: str, named: Sequence[Mention]) -> list[Mention]:
    """The short forms of what is named in full before them: a surname, an acronym, `MS-10` of `Soyuz MS-10`."""
    taken, short, found = Taken(), dict[str, dict[str, int]](), list[Mention]()
    for one in named:
        taken.take(one.start, one.end)
        for part in _parts(text[one.start : one.end], kind_of(one.entity)):
            short.setdefault(part, {}).setdefault(one.entity, one.end)
    ends = {one.end: one for one in named}
    for (_, end), (start, stop) in acronyms_in(text):
        if end in ends:
            short.setdefault(text[start:stop], {}).setdefault(ends[end].entity, end)
    for words, entities in short.items():
        if len(entities) != 1:
            continue  # Two people of one surname: which of them is meant is for a person to say.
        ((entity, since),) = entities.items()
        for start, end in places_of(text, words, since):
            if taken.take(start, end):
                found.append(Mention(start, end, entity, is_short=True))
    return sorted(found, key=lambda one: one.start)


def places_of(text: str, words: str, since: int = 0) -> Iterator[tuple[int, int]]:
    """Where words stand as words of their own, from a place on."""
    pattern = re.compile(rf"(?<![^\W_])(?<!-){re.escape(words)}(?![^\W_]|-)")
    return (match.span() for match in pattern.finditer(text, since))


def slug_of(words: str) -> str:
    """Words as a slug; "" for those that have no letter for it."""
    return "-".join(re.findall("[a-z0-9]+", fold(words)))[:80].strip("-")


def titles_in(text: str) -> list[tuple[int, int]]:
    """What stands in quotation marks or between underscores and could be the title of a film."""
    spans = [match.span(match.lastgroup or 0) for match in _TITLE.finditer(text)]
    return [span for span in spans if is_title(text[slice(*span)])]


def is_title(words: str) -> bool:
    """Whether words are written as titles are: with a capital first, and small only what is small in titles."""
    told = _WORD.findall(words)
    return (
        bool(told)
        and len(told) <= _MOST_WORDS
        and not told[0][0].islower()
        and all(not one[0].islower() or one.lower() in _SMALL for one in told)
    )


def acronyms_in(text: str) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """(long form, short form) for each acronym in brackets after the words that it is made of."""
    for match in _ACRONYM.finditer(text):
        before = [one.span() for one in _WORD.finditer(text, max(0, match.start() - 120), match.start())]
        letters = [one for one in match["short"] if one.isupper()]
        for count in range(1, min(len(before), len(letters) + 3) + 1):
            spans = before[len(before) - count :]
            if _BREAK.search(text, spans[0][0], spans[-1][1]):
                break
            initials = [_initials(text[a:b]) for a, b in spans]
            spoken = [text[a:b].lower() not in _SMALL for a, b in spans]
            main = [one for one, told in zip(initials, spoken, strict=True) if told]
            if count > 1 and letters in (list("".join(initials)), list("".join(main))) and spoken[0]:
                yield (spans[0][0], spans[-1][1]), match.span("short")
                break


def _initials(word: str) -> str:
    """What a word gives to an acronym: its first letter, or all of one that is one itself, as in UK Space Agency."""
    return word if word.isalpha() and word.isupper() else word[0].upper()


class Taken:
    """Which places of the text stand for something already."""

    def __init__(self) -> None:
        self._places: set[int] = set()

    def take(self, start: int, end: int) -> bool:
        """Take a place, unless some of it is taken."""
        if start in self._places or end - 1 in self._places:
            return False
        self._places.update(range(start, end))
        return True


def _parts(name: str, kind: str) -> Iterator[str]:
    """The words of a longer name that may stand for it: a surname, any name of a character, a number as of a flight."""
    told = _WORD.findall(name)
    for index, word in enumerate(told if len(told) > 1 else ()):
        is_last = index == len(told) - 1
        is_short = kind == "character" or (is_last and (kind == "person" or any(letter.isdigit() for letter in word)))
        if is_short and len(word) > 2 and not word[0].islower():
            yield word


def _runs(text: str) -> Iterator[tuple[int, int]]:
    """Every run of a few words that could be a name, without the possessive at its end."""
    words = [match.span() for match in _WORD.finditer(text)]
    for first, (start, _) in enumerate(words):
        most = _MOST_WORDS if not text[start].islower() else _MOST_SMALL
        for last in range(first, min(first + most, len(words))):
            if last > first and _BREAK.search(text, words[last - 1][1], words[last][0]):
                break
            possessive = _POSSESSIVE.search(text, start, words[last][1])
            yield start, possessive.start() if possessive else words[last][1]


def _fits(text: str, start: int, end: int, entity: str, names: Iterable[str], *, is_quoted: bool) -> bool:
    """Whether words that spell a name are written as the name is, and can stand for such an entity here."""
    words = text[start:end]
    spelt = [one for one in names if whole(one) == whole(words)]
    told = _WORD.findall(words)
    if is_quoted:
        return True
    if len(told) == 1 and kind_of(entity) == "character":
        return False  # A first name that one film has is anybody's.
    if len(told) == 1 and kind_of(entity) == "film" and _begins_sentence(text, start):
        return False  # Gravity and Contact are words, too.
    return any(_is_written_alike(told, _WORD.findall(one)) for one in spelt)


def _is_written_alike(told: Sequence[str], name: Sequence[str]) -> bool:
    """Whether there are capitals where the name has them; a name in small letters has at least two words."""
    if all(one.islower() for one in name):
        return len(name) > 1
    if len(name) == 1 and name[0].isupper():
        return len(told) == 1 and told[0].isupper()
    if len(told) != len(name):
        return not told[0].islower()
    return all(one[0].islower() or not other[0].islower() for one, other in zip(name, told, strict=True))


def _begins_sentence(text: str, start: int) -> bool:
    before = text[max(0, start - 3) : start].rstrip(" ")[-1:]
    return before in ("", "\n", ".", "!", "?", "…", "“", '"', "*", "-")
