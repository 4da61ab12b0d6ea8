"""Sets of records: which of them a filter keeps, remembered for as long as the data stays as it is.

Each is found by an index alone, whatever else is asked for; together they are an operation on bits. So a list is
counted without looking at any of its records, and what was found for one list serves the next.
"""

from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import chain, compress
from typing import Any, TypeVar

from pydantic_core import from_json
from sqlalchemy import ColumnElement, Connection, SelectBase, String, cast, func, literal_column, select
from sqlmodel import col

from app.queries.memory import Memory
from app.queries.records.fields import Field
from app.queries.records.filters import Filter, either, ids_of, known_ends, link_column
from app.tables.evidence import Entity
from app.tables.records import Link, record_column
from app.vocabulary import Kind

# So many ids are few, and kept as they are; of more there is a bit for each id up to the greatest.
FEW = 2000
Ids = frozenset[int] | int
# So much of a text of ids is read at once: nobody else gets on in the meantime, and long lists are slow to come by.
_PART = 20_000
# Of so many links it is not looked whether there are more.
_MANY = 200_000
# So many more sets are read before one is waited for.
_AHEAD = 4
_T = TypeVar("_T")
_MARKS = bytes.maketrans(b"01", b"\0\1")
# Sets are made here, one after the other, while those who wait for them read what the next is made of.
_MAKER = ThreadPoolExecutor(1, "sets")


@dataclass(frozen=True, slots=True)
class _Making:
    """A set that has been read, and is being made if it is not made yet; and how many bytes it takes at most."""

    ids: Future[Ids]
    size: int


_SETS: Memory[_Making] = Memory(12_000_000, lambda one: one.size)


def kept_by(connection: Connection, kind: Kind, filters: Collection[Filter], *, certain: bool) -> Ids | None:
    """The ids of the records of a kind that every filter keeps; None for no filters, which keep all."""
    kept: Ids | None = None
    is_of_kind = not filters
    for field in dict.fromkeys(one.field for one in filters):
        of_field = [one for one in filters if one.field == field]
        # What a record is linked with can be several things, a column's value must fulfil all at once.
        for told in [[one] for one in of_field] if field.is_linked else [of_field]:
            found, is_sure = _kept(connection, kind, told, certain=certain)
            kept = found if kept is None else both(kept, found)
            is_of_kind = is_of_kind or is_sure
    if kept is None or is_of_kind:
        return kept
    return _of_kind(connection, kind, kept)


def with_each_value(
    connection: Connection, kind: Kind, field: Field, values: Sequence[str]
) -> Iterator[tuple[str, Ids]]:
    """(a value of a text, the ids of the records that have it), of each; while sets are made the next ones are read."""
    reading = ((one, _read(connection, kind, [Filter(field, "is", (one,))], certain=False)) for one in values)
    for value, (ids, is_of_kind) in _ahead(reading):
        yield value, ids.result() if is_of_kind else _of_kind(connection, kind, ids.result())


def _ahead(these: Iterable[_T]) -> Iterator[_T]:
    """These, each given out when _AHEAD more have been begun."""
    begun = deque[_T]()
    for one in these:
        begun.append(one)
        if len(begun) > _AHEAD:
            yield begun.popleft()
    yield from begun


def found_by(connection: Connection, key: str, ids: Callable[[], SelectBase]) -> Ids:
    """The set of the ids that a query selects, remembered by this."""
    return _begun(connection, key, ids).result()


def _begun(connection: Connection, key: str, ids: Callable[[], SelectBase]) -> Future[Ids]:
    """The same as soon as it is read."""

    def begin() -> _Making:
        (told,) = _texts(connection, ids())
        most = greatest(connection, col(Entity.id))
        size = 60 * count if (count := told.count(",") + 1) <= FEW else most // 7
        return _Making(_MAKER.submit(set_of, most, _numbers_in(told)), size)

    return _SETS.of(connection, key, begin).ids


def selected(connection: Connection, ids: SelectBase) -> Iterator[list[int]]:
    """The ids that a query selects, in its order, in parts."""
    (found,) = columns_selected(connection, ids)
    return found


def columns_selected(connection: Connection, query: SelectBase) -> list[Iterator[list[int]]]:
    """The columns of numbers that a query selects, each in parts.

    Each is read as one text, since a row for each takes four times as long.
    """
    return list(map(_numbers_in, _texts(connection, query)))


def _texts(connection: Connection, query: SelectBase) -> list[str]:
    texts = [func.aggregate_strings(cast(one, String), ",") for one in query.subquery().c]
    return [told or "" for told in connection.execute(select(*texts)).one()]


def _numbers_in(told: str) -> Iterator[list[int]]:
    start = 0
    while start < len(told):
        end = told.find(",", start + _PART)
        end = len(told) if end < 0 else end
        yield from_json(f"[{told[start:end]}]")
        start = end + 1


def _kept(connection: Connection, kind: Kind, told: Collection[Filter], *, certain: bool) -> tuple[Ids, bool]:
    """(the ids that some filters of one field keep, whether they are certainly of this kind)."""
    (first, *_) = told
    if first.operator == "not" and first.field.is_linked:
        is_it, _ = _kept(connection, kind, [replace(first, operator="in")], certain=False)
        return without(_every(connection, kind), is_it), True
    if first.operator == "isnull" and first.field.is_linked:
        known, every = _known(connection, kind, first.field), _every(connection, kind)
        if len(set(first.values)) > 1:
            return every, True
        return without(every, known) if first.values[0] else both(known, every), True
    ids, is_sure = _read(connection, kind, told, certain=certain)
    return ids.result(), is_sure


