"""Index the dates that their records do not show, or not as they are: few of them, wherever very many are.

Revision ID: b4e19f6c8a27
Revises: e7a2c95d4f18
"""

from collections.abc import Sequence

from alembic import op
from sqlalchemy import text

revision: str = "b4e19f6c8a27"
down_revision: str | None = "e7a2c95d4f18"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None
CHANGES_RECORDS = False

_NAME = "ix_dated_standing_in_time"
_IN_TIME = ("earliest", "latest", "kind", "slug", "property", "fact_id", "edtf")


def upgrade() -> None:
    """Add the index."""
    unusual = text("standing <> 'value'")
    columns = ["standing", *_IN_TIME, "modality"]
    op.create_index(_NAME, "dated", columns, sqlite_where=unusual, postgresql_where=unusual)


def downgrade() -> None:
    """Take it away."""
    op.drop_index(_NAME, "dated")
