"""The OpenAPI document: what FastAPI derives from the endpoints, and what is true of all of them."""

import threading
from typing import Any

from fastapi import FastAPI

from app.api import examples, openapi_links
from app.http.bearers import SCHEME
from app.http.problems import MEDIA_TYPE, Problem, documented

TAGS = [
    {"name": "service", "description": "What this is, and whether it can answer."},
    {"name": "films", "description": "Films, and projects of films."},
    {"name": "people", "description": "Real people."},
    {"name": "organisations", "description": "Companies, agencies, broadcasters."},
    {"name": "events", "description": "What happened or is planned."},
    {"name": "places", "description": "Countries, stations, sites."},
    {"name": "characters", "description": "Those who exist only inside a film."},
    {"name": "paths", "description": "From one record to another, fact by fact."},
    {"name": "facts", "description": "What sources say, each with the words that say it."},
    {"name": "sources", "description": "The articles and data sets that the base speaks from."},
    {"name": "properties", "description": "The vocabulary: what can be said of what."},
    {"name": "truth", "description": "Where sources disagree, what slipped, and whether a claim holds."},
    {"name": "search", "description": "One search over all kinds."},
    {"name": "timeline", "description": "Everything that has a date, in one order of time."},
    {"name": "changes", "description": "What each revision of the data did."},
]
# Every operation has these; FastAPI would document its own shape for 422, which is never sent.
PROBLEMS = documented(
    invalid_parameters="A parameter is unknown, or its value cannot be understood.", default="Any other problem."
)
_HEADERS = {
    "Allow": "The methods that are possible here.",
    "Content-Location": "Where what this answer tells is to be had again.",
    "Cache-Control": "How long the answer may be kept.",
    "ETag": "Changes when the answer does; send it as If-None-Match to be told 304 if it did not.",
    "Last-Modified": "When the data last changed.",
    "Link": "Where to go from here (RFC 8288).",
    "Location": "Where it is.",
    "Retry-After": "After how many seconds to ask again.",
    "Vary": "The headers of the request that the answer depends on.",
    "WWW-Authenticate": "What the token is wanted for, and what is wrong with the one that was sent (RFC 6750).",
    "X-Request-Id": "Names the request in the log: the one that was sent, or a new one.",
}
_ANSWERED = {"200": "the answer", "201": "it is made"}
_BEARER = {
    "type": "http",
    "scheme": "bearer",
    "description": "A token made by `filmspace token make`, with the scope preview; load, which includes that; or "
    "admin, which includes both. Nothing that only reads takes one.",
}
_ALWAYS = ("Cache-Control", "X-Request-Id")
# What problems have besides, by their status; without one of its own, a problem has what any other may have.
_OF_PROBLEMS = {"401": ("WWW-Authenticate",), "503": ("Retry-After",), "default": ("Allow", "Retry-After")}


class Api(FastAPI):
    """The application, documented as it answers."""

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self._document: dict[str, Any] = {}
        self._is_made_by_one = threading.Lock()

    def openapi(self) -> dict[str, Any]:
        """The OpenAPI document."""
        # FastAPI's own is shown to whoever asks while it is completed, which takes a second.
        with self._is_made_by_one:
            if not self._document:
                self._document = self._completed(super().openapi())
        return self._document

    def _completed(self, document: dict[str, Any]) -> dict[str, Any]:
        _add_problem(document["components"])
        openapi_links.add(document)
        document["components"]["securitySchemes"] = {SCHEME: _BEARER}
        document["components"]["headers"] = {name: _header(name) for name in _HEADERS}
        for path, operations in document["paths"].items():
            for method, operation in operations.items():
                _complete(method, operation)
                examples.place(path, operation)
        return document


def _add_problem(components: dict[str, Any]) -> None:
    """What every problem looks like, which endpoints only refer to."""
    schema = Problem.model_json_schema(mode="serialization", ref_template="#/components/schemas/{model}")
    schemas = components["schemas"] | schema.pop("$defs") | {"Problem": schema}
    components["schemas"] = dict(sorted(schemas.items()))


def _complete(method: str, operation: dict[str, Any]) -> None:
    """Problems have a media type of their own, which FastAPI cannot be told; headers are known from the example."""
    sent = (examples.stored(operation["operationId"]) or {}).get("headers", [])
    responses = operation["responses"]
    for status, response in responses.items():
        if status in ("200", "201"):
            response["description"] = f"{operation['summary']}: {_ANSWERED[status]}."
            response["headers"] = _headers(*(name for name in _HEADERS if name in {*sent, *_ALWAYS}))
        elif status == "308":
            response["headers"] = _headers(*_ALWAYS, "Last-Modified", "Location", "Vary")
        elif content := response.get("content"):
            response["content"] = {MEDIA_TYPE: next(iter(content.values()))}
            response["headers"] = _headers(*_ALWAYS, "Vary", *_OF_PROBLEMS.get(status, ()))
    if method == "get" and "ETag" in sent:
        headers = {name: response for name, response in responses["200"]["headers"].items() if name != "Link"}
        responses["304"] = {"description": "What If-None-Match names is still the answer.", "headers": headers}


def _headers(*names: str) -> dict[str, Any]:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _header(name: str) -> dict[str, Any]:
    return {"description": _HEADERS[name], "required": name in _ALWAYS, "schema": {"type": "string"}}
