"""Search over all kinds: names first, then what is said of a record, then the sentences that speak of it.

The order is that of `app.fulltext`: tier by tier, and in each the best known first. What finds nothing is looked for
again with its words corrected (`app.queries.corrections`).
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from sqlalchemy import Connection, Select, select
from sqlmodel import col

from app.fulltext import Sought, Tier, endings_of, id_at, ids, is_found, nothing
from app.prepared import Prepared, Reader, reader_of
from app.queries.corrections import corrected
from app.queries.hits import Hits
from app.queries.memory import Memory, remembered
from app.queries.snippets import name_found, name_that_fits, words_found
from app.tables.identity import members_now
from app.tables.records import Entry, Indexed
from app.vocabulary import PLURALS
from app.words import words

Hit = dict[str, Any]
_T = TypeVar("_T")

SUGGESTED = 10
_COUNTS: Memory[int] = Memory(1_000_000)
_ENDINGS: Memory[tuple[str, ...]] = Memory(1_000_000)
# Of more words, no more are looked for in what is shown of a hit.
_MOST_SHOWN = 64

_NAMED = Prepared(
    lambda way: (
        select(col(Entry.id), col(Entry.kind), col(Entry.slug), col(Entry.label), col(Indexed.names))
        .join(Indexed, col(Indexed.id) == col(Entry.id))
        .where(col(Entry.id).in_(way.among("ids")))
    )
)


@dataclass(frozen=True)
class SearchQuery:
    """What is searched for, among which kinds."""

    q: str
    kind: tuple[str, ...] = ()
    limit: int = 20
    offset: int = 0


@dataclass(frozen=True)
class Found:
    """How many records match, those of the page, best first, and what was looked for if that was not what was asked.

    The hits are as `SearchHit` has them.
    """

    count: int
    hits: list[Hit]
    corrected: str | None


def search(connection: Connection | Reader, query: SearchQuery) -> Found:
    """The records that have all the words, the last as a beginning, or else those that have the nearest words."""
    reader = reader_of(connection)
    sought, instead = _sought(reader, query.q, query.kind), None
    if not sought.words:
        return Found(0, [], None)
    found, page = _page(reader, sought, query)
    if not found and (nearest := corrected(reader, sought, Tier.ANYWHERE)):
        sought, instead = _with_endings(reader, replace(sought, words=nearest)), " ".join(nearest)
        found, page = _page(reader, sought, query)
    tiers = {id_at(place): tier for tier, place in page}
    shown_words = _shown(sought)
    told_of = [one for one, tier in tiers.items() if tier > Tier.DESCRIBED]
    told = words_found(reader, members_now(reader, told_of), shown_words) if told_of else {}
    hits = [
        ref | (told[one] if one in told else name_found(names, shown_words))
        for one, (ref, names) in _named(reader, list(tiers))
    ]
    return Found(found, hits, instead)


def suggest(connection: Connection | Reader, q: str, kinds: tuple[str, ...] = ()) -> tuple[str | None, list[Hit]]:
    """(what was looked for instead, the records that could be meant): one of whose names has all the words.

    They are as `Suggestion` has them.
    """
    reader = reader_of(connection)
    sought, instead = _sought(reader, q, kinds), None
    if not sought.words:
        return None, []
    page = Hits(reader, sought, Tier.DESCRIBED).page(SUGGESTED)
    if not page and (nearest := corrected(reader, sought, Tier.DESCRIBED)):
        sought, instead = _with_endings(reader, replace(sought, words=nearest)), " ".join(nearest)
        page = Hits(reader, sought, Tier.DESCRIBED).page(SUGGESTED)
    suggestions, shown_words = [], _shown(sought)
    for _, (ref, names) in _named(reader, [id_at(place) for _, place in page]):
        fits = name_that_fits(names, shown_words)
        suggestions.append(ref | {"name": fits.text, "highlights": fits.highlights})
    return instead, suggestions


def matching(connection: Connection, q: str, kinds: tuple[str, ...] = ()) -> Select[Any]:
    """The ids of all records that a search for `q` finds, as a select that a column can be `in_`."""
    reader = reader_of(connection)
    sought = _sought(reader, q, kinds)
    if not sought.words:
        return nothing()
    if not is_found(reader, sought, Tier.ANYWHERE) and (nearest := corrected(reader, sought, Tier.ANYWHERE)):
        sought = replace(sought, words=nearest, endings=())
    return ids(reader.dialect, sought)


def _sought(reader: Reader, q: str, kinds: tuple[str, ...]) -> Sought:
    return _with_endings(reader, Sought(tuple(words(q)), kinds))


def _with_endings(reader: Reader, sought: Sought) -> Sought:
    if not sought.words:
        return sought
    endings = remembered(_ENDINGS, reader, sought.words[-1], lambda: endings_of(reader, sought))
    return replace(sought, endings=endings)


def _shown(sought: Sought) -> Sequence[str]:
    """The words that are looked for in what is shown of a hit: of very many the first, and the last."""
    *whole, last = sought.words
    return (*list(dict.fromkeys(whole))[: _MOST_SHOWN - 1], last) if len(whole) >= _MOST_SHOWN else sought.words


def _page(reader: Reader, sought: Sought, query: SearchQuery) -> tuple[int, list[tuple[Tier, int]]]:
    """(how many hits there are, the tier and the rowid of those of the page)."""
    hits = Hits(reader, sought, Tier.ANYWHERE)
    count = remembered(_COUNTS, reader, " ".join((*sought.kinds, "/", *sought.words)), hits.count)
    return count, hits.page(query.limit, query.offset, count=count) if query.offset < count else []


def _named(reader: Reader, found: Sequence[int]) -> Iterator[tuple[int, tuple[Hit, list[str]]]]:
    """How each record is referred to (as `Ref` has it), and everything that it is called."""
    rows = {id: (kind, slug, label, names) for id, kind, slug, label, names in reader.rows(_NAMED, ids=found)}
    for one in found:
        kind, slug, label, names = rows[one]
        ref = {"kind": kind, "slug": slug, "label": label, "url": f"/{PLURALS[kind]}/{slug}"}
        yield one, (ref, json.loads(names))
