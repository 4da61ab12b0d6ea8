"""A client that holds the answers of the cache, and of another server, against the first ones."""

import ssl
from itertools import takewhile
from typing import Any

import httpx
import pytest

# Shared by all clients: nothing here is encrypted, and to read whom one would trust takes each of them long.
NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
# What each answer has of its own.
_OWN = ("date", "x-request-id")


class Twice(httpx.Client):
    """A client that asks everything again, so that it is kept by then, and of another server, on PostgreSQL.

    All three answers are to be alike: whatever is tested here is tested with the cache and without, and on both engines.
    """

    def __init__(self, plain: httpx.Client, **more: Any) -> None:
        super().__init__(**more)
        self._plain = plain
        self._asked: set[tuple[Any, ...]] = set()

    def send(self, request: httpx.Request, *, stream: bool = False, **more: Any) -> httpx.Response:
        response = super().send(request, stream=stream, **more)
        asked = request.method, request.url, tuple(request.headers.items())
        is_new = request.method in ("GET", "HEAD") and asked not in self._asked
        if is_new and not stream and request.url.path != "/metrics":
            self._asked.add(asked)
            again = super().send(request, **more)
            _hold_against(response, again, "the second answer")
            url = self._plain.base_url.copy_with(raw_path=request.url.raw_path)
            plain = self._plain.send(httpx.Request(request.method, url, headers=request.headers), **more)
            _hold_against(response, plain, "the other server's answer")
        return response


def _hold_against(response: httpx.Response, other: httpx.Response, which: str) -> None:
    """Fail where two answers differ, with the place: pytest would compare a megabyte line by line, for minutes."""

    def head(of: httpx.Response) -> tuple[int, list[tuple[str, str]]]:
        return of.status_code, [(name, value) for name, value in of.headers.multi_items() if name not in _OWN]

    assert head(other) == head(response), f"{which} is another"
    if other.content != response.content:
        alike = takewhile(lambda two: two[0] == two[1], zip(response.content, other.content, strict=False))
        place = sum(1 for _ in alike)
        said, instead = (one.content[max(0, place - 40) : place + 200] for one in (response, other))
        pytest.fail(f"{which} to {response.request.url} differs from byte {place}:\n{said!r}\n{instead!r}")
