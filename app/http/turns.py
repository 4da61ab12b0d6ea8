"""Who is answered by the framework, in turn: a few at once, so many who wait, and nobody else."""

import asyncio
import os
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.db import POOL_SIZE
from app.http.problems import ProblemError

# How many are answered at once: two for each processor, of which one may wait for the disk. More would only keep the
# thread that answers what is at hand from its processor, and from Python's lock.
AT_ONCE = min(POOL_SIZE, 2 * (os.cpu_count() or 1))
# The turn of a client that hung up stays empty for so many times as long as it took, and so many seconds at most: else
# clients that hang up at once would have work begun all the time, all of it for nothing.
_REST, _LONGEST_REST = 3, 0.3


def busy() -> ProblemError:
    """503 for who comes when too many wait already, or has waited too long."""
    return ProblemError(
        503, "not_ready", "Too many requests wait to be answered. Ask again in a moment.", retry_after=1
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Waiting:
    """Someone who waits, since when, what their turn begins, and what is done when they have waited too long."""

    since: float
    start: Callable[[], None]
    is_gone: Callable[[], bool]
    end: Callable[[], None]


class Line:
    """At most `most_waiting` wait for their turn, none of them for more than so many seconds."""

    def __init__(self, most_waiting: int, seconds: float) -> None:
        self._most, self._seconds, self._free = most_waiting, seconds, AT_ONCE
        self._waiting: deque[_Waiting] = deque()
        # Those who make a part of an answer that has begun. They may still have their turn, while the beginning is
        # packed: so they wait for one another, and not for a turn.
        self.streams = asyncio.Semaphore(AT_ONCE)

    @property
    def is_full(self) -> bool:
        """Whether nobody else may wait."""
        return len(self._waiting) >= self._most

    def take(self) -> bool:
        """Take a turn that is free, if there is one. It has to be left."""
        if self._free:
            self._free -= 1
            return True
        return False

    def wait(self, start: Callable[[], None], is_gone: Callable[[], bool], end: Callable[[], None]) -> None:
        """Wait for a turn, unless one is gone by then."""
        self._waiting.append(_Waiting(monotonic(), start, is_gone, end))

    def leave(self) -> None:
        """Give one's turn to the next who still waits."""
        while self._waiting:
            one = self._waiting.popleft()
            if not one.is_gone():
                one.start()
                return
        self._free += 1

    def look(self) -> None:
        """Tell those who have waited too long."""
        while self._waiting and monotonic() - self._waiting[0].since > self._seconds:
            self._waiting.popleft().end()

    async def enter(self) -> None:
        """Wait for a turn in a task. Raises 503 after too long."""
        if self.take():
            return
        turn = asyncio.get_running_loop().create_future()

        def end() -> None:
            if not turn.done():
                turn.set_exception(busy())

        self.wait(lambda: turn.set_result(None), turn.done, end)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self.leave()  # it came in the same moment
            raise


class Turn:
    """The layer around one answer that has its turn, or takes it when the body of its request has come wholly.

    The turn ends when the answer begins, which may be read slowly.
    """

    def __init__(self, app: ASGIApp, line: Line, is_gone: Callable[[], bool], *, has_turn: bool) -> None:
        self._app, self._line, self._is_gone = app, line, is_gone
        self._has_turn = self._is_past = has_turn
        self._since = 0.0
        self._receive: Receive
        self._send: Send

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        self._receive, self._send, self._since = receive, send, monotonic()
        try:
            await self._app(scope, self.receive, self.send)
        finally:
            self._leave()

    async def receive(self) -> Message:
        """A part of the body; the last one comes when it is this request's turn. Raises 503 after too long."""
        message = await self._receive()
        if message["type"] == "http.request" and not message.get("more_body") and not self._is_past:
            self._is_past = True
            await self._line.enter()
            self._has_turn, self._since = True, monotonic()
        return message

    async def send(self, message: Message) -> None:
        """Begin the answer, or go on with it."""
        self._is_past = True
        self._leave()
        await self._send(message)

    def _leave(self) -> None:
        if self._has_turn:
            self._has_turn = False
            if self._is_gone():
                rest = min(_REST * (monotonic() - self._since), _LONGEST_REST)
                asyncio.get_running_loop().call_later(rest, self._line.leave)
            else:
                self._line.leave()
