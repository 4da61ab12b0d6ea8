"""Query parameters: declared once, as objects, from which parsing, OpenAPI and error messages all follow."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

from fastapi import Path, Request
from starlette.datastructures import URL

from app import vocabulary
from app.http.problems import MOST_TOLD, ProblemDetail, detail, invalid, shorten
from app.queries.nearest import nearest_word
from app.vocabulary import KINDS, PLURALS, SLUG, WITH_ARTICLE

LONGEST_VALUE = 500
# What is searched for may be a whole page of text.
LONGEST_SOUGHT = 10_240
_LARGEST_INTEGER = 2**31 - 1
# SQLite refuses an expression of a thousand levels, and every further value of a parameter is one.
_MOST_VALUES = 100

# In place of kinds, for a parameter that names sources.
SOURCE = ("source",)
# Of something elsewhere, as scheme:id, where it can stand in a path.
IDENTIFIER = r"[a-z][a-z0-9_-]{0,30}:[^\s/\x00]{1,200}"
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")
_MOMENT = re.compile(r"[0-9-]{10}(?:[Tt][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?:[Zz]|[-+][0-9]{2}:[0-9]{2})?)?")

# The schemas say exactly what the parsers take, as far as JSON Schema can. It does not take for blanks what separates
# files, groups, records, units and lines, as Python does.
BLANK = r"\s\x1c-\x1f\x85"
TEXT: Mapping[str, Any] = {
    "type": "string", "minLength": 1, "maxLength": LONGEST_VALUE, "pattern": rf"^[^\x00]*[^{BLANK}\x00][^\x00]*$",
}  # fmt: skip
SOUGHT: Mapping[str, Any] = {"type": "string", "minLength": 1, "maxLength": LONGEST_SOUGHT, "pattern": f"[^{BLANK}]"}
LISTED_TEXT: Mapping[str, Any] = {**TEXT, "pattern": rf"^[^\x00,]*[^{BLANK}\x00,][^\x00,]*$"}
ENTITY: Mapping[str, Any] = {
    "type": "string", "maxLength": LONGEST_VALUE, "pattern": f"^{vocabulary.ENTITY}$",
    "examples": ["film/the-challenge"],
}  # fmt: skip
DATE: Mapping[str, Any] = {"type": "string", "format": "edtf", "examples": ["2021-10"]}
NUMBER: Mapping[str, Any] = {"type": "number", "exclusiveMinimum": -1e15, "exclusiveMaximum": 1e15}
MOMENT: Mapping[str, Any] = {"type": "string", "format": "date-time", "examples": ["2026-11-22T12:00:00Z"]}

# What a request gave to each parameter, by its name: one value at least.
Values = Mapping[str, tuple[Any, ...]]

# What other APIs call what is called so here.
_CALLED_HERE = {
    **dict.fromkeys(("sort", "sort_by", "order", "order_by", "orderby"), "ordering"),
    **dict.fromkeys(("query", "search", "s", "text"), "q"),
    **dict.fromkeys(("per_page", "page_size", "pagesize", "size", "first", "top"), "limit"),
    **dict.fromkeys(("skip", "start"), "offset"),
    **dict.fromkeys(("select", "only"), "fields"),
    **dict.fromkeys(("expand", "embed"), "include"),
    **{"page": "cursor", "title": "name", "year": "release_date"},
}


@dataclass(frozen=True)
class Parameter:
    """One query parameter. `parse` turns one value into what the query wants, or raises ValueError for a person.

    A list is one value that holds several, separated by commas. `names` are the kinds of record that a value names, or
    SOURCE: that there is one of that name is for those to see who have a database (`app.http.names`).
    Where NUL is allowed, it is like punctuation. `as_compared` is what counts of a value that must be one of `allowed`.
    """

    name: str
    description: str
    parse: Callable[[str], Any]
    schema: Mapping[str, Any] = field(default_factory=lambda: TEXT)
    allowed: tuple[str, ...] = ()
    is_repeatable: bool = True
    is_list: bool = False
    is_required: bool = False
    names: tuple[str, ...] = ()
    longest: int = LONGEST_VALUE
    may_have_nul: bool = False
    as_compared: Callable[[str], str] = str
    default: Any = None

    def of(self, values: Values) -> Any:
        """The value of one that is not repeatable, or its default."""
        return values.get(self.name, (self.default,))[0]

    def openapi(self) -> dict[str, Any]:
        """The parameter as an OpenAPI Parameter Object."""
        schema: dict[str, Any] = {"type": "string", "enum": list(self.allowed)} if self.allowed else {**self.schema}
        if self.default is not None:
            schema["default"] = self.default
        if self.is_repeatable:
            schema = {"type": "array", "items": schema, "maxItems": _MOST_VALUES}
        found = {"name": self.name, "in": "query", "required": self.is_required, "description": self.description}
        if self.is_list:
            found |= {"style": "form", "explode": False}
            schema["minItems"] = 1
        return {**found, "schema": schema}


# What an endpoint takes, by name.
Parameters = Mapping[str, Parameter]


def named(*parameters: Parameter) -> Parameters:
    """Parameters by their names, in this order."""
    return {one.name: one for one in parameters}


def openapi(parameters: Parameters) -> dict[str, Any]:
    """What an endpoint adds to its OpenAPI operation."""
    return {"parameters": [parameter.openapi() for parameter in parameters.values()]}


def read(request: Request, parameters: Parameters) -> Values:
    """The values of each parameter of a request. Raises a 422 that names all that are wrong, with suggestions."""
    values, problems = parse(request.scope["query_string"], parameters)
    if problems:
        raise invalid(problems)
    return values


def parse(query: bytes, parameters: Parameters) -> tuple[Values, list[ProblemDetail]]:
    """(the values of each parameter of a query string, what is wrong with the others). Names are not looked at.

    Where very much is wrong, no more is read than is told.
    """
    errors: list[ProblemDetail] = []
    found: dict[str, tuple[Any, ...]] = {}
    # What is no UTF-8 becomes surrogates, which no value may hold.
    every = parse_qs(query.decode("latin-1"), keep_blank_values=True, errors="surrogateescape")
    for name, given in every.items():
        if len(errors) >= MOST_TOLD:
            break
        if not (parameter := parameters.get(name)):
            text, allowed = f"There is no parameter '{shorten(name)}' here.", sorted(parameters)
            usual = _CALLED_HERE.get(name.lower(), "")
            near = usual if usual in parameters else nearest_word(name, parameters)
            errors.append(detail(shorten(name), "unknown_parameter", text, allowed=allowed, near=near))
            continue
        each = [one for value in given for one in value.split(",")] if parameter.is_list else given
        most = _MOST_VALUES if parameter.is_repeatable else 1
        if len(each) > most:
            expected = f"at most {most} values" if most > 1 else "one value"
            errors.append(detail(name, "invalid_value", f"{name} has {len(each)} values; expected {expected}."))
            continue
        found[name] = tuple(_parsed_each(parameter, each, errors))
    missing = [one for one in parameters.values() if one.is_required and one.name not in every]
    errors += [detail(one.name, "missing", f"{one.name} is missing: {one.description}") for one in missing]
    return found, errors


def up_to(url: str, name: str, without: Sequence[str] = ()) -> str:
    """The URL, or path, with this parameter and without some others, up to the value of this one."""
    return str(URL(url).remove_query_params([name, *without]).include_query_params(**{name: ""}))


def _parsed_each(parameter: Parameter, given: Sequence[str], errors: list[ProblemDetail]) -> list[Any]:
    """The values that can be read; what is wrong with the others is added to `errors`."""
    values = []
    for value in given:
        if len(errors) >= MOST_TOLD:
            break
        try:
            values.append(_parsed(parameter, value))
        except ValueError as error:
            kind = next((one for one, plural in PLURALS.items() if value == plural and one in parameter.allowed), None)
            text, near = f"{parameter.name}={shorten(value)}: {error}", kind or nearest_word(value, parameter.allowed)
            expected = list(parameter.allowed) or None
            errors.append(detail(parameter.name, "invalid_value", text, allowed=expected, near=near))
    return values


def _parsed(parameter: Parameter, value: str) -> Any:
    if "\0" in value and not parameter.may_have_nul:
        raise ValueError("it holds NUL, which no text has")
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise ValueError("it holds what no text has: half of a surrogate pair, or bytes that are not UTF-8")
    if len(value) > parameter.longest:
        raise ValueError(f"it is longer than {parameter.longest} characters")
    if parameter.allowed and value not in parameter.allowed:
        known = {parameter.as_compared(one): one for one in parameter.allowed}
        if (counts := parameter.as_compared(value)) not in known:
            raise ValueError(f"expected one of {', '.join(parameter.allowed)}")
        value = known[counts]
    return value if parameter.names else parameter.parse(value)


def text(value: str) -> str:
    """Any text with something in it."""
    if not value.strip():
        raise ValueError("it is empty; expected one character at least that is no blank")
    return value


def integer(lowest: int, highest: int = _LARGEST_INTEGER) -> Callable[[str], int]:
    """A parser of whole numbers within bounds."""

    def parse(value: str) -> int:
        digits = value.removeprefix("-")
        if not (digits.isascii() and digits.isdigit() and len(digits) < 19 and lowest <= int(value) <= highest):
            raise ValueError(f"expected a whole number from {lowest} to {highest}")
        return int(value)

    return parse


def number(value: str) -> float:
    """A decimal number of a size that can be stored."""
    if not _NUMBER.fullmatch(value):
        raise ValueError("expected a number, such as 8 or 2.5")
    if not abs(float(value)) < 1e15:
        raise ValueError("expected a number between -1e15 and 1e15")
    return float(value)


def moment(value: str) -> datetime:
    """A date and time as in RFC 3339; the time may be left out, and so may the offset of UTC."""
    try:
        parsed = datetime.fromisoformat(value.upper() if _MOMENT.fullmatch(value) else "")
    except ValueError as error:
        raise ValueError("expected a day, or a date and time such as 2026-11-22T12:00:00Z") from error
    try:
        return parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("expected a time within the years 1 to 9999") from error


def boolean(value: str) -> bool:
    """True or false."""
    if value not in ("true", "false"):
        raise ValueError("expected true or false")
    return value == "true"


def entity(value: str) -> str:
    """An entity as kind/slug."""
    if not re.fullmatch(vocabulary.ENTITY, value):
        raise ValueError(f"expected kind/slug, such as film/the-challenge, where kind is one of {', '.join(KINDS)}")
    return value


def slug_of(kinds: Sequence[str] = ()) -> tuple[Callable[[str], str], Mapping[str, Any]]:
    """(a parser, its schema) of a slug, before which one of the kinds may stand, as kind/slug."""
    pattern = f"(?:(?:{'|'.join(kinds)})/)?{SLUG}" if kinds else SLUG
    whose = f" of {' or '.join(WITH_ARTICLE[kind] for kind in kinds)}" if kinds else ""
    behind = f", alone or as {kinds[0] if len(kinds) == 1 else 'kind'}/slug" if kinds else ""
    expected = f"the slug{whose}{behind}: a-z, 0-9 and single hyphens"

    def parse(value: str) -> str:
        if not re.fullmatch(pattern, value):
            raise ValueError(f"expected {expected}")
        return value

    return parse, {"type": "string", "maxLength": LONGEST_VALUE, "pattern": f"^{pattern}$"}


def sought(description: str, example: str, *, is_required: bool = False) -> Parameter:
    """`q`: the words to look for, in a text of whatever characters (docs/decisions/0022)."""
    return Parameter(
        "q", description, text, {**SOUGHT, "examples": [example]}, is_repeatable=False, is_required=is_required,
        longest=LONGEST_SOUGHT, may_have_nul=True,
    )  # fmt: skip


def record_in_path() -> Any:
    """A record in the path of an endpoint."""
    described = "The slug of the record. An identifier elsewhere, as scheme:id, leads to it."
    return Path(description=described, json_schema_extra={"pattern": f"^(?:{SLUG}|{IDENTIFIER})$"})


def source_in_path() -> Any:
    """A source in the path of an endpoint."""
    return Path(description="The source's slug.", json_schema_extra={"pattern": f"^{SLUG}$"})


PAGE = (
    Parameter(
        "limit", "How many results a page has, at most.", integer(1, 100),
        {"type": "integer", "minimum": 1, "maximum": 100}, is_repeatable=False, default=20,
    ),
    Parameter(
        "offset", "How many results to pass over.", integer(0),
        {"type": "integer", "minimum": 0, "maximum": _LARGEST_INTEGER}, is_repeatable=False, default=0,
    ),
)  # fmt: skip


def page_of(values: Values) -> dict[str, int]:
    """The page that was asked for, as limit and offset."""
    return {parameter.name: parameter.of(values) for parameter in PAGE}
