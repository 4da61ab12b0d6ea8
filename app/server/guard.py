"""What all connections of a process may take together, and a look at each of them every second."""

import asyncio
import heapq
import sys
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from app.http.metrics import Metrics
from app.http.problems import ProblemError
from app.http.turns import Line
from app.server.heads import Header

if TYPE_CHECKING:
    from app.server.guarded import Guarded

# Seconds between two looks at all connections.
_EVERY = 1.0
# Nobody sends more headers.
MOST_HEADERS = 100
# Of bodies that come, and of answers that are not read, so many bytes are held at once, for all clients together.
_MOST_BODIES, _MOST_UNREAD = 64_000_000, 64_000_000
# When there are too many connections, so large a part of them is closed at once: to look at all of them takes time.
_PART = 16
# So many files are left to what is open beside connections: what is listened on, logs, and the database several times.
_OTHER_FILES = 128
# What costs next to nothing, and tells an operator how things are when nothing else is answered.
_PROBES = ("/healthz", "/metrics")


def connections_within(wanted: int) -> int:
    """So many connections, or as many as there can be where the system lets a process have few files open."""
    if sys.platform == "win32":
        return wanted
    import resource

    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return wanted if files == resource.RLIM_INFINITY else min(wanted, max(files - _OTHER_FILES, files // 2))


@dataclass(eq=False)
class Guard:
    """The limits of a process, and what its connections hold at the moment.

    In `line` wait those who are answered by the framework, but for `probes`, who wait for nobody else.
    A client may take `seconds` to send a request, and to read what was sent. When the process is told to end, what it
    has begun by then may take `last_seconds`.
    """

    line: Line
    probes: Line
    metrics: Metrics
    most_connections: int
    longest_head: int
    longest_url: int
    largest_body: int
    seconds: float
    last_seconds: float
    bodies: int = 0
    # How much each connection has not read, the one that reads the longest at it first; and together.
    unread: "OrderedDict[Guarded, int]" = field(default_factory=OrderedDict)
    _unread: int = 0
    _looking: asyncio.TimerHandle | None = None

    def admit(self, connections: "set[Guarded]", loop: asyncio.AbstractEventLoop) -> bool:
        """Whether there is room for the newest of these; if need be, others that only wait are closed for it."""
        if self._looking is None:
            self._looking = loop.call_later(_EVERY, self._look, connections, loop)
        if len(connections) <= self.most_connections:
            return True
        quiet = [(one.quiet_since, id(one), one) for one in connections if one.quiet_since]
        for *_, one in heapq.nsmallest(max(1, self.most_connections // _PART), quiet):
            one.peer.reset()
            connections.discard(one)
        return len(connections) <= self.most_connections

    def too_long(self, url: bytes) -> ProblemError:
        """414 for a head with a URL that is too long by itself, 431 for another one."""
        if len(url) > self.longest_url:
            text = f"The URL is too long; expected at most {self.longest_url} bytes. Ask for less at once."
            return ProblemError(414, "too_large", text)
        text = f"The headers are too long, or too many; expected at most {MOST_HEADERS}, of"
        return ProblemError(431, "too_large", f"{text} {self.longest_head} bytes in all.")

    def fault_of(self, version: str, url: bytes, headers: Sequence[Header]) -> ProblemError | None:
        """What is wrong with the head of a request as such, if anything."""
        if not version.startswith("1."):
            return ProblemError(505, "bad_request", "Only HTTP/1.1 and HTTP/1.0 are spoken here.")
        size = len(url) + sum(len(name) + len(value) + 4 for name, value in headers)
        return self.too_long(url) if size > self.longest_head else None

    def line_for(self, path: str) -> Line:
        """Where who asks for this waits for their turn."""
        return self.probes if path in _PROBES else self.line

    def has_room_for(self, body: int) -> bool:
        """Note that so much of a body has come; whether there is room for it."""
        self.bodies += body
        return self.bodies <= _MOST_BODIES

    def note_unread(self, one: "Guarded", size: int) -> None:
        """Note that a client does not read what was sent. If that is too much of all, the slowest are cut off."""
        self.note_read(one)
        self.unread[one] = size
        self._unread += size
        while self._unread > _MOST_UNREAD:
            slowest = next(iter(self.unread))
            self.note_read(slowest)
            slowest.peer.reset()

    def note_read(self, one: "Guarded") -> None:
        """Note that a client reads on, or is gone."""
        self._unread -= self.unread.pop(one, 0)

    def _look(self, connections: "set[Any]", loop: asyncio.AbstractEventLoop) -> None:
        """Close the connections whose clients take too long."""
        try:
            self.line.look()
            self.probes.look()
            now = loop.time()
            for one in list(connections):
                one.look(now, self.seconds)
        finally:  # nothing that goes wrong with one of them is to end the looking
            self._looking = loop.call_later(_EVERY, self._look, connections, loop) if connections else None
