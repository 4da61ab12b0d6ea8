"""The filter operators: one table of objects, from which the parameters, their parsing and their SQL all follow."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, false, func, or_, select, union
from sqlmodel import col

from app.edtf import Edtf
from app.passages import fold
from app.queries.entities import formerly
from app.queries.pages import Sort
from app.queries.records.fields import Field, FieldType, fields_of
from app.tables.evidence import Entity, Source
from app.tables.records import RECORD_TABLES, Entry, Link, Stated, record_column
from app.tables.rows import table_of
from app.vocabulary import PROPERTIES, Kind

_ORDERED: tuple[FieldType, ...] = ("date", "number", "time")
_WORDS: tuple[FieldType, ...] = ("slug", "text", "prose", "texts")
_NULLABLE: tuple[FieldType, ...] = ("text", "prose", "texts", "date", "number", "relation", "inverse")
_ANY: tuple[FieldType, ...] = (*_WORDS, *_ORDERED, "relation", "inverse", "source")


@dataclass(frozen=True)
class Operator:
    """One way to filter by a field: `field` + `suffix`, for fields of these types."""

    name: str
    suffix: str
    types: tuple[FieldType, ...]
    description: str


OPERATORS = (
    Operator("is", "", _ANY, "is it; given twice, is either"),
    Operator("in", "__in", _ANY, "is one of these, separated by commas"),
    Operator("not", "__not", _ANY, "is not it, or is unknown"),
    Operator("gte", "__gte", _ORDERED, "is it or greater"),
    Operator("gt", "__gt", _ORDERED, "is greater"),
    Operator("lte", "__lte", _ORDERED, "is it or less"),
    Operator("lt", "__lt", _ORDERED, "is less"),
    Operator("contains", "__contains", _WORDS, "contains this, whatever the case and the accents"),
    Operator("isnull", "__isnull", _NULLABLE, "is unknown (true) or known (false)"),
)

_COMPARE: dict[str, Callable[[ColumnElement[Any], Any], ColumnElement[bool]]] = {
    "is": lambda a, b: a == b,
    "gte": lambda a, b: a >= b,
    "gt": lambda a, b: a > b,
    "lte": lambda a, b: a <= b,
    "lt": lambda a, b: a < b,
}


@dataclass(frozen=True)
class Filter:
    """One parameter of a request: any of the values satisfies it. Each is of the field's type; isnull's is a bool."""

    field: Field
    operator: str
    values: tuple[str | float | bool | datetime | Edtf, ...]


def condition(kind: Kind, one: Filter, *, certain: bool) -> ColumnElement[bool]:
    """The SQL of one filter. With `certain`, a date must fulfil it whatever it turns out to mean."""
    if one.operator == "isnull":
        unknown = ~_is_known(kind, one.field)
        return or_(*(unknown if value else ~unknown for value in one.values))
    if one.operator == "not":
        certain = certain and one.field.type == "date"
        # Certainly not is what could not be it, and so is known; not is what need not be it.
        is_it = or_(false(), *(_matches(kind, one.field, "is", value, not certain) for value in one.values))
        known = _is_known(kind, one.field)
        return and_(known, ~is_it) if certain else or_(~known, ~is_it)
    name = "is" if one.operator == "in" else one.operator
    return or_(false(), *(_matches(kind, one.field, name, value, certain) for value in one.values))


def ids_of(kind: Kind, told: Collection[Filter], *, certain: bool) -> tuple[Select[Any] | CompoundSelect[Any], bool]:
    """(a select of the ids that these filters of one field keep, whether they are all of this kind)."""
    first, *others = told
    if others or first.operator not in ("is", "in", "contains") or not first.field.is_linked:
        kept = [condition(kind, one, certain=certain) for one in told]
        return select(record_column(kind, "id")).where(*kept), True
    field = first.field
    if field.type == "texts":
        operator = "is" if first.operator == "in" else first.operator
        said = [_text_matches(link_column("value"), operator, str(one), is_exact=False) for one in first.values]
        found = select(col(Link.subject_id)).where(col(Link.property).in_(field.properties), or_(*said))
        if field.name == "identifier" and operator == "is":
            return union(found, *(formerly(kind, str(one)) for one in first.values)), False
        beside = {one for name in field.properties for one in PROPERTIES[name].domain} - {kind}
        # Of two kinds that can have it, one has most that do: to leave the others out is less than to look at each.
        if len(beside) == 1:
            of_others = select(col(Entry.id)).where(col(Entry.kind).in_(beside))
            found = found.where(col(Link.subject_id).not_in(of_others))
        return found, len(beside) < 2
    selects = [
        _entities_of_source(str(one)) if field.type == "source" else _related(kind, field, str(one))
        for one in first.values
    ]
    return either(selects), False


def _matches(kind: Kind, field: Field, operator: str, value: Any, certain: bool) -> ColumnElement[bool]:
    if field.type == "date":
        return _date_matches(kind, field, operator, value, certain)
    if field.type in ("number", "time"):
        return _COMPARE[operator](record_column(kind, field.column), value)
    identity = record_column(kind, "id")
    if field.type == "slug" and operator == "is":
        return identity.in_(_named([kind], str(value)))
    if field.type in ("slug", "text", "prose"):
        return _text_matches(record_column(kind, field.column), operator, str(value), is_exact=field.type == "slug")
    if field.type == "texts":
        said = _text_matches(link_column("value"), operator, str(value), is_exact=False)
        found = select(col(Link.subject_id)).where(col(Link.property).in_(field.properties), said)
        is_former = field.name == "identifier" and operator == "is"
        return identity.in_(union(found, formerly(kind, str(value))) if is_former else found)
    return identity.in_(
        _entities_of_source(str(value)) if field.type == "source" else _related(kind, field, str(value))
    )


def _date_matches(kind: Kind, field: Field, operator: str, asked: Edtf, certain: bool) -> ColumnElement[bool]:
    """Compares spans: what the date may mean with what the parameter may mean, both ends included."""
    earliest, latest = record_column(kind, f"{field.column}_earliest"), record_column(kind, f"{field.column}_latest")
    first, last = asked.earliest or date.min, asked.latest or date.max
    if certain:
        return {
            "is": and_(earliest >= first, latest <= last),
            "gte": earliest >= first,
            "gt": earliest > last,
            "lte": latest <= last,
            "lt": latest < first,
        }[operator]
    return {
        "is": and_(earliest <= last, latest >= first),
        "gte": latest >= first,
        "gt": latest > last,
        "lte": earliest <= last,
        "lt": earliest < first,
    }[operator]


def _text_matches(column: ColumnElement[Any], operator: str, value: str, *, is_exact: bool) -> ColumnElement[bool]:
    sought = value.lower() if is_exact else fold(value)  # LIKE minds the case in PostgreSQL
    if not sought:  # nothing but quotes and dashes, which are not compared
        return false()
    if operator == "contains":
        return column.contains(sought, autoescape=True)
    return column == sought


def _related(kind: Kind, field: Field, value: str) -> Select[Any] | CompoundSelect[Any]:
    """The ids of records linked with the entity that `value` names, as a slug or kind/slug."""
    named, _, slug = value.rpartition("/")
    named_there = _named([one for one in field.kinds if not named or one == named], slug)
    of_field = col(Link.property).in_(field.properties)
    return either(
        select(here).where(there.in_(named_there), of_field, here.is_not(None)) for here, there in ends_of(kind, field)
    )


def _named(kinds: Sequence[Kind], slug: str) -> Any:
    """The ids of what has this slug now, or had it before it was merged or renamed."""
    named = col(Entity.kind).in_(kinds), col(Entity.slug) == slug
    return select(func.coalesce(col(Entity.merged_into_id), col(Entity.id))).where(*named)


def ends_of(kind: Kind, field: Field) -> list[tuple[ColumnElement[Any], ColumnElement[Any]]]:
    """(the end of a link where a record of this kind is, the other end), of a relation or an inverse one.

    Of a mutual one either end can be the record.
    """
    subject, target, character = (link_column(name) for name in ("subject_id", "object_id", "character_id"))
    if field.type != "inverse":
        return [(subject, target)]
    if kind == "character":
        return [(character, target)]
    return [(target, subject), (subject, target)] if field.is_mutual else [(target, subject)]


def either(selects: Iterable[Select[Any] | CompoundSelect[Any]]) -> Select[Any] | CompoundSelect[Any]:
    """What any of some queries selects. SQLite takes no union within another one."""
    first, *others = (select(one.subquery()) if isinstance(one, CompoundSelect) else one for one in selects)
    return union(first, *others) if others else first


def of_kinds(field: Field, end: ColumnElement[Any], kinds: Collection[Kind]) -> list[ColumnElement[bool]]:
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


def link_column(name: str) -> ColumnElement[Any]:
    """The column of that name of the link table."""
    column: ColumnElement[Any] = getattr(Link, name)
    return column


def _entities_of_source(slug: str) -> Any:
    """The ids of everything that the current claims of a source speak of."""
    source = select(col(Source.id)).where(col(Source.slug) == slug)
    return select(col(Stated.subject_id)).where(col(Stated.source_id).in_(source))


def known_ends(kind: Kind, field: Field) -> list[tuple[ColumnElement[Any], list[ColumnElement[bool]]]]:
    """(the end of a link where a record is, the conditions under which the field of that record is known by it)."""
    return [(here, [here.is_not(None), *of_kinds(field, there, field.kinds)]) for here, there in ends_of(kind, field)]


def _is_known(kind: Kind, field: Field) -> ColumnElement[bool]:
    identity = record_column(kind, "id")
    if field.type in ("relation", "texts", "inverse"):
        of_field = col(Link.property).in_(field.properties)
        return identity.in_(either(select(here).where(of_field, *known) for here, known in known_ends(kind, field)))
    if field.type == "source":
        return identity.is_not(None)
    column = f"{field.column}_earliest" if field.type == "date" else field.column
    return record_column(kind, column).is_not(None)


def order_of(kind: Kind, ordering: Sequence[tuple[Field, bool]]) -> list[Sort]:
    """The order by these fields, each with whether it is descending: unknown last either way, ties by slug."""
    columns = table_of(RECORD_TABLES[kind]).c
    sorts = []
    for field, is_descending in (*ordering, (fields_of(kind)["slug"], False)):
        name = f"{field.column}_earliest" if field.type == "date" else field.column
        sorts.append(Sort(record_column(kind, name), is_descending, bool(columns[name].nullable)))
    return sorts
