"""The door for what is asked most: records, lists of them and searches as JSON, read by the driver, written as bytes.

It is below the framework. Whatever is unusual in a request it leaves to the ordinary way, which answers the same, byte
for byte.
"""

import asyncio
import logging
import re
import sqlite3
from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import lru_cache
from itertools import product
from time import perf_counter
from typing import Literal, NamedTuple

from app.http import caching
from app.http.edge import GUARDS, new_id
from app.http.metrics import Counting, Metrics
from app.http.proxies import Network
from app.http.read import JSON
from app.logs import one_line
from app.prepared import State
from app.queries.records.stored import stored
from app.server.asking import Asker, Held, asker_of, condition_of, encoded
from app.server.reading import Reading
from app.server.turns import Turns
from app.vocabulary import PLURALS, SLUG

Headers = Sequence[tuple[bytes, bytes]]

_log = logging.getLogger("filmspace")

SEARCHES = ("search", "suggest")
_NAMED = rf"/({'|'.join((*PLURALS.values(), *SEARCHES))})"
_TARGET = re.compile(rf"{_NAMED}(?:/({SLUG})|(?:\?([!$%&'()*+,./0-9:;=?@A-Z_a-z~-]*))?)".encode())
# How long a statement may take: so many times so many instructions of SQLite's, which are a few milliseconds.
_STEPS, _MOST_STEPS = 10_000, 10
# For how many seconds lists, or searches, of one name are read in one turn of the loop: a thousand may come at once,
# and whoever asks for something else waits for all of them. So many others may wait for the turns after it.
_MOST_SECONDS, _MOST_WAITING = 0.01, 64
# As proxies have it who say nothing else, nginx among them, the last is of the answers that end their connection.
_VERSIONS = (b" HTTP/1.1", b" HTTP/1.0")
_CACHED = f"\r\ncache-control: {caching.CACHE_CONTROL}\r\nlast-modified: ".encode()
# The last is what the layer that lets any page read the answers adds.
_VARY = f"vary: {caching.VARY}, Origin\r\n".encode()
_GUARDED = b"".join((_VARY, *(b"%s: %s\r\n" % one for one in GUARDS.items())))


class Made(NamedTuple):
    """An answer's body, in parts, what the data was that it is of, and its own links by their relation."""

    state: State
    body: Sequence[bytes]
    links: Sequence[tuple[str, str]]


# The answer to a request, what counts it, and whether the connection ends with it.
Answered = tuple[bytes, Counting, bool]

# What makes the answer to a list or a search: in this state of the data, of its name and a query string, with URLs that
# begin with this.
Maker = Callable[[sqlite3.Connection, State, str, str, str], Made | None]


