"""Whole lists, line after line: NDJSON for programs, CSV for spreadsheets."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

from fastapi.responses import Response

from app.api import tabular
from app.api.answers import finished
from app.api.lists import Shape, shape_of
from app.documents.records import keys_of
from app.http import formats, parameters
from app.http.formats import MEDIA_TYPES, Format
from app.http.problems import BrokenOffError, detail, invalid
from app.http.read import Read, reading
from app.queries.pages import Cut
from app.queries.records import StoredRecord, next_batch
from app.queries.records.listing import ListQuery
from app.queries.status import state_of
from app.vocabulary import Kind

_BATCH = 500


@dataclass(frozen=True)
class _Written:
    """How the records of a kind become lines: what of them, what the first line is, and what makes one of a record."""

    shape: Shape
    head: str
    line: Callable[[str], str]
    media_type: str

    def lines(self, answers: Sequence[str]) -> str:
        return "".join(map(self.line, answers))


def answer_whole(read: Read, kind: Kind, values: parameters.Values, query: ListQuery, form: Format) -> Response:
    """The whole list as lines."""
    written = _written(kind, values, form)
    batches = _batches(read, kind, replace(query, limit=_BATCH), written.shape)
    # The first is made before the answer begins: what takes too long, or cannot be read, is said as a problem.
    begun = written.head + written.lines(next(batches))
    return read.stream(chain((begun,), map(written.lines, batches)), written.media_type)


def answer_page(
    read: Read, kind: Kind, page: Cut[StoredRecord], values: parameters.Values, form: Format, **links: Any
) -> Response:
    """A page of the list as lines; `links` are those to the pages beside it."""
    written = _written(kind, values, form)
    answers = finished(read.connection, kind, page.rows, written.shape)
    return read.answer(written.head + written.lines(answers), written.media_type, **links)


def _written(kind: Kind, values: parameters.Values, form: Format) -> _Written:
    """How lines are written in this format. Raises a 422 for what has no place in them."""
    formats.refuse(form, values, "facet", *(("evidence", "include") if form == "csv" else ()))
    shape = shape_of(values)
    if form == "csv" and (wide := [name for name in shape.fields if name in tabular.NOT_TABULAR]):
        raise invalid(
            [detail("fields", "invalid_value", f"no cell holds {', '.join(wide)}; leave it out, or ask for json.")]
        )
    head, line = _csv(kind, shape) if form == "csv" else ("", "{}\n".format)
    media_type = f"{MEDIA_TYPES[form]}; charset=utf-8" if form == "csv" else MEDIA_TYPES[form]
    return _Written(shape, head, line, media_type)


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
