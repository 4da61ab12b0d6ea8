"""Searches and suggestions below the framework, of words that are found soon.

What may take long is left to the ordinary way, which is in a thread of its own: what has to be corrected, and what took
long before.
"""

import sqlite3
from dataclasses import dataclass
from functools import lru_cache
from time import perf_counter

from pydantic_core import to_json
from sqlalchemy import make_url

from app.api.search import SEARCH, SUGGEST, query_of, suggested
from app.http import parameters
from app.http.read import beside
from app.prepared import HurryError, Reader, State
from app.queries.memory import Memory
from app.queries.search import SearchQuery, search, suggest
from app.queries.status import state_read
from app.server.direct import Made
from app.words import words

_KEPT = 500
# Longer queries, and those of more words, are looked up more often than there is time for.
_LONGEST, _MOST_WORDS = 400, 8
# What took so many seconds, so many times, is not made here again. The first time it is counted how much there is,
# which is remembered; and a machine that does other things as well takes longer for anything now and then.
_LONG, _OFTEN = 0.02, 3


@dataclass(frozen=True)
class _Asked:
    """What a query string asks for, of searches or of suggestions."""

    query: SearchQuery
    is_search: bool


class Searches:
    """Answers searches of one database, in one thread."""

    def __init__(self, database_url: str) -> None:
        self._url = str(make_url(database_url))
        self._long: Memory[int] = Memory(200_000)

    def answer(self, connection: sqlite3.Connection, state: State, name: str, query: str, origin: str) -> Made | None:
        """The answer to a query string of `search` or `suggest`. None if this is not the place to find it."""
        asked = _asked(name, query) if len(query) <= _LONGEST else None
        if not asked:
            return None
        connection.text_factory = str
        try:
            return self._timed(connection, state, asked, f"{name}?{query}", origin)
        except HurryError:
            return None
        finally:
            connection.text_factory = bytes

    def _timed(self, connection: sqlite3.Connection, state: State, asked: _Asked, url: str, origin: str) -> Made | None:
        started_at = perf_counter()
        key = (self._url, state, url)
        times = self._long.kept(*key) or 0
        if times >= _OFTEN:
            return None
        reader = Reader(self._url, connection, state=state, is_hasty=True)
        try:
            body, links = _found(reader, asked, f"{origin}/{url}", len(origin))
        finally:
            if perf_counter() - started_at > _LONG:
                self._long.keep(*key, times + 1)
        return Made(state, body, links)


@lru_cache(maxsize=_KEPT)
def _asked(name: str, query: str) -> _Asked | None:
    """What a query string asks for; None if anything is wrong with it, or it is of very many words."""
    known = SEARCH if name == "search" else SUGGEST
    values, problems = parameters.parse(query.encode(), known)
    if problems or len(words(values["q"][0])) > _MOST_WORDS:
        return None
    return _Asked(query_of(values), name == "search")


def _found(reader: Reader, asked: _Asked, url: str, path_at: int) -> tuple[list[bytes], list[tuple[str, str]]]:
    """(the body, in parts, the paths of the pages beside by their relation). The path begins in the URL at a place."""
    query = asked.query
    if not asked.is_search:
        return [suggested(*suggest(reader, query.q, query.kind))], []
    found = search(reader, query)
    after, before = beside(url, found.count, limit=query.limit, offset=query.offset)
    body = (
        b'{"count":%d,"next":%s,"previous":%s,"revision":%d,"results":' % (
            found.count, to_json(after), to_json(before), state_read(reader).revision
        ),
        to_json(found.hits),
        b',"corrected":%s}' % to_json(found.corrected),
    )  # fmt: skip
    links = [(rel, one[path_at:]) for rel, one in (("next", after), ("prev", before)) if one]
    return list(body), links
