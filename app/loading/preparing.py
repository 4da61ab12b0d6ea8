"""Reads the files of a data set, and prepares what they say for being stored. Pure but for the files: any process may.

It comes in batches, in which entities stand once, and are referred to by their place: there are millions of statements.
"""

import json
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from pathlib import Path
from typing import Final, NamedTuple

from app.importing import DATASETS
from app.importing.files import File
from app.importing.records import Called, Entry, Gone, Item, Key, Published, Skipped, Statement, Unreadable, silence
from app.projection.ids import Ids
from app.values import canonical, fingerprint
from app.vocabulary import PROPERTIES

# How many statements are written at a time, and of how many records that are passed over is told at a time.
_BATCH, _PASSED = 5000, 1000
# Of how many records that come again it is told where they stand; and up to which number it is looked at.
_NAMED, _HIGHEST = 5, 1 << 28

# A statement as it is stored, with the places of its entities among the keys of the batch: (fingerprint, subject,
# property, value, object, character, qualifiers, modality, rank, where it stands, its references). There are millions
# of them, which go from process to process: named ones would take four times as long to be made and sent.
Ready = tuple[str, int, str, str | None, int | None, int | None, str, str, str, str, str]
# Where in it those are that are looked at by themselves.
SUBJECT: Final = 1
PROPERTY: Final = 2
OBJECT: Final = 4
CHARACTER: Final = 5
RANK: Final = 8
PLACE: Final = 9


class Prepared(NamedTuple):
    """An entry of a data set (`app.importing.records.Entry`), as it is stored."""

    key: int
    within: int | None
    is_whole: bool
    silent_on: Sequence[str]
    left_out: Sequence[str]
    statements: Sequence[Ready]
    is_of_held: bool
    place: str


@dataclass
class Batch:
    """What is to be written together, and what was passed over until then; `reached` is how far each file is read.

    `gone` is what is not there any more, if it ever was, and `called` what counts only where it is referred to.
    """

    keys: list[Key] = field(default_factory=list)
    entries: list[Prepared] = field(default_factory=list)
    unreadable: list[Unreadable] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)
    gone: list[Key] = field(default_factory=list)
    called: list[Called] = field(default_factory=list)
    published: str | None = None
    reached: dict[int, int] = field(default_factory=dict)


def batches(dataset: str, paths: Sequence[Path], is_first: bool) -> Iterator[Batch]:
    """What files of a data set say. Raises FormatError for a file that is not of its format.

    Of what is gone nothing is told if `is_first` of its data set, since nothing was there.
    """
    reached: dict[int, int] = {}
    files = [File(path, partial(reached.__setitem__, index)) for index, path in enumerate(paths)]
    batch, passed, preparer, size = Batch(), 0, _Preparer(), 0
    for item in _items(dataset, files):
        if isinstance(item, Entry):
            preparer.add(item)
            size += len(item.statements)
        elif isinstance(item, Gone):
            batch.gone.extend(() if is_first else item.keys)
        elif isinstance(item, Called):
            batch.called.append(item)
        else:
            _pass(batch, item)
            passed += 1
        if size >= _BATCH:
            batch.keys, batch.entries = list(preparer.places), preparer.entries
            preparer, size = _Preparer(), 0
        if batch.entries or passed >= _PASSED:
            batch.reached = dict(reached)
            yield batch
            batch, passed = Batch(), 0
    batch.keys, batch.entries, batch.reached = list(preparer.places), preparer.entries, reached
    yield batch


def prepared(entries: Iterable[Entry]) -> Batch:
    """Entries as a batch of their own."""
    preparer = _Preparer()
    for entry in entries:
        preparer.add(entry)
    return Batch(list(preparer.places), preparer.entries)


def said(subject: Key, told: Statement) -> tuple[str, str | None, str]:
    """(fingerprint, value, qualifiers) of a statement, as stored. Raises ValueError where it has no such value."""
    return _said(subject, subject.entity, told)


