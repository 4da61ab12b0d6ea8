"""`/sources`: the articles and data sets that the base holds, their texts, and what each of their sentences states."""

import re
from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse, Response

from app.api import loads
from app.api.linked import LINKED, answer_linked
from app.documents.evidence import AnnotatedDocument, SourceDocument
from app.http import formats, parameters
from app.http.formats import Format
from app.http.parameters import Parameter
from app.http.problems import ProblemError, documented, no_such
from app.http.read import Page, Read, ReadDep
from app.queries.nearest import nearest_source
from app.queries.sources import SourceQuery, annotate, get_source, list_sources, source_document
from app.renderings import annotations, claims
from app.renderings.annotations import Annotations, rendered
from app.vocabulary import KINDS, SLUG

router = APIRouter(prefix="/sources", tags=["sources"])


class SourcePage(Page[SourceDocument]):
    """One page of sources."""


Slug = Annotated[str, parameters.source_in_path()]
_PROBLEMS = documented(not_found="There is no such source.", gone="The source was withdrawn; the detail says why.")

_FORMATS: tuple[Format, ...] = ("json", "jsonld")
_FORMAT = formats.parameter(*_FORMATS)
_OF_ONE = parameters.named(_FORMAT)
_PARAMETERS = parameters.named(
    *parameters.PAGE,
    Parameter("kind", "What the source is.", str, allowed=("article", "dataset")),
    Parameter("publisher", "Who published it.", parameters.text),
    Parameter(
        "mentions", "A record that it states a fact about, in whatever role, as kind/slug.", parameters.entity,
        parameters.ENTITY, names=KINDS,
    ),
)  # fmt: skip
_ANNOTATED = parameters.named(
    _FORMAT,
    Parameter(
        "page", "With format=jsonld, which page of the annotations; without it, all of them and the first page.",
        parameters.integer(1), {"type": "integer", "minimum": 1, "maximum": 2**31 - 1}, is_repeatable=False,
    ),
    Parameter(
        "context", "With format=jsonld, the context: that of the W3C by its URL, or the same terms inline.", str,
        allowed=("w3c", "inline"), is_repeatable=False, default="w3c",
    ),
)  # fmt: skip


def _found(read: Read, slug: str) -> Any:
    """The newest version of that source. Raises 404, or 410 with the reason when it is withdrawn."""
    row = get_source(read.connection, slug) if re.fullmatch(SLUG, slug) else None
    if row is None:
        raise no_such("source", slug, nearest_source(read.connection, slug), folder="sources")
    if row.withdrawn_at is not None:
        raise ProblemError(410, "gone", f"The source '{slug}' was withdrawn: {row.withdrawn_reason}")
    return row


@router.get(
    "",
    name="list_sources",
    summary="List sources",
    response_model=SourcePage,
    openapi_extra=parameters.openapi(_PARAMETERS),
)
def list_all(request: Request, read: ReadDep) -> Response:
    """The sources that the base speaks from, by slug."""
    values = read.parameters(_PARAMETERS)
    told: dict[str, Any] = {**values, **parameters.page_of(values)}
    query = SourceQuery(**told)
    count, sources = list_sources(read.connection, query)
    return read.answer_page(count, sources, limit=query.limit, offset=query.offset)


@router.get(
    "/{slug}",
    name="get_source",
    summary="Get one source",
    response_model=SourceDocument,
    responses=_PROBLEMS | formats.responses("jsonld", jsonld=LINKED),
    openapi_extra=parameters.openapi(_OF_ONE),
)
def get_one(request: Request, slug: Slug, read: ReadDep) -> Response:
    """What a source is, and where its text and its facts are."""
    values = read.parameters(_OF_ONE)
    source = source_document(read.connection, _found(read, slug))
    if formats.chosen(request, values, _FORMATS) == "jsonld":
        return answer_linked(read, claims.source(source.model_dump(), read.absolute), source.url)
    return read.answer(source.model_dump_json(), canonical=source.url)


@router.get(
    "/{slug}/text",
    name="get_source_text",
    summary="Get the text of a source",
    response_class=PlainTextResponse,
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}, **_PROBLEMS},
)
def get_text(request: Request, slug: Slug, read: ReadDep) -> Response:
    """The stored text: exactly the string that positions count in, in Unicode code points."""
    read.parameters({})
    return read.answer(_found(read, slug).text, "text/plain; charset=utf-8", canonical=f"/sources/{slug}/text")


@router.get(
    "/{slug}/annotated",
    name="get_annotated_source",
    summary="Get a source sentence by sentence",
    response_model=AnnotatedDocument,
    responses=_PROBLEMS | formats.responses("jsonld", jsonld=LINKED),
    openapi_extra=parameters.openapi(_ANNOTATED),
)
def get_annotated(request: Request, slug: Slug, read: ReadDep) -> Response:
    """The sentences of a source in order, each with the facts that quote it and the records that it names.

    As JSON-LD it is a collection of W3C Web Annotations of the text of the source.
    """
    values = read.parameters(_ANNOTATED)
    row = _found(read, slug)
    form = formats.chosen(request, values, _FORMATS)
    if form == "json":
        formats.refuse(form, values, "page", "context")
    document = annotate(read.connection, row)
    path = f"{document.source.url}/annotated"
    if form == "json":
        return read.answer(document.model_dump_json(), canonical=path)
    found = Annotations(document.model_dump(), row.text, read.absolute)
    number = _ANNOTATED["page"].of(values)
    if number is not None and number > found.page_count:
        raise ProblemError(404, "not_found", f"There is no page {number} of these annotations, but {found.page_count}.")
    told = found.collection() if number is None else found.page(number)
    is_inline = _ANNOTATED["context"].of(values) == "inline"
    return answer_linked(read, rendered(told, is_inline=is_inline), path, annotations.MEDIA_TYPE)


loads.add(router, _found)
