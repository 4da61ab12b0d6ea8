"""Facets: how many records of a list have each value of a field."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from heapq import nlargest, nsmallest
from itertools import islice
from typing import Any
from urllib.parse import quote_plus

from sqlalchemy import ColumnElement, Connection, Select, func, or_, select
from sqlmodel import col

from app.passages import fold
from app.queries.fields import Field
from app.queries.filters import Filter, ends_of, ids_of, link_column
from app.queries.listing import ListQuery, ids_of_list, set_key
from app.queries.memory import Memory
from app.queries.records import conditions_of
from app.queries.sets import (
    Ids,
    among,
    both,
    columns_selected,
    how_many,
    ids_in,
    is_of_field,
    least,
    marks_of,
    set_of,
    with_value,
)
from app.tables.records import Entry, Link, record_column
from app.vocabulary import PROPERTIES, Kind

FACET_LIMIT = 25
_LONGEST = 500
_MOST_VALUES = 100
# Of so many things that are linked with as many records each the first by name are looked for among all names.
_VERY_MANY = 5000
# So many names are read at once.
_BATCH = 1000
# To seek the links of one record takes about as long as to look at so many.
_SEEKS = 20


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
            return _of_entities(connection, kind, field, *_linked_with(connection, kind, field, asked, kept))
        values = _values(connection, kind, field) if not isinstance(kept, frozenset) else None
        if values is None:
            return _of_texts(connection, kind, field, _conditions(connection, kind, asked, kept))
        return _of_sets(connection, kind, field, kept, values)

    return FACETS.of(connection, facet_key(kind, query, field), count)


def facet_key(kind: Kind, query: ListQuery, field: Field) -> str:
    """What a facet depends on, as a text."""
    return f"{set_key(kind, _without(query, field))} {field.name}"


def _without(query: ListQuery, field: Field) -> ListQuery:
    others = (one for one in query.filters if not (one.field == field and one.operator in ("is", "in")))
    return replace(query, filters=tuple(others))


def _conditions(connection: Connection, kind: Kind, query: ListQuery, kept: Ids | None) -> list[ColumnElement[bool]]:
    return (
        [record_column(kind, "id").in_(kept)] if isinstance(kept, frozenset) else conditions_of(connection, kind, query)
    )


def _linked_with(
    connection: Connection, kind: Kind, field: Field, query: ListQuery, kept: Ids | None
) -> tuple[list[ColumnElement[bool]], bool]:
    """(that a link is one of a record of the list, whether to look at every link for it)."""
    here, _ = ends_of(kind, field)
    if kept is None:
        return [], True
    if isinstance(kept, frozenset):
        return [here.in_(kept)], False
    if connection.dialect.name != "sqlite":
        return [here.in_(select(record_column(kind, "id")).where(*conditions_of(connection, kind, query)))], False
    # It has these ids sooner than it has found them again.
    if how_many(kept) * _SEEKS > (connection.execute(select(func.max(Link.id))).scalar() or 0):
        return [func.substr(marks_of(kept), here + 1, 1) == b"\1"], True
    return [here.in_(select(func.json_each(json.dumps(list(ids_in(kept)))).table_valued("value").c.value))], False


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


def _of_sets(connection: Connection, kind: Kind, field: Field, kept: Ids | None, values: Collection[str]) -> Facet:
    """The same as `_of_texts`, of few values among many records."""
    every = {one: _counted(connection, kind, field, kept, one) for one in values if 0 < len(one) <= _LONGEST}
    counted = {one: told for one, told in every.items() if told[0]}
    shown = sorted(counted, key=lambda one: (-counted[one][0], one))[:FACET_LIMIT]
    written = _as_written(connection, kind, field, {counted[one][1] for one in shown})
    told = [FacetValue(one, written.get((counted[one][1], one), one), counted[one][0]) for one in shown]
    return Facet(len(counted), tuple(told))


def _counted(connection: Connection, kind: Kind, field: Field, kept: Ids | None, value: str) -> tuple[int, int]:
    """(how many of these records have a value, the first of them)."""
    ids, is_of_kind = ids_of(kind, [Filter(field, "is", (value,))], certain=False)
    if kept is None and is_of_kind:
        one = select(ids.subquery().c[0].label("id")).distinct().subquery().c.id
        count, first = connection.execute(select(func.count(one), func.min(one))).one()
        return count, first or 0
    having = with_value(connection, kind, field, value)
    among = having if kept is None else both(kept, having)
    return how_many(among), least(among) if among else 0


def _of_entities(
    connection: Connection, kind: Kind, field: Field, kept: list[ColumnElement[bool]], is_walked: bool
) -> Facet:
    """What most records are linked with; only of that is looked up what it is called."""
    here, there = ends_of(kind, field)
    linked = [is_of_field(connection, field, is_all=is_walked), there.is_not(None), *kept]
    linked += [*_of_kinds(field, here, (kind,)), *_of_kinds(field, there, field.kinds)]
    ids, numbers = columns_selected(
        connection,
        select(there.label("there"), func.count(here.distinct()).label("records")).where(*linked).group_by(there),
    )
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
            return list(islice(among(found.scalars().partitions(), set_of(alike)), wanted))
    first: list[Any] = []
    for start in range(0, len(alike), _BATCH):
        named = select(col(Entry.slug), col(Entry.kind), col(Entry.id)).where(
            col(Entry.id).in_(alike[start : start + _BATCH])
        )
        first = nsmallest(wanted, [*first, *map(tuple, connection.execute(named))])
    return [one for _, _, one in first]


def _of_kinds(field: Field, end: ColumnElement[Any], kinds: Collection[Kind]) -> list[ColumnElement[bool]]:
    """That this end of a link is of these kinds, looked at only where the property can link others as well."""
    possible = {
        name: {"subject_id": PROPERTIES[name].domain, "object_id": PROPERTIES[name].object_kinds}.get(
            end.key or "", kinds
        )
        for name in field.properties
    }
    sure = [name for name, every in possible.items() if set(every) <= set(kinds)]
    if len(sure) == len(possible):
        return []
    is_it = select(col(Entry.id)).where(col(Entry.id) == end, col(Entry.kind).in_(kinds)).exists()
    return [or_(col(Link.property).in_(sure), is_it) if sure else is_it]


def _of_texts(connection: Connection, kind: Kind, field: Field, kept: list[ColumnElement[bool]]) -> Facet:
    identity = record_column(kind, "id")
    if field.type == "texts":
        value, holder = link_column("value"), link_column("subject_id")
        conditions: list[ColumnElement[bool]] = [
            col(Link.property).in_(field.properties),
            holder.in_(select(identity).where(*kept)),
        ]
    else:
        value, holder, conditions = record_column(kind, field.column), identity, kept
    records = func.count(holder.distinct())
    query = (
        select(value.label("value"), records.label("records"), func.min(holder).label("example"))
        # What no filter can ask for: nothing but quotes and dashes, or more than a parameter holds.
        .where(func.length(value).between(1, _LONGEST), *conditions)
        .group_by(value)
        .order_by(records.desc(), value)
    )
    rows = connection.execute(query.limit(FACET_LIMIT)).all()
    written = _as_written(connection, kind, field, {row.example for row in rows})
    values = [FacetValue(row.value, written.get((row.example, row.value), row.value), row.records) for row in rows]
    return Facet(_how_many(connection, query, len(rows)), tuple(values))


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


def _how_many(connection: Connection, query: Select[Any], shown: int) -> int:
    """How many values there are in all, when not all of them are shown."""
    if shown < FACET_LIMIT:
        return shown
    return connection.execute(select(func.count()).select_from(query.order_by(None).subquery())).scalar_one()
