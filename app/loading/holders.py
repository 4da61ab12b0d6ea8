"""Who has an identifier, of all that is held."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, select
from sqlmodel import col

from app.passages import fold
from app.tables.evidence import Claim, Entity, Source, current_claims
from app.tables.identity import members
from app.tables.records import Link
from app.vocabulary import HAPPENED


def holders(connection: Connection, rows: Sequence[Any]) -> list[tuple[str, list[int]]]:
    """For each of these identifiers whoever has it, by the name that claims give it, before this import and in it.

    The links of records are found by an index; they are folded, and their claims are as written.
    """
    found: dict[tuple[str, str], set[int]] = defaultdict(set)
    for row in rows:
        found[row.kind, row.value].add(row.subject_id)
    values = {row.value for row in rows}
    linked = select(col(Link.subject_id)).where(
        col(Link.property) == "identifier", col(Link.value).in_({fold(one) for one in values})
    )
    family = members(connection, set(connection.execute(linked).scalars()))
    query = (
        select(col(Entity.kind), col(Claim.value), col(Claim.subject_id))
        .join(Entity, col(Entity.id) == col(Claim.subject_id))
        .join(Source, col(Source.id) == col(Claim.source_id))
        .where(col(Claim.subject_id).in_(family), col(Claim.property) == "identifier", col(Claim.value).in_(values))
        .where(col(Claim.modality).in_(HAPPENED), current_claims())
    )
    for kind, value, subject_id in connection.execute(query):
        if (kind, value) in found:
            found[kind, value or ""].add(subject_id)
    return [(value, sorted(ids)) for (_, value), ids in sorted(found.items())]
