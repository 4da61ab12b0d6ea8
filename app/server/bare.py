"""Problems as bytes, for what is answered before there is a request."""

from collections.abc import Sequence
from functools import lru_cache

from app.http import problems
from app.http.edge import GUARDS, READABLE, new_id
from app.http.problems import Code, ProblemError

UNREADABLE = ProblemError(
    400,
    "bad_request",
    "This cannot be read as an HTTP/1.1 request; perhaps its method, a header, its length or its Host is none, or it "
    "has not one Host.",
)
NOT_ASCII = ProblemError(
    400,
    "bad_request",
    "The URL has characters beyond ASCII in it. Percent-encode them, as `curl -G --data-urlencode q=…` does.",
)
TOO_SLOW = ProblemError(408, "bad_request", "The request did not come within the time that it may take. Send it again.")
_STATUS = {
    400: b"Bad Request", 408: b"Request Timeout", 414: b"URI Too Long", 431: b"Request Header Fields Too Large",
    503: b"Service Unavailable", 505: b"HTTP Version Not Supported",
}  # fmt: skip


def written(
    problem: ProblemError, defaults: Sequence[tuple[bytes, bytes]], *, is_last: bool, has_body: bool = True
) -> bytes:
    """An answer that is a problem. `defaults` are the headers that the server gives to all answers."""
    before, after, body = _parts(problem.status, problem.code, problem.detail, problem.retry_after, is_last)
    own = b"".join([b"%s: %s\r\n" % one for one in defaults])
    return b"".join((before, own, after, new_id(), b"\r\n\r\n", body if has_body else b""))


@lru_cache(maxsize=32)
def _parts(status: int, code: Code, detail: str, retry_after: int, is_last: bool) -> tuple[bytes, bytes, bytes]:
    """(an answer's bytes before the headers that the server gives to all, those up to its id, the body)."""
    # It is of no request, or of none as yet, so that not even its path is known.
    answer = problems.told_at("/", ProblemError(status, code, detail, retry_after=retry_after))
    headers = [*answer.raw_headers, *GUARDS.items()]
    headers += [(name.encode(), value.encode()) for name, value in READABLE.items()]
    headers += [(b"connection", b"close")] if is_last else []
    lines = b"".join(b"%s: %s\r\n" % one for one in headers)
    return b"HTTP/1.1 %d %s\r\n" % (status, _STATUS[status]), lines + b"x-request-id: ", bytes(answer.body)
