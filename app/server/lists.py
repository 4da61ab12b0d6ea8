"""Pages of lists below the framework: what a query string asks for is read once, and then only where its page begins.

A list that is filtered is answered here when the whole of it was found before, in the ordinary way: that can take
long, and whoever is here keeps everybody else waiting.
"""

import re
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import make_url

from app.api import facets, lists
from app.api.answers import only
from app.http import cursors, parameters
from app.http.problems import ProblemError
from app.prepared import State
from app.queries.memory import Memory
from app.queries.pages import Cut, Place, cut_between, is_cut, page_of
from app.queries.records import end_of, is_at_hand
from app.queries.records.facets import FACETS, facet_key
from app.queries.records.fields import fields_of
from app.queries.records.listing import Listing, ListQuery, count_kept, listing_kept, listing_key
from app.queries.records.stored import Pages, Row
from app.server.direct import Made
from app.vocabulary import KINDS, PLURALS, Kind

_KINDS: dict[str, Kind] = {PLURALS[kind]: kind for kind in KINDS}
_CURSOR = re.compile("[A-Za-z0-9_-]{1,8000}")
_OFFSET = re.compile("[0-9]{1,9}")
_KEPT = 500
# To read a longer query takes longer than everybody else should wait.
_LONGEST = 500
# Of how many records only some keys are shown here: each must be read for that.
_MOST_CUT = 20
# The path of the page after the first one, by the path of the pages beside up to their cursors; "" where there is none.
_SECOND: Memory[str] = Memory(500_000, len)


@dataclass(frozen=True)
class Asked:
    """What a query string asks for, but for where the page begins.

    Rows of `bare` have no values to tell places by. `beside` is the path of the pages beside, up to their cursors;
    `is_at_hand` whether a page can be found without the whole list. `facets` are the fields to count it by, each with
    what its facet is remembered by, and the path of the parts of the list up to a value of the field.
    """

    kind: Kind
    query: ListQuery
    ordering: str
    pages: Pages
    bare: Pages
    key: str
    shape: lists.Shape
    beside: str
    is_at_hand: bool
    facets: tuple[tuple[str, str, str], ...]


class Lists:
    """Makes the pages of lists of one database, in one thread."""

    def __init__(self, database_url: str) -> None:
        self._url = str(make_url(database_url))

    def page(self, connection: sqlite3.Connection, state: State, plural: str, query: str, origin: str) -> Made | None:
        """The page that a query string asks for. None if this is not the place to find it."""
        rest, place = _split(query)
        asked = _asked(plural, rest) if len(rest) <= _LONGEST and place else None
        return self._made(connection, state, asked, *place, origin) if asked and place else None

    def _made(
        self, connection: sqlite3.Connection, state: State, asked: Asked, cursor: str, offset: int, origin: str
    ) -> Made | None:
        try:
            found = self._found(connection, state, asked, cursor, offset)
        except ValueError:  # a cursor that is none of this list
            return None
        if not found or (counted := self._facets(state, asked, origin)) is None:
            return None
        count, rows, beside = found
        urls = [f'"{origin}{one}"' if one else "null" for one in beside]
        body = _body(count, urls, state.revision, _documents(asked, rows), counted)
        links = [(rel, url) for rel, url in zip(("next", "prev"), beside, strict=True) if url]
        return Made(state, body, links)

    def _found(
        self, connection: sqlite3.Connection, state: State, asked: Asked, cursor: str, offset: int
    ) -> tuple[int, Sequence[Row], Sequence[str | None]] | None:
        """(how many the list has, the rows of a page, the paths of those beside it); None if this is not the place."""
        place = cursors.read(cursor, asked.ordering, asked.pages.order) if cursor else None
        found = self._listing(asked, state, place, offset)
        if not found and (offset or not asked.is_at_hand or (place and is_cut(place))):
            return None
        count = found.count if found else count_kept(self._url, state, asked.kind)
        page = self._page(connection, state, asked, found, place, cursor, offset) if count is not None else None
        return None if count is None or page is None else (count, *page)

    def _facets(self, state: State, asked: Asked, origin: str) -> str | None:
        """The facets that are asked for as JSON, `null` if there are none; None if one of them is not remembered."""
        counted = []
        for name, key, path in asked.facets:
            if not (facet := FACETS.kept(self._url, state, key)):
                return None
            counted.append((name, facet, f"{origin}{path}"))
        return facets.written(counted) if counted else "null"

    def _page(
        self, connection: sqlite3.Connection, state: State, asked: Asked, found: Listing | None, place: Place | None,
        cursor: str, offset: int,
    ) -> tuple[Sequence[Row], Sequence[str | None]] | None:  # fmt: skip
        """The rows of a page, and the paths of those after it and before it; None where a list gives no such cursor."""
        limit, is_first = asked.query.limit, not place and not offset
        if is_first and (after := _SECOND.kept(self._url, state, asked.beside)) is not None:
            bare = asked.bare
            rows = bare.of(connection, found.ids[:limit]) if found else bare.rows(connection, None, limit)
            return rows, (after or None, None)
        if found:
            cut = _cut_listing(connection, asked, found, place, cursor, offset)
        else:
            cut = asked.pages.at(connection, place, limit)
        if cut is None:
            return None
        after, before = (_beside(asked, one) for one in (cut.after, cut.before))
        if is_first:
            _SECOND.keep(self._url, state, asked.beside, after or "")
        return cut.rows, (after, before)

    def _listing(self, asked: Asked, state: State, place: Place | None, offset: int) -> Listing | None:
        """The list, if it is needed for the page and is remembered up to there."""
        if asked.is_at_hand and not offset:
            return None
        return listing_kept(self._url, state, asked.key, end_of(place, asked.query.limit, offset))


