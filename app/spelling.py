"""How near one spelling of a word is to another, mistyped or brought over from another script. Pure.

A word is looked up under keys (`keys_of`, `keys_to`), of which near spellings share one; what is found so is then
measured (`difference`).
"""

import re
from functools import lru_cache
from itertools import combinations
from unicodedata import normalize

from rapidfuzz.distance import OSA

# What transliterations write differently, as one of them; the order matters, and single letters come last.
_ALIKE = (
    ("tsch", "ch"), ("tch", "ch"), ("sch", "sh"), ("ph", "f"), ("kh", "h"), ("th", "t"), ("ks", "x"), ("ts", "c"),
    ("tz", "c"), ("ch", "4"),
)  # fmt: skip
_LETTERS_ALIKE = str.maketrans("cqwjy", "kkvii")
# The letters of Cyrillic and Greek, each with what newspapers write for it in Latin ones; - stands for nothing.
_LETTERS = """
а a б b в v г g д d е e ё yo ж zh з z и i й y к k л l м m н n о o п p р r с s т t у u ф f х kh ц ts ч ch ш sh щ shch
ъ - ы y ь - э e ю yu я ya і i ї yi є ye ґ g ў u ђ dj ј j љ lj њ nj ћ c џ dz ѓ gj ѕ dz ќ kj
α a β v γ g δ d ε e ζ z η i θ th ι i κ k λ l μ m ν n ξ x ο o π p ρ r σ s ς s τ t υ y φ f χ ch ψ ps ω o
"""
_LATIN = {one: latin.strip("-") for one, latin in zip(_LETTERS.split()[::2], _LETTERS.split()[1::2], strict=True)}
_DOUBLED = re.compile(r"(.)\1+")
_VOWELS = re.compile("[aeiou]")
_LONGEST_KEY, _BEGINNING = 16, 4
# From this many letters on, two slips are looked for and no longer one.
_LONG = 7


def romanised(text: str) -> str:
    """A text with its Cyrillic and Greek letters in Latin ones; every other character stays as it is."""
    return text if text.isascii() else "".join(map(_in_latin, normalize("NFC", text)))


def can_be_corrected(word: str) -> bool:
    """Whether a word is one that is mistyped: not a number, and not so short that all others are near it."""
    return len(word) >= 3 and not any(character.isdigit() for character in word)


def keys_of(word: str) -> set[str]:
    """The keys under which a word of the vocabulary is stored: its skeleton, that without one letter, its beginning."""
    beginning = key_of_beginning(word)
    return _without(_skeleton(word), 1) | ({beginning} if beginning else set())


def keys_to(word: str) -> set[str]:
    """The keys under which a mistyped word is looked up: as it is stored, and for a long one without two letters.

    A slip may bring letters together that stand for one elsewhere, as in "feutsel" for Feustel: so each by itself, too.
    """
    most = 1 if len(word) < _LONG else 2
    return _without(_skeleton(word), most) | _without(_voweled(_letter_by_letter(word)), most)


def key_of_beginning(word: str) -> str | None:
    """The key of the words that begin about so; None for too short a beginning."""
    start = _skeleton(word)[:_BEGINNING]
    return f"{start}*" if len(start) == _BEGINNING else None


def difference(one: str, other: str) -> int:
    """How far apart two words are: 2 for each slip, or 1 and the slips that remain in a common transliteration.

    Words of which more than half is written otherwise are no transliterations of each other, however short both become.
    """
    # Letters left out, added, changed, or exchanged with the next one.
    slips = OSA.distance(one, other)
    if 2 * slips > max(len(one), len(other)):
        return 2 * slips
    return min(2 * slips, 2 * OSA.distance(_plain(one), _plain(other)) + 1)


def tolerated(word: str) -> int:
    """Up to which difference a word is taken for a slip of this one."""
    return 1 if len(word) < 4 else 3 if len(word) < _LONG else 5


def _in_latin(letter: str) -> str:
    small = letter.lower()
    latin = _LATIN.get(small, _LATIN.get(normalize("NFD", small)[:1], letter))
    return latin.capitalize() if letter != small else latin


@lru_cache(maxsize=4096)
def _plain(word: str) -> str:
    for written, meant in _ALIKE:
        word = word.replace(written, meant)
    return _letter_by_letter(word)


def _letter_by_letter(word: str) -> str:
    return _DOUBLED.sub(r"\1", word.translate(_LETTERS_ALIKE))


def _skeleton(word: str) -> str:
    """The consonants, and one sign for every vowel: vowels are what spellings differ in most."""
    return _voweled(_plain(word))


def _voweled(plain: str) -> str:
    return _VOWELS.sub("a", plain)[:_LONGEST_KEY]


def _without(skeleton: str, most: int) -> set[str]:
    found = {skeleton}
    for count in range(1, most + 1):
        for kept in combinations(skeleton, max(len(skeleton) - count, 1)):
            found.add("".join(kept))
    return found
