"""Two entities that are one, or one that is to be called otherwise. No claim is rewritten, and nothing is deleted."""

from datetime import UTC, datetime
from difflib import get_close_matches

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import Connection, Row, insert, or_, select, update
from sqlmodel import col

from app.loading.problems import Problem, RefusedError
from app.loading.revisions import checked_reason, tick
from app.loading.seed import EntityId
from app.projection import project
from app.tables.evidence import Claim, Entity

_SUGGESTIONS_FROM = 200
_ENTITY: TypeAdapter[str] = TypeAdapter(EntityId)


def merge_entities(connection: Connection, old: str, into: str, reason: str, *, actor: str) -> None:
    """Make the entity `old` (kind/slug) stand for `into`, in the caller's write transaction.

    Raises RefusedError, having stored nothing, unless both are held, of one kind, and stand for themselves.
    """
    reason = checked_reason(old, reason)
    merged, target = _standing(connection, old), _standing(connection, into)
    if merged.id == target.id:
        raise _refused(old, "it cannot be merged into itself")
    if merged.kind != target.kind:
        raise _refused(old, f"a {merged.kind} cannot be merged into a {target.kind}")
    _stand_for(connection, "merge", merged.id, target.id, reason, actor)


def rename_entity(connection: Connection, old: str, slug: str, reason: str, *, actor: str) -> str:
    """Give the entity `old` (kind/slug) another slug, in the caller's write transaction. Returns it as kind/slug.

    It is merged into a new entity of that slug. Raises RefusedError, having stored nothing, when the slug is taken.
    """
    reason = checked_reason(old, reason)
    merged = _standing(connection, old)
    renamed = f"{merged.kind}/{slug}"
    if not _is_entity(renamed):
        raise _refused(old, f"'{slug}' is no slug; expected a-z, 0-9 and single hyphens")
    if _find(connection, renamed) is not None:
        raise _refused(old, f"{renamed} is taken; `filmspace merge` makes one of two that are the same")
    added = insert(Entity).values(kind=merged.kind, slug=slug).returning(col(Entity.id))
    _stand_for(connection, "rename", merged.id, connection.execute(added).scalar_one(), reason, actor)
    return renamed


def _stand_for(
    connection: Connection, action: str, old_id: int | None, into_id: int | None, reason: str, actor: str
) -> None:
    """Mark it, and what stood for it so far; then bring up to date whatever shows it or has facts that name it."""
    family = [old_id, *connection.execute(select(col(Entity.id)).where(col(Entity.merged_into_id) == old_id)).scalars()]
    mark = update(Entity).where(col(Entity.id).in_(family)).values(merged_into_id=into_id)
    connection.execute(mark)
    tick(connection, action, datetime.now(UTC), actor, reason, entity_id=old_id, into_id=into_id)
    naming = or_(*(role.in_(family) for role in (col(Claim.subject_id), col(Claim.object_id), col(Claim.character_id))))
    subjects = connection.execute(select(col(Claim.subject_id)).where(naming).distinct()).scalars()
    project(connection, {one for one in (*family, into_id, *subjects) if one})


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
    try:
        _ENTITY.validate_python(text)
    except ValidationError:
        return False
    return True


def _find(connection: Connection, entity: str) -> Row[Entity] | None:
    kind, _, slug = entity.partition("/")
    return connection.execute(select(Entity).where(col(Entity.kind) == kind, col(Entity.slug) == slug)).first()


def _refused(entity: str, message: str) -> RefusedError:
    return RefusedError([Problem(entity, 0, "", message)])
