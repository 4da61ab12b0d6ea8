"""Judgements that are taken back: a merge, a renaming, a withdrawal. Each is one more revision, and none is deleted."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Row, and_, func, or_, select, update
from sqlmodel import col

from app.loading.header import CLAIMS
from app.loading.identifiers import holding
from app.loading.load import spoken_of_by, stated_by
from app.loading.merging import settle
from app.loading.problems import Problem, RefusedError
from app.loading.revisions import checked_reason, next_moment, tick
from app.projection import project
from app.tables.evidence import Claim, Revision, Source, current_claims
from app.tables.identity import below, members, names_of, stands_for
from app.tables.rows import batches_of
from app.vocabulary import HAPPENED


def undo_revision(connection: Connection, revision: int, reason: str, *, actor: str) -> str:
    """Take back the judgement of that number, in the caller's write transaction. Returns what is so again, in words.

    Raises RefusedError, having stored nothing, when there is nothing to take back or a later judgement stands on it.
    """
    reason = checked_reason(f"revision {revision}", reason)
    undone = connection.execute(select(Revision).where(col(Revision.id) == revision)).first()
    if undone is None:
        newest = connection.execute(select(func.max(col(Revision.id)))).scalar()
        raise _refused(revision, f"there is no such revision; the newest is {newest or 0}")
    if undone.action == "load":
        (slug,) = connection.execute(select(col(Source.slug)).where(col(Source.id) == undone.source_id)).scalars()
        raise _refused(
            revision, f"it loaded {slug}, which is no judgement; `filmspace withdraw {slug}` ends what it says"
        )
    if undone.action == "undo":
        raise _refused(revision, f"it took back revision {undone.undoes_id}; make that judgement again instead")
    if by := connection.execute(select(col(Revision.id)).where(col(Revision.undoes_id) == revision)).scalar():
        raise _refused(revision, f"there is nothing to take back: revision {by} did it already")
    if undone.action == "withdraw":
        return _restore(connection, undone, reason, actor)
    return _part(connection, undone, reason, actor)


def _restore(connection: Connection, undone: Row[Revision], reason: str, actor: str) -> str:
    """Let a source that was withdrawn count again, unless a later version took its place."""
    source = connection.execute(select(Source).where(col(Source.id) == undone.source_id)).one()
    if source.superseded_by_id is not None:
        loading = select(col(Revision.id)).where(
            col(Revision.source_id) == source.superseded_by_id, col(Revision.action) == "load"
        )
        later = connection.execute(loading).scalar_one()
        raise _refused(undone.id, f"revision {later}, which loaded {source.slug} anew, has taken its place")
    count = stated_by(connection, source.id or 0)
    mark = {"withdrawn_at": None, "withdrawn_reason": None}
    connection.execute(update(Source).where(col(Source.id) == source.id).values(**mark))
    told = {"source_id": source.id, "undoes_id": undone.id, "added": count}
    tick(connection, "undo", next_moment(connection), actor, reason, **told)
    project(connection, spoken_of_by(connection, source.id or 0))
    told_again = f"{source.slug} counts again, with {count} fact{'s'[: count != 1]}"
    shared = _shared(connection, source.id or 0) if source.kind == "article" else ()
    return "\n  ".join([told_again, *shared])


def _shared(connection: Connection, source_id: int) -> Iterator[str]:
    """What has an identifier of this source's in common with others: a load would have made one of the two."""
    said = select(col(Claim.value)).where(col(Claim.source_id) == source_id, col(Claim.property) == "identifier")
    for batch in batches_of(sorted({one for one in connection.execute(said).scalars() if one})):
        having = holding(connection, batch)
        roots = stands_for(connection, {subject_id for _, _, subject_id in having})
        found: dict[tuple[str, str], set[int]] = defaultdict(set)
        for kind, identifier, subject_id in having:
            found[identifier, kind].add(roots[subject_id])
        for (identifier, _), several in sorted(found.items()):
            if len(several) > 1:
                names = _names(connection, sorted(several))
                yield (
                    f"{' and '.join(names)} have {identifier} in common; if they are the same, make one of them with "
                    f"filmspace merge {names[1]} {names[0]}, otherwise correct the identifier"
                )


