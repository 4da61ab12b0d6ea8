"""`/timeline`: films, events and everything else that has a date, in one order of time."""

from datetime import date
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app import edtf
from app.documents.time import STANDINGS, TimelineEntry
from app.http import cursors, parameters
from app.http.parameters import Parameter, Values
from app.http.problems import detail, invalid
from app.http.read import Page, ReadDep
from app.queries.timeline import DATED_PROPERTIES, TimelineQuery, list_timeline, order_of
from app.vocabulary import KINDS, MODALITIES

router = APIRouter(tags=["timeline"])


class TimelinePage(Page[TimelineEntry]):
    """One page of the timeline."""


FROM = Parameter(
    "from", "The first time that is asked for, as an EDTF date: what could lie there or later.", edtf.parse,
    parameters.DATE, is_repeatable=False,
)  # fmt: skip
TO = Parameter(
    "to", "The last time that is asked for, as an EDTF date: what could lie there or before.", edtf.parse,
    parameters.DATE, is_repeatable=False,
)  # fmt: skip
ENTITY = Parameter(
    "entity", "Whose dates: those of this record, as kind/slug, and of the records that point to it.",
    parameters.entity, parameters.ENTITY, names=KINDS,
)  # fmt: skip
CERTAIN = Parameter(
    "certain", "Whether a date must lie within from and to whatever it turns out to mean; otherwise it is enough that "
    "it could.", parameters.boolean, {"type": "boolean"}, is_repeatable=False, default=False,
)  # fmt: skip
# A denial or a hope has its place in time, but who reads what happened when should not come upon it unasked; and what
# only says in other words what a record shows would stand there twice.
_MODALITIES = ("asserted", "reported", "planned")
_STANDINGS = tuple(one for one in STANDINGS if one != "agrees")
_PARAMETERS = parameters.named(
    FROM,
    TO,
    Parameter("kind", "The kind of the record that the date is said of.", str, allowed=KINDS),
    Parameter("property", "What is dated.", str, allowed=DATED_PROPERTIES),
    ENTITY,
    Parameter(
        "modality", f"In what sense the date holds; {', '.join(_MODALITIES)} unless asked otherwise.", str,
        allowed=MODALITIES,
    ),
    Parameter(
        "standing", "How the date stands to what the record shows; all but agrees unless asked otherwise.", str,
        allowed=STANDINGS,
    ),
    CERTAIN,
    Parameter(
        "ordering", "The order of time, or against it.", str, allowed=("date", "-date"), is_repeatable=False,
        default="date",
    ),
    *parameters.PAGE,
    cursors.CURSOR,
)  # fmt: skip


def span_of(values: Values) -> dict[str, Any]:
    """The span of time that `from`, `to` and `certain` ask for. Raises 422 when it ends before it starts."""
    start, end = FROM.of(values), TO.of(values)
    since = start.earliest if start and start.earliest else date.min
    until = end.latest if end and end.latest else date.max
    if since > until:
        text = f"from={start.text} begins after to={end.text} has ended; expected the earlier of the two in from."
        raise invalid([detail(name, "invalid_value", text) for name in ("from", "to")])
    return {"since": since, "until": until, "certain": CERTAIN.of(values)}


@router.get(
    "/timeline",
    name="list_timeline",
    summary="List what happened when",
    response_model=TimelinePage,
    openapi_extra=parameters.openapi(_PARAMETERS),
)
def list_all(request: Request, read: ReadDep) -> Response:
    """The dates that current facts give, by the first day that each may mean, then by the last."""
    values = read.parameters(_PARAMETERS)
    ordering = _PARAMETERS["ordering"].of(values)
    is_descending = ordering == "-date"
    told: dict[str, Any] = {**span_of(values), **parameters.page_of(values)}
    query = TimelineQuery(
        kind=values.get("kind", ()),
        property=values.get("property", ()),
        entity=values.get("entity", ()),
        modality=values.get("modality", _MODALITIES),
        standing=values.get("standing", _STANDINGS),
        is_descending=is_descending,
        place=cursors.place_of(values, ordering, order_of(is_descending=is_descending)),
        **told,
    )
    count, found = list_timeline(read.connection, query)
    after, before = cursors.beside(request.url, ordering, count, found, limit=query.limit, offset=query.offset)
    page = TimelinePage(count=count, next=after, previous=before, revision=read.revision, results=[])
    return read.answer_results(page, [entry.model_dump_json() for entry in found.rows])
