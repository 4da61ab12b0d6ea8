"""The whole records one step away from others, by sort, each list cut."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Connection, bindparam, func, select, union
from sqlmodel import col

from app.tables.records import ENDS, RECORD_TABLES, Entry, record_column
from app.vocabulary import KINDS, PLURALS, PROPERTIES, Kind

INCLUDED_LIMIT = 25


@dataclass(frozen=True)
class Neighbours:
    """The records of one kind one step away from a record: how many, and the first of them by date and slug."""

    count: int
    documents: tuple[str, ...]


@cache
def includable(kind: Kind) -> Mapping[str, Kind]:
    """By name, the kinds of records that can be one step away from one of this kind."""
    found: set[Kind] = set()
    for prop in PROPERTIES.values():
        if kind in prop.domain:
            found.update(prop.object_kinds)
        if kind in prop.object_kinds:
            found.update(prop.domain)
        if "character" in prop.qualifiers and kind in (*prop.domain, *prop.object_kinds):
            found.add("character")
        if "character" in prop.qualifiers and kind == "character":
            found.update((*prop.domain, *prop.object_kinds))
    return {"credits" if (kind, one) == ("film", "person") else PLURALS[one]: one for one in KINDS if one in found}


def neighbours_of(
    connection: Connection, ids: Sequence[int], kinds: Collection[Kind]
) -> dict[tuple[int, Kind], Neighbours]:
    """For each of the entities, and each of these kinds, what is one step away; where there is nothing, no key."""
    rows = connection.execute(_beside(), {"ids": list(ids), "kinds": list(kinds)}).all()
    documents = _documents(connection, {row.there: row.kind for row in rows})
    shown: dict[tuple[int, Kind], list[str]] = {}
    numbers = {(row.here, row.kind): row.number for row in rows}
    for row in rows:
        shown.setdefault((row.here, row.kind), []).append(documents[row.there])
    return {key: Neighbours(numbers[key], tuple(told)) for key, told in shown.items()}


# To make a select takes as long as to ask it: here and below each is made once.
@cache
def _beside() -> Any:
    """What is one step away from some entities, of some kinds: the first by date and slug, and how many in all."""
    steps: list[Any] = [
        select(here.label("here"), there.label("there")).where(
            here.in_(bindparam("ids", expanding=True)), there.is_not(None)
        )
        for here in ENDS
        for there in ENDS
        if here is not there
    ]
    step = union(*steps).subquery()
    group = (step.c.here, col(Entry.kind))
    # Said of the plain column, SQLite would begin with all that are of the kind.
    is_asked_for = func.coalesce(col(Entry.kind), "").in_(bindparam("kinds", expanding=True))
    ordered = (col(Entry.earliest).asc().nulls_last(), col(Entry.slug))
    ranked = (
        select(
            step.c.here, step.c.there, col(Entry.kind),
            func.count().over(partition_by=group).label("number"),
            func.row_number().over(partition_by=group, order_by=ordered).label("place"),
        )
        .join(Entry, col(Entry.id) == step.c.there)
        .where(is_asked_for, step.c.here != step.c.there)
        .subquery()
    )  # fmt: skip
    return select(ranked).where(ranked.c.place <= INCLUDED_LIMIT).order_by(ranked.c.here, ranked.c.kind, ranked.c.place)


def _documents(connection: Connection, kinds: Mapping[int, Kind]) -> dict[int, str]:
    found: dict[int, str] = {}
    for kind in RECORD_TABLES:
        ids = [one for one, its in kinds.items() if its == kind]
        if ids:
            found |= {row.id: row.document for row in connection.execute(_stored(kind), {"ids": ids})}
    return found


@cache
def _stored(kind: Kind) -> Any:
    """Records of a kind by their ids."""
    identity, document = record_column(kind, "id"), record_column(kind, "document")
    return select(identity.label("id"), document.label("document")).where(
        identity.in_(bindparam("ids", expanding=True))
    )
