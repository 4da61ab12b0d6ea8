"""`/mcp`: the MCP server over streamable HTTP, beside the API. It and its SDK come with the first who knocks: they are
27 MB of each process.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from importlib.util import find_spec
from typing import Any

import anyio
from anyio.abc import TaskGroup, TaskStatus
from sqlalchemy import Engine


def is_installed() -> bool:
    """Whether the extra `mcp` is installed."""
    return find_spec("mcp") is not None


class Door:
    """An ASGI app that answers while it is open: stateless, each request in JSON.

    `hosts` are the hosts that it answers under, with or without a port; a page of another one could otherwise reach a
    server on its reader's own machine through a name that it points there (DNS rebinding). An answer may take
    `seconds`.
    """

    def __init__(self, engine: Engine, *, hosts: Sequence[str], largest_body: int, seconds: float) -> None:
        self.engine, self.hosts, self.largest_body, self.seconds = engine, hosts, largest_body, seconds
        self._tasks: TaskGroup | None = None
        self._opening = anyio.Lock()
        self._manager: Any = None

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Answer until the end of the context."""
        async with anyio.create_task_group() as self._tasks:
            yield
            self._tasks.cancel_scope.cancel()
        self._tasks = self._manager = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """ASGI."""
        async with self._opening:
            if not self._manager and self._tasks:
                self._manager = await self._tasks.start(self._answer)
        await self._manager.handle_request(scope, receive, send)

    async def _answer(self, *, task_status: TaskStatus[Any]) -> None:
        # In a thread, since everybody else is answered meanwhile.
        manager = await anyio.to_thread.run_sync(self._made)
        async with manager.run():
            task_status.started(manager)
            await anyio.sleep_forever()

    def _made(self) -> Any:
        from mcp.server.transport_security import TransportSecuritySettings

        from app.agents.server import make_server

        hosts = [told for host in self.hosts for told in (host, f"{host}:*")]
        origins = [f"{scheme}://{host}" for scheme in ("http", "https") for host in hosts]
        server = make_server(self.engine, seconds=self.seconds)
        server.streamable_http_app(
            json_response=True, stateless_http=True, max_request_body_size=self.largest_body,
            transport_security=TransportSecuritySettings(allowed_hosts=hosts, allowed_origins=origins),
        )  # fmt: skip
        return server.session_manager
