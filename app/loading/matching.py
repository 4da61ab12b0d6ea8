"""Entities of a file held against those of the base: by an identifier they are the same, by a name they may be."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select
from sqlmodel import col

from app.loading.fitting import kind_of
from app.loading.header import CLAIMS
from app.loading.identifiers import holding, rank_of
from app.loading.notes import identifiers_of
from app.loading.problems import Problem
from app.loading.seed import Seed
from app.passages import fold
from app.tables.identity import names_of, stands_for
from app.tables.records import Entry, Link, record_column
from app.tables.rows import batches_of
from app.vocabulary import NAMES, Kind


@dataclass(frozen=True)
class Same:
    """An entity that a file would introduce, and the one that it is, since both have the identifier.

    `held_id` is what has it by that name, and `root_id` what that stands for.
    """

    entity: str
    held: str
    held_id: int
    root_id: int
    identifier: str
    is_better_named: bool


@dataclass(frozen=True)
class Alike:
    """An entity that a file introduces, and another one of its kind that is called the same."""

    entity: str
    held: str
    name: str


def match(connection: Connection, seed: Seed, ids: Mapping[str, int]) -> tuple[list[Same], list[Problem]]:
    """(what of a file is held under another name, what of its identifiers contradicts what is held).

    `ids` are those of the entities that are held under the name that the file gives them.
    """
    told = identifiers_of(seed)
    line_of = {claim.subject: line for claim, line in zip(seed.claims, seed.claim_lines, strict=True)}
    line_of |= dict(zip(seed.entities, seed.entity_lines, strict=True))
    holders = _holders(connection, {one for each in told.values() for one in each}, seed.slug)
    standing = stands_for(connection, {*ids.values(), *(one for held in holders.values() for one in held)})
    same, problems = [], _told_twice(told, line_of)
    for entity, identifiers in told.items():
        if entity not in ids and entity not in seed.entities:
            continue  # What nobody declared is refused, and not taken for what is held.
        own = standing.get(ids.get(entity, 0))
        found = _same(connection, entity, {name: holders.get(name, ()) for name in identifiers}, standing, own)
        if message := _contradiction(found, is_held=entity in ids):
            problems.append(Problem(CLAIMS, line_of[entity], "", message))
        else:
            same += found
    return same, problems + _both_of_one(same, {standing[one]: entity for entity, one in ids.items()}, line_of)


def _same(
    connection: Connection, entity: str, holders: Mapping[str, Collection[int]], standing: Mapping[int, int],
    own: int | None,
) -> list[Same]:  # fmt: skip
    """What else has the identifiers of an entity, which itself stands for `own`: one for each that it is."""
    others: dict[int, tuple[int, str]] = {}
    for identifier, ids in holders.items():
        for one in sorted(ids):
            if standing[one] != own:
                others.setdefault(standing[one], (one, identifier))
    names = names_of(connection, {*others, *(one for one, _ in others.values())}) if others else {}
    return [
        Same(entity, names[one], one, root, identifier, _rank(entity) < _rank(names[root]))
        for root, (one, identifier) in others.items()
    ]


def alike(connection: Connection, seed: Seed, introduced: Collection[str]) -> list[Alike]:
    """The entities held already that are called like one that is introduced. It is no more than a hint."""
    names = [(claim.subject, claim.value) for claim in seed.claims if claim.property in NAMES]
    names += [(note.id, one) for note in seed.notes for one in note.aliases]
    called: dict[Kind, dict[str, str]] = {}
    for entity, name in names:
        if name and entity in introduced:
            called.setdefault(kind_of(entity), {})[fold(name)] = entity
    found = [
        Alike(entities[row.folded or ""], f"{kind}/{row.slug}", row.label)
        for kind, entities in called.items()
        for batch in batches_of(sorted(entities))
        for row in _called(connection, kind, batch)
    ]
    return list(dict.fromkeys(found))


def _called(connection: Connection, kind: Kind, names: Sequence[str]) -> Iterator[Any]:
    """The records of a kind whose label, or another name, is one of these, folded."""
    label, shown = record_column(kind, "label"), (col(Entry.slug), col(Entry.label))
    labelled = select(*shown, label.label("folded")).join(Entry, col(Entry.id) == record_column(kind, "id"))
    yield from connection.execute(labelled.where(label.in_(names)))
    linked: Any = select(*shown, col(Link.value).label("folded")).join(Entry, col(Entry.id) == col(Link.subject_id))
    is_name = col(Link.property) == "alternate_name", col(Link.value).in_(names), col(Entry.kind) == kind
    yield from connection.execute(linked.where(*is_name))


def _holders(connection: Connection, identifiers: Iterable[str], slug: str) -> dict[str, set[int]]:
    """Whatever has each identifier, by the names that the claims of other sources give it."""
    found: dict[str, set[int]] = defaultdict(set)
    for batch in batches_of(sorted(identifiers)):
        for _, value, subject_id in holding(connection, batch, but=slug):
            found[value].add(subject_id)
    return found


def _rank(entity: str) -> int:
    """How good a slug is: what a curator gave comes before what is made of an identifier (decision 0028)."""
    return rank_of(entity.partition("/")[2])[0]


def _told_twice(told: Mapping[str, Sequence[str]], line_of: Mapping[str, int]) -> list[Problem]:
    """One thing has one name in a file."""
    first: dict[str, str] = {}
    problems = []
    for entity, identifiers in told.items():
        for one in identifiers:
            if (other := first.setdefault(one, entity)) != entity:
                message = f"{other} and {entity} both have {one}; give what is one thing one name in a file"
                problems.append(Problem(CLAIMS, line_of[entity], "", message))
    return problems


def _both_of_one(same: Sequence[Same], called: Mapping[int, str], line_of: Mapping[str, int]) -> list[Problem]:
    """So too where different identifiers show that; `called` is what is held already by the name that the file has."""
    first = dict(called)
    problems = []
    for one in same:
        if (other := first.setdefault(one.root_id, one.entity)) != one.entity:
            both = f"{other} and {one.entity} would both be {one.held}, by {one.identifier}"
            message = f"{both}; give what is one thing one name in a file"
            problems.append(Problem(CLAIMS, line_of[one.entity], "", message))
    return problems


def _contradiction(found: Sequence[Same], *, is_held: bool) -> str:
    """What is wrong with the identifiers of an entity, which others have as well; "" if it is one of them."""
    if not found:
        return ""
    first = found[0]
    if kind_of(first.entity) != kind_of(first.held):
        return f"{first.entity} has {first.identifier}, which is that of {first.held}; they are of different kinds"
    if is_held:
        return (
            f"{first.entity} and {first.held} both have {first.identifier}; if they are the same, make one of them "
            f"with filmspace merge {first.entity} {first.held}, otherwise correct the identifier"
        )
    if len(found) > 1:
        other = found[1]
        return (
            f"{first.entity} would be both {first.held}, by {first.identifier}, and {other.held}, by "
            f"{other.identifier}; if these are the same, make one of them with filmspace merge {first.held} "
            f"{other.held}"
        )
    return ""