class Direct:
    """Answers from a SQLite database, in the one thread that asks."""

    def __init__(
        self,
        database_url: str,
        metrics: Metrics,
        lists: Maker,
        searches: Maker,
        *,
        turns: Turns,
        longest_url: int,
        trusted: Sequence[Network],
    ) -> None:
        self.turns, self._longest_url, self._trusted = turns, longest_url, trusted
        self._pages = dict.fromkeys(PLURALS.values(), lists) | dict.fromkeys(SEARCHES, searches)
        self._reading = Reading(database_url, turns, self._is_too_long, _STEPS)
        self._steps = 0
        # How many seconds those of each name took in this turn of the loop, who waits for another one, and whether
        # it is they who are answered at the moment.
        self._spent: dict[str, float] = {}
        self._waiting: dict[str, deque[Callable[[], None]]] = {name: deque() for name in self._pages}
        self._serves_waiting = False
        # The names of which the last one asked for was not to be answered here.
        self._missed: set[str] = set()
        self._counts = {
            (name, is_list, status): metrics.counting("GET", f"/{name}" if is_list else f"/{name}/{{slug}}", status)
            for name, is_list, status in product(self._pages, (True, False), (200, 304))
            if is_list or name not in SEARCHES
        }

    def answer(
        self, request: bytes, defaults: Headers, peer: str, again: Callable[[], None]
    ) -> Answered | Literal["later"] | None:
        """The answer to the bytes of a GET without a body; None if this is not the door for it.

        Or else "later", if there is no time for it in this turn of the loop: then `again` is called in one after it, to
        ask once more. `defaults` are the headers that the server gives to every answer, `peer` is the address of who
        asks.
        """
        end = request.find(b"\r\n")
        target, version = request[4 : end - 9], request[end - 9 : end]
        asked = _TARGET.fullmatch(target)
        if not asked or version not in _VERSIONS or len(target) > self._longest_url:
            return None
        plural, slug, query = map(bytes.decode, asked.groups(b""))
        head, held = condition_of(request[end:])
        asker = asker_of(head, peer if self._trusted else "", self._trusted)
        if not asker or (slug and plural in SEARCHES):
            return None
        if not slug and not self._has_time(plural):
            return self._wait(plural, again)
        try:
            made = self._made(plural, slug, query, asker.origin)
        except sqlite3.Error:  # not migrated yet, or busy
            self._give_up()
            return None
        except Exception:  # the ordinary way tells the client; here it would only lose the connection
            _log.exception("GET %s cannot be answered below the framework", one_line(target))
            return None
        # Who knows of a newer revision is to be answered from where that is.
        if not made or (held and caching.revision_in(held.etag.decode()) > made.state.revision):
            return None
        path = f"/{plural}/{slug}" if slug else f"/{plural}"
        is_last = asker.is_last or version == _VERSIONS[1]
        etag = _etag(asker, path, query, made.state)
        if held and held.plain == etag and (not held.encoding or held.encoding in asker.accepted):
            answer, status = _not_modified(asker, held, made.state, defaults, is_last=is_last), 304
        else:
            answer, status = _written(asker, etag, made, defaults, is_last=is_last), 200
        return answer, self._counts[plural, not slug, status], is_last

    def _give_up(self) -> None:
        """End the transaction in which something went wrong; to end it takes steps as well."""
        self._steps = 0
        self._reading.end()

    def _made(self, plural: str, slug: str, query: str, origin: str) -> Made | None:
        """A record, a list or a search, of what the data is in this turn; nothing of one that nothing was loaded to."""
        self._steps = 0
        connection, state = self._reading.begun()
        if state.at is None:
            return None
        if slug:
            return _record(connection, state, plural, slug)
        return self._page(connection, state, plural, query, origin)

    def _has_time(self, name: str) -> bool:
        """Whether there is time for a list or a search in this turn; nobody goes before those who came earlier."""
        return self._spent.get(name, 0.0) <= _MOST_SECONDS and (self._serves_waiting or not self._waiting[name])

    def _wait(self, name: str, again: Callable[[], None]) -> Literal["later"] | None:
        """Wait for another turn.

        If too many wait, the framework answers, or refuses, and so it does while those that come are not answered here
        anyway.
        """
        if len(self._waiting[name]) >= _MOST_WAITING or name in self._missed:
            return None
        self._waiting[name].append(again)
        return "later"

    def _page(self, connection: sqlite3.Connection, state: State, name: str, query: str, origin: str) -> Made | None:
        """A list or a search, and note how long it took."""
        if not self._spent:
            asyncio.get_running_loop().call_soon(self._turn)
        started_at, made = perf_counter(), None
        try:
            made = self._pages[name](connection, state, name, query, origin)
        finally:
            self._spent[name] = self._spent.get(name, 0.0) + perf_counter() - started_at
            (self._missed.discard if made else self._missed.add)(name)
        return made

    def _turn(self) -> None:
        """Begin another turn of the loop, with those who wait for it."""
        self._spent.clear()
        self._serves_waiting = True
        try:
            for name, waiting in self._waiting.items():
                while waiting and self._has_time(name):
                    waiting.popleft()()
        finally:
            self._serves_waiting = False
            # uvloop looks for more before it calls what these have asked it to call soon.
            self.turns.end()
            if any(self._waiting.values()) and not self._spent:
                asyncio.get_running_loop().call_soon(self._turn)

    def _is_too_long(self) -> bool:
        """Whether to end what is being looked for, which everybody waits for."""
        self._steps += 1
        return self._steps > _MOST_STEPS

    def close(self) -> None:
        """Close the database."""
        self._reading.close()


def _record(connection: sqlite3.Connection, state: State, plural: str, slug: str) -> Made | None:
    found = stored(connection, plural, slug)
    links = (("canonical", f"/{plural}/{slug}"),)
    return Made(state, (found,), links) if found else None


def _etag(asker: Asker, path: str, query: str, state: State) -> bytes:
    return caching.etag_of(state.revision, state.at, f"{asker.origin}{path}", query, JSON).encode()


def _written(asker: Asker, etag: bytes, made: Made, defaults: Headers, *, is_last: bool) -> bytes:
    """An answer, its headers in the order in which the layers of the ordinary way add theirs."""
    encoding, body = b"", made.body
    if asker.encodings:
        encoding, whole = encoded(asker.encodings, b"".join(body))
        body = (whole,)
    return b"".join(
        (
            b"HTTP/1.1 200 OK\r\n",
            _lines(*defaults),
            b'etag: %s-%s"' % (etag[:-1], encoding) if encoding else b"etag: %s" % etag,
            _changed(made.state.at),
            b"\r\nlink: ",
            *[_link(asker.origin, rel, url) for rel, url in made.links],
            asker.links,
            b"\r\ncontent-length: %d\r\ncontent-type: application/json\r\n" % sum(map(len, body)),
            asker.readable,
            b"content-encoding: %s\r\n" % encoding if encoding else b"",
            _end(is_last=is_last),
            *body,
        )
    )


def _not_modified(asker: Asker, held: Held, state: State, defaults: Headers, *, is_last: bool) -> bytes:
    """The answer to who holds what there is, in the same order."""
    start = b"HTTP/1.1 304 Not Modified\r\n%setag: %s" % (_lines(*defaults), held.etag)
    return b"".join((start, _changed(state.at), b"\r\n", asker.readable, _end(is_last=is_last)))


def _end(*, is_last: bool) -> bytes:
    """The last headers."""
    return b"%sx-request-id: %s\r\n%s" % (_GUARDED, new_id(), b"connection: close\r\n\r\n" if is_last else b"\r\n")


@lru_cache(maxsize=8)
def _lines(*headers: tuple[bytes, bytes]) -> bytes:
    return b"".join([b"%s: %s\r\n" % one for one in headers])


@lru_cache(maxsize=8)
def _changed(at: datetime) -> bytes:
    """The headers on caching."""
    return b"%s%s" % (_CACHED, caching.last_modified(at).encode())


def _link(origin: str, rel: str, path: str) -> bytes:
    url = f"{origin}{path}"
    return f'<{url}>; rel="{rel}", '.encode() if len(url) <= caching.LONGEST_LINK else b""
