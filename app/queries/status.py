"""The state of the base: its revision, when it last changed, and how much it holds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, func, select
from sqlmodel import col

from app.prepared import Prepared, Reader, State
from app.tables.evidence import Revision, Source
from app.tables.records import RECORD_TABLES
from app.vocabulary import PLURALS

# How a revision changes claims.
CHANGES = ("added", "superseded", "withdrawn")

_LAST = select(func.max(col(Revision.id))).scalar_subquery()
_STATE = select(col(Revision.id), col(Revision.at)).where(col(Revision.id) == _LAST)
_NEWEST = Prepared(lambda _: _STATE)
# Under which name a connection has it.
_KNOWN = "state"


@dataclass(frozen=True)
class Ledger:
    """What all revisions up to one of them did, by action: how many they are, and how many claims they changed how."""

    revision: int = 0
    at: datetime | None = None
    seal: str = ""
    done: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    def read_on(self, connection: Connection) -> "Ledger":
        """The same up to the newest revision; only those that are new are read, unless the base is another one."""
        seen = connection.execute(select(col(Revision.seal)).where(col(Revision.id) == self.revision)).scalar()
        if self.revision and seen != self.seal:
            return Ledger().read_on(connection)
        newest: Any = connection.execute(select(Revision).where(col(Revision.id) == _LAST)).first()
        if newest is None or newest.id == self.revision:
            return self
        figures = (func.count(), *(func.sum(getattr(Revision, name)) for name in CHANGES))
        since: Any = select(col(Revision.action), *figures).where(
            col(Revision.id) > self.revision, col(Revision.id) <= newest.id
        )
        done = dict(self.done)
        for action, *more in connection.execute(since.group_by(col(Revision.action))):
            before = done.get(action, (0,) * len(more))
            done[action] = tuple(one + other for one, other in zip(before, map(int, more), strict=True))
        return Ledger(newest.id, newest.at, newest.seal, done)


def state_of(connection: Connection) -> State:
    """The newest revision, which is the clock of everything that is served."""
    known: State | None = connection.get_execution_options().get(_KNOWN)
    if known:
        return known
    row = connection.execute(_STATE).first()
    return State(0, None) if row is None else State(row.id or 0, row.at)


def state_kept(connection: Connection) -> State:
    """The same for a connection that is in the one transaction that it reads in: it is asked no more."""
    state = state_of(connection)
    connection.execution_options(**{_KNOWN: state})
    return state


def state_read(reader: Reader) -> State:
    """The same, asked once for a reader."""
    if reader.state is None:
        rows = reader.rows(_NEWEST)
        reader.state = State(rows[0][0], moment(rows[0][1])) if rows else State(0, None)
    return reader.state


@lru_cache(maxsize=256)
def moment(held: datetime | str | bytes) -> datetime:
    """A time as it is read: SQLite's driver gives the text that is held, which says no zone, since all are of UTC."""
    if isinstance(held, datetime):
        return held
    text = held if isinstance(held, str) else held.decode()
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def counts(connection: Connection) -> dict[str, int]:
    """How many records of each kind there are, and how many current sources."""
    found = {
        PLURALS[kind]: connection.execute(select(func.count()).select_from(table)).scalar_one()
        for kind, table in RECORD_TABLES.items()
    }
    current = select(func.count()).where(col(Source.superseded_by_id).is_(None), col(Source.withdrawn_at).is_(None))
    return {**found, "sources": connection.execute(current).scalar_one()}
