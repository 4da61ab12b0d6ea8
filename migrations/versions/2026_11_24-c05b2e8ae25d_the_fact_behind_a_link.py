"""Name the fact behind a link.

Revision ID: c05b2e8ae25d
Revises: c4d81f2b7e90
"""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision: str = "c05b2e8ae25d"
down_revision: str | None = "c4d81f2b7e90"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# Found as the projection finds it: the current claims that say what the link shows. The plus keeps the databases from
# going through all that points to the object, which for a country is every organisation in it.
_FILL = """
    UPDATE link SET fact = (
        SELECT min(claim.fingerprint) FROM claim JOIN source ON source.id = claim.source_id
        WHERE claim.subject_id = link.subject_id AND claim.property = link.property
          AND +claim.object_id = link.object_id AND claim.modality = link.modality
          AND coalesce(+claim.character_id, 0) = coalesce(link.character_id, 0)
          AND coalesce({role}, '') = coalesce(link.role, '')
          AND claim.rank <> 'deprecated' AND source.superseded_by_id IS NULL AND source.withdrawn_at IS NULL
    ) WHERE object_id IS NOT NULL
"""
_ROLE = {
    "sqlite": "json_extract(claim.qualifiers, '$.role')",
    "postgresql": "CAST(claim.qualifiers AS json) ->> 'role'",
}


def upgrade() -> None:
    """Bring the tables to this revision."""
    with op.batch_alter_table("link", schema=None) as batch_op:
        batch_op.add_column(sa.Column("fact", sqlmodel.sql.sqltypes.AutoString(), nullable=True))
        batch_op.drop_index(batch_op.f("ix_link_object_id_property_subject_id"))
        batch_op.drop_index(batch_op.f("ix_link_subject_id_property"))
        batch_op.create_index(
            batch_op.f("ix_link_object_id_property_subject_id_character_id"),
            ["object_id", "property", "subject_id", "character_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_link_subject_id_property_object_id_character_id"),
            ["subject_id", "property", "object_id", "character_id"],
            unique=False,
        )
    op.execute(_FILL.format(role=_ROLE[op.get_context().dialect.name]))


def downgrade() -> None:
    """Bring them back to the one before."""
    with op.batch_alter_table("link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_link_subject_id_property_object_id_character_id"))
        batch_op.drop_index(batch_op.f("ix_link_object_id_property_subject_id_character_id"))
        batch_op.create_index(batch_op.f("ix_link_subject_id_property"), ["subject_id", "property"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_link_object_id_property_subject_id"), ["object_id", "property", "subject_id"], unique=False
        )
        batch_op.drop_column("fact")
