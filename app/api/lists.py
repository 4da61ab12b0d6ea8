"""What the list of a kind can be asked: its parameters, and the query and the shape that they stand for."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from app import edtf
from app.documents.records import keys_of
from app.edtf import Edtf
from app.http import cursors, formats, parameters
from app.http.formats import Format
from app.http.parameters import Parameter, Parameters, Values
from app.http.problems import detail, invalid
from app.passages import fold
from app.queries.records.facets import FACET_LIMIT
from app.queries.records.fields import Field, fields_of
from app.queries.records.filters import OPERATORS, Filter, Operator, order_of
from app.queries.records.included import INCLUDED_LIMIT, includable
from app.queries.records.listing import ListQuery
from app.vocabulary import Kind

# How a whole list is written, and how a page of one may be.
LINES: tuple[Format, ...] = ("ndjson", "csv")
LIST_FORMATS: tuple[Format, ...] = ("json", *LINES, "jsonld")
_FORMAT = formats.parameter(*LIST_FORMATS)
_DEFAULT_ORDERING = "label"
# What asks for one page; without any of them, formats for programs and spreadsheets have the whole list.
PAGING = ("limit", "offset", "cursor")

_BOOLEAN = {"type": "boolean"}
_EVIDENCE = Parameter(
    "evidence",
    "Whether each record comes with its receipts: where its facts are (ids), or the facts with their words (quotes).",
    str,
    allowed=("none", "ids", "quotes"),
    is_repeatable=False,
    default="none",
)
_CERTAIN = Parameter(
    "certain",
    "Whether a date must fulfil its filter whatever it turns out to mean; otherwise it is enough that it could.",
    parameters.boolean,
    _BOOLEAN,
    is_repeatable=False,
    default=False,
)
_Q = parameters.sought("Words that its names, description or sentences have, as in /search.", "space")
_PARSERS: dict[str, tuple[Callable[[str], Any], Mapping[str, Any]]] = {
    "date": (edtf.parse, parameters.DATE),
    "number": (parameters.number, parameters.NUMBER),
    "time": (parameters.moment, parameters.MOMENT),
}


@dataclass(frozen=True)
class Shape:
    """What of each record is shown, and what beside it."""

    evidence: str = "none"
    fields: tuple[str, ...] = ()
    include: tuple[str, ...] = ()


@cache
def record_parameters(kind: Kind) -> Parameters:
    """Every parameter that shapes a record of this kind, by name."""
    fields = Parameter(
        "fields",
        "The only keys to show, separated by commas; all of them without it. An answer lacks the others, though its "
        "schema requires them.", str, allowed=keys_of(kind), is_list=True,
    )  # fmt: skip
    include = Parameter(
        "include",
        f"What to embed under `included`, separated by commas: the whole records one step away, at most "
        f"{INCLUDED_LIMIT} of each sort, with how many there are and a link to all.",
        str, allowed=tuple(includable(kind)), is_list=True,
    )  # fmt: skip
    return parameters.named(_EVIDENCE, fields, include)


@cache
def list_parameters(kind: Kind) -> Parameters:
    """Every parameter of the list of a kind, by name."""
    filters = [
        _filter_parameter(kind, field, operator)
        for field in fields_of(kind).values()
        for operator in OPERATORS
        if field.type in operator.types
    ]
    facet = Parameter(
        "facet",
        f"What to count the list by, the {FACET_LIMIT} most frequent values of each, with the URL of each part.",
        str, allowed=tuple(name for name, field in fields_of(kind).items() if field.is_facet), is_list=True,
    )  # fmt: skip
    shaping = record_parameters(kind).values()
    every = [*parameters.PAGE, cursors.CURSOR, _Q, _ordering_parameter(kind), *shaping, facet, _CERTAIN, _FORMAT]
    every += filters
    named = parameters.named(*every)
    if len(named) < len(every):
        raise ValueError(f"a field of {kind} has the name of another parameter")
    return named


def shape_of(values: Values) -> Shape:
    """The shape that the parameters ask for."""
    return Shape(_EVIDENCE.of(values), values.get("fields", ()), values.get("include", ()))


def ordering_of(values: Values) -> str:
    """The ordering that the parameters ask for, as text."""
    return ",".join(values.get("ordering", (_DEFAULT_ORDERING,)))


def list_query(kind: Kind, values: Values) -> ListQuery:
    """The query that the parameters ask for. Raises a 422 for a cursor that does not belong to it."""
    filters = [
        Filter(field, operator.name, given)
        for field in fields_of(kind).values()
        for operator in OPERATORS
        if (given := values.get(field.name + operator.suffix))
    ]
    _refuse_reversed(filters)
    asked = ordering_of(values)
    ordering = tuple((fields_of(kind)[one.removeprefix("-")], one.startswith("-")) for one in asked.split(","))
    place = cursors.place_of(values, asked, order_of(kind, ordering))
    page = parameters.page_of(values)
    return ListQuery(tuple(filters), ordering, _CERTAIN.of(values), _Q.of(values), **page, place=place)


def _refuse_reversed(filters: Sequence[Filter]) -> None:
    """Raise a 422 for a field whose lowest value is asked to lie above its highest: nothing could."""
    asked = {(one.field.name, one.operator): one for one in filters}
    for (name, low), one in asked.items():
        for high in ("lte", "lt"):
            other = asked.get((name, high)) if low in ("gte", "gt") else None
            if other and min(map(_first, one.values)) > max(map(_last, other.values)):
                both = (f"{name}__{low}", f"{name}__{high}")
                text = f"{both[0]} lies above {both[1]}; expected the lower bound to be lower."
                raise invalid([detail(parameter, "invalid_value", text) for parameter in both])


def _first(value: Any) -> Any:
    return (value.earliest or date.min) if isinstance(value, Edtf) else value


def _last(value: Any) -> Any:
    return (value.latest or date.max) if isinstance(value, Edtf) else value


def _filter_parameter(kind: Kind, field: Field, operator: Operator) -> Parameter:
    is_list = operator.name == "in"
    words = parameters.LISTED_TEXT if is_list else parameters.TEXT
    parse, schema = _PARSERS.get(field.type, (parameters.text, words))
    names: tuple[str, ...] = ()
    if field.type in ("slug", "relation", "inverse", "source") and operator.name in ("is", "in", "not"):
        parse, schema = parameters.slug_of(field.kinds)
        names = parameters.SOURCE if field.type == "source" else field.kinds or (kind,)
    description = f"{field.description[0].upper()}{field.description[1:]}: {operator.description}."
    if field.kinds:
        description += f" A slug, or kind/slug, where kind is one of {', '.join(field.kinds)}."
    if operator.name == "isnull":
        return Parameter(field.name + operator.suffix, description, parameters.boolean, _BOOLEAN)
    allowed = field.allowed if operator.name in ("is", "in", "not") else ()
    return Parameter(
        field.name + operator.suffix, description, parse, schema, allowed=allowed, is_list=is_list, names=names,
        as_compared=fold if field.type == "text" else str,
    )  # fmt: skip


def _ordering_parameter(kind: Kind) -> Parameter:
    sortable = [name for name, field in fields_of(kind).items() if field.is_sortable]
    description = (
        f"What to order by, several separated by commas, each with - before it for descending; {_DEFAULT_ORDERING} "
        "without it. Unknown values come last either way, and ties are ordered by slug."
    )
    allowed = (*sortable, *(f"-{name}" for name in sortable))
    return Parameter("ordering", description, str, allowed=allowed, is_list=True)
