"""Records in other formats: one as JSON-LD or Markdown, a page of them as JSON-LD."""

import json
from collections.abc import Mapping
from typing import Any

from fastapi.responses import Response

from app.api import lists
from app.api.answers import finished
from app.api.lists import Shape
from app.http import formats, parameters
from app.http.formats import MEDIA_TYPES, Format
from app.http.parameters import Parameters, Values
from app.http.read import Read
from app.queries.pages import Cut
from app.queries.records import StoredRecord
from app.queries.records.statements import statements_of
from app.renderings import jsonld, pages
from app.vocabulary import PLURALS, Kind

RECORD_FORMATS: tuple[Format, ...] = ("json", "jsonld", "md")
MARKDOWN = "text/markdown; charset=utf-8; variant=CommonMark"
LINKED = {"type": "object", "description": "A JSON-LD document."}
RECORD_RESPONSES = formats.responses("jsonld", "md", jsonld=LINKED)
_FORMAT = formats.parameter(*RECORD_FORMATS)


def record_parameters(kind: Kind) -> Parameters:
    """Every parameter of one record of this kind, by name."""
    return parameters.named(*lists.record_parameters(kind).values(), _FORMAT)


def answer_record(read: Read, kind: Kind, record: StoredRecord, values: Values) -> Response:
    """A record in the format and the shape that were asked for; Markdown has the quotes in any case."""
    form = formats.chosen(read.request, values, RECORD_FORMATS)
    if form != "json":
        formats.refuse(form, values, "fields", "include")
    shape = Shape("quotes") if form == "md" else lists.shape_of(values)
    (answer,) = finished(read.connection, kind, [record], shape)
    path = f"/{PLURALS[kind]}/{read.request.path_params['slug']}"
    if form == "jsonld":
        document = json.loads(answer)
        statements = statements_of(read.connection, {record.id: document})[record.id]
        return answer_linked(read, jsonld.record(document, read.absolute, statements), path)
    if form == "md":
        return read.answer(pages.record(json.loads(answer), read.absolute), MARKDOWN, canonical=path)
    return read.answer(answer, canonical=path)


def answer_list(read: Read, kind: Kind, count: int, page: Cut[StoredRecord], values: Values, **links: Any) -> Response:
    """A page of so many records as one JSON-LD document, in their order; `links` are those to the pages beside it."""
    formats.refuse("jsonld", values, "fields", "include", "facet")
    answers = finished(read.connection, kind, page.rows, lists.shape_of(values))
    documents = {record.id: json.loads(answer) for record, answer in zip(page.rows, answers, strict=True)}
    statements = statements_of(read.connection, documents)
    nodes = [jsonld.node(one, read.absolute, statements[id_]) for id_, one in documents.items()]
    told = jsonld.item_list(str(read.request.url), count, nodes, read.absolute, start=page.start)
    return read.answer(json.dumps(told, ensure_ascii=False, separators=(",", ":")), MEDIA_TYPES["jsonld"], **links)


def answer_linked(read: Read, data: Mapping[str, Any], path: str, media_type: str = MEDIA_TYPES["jsonld"]) -> Response:
    """JSON-LD of what is at this path."""
    return read.answer(json.dumps(data, ensure_ascii=False, separators=(",", ":")), media_type, canonical=path)
