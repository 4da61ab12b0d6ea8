"""Cursors: a place in an order as text that clients hand back and need not read."""

import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from datetime import UTC, date, datetime
from json.encoder import encode_basestring
from typing import Any

from starlette.datastructures import URL

from app.http import parameters
from app.http.parameters import Parameter, Values
from app.http.problems import detail, invalid
from app.queries.pages import LONGEST_TEXT, Cut, Place, Sort

# More than any cursor of ours has: an ordering, and the beginning of a text for each of its fields.
_LONGEST = 8000
CURSOR = Parameter(
    "cursor",
    "Where the page begins, as `next` and `previous` have it: not to be read or made by clients.",
    parameters.text,
    {"type": "string", "minLength": 1, "maxLength": _LONGEST},
    is_repeatable=False,
    longest=_LONGEST,
)

# Whole numbers that are ordered by are of 32 bits in PostgreSQL.
_TOO_LARGE = {int: 2**31, float: 2**63}
_SURROGATE = re.compile("[\ud800-\udfff]")
_BROKEN = "it is no cursor of this list; take `next` or `previous` as they are, or begin without one"


def place_of(values: Values, ordering: str, order: Sequence[Sort]) -> Place | None:
    """The place that the parameters ask for, if any. Raises a 422 for a cursor that does not belong to the list."""
    if "cursor" not in values:
        return None
    if "offset" in values:
        text = "offset has no meaning with a cursor, which says itself where the page begins; leave one out."
        raise invalid([detail("offset", "invalid_value", text)])
    try:
        return read(values["cursor"][0], ordering, order)
    except ValueError as error:
        raise invalid([detail("cursor", "invalid_value", f"cursor: {error}.")]) from error


def beside(
    url: URL, ordering: str, count: int, page: Cut[Any], *, limit: int, offset: int = 0
) -> tuple[str | None, str | None]:
    """The URLs of the pages after and before one, of so many rows in all, with every other parameter as it is."""
    plain = url.remove_query_params("offset")
    after, before = (
        str(plain.include_query_params(cursor=write(ordering, place))) if place else None
        for place in (page.after, page.before)
    )
    if offset >= count > 0:  # beyond the end, the page before is the last one
        before = str(url.include_query_params(offset=max(0, count - limit)))
    return after, before


def write(ordering: str, place: Place) -> str:
    """The place as a cursor of a list in this ordering."""
    is_before = "true" if place.is_before else "false"
    content = f"[{encode_basestring(ordering)},{is_before},{place.rank},{','.join(map(_json_of, place.values))}]"
    return urlsafe_b64encode(content.encode()).rstrip(b"=").decode()


def _json_of(value: str | float | date | None) -> str:
    if isinstance(value, str):
        return encode_basestring(value[:LONGEST_TEXT])
    if isinstance(value, date):
        return f'"{value.isoformat()}"'
    return "null" if value is None else repr(value)


def read(cursor: str, ordering: str, order: Sequence[Sort]) -> Place:
    """The place that a cursor stands for. Raises ValueError for one that is broken, or of a list ordered otherwise."""
    try:
        content = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        told, is_before, rank, *values = content
        is_whole = (type(told), type(is_before), type(rank), len(values)) == (str, bool, int, len(order))
        if not is_whole or not 0 <= rank < 2**63:
            raise ValueError(_BROKEN)
    except (ValueError, TypeError, RecursionError) as error:
        raise ValueError(_BROKEN) from error
    if told != ordering:
        raise ValueError(f"it belongs to a list with ordering={told[:100]!a}; keep the ordering, or begin without one")
    return Place(tuple(_value(sort, value) for sort, value in zip(order, values, strict=True)), is_before, rank)


def _value(sort: Sort, value: Any) -> Any:
    """A value as its column holds it."""
    if value is None and sort.is_nullable:
        return None
    wanted = sort.held
    try:
        if wanted is date:
            return date.fromisoformat(value)
        if wanted is datetime:
            return datetime.fromisoformat(value).astimezone(UTC)
        if wanted in _TOO_LARGE and not isinstance(value, bool) and abs(value) < _TOO_LARGE[wanted]:
            return wanted(value)
    except (ValueError, TypeError, OverflowError) as error:
        raise ValueError(_BROKEN) from error
    if not isinstance(value, str) or "\0" in value or _SURROGATE.search(value):
        raise ValueError(_BROKEN)
    return value
