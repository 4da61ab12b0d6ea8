"""What the index of SQLite knows of words: which of them should not be gathered before the first hit is told."""

from dataclasses import replace
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, func, select, text

from app.fulltext import AT_HAND, MARKS, Sought
from app.prepared import Prepared, Reader
from app.queries.memory import Memory, remembered
from app.words import LONGEST_NAME

# From how many places on something is known by many; and of so many words one is looked for under each.
_MANY, _MOST_ENDINGS = 500, 50
_LAST_LETTER = chr(0x10FFFF)


class _Known(NamedTuple):
    """See `Sought`; with `is_heavy` the last word begins many words that many records have."""

    endings: tuple[str, ...] = ()
    is_common: bool = False
    is_wide: bool = False
    is_heavy: bool = False


_REMEMBERED: Memory[_Known] = Memory(1_000_000, lambda known: 100 * len(known.endings))


def with_known(reader: Reader, sought: Sought) -> Sought:
    """The same with what the index knows of it. Raises HurryError if that is too much."""
    if reader.dialect != "sqlite" or not sought.words:
        return sought
    known = remembered(_REMEMBERED, reader, " ".join(sought.words), lambda: _known_of(reader, sought))
    if known.is_heavy:
        reader.take_time()
    return replace(sought, endings=known.endings, is_common=known.is_common, is_wide=known.is_wide)


def _known_of(reader: Reader, sought: Sought) -> _Known:
    name, (*first, last) = "".join(sought.words)[:LONGEST_NAME], sought.words
    is_common = len(name) > AT_HAND and any(_is_many(reader, mark, name) for mark in ("exact", "also"))
    is_many = _is_many(reader, "anywhere", last)
    is_wide = bool(first) and is_many and all(_is_many(reader, "anywhere", one) for one in set(first))
    endings = _endings(reader, last) if is_many and len(last) > AT_HAND else ()
    is_heavy = len(endings) > _MOST_ENDINGS
    return _Known(() if is_heavy else endings, is_common, is_wide, is_heavy)


def _is_many(reader: Reader, mark: str, begins: str) -> bool:
    """Whether many rows have a word that begins so under the mark."""
    first = f"{MARKS[mark]}{begins}"
    found: int = reader.rows(_STANDING, first=first, beyond=f"{first}{_LAST_LETTER}", most=_MANY)[0][0]
    return found == _MANY


def _endings(reader: Reader, begins: str) -> tuple[str, ...]:
    """The words of the index that begin so, up to one more than are looked for."""
    found: list[str] = []
    mark = MARKS["anywhere"]
    first, beyond = f"{mark}{begins}", f"{mark}{begins}{_LAST_LETTER}"
    while len(found) <= _MOST_ENDINGS and (rows := reader.rows(_NEXT_WORD, first=first, beyond=beyond)):
        found.append(rows[0][0][1:])
        # No letter or digit is before this one, so that what comes next is not before it either.
        first = f"{rows[0][0]}0"
    return tuple(found)


def _terms(what: str) -> Select[Any]:
    """Of all places in the index where a term between two others stands (`app.db`)."""
    return select(text(what)).select_from(text("temp.standing")).where(text("term >= :first AND term < :beyond"))


_STANDING = Prepared(lambda _: select(func.count()).select_from(_terms("1").limit(bindparam("most")).subquery()))
_NEXT_WORD = Prepared(lambda _: _terms("term").limit(1))
