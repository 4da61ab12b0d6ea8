"""What was here once: 308 to where it is now, or 410 and why it is gone."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.responses import Response

from app.documents.moved import MovedDocument
from app.http.problems import ProblemError, documented
from app.http.read import JSON, Read
from app.queries.fates import Fate, fate_of_entity, fate_of_fact, fate_of_identifier
from app.vocabulary import PLURALS, Kind

RESPONSES: dict[int | str, dict[str, Any]] = {
    308: {"model": MovedDocument, "description": "It was merged or renamed; the body and Location say where it is now."}
}


class MovedError(Exception):
    """What is asked for has another URL for good (RFC 9110, 15.4.9)."""

    def __init__(self, url: str, headers: dict[str, str]) -> None:
        self.url, self.headers = url, headers
        super().__init__(url)


def responses(kind: Kind) -> dict[int | str, dict[str, Any]]:
    """The `responses` of an endpoint below the address of a record."""
    gone = "No source speaks of it now; the detail says why."
    return RESPONSES | documented(not_found=f"There is no such {kind}.", gone=gone)


def with_query(path: str, scope: Mapping[str, Any]) -> str:
    """The path with the query of the request, whose bytes need not be UTF-8, in ASCII."""
    query = quote(scope["query_string"], safe="!$&'()*+,;=:@/?%-._~[]")
    return f"{path}?{query}" if query else path


def install(app: FastAPI) -> None:
    """Answer what moved with 308."""

    @app.exception_handler(MovedError)
    def _moved(_: Request, error: MovedError) -> Response:
        body = MovedDocument(status=308, url=error.url).model_dump_json()
        return Response(body, 308, {**error.headers, "Location": error.url}, JSON)


def look_for_record(read: Read, kind: Kind, slug: str) -> None:
    """Of a slug without a record, raises 308 when it was merged or renamed, 410 when no source speaks of it now."""
    fate = fate_of_entity(read.connection, kind, slug)
    _tell(read, fate, f"/{PLURALS[kind]}/", slug, f"No source speaks of the {kind} '{slug}' any more.")


def look_for_identifier(read: Read, kind: Kind, identifier: str) -> None:
    """Of an identifier elsewhere, raises 308 to the record that has it."""
    fate = fate_of_identifier(read.connection, kind, identifier)
    _tell(read, fate, f"/{PLURALS[kind]}/", identifier, "")


def look_for_fact(read: Read, fact_id: str) -> None:
    """Of an id without a fact, raises 308 when a merge gave it another id, 410 when no source states it now."""
    fate = fate_of_fact(read.connection, fact_id)
    _tell(read, fate, "/facts/", fact_id, f"No source states the fact '{fact_id}' any more.")


def _tell(read: Read, fate: Fate | None, folder: str, name: str, gone: str) -> None:
    if fate is None:
        return
    if fate.now is None:
        raise ProblemError(410, "gone", " ".join([gone, *fate.reasons]))
    scope = read.request.scope
    below = scope["path"].partition(f"{folder}{name}")[2]
    url = with_query(f"{scope.get('root_path', '')}{folder}{fate.now}{quote(below)}", scope)
    headers = read.headers(JSON)
    # A client that sends it back would be told 304, which is only for what was answered with 200.
    del headers["ETag"]
    raise MovedError(url, headers)
