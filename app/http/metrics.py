"""`/metrics`: what this process has answered and how long it took, as Prometheus reads it."""

from bisect import bisect_left
from collections.abc import Iterator
from itertools import accumulate
from typing import TYPE_CHECKING, Protocol

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.types import Scope

from app.http import formats, parameters

if TYPE_CHECKING:
    from prometheus_client.core import Metric

router = APIRouter(include_in_schema=False)
# In seconds; those of Prometheus' own libraries.
_BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0, float("inf"))


class _Times:
    """How many answers took as long as each bound or less, but more than the one before, and all their seconds."""

    def __init__(self) -> None:
        self.counts, self.seconds = [0] * len(_BOUNDS), 0.0

    def note(self, seconds: float) -> None:
        self.counts[bisect_left(_BOUNDS, seconds)] += 1
        self.seconds += seconds


class Metrics:
    """The figures of one process, since it started: a collector, as Prometheus' library calls it.

    They are counted by the one thread that answers, without the locks of that library's own counters, which answers
    that are kept ready would wait for; and it is imported by the first who asks for them.
    """

    def __init__(self) -> None:
        self._answers: dict[tuple[str, str, str], int] = {}
        self._times: dict[str, _Times] = {}
        self._hits = self._direct = 0

    def collect(self) -> "Iterator[Metric]":
        """The figures, as Prometheus' library writes them."""
        from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily

        labels = ("method", "route", "status")
        requests = CounterMetricFamily("filmspace_requests", "Requests by method, route and status.", labels=labels)
        for names, count in self._answers.items():
            requests.add_metric(names, count)
        told = "Seconds from a request to the end of its answer, by route."
        seconds = HistogramMetricFamily("filmspace_request_seconds", told, labels=("route",))
        for route, times in self._times.items():
            bounds = [str(one) if one < float("inf") else "+Inf" for one in _BOUNDS]
            buckets = list(zip(bounds, accumulate(times.counts), strict=True))
            seconds.add_metric((route,), buckets, sum_value=times.seconds)
        yield from (requests, seconds)
        yield CounterMetricFamily("filmspace_cache_hits", "Answers that were kept ready.", self._hits)
        yield CounterMetricFamily("filmspace_direct", "Answers made below the framework.", self._direct)

    def count(self, scope: Scope, status: int, seconds: float) -> "Counting":
        """Note one answer, under its route: paths and methods that anybody may invent would be no end of series.

        Returns what notes further answers of the same sort.
        """
        route = getattr(scope.get("route"), "path", "none")
        counting = self.counting(scope["method"] if route != "none" else "any", route, status)
        counting(seconds)
        return counting

    def counting(self, method: str, route: str, status: int) -> "Counting":
        """What notes answers of this sort."""
        names, answers = (method, route, str(status)), self._answers
        times = self._times.setdefault(route, _Times())
        answers.setdefault(names, 0)

        def count(seconds: float, *, is_kept: bool = False, is_direct: bool = False) -> None:
            answers[names] += 1
            times.note(seconds)
            if is_kept:
                self._hits += 1
            if is_direct:
                self._direct += 1

        return count


class Counting(Protocol):
    """Notes an answer that took so many seconds, and whether it was kept ready, or made below the framework."""

    def __call__(self, seconds: float, *, is_kept: bool = False, is_direct: bool = False) -> None:
        """Note it."""


@router.get("/metrics")
async def get_metrics(request: Request) -> Response:
    """The figures of the process that answers, in Prometheus' text format."""
    parameters.read(request, {})
    formats.accepted(request, ["text/plain"])
    from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, ProcessCollector, generate_latest

    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    registry.register(request.app.state.metrics)
    return Response(generate_latest(registry), 200, {"Cache-Control": "no-store"}, CONTENT_TYPE_LATEST)
