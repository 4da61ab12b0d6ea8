"""`/events.ics`: the events that have a day, for programs that subscribe to a calendar."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app import __version__
from app.api.timeline import CERTAIN, ENTITY, FROM, TO, span_of
from app.http import parameters
from app.http.read import ReadDep
from app.queries.calendar import list_calendar
from app.queries.timeline import TimelineQuery

router = APIRouter(tags=["events"])

MEDIA_TYPE = "text/calendar"
_PARAMETERS = parameters.named(FROM, TO, CERTAIN, ENTITY)


@router.get(
    "/events.ics",
    name="get_calendar",
    summary="Get the events as a calendar",
    response_class=Response,
    responses={200: {"content": {MEDIA_TYPE: {"schema": {"type": "string"}}}}},
    openapi_extra=parameters.openapi(_PARAMETERS),
)
def get_calendar(request: Request, read: ReadDep) -> Response:
    """The events whose date names a day or a span of days, as iCalendar (RFC 5545). Plans are tentative."""
    from app.renderings import calendar  # what it needs takes a tenth of the server's start

    values = read.parameters(_PARAMETERS)
    events, is_cut = list_calendar(read.connection, TimelineQuery(**span_of(values), entity=values.get("entity", ())))
    description = "Events of film and spaceflight that have a day. Plans are tentative."
    if is_cut:
        description += f" These are the latest {len(events)}; ask for earlier ones with to."
    agenda = calendar.Agenda(
        [(one.record, one.dated) for one in events], description, str(request.url), read.changed_at, __version__
    )
    return read.answer(calendar.render(agenda, read.absolute), f"{MEDIA_TYPE}; charset=utf-8")
