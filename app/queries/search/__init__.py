"""Search over all kinds: names first, then what is said of a record, then the sentences that speak of it.

The order is that of `app.fulltext`: tier by tier, and in each the best known first. The `hits` are shown with
`snippets`; `known` is what the index knows of the words. What finds nothing is looked for again with `corrections` of
its words.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, select
from sqlmodel import col

from app.fulltext import Sought, Tier, id_at, ids, is_found, nothing
from app.prepared import Prepared, Reader, reader_of
from app.queries.memory import Memory, remembered
from app.queries.search.corrections import corrected
from app.queries.search.hits import Hits
from app.queries.search.known import with_known
from app.queries.search.snippets import name_found, name_that_fits, words_found
from app.queries.status import state_read
from app.tables.identity import members_now
from app.tables.records import Entry
from app.tables.search import Indexed
from app.vocabulary import PLURALS
from app.words import words

Hit = dict[str, Any]

SUGGESTED = 10
_COUNTS: Memory[int] = Memory(1_000_000)
# Of so many hits the first are soon found, even where each of several words is known by very many.
_DENSE = 2000
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


class _Looked(NamedTuple):
    """What was looked for in the end, and as text if that is not what was asked; how many hits there are; and the tier
    and the rowid of each of a page.
    """

    sought: Sought
    instead: str | None
    found: int
    page: list[tuple[Tier, int]]


_LOOKED: Memory[_Looked] = Memory(4_000_000, lambda one: 100 * (len(one.page) + len(one.sought.words)))


def search(connection: Connection | Reader, query: SearchQuery) -> Found:
    """The records that have all the words, the last as a beginning, or else those that have the nearest words.

    Raises HurryError.
    """
    reader = reader_of(connection)
    looked = _looked(reader, query, Tier.ANYWHERE)
    tiers = {id_at(place): tier for tier, place in looked.page}
    shown_words = _shown(looked.sought)
    told_of = [one for one, tier in tiers.items() if tier > Tier.DESCRIBED]
    told = words_found(reader, members_now(reader, told_of), shown_words) if told_of else {}
    hits = [
        ref | (told[one] if one in told else name_found(names, shown_words))
        for one, (ref, names) in _named(reader, list(tiers))
    ]
    return Found(looked.found, hits, looked.instead)


def suggest(connection: Connection | Reader, q: str, kinds: tuple[str, ...] = ()) -> tuple[str | None, list[Hit]]:
    """(what was looked for instead, the records that could be meant): one of whose names has all the words.

    They are as `Suggestion` has them. Raises HurryError.
    """
    reader = reader_of(connection)
    looked = _looked(reader, SearchQuery(q, kinds, SUGGESTED), Tier.DESCRIBED)
    suggestions, shown_words = [], _shown(looked.sought)
    for _, (ref, names) in _named(reader, [id_at(place) for _, place in looked.page]):
        fits = name_that_fits(names, shown_words)
        suggestions.append(ref | {"name": fits.text, "highlights": fits.highlights})
    return looked.instead, suggestions


def matching(connection: Connection, q: str, kinds: tuple[str, ...] = ()) -> Select[Any]:
    """The ids of all records that a search for `q` finds, as a select that a column can be `in_`."""
    reader = reader_of(connection)
    sought = with_known(reader, Sought(tuple(words(q)), kinds))
    if not sought.words:
        return nothing()
    if not is_found(reader, sought, Tier.ANYWHERE) and (nearest := corrected(reader, sought, Tier.ANYWHERE)):
        sought = Sought(nearest, sought.kinds)
    return ids(reader.dialect, sought)


def _shown(sought: Sought) -> Sequence[str]:
    """The words that are looked for in what is shown of a hit: of very many the first, and the last."""
    if len(sought.words) <= _MOST_SHOWN:
        return sought.words
    *whole, last = sought.words
    return (*list(dict.fromkeys(whole))[: _MOST_SHOWN - 1], last)


def _looked(reader: Reader, query: SearchQuery, last: Tier) -> _Looked:
    """What a search finds in the tiers up to the last, remembered for as long as the data stays as it is."""
    sought = Sought(tuple(words(query.q)), query.kind)
    if not sought.words:
        return _Looked(sought, None, 0, [])
    asked = f"{last:d} {query.limit} {query.offset} {_asked(sought)}"
    return remembered(_LOOKED, reader, asked, lambda: _look(reader, sought, query, last))


def _look(reader: Reader, asked: Sought, query: SearchQuery, last: Tier) -> _Looked:
    sought, instead = with_known(reader, asked), None
    count, page = _page(reader, sought, query, last)
    if not page and not count and (nearest := corrected(reader, sought, last)):
        sought, instead = with_known(reader, Sought(nearest, sought.kinds)), " ".join(nearest)
        count, page = _page(reader, sought, query, last)
    return _Looked(sought, instead, count, page)


def _page(reader: Reader, sought: Sought, query: SearchQuery, last: Tier) -> tuple[int, list[tuple[Tier, int]]]:
    """(how many hits there are, the tier and the rowid of those of the page); suggestions are not counted."""
    hits = Hits(reader, sought, last)
    if last != Tier.ANYWHERE:
        return 0, hits.page(query.limit)
    if sought.is_wide and (_COUNTS.kept(reader.base, state_read(reader), _asked(sought)) or 0) < _DENSE:
        reader.take_time()
    count = remembered(_COUNTS, reader, _asked(sought), hits.count)
    return count, hits.page(query.limit, query.offset, count=count) if query.offset < count else []


def _asked(sought: Sought) -> str:
    return " ".join((*sought.kinds, "/", *sought.words))


def _named(reader: Reader, found: Sequence[int]) -> Iterator[tuple[int, tuple[Hit, list[str]]]]:
    """How each record is referred to (as `Ref` has it), and everything that it is called."""
    rows = {id: (kind, slug, label, names) for id, kind, slug, label, names in reader.rows(_NAMED, ids=found)}
    for one in found:
        kind, slug, label, names = rows[one]
        ref = {"kind": kind, "slug": slug, "label": label, "url": f"/{PLURALS[kind]}/{slug}"}
        yield one, (ref, json.loads(names))
