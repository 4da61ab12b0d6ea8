"""What a server has answered and how long it took: counted by each of its processes, told by any of them."""

import asyncio
import json
import os
from bisect import bisect_left
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.types import Scope

if TYPE_CHECKING:
    from prometheus_client.core import Metric

# In seconds; those of Prometheus' own libraries.
_BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0, float("inf"))
# How old the figures of the other processes are at most.
_SECONDS = 2.0

Sort = tuple[str, str, str]


class Counting:
    """Counts the answers of one sort: those to a method, under a route, with a status."""

    __slots__ = ("counts", "direct", "kept", "route", "seconds")

    def __init__(self, route: str) -> None:
        # How many took as long as each bound or less, but more than the one before; and those of them.
        self.route, self.counts, self.seconds, self.kept, self.direct = route, [0] * len(_BOUNDS), 0.0, 0, 0

    def __call__(self, seconds: float, *, is_kept: bool = False, is_direct: bool = False) -> None:
        """Note an answer that took so many seconds, and whether it was kept ready, or made below the framework."""
        self.counts[bisect_left(_BOUNDS, seconds)] += 1
        self.seconds += seconds
        self.kept += is_kept
        self.direct += is_direct

    def add(self, counts: list[int], seconds: float, kept: int, direct: int) -> None:
        """Add what another one has counted."""
        self.counts = [one + other for one, other in zip(self.counts, counts, strict=True)]
        self.seconds, self.kept, self.direct = self.seconds + seconds, self.kept + kept, self.direct + direct

    def told(self) -> tuple[list[int], float, int, int]:
        """What `add` takes."""
        return self.counts, self.seconds, self.kept, self.direct


class Metrics:
    """The figures of a server, since it started: a collector, as Prometheus' library calls it.

    They are counted by the one thread that answers, without the locks of that library's own counters, which answers
    that are kept ready would wait for; and it is imported by the first who asks for them. Where several processes
    answer, each leaves its figures in `folder`, and the one that is asked adds theirs to its own.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._counted: dict[Sort, Counting] = {}
        self._file = folder / f"{os.getpid()}.json" if folder else None

    def counting_of(self, scope: Scope, status: int) -> Counting:
        """What notes such an answer, under its route: paths and methods that anybody may invent would be no end."""
        route = getattr(scope.get("route"), "path", "none")
        return self.counting(scope["method"] if route != "none" else "any", route, status)

    def counting(self, method: str, route: str, status: int) -> Counting:
        """What notes answers of this sort."""
        sort = (method, route, str(status))
        if sort not in self._counted:
            self._counted[sort] = Counting(route)
        return self._counted[sort]

    @asynccontextmanager
    async def left(self) -> AsyncIterator[None]:
        """Leaves the figures for the other processes, every now and then and in the end."""
        if not self._file:
            yield
            return
        leaving = asyncio.create_task(self._leave_again(self._file))
        try:
            yield
        finally:
            leaving.cancel()
            _leave(self._file, self._counted)

    async def _leave_again(self, file: Path) -> None:
        while True:
            _leave(file, self._counted)
            await asyncio.sleep(_SECONDS)

    def collect(self) -> "Iterator[Metric]":
        """The figures, as Prometheus' library writes them."""
        from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily

        labels = ("method", "route", "status")
        requests = CounterMetricFamily("filmspace_requests", "Requests by method, route and status.", labels=labels)
        told = "Seconds from a request to the end of its answer, by route."
        seconds = HistogramMetricFamily("filmspace_request_seconds", told, labels=("route",))
        by_route: dict[str, Counting] = {}
        every = self._of_all()
        for sort, counting in every.items():
            requests.add_metric(sort, sum(counting.counts))
            by_route.setdefault(counting.route, Counting(counting.route)).add(*counting.told())
        for route, counting in by_route.items():
            bounds = [str(one) if one < float("inf") else "+Inf" for one in _BOUNDS]
            buckets = list(zip(bounds, accumulate(counting.counts), strict=True))
            seconds.add_metric((route,), buckets, sum_value=counting.seconds)
        yield from (requests, seconds)
        kept, direct = (sum(getattr(one, name) for one in every.values()) for name in ("kept", "direct"))
        yield CounterMetricFamily("filmspace_cache_hits", "Answers that were kept ready.", kept)
        yield CounterMetricFamily("filmspace_direct", "Answers made below the framework.", direct)

    def _of_all(self) -> dict[Sort, Counting]:
        """What all processes have counted; what one has that ended stays."""
        left = [file for file in self._file.parent.glob("*.json") if file != self._file] if self._file else []
        every: dict[Sort, Counting] = {}
        others = [one for file in left for one in json.loads(file.read_text(encoding="utf-8"))]
        own = [(sort, counting.told()) for sort, counting in [*self._counted.items()]]
        for sort, told in (*own, *others):
            method, route, status = sort
            every.setdefault((method, route, status), Counting(route)).add(*told)
        return every


def _leave(file: Path, counted: dict[Sort, Counting]) -> None:
    """Write the figures, wholly or not at all; a disk that is full keeps nobody from being answered."""
    written = file.with_suffix(".new")
    with suppress(OSError):
        written.write_text(json.dumps([(sort, counting.told()) for sort, counting in counted.items()]))
        written.replace(file)