def _part(connection: Connection, undone: Row[Revision], reason: str, actor: str) -> str:
    """Let what was merged stand for itself again, with all that was merged into it before or since.

    After a renaming the earlier name counts again, and the later one, which may be in use, leads there.
    """
    old_id, into_id, is_rename = undone.entity_id or 0, undone.into_id or 0, undone.action == "rename"
    now = next_moment(connection)
    standing = [_standing(connection, one) for one in ([old_id, into_id] if is_rename else [old_id])]
    if blocking := [one for one in standing if one.id != undone.id]:
        told = " and ".join(dict.fromkeys(f"revision {one.id}, which {_did(connection, one)}" for one in blocking))
        raise _refused(undone.id, f"{told}, stands on it; `filmspace undo` that first")
    old, into = _names(connection, [old_id, into_id])
    root_id = stands_for(connection, [old_id])[old_id]
    moving = members(connection, [root_id]) if is_rename else below(connection, [old_id], now)
    # Now the later name stands for the earlier one: `Revision` has all four cases side by side.
    made = {"entity_id": into_id, "into_id": old_id} if is_rename else {"entity_id": old_id}
    tick(connection, "undo", now, actor, reason, undoes_id=undone.id, **made)
    settle(connection, moving, old_id, root_id)
    if is_rename:
        return f"{old} is called so again, and {into} leads there"
    return "\n  ".join([f"{old} stands for itself again", *_still_shared(connection, old_id, into_id)])


def _still_shared(connection: Connection, old_id: int, into_id: int) -> Iterator[str]:
    """What has to be corrected in the files of articles, since the two that were parted have it in common."""
    roots = stands_for(connection, [old_id, into_id])
    family = members(connection, list(roots.values()))
    query: Any = (
        select(col(Claim.value), col(Claim.subject_id), col(Source.slug), col(Source.kind))
        .join(Source, col(Source.id) == col(Claim.source_id))
        .where(col(Claim.subject_id).in_(family), col(Claim.property) == "identifier")
        .where(col(Claim.modality).in_(HAPPENED), current_claims())
    )
    told = connection.execute(query).all()
    names = " and ".join(_names(connection, [roots[old_id], roots[into_id]]))
    for identifier in sorted({row.value for row in told}):
        having = [row for row in told if row.value == identifier]
        articles = sorted({row.slug for row in having if row.kind == "article"})
        if articles and len({family[row.subject_id] for row in having}) > 1:
            yield (
                f"{names} still both have {identifier}, by {CLAIMS} of {' and '.join(articles)}. Take it away there "
                "from the one that it is not of: until then a changed file that gives it to either is refused, and "
                "another base, loaded from these files, makes one of the two"
            )


def _standing(connection: Connection, entity_id: int) -> Row[Revision]:
    """The last judgement that moved an entity, of those that were not taken back: nothing is left of these."""
    taken_back = select(col(Revision.undoes_id)).where(col(Revision.undoes_id).is_not(None))
    moved = or_(
        col(Revision.entity_id) == entity_id,
        and_(col(Revision.into_id) == entity_id, col(Revision.action) == "rename"),
    )
    query = select(Revision).where(moved, col(Revision.action) != "undo", col(Revision.id).not_in(taken_back))
    return connection.execute(query.order_by(col(Revision.id).desc()).limit(1)).one()


def _did(connection: Connection, judgement: Row[Revision]) -> str:
    """What a judgement did with an entity, as a clause."""
    old, into = _names(connection, [judgement.entity_id, judgement.into_id])
    return f"merged {old} into {into}" if judgement.action == "merge" else f"renamed {old} to {into}"


def _names(connection: Connection, ids: Sequence[int | None]) -> list[str]:
    """These entities as kind/slug, in their order."""
    names = names_of(connection, ids)
    return [names[one] for one in ids]


def _refused(revision: int | None, message: str) -> RefusedError:
    return RefusedError([Problem(f"revision {revision}", 0, "", message)])
