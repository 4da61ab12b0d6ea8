"""Writes what searches look in: the full-text index, and the vocabulary that mistyped words are held against."""

import json
from collections.abc import Sequence

from sqlalchemy import BigInteger, Column, Connection, Text, delete, select, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import col

from app.fulltext import Sought, Tier, count, insertion, is_in_names, match_of
from app.projection.making import Records, words_of_names
from app.spelling import keys_of
from app.tables.rows import given, insert_rows, put_up, table_of, temporary
from app.tables.search import Indexed, Spelling

# Of so many words an examination of the index asks what they find.
_WORDS_TRIED = 2000
# How many words are remembered to be in the vocabulary.
_MOST_KNOWN = 200_000
# How many bytes of it SQLite gathers before it writes a piece: it merges pieces, small ones again and again.
_GATHERED = 16 << 20
_FOUND = temporary("found", Column("place", BigInteger), Column("words", Text))
_LEARNT = temporary("learnt", Column("key", Text), Column("word", Text))


class Index:
    """What one projection writes of it.

    It is whole when it is finished: rows are held back until then, since they are many times faster in their order.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection, self._dialect = connection, connection.dialect.name
        self._known: set[str] = set()
        self._gone: set[str] = set()
        put_up(connection, _FOUND)
        put_up(connection, _LEARNT)

    def write(self, held_ids: Sequence[int], made: Records) -> None:
        """Put what records are found by in the place of what was held of these entities."""
        before = words_of_names(name for names in self._take_out(held_ids) for name in json.loads(names))
        insert_rows(self._connection, _FOUND, ("place", "words"), [(place, words) for _, place, words in made.found])
        kept = [(one, place, names) for (one, place, _), names in zip(made.found, made.names, strict=True)]
        insert_rows(self._connection, table_of(Indexed), ("id", "place", "names"), kept)
        self._gone |= before - made.words
        self._learn(made.words - before)

    def finish(self) -> None:
        """Write what was held back, and take out of the vocabulary the words that no name has any more."""
        if self._dialect == "sqlite":
            self._connection.execute(text(f"INSERT INTO search (search, rank) VALUES ('hashsize', {_GATHERED})"))
        self._connection.execute(text(f"INSERT INTO search {insertion(self._dialect, _FOUND.name)}"))
        self._connection.execute(delete(_FOUND))
        learnt = f"SELECT DISTINCT key, word FROM {_LEARNT.name} WHERE true ORDER BY key, word"
        self._connection.execute(text(f"INSERT INTO spelling (key, word) {learnt} ON CONFLICT DO NOTHING"))
        self._connection.execute(delete(_LEARNT))
        for word in sorted(self._gone):
            if not is_in_names(self._connection, word):
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
        new = words - self._known
        self._known |= new
        insert_rows(self._connection, _LEARNT, ("key", "word"), [(key, word) for word in new for key in keys_of(word)])


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
