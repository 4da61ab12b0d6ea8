"""What entities were called at a moment in the past: chosen from the claims that counted then, as it was then."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select
from sqlmodel import col

from app.projection import compose
from app.projection.facts import SourceOf, Statement, facts_of
from app.projection.gather import day_of
from app.tables.evidence import Claim, Entity, Source, current_claims
from app.tables.identity import fact_id, members


def labels_at(connection: Connection, ids: Collection[int], at: datetime) -> dict[int, str]:
    """What to call each of these entities, which stood for themselves at that moment."""
    family = members(connection, ids, at)
    query: Any = (
        select(Claim, fact_id(at).label("fact_id"), *(col(one) for one in (Source.slug, Source.publisher)))
        .add_columns(col(Source.sha256), col(Source.published), col(Source.dataset))
        .join(Source, col(Source.id) == col(Claim.source_id))
        .where(col(Claim.subject_id).in_(family), col(Claim.property).in_(("name", "label")), current_claims(at))
    )
    told = defaultdict(list)
    for row in connection.execute(query):
        subject_id = family[row.subject_id]
        told[subject_id].append(_naming(row, subject_id))
    entities: Any = select(col(Entity.id), col(Entity.kind), col(Entity.slug)).where(col(Entity.id).in_(ids))
    return {
        one: compose.label_of(compose.choose(kind, facts_of(told[one])), slug)
        for one, kind, slug in connection.execute(entities)
    }


def _naming(row: Any, subject_id: int) -> Statement:
    """What a claim says of a name."""
    return Statement(
        SourceOf(row.source_id, row.slug, row.publisher, row.sha256, day_of(row.published), row.dataset or ""), row.id,
        row.fact_id, subject_id, row.property, row.value, object_id=None, character_id=None, role=None,
        point_in_time=None, modality=row.modality, attributed_to=row.attributed_to,
        is_preferred=row.rank == "preferred",
    )  # fmt: skip
