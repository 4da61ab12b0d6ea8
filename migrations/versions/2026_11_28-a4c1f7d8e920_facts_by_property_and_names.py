"""Index what the facts of a property are counted by, and the names that lists are ordered by.

Revision ID: a4c1f7d8e920
Revises: f3a90d6b2c17
"""

from collections.abc import Sequence

from alembic import op

revision: str = "a4c1f7d8e920"
down_revision: str | None = "f3a90d6b2c17"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None
CHANGES_RECORDS = False

_COUNTED = ["property", "fingerprint", "source_id", "superseded_by_id", "rank"]
_OF_PROPERTY = f"ix_claim_{'_'.join(_COUNTED)}"
_RECORDS = ("film", "person", "organisation", "event", "place", "character")


def upgrade() -> None:
    """Add the indexes."""
    op.create_index(_OF_PROPERTY, "claim", _COUNTED)
    for table in _RECORDS:
        op.create_index(f"ix_{table}_name_slug", table, ["name", "slug"])


def downgrade() -> None:
    """Take them away."""
    for table in _RECORDS:
        op.drop_index(f"ix_{table}_name_slug", table)
    op.drop_index(_OF_PROPERTY, "claim")
