"""Pages by key: the rows before or after a place in an order, each found by an index and none passed over.

An order is a list of columns, each perhaps descending, unknown values last in either direction, ending in a unique
column. What follows a place is asked for in pieces, nearest first: the rows that are alike in all columns but the
last and beyond the place in that one, then those that differ in the column before, and so on. Of films in the order
`-date,slug` these are the pieces behind "moon", which is of 2008-05:

    WHERE date = '2008-05' AND slug > 'moon'  ORDER BY slug
    WHERE date < '2008-05'                    ORDER BY date DESC, slug
    WHERE date IS NULL                        ORDER BY slug

and these the pieces before it, read backwards, from "moon" to the first:

    WHERE date = '2008-05' AND slug < 'moon'  ORDER BY slug DESC
    WHERE date > '2008-05'                    ORDER BY date, slug DESC

Each piece is a range of one column, so that the last page of a million costs what the first does; a condition on
several columns at once, joined by OR, would be a scan.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Connection, Select, func, select

# How much of a text a cursor carries; what is longer is read again from the row that it names. No slug is as long.
LONGEST_TEXT = 120
_T = TypeVar("_T")
_Piece = tuple[list[ColumnElement[bool]], Sequence["Sort"]]


@dataclass(frozen=True)
class Sort:
    """One column of an order."""

    column: ColumnElement[Any]
    is_descending: bool
    is_nullable: bool

    @cached_property
    def held(self) -> Any:
        """The type of its values in Python."""
        kind: Any = self.column.type
        return getattr(kind, "impl_instance", kind).python_type

    def clause(self, *, is_backwards: bool) -> Any:
        """It in ORDER BY: unknown last, or first when read backwards."""
        ordered = self.column.desc() if self.is_descending != is_backwards else self.column.asc()
        if not self.is_nullable:
            return ordered
        return ordered.nulls_first() if is_backwards else ordered.nulls_last()

    def beyond(self, value: Any, *, is_backwards: bool) -> ColumnElement[bool]:
        """The condition that it is known and lies behind a known value in the direction of reading."""
        condition: ColumnElement[bool] = (
            self.column < value if self.is_descending != is_backwards else self.column > value
        )
        return condition


@dataclass(frozen=True)
class Place:
    """A gap between two rows, told by the values of one of them: the page lies after that row, or before it.

    `rank` is how many rows were before the gap when the place was given out. With pages of 20 the first page ends
    where the second begins, at 20, be it told as "after the 20th row" or as "before the 21st".
    """

    values: tuple[str | float | int | date | datetime | None, ...]
    is_before: bool = False
    rank: int = 0

    @property
    def named(self) -> int:
        """Which row of the list it is told by, the first being 0, if its rank holds."""
        return self.rank if self.is_before else self.rank - 1


@dataclass(frozen=True)
class Cut(Generic[_T]):
    """The rows of a page, how many are before them, and the places at which the pages beside it begin, if there are."""

    rows: Sequence[_T]
    start: int
    after: Place | None
    before: Place | None


def cut_at(
    connection: Connection, parts: Sequence[Select[Any]], order: Sequence[Sort], values_of: Callable[[Any], Any], *,
    place: Place | None, limit: int, offset: int = 0,
) -> Cut[Any]:  # fmt: skip
    """A page of queries that come one after the other in the order, at a place or else behind `offset` of the first.

    `values_of` gives a row's values of the order's columns.
    """
    is_backwards = place is not None and place.is_before
    rank = place.rank if place else offset
    found: list[Any] = []
    for part in reversed(parts) if is_backwards else parts:
        wanted = limit + 1 - len(found)
        if offset:
            # Of those passed over no more is read than an index has.
            keys = part.with_only_columns(*(sort.column for sort in order))
            offset, last = _pass_over(connection, keys, order, offset)
            rows = rows_at(connection, part, order, Place(tuple(last)), wanted) if last else []
        else:
            rows = rows_at(connection, part, order, place, wanted)
        found = [*rows, *found] if is_backwards else [*found, *rows]
        if len(found) > limit:
            break
    return cut_of(found, values_of, place=place, limit=limit, rank=rank)


def cut_of(
    found: list[Any], values_of: Callable[[Any], Any], *, place: Place | None, limit: int, rank: int
) -> Cut[Any]:
    """The page of the rows at a place, of which one more than `limit` was looked for; `rank` rows are before it."""
    is_backwards, has_more = place is not None and place.is_before, len(found) > limit
    page = found[-limit:] if is_backwards else found[:limit]
    goes_on = is_backwards or has_more
    was_there_more = has_more if is_backwards else place is not None or rank > 0
    start = max(0, rank - len(page)) if is_backwards else rank
    after = Place(tuple(values_of(page[-1])), rank=start + len(page)) if page and goes_on else None
    before = Place(tuple(values_of(page[0])), is_before=True, rank=start) if page and was_there_more else None
    return Cut(page, start, after, before)


def page_of(total: int, place: Place | None, limit: int, offset: int = 0) -> tuple[int, int]:
    """(where a page of a list of so many begins, where it ends), for a place whose rank holds."""
    if place is None:
        return offset, min(offset + limit, total)
    if place.is_before:
        return max(0, place.rank - limit), place.rank
    return place.rank, min(place.rank + limit, total)


def cut_between(
    rows: Sequence[_T], values_of: Callable[[_T], tuple[Any, ...]], start: int, end: int, total: int
) -> Cut[_T]:
    """The page of the rows from `start` to `end` (`page_of`) of a list of so many."""
    after = Place(values_of(rows[-1]), rank=end) if rows and end < total else None
    before = Place(values_of(rows[0]), is_before=True, rank=start) if rows and start > 0 else None
    return Cut(rows, start, after, before)


def is_cut(place: Place) -> bool:
    """Whether a text of the place may have been cut by its cursor."""
    return any(isinstance(value, str) and len(value) >= LONGEST_TEXT for value in place.values)


def rows_at(
    connection: Connection, query: Select[Any], order: Sequence[Sort], place: Place | None, limit: int
) -> list[Any]:
    """Up to `limit` rows of the query after the place, or before it, in the order; from the first without a place."""
    is_backwards = place is not None and place.is_before
    found: list[Any] = []
    for conditions, sorts in pieces(order, place, query, limit):
        ordered = [sort.clause(is_backwards=is_backwards) for sort in sorts]
        found += connection.execute(query.where(*conditions).order_by(*ordered).limit(limit - len(found)))
        if len(found) >= limit:
            break
    return found[::-1] if is_backwards else found


def _pass_over(connection: Connection, query: Select[Any], order: Sequence[Sort], offset: int) -> tuple[int, Any]:
    """(how many more than the query has are to be passed over, the last row that is passed over if it has them)."""
    for conditions, sorts in pieces(order, None, query, offset):
        piece = query.where(*conditions)
        ordered = piece.order_by(*(sort.clause(is_backwards=False) for sort in sorts))
        if last := connection.execute(ordered.limit(1).offset(offset - 1)).first():
            return 0, last
        offset -= connection.execute(select(func.count()).select_from(piece.subquery())).scalar_one()
    return offset, None


def pieces(
    order: Sequence[Sort], place: Place | None, within: Select[Any] | None = None, most: Any = None
) -> Iterator[_Piece]:
    """(conditions, what is left to order by) of each piece, in the direction of reading; of all rows without a place.

    With what is selected, and how many rows of it are read at most, no piece has to be sorted by two columns that go
    different ways, which no index does: it comes in two parts (`_parted`).
    """
    is_backwards = place is not None and place.is_before
    for conditions, sorts in _from_place(order, place) if place else _known_then_unknown(order):
        if within is not None and len(sorts) == 2 and sorts[0].is_descending != sorts[1].is_descending:
            yield from _parted(within.where(*conditions), conditions, sorts, most, is_backwards=is_backwards)
        else:
            yield conditions, sorts


def _parted(
    rows: Select[Any], conditions: list[ColumnElement[bool]], sorts: Sequence[Sort], most: Any, *, is_backwards: bool
) -> Iterator[_Piece]:
    """The rows before the last value that a page can have in the first column, a page at most, and those with it.

    Of the piece that is `date < '2008-05'` in the example above, where 2007-11 is the date of the 20th row:

        WHERE date < '2008-05' AND date > '2007-11'  ORDER BY date DESC, slug
        WHERE date < '2008-05' AND date = '2007-11'  ORDER BY slug
    """
    first, *rest = sorts
    nearest = rows.with_only_columns(first.column.label("value")).order_by(first.clause(is_backwards=is_backwards))
    values = nearest.limit(most).subquery().c.value
    goes_down = first.is_descending != is_backwards
    last: Any = select(func.min(values) if goes_down else func.max(values)).scalar_subquery()
    yield [*conditions, first.beyond(last, is_backwards=not is_backwards)], sorts
    yield [*conditions, first.column == last], rest


def _from_place(order: Sequence[Sort], place: Place) -> Iterator[_Piece]:
    """The pieces after a place, or before it: first what is like it in all columns but the last, at last in none."""
    for level in reversed(range(len(order))):
        here, value = order[level], place.values[level]
        alike = [_same(sort, told) for sort, told in zip(order[:level], place.values, strict=False)]
        unknown = [sort for sort, told in zip(order[:level], place.values, strict=False) if told is None]
        known = [*_all_unknown(unknown, here), *_known_first(order[level:])]
        if value is not None:
            yield [*alike, here.beyond(value, is_backwards=place.is_before)], known
            if here.is_nullable and not place.is_before:
                rest = order[level + 1 :]
                yield [*alike, here.column.is_(None)], [*_all_unknown([*unknown, here], rest[0]), *rest]
        elif place.is_before:  # what is unknown is last: all that is known is before it, and nothing behind
            yield [*alike, here.column.is_not(None)], known


def _known_then_unknown(order: Sequence[Sort]) -> Iterator[_Piece]:
    """All rows: those of which the first column is known, and then the others."""
    first = order[0]
    if not first.is_nullable:
        yield [], order
        return
    yield [first.column.is_not(None)], _known_first(order)
    yield [first.column.is_(None)], [*_all_unknown([first], order[1]), *order[1:]]


def _known_first(order: Sequence[Sort]) -> list[Sort]:
    """The order among rows whose first column is known, which lets an index serve it."""
    return [replace(order[0], is_nullable=False), *order[1:]]


def _all_unknown(sorts: Sequence[Sort], then: Sort) -> list[Sort]:
    """Columns that are unknown in all rows of a piece, as an index that goes on with another column has them.

    They order nothing, but PostgreSQL does not see that, and would sort all rows but for them.
    """
    return [replace(sort, is_nullable=False, is_descending=then.is_descending) for sort in sorts]


def _same(sort: Sort, value: Any) -> ColumnElement[bool]:
    return sort.column.is_(None) if value is None else sort.column == value
