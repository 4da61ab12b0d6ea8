"""Rows in bulk: entries of a data set become entities, claims and citations, a batch at a time in bounded memory.

What is touched, kept and ended is noted in temporary tables, since there may be millions of it.
"""

import json
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Table, column, func, insert, select, table, text
from sqlmodel import SQLModel, col

from app.importing.records import Entry, Key, Statement
from app.loading.rows import batches
from app.tables.evidence import Claim, Entity
from app.values import canonical, fingerprint
from app.vocabulary import PROPERTIES

_CACHED = 200_000
_CLAIM_COLUMNS = (
    "id", "source_id", "fingerprint", "subject_id", "property", "value", "object_id", "character_id", "qualifiers",
    "modality", "inference", "rank",
)  # fmt: skip
_CITATION_COLUMNS = ("claim_id", "role", "exact", "prefix", "suffix", "locator")
# Of the whole import: entities of which something is said now or no longer is, and the identifiers that are new.
_OF_ALL = {
    "import_touched": "id INTEGER PRIMARY KEY",
    "import_identifier": "subject_id INTEGER, kind TEXT, value TEXT",
}
# Of one data set: entities of which all was told, and claims that are told again, or no longer.
_OF_EACH = ("import_whole", "import_kept", "import_ended")


@dataclass(frozen=True, slots=True)
class _Ready:
    """A statement in the form in which it is stored, but for the ids of its entities."""

    fingerprint: str
    subject: Key
    told: Statement
    value: str | None
    qualifiers: str
    place: str


@contextmanager
def taking_notes(connection: Connection) -> Iterator[None]:
    """Have the temporary tables, empty at first, until the import is done; a transaction that fails takes them back."""
    tables = _OF_ALL | dict.fromkeys(_OF_EACH, "id INTEGER PRIMARY KEY")
    for name, columns in tables.items():
        connection.execute(text(f"CREATE TEMPORARY TABLE {name} ({columns})"))
    yield
    for name in tables:
        connection.execute(text(f"DROP TABLE {name}"))


def turn_over(connection: Connection) -> None:
    """Forget what was noted of the data set before."""
    for name in _OF_EACH:
        connection.execute(text(f"DELETE FROM {name}"))


def noted(name: str) -> Any:
    """The ids in one of the temporary tables, for a condition."""
    return select(column("id")).select_from(table(name))


def count_noted(connection: Connection, name: str) -> int:
    """How many ids one of the temporary tables has."""
    return int(connection.execute(select(func.count()).select_from(table(name))).scalar_one())


def note(connection: Connection, name: str, ids: Collection[int]) -> None:
    """Add ids to one of the temporary tables, each once."""
    if ids:
        told = text(f"INSERT INTO {name} (id) VALUES (:id) ON CONFLICT DO NOTHING")
        connection.execute(told, [{"id": one} for one in ids])


