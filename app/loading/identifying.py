"""What is one and the same in several data sets, since an identifier says so; never by a name (decision 0028).

Two entities of a kind that have an identifier in common are one, unless they have different ones in the same data set,
which then holds them to be two. Whoever parted two that were merged is not overruled.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.loading.identifiers import new_groups, rank_of
from app.loading.revisions import chained, next_moment
from app.projection.ids import Ids
from app.tables.evidence import Claim, Entity, Revision
from app.tables.identity import members, stands_for
from app.tables.rows import batches_of
from app.values import slug_of

_TOLD = 20
_COUNTS = {"added": 0, "superseded": 0, "withdrawn": 0, "source_id": None, "undoes_id": None}


@dataclass(frozen=True)
class Identified:
    """How many entities turned out to be others, and those of which an identifier says so but something else not."""

    merged: int = 0
    apart: tuple[str, ...] = ()


def identify(connection: Connection, touched: Ids, *, actor: str) -> Identified:
    """Merge what the identifiers that are new in this import show to be one; each is a revision of its own.

    What is then shown otherwise is `touched`.
    """
    merged, apart = 0, list[str]()
    for batch in new_groups(connection):
        made, refused = _merge(connection, batch, actor, touched)
        merged += made
        apart += refused
    return Identified(merged, tuple(apart[:_TOLD]))


class _Families:
    """Entities with all that stands for one another, as it stands while a batch is merged."""

    def __init__(self, connection: Connection, ids: Collection[int]) -> None:
        self.root_of: dict[int, int] = {}
        self.slugs: dict[int, str] = {}
        self._members: dict[int, set[int]] = defaultdict(set)
        for batch in batches_of(sorted(ids)):
            roots = set(stands_for(connection, batch).values())
            self.root_of |= members(connection, list(roots))
        for batch in batches_of(sorted(self.root_of)):
            rows = connection.execute(select(col(Entity.id), col(Entity.slug)).where(col(Entity.id).in_(batch)))
            self.slugs |= {row.id or 0: row.slug for row in rows}
        for one, root in self.root_of.items():
            self._members[root].add(one)

    def of(self, root: int) -> set[int]:
        """Everything that stands for it, and itself."""
        return self._members[root]

    def merge(self, old: int, into: int) -> None:
        """Let one stand for another, with all that stood for it."""
        for one in self._members.pop(old):
            self.root_of[one] = into
            self._members[into].add(one)

    def precedence(self, root: int, identifier: str) -> tuple[Any, ...]:
        """Which of several is to stand for the others, the least: in one data set that whose own identifier it is, or
        that of another which it stands for."""
        rank, own = rank_of(self.slugs[root]), slug_of(identifier)
        return rank[0], all(self.slugs[one] != own for one in self._members[root]), rank

    def are_two(self, one: int, other: int, identifier: str, ids: Collection[int]) -> bool:
        """Whether a data set has each of them under an address of its own, and does not say itself that they are one.

        So it does where things that it has have one of its identifiers in common, as one has that another stands for.
        """
        own = [{rank_of(self.slugs[each])[0] for each in self._members[root]} - {0} for root in (one, other)]
        whose = rank_of(slug_of(identifier))[0]
        told = {self.root_of[each] for each in ids if rank_of(self.slugs[each])[0] == whose}
        return bool((own[0] & own[1]) - ({whose} if {one, other} <= told else set()))


def _merge(
    connection: Connection, groups: Sequence[tuple[str, list[int]]], actor: str, touched: Ids
) -> tuple[int, list[str]]:
    """(how many were merged, what was left apart and why)."""
    families = _Families(connection, {one for _, ids in groups for one in ids})
    parted = _parted(connection, families.root_of)
    revisions: list[dict[str, Any]] = []
    apart: list[str] = []
    for identifier, ids in groups:
        roots = {families.root_of[one] for one in ids}
        first, *others = sorted(roots, key=lambda one: families.precedence(one, identifier))
        for other in others:
            both = f"{families.slugs[other]} and {families.slugs[first]} both have {identifier}"
            if families.are_two(first, other, identifier, ids):
                apart.append(f"{both}, but are two in one data set")
            elif any(frozenset((one, two)) in parted for one in families.of(first) for two in families.of(other)):
                apart.append(f"{both}, but were parted")
            else:
                families.merge(other, first)
                told = {"entity_id": other, "into_id": first, "reason": f"Both have {identifier}"}
                revisions.append({"action": "merge", "actor": actor, **_COUNTS, **told})
    _store(connection, revisions, families, touched)
    return len(revisions), apart


def _parted(connection: Connection, ids: Collection[int]) -> set[frozenset[int | None]]:
    """Pairs that were merged once, which somebody took back."""
    undoing = aliased(Revision)
    found: set[frozenset[int | None]] = set()
    for batch in batches_of(sorted(ids)):
        query = (
            select(col(Revision.entity_id), col(Revision.into_id))
            .join(undoing, col(undoing.undoes_id) == col(Revision.id))
            .where(col(Revision.action) == "merge", col(Revision.entity_id).in_(batch))
        )
        found.update(map(frozenset, connection.execute(query)))
    return found


def _store(connection: Connection, revisions: list[dict[str, Any]], families: _Families, touched: Ids) -> None:
    """Store merges, and note whatever shows what was merged or has facts that name it."""
    if not revisions:
        return
    now = next_moment(connection)
    for number, one in enumerate(revisions):
        one["at"] = now + timedelta(microseconds=number)
    connection.execute(insert(Revision), list(chained(connection, revisions)))
    moved = {one for told in revisions for one in families.of(families.root_of[told["entity_id"]])}
    standing = [{"one": one, "root": families.root_of[one]} for one in moved if families.root_of[one] != one]
    mark = update(Entity).where(col(Entity.id) == bindparam("one")).values(merged_into_id=bindparam("root"))
    connection.execute(mark, standing)
    touched.update(moved)
    for batch in batches_of(sorted(moved)):
        for role in (col(Claim.object_id), col(Claim.character_id)):
            naming = select(col(Claim.subject_id)).where(role.in_(batch)).distinct()
            touched.update(connection.execute(naming).scalars())
