"""Query parameters: declared once, as objects, from which parsing, OpenAPI and error messages all follow."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from difflib import get_close_matches
from typing import Any

from fastapi import Request

from app import edtf
from app.api.problems import ProblemDetail, detail, invalid
from app.vocabulary import KINDS

_LONGEST_VALUE = 500
_LARGEST_INTEGER = 2**31 - 1


@dataclass(frozen=True)
class Parameter:
    """One query parameter. `parse` turns one value into what the query wants, or raises ValueError for a person."""

    name: str
    description: str
    parse: Callable[[str], Any]
    schema: Mapping[str, Any] = field(default_factory=lambda: {"type": "string"})
    allowed: tuple[str, ...] = ()
    is_repeatable: bool = True
    default: Any = None

    def openapi(self) -> dict[str, Any]:
        """The parameter as an OpenAPI Parameter Object."""
        schema: dict[str, Any] = {**self.schema}
        if self.allowed:
            schema["enum"] = list(self.allowed)
        if self.default is not None:
            schema["default"] = self.default
        if self.is_repeatable:
            schema = {"type": "array", "items": schema}
        return {"name": self.name, "in": "query", "required": False, "description": self.description, "schema": schema}


def openapi(parameters: Sequence[Parameter]) -> dict[str, Any]:
    """What an endpoint adds to its OpenAPI operation."""
    return {"parameters": [parameter.openapi() for parameter in parameters]}


def read(request: Request, parameters: Mapping[str, Parameter]) -> dict[str, tuple[Any, ...]]:
    """The values of each parameter of a request. Raises a 422 that names all that are wrong, with suggestions."""
    errors: list[ProblemDetail] = []
    found: dict[str, tuple[Any, ...]] = {}
    for name in dict.fromkeys(request.query_params.keys()):
        given = request.query_params.getlist(name)
        if not (parameter := parameters.get(name)):
            near = get_close_matches(name, parameters, n=1, cutoff=0.5)
            text = f"There is no parameter '{_cut(name)}' here."
            allowed = sorted(parameters)
            errors.append(
                detail(_cut(name), "unknown_parameter", text, allowed=allowed, near=near[0] if near else None)
            )
        elif len(given) > 1 and not parameter.is_repeatable:
            errors.append(detail(name, "invalid_value", f"{name} is given {len(given)} times; expected one value."))
        else:
            values = []
            for value in given:
                try:
                    values.append(_parsed(parameter, value))
                except ValueError as error:
                    near = get_close_matches(value[:80], parameter.allowed, n=1, cutoff=0.5)
                    text = f"{name}={_cut(value)}: {error}"
                    expected = list(parameter.allowed) or None
                    errors.append(detail(name, "invalid_value", text, allowed=expected, near=near[0] if near else None))
            found[name] = tuple(values)
    if errors:
        raise invalid(errors)
    return found


def _parsed(parameter: Parameter, value: str) -> Any:
    if "\0" in value or any("\ud800" <= character <= "\udfff" for character in value):
        raise ValueError("it holds a character that no text has (NUL, or half of a surrogate pair)")
    if len(value) > _LONGEST_VALUE:
        raise ValueError(f"it is longer than {_LONGEST_VALUE} characters")
    if parameter.allowed and value not in parameter.allowed:
        raise ValueError(f"expected one of {', '.join(parameter.allowed)}")
    return parameter.parse(value)


def _cut(text: str) -> str:
    """A stranger's text, short enough to be sent back and without what JSON cannot carry."""
    shown = text if len(text) <= 80 else f"{text[:79]}…"
    return shown.encode("utf-8", "replace").decode()


def text(value: str) -> str:
    """Any text with something in it."""
    if not value.strip():
        raise ValueError("it is empty; leave the parameter out instead")
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
    try:
        parsed = float(value)
    except ValueError as error:
        raise ValueError("expected a number, such as 8 or 2.5") from error
    if not abs(parsed) < 1e15 or not value.isascii() or "_" in value:
        raise ValueError("expected a number between -1e15 and 1e15")
    return parsed


def date(value: str) -> edtf.Edtf:
    """An EDTF date."""
    return edtf.parse(value)


def moment(value: str) -> datetime:
    """An ISO 8601 date and time; UTC where it names no offset."""
    try:
        parsed = datetime.fromisoformat(value)
    except ValueError as error:
        raise ValueError("expected a date and time, such as 2026-11-22T12:00:00Z") from error
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
    kind, separator, slug = value.partition("/")
    if kind not in KINDS or not separator or not slug:
        raise ValueError(f"expected kind/slug, such as film/the-challenge, with a kind of {', '.join(KINDS)}")
    return value


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


def page_of(values: Mapping[str, tuple[Any, ...]]) -> dict[str, int]:
    """The page that was asked for, as limit and offset."""
    return {parameter.name: values.get(parameter.name, (parameter.default,))[0] for parameter in PAGE}
