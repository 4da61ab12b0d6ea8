"""The anchor: an ASGI callable that sends 2 KB of JSON, on the same uvicorn as ours, with nothing in between.

.venv/bin/python -m benchmarks.peers.bare PORT
"""

import json
import sys
from typing import Any

import uvicorn

_BODY = json.dumps({"results": "x" * 2021}).encode()
_START = {
    "type": "http.response.start",
    "status": 200,
    "headers": [(b"content-type", b"application/json"), (b"content-length", str(len(_BODY)).encode())],
}
_END = {"type": "http.response.body", "body": _BODY}


async def app(scope: Any, receive: Any, send: Any) -> None:
    """Answer anything with the same."""
    if scope["type"] == "http":
        await send(_START)
        await send(_END)


if __name__ == "__main__":
    uvicorn.run(
        app, port=int(sys.argv[1]), lifespan="off", access_log=False, log_level="warning", server_header=False,
        proxy_headers=False,
    )  # fmt: skip
