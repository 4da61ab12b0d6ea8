"""`/search`, one search over all kinds, and `/suggest`, what could be meant by what is typed so far."""

from collections.abc import Sequence

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import Field
from pydantic_core import to_json

from app.documents.search import SearchHit, Suggestions
from app.http import parameters
from app.http.parameters import Parameter, Values
from app.http.read import Page, ReadDep
from app.queries.search import Hit, SearchQuery, search, suggest
from app.vocabulary import KINDS

router = APIRouter(tags=["search"])


class SearchPage(Page[SearchHit]):
    """One page of what a search found."""

    corrected: str | None = Field(
        description="What was looked for instead, because what was asked for finds nothing; null otherwise."
    )


_Q = "The words to look for; the last may be incomplete. Any text will do: all else separates words."
_KIND = Parameter("kind", "Among which kinds.", str, allowed=KINDS)
SEARCH = parameters.named(parameters.sought(_Q, "yulia", is_required=True), _KIND, *parameters.PAGE)
SUGGEST = parameters.named(parameters.sought(_Q, "rosc", is_required=True), _KIND)


def query_of(values: Values) -> SearchQuery:
    """The search that parameters ask for."""
    return SearchQuery(values["q"][0], values.get("kind", ()), **parameters.page_of(values))


def suggested(corrected: str | None, results: Sequence[Hit]) -> bytes:
    """Suggestions as they are served."""
    return to_json({"corrected": corrected, "results": results})


@router.get(
    "/search",
    name="search",
    summary="Search records of all kinds",
    response_model=SearchPage,
    openapi_extra=parameters.openapi(SEARCH),
)
def search_all(request: Request, read: ReadDep) -> Response:
    """Records that have all the words in their names, their texts or the sentences that speak of them, best first.

    First what is called exactly so, then what begins so, then other names, then words of names, then what is said of
    the record, then the sentences that it has a part in; among these the best known first. Case, accents, apostrophes
    and hyphens do not matter. If nothing is found, the nearest words of names are looked for: `corrected` names them.
    """
    values = read.parameters(SEARCH)
    query = query_of(values)
    found = search(read.connection, query)
    hits = [to_json(hit).decode() for hit in found.hits]
    head = read.head(found.count, limit=query.limit, offset=query.offset)
    return read.answer_results(SearchPage(**head, corrected=found.corrected), hits)


@router.get(
    "/suggest",
    name="suggest",
    summary="Suggest records while somebody types",
    response_model=Suggestions,
    openapi_extra=parameters.openapi(SUGGEST),
)
def suggest_some(request: Request, read: ReadDep) -> Response:
    """At most ten records one of whose names has all the words, the last as a beginning, likeliest first.

    If there is none, those whose names are nearest; `corrected` says what was looked for.
    """
    values = read.parameters(SUGGEST)
    corrected, results = suggest(read.connection, values["q"][0], values.get("kind", ()))
    return read.answer(suggested(corrected, results))
