"""What happens to every request before and after the framework, as one plain ASGI layer around the whole app."""

import logging
import re
import secrets
from urllib.parse import quote

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api import problems

_log = logging.getLogger("filmspace")
_REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{1,64}")
# What this layer answers by itself never comes through the one that makes answers readable for other origins' pages.
EXPOSED = ("ETag", "Link", "Location", "Retry-After", "X-Request-Id")
_READABLE = {"access-control-allow-origin": "*", "access-control-expose-headers": ", ".join(EXPOSED)}
_RENAMED = {"/organizations": "/organisations"}


class Edge:
    """The layer that knows each request by an id.

    It answers HEAD wherever GET is answered, serves a trailing slash, sends renamed paths on, and turns what nobody
    foresaw into a problem document and a line in the log.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given = dict(scope["headers"]).get(b"x-request-id", b"")
        request_id = given if _REQUEST_ID.fullmatch(given) else secrets.token_hex(8).encode()
        is_head = scope["method"] == "HEAD"
        has_started = False

        async def reply(message: Message) -> None:
            nonlocal has_started
            has_started = True
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), (b"x-request-id", request_id)]
            elif message["type"] == "http.response.body" and is_head:
                # The headers, Content-Length among them, are those of GET (RFC 9110, 9.3.2).
                message = {**message, "body": b""}
            await send(message)

        path = scope["path"].rstrip("/") or "/"
        inner = {
            **scope,
            "method": "GET" if is_head else scope["method"],
            "path": path,
            "raw_path": quote(path).encode(),
        }
        try:
            if target := _renamed(path):
                await _redirect(target, inner, reply)
            else:
                await self.app(inner, receive, reply)
        except Exception:
            _log.exception("%s %s failed (request %s)", scope["method"], path, request_id.decode())
            if has_started:
                raise
            problem = problems.unforeseen(Request(inner))
            problem.headers.update(_READABLE)
            await problem(inner, receive, reply)


def _renamed(path: str) -> str | None:
    for old, new in _RENAMED.items():
        if path == old or path.startswith(f"{old}/"):
            return new + path.removeprefix(old)
    return None


async def _redirect(target: str, scope: Scope, send: Send) -> None:
    """308: the resource has another URL for good (RFC 9110, 15.4.9). The body names it too."""
    query = scope["query_string"].decode("latin-1")
    location = f"{quote(target)}?{query}" if query else quote(target)
    body = f"This is at {location} now.\n".encode()
    headers = [
        (b"location", location.encode()),
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        *((name.encode(), value.encode()) for name, value in _READABLE.items()),
    ]
    await send({"type": "http.response.start", "status": 308, "headers": headers})
    await send({"type": "http.response.body", "body": body})
