"""A real call for each operation and what it is answered, put into the OpenAPI document.

`<operation id>.json` beside this file holds the `request`, which is written by hand: its path with the query, and its
body and headers where it has such. The rest of the file is what a server with the project's own seeds answers to it;
`make examples` writes that, and the tests ask again.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

FOLDER = files(__name__)
_JSON_TYPES = ("boolean", "integer", "null", "number")


@dataclass(frozen=True)
class Call:
    """A request to one operation: the values of its parameters, in the order of the query, and its body."""

    template: str
    in_path: Mapping[str, str]
    query: tuple[tuple[str, str], ...]
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """The path with its query."""
        path = self.template.format(**{name: quote(value, safe="") for name, value in self.in_path.items()})
        return f"{path}?{urlencode(self.query, safe='/,')}" if self.query else path


def stored(operation_id: str) -> dict[str, Any] | None:
    """The example of an operation as it is kept; None when there is none yet."""
    file = FOLDER / f"{operation_id}.json"
    found: dict[str, Any] | None = json.loads(file.read_text("utf-8")) if file.is_file() else None
    return found


def call_of(template: str, request: Mapping[str, Any]) -> Call:
    """The call that a stored request is, to the operation at this path. Raises ValueError when it is to another one."""
    asked = urlsplit(request["path"])
    pattern = "/".join(
        f"(?P<{part[1:-1]}>[^/]+)" if part.startswith("{") else re.escape(part) for part in template.split("/")
    )
    if not (match := re.fullmatch(pattern, asked.path)):
        raise ValueError(f"{asked.path} is no path of {template}")
    query, headers = tuple(parse_qsl(asked.query)), request.get("headers", {})
    return Call(template, match.groupdict(), query, request.get("body"), headers)


def answers_of(operation: Mapping[str, Any]) -> dict[str, Any]:
    """The response of an operation that its example is: of something made, where there may be that."""
    responses = operation["responses"]
    found: dict[str, Any] = responses.get("201") or responses["200"]
    return found


def place(template: str, operation: dict[str, Any]) -> None:
    """Put the stored example of an operation into its part of the document."""
    if not (example := stored(operation["operationId"])):
        return
    call = call_of(template, example["request"])
    for parameter in operation.get("parameters", ()):
        given = [value for name, value in call.query if name == parameter["name"]]
        if parameter["in"] == "path":
            parameter["example"] = call.in_path[parameter["name"]]
        elif parameter["in"] == "header":
            parameter["example"] = call.headers.get(parameter["name"], parameter["example"])
        elif given:
            each = given[0].split(",") if parameter.get("explode") is False else given
            parameter["example"] = _value_of(each, parameter["schema"])
    for content in operation.get("requestBody", {}).get("content", {}).values():
        content["example"] = call.body
    for media_type, content in answers_of(operation).get("content", {}).items():
        if media_type in example.get("answers", {}):
            content["example"] = example["answers"][media_type]
    for status, problem in example.get("problems", {}).items():
        for content in operation["responses"].get(status, {}).get("content", {}).values():
            content["example"] = problem


def _value_of(given: list[str], schema: Mapping[str, Any]) -> Any:
    """The values of a parameter as its schema has them, which the query has as texts."""
    if schema.get("type") == "array":
        return [_value_of([value], schema["items"]) for value in given]
    return json.loads(given[0]) if schema.get("type") in _JSON_TYPES else given[0]
