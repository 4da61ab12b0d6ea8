"""`/metrics`: what the server has answered, and how fresh the data is, as Prometheus reads it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError, ProgrammingError

from app.http import formats, parameters
from app.queries.status import tick_of

if TYPE_CHECKING:
    from prometheus_client.core import Metric

router = APIRouter(include_in_schema=False)


class _Base:
    """What the database is like, as a collector of Prometheus' library."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def collect(self) -> "Iterator[Metric]":
        """The figures. Where all connections are in use, those of the data are left out: nobody is to wait for them."""
        from prometheus_client.core import GaugeMetricFamily as Gauge

        pool: Any = self._engine.pool  # what SQLAlchemy makes of an engine with a size is a QueuePool
        yield Gauge("filmspace_pool_connections", "How many connections this process may read with.", pool.size())
        yield Gauge("filmspace_pool_connections_in_use", "How many of them are in use.", pool.checkedout())
        if pool.checkedout() >= pool.size():
            return
        try:
            with self._engine.connect() as connection:
                tick, is_up = tick_of(connection), 1
        except (OperationalError, ProgrammingError):
            tick, is_up = None, 0
        yield Gauge("filmspace_database_up", "Whether the database can be read.", is_up)
        if tick:
            yield Gauge("filmspace_revision", "The newest revision of the data.", tick.revision)
            when = "When that was made, in seconds since 1970."
            yield Gauge("filmspace_revision_timestamp_seconds", when, tick.at.timestamp())
            told = "How many claims that changed, by what was done, and how it changed them."
            claims = Gauge("filmspace_revision_claims", told, labels=("action", "change"))
            for change, count in tick.changed.items():
                claims.add_metric((tick.action, change), count)
            yield claims


@router.get("/metrics")
def get_metrics(request: Request) -> Response:
    """The figures of the server, in Prometheus' text format; memory and the like are of the process that answers."""
    parameters.read(request, {})
    formats.accepted(request, ["text/plain"])
    from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, ProcessCollector, generate_latest

    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    registry.register(request.app.state.metrics)
    registry.register(_Base(request.app.state.engine))
    return Response(generate_latest(registry), 200, {"Cache-Control": "no-store"}, CONTENT_TYPE_LATEST)
