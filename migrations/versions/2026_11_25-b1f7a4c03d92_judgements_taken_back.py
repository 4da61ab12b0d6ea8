"""Judgements that can be taken back, and which facts claims stated over time.

The latter are filled when the records are made anew, which follows an upgrade.

Revision ID: b1f7a4c03d92
Revises: b7e0c1d95a42
"""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision: str = "b1f7a4c03d92"
down_revision: str | None = "b7e0c1d95a42"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_CHECKS = {
    "action": "action IN ('load', 'withdraw', 'merge', 'rename', 'undo')",
    "source": "action = 'undo' OR (source_id IS NULL) = (action IN ('merge', 'rename'))",
    "into": "into_id IS NOT NULL OR entity_id IS NULL OR action = 'undo'",
    "into_of": "into_id IS NULL OR entity_id IS NOT NULL",
    "undoes": "(undoes_id IS NOT NULL) = (action = 'undo')",
}
_CHECKS_BEFORE = {
    "action": "action IN ('load', 'withdraw', 'merge', 'rename')",
    "source": "(source_id IS NULL) = (action IN ('merge', 'rename'))",
    "into": "(into_id IS NULL) = (entity_id IS NULL)",
}


def upgrade() -> None:
    """Bring the tables to this revision."""
    with op.batch_alter_table("revision", schema=None) as batch_op:
        batch_op.add_column(sa.Column("undoes_id", sa.Integer(), nullable=True))
        for name in _CHECKS_BEFORE:
            batch_op.drop_constraint(batch_op.f(f"ck_revision_{name}"), type_="check")
        for name, sql in _CHECKS.items():
            batch_op.create_check_constraint(batch_op.f(f"ck_revision_{name}"), sql)
        batch_op.create_index(batch_op.f("ix_revision_into_id"), ["into_id"], unique=False)
        batch_op.create_unique_constraint(batch_op.f("uq_revision_undoes_id"), ["undoes_id"])
        batch_op.create_foreign_key(batch_op.f("fk_revision_undoes_id_revision"), "revision", ["undoes_id"], ["id"])
    _roles("role IN ('quote', 'context', 'note')")
    op.drop_table("moved_fact")
    _moved_facts(
        sa.Column("fingerprint", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("since", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("until", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        keys=("fingerprint", "since"),
    )


def downgrade() -> None:
    """Bring them back to the one before. Of judgements that were taken back nothing is left."""
    op.execute("DELETE FROM citation WHERE claim_id IN (SELECT claim_id FROM citation WHERE role = 'note')")
    op.execute("DELETE FROM claim WHERE NOT EXISTS (SELECT id FROM citation WHERE claim_id = claim.id)")
    _roles("role IN ('quote', 'context')")
    renamed_back = "SELECT entity_id FROM revision WHERE action = 'undo' AND into_id IS NOT NULL"
    op.execute(f"UPDATE entity SET merged_into_id = NULL WHERE id IN ({renamed_back})")
    op.execute("CREATE TEMPORARY TABLE undone AS SELECT undoes_id AS id FROM revision WHERE action = 'undo'")
    op.execute("DELETE FROM revision WHERE action = 'undo'")
    op.execute("DELETE FROM revision WHERE id IN (SELECT id FROM undone)")
    op.execute("DROP TABLE undone")
    with op.batch_alter_table("revision", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_revision_undoes_id_revision"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("uq_revision_undoes_id"), type_="unique")
        batch_op.drop_index(batch_op.f("ix_revision_into_id"))
        for name in _CHECKS:
            batch_op.drop_constraint(batch_op.f(f"ck_revision_{name}"), type_="check")
        for name, sql in _CHECKS_BEFORE.items():
            batch_op.create_check_constraint(batch_op.f(f"ck_revision_{name}"), sql)
        batch_op.drop_column("undoes_id")
    op.drop_table("moved_fact")
    _moved_facts(sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False), keys=("id",))


def _roles(sql: str) -> None:
    with op.batch_alter_table("citation", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_citation_role"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_citation_role"), sql)


def _moved_facts(*columns: "sa.Column[object]", keys: tuple[str, ...]) -> None:
    op.create_table(
        "moved_fact",
        *columns,
        sa.Column("fact_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["subject_id"], ["entity.id"], name=op.f("fk_moved_fact_subject_id_entity")),
        sa.PrimaryKeyConstraint(*keys, name=op.f("pk_moved_fact")),
    )
    with op.batch_alter_table("moved_fact", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_moved_fact_fact_id"), ["fact_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_moved_fact_subject_id"), ["subject_id"], unique=False)
