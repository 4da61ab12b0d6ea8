"""`/` and the probes: what this is, whether it is alive, and whether it can answer."""

from datetime import datetime
from typing import Literal

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import Field

from app import LICENCE, __version__
from app.documents.evidence import Document
from app.http import formats, parameters
from app.http.formats import Format
from app.http.parameters import Parameter
from app.http.problems import ProblemError
from app.http.read import JSON, ProbeDep, ReadDep
from app.queries.status import counts
from app.renderings import home
from app.vocabulary import KINDS, PLURALS

router = APIRouter(tags=["service"])

_LINKS = (
    *(PLURALS[kind] for kind in KINDS),
    "facts",
    "sources",
    "properties",
    "disputes",
    "slips",
    "search",
    "suggest",
    "path",
    "timeline",
    "metrics",
    "events.ics",
    "changes",
    "docs",
    "redoc",
    "openapi.json",
    "llms.txt",
)


_FORMATS: tuple[Format, ...] = ("json", "html")
_OF_ROOT = parameters.named(formats.parameter(*_FORMATS))
_OF_READINESS = parameters.named(
    Parameter(
        "revision", "Whether it can answer from this revision of the data.", parameters.integer(1),
        {"type": "integer", "minimum": 1, "maximum": 2**31 - 1}, is_repeatable=False,
    )
)  # fmt: skip


class Root(Document):
    """What this service is."""

    name: str = Field(description="The name of the service.")
    description: str = Field(description="What it is.")
    version: str = Field(description="The version of the program.")
    licence: str = Field(description="The licence of the program (SPDX).")
    revision: int = Field(description="The revision of the data; each load, correction or withdrawal makes a new one.")
    updated_at: datetime | None = Field(description="When that was made; null when nothing was loaded yet.")
    counts: dict[str, int] = Field(description="How many records of each kind there are, and how many sources.")
    links: dict[str, str] = Field(description="Where to go from here.")


class Health(Document):
    """That the service is alive, or ready."""

    status: Literal["ok"] = Field(description="Always ok; everything else is a problem.")


class Readiness(Health):
    """That the service can answer from a migrated and loaded database."""

    revision: int = Field(description="The revision of the data that it answers from.")


@router.get(
    "/",
    name="get_root",
    summary="What this service is",
    response_model=Root,
    responses=formats.responses("html"),
    openapi_extra=parameters.openapi(_OF_ROOT),
)
def get_root(request: Request, read: ReadDep) -> Response:
    """The name, the revision of the data, how much there is, and where to go; for a browser as a page."""
    form = formats.chosen(request, read.parameters(_OF_ROOT), _FORMATS)
    if form == "html" and request.app.state.explorer.page:
        explored: Response = request.app.state.explorer.answer(request)
        return explored
    root = Root(
        name="filmspace",
        description="A knowledge base of film and spaceflight in which every value shows the sentence that says it.",
        version=__version__,
        licence=LICENCE,
        revision=read.revision,
        updated_at=read.changed_at,
        counts=counts(read.connection),
        links={name: f"/{name}" for name in _LINKS},
    )
    if form == "json":
        return read.answer(root.model_dump_json())
    response = read.answer(home.page(root.model_dump(mode="json"), read.absolute), "text/html; charset=utf-8")
    response.headers["Content-Security-Policy"] = home.POLICY
    return response


@router.get("/healthz", name="get_health", summary="Whether the service is alive")
async def get_health(request: Request, response: Response) -> Health:
    """Answers as long as the process does, whatever the state of the database."""
    parameters.read(request, {})
    response.headers["Cache-Control"] = "no-store"
    return Health(status="ok")


@router.get(
    "/readyz",
    name="get_readiness",
    summary="Whether the service can answer",
    response_model=Readiness,
    openapi_extra=parameters.openapi(_OF_READINESS),
)
def get_readiness(request: Request, read: ProbeDep) -> Response:
    """200 when the database is migrated and something is loaded, or `revision` and what came before it; else 503."""
    wanted = parameters.read(request, _OF_READINESS).get("revision", (1,))[0]
    if not read.revision:
        raise ProblemError(503, "not_ready", "Nothing is loaded yet. Load a source with `filmspace load FOLDER`.")
    if read.revision < wanted:
        raise ProblemError(503, "not_ready", f"The newest revision here is {read.revision}, not {wanted} yet.")
    body = Readiness(status="ok", revision=read.revision).model_dump_json()
    return Response(body, 200, {"Cache-Control": "no-store"}, JSON)
