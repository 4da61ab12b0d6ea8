"""Answers kept for requests that come again, by their Idempotency-Key. Never commits.

The rules are those of draft-ietf-httpapi-idempotency-key-header: one key means one request.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, delete, insert, select
from sqlmodel import col

from app.tables.access import KeptAnswer

# Whoever asks again does so soon.
KEPT_FOR = timedelta(hours=24)


@dataclass(frozen=True)
class Answer:
    """What a request was answered, and the SHA-256 of the request."""

    request_sha256: str
    status: int
    headers: Mapping[str, str]
    body: str


def kept(connection: Connection, token_id: int, key: str) -> Answer | None:
    """What this key was answered before, if it was, and not long ago."""
    own = col(KeptAnswer.token_id) == token_id, col(KeptAnswer.key) == key
    row = connection.execute(select(KeptAnswer).where(*own, col(KeptAnswer.at) > _oldest())).first()
    return None if row is None else Answer(row.request_sha256, row.status, json.loads(row.headers), row.body)


def keep(connection: Connection, token_id: int, key: str, answer: Answer) -> None:
    """Keep an answer, in the transaction that did what was asked for; those that are too old go."""
    connection.execute(delete(KeptAnswer).where(col(KeptAnswer.at) <= _oldest()))
    told = {
        "token_id": token_id, "key": key, "request_sha256": answer.request_sha256, "status": answer.status,
        "headers": json.dumps(dict(answer.headers)), "body": answer.body, "at": datetime.now(UTC),
    }  # fmt: skip
    connection.execute(insert(KeptAnswer).values(**told))


def _oldest() -> datetime:
    return datetime.now(UTC) - KEPT_FOR
