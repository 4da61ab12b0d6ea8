"""uvicorn's protocol within bounds: it has none for the head of a request, nor for how long a client takes."""

import asyncio
from functools import partial
from random import random
from typing import Any, Literal

import httptools
from uvicorn.protocols.http.flow_control import HIGH_WATER_LIMIT
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from app.http.edge import target_of
from app.http.logged import note_sent
from app.http.problems import ProblemError
from app.http.turns import Turn, busy
from app.server.bare import NOT_ASCII, TOO_SLOW, UNREADABLE, written
from app.server.guard import MOST_HEADERS, Guard
from app.server.heads import for_one_host, without_upgrade
from app.server.peers import Lingering, Peer, Sink, has_body, has_small_body, send_without_chunks

# What comes from a client: nothing between two requests, a part of one, or what is not even looked at any more.
_Coming = Literal["nothing", "head", "body", "unheard"]
_MOST_AHEAD = 32  # nobody sends so many requests before the first is answered
# Seconds for a client to read why its connection ends; and, more or less, until who cannot even wait is told so.
_LINGER, _PAUSE = 2.0, 1.0


class Guarded(HttpToolsProtocol):
    """A connection to one client, for whom there are bounds of size and of time.

    What goes on here, what `_coming` is then, and what else tells; uvicorn's `cycle` answers one request:

        waits for a request           "nothing"    _awaited_since for the first one, _answered_at for others
        reads its head                "head"       _awaited_since, _head
        reads its body, and trailers  "body"       _awaited_since, _head; _app_after_body, where it answers only then
        answers it                    "nothing"    cycle, if not Protocol._held or _unsent; the next may come already
        waits for who reads slowly    any          _unread_since
        answers for the last time     "unheard"    cycle; what came behind that request was wrong
        hangs up                      "unheard"    _closing_since
    """

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self._guard: Guard = self.app.state.guard
        self._coming: _Coming = "nothing"
        # How much has come of a head, or behind a body, that is not whole yet; and of bodies that are not answered yet.
        self._head = self._body = 0
        # Since when something of a request is awaited, nothing that was sent is read, the connection is being closed;
        # and when a request was answered last.
        self._awaited_since = self._unread_since = self._closing_since = self._answered_at = 0.0
        self._fault: ProblemError | None = None
        # What answers a request as soon as its body has come; and who is answered, where uvicorn's `cycle` came last.
        self._app_after_body: Any = None
        self._answering: Any = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's own
        """Take the connection, if there is room for it: who comes has something to ask."""
        super().connection_made(transport)
        self.peer = Peer(transport)
        has_room = self._guard.admit(self.connections, self.loop)  # type: ignore[arg-type]  # all are ours
        self._awaited_since = self.loop.time()  # only now: room is made by those who came before
        if not has_room:
            self._end(busy())

    def data_received(self, data: bytes) -> None:
        """Feed the parser, unless nothing that comes is wanted any more."""
        if self._coming == "unheard":
            return
        self._head += len(data)
        try:
            self._parse(data)
        except httptools.HttpParserError:
            self._end(self._fault or (UNREADABLE if data.partition(b"\n")[0].isascii() else NOT_ASCII))
            return
        if self._coming in ("head", "body") and self._head > self._guard.longest_head:
            self._end(self._guard.too_long(self.url))

    def _parse(self, data: bytes) -> None:
        """Feed the parser. Who asks for another protocol is answered in this one (RFC 9110, 7.8)."""
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade as upgrade:  # all behind it, the body too, it takes for that other one's
            head = without_upgrade(self.parser.get_method(), self.url, self.parser.get_http_version(), self.headers)
            self.parser = httptools.HttpRequestParser(self)
            self._parse(head + data[upgrade.args[0] :])

    def on_message_begin(self) -> None:
        """Begin a request: what comes next belongs to it."""
        if len(self.pipeline) >= _MOST_AHEAD:
            raise ValueError("too many requests that were not answered yet")
        self._unset_keepalive_if_required()  # an empty line, which may come before a request, begins none
        self._coming = "head"
        self._awaited_since = self.loop.time()
        super().on_message_begin()

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header, if there are not too many; what comes behind a body is none (RFC 9110, 6.5.1)."""
        if self._coming == "body":
            return
        if len(self.headers) >= MOST_HEADERS:
            self._fault = self._guard.too_long(self.url)
            raise ValueError("too many headers")
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Begin to answer a request whose head is not too long."""
        if self.parser.get_method() == b"CONNECT":
            raise ValueError("what follows is for somebody else")
        if self.parser.should_upgrade():
            return  # it is read anew
        self._coming, self._head, version = "body", 0, self.parser.get_http_version()
        self.headers[:] = for_one_host(self.headers, self.url, version)
        if fault := self._guard.fault_of(version, self.url, self.headers):
            self._fault = fault
            raise ValueError("a head that is refused")
        self.expect_100_continue &= version != "1.0"  # which knows nothing of that (RFC 9110, 10.1.1)
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Take a part of a body, if there is room for it."""
        self._head = 0
        if not self.cycle.response_complete:
            self._body += len(body)
            if not self._guard.has_room_for(len(body)):
                self._fault = busy()
                raise ValueError("too many bodies")
        super().on_body(body)
        if self._app_after_body and len(self.cycle.body) > HIGH_WATER_LIMIT:
            app, self._app_after_body = self._app_after_body, None
            self._take_turn(self.cycle, app)

    def on_message_complete(self) -> None:
        """Note that a request has come wholly."""
        if self.parser.should_upgrade():
            return
        self._coming, self._awaited_since = "nothing", 0.0
        super().on_message_complete()
        if app := self._app_after_body:
            self._app_after_body = None
            self._take_turn(self.cycle, app)

    # What is sent

    def _start_asgi_task(self, cycle: Any, app: Any) -> None:
        self._answering, cycle.scope["state"]["peer"] = cycle, self.peer
        if cycle.transport is self.transport:
            cycle.transport = Sink(self.transport)
        if cycle.scope["http_version"] == "1.0":
            send_without_chunks(cycle, self.peer)
        if cycle.more_body and has_small_body(cycle, min(self._guard.largest_body, HIGH_WATER_LIMIT)):
            self._app_after_body = app
        else:
            self._take_turn(cycle, app)

    def _take_turn(self, cycle: Any, app: Any) -> None:
        """Answer a request as soon as it is its turn. One with a large body takes its turn when that has come."""
        line, start = self._guard.line_for(cycle.scope["path"]), super()._start_asgi_task
        is_whole = not cycle.more_body or not has_body(cycle)
        if not is_whole:
            cycle.transport = Lingering(cycle.transport, self, cycle)
        refuse = partial(self._refuse, cycle, self.loop.time())
        layer: Any = Turn(app, line, self.peer.is_gone, has_turn=is_whole)
        if line.is_full:
            # Who is answered at once asks again at once, and to tell them again is work as well.
            self.loop.call_later(_PAUSE * (0.5 + random()), refuse)
        elif not is_whole or line.take():
            start(cycle, layer)
        else:
            line.wait(lambda: start(cycle, layer), self.peer.is_let_go, refuse)

    def on_response_complete(self) -> None:
        """Go on with the next request."""
        self._answered_at = self.loop.time()
        self._forget_body()
        super().on_response_complete()
        if self._coming in ("head", "body"):  # a part of the next has come, which is read on from now
            self._unset_keepalive_if_required()
            self._awaited_since = self._answered_at

    def pause_writing(self) -> None:
        """Note that the client does not read."""
        self._unread_since = self.loop.time()
        self._guard.note_unread(self, self.transport.get_write_buffer_size())
        super().pause_writing()

    def resume_writing(self) -> None:
        """Note that the client reads on."""
        self._unread_since = 0.0
        self._guard.note_read(self)
        super().resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        """Let go of what the connection held."""
        self._forget_body()
        self._guard.note_read(self)
        if self._answering:
            self._answering.disconnected = True
            self._answering.message_event.set()
        self.peer.is_lost = True
        super().connection_lost(exc)

    # What is too much, or too slow

    def shutdown(self) -> None:
        """End: at once where nobody waits for an answer, and else with the answer, if that does not take too long."""
        super().shutdown()
        if not self.transport.is_closing():
            self.loop.call_later(self._guard.last_seconds, self.peer.reset)

    @property
    def quiet_since(self) -> float:
        """Since when nothing goes on here but to wait for the client; 0 while something does."""
        cycle = self.cycle
        is_waiting = cycle is None or cycle.response_complete or (cycle.more_body and not cycle.response_started)
        is_served = self.pipeline or self._unread_since or not is_waiting or self.transport.get_write_buffer_size()
        return 0.0 if is_served else max(self._awaited_since, self._answered_at)

    def look(self, now: float, patience: float) -> None:
        """Close the connection if its client takes longer than so many seconds."""
        if self.transport.is_closing():  # as soon as what was sent is read
            self._closing_since = self._closing_since or now
            is_late = now - self._closing_since > patience
        elif self._closing_since:
            is_late = now - self._closing_since > _LINGER
        elif self._unread_since:
            is_late = now - self._unread_since > patience
        else:
            is_awaited = self._awaited_since and self._awaited_since >= self._answered_at and not self.flow.read_paused
            is_late = bool(is_awaited) and now - self._awaited_since > patience
            if is_late and (self._coming == "head" or self._app_after_body):
                self._end(TOO_SLOW)
                return
        if is_late:
            self.peer.reset()

    def _refuse(self, cycle: Any, since: float) -> None:
        """Answer that too many wait, without a task, which would cost more than this does."""
        if self.transport.is_closing() or cycle.disconnected:
            return
        cycle.response_started = cycle.response_complete = True
        is_last = cycle.more_body or not cycle.keep_alive
        scope = cycle.scope
        self._send(busy(), is_last=is_last, asked=(scope["method"], target_of(scope)), seconds=self.loop.time() - since)
        if is_last:
            self.hang_up()
        else:
            self.on_response_complete()

    def _end(self, problem: ProblemError) -> None:
        """Tell what is wrong, if nobody waits for another answer here, and take nothing more of this client."""
        cycle = self.cycle
        if cycle is None or cycle.response_complete:
            self._send(problem, is_last=True)
            self.hang_up()
        elif self.pipeline and cycle.more_body:
            # Only what was asked before is answered.
            self.pipeline.popleft()
            self.cycle = self.pipeline[0][0] if self.pipeline else self._answering
            self.cycle.keep_alive = False
            self._coming, self._awaited_since = "unheard", 0.0
        elif cycle.response_started or not cycle.more_body:
            # What was asked before is still answered, and then the connection is closed.
            cycle.keep_alive = False
            self._coming, self._awaited_since = "unheard", 0.0
        else:
            # It is the body of this request that is wrong: whoever reads it is told that nobody is there any more.
            cycle.disconnected = True
            cycle.message_event.set()
            self._send(problem, is_last=True)
            self.hang_up()

    def hang_up(self) -> None:
        """Say that nothing more is sent, and wait a little for the client to read it and to close the connection."""
        self._coming, self._closing_since = "unheard", self.loop.time()
        self.flow.resume_reading()
        if self.transport.can_write_eof():
            self.transport.write_eof()

    def _forget_body(self) -> None:
        self._guard.bodies -= self._body
        self._body = 0

    def _send(
        self, problem: ProblemError, *, is_last: bool, asked: tuple[str, bytes] | None = None, seconds: float = 0.0
    ) -> None:
        """Answer what was asked, by a method of a target; without them what came of a request, if anything did."""
        is_head = self._coming != "nothing" and self.parser.get_method() == b"HEAD"
        method, target = asked or ("HEAD" if is_head else "?", b"" if self._coming == "nothing" else self.url)
        answer = written(problem, self.server_state.default_headers, is_last=is_last, has_body=method != "HEAD")
        self.transport.write(answer)
        self._guard.metrics.counting("any", "none", problem.status)(seconds)
        note_sent((method, target or b"?"), answer, seconds, route="none", by="guard")
