"""The headers by which answers are kept, and those that lead from one to the next; the same whoever writes them."""

import hashlib
import re
from collections.abc import Collection, Mapping
from datetime import datetime
from email.utils import format_datetime, parsedate_to_datetime
from functools import lru_cache

from app import LICENCE_URL, __version__
from app.http.compressing import IN_ETAG

_ASCTIME = re.compile(r"[A-Z][a-z]{2} [A-Z][a-z]{2} [ 0-9][0-9] [0-9]{2}:[0-9]{2}:[0-9]{2} [0-9]{4}")
CACHE_CONTROL = "public, max-age=60, stale-while-revalidate=600"
VARY = "Accept, Accept-Encoding"
# Clients and proxies refuse long headers, some of more than 8 kB in all; the URLs of pages stand in the body as well.
LONGEST_LINK = 2000
_ETAG = re.compile(r'"([0-9]{1,18})-[0-9a-f]{24}(?:-[a-z]+)?"')
_NAMED = re.compile(rf'(W/)?"([^"]*?)(?:{IN_ETAG})?"')
_REVISION = re.compile('"([0-9]{1,9})[-"]')


def etag_of(revision: int, changed_at: datetime | None, address: str, query: str, media_type: str) -> str:
    """The ETag of what is answered at this address: it changes with the data, the URL, the format and the program.

    It begins with the revision, which `revision_of` reads.
    `address` is the URL without its query, `media_type` what is sent, without parameters: whoever asks for it, in
    whatever words, is given the same. The query counts as it is written: of what is repeated the order matters, and
    the pages beside one are named in the order in which it was asked for.
    """
    key = f"{_made_of(changed_at)} {address}?{query} {media_type}"
    return f'"{revision}-{hashlib.blake2b(key.encode(), digest_size=12).hexdigest()}"'


@lru_cache(maxsize=8)
def _made_of(changed_at: datetime | None) -> str:
    """The program and the data, by its time: a server that lost its newest revisions gives their numbers to others."""
    return f"{__version__} {changed_at}"


def revision_of(etag: str) -> int | None:
    """The revision of the data that an ETag of ours is of, whatever the encoding; None for another's."""
    found = _ETAG.fullmatch(etag)
    return int(found[1]) if found else None


def is_named(told: str, etags: Collection[str]) -> bool:
    """Whether an If-Match tells of one of these, in whatever encoding (RFC 9110, 13.1.1: strongly compared)."""
    return told == "*" or any(not weak and f'"{tag}"' in etags for weak, tag, _ in _NAMED.findall(told))


def revision_in(held: str) -> int:
    """The newest revision that the ETags of an If-None-Match tell of, or `"7"` by itself; 0 for none."""
    return max(map(int, _REVISION.findall(held)), default=0) if held else 0


def is_had(asked: Mapping[str, str], modified: str) -> bool:
    """Whether a client, by its headers, wants nothing of what there is of this date, whatever its ETag.

    It holds anything (`*`), or tells no ETag and a date since which nothing has changed (RFC 9110, 13.1.2 and 13.1.3).
    """
    if held := asked.get("if-none-match"):
        return held.strip() == "*"
    return is_modified_since(asked.get("if-modified-since", ""), modified) is False


def is_modified_since(told: str, modified: str) -> bool | None:
    """Whether one date, as HTTP writes it, is after the other that was told; None where one of them is none."""
    # The oldest form, as C's asctime writes it, has no zone, and is in UTC all the same (RFC 9110, 5.6.7).
    zoned = f"{told} GMT" if _ASCTIME.fullmatch(told) else told
    try:
        return parsedate_to_datetime(modified) > parsedate_to_datetime(zoned)
    except (ValueError, TypeError, OverflowError):  # the latter two are of one without a zone, or of any number
        return None


@lru_cache(maxsize=8)
def last_modified(changed_at: datetime) -> str:
    """When the data last changed, as HTTP writes it."""
    return format_datetime(changed_at, usegmt=True)


def link(origin: str, links: Mapping[str, str | None]) -> str:
    """A Link header of URLs, or paths of ours, by their relation, and of the two that every answer has.

    None is a link that there is not; one that is very long is left out. `origin` is what stands before our paths.
    """
    every = {**links, "describedby": "/openapi.json", "license": LICENCE_URL}
    urls = {rel: f"{origin}{url}" if url.startswith("/") else url for rel, url in every.items() if url}
    return ", ".join(f'<{url}>; rel="{rel}"' for rel, url in urls.items() if len(url) <= LONGEST_LINK)
