"""`/search`: one search over all kinds."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.api import parameters
from app.api.http import Page, ReadDep
from app.api.parameters import Parameter
from app.documents.evidence import SearchHit
from app.queries.search import SearchQuery, search
from app.vocabulary import KINDS

router = APIRouter(prefix="/search", tags=["search"])


class SearchPage(Page[SearchHit]):
    """One page of what a search found."""


_PARAMETERS = {
    one.name: one
    for one in (
        Parameter(
            "q", "The words to look for, the last as a beginning.", parameters.text,
            {**parameters.TEXT, "examples": ["yulia"]}, is_repeatable=False, is_required=True,
        ),
        Parameter("kind", "Among which kinds.", str, allowed=KINDS),
        *parameters.PAGE,
    )
}  # fmt: skip


@router.get(
    "",
    name="search",
    summary="Search records of all kinds",
    response_model=SearchPage,
    openapi_extra=parameters.openapi(list(_PARAMETERS.values())),
)
def search_all(request: Request, read: ReadDep) -> Response:
    """Records whose names, alternate names or evidence sentences have all the words, best first.

    Case, accents, apostrophes and hyphens do not matter, and neither do spellings that a source uses and others do not.
    """
    values = parameters.read(request, _PARAMETERS)
    query = SearchQuery(values["q"][0], values.get("kind", ()), **parameters.page_of(values))
    count, hits = search(read.connection, query)
    return read.answer_page(count, [hit.model_dump_json() for hit in hits], limit=query.limit, offset=query.offset)
