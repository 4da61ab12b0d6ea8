"""What entities were called at a moment in the past: chosen from the claims that counted then, as it was then."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select
from sqlmodel import col

from app.projection import compose, gather
from app.projection.facts import facts_of
from app.tables.evidence import Claim, Source, current_claims
from app.tables.identity import fact_id, members
from app.vocabulary import Kind


def labels_at(connection: Connection, ids: Collection[int], at: datetime) -> dict[int, str]:
    """What to call each of these entities, which stood for themselves at that moment."""
    family = members(connection, ids, at)
    query: Any = (
        select(Claim, fact_id(at).label("fact_id"), *gather.SOURCE)
        .join(Source, col(Source.id) == col(Claim.source_id))
        .where(col(Claim.subject_id).in_(family), col(Claim.property).in_(("name", "label")), current_claims(at))
    )
    told = defaultdict(list)
    for row in connection.execute(query):
        subject_id = family[row.subject_id]
        told[subject_id].append(gather.statement(row, subject_id, None, None))
    return {
        one: compose.label_of(compose.choose(_kind(kind), facts_of(told[one])), slug)
        for one, (kind, slug) in gather.kinds_of(connection, list(ids)).items()
    }


def _kind(name: Any) -> Kind:
    kind: Kind = name
    return kind
