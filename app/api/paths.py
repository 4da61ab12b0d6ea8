"""`/path`: the shortest chain of facts between two records."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.documents.connections import PathDocument
from app.http import parameters
from app.http.parameters import Parameter
from app.http.problems import ProblemError, detail, documented, shorten
from app.http.read import Read, ReadDep
from app.queries.entities import record_id
from app.queries.fates import why_gone
from app.queries.nearest import nearest
from app.queries.paths import shortest_path
from app.vocabulary import PLURALS, Kind

router = APIRouter(prefix="/path", tags=["paths"])


def _end(name: str, description: str, example: str) -> Parameter:
    schema = {**parameters.ENTITY, "examples": [example]}
    return Parameter(name, description, parameters.entity, schema, is_repeatable=False, is_required=True)


_ENDS = parameters.named(
    _end("from", "Where the chain begins, as kind/slug.", "person/yulia-peresild"),
    _end("to", "Where it ends, as kind/slug.", "person/tom-cruise"),
)


@router.get(
    "",
    name="get_path",
    summary="Get the shortest chain of facts between two records",
    response_model=PathDocument,
    responses=documented(
        not_found="There is no such record at one of the ends; the errors say at which.",
        gone="No source speaks any more of the record at one of the ends; the errors say at which, and why.",
    ),
    openapi_extra=parameters.openapi(_ENDS),
)
def get_path(request: Request, read: ReadDep) -> Response:
    """The fewest facts that lead from one record to the other, each step with the words that say it.

    Facts are followed in either direction, and only those that records show. The work is bounded: `complete` says
    whether the search ended before its bounds did, and if not, a null `path` does not mean that there is none.
    """
    values = read.parameters(_ENDS)
    start, end = _ends(read, {name: values[name][0] for name in _ENDS})
    return read.answer(shortest_path(read.connection, start, end).model_dump_json())


def _ends(read: Read, asked: Mapping[str, str]) -> list[int]:
    """The ids of the records at both ends. Raises a problem that names the parameter of each that is not there.

    It is a 404, or a 410 where nothing is wrong but that no source speaks of them any more.
    """
    ids, errors = [], []
    for name, entity in asked.items():
        kind, slug = _of_kind(entity)
        if (one := record_id(read.connection, kind, slug)) is not None:
            ids.append(one)
            continue
        if (reasons := why_gone(read.connection, kind, slug)) is not None:
            text = f"{name}={shorten(entity)}: no source speaks of the {kind} any more. {reasons}"
            errors.append(detail(name, "gone", text))
            continue
        near = nearest(read.connection, [kind], slug)
        hint = f" Did you mean {near}?" if near else ""
        text = f"{name}={shorten(entity)}: there is no such {kind}.{hint} See /{PLURALS[kind]} for all."
        errors.append(detail(name, "not_found", text, near=near or None))
    if errors:
        text = " ".join(error.detail for error in errors)
        if all(error.code == "gone" for error in errors):
            raise ProblemError(410, "gone", text, errors)
        raise ProblemError(404, "not_found", text, errors)
    return ids


def _of_kind(entity: str) -> tuple[Kind, str]:
    kind: Any
    kind, _, slug = entity.partition("/")
    return kind, slug
