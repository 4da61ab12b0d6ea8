"""Which entities have an identifier, of all that are held, and which of several slugs one gets."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import Column, Connection, Integer, Row, Text, func, or_, select
from sqlmodel import col

from app.passages import fold
from app.schemes import ADDRESSES
from app.tables.evidence import Claim, Entity, Source, current_claims, standing_claims
from app.tables.identity import members
from app.tables.records import Link
from app.tables.rows import temporary
from app.vocabulary import HAPPENED, KINDS

_ADDRESSES = [re.compile(f"{scheme}-(?:{rest})", re.IGNORECASE) for scheme, rest in ADDRESSES.items()]

# The identifiers that are new in an import.
IDENTIFIERS = temporary(
    "import_identifier",
    Column("subject_id", Integer),
    Column("kind", Text),
    Column("value", Text),
    Column("folded", Text),
)

# So many identifiers are looked for at a time.
_BATCH = 400


def rank_of(slug: str) -> tuple[int, int, str]:
    """Which of several slugs something is to have, the least: one that a curator gave, then by data set and number."""
    of_dataset = next((at for at, one in enumerate(_ADDRESSES, start=1) if one.fullmatch(slug)), 0)
    return (of_dataset, len(slug), slug)


def holding(connection: Connection, identifiers: Collection[str], *, but: str = "") -> list[Row[str, str, int]]:
    """(kind, identifier, id) of whatever has one of these by the claims of sources `but` one, by the name they give it.

    The links of records are found by an index; they are folded, and their claims are as written.
    """
    linked = select(col(Link.subject_id)).where(
        col(Link.property) == "identifier", col(Link.value).in_({fold(one) for one in identifiers})
    )
    family = members(connection, set(connection.execute(linked).scalars()))
    query: Any = (
        select(col(Entity.kind), col(Claim.value), col(Claim.subject_id))
        .join(Entity, col(Entity.id) == col(Claim.subject_id))
        .join(Source, col(Source.id) == col(Claim.source_id))
        .where(
            col(Claim.subject_id).in_(family), col(Claim.property) == "identifier", col(Claim.value).in_(identifiers)
        )
        .where(col(Claim.modality).in_(HAPPENED), col(Source.slug) != but, current_claims())
    )
    return list(connection.execute(query))


def new_groups(connection: Connection) -> Iterator[list[tuple[str, list[int]]]]:
    """The identifiers new in an import that several entities of a kind have, with these; a batch at a time."""
    told = IDENTIFIERS.c
    linked = col(Link.property) == "identifier", col(Link.value) == told.folded
    # What is another thing by now is linked by its own identifier no more; its address is made of that.
    own = col(Entity.kind) == told.kind, col(Entity.slug) == func.replace(told.folded, ":", "-")
    columns, other = (told.value, told.kind, told.subject_id), col(Entity.id) != told.subject_id
    is_held = or_(select(Link).where(*linked).exists(), select(Entity).where(*own, other).exists()).label("is_held")
    query = select(*columns, is_held).distinct().order_by(*columns)
    shared: list[Any] = []
    for _, group in groupby(connection.execute(query.execution_options(yield_per=_BATCH)), lambda row: row[:2]):
        rows = list(group)
        # Nearly all are of one entity, which nobody else can have.
        if len(rows) > 1 or rows[0].is_held:
            shared += rows
        if len(shared) >= _BATCH:
            yield [one for one in holders(connection, shared) if len(one[1]) > 1]
            shared = []
    if shared:
        yield [one for one in holders(connection, shared) if len(one[1]) > 1]


def holders(connection: Connection, rows: Sequence[Any]) -> list[tuple[str, list[int]]]:
    """For each of these identifiers whoever has it, by the name that claims give it, before this import and in it."""
    found: dict[tuple[str, str], set[int]] = defaultdict(set)
    for row in rows:
        found[row.kind, row.value].add(row.subject_id)
    values = {row.value for row in rows}
    for kind, value, subject_id in (*holding(connection, values), *_moved(connection, values)):
        if (kind, value) in found:
            found[kind, value].add(subject_id)
    return [(value, sorted(ids)) for (_, value), ids in sorted(found.items())]


def _moved(connection: Connection, identifiers: Collection[str]) -> list[Row[str, str, int]]:
    """The same of what had one of these as its own identifier, which leads to another thing by now."""
    slugs = {one.lower().replace(":", "-") for one in identifiers}
    query: Any = (
        select(col(Entity.kind), col(Claim.value), col(Claim.subject_id))
        .join(Claim, col(Claim.subject_id) == col(Entity.id))
        .join(Source, col(Source.id) == col(Claim.source_id))
        .where(col(Entity.kind).in_(KINDS), col(Entity.slug).in_(slugs))
        .where(col(Claim.property) == "identifier", col(Claim.value).in_(identifiers), col(Claim.rank) == "deprecated")
        .where(standing_claims())
    )
    return list(connection.execute(query))
