"""Keep which sources speak of a record that is only named, and index what lists and facts are looked through for.

Revision ID: f1d7b3a96e40
Revises: c3f8a15e7d92
"""

from collections.abc import Sequence

from alembic import op
from sqlalchemy import text

revision: str = "f1d7b3a96e40"
down_revision: str | None = "c3f8a15e7d92"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None
CHANGES_RECORDS = False

_HAS_VALUE = text("value IS NOT NULL")
_PROSE = {
    "film": ("description", "format", "plot"),
    **dict.fromkeys(("person", "organisation", "event", "place", "character"), ("description",)),
}
# Of all current claims, as the projection writes it; those whose subject it is have their row already.
_NAMED = """
INSERT INTO stated (subject_id, source_id, facts, new_facts)
SELECT DISTINCT coalesce(entity.merged_into_id, entity.id), claim.source_id, 0, 0
FROM claim
JOIN entity ON entity.id = claim.{role}
JOIN source ON source.id = claim.source_id
WHERE source.superseded_by_id IS NULL AND source.withdrawn_at IS NULL
    AND claim.superseded_by_id IS NULL AND claim.rank <> 'deprecated'
ON CONFLICT DO NOTHING
"""


def upgrade() -> None:
    """Add the rows and the indexes."""
    for role in ("object_id", "character_id"):
        op.execute(_NAMED.format(role=role))
    # A B-tree of PostgreSQL's refuses long texts; its hashes do not. SQLite has no other way.
    op.create_index(
        "ix_claim_value", "claim", ["value"],
        sqlite_where=_HAS_VALUE, postgresql_where=_HAS_VALUE, postgresql_using="hash",
    )  # fmt: skip
    op.create_index("ix_event_duration_days_slug", "event", ["duration_days", "slug"])
    for table, columns in _PROSE.items():
        for column in columns:
            op.create_index(f"ix_{table}_{column}", table, [column], postgresql_using="hash")


def downgrade() -> None:
    """Take them away."""
    for table, columns in _PROSE.items():
        for column in columns:
            op.drop_index(f"ix_{table}_{column}", table)
    op.drop_index("ix_event_duration_days_slug", "event")
    op.drop_index("ix_claim_value", "claim")
    op.execute("DELETE FROM stated WHERE facts = 0")
