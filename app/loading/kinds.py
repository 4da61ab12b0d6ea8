"""Leaves out references that take a thing for another kind than it has, where a data set does not tell its kind."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, delete, func, select
from sqlmodel import col

from app.importing.records import Entry, Key, Statement
from app.loading.bulk import SAID_IN_PASSING, Writer
from app.loading.ending import referred_to
from app.loading.identifiers import IDENTIFIERS
from app.loading.preparing import prepared
from app.projection.ids import Ids
from app.tables.evidence import ROLES, Citation, Claim, Entity
from app.tables.rows import batches_of, given, given_names
from app.vocabulary import KINDS, WITH_ARTICLE, Kind

# So many things are looked up one by one; of more, all are.
_BATCH, _MANY = 5000, 100_000


def settle_kinds(connection: Connection, scheme: str, sources: Sequence[int], writer: Writer) -> None:
    """Leave out what refers to something as of another kind than it is told to be, whichever of the two came first.

    `sources` are the imports of the data set so far, this one the last, whose `scheme` the identifiers are of. A
    company that produces is no person. Somebody who is a part in a film is a character in it, and called as they are.
    """
    mistaken: dict[int, Kind] = {}
    played: dict[int, tuple[int, Key]] = {}
    for slugs in _of_several_kinds(connection, scheme, writer):
        kinds = _kinds(connection, slugs)
        told = _told(connection, [one for by_kind in kinds.values() for one in by_kind.values()], sources, writer)
        for slug, by_kind in kinds.items():
            known = [kind for kind, one in by_kind.items() if one in told]
            for kind, one in by_kind.items() if known else ():
                if one not in told and kind == "character":
                    number = slug.removeprefix(f"{scheme}-").upper()
                    played[by_kind[known[0]]] = one, Key("character", f"{scheme}:{number}")
                elif one not in told:
                    mistaken[one] = known[0]
    if mistaken:
        _take_back(connection, sources, writer, mistaken)
    # Nobody plays what is held as a character and was one once.
    standing = referred_to(connection, {character_id for character_id, _ in played.values()}, writer)
    if called := {one: told for one, told in played.items() if told[0] in standing}:
        _call(connection, sources, writer, called)


def _of_several_kinds(connection: Connection, scheme: str, writer: Writer) -> Iterator[Sequence[str]]:
    """The slugs that several have of what this import tells of."""
    slug, several = col(Entity.slug), func.count() > 1
    told_of = Ids(writer.touched)
    told_of.update(writer.whole)
    if len(told_of) > _MANY:
        every = select(slug).where(slug.startswith(f"{scheme}-")).group_by(slug).having(several)
        yield from batches_of(connection.execute(every).scalars().all())
        return
    for ids in told_of.batches(_BATCH):
        named = select(slug).where(col(Entity.id).in_(given(connection, "named", ids)), slug.startswith(f"{scheme}-"))
        names = given_names(connection, "named_so", connection.execute(named).scalars().all())
        # By kind as well, since the index has that first.
        query = select(slug).where(col(Entity.kind).in_(KINDS), slug.in_(names)).group_by(slug).having(several)
        yield from batches_of(connection.execute(query).scalars().all())


def _kinds(connection: Connection, slugs: Collection[str]) -> dict[str, dict[Kind, int]]:
    """The ids of all that have one of these slugs, by the slug and their kind."""
    these = col(Entity.kind).in_(KINDS), col(Entity.slug).in_(given_names(connection, "of_several_kinds", slugs))
    found: dict[str, dict[Kind, int]] = defaultdict(dict)
    rows: Any = connection.execute(select(col(Entity.slug), col(Entity.kind), col(Entity.id)).where(*these))
    for slug, kind, one in rows:
        found[slug][kind] = one
    return found


def _told(connection: Connection, ids: Collection[int], sources: Sequence[int], writer: Writer) -> set[int]:
    """Those of which the data set itself tells something, and does not only refer to them."""
    query: Any = select(col(Claim.id), col(Claim.source_id), col(Claim.subject_id)).where(
        col(Claim.subject_id).in_(given(connection, "told_of", ids)), col(Claim.property).not_in(SAID_IN_PASSING),
        col(Claim.superseded_by_id).is_(None),
    )  # fmt: skip
    rows = connection.execute(query)
    return {one for claim_id, source_id, one in rows if source_id in sources and claim_id not in writer.ended}


def _take_back(connection: Connection, sources: Sequence[int], writer: Writer, mistaken: Mapping[int, Kind]) -> None:
    """End what earlier imports said of these and by them, and leave out what this one does."""
    these = given(connection, "mistaken", mistaken)
    own, named, left_out = dict[int, None](), set[int](), Counter[str]()
    for role in ROLES.values():  # each by its index
        query: Any = select(col(Claim.id), col(Claim.source_id), col(Claim.property), *ROLES.values()).where(
            role.in_(these), col(Claim.superseded_by_id).is_(None)
        )
        for one, source_id, name, subject_id, *others in connection.execute(query).all():
            if source_id not in sources or one in own:
                continue
            named.update(filter(None, (subject_id, *others)))
            if source_id != sources[-1]:
                writer.ended.update((one,))
                continue
            own[one] = None
            is_by = [mistaken[other] for other in others if other in mistaken]
            left_out.update(f"{name} that is {WITH_ARTICLE[kind]}" for kind in is_by[:1])
    writer.take_out(list(own))
    writer.touched.update(named)
    writer.unnamed.update(named - mistaken.keys())
    told = IDENTIFIERS.c.subject_id.in_(these)
    connection.execute(delete(IDENTIFIERS).where(told))
    writer.left_out.update(left_out)


def _call(
    connection: Connection, sources: Sequence[int], writer: Writer, played: Mapping[int, tuple[int, Key]]
) -> None:
    """Call these characters by the names that the data set tells of who is played, and by nothing else."""
    told = _names(connection, sources, writer, played)
    entries = (Entry(played[one][1], (Statement("label", name),), at, is_whole=False) for one, name, at in told)
    writer.write(prepared(entries))
    names = {(played[one][0], name) for one, name, _ in told}
    characters = {one for one, _ in played.values()}
    query: Any = select(col(Claim.id), col(Claim.source_id), col(Claim.subject_id), col(Claim.value)).where(
        col(Claim.subject_id).in_(given(connection, "characters", characters)), col(Claim.property) == "label",
        col(Claim.superseded_by_id).is_(None),
    )  # fmt: skip
    own = []
    for one, source_id, character_id, label in connection.execute(query).all():
        if source_id in sources and (character_id, label) not in names:
            own += [one] * (source_id == sources[-1])
            writer.ended.update((one,) if source_id != sources[-1] else ())
    writer.take_out(own)


def _names(
    connection: Connection, sources: Sequence[int], writer: Writer, ids: Collection[int]
) -> list[tuple[int, str, str]]:
    """(who, what the data set says is their name, where that stands)."""
    query: Any = (
        select(col(Claim.id), col(Claim.source_id), col(Claim.subject_id), col(Claim.value), col(Citation.locator))
        .join(Citation, col(Citation.claim_id) == col(Claim.id))
        .where(
            col(Claim.subject_id).in_(given(connection, "named_by", ids)), col(Claim.property) == "name",
            col(Claim.superseded_by_id).is_(None),
        )
    )  # fmt: skip
    rows = connection.execute(query).all()
    return [(who, name, at) for one, by, who, name, at in rows if by in sources and one not in writer.ended]
