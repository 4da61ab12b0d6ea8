"""Who may write over HTTP, and what they were answered. It belongs to this installation and not to the knowledge.

No export has it, no seal covers it, and `check` does not look at it.
"""

from datetime import datetime
from typing import Literal, get_args

from sqlmodel import CheckConstraint, Field, SQLModel

# Each includes those before it.
Scope = Literal["preview", "load", "admin"]
SCOPES: tuple[Scope, ...] = get_args(Scope)


class Token(SQLModel, table=True):
    """A bearer token, of which nothing is stored but its SHA-256: who has the database cannot write with it.

    A slow hash, as passwords need, is for what can be guessed; nobody guesses 256 random bits.
    """

    __table_args__ = (CheckConstraint(f"scope IN ({', '.join(map(repr, SCOPES))})", name="scope"),)

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    scope: str
    sha256: str
    made_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None


class KeptAnswer(SQLModel, table=True):
    """What a request with an Idempotency-Key was answered, written in the transaction that did what it asked for.

    `request_sha256` is of the method, the path and the body.
    """

    __tablename__ = "kept_answer"

    token_id: int = Field(primary_key=True, foreign_key="token.id")
    key: str = Field(primary_key=True)
    request_sha256: str
    status: int
    headers: str
    body: str
    at: datetime = Field(index=True)
