"""Connections: the records one step away from one, over the facts in which both have a part."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, bindparam, func, literal, or_, select, union_all
from sqlmodel import col

from app.documents import connections as documents
from app.documents.connections import Direction
from app.queries.entities import refs_of
from app.queries.facts import facts_by_id
from app.tables.evidence import Claim, Source, current_claims
from app.tables.identity import canonical, fact_id, is_one_of
from app.tables.records import Entry, Link
from app.vocabulary import PROPERTIES, UNTRUE, Kind, Modality, Property, Role

# Selects that are kept: to make one takes as long as to ask it.
_KEPT = 500
_ID: Any = bindparam("id")


@dataclass(frozen=True)
class _Way:
    """How two records can stand in one fact: this one in one role, the other in another."""

    direction: Direction
    here: Role
    there: Role


# In the order in which connections of one property are listed.
_WAYS = (
    _Way("out", "subject", "object"),
    _Way("out", "subject", "character"),
    _Way("in", "object", "subject"),
    _Way("in", "character", "subject"),
    _Way("beside", "object", "character"),
    _Way("beside", "character", "object"),
)


@dataclass(frozen=True)
class ConnectionQuery:
    """Which connections of a record are asked for; each tuple is satisfied by any of its members, an empty one by all.

    Without a modality, they are those that records show.
    """

    id: int
    of_kind: Kind
    property: tuple[str, ...] = ()
    kind: tuple[Kind, ...] = ()
    direction: tuple[Direction, ...] = ()
    modality: tuple[Modality, ...] = ()
    limit: int = 20
    offset: int = 0

    def shape(self) -> "ConnectionQuery":
        """What the selects depend on, and so the same for all records of a kind."""
        return replace(self, id=0, property=(), direction=(), limit=0, offset=0)


@dataclass(frozen=True)
class _Group:
    """All connections by one property in one way; `is_shown` if they are those that records show."""

    property: str
    way: _Way
    is_shown: bool
    count: int


def list_connections(
    connection: Connection, query: ConnectionQuery
) -> tuple[int, list[documents.Connection], Mapping[tuple[str, Direction], int]]:
    """(how many connections a record has, those of the page, how many by each property and direction).

    They come by property, direction and the order in which the other records were first loaded. The last are counted
    whatever `property` and `direction` the query has.
    """
    groups = _groups(connection, query)
    counts: dict[tuple[str, Direction], int] = {}
    for group in groups:
        key = group.property, group.way.direction
        counts[key] = counts.get(key, 0) + group.count
    kept = [
        group
        for group in groups
        if (not query.property or group.property in query.property)
        and (not query.direction or group.way.direction in query.direction)
    ]
    rows: list[tuple[_Group, Any]] = []
    passed = 0
    for group in kept:
        # Only the groups that the page lies in are read, each from its place in the index on.
        start = max(0, query.offset - passed)
        room = query.limit - len(rows)
        passed += group.count
        if room and start < group.count:
            asked = {"id": query.id, "room": room, "start": start}
            members = _page_of(query.shape(), group.way, group.property, is_shown=group.is_shown)
            rows += [(group, row) for row in connection.execute(members, asked)]
    return sum(group.count for group in kept), _described(connection, rows) if rows else [], counts


def _groups(connection: Connection, query: ConnectionQuery) -> list[_Group]:
    """The groups that are not empty, in the order of the vocabulary, of the ways, and of what records show first."""
    counted = _counted(query.shape())
    if counted is None:
        return []
    found = [
        _Group(row.property, _WAYS[row.way], bool(row.is_shown), row.members)
        for row in connection.execute(counted, {"id": query.id})
    ]
    order = list(PROPERTIES)
    return sorted(found, key=lambda one: (order.index(one.property), _WAYS.index(one.way), not one.is_shown))


@lru_cache(maxsize=_KEPT)
def _counted(query: ConnectionQuery) -> Any:
    """The properties and ways in which there is a connection, and how many; None where there can be none."""
    counted = []
    for is_shown in _sorts_asked_for(query.modality):
        for place, way in enumerate(_WAYS):
            if properties := _properties(query, way):
                members = _members(query, way, is_shown, properties).subquery()
                counted.append(
                    select(
                        members.c.property, literal(place).label("way"), literal(is_shown).label("is_shown"),
                        func.count().label("members"),
                    ).group_by(members.c.property)
                )  # fmt: skip
    return union_all(*counted) if counted else None


def _sorts_asked_for(modalities: Collection[Modality]) -> list[bool]:
    """Whether to look at what records show, at the facts that they do not, or at both."""
    shown = not modalities or any(one not in UNTRUE for one in modalities)
    return [*([True] if shown else []), *([False] if any(one in UNTRUE for one in modalities) else [])]


@lru_cache(maxsize=_KEPT)
def _page_of(query: ConnectionQuery, way: _Way, name: str, *, is_shown: bool) -> Any:
    """A page of the connections by one property in one way."""
    members = _members(query, way, is_shown, [name])
    return members.order_by("other_id", "fact").limit(bindparam("room")).offset(bindparam("start"))


def _members(query: ConnectionQuery, way: _Way, is_shown: bool, properties: Sequence[str]) -> Select[Any]:
    """property, other_id and fact of each connection by these properties in this way."""
    table: Any = Link if is_shown else Claim
    here, there = getattr(table, f"{way.here}_id"), getattr(table, f"{way.there}_id")
    is_here, other = (here == _ID, there) if is_shown else (is_one_of(here, _ID), canonical(there))
    conditions = [
        is_here, there.is_not(None), other != _ID, table.property.in_(properties),
        *_of_kinds(query, way, table, other),
    ]  # fmt: skip
    if is_shown:
        columns = [table.property, other.label("other_id"), table.fact.label("fact")]
        if query.modality:
            conditions.append(table.modality.in_([one for one in query.modality if one not in UNTRUE]))
        return select(*columns).where(*conditions)
    columns = [table.property, other.label("other_id"), fact_id().label("fact")]
    conditions += [table.modality.in_([one for one in query.modality if one in UNTRUE]), current_claims()]
    told = select(*columns).join(Source, col(Source.id) == col(Claim.source_id)).where(*conditions)
    return told.distinct()


def _properties(query: ConnectionQuery, way: _Way) -> list[str]:
    """The properties by which a record of the kind can be connected in this way with one of the kinds asked for."""
    return [
        prop.name
        for prop in PROPERTIES.values()
        if query.of_kind in _kinds(prop, way.here)
        and (found := _kinds(prop, way.there))
        and (not query.kind or set(found) & set(query.kind))
    ]


def _of_kinds(query: ConnectionQuery, way: _Way, table: Any, there: Any) -> list[ColumnElement[bool]]:
    """The condition that the other record is of a kind asked for; none where the properties say so already."""
    mixed = [one for one in _properties(query, way) if not set(_kinds(PROPERTIES[one], way.there)) <= set(query.kind)]
    if not query.kind or not mixed:
        return []
    fits = select(col(Entry.id)).where(col(Entry.id) == there, col(Entry.kind).in_(query.kind)).exists()
    return [or_(table.property.not_in(mixed), fits)]


def _kinds(prop: Property, role: Role) -> tuple[Kind, ...]:
    """The kinds of record that stand in a role of facts of this property."""
    if not prop.object_kinds:
        return ()
    if role == "character":
        return ("character",) if "character" in prop.qualifiers else ()
    return prop.domain if role == "subject" else prop.object_kinds


def _described(connection: Connection, rows: Sequence[tuple[_Group, Any]]) -> list[documents.Connection]:
    refs = refs_of(connection, {row.other_id for _, row in rows})
    facts = facts_by_id(connection, {row.fact for _, row in rows})
    results = []
    for group, row in rows:
        fact = facts[row.fact]
        qualifiers: dict[str, Any] = fact.qualifiers
        results.append(
            documents.Connection(
                entity=refs[row.other_id], property=group.property, direction=group.way.direction,
                modality=fact.modality, subject=fact.subject, character=qualifiers.get("character"),
                role=qualifiers.get("role"), source_count=fact.source_count, fact_url=fact.url,
            )
        )  # fmt: skip
    return results
