"""Facets: how many records of a list have each value of a field.

There are three ways to tell (`facet_of`):

- the things that records are linked with are counted along the index of links (`_of_entities`);
- of a text that has few values, among most records, the set of each value is held against the list (`_of_sets`);
- all other texts are counted along the index of their values (`_of_texts`).

Along an index all rows are passed, and those of the list picked out of them; the rows of a list of few records
(`_most_sought`) are sought instead (`_held_by`).
"""

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from heapq import nlargest, nsmallest
from itertools import chain, islice
from typing import Any
from urllib.parse import quote_plus

from sqlalchemy import ColumnElement, Connection, func, select
from sqlmodel import col

from app.passages import fold
from app.queries.memory import Memory
from app.queries.records import conditions_of
from app.queries.records.fields import Field
from app.queries.records.filters import Filter, either, ends_of, ids_of, link_column, of_kinds
from app.queries.records.listing import ListQuery, ids_of_list, set_key
from app.queries.records.sets import (
    Ids,
    among,
    both,
    columns_selected,
    greatest,
    how_many,
    ids_in,
    is_of_field,
    least,
    marks_of,
    set_of,
    unindexed,
    with_each_value,
)
from app.tables.records import Entry, Link, record_column
from app.tables.rows import batches_of
from app.vocabulary import PROPERTIES, Kind

FACET_LIMIT = 25
_LONGEST = 500
_MOST_VALUES = 100
# Of so many things that are linked with as many records each the first by name are looked for among all names.
_VERY_MANY = 5000
# So many names are read at once.
_BATCH = 1000
# To seek the links of one record takes about as long as to look at so many; and to seek what it says, as to look at
# what so many records say.
_SEEKS, _SEEKS_OF_TEXT = 20, 100


@dataclass(frozen=True)
class FacetValue:
    """One value of a field: as a filter takes it, as people read it, and how many records of the list have it."""

    value: str
    label: str
    count: int


@dataclass(frozen=True)
class Facet:
    """The values of a field, the most frequent first, and how many there are in all."""

    count: int
    values: tuple[FacetValue, ...]

    @cached_property
    def parts(self) -> list[str]:
        """It as JSON, cut where the URL of each value begins, which ends in the value."""
        parts, before = [], f'{{"count":{self.count},"results":['
        for one in self.values:
            value, label = (json.dumps(text, ensure_ascii=False) for text in (one.value, one.label))
            parts.append(f'{before}{{"value":{value},"label":{label},"count":{one.count},"url":"')
            before = f'{quote_plus(one.value)}"}},'
        return [*parts, f"{before.removesuffix(',')}]}}"]


FACETS: Memory[Facet] = Memory(2_000_000, lambda facet: 3 * sum(map(len, facet.parts)))


def facet_of(connection: Connection, kind: Kind, query: ListQuery, field: Field) -> Facet:
    """The values that records have which all filters keep but those that ask for a value of this very field.

    So each count is that of the list with this filter changed to that value, and others of the field can be chosen.
    """
    asked = _without(query, field)

    def count() -> Facet:
        kept = ids_of_list(connection, kind, asked)
        if field.type in ("relation", "inverse"):
            return _of_entities(connection, kind, field, asked, kept)
        most_sought = _most_sought(connection, kind, field)
        are_most = kept is None or how_many(kept) > most_sought > 0
        if are_most and (values := _values(connection, kind, field)) is not None:
            return _of_sets(connection, kind, field, kept, values)
        return _of_texts(connection, kind, field, asked, kept, most_sought)

    return FACETS.of(connection, facet_key(kind, query, field), count)


def facet_key(kind: Kind, query: ListQuery, field: Field) -> str:
    """What a facet depends on, as a text."""
    return f"{set_key(kind, _without(query, field))} {field.name}"


def _without(query: ListQuery, field: Field) -> ListQuery:
    others = (one for one in query.filters if not (one.field == field and one.operator in ("is", "in")))
    return replace(query, filters=tuple(others))


