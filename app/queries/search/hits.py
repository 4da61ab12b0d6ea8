"""Which records a search finds, best first: tier by tier, and in each the best known first (`app.fulltext`).

How they are found depends on how many there are, and on what the index knows of the words (`known`):

- few, and counted: all are read wholly, and put into their tiers here (`Hits.few`);
- more: the index is asked of one tier after the other, until the page is full (`Hits.page`);
- of some kinds only: the kind of each of the first `_LOOKED_UP` is looked up, of more the index is asked (`_found`,
  `_count`);
- `is_common`, very many names begin so: they are never few. Those names are found among what begins with their first
  letters, and their labels are looked at (`_only_in`); each tier behind them, and the count, takes time;
- `is_wide`, many have each of several words: the count takes time, unless it is known to be large (`_page` in
  `app.queries.search`);
- `is_heavy`, very many words begin so: everything takes time, from the start (`with_known`).

What takes time is not begun where everybody else would wait for it (`Reader.take_time`).
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import islice

from sqlalchemy import select
from sqlmodel import col

from app.fulltext import Sought, Tier, among, at_hand, best_first, count, id_at, match_of, rank_at, tiers_of
from app.prepared import Prepared, Reader
from app.tables.records import Entry
from app.words import whole

# Of those in one tier that are known alike, so many are put in the order of their slugs, the others in that of loading.
_SORTED = 100
# To look up of which kind so many hits are costs less than to have the index pass over all records of a kind.
_LOOKED_UP, _AT_ONCE = 800, 50
# For each word so many hits are read wholly to see in which tier each is; otherwise the index is asked of each tier.
_FEW = 100

_ENTRIES = Prepared(
    lambda way: select(col(Entry.id), col(Entry.kind), col(Entry.slug), col(Entry.label)).where(
        col(Entry.id).in_(way.among("ids"))
    )
)


class Hits:
    """The hits of one search up to a tier, in one transaction."""

    def __init__(self, reader: Reader, sought: Sought, last: Tier) -> None:
        self._reader, self._sought, self._last = reader, sought, last
        self._most_few = _FEW * len(set(sought.words))
        self._slugs: dict[int, str] = {}

    @cached_property
    def few(self) -> list[tuple[Tier, int]] | None:
        """The tier and the rowid of every hit, best first, where these are few: they are found at once."""
        if self._sought.is_common:
            return None
        places = list(best_first(self._reader, self._match(self._last), most=self._most_few + 1))
        if len(places) > self._most_few:
            return None
        placed = tiers_of(self._reader, self._sought, self._looked_up(places), self._last)
        return sorted(placed, key=lambda one: (one[0], rank_at(one[1]), self._slugs.get(id_at(one[1]), ""), one[1]))

    def count(self) -> int:
        """How many there are; it looks at each. Raises HurryError."""
        self._gather()
        return self._count(self._match(self._last)) if self.few is None else len(self.few)

    def best(self) -> tuple[Tier, int] | None:
        """The tier and the rowid of the best known hit of the best tier."""
        found = ((tier, place) for tier in self._sought.tiers(self._last) for place in self._found(tier))
        return next(found, None)

    def page(self, limit: int, offset: int = 0, *, count: int | None = None) -> list[tuple[Tier, int]]:
        """The tier and the rowid of so many hits from `offset` on, best first; `count` is how many there are in all.

        Raises HurryError.
        """
        if count is not None and count <= self._most_few and self.few is not None:
            return self.few[offset : offset + limit]
        page: list[tuple[Tier, int]] = []
        skipped, before = offset, None
        for tier in self._sought.tiers(self._last):
            rows = self._from_tier(tier, before, limit - len(page), skipped)
            page += [(tier, place) for place in rows]
            if len(page) == limit:
                break
            if rows:
                skipped = 0
            elif skipped:
                skipped -= self._count(self._match(tier, before))
            before = tier
        return page

    def _gather(self) -> None:
        """Take the time to gather all names that begin with what is sought."""
        if self._sought.is_common:
            self._reader.take_time()

    def _match(self, tier: Tier, after: Tier | None = None) -> str:
        return match_of(self._reader.dialect, self._sought, tier, after=after)

    def _of_kinds(self, match: str) -> str:
        return among(self._reader.dialect, self._sought.kinds, match)

    def _count(self, match: str) -> int:
        if not self._sought.kinds:
            return count(self._reader, match)
        places = list(best_first(self._reader, match, most=_LOOKED_UP + 1))
        if len(places) > _LOOKED_UP:
            return count(self._reader, self._of_kinds(match))
        return len(self._looked_up(places))

    def _from_tier(self, tier: Tier, before: Tier | None, limit: int, offset: int) -> list[int]:
        """From `offset` on so many of what is found, the best known first, of the first _SORTED also by slug."""
        found: list[int] = []
        if offset < _SORTED:
            first = self._first(self._found(tier, before), offset + limit)
            found = self._by_slug(first, offset, offset + limit)
            if len(first) < _SORTED:
                return found
        missing, skipped = limit - len(found), max(offset, _SORTED)
        if not missing:
            return found
        self._gather()
        match = self._of_kinds(self._match(tier, before))
        return [*found, *best_first(self._reader, match, most=missing, skipped=skipped)]

    def _first(self, found: Iterator[int], wanted: int) -> list[int]:
        """The first that are found, up to _SORTED: so many, and all that are known as well as the last of them."""
        first: list[int] = []
        for place in islice(found, _SORTED):
            if len(first) >= wanted and rank_at(place) != rank_at(first[-1]):
                break
            first.append(place)
        return first

    def _found(self, tier: Tier, before: Tier | None = None) -> Iterator[int]:
        """What is found in a tier but not in that before, the best known first, of the kinds that are sought."""
        match = self._match(tier, before)
        is_begun = self._sought.is_common and tier == Tier.BEGINNING
        if tier > Tier.BEGINNING:
            self._gather()
        if not self._sought.kinds and not is_begun:
            yield from best_first(self._reader, match, most=_SORTED)
            return
        places = best_first(self._reader, at_hand(self._sought) if is_begun else match, most=_LOOKED_UP)
        looked_up, last = 0, -1
        # One page, or all that may have to be put in order.
        while batch := list(islice(places, _SORTED if looked_up else _AT_ONCE)):
            looked_up, last = looked_up + len(batch), batch[-1]
            of_kinds = self._looked_up(batch, is_begun=is_begun)
            yield from self._only_in(Tier.BEGINNING, of_kinds) if is_begun else of_kinds
        if looked_up == _LOOKED_UP:
            self._reader.take_time()
            yield from best_first(self._reader, self._of_kinds(match), most=_SORTED, beyond=last)

    def _only_in(self, tier: Tier, places: Sequence[int]) -> list[int]:
        """Those of these hits that are in the tier."""
        return sorted(place for one, place in tiers_of(self._reader, self._sought, places, self._last) if one == tier)

    def _looked_up(self, places: Sequence[int], *, is_begun: bool = False) -> list[int]:
        """Those of the kinds that are sought; with `is_begun`, whose label begins with what is sought."""
        by_id = {id_at(place): place for place in places}
        kinds, begins = self._sought.kinds, "".join(self._sought.words)
        slugs = {
            id: slug
            for id, kind, slug, label in self._reader.rows(_ENTRIES, ids=list(by_id))
            if (not kinds or kind in kinds) and (not is_begun or whole(label).startswith(begins))
        }
        self._slugs |= slugs
        return [place for id, place in by_id.items() if id in slugs]

    def _by_slug(self, places: Sequence[int], start: int, end: int) -> list[int]:
        """From `start` to `end` of these, with those that are known alike in the order of their slugs."""
        ranks = [rank_at(place) for place in places]
        if not ranks[start:end]:
            return []
        alike = slice(bisect_left(ranks, ranks[start]), bisect_right(ranks, ranks[start:end][-1]))
        group = list(places[alike])
        if len(set(ranks[alike])) < len(group):
            if missing := [one for place in group if (one := id_at(place)) not in self._slugs]:
                self._slugs |= {id: slug for id, _, slug, _ in self._reader.rows(_ENTRIES, ids=missing)}
            group.sort(key=lambda place: (rank_at(place), self._slugs.get(id_at(place), "")))
        return group[start - alike.start : end - alike.start]
