"""`/films/{slug}/connections` …: the records one step away from one, and the facts that connect them."""

from typing import Annotated, Any, get_args
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import Field

from app.api.records import found
from app.documents.connections import Connection, ConnectionCount, Direction
from app.http import moved, parameters
from app.http.parameters import Parameter
from app.http.read import Page, ReadDep
from app.queries.connections import ConnectionQuery, list_connections
from app.vocabulary import KINDS, MODALITIES, PLURALS, PROPERTIES, Kind

router = APIRouter()


class ConnectionPage(Page[Connection]):
    """One page of connections."""

    by_property: list[ConnectionCount] = Field(
        description="How many there are by each property in each direction, whatever `property` and `direction` say."
    )


CONNECTION_FILTERS = parameters.named(
    *parameters.PAGE,
    Parameter("property", "The property that connects.", str, allowed=tuple(PROPERTIES)),
    Parameter("kind", "The kind of the other record.", str, allowed=KINDS),
    Parameter("direction", "How the fact points, seen from this record.", str, allowed=get_args(Direction)),
    Parameter(
        "modality",
        "In what sense the fact holds. By default it is one that records show; what is hoped or negated, or true "
        "only inside a film, connects nothing unless it is asked for.",
        str,
        allowed=MODALITIES,
    ),
)


def _add_endpoint(kind: Kind) -> None:
    """Declare the connections of one kind of record."""
    plural = PLURALS[kind]
    by_slug = parameters.record_in_path()

    @router.get(
        f"/{plural}/{{slug}}/connections",
        name=f"list_{kind}_connections",
        summary=f"List the records one step away from one {kind}",
        response_model=ConnectionPage,
        tags=[plural],
        responses=moved.responses(kind),
        openapi_extra=parameters.openapi(CONNECTION_FILTERS),
    )
    def list_its_connections(request: Request, slug: Annotated[str, by_slug], read: ReadDep) -> Response:
        """The records with which it shares a fact, in either direction, each with the fact that connects them."""
        values = read.parameters(CONNECTION_FILTERS)
        record = found(read, kind, slug)
        told: dict[str, Any] = {**values, **parameters.page_of(values)}
        count, connections, by_property = list_connections(read.connection, ConnectionQuery(record.id, kind, **told))
        kept = [(name, value) for name in ("kind", "modality") for value in values.get(name, ())]
        counts = [
            ConnectionCount(
                property=name, direction=direction, count=number,
                url=f"/{plural}/{slug}/connections?"
                + urlencode([("property", name), ("direction", direction), *kept]),
            )
            for (name, direction), number in by_property.items()
        ]  # fmt: skip
        head = read.head(count, **parameters.page_of(values))
        results = [one.model_dump_json() for one in connections]
        return read.answer_results(ConnectionPage(**head, by_property=counts), results)


for _kind in KINDS:
    _add_endpoint(_kind)
