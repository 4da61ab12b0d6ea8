"""How many facts there are, of all that is held or of a part of it, remembered while the data stays as it is."""

from collections.abc import Callable, Collection
from typing import Any

from sqlalchemy import Connection, Select, and_, case, func, select, union
from sqlmodel import col

from app.queries.facts.senses import Sense, has_sense, passed_over
from app.queries.memory import Memory
from app.tables.evidence import Claim, Source, current_claims
from app.tables.records import MovedFact, Stated

# Makes the query: only where its number is not remembered.
Query = Callable[[], Select[Any]]

_COUNTS: Memory[int] = Memory(500_000)


def count_facts(connection: Connection, slug: str | None = None) -> int:
    """How many facts there are, or how many a source states: a sum over records, of which a data set has very many."""
    query = select(func.sum(col(Stated.new_facts)))
    if slug:
        source = select(col(Source.id)).where(col(Source.slug) == slug)
        query = select(func.sum(col(Stated.facts))).where(col(Stated.source_id).in_(source))
    return _COUNTS.of(connection, f"all of {slug or 'it'}", lambda: connection.execute(query).scalar() or 0)


def count_matching(connection: Connection, asked: str, matching: Query, properties: Collection[str]) -> int:
    """How many facts a query finds, which `asked` names; or these properties have, if nothing else is asked for."""

    def counted() -> int:
        is_plain = properties and not _has_moved(connection)
        return _rows(connection, _by_fingerprint(properties) if is_plain else matching())

    return _COUNTS.of(connection, asked, counted)


def count_most(connection: Connection, asked: str, matching: Query, sense: Sense) -> int:
    """The same of a query that finds the facts in a usual sense: all but those that no claim states in it."""

    def counted() -> int:
        if _has_moved(connection):
            return _rows(connection, matching())
        others = (
            select(col(Claim.fingerprint))
            .join(Source, col(Source.id) == col(Claim.source_id))
            .where(current_claims(), col(Claim.fingerprint).in_(union(*passed_over(sense))))
            .group_by(col(Claim.fingerprint))
            .having(func.max(case((and_(*has_sense(sense)), 1), else_=0)) == 0)
        )
        return count_facts(connection) - _rows(connection, others)

    return _COUNTS.of(connection, asked, counted)


def _rows(connection: Connection, query: Any) -> int:
    return connection.execute(select(func.count()).select_from(query.subquery())).scalar_one()


def _by_fingerprint(properties: Collection[str]) -> Any:
    """The facts of some properties, where each is known by its fingerprint: an index alone has them one by one."""
    return (
        select(col(Claim.property), col(Claim.fingerprint))
        .join(Source, col(Source.id) == col(Claim.source_id))
        .where(current_claims(), col(Claim.property).in_(properties))
        .distinct()
    )


def _has_moved(connection: Connection) -> bool:
    """Whether an entity stands for another one in some fact, so that its fingerprint does not tell which one it is."""
    moved = select(col(MovedFact.fingerprint)).where(col(MovedFact.until).is_(None)).limit(1)
    return connection.execute(moved).first() is not None
