"""`/changes`: what each revision of the data did, for programs that follow it and for feed readers."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response

from app import __version__
from app.documents.time import Change, ChangedFact
from app.http import cursors, formats, parameters
from app.http.formats import Format
from app.http.parameters import Parameter
from app.http.problems import ProblemError, documented, shorten
from app.http.read import Page, Read, ReadDep
from app.queries.changes import (
    ChangesQuery,
    first_at,
    get_change,
    list_changed_facts,
    list_changes,
    order_of,
)
from app.renderings import atom

router = APIRouter(prefix="/changes", tags=["changes"])


class ChangePage(Page[Change]):
    """One page of changes."""


class ChangedFactPage(Page[ChangedFact]):
    """One page of the facts that a change added or ended."""


_FORMATS: tuple[Format, ...] = ("json", "atom")
_LIMIT, _OFFSET = parameters.PAGE
_NUMBER = "[0-9]{1,10}"


def _since(value: str) -> int | datetime:
    """A revision, or a moment."""
    if value.isascii() and value.removeprefix("-").isdigit():
        return parameters.integer(0)(value)
    try:
        return parameters.moment(value)
    except ValueError as error:
        raise ValueError(
            "expected the number of a revision, or a date and time such as 2026-11-22T12:00:00Z"
        ) from error


_SINCE = Parameter(
    "since", "The changes after this revision, or after this time, the oldest first. Without it all, the newest first.",
    _since, {"anyOf": [_OFFSET.schema, parameters.MOMENT], "examples": ["0", "2026-11-22T12:00:00Z"]},
    is_repeatable=False,
)  # fmt: skip
_PARAMETERS = parameters.named(_SINCE, _LIMIT, cursors.CURSOR, formats.parameter(*_FORMATS))
_FACT_PARAMETERS = parameters.named(
    Parameter("change", "What became of them.", str, allowed=("added", "ended")), *parameters.PAGE
)
Revision = Annotated[
    str, Path(description="The number of the revision.", json_schema_extra={"pattern": f"^{_NUMBER}$"})
]
_PROBLEMS = documented(not_found="There is no such revision.")


@router.get(
    "",
    name="list_changes",
    summary="List what changed",
    response_model=ChangePage,
    responses=formats.responses("atom"),
    openapi_extra=parameters.openapi(_PARAMETERS),
)
def list_all(request: Request, read: ReadDep) -> Response:
    """What each revision did, with the first of the facts that it added or ended. Also as an Atom feed."""
    values = read.parameters(_PARAMETERS)
    query = ChangesQuery(_SINCE.of(values), _LIMIT.of(values))
    order = order_of(query)
    ordering = "-revision" if order[0].is_descending else "revision"
    query = replace(query, place=cursors.place_of(values, ordering, order))
    count, found = list_changes(read.connection, query)
    after, before = cursors.beside(request.url, ordering, count, found, limit=query.limit)
    if formats.chosen(request, values, _FORMATS) == "atom":
        return _answer_feed(read, found.rows, after, before)
    page = ChangePage(count=count, next=after, previous=before, revision=read.revision, results=[])
    return read.answer_results(page, [change.model_dump_json() for change in found.rows])


def _answer_feed(read: Read, changes: Sequence[Change], after: str | None, before: str | None) -> Response:
    url = read.request.url
    links = {
        "self": str(url),
        "alternate": str(url.include_query_params(format="json")),
        "first": str(url.remove_query_params("cursor")),
        "next": after,
        "previous": before,
    }
    feed = atom.Feed(changes, first_at(read.connection), read.changed_at, links, __version__)
    body = atom.render(feed, read.absolute)
    return read.answer(body, f"{formats.MEDIA_TYPES['atom']}; charset=utf-8", next=after, prev=before)


def _found(read: Read, revision: str) -> Change:
    """The change of that number. Raises 404."""
    change = None
    if re.fullmatch(_NUMBER, revision) and int(revision) <= read.revision:
        change = get_change(read.connection, int(revision))
    if change is None:
        text = f"There is no revision '{shorten(revision)}'; the newest is {read.revision}. See /changes for all."
        raise ProblemError(404, "not_found", text)
    return change


@router.get("/{revision}", name="get_change", summary="Get one change", response_model=Change, responses=_PROBLEMS)
def get_one(request: Request, revision: Revision, read: ReadDep) -> Response:
    """What one revision did."""
    read.parameters({})
    change = _found(read, revision)
    return read.answer(change.model_dump_json(), canonical=change.url)


@router.get(
    "/{revision}/facts",
    name="list_changed_facts",
    summary="List the facts that a change added or ended",
    response_model=ChangedFactPage,
    responses=_PROBLEMS,
    openapi_extra=parameters.openapi(_FACT_PARAMETERS),
)
def list_facts(request: Request, revision: Revision, read: ReadDep) -> Response:
    """The facts that a source began to state with a revision, then those that it ceased to state."""
    values = read.parameters(_FACT_PARAMETERS)
    asked, page = values.get("change", ("added", "ended")), parameters.page_of(values)
    count, facts = list_changed_facts(read.connection, _found(read, revision), asked, **page)
    return read.answer_page(count, facts, **page)
