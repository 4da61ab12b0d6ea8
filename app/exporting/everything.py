"""All that the base holds, in an order that is always the same, and in bounded memory."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from app.documents.evidence import FactDocument, SourceDocument
from app.queries.facts import facts_of
from app.queries.records import StoredRecord, next_batch
from app.queries.records.fields import fields_of
from app.queries.records.listing import ListQuery, count_of
from app.queries.sources import SourceQuery, list_sources
from app.vocabulary import KINDS, Kind

_BATCH = 200
Step = Callable[[int, int], None]


@dataclass(frozen=True)
class Batch:
    """Some records of a kind, and the facts that are stated of them."""

    kind: Kind
    records: Sequence[StoredRecord]
    facts: Sequence[FactDocument]


def batches(connection: Connection, step: Step) -> Iterator[Batch]:
    """Every record with its facts, kind after kind, by slug. `connection` is in a read transaction.

    `step` is called with how many records were told, of how many.
    """
    done, of = 0, sum(count_of(connection, kind) for kind in KINDS)
    for kind in KINDS:
        query = ListQuery(ordering=((fields_of(kind)["slug"], False),), limit=_BATCH)
        while True:
            page = next_batch(connection, kind, query)
            told = facts_of(connection, [one.id for one in page.rows])
            yield Batch(kind, page.rows, [one.fact for one in told])
            step(done := done + len(page.rows), of)
            if page.after is None:
                break
            query = replace(query, place=page.after)


def every_source(connection: Connection) -> Iterator[SourceDocument]:
    """Every current source, by slug."""
    offset = 0
    while True:
        count, found = list_sources(connection, SourceQuery(limit=_BATCH, offset=offset))
        yield from found
        offset += _BATCH
        if offset >= count:
            return
