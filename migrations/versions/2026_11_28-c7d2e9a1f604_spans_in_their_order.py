"""Keep the last day of a date in the index of its first, which is the order of lists; the one of last days goes.

Revision ID: c7d2e9a1f604
Revises: a4e91c07d5b8
"""

from collections.abc import Sequence

from alembic import op

revision: str = "c7d2e9a1f604"
down_revision: str | None = "a4e91c07d5b8"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None
CHANGES_RECORDS = False

_LIFE = ("inception", "dissolution")
_DATES = {
    "film": ("release_date", "filming_date", "point_in_time"),
    "person": ("birth_date", "death_date"),
    "organisation": _LIFE,
    "event": ("date",),
    "place": _LIFE,
}


def upgrade() -> None:
    """Change the indexes."""
    for table, dates in _DATES.items():
        for date in dates:
            first, last = f"{date}_earliest", f"{date}_latest"
            for column in (first, last):
                op.drop_index(f"ix_{table}_{column}_slug", table_name=table)
            op.create_index(f"ix_{table}_{first}_slug_{last}", table, [first, "slug", last])


def downgrade() -> None:
    """Change them back."""
    for table, dates in _DATES.items():
        for date in dates:
            first, last = f"{date}_earliest", f"{date}_latest"
            op.drop_index(f"ix_{table}_{first}_slug_{last}", table_name=table)
            for column in (first, last):
                op.create_index(f"ix_{table}_{column}_slug", table, [column, "slug"])
