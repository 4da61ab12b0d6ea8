"""The OpenAPI document: what FastAPI derives from the endpoints, and what is true of all of them."""

from typing import Any

from fastapi import FastAPI

from app.api.problems import MEDIA_TYPE, documented

TAGS = [
    {"name": "service", "description": "What this is, and whether it can answer."},
    {"name": "films", "description": "Films, and projects of films."},
    {"name": "people", "description": "Real people."},
    {"name": "organisations", "description": "Companies, agencies, broadcasters."},
    {"name": "events", "description": "What happened or is planned."},
    {"name": "places", "description": "Countries, stations, sites."},
    {"name": "characters", "description": "Those who exist only inside a film."},
    {"name": "facts", "description": "What sources say, each with the words that say it."},
    {"name": "sources", "description": "The articles and data sets that the base speaks from."},
    {"name": "properties", "description": "The vocabulary: what can be said of what."},
    {"name": "search", "description": "One search over all kinds."},
]
# Every operation has these; FastAPI would document its own shape for 422, which is never sent.
PROBLEMS = documented(
    invalid_parameters="A parameter is unknown, or its value cannot be understood.", default="Any other problem."
)
_HEADERS = {
    "ETag": "Changes when the answer does; send it as If-None-Match to be told 304 if it did not.",
    "Last-Modified": "When the data last changed.",
    "Cache-Control": "How long the answer may be kept.",
    "X-Request-Id": "Names the request in the log: the one that was sent, or a new one.",
}
_ALWAYS = ("Cache-Control", "X-Request-Id")


class Api(FastAPI):
    """The application, documented as it answers."""

    def openapi(self) -> dict[str, Any]:
        """The OpenAPI document."""
        if self.openapi_schema is None:
            for operations in super().openapi()["paths"].values():
                for operation in operations.values():
                    _complete(operation)
        return super().openapi()


def _complete(operation: dict[str, Any]) -> None:
    """Problems have a media type of their own, which FastAPI cannot be told; headers are the same everywhere."""
    for parameter in operation.get("parameters", ()):
        if parameter["in"] == "path":  # Swagger UI fills in this one, and not the schema's.
            parameter["example"] = parameter["schema"]["examples"][0]
    for status, response in operation["responses"].items():
        if status == "200":
            response["description"] = f"{operation['summary']}: the answer."
            response["headers"] = {name: _header(name) for name in _HEADERS}
        else:
            (content,) = response["content"].values()
            response["content"] = {MEDIA_TYPE: content}
            response["headers"] = {name: _header(name) for name in _ALWAYS}


def _header(name: str) -> dict[str, Any]:
    return {"description": _HEADERS[name], "required": name in _ALWAYS, "schema": {"type": "string"}}
