"""Writes the rows of a handful of entities at a time: first what others need to refer to them, then their records."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, Table, delete, select
from sqlmodel import SQLModel, col

from app.fulltext import place_of
from app.projection import compose, index
from app.projection.dates import dated_of
from app.projection.facts import Statement, facts_of
from app.projection.gather import Gathering, Inverse, Sources
from app.projection.ids import Ids
from app.projection.rows import planned_elsewhere, row_of
from app.tables.records import RECORD_TABLES, Dated, Dispute, Entry, Link, Slip, Stated
from app.tables.rows import given, insert_mappings
from app.vocabulary import PLURALS, Kind

_OF_SUBJECT = (Link, Dated, Dispute, Slip, Stated)
# What of a link the records at its ends show.
_SHOWN = ("subject_id", "object_id", "character_id", "property", "role", "modality")
_Rows = list[dict[str, Any]]


class Writer:
    """What one projection writes.

    `new` are the entities that had no entry: they have no rows of any kind, and nobody shows them whose links are not
    written as well. `seen_otherwise` are those that others may show otherwise now, `linked` whose links changed.
    """

    def __init__(self, connection: Connection, sources: Sources) -> None:
        self._connection, self._sources = connection, sources
        self._index = index.Index(connection)
        self.new, self.seen_otherwise, self.linked = Ids(), Ids(), Ids()

    def entries(self, ids: Sequence[int]) -> None:
        """Write how others refer to these entities, what they link to, and their dates."""
        before = self._take_out(ids)
        gathered = Gathering(self._connection, ids, self._sources)
        statements = gathered.statements()
        rows: dict[type[SQLModel], _Rows] = {table: [] for table in (Entry, *_OF_SUBJECT)}
        for one in self._standing(gathered, statements):
            kind, slug = gathered.kinds[one]
            facts = facts_of(statements.get(one, ()))
            chosen = compose.choose(kind, facts)
            earliest: date | None = compose.earliest_of(kind, chosen)
            label = compose.label_of(chosen, slug)
            rows[Entry].append({"id": one, "kind": kind, "slug": slug, "label": label, "earliest": earliest})
            rows[Link] += compose.links_of(kind, chosen)
            rows[Dated] += dated_of(one, kind, slug, facts, chosen)
            rows[Dispute] += compose.disputes_of(kind, slug, chosen)
            rows[Slip] += compose.slips_of(kind, slug, chosen)
            rows[Stated] += _stated(one, gathered.stating.get(one, {}))
        for table, told in rows.items():
            insert_mappings(self._connection, _table(table), told)
        after = {row["id"]: (row["label"], row["earliest"]) for row in rows[Entry]}
        self.new.update(one for one in ids if one not in before)
        self.seen_otherwise.update(one for one, seen in before.items() if seen != after.get(one))
        links = {tuple([row[name] for name in _SHOWN]) for row in rows[Link]}
        self.linked.update(one for link in links ^ self._links_before for one in link[:3] if one)

    def records(self, ids: Sequence[int]) -> None:
        """Write the rows, documents and search entries of these entities."""
        held = [one for one in ids if one not in self.new]
        if held:
            before = given(self._connection, "written_before", held)
            for table in RECORD_TABLES.values():
                self._connection.execute(delete(table).where(col(table.id).in_(before)))
        gathered = Gathering(self._connection, ids, self._sources)
        statements, standing = gathered.statements(), gathered.standings()
        inverse, spoken = gathered.inverse_links(), gathered.spoken()
        chosen = {one: compose.choose(gathered.kinds[one][0], facts_of(statements.get(one, ()))) for one in standing}
        refs = self._refs(chosen, inverse)
        rows: dict[Kind, _Rows] = {kind: [] for kind in RECORD_TABLES}
        found: list[index.Found] = []
        for one, stands in standing.items():
            kind, slug = gathered.kinds[one]
            shown, links = chosen[one], inverse.get(one, ())
            values = compose.values_of(kind, slug, shown, links, refs)
            planned = {*shown.planned, *planned_elsewhere(kind, links, values, refs)}
            rows[kind].append({"id": one, "slug": slug, **row_of(kind, slug, shown, values, planned, stands)})
            place = place_of(one, stands.source_count, compose.link_count(shown) + len(links))
            names, is_named = (values["label"], *values["alternate_names"]), "name" in shown.facts
            texts = compose.texts_of(shown)
            found.append(index.Found(one, kind, place, names, is_named, texts, spoken.get(one)))
        for kind, told in rows.items():
            insert_mappings(self._connection, _table(RECORD_TABLES[kind]), told)
        self._index.write(held, found)

    def finish(self) -> None:
        """Write what is left to write when all records are there."""
        self._index.finish()

    def neighbours(self, ids: Sequence[int]) -> set[int]:
        """Whoever shows one of these entities, or is shown by it."""
        return Gathering(self._connection, ids, self._sources).neighbours()

    def _take_out(self, ids: Sequence[int]) -> dict[int, tuple[str, date | None]]:
        """Take out what is held of these entities; the label and the day of those of which something was."""
        these = given(self._connection, "taken_out", ids)
        entry = select(col(Entry.id), col(Entry.label), col(Entry.earliest)).where(col(Entry.id).in_(these))
        before = {one: (label, earliest) for one, label, earliest in self._connection.execute(entry).all()}
        self._links_before: set[tuple[Any, ...]] = set()
        if before:
            links = select(*(_table(Link).c[name] for name in _SHOWN)).where(col(Link.subject_id).in_(these))
            self._links_before = {tuple(row) for row in self._connection.execute(links).all()}
            self._connection.execute(delete(Entry).where(col(Entry.id).in_(these)))
            for table in _OF_SUBJECT:
                self._connection.execute(delete(table).where(col(table.subject_id).in_(these)))
        return before

    def _standing(self, gathered: Gathering, statements: Mapping[int, Sequence[Statement]]) -> list[int]:
        """Those of the entities of which a current claim speaks, be it as subject or otherwise."""
        others = set(gathered.family.values()) - statements.keys()
        if not others:
            return list(statements)
        return [*statements, *Gathering(self._connection, sorted(others), self._sources).standings()]

    def _refs(
        self, chosen: Mapping[int, compose.Shown], inverse: Mapping[int, Sequence[Inverse]]
    ) -> dict[int, compose.Ref]:
        """How to refer to everything that these records and links point to."""
        wanted: set[Any] = set()
        for shown in chosen.values():
            for facts in shown.facts.values():
                for fact in facts:
                    wanted.update((fact.says.object_id, fact.says.character_id))
        for links in inverse.values():
            for link in links:
                wanted.update((link.subject_id, link.object_id, link.character_id))
        wanted.discard(None)
        these = given(self._connection, "referred_to", wanted)
        columns = col(Entry.id), col(Entry.kind), col(Entry.slug), col(Entry.label)
        entry: Any = select(*columns).where(col(Entry.id).in_(these))
        return {
            one: {"kind": kind, "slug": slug, "label": label, "url": f"/{PLURALS[kind]}/{slug}"}
            for one, kind, slug, label in self._connection.execute(entry).all()
        }


def _stated(subject_id: int, stating: Mapping[str, set[int]]) -> Iterator[dict[str, Any]]:
    """How many facts each source states of a subject, by the sources of each fact."""
    facts = Counter(source for sources in stating.values() for source in sources)
    new = Counter(min(sources) for sources in stating.values())
    for source, count in facts.items():
        yield {"subject_id": subject_id, "source_id": source, "facts": count, "new_facts": new[source]}


def _table(model: type[SQLModel]) -> Table:
    return SQLModel.metadata.tables[str(model.__tablename__)]