def insert_rows(connection: Connection, into: Table, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert tuples the fastest way that the driver has."""
    if not rows:
        return
    statement = insert(into).values({name: None for name in columns})
    if connection.dialect.positional:
        told = str(statement.compile(dialect=connection.dialect, column_keys=list(columns)))
        connection.exec_driver_sql(told, list(rows))
    else:
        connection.execute(insert(into), [dict(zip(columns, row, strict=True)) for row in rows])


class Writer:
    """Writes the entries of one import. `earlier` are the ids of the imports of the same data set before it."""

    def __init__(self, connection: Connection, source_id: int, earlier: Sequence[int]) -> None:
        self._connection, self._source_id, self._earlier = connection, source_id, list(earlier)
        self._next_claim = (connection.execute(select(func.max(col(Claim.id)))).scalar() or 0) + 1
        self._ids: dict[Key, int] = {}
        self.left_out: Counter[str] = Counter()
        self.added = self.entities = 0

    def write(self, entries: Sequence[Entry]) -> None:
        """Write a batch: what is told already is kept, and what is told otherwise than before is told anew."""
        entries = self._held_only(entries)
        ready = [one for entry in entries for one in self._ready(entry)]
        made = self._find({key for one in ready for key in _keys(one)}, is_made=True)
        introduced = {one.subject for one in ready}
        for one in list(ready):
            for key in _keys(one):
                if key in made and key not in introduced and not key.part:
                    introduced.add(key)
                    said = Statement("identifier", key.identifier)
                    ready += self._prepared(key, said, one.place)
        self._write(ready, {self._ids[key] for key in introduced - made})
        if self._earlier:
            self._find({entry.key for entry in entries}, is_made=False)
            whole = {self._ids[entry.key] for entry in entries if entry.is_whole and entry.key in self._ids}
            note(self._connection, "import_whole", whole)

    def _held_only(self, entries: Sequence[Entry]) -> list[Entry]:
        """Without what is said within something that is not held."""
        needed = {entry.within for entry in entries if entry.within}
        self._find(needed, is_made=False)
        for entry in entries:
            if entry.within and entry.within not in self._ids:
                self.left_out[f"what is said of a {entry.within.kind} that is not held"] += 1
        return [entry for entry in entries if not entry.within or entry.within in self._ids]

    def _ready(self, entry: Entry) -> Iterator[_Ready]:
        self.left_out.update(entry.left_out)
        for told in entry.statements:
            yield from self._prepared(entry.key, told, told.place or entry.place)

    def _prepared(self, subject: Key, told: Statement, place: str) -> Iterator[_Ready]:
        """The statement in its stored form; nothing where its value is none."""
        prop = PROPERTIES[told.property]
        try:
            value = None
            if told.value is not None and prop.value_type:
                value = canonical(prop.value_type, _one_line(told.value))
                value.encode()
            others = dict(sorted(told.qualifiers.items()))
            character = {"character": told.character.entity} if told.character else {}
            if subject == told.object:
                raise ValueError("it is itself")
            said = value or (told.object.entity if told.object else "")
            fact = fingerprint(subject.entity, told.property, said, {**others, **character}, told.modality)
        except ValueError:
            self.left_out[f"{told.property} that cannot be kept as it is"] += 1
            return
        yield _Ready(fact, subject, told, value, json.dumps(others, ensure_ascii=False), place)

    def _write(self, ready: Iterable[_Ready], may_be_told: Collection[int]) -> None:
        held = self._held(may_be_told)
        claims, citations, identifiers = [], [], []
        touched: set[int] = set()
        kept: set[int] = set()
        ended: set[int] = set()
        for one in ready:
            subject_id = self._ids[one.subject]
            before = held.get(one.fingerprint)
            if before and before[1:] == (one.qualifiers, one.told.rank):
                kept.add(before[0])
                continue
            if before:
                ended.add(before[0])
            parts = [self._ids[key] if key else None for key in (one.told.object, one.told.character)]
            claims.append(
                (self._next_claim, self._source_id, one.fingerprint, subject_id, one.told.property, one.value, *parts,
                 one.qualifiers, one.told.modality, "none", one.told.rank)
            )  # fmt: skip
            citations.append((self._next_claim, "quote", "", "", "", one.place))
            held[one.fingerprint] = (self._next_claim, one.qualifiers, one.told.rank)
            touched.update(part for part in (subject_id, *parts) if part)
            if one.told.property == "identifier" and one.told.rank != "deprecated":
                identifiers.append({"subject_id": subject_id, "kind": one.subject.kind, "value": one.value})
            self._next_claim += 1
        insert_rows(self._connection, _table(Claim), _CLAIM_COLUMNS, claims)
        insert_rows(self._connection, SQLModel.metadata.tables["citation"], _CITATION_COLUMNS, citations)
        self.added += len(claims)
        note(self._connection, "import_touched", touched)
        note(self._connection, "import_ended", ended)
        if self._earlier:
            note(self._connection, "import_kept", kept)
        if identifiers:
            told = text("INSERT INTO import_identifier (subject_id, kind, value) VALUES (:subject_id, :kind, :value)")
            self._connection.execute(told, identifiers)

    def _held(self, subjects: Collection[int]) -> dict[str, tuple[int, str, str]]:
        """By its fingerprint what this data set tells of these entities so far: the claim, its qualifiers and rank."""
        found: dict[str, tuple[int, str, str]] = {}
        columns = (col(Claim.id), col(Claim.fingerprint), col(Claim.qualifiers), col(Claim.rank))
        for batch in batches(sorted(subjects)):
            query = select(*columns).where(
                col(Claim.subject_id).in_(batch), col(Claim.source_id).in_([*self._earlier, self._source_id]),
                col(Claim.superseded_by_id).is_(None), col(Claim.id).not_in(noted("import_ended")),
            )  # fmt: skip
            found |= {row.fingerprint: (row.id, row.qualifiers, row.rank) for row in self._connection.execute(query)}
        return found

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
            for batch in batches(sorted(by_slug)):
                query = select(col(Entity.id), col(Entity.slug)).where(
                    col(Entity.kind) == kind, col(Entity.slug).in_(batch)
                )
                for row in self._connection.execute(query):
                    self._ids[by_slug[row.slug]] = row.id or 0


def _keys(one: _Ready) -> Iterator[Key]:
    yield one.subject
    yield from (key for key in (one.told.object, one.told.character) if key)


def _one_line(value: str) -> str:
    """As values are kept: a line, in NFC."""
    return unicodedata.normalize("NFC", " ".join(value.split()))


def _table(model: type[SQLModel]) -> Table:
    return SQLModel.metadata.tables[str(model.__tablename__)]
