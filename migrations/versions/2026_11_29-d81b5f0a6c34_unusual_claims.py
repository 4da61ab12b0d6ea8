"""Index the claims that are not plainly said to be so: few of them, wherever very many are.

Revision ID: d81b5f0a6c34
Revises: a4c1f7d8e920
"""

from collections.abc import Sequence

from alembic import op
from sqlalchemy import text

revision: str = "d81b5f0a6c34"
down_revision: str | None = "a4c1f7d8e920"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None
CHANGES_RECORDS = False

_USUAL = {"modality": "asserted", "inference": "none"}


def upgrade() -> None:
    """Add the indexes."""
    for name, usual in _USUAL.items():
        unusual = text(f"{name} <> '{usual}'")
        op.create_index(f"ix_claim_{name}", "claim", [name], sqlite_where=unusual, postgresql_where=unusual)


def downgrade() -> None:
    """Take them away."""
    for name in _USUAL:
        op.drop_index(f"ix_claim_{name}", "claim")
