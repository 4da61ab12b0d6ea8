"""Links without how many sources tell them, which nothing reads: a fact tells that itself.

Revision ID: e1a7c3d5b9f2
Revises: d8f2b6c4a1e7
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "e1a7c3d5b9f2"
down_revision: str | None = "d8f2b6c4a1e7"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None
CHANGES_RECORDS = False


def upgrade() -> None:
    """Take the column away."""
    op.drop_column("link", "source_count")


def downgrade() -> None:
    """Put it back; the earlier program makes the records anew."""
    op.add_column("link", sa.Column("source_count", sa.Integer(), nullable=False, server_default="0"))
