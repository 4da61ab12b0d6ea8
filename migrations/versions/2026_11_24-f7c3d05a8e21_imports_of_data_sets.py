"""Imports of data sets: which one a source is of, and which claims a later one ended.

Revision ID: f7c3d05a8e21
Revises: e2a94c7b10f6
"""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision: str = "f7c3d05a8e21"
down_revision: str | None = "e2a94c7b10f6"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_IS_ENDED = sa.text("superseded_by_id IS NOT NULL")


def upgrade() -> None:
    """Bring the tables to this revision."""
    with op.batch_alter_table("source", schema=None) as batch_op:
        batch_op.add_column(sa.Column("dataset", sqlmodel.sql.sqltypes.AutoString(), nullable=True))
        batch_op.create_index(batch_op.f("ix_source_dataset"), ["dataset"], unique=False)
    with op.batch_alter_table("claim", schema=None) as batch_op:
        batch_op.add_column(sa.Column("superseded_by_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_claim_superseded_by_id_source"), "source", ["superseded_by_id"], ["id"]
        )
        batch_op.create_index(
            "ix_claim_superseded_by_id", ["superseded_by_id"], unique=False,
            sqlite_where=_IS_ENDED, postgresql_where=_IS_ENDED,
        )  # fmt: skip


def downgrade() -> None:
    """Take the tables back to the revision before."""
    with op.batch_alter_table("claim", schema=None) as batch_op:
        batch_op.drop_index("ix_claim_superseded_by_id", sqlite_where=_IS_ENDED, postgresql_where=_IS_ENDED)
        batch_op.drop_constraint(batch_op.f("fk_claim_superseded_by_id_source"), type_="foreignkey")
        batch_op.drop_column("superseded_by_id")
    with op.batch_alter_table("source", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_source_dataset"))
        batch_op.drop_column("dataset")
