"""`/facts`: what sources say, each with the words that say it."""

import re
from datetime import UTC, datetime, time
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response

from app.api.linked import LINKED, MARKDOWN, answer_linked
from app.documents.evidence import FactDocument
from app.http import formats, moved, parameters
from app.http.formats import Format
from app.http.parameters import Parameter, Values
from app.http.problems import ProblemError, detail, documented, invalid, shorten
from app.http.read import Page, Read, ReadDep
from app.queries.facts import facts_by_id
from app.queries.facts.lists import FactQuery, list_facts
from app.renderings import claims, pages
from app.vocabulary import INFERENCES, KINDS, MODALITIES, PROPERTIES

router = APIRouter(prefix="/facts", tags=["facts"])


class FactPage(Page[FactDocument]):
    """One page of facts."""


_FORMATS: tuple[Format, ...] = ("json", "jsonld", "md")
_ID = "[0-9a-f]{16}"
_SPAN = "[0-9]{1,9},[0-9]{1,9}"


def _span(value: str) -> tuple[int, int]:
    """Two positions in a text, `start,end`."""
    if not re.fullmatch(_SPAN, value):
        raise ValueError("expected two positions, such as 905,936")
    start, end = map(int, value.split(","))
    if start >= end:
        raise ValueError("the span is empty; its start must come before its end")
    return start, end


def _by_then(value: str) -> datetime:
    """A moment; of a day its last one, since what became known on a day was known on it."""
    at = parameters.moment(value)
    return at.combine(at, time.max, UTC) if "T" not in value.upper() else at


_KNOWN_AT = Parameter(
    "known_at", "The facts that the base held at this moment, as it told them then; of a day (UTC), at its end.",
    _by_then, {"type": "string", "anyOf": [{"format": "date-time"}, {"format": "date"}]}, is_repeatable=False,
)  # fmt: skip
_FILTERS = (
    Parameter("property", "The property that is stated.", str, allowed=tuple(PROPERTIES)),
    Parameter("value", "The value, exactly as stated.", parameters.text),
    Parameter("object", "What it points to, as kind/slug.", parameters.entity, parameters.ENTITY, names=KINDS),
    Parameter("source", "The slug of a source that states it.", *parameters.slug_of(), names=parameters.SOURCE),
    Parameter("modality", "In what sense it holds.", str, allowed=MODALITIES),
    Parameter("inference", "The step from the words to the value.", str, allowed=INFERENCES),
    _KNOWN_AT,
)
_OF_ONE = parameters.named(formats.parameter(*_FORMATS), _KNOWN_AT)
FACT_FILTERS = parameters.named(*parameters.PAGE, *_FILTERS)
_EVERY = parameters.named(
    *parameters.PAGE,
    Parameter("subject", "What it is said of, as kind/slug.", parameters.entity, parameters.ENTITY, names=KINDS),
    *_FILTERS,
    Parameter(
        "overlaps", "Positions in the text of `source`, as start,end: the facts whose words lie there.", _span,
        {"type": "string", "pattern": f"^{_SPAN}$", "examples": ["905,936"]}, is_repeatable=False,
    ),
)  # fmt: skip


def moment_of(read: Read, values: Values) -> datetime | None:
    """The moment at which the base is asked. Raises 422 for one to come, of which nothing can be known."""
    at: datetime | None = _KNOWN_AT.of(values)
    # A machine whose clock was put back is behind the clock of the data.
    latest = max(datetime.now(UTC), read.changed_at or datetime.min.replace(tzinfo=UTC))
    if at == datetime.combine(latest, time.max, UTC):
        return latest  # today, of which there is more to come
    if at is not None and at > latest:
        text = f"known_at={at.isoformat()} is still to come; expected a moment up to now."
        raise invalid([detail(_KNOWN_AT.name, "invalid_value", text)])
    return at


def fact_query(read: Read, values: Values) -> FactQuery:
    """The query that the parameters ask for."""
    told: dict[str, Any] = {**values, "overlaps": _EVERY["overlaps"].of(values), **parameters.page_of(values)}
    return FactQuery(**{**told, "known_at": moment_of(read, values)})


@router.get(
    "",
    name="list_facts",
    summary="List facts",
    response_model=FactPage,
    openapi_extra=parameters.openapi(_EVERY),
)
def list_all(request: Request, read: ReadDep) -> Response:
    """What current sources say, filtered by what is said, of whom, by whom, and in what sense."""
    values = read.parameters(_EVERY)
    if "overlaps" in values and "source" not in values:
        text = "overlaps counts in the text of one source; name it with source."
        raise invalid([detail("overlaps", "missing", text)])
    query = fact_query(read, values)
    count, facts = list_facts(read.connection, query)
    return read.answer_page(count, facts, limit=query.limit, offset=query.offset)


@router.get(
    "/{fact_id}",
    name="get_fact",
    summary="Get one fact",
    response_model=FactDocument,
    responses=moved.RESPONSES
    | documented(not_found="No source ever stated such a fact.", gone="No source states it now; the detail says why.")
    | formats.responses("jsonld", "md", jsonld=LINKED),
    openapi_extra=parameters.openapi(_OF_ONE),
)
def get_one(
    request: Request,
    read: ReadDep,
    fact_id: Annotated[
        str,
        Path(description="The fact's id.", json_schema_extra={"pattern": f"^{_ID}$"}),
    ],
) -> Response:
    """One fact with all its evidence."""
    values = read.parameters(_OF_ONE)
    at = moment_of(read, values)
    is_id = re.fullmatch(_ID, fact_id)
    fact = facts_by_id(read.connection, [fact_id], at).get(fact_id) if is_id else None
    if fact is None:
        if at is not None:
            raise ProblemError(404, "not_found", f"No source stated a fact '{shorten(fact_id)}' at {at.isoformat()}.")
        if is_id:
            moved.look_for_fact(read, fact_id)
        text = f"No source ever stated a fact '{shorten(fact_id)}'. See /facts for all."
        raise ProblemError(404, "not_found", text)
    form = formats.chosen(request, values, _FORMATS)
    if form == "md":
        return read.answer(pages.fact(fact.model_dump(mode="json"), read.absolute), MARKDOWN, canonical=fact.url)
    if form == "jsonld":
        return answer_linked(read, claims.fact(fact.model_dump(mode="json"), read.absolute), fact.url)
    return read.answer(fact.model_dump_json(), canonical=fact.url)
