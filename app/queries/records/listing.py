"""Lists as the ids of their records in order, remembered for as long as the data stays as it is.

Of every list that was asked for its length and its beginning are kept, and whole are those that somebody reads on in.
"""

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, select

from app.prepared import State
from app.queries.memory import Memory
from app.queries.pages import Place, pieces
from app.queries.records.fields import Field
from app.queries.records.filters import Filter, condition, order_of
from app.queries.records.sets import Ids, among, both, found_by, how_many, kept_by, selected
from app.queries.search import matching
from app.tables.records import RECORD_TABLES, record_column
from app.vocabulary import Kind

# As many as one page can have.
_BEGINNING = 100
# So many ids are fetched at once.
_BATCH = 1000


@dataclass(frozen=True)
class ListQuery:
    """What a list is asked for. The page begins at `place`, or else after the first `offset` records."""

    filters: tuple[Filter, ...] = ()
    ordering: tuple[tuple[Field, bool], ...] = ()
    certain: bool = False
    q: str | None = None
    limit: int = 20
    offset: int = 0
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """How many records a list has, and the ids of the first of them, or of all, in its order."""

    count: int
    ids: Sequence[int] = field(repr=False)

    def reaches(self, end: int) -> bool:
        """Whether it has the ids of so many from the beginning, if there are so many."""
        return min(end, self.count) <= len(self.ids)


def _bytes(listing: Listing) -> int:
    return 4 * len(listing.ids)


_BEGINNINGS: Memory[Listing] = Memory(4_000_000, _bytes)
_WHOLE: Memory[Listing] = Memory(10_000_000, _bytes)
_COUNTS: Memory[int] = Memory(500_000)


def listing_of(connection: Connection, kind: Kind, query: ListQuery, end: int) -> Listing:
    """The list, up to a page's end or further."""
    key = listing_key(kind, query)
    begun = _BEGINNINGS.of(connection, key, lambda: _found(connection, kind, query, _BEGINNING))
    if begun.reaches(end):
        return begun
    return _WHOLE.of(connection, key, lambda: _found(connection, kind, query, None))


def listing_kept(url: str, state: State, key: str, end: int) -> Listing | None:
    """The list of this key (`listing_key`) in a database of this state, if it is remembered up to there."""
    begun = _BEGINNINGS.kept(url, state, key)
    return begun if begun is None or begun.reaches(end) else _WHOLE.kept(url, state, key)


def count_kept(url: str, state: State, kind: Kind) -> int | None:
    """How many records of a kind there are, if it is remembered."""
    return _COUNTS.kept(url, state, kind)


def set_key(kind: Kind, query: ListQuery) -> str:
    """What it depends on which records a list holds, as a text."""
    filters = [(one.field.name, one.operator, one.values) for one in query.filters]
    return repr((kind, filters, query.certain, query.q))


def listing_key(kind: Kind, query: ListQuery) -> str:
    """What the whole list of a query depends on, as a text."""
    ordering = ",".join(f"{'-' if is_descending else ''}{field.name}" for field, is_descending in query.ordering)
    return f"{set_key(kind, query)} {ordering}"


def count_of(connection: Connection, kind: Kind) -> int:
    """How many records of a kind there are."""
    every = select(func.count()).select_from(RECORD_TABLES[kind])
    return _COUNTS.of(connection, kind, lambda: connection.execute(every).scalar_one())


def ids_of_list(connection: Connection, kind: Kind, query: ListQuery) -> Ids | None:
    """The ids that the filters keep, and the search within the list; None for all."""
    kept = kept_by(connection, kind, query.filters, certain=query.certain)
    if query.q is None:
        return kept
    words = query.q
    sought = found_by(connection, repr((kind, words)), lambda: matching(connection, words, (kind,)))
    return sought if kept is None else both(kept, sought)


def _found(connection: Connection, kind: Kind, query: ListQuery, most: int | None) -> Listing:
    """The list up to so many ids, or whole: few are put in order, of many all that there are are passed in order."""
    kept = ids_of_list(connection, kind, query)
    wanted = select(record_column(kind, "id"))
    if isinstance(kept, frozenset):
        is_kept = record_column(kind, "id").in_(kept)
        ids = array("I", chain.from_iterable(_in_order(connection, kind, query, wanted.where(is_kept), is_whole=True)))
        return Listing(len(ids), ids)
    wanted = wanted.where(*_in_the_way(kind, query))
    parts = _in_order(connection, kind, query, wanted, is_whole=most is None)
    ids = array("I", islice(chain.from_iterable(parts) if kept is None else among(parts, kept), most))
    return Listing(count_of(connection, kind) if kept is None else how_many(kept), ids)


def _in_the_way(kind: Kind, query: ListQuery) -> list[ColumnElement[bool]]:
    """The conditions on what the list is ordered by first: the index that is followed tells what lies outside."""
    (first, _), *_ = query.ordering
    told = (one for one in query.filters if one.field == first and not first.is_linked)
    return [condition(kind, one, certain=query.certain) for one in told]


def _in_order(
    connection: Connection, kind: Kind, query: ListQuery, wanted: Select[Any], *, is_whole: bool
) -> Iterator[Sequence[int]]:
    """What a query selects in the order of the list, in parts; unless all is wanted, no more is read than is taken."""
    for conditions, sorts in pieces(order_of(kind, query.ordering), None):
        ordered = [sort.clause(is_backwards=False) for sort in sorts]
        part = wanted.where(*conditions).order_by(*ordered)
        if is_whole:
            yield from selected(connection, part)
        else:
            with connection.execute(part.execution_options(yield_per=_BATCH)) as found:
                yield from found.scalars().partitions()
