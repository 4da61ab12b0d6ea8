"""What every answer has in common: the database as of one revision, caching headers, pages."""

import sqlite3
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Depends, Request
from fastapi.responses import Response, StreamingResponse
from pydantic import Field
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DatabaseError
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import URL
from starlette.requests import ClientDisconnect

from app.budget import Budget, GoneError, SpentError
from app.db import POOL_SIZE
from app.documents.evidence import Document
from app.http import caching, formats, names, parameters
from app.http.parameters import Parameters, Values
from app.http.problems import BrokenOffError, ProblemError, invalid
from app.http.reach import reason_of
from app.http.turns import Line
from app.queries.status import state_kept

JSON = "application/json"
_T = TypeVar("_T")


class Page(Document, Generic[_T]):
    """One page of a list. A subclass for each list gives it a name and a description in the OpenAPI document."""

    count: int = Field(description="How many results there are in all.")
    next: str | None = Field(description="URL of the next page; null on the last.")
    previous: str | None = Field(description="URL of the page before; null on the first.")
    revision: int = Field(description="The revision of the data that this page shows.")
    results: list[_T] = Field(description="The results of this page.")


class NotModifiedError(Exception):
    """The client already has what it asks for."""

    def __init__(self, headers: dict[str, str]) -> None:
        self.headers = headers
        super().__init__("not modified")


@dataclass(frozen=True)
class Read:
    """A read transaction: everything in one answer is of one revision of the data."""

    request: Request
    connection: Connection
    revision: int
    changed_at: datetime | None

    def parameters(self, known: Parameters) -> Values:
        """The values of each parameter of the request. Raises a 422 for all that are wrong or name nothing."""
        values, problems = parameters.parse(self.request.scope["query_string"], known)
        problems += names.problems_of(self.connection, known, values)
        if problems:
            raise invalid(problems)
        return values

    def absolute(self, path: str) -> str:
        """The whole URL of a path of ours, as the client sees us."""
        return f"{self._origin}{path}"

    def headers(self, media_type: str) -> dict[str, str]:
        """Caching headers of what is sent as this."""
        url = self.request.url
        address = f"{url.scheme}://{url.netloc}{url.path}"
        etag = caching.etag_of(self.revision, self.changed_at, address, url.query, media_type)
        headers = {"ETag": etag, "Cache-Control": caching.CACHE_CONTROL, "Vary": caching.VARY}
        if self.changed_at:
            headers["Last-Modified"] = caching.last_modified(self.changed_at)
        return headers

    def answer(self, body: str | bytes, media_type: str = JSON, **links: str | None) -> Response:
        """A response with this body, or 304 for a client that wants none if there is one.

        `links` are URLs, or paths of ours, by their relation (RFC 8288); None for one that there is not. Those that
        are very long are left out.
        Raises 406 when the Accept header excludes the media type and no `format` was asked for outright.
        """
        return Response(body, 200, self._checked_headers(media_type, links), media_type)

    def stream(self, parts: Iterator[str], media_type: str) -> Response:
        """A response that is sent while it is made; conditions and errors are as for `answer`."""
        headers = self._checked_headers(media_type, {})
        # For HEAD, or 304, the first part is enough, from which the encoding is seen.
        is_had = caching.is_had(self.request.headers, headers.get("Last-Modified", ""))
        wanted = islice(parts, 1) if is_had or self.request.scope.get("is_head") else parts
        return StreamingResponse(_in_turns(wanted, self.request.app.state.guard.line), 200, headers, media_type)

    def answer_page(self, count: int, results: Sequence[Document], *, limit: int, offset: int) -> Response:
        """A page of these results. `next` and `previous` keep every other parameter."""
        page = Page[Any](**self.head(count, limit=limit, offset=offset))
        return self.answer_results(page, [one.model_dump_json() for one in results])

    def head(self, count: int, *, limit: int, offset: int) -> dict[str, Any]:
        """What a page says beside its results, of which it has none as yet."""
        after, before = beside(str(self.request.url), count, limit=limit, offset=offset)
        return {"count": count, "next": after, "previous": before, "revision": self.revision, "results": []}

    def answer_results(self, page: Page[Any], results: Sequence[str], **more: str) -> Response:
        """A page, empty as yet, with these results, and more for keys that are null as yet, all JSON already."""
        # The quotes of a key cannot stand within a value, where they are escaped.
        body = page.model_dump_json()
        for key, value in more.items():
            body = body.replace(f'"{key}":null', f'"{key}":{value}', 1)
        body = body.replace('"results":[]', f'"results":[{",".join(results)}]', 1)
        return self.answer(body, next=page.next, prev=page.previous)

    def _checked_headers(self, media_type: str, links: Mapping[str, str | None]) -> dict[str, str]:
        sent = media_type.partition(";")[0]
        if "format" not in self.request.query_params:
            formats.accepted(self.request, [sent])
        headers = self.headers(sent)
        if is_past(self.request, headers):
            text = "This is no longer what If-Match names, or as If-Unmodified-Since tells; get it without."
            raise ProblemError(412, "precondition", text)
        if is_held(self.request, headers["ETag"]):
            raise NotModifiedError(headers)
        headers["Link"] = caching.link(self._origin, links)
        return headers

    @property
    def _origin(self) -> str:
        url = self.request.url
        return f"{url.scheme}://{url.netloc}{self.request.scope.get('root_path', '')}"


