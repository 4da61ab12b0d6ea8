"""`POST /merges`, and `PATCH` of a record's slug: who is who, judged by those who may."""

from typing import Annotated, cast

from fastapi import APIRouter, Body, Request
from fastapi.responses import Response
from pydantic import ConfigDict, Field, WithJsonSchema

from app.api import writes
from app.api.sending import slug_up_to
from app.documents.evidence import Sent
from app.documents.time import Change
from app.http import parameters
from app.http.problems import ProblemError, body_detail, ended, invalid
from app.http.writing import IDEMPOTENCY_KEY, IF_MATCH, Write, written
from app.loading.merging import merge_entities, rename_entity
from app.loading.problems import RefusedError
from app.vocabulary import PLURALS, Kind

router = APIRouter(tags=["changes"])
# With the longest kind before it, what the loader takes for an entity.
_LONGEST = 100
EntityId = Annotated[str, WithJsonSchema(dict(parameters.ENTITY))]


class MergeRequest(Sent):
    """Two entities that are the same."""

    model_config = ConfigDict(strict=True)

    old: EntityId = Field(alias="from", description="The one that is another, as kind/slug; its address leads there.")
    into: EntityId = Field(description="The one that it is, as kind/slug.")
    reason: writes.Reason


class RenameRequest(Sent):
    """What a record is to be called in its address."""

    model_config = ConfigDict(strict=True)

    slug: Annotated[str, *slug_up_to(_LONGEST)] = Field(description="The slug that it gets, which nothing else has.")
    reason: writes.Reason


def merge_records(request: Request, body: Annotated[MergeRequest, Body()]) -> Response:
    """Make one of two records that are the same, as `filmspace merge` does.

    What is said of the one counts for the other, and its address leads there. If-Match takes the ETag of the record
    that is merged away.
    """
    parameters.read(request, {})

    def merge(write: Write) -> writes.Answer:
        write.must_match(_path_of(body.old))
        try:
            merge_entities(write.connection, body.old, body.into, body.reason, actor=write.bearer.name)
        except RefusedError as error:
            (problem,) = error.problems
            pointer = "/into" if problem.file == body.into != body.old else "/from"
            raise invalid([body_detail(pointer, "invalid_value", ended(f"{pointer}: {problem}"))]) from error
        return writes.judged(write, 201)

    return written(request, merge)


def _path_of(entity: str) -> str:
    """Where the record of an entity is. Raises 422 for what is no kind/slug."""
    try:
        kind, _, slug = parameters.entity(entity).partition("/")
    except ValueError as error:
        raise invalid([body_detail("/from", "invalid_value", f"/from: {error}.")]) from error
    return f"/{PLURALS[cast(Kind, kind)]}/{slug}"


router.add_api_route(
    "/merges", merge_records, methods=["POST"], status_code=201, name="merge_records", summary="Merge two records",
    response_model=Change, route_class_override=writes.AdminRoute,
    responses=writes.responses("admin", conflict=writes.ONCE, **writes.NOT_JSON),
    openapi_extra=writes.described("admin", IF_MATCH, IDEMPOTENCY_KEY),
)  # fmt: skip


def rename(write: Write, kind: Kind, slug: str, body: RenameRequest) -> writes.Answer:
    """Give a record that there is another slug, in its state that the client saw. Raises 409 for one that is taken."""
    write.must_match(f"/{PLURALS[kind]}/{slug}")
    try:
        rename_entity(write.connection, f"{kind}/{slug}", body.slug, body.reason, actor=write.bearer.name)
    except RefusedError as error:
        raise ProblemError(409, "conflict", f"{error.problems[0]}.") from error
    return writes.judged(write)
