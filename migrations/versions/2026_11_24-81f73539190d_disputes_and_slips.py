"""Disputes and slips.

Revision ID: 81f73539190d
Revises: d6c2b6197d41
"""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision: str = "81f73539190d"
down_revision: str | None = "d6c2b6197d41"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "dispute",
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("property", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("slug", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("shown", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("sides", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.ForeignKeyConstraint(["subject_id"], ["entity.id"], name=op.f("fk_dispute_subject_id_entity")),
        sa.PrimaryKeyConstraint("subject_id", "property", name=op.f("pk_dispute")),
    )
    with op.batch_alter_table("dispute", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dispute_kind_slug_property"), ["kind", "slug", "property"], unique=False)
        batch_op.create_index(batch_op.f("ix_dispute_property_kind_slug"), ["property", "kind", "slug"], unique=False)

    op.create_table(
        "slip",
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("property", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("slug", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("planned", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("happened", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("days_at_least", sa.Integer(), nullable=True),
        sa.Column("days_at_most", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["subject_id"], ["entity.id"], name=op.f("fk_slip_subject_id_entity")),
        sa.PrimaryKeyConstraint("subject_id", "property", name=op.f("pk_slip")),
    )
    with op.batch_alter_table("slip", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_slip_days_at_least_kind_slug_property"),
            ["days_at_least", "kind", "slug", "property"],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_slip_kind_slug_property"), ["kind", "slug", "property"], unique=False)
        batch_op.create_index(batch_op.f("ix_slip_property_kind_slug"), ["property", "kind", "slug"], unique=False)


def downgrade() -> None:
    """Bring them back to the one before."""
    op.drop_table("slip")
    op.drop_table("dispute")
