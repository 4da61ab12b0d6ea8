"""`/disputes` and `/slips`: where sources disagree, and where plans and what happened do."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.documents.truth import DisputeDocument, SlipDocument
from app.http import parameters
from app.http.parameters import Parameter, Values
from app.http.read import Page, ReadDep
from app.queries.facts.truth import TruthQuery, list_disputes, list_slips
from app.vocabulary import KINDS, PROPERTIES

router = APIRouter(tags=["truth"])


class DisputePage(Page[DisputeDocument]):
    """One page of disputes."""


class SlipPage(Page[SlipDocument]):
    """One page of slips."""


# Without the example: what sources agree on is in neither list.
_ENTITY = {name: told for name, told in parameters.ENTITY.items() if name != "examples"}
_DISPUTED = tuple(prop.name for prop in PROPERTIES.values() if not prop.is_free)
_DATES = tuple(name for name in _DISPUTED if PROPERTIES[name].value_type == "date")


def _filters(properties: tuple[str, ...]) -> tuple[Parameter, ...]:
    return (
        *parameters.PAGE,
        Parameter("kind", "The kind of what it is said of.", str, allowed=KINDS),
        Parameter("property", "The property of which it is said.", str, allowed=properties),
        Parameter("subject", "What it is said of, as kind/slug.", parameters.entity, _ENTITY, names=KINDS),
        Parameter(
            "source", "The slug of a source that takes part in it.", *parameters.slug_of(), names=parameters.SOURCE
        ),
    )


_ORDERING = Parameter(
    "ordering", "By how many days it slipped at least, -slip_days for the most first; otherwise by kind and slug.", str,
    allowed=("slip_days", "-slip_days"), is_repeatable=False,
)  # fmt: skip
_OF_DISPUTES = parameters.named(*_filters(_DISPUTED))
_OF_SLIPS = parameters.named(*_filters(_DATES), _ORDERING)


def _query(values: Values) -> TruthQuery:
    told: dict[str, Any] = {**values, **parameters.page_of(values)}
    ordering = told.pop("ordering", ("",))[0]
    return TruthQuery(**told, by_days=ordering != "", descending=ordering.startswith("-"))


@router.get(
    "/disputes",
    name="list_disputes",
    summary="List what sources disagree on",
    response_model=DisputePage,
    openapi_extra=parameters.openapi(_OF_DISPUTES),
)
def list_all_disputes(request: Request, read: ReadDep) -> Response:
    """Properties of which current sources say what cannot all be true, every side with its evidence.

    Of one with several values, each that is denied is a side, and who denies it the next. A coarser date that agrees
    with a finer one is on its side. Plans are not in dispute.
    """
    query = _query(read.parameters(_OF_DISPUTES))
    count, disputes = list_disputes(read.connection, query)
    return read.answer_page(count, disputes, limit=query.limit, offset=query.offset)


@router.get(
    "/slips",
    name="list_slips",
    summary="List what happened differently than planned",
    response_model=SlipPage,
    openapi_extra=parameters.openapi(_OF_SLIPS),
)
def list_all_slips(request: Request, read: ReadDep) -> Response:
    """Dates of which both the plan and what happened are known, and differ; and by how many days.

    What may have been kept is not listed: a plan for April that happened on April 12.
    """
    query = _query(read.parameters(_OF_SLIPS))
    count, slips = list_slips(read.connection, query)
    return read.answer_page(count, slips, limit=query.limit, offset=query.offset)
