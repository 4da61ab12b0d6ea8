"""Bodies of requests: JSON, of bounded size, and whatever is wrong with them told as a problem."""

import json
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator
from itertools import islice
from typing import Any

from fastapi import Request
from fastapi.responses import Response
from fastapi.routing import APIRoute
from starlette.types import Message

from app.http.problems import ProblemDetail, ProblemError, below, body_detail, invalid, shorten

_JSON = "application/json"
_NAMED = 10


class _Object(list[tuple[str, Any]]):
    """An object of JSON as it was written: a key may stand in it twice."""


class JsonRoute(APIRoute):
    """A route that takes a JSON body of at most `largest` bytes.

    The framework's own limit answers in plain text, and it takes a body of another type for a text. Of a body that it
    cannot read it does not say why, and of a key that is given twice it takes the last.
    """

    largest = 64 * 1024

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The framework's handler behind ours, which hands it the whole body."""
        handle = super().get_route_handler()

        async def bounded(request: Request) -> Response:
            body = await _read(request, self.largest)
            if body and (errors := _faults(body, request.headers.get("content-encoding", "identity"))):
                raise invalid(errors)

            # For whoever wants to tell one request from another.
            request.state.body = body

            async def again() -> Message:
                return {"type": "http.request", "body": body, "more_body": False}

            return await handle(Request(request.scope, again))

        return bounded


async def _read(request: Request, largest: int) -> bytes:
    """The body. Raises 415 where one is sent that is not said to be JSON, and 413 where it is too long."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    is_sent = media_type or request.headers.get("content-length", "0") != "0" or "transfer-encoding" in request.headers
    if is_sent and media_type != _JSON:
        text = f"What is sent here is JSON; expected the header Content-Type: {_JSON}."
        raise ProblemError(415, "bad_request", text)
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > largest:
            raise ProblemError(413, "too_large", f"The body is longer than {largest} bytes.")
    return body


def _faults(body: bytes, encoding: str) -> list[ProblemDetail]:
    """Why a body is no JSON that means one thing; none where it is."""
    if encoding.strip().lower() != "identity":
        return [_unreadable(f"comes with Content-Encoding: {shorten(encoding)}")]
    try:
        document = json.loads(body.decode("utf-8-sig"), object_pairs_hook=_Object, parse_constant=_refuse)
    except UnicodeDecodeError as error:
        return [_unreadable(f"is not UTF-8 at byte {error.start}")]
    except json.JSONDecodeError as error:
        return [_unreadable(f"is not JSON: {error.msg} at position {error.pos}")]
    except RecursionError:
        return [_unreadable("is nested too deeply")]
    except ValueError as error:
        return [_unreadable(f"has a number that cannot be read: {shorten(str(error))}")]
    repeated = dict.fromkeys(islice(_repeated(document), _NAMED))
    text = "{}: this key stands in its object more than once; expected each key once."
    return [body_detail(one, "invalid_value", text.format(one)) for one in repeated]


def _unreadable(fault: str) -> ProblemDetail:
    return body_detail("", "invalid_value", f"The body {fault}; expected an object of JSON, in UTF-8 and as it is.")


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no number in JSON")


def _repeated(document: Any) -> Iterator[str]:
    """The pointer of each key that its object has more than once, the outermost first."""
    # The way to each part is made only where it is told: deep down in a body it can be half as long as all of that.
    left: list[tuple[Any, tuple[Any, ...]]] = [(document, ())] if isinstance(document, list) else []
    for one, way in left:
        is_object = isinstance(one, _Object)
        if is_object:
            counted = Counter(key for key, _ in one)
            yield from (_pointer((way, below(key))) for key, count in counted.items() if count > 1)
        parts = one if is_object else enumerate(one)
        left += [(value, (way, below(str(key)))) for key, value in parts if isinstance(value, list)]


def _pointer(way: tuple[Any, ...]) -> str:
    """The JSON Pointer of what is so many steps down: each step is a pair of those before it and its own."""
    steps: list[str] = []
    while way:
        way, step = way
        steps.append(step)
    return "".join(reversed(steps))
