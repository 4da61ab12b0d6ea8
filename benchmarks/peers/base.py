"""The base that the peers read and that right answers are asked of: the films of `benchmarks.films` as plain tables.

It has an index for each of the questions, so that no peer is slow for want of one. Nothing of ours makes it but the
films themselves.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from pathlib import Path
from typing import Any, TypeVar

from benchmarks.films import Film, films, people
from benchmarks.generate import film_slug, person_slug

# What sorts last, as what is not known does with us.
NEVER = "9999-12-31"
_TABLES = """
CREATE TABLE film (
    id INTEGER PRIMARY KEY, slug TEXT NOT NULL UNIQUE, title TEXT NOT NULL, film_type TEXT NOT NULL, released TEXT,
    released_first TEXT NOT NULL, minutes INTEGER NOT NULL, text TEXT NOT NULL,
    credits INTEGER NOT NULL
);
CREATE TABLE person (
    id INTEGER PRIMARY KEY, slug TEXT NOT NULL UNIQUE, name TEXT NOT NULL, born TEXT, country TEXT NOT NULL
);
CREATE TABLE credit (
    id INTEGER PRIMARY KEY, film_id INTEGER NOT NULL REFERENCES film, person_id INTEGER NOT NULL REFERENCES person,
    role TEXT NOT NULL, released_first TEXT NOT NULL
);
CREATE TABLE film_genre (
    genre TEXT NOT NULL, released_first TEXT NOT NULL, film_id INTEGER NOT NULL REFERENCES film,
    PRIMARY KEY (genre, released_first, film_id)
) WITHOUT ROWID;
"""
_INDEXES = """
CREATE INDEX film_by_date ON film (released_first, id);
CREATE INDEX credit_of_film ON credit (film_id, role, person_id);
CREATE INDEX credit_of_person ON credit (person_id, released_first, film_id, role);
CREATE INDEX genre_of_film ON film_genre (film_id, genre);
CREATE INDEX genre_by_date ON film_genre (released_first, genre);
CREATE VIRTUAL TABLE film_fts USING fts5 (title, text, content='film', content_rowid='id');
INSERT INTO film_fts (film_fts) VALUES ('rebuild');
CREATE VIRTUAL TABLE title_fts USING fts5 (title, content='film', content_rowid='id', prefix='1 2 3');
INSERT INTO title_fts (title_fts) VALUES ('rebuild');
ANALYZE;
"""
_BATCH = 10_000
T = TypeVar("T")


def build(count: int, written: Path) -> None:
    """Write a base of so many films."""
    part = written.with_suffix(".part")
    part.unlink(missing_ok=True)
    with sqlite3.connect(part) as connection:
        connection.executescript("PRAGMA journal_mode = off; PRAGMA synchronous = off;" + _TABLES)
        for batch in _batches(films(count)):
            _insert(connection, "film", map(_film, batch))
            _insert(connection, "film_genre", chain.from_iterable(map(_genres, batch)))
            _insert(connection, "credit", chain.from_iterable(map(_credits, batch)))
        for told in _batches(people(count)):
            rows = ((one.number, person_slug(one.number), one.name, one.born, one.country) for one in told)
            _insert(connection, "person", rows)
        connection.executescript(_INDEXES)
    connection.close()
    part.replace(written)


def first_day(told: str | None) -> str:
    """The first day that a date may mean."""
    return f"{told.replace('X', '0')}{'-01-01'[len(told) - len('1957') :]}" if told else NEVER


def _film(one: Film) -> tuple[Any, ...]:
    named = one.number, film_slug(one.number), one.title, one.film_type, one.released, first_day(one.released)
    return *named, one.minutes, one.text, len(one.directors) + len(one.screenwriters) + len(one.cast)


def _genres(one: Film) -> Iterator[tuple[Any, ...]]:
    return ((genre, first_day(one.released), one.number) for genre in one.genres)


def _credits(one: Film) -> Iterator[tuple[Any, ...]]:
    roles = {"director": one.directors, "screenwriter": one.screenwriters, "cast": one.cast}
    first = first_day(one.released)
    return ((None, one.number, person, role, first) for role, told in roles.items() for person in told)


def _batches(rows: Iterable[T]) -> Iterator[list[T]]:
    left = iter(rows)
    while batch := list(islice(left, _BATCH)):
        yield batch


def _insert(connection: sqlite3.Connection, table: str, rows: Iterable[tuple[Any, ...]]) -> None:
    told = list(rows)
    if told:
        connection.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(told[0]))})", told)
