"""Answers kept as the bytes that were sent, for requests that come again byte for byte while the data is the same."""

import re
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from app.http.edge import new_id
from app.http.metrics import Counting
from app.server.turns import Turns

# What each answer has of its own: when it was sent, and the id of its request.
_HEAD = re.compile(
    rb"(HTTP/1\.1 (?:200|304) [^\r]*\r\ndate: )[^\r]*(\r\n.*?\r\nx-request-id: )[0-9a-f]{16}\r\n", re.DOTALL
)
# One answer may take so much of the whole.
_LARGEST_PART = 8
# What each takes beside its bytes and those of its request.
_ENTRY = 500


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer without its date and the id of its request, and what counts it."""

    before: bytes
    between: bytes
    after: bytes
    count: Counting

    def sent(self, date: bytes) -> bytes:
        """The bytes to send now."""
        return b"".join((self.before, date, self.between, new_id(), self.after))


class Cache:
    """At most `most_bytes` of answers of one version of the data, those that were asked for last.

    `version` says which one there is now, or None when that cannot be told, and then nothing is kept. It is asked once
    in a turn of the loop, for all requests of it: before each of them is answered and after it was sent.
    """

    def __init__(self, most_bytes: int, version: Callable[[], int | None], turns: Turns) -> None:
        self._most, self._version_now, self._turns = most_bytes, version, turns
        self._kept: OrderedDict[bytes, Kept] = OrderedDict()
        self._size = 0
        self.version: int | None = None
        self._asked_in = 0

    def find(self, request: bytes) -> Kept | None:
        """What was answered to these bytes, if the data has not changed since."""
        if (turn := self._turns.number()) != self._asked_in:
            self._asked_in = turn
            self._ask()
        if kept := self._kept.get(request):
            self._kept.move_to_end(request)
        return kept

    def keep(self, request: bytes, answer: bytes, version: int | None, count: Counting) -> None:
        """Keep an answer that was begun when the data had this version, if it is one for everybody and may be kept."""
        head = answer.partition(b"\r\n\r\n")[0] + b"\r\n"
        is_shared = b"\r\ncache-control: public" in head and b"\r\nconnection: close" not in head
        is_short = len(request) + len(answer) <= self.longest
        if version is None or version != self.version or not is_short or not is_shared:
            return
        if found := _HEAD.match(head):
            self._forget(request)
            self._kept[request] = kept = Kept(found[1], found[2], b"\r\n" + answer[found.end() :], count)
            self._size += _size(request, kept)
            while self._size > self._most:
                self._forget(next(iter(self._kept)))

    def _ask(self) -> None:
        if (version := self._version_now()) != self.version or version is None:
            self._kept.clear()
            self._size, self.version = 0, version

    @property
    def longest(self) -> int:
        """The longest answer that is kept, in bytes."""
        return self._most // _LARGEST_PART

    def _forget(self, request: bytes) -> None:
        if kept := self._kept.pop(request, None):
            self._size -= _size(request, kept)


def _size(request: bytes, kept: Kept) -> int:
    return _ENTRY + len(request) + len(kept.before) + len(kept.between) + len(kept.after)
