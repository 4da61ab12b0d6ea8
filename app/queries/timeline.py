"""The timeline: the dates that current facts give, in one order, each placed by the span that it may mean."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, literal_column, or_, select, union
from sqlalchemy.orm import Mapped
from sqlmodel import col

from app import edtf
from app.dating import in_words, iso_day
from app.documents.evidence import Ref
from app.documents.time import STANDINGS, TimelineEntry
from app.queries.entities import entity_ids, refs_of
from app.queries.memory import Memory
from app.queries.pages import Cut, Place, Sort, cut_at
from app.tables.evidence import Entity
from app.tables.records import IN_TIME, USUAL_STANDING, Dated, Link
from app.values import to_json
from app.vocabulary import KINDS, MODALITIES, PROPERTIES

DATED_PROPERTIES = tuple(
    name for name, prop in PROPERTIES.items() if prop.value_type == "date" or "point_in_time" in prop.qualifiers
)
# No date is longer than all the days that there are.
_LONGEST_REACH = (date.max - date.min).days.bit_length()

_COUNTS: Memory[list[int]] = Memory(500_000)


@dataclass(frozen=True)
class TimelineQuery:
    """What dates are asked for; an empty tuple is satisfied by all. `certain` keeps what must lie in the span."""

    since: date = date.min
    until: date = date.max
    kind: tuple[str, ...] = ()
    property: tuple[str, ...] = ()
    entity: tuple[str, ...] = ()
    modality: tuple[str, ...] = ()
    standing: tuple[str, ...] = ()
    certain: bool = False
    is_descending: bool = False
    limit: int = 20
    offset: int = 0
    place: Place | None = None


def order_of(*, is_descending: bool) -> list[Sort]:
    """The order of time, or the same from its end."""
    return [Sort(getattr(Dated, name), is_descending, is_nullable=False) for name in IN_TIME]


def list_timeline(connection: Connection, query: TimelineQuery) -> tuple[int, Cut[TimelineEntry]]:
    """(how many dates are asked for, those of the page in the order of time)."""
    parts = parts_of(connection, query)
    asked = repr(replace(query, limit=0, offset=0, place=None))
    counts = _COUNTS.of(connection, asked, lambda: _counted(connection, parts))
    offset = query.offset
    for held in counts:
        if held >= offset:
            break
        offset, parts = offset - held, parts[1:]
    page = cut_dates(connection, replace(query, offset=offset), parts)
    refs = refs_of(connection, {one for row in page.rows for one in (row.subject_id, row.object_id) if one})
    return sum(counts), replace(page, rows=[_entry(row, refs) for row in page.rows])


def _counted(connection: Connection, parts: Sequence[Sequence[ColumnElement[bool]]]) -> list[int]:
    return [connection.execute(select(func.count()).select_from(Dated).where(*part)).scalar_one() for part in parts]


def parts_of(connection: Connection, query: TimelineQuery) -> list[list[ColumnElement[bool]]]:
    """The conditions of what is asked for, in parts that come one after the other in its order."""
    conditions = _conditions(connection, query)
    parts = [[*conditions, *part] for part in _parts(query)]
    return parts[::-1] if query.is_descending else parts


def cut_dates(connection: Connection, query: TimelineQuery, parts: Sequence[Sequence[ColumnElement[bool]]]) -> Cut[Any]:
    """The rows of a page of these parts; the offset is one in the first of them."""
    return cut_at(
        connection, [select(Dated).where(*part) for part in parts], order_of(is_descending=query.is_descending),
        _values_of, place=query.place, limit=query.limit, offset=query.offset,
    )  # fmt: skip


def _values_of(row: Any) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in IN_TIME)


def _parts(query: TimelineQuery) -> list[list[ColumnElement[bool]]]:
    """The conditions of the span, in parts that come one after the other in the order of time.

    What lies across the first day asked for began before it, however long ago. It comes first and is found by its
    reach; the rest begins on that day or later, which is a stretch of the order.
    """
    earliest, latest = col(Dated.earliest), col(Dated.latest)
    until = [earliest <= query.until]
    if query.certain:
        return [[earliest >= query.since, *until, latest <= query.until]]
    if query.since == date.min:
        return [until]
    if query.entity:  # So few that looking at each of them is quicker.
        return [[latest >= query.since, *until]]
    return [[_across(query.since), *until], [earliest >= query.since, *until]]


def _across(day: date) -> ColumnElement[bool]:
    """That a date may mean this day and one before it."""
    earliest, latest = col(Dated.earliest), col(Dated.latest)
    found = []
    for reach in range(1, _LONGEST_REACH + 1):
        longest = min(2**reach - 1, (day - date.min).days)
        found.append(
            (col(Dated.reach) == reach)
            & (earliest >= day - timedelta(days=longest))
            & (earliest < day)
            & (latest >= day)
        )
    return or_(*found)


def _conditions(connection: Connection, query: TimelineQuery) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    for column, told, every in (
        (col(Dated.kind), query.kind, KINDS),
        (col(Dated.property), query.property, DATED_PROPERTIES),
        (col(Dated.modality), query.modality, MODALITIES),
    ):
        if told:
            conditions.append(_any_of(column, told, every))
    if USUAL_STANDING in query.standing:
        conditions.append(_any_of(col(Dated.standing), query.standing, STANDINGS))
    elif query.standing:
        # In the words of the index that has only what is not usual: so few that all of them can be sorted.
        is_unusual = col(Dated.standing) != literal_column(f"'{USUAL_STANDING}'")
        conditions += [is_unusual, col(Dated.standing).in_(query.standing)]
    if query.entity:
        ids = list(entity_ids(connection, query.entity).values())
        # One list of ids: joined by OR, its parts would make a database look at every date.
        meant: Any = union(
            select(col(Entity.id)).where(col(Entity.id).in_(ids)),
            *(
                select(col(Link.subject_id)).where(end.in_(ids))
                for end in (col(Link.object_id), col(Link.character_id))
            ),
        )
        conditions.append(col(Dated.subject_id).in_(meant))
    return conditions


def _any_of(column: Mapped[str], told: Collection[str], every: Sequence[str]) -> ColumnElement[bool]:
    """That a column has one of these values.

    Several are said as none of the others: for IN, a database may collect the rows of each value and sort them all,
    instead of reading the first few in the order of time.
    """
    if len(set(told)) == 1:
        return column == next(iter(told))
    return column.not_in([one for one in every if one not in told])


def _entry(row: Any, refs: dict[int, Ref]) -> TimelineEntry:
    told, prop, record = edtf.parse(row.edtf), PROPERTIES[row.property], refs[row.subject_id]
    value: Any = refs[row.object_id] if row.object_id else None
    if row.value is not None:
        value = to_json(prop.value_type, row.value)
    return TimelineEntry(
        date=row.edtf, earliest=iso_day(told.span[0]), latest=iso_day(told.span[1]), precision=told.precision,
        approximate=told.approximate, uncertain=told.uncertain, label=in_words(row.edtf),
        title=_title(record.label, row.property, value), record=record, property=row.property, value=value,
        modality=row.modality, planned=row.modality == "planned", standing=row.standing, disputed=row.is_disputed,
        fact_url=f"/facts/{row.fact_id}", source_count=row.source_count,
    )  # fmt: skip


def _title(label: str, name: str, value: Any) -> str:
    """What is dated: an event itself, or something of a record, with its value where that is a text."""
    of = "" if name == "date" else f": {name.replace('_', ' ')}"
    return f"{label}{of} ({value})" if isinstance(value, str) else f"{label}{of}"
