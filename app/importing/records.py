"""What a data set says, one entity after another, in the terms of the vocabulary; the same for every format. Pure."""

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from app.vocabulary import SLUG, Kind, Modality, Rank

_SCHEME = re.compile(r"[a-z][a-z0-9]{0,30}")
_RUN = re.compile(r"[^a-z0-9]+")
# Identifiers that lose nothing in small letters: those of these schemes have capitals alone, all others small ones.
_IN_CAPITALS = ("wikidata", "gcat", "gcatsite", "iso3166")
_CAPITAL, _SMALL = re.compile(r"[A-Z0-9]+"), re.compile(SLUG)
_LONGEST_SLUG = 100
# How the place ends of a statement that the record of another makes: the entity's own record does not end it.
IN_PASSING = ", in passing"
# How the place ends of a date that is one of the Julian calendar, and is as it is given.
JULIAN = ", a day of the Julian calendar"
# What stands for a character where somebody plays none, and what they appear as: `Self - Host`, `Himself (uncredited)`.
_THEMSELVES = re.compile(
    r"(?:self|himself|herself|themsel(?:f|ves)|itself)(?P<more> +[-–—] .*| *[(/:].*)?", re.IGNORECASE
)
# And what where it is not known whom.
NOBODY_KNOWN = ("unknown", "n/a", "?")
# What JSON can write, and nothing else: NUL, and half of a character.
_UNWRITABLE = re.compile("[\0\ud800-\udfff]")
_NONE: Mapping[str, str] = MappingProxyType({})


@lru_cache(maxsize=1 << 16)
def _slug(identifier: str, part: str) -> str:
    whole = f"{identifier} {part}" if part else identifier
    plain = _RUN.sub("-", whole.lower()).strip("-")
    scheme, _, told = identifier.partition(":")
    usual = _CAPITAL if scheme in _IN_CAPITALS else _SMALL
    is_lossless = not part and _SCHEME.fullmatch(scheme) and usual.fullmatch(told)
    if is_lossless and len(plain) <= _LONGEST_SLUG:
        return plain
    return f"{plain[:_LONGEST_SLUG].rstrip('-')}-{hashlib.sha256(whole.encode()).hexdigest()[:6]}"


def silence(prop: str, kind: Kind, role: str | None = None) -> str:
    """What a record is silent on that says nothing of those of a kind, in a role if that is told, or "" for in none."""
    return f"{prop} {kind}" if role is None else f"{prop} {kind} as {role}"


def plain_name(name: str) -> str:
    """A name as it is told from others, however it is spaced or composed."""
    return unicodedata.normalize("NFC", " ".join(name.split()))


def themselves(name: str) -> tuple[bool, bool]:
    """(whether a name of a character says that somebody plays none, whether it also says what they appear as)."""
    found = _THEMSELVES.fullmatch(name)
    return bool(found), bool(found and found["more"])


def is_writable(text: str) -> bool:
    """Whether a text out of JSON can be kept."""
    return not _UNWRITABLE.search(text)


class FormatError(Exception):
    """A file that is not of the format at all. The message says what was found and what is expected."""


class Key(NamedTuple):
    """An entity as a data set knows it: of that kind, under that identifier (`imdb:tt0112384`).

    A `part` is something that the data set has no identifier for, within what it has one for: a character of a film.
    """

    kind: Kind
    identifier: str
    part: str = ""

    @property
    def scheme(self) -> str:
        """Of what sort its identifier is: `imdb`."""
        return self.identifier.partition(":")[0]

    @property
    def slug(self) -> str:
        """The address of the entity: made of its identifier alone, so that it is the same in whatever order one loads.

        Two identifiers never make one slug: where letters or signs are lost, a few digits of a hash stand for them.
        """
        return _slug(self.identifier, self.part)

    @property
    def entity(self) -> str:
        """The entity as kind/slug."""
        return f"{self.kind}/{_slug(self.identifier, self.part)}"


class Statement(NamedTuple):
    """One thing that is said of an entity: a value, or another entity of the data set.

    `place` is where exactly it is said, if that is not where its entry stands. `references` are what the data set says
    that it has it from: JSON, as evidence shows it, or "".
    """

    property: str
    value: str | None = None
    object: Key | None = None
    character: Key | None = None
    qualifiers: Mapping[str, str] = _NONE
    modality: Modality = "asserted"
    rank: Rank = "normal"
    place: str = ""
    references: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """What one place of a file says of one entity.

    `is_whole` when it is all that the data set says of it, so that what an earlier file said otherwise has ended;
    not so what is said of an entity in passing, in the record of another. `left_out` names what is said of it that
    the vocabulary has no word for. `silent_on` are properties of which this form of a record never says anything,
    so that nothing of them has ended; with `silence`, of those alone that name something of a kind. `within` is the
    entity that must be held already for it to count, since the file does not tell what kind of thing it speaks of.
    For the same reason one that `is_of_held` counts only if the entity itself is held, be it that it was only ever
    referred to. `updated` is when its record was last changed, as a text by which those of a data set are ordered.
    """

    key: Key
    statements: tuple[Statement, ...]
    place: str
    is_whole: bool = True
    left_out: tuple[str, ...] = ()
    within: Key | None = None
    silent_on: tuple[str, ...] = ()
    is_of_held: bool = False
    updated: str = ""

    @property
    def is_in_passing(self) -> bool:
        """Whether it only tells how to call something that a record refers to."""
        return not self.is_whole and bool(self.statements) and self.statements[0].property == "label"


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A line, or a record, that is passed over: where it stands, counted from 1, and what is wrong with it."""

    file: str
    line: int
    reason: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Skipped:
    """A sound record that is not of a kind that is held here; `what` it is."""

    what: str


@dataclass(frozen=True, slots=True)
class Gone:
    """A sound record is of none of these entities, as which it may have been told before: that has ended."""

    keys: tuple[Key, ...]


@dataclass(frozen=True, slots=True)
class Called:
    """A sound record is of nothing that is held here, and calls so what other records may refer to."""

    identifier: str
    label: str
    place: str


@dataclass(frozen=True, slots=True)
class Published:
    """When the data set says that it was brought out, as an EDTF date."""

    date: str


Item = Entry | Unreadable | Skipped | Gone | Called | Published
