"""Find the claims that are deprecated, which are few, without looking at all.

Revision ID: e5b83c0d72f6
Revises: c7d2e9a1f604
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "e5b83c0d72f6"
down_revision: str | None = "c7d2e9a1f604"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None
CHANGES_RECORDS = False

_IS_DEPRECATED = sa.text("rank = 'deprecated'")


def upgrade() -> None:
    """Add the index."""
    op.create_index(
        "ix_claim_deprecated", "claim", ["fingerprint"], sqlite_where=_IS_DEPRECATED, postgresql_where=_IS_DEPRECATED
    )


def downgrade() -> None:
    """Take it away again."""
    op.drop_index("ix_claim_deprecated", "claim", sqlite_where=_IS_DEPRECATED, postgresql_where=_IS_DEPRECATED)
