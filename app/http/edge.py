"""What happens to every request before and after the framework, as one plain ASGI layer around the whole app."""

import logging
import os
import re
import secrets
import sys
import time
from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any
from urllib.parse import quote

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.documents.moved import MovedDocument
from app.http import caching, problems
from app.http.compressing import IN_ETAG, accepted, liked_best, weights
from app.http.logged import note
from app.http.metrics import Metrics
from app.http.moved import with_query
from app.http.problems import BrokenOffError, ProblemError
from app.http.proxies import Network, as_the_client_sent_it
from app.logs import has_token, one_line

_log = logging.getLogger("filmspace")
_REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{1,64}")
_numbers = count(secrets.randbits(63))
# What this layer answers by itself never comes through the one that makes answers readable for other origins' pages.
EXPOSED = ("ETag", "Link", "Location", "Retry-After", "X-Request-Id")
READABLE = {"access-control-allow-origin": "*", "access-control-expose-headers": ", ".join(EXPOSED)}
_RENAMED = {"/organizations": "/organisations"}
_POLICY = b"content-security-policy"
# A browser takes an answer for what it says it is, shows it in no frame, and runs nothing in it; any page may read it.
GUARDS = {
    b"x-content-type-options": b"nosniff",
    b"x-frame-options": b"DENY",
    _POLICY: b"default-src 'none'; frame-ancestors 'none'",
    b"referrer-policy": b"no-referrer",
    b"cross-origin-resource-policy": b"cross-origin",
}
# What nobody foresaw: the client learns nothing of it but where it is logged.
_UNFORESEEN = ProblemError(
    500, "internal_error", "The server failed to answer. The error is logged under the X-Request-Id of this response."
)
# How the figures count an answer that its client did not wait for; nothing is sent.
_GONE = 499
_ENCODED = re.compile(f'"([^"]*){IN_ETAG}"'.encode())


def new_id() -> bytes:
    """The id of a request that brings none, 16 hexadecimal digits: each process begins somewhere, and counts on.

    The system is asked once: answers that are kept ready would wait for it each time.
    """
    return b"%016x" % (next(_numbers) & 0xFFFFFFFFFFFFFFFF)


def _begin_elsewhere() -> None:
    """Begin somewhere else than the process of which this one is a copy."""
    global _numbers
    _numbers = count(secrets.randbits(63))


if sys.platform != "win32":
    os.register_at_fork(after_in_child=_begin_elsewhere)


class Edge:
    """The layer that knows each request by an id, and sees it as the client sent it to a trusted proxy in front.

    It answers HEAD wherever GET is answered, serves a trailing slash, sends renamed paths on, refuses longer URLs than
    `longest_url` bytes and larger bodies than `largest_body`, tells the encodings of an answer apart by its ETag, and
    turns what nobody foresaw into a problem document and a line in the log.
    """

    def __init__(
        self, app: ASGIApp, *, trusted: Sequence[Network], longest_url: int, largest_body: int, metrics: Metrics
    ) -> None:
        self.app, self.trusted, self.metrics = app, trusted, metrics
        self.longest_url, self.largest_body = longest_url, largest_body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        inner, held = _with_plain_etags(_normal(as_the_client_sent_it(scope, self.trusted)))
        asked, request_id = (scope["method"], target_of(scope)), _id_of(scope)
        status, etag, is_whole, started_at = 0, b"", False, time.perf_counter()

        async def reply(message: Message) -> None:
            nonlocal status, etag, is_whole
            if message["type"] == "http.response.start":
                message = _completed(message, inner, held, request_id)
                status, etag = message["status"], dict(message["headers"]).get(b"etag", b"")
                # For what is answered from the cache, below this layer.
                scope.get("state", {})["count"] = self.metrics.counting_of(inner, status)
            elif message["type"] == "http.response.body" and (inner["is_head"] or status == 304):
                # The headers, Content-Length among them, are those of GET (RFC 9110, 9.3.2).
                message = {**message, "body": b""}
            await send(message)
            is_whole = message["type"] == "http.response.body" and not message.get("more_body")

        try:
            await self._answer(inner, receive, reply, request_id)
        except ClientDisconnect:
            status = status or _GONE  # nobody is left to be answered
            await _let_go(scope, receive)
        except Exception:
            _log.exception("%s %s failed (request %s)", asked[0], one_line(asked[1]), request_id.decode())
            if status:
                raise
            problem = problems.told_at(inner["path"], _UNFORESEEN)
            problem.headers.update(READABLE)
            await problem(inner, receive, reply)
        finally:
            counting = self.metrics.counting_of(inner, status)
            counting(seconds := time.perf_counter() - started_at)
            note(
                *asked, status, seconds, route=counting.route, request_id=request_id, etag=etag, by="framework",
                is_cut=status > 0 and not is_whole,
            )  # fmt: skip

    async def _answer(self, scope: Scope, receive: Receive, send: Send, request_id: bytes) -> None:
        if answer := self._too_large(scope) or _renamed(scope):
            answer.headers.update(READABLE)
            await answer(scope, receive, send)
        else:
            try:
                await self.app(scope, receive, send)
            except BrokenOffError as error:
                told = (scope["method"], one_line(target_of(scope)), error, request_id.decode())
                _log.warning("%s %s was broken off: %s (request %s)", *told)
                if not await _cut_off(scope, receive):
                    raise

    def _too_large(self, scope: Scope) -> Response | None:
        """A problem for a URL, or a body that says how long it is, beyond the limits; a longer one is cut off later."""
        length = len(scope["raw_path"]) + len(scope["query_string"])
        if length > self.longest_url:
            text = f"The URL has {length} bytes; expected at most {self.longest_url}. Ask for less at once."
            return problems.told_at(scope["path"], ProblemError(414, "too_large", text))
        told = dict(scope["headers"]).get(b"content-length", b"")
        if told.isdigit() and int(told[:20]) > self.largest_body:  # a longer number is larger still
            text = f"The body is too large; expected at most {self.largest_body} bytes."
            return problems.told_at(scope["path"], ProblemError(413, "too_large", text))
        return None


