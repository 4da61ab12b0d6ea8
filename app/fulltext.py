"""The full-text index `search`, and how either engine is asked. One row for each record, which the projection writes.

A row's `rowid` says how well known the record is, the best known first, and ends in its id: so the best hits are the
first, and nothing has to be ranked. What it is found by are the words of `app.words`, each behind a mark that says
where it stands (`MARKS`): seeking a name never passes over sentences. Both engines hold the same words.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, Connection, Select, bindparam, func, literal_column, select, text

from app.prepared import Prepared, Reader, Way, reader_of
from app.words import LONGEST_NAME

# The label and the other names, each as one word; then the words of its names, of a label that is none, of its other
# texts, of the quotes that say something of it; then all of these, and those of the sentences that it has a part in.
MARKS = {"kind": 0, "exact": 1, "also": 2, "names": 3, "described": 4, "texts": 5, "quotes": 6, "anywhere": 7}

# Of more words than names have, it is not asked in which of a record's texts they stand: that would be to look each of
# them up twenty times.
_MOST_PLACED = 64

# Of how many letters words begin that SQLite has at hand, with the mark before them; those that begin with more
# it gathers wholly before it tells the first.
AT_HAND = 3

_IDS = 1 << 32
_MOST_SOURCES, _MOST_LINKS = 2**10 - 1, 2**20 - 1


class Tier(IntEnum):
    """How well a record matches, best first; each tier holds those before it as well. From NAMES on they are marks."""

    EXACT = 0
    BEGINNING = 1
    OTHER_NAME = 2
    NAMES = 3
    DESCRIBED = 4
    TEXTS = 5
    QUOTED = 6
    ANYWHERE = 7


@dataclass(frozen=True)
class Sought:
    """Words that must all be found, among records of some kinds or of any; the last may be only a beginning.

    `endings` are then all words of the index that it begins, or nothing if these are not known; and with `is_common` so
    many names begin with all of it that it would take long to gather them. With `is_wide` many records have each of
    several words, and it takes long to see which have all of them.
    """

    words: tuple[str, ...]
    kinds: tuple[str, ...] = ()
    endings: tuple[str, ...] = ()
    is_common: bool = False
    is_wide: bool = False

    def tiers(self, last: Tier) -> list[Tier]:
        """The tiers that hits are put in, up to the last: for very many words whole names, and then all others."""
        every = list(Tier)[: last + 1]
        return every if len(set(self.words)) <= _MOST_PLACED else [*every[: Tier.NAMES], last]


def place_of(entity_id: int, sources: int, links: int) -> int:
    """The rowid of a record that so many sources speak of, and that so many links lead to and from."""
    known = (_MOST_SOURCES - min(sources, _MOST_SOURCES)) * (_MOST_LINKS + 1) + _MOST_LINKS - min(links, _MOST_LINKS)
    return known * _IDS + entity_id


def id_at(place: int) -> int:
    """The entity of a rowid."""
    return place % _IDS


def rank_at(place: int) -> int:
    """How far a rowid is from the best known; the same for those that are known alike."""
    return place // _IDS


def match_of(dialect: str, sought: Sought, tier: Tier, *, after: Tier | None = None) -> str:
    """What finds the records in a tier, of whatever kind, without those of the tier that it comes `after`."""
    engine = _ENGINES[dialect]
    match = engine.tier(sought, tier)
    if after is not None:
        match = f"({match}) {engine.but_not} ({engine.tier(sought, after)})"
    return match


def among(dialect: str, kinds: Sequence[str], match: str) -> str:
    """What finds of these records those of some kinds; of all kinds if there are none."""
    engine = _ENGINES[dialect]
    return f"({engine.kinds(kinds)}) {engine.both} ({match})" if kinds else match


def best_first(
    reader: Reader | Connection, match: str, *, most: int, skipped: int = 0, beyond: int = -1
) -> Iterator[int]:
    """The rowids of what `match` finds, the best known first. No more of them are looked for than are taken."""
    rows = reader_of(reader).each(_BEST_FIRST, match=match, most=most, skipped=skipped, beyond=beyond)
    return map(itemgetter(0), rows)


def is_found(reader: Reader | Connection, sought: Sought, tier: Tier) -> bool:
    """Whether any record is in the tier."""
    reader = reader_of(reader)
    match = among(reader.dialect, sought.kinds, match_of(reader.dialect, sought, tier))
    return any(True for _ in best_first(reader, match, most=1))


def is_in_names(reader: Reader | Connection, word: str) -> bool:
    """Whether the word stands in what any record is called; a name of several words, run together, is none of them."""
    reader = reader_of(reader)
    engine = _ENGINES[reader.dialect]
    each = (engine.word.format(f"{MARKS[mark]}{word}") for mark in ("names", "described"))
    return any(True for _ in best_first(reader, f" {engine.either} ".join(each), most=1))


def count(reader: Reader | Connection, match: str) -> int:
    """How many records `match` finds; it looks at each."""
    found: int = reader_of(reader).rows(_COUNT, match=match)[0][0]
    return found


def tiers_of(reader: Reader, sought: Sought, places: Sequence[int], last: Tier) -> list[tuple[Tier, int]]:
    """Each of these hits with the tier that it is in: it is read wholly, and looked through for all the words."""
    engine = _ENGINES[reader.dialect]
    traces = [(tier, each) for tier in sought.tiers(last) for each in engine.traces(sought, tier)]
    return [(_tier_of(f" {held} ", traces, last), place) for place, held in reader.rows(_HELD, places=places)]


def _tier_of(held: str, traces: Sequence[tuple[Tier, Sequence[Sequence[str]]]], last: Tier) -> Tier:
    for tier, each in traces:
        for standing in each:
            for trace in standing:
                if trace in held:
                    break
            else:
                break
        else:
            return tier
    return last


def at_hand(sought: Sought) -> str:
    """What SQLite has at hand among which are all records whose name begins with what is sought."""
    return f'"{MARKS["exact"]}{"".join(sought.words)[:AT_HAND]}"*'


_PLACE: Any = literal_column("search.rowid").label("place")


def _matching(way: Way, what: Any) -> Select[Any]:
    return select(what).select_from(text("search")).where(text(_ENGINES[way.dialect].condition))


def _first_places(way: Way) -> Select[Any]:
    beyond = literal_column("search.rowid") > bindparam("beyond", type_=BigInteger)
    return _matching(way, _PLACE).where(beyond).order_by(_PLACE).limit(bindparam("most")).offset(bindparam("skipped"))


_BEST_FIRST = Prepared(_first_places)
_COUNT = Prepared(lambda way: _matching(way, func.count()))
_HELD = Prepared(
    lambda way: (
        select(_PLACE, text(_ENGINES[way.dialect].held))
        .select_from(text("search"))
        .where(_PLACE.in_(way.among("places")))
    )
)


def ids(dialect: str, sought: Sought) -> Select[Any]:
    """The ids of all records of the kinds that match in whatever tier."""
    told = among(dialect, sought.kinds, match_of(dialect, sought, Tier.ANYWHERE))
    match: Any = bindparam("match", told, unique=True)
    condition = text(_ENGINES[dialect].condition).bindparams(match)
    return select(literal_column(f"search.rowid & {_IDS - 1}").label("id")).select_from(text("search")).where(condition)


def called(dialect: str, names: Iterable[str]) -> Select[Any]:
    """The rowids of the records one of whose names is one of these, each given as one word (`app.words.whole`)."""
    engine = _ENGINES[dialect]
    each = (engine.word.format(f"{MARKS[mark]}{name}") for name in names for mark in ("exact", "also"))
    condition = text(engine.condition).bindparams(bindparam("match", f" {engine.either} ".join(each), unique=True))
    return select(literal_column("search.rowid").label("place")).select_from(text("search")).where(condition)


def nothing() -> Select[Any]:
    """The ids of no record at all."""
    return select(literal_column("0").label("id")).where(text("1 = 0"))


def words_of(dialect: str, found_by: Mapping[str, Iterable[str]]) -> str:
    """What stands in one row: its words, by the name of their mark."""
    words = sorted([f"{mark}{word}" for name, mark in MARKS.items() for word in set(found_by[name])])
    return " ".join(words if dialect == "sqlite" else (f"'{word}'" for word in words))


def insertion(dialect: str, held: str) -> str:
    """How all that a table holds in its columns `place` and `words` is written to `search`.

    It goes by place: whenever a place is before the last one, SQLite closes the piece of the index that it is writing.
    """
    words = "words" if dialect == "sqlite" else "CAST(words AS tsvector)"
    return f"(rowid, words) SELECT place, {words} FROM {held} ORDER BY place"


class _Standing(NamedTuple):
    """Words of which one must stand in a row under one of the marks, or with `is_open` a word that it begins."""

    words: Sequence[str]
    marks: Sequence[int]
    is_open: bool

    def written(self, word: str, beginning: str) -> list[str]:
        """Each of them under each mark, as a word or a beginning is written."""
        form = beginning if self.is_open else word
        return [form.format(f"{mark}{one}") for one in self.words for mark in self.marks]


@dataclass(frozen=True)
class _Engine:
    """The grammar of an engine."""

    condition: str
    both: str
    either: str
    but_not: str
    word: str
    beginning: str
    # The words of a row as text, how one of them stands there between blanks, and how one begins.
    held: str
    held_word: str
    held_beginning: str

    def kinds(self, kinds: Sequence[str]) -> str:
        return f" {self.either} ".join(self.word.format(f"{MARKS['kind']}{kind}") for kind in kinds)

    def tier(self, sought: Sought, tier: Tier) -> str:
        ways = (
            f" {self.both} ".join(dict.fromkeys(self._any_of(one.written(self.word, self.beginning)) for one in way))
            for way in self._ways(sought, tier, sought.endings)
        )
        return f" {self.either} ".join(f"({way})" for way in ways)

    def traces(self, sought: Sought, tier: Tier) -> Iterator[list[list[str]]]:
        """What is in the text of a row in the tier, and in none of the tiers before it: of one of these one of each."""
        for way in self._ways(sought, tier):
            yield [one.written(self.held_word, self.held_beginning) for one in way]

    def _ways(self, sought: Sought, tier: Tier, endings: Sequence[str] = ()) -> Iterator[list[_Standing]]:
        """The ways to be in a tier, as a name or by one's words: all that must then stand in a row."""
        name, (*first, last) = "".join(sought.words)[:LONGEST_NAME], sought.words
        names = (MARKS["exact"],) if tier <= Tier.BEGINNING else (MARKS["exact"], MARKS["also"])
        yield [_Standing((name,), names, is_open=tier > Tier.NAMES)]
        if tier == Tier.EXACT:
            return
        marks = self._marks(tier)
        each = [_Standing((one,), marks, is_open=False) for one in dict.fromkeys(first)]
        each.append(_Standing(endings or (last,), marks, is_open=not endings))
        if tier < Tier.NAMES:
            # Without its last word a name begins so only where two others run together: "crown" in "Crow North".
            each.append(_Standing((name,), names, is_open=True))
        yield each

    def _marks(self, tier: Tier) -> Sequence[int]:
        """Where words stand that put a record in the tier."""
        return (MARKS["anywhere"],) if tier == Tier.ANYWHERE else range(Tier.NAMES, max(tier, Tier.NAMES) + 1)

    def _any_of(self, written: Sequence[str]) -> str:
        return f"({f' {self.either} '.join(written)})"


_ENGINES: dict[str, _Engine] = {
    "sqlite": _Engine(
        condition="search MATCH :match", both="AND", either="OR", but_not="NOT", word='"{}"', beginning='"{}"*',
        held="search.words", held_word=" {} ", held_beginning=" {}",
    ),
    "postgresql": _Engine(
        condition="search.words @@ CAST(:match AS tsquery)", both="&", either="|", but_not="& !", word="'{}'",
        beginning="'{}':*", held="CAST(search.words AS text)", held_word=" '{}' ", held_beginning=" '{}",
    ),
}  # fmt: skip
