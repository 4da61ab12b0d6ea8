"""Bodies of requests: JSON, of bounded size, and whatever is wrong with them told as a problem."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request
from fastapi.responses import Response
from fastapi.routing import APIRoute
from starlette.types import Message

from app.api.problems import ProblemError

_LARGEST = 64 * 1024
_JSON = "application/json"


class JsonRoute(APIRoute):
    """A route that takes a JSON body of at most 64 KiB.

    The framework's own limit answers in plain text, and it takes a body of another type for a text.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The framework's handler behind ours, which hands it the whole body."""
        handle = super().get_route_handler()

        async def bounded(request: Request) -> Response:
            body = await _read(request)

            async def again() -> Message:
                return {"type": "http.request", "body": body, "more_body": False}

            return await handle(Request(request.scope, again))

        return bounded


async def _read(request: Request) -> bytes:
    """The body. Raises 415 where it is not said to be JSON, and 413 where it is too long."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != _JSON:
        text = f"What is sent here is JSON; expected the header Content-Type: {_JSON}."
        raise ProblemError(415, "bad_request", text)
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _LARGEST:
            raise ProblemError(413, "too_large", f"The body is longer than {_LARGEST} bytes.")
    return body
