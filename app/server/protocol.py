"""What is answered below the application: requests that came before, byte for byte, and those for the direct door."""

import asyncio
import time
from typing import Any

from app.http.logged import note_sent
from app.server.cache import Cache
from app.server.direct import Direct
from app.server.guarded import Guarded
from app.server.peers import Sink

_END = b"\r\n\r\n"
# How long a request line may be that is read when many wait.
_SHORT = 120
# How long an answer in parts may be to be kept. What was sent of it is held until its end, for as long as its client
# likes, and thousands of clients may have one at once.
_LONGEST_IN_PARTS, _IN_PARTS = 64_000, b"\r\ntransfer-encoding: chunked\r\n"
# What the answer depends on besides the bytes of the request: who sends them, or it is the request's own; and what is
# followed by a body, which would be taken for the next request where the head alone was answered.
_OWN = (b"forwarded", b"x-request-id", b"content-length", b"transfer-encoding")


class Recorder(Sink):
    """A transport that remembers what was written to it, as long as the cache would keep it."""

    def __init__(self, transport: asyncio.Transport, request: bytes, cache: Cache, state: dict[str, Any]) -> None:
        super().__init__(transport)
        self.request, self.state = request, state
        self.version, self._longest = cache.version, cache.longest
        self._written: list[bytes] = []
        self._size = 0

    def write(self, data: bytes) -> None:
        """Write, and remember."""
        super().write(data)
        if not self._size and _IN_PARTS in data:
            self._longest = min(self._longest, _LONGEST_IN_PARTS)
        self._size += len(data)
        if self._size <= self._longest:
            self._written.append(data)
        else:
            self._written.clear()

    @property
    def answer(self) -> bytes:
        """All that was written; nothing if that was too much."""
        return b"".join(self._written)


