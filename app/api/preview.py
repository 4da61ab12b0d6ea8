"""`POST /sources/preview`: what loading a source would do, for everybody who has one; nothing of it stays."""

from typing import Annotated

from fastapi import APIRouter, Body, HTTPException, Request
from fastapi.responses import Response
from sqlalchemy.exc import DBAPIError

from app.api.sending import LARGEST, SourceRequest, details, seed_of
from app.documents.preview import PreviewDocument
from app.http import formats, parameters
from app.http.bearers import GuardedRoute, documented_refusals, security
from app.http.problems import ProblemError, documented, invalid
from app.http.reach import is_out_of_use
from app.http.read import JSON
from app.loading.problems import RefusedError
from app.preview import preview
from app.preview.trials import SECONDS, BusyError, TooLongError, Trials


class PreviewRoute(GuardedRoute):
    """A route that takes an article with its claims, from everybody unless that is turned off."""

    largest, scope = LARGEST, "preview"

    def is_open(self, request: Request) -> bool:
        """Whether anybody may ask (FILMSPACE_PREVIEW)."""
        return bool(request.app.state.is_preview_open)


router = APIRouter(tags=["sources"], route_class=PreviewRoute)
# Apart, so that what is possible at this path is told by the other alone.
no_source = APIRouter()


@router.post(
    "/sources/preview",
    name="preview_source",
    summary="Preview the load of a source",
    response_model=PreviewDocument,
    responses=documented(
        too_large=f"The body is longer than {LARGEST // 1024} KiB, or the load would take longer than {SECONDS:g} s.",
        not_ready="Too many previews are under way; ask again after Retry-After.",
        **documented_refusals("preview"),
        **{"415": "The source is not sent as application/json."},
    ),
    openapi_extra=security("preview", is_open=True),
)
def preview_source(request: Request, body: Annotated[SourceRequest, Body()]) -> Response:
    """What loading a source would do, claim by claim and record by record. Nothing is stored.

    It is loaded, looked at and taken back, so that it is what `filmspace load` would do; `filmspace load --dry-run`
    tells the same. What the gate refuses is no error of the request, but said of the claim that it is about. A token is
    needed only where `FILMSPACE_PREVIEW` is off.
    """
    parameters.read(request, {})
    formats.accepted(request, [JSON])
    trials: Trials = request.app.state.trials
    try:
        with trials.line():
            seed = seed_of(body)
            with trials.open() as trial:
                found = preview(trial.connection, seed, drop_orphaned=body.drop_orphaned, step=trial.step)
    except RefusedError as error:
        raise invalid(details([str(one) for one in error.problems])) from error
    except BusyError as error:
        raise ProblemError(503, "not_ready", "Too many previews are under way. Ask again in a moment.") from error
    except TooLongError as error:
        text = f"The load would take longer than {SECONDS:g} s; `filmspace load --dry-run` takes its time."
        raise ProblemError(413, "too_large", text) from error
    except DBAPIError as error:
        if not is_out_of_use(error):
            raise
        text = (
            "The database cannot be read or copied just now, takes no writes, or is not migrated yet. Try again soon."
        )
        raise ProblemError(503, "not_ready", text) from error
    return Response(found.model_dump_json(), 200, {"Cache-Control": "no-store"}, JSON)


@no_source.api_route("/sources/preview", methods=["GET", "DELETE"], name="no_preview", include_in_schema=False)
def no_preview() -> Response:
    """405: it is no source, and nobody who asks for it means one."""
    raise HTTPException(405)
