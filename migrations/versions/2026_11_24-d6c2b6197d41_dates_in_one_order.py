"""Dates in one order of time, and revisions by their time.

Revision ID: d6c2b6197d41
Revises: 6a1585ef3db6
"""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision: str = "d6c2b6197d41"
down_revision: str | None = "6a1585ef3db6"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "dated",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("slug", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("property", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("fact_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("edtf", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("earliest", sa.Date(), nullable=False),
        sa.Column("latest", sa.Date(), nullable=False),
        sa.Column("reach", sa.Integer(), nullable=False),
        sa.Column("value", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("object_id", sa.Integer(), nullable=True),
        sa.Column("modality", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("standing", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("is_disputed", sa.Boolean(), nullable=False),
        sa.Column("has_days", sa.Boolean(), nullable=False),
        sa.Column("source_count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["object_id"], ["entity.id"], name=op.f("fk_dated_object_id_entity")),
        sa.ForeignKeyConstraint(["subject_id"], ["entity.id"], name=op.f("fk_dated_subject_id_entity")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dated")),
    )
    with op.batch_alter_table("dated", schema=None) as batch_op:
        batch_op.create_index(
            "ix_dated_in_time",
            ["earliest", "latest", "kind", "slug", "property", "fact_id", "edtf", "modality", "standing"],
            unique=False,
        )
        batch_op.create_index(
            "ix_dated_modality_in_time",
            ["modality", "earliest", "latest", "kind", "slug", "property", "fact_id", "edtf", "standing"],
            unique=False,
        )
        batch_op.create_index(
            "ix_dated_property_in_time",
            ["property", "earliest", "latest", "kind", "slug", "fact_id", "edtf", "modality", "standing"],
            unique=False,
        )
        batch_op.create_index("ix_dated_reach", ["reach", "earliest", "latest"], unique=False)
        batch_op.create_index(batch_op.f("ix_dated_subject_id"), ["subject_id"], unique=False)
    op.create_index(op.f("ix_revision_at"), "revision", ["at"])


def downgrade() -> None:
    """Bring them back to the one before."""
    op.drop_index(op.f("ix_revision_at"), "revision")
    with op.batch_alter_table("dated", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dated_subject_id"))
        batch_op.drop_index("ix_dated_reach")
        batch_op.drop_index("ix_dated_property_in_time")
        batch_op.drop_index("ix_dated_modality_in_time")
        batch_op.drop_index("ix_dated_in_time")

    op.drop_table("dated")
