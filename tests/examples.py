"""The examples of the OpenAPI document, asked of a live server, as `app/api/examples/` keeps them."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import httpx

from app.api import examples
from app.api.examples import Call
from app.http.edge import GUARDS
from tests.makers import ROOT
from tests.markdown import HOST

FOLDER = ROOT / "app" / "api" / "examples"
# How much of a list is shown.
_MOST = 3
# Every answer has these, from the server or from CORS, and the document does not tell of them.
_OF_HTTP = {"connection", "content-encoding", "content-length", "content-type", "date", "server", "transfer-encoding"}
# Headers whose usual letters are not the first ones of their words.
_WRITTEN = {"etag": "ETag", "www-authenticate": "WWW-Authenticate"}
# When the seeds were loaded is different on every machine; iCalendar writes it without punctuation.
# The day of a moment, as a page shows it.
_SHOWN_DAY = re.compile(r">\d{4}-\d\d-\d\d</time>")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|\+00:00)|\d{8}T\d{6}Z")


def example_file(operation_id: str) -> str:
    """Where the example of an operation is kept, from the root of the project."""
    return f"app/api/examples/{operation_id}.json"


def is_json(media_type: str) -> bool:
    """Whether an answer of this media type is one JSON value."""
    return media_type == "application/json" or media_type.endswith("+json")


def same_everywhere(text: str, here: str) -> str:
    """An answer with what depends on the machine replaced: the host, and moments.

    Nothing else is, so that whatever else changes in an answer is seen.
    """
    # 2026-01-01T00:00:00Z, in the same notation, wherever the clock was read.
    text = _SHOWN_DAY.sub(">2026-01-01</time>", text.replace(here, HOST))
    return _MOMENT.sub(lambda found: "2026-01-01T00:00:00Z" if "-" in found[0] else "20260101T000000Z", text)


def ask(api: httpx.Client, method: str, call: Call, accept: str = "*/*") -> httpx.Response:
    """The answer to a call."""
    body = None if call.body is None else json.dumps(call.body).encode()
    headers = {"Accept": accept, **call.headers} | ({} if body is None else {"Content-Type": "application/json"})
    return api.request(method, call.url, headers=headers, content=body)


def _shown(api: httpx.Client, response: httpx.Response) -> Any:
    """An answer as the document shows it."""
    text = same_everywhere(response.text, str(api.base_url).rstrip("/"))
    return _shortened(json.loads(text)) if is_json(response.headers["content-type"].partition(";")[0]) else text


def _shortened(value: Any) -> Any:
    """A value with the first of its lists alone: pages that draw the document take as long as it is large."""
    if isinstance(value, dict):
        return {name: _shortened(one) for name, one in value.items()}
    return [_shortened(one) for one in value[:_MOST]] if isinstance(value, list) else value


def _mistakes(call: Call, operation: Mapping[str, Any]) -> dict[str, Call]:
    """By status, the same call with a slip of the pen in it: for 404 in what is asked for, for 422 in the query."""
    found = {"422": replace(call, query=_mistyped(call.query, operation))}
    if call.in_path:
        name, value = [*call.in_path.items()][-1]
        found["404"] = replace(call, in_path={**call.in_path, name: value[:-1] or f"{value}0"})
    elif "404" in operation["responses"]:
        *others, (name, value) = call.query
        found["404"] = replace(call, in_path={}, query=(*others, (name, value[:-1])))
    return found


def _mistyped(query: tuple[tuple[str, str], ...], operation: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """The query with a letter missing in one of the values that there is a list of, or else in a name."""
    asked = [one for one in operation.get("parameters", ()) if one["in"] == "query"]
    for parameter in asked:
        schema = parameter["schema"].get("items", parameter["schema"])
        if allowed := schema.get("enum"):
            name, value = parameter["name"], allowed[-1][:-1]
            return (*(pair for pair in query if pair[0] != name), (name, value))
    if asked:
        return (*query, (asked[0]["name"][:-1], "1"))
    return (*query, ("verbose", "true"))


def asked_anew(api: httpx.Client, operation: dict[str, Any], kept: dict[str, Any]) -> dict[str, Any]:
    """The example of an operation with everything but the request as the server answers it now."""
    call = examples.call_of(operation["path"], kept["request"])
    answers, headers = {}, set()
    for media_type in examples.answers_of(operation).get("content", {}):
        response = ask(api, operation["method"], call, media_type)
        assert response.is_success, f"{call.url} is no example: {response.text}"
        assert response.headers["content-type"].partition(";")[0] == media_type, (
            f"{call.url} is documented as {media_type} and answers {response.headers['content-type']}"
        )
        answers[media_type] = _shown(api, response)
        headers |= set(told_headers(response))
    problems = {
        status: _shown(api, ask(api, operation["method"], wrong))
        for status, wrong in _mistakes(call, operation).items()
    }
    problems["default"] = _shown(api, ask(api, "PUT", call))
    return {"request": kept["request"], "headers": sorted(headers), "answers": answers, "problems": problems}


def told_headers(response: httpx.Response) -> Iterator[str]:
    """The headers of an answer that say something of it, in the usual letters."""
    for name in response.headers:
        if name not in _OF_HTTP and name.encode() not in GUARDS and not name.startswith("access-control-"):
            yield _WRITTEN.get(name, name.title())


def write(operation_id: str, example: dict[str, Any]) -> None:
    """Keep an example."""
    text = json.dumps(example, ensure_ascii=False, indent=1)
    (FOLDER / f"{operation_id}.json").write_text(f"{text}\n", encoding="utf-8")
