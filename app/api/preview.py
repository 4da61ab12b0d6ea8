"""`POST /sources/preview`: what loading a source would do, for everybody who has one; nothing of it stays."""

import re
from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Body, HTTPException, Request
from fastapi.responses import Response
from pydantic import AfterValidator, ConfigDict, Field, WithJsonSchema
from pydantic_core import PydanticCustomError
from sqlalchemy.exc import OperationalError, ProgrammingError

from app.documents.evidence import Document
from app.documents.preview import PreviewDocument
from app.http import formats, parameters
from app.http.bodies import JsonRoute
from app.http.problems import ProblemDetail, ProblemError, body_detail, documented, invalid
from app.http.read import JSON
from app.loading.problems import RefusedError
from app.loading.seed import Seed, parse, parse_json
from app.passages import PassageError, normalise
from app.preview import preview
from app.preview.trials import SECONDS, BusyError, TooLongError, Trials

_LARGEST = 256 * 1024
_MOST_CLAIMS, _MOST_NAMED, _LONGEST_SLUG = 1000, 20, 120
_FILE = {
    "type": "object",
    "description": "The content of claims.yaml as JSON.",
    "properties": {
        "source": {"type": "object", "description": "What the article's header does not say of it."},
        "entities": {"type": ["array", "null"], "description": "Who and what is spoken of, as kind/slug.", "items": {}},
        "claims": {
            "type": ["array", "null"],
            "description": "The claims, if there are any.",
            "items": {},
            "maxItems": _MOST_CLAIMS,
        },
    },
    "required": ["entities", "claims"],
    "additionalProperties": False,
}
_YAML = {"type": "string", "description": "The content of claims.yaml as it is."}


def _checked(slug: str) -> str:
    if len(slug) > _LONGEST_SLUG or not re.fullmatch(parameters.SLUG, slug):
        text = f"is no slug; expected a-z, 0-9 and single hyphens, at most {_LONGEST_SLUG} characters"
        raise PydanticCustomError("slug", "{text}", {"text": text})
    return slug


_SLUG = {"type": "string", "pattern": f"^{parameters.SLUG}$", "maxLength": _LONGEST_SLUG}
Slug = Annotated[str, AfterValidator(_checked), WithJsonSchema(_SLUG)]


class PreviewRequest(Document):
    """A source as a folder of `seeds/` has it."""

    model_config = ConfigDict(strict=True)

    slug: Slug = Field(description="The slug of the source: the name of its folder.")
    article: str = Field(description="Its text, as article.txt has it, with its header.")
    claims: Annotated[Any, WithJsonSchema({"anyOf": [_YAML, _FILE]})] = Field(
        description="Its claims: the text of claims.yaml, or the same as JSON."
    )
    drop_orphaned: bool = Field(
        default=False, description="Whether to leave out the claims whose words a corrected text no longer has."
    )


class PreviewRoute(JsonRoute):
    """A route that takes an article with its claims."""

    largest = _LARGEST


router = APIRouter(tags=["sources"], route_class=PreviewRoute)
# Apart, so that what is possible at this path is told by the other alone.
no_source = APIRouter()


@router.post(
    "/sources/preview",
    name="preview_source",
    summary="Preview the load of a source",
    response_model=PreviewDocument,
    responses=documented(
        too_large=f"The body is longer than {_LARGEST // 1024} KiB, or the load would take longer than {SECONDS:g} s.",
        not_ready="Too many previews are under way; ask again after Retry-After.",
        **{"415": "The source is not sent as application/json."},
    ),
)
def preview_source(request: Request, body: Annotated[PreviewRequest, Body()]) -> Response:
    """What loading a source would do, claim by claim and record by record. Nothing is stored.

    It is loaded, looked at and taken back, so that it is what `filmspace load` would do; `filmspace load --dry-run`
    tells the same. What the gate refuses is no error of the request, but said of the claim that it is about.
    """
    parameters.read(request, {})
    formats.accepted(request, [JSON])
    seed = _seed(body)
    trials: Trials = request.app.state.trials
    try:
        with trials.open() as trial:
            found = preview(trial.connection, seed, drop_orphaned=body.drop_orphaned, step=trial.step)
    except BusyError as error:
        raise ProblemError(503, "not_ready", "Too many previews are under way. Ask again in a moment.") from error
    except TooLongError as error:
        text = f"The load would take longer than {SECONDS:g} s; `filmspace load --dry-run` takes its time."
        raise ProblemError(413, "too_large", text) from error
    except (OperationalError, ProgrammingError) as error:
        text = "The database cannot be read or copied just now, or is not migrated yet. Try again in a moment."
        raise ProblemError(503, "not_ready", text) from error
    return Response(found.model_dump_json(), 200, {"Cache-Control": "no-store"}, JSON)


@no_source.get("/sources/preview", name="no_preview", include_in_schema=False)
def no_preview() -> Response:
    """405: it is no source, and nobody who asks for it means one."""
    raise HTTPException(405)


def _seed(body: PreviewRequest) -> Seed:
    """The source that was sent. Raises 422 where its files cannot be read as such."""
    try:
        article = normalise(_bytes(body.article))
    except PassageError as error:
        raise invalid([body_detail("/article", "invalid_value", f"/article: {error}.")]) from error
    try:
        seed = _read(body.slug, article, body.claims)
    except PassageError as error:
        raise invalid([body_detail("/claims", "invalid_value", f"/claims: {error}.")]) from error
    except RefusedError as error:
        raise invalid(_details([str(one) for one in error.problems])) from error
    if max(len(seed.claims) + len(seed.problems), len(seed.entities)) > _MOST_CLAIMS:
        text = f"more than {_MOST_CLAIMS} claims or entities; `filmspace load --dry-run` takes any number"
        raise invalid(_details([text]))
    return seed


def _read(slug: str, article: str, claims: Any) -> Seed:
    if isinstance(claims, str):
        return parse(slug, article, normalise(_bytes(claims)))
    return parse_json(slug, article, claims)


def _bytes(text: str) -> bytes:
    """A text as UTF-8; halves of surrogate pairs, which JSON can carry, as bytes that are none."""
    return text.encode("utf-8", "surrogatepass")


def _details(problems: Sequence[str]) -> list[ProblemDetail]:
    return [body_detail("/claims", "invalid_value", f"/claims: {one}.") for one in problems[:_MOST_NAMED]]
