"""Make one fact of what is asserted and what is reported.

Revision ID: b7e0c1d95a42
Revises: c05b2e8ae25d
"""

import hashlib
import json
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision: str = "b7e0c1d95a42"
down_revision: str | None = "c05b2e8ae25d"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_REPORTED = sa.text(
    """
    SELECT claim.id, claim.property, claim.value, claim.qualifiers,
           subject.kind || '/' || subject.slug AS subject, object.kind || '/' || object.slug AS object,
           played.kind || '/' || played.slug AS played
    FROM claim
    JOIN entity AS subject ON subject.id = claim.subject_id
    LEFT JOIN entity AS object ON object.id = claim.object_id
    LEFT JOIN entity AS played ON played.id = claim.character_id
    WHERE claim.modality = 'reported'
    """
)


def upgrade() -> None:
    """Give reported claims the fingerprint of the same claim asserted; the records are made anew after it."""
    _fingerprint_as("asserted")


def downgrade() -> None:
    """Give them their own fingerprints again."""
    _fingerprint_as("reported")


def _fingerprint_as(sense: str) -> None:
    connection = op.get_bind()
    rows = [{"id": row.id, "fingerprint": _fingerprint(row, sense)} for row in connection.execute(_REPORTED)]
    if rows:
        connection.execute(sa.text("UPDATE claim SET fingerprint = :fingerprint WHERE id = :id"), rows)


def _fingerprint(row: Any, sense: str) -> str:
    """As `app.values.fingerprint` made it at the time of this revision."""
    told = {
        name: one for name, one in json.loads(row.qualifiers).items() if name not in ("point_in_time", "as_written")
    }
    if row.played:
        told["character"] = row.played
    content = [row.subject, row.property, row.value or row.object or "", dict(sorted(told.items())), sense]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()[:16]
