"""Two entities that are one, or one that is to be called otherwise. No claim is rewritten, and nothing is deleted."""

import re
from collections.abc import Collection
from difflib import get_close_matches

from sqlalchemy import Connection, Row, insert, or_, select, update
from sqlmodel import col

from app.loading.problems import Problem, RefusedError
from app.loading.revisions import checked_reason, next_moment, tick
from app.loading.seed import LONGEST_SLUG
from app.projection import project
from app.tables.evidence import ROLES, Claim, Entity
from app.tables.identity import members, stands_for
from app.vocabulary import ENTITY, WITH_ARTICLE

_SUGGESTIONS_FROM = 200


def merge_entities(connection: Connection, old: str, into: str, reason: str, *, actor: str) -> None:
    """Make the entity `old` (kind/slug) stand for `into`, in the caller's write transaction.

    Raises RefusedError, having stored nothing, unless both are held, of one kind, and stand for themselves.
    """
    reason = checked_reason(old, reason)
    merged, target = _standing(connection, old), _standing(connection, into)
    if merged.id == target.id:
        raise _refused(old, "it cannot be merged into itself")
    if merged.kind != target.kind:
        raise _refused(old, f"{WITH_ARTICLE[merged.kind]} cannot be merged into {WITH_ARTICLE[target.kind]}")
    stand_for(connection, "merge", merged.id or 0, target.id or 0, reason, actor)


def rename_entity(connection: Connection, old: str, slug: str, reason: str, *, actor: str) -> str:
    """Give the entity `old` (kind/slug) another slug, in the caller's write transaction. Returns it as kind/slug.

    It is merged into a new entity of that slug, or into one that it was called by before. Raises RefusedError, having
    stored nothing, when the slug is that of something else.
    """
    reason = checked_reason(old, reason)
    merged = _standing(connection, old)
    renamed = f"{merged.kind}/{slug}"
    if not _is_entity(renamed):
        raise _refused(old, f"'{slug}' is no slug; expected up to {LONGEST_SLUG} of a-z, 0-9 and single hyphens")
    target = _find(connection, renamed)
    if target is None:
        added = insert(Entity).values(kind=merged.kind, slug=slug).returning(col(Entity.id))
        into_id = connection.execute(added).scalar_one()
    elif target.merged_into_id == merged.id:
        into_id = target.id
    else:
        raise _refused(old, f"{renamed} is taken; `filmspace merge` makes one of two that are the same")
    stand_for(connection, "rename", merged.id or 0, into_id or 0, reason, actor)
    return renamed


def settle(connection: Connection, moving: Collection[int], root_id: int, former_id: int) -> set[int]:
    """Mark what these stand for from now on, and bring up to date whatever shows them or has facts that name them.

    `former_id` is the other one that a judgement is about: what they stood for before, if not `root_id`. Returns what
    was written anew.
    """
    itself, others = col(Entity.id) == root_id, col(Entity.id).in_(set(moving) - {root_id})
    connection.execute(update(Entity).where(itself).values(merged_into_id=None))
    connection.execute(update(Entity).where(others).values(merged_into_id=root_id))
    naming = or_(*(role.in_(moving) for role in ROLES.values()))
    subjects = connection.execute(select(col(Claim.subject_id)).where(naming).distinct()).scalars()
    return project(connection, {*moving, root_id, former_id, *subjects})


def stand_for(
    connection: Connection, action: str, old_id: int, into_id: int, reason: str, actor: str
) -> tuple[int, set[int]]:
    """Make an entity stand for another, with all that stood for it so far.

    Returns the number of the revision, and what was written anew.
    """
    moving = members(connection, [old_id])
    made = tick(connection, action, next_moment(connection), actor, reason, entity_id=old_id, into_id=into_id)
    root_id = into_id if action == "rename" else stands_for(connection, [into_id])[into_id]
    return made, settle(connection, moving, root_id, into_id)


def _standing(connection: Connection, entity: str) -> Row[Entity]:
    """The entity of that kind/slug. Raises RefusedError when there is none, or it stands for another one."""
    if not _is_entity(entity):
        raise _refused(entity, "this is no entity; expected kind/slug, such as film/the-challenge")
    found = _find(connection, entity)
    if found is None:
        kind, _, slug = entity.partition("/")
        begins = col(Entity.slug).startswith(slug[:2], autoescape=True)
        like = select(col(Entity.slug)).where(col(Entity.kind) == kind, begins).limit(_SUGGESTIONS_FROM)
        near = get_close_matches(slug, connection.execute(like).scalars().all(), n=1)
        raise _refused(entity, "there is no such entity" + "".join(f"; did you mean {kind}/{one}?" for one in near))
    if found.merged_into_id is not None:
        target = connection.execute(select(Entity).where(col(Entity.id) == found.merged_into_id)).one()
        raise _refused(entity, f"it stands for {target.kind}/{target.slug} already; name that one")
    return found


def _is_entity(text: str) -> bool:
    return len(text) <= LONGEST_SLUG and re.fullmatch(ENTITY, text) is not None


def _find(connection: Connection, entity: str) -> Row[Entity] | None:
    kind, _, slug = entity.partition("/")
    return connection.execute(select(Entity).where(col(Entity.kind) == kind, col(Entity.slug) == slug)).first()


def _refused(entity: str, message: str) -> RefusedError:
    return RefusedError([Problem(entity, 0, "", message)])
