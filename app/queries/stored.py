"""Stored documents by the driver itself, for answers that must cost next to nothing: SQLite, one statement each.

Each statement tells the revision as well, so that what it reads is of one revision without a transaction around it.
"""

import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from app.tables.records import RECORD_TABLES
from app.vocabulary import PLURALS

_BY_SLUG = {
    PLURALS[kind]: f"SELECT r.id, r.at, o.document FROM {table.__tablename__} o, revision r"
    " WHERE o.slug = ? AND r.id = (SELECT max(id) FROM revision)"
    for kind, table in RECORD_TABLES.items()
}


@dataclass(frozen=True, slots=True)
class Stored:
    """A document, and the revision that it was read in."""

    revision: int
    changed_at: datetime
    document: bytes


def stored(connection: sqlite3.Connection, plural: str, slug: str) -> Stored | None:
    """The document of a record, by its slug; the connection's texts are bytes. Raises sqlite3.Error."""
    row = connection.execute(_BY_SLUG[plural], (slug,)).fetchone()
    return Stored(row[0], _moment(row[1]), row[2]) if row else None


@lru_cache(maxsize=8)
def _moment(written: bytes) -> datetime:
    """A moment as it is stored."""
    return datetime.fromisoformat(written.decode()).replace(tzinfo=UTC)