def _split(query: str) -> tuple[str, tuple[str, int] | None]:
    """(what is asked for, (the cursor, the offset) of the page); None for one that is not to be read at a glance."""
    if "cursor=" not in query and "offset=" not in query:
        return query, ("", 0)
    rest, separator, cursor = query.rpartition("&cursor=")  # as `next` has it
    if separator and "cursor=" not in rest and "offset=" not in rest and _CURSOR.fullmatch(cursor):
        return rest, (cursor, 0)
    parts = query.split("&")
    others = [one for one in parts if not one.startswith(("cursor=", "offset="))]
    if len(others) != len(parts) - 1:
        return query, None
    ((name, _, value),) = (one.partition("=") for one in parts if one.startswith(("cursor=", "offset=")))
    if name == "cursor":
        return "&".join(others), (value, 0) if _CURSOR.fullmatch(value) else None
    return "&".join(others), ("", int(value)) if _OFFSET.fullmatch(value) else None


@lru_cache(maxsize=_KEPT)
def _asked(plural: str, rest: str) -> Asked | None:
    """What a query string without a place asks for; None if anything is wrong with it, or it asks for another shape."""
    kind = _KINDS[plural]
    values, problems = parameters.parse(rest.encode(), lists.list_parameters(kind))
    shaping = ("cursor", "offset", "format", "evidence", "include")
    if problems or any(name in values for name in shaping):
        return None
    try:
        query = lists.list_query(kind, values)
    except ProblemError:
        return None
    ordering, shape = lists.ordering_of(values), lists.shape_of(values)
    if shape.fields and query.limit > _MOST_CUT:
        return None
    beside = parameters.up_to(f"/{plural}?{rest}", "cursor")
    pages = Pages(kind, query.ordering)
    counted = tuple(
        (name, facet_key(kind, query, fields_of(kind)[name]), facets.up_to(f"/{plural}?{rest}", name))
        for name in facets.asked_in(values)
    )
    key = listing_key(kind, query)
    bare = Pages(kind, query.ordering, tells_places=False)
    return Asked(kind, query, ordering, pages, bare, key, shape, beside, is_at_hand(kind, query), counted)


def _cut_listing(
    connection: sqlite3.Connection, asked: Asked, found: Listing, place: Place | None, cursor: str, offset: int
) -> Cut[Any] | None:
    """A page of a list, known up to there; None where the cursor is not what this list gives out there."""
    limit, read = asked.query.limit, asked.pages.values
    if offset >= found.count > 0 or (place and not 0 < place.rank < found.count):
        return None
    start, end = page_of(found.count, place, limit, offset)
    ids = list(found.ids[start:end])
    if place:
        ids.append(found.ids[place.named])  # the row that the cursor names is read with those of the page
    rows = asked.pages.of(connection, ids)
    if place:
        named = Place(read(rows.pop()), place.is_before, place.rank)
        if cursors.write(asked.ordering, named) != cursor:
            return None
    return cut_between(rows, read, start, end, found.count)


def _beside(asked: Asked, place: Place | None) -> str | None:
    return asked.beside + cursors.write(asked.ordering, place) if place else None


def _documents(asked: Asked, rows: Sequence[Any]) -> list[bytes]:
    if not asked.shape.fields:
        return [row[0] for row in rows]
    return [only(row[0], asked.shape).encode() for row in rows]


def _body(count: int, beside: Sequence[str], revision: int, documents: Sequence[bytes], counted: str) -> list[bytes]:
    """A page as its model writes it (`app.api.facets.RecordPage`), in parts: what is long is put together once."""
    head = f'{{"count":{count},"next":{beside[0]},"previous":{beside[1]},"revision":{revision},"results":['
    parts = [b","] * (2 * len(documents) + 1 if documents else 2)
    parts[1:-1:2] = documents
    parts[0], parts[-1] = head.encode(), f'],"facets":{counted}}}'.encode()
    return parts
