"""What the servers are asked, and what the right answers are, as the base of the peers has them.

A question has many cases, so that no server can answer from what it remembers of the case before. Nothing here knows
how any of the servers is asked (`benchmarks.targets`).
"""

import sqlite3
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import nsmallest
from itertools import zip_longest
from random import Random
from typing import Any, NamedTuple

from benchmarks.films import FILM_TYPES, GENRES
from benchmarks.words import USUAL, VOCABULARY

PAGE, COMPLETED = 20, 10
# How many cases a question has, at most.
_MOST_CASES = 300
# How far down the deep page is.
_DEEP = 0.95
_DECADES = range(1920, 2030, 10)
# Words by how many texts of a thousand have them.
RARE, COMMON = 1, 50
# Longer than any word is than another that it begins with.
_REACH = 12
Ask = Mapping[str, Any]


@dataclass(frozen=True)
class Hits:
    """What a search is to find: `every` has a bit for each film that matches; `best` are the first in our order."""

    every: int = field(repr=False)
    best: tuple[int, ...]

    def has(self, found: Sequence[int]) -> bool:
        """Whether films are as many as there can be on the page, and all match; others order them their own way."""
        return len(set(found)) == len(found) == len(self.best) and all(self.every >> one & 1 for one in found)


class Whole(NamedTuple):
    """A film, as a server is to tell it; people by their numbers."""

    title: str
    released: str | None
    genres: frozenset[str]
    directors: frozenset[int]
    cast: frozenset[int]


class Somebody(NamedTuple):
    """A person, as a server is to tell them: with how many credits they have, and some of their films."""

    name: str
    credits: int
    films: frozenset[int]


@dataclass(frozen=True)
class Case:
    """One request of a question, and its right answer."""

    ask: Ask
    right: Any


@dataclass(frozen=True)
class Question:
    """A question, its cases, and what it is called in a table."""

    name: str
    title: str
    cases: Sequence[Case]


def questions(base: sqlite3.Connection, wanted: Collection[str]) -> list[Question]:
    """The questions that are wanted, or all."""
    asked: dict[str, tuple[str, Callable[[sqlite3.Connection, Callable[[], float]], Iterator[Case]]]] = {
        "record": ("one film by its slug", _records),
        "person": ("one person by their slug, who may have many films", _people),
        "first": ("the first 20 films by date", _first),
        "deep": ("20 films, 95 % down, following `next`", _deep),
        "offset": ("20 films by date, anywhere, by `offset`", _offset),
        "filter": ("20 films of a genre and a decade, by date", _filtered),
        "count": ("how many films of a genre and a decade", _counted),
        "facets": ("how many films of a decade by genre", _facets),
        "usual": ("search for a word that few films to one in five have", _usual),
        "most": ("search for the words that most films have", _most),
        "mix": ("a mix of both: one in twenty is for the words that most films have", _mix),
        "suggest": ("complete one to five letters", _suggested),
    }
    return [
        Question(name, title, list(_distinct(cases(base, Random(name).random), _MOST_CASES)))
        for name, (title, cases) in asked.items()
        if not wanted or name in wanted
    ]


def _distinct(cases: Iterator[Case], most: int) -> Iterator[Case]:
    asked = set()
    for case in cases:
        if (told := tuple(case.ask.items())) not in asked:
            asked.add(told)
            yield case
        if len(asked) == most:
            return


def _size(base: sqlite3.Connection) -> int:
    return int(base.execute("SELECT count(*) FROM film").fetchone()[0])


def _numbers(base: sqlite3.Connection, query: str, *values: Any) -> tuple[int, ...]:
    return tuple(row[0] for row in base.execute(query, values))


