"""What a SQLite base holds, to be compared: exactly, or but for the times at which it was written."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import Engine

from app.audit import problems
from app.db import for_writing

# Times as columns and documents have them, and the seals that are made of them.
_WRITTEN_AT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d\.?\d*Z?|\b[0-9a-f]{64}\b")
# The pieces of the full-text index lie as they were written; what it finds is checked with the rest.
_PIECES = ("search_data", "search_idx", "search_docsize")
# What cannot be made anew of anything else.
_EVIDENCE = ("source", "entity", "claim", "citation", "revision")

Content = dict[str, list[str]]


def content(database: Path) -> Content:
    """The rows of every table."""
    with closing(sqlite3.connect(database)) as connection:
        tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {
            name: sorted(map(repr, connection.execute(f'SELECT * FROM "{name}"')))
            for name in tables
            if name not in _PIECES
        }


def timeless(told: Content) -> Content:
    """The same without the times."""
    return {name: sorted(_WRITTEN_AT.sub("…", row) for row in rows) for name, rows in told.items()}


def lost(now: Content, before: Content) -> int:
    """How many rows of evidence there were that are not there any more."""
    return sum(len(set(before[name]) - set(now.get(name, ()))) for name in _EVIDENCE)


def check_in_place(engine: Engine) -> list[str]:
    """The same in a transaction that is rolled back, which takes less time than a copy."""
    with for_writing(engine).connect() as connection, connection.begin() as transaction:
        found = list(problems(connection))
        transaction.rollback()
    return found