async def _cut_off(scope: Scope, receive: Receive) -> bool:
    """Close the connection, and wait until uvicorn knows; whether it is one of our protocol, which alone can do so."""
    if peer := _peer_of(scope):
        await peer.cut_off(receive)
    return peer is not None


async def _let_go(scope: Scope, receive: Receive) -> None:
    """Close the connection of a client that is gone, if uvicorn does not know that yet.

    One whose body was refused is not: it is still told why.
    """
    if (peer := _peer_of(scope)) and peer.is_gone():
        await peer.cut_off(receive)


def _peer_of(scope: Scope) -> Any:
    """Who asks, where it is our protocol that is spoken with them."""
    return scope.get("state", {}).get("peer")


def _id_of(scope: Scope) -> bytes:
    """The client's own id of its request, if that may stand in a log."""
    given: bytes = dict(scope["headers"]).get(b"x-request-id", b"")
    return given if _REQUEST_ID.fullmatch(given) and not has_token(given.decode()) else new_id()


def target_of(scope: Scope) -> bytes:
    """What the client asked for, as it wrote it."""
    query: bytes = scope["query_string"]
    path: bytes = scope["raw_path"] or scope["path"].encode()
    return path + b"?" + query if query else path


def _normal(scope: Scope) -> Scope:
    """The request that the framework sees: GET for HEAD, and a path without a slash at its end."""
    root = scope.get("root_path", "")
    path = scope["path"].rstrip("/") or "/"
    path = path if path != root else f"{root}/"
    is_head = scope["method"] == "HEAD"
    method = "GET" if is_head else scope["method"]
    return {**scope, "method": method, "path": path, "raw_path": quote(path).encode(), "is_head": is_head}


def _with_plain_etags(scope: Scope) -> tuple[Scope, dict[bytes, bytes]]:
    """(the request with the encodings that are liked best, and the ETags that the framework knows, what those were).

    Each encoding of an answer has an ETag of its own (RFC 9110, 8.8.3.3), made of the plain one. One of an encoding
    that the client does not accept now is left as it is, and so will not match.
    """
    encodings = accepted(scope)
    wanted = weights(encodings)
    held: dict[bytes, bytes] = {}

    def plain(found: re.Match[bytes]) -> bytes:
        if not wanted[found[2]]:
            return found[0]
        etag = b'"%s"' % found[1]
        held[etag] = found[0]
        return etag

    # Several lines are one list (RFC 9110, 5.3).
    told = b", ".join(value for name, value in scope["headers"] if name == b"if-none-match")
    headers = [(name, value) for name, value in scope["headers"] if name != b"if-none-match"]
    if told:
        headers.append((b"if-none-match", _ENCODED.sub(plain, told)))
    if encodings:
        headers = [one for one in headers if one[0] != b"accept-encoding"]
        headers.append((b"accept-encoding", liked_best(encodings)))
    return {**scope, "headers": headers}, held


def _completed(message: Message, asked: Scope, held: dict[bytes, bytes], request_id: bytes) -> Message:
    """The beginning of an answer with the headers that all have, and with the ETag of its encoding.

    Who holds what there is, and names no ETag of it, is told so: only here it is known which encoding it is in.
    """
    headers = [(name.lower(), value) for name, value in message.get("headers", ())]
    told, status = dict(headers), message["status"]
    etag = _etag_in(told, held if status == 304 else {})
    headers = [(name, etag if name == b"etag" else value) for name, value in _with_one_vary(headers)]
    headers += [(name, value) for name, value in GUARDS.items() if name not in told]
    headers.append((b"x-request-id", request_id))
    is_got = etag and status == 200 and asked["method"] == "GET"
    if is_got and caching.is_had(Headers(scope=asked), told.get(b"last-modified", b"").decode()):
        status = 304
        headers = [(name, value) for name, value in headers if name == _POLICY or not name.startswith(b"content-")]
    return {**message, "status": status, "headers": headers}


def _etag_in(told: Mapping[bytes, bytes], held: Mapping[bytes, bytes]) -> bytes:
    """The ETag of an answer in its encoding, or that by which its client holds it; "" for none."""
    encoding, etag = told.get(b"content-encoding"), told.get(b"etag", b"")
    if encoding and etag.startswith(b'"'):
        return b'%s-%s"' % (etag[:-1], encoding)
    return held.get(etag, etag)


def _with_one_vary(headers: Sequence[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """The headers with one Vary, the last of them, of what each layer says for itself."""
    vary = [one.strip() for name, value in headers if name == b"vary" for one in value.split(b",")]
    others = [(name, value) for name, value in headers if name != b"vary"]
    return [*others, (b"vary", b", ".join(dict.fromkeys(vary)))] if vary else others


def _renamed(scope: Scope) -> Response | None:
    """308 for what was renamed: it has another URL for good (RFC 9110, 15.4.9), which the body names too.

    A browser's question whether it may ask is answered as such, never sent on.
    """
    if scope["method"] == "OPTIONS" and b"access-control-request-method" in dict(scope["headers"]):
        return None
    root = scope.get("root_path", "")
    path = scope["path"].removeprefix(root)
    for old, new in _RENAMED.items():
        if path == old or path.startswith(f"{old}/"):
            location = with_query(quote(f"{root}{new}{path.removeprefix(old)}"), scope)
            body = MovedDocument(status=308, url=location).model_dump_json()
            return Response(body, 308, {"Location": location}, "application/json")
    return None