def _records(base: sqlite3.Connection, drawn: Callable[[], float]) -> Iterator[Case]:
    size = _size(base)
    for _ in range(3 * size):
        number = 1 + int(size * drawn())
        title, released = base.execute("SELECT title, released FROM film WHERE id = ?", (number,)).fetchone()
        genres = base.execute("SELECT genre FROM film_genre WHERE film_id = ?", (number,))
        people = base.execute("SELECT role, person_id FROM credit WHERE film_id = ?", (number,)).fetchall()
        roles = {role: frozenset(one for told, one in people if told == role) for role in ("director", "cast")}
        right = Whole(title, released, frozenset(one for (one,) in genres), roles["director"], roles["cast"])
        yield Case({"film": number}, right)


def _people(base: sqlite3.Connection, drawn: Callable[[], float]) -> Iterator[Case]:
    """Every tenth is one of the twenty busiest."""
    size = int(base.execute("SELECT count(*) FROM person").fetchone()[0])
    for turn in range(3 * size):
        number = 1 + int((size if turn % 10 else min(20, size)) * drawn())
        (name,) = base.execute("SELECT name FROM person WHERE id = ?", (number,)).fetchone()
        films = _numbers(base, "SELECT film_id FROM credit WHERE person_id = ?", number)
        yield Case({"person": number}, Somebody(name, len(films), frozenset(films)))


def _first(base: sqlite3.Connection, _: Callable[[], float]) -> Iterator[Case]:
    yield Case({}, _numbers(base, f"SELECT id FROM film ORDER BY released_first, id LIMIT {PAGE}"))


def _deep(base: sqlite3.Connection, _: Callable[[], float]) -> Iterator[Case]:
    """Pages one after another; each is asked for by the last film of the page before."""
    size = _size(base)
    start = int(size * _DEEP) // PAGE * PAGE
    query = f"SELECT released_first, id FROM film ORDER BY released_first, id LIMIT {PAGE + 1} OFFSET ?"
    for rank in range(start, size - PAGE + 1, PAGE):
        before, *page = base.execute(query, (rank - 1,)).fetchall()
        yield Case({"rank": rank, "after": before}, tuple(number for _, number in page))


def _offset(base: sqlite3.Connection, drawn: Callable[[], float]) -> Iterator[Case]:
    query = f"SELECT id FROM film ORDER BY released_first, id LIMIT {PAGE} OFFSET ?"
    size = _size(base)
    for _ in range(1000):
        offset = 1 + int((size - PAGE) * drawn())
        yield Case({"offset": offset}, _numbers(base, query, offset))


def _genres_and_decades(base: sqlite3.Connection) -> Iterator[dict[str, Any]]:
    """Whole decades, since a date that is told to the decade lies in one or does not."""
    genres = [genre for (genre,) in base.execute("SELECT DISTINCT genre FROM film_genre ORDER BY genre")]
    for first in _DECADES:
        yield from ({"genre": genre, "first": first, "last": first + 9} for genre in genres)


_OF_GENRE = "FROM film_genre WHERE genre = ? AND released_first BETWEEN ? AND ?"


def _filtered(base: sqlite3.Connection, _: Callable[[], float]) -> Iterator[Case]:
    query = f"SELECT film_id {_OF_GENRE} ORDER BY released_first, film_id LIMIT {PAGE}"
    for ask in _genres_and_decades(base):
        yield Case(ask, _numbers(base, query, ask["genre"], *_span(ask)))


def _counted(base: sqlite3.Connection, _: Callable[[], float]) -> Iterator[Case]:
    for ask in _genres_and_decades(base):
        yield Case(ask, _numbers(base, f"SELECT count(*) {_OF_GENRE}", ask["genre"], *_span(ask))[0])


def _facets(base: sqlite3.Connection, _: Callable[[], float]) -> Iterator[Case]:
    query = "SELECT genre, count(*) FROM film_genre WHERE released_first BETWEEN ? AND ? GROUP BY genre"
    for first in _DECADES:
        ask = {"first": first, "last": first + 9}
        yield Case(ask, frozenset(base.execute(query, _span(ask)).fetchall()))


def _span(ask: Ask) -> tuple[str, str]:
    return f"{ask['first']}-01-01", f"{ask['last']}-12-31"


