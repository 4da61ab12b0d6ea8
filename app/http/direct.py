"""The door for what is asked most: one record as JSON, read by the driver and written as bytes, below the framework.

Whatever is unusual in a request it leaves to the ordinary way, which answers the same, byte for byte.
"""

import re
import secrets
import sqlite3
from collections.abc import Sequence

from app.db import open_for_bytes
from app.http import caching
from app.http.asking import Asker, asker_of, encoded
from app.http.edge import GUARDS
from app.http.metrics import Counting, Metrics
from app.queries.stored import Stored, stored
from app.vocabulary import PLURALS

Headers = Sequence[tuple[bytes, bytes]]

_RECORD = re.compile(rf"/({'|'.join(PLURALS.values())})/([a-z0-9]+(?:-[a-z0-9]+)*)".encode())
_VERSION = b" HTTP/1.1"
_CACHED = f"\r\ncache-control: {caching.CACHE_CONTROL}\r\nlast-modified: ".encode()
# The last is what the layer that lets any page read the answers adds.
_VARY = f"vary: {caching.VARY}, Origin\r\n".encode()
_GUARDED = b"".join((_VARY, *(b"%s: %s\r\n" % one for one in GUARDS.items())))


class Direct:
    """Answers from a SQLite database, in the one thread that asks."""

    def __init__(self, database_url: str, metrics: Metrics, *, longest_url: int) -> None:
        self._url, self._longest_url = database_url, longest_url
        self._connection: sqlite3.Connection | None = None
        self._counts = {plural: metrics.counting("GET", f"/{plural}/{{slug}}", 200) for plural in PLURALS.values()}

    def answer(self, request: bytes, defaults: Headers) -> tuple[bytes, Counting] | None:
        """(the answer to the bytes of a GET without a body, what counts it). None if this is not the door for it.

        `defaults` are the headers that the server gives to every answer.
        """
        end = request.find(b"\r\n")
        target = request[4 : end - len(_VERSION)]
        asked = _RECORD.fullmatch(target)
        if not asked or not request.startswith(_VERSION, end - len(_VERSION)) or len(target) > self._longest_url:
            return None
        if not (asker := asker_of(request[end:])):
            return None
        plural = asked[1].decode()
        try:
            self._connection = self._connection or open_for_bytes(self._url)
            found = stored(self._connection, plural, asked[2].decode())
        except sqlite3.Error:  # not migrated yet, or busy
            return None
        return (_written(asker, target.decode(), found, defaults), self._counts[plural]) if found else None

    def close(self) -> None:
        """Close the database."""
        if self._connection:
            self._connection.close()
            self._connection = None


def _written(asker: Asker, path: str, found: Stored, defaults: Headers) -> bytes:
    """A record as it is answered, its headers in the order in which the layers of the ordinary way add theirs."""
    encoding, body = encoded(asker.encodings, found.document) if asker.encodings else (b"", found.document)
    url = f"{asker.origin}{path}"
    etag = caching.etag_of(found.revision, url, "", asker.wanted).encode()
    return b"".join(
        (
            b"HTTP/1.1 200 OK\r\n",
            *(b"%s: %s\r\n" % one for one in defaults),
            b'etag: %s-%s"' % (etag[:-1], encoding) if encoding else b"etag: %s" % etag,
            _CACHED,
            caching.last_modified(found.changed_at).encode(),
            b'\r\nlink: <%s>; rel="canonical", ' % url.encode() if len(url) <= caching.LONGEST_LINK else b"\r\nlink: ",
            asker.links,
            b"\r\ncontent-length: %d\r\ncontent-type: application/json\r\n" % len(body),
            asker.readable,
            b"content-encoding: %s\r\n" % encoding if encoding else b"",
            _GUARDED,
            b"x-request-id: %s\r\n\r\n" % secrets.token_hex(8).encode(),
            body,
        )
    )