class Protocol(Guarded):
    """A protocol that answers at once what it answered before, and what can be told in no time (`app.server.direct`).

    A request is answered here when it is a GET, alone and whole in what came, and nothing else is going on
    on its connection; everything unusual goes the ordinary way.
    """

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        state = self.app.state
        self._cache: Cache | None = state.cache
        self._direct: Direct = state.direct
        self._request = b""
        self._recorder: Recorder | None = None
        # What waits to be answered directly, and since when; and an answer that is to be sent, and if it is the last.
        self._held, self._held_since = b"", 0.0
        self._unsent, self._is_last = b"", False

    def data_received(self, data: bytes) -> None:
        """Answer what is kept or can be answered directly, or feed the parser."""
        if self._unsent:
            self._send_unsent()
            if self._is_last:
                return
        if self._held:  # more comes before that was answered
            data, self._held, self._held_since = self._held + data, b"", 0.0
        elif data.startswith(b"GET ") and data.find(_END) == len(data) - 4 and self._is_idle():
            if self._answer_kept(data) or (self._is_soon_read(data) and self._answer_directly(data)):
                return
            self._request = b"" if _is_of_its_own(data) else data
        super().data_received(data)
        self._request = b""

    @property
    def quiet_since(self) -> float:
        """Since when nothing goes on here but to wait for the client; 0 while something does."""
        return 0.0 if self._held or self._unsent else super().quiet_since

    def shutdown(self) -> None:
        """End, with the answer that somebody waits for."""
        if self._held:
            self.data_received(b"")
        self._send_unsent()
        super().shutdown()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget what was asked."""
        self._held = self._unsent = b""
        super().connection_lost(exc)

    def eof_received(self) -> None:
        """Send what is to be sent before the connection ends: its client may still read."""
        self._send_unsent()
        super().eof_received()

    def timeout_keep_alive_handler(self) -> None:
        """Close the connection when nothing came for long; where something did, wait on."""
        quiet = 0.0 if self._held or self._unsent else self.loop.time() - self._answered_at
        if quiet < self.timeout_keep_alive:
            self.timeout_keep_alive_task = self.loop.call_later(
                self.timeout_keep_alive - quiet, self.timeout_keep_alive_handler
            )
        else:
            super().timeout_keep_alive_handler()

    def on_response_complete(self) -> None:
        """Keep what was answered."""
        if (recorder := self._recorder) and self._cache:
            self._recorder = None
            if count := recorder.state.get("count"):  # none counts who is refused before the application is asked
                self._cache.keep(recorder.request, recorder.answer, recorder.version, count)
        super().on_response_complete()

    def _wait_for_more(self) -> None:
        self.server_state.total_requests += 1
        # A timer that is there stays, and looks when it ends: to make a new one each time costs more than to look.
        self._answered_at, self._awaited_since = self.loop.time(), 0.0
        if self.timeout_keep_alive_task is None:
            self.timeout_keep_alive_task = self.loop.call_later(
                self.timeout_keep_alive, self.timeout_keep_alive_handler
            )

    def _is_idle(self) -> bool:
        if self._coming != "nothing" or not (self.cycle is None or self.cycle.response_complete):
            return False
        return not self.flow.write_paused and not self.transport.is_closing()

    def _is_soon_read(self, request: bytes) -> bool:
        """Whether there is the time to read what is asked for: where many ask, only what is short."""
        return not self._guard.line.is_full or request.find(b"\r") < _SHORT

    def _answer_kept(self, request: bytes) -> bool:
        """Send what the cache has for these bytes, if it has something."""
        started_at = time.perf_counter()
        if not self._cache or not (kept := self._cache.find(request)):
            return False
        answer = kept.sent(self.server_state.default_headers[0][1])
        self.transport.write(answer)
        kept.count(seconds := time.perf_counter() - started_at, is_kept=True)
        note_sent(request, answer, seconds, route=kept.count.route, by="cache")
        self._wait_for_more()
        return True

    def _answer_directly(self, request: bytes) -> bool:
        """Send what the door for that makes of these bytes, if they are for it, now or in a moment; and keep it."""
        started_at = self._held_since or time.perf_counter()
        peer = self.client[0] if self.client else ""
        answered = self._direct.answer(request, self.server_state.default_headers, peer, self._go_on)
        if not answered:
            return False
        if answered == "later":
            # It has come wholly, so that nothing of the client is awaited.
            self._held, self._held_since, self._awaited_since = request, started_at, 0.0
            return True
        answer, count, is_last = answered
        self._send_with_others(answer, is_last=is_last)
        if self._cache and not is_last and not _is_of_its_own(request):
            # What was read is not older than the version that the cache has just seen.
            self._cache.keep(request, answer, self._cache.version, count)
        count(seconds := time.perf_counter() - started_at, is_direct=True)
        note_sent(request, answer, seconds, route=count.route, by="direct")
        self._wait_for_more()
        return True

    def _send_with_others(self, answer: bytes, *, is_last: bool) -> None:
        """Send an answer after this turn of the loop, with those to all others who asked in it, if they are not much.

        A client or a proxy on this machine that sleeps between two answers is woken for each: to wake it may cost as
        much as to read a record. With `is_last` the connection ends then.
        """
        self._unsent, self._is_last = answer, is_last
        if self._direct.turns.holds(len(answer)):
            self.loop.call_soon(self._send_unsent)
        else:
            self._send_unsent()

    def _send_unsent(self) -> None:
        answer, self._unsent = self._unsent, b""
        if answer and not self.transport.is_closing():
            self.transport.write(answer)
            if self._is_last:
                self.transport.close()

    def _go_on(self) -> None:
        """Answer what was held, unless nobody waits for it any more."""
        request, self._held = self._held, b""
        if request and not self.peer.is_gone():
            self.data_received(request)
        if not self._held:
            self._held_since = 0.0

    def _start_asgi_task(self, cycle: Any, app: Any) -> None:
        if self._request and self._cache:
            self._recorder = Recorder(self.transport, self._request, self._cache, cycle.scope["state"])
            cycle.transport = self._recorder
        super()._start_asgi_task(cycle, app)


def _is_of_its_own(request: bytes) -> bool:
    lowered = request.lower()
    return any(name in lowered for name in _OWN)
