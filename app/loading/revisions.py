"""The clock of the data: one tick for everything that changes what the base says."""

import unicodedata
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert, select
from sqlmodel import col

from app.loading.problems import Problem, RefusedError
from app.tables.evidence import Revision

_LONGEST_REASON = 1000


def next_moment(connection: Connection) -> datetime:
    """The time of the next revision: now, or right after the last one where the machine's clock was put back."""
    last = connection.execute(select(col(Revision.at)).order_by(col(Revision.id).desc()).limit(1)).scalar()
    now = datetime.now(UTC)
    return now if last is None else max(now, last + timedelta(microseconds=1))


def tick(
    connection: Connection, action: str, at: datetime, actor: str, reason: str | None = None, **did: int | None
) -> int:
    """One more revision: what it was about, and its counts; those that are not given are 0. Returns its number."""
    counted: dict[str, Any] = {"added": 0, "superseded": 0, "withdrawn": 0, **did}
    added = insert(Revision).values(at=at, actor=actor, action=action, reason=reason, **counted)
    return connection.execute(added.returning(col(Revision.id))).scalar_one() or 0


def checked_reason(what: str, reason: str) -> str:
    """The reason for a judgement on `what`, as it is stored. Raises RefusedError for one that is none."""
    text = reason.strip()
    if not text or len(text) > _LONGEST_REASON or any(unicodedata.category(one) in ("Cc", "Cs") for one in text):
        message = f"this is done for a reason; expected some words in one line, at most {_LONGEST_REASON} characters"
        raise RefusedError([Problem(what, 0, "", message)])
    return text
