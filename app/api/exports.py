"""Whole lists, line after line: NDJSON for programs, CSV for spreadsheets."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from fastapi.responses import Response
from sqlalchemy import Engine

from app.api import tabular
from app.api.answers import finished
from app.api.lists import PAGING, Shape, shape_of
from app.documents.records import keys_of
from app.http import formats
from app.http.formats import MEDIA_TYPES, Format
from app.http.problems import detail, invalid
from app.http.read import Read
from app.queries.listing import ListQuery
from app.queries.records import next_batch
from app.queries.status import state_of
from app.vocabulary import Kind

LINES: tuple[Format, ...] = ("ndjson", "csv")
LIST_FORMATS: tuple[Format, ...] = ("json", *LINES, "jsonld")
_BATCH = 500


def answer_lines(
    read: Read, kind: Kind, values: Mapping[str, tuple[Any, ...]], query: ListQuery, form: Format
) -> Response:
    """The list as lines: the page that was asked for, or all of it when none was."""
    refused = ("facet", "evidence", "include") if form == "csv" else ("facet",)
    formats.refuse(form, [name for name in refused if name in values])
    shape = shape_of(values)
    if form == "csv" and (wide := [name for name in shape.fields if name in tabular.NOT_TABULAR]):
        raise invalid(
            [detail("fields", "invalid_value", f"no cell holds {', '.join(wide)}; leave it out, or ask for json.")]
        )
    head, line = _csv(kind, shape) if form == "csv" else ("", "{}\n".format)
    media_type = f"{MEDIA_TYPES[form]}; charset=utf-8" if form == "csv" else MEDIA_TYPES[form]
    if any(name in values for name in PAGING):
        records, _ = next_batch(read.connection, kind, query)
        return read.answer(head + "".join(map(line, finished(read.connection, kind, records, shape))), media_type)
    engine: Engine = read.request.app.state.engine
    return read.stream(_parts(engine, read.revision, kind, replace(query, limit=_BATCH), shape, head, line), media_type)


def _csv(kind: Kind, shape: Shape) -> tuple[str, Callable[[str], str]]:
    """(the first line, what makes a line of a record)."""
    keys = [key for key in dict.fromkeys(shape.fields or keys_of(kind)) if key not in tabular.NOT_TABULAR]
    return tabular.header(keys), lambda document: tabular.row(json.loads(document), keys)


def _parts(
    engine: Engine, revision: int, kind: Kind, query: ListQuery, shape: Shape, head: str, line: Callable[[str], str]
) -> Iterator[str]:
    """The lines in batches, each read by itself, so that a slow reader keeps no connection from others.

    All are of one revision: when the data changes in the middle, the answer breaks off rather than mix two states.
    """
    yield head
    while True:
        with engine.connect() as connection:
            if state_of(connection).revision != revision:
                raise RuntimeError(f"the data changed while the list of revision {revision} was being sent")
            records, place = next_batch(connection, kind, query)
            answers = finished(connection, kind, records, shape)
        yield "".join(map(line, answers))
        if place is None:
            return
        query = replace(query, place=place, offset=0)
