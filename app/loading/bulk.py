"""Rows in bulk: entries of a data set become entities, claims and citations, a batch at a time in bounded memory."""

import json
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, Table, func, select
from sqlmodel import SQLModel, col

from app.importing.records import Entry, Key, Statement
from app.loading.holders import IDENTIFIERS
from app.passages import fold
from app.projection.ids import Ids
from app.tables.evidence import Claim, Entity
from app.tables.rows import given, given_names, insert_rows
from app.values import canonical, fingerprint
from app.vocabulary import PROPERTIES

_CACHED = 100_000
_CLAIM_COLUMNS = (
    "id", "source_id", "fingerprint", "subject_id", "property", "value", "object_id", "character_id", "qualifiers",
    "modality", "inference", "rank",
)  # fmt: skip
_CITATION_COLUMNS = ("claim_id", "role", "exact", "prefix", "suffix", "locator")


class _Ready(NamedTuple):
    """A statement in the form in which it is stored, but for the ids of its entities."""

    fingerprint: str
    subject: Key
    told: Statement
    value: str | None
    qualifiers: str
    place: str


class Writer:
    """Writes the entries of one import. `earlier` are the ids of the imports of the same data set before it.

    `touched` are the entities of which something is said now, or is said otherwise. Of what earlier imports said
    `kept` are the claims that are told again, `ended` those that are not, `whole` the entities of which all is told.
    """

    def __init__(self, connection: Connection, source_id: int, earlier: Sequence[int], touched: Ids) -> None:
        self._connection, self._source_id, self._earlier = connection, source_id, list(earlier)
        self._next_claim = (connection.execute(select(func.max(col(Claim.id)))).scalar() or 0) + 1
        self._ids: dict[Key, int] = {}
        self._introduced = Ids()
        self.touched, self.kept, self.whole, self.ended = touched, Ids(), Ids(), Ids()
        self.left_out: Counter[str] = Counter()
        self.added = self.entities = 0

    def write(self, entries: Sequence[Entry]) -> None:
        """Write a batch: what is told already is kept, and what is told otherwise than before is told anew."""
        entries = self._held_only(entries)
        ready = [one for entry in entries for one in self._ready(entry)]
        introduced = {one.subject for one in ready}
        parts = (part for one in ready for part in (one.told.object, one.told.character) if part)
        made = self._find(introduced.union(parts), is_made=True)
        ready += self._identified(ready, made - introduced)
        introduced.update(one for one in made if not one.part)
        self._write(ready, self._may_be_told(introduced - made))
        self._introduced.update(self._ids[key] for key in introduced)
        if self._earlier:
            self._find({entry.key for entry in entries}, is_made=False)
            self.whole.update(self._ids[one.key] for one in entries if one.is_whole and one.key in self._ids)

    def _held_only(self, entries: Sequence[Entry]) -> Sequence[Entry]:
        """Without what is said within something that is not held."""
        needed = {entry.within for entry in entries if entry.within}
        if not needed:
            return entries
        self._find(needed, is_made=False)
        for entry in entries:
            if entry.within and entry.within not in self._ids:
                self.left_out[f"what is said of a {entry.within.kind} that is not held"] += 1
        return [entry for entry in entries if not entry.within or entry.within in self._ids]

    def _ready(self, entry: Entry) -> Iterator[_Ready]:
        self.left_out.update(entry.left_out)
        for told in entry.statements:
            yield from self._prepared(entry.key, told, told.place or entry.place)

    def _identified(self, ready: Iterable[_Ready], made: Collection[Key]) -> list[_Ready]:
        """The identifier of each entity that is made, and only referred to, said where that is first."""
        missing = {key for key in made if not key.part}
        found: list[_Ready] = []
        for one in ready if missing else ():
            for key in (one.told.object, one.told.character):
                if key in missing:
                    missing.discard(key)
                    found += self._prepared(key, Statement("identifier", key.identifier), one.place)
        return found

    def _prepared(self, subject: Key, told: Statement, place: str) -> Iterator[_Ready]:
        """The statement in its stored form; nothing where its value is none."""
        prop = PROPERTIES[told.property]
        try:
            value = None if told.value is None else _value(told.property, told.value)
            others = dict(sorted(told.qualifiers.items())) if told.qualifiers else {}
            character = {"character": told.character.entity} if told.character else {}
            if subject == told.object:
                raise ValueError("it is itself")
            said = value or (told.object.entity if told.object else "")
            fact = fingerprint(subject.entity, prop.name, said, others | character, told.modality)
        except ValueError:
            self.left_out[f"{told.property} that cannot be kept as it is"] += 1
            return
        yield _Ready(fact, subject, told, value, json.dumps(others, ensure_ascii=False) if others else "{}", place)

    def _may_be_told(self, introduced: Collection[Key]) -> list[int]:
        """Those of these entities of which this data set, this import included, may have told something before."""
        ids = [self._ids[key] for key in introduced]
        return ids if self._earlier else [one for one in ids if one in self._introduced]

    def _write(self, ready: Iterable[_Ready], may_be_told: Collection[int]) -> None:
        held = self._held(may_be_told)
        claims, citations, identifiers = [], [], []
        touched: set[int | None] = set()
        ended: set[int] = set()
        for fact, subject, told, value, qualifiers, place in ready:
            before = held.get(fact)
            if before and before[1:] == (qualifiers, told.rank):
                self.kept.update((before[0],) if self._earlier else ())
                continue
            if before:
                ended.add(before[0])
            subject_id = self._ids[subject]
            object_id = self._ids[told.object] if told.object else None
            character_id = self._ids[told.character] if told.character else None
            number = self._next_claim
            claims.append(
                (number, self._source_id, fact, subject_id, told.property, value, object_id, character_id, qualifiers,
                 told.modality, "none", told.rank)
            )  # fmt: skip
            citations.append((number, "quote", "", "", "", place))
            held[fact] = (number, qualifiers, told.rank)
            touched.update((subject_id, object_id, character_id))
            if told.property == "identifier" and told.rank != "deprecated":
                identifiers.append((subject_id, subject.kind, value, fold(value or "")))
            self._next_claim += 1
        insert_rows(self._connection, _table(Claim), _CLAIM_COLUMNS, claims)
        insert_rows(self._connection, SQLModel.metadata.tables["citation"], _CITATION_COLUMNS, citations)
        insert_rows(self._connection, IDENTIFIERS, ("subject_id", "kind", "value", "folded"), identifiers)
        self.added += len(claims)
        self.touched.update(one for one in touched if one)
        self.ended.update(ended)

    def _held(self, subjects: Collection[int]) -> dict[str, tuple[int, str, str]]:
        """By its fingerprint what this data set tells of these entities so far: the claim, its qualifiers and rank."""
        if not subjects:
            return {}
        columns = (col(Claim.fingerprint), col(Claim.id), col(Claim.qualifiers), col(Claim.rank))
        query = select(*columns).where(
            col(Claim.subject_id).in_(given(self._connection, "introduced", subjects)),
            col(Claim.source_id).in_([*self._earlier, self._source_id]), col(Claim.superseded_by_id).is_(None),
        )  # fmt: skip
        rows: Any = self._connection.execute(query)
        return {fact: (one, said, rank) for fact, one, said, rank in rows if one not in self.ended}

    def _find(self, keys: Collection[Key], *, is_made: bool) -> set[Key]:
        """Remember the ids of these entities; those that are not held are made, if asked for. Returns what was made."""
        if len(self._ids) > _CACHED:
            self._ids.clear()
        self._look_up(keys)
        missing = {key for key in keys if key not in self._ids}
        if missing and is_made:
            rows = sorted({(key.kind, key.slug) for key in missing})
            insert_rows(self._connection, _table(Entity), ("kind", "slug"), rows)
            self.entities += len(rows)
            self._look_up(missing)
        return missing if is_made else set()

    def _look_up(self, keys: Collection[Key]) -> None:
        by_kind: dict[str, dict[str, Key]] = {}
        for key in keys:
            if key not in self._ids:
                by_kind.setdefault(key.kind, {})[key.slug] = key
        for kind, by_slug in by_kind.items():
            slugs = given_names(self._connection, "looked_up", sorted(by_slug))
            query = select(col(Entity.id), col(Entity.slug)).where(
                col(Entity.kind) == kind, col(Entity.slug).in_(slugs)
            )
            for one, slug in self._connection.execute(query):
                self._ids[by_slug[slug]] = one or 0


# The same genres, years and occupations come over and over.
@lru_cache(maxsize=8192)
def _value(name: str, told: str) -> str | None:
    """A value as it is kept, a line in NFC; None where the property has no values. Raises ValueError for a bad one."""
    if not (value_type := PROPERTIES[name].value_type):
        return None
    value = canonical(value_type, unicodedata.normalize("NFC", " ".join(told.split())))
    value.encode()
    return value


def _table(model: type[SQLModel]) -> Table:
    return SQLModel.metadata.tables[str(model.__tablename__)]
