"""What an app of others answers beside the API: its bare errors become problems as all are."""

from http import HTTPStatus
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Explained:
    """An ASGI app whose errors without a Content-Type are raised, to be answered as problems.

    It is asked when the body has come wholly: who hangs up before, it would take for a failure of its own.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI. Raises HTTPException after the app is done, so that nothing in it takes it for a failure of its own."""
        bare, text = 0, b""

        async def pass_on(message: Message) -> None:
            nonlocal bare, text
            if message["type"] == "http.response.start" and _is_bare(message):
                bare = message["status"]
            elif bare:
                text += message.get("body", b"")
            else:
                await send(message)

        await self.app(scope, await _with_body(scope, receive), pass_on)
        if bare:
            detail = text.decode("utf-8", "replace") or HTTPStatus(bare).phrase
            raise HTTPException(bare, f"{detail}. See docs/mcp.md for what is answered here.")


async def _with_body(scope: Scope, receive: Receive) -> Receive:
    """What gives the body, which is read here, and then what comes behind it. Raises ClientDisconnect."""
    body = b"".join([part async for part in Request(scope, receive).stream()])
    parts = iter([{"type": "http.request", "body": body, "more_body": False}])

    async def again() -> Message:
        return next(parts, None) or await receive()

    return again


def _is_bare(start: Any) -> bool:
    return start["status"] >= 400 and all(name.lower() != b"content-type" for name, _ in start["headers"])
