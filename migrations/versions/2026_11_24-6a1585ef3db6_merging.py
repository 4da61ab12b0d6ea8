"""merging

Revision ID: 6a1585ef3db6
Revises: db5a4b0a5ecf
"""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision: str = "6a1585ef3db6"
down_revision: str | None = "db5a4b0a5ecf"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_ACTIONS = "action IN ('load', 'withdraw', 'merge', 'rename')"
_ACTIONS_BEFORE = "action IN ('load', 'withdraw')"
_CONDITIONS = {
    "source": "(source_id IS NULL) = (action IN ('merge', 'rename'))",
    "entity": "(entity_id IS NULL) = (source_id IS NOT NULL)",
    "into": "(into_id IS NULL) = (entity_id IS NULL)",
}


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "moved_fact",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("fact_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["subject_id"], ["entity.id"], name=op.f("fk_moved_fact_subject_id_entity")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moved_fact")),
    )
    with op.batch_alter_table("moved_fact", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_moved_fact_fact_id"), ["fact_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_moved_fact_subject_id"), ["subject_id"], unique=False)

    with op.batch_alter_table("entity", schema=None) as batch_op:
        batch_op.add_column(sa.Column("merged_into_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_entity_merged_into_id"), ["merged_into_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_entity_merged_into_id_entity"), "entity", ["merged_into_id"], ["id"])

    with op.batch_alter_table("revision", schema=None) as batch_op:
        batch_op.add_column(sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(), nullable=True))
        batch_op.add_column(sa.Column("entity_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("into_id", sa.Integer(), nullable=True))
        batch_op.alter_column("source_id", existing_type=sa.INTEGER(), nullable=True)
        batch_op.drop_constraint(batch_op.f("ck_revision_action"), type_="check")
        for name, sql in {"action": _ACTIONS, **_CONDITIONS}.items():
            batch_op.create_check_constraint(batch_op.f(f"ck_revision_{name}"), sql)
        batch_op.create_index(batch_op.f("ix_revision_entity_id"), ["entity_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_revision_entity_id_entity"), "entity", ["entity_id"], ["id"])
        batch_op.create_foreign_key(batch_op.f("fk_revision_into_id_entity"), "entity", ["into_id"], ["id"])

    # Why a source was withdrawn stood with the source alone.
    why = "SELECT withdrawn_reason FROM source WHERE source.id = revision.source_id"
    op.execute(f"UPDATE revision SET reason = ({why}) WHERE action = 'withdraw'")


def downgrade() -> None:
    """Bring them back to the one before. What was merged or renamed stands for itself again."""
    op.execute("DELETE FROM revision WHERE action IN ('merge', 'rename')")
    with op.batch_alter_table("revision", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_revision_into_id_entity"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_revision_entity_id_entity"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_revision_entity_id"))
        for name in ("action", *_CONDITIONS):
            batch_op.drop_constraint(batch_op.f(f"ck_revision_{name}"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_revision_action"), _ACTIONS_BEFORE)
        batch_op.alter_column("source_id", existing_type=sa.INTEGER(), nullable=False)
        batch_op.drop_column("into_id")
        batch_op.drop_column("entity_id")
        batch_op.drop_column("reason")

    with op.batch_alter_table("entity", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_entity_merged_into_id_entity"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_entity_merged_into_id"))
        batch_op.drop_column("merged_into_id")

    with op.batch_alter_table("moved_fact", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_moved_fact_subject_id"))
        batch_op.drop_index(batch_op.f("ix_moved_fact_fact_id"))

    op.drop_table("moved_fact")
