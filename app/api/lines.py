"""Whole lists, line after line: NDJSON for programs, CSV for spreadsheets."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import chain

from fastapi.responses import Response

from app.api import tabular
from app.api.answers import finished
from app.api.lists import PAGING, Shape, shape_of
from app.documents.records import keys_of
from app.http import formats, parameters
from app.http.formats import MEDIA_TYPES, Format
from app.http.problems import BrokenOffError, detail, invalid
from app.http.read import Read, reading
from app.queries.records import next_batch
from app.queries.records.listing import ListQuery
from app.queries.status import state_of
from app.vocabulary import Kind

_BATCH = 500


def answer_lines(read: Read, kind: Kind, values: parameters.Values, query: ListQuery, form: Format) -> Response:
    """The list as lines: the page that was asked for, or all of it when none was."""
    formats.refuse(form, values, "facet", *(("evidence", "include") if form == "csv" else ()))
    shape = shape_of(values)
    if form == "csv" and (wide := [name for name in shape.fields if name in tabular.NOT_TABULAR]):
        raise invalid(
            [detail("fields", "invalid_value", f"no cell holds {', '.join(wide)}; leave it out, or ask for json.")]
        )
    head, line = _csv(kind, shape) if form == "csv" else ("", "{}\n".format)
    media_type = f"{MEDIA_TYPES[form]}; charset=utf-8" if form == "csv" else MEDIA_TYPES[form]
    if any(name in values for name in PAGING):
        page = next_batch(read.connection, kind, query)
        return read.answer(head + "".join(map(line, finished(read.connection, kind, page.rows, shape))), media_type)
    batches = _batches(read, kind, replace(query, limit=_BATCH), shape)
    # The first is made before the answer begins: what takes too long, or cannot be read, is said as a problem.
    begun = head + "".join(map(line, next(batches)))
    return read.stream(chain((begun,), ("".join(map(line, batch)) for batch in batches)), media_type)


def _csv(kind: Kind, shape: Shape) -> tuple[str, Callable[[str], str]]:
    """(the first line, what makes a line of a record)."""
    keys = [key for key in dict.fromkeys(shape.fields or keys_of(kind)) if key not in tabular.NOT_TABULAR]
    return tabular.header(keys), lambda document: tabular.row(json.loads(document), keys)


def _batches(read: Read, kind: Kind, query: ListQuery, shape: Shape) -> Iterator[list[str]]:
    """The records in batches, each but the first read by itself, so that a slow reader keeps no connection from others.

    All are of one revision: when the data changes in the middle, the answer breaks off rather than mix two states.
    """
    page = next_batch(read.connection, kind, query)
    yield finished(read.connection, kind, page.rows, shape)
    while page.after is not None:
        with reading(read.request, read.connection.engine) as connection:
            now = state_of(connection)
            # The time as well: a base that is put back, or a standby, gives the numbers of lost revisions to others.
            if (now.revision, now.at) != (read.revision, read.changed_at):
                raise BrokenOffError(f"the data changed while the list of revision {read.revision} was being sent")
            page = next_batch(connection, kind, replace(query, place=page.after, offset=0))
            answers = finished(connection, kind, page.rows, shape)
        yield answers
