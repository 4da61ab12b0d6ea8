"""Who asks, as far as an answer depends on it: read once for each set of headers, most of which come again."""

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from fastapi import Request
from starlette.types import Message, Receive, Scope, Send

from app.api.linked import RECORD_FORMATS
from app.api.lists import LIST_FORMATS
from app.http import caching, formats
from app.http.compressing import IN_ETAG, Compressed, liked_best, weights
from app.http.edge import READABLE
from app.http.problems import ProblemError
from app.http.proxies import Network, as_the_client_sent_it

# Headers on which the answer to a GET does not depend, or only as is told below; with any other it is made elsewhere.
_USUAL = re.compile(
    rb"host|accept|accept-encoding|accept-language|user-agent|origin|referer|cookie|cache-control|pragma|dnt|priority"
    rb"|connection|traceparent|tracestate|sec-[a-z-]+|via|x-real-ip|forwarded|x-forwarded-(?:for|host|port|proto)"
)
_LINE = re.compile(rb"([A-Za-z-]+): ?([\x20-\x7e]*)")
_HOST = re.compile(rb"[A-Za-z0-9.-]{1,255}(?::([0-9]{1,5}))?")
_LAST_PORT = 65535
# What a client says that it holds, where that is one ETag of ours; browsers tell its date as well, which counts for
# nothing then (RFC 9110, 13.1.3).
_HELD = re.compile(
    rf'\r\n(?i:if-none-match): ?(?:W/)?(("[0-9]{{1,18}}-[0-9a-f]{{24}})(?:{IN_ETAG})?")(?=\r\n)'.encode()
)
_SINCE = re.compile(rb"\r\n(?i:if-modified-since):[\x20-\x7e]*(?=\r\n)")
_LONGEST = 4000
_KEPT = 500
_READABLE = "".join(f"{name}: {value}\r\n" for name, value in READABLE.items()).encode()


@dataclass(frozen=True, slots=True)
class Asker:
    """What a request's headers say: where it was sent, and how its answer is to be written.

    JSON is what it likes best of the media types that records have, and of those of lists. With `is_last` it asks for
    nothing more on its connection. `links` are those of every answer, `encodings` what it accepts most, nothing if none
    of that is ours, `accepted` all of ours that it accepts, and `readable` the headers that let the page of another
    origin read the answer.
    """

    origin: str
    is_last: bool
    links: bytes
    encodings: bytes
    accepted: frozenset[bytes]
    readable: bytes


class Held(NamedTuple):
    """The ETag of an answer that a client says it holds: as it is, without the encoding up to the quote, and that."""

    etag: bytes
    plain: bytes
    encoding: bytes


def condition_of(head: bytes) -> tuple[bytes, Held | None]:
    """(the headers without the condition on what is held, that); all of them, for a condition of any other sort."""
    # Whoever has no condition, which are most, is not to wait for the expressions.
    if b"one-" not in head or len(head) > _LONGEST or not (found := _HELD.search(head)):
        return head, None
    rest = head[: found.start()] + head[found.end() :]
    return _SINCE.sub(b"", rest, count=1), Held(found[1], found[2] + b'"', found[3] or b"")


def asker_of(head: bytes, peer: str, trusted: Sequence[Network]) -> Asker | None:
    """Who sent these headers, from the end of the request line to the empty line; None if one of them is unusual.

    They came from the address `peer`, which may be that of a proxy that is trusted.
    """
    return _asker_of(head, peer, trusted) if len(head) <= _LONGEST else None  # what is long is not remembered either


@lru_cache(maxsize=_KEPT)
def _asker_of(head: bytes, peer: str, trusted: Sequence[Network]) -> Asker | None:
    lines = [_LINE.fullmatch(line) for line in head[2:-4].split(b"\r\n")]
    told = {one[1].lower(): one[2].strip(b" ") for one in lines if one}
    if not 0 < len(told) == len(lines) or not all(map(_USUAL.fullmatch, told)):
        return None
    connection = told.get(b"connection", b"keep-alive").lower()
    host = _HOST.fullmatch(told.get(b"host", b""))
    if not host or int(host[1] or 0) > _LAST_PORT or connection not in (b"keep-alive", b"close"):
        return None
    sent = {"type": "http", "scheme": "http", "path": "/", "query_string": b"", "headers": [*told.items()]}
    request = Request(as_the_client_sent_it({**sent, "client": (peer, 0)}, trusted))
    if not request.url.netloc:  # a trusted proxy tells of a host that is none
        return None
    try:
        if any(formats.chosen(request, {}, offered) != "json" for offered in (RECORD_FORMATS, LIST_FORMATS)):
            return None
    except ProblemError:
        return None
    accepting = told.get(b"accept-encoding", b"")
    encodings, accepted = liked_best(accepting), frozenset(one for one, weight in weights(accepting).items() if weight)
    is_encoded = encoded(encodings, b" " * 10_000)[0]
    origin = f"{request.url.scheme}://{request.url.netloc}"
    links = caching.link(origin, {}).encode()
    readable = _READABLE if b"origin" in told else b""
    encodings = encodings if is_encoded else b""
    return Asker(origin, connection == b"close", links, encodings, accepted, readable)


def encoded(encodings: bytes, body: bytes) -> tuple[bytes, bytes]:
    """(the encoding of JSON that the layer for it chooses for a client that accepts these, the body in it).

    The first is nothing for a body that is left as it is.
    """
    headers: dict[bytes, bytes] = {}
    parts = []

    async def send(message: Message) -> None:
        headers.update(message.get("headers", ()))
        parts.append(message.get("body", b""))

    answered = _layer({"type": "http", "headers": [(b"accept-encoding", encodings)], "body": body}, _nothing, send)
    with suppress(StopIteration):  # it waits for nothing, so that it has no need of a loop
        answered.send(None)
    return headers.get(b"content-encoding", b""), b"".join(parts)


async def _json(scope: Scope, _receive: Receive, send: Send) -> None:
    headers = [(b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": scope["body"]})


async def _nothing() -> Message:
    raise RuntimeError("there is no body")


_layer = Compressed(_json)
