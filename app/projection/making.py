"""Makes of what was gathered of a handful of entities the rows that are to be written. Pure: any process may do it.

A projection passes over its entities twice (`app.projection.project_many`), each time a handful after the other:

              gathered by the Writer   made here              written by the Writer
    pass 1    for_entries: ForEntries  entries() -> Entries   write_entries: entry, link, dated, dispute, slip
    pass 2    for_records: ForRecords  records() -> Records   write_records: film, person, ..., stated; the index

A record shows how others are called, and who links to it. So pass 2 waits until pass 1 has written all entries and
links, and is about more entities: also those whose links changed (`Writer.linked`), and the neighbours of those that
are called or dated otherwise than before (`Writer.seen_otherwise`).
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from app.fulltext import place_of, words_of
from app.projection import compose
from app.projection.dates import dated_of
from app.projection.facts import facts_of
from app.projection.gather import Claimed, Inverse, Spoken, Standing
from app.projection.rows import row_of
from app.projection.shapes import Ref, values_of
from app.spelling import can_be_corrected
from app.tables.records import RECORD_TABLES, Dated, Dispute, Entry, Link, Slip
from app.tables.rows import table_of
from app.vocabulary import PLURALS, Kind
from app.words import indexed_words, whole

# What is written of a subject besides its entry.
OF_SUBJECT = (Link, Dated, Dispute, Slip)
_TABLES: Mapping[Kind, str] = {kind: table_of(one).name for kind, one in RECORD_TABLES.items()}


class Rows(NamedTuple):
    """Rows of a table: their columns, and the values of these."""

    columns: tuple[str, ...]
    values: list[tuple[Any, ...]]


# By the name of the table.
Tables = dict[str, Rows]


class ForEntries(NamedTuple):
    """What the entries of entities are made of; of `others` somebody speaks, but nobody says anything of them."""

    ids: Sequence[int]
    claimed: Claimed
    others: Sequence[int]


class Entries(NamedTuple):
    """How others refer to these entities, what they link to, and their dates."""

    ids: Sequence[int]
    tables: Tables


class ForRecords(NamedTuple):
    """What the records of entities are made of: `links` that point to them, and `entries` of all that they may show."""

    ids: Sequence[int]
    dialect: str
    claimed: Claimed
    standings: Mapping[int, Standing]
    links: Sequence[tuple[Any, ...]]
    spoken: Mapping[int, Spoken]
    entries: Sequence[tuple[int, Kind, str, str]]


class Records(NamedTuple):
    """The records of these entities: their rows, what they are found by, and the words of their names.

    `found` is of each (id, place, words of the index), `names` its names as JSON.
    """

    ids: Sequence[int]
    tables: Tables
    found: list[tuple[int, int, str]]
    names: list[str]
    words: set[str]


def entries(gathered: ForEntries) -> Entries:
    """The entries of some entities, and what is written of them as subjects."""
    claimed = gathered.claimed
    statements = claimed.statements()
    rows: dict[str, list[dict[str, Any]]] = {table_of(one).name: [] for one in (Entry, *OF_SUBJECT)}
    for one in (*statements, *gathered.others):
        kind, slug = claimed.kinds[one]
        facts = facts_of(statements.get(one, ()))
        chosen = compose.choose(kind, facts)
        earliest = compose.earliest_of(kind, chosen)
        label = compose.label_of(chosen, slug)
        rows["entry"].append({"id": one, "kind": kind, "slug": slug, "label": label, "earliest": earliest})
        rows["link"] += compose.links_of(kind, chosen)
        rows["dated"] += dated_of(one, kind, slug, facts, chosen)
        rows["dispute"] += compose.disputes_of(kind, slug, chosen)
        rows["slip"] += compose.slips_of(kind, slug, chosen)
    return Entries(gathered.ids, _tables(rows))


def records(gathered: ForRecords) -> Records:
    """The records of some entities."""
    claimed = gathered.claimed
    statements, stating = claimed.statements(), claimed.stating()
    refs: dict[int, Ref] = {
        one: {"kind": kind, "slug": slug, "label": label, "url": f"/{PLURALS[kind]}/{slug}"}
        for one, kind, slug, label in gathered.entries
    }
    inverse: dict[int, list[Inverse]] = defaultdict(list)
    for target, *link in gathered.links:
        inverse[target].append(Inverse(*link))
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in (*_TABLES.values(), "stated")}
    made = Records(gathered.ids, {}, [], [], set())
    for one, stands in gathered.standings.items():
        kind, slug = claimed.kinds[one]
        shown, links = compose.choose(kind, facts_of(statements.get(one, ()))), inverse.get(one, ())
        values = values_of(kind, slug, shown, links, refs)
        row = {"id": one, "slug": slug, **row_of(kind, slug, shown, values, stands)}
        rows[_TABLES[kind]].append(row)
        rows["stated"] += _stated(one, stands.sources, stating.get(one, {}))
        names, is_named = [values["label"], *values["alternate_names"]], "name" in shown.facts
        found_by = _found_by(kind, names, compose.texts_of(shown), gathered.spoken.get(one), is_named=is_named)
        place = place_of(one, len(stands.sources), compose.link_count(shown) + len(links))
        made.found.append((one, place, words_of(gathered.dialect, found_by)))
        made.names.append(json.dumps(names))
        made.words.update(words_of_names(names))
    return made._replace(tables=_tables(rows))


def words_of_names(names: Iterable[str]) -> set[str]:
    """The words of names that may be mistyped."""
    return {word for word in _indexed(names) if can_be_corrected(word)}


def _tables(rows: Mapping[str, Sequence[dict[str, Any]]]) -> Tables:
    """The rows of each table, all of which have the keys of the first one, in its order; tables without any are not."""
    return {
        name: Rows(tuple(of_it[0]), [tuple(row.values()) for row in of_it]) for name, of_it in rows.items() if of_it
    }


def _stated(subject_id: int, speaking: Iterable[int], stating: Mapping[str, set[int]]) -> Iterator[dict[str, Any]]:
    """How many facts of a subject each source that speaks of it states, by the sources of each fact."""
    facts, new = dict[int, int](), dict[int, int]()
    for sources in stating.values():
        for source in sources:
            facts[source] = facts.get(source, 0) + 1
        first = min(sources)
        new[first] = new.get(first, 0) + 1
    for one in speaking:
        yield {"subject_id": subject_id, "source_id": one, "facts": facts.get(one, 0), "new_facts": new.get(one, 0)}


def _found_by(
    kind: Kind, names: Sequence[str], texts: Iterable[str], spoken: Spoken | None, *, is_named: bool
) -> dict[str, Collection[str]]:
    """What a record is found by: its names, the first of which is its label, and what is said of it.

    With `is_named` that label is a name; otherwise it describes, and may name others that are better known by it.
    """
    named, quotes = _indexed(names if is_named else names[1:]), _indexed(spoken.of_it if spoken else ())
    described, told = _indexed(() if is_named else names[:1]), _indexed(texts)
    return {
        "kind": (kind,),
        "exact": (whole(names[0]),),
        "also": [whole(name) for name in names[1:]],
        "names": named,
        "described": described,
        "texts": told,
        "quotes": quotes,
        "anywhere": _indexed(spoken.sentences if spoken else ()).union(named, described, told, quotes),
    }


def _indexed(texts: Iterable[str]) -> set[str]:
    return set().union(*map(_indexed_words, texts))


# The same genres, occupations and parts of names come over and over.
@lru_cache(maxsize=8192)
def _indexed_words(told: str) -> frozenset[str]:
    return frozenset(indexed_words(told))
