"""`POST /sources`, and `DELETE` of one: a source is loaded, or withdrawn, by those who may."""

import time
from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Body, Request
from fastapi.responses import Response

from app.api import writes
from app.api.sending import LARGEST, SourceRequest, details, seed_of
from app.documents.time import Change
from app.documents.writing import LoadDocument
from app.http import parameters
from app.http.problems import ProblemError
from app.http.writing import IDEMPOTENCY_KEY, IF_MATCH, Write, written
from app.loading.examining import examine, passed
from app.loading.load import LoadReport, store, withdraw_source
from app.loading.problems import RefusedError
from app.loading.reports import told
from app.loading.seed import Seed
from app.queries.status import state_of

# For how many seconds a load may keep others from writing.
_SECONDS = 30.0
_MOST_NAMED = 100
_SEEN = {**IF_MATCH, "required": False, "description": "For a new version: the ETag of the source, as GET gave it."}
_MADE: dict[int | str, dict[str, Any]] = {201: {"model": LoadDocument, "description": "The source is new."}}
_WITHDRAWING = {writes.REASON.name: writes.REASON}


def add(router: APIRouter, found: Callable[[Write, str], Any]) -> None:
    """Add both to the endpoints of the sources; `found` raises where there is no such source."""

    def load_source(request: Request, body: Annotated[SourceRequest, Body()]) -> Response:
        """Load a source, or a new version of one, wholly or not at all, as `filmspace load` does.

        Exactly what is its newest version already changes nothing. What the gate refuses is told line by line under
        `errors`; `/sources/preview` tells more of it. A new version takes the ETag of the source in If-Match.
        """
        parameters.read(request, {})
        seed = seed_of(body)
        return written(request, lambda write: _load(write, seed, drop_orphaned=body.drop_orphaned))

    def withdraw_one(request: Request, slug: Annotated[str, parameters.source_in_path()]) -> Response:
        """Withdraw a source, as `filmspace withdraw` does: its claims stay in the history and no longer count."""
        (reason,) = parameters.read(request, _WITHDRAWING)["reason"]

        def withdraw(write: Write) -> writes.Answer:
            found(write, slug)
            write.must_match(f"/sources/{slug}")
            withdraw_source(write.connection, slug, reason, actor=write.bearer.name)
            return writes.judged(write)

        return written(request, withdraw)

    router.add_api_route(
        "", load_source, methods=["POST"], name="load_source", summary="Load a source",
        response_model=LoadDocument, route_class_override=writes.LoadRoute,
        responses=_MADE | writes.responses(
            "load", conflict=writes.ONCE, **writes.NOT_JSON,
            too_large=f"The body is longer than {LARGEST // 1024} KiB, or the load takes too long.",
        ),
        openapi_extra=writes.described("load", _SEEN, IDEMPOTENCY_KEY),
    )  # fmt: skip
    gone = {"not_found": "There is no such source.", "gone": "The source was withdrawn already; the detail says why."}
    router.add_api_route(
        "/{slug}", withdraw_one, methods=["DELETE"], name="withdraw_source", summary="Withdraw a source",
        response_model=Change, route_class_override=writes.AdminRoute, responses=writes.responses("admin", **gone),
        openapi_extra=writes.described("admin", writes.REASON.openapi(), IF_MATCH),
    )  # fmt: skip


def _load(write: Write, seed: Seed, *, drop_orphaned: bool) -> writes.Answer:
    ends = time.monotonic() + _SECONDS

    def step(_done: int, _of: int) -> None:
        if time.monotonic() > ends:
            text = f"The load would take longer than {_SECONDS:g} s; `filmspace load` takes its time."
            raise ProblemError(413, "too_large", text)

    try:
        examined = examine(write.connection, seed, drop_orphaned=drop_orphaned, step=step)
    except RefusedError as error:
        raise _refused(error) from error
    url = f"/sources/{seed.slug}"
    before = examined.held.before
    is_there = before is not None and before.withdrawn_at is None
    if not is_there:
        write.must_be_new()
    elif not examined.held.is_unchanged:
        write.must_match(url)
    try:
        report = store(write.connection, passed(examined), actor=write.bearer.name)
    except RefusedError as error:
        raise _refused(error) from error
    made = {} if is_there else {"Location": url, "ETag": write.etag(url)}
    return (200 if is_there else 201), _document(write, report).model_dump_json(), made


def _document(write: Write, report: LoadReport) -> LoadDocument:
    return LoadDocument(
        slug=report.slug,
        url=f"/sources/{report.slug}",
        outcome="unchanged" if report.is_unchanged else "loaded",
        version=report.version,
        revision=state_of(write.connection).revision,
        changes_url=f"/changes?since={write.revision}",
        report=list(told(report)),
    )


def _refused(error: RefusedError) -> ProblemError:
    """422 with what the gate says, in the words of the command."""
    count = len(error.problems)
    text = f"The source is refused, and nothing of it is stored: {count} problem{'s'[: count != 1]}, under errors."
    if not error.left_out and any(one.words == "orphaned" for one in error.reverified):
        text += " Its text is corrected; with drop_orphaned it is loaded without the claims whose words are gone."
    return ProblemError(422, "invalid_parameters", text, details([str(one) for one in error.problems], _MOST_NAMED))