async def _in_turns(parts: Iterator[str], line: Line) -> AsyncIterator[str]:
    """The parts, of few streams at once: otherwise those who stream could keep all threads from others.

    Nobody who has begun is sent away; and whoever makes a part waits for nobody, so that there is always an end to it.
    """
    while True:
        async with line.streams:
            try:
                part = await run_in_threadpool(next, parts, None)
            except (ProblemError, DatabaseError) as error:
                raise BrokenOffError(reason_of(error)) from error
        if part is None:
            return
        yield part


def beside(url: str, count: int, *, limit: int, offset: int) -> tuple[str | None, str | None]:
    """The URLs of the pages after and before one by offset, which keep every other parameter.

    Where fewer are before this page than a page has, the one before has those alone, and none of this one.
    """

    def at(start: int, most: int) -> str:
        return str(URL(url).include_query_params(offset=start, limit=most))

    after = at(offset + limit, limit) if offset + limit < count else None
    return after, at(max(0, min(offset, count) - limit), min(limit, offset)) if offset > 0 else None


def is_held(request: Request, etag: str) -> bool:
    """Whether the client says that it has what this ETag stands for (RFC 9110, 13.1.2: weakly compared)."""
    told = request.headers.get("if-none-match", "")
    return etag in (tag.strip().removeprefix("W/") for tag in told.split(","))


def if_match(request: Request) -> str:
    """The ETags of which one must be that of what there is, or `*`; "" for no such condition."""
    return ",".join(request.headers.getlist("if-match")).strip()


def is_past(request: Request, headers: Mapping[str, str]) -> bool:
    """Whether what is only wanted as it was is another by now: by its ETags, or else by the date (RFC 9110, 13.2.2)."""
    if told := if_match(request):
        return not caching.is_named(told, (headers["ETag"],))
    since = request.headers.get("if-unmodified-since", "")
    return caching.is_modified_since(since, headers.get("Last-Modified", "")) is True


@contextmanager
def reading(request: Request, engine: Engine) -> Iterator[Connection]:
    """A connection for an answer to a request, for as long as one may take. Raises 503 when it takes longer."""
    state = request.app.state
    peer = request.scope.get("state", {}).get("peer")  # of our protocol
    budget = Budget(state.query_seconds, peer and peer.is_gone)
    try:
        with engine.connect() as connection, budget.over(connection):
            yield connection
    except SpentError as error:
        text = (
            f"To answer this would take longer than {error.seconds:g} s. Ask for less at once, such as fewer filters, "
        )
        raise ProblemError(503, "not_ready", f"{text}facets or words, or try again when less is asked.") from error
    except GoneError as error:
        raise ClientDisconnect from error


def _probe(request: Request) -> Iterator[Read]:
    """Open a read transaction, whatever the client has. Raises 503 when the database cannot be read."""
    with _opened(request) as read:
        yield read


def _read(request: Request) -> Iterator[Read]:
    """Open a read transaction. Raises 503 when the database cannot be read, 304 for a client that is up to date."""
    with _opened(request) as read:
        # The others, which ask for nothing that could be kept, have no condition of theirs either.
        if request.method == "GET" and "if-none-match" in request.headers:
            # An ETag of this type was only given out if it is offered here, and then it is the one that is sent.
            headers = read.headers(formats.certain(request))
            if is_held(request, headers["ETag"]) and not is_past(request, headers):
                raise NotModifiedError(headers)
        yield read


@contextmanager
def _opened(request: Request) -> Iterator[Read]:
    """A transaction that sees no older revision than the client knows of.

    A replica that has not come so far yet is passed over for the database that it follows, which has the newest.
    """
    known, app = caching.revision_in(request.headers.get("if-none-match", "")), request.app.state
    with _seen(request, app.engine) as read:
        if read.revision >= known or app.writer is app.engine:
            yield read
            return
    with _seen(request, app.writer) as read:
        yield read


@contextmanager
def _seen(request: Request, engine: Engine) -> Iterator[Read]:
    with ExitStack() as stack:
        try:
            connection = stack.enter_context(reading(request, engine))
            state = state_kept(connection)
        except (DatabaseError, sqlite3.Error) as error:
            request.app.state.reach.lost(engine, error)
            text = "The database cannot be read, or is not migrated yet. Start it with `filmspace serve`, or try again."
            raise ProblemError(503, "not_ready", text) from error
        request.app.state.reach.found(engine)
        yield Read(request, connection, state.revision, state.at)


# The exit code runs before the response is sent, and no more threads wait for a connection than there are
# connections: otherwise those that wait for one keep those from finishing that have one.
ReadDep = Annotated[Read, Depends(_read, scope="function", max_concurrency=POOL_SIZE)]
# For what is never kept, so that it has no conditions.
ProbeDep = Annotated[Read, Depends(_probe, scope="function", max_concurrency=POOL_SIZE)]
