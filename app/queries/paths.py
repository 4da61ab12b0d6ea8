"""Paths: the shortest chain of facts between two records, by a search from both ends over what records show."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise, permutations
from typing import Any

from sqlalchemy import Connection, func, select
from sqlmodel import col

from app.documents.connections import PathDocument, PathStep
from app.queries.entities import refs_of
from app.queries.facts import facts_by_id
from app.tables.records import ENDS, Entry, Link
from app.tables.rows import batches_of
from app.vocabulary import PROPERTIES

# Six films lead from anybody to anybody else, it is said, and each takes two steps; a longer chain tells nobody much.
MOST_STEPS = 12
# What one search may read. A level is read wholly or not at all, so what is found is always the shortest.
MOST_LINKS = 100_000

_LEADING = [prop.name for prop in PROPERTIES.values() if prop.object_kinds]

# For each record, those on the other side of a step.
_Steps = dict[int, list[int]]


@dataclass
class _Side:
    """What the search has reached from one end: for each record, those before it."""

    reached: _Steps
    frontier: set[int]
    depth: int = 0
    cost: int | None = None


@dataclass(frozen=True)
class _Found:
    """The records in which the two sides meet: none if there is no chain, None if the bounds ended the search."""

    meeting: set[int] | None
    steps: int


def shortest_path(connection: Connection, start_id: int, end_id: int) -> PathDocument:
    """The shortest chain of facts that lead from one record to another.

    Of several that are equally short, the first: by the kind and slug of the second record, then of the third and so
    on, and of several facts between two records by the property and then by the fact's id.
    """
    ends = refs_of(connection, [start_id, end_id])
    start, end = _Side({start_id: []}, {start_id}), _Side({end_id: []}, {end_id})
    found = _search(connection, start, end)
    steps = _chain(connection, start_id, end_id, _onward(start, end, found.meeting)) if found.meeting else None
    return PathDocument.model_validate(
        {
            "from": ends[start_id], "to": ends[end_id], "length": None if steps is None else len(steps), "path": steps,
            "complete": found.meeting is not None, "steps_searched": found.steps,
        }
    )  # fmt: skip


def _search(connection: Connection, start: _Side, end: _Side) -> _Found:
    """Widen one side or the other, whichever has fewer links to follow, until they meet or nothing is left."""
    left = MOST_LINKS
    while True:
        steps = start.depth + end.depth
        if meeting := start.frontier & end.frontier:
            return _Found(meeting, steps)
        if not start.frontier or not end.frontier:
            return _Found(set(), steps)
        for side in (start, end):
            if side.cost is None:
                side.cost = _links_at(connection, side.frontier, left)
        side = min((start, end), key=lambda one: one.cost or 0)
        if (side.cost or 0) > left or steps == MOST_STEPS:
            return _Found(None, steps)
        left -= side.cost or 0
        _widen(connection, side)


def _links_at(connection: Connection, ids: Collection[int], most: int) -> int:
    """How many links have one of the records in them; counted no further than just over `most`."""
    count = 0
    for batch in batches_of(sorted(ids)):
        for role in ENDS:
            some = select(role).where(role.in_(batch), col(Link.object_id).is_not(None)).limit(max(0, most - count) + 1)
            count += connection.execute(select(func.count()).select_from(some.subquery())).scalar_one()
        if count > most:
            break
    return count


def _widen(connection: Connection, side: _Side) -> None:
    """Go one step further from every record of the frontier."""
    new: _Steps = {}
    for batch in batches_of(sorted(side.frontier)):
        for role in ENDS:
            others = [one for one in ENDS if one is not role]
            links: Any = select(role, *others).where(role.in_(batch), col(Link.object_id).is_not(None))
            for here, *ends in connection.execute(links):
                for there in ends:
                    if there is not None and there not in side.reached:
                        new.setdefault(there, []).append(here)
    side.reached |= new
    side.frontier, side.depth, side.cost = set(new), side.depth + 1, None


def _onward(start: _Side, end: _Side, meeting: Iterable[int]) -> _Steps:
    """For each record on a shortest chain, those that come next on one."""
    onward = dict(end.reached)
    level = set(meeting)
    for _ in range(start.depth):
        before: _Steps = {}
        for there in level:
            for here in start.reached[there]:
                before.setdefault(here, []).append(there)
        onward |= before
        level = set(before)
    return onward


def _chain(connection: Connection, start_id: int, end_id: int, onward: Mapping[int, Collection[int]]) -> list[PathStep]:
    """The first of the shortest chains, step by step."""
    chain = [start_id]
    while chain[-1] != end_id:
        chain.append(_first(connection, set(onward[chain[-1]])))
    links = [_link_between(connection, here, there) for here, there in pairwise(chain)]
    refs = refs_of(connection, chain)
    facts = facts_by_id(connection, [link.fact for link in links])
    return [
        PathStep.model_validate(
            {
                "from": refs[here], "to": refs[there], "property": link.property,
                "direction": "out" if link.subject_id == here else "in" if link.subject_id == there else "beside",
                "fact": facts[link.fact],
            }
        )
        for (here, there), link in zip(pairwise(chain), links, strict=True)
    ]  # fmt: skip


def _link_between(connection: Connection, here: int, there: int) -> Any:
    """The link of two records; of several the first by property and fact."""
    found: list[Any] = []
    for role, other in permutations(ENDS, 2):
        # With the properties told, the index finds the pair however many links either of them has.
        links = select(Link).where(role == here, col(Link.property).in_(_LEADING), other == there)
        found += connection.execute(links)
    return min(found, key=lambda link: (link.property, link.fact))


def _first(connection: Connection, ids: Collection[int]) -> int:
    """The one of these records that comes first by kind and slug, compared here since databases differ in that."""
    if len(ids) == 1:
        return next(iter(ids))
    rows = (
        row
        for batch in batches_of(sorted(ids))
        for row in connection.execute(select(Entry).where(col(Entry.id).in_(batch)))
    )
    first: Any = min(rows, key=lambda row: (row.kind, row.slug))
    return int(first.id)
