"""`/metrics`: what the server has answered, and how fresh the data is, as Prometheus reads it."""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from app.http import formats, parameters
from app.http.reach import is_out_of_use
from app.queries.status import CHANGES, Ledger

if TYPE_CHECKING:
    from prometheus_client.core import Metric

router = APIRouter(include_in_schema=False)


class Base:
    """What the database is like, as a collector of Prometheus' library."""

    def __init__(self, engine: Engine) -> None:
        self._engine, self._ledger = engine, Ledger()

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
                self._ledger, is_up = self._ledger.read_on(connection), 1
        except DBAPIError as error:
            if not is_out_of_use(error):
                raise
            is_up = 0
        yield Gauge("filmspace_database_up", "Whether the database can be read.", is_up)
        if is_up and self._ledger.at:
            yield from _told(self._ledger, self._ledger.at)


def _told(ledger: Ledger, at: datetime) -> "Iterator[Metric]":
    """What was loaded, and all else that changed the data, whoever did it: in this process or beside it."""
    from prometheus_client.core import CounterMetricFamily as Counter
    from prometheus_client.core import GaugeMetricFamily as Gauge

    yield Gauge("filmspace_revision", "The newest revision of the data.", ledger.revision)
    when = "When that was made, in seconds since 1970."
    yield Gauge("filmspace_revision_timestamp_seconds", when, at.timestamp())
    revisions = Counter("filmspace_revisions", "Loads and other changes that were made, by action.", labels=["action"])
    told = "Claims that these added, superseded or withdrew, by action and change."
    claims = Counter("filmspace_revision_claims", told, labels=("action", "change"))
    for action, (made, *changed) in sorted(ledger.done.items()):
        revisions.add_metric((action,), made)
        for change, count in zip(CHANGES, changed, strict=True):
            claims.add_metric((action, change), count)
    yield from (revisions, claims)


@router.get("/metrics")
def get_metrics(request: Request) -> Response:
    """The figures of the server, in Prometheus' text format; memory and the like are of the process that answers."""
    parameters.read(request, {})
    formats.accepted(request, ["text/plain"])
    from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, ProcessCollector, generate_latest

    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    registry.register(request.app.state.metrics)
    registry.register(request.app.state.base)
    return Response(generate_latest(registry), 200, {"Cache-Control": "no-store"}, CONTENT_TYPE_LATEST)
