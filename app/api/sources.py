"""`/sources`: the articles and data sets that the base holds, their texts, and what each of their sentences states."""

import re
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from fastapi.responses import PlainTextResponse, Response

from app.api import formats, parameters
from app.api.formats import Format
from app.api.http import Page, Read, ReadDep
from app.api.linked import LINKED, answer_linked
from app.api.parameters import Parameter
from app.api.problems import ProblemError, documented, shorten
from app.documents.evidence import AnnotatedDocument, SourceDocument
from app.queries.sources import SourceQuery, annotate, get_source, list_sources, source_document
from app.renderings import claims

router = APIRouter(prefix="/sources", tags=["sources"])


class SourcePage(Page[SourceDocument]):
    """One page of sources."""


Slug = Annotated[
    str,
    Path(
        description="The source's slug.",
        json_schema_extra={"pattern": f"^{parameters.SLUG}$"},
    ),
]
_PROBLEMS = documented(not_found="There is no such source.", gone="The source was withdrawn; the detail says why.")

_FORMATS: tuple[Format, ...] = ("json", "jsonld")
_FORMAT = formats.parameter(*_FORMATS)
_PARAMETERS = {
    one.name: one
    for one in (
        *parameters.PAGE,
        Parameter("kind", "What the source is.", str, allowed=("article", "dataset")),
        Parameter("publisher", "Who published it.", parameters.text),
        Parameter(
            "mentions", "A record that it states a fact about, in whatever role, as kind/slug.", parameters.entity,
            parameters.ENTITY,
        ),
    )
}  # fmt: skip


def _found(read: Read, slug: str) -> Any:
    """The newest version of that source. Raises 404, or 410 with the reason when it is withdrawn."""
    row = get_source(read.connection, slug) if re.fullmatch(parameters.SLUG, slug) else None
    if row is None:
        raise ProblemError(404, "not_found", f"There is no source '{shorten(slug)}'. See /sources for all.")
    if row.withdrawn_at is not None:
        raise ProblemError(410, "gone", f"The source '{slug}' was withdrawn: {row.withdrawn_reason}")
    return row


@router.get(
    "",
    name="list_sources",
    summary="List sources",
    response_model=SourcePage,
    openapi_extra=parameters.openapi(list(_PARAMETERS.values())),
)
def list_all(request: Request, read: ReadDep) -> Response:
    """The sources that the base speaks from, by slug."""
    values = parameters.read(request, _PARAMETERS)
    told: dict[str, Any] = {**values, **parameters.page_of(values)}
    query = SourceQuery(**told)
    count, sources = list_sources(read.connection, query)
    results = [source.model_dump_json() for source in sources]
    return read.answer_page(count, results, limit=query.limit, offset=query.offset)


@router.get(
    "/{slug}",
    name="get_source",
    summary="Get one source",
    response_model=SourceDocument,
    responses=_PROBLEMS | formats.responses("jsonld", jsonld=LINKED),
    openapi_extra=parameters.openapi([_FORMAT]),
)
def get_one(request: Request, slug: Slug, read: ReadDep) -> Response:
    """What a source is, and where its text and its facts are."""
    values = parameters.read(request, {_FORMAT.name: _FORMAT})
    source = source_document(read.connection, _found(read, slug))
    if formats.chosen(request, values, _FORMATS) == "jsonld":
        return answer_linked(read, claims.source(source.model_dump(), read.absolute), source.url)
    return read.answer(source.model_dump_json())


@router.get(
    "/{slug}/text",
    name="get_source_text",
    summary="Get the text of a source",
    response_class=PlainTextResponse,
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}, **_PROBLEMS},
)
def get_text(request: Request, slug: Slug, read: ReadDep) -> Response:
    """The stored text: exactly the string that positions count in, in Unicode code points."""
    parameters.read(request, {})
    return read.answer(_found(read, slug).text, "text/plain; charset=utf-8")


@router.get(
    "/{slug}/annotated",
    name="get_annotated_source",
    summary="Get a source sentence by sentence",
    response_model=AnnotatedDocument,
    responses=_PROBLEMS,
)
def get_annotated(request: Request, slug: Slug, read: ReadDep) -> Response:
    """The sentences of a source in order, each with the facts that quote it and the records that it names."""
    parameters.read(request, {})
    return read.answer(annotate(read.connection, _found(read, slug)).model_dump_json())
