"""The state of the base: its revision, when it last changed, and how much it holds."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select
from sqlmodel import col

from app.prepared import Prepared, Reader
from app.tables.evidence import Revision, Source
from app.tables.records import RECORD_TABLES
from app.vocabulary import PLURALS

_NEWEST = Prepared(lambda _: select(func.coalesce(func.max(col(Revision.id)), 0)))


@dataclass(frozen=True)
class State:
    """Which revision of the data a transaction sees; 0 when nothing was ever loaded."""

    revision: int
    at: datetime | None


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
    newest = select(col(Revision.id), col(Revision.at)).order_by(col(Revision.id).desc()).limit(1)
    row = connection.execute(newest).first()
    return State(0, None) if row is None else State(row.id or 0, row.at)


def revision_of(reader: Reader) -> int:
    """The number of the newest revision."""
    if reader.revision is None:
        reader.revision = int(reader.rows(_NEWEST)[0][0])
    return reader.revision


def counts(connection: Connection) -> dict[str, int]:
    """How many records of each kind there are, and how many current sources."""
    found = {
        PLURALS[kind]: connection.execute(select(func.count()).select_from(table)).scalar_one()
        for kind, table in RECORD_TABLES.items()
    }
    current = select(func.count()).where(col(Source.superseded_by_id).is_(None), col(Source.withdrawn_at).is_(None))
    return {**found, "sources": connection.execute(current).scalar_one()}
