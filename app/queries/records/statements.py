"""What other records say of one: the relations behind the lists that its document shows turned round."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, and_, or_, select
from sqlmodel import col

from app.documents.statements import Statement
from app.queries.entities import entity_ids, refs_of
from app.tables.records import Dispute, Link
from app.vocabulary import HAPPENED, KINDS, PROPERTIES

_MUTUAL = [prop.name for prop in PROPERTIES.values() if any(prop.is_mutual(kind) for kind in KINDS)]


def statements_of(connection: Connection, documents: Mapping[int, Mapping[str, Any]]) -> dict[int, list[Statement]]:
    """For each record, by its id, what the records that its document shows say of it, but for plans and disputes.

    Bounded by what the documents show, however much else there is.
    """
    ids = list(documents)
    shown = entity_ids(
        connection, {f"{one['kind']}/{one['slug']}" for each in documents.values() for one in _refs(each)}
    )
    starts = {*ids, *shown.values()}
    own = and_(col(Link.subject_id).in_(ids), col(Link.property).in_(_MUTUAL))
    about = or_(col(Link.object_id).in_(ids), col(Link.character_id).in_(ids), own)
    disputed = select(col(Dispute.subject_id)).where(
        col(Dispute.subject_id) == col(Link.subject_id), col(Dispute.property) == col(Link.property)
    )
    query = (
        select(Link)
        .where(about, col(Link.subject_id).in_(starts), col(Link.object_id).is_not(None))
        .where(col(Link.modality).in_(HAPPENED), ~disputed.exists())
    )
    rows = connection.execute(query).all()
    refs = refs_of(
        connection, {one for row in rows for one in (row.subject_id, row.object_id, row.character_id) if one}
    )
    found: dict[int, list[Statement]] = {one: [] for one in ids}
    for row in rows:
        said = Statement(
            subject=refs[row.subject_id], property=row.property, object=refs[row.object_id],
            character=refs.get(row.character_id), role=row.role,
        )  # fmt: skip
        for one in {row.subject_id, row.object_id, row.character_id} & found.keys():
            found[one].append(said)
    return {one: sorted(said, key=_place) for one, said in found.items()}


def _place(said: Statement) -> tuple[str, ...]:
    """An order that is the same whatever was loaded when."""
    return (
        said.subject.url,
        said.property,
        said.object.url,
        said.character.url if said.character else "",
        said.role or "",
    )


def _refs(document: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Every reference in a document."""
    for value in document.values():
        for one in value if isinstance(value, list) else [value]:
            yield from _refs_in(one)


def _refs_in(one: Any) -> Iterable[Mapping[str, Any]]:
    if not isinstance(one, Mapping):
        return ()
    return (one,) if "slug" in one else [part for part in one.values() if isinstance(part, Mapping)]
