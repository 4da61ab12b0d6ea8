"""Whether something has a name, and what may have been meant by one that nothing has."""

import re
from collections.abc import Collection, Iterable, Sequence
from difflib import get_close_matches

from sqlalchemy import Connection, select
from sqlmodel import col

from app.queries.search import suggest
from app.tables.evidence import Entity, Source
from app.tables.records import Entry

# Among how many slugs that begin alike, in the order of the alphabet.
_BEGIN_ALIKE = 200
_LONGEST = 80


def nearest(connection: Connection, kinds: Sequence[str], slug: str) -> str:
    """The record (kind/slug) of one of the kinds that may have been meant by a slug that none has, or ""."""
    meant = _as_slug(slug)
    begins = col(Entry.kind).in_(kinds), col(Entry.slug).between(*_begins_as(meant))
    alike = connection.execute(select(col(Entry.kind), col(Entry.slug)).where(*begins).limit(_BEGIN_ALIKE))
    known = {row.slug: row.kind for row in alike}
    # Slips of the keyboard in the first letters, and names of which one word is another.
    _, suggestions = suggest(connection, meant, tuple(kinds))
    called = {one["slug"]: one["kind"] for one in suggestions}
    known |= called
    close = [*get_close_matches(meant, known, n=1), *called]
    return f"{known[close[0]]}/{close[0]}" if close else ""


def nearest_word(told: str, known: Iterable[str]) -> str | None:
    """The one of the words that may have been meant by one that is none of them."""
    return next(iter(get_close_matches(told[:_LONGEST], list(known), n=1)), None)


def nearest_source(connection: Connection, slug: str) -> str:
    """The slug of the source that may have been meant by one that none has, or ""."""
    meant = _as_slug(slug)
    begins = col(Source.slug).between(*_begins_as(meant)), col(Source.withdrawn_at).is_(None)
    alike = select(col(Source.slug)).where(*begins).distinct().limit(_BEGIN_ALIKE)
    return nearest_word(meant, connection.execute(alike).scalars()) or ""


def held_entities(connection: Connection, kinds: Collection[str], slugs: Collection[str]) -> set[tuple[str, str]]:
    """(kind, slug) of those that are, or ever were, of one of the kinds."""
    query = select(col(Entity.kind), col(Entity.slug)).where(col(Entity.kind).in_(kinds), col(Entity.slug).in_(slugs))
    return {(row.kind, row.slug) for row in connection.execute(query)}


def held_sources(connection: Connection, slugs: Collection[str]) -> set[str]:
    """Those of the slugs that a source has, or ever had."""
    return set(connection.execute(select(col(Source.slug)).where(col(Source.slug).in_(slugs))).scalars())


def _begins_as(meant: str) -> tuple[str, str]:
    """The bounds of what has the same first letters: an index finds it, which it does not for LIKE."""
    return meant[:2], f"{meant[:2]}zz"


def _as_slug(told: str) -> str:
    return re.sub("[^a-z0-9]+", "-", told[:_LONGEST].lower()).strip("-")