def _read(connection: Connection, kind: Kind, told: Collection[Filter], *, certain: bool) -> tuple[Future[Ids], bool]:
    """The same of filters that say what is to be found, as soon as it is read."""
    ids, is_sure = ids_of(kind, told, certain=certain)
    key = repr((kind, [(one.field.name, one.operator, one.values) for one in told], certain))
    return _begun(connection, key, lambda: ids), is_sure


def is_of_field(connection: Connection, field: Field, *, is_all: bool) -> ColumnElement[bool]:
    """That a link is one of a field: found by that, or where all of very many are looked at, passed in another order.

    An index has all links in the order of either end; those of some properties would be sorted for it.
    """
    some = select(col(Link.id)).where(col(Link.property).in_(field.properties)).limit(_MANY).subquery()
    are_many = is_all and connection.execute(select(func.count()).select_from(some)).scalar_one() == _MANY
    name = link_column("property")
    return (unindexed(connection, name) if are_many else name).in_(field.properties)


def unindexed(connection: Connection, column: ColumnElement[Any]) -> ColumnElement[Any]:
    """The column, of which SQLite then uses no index: another one finds fewer rows, or has them in an order."""
    return literal_column(f"+{column}") if connection.dialect.name == "sqlite" else column


def _known(connection: Connection, kind: Kind, field: Field) -> Ids:
    """The ids of whatever has a link of this field, of this kind or of another one."""

    def ids() -> SelectBase:
        of_field, ends = is_of_field(connection, field, is_all=True), known_ends(kind, field)
        return either(select(here.label("here")).where(of_field, *known).distinct() for here, known in ends)

    return found_by(connection, f"{kind} {field.name} is known", ids)


def _every(connection: Connection, kind: Kind) -> Ids:
    every = select(record_column(kind, "id")).order_by(record_column(kind, "slug"))
    return found_by(connection, kind, lambda: every)


def _of_kind(connection: Connection, kind: Kind, kept: Ids) -> Ids:
    """Those of the ids that are of this kind."""
    if isinstance(kept, int):
        return both(kept, _every(connection, kind))
    identity = record_column(kind, "id")
    return frozenset(connection.execute(select(identity).where(identity.in_(kept))).scalars())


def set_of(most: int, ids: Iterable[Sequence[int]]) -> Ids:
    """These ids of records, which come in parts and are up to `most`, as a set."""
    parts, few = iter(ids), list[int]()
    for part in parts:
        few += part
        if len(few) > FEW:
            break
    else:
        return frozenset(few)
    digits = bytearray(b"0") * (most + 1)
    for part in chain([few], parts):
        for one in part:
            digits[one] = 49  # the digit 1; as a constant's name it takes half as long again
    digits.reverse()
    return int(digits, 2)


def greatest(connection: Connection, identity: Any) -> int:
    """The greatest id of a table, which tells about how many rows it has."""
    return connection.execute(select(func.max(identity))).scalar() or 0


def how_many(kept: Ids) -> int:
    """How many ids there are."""
    return kept.bit_count() if isinstance(kept, int) else len(kept)


def both(one: Ids, other: Ids) -> Ids:
    """The ids that are in both."""
    if isinstance(one, int):
        return _fewest(one & other) if isinstance(other, int) else _among(other, one)
    return _among(one, other) if isinstance(other, int) else one & other


def without(one: Ids, other: Ids) -> Ids:
    """The ids that are in the one and not in the other."""
    if isinstance(one, int):
        taken = both(one, other)
        held = taken if isinstance(taken, int) else sum(1 << each for each in taken)
        return _fewest(one & ~held)
    return one - (_among(one, other) if isinstance(other, int) else other)


def _among(few: frozenset[int], many: int) -> frozenset[int]:
    held = many.to_bytes(many.bit_length() // 8 + 1, "little")
    return frozenset(one for one in few if one >> 3 < len(held) and held[one >> 3] >> (one & 7) & 1)


def least(kept: Ids) -> int:
    """The least of some ids."""
    return (kept & -kept).bit_length() - 1 if isinstance(kept, int) else min(kept)


def among(ids: Iterable[Sequence[int]], kept: Ids) -> Iterator[int]:
    """Those of the ids, which come in parts, that are in the set, in their order."""
    if isinstance(kept, frozenset):
        for part in ids:
            yield from (one for one in part if one in kept)
        return
    marks = marks_of(kept)
    for part in filter(None, ids):
        if (last := max(part)) >= len(marks):
            marks = marks.ljust(2 * last, b"\0")
        yield from compress(part, map(marks.__getitem__, part))


def marks_of(bits: int) -> bytes:
    """A byte for each id up to the greatest: 1 if it is in the set."""
    return f"{bits:b}".encode()[::-1].translate(_MARKS)


def _fewest(bits: int) -> Ids:
    return frozenset(ids_in(bits)) if bits.bit_count() <= FEW else bits


def ids_in(bits: int) -> Iterator[int]:
    """The ids whose bits are set, from the least on."""
    digits = f"{bits:b}"[::-1]
    found = digits.find("1")
    while found >= 0:
        yield found
        found = digits.find("1", found + 1)
