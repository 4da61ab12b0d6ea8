"""Writes the rows of a handful of entities at a time: first what others need to refer to them, then their records.

What is gathered for that, and what is written, is read and written here; what is made of it in between is `making`.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, delete, func, select
from sqlmodel import SQLModel, col

from app.projection import index
from app.projection.gather import Claimed, Gathering, Sources
from app.projection.ids import Ids
from app.projection.making import OF_SUBJECT, Entries, ForEntries, ForRecords, Records, Tables
from app.tables.records import RECORD_TABLES, Entry, Link, Stated
from app.tables.rows import given, insert_rows, table_of

# What of a link the records at its ends show; the first three are its ends.
_SHOWN = ("subject_id", "object_id", "character_id", "property", "role", "modality")
# How many links to a handful of entities may be held at a time; the busiest people of a million films have more.
_MOST_LINKS = 20_000


class Writer:
    """What one projection writes.

    `new` are the entities that had no entry: they have no rows of any kind, and nobody shows them whose links are not
    written as well. `seen_otherwise` are those that others may show otherwise now, `linked` whose links changed.
    """

    def __init__(self, connection: Connection, sources: Sources) -> None:
        self._connection, self._sources = connection, sources
        self._index = index.Index(connection)
        self.new, self.seen_otherwise, self.linked = Ids(), Ids(), Ids()

    def for_entries(self, ids: Sequence[int]) -> ForEntries:
        """What the entries of these entities are made of: what is said of them."""
        gathered = Gathering(self._connection, ids, self._sources)
        claimed = gathered.claimed()
        family = gathered.family
        # Of nearly all entities a claim speaks as its subject; others may be spoken of otherwise.
        others = set(family.values()) - {family[row[0]] for row in claimed.rows if row[1] != family[row[0]]}
        spoken_of = Gathering(self._connection, sorted(others), self._sources).standings() if others else ()
        return ForEntries(ids, claimed, list(spoken_of))

    def write_entries(self, made: Entries) -> None:
        """Write how others refer to these entities, what they link to, and their dates."""
        before, links_before = self._take_out(made.ids)
        self._insert(made.tables)
        after = {}
        if "entry" in made.tables:
            of = {name: at for at, name in enumerate(made.tables["entry"].columns)}
            after = {row[of["id"]]: (row[of["label"]], row[of["earliest"]]) for row in made.tables["entry"].values}
        self.new.update(one for one in made.ids if one not in before)
        self.seen_otherwise.update(one for one, seen in before.items() if seen != after.get(one))
        links = set(links_before)
        if "link" in made.tables:
            at = [made.tables["link"].columns.index(name) for name in _SHOWN]
            links ^= {tuple([row[one] for one in at]) for row in made.tables["link"].values}
        self.linked.update({one for link in links for one in link[:3] if one})

    def pieces(self, ids: Sequence[int]) -> Iterator[Sequence[int]]:
        """These entities, fewer at a time where very many links point to them."""
        counts: dict[int, int] = {}
        for role in (col(Link.object_id), col(Link.character_id)):
            these = role.in_(given(self._connection, "weighed", ids))
            for one, count in self._connection.execute(select(role, func.count()).where(these).group_by(role)):
                counts[one or 0] = counts.get(one or 0, 0) + count
        piece: list[int] = []
        links = 0
        for one in ids:
            links += counts.get(one, 0)
            if piece and links > _MOST_LINKS:
                yield piece
                piece, links = [], counts.get(one, 0)
            piece.append(one)
        if piece:
            yield piece

    def for_records(self, ids: Sequence[int]) -> ForRecords:
        """What the records of these entities are made of, once the entries of all are written."""
        gathered = Gathering(self._connection, ids, self._sources)
        claimed, links = gathered.claimed(), gathered.inverse_links()
        return ForRecords(
            ids, self._connection.dialect.name, claimed, gathered.standings(), links, gathered.spoken(),
            self._entries(claimed, links),
        )  # fmt: skip

    def write_records(self, made: Records) -> None:
        """Write the rows, documents and search entries of these entities."""
        held = [one for one in made.ids if one not in self.new]
        if held:
            before = given(self._connection, "written_before", held)
            for table in RECORD_TABLES.values():
                self._connection.execute(delete(table).where(col(table.id).in_(before)))
            self._connection.execute(delete(Stated).where(col(Stated.subject_id).in_(before)))
        self._insert(made.tables)
        self._index.write(held, made)

    def finish(self) -> None:
        """Write what is left to write when all records are there."""
        self._index.finish()

    def neighbours(self, ids: Sequence[int]) -> set[int]:
        """Whoever shows one of these entities, or is shown by it."""
        return Gathering(self._connection, ids, self._sources).neighbours()

    def _insert(self, tables: Tables) -> None:
        for name, (columns, values) in tables.items():
            insert_rows(self._connection, SQLModel.metadata.tables[name], columns, values)

    def _take_out(self, ids: Sequence[int]) -> tuple[dict[int, tuple[str, date | None]], set[tuple[Any, ...]]]:
        """Take out what is held of these entities: the label and the day of each that had an entry, and their links."""
        these = given(self._connection, "taken_out", ids)
        entry = select(col(Entry.id), col(Entry.label), col(Entry.earliest)).where(col(Entry.id).in_(these))
        before = {one: (label, earliest) for one, label, earliest in self._connection.execute(entry).all()}
        if not before:
            return before, set()
        shown = select(*(table_of(Link).c[name] for name in _SHOWN)).where(col(Link.subject_id).in_(these))
        links = {tuple(row) for row in self._connection.execute(shown).all()}
        self._connection.execute(delete(Entry).where(col(Entry.id).in_(these)))
        for table in OF_SUBJECT:
            self._connection.execute(delete(table).where(col(table.subject_id).in_(these)))
        return before, links

    def _entries(self, claimed: Claimed, links: Sequence[tuple[Any, ...]]) -> list[Any]:
        """How to refer to everything that these claims and links point to."""
        wanted = claimed.named()
        for _, subject_id, _, object_id, _, character_id, _ in links:
            wanted.update((subject_id, object_id, character_id))
        wanted.discard(None)
        these = given(self._connection, "referred_to", wanted)
        columns = col(Entry.id), col(Entry.kind), col(Entry.slug), col(Entry.label)
        return list(map(tuple, self._connection.execute(select(*columns).where(col(Entry.id).in_(these))).all()))
