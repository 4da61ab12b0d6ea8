"""The receipts of records: the facts of what they show, and those that feed no value, such as denials.

Of a list that is cut they are those of the entries that are there, however many more there are.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, bindparam, func, select
from sqlmodel import col

from app.queries.entities import entity_ids
from app.queries.facts import EntityFact, entity_facts
from app.tables.evidence import IS_UNUSUAL, ROLES, Claim, Entity, Source, current_claims
from app.tables.identity import fact_id, members
from app.tables.records import Link
from app.vocabulary import PROPERTIES, UNTRUE, Kind, Role, properties_of

_Document = Mapping[str, Any]
# How an entity stands in what feeds its record: as what, by which property, said of something of which kind, if of only
# some of those that it can be said of; and the key that it feeds.
_Feed = tuple[Role, str, Kind | None, str]


def receipts_of(connection: Connection, kind: Kind, documents: Mapping[int, _Document]) -> list[EntityFact]:
    """The facts of what records of a kind show, by their ids, in the order in which they were first loaded."""
    whole = [one for one, document in documents.items() if not document["more"]]
    found = set(_stated(connection, whole, _feeds(kind)))
    for one, document in documents.items():
        if cut := document["more"]:
            found.update(_stated(connection, [one], [feed for feed in _feeds(kind) if feed[-1] not in cut]))
            for key in cut:
                feeds = [feed for feed in _feeds(kind) if feed[-1] == key]
                found.update(_shown(connection, one, document[key], feeds))
                found.update(_stated(connection, [one], feeds, is_beside=True))
    return entity_facts(connection, found)


@cache
def _feeds(kind: Kind) -> Sequence[_Feed]:
    """What feeds the keys of a record of this kind."""
    found: list[_Feed] = [("subject", prop.name, None, prop.field_of(kind)) for prop in properties_of(kind)]
    for prop in PROPERTIES.values():
        keys = {subject: key for (subject, target), key in prop.inverse.items() if target == kind}
        is_alike = set(keys) == set(prop.domain) and len(set(keys.values())) == 1
        told = list(keys)[:1] if is_alike else keys
        found += [("object", prop.name, None if is_alike else subject, keys[subject]) for subject in told]
    return [*found, ("character", "cast", None, "portrayed_by")] if kind == "character" else found


def _stated(
    connection: Connection, ids: Sequence[int], feeds: Sequence[_Feed], *, is_beside: bool = False
) -> Iterator[str]:
    """The facts by which these feed records; or of these only those that are beside all values."""
    family = list(members(connection, ids)) if ids and feeds else []
    properties: dict[tuple[Role, Kind | None], list[str]] = {}
    for role, name, subject, _ in feeds if family else ():
        properties.setdefault((role, subject), []).append(name)
    for (role, subject), names in properties.items():
        asked = {"family": family, "properties": names} | ({"kind": subject} if subject else {})
        query = _stating(role, is_of_kind=subject is not None, is_beside=is_beside)
        yield from connection.execute(query, asked).scalars()


# To make a select takes as long as to ask it.
@cache
def _stating(role: Role, *, is_of_kind: bool, is_beside: bool) -> Select[Any]:
    """The facts of current claims by some properties in which one of some entities, the family, has this part."""
    one: Any = ROLES[role]
    name: Any = col(Claim.property)
    query: Any = select(fact_id()).join(Source, col(Source.id) == col(Claim.source_id)).where(current_claims())
    if is_beside:
        # There is little of it, which has an index. Said of the plain columns, SQLite would look through all the rest.
        one, name = func.coalesce(one, 0), func.coalesce(name, "")
        query = query.where(IS_UNUSUAL["modality"], col(Claim.modality).in_(UNTRUE))
    query = query.where(one.in_(bindparam("family", expanding=True)), name.in_(bindparam("properties", expanding=True)))
    if is_of_kind:
        query = query.join(Entity, col(Entity.id) == col(Claim.subject_id)).where(col(Entity.kind) == bindparam("kind"))
    told: Select[Any] = query
    return told


def _shown(connection: Connection, one: int, entries: Sequence[_Document], feeds: Sequence[_Feed]) -> Iterator[str]:
    """The facts that connect a record with what a list of it has."""
    named = {f"{ref['kind']}/{ref['slug']}" for entry in entries for ref in _refs_in(entry)}
    shown = set(entity_ids(connection, named).values())
    for role, here, there in (
        ("subject", col(Link.subject_id), col(Link.object_id)),
        ("object", col(Link.object_id), col(Link.subject_id)),
        ("character", col(Link.character_id), col(Link.object_id)),
    ):
        names = {name for as_what, name, _, _ in feeds if as_what == role}
        if names:
            query = select(col(Link.fact)).where(here == one, col(Link.property).in_(names), there.in_(shown))
            yield from (fact for fact in connection.execute(query).scalars() if fact)


def _refs_in(entry: _Document) -> Collection[_Document]:
    """The references in an entry of a list: itself, or what it is made of."""
    return [entry] if "url" in entry else [part for part in entry.values() if isinstance(part, Mapping)]
