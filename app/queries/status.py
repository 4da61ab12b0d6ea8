"""The state of the base: its revision, when it last changed, and how much it holds."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, func, select
from sqlmodel import col

from app.prepared import Prepared, Reader, State
from app.tables.evidence import Revision, Source
from app.tables.records import RECORD_TABLES
from app.vocabulary import PLURALS

_LAST = select(func.max(col(Revision.id))).scalar_subquery()
_STATE = select(col(Revision.id), col(Revision.at)).where(col(Revision.id) == _LAST)
_NEWEST = Prepared(lambda _: _STATE)


@dataclass(frozen=True)
class Tick:
    """A revision: its number, when it was made, by doing what, and how many claims that changed, by how."""

    revision: int
    at: datetime
    action: str
    changed: dict[str, int]


def tick_of(connection: Connection) -> Tick | None:
    """The newest revision; None when nothing was ever loaded."""
    newest = select(Revision).order_by(col(Revision.id).desc()).limit(1)
    row: Any = connection.execute(newest).first()
    if row is None:
        return None
    return Tick(row.id, row.at, row.action, {name: getattr(row, name) for name in ("added", "superseded", "withdrawn")})


def state_of(connection: Connection) -> State:
    """The newest revision, which is the clock of everything that is served."""
    row = connection.execute(_STATE).first()
    return State(0, None) if row is None else State(row.id or 0, row.at)


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
