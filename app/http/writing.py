"""What every write has in common: its turn, one transaction, conditions on what was seen, and being asked again."""

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from threading import BoundedSemaphore, Lock
from typing import Any

from fastapi import Request
from fastapi.responses import Response
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from app.access.kept import Answer, keep, kept
from app.access.tokens import Bearer
from app.db import for_writing
from app.http import caching, formats
from app.http.bearers import must_still_hold
from app.http.problems import ProblemError
from app.http.reach import is_out_of_use
from app.http.read import JSON, Read, if_match
from app.queries.status import state_of

# How many wait for their turn or have it, and for how many seconds one waits.
_IN_LINE, _PATIENCE = 4, 5.0
# A string of RFC 9651, as the draft has it, or a word without the quotes.
_KEY = re.compile(r'"([\x20\x21\x23-\x5b\x5d-\x7e]{1,255})"|([A-Za-z0-9_.:-]{1,255})')

IF_MATCH: Mapping[str, Any] = {
    "name": "If-Match", "in": "header", "schema": {"type": "string"}, "required": True, "example": "*",
    "description": "The ETag of what is changed, as GET gave it, so that nobody changes what they have not seen; `*` "
    "for whatever there is (RFC 9110, 13.1.1).",
}  # fmt: skip
IDEMPOTENCY_KEY: Mapping[str, Any] = {
    "name": "Idempotency-Key", "in": "header", "required": False, "example": '"8e03978e-40d5-43dd-bc93-6894a57f9324"',
    "schema": {"type": "string", "pattern": '^"[ !#-\\[\\]-~]{1,255}"$'},
    "description": "A name for this request: asked again under it "
    "within a day, the same is answered and nothing is done twice.",
}  # fmt: skip


class Desk:
    """Where this process writes: one request after the other, each in one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._line, self._turn = BoundedSemaphore(_IN_LINE), Lock()
        self._asked: set[tuple[int, str]] = set()

    @contextmanager
    def open(self) -> Iterator[Connection]:
        """A write transaction, committed at its end. Raises 503 where others keep the database for themselves."""
        if not self._line.acquire(blocking=False):
            raise _busy("Others are writing")
        try:
            if not self._turn.acquire(timeout=_PATIENCE):
                raise _busy("Somebody else has been writing for long")
            try:
                with for_writing(self._engine, patience=_PATIENCE).begin() as connection:
                    yield connection
            finally:
                self._turn.release()
        except DBAPIError as error:
            if not is_out_of_use(error):
                raise
            raise _busy("The database is locked by another program, or cannot be written") from error
        finally:
            self._line.release()

    @contextmanager
    def once(self, bearer: Bearer, key: str) -> Iterator[None]:
        """Keep the same request from being done twice at once. Raises 409."""
        asked = bearer.id, key
        if key and asked in self._asked:
            raise ProblemError(409, "conflict", "A request with this Idempotency-Key is being answered. Ask again.")
        self._asked.add(asked)
        try:
            yield
        finally:
            self._asked.discard(asked)


def _busy(why: str) -> ProblemError:
    return ProblemError(503, "not_ready", f"{why}; nothing is stored. Try again in a moment.")


@dataclass(frozen=True)
class Write(Read):
    """A write transaction, begun at one revision of the data, and in whose name."""

    bearer: Bearer

    def must_match(self, path: str) -> None:
        """Raise 428 without If-Match, and 412 where none of its ETags is one that GET of this path has now."""
        told = if_match(self.request)
        if not told:
            text = f"This changes {path}; send If-Match with the ETag that GET {path} gives, or * for any."
            raise ProblemError(428, "precondition", text)
        at, sent = self.absolute(path), formats.MEDIA_TYPES.values()
        now = {caching.etag_of(self.revision, self.changed_at, at, "", one) for one in sent}
        if not caching.is_named(told, now):
            text = f"The data has changed since; GET {path} again, and see whether it is still what you mean to change."
            raise ProblemError(412, "precondition", text)

    def must_be_new(self) -> None:
        """Raise 412 for a condition that only something that is there meets."""
        if "if-match" in self.request.headers:
            raise ProblemError(412, "precondition", "If-Match names something, and there is no such source as yet.")

    def etag(self, path: str) -> str:
        """The ETag that GET of this path has from now on, as JSON, which is what this answers too."""
        now = state_of(self.connection)
        return caching.etag_of(now.revision, now.at, self.absolute(path), "", JSON)


def written(request: Request, do: Callable[[Write], tuple[int, str, Mapping[str, str]]]) -> Response:
    """What `do` answers, as status, JSON and headers, once what it did is committed; what it raises takes all back.

    Asked again with the same Idempotency-Key, the same is answered and nothing is done. Raises 401 where the token has
    ended since it was looked at, 422 where the key is that of another request, 409 while that one is being answered,
    503 where it is nobody's turn.
    """
    formats.accepted(request, [JSON])
    desk: Desk = request.app.state.desk
    bearer: Bearer = request.state.bearer
    key, sha256 = _key_of(request), _sha256(request)
    with desk.once(bearer, key), desk.open() as connection:
        must_still_hold(connection, request)
        if key and (before := kept(connection, bearer.id, key)):
            if before.request_sha256 != sha256:
                text = "This Idempotency-Key was that of another request; a new request takes a new key."
                raise ProblemError(422, "conflict", text)
            answer = before
        else:
            state = state_of(connection)
            status, body, headers = do(Write(request, connection, state.revision, state.at, bearer))
            answer = Answer(sha256, status, headers, body)
            if key:
                keep(connection, bearer.id, key, answer)
    return Response(answer.body, answer.status, {**answer.headers, "Cache-Control": "no-store"}, JSON)


def _key_of(request: Request) -> str:
    """The Idempotency-Key of a request; "" where it has none. Raises 400 for one that is none."""
    given = request.headers.getlist("idempotency-key")
    found = _KEY.fullmatch(given[0].strip()) if len(given) == 1 else None
    if given and not found:
        text = 'The Idempotency-Key is a string in quotes (RFC 9651), such as "8e03978e", of at most 255 characters.'
        raise ProblemError(400, "bad_request", text)
    return (found[1] or found[2]) if found else ""


def _sha256(request: Request) -> str:
    asked = f"{request.method} {request.url.path}?{request.url.query}\n".encode("utf-8", "surrogatepass")
    return hashlib.sha256(asked + request.state.body).hexdigest()
