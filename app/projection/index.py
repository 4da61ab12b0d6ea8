"""Writes what searches look in: the full-text index, and the vocabulary that mistyped words are held against."""

import json
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import BigInteger, Column, Connection, Text, delete, select, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import SQLModel, col

from app.fulltext import Sought, Tier, count, insertion, is_found, match_of, words_of
from app.projection.gather import Spoken
from app.spelling import can_be_corrected, keys_of
from app.tables.records import Indexed, Spelling
from app.tables.rows import given, insert_rows, put_up, temporary
from app.vocabulary import Kind
from app.words import indexed_words, whole

# Of so many words an examination of the index asks what they find.
_WORDS_TRIED = 2000
# How many words are remembered to be in the vocabulary.
_MOST_KNOWN = 200_000
_FOUND = temporary("found", Column("place", BigInteger), Column("words", Text))
_INDEXED = SQLModel.metadata.tables["indexed"]


class Found(NamedTuple):
    """What a record is found by: its names, the first of which is its label, and what is said of it.

    With `is_named` that label is a name; otherwise it describes, and may name others that are better known by it.
    """

    id: int
    kind: Kind
    place: int
    names: Sequence[str]
    is_named: bool
    texts: Sequence[str]
    spoken: Spoken | None


class Index:
    """What one projection writes of it.

    It is whole when it is finished: rows are held back until then, since they are many times faster in their order.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection, self._dialect = connection, connection.dialect.name
        self._known: set[str] = set()
        self._gone: set[str] = set()
        put_up(connection, _FOUND)

    def write(self, held_ids: Sequence[int], found: Sequence[Found]) -> None:
        """Put what is found in the place of what was held of these entities."""
        before = _words(name for names in self._take_out(held_ids) for name in json.loads(names))
        words = [(one.place, words_of(self._dialect, _found_by(one))) for one in found]
        insert_rows(self._connection, _FOUND, ("place", "words"), words)
        kept = [(one.id, one.place, json.dumps(one.names)) for one in found]
        insert_rows(self._connection, _INDEXED, ("id", "place", "names"), kept)
        after = _words(name for one in found for name in one.names)
        self._gone |= before - after
        self._learn(after - before)

    def finish(self) -> None:
        """Write what was held back, and take out of the vocabulary the words that no name has any more."""
        self._connection.execute(text(f"INSERT INTO search {insertion(self._dialect, _FOUND.name)}"))
        self._connection.execute(delete(_FOUND))
        for word in sorted(self._gone):
            if not is_found(self._connection, Sought((word,), is_open=False), Tier.DESCRIBED):
                self._connection.execute(delete(Spelling).where(col(Spelling.word) == word))

    def _take_out(self, ids: Sequence[int]) -> list[str]:
        """Take out what is held of these entities; the names that they were found by, each as JSON."""
        if not ids:
            return []
        these = col(Indexed.id).in_(given(self._connection, "indexed_before", ids))
        held = self._connection.execute(select(col(Indexed.place), col(Indexed.names)).where(these)).all()
        if held:
            told = text("DELETE FROM search WHERE rowid = :place")
            self._connection.execute(told, [{"place": place} for place, _ in held])
            self._connection.execute(delete(Indexed).where(these))
        return [names for _, names in held]

    def _learn(self, words: set[str]) -> None:
        if len(self._known) > _MOST_KNOWN:
            self._known.clear()
        rows = [{"key": key, "word": word} for word in sorted(words - self._known) for key in sorted(keys_of(word))]
        self._known |= words
        if rows:
            told = text("INSERT INTO spelling (key, word) VALUES (:key, :word) ON CONFLICT DO NOTHING")
            self._connection.execute(told, rows)


def damage(connection: Connection) -> str:
    """What SQLite finds wrong with the inside of the full-text index; "" for nothing."""
    try:
        connection.execute(text("INSERT INTO search (search) VALUES ('integrity-check')"))
    except DBAPIError as error:
        return str(error.orig)
    return ""


def hits(connection: Connection) -> dict[str, int]:
    """How many records a search for a word finds, for words of names from all over the alphabet, at most so many."""
    known = list(connection.execute(select(col(Spelling.word)).distinct().order_by(col(Spelling.word))).scalars())
    return {word: _hits(connection, word) for word in known[:: len(known) // _WORDS_TRIED + 1]}


def _hits(connection: Connection, word: str) -> int:
    return count(connection, match_of(connection.dialect.name, Sought((word,), ()), Tier.ANYWHERE))


def _found_by(one: Found) -> dict[str, Collection[str]]:
    names, quotes = (
        _indexed(one.names if one.is_named else one.names[1:]),
        _indexed(one.spoken.of_it if one.spoken else ()),
    )
    described, texts = _indexed(() if one.is_named else one.names[:1]), _indexed(one.texts)
    return {
        "kind": (one.kind,),
        "exact": (whole(one.names[0]),),
        "also": [whole(name) for name in one.names[1:]],
        "names": names,
        "described": described,
        "texts": texts,
        "quotes": quotes,
        "anywhere": _indexed(one.spoken.sentences if one.spoken else ()).union(names, described, texts, quotes),
    }


def _indexed(texts: Iterable[str]) -> set[str]:
    return set().union(*map(_indexed_words, texts))


# The same genres, occupations and parts of names come over and over.
@lru_cache(maxsize=8192)
def _indexed_words(told: str) -> frozenset[str]:
    return frozenset(indexed_words(told))


def _words(names: Iterable[str]) -> set[str]:
    return {word for word in _indexed(names) if can_be_corrected(word)}