def _words(base: sqlite3.Connection) -> dict[str, list[str]]:
    """Words that begin no other word, by how many films have them."""
    unclear = {word[:length] for word in VOCABULARY for length in range(len(word))}
    # With us these are among the texts of a record as well.
    elsewhere = {word for told in (*GENRES, *FILM_TYPES) for word in told.split()}
    unclear |= {word[: length + 1] for word in elsewhere for length in range(len(word))}
    unclear |= _run_together(base)
    size, found = _size(base), dict[str, list[str]](rare=[], common=[], most=[])
    query = "SELECT count(*) FROM film_fts WHERE film_fts MATCH ?"
    for word in (*USUAL, *VOCABULARY[len(USUAL) :: 97]):
        if word in unclear:
            continue
        share = base.execute(query, (f'"{word}"',)).fetchone()[0] / size * 1000
        if share:
            found["rare" if share < RARE else "common" if share < 10 * COMMON else "most"].append(word)
    return found


def _run_together(base: sqlite3.Connection) -> set[str]:
    """The words that titles begin with when they have no blanks, other than their first: we find them by these too."""
    known, found = set(VOCABULARY), set[str]()
    for (title,) in base.execute("SELECT title FROM film WHERE title LIKE '% %'"):
        first, whole = title.lower().partition(" ")[0], title.lower().replace(" ", "")
        found.update(known & {whole[:length] for length in range(len(first) + 1, len(first) + _REACH)})
    return found


def _usual(base: sqlite3.Connection, drawn: Callable[[], float]) -> Iterator[Case]:
    found = _words(base)
    for words in zip_longest(found["rare"], found["common"]):
        yield from (_search(base, word) for word in words if word)


def _most(base: sqlite3.Connection, _: Callable[[], float]) -> Iterator[Case]:
    yield from (_search(base, word) for word in ("space", "space orbit", "orbit"))


def _mix(base: sqlite3.Connection, drawn: Callable[[], float]) -> Iterator[Case]:
    usual, most = list(_distinct(_usual(base, drawn), 190)), list(_most(base, drawn))
    for turn, case in enumerate(usual):
        yield case
        if turn % 19 == 18:
            again = most[turn // 19 % len(most)]
            yield Case({**again.ask, "turn": turn}, again.right)


def _search(base: sqlite3.Connection, words: str) -> Case:
    match = " ".join(f'"{word}"*' for word in words.split())
    return Case({"q": words}, _hits(base, "film_fts", match, words, PAGE))


def _suggested(base: sqlite3.Connection, drawn: Callable[[], float]) -> Iterator[Case]:
    for _ in range(2000):
        among = VOCABULARY if drawn() < 0.3 else USUAL
        begun = among[int(len(among) * drawn())][: 1 + int(5 * drawn())]
        hits = _hits(base, "title_fts", f'"{begun}"*', begun, COMPLETED)
        # Where no title has it, servers may look for what is spelt like it.
        if hits.best:
            yield Case({"prefix": begun}, hits)


def _hits(base: sqlite3.Connection, table: str, match: str, words: str, most: int) -> Hits:
    """All that match, and the first in our order: whole titles, beginnings, titles, texts; in each by credits."""
    query = f"""
        SELECT film.id, film.title, credits FROM {table} JOIN film ON film.id = {table}.rowid WHERE {table} MATCH ?
    """
    found = base.execute(query, (match,)).fetchall()
    every = bytearray(max((number for number, *_ in found), default=0) // 8 + 1)
    for number, *_ in found:
        every[number // 8] |= 1 << number % 8
    ranked = ((_tier(title.lower(), words), -credits, number) for number, title, credits in found)
    return Hits(int.from_bytes(every, "little"), tuple(number for *_, number in nsmallest(most, ranked)))


def _tier(title: str, words: str) -> int:
    whole, sought = title.replace(" ", ""), words.replace(" ", "")
    if whole == sought:
        return 0
    if whole.startswith(sought):
        return 1
    named = title.split()
    return 2 if all(any(one.startswith(word) for one in named) for word in words.split()) else 3
