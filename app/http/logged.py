"""A line of the log for each request, if the log wants such lines: asked each time, which costs next to nothing."""

import logging
import re

from app.http.caching import revision_of
from app.logs import REQUESTS, one_line

_log = logging.getLogger(REQUESTS)
_TOLD = re.compile(rb"\r\n(etag|x-request-id): ([^\r]*)")


def note(
    method: str, target: bytes, status: int, seconds: float, *, route: str, request_id: bytes, etag: bytes, by: str
) -> None:
    """Write the line of an answer. `target` is what the client asked for, as it wrote it; `by` is what answered."""
    if not _log.isEnabledFor(logging.INFO):
        return
    revision, shown = revision_of(etag.decode("latin-1")), one_line(target)
    told = {
        "request_id": request_id.decode("latin-1"),
        "method": method,
        "target": shown,
        "route": route,
        "status": status,
        "seconds": round(seconds, 6),
        "revision": revision,
        "by": by,
    }
    of = "" if revision is None else f", revision {revision}"
    text = "%s %s %d in %.1f ms by %s (request %s%s)"
    _log.info(text, method, shown, status, seconds * 1000, by, told["request_id"], of, extra=told)


def note_sent(request: bytes, answer: bytes, seconds: float, *, route: str, by: str) -> None:
    """The same of the bytes of a GET and of what was sent for it, below the framework."""
    if _log.isEnabledFor(logging.INFO):
        told = dict(_TOLD.findall(answer, 0, answer.find(b"\r\n\r\n") + 2))
        target, status = request.split(b" ", 2)[1], int(answer[9:12])
        request_id, etag = told.get(b"x-request-id", b""), told.get(b"etag", b"")
        note("GET", target, status, seconds, route=route, request_id=request_id, etag=etag, by=by)
