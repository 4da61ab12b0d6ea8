"""When people died, and when organisations and places came to be and ceased to be.

Revision ID: e2a94c7b10f6
Revises: b1f7a4c03d92
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "e2a94c7b10f6"
down_revision: str | None = "b1f7a4c03d92"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_DATES = {
    "person": ("death_date",),
    "organisation": ("inception", "dissolution"),
    "place": ("inception", "dissolution"),
}


def upgrade() -> None:
    """Bring the tables to this revision."""
    for table, dates in _DATES.items():
        with op.batch_alter_table(table, schema=None) as batch_op:
            for column in _columns(dates):
                batch_op.add_column(sa.Column(column, sa.Date(), nullable=True))
                batch_op.create_index(f"ix_{table}_{column}_slug", [column, "slug"], unique=False)


def downgrade() -> None:
    """Take the tables back to the revision before."""
    for table, dates in _DATES.items():
        with op.batch_alter_table(table, schema=None) as batch_op:
            for column in _columns(dates):
                batch_op.drop_index(f"ix_{table}_{column}_slug")
                batch_op.drop_column(column)


def _columns(dates: Sequence[str]) -> list[str]:
    return [f"{date}_{end}" for date in dates for end in ("earliest", "latest")]
