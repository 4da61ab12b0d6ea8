"""A line of the log for each request, if the log wants such lines: asked each time, which costs next to nothing."""

import logging
import re

from app.http.caching import revision_of
from app.logs import REQUESTS, one_line

_log = logging.getLogger(REQUESTS)
_TOLD = re.compile(rb"\r\n(etag|x-request-id): ([^\r]*)")


def note(
    method: str,
    target: bytes,
    status: int,
    seconds: float,
    *,
    route: str,
    request_id: bytes,
    etag: bytes,
    by: str,
    is_cut: bool = False,
) -> None:
    """Write the line of an answer. `target` is what the client asked for, as it wrote it; `by` is what answered.

    An answer that `is_cut` ended before all of it was sent.
    """
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
        **({"cut_off": True} if is_cut else {}),
    }
    of = "" if revision is None else f", revision {revision}"
    text = f"%s %s %d{', cut off,' if is_cut else ''} in %.1f ms by %s (request %s%s)"
    _log.info(text, method, shown, status, seconds * 1000, by, told["request_id"], of, extra=told)


def note_sent(asked: tuple[str, bytes] | bytes, answer: bytes, seconds: float, *, route: str, by: str) -> None:
    """The same, below the framework, of what was sent for the bytes of a GET, or for a method and its target."""
    if _log.isEnabledFor(logging.INFO):
        told = dict(_TOLD.findall(answer, 0, answer.find(b"\r\n\r\n") + 2))
        method, target = ("GET", asked.split(b" ", 2)[1]) if isinstance(asked, bytes) else asked
        request_id, etag = told.get(b"x-request-id", b""), told.get(b"etag", b"")
        note(method, target, int(answer[9:12]), seconds, route=route, request_id=request_id, etag=etag, by=by)
