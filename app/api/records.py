"""The six kinds of records: `/films`, `/people` … and one of each. One function per kind and operation, made alike."""

import re
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Body, Request
from fastapi.responses import Response
from pydantic import create_model

from app.api import lines, linked, lists, merges, writes
from app.api.answers import finished
from app.api.facets import RecordPage, facets_of
from app.api.facts import FACT_FILTERS, FactPage, fact_query
from app.documents.records import DOCUMENTS
from app.documents.time import Change
from app.http import cursors, formats, moved, parameters
from app.http.parameters import Parameters, Values
from app.http.problems import no_such
from app.http.read import Read, ReadDep
from app.http.writing import IF_MATCH, Write, written
from app.queries.entities import entity_ids
from app.queries.facts.lists import list_facts
from app.queries.nearest import nearest
from app.queries.records import StoredRecord, get_record, list_records
from app.vocabulary import KINDS, PLURALS, SLUG, Kind

router = APIRouter()


def found(read: Any, kind: Kind, slug: str) -> StoredRecord:
    """The record of that slug. Raises 308 or 410 where there was one, or a 404 that suggests the nearest."""
    is_slug = re.fullmatch(SLUG, slug)
    if is_slug and (record := get_record(read.connection, kind, slug)):
        return record
    if is_slug:
        moved.look_for_record(read, kind, slug)
    elif re.fullmatch(parameters.IDENTIFIER, slug):
        moved.look_for_identifier(read, kind, slug)
    near = nearest(read.connection, [kind], slug).rpartition("/")[2]
    raise no_such(kind, slug, near, folder=PLURALS[kind])


def _answer_list(read: Read, kind: Kind, values: Values) -> Response:
    """The list that the parameters ask for, as a page or as lines."""
    query, shape = lists.list_query(kind, values), lists.shape_of(values)
    form = formats.chosen(read.request, values, lists.LIST_FORMATS)
    if form in lists.LINES and not any(name in values for name in lists.PAGING):
        return lines.answer_whole(read, kind, values, query, form)
    count, found = list_records(read.connection, kind, query)
    after, before = cursors.beside(
        read.request.url, lists.ordering_of(values), count, found, limit=query.limit, offset=query.offset
    )
    if form in lists.LINES:
        return lines.answer_page(read, kind, found, values, form, next=after, prev=before)
    if form == "jsonld":
        return linked.answer_list(read, kind, count, found, values, next=after, prev=before)
    facets = facets_of(read, kind, values, query) if "facet" in values else "null"
    results = finished(read.connection, kind, found.rows, shape)
    page = RecordPage[Any](count=count, next=after, previous=before, revision=read.revision, facets=None, results=[])
    return read.answer_results(page, results, facets=facets)


def _add_endpoints(kind: Kind) -> None:
    """Declare the list, the record and its facts for one kind."""
    plural, model = PLURALS[kind], DOCUMENTS[kind]
    known, one_known = lists.list_parameters(kind), linked.record_parameters(kind)
    page: Any = create_model(f"{kind.capitalize()}Page", __base__=RecordPage[model], __doc__=f"One page of {plural}.")  # type: ignore[valid-type]  # the model is a value
    by_slug = parameters.record_in_path()

    def list_all(request: Request, read: ReadDep) -> Response:
        """Those that every filter keeps; a filter with several values keeps what fits any of them."""
        return _answer_list(read, kind, read.parameters(known))

    def get_one(request: Request, slug: Annotated[str, by_slug], read: ReadDep) -> Response:
        """The whole record. Every key is always there: null or an empty list where no source says anything."""
        values = read.parameters(one_known)
        return linked.answer_record(read, kind, found(read, kind, slug), values)

    def list_its_facts(request: Request, slug: Annotated[str, by_slug], read: ReadDep) -> Response:
        """What current sources say in which the record has a part, each with the words that say it."""
        values = read.parameters(FACT_FILTERS)
        query = fact_query(read, values)
        entity = f"{kind}/{slug}"
        if query.known_at and (held := entity_ids(read.connection, [entity], query.known_at)):
            about = held[entity]  # by the name that it had, whatever became of it since
        else:
            about = found(read, kind, slug).id
        query = replace(query, about=about)
        count, facts = list_facts(read.connection, query)
        return read.answer_page(count, facts, limit=query.limit, offset=query.offset)

    facts = f"List the facts of one {kind}, with their evidence"
    _add(kind, "", list_all, f"list_{plural}", page, f"List {plural}", known)
    _add(kind, "/{slug}", get_one, f"get_{kind}", model, f"Get one {kind}", one_known)
    _add(kind, "/{slug}/facts", list_its_facts, f"list_{kind}_facts", FactPage, facts, FACT_FILTERS)


def _add_renaming(kind: Kind) -> None:
    """Declare how a record of one kind gets another slug."""
    plural, by_slug = PLURALS[kind], parameters.record_in_path()

    def rename_one(
        request: Request, slug: Annotated[str, by_slug], body: Annotated[merges.RenameRequest, Body()]
    ) -> Response:
        """Give the record another slug, as `filmspace rename` does; its old address leads to the new one."""
        parameters.read(request, {})

        def rename(write: Write) -> writes.Answer:
            found(write, kind, slug)
            return merges.rename(write, kind, slug, body)

        return written(request, rename)

    router.add_api_route(
        f"/{plural}/{{slug}}", rename_one, methods=["PATCH"], name=f"rename_{kind}", tags=[plural],
        summary=f"Give one {kind} another slug", response_model=Change, route_class_override=writes.AdminRoute,
        responses=moved.responses(kind)
        | writes.responses("admin", conflict="The slug is that of something else.", **writes.NOT_JSON),
        openapi_extra=writes.described("admin", IF_MATCH),
    )  # fmt: skip


def _add(kind: Kind, path: str, endpoint: Any, name: str, answer: Any, summary: str, taken: Parameters) -> None:
    plural = PLURALS[kind]
    responses = moved.responses(kind) if path else formats.responses("ndjson", "csv", "jsonld", jsonld=linked.LINKED)
    if path == "/{slug}":
        responses |= linked.RECORD_RESPONSES
    extra = parameters.openapi(taken)
    router.add_api_route(
        f"/{plural}{path}", endpoint, name=name, response_model=answer, summary=summary, tags=[plural],
        responses=responses, openapi_extra=extra,
    )  # fmt: skip


for _kind in KINDS:
    _add_endpoints(_kind)
    _add_renaming(_kind)
