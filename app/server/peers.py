"""Clients, as far as a connection tells: whether they are still there, and whether they still write."""

import asyncio
import select
import socket
import struct
from typing import TYPE_CHECKING, Any

from starlette.types import Receive

if TYPE_CHECKING:
    from app.server.guarded import Guarded

# What a socket says when the other end has closed it; not every system does.
_HUNG_UP = getattr(select, "POLLRDHUP", 0)


class Peer:
    """Who is at the other end."""

    __slots__ = ("_transport", "has_chunks", "is_lost")

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self.has_chunks, self.is_lost = True, False  # as all but HTTP/1.0 have; whether its connection has ended

    def is_gone(self) -> bool:
        """Whether they have hung up, also if nobody has had the time to notice. Any thread may ask."""
        if self._transport.is_closing():
            return True
        if not _HUNG_UP:
            return False
        asked = select.poll()
        asked.register(self._transport.get_extra_info("socket").fileno(), _HUNG_UP)
        return bool(asked.poll(0))

    def is_let_go(self) -> bool:
        """The same, and the connection ends then: where nothing is read of it, nobody else would notice."""
        if is_gone := self.is_gone():
            self._transport.close()
        return is_gone

    def reset(self) -> None:
        """Close the connection at once. In HTTP/1.0 an answer may end where that does, unless it is reset."""
        if not (self.has_chunks or self.is_lost):
            same = socket.socket(fileno=self._transport.get_extra_info("socket").fileno())
            try:
                same.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            finally:
                same.detach()  # the transport closes it
        self._transport.abort()

    async def cut_off(self, receive: Receive) -> None:
        """Close the connection in the middle of an answer, so that nobody takes for the whole what was sent of it."""
        self.reset()
        while (await receive())["type"] != "http.disconnect":  # which uvicorn knows then
            pass


def has_body(cycle: Any) -> bool:
    """Whether a request has a body, even an empty one, by its headers."""
    return any(name in (b"content-length", b"transfer-encoding") for name, _ in cycle.scope["headers"])


def has_small_body(cycle: Any, most: int) -> bool:
    """Whether a body is to come that is read wholly before anybody is asked to answer."""
    told = dict(cycle.scope["headers"])
    length = told.get(b"content-length", b"0")
    is_small = len(length) <= 5 and int(length) <= most
    return has_body(cycle) and is_small and b"expect" not in told


class Sink:
    """A transport for an answer, to which what is written after its end is lost.

    That is how asyncio's own transports have it. uvloop's raise an error, and may know of the end before uvicorn does.
    """

    def __init__(self, transport: Any) -> None:
        self._transport = transport

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        """Write, if it has not ended."""
        if not self._transport.is_closing():
            self._transport.write(data)


class Lingering(Sink):
    """The transport for the answer to a request with a body.

    An answer that begins before the body has come wholly is the last on its connection: where the next request would
    begin is not known. The client, which still writes, is given the time to read it.
    """

    def __init__(self, transport: Any, protocol: "Guarded", cycle: Any) -> None:
        super().__init__(transport)
        self._protocol, self._cycle, self._is_begun = protocol, cycle, False

    def write(self, data: bytes) -> None:
        """Write, and say first that this is the last answer, if it is."""
        cycle = self._cycle
        if cycle.response_started and not self._is_begun:
            self._is_begun = True
            if cycle.more_body and cycle.keep_alive:
                cycle.keep_alive = False
                data = data.replace(b"\r\n", b"\r\nconnection: close\r\n", 1)
        super().write(data)

    def close(self) -> None:
        """Close the connection."""
        if self._cycle.more_body:
            self._protocol.hang_up()
        else:
            self._transport.close()


class _Untold(int):
    """How long a body is whose end is that of the connection: nothing is too long for it, and nothing missing."""

    def __lt__(self, _: object) -> bool:
        return False

    def __sub__(self, _: object) -> "_Untold":
        return self

    def __ne__(self, _: object) -> bool:
        return False


def send_without_chunks(cycle: Any, peer: Peer) -> None:
    """Have uvicorn send a body of untold length as it is: HTTP/1.0 knows no chunks (RFC 9112, 6.1)."""
    cycle.chunked_encoding, cycle.expected_content_length = False, _Untold()
    peer.has_chunks = False
