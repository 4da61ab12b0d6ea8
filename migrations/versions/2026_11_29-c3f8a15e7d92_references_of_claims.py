"""What data sets say that they have their statements from: a column that no row which is there has to be written for.

Revision ID: c3f8a15e7d92
Revises: b4e19f6c8a27
"""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision: str = "c3f8a15e7d92"
down_revision: str | None = "b4e19f6c8a27"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None
CHANGES_RECORDS = False


def upgrade() -> None:
    """Add the column."""
    op.add_column("citation", sa.Column("references", sqlmodel.sql.sqltypes.AutoString(), nullable=True))


def downgrade() -> None:
    """Take it away."""
    op.drop_column("citation", "references")
