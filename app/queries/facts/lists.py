"""Lists of facts: which of them are asked for, in the order in which they were first loaded."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, func, or_, select
from sqlmodel import col

from app.documents.evidence import FactDocument
from app.queries.entities import entity_ids
from app.queries.facts import facts_by_id
from app.queries.facts.clocks import stated_as
from app.queries.facts.counts import count_facts, count_matching, count_most
from app.queries.facts.senses import Sense, has_sense, is_usual
from app.queries.memory import Memory
from app.queries.status import state_of
from app.tables.evidence import ROLES, Citation, Claim, Source, current_claims
from app.tables.identity import fact_id, members

# How many claims are walked through at once, at least and at most, and how many facts are passed over like that.
_FEW, _BATCH, _MOST_PASSED_OVER = 20, 200, 50_000
# Where pages of lists ended, each by the first claim of its last fact: the next one begins after that.
_ENDS: Memory[int] = Memory(1_000_000)


@dataclass(frozen=True)
class FactQuery:
    """What facts are asked for; each tuple is satisfied by any of its members, an empty one by all.

    With `known_at` it is asked of the base as it was then, in which `about` stood for itself.
    """

    subject: tuple[str, ...] = ()
    object: tuple[str, ...] = ()
    property: tuple[str, ...] = ()
    value: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    modality: tuple[str, ...] = ()
    inference: tuple[str, ...] = ()
    overlaps: tuple[int, int] | None = None
    known_at: datetime | None = None
    about: int | None = None
    limit: int = 20
    offset: int = 0

    def sense(self) -> Sense:
        """In which sense, and by which step from the words, they are to hold."""
        return {"modality": self.modality, "inference": self.inference}


# What a list is of. All but the last may have very many facts: their claims are walked through (`_first_stated`), and
# but for those with a value there is a shorter way to count them.
_Sort = Literal["of a source or all", "of properties", "with a value", "in a usual sense", "any other"]


def list_facts(connection: Connection, query: FactQuery) -> tuple[int, list[FactDocument]]:
    """(how many facts match, those of the page in the order in which they were first loaded)."""
    matching = partial(_matching, connection, query)
    asked = replace(query, limit=0, offset=0)
    key, sort = repr(asked), _sort_of(asked)
    match sort:
        case "of a source or all":
            count = count_facts(connection, *query.source)
        case "in a usual sense":
            count = count_most(connection, key, matching, query.sense())
        case "of properties":
            count = count_matching(connection, key, matching, query.property)
        case _:
            count = count_matching(connection, key, matching, ())
    place = str(connection.engine.url), state_of(connection)
    end = _ENDS.kept(*place, f"{key} {query.offset}") or 0
    if sort != "any other" and (end or query.offset <= _MOST_PASSED_OVER):
        page = _first_stated(connection, query, end)
    else:
        rows = connection.execute(matching().order_by("first").limit(query.limit).offset(query.offset))
        page = [(row.fact_id, row.first) for row in rows]
    if page:
        _ENDS.keep(*place, f"{key} {query.offset + len(page)}", page[-1][1])
    return count, list(facts_by_id(connection, [told for told, _ in page], query.known_at).values())


def _sort_of(asked: FactQuery) -> _Sort:
    """What a list is of, where nothing else is asked of it but the page."""
    if asked == FactQuery(source=asked.source[:1], limit=0):
        return "of a source or all"
    if asked == FactQuery(property=asked.property, limit=0):
        return "of properties"
    if asked == FactQuery(property=asked.property, value=asked.value[:1], limit=0):
        return "with a value"
    if asked == FactQuery(modality=asked.modality, inference=asked.inference, limit=0) and is_usual(asked.sense()):
        return "in a usual sense"
    return "any other"


def _matching(connection: Connection, query: FactQuery) -> Any:
    return (
        select(fact_id(query.known_at).label("fact_id"), func.min(col(Claim.id)).label("first"))
        .join(Source, col(Source.id) == col(Claim.source_id))
        .where(current_claims(query.known_at), *_conditions(connection, query))
        .group_by("fact_id")
    )


def _first_stated(connection: Connection, query: FactQuery, end: int) -> list[tuple[str, int]]:
    """(a fact's id, its first claim's) of a page of nearly all facts, of a source, or by some properties.

    Claims are walked through as they were loaded, from where the page before ended, if that is known, but those that
    say again what an earlier one says; none after the page is looked at.
    """
    stated: Any = (
        select(fact_id().label("fact_id"), col(Claim.id).label("id"))
        .join(Source, col(Source.id) == col(Claim.source_id))
        .where(current_claims(), *has_sense(query.sense()))
    )
    # What says the same is of the same property: said of it as well, SQLite would look through all that have it.
    walked = stated.where(*_conditions(connection, replace(query, source=(), modality=(), inference=())))
    if query.source:
        # What is alike is found by its fingerprint: said of the plain column, SQLite would begin with the source.
        walked = walked.where(col(Source.slug) == query.source[0])
        stated = stated.where(func.coalesce(col(Source.slug), "") == query.source[0])
    found: list[tuple[str, int]] = []
    passed_over, after = 0 if end else query.offset, end
    while (missing := passed_over + query.limit - len(found)) > 0:
        beyond = walked.where(col(Claim.id) > after).order_by(col(Claim.id))
        rows = connection.execute(beyond.limit(max(_FEW, min(missing, _BATCH)))).all()
        if not rows:
            break
        after = rows[-1].id
        stating = stated_as(connection, {row.fact_id for row in rows})
        every = stated.where(col(Claim.fingerprint).in_(stating)).subquery()
        firsts = select(every.c.fact_id, func.min(every.c.id)).group_by(every.c.fact_id)
        first = {row[0]: row[1] for row in connection.execute(firsts)}
        found += [(row.fact_id, row.id) for row in rows if first[row.fact_id] == row.id]
    return found[passed_over : passed_over + query.limit]


def _conditions(connection: Connection, query: FactQuery) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    # Fewer claims have a value than a property: said of the plain column, SQLite would look through all of that.
    named = func.coalesce(col(Claim.property), "") if query.value else col(Claim.property)
    for column, told in (
        (named, query.property),
        (col(Claim.value), query.value),
        (col(Source.slug), query.source),
    ):
        if told:
            conditions.append(column.in_(told))
    conditions += has_sense(query.sense())
    if query.subject:
        conditions.append(col(Claim.subject_id).in_(_all_that_are(connection, query.subject, query.known_at)))
    if query.object:
        conditions.append(col(Claim.object_id).in_(_all_that_are(connection, query.object, query.known_at)))
    if query.about is not None:
        family = members(connection, [query.about], query.known_at)
        conditions.append(or_(*(role.in_(family) for role in ROLES.values())))
    if query.overlaps:
        start, end = query.overlaps
        touching = select(col(Citation.claim_id)).where(
            col(Citation.claim_id) == col(Claim.id), col(Citation.role) == "quote",
            col(Citation.start) < end, col(Citation.end) > start,
        )  # fmt: skip
        conditions.append(touching.exists())
    return conditions


def _all_that_are(connection: Connection, entities: Collection[str], at: datetime | None) -> Collection[int]:
    """The entities written kind/slug, with all that was merged into them."""
    return members(connection, list(entity_ids(connection, entities, at).values()), at)
