"""The turns of the event loop: what is read from sockets in one of them had come when it began."""

import asyncio

# So many bytes of answers are held until the end of a turn; what is more is sent at once.
_MOST_HELD = 2_000_000


class Turns:
    """Numbers the turns of the loop, for what is looked up once in each, by whoever asks first."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._number = self._held = 0
        self._at = -1.0
        self._is_on = False

    def number(self) -> int:
        """The number of this turn, another one than that of any before. It is asked in the thread of the loop."""
        loop = asyncio.get_running_loop()
        # uvloop looks for more by itself in one turn where very many have come (libuv's uv__io_poll), and calls nothing
        # of ours between. Its clock goes on only when it looks, and when a timer is set. asyncio's always goes on.
        at = 0.0 if isinstance(loop, asyncio.BaseEventLoop) else loop.time()
        if not self._is_on or at != self._at or loop is not self._loop:
            self._loop, self._at, self._is_on = loop, at, True
            self._number, self._held = self._number + 1, 0
            loop.call_soon(self.end)
        return self._number

    def end(self) -> None:
        """Say that what comes next may have been sent after all of this turn."""
        self._is_on = False

    def holds(self, size: int) -> bool:
        """Whether an answer of so many bytes may be held until the end of this turn; it is counted then."""
        self._held += size
        return self._held <= _MOST_HELD
