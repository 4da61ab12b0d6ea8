"""Bearer tokens: made once, shown once, found again by their hash. Never commits."""

import hashlib
import hmac
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, Row, insert, select, update
from sqlmodel import col

from app.tables.access import SCOPES as SCOPES
from app.tables.access import Scope as Scope
from app.tables.access import Token

# So that whoever searches files for secrets, or a log for one, finds it.
_PREFIX = "filmspace_"
_NAME = re.compile(r"\w(?:[\w.@ -]{0,78}[\w.@-])?")


class TokenError(ValueError):
    """What is asked of the tokens is not possible."""


@dataclass(frozen=True)
class Bearer:
    """Who asks: the name by which the change log knows them, and what they may do."""

    id: int
    name: str
    scope: Scope

    def may(self, scope: Scope) -> bool:
        """Whether the token's scope is this one, or includes it."""
        return SCOPES.index(self.scope) >= SCOPES.index(scope)


def make_token(connection: Connection, name: str, scope: Scope, *, days: int | None = None) -> str:
    """Make a token, in the caller's write transaction. Returns it: nothing can tell it again.

    It takes the place of one of that name that no longer holds. Raises TokenError for one that does, or for no name.
    """
    if not _NAME.fullmatch(name):
        raise TokenError(f"{name!r} is no name; expected letters, digits, blanks and . _ @ -, at most 80 in one line")
    held = connection.execute(select(Token).where(col(Token.name) == name)).first()
    now = datetime.now(UTC)
    if held is not None and state_of(held, now) == "valid":
        raise TokenError(f"{name} has a token that holds; `filmspace token revoke` ends it")
    token = _PREFIX + secrets.token_urlsafe(32)
    told = {
        "scope": scope, "sha256": _sha256(token), "made_at": now, "revoked_at": None,
        "expires_at": None if days is None else now + timedelta(days=days),
    }  # fmt: skip
    if held is None:
        connection.execute(insert(Token).values(name=name, **told))
    else:
        connection.execute(update(Token).where(col(Token.id) == held.id).values(**told))
    return token


def revoke_token(connection: Connection, name: str) -> None:
    """End a token at once, in the caller's write transaction. Raises TokenError when none of that name holds."""
    now = datetime.now(UTC)
    held = connection.execute(select(Token).where(col(Token.name) == name)).first()
    if held is None or held.revoked_at is not None:
        state = "there is no token of that name" if held is None else "it was revoked already"
        raise TokenError(f"{name}: {state}; `filmspace token list` shows all")
    connection.execute(update(Token).where(col(Token.id) == held.id).values(revoked_at=now))


def list_tokens(connection: Connection) -> Sequence[Row[Token]]:
    """All that were made, by name."""
    return connection.execute(select(Token).order_by(col(Token.name))).all()


def state_of(token: Row[Token], now: datetime) -> str:
    """Whether a token is valid, expired or revoked."""
    if token.revoked_at is not None:
        return "revoked"
    return "expired" if token.expires_at is not None and token.expires_at <= now else "valid"


def find(tokens: Sequence[Row[Token]], presented: str) -> Bearer | None:
    """Whose token that is, if it is one that holds.

    It is compared with each of them in constant time, so that how long it takes tells nothing of any.
    """
    now, sha256, found = datetime.now(UTC), _sha256(presented), None
    for one in tokens:
        if hmac.compare_digest(one.sha256, sha256):
            found = one
    if found is None or state_of(found, now) != "valid":
        return None
    return Bearer(found.id or 0, found.name, found.scope)


def _sha256(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
