"""`/metrics`: what this process has answered and how long it took, as Prometheus reads it."""

from typing import Protocol

from fastapi import APIRouter, Request
from fastapi.responses import Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, ProcessCollector
from prometheus_client.exposition import generate_latest
from starlette.types import Scope

from app.http import formats, parameters

router = APIRouter(include_in_schema=False)


class Metrics:
    """The figures of one process, since it started."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self.requests = Counter(
            "filmspace_requests", "Requests by method, route and status.", ("method", "route", "status"),
            registry=self.registry,
        )  # fmt: skip
        self.seconds = Histogram(
            "filmspace_request_seconds", "Seconds from a request to the end of its answer, by route.", ("route",),
            registry=self.registry,
        )  # fmt: skip
        self.hits = Counter("filmspace_cache_hits", "Answers that were kept ready.", registry=self.registry)
        self.direct = Counter("filmspace_direct", "Answers made below the framework.", registry=self.registry)

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
        answers, times = self.requests.labels(method, route, status), self.seconds.labels(route)

        def count(seconds: float, *, is_kept: bool = False, is_direct: bool = False) -> None:
            if is_kept:
                self.hits.inc()
            if is_direct:
                self.direct.inc()
            answers.inc()
            times.observe(seconds)

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
    metrics: Metrics = request.app.state.metrics
    headers = {"Cache-Control": "no-store"}
    return Response(generate_latest(metrics.registry), 200, headers, CONTENT_TYPE_LATEST)
