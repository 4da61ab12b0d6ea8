"""The changes: what each revision did, and which facts its source began or ceased to state with it."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any, Literal

from sqlalchemy import Connection, Select, bindparam, exists, func, select
from sqlalchemy.orm import aliased
from sqlmodel import SQLModel, col

from app.documents.evidence import Ref, SourceRef
from app.documents.time import CHANGES_SHOWN, Change, ChangedFact
from app.queries.entities import reference, refs_of
from app.queries.pages import Cut, Place, Sort, cut_at
from app.tables.evidence import Claim, Entity, Revision, Source, current_claims
from app.values import to_json
from app.vocabulary import PROPERTIES

_CLAIM = SQLModel.metadata.tables["claim"]
_UNDOING = select(Revision).where(col(Revision.undoes_id).in_(bindparam("ids", expanding=True)))

Direction = Literal["added", "ended"]
# Among how many claims of a source a list of changes looks for those to show: a data set may have a million.
_LOOKED_THROUGH = 10_000


@dataclass(frozen=True)
class ChangesQuery:
    """Which changes are asked for: those after a revision, the oldest first; or without one all, the newest first."""

    since: int | datetime | None = None
    limit: int = 20
    place: Place | None = None


def order_of(query: ChangesQuery) -> list[Sort]:
    """The order of the revisions that are asked for."""
    return [Sort(col(Revision.id), query.since is None, is_nullable=False)]  # type: ignore[arg-type]  # a column


def list_changes(connection: Connection, query: ChangesQuery) -> tuple[int, Cut[Change]]:
    """(how many revisions are asked for, those of the page, each with the first of its facts)."""
    since = _revision_at(connection, query.since) if isinstance(query.since, datetime) else query.since or 0
    after = col(Revision.id) > since
    count = connection.execute(select(func.count()).select_from(Revision).where(after)).scalar_one()
    page = cut_at(
        connection, [select(Revision).where(after)], order_of(query), lambda row: (row.id,),
        place=query.place, limit=query.limit,
    )  # fmt: skip
    return count, replace(page, rows=_described(connection, page.rows))


def first_at(connection: Connection) -> datetime | None:
    """When the base began: the time of its first revision."""
    return connection.execute(select(col(Revision.at)).order_by(col(Revision.id)).limit(1)).scalar()


def get_change(connection: Connection, revision: int) -> Change | None:
    """The revision of that number, if there is one."""
    rows = connection.execute(select(Revision).where(col(Revision.id) == revision)).all()
    return _described(connection, rows)[0] if rows else None


def list_changed_facts(
    connection: Connection, change: Change, directions: Collection[str], *, limit: int, offset: int
) -> tuple[int, list[ChangedFact]]:
    """(how many facts a change added or ended, those of the page: first what was added, each as the source has it)."""
    versions = _versions(connection, [change.revision]).get(change.revision)
    if versions is None:
        return 0, []
    counts: dict[Direction, int] = {
        "added": change.added_count,
        "ended": change.superseded_count + change.withdrawn_count,
    }
    count, claims = 0, list[tuple[Direction, Any]]()
    for direction, held in counts.items():
        if direction in directions and held:
            start, wanted = max(0, offset - count), limit - len(claims)
            if start < held and wanted > 0:
                found = _claims(connection, direction, versions, limit=wanted, offset=start)
                claims += [(direction, row) for row in found]
            count += held
    return count, _changed(connection, claims)


def _revision_at(connection: Connection, moment: datetime) -> int:
    """The last revision up to a moment; 0 when there is none."""
    newest = select(col(Revision.id)).where(col(Revision.at) <= moment)
    newest = newest.order_by(col(Revision.at).desc(), col(Revision.id).desc()).limit(1)
    return connection.execute(newest).scalar() or 0


@dataclass(frozen=True)
class _Versions:
    """The version of a source that a revision is about, and the one whose claims it ended, if any.

    `is_whole` when it ended all that the version says, or let it count again.
    """

    source: Any
    before_id: int | None
    is_whole: bool


def _versions(connection: Connection, revisions: Collection[int]) -> dict[int, _Versions]:
    """For each revision of a source, its version and the current one before it."""
    rows = connection.execute(_changed_by(), {"ids": list(revisions)})
    return {row.revision: _Versions(row, row.before_id, row.action != "load") for row in rows}


# To make a select takes as long as to ask it: here and below each is made once.
@cache
def _changed_by() -> Any:
    """What revisions are about, by their numbers."""
    columns = [col(getattr(Source, name)) for name in ("id", "slug", "title", "publisher", "published", "version")]
    when = [col(Revision.id).label("revision"), col(Revision.action), col(Revision.at)]
    before = aliased(Source)
    return (
        select(*when, *columns, col(before.id).label("before_id"))
        .join(Source, col(Source.id) == col(Revision.source_id))
        # One that was withdrawn had ended before, so its successor ends nothing.
        .outerjoin(before, (col(before.superseded_by_id) == col(Source.id)) & col(before.withdrawn_at).is_(None))
        .where(col(Revision.id).in_(bindparam("ids", expanding=True)))
    )


def _claims(
    connection: Connection, direction: Direction, versions: _Versions, *, limit: int, offset: int = 0,
    looked_through: int | None = None,
) -> Sequence[Any]:  # fmt: skip
    """Claims whose facts the source began, or ceased, to state; among its first so many, if that is given."""
    this, before = versions.source.id, versions.before_id
    here, there = (this, None) if versions.is_whole else (this, before) if direction == "added" else (before, this)
    query = _stating(
        is_here=here is not None, is_there=there is not None, is_near=looked_through is not None,
        is_whole=versions.is_whole,
    )  # fmt: skip
    given = {"here": here, "there": there, "near": looked_through, "limit": limit, "offset": offset}
    given |= {"at": versions.source.at} if versions.is_whole else {}
    return connection.execute(query, given).all()


@cache
def _stating(*, is_here: bool, is_there: bool, is_near: bool, is_whole: bool) -> Select[Any]:
    """A page of the claims of one source, `here`, whose facts another one, `there`, does not state.

    Of the whole of a source, what a later import had ended before is none.
    """
    claim: Any = _CLAIM.alias()
    here: Any = bindparam("here")
    there: Any = bindparam("there")
    query: Select[Any] = select(claim).order_by(claim.c.id).limit(bindparam("limit")).offset(bindparam("offset"))
    if not is_here:
        # An import ends single claims of those before it.
        return query.where(claim.c.superseded_by_id == there)
    query = query.where(claim.c.source_id == here)
    if is_whole:
        ending: Any = aliased(Source)
        ended = select(ending.id).where(ending.id == claim.c.superseded_by_id, ending.loaded_at <= bindparam("at"))
        query = query.where(~ended.exists())
    if is_near:
        # A source's claims were numbered in one go.
        first = select(func.min(_CLAIM.c.id)).where(_CLAIM.c.source_id == here).scalar_subquery()
        query = query.where(claim.c.id < first + bindparam("near"))
    if is_there:
        other = _CLAIM.alias()
        # By the fingerprint, which few have: the sum keeps databases from going through the whole of the other source.
        same = (other.c.fingerprint == claim.c.fingerprint) & (other.c.source_id + 0 == there)
        query = query.where(~exists().where(same))
    return query


def _described(connection: Connection, rows: Sequence[Any]) -> list[Change]:
    """Revisions as they are shown."""
    versions = _versions(connection, [row.id for row in rows])
    claims: dict[tuple[int, Direction], Sequence[Any]] = {}
    for row in rows:
        counts: dict[Direction, int] = {"added": row.added, "ended": row.superseded + row.withdrawn}
        for direction in (one for one, held in counts.items() if held):
            claims[row.id, direction] = _claims(
                connection, direction, versions[row.id], limit=CHANGES_SHOWN, looked_through=_LOOKED_THROUGH
            )
    shown = iter(_changed(connection, [(way, claim) for (_, way), told in claims.items() for claim in told]))
    facts = {key: [next(shown) for _ in told] for key, told in claims.items()}
    refs = _refs_at_the_time(connection, {one for row in rows for one in (row.entity_id, row.into_id) if one})
    undoing = connection.execute(_UNDOING, {"ids": [row.id for row in rows]})
    undone_by = {row.undoes_id: row.id for row in undoing}
    return [_change(row, undone_by.get(row.id), versions.get(row.id), facts, refs) for row in rows]


def _change(
    row: Any, undone_by: int | None, versions: _Versions | None,
    facts: Mapping[tuple[int, Direction], list[ChangedFact]], refs: Mapping[int, Ref],
) -> Change:  # fmt: skip
    action: Any = "correct" if row.action == "load" and versions and versions.before_id else row.action
    source = versions.source if versions else None
    return Change(
        revision=row.id, url=f"/changes/{row.id}", at=row.at, actor=row.actor, action=action, reason=row.reason,
        undoes=row.undoes_id, undone_by=undone_by,
        source=source and SourceRef.of(source), version=source and source.version,
        entity=refs[row.entity_id] if row.entity_id else None, into=refs[row.into_id] if row.into_id else None,
        added_count=row.added, superseded_count=row.superseded, withdrawn_count=row.withdrawn,
        added=facts.get((row.id, "added"), []), ended=facts.get((row.id, "ended"), []),
        facts_url=f"/changes/{row.id}/facts",
    )  # fmt: skip


def _changed(connection: Connection, claims: Sequence[tuple[Direction, Any]]) -> list[ChangedFact]:
    """Claims as facts that were added or ended."""
    spoken = {one for _, row in claims for one in (row.subject_id, row.object_id, row.character_id) if one}
    refs = refs_of(connection, spoken)
    refs |= _refs_at_the_time(connection, spoken - refs.keys())
    stated = connection.execute(_still_stated(), {"fingerprints": list({row.fingerprint for _, row in claims})})
    current = set(stated.scalars())
    return [
        ChangedFact(
            change=direction, id=row.fingerprint, url=f"/facts/{row.fingerprint}", subject=refs[row.subject_id],
            property=row.property, value=_value(row, refs), qualifiers=_qualifiers(row, refs), modality=row.modality,
            current=row.fingerprint in current,
        )
        for direction, row in claims
    ]  # fmt: skip


@cache
def _still_stated() -> Any:
    """Those of some fingerprints that a current claim has."""
    is_asked = col(Claim.fingerprint).in_(bindparam("fingerprints", expanding=True))
    joined = select(col(Claim.fingerprint)).join(Source, col(Source.id) == col(Claim.source_id))
    return joined.where(is_asked, current_claims())


def _refs_at_the_time(connection: Connection, ids: Collection[int]) -> dict[int, Ref]:
    """Entities under the address that they once had, as what they were last called, whatever became of them since."""
    if not ids:
        return {}
    called = (
        select(col(Claim.subject_id), col(Claim.value))
        .where(col(Claim.subject_id).in_(ids), col(Claim.property).in_(("label", "name")))
        # The last of them stays: a name rather than a label, and of each the newest.
        .order_by(col(Claim.property), col(Claim.id))
    )
    labels = {one: ref.label for one, ref in refs_of(connection, ids).items()}
    labels |= {row.subject_id: row.value for row in connection.execute(called)}
    return {
        row.id or 0: reference(row.kind, row.slug, labels.get(row.id) or row.slug)
        for row in connection.execute(select(Entity).where(col(Entity.id).in_(ids)))
    }


def _qualifiers(row: Any, refs: Mapping[int, Ref]) -> dict[str, Any]:
    character = {"character": refs[row.character_id]} if row.character_id else {}
    return {**json.loads(row.qualifiers), **character}


def _value(row: Any, refs: Mapping[int, Ref]) -> Any:
    if row.object_id:
        return refs[row.object_id]
    return to_json(PROPERTIES[row.property].value_type, row.value)