def _said(subject: Key, entity: str, told: Statement) -> tuple[str, str | None, str]:
    name, target, qualifiers = told.property, told.object, told.qualifiers
    if subject == target:
        raise ValueError("it is itself")
    value = None if told.value is None else _value(name, told.value)
    what = value or (target.entity if target else "")
    identifying = {**qualifiers, "character": told.character.entity} if told.character else qualifiers
    fact = fingerprint(entity, name, what, identifying, told.modality)
    return fact, value, json.dumps(dict(sorted(qualifiers.items())), ensure_ascii=False) if qualifiers else "{}"


def _items(dataset: str, files: Sequence[File]) -> Iterator[Item]:
    described = DATASETS[dataset]
    items = (item for file in files for item in described.read(file))
    if described.again == "all":
        return items
    if described.again == "first":
        return _once(items, described.prefix) if described.prefix else _first_of_each(items, {})
    # What a later record is silent on must be known before the first one counts.
    again = (item for file in files for item in described.read(File(file.path)))
    return _first_of_each(items, _shares(again))


_NONE = frozenset[str]()
# Of each record of a thing, in the order in which they come: None for one that counts as a whole, or the properties
# of which alone it tells. By the identifier of the thing.
_Shares = Mapping[str, Iterator[frozenset[str] | None]]


def _shares(items: Iterable[Item]) -> _Shares:
    """What each record of a thing tells: the newest all, others of what newer and fuller ones are silent on."""
    forms: dict[str, list[tuple[str, frozenset[str]]]] = {}
    for item in items:
        if isinstance(item, Entry) and item.is_whole:
            forms.setdefault(item.key.identifier, []).append((item.updated, frozenset(item.silent_on)))
    return {identifier: iter(_shared(told)) for identifier, told in forms.items()}


def _shared(forms: Sequence[tuple[str, frozenset[str]]]) -> list[frozenset[str] | None]:
    fullest = sorted(range(len(forms)), key=lambda at: len(forms[at][1]))
    shares: list[frozenset[str] | None] = [None] * len(forms)
    untold: frozenset[str] | None = None
    for at in sorted(fullest, key=lambda at: forms[at][0], reverse=True):
        shares[at] = untold
        untold = forms[at][1] if untold is None else untold & forms[at][1]
    return shares


def _first_of_each(items: Iterable[Item], shares: _Shares) -> Iterator[Item]:
    """The items without repeated records of a thing, and without what came along with these, which comes before each.

    Of each thing the first record counts, or where there are `shares` each tells its own.
    """
    told, again, passed = set[str](), "", 0
    brought: list[Entry] = []
    for item in items:
        if isinstance(item, Entry) and not item.is_whole and (shares or item.is_in_passing):
            brought.append(item)
            continue
        if isinstance(item, Entry):
            identifier = item.key.identifier
            share = next(shares[identifier]) if shares else _NONE if identifier in told else None
            told.add(identifier)
            if share is not None:
                item = replace(item, statements=tuple(one for one in item.statements if _is_of(one, share)))
                brought = [one for one in brought if _goes_with(one, item, share)]
            again = "" if item.statements or brought else identifier
            if again:
                passed += 1
                yield Skipped("a record that comes again" + f": {item.place}" * (passed <= _NAMED))
                continue
        yield from brought
        brought = []
        if not (isinstance(item, Gone) and again == item.keys[0].identifier):
            yield item
    yield from brought


def _goes_with(one: Entry, record: Entry, share: frozenset[str]) -> bool:
    """Whether what a record brings along is named by what is left of it, or tells some of its share."""
    is_named = any(told.object == one.key for told in record.statements)
    return is_named or any(told.object == record.key and _is_of(told, share) for told in one.statements)


def _is_of(told: Statement, properties: frozenset[str]) -> bool:
    """Whether it tells one of the properties, some of them of things of one kind alone, in a role or in none."""
    kind, role = told.object.kind if told.object else None, told.qualifiers.get("role", "")
    return told.property in properties or bool(
        kind and not properties.isdisjoint({silence(told.property, kind), silence(told.property, kind, role)})
    )


