"""What refers to things as what they are not, where a data set does not tell of which kind they are."""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Connection, delete, func, or_, select
from sqlmodel import col

from app.importing.records import Entry, Key, Statement
from app.loading.bulk import Writer
from app.loading.preparing import prepared
from app.loading.rows import batches
from app.tables.evidence import ROLES, Citation, Claim, Entity
from app.tables.rows import given, given_names
from app.vocabulary import WITH_ARTICLE, Kind

# What is said of something that is only referred to.
_IN_PASSING = ("identifier", "label")


def settle_kinds(connection: Connection, scheme: str, sources: Sequence[int], writer: Writer) -> None:
    """Leave out what refers to something as of another kind than it is told to be, whichever of the two came first.

    `sources` are the imports of the data set so far, this one the last, whose `scheme` the identifiers are of. A
    company that produces is no person. Somebody who is a part in a film is a character in it, and called as they are.
    """
    several = select(col(Entity.slug)).where(col(Entity.slug).startswith(f"{scheme}-"))
    slugs = connection.execute(several.group_by(col(Entity.slug)).having(func.count() > 1)).scalars().all()
    for batch in batches(slugs):
        kinds = _kinds(connection, batch)
        told = _told(connection, [one for by_kind in kinds.values() for one in by_kind.values()], sources, writer)
        mistaken: dict[int, Kind] = {}
        played: dict[int, Key] = {}
        for slug, by_kind in kinds.items():
            known = [kind for kind, one in by_kind.items() if one in told]
            for kind, one in by_kind.items() if known else ():
                if one not in told and kind == "character":
                    number = slug.removeprefix(f"{scheme}-").upper()
                    played[by_kind[known[0]]] = Key("character", f"{scheme}:{number}")
                elif one not in told:
                    mistaken[one] = known[0]
        _take_back(connection, sources, writer, mistaken)
        writer.write(prepared(_called(connection, sources, writer, played)))


def _kinds(connection: Connection, slugs: Collection[str]) -> dict[str, dict[Kind, int]]:
    """The ids of all that have one of these slugs, by the slug and their kind."""
    these = col(Entity.slug).in_(given_names(connection, "of_several_kinds", slugs))
    found: dict[str, dict[Kind, int]] = defaultdict(dict)
    rows: Any = connection.execute(select(col(Entity.slug), col(Entity.kind), col(Entity.id)).where(these))
    for slug, kind, one in rows:
        found[slug][kind] = one
    return found


def _told(connection: Connection, ids: Collection[int], sources: Sequence[int], writer: Writer) -> set[int]:
    """Those of which the data set itself tells something, and does not only refer to them."""
    query: Any = select(col(Claim.id), col(Claim.subject_id)).where(
        col(Claim.subject_id).in_(given(connection, "told_of", ids)), col(Claim.property).not_in(_IN_PASSING),
        col(Claim.source_id).in_(sources), col(Claim.superseded_by_id).is_(None),
    )  # fmt: skip
    return {one for claim_id, one in connection.execute(query) if claim_id not in writer.ended}


def _take_back(connection: Connection, sources: Sequence[int], writer: Writer, mistaken: dict[int, Kind]) -> None:
    """End what earlier imports said of these and by them, and leave out what this one does."""
    if not mistaken:
        return
    these = given(connection, "mistaken", mistaken)
    query: Any = select(col(Claim.id), col(Claim.source_id), col(Claim.property), *ROLES.values()).where(
        or_(*(role.in_(these) for role in ROLES.values())), col(Claim.source_id).in_(sources),
        col(Claim.superseded_by_id).is_(None),
    )  # fmt: skip
    own: list[int] = []
    left_out = Counter[str]()
    for one, source_id, name, subject_id, *others in connection.execute(query).all():
        writer.touched.update(filter(None, (subject_id, *others)))
        if source_id != sources[-1]:
            writer.ended.update((one,))
            continue
        own.append(one)
        is_by = [mistaken[other] for other in others if other in mistaken]
        left_out.update(f"{name} that is {WITH_ARTICLE[kind]}" for kind in is_by[:1])
    for batch in batches(own):
        connection.execute(delete(Citation).where(col(Citation.claim_id).in_(batch)))
        connection.execute(delete(Claim).where(col(Claim.id).in_(batch)))
    writer.added -= len(own)
    writer.left_out.update(left_out)


def _called(connection: Connection, sources: Sequence[int], writer: Writer, played: dict[int, Key]) -> list[Entry]:
    """What to call these characters: the names that the data set tells of who is played."""
    query: Any = (
        select(col(Claim.id), col(Claim.subject_id), col(Claim.value), col(Citation.locator))
        .join(Citation, col(Citation.claim_id) == col(Claim.id))
        .where(
            col(Claim.subject_id).in_(given(connection, "played", played)), col(Claim.property) == "name",
            col(Claim.source_id).in_(sources), col(Claim.superseded_by_id).is_(None),
        )
    )  # fmt: skip
    return [
        Entry(played[one], (Statement("label", name),), locator, is_whole=False)
        for claim_id, one, name, locator in connection.execute(query).all()
        if claim_id not in writer.ended
    ]
