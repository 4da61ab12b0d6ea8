"""Seal each revision, with what it wrote, to the one before.

Revision ID: a4e91c07d5b8
Revises: f7c3d05a8e21
"""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision: str = "a4e91c07d5b8"
down_revision: str | None = "f7c3d05a8e21"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_SOURCE = (
    "id", "slug", "kind", "version", "title", "publisher", "published", "url", "language", "sha256", "claims_sha256",
    "dataset", "loaded_at",
)  # fmt: skip
_CLAIM = (
    "id", "fingerprint", "subject_id", "property", "value", "object_id", "character_id", "qualifiers", "modality",
    "inference", "phrase", "attributed_to", "rank",
)  # fmt: skip
_CITATION = ("claim_id", "role", "exact", "prefix", "suffix", "start", "end", "sentence", "locator")
_REVISION = (
    "at", "actor", "action", "reason", "source_id", "entity_id", "into_id", "undoes_id", "added", "superseded",
    "withdrawn",
)  # fmt: skip


def upgrade() -> None:
    """Add the seals, as `app.tables.seals` made them at the time of this revision."""
    with op.batch_alter_table("revision", schema=None) as batch_op:
        batch_op.add_column(sa.Column("seal", sqlmodel.sql.sqltypes.AutoString(), nullable=True))
    connection, table = op.get_bind(), _table("revision", "id", *_REVISION, "seal")
    last, seals = "", []
    for row in connection.execute(sa.select(table).order_by(table.c.id)):
        written = _written(connection, row.source_id) if row.action == "load" else ""
        last = _hash([[last, written, *(row._mapping[name] for name in _REVISION)]])
        seals.append({"one": row.id, "told": last})
    if seals:
        of_one = sa.update(table).where(table.c.id == sa.bindparam("one"))
        connection.execute(of_one.values(seal=sa.bindparam("told")), seals)
    with op.batch_alter_table("revision", schema=None) as batch_op:
        batch_op.alter_column("seal", existing_type=sqlmodel.sql.sqltypes.AutoString(), nullable=False)


def downgrade() -> None:
    """Take them away again."""
    with op.batch_alter_table("revision", schema=None) as batch_op:
        batch_op.drop_column("seal")


def _table(name: str, *columns: str) -> Any:
    times = {"at", "loaded_at"}
    typed = [sa.column(one, sqlmodel.sql.sqltypes.UTCDateTime()) if one in times else sa.column(one) for one in columns]
    return sa.table(name, *typed)


def _written(connection: sa.Connection, source_id: int) -> str:
    source, claim = _table("source", *_SOURCE), _table("claim", *_CLAIM, "source_id")
    citation = _table("citation", "id", *_CITATION)
    rows = [tuple(row) for row in connection.execute(sa.select(source).where(source.c.id == source_id))]
    if any("article" in row for row in rows):
        own = claim.c.source_id == source_id
        claims = sa.select(*(claim.c[name] for name in _CLAIM)).where(own).order_by(claim.c.id)
        citations = (
            sa.select(*(citation.c[name] for name in _CITATION))
            .join(claim, claim.c.id == citation.c.claim_id)
            .where(own)
            .order_by(citation.c.claim_id, citation.c.id)
        )
        rows += [tuple(row) for query in (claims, citations) for row in connection.execute(query)]
    return _hash(rows)


def _hash(rows: Sequence[Sequence[Any]]) -> str:
    told = hashlib.sha256()
    for row in rows:
        plain = [one.isoformat() if isinstance(one, datetime) else one for one in row]
        told.update(json.dumps(plain, ensure_ascii=False).encode() + b"\n")
    return told.hexdigest()
