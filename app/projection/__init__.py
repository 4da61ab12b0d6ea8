"""Folds current claims into records: the only writer of the record tables.

`project` brings the records of some entities up to date, `rebuild` makes all of them anew; both write the same bytes.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, get_origin

from sqlalchemy import Connection, delete, insert, select, text
from sqlmodel import SQLModel, col

from app.documents.records import DOCUMENTS, keys_of
from app.fulltext import place_of
from app.projection import compose, gather, index
from app.projection.dates import dated_of
from app.projection.facts import facts_of
from app.projection.ids import Ids
from app.projection.moves import moved_facts
from app.tables.evidence import Entity
from app.tables.identity import members, stands_for
from app.tables.records import RECORD_TABLES, Dated, Dispute, Entry, Indexed, Link, MovedFact, Slip, Spelling
from app.vocabulary import PLURALS, PROPERTIES, Kind

_BATCH = 500
_ENTITY_ID: Any = col(Entity.id)
# Called with how much is done, of how much as far as is known.
Step = Callable[[int, int], None]
# Every table that is written here, besides the full-text index.
WRITTEN: tuple[type[SQLModel], ...] = (
    Dated, Link, Dispute, Slip, Entry, Indexed, Spelling, MovedFact, *RECORD_TABLES.values(),
)  # fmt: skip


def _no_step(_done: int, _of: int) -> None:
    """Nobody waits to be told."""


def project(connection: Connection, entity_ids: Iterable[int]) -> set[int]:
    """Bring the records of these entities up to date, and those of their neighbours that show what changed of them.

    `connection` is in a write transaction, which the caller commits. Returns the ids of all whose records were written.
    """
    return set(project_many(connection, entity_ids))


def project_many(connection: Connection, entity_ids: Iterable[int], step: Step = _no_step) -> Ids:
    """The same for as many entities as there are, in memory that does not grow with them; `step` tells how far it is.

    Names and links come first, since documents show those of others.
    """
    touched = Ids(entity_ids)
    for ids in Ids(touched).batches(_BATCH):
        touched.update(stands_for(connection, ids).values())
    _write_moved_facts(connection, touched)
    seen_otherwise, written, done, count = Ids(), Ids(touched), 0, len(touched)
    for ids in touched.batches(_BATCH):
        links_before = _links_from(connection, ids)
        seen_otherwise.update(_write_entries_links_and_dates(connection, ids))
        for link in links_before ^ _links_from(connection, ids):
            written.update(one for one in link[:3] if one)
        done += len(ids)
        step(done, 2 * count)
    for ids in seen_otherwise.batches(_BATCH):
        written.update(gather.neighbours(connection, ids))
    count += len(written)
    for ids in written.batches(_BATCH):
        _write_records(connection, ids)
        done += len(ids)
        step(done, count)
    return written


def rebuild(connection: Connection) -> int:
    """Make every record anew from the evidence. Returns how many entities were looked at."""
    for table in WRITTEN:
        connection.execute(delete(table))
    connection.execute(text("DELETE FROM search"))
    ids = Ids(connection.execute(select(_ENTITY_ID).where(col(Entity.merged_into_id).is_(None))).scalars())
    project_many(connection, ids)
    return len(ids)


def fields_fed(kind: Kind) -> dict[str, list[str]]:
    """For each key of a record of `kind`, the properties that feed it, whether it is their subject or their object."""
    fed: dict[str, list[str]] = {}
    for prop in PROPERTIES.values():
        if kind in prop.domain:
            fed.setdefault(prop.field_of(kind), []).append(prop.name)
        for (_, object_kind), key in prop.inverse.items():
            if object_kind == kind and prop.name not in fed.setdefault(key, []):
                fed[key].append(prop.name)
    if kind == "character":
        fed["portrayed_by"] = ["cast"]
    return fed


def _write_moved_facts(connection: Connection, touched: Ids) -> None:
    """Write which other facts the claims about these entities stated, and when, by whatever name they call them."""
    named = Ids(touched)
    for ids in touched.batches(_BATCH):
        named.update(members(connection, ids))
    for ids in named.batches(_BATCH):
        _replace(connection, MovedFact, col(MovedFact.subject_id).in_(ids), moved_facts(connection, ids))


def _write_entries_links_and_dates(connection: Connection, ids: Sequence[int]) -> set[int]:
    """Write how others refer to these entities, what they link to, and their dates.

    Returns those that others now see otherwise.
    """
    kinds = gather.kinds_of(connection, ids)
    statements = gather.statements_about(connection, ids)
    standing = gather.standings(connection, ids)
    before = {
        row.id: (row.label, row.earliest) for row in connection.execute(select(Entry).where(col(Entry.id).in_(ids)))
    }
    entries, links, dates, disputes, slips = [], [], [], [], []
    for entity_id in standing:
        kind, slug = _of_kind(kinds[entity_id])
        facts = facts_of(statements.get(entity_id, ()))
        chosen = compose.choose(kind, facts)
        earliest: date | None = compose.earliest_of(kind, chosen)
        entries.append(
            {"id": entity_id, "kind": kind, "slug": slug, "label": compose.label_of(chosen, slug), "earliest": earliest}
        )
        links += compose.links_of(kind, chosen)
        dates += dated_of(entity_id, kind, slug, facts, chosen)
        disputes += compose.disputes_of(kind, slug, chosen)
        slips += compose.slips_of(kind, slug, chosen)
    _replace(connection, Entry, col(Entry.id).in_(ids), entries)
    _replace(connection, Link, col(Link.subject_id).in_(ids), links)
    _replace(connection, Dated, col(Dated.subject_id).in_(ids), dates)
    _replace(connection, Dispute, col(Dispute.subject_id).in_(ids), disputes)
    _replace(connection, Slip, col(Slip.subject_id).in_(ids), slips)
    after = {entry["id"]: (entry["label"], entry["earliest"]) for entry in entries}
    return {one for one in ids if before.get(one) != after.get(one)}


def _links_from(connection: Connection, ids: Sequence[int]) -> set[tuple[Any, ...]]:
    """The links of these entities, whoever they lead to first: the records at the other end show them too."""
    columns = (Link.subject_id, Link.object_id, Link.character_id, Link.property, Link.role, Link.modality)
    query = select(*(col(column) for column in columns)).where(col(Link.subject_id).in_(ids))
    return {tuple(row) for row in connection.execute(query)}


def _write_records(connection: Connection, ids: Sequence[int]) -> None:
    """Write the rows, documents and search entries of these entities."""
    kinds = gather.kinds_of(connection, ids)
    statements = gather.statements_about(connection, ids)
    standing = gather.standings(connection, ids)
    inverse = gather.inverse_links(connection, ids)
    spoken = gather.spoken_of(connection, ids)
    refs = _refs(connection, statements, inverse)
    rows: dict[Kind, list[dict[str, Any]]] = {kind: [] for kind in RECORD_TABLES}
    found: list[index.Found] = []
    for entity_id, stands in standing.items():
        kind, slug = _of_kind(kinds[entity_id])
        chosen = compose.choose(kind, facts_of(statements.get(entity_id, ())))
        values = compose.values_of(kind, slug, chosen, inverse.get(entity_id, ()), refs)
        planned = {*chosen.planned, *_planned_elsewhere(kind, inverse.get(entity_id, ()), values, refs)}
        row = _row(kind, slug, chosen, values, planned, stands)
        rows[kind].append({"id": entity_id, "slug": slug, **row})
        links = compose.link_count(chosen) + len(inverse.get(entity_id, ()))
        names, is_named = (values["label"], *values["alternate_names"]), "name" in chosen.facts
        place = place_of(entity_id, stands.source_count, links)
        found.append(
            index.Found(entity_id, kind, place, names, is_named, compose.texts_of(chosen), spoken.get(entity_id))
        )
    for kind, table in RECORD_TABLES.items():
        _replace(connection, table, table.id.in_(ids), rows[kind])  # type: ignore[attr-defined]  # a column of the class
    index.write(connection, ids, found)


def _row(
    kind: Kind, slug: str, chosen: compose.Shown, values: Mapping[str, Any], planned: set[str], stands: gather.Standing
) -> dict[str, Any]:
    """A record's row without its id: typed columns and the document."""
    url = f"/{PLURALS[kind]}/{slug}"
    # The column is what the document shows, so that the one can be compared with the other.
    touched = stands.updated_at.replace(microsecond=stands.updated_at.microsecond // 1000 * 1000)
    at = touched.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    state = {
        "kind": kind, "slug": slug, "url": url, "planned": sorted(planned),
        "disputed": compose.keys_of(kind, chosen.disputes), "slipped": compose.keys_of(kind, chosen.slips),
        "source_count": stands.source_count, "updated_at": at, "facts_url": f"{url}/facts",
    }  # fmt: skip
    document = compose.document_of(url, _EMPTY[kind], {**values, **state}, _FED_BY[kind])
    columns = [name for name in RECORD_TABLES[kind].model_fields if name not in ("id", "slug", "document")]
    row = compose.columns_of(columns, chosen, {**values, "source_count": stands.source_count})
    row |= {
        "updated_at": touched,
        "document": json.dumps(document, ensure_ascii=False, separators=(",", ":")),
    }
    return row


def _planned_elsewhere(
    kind: Kind, inverse: Sequence[gather.Inverse], values: Mapping[str, Any], refs: Mapping[int, compose.Ref]
) -> set[str]:
    """The keys of a record that only plans of others feed."""
    modalities: dict[str, set[str]] = {}
    for link in inverse:
        key, _ = compose.inverse_shape(kind, link, refs)
        if key:
            modalities.setdefault(key, set()).add(link.modality)
    return {key for key, found in modalities.items() if found == {"planned"} and values.get(key)}


def _refs(
    connection: Connection, statements: Mapping[int, Sequence[Any]], inverse: Mapping[int, Sequence[gather.Inverse]]
) -> dict[int, compose.Ref]:
    """How to refer to everything that these statements and links point to."""
    wanted = {one for group in statements.values() for s in group for one in (s.object_id, s.character_id) if one}
    wanted |= {
        one
        for group in inverse.values()
        for link in group
        for one in (link.subject_id, link.object_id, link.character_id)
        if one
    }
    found: dict[int, compose.Ref] = {}
    for ids in _batches(wanted):
        for row in connection.execute(select(Entry).where(col(Entry.id).in_(ids))):
            kind, slug = _of_kind((row.kind, row.slug))
            found[row.id] = {"kind": kind, "slug": slug, "label": row.label, "url": f"/{PLURALS[kind]}/{slug}"}
    return found


def _replace(connection: Connection, table: Any, condition: Any, rows: list[dict[str, Any]]) -> None:
    connection.execute(delete(table).where(condition))
    if rows:
        connection.execute(insert(table), rows)


def _batches(ids: Iterable[int]) -> Iterator[list[int]]:
    ordered = sorted(ids)
    for start in range(0, len(ordered), _BATCH):
        yield ordered[start : start + _BATCH]


def _of_kind(row: tuple[str, str]) -> tuple[Kind, str]:
    kind: Any = row[0]
    return kind, row[1]


def _empty(kind: Kind) -> dict[str, Any]:
    """Every key of a record with what stands there when nobody says anything."""
    empties: dict[Any, Callable[[], Any]] = {list: list, dict: dict}
    fields = DOCUMENTS[kind].model_fields
    return {key: empties.get(get_origin(fields[key].annotation), lambda: None)() for key in keys_of(kind)}


_EMPTY = {kind: _empty(kind) for kind in DOCUMENTS}
_FED_BY = {kind: fields_fed(kind) for kind in DOCUMENTS}
