"""The clock of the data: one tick for everything that changes what the base says."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert, select
from sqlmodel import col

from app.loading.problems import Problem, RefusedError
from app.tables.evidence import Revision
from app.tables.seals import seal, written
from app.values import is_line

LONGEST_REASON = 1000


def next_moment(connection: Connection) -> datetime:
    """The time of the next revision: now, or right after the last one where the machine's clock was put back."""
    last = connection.execute(select(col(Revision.at)).order_by(col(Revision.id).desc()).limit(1)).scalar()
    now = datetime.now(UTC)
    return now if last is None else max(now, last + timedelta(microseconds=1))


def tick(
    connection: Connection, action: str, at: datetime, actor: str, reason: str | None = None, **did: int | None
) -> int:
    """One more revision: what it was about, and its counts; those that are not given are 0. Returns its number.

    What a load writes is to be written before, but for the records.
    """
    counted: dict[str, Any] = {"added": 0, "superseded": 0, "withdrawn": 0, **did}
    row = {"at": at, "actor": actor, "action": action, "reason": reason, **counted}
    (sealed,) = chained(connection, [row])
    return connection.execute(insert(Revision).values(**sealed).returning(col(Revision.id))).scalar_one() or 0


def chained(connection: Connection, rows: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """Rows that are to be the next revisions, each with its number and its seal.

    They are counted here: PostgreSQL gives away numbers for good, also to what is only tried, or refused.
    """
    newest = select(col(Revision.id), col(Revision.seal)).order_by(col(Revision.id).desc()).limit(1)
    held, last = connection.execute(newest).first() or (0, "")
    for number, row in enumerate(rows, start=(held or 0) + 1):
        is_load = row["action"] == "load"
        last = seal(last, row, written(connection, row["source_id"]) if is_load else "")
        yield {**row, "id": number, "seal": last}


def checked_reason(what: str, reason: str) -> str:
    """The reason for a judgement on `what`, as it is stored. Raises RefusedError for one that is none."""
    text = reason.strip()
    if not text or len(text) > LONGEST_REASON or not is_line(text):
        message = f"this is done for a reason; expected some words in one line, at most {LONGEST_REASON} characters"
        raise RefusedError([Problem(what, 0, "", message)])
    return text