def _most_sought(connection: Connection, kind: Kind, field: Field) -> int:
    """Of how many records at most the values are sought: to pass all rows takes less than to seek those of more.

    What a column has is in the rows of the records, which are large: it is not sought.
    """
    if field.type in ("relation", "inverse"):
        return greatest(connection, link_column("id")) // _SEEKS
    return greatest(connection, record_column(kind, "id")) // _SEEKS_OF_TEXT if field.type == "texts" else 0


def _held_by(
    connection: Connection, kind: Kind, query: ListQuery, kept: Ids | None, holder: ColumnElement[int], most_sought: int
) -> tuple[list[ColumnElement[bool]], bool]:
    """(that the holder of a value is a record of the list, whether all rows are passed for it)."""
    if kept is None:
        return [], True
    if isinstance(kept, frozenset):
        return [holder.in_(kept)], False
    if connection.dialect.name != "sqlite":
        return [holder.in_(select(record_column(kind, "id")).where(*conditions_of(connection, kind, query)))], False
    # It has these ids sooner than it has found them again.
    if how_many(kept) > most_sought:
        return [func.substr(marks_of(kept), holder + 1, 1) == b"\1"], True
    return [holder.in_(select(func.json_each(json.dumps(list(ids_in(kept)))).table_valued("value").c.value))], False


def _values(connection: Connection, kind: Kind, field: Field) -> list[str] | None:
    """All values of a text, each found behind the one before; None for more than can be counted one by one."""
    value = link_column("value") if field.type == "texts" else record_column(kind, field.column)
    conditions = [col(Link.property).in_(field.properties)] if field.type == "texts" else []
    found: list[str] = []
    while len(found) <= _MOST_VALUES:
        beyond = value > found[-1] if found else value.is_not(None)
        least = connection.execute(select(func.min(value)).where(*conditions, beyond)).scalar()
        if least is None:
            return found
        found.append(least)
    return None


def _of_sets(connection: Connection, kind: Kind, field: Field, kept: Ids | None, values: Sequence[str]) -> Facet:
    """The same as `_of_texts`, of few values among many records."""
    asked = [one for one in values if 0 < len(one) <= _LONGEST]
    counted = {one: told for one, told in _counted(connection, kind, field, kept, asked) if told[0]}
    shown = sorted(counted, key=lambda one: (-counted[one][0], one))[:FACET_LIMIT]
    return Facet(len(counted), _told(connection, kind, field, [(one, *counted[one]) for one in shown]))


def _counted(
    connection: Connection, kind: Kind, field: Field, kept: Ids | None, values: Sequence[str]
) -> Iterator[tuple[str, tuple[int, int]]]:
    """(a value, (how many of these records have it, the first of them)), of each."""
    filters = {one: [Filter(field, "is", (one,))] for one in values}
    every = {one: ids_of(kind, told, certain=False) for one, told in filters.items()}
    if kept is None and all(is_of_kind for _, is_of_kind in every.values()):
        for value, (ids, _) in every.items():
            one = select(ids.subquery().c[0].label("id")).distinct().subquery().c.id
            count, first = connection.execute(select(func.count(one), func.min(one))).one()
            yield value, (count, first or 0)
        return
    for value, having in with_each_value(connection, kind, field, values):
        among = having if kept is None else both(kept, having)
        yield value, (how_many(among), least(among) if among else 0)


