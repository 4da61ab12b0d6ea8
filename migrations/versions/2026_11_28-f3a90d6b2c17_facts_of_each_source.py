"""Keep how many facts of each record a source states, which takes long to be found among millions.

Revision ID: f3a90d6b2c17
Revises: b399f2764fc9
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "f3a90d6b2c17"
down_revision: str | None = "b399f2764fc9"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None
CHANGES_RECORDS = False

_IS_DEPRECATED = sa.text("rank = 'deprecated'")
# As the projection writes it, of all current claims.
_FILL = """
INSERT INTO stated (subject_id, source_id, facts, new_facts)
SELECT subject_id, source_id, count(*), sum(CASE WHEN source_id = first THEN 1 ELSE 0 END)
FROM (
    SELECT subject_id, source_id, fact_id, min(source_id) OVER (PARTITION BY subject_id, fact_id) AS first
    FROM (
        SELECT DISTINCT coalesce(entity.merged_into_id, entity.id) AS subject_id, claim.source_id,
            coalesce(moved_fact.fact_id, claim.fingerprint) AS fact_id
        FROM claim
        JOIN entity ON entity.id = claim.subject_id
        JOIN source ON source.id = claim.source_id
        LEFT JOIN moved_fact ON moved_fact.fingerprint = claim.fingerprint AND moved_fact.until IS NULL
        WHERE source.superseded_by_id IS NULL AND source.withdrawn_at IS NULL
            AND claim.superseded_by_id IS NULL AND claim.rank <> 'deprecated'
    ) AS every_fact
) AS every_statement
GROUP BY subject_id, source_id
"""


def upgrade() -> None:
    """Add the table with what the claims give, and take away an index that nothing uses any more."""
    op.create_table(
        "stated",
        sa.Column("subject_id", sa.Integer(), sa.ForeignKey("entity.id", name="fk_stated_subject_id_entity")),
        sa.Column("source_id", sa.Integer(), sa.ForeignKey("source.id", name="fk_stated_source_id_source")),
        sa.Column("facts", sa.Integer(), nullable=False),
        sa.Column("new_facts", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("subject_id", "source_id", name="pk_stated"),
        sqlite_with_rowid=False,
    )
    op.execute(_FILL)
    op.create_index("ix_stated_source_id_facts", "stated", ["source_id", "facts"])
    op.drop_index("ix_claim_deprecated", "claim", sqlite_where=_IS_DEPRECATED, postgresql_where=_IS_DEPRECATED)


def downgrade() -> None:
    """Put the index back, and take the table away."""
    op.create_index(
        "ix_claim_deprecated", "claim", ["fingerprint"], sqlite_where=_IS_DEPRECATED, postgresql_where=_IS_DEPRECATED
    )
    op.drop_table("stated")
