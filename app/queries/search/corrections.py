"""What may be meant by words that find nothing: the nearest words of names in the base that do find something."""

from collections.abc import Sequence
from heapq import nsmallest
from itertools import groupby, product

from sqlalchemy import bindparam, select
from sqlmodel import col

from app.fulltext import Sought, Tier, is_found
from app.prepared import Prepared, Reader
from app.queries.search.hits import Hits
from app.spelling import can_be_corrected, difference, key_of_beginning, keys_to, tolerated
from app.tables.search import Spelling

# What a correction may cost: words of the query, words held against each, of these kept, and combinations tried.
_MOST_WORDS, _MOST_LIKE, _MOST_KEPT, _MOST_TRIED = 6, 1000, 5, 64
# From how many letters on the last word may be one that is mistyped and not finished.
_BEGUN = 5

_ALIKE = Prepared(
    lambda way: (
        select(col(Spelling.word))
        .where(col(Spelling.key).in_(way.among("keys")))
        .order_by(col(Spelling.key), col(Spelling.word))
        .limit(bindparam("most"))
    )
)


def corrected(reader: Reader, sought: Sought, tier: Tier) -> tuple[str, ...] | None:
    """The words nearest to those sought that find something; None where none do.

    Of those that are equally near, the ones whose best hit is the better one. Raises HurryError.
    """
    if len(sought.words) > _MOST_WORDS:
        return None
    reader.take_time()
    last = len(sought.words) - 1
    each = [_meant(reader, word, is_last=index == last) for index, word in enumerate(sought.words)]
    tried = nsmallest(_MOST_TRIED, ((sum(cost for cost, _ in one), tuple(w for _, w in one)) for one in product(*each)))
    for _, group in groupby(tried, key=lambda one: one[0]):
        ranked = [best for _, chosen in group if (best := _best(reader, sought, chosen, tier))]
        if ranked:
            return min(ranked)[2]
    return None


def _meant(reader: Reader, word: str, *, is_last: bool) -> list[tuple[int, str]]:
    """What a word may stand for, each with how far it is from it: itself, and the nearest words of names."""
    if not can_be_corrected(word):
        return [(0, word)]
    found = {one: difference(word, one) for one in _like(reader, keys_to(word))}
    if is_last and len(word) >= _BEGUN and (key := key_of_beginning(word)):
        for one in _like(reader, {key}):
            begun = min(difference(word, one[: len(word) + more]) for more in (-1, 0, 1))
            found[one] = min(found.get(one, begun), begun)
    # Among words equally near, those that begin alike come first: the first letter is the least often wrong.
    near = [(2 * far + (one[0] != word[0]), one) for one, far in found.items() if far <= tolerated(word)]
    return [(0, word), *nsmallest(_MOST_KEPT, (one for one in near if one[1] != word))]


def _like(reader: Reader, keys: set[str]) -> Sequence[str]:
    return [word for (word,) in reader.rows(_ALIKE, keys=keys, most=_MOST_LIKE)]


def _best(
    reader: Reader, sought: Sought, chosen: tuple[str, ...], last: Tier
) -> tuple[Tier, int, tuple[str, ...]] | None:
    """The tier and the rowid of the best hit that these words have, and they themselves."""
    instead = Sought(chosen, sought.kinds)
    if not is_found(reader, instead, last):
        return None
    best = Hits(reader, instead, last).best()
    return (*best, chosen) if best else None
