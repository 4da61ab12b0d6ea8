"""Search over all kinds: names first, then what is said of a record, then the sentences that speak of it.

The order is that of `app.fulltext`: tier by tier, and in each the best known first. What finds nothing is looked for
again with its words corrected (`app.queries.corrections`).
"""

import json
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Select, select
from sqlmodel import col

from app.documents.evidence import Ref
from app.documents.search import SearchHit, Suggestion
from app.fulltext import Sought, Tier, best_first, count, id_at, ids, is_found, match_of, nothing, rank_at
from app.queries.corrections import corrected
from app.queries.entities import reference
from app.queries.memory import Memory
from app.queries.snippets import name_found, name_that_fits, words_found
from app.tables.identity import members
from app.tables.records import Entry, Indexed
from app.words import words

SUGGESTED = 10
# Of those in one tier that are known alike, so many are put in the order of their slugs, the others in that of loading.
_SORTED = 300
_COUNTS: Memory[int] = Memory(1_000_000)
# Of more words, no more are looked for in what is shown of a hit.
_MOST_SHOWN = 64


@dataclass(frozen=True)
class SearchQuery:
    """What is searched for, among which kinds."""

    q: str
    kind: tuple[str, ...] = ()
    limit: int = 20
    offset: int = 0


@dataclass(frozen=True)
class Found:
    """How many records match, those of the page, best first, and what was looked for if that was not what was asked."""

    count: int
    hits: list[SearchHit]
    corrected: str | None


def search(connection: Connection, query: SearchQuery) -> Found:
    """The records that have all the words, the last as a beginning, or else those that have the nearest words."""
    sought, instead = Sought(tuple(words(query.q)), query.kind), None
    if not sought.words:
        return Found(0, [], None)
    found = _count_of(connection, sought)
    if not found and (nearest := corrected(connection, sought, Tier.ANYWHERE)):
        sought, instead = replace(sought, words=nearest), " ".join(nearest)
        found = _count_of(connection, sought)
    page = _page(connection, sought, Tier.ANYWHERE, query) if query.offset < found else []
    tiers = {id_at(place): tier for tier, place in page}
    named, shown_words = _named(connection, list(tiers)), _shown(sought)
    told_of = [one for one, tier in tiers.items() if tier > Tier.DESCRIBED]
    told = words_found(connection, members(connection, told_of), shown_words) if told_of else {}
    hits = [
        SearchHit(**ref.model_dump(), **(told[one] if one in told else name_found(names, shown_words)))
        for one in tiers
        for ref, names in (named[one],)
    ]
    return Found(found, hits, instead)


def suggest(connection: Connection, q: str, kinds: tuple[str, ...] = ()) -> tuple[str | None, list[Suggestion]]:
    """(what was looked for instead, the records that could be meant): one of whose names has all the words."""
    sought, instead = Sought(tuple(words(q)), kinds), None
    if not sought.words:
        return None, []
    first = SearchQuery(q, limit=SUGGESTED)
    page = _page(connection, sought, Tier.DESCRIBED, first)
    if not page and (nearest := corrected(connection, sought, Tier.DESCRIBED)):
        sought, instead = replace(sought, words=nearest), " ".join(nearest)
        page = _page(connection, sought, Tier.DESCRIBED, first)
    found = [id_at(place) for _, place in page]
    named, suggestions = _named(connection, found), []
    for ref, names in (named[one] for one in found):
        fits = name_that_fits(names, _shown(sought))
        suggestions.append(Suggestion(**ref.model_dump(), name=fits.text, highlights=fits.highlights))
    return instead, suggestions


def matching(connection: Connection, q: str, kinds: tuple[str, ...] = ()) -> Select[Any]:
    """The ids of all records that a search for `q` finds, as a select that a column can be `in_`."""
    sought = Sought(tuple(words(q)), kinds)
    if not sought.words:
        return nothing()
    if not is_found(connection, sought, Tier.ANYWHERE) and (nearest := corrected(connection, sought, Tier.ANYWHERE)):
        sought = replace(sought, words=nearest)
    return ids(connection.dialect.name, sought)


def _shown(sought: Sought) -> Sequence[str]:
    """The words that are looked for in what is shown of a hit: of very many the first, and the last."""
    *whole, last = sought.words
    return (*list(dict.fromkeys(whole))[: _MOST_SHOWN - 1], last) if len(whole) >= _MOST_SHOWN else sought.words


def _count_of(connection: Connection, sought: Sought) -> int:
    match = match_of(connection.dialect.name, sought, Tier.ANYWHERE)
    return _COUNTS.of(connection, match, lambda: count(connection, match))


def _page(connection: Connection, sought: Sought, last: Tier, query: SearchQuery) -> list[tuple[Tier, int]]:
    """The tier and the rowid of each hit of the page, best first."""
    page: list[tuple[Tier, int]] = []
    skipped = query.offset
    before = None
    for tier in sought.tiers(last):
        match = match_of(connection.dialect.name, sought, tier, after=before)
        before = tier
        rows = _from_tier(connection, match, query.limit - len(page), skipped)
        page += [(tier, place) for place in rows]
        if len(page) == query.limit:
            break
        if rows:
            skipped = 0
        elif skipped:
            skipped -= count(connection, match)
    return page


def _from_tier(connection: Connection, match: str, limit: int, offset: int) -> list[int]:
    """From `offset` on so many of what is found, the best known first, of the first _SORTED also by slug."""
    found: list[int] = []
    if offset < _SORTED:
        first = _first(connection, match, offset + limit)
        found = _by_slug(connection, first, offset, offset + limit)
        if len(first) < _SORTED:
            return found
    missing = limit - len(found)
    beyond = best_first(connection, match, most=missing, skipped=max(offset, _SORTED)) if missing else ()
    return [*found, *beyond]


def _first(connection: Connection, match: str, wanted: int) -> list[int]:
    """The first that are found, up to _SORTED: so many, and all that are known as well as the last of them."""
    first: list[int] = []
    for place in best_first(connection, match, most=_SORTED):
        if len(first) >= wanted and rank_at(place) != rank_at(first[-1]):
            break
        first.append(place)
    return first


def _by_slug(connection: Connection, best_first: Sequence[int], start: int, end: int) -> list[int]:
    """From `start` to `end` of these, with those that are known alike in the order of their slugs."""
    ranks = [rank_at(place) for place in best_first]
    if not ranks[start:end]:
        return []
    alike = slice(bisect_left(ranks, ranks[start]), bisect_right(ranks, ranks[start:end][-1]))
    group = list(best_first[alike])
    if len(set(ranks[alike])) < len(group):
        query = select(col(Entry.id), col(Entry.slug)).where(col(Entry.id).in_([id_at(place) for place in group]))
        slugs = {row.id: row.slug for row in connection.execute(query)}
        group.sort(key=lambda place: (rank_at(place), slugs.get(id_at(place), "")))
    return group[start - alike.start : end - alike.start]


def _named(connection: Connection, found: Sequence[int]) -> dict[int, tuple[Ref, list[str]]]:
    """How each record is referred to, and everything that it is called."""
    query = (
        select(col(Entry.id), col(Entry.kind), col(Entry.slug), col(Entry.label), col(Indexed.names))
        .join(Indexed, col(Indexed.id) == col(Entry.id))
        .where(col(Entry.id).in_(found))
    )
    rows = connection.execute(query)
    return {row.id: (reference(row.kind, row.slug, row.label), json.loads(row.names)) for row in rows}
