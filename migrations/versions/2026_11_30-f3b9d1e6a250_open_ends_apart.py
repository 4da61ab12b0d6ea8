"""Make anew the records of which one source says that something lasts from a day on, and another one until a day.

Two that have no day in common are in dispute, though the ends that are told are not those of both.

Revision ID: f3b9d1e6a250
Revises: e1a7c3d5b9f2
"""

from collections.abc import Sequence

revision: str = "f3b9d1e6a250"
down_revision: str | None = "e1a7c3d5b9f2"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None
# Dates alone end with a number and a slash, or begin with one: /2018, 2019/.. and so on.
_BEGINS_OPEN = "(substr(claim.value, 1, 3) = '../' OR substr(claim.value, 1, 1) = '/')"
_ENDS_OPEN = "(substr(claim.value, 5) LIKE '%/..' OR substr(claim.value, 5) LIKE '%/') AND claim.value < ':'"
CHANGES_RECORDS = f"""
SELECT coalesce(entity.merged_into_id, entity.id)
FROM claim JOIN entity ON entity.id = claim.subject_id
WHERE {_BEGINS_OPEN} OR ({_ENDS_OPEN})
GROUP BY coalesce(entity.merged_into_id, entity.id), claim.property
HAVING count(DISTINCT {_BEGINS_OPEN}) > 1
"""


def upgrade() -> None:
    """Nothing but that."""


def downgrade() -> None:
    """Nothing: the earlier program makes the records anew as it has them."""