def _once(items: Iterable[Item], prefix: str) -> Iterator[Item]:
    """The items without repeated records of a thing, of which the first counts, and without what came along with these.

    Otherwise some of each would stand of two that differ, as if one record had said it.
    """
    told, passed = Ids(), 0
    # The identifier of the record that is being read if it comes again, and whether it is one that is left out.
    again, is_left_out = "", False
    # What the record that is being read tells of; what else something may have been stands beside it.
    of: Key | None = None
    for item in items:
        key = item.key if isinstance(item, Entry) else item.keys[0] if isinstance(item, Gone) else None
        if key and _begins_record(item, key, of):
            digits = key.identifier.removeprefix(prefix)
            number = int(digits) if len(digits) < 10 else _HIGHEST
            again = key.identifier if number in told else ""
            of, is_left_out = (key, bool(again)) if isinstance(item, Entry) else (None, False)
            if isinstance(item, Entry) and again:
                passed += 1
                yield Skipped("a record that comes again" + f": {item.place}" * (passed <= _NAMED))
            elif number < _HIGHEST:
                told.update((number,))
        if isinstance(item, Entry) and item.is_in_passing:
            is_passed_over = is_left_out
        else:
            of_whom = item.identifier if isinstance(item, Called) else key.identifier if key else None
            is_passed_over = of_whom == again
        if not is_passed_over:
            yield item


def _begins_record(item: Item, key: Key, of: Key | None) -> bool:
    """Whether a new record begins with this, and it is no part of the one before, nor anything that this brings."""
    if isinstance(item, Entry):
        return not key.part and not item.is_of_held and not item.is_in_passing
    # That it is gone as something else stands beside the record of what it is.
    is_beside = isinstance(item, Gone) and of is not None and of.identifier == key.identifier and of not in item.keys
    return not key.part and not is_beside


def _pass(batch: Batch, item: Unreadable | Skipped | Published) -> None:
    if isinstance(item, Unreadable):
        batch.unreadable.append(item)
    elif isinstance(item, Skipped):
        batch.skipped[item.what] += 1
    else:
        batch.published = max(batch.published or item.date, item.date)


class _Preparer:
    """Collects the entries of a batch, and where each entity stands in it."""

    def __init__(self) -> None:
        self.places: dict[Key, int] = {}
        self.entries: list[Prepared] = []

    def add(self, entry: Entry) -> None:
        """Prepare an entry; what of it cannot be stored is left out."""
        place, left_out, wrong = self._place, list(entry.left_out), set[str]()
        key, entity, ready = place(entry.key), entry.key.entity, list[Ready]()
        for told in entry.statements:
            try:
                fact, value, qualifiers = _said(entry.key, entity, told)
            except ValueError:
                left_out.append(f"{told.property} that cannot be kept as it is")
                wrong.add(told.property)
                continue
            ready.append(
                (fact, key, told.property, value, told.object and place(told.object),
                 told.character and place(told.character), qualifiers, told.modality, told.rank,
                 told.place or entry.place, told.references)
            )  # fmt: skip
        within = None if entry.within is None else place(entry.within)
        # Of what cannot be kept nothing is told, so that nothing ends for that, unless there is more of the kind.
        silent_on = (*entry.silent_on, *(wrong - {one[PROPERTY] for one in ready}))
        self.entries.append(
            Prepared(key, within, entry.is_whole, silent_on, left_out, ready, entry.is_of_held, entry.place)
        )

    def _place(self, key: Key) -> int:
        return self.places.setdefault(key, len(self.places))


# The same genres, years and occupations come over and over.
@lru_cache(maxsize=8192)
def _value(name: str, told: str) -> str | None:
    """A value as it is kept, a line in NFC; None where the property has no values. Raises ValueError for a bad one."""
    if not (value_type := PROPERTIES[name].value_type):
        return None
    value = canonical(value_type, unicodedata.normalize("NFC", " ".join(told.split())))
    value.encode()
    return value