def _of_entities(connection: Connection, kind: Kind, field: Field, query: ListQuery, kept: Ids | None) -> Facet:
    """What most records are linked with; only of that is looked up what it is called."""
    pairs = []
    for here, there in ends_of(kind, field):
        held, is_passed = _held_by(connection, kind, query, kept, here, _most_sought(connection, kind, field))
        linked = [is_of_field(connection, field, is_all=is_passed), there.is_not(None), here.is_not(None), *held]
        linked += [*of_kinds(field, here, (kind,)), *of_kinds(field, there, field.kinds)]
        pairs.append(select(here.label("here"), there.label("there")).where(*linked))
    pair = either(pairs).subquery().c
    counted = select(pair.there, func.count(pair.here.distinct()).label("records")).group_by(pair.there)
    ids, numbers = (list(chain.from_iterable(parts)) for parts in columns_selected(connection, counted))
    fewest = min(nlargest(FACET_LIMIT, numbers), default=0)
    most = {one: number for one, number in zip(ids, numbers, strict=True) if number > fewest}
    alike = [one for one, number in zip(ids, numbers, strict=True) if number == fewest]
    shown = most | dict.fromkeys(_first_by_name(connection, field, alike, FACET_LIMIT - len(most)), fewest)
    rows = connection.execute(select(Entry).where(col(Entry.id).in_(shown))).all()
    is_plain = len(field.kinds) == 1
    values = [
        FacetValue(one.slug if is_plain else f"{one.kind}/{one.slug}", one.label, shown[one.id])
        for one in sorted(rows, key=lambda one: (-shown[one.id], one.slug, one.kind))
    ]
    return Facet(len(ids), tuple(values))


def _first_by_name(connection: Connection, field: Field, alike: Sequence[int], wanted: int) -> list[int]:
    """So many of those that are alike, the first by name.

    Of very many the names that there are are followed, of which the first have enough of them; or else theirs are
    looked up.
    """
    if len(alike) > _VERY_MANY and len(field.kinds) == 1:
        names = select(col(Entry.id)).where(col(Entry.kind) == field.kinds[0]).order_by(col(Entry.slug))
        with connection.execute(names.execution_options(yield_per=_BATCH)) as found:
            return list(islice(among(found.scalars().partitions(), set_of(max(alike), [alike])), wanted))
    first: list[Any] = []
    for batch in batches_of(alike, _BATCH):
        named = select(col(Entry.slug), col(Entry.kind), col(Entry.id)).where(col(Entry.id).in_(batch))
        first = nsmallest(wanted, [*first, *map(tuple, connection.execute(named))])
    return [one for _, _, one in first]


def _of_texts(
    connection: Connection, kind: Kind, field: Field, query: ListQuery, kept: Ids | None, most_sought: int
) -> Facet:
    """What most records say: all that they say is passed along its index, or sought where they are few."""
    value, holder = link_column("value"), link_column("subject_id")
    if field.type != "texts":
        value, holder = record_column(kind, field.column), record_column(kind, "id")
    held, is_passed = _held_by(connection, kind, query, kept, holder, most_sought)
    if field.type == "texts":
        name = link_column("property")
        held.append((name if is_passed else unindexed(connection, name)).in_(field.properties))
        held += of_kinds(field, holder, (kind,)) if kept is None else []
    records = func.count(holder.distinct())
    found = connection.execute(
        select(value, records, func.min(holder), func.count().over())
        # What no filter can ask for: nothing but quotes and dashes, or more than a parameter holds.
        .where(func.length(value).between(1, _LONGEST), *held)
        .group_by(value)
        .order_by(records.desc(), value)
        .limit(FACET_LIMIT)
    ).all()
    told = _told(connection, kind, field, [(text, count, first) for text, count, first, _ in found])
    return Facet(found[0][3] if found else 0, told)


def _told(
    connection: Connection, kind: Kind, field: Field, shown: Sequence[tuple[str, int, int]]
) -> tuple[FacetValue, ...]:
    """Of (a folded value, how many records have it, the first of them), as that record shows it."""
    written = _as_written(connection, kind, field, {first for _, _, first in shown})
    return tuple(FacetValue(one, written.get((first, one), one), count) for one, count, first in shown)


def _as_written(connection: Connection, kind: Kind, field: Field, ids: Collection[int]) -> dict[tuple[int, str], str]:
    """For (a record, a folded value of its), the value as the record shows it."""
    key = PROPERTIES[field.properties[0]].field_of(kind) if field.properties else field.column
    identity, document = record_column(kind, "id"), record_column(kind, "document")
    rows = connection.execute(select(identity.label("id"), document.label("document")).where(identity.in_(ids)))
    shown = {row.id: json.loads(row.document)[key] for row in rows}
    return {
        (entity_id, fold(one)): one
        for entity_id, told in shown.items()
        for one in (told if isinstance(told, list) else [told])
    }
