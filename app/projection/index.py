"""Writes what searches look in: the full-text index, and the vocabulary that mistyped words are held against."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, insert, select, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import col

from app.fulltext import Sought, Tier, insertion, places, row
from app.projection.gather import Spoken
from app.spelling import can_be_corrected, keys_of
from app.tables.records import Indexed, Spelling
from app.vocabulary import Kind
from app.words import indexed_words, whole

# Of so many words an examination of the index asks what they find.
_WORDS_TRIED = 2000


@dataclass(frozen=True, slots=True)
class Found:
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


def write(connection: Connection, ids: Sequence[int], found: Sequence[Found]) -> None:
    """Put what is found of these entities in the place of what was; those that nothing is found of are gone."""
    held = list(connection.execute(select(Indexed).where(col(Indexed.id).in_(ids))))
    if held:
        connection.execute(text("DELETE FROM search WHERE rowid = :place"), [{"place": one.place} for one in held])
        connection.execute(delete(Indexed).where(col(Indexed.id).in_(ids)))
    if found:
        dialect = connection.dialect.name
        connection.execute(text(f"INSERT INTO search {insertion(dialect)}"), [_row(dialect, one) for one in found])
        kept = [{"id": one.id, "place": one.place, "names": json.dumps(one.names)} for one in found]
        connection.execute(insert(Indexed), kept)
    before = _words(name for one in held for name in json.loads(one.names))
    after = _words(name for one in found for name in one.names)
    _forget(connection, before - after)
    _learn(connection, after - before)


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
    found = places(connection.dialect.name, Sought((word,), ()), Tier.ANYWHERE)
    count: int = connection.execute(select(func.count()).select_from(found.subquery())).scalar_one()
    return count


def _row(dialect: str, one: Found) -> dict[str, object]:
    found_by: dict[str, set[str]] = {
        "kind": {one.kind},
        "exact": {whole(one.names[0])},
        "also": {whole(name) for name in one.names[1:]},
        "names": _indexed(one.names if one.is_named else one.names[1:]),
        "described": _indexed(() if one.is_named else one.names[:1]),
        "texts": _indexed(one.texts),
        "quotes": _indexed(one.spoken.of_it if one.spoken else ()),
    }
    words = (found_by[name] for name in ("names", "described", "texts", "quotes"))
    found_by["anywhere"] = _indexed(one.spoken.sentences if one.spoken else ()).union(*words)
    return row(dialect, one.place, found_by)


def _indexed(texts: Iterable[str]) -> set[str]:
    return {word for one in texts for word in indexed_words(one)}


def _words(names: Iterable[str]) -> set[str]:
    return {word for word in _indexed(names) if can_be_corrected(word)}


def _forget(connection: Connection, words: set[str]) -> None:
    """Take out of the vocabulary the words that no name has any more."""
    for word in sorted(words):
        anywhere = places(connection.dialect.name, Sought((word,), is_open=False), Tier.DESCRIBED).limit(1)
        if connection.execute(anywhere).first() is None:
            connection.execute(delete(Spelling).where(col(Spelling.word) == word))


def _learn(connection: Connection, words: set[str]) -> None:
    known = set(connection.execute(select(col(Spelling.word)).where(col(Spelling.word).in_(words))).scalars())
    rows = [{"key": key, "word": word} for word in sorted(words - known) for key in sorted(keys_of(word))]
    if rows:
        connection.execute(insert(Spelling), rows)
