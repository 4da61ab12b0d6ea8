"""`/mcp`: the MCP server over streamable HTTP, beside the API. Nothing of the SDK is imported before it opens."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from importlib.util import find_spec
from typing import Any

from sqlalchemy import Engine


def is_possible() -> bool:
    """Whether the extra `mcp` is installed."""
    return find_spec("mcp") is not None


class Door:
    """An ASGI app that answers while it is open: stateless, each request in JSON.

    `hosts` are the hosts that it answers under, with or without a port; a page of another one could otherwise reach a
    server on its reader's own machine through a name that it points there (DNS rebinding).
    """

    def __init__(self, engine: Engine, *, hosts: Sequence[str], largest_body: int) -> None:
        self.engine, self.hosts, self.largest_body = engine, hosts, largest_body
        self.manager: Any = None

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Answer until the end of the context."""
        from mcp.server.transport_security import TransportSecuritySettings

        from app.agents.server import make_server

        hosts = [told for host in self.hosts for told in (host, f"{host}:*")]
        origins = [f"{scheme}://{host}" for scheme in ("http", "https") for host in hosts]
        server = make_server(self.engine)
        server.streamable_http_app(
            json_response=True, stateless_http=True, max_request_body_size=self.largest_body,
            transport_security=TransportSecuritySettings(allowed_hosts=hosts, allowed_origins=origins),
        )  # fmt: skip
        self.manager = server.session_manager
        async with self.manager.run():
            yield

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """ASGI."""
        await self.manager.handle_request(scope, receive, send)
