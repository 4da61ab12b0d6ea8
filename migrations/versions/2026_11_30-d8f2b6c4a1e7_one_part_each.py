"""Make anew the records with somebody who takes part in something in a role, and without one as well.

They are shown once, in their role.

Revision ID: d8f2b6c4a1e7
Revises: c5a7e1d94b62
"""

from collections.abc import Sequence

revision: str = "d8f2b6c4a1e7"
down_revision: str | None = "c5a7e1d94b62"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None
_TWICE = """
SELECT coalesce({one}.merged_into_id, {one}.id) AS id
FROM claim JOIN entity AS event ON event.id = claim.subject_id JOIN entity AS part ON part.id = claim.object_id
WHERE claim.property = 'participant'
GROUP BY coalesce(event.merged_into_id, event.id), coalesce(part.merged_into_id, part.id)
HAVING count(DISTINCT claim.qualifiers) > 1
"""
CHANGES_RECORDS = f"{_TWICE.format(one='event')} UNION {_TWICE.format(one='part')}"


def upgrade() -> None:
    """Nothing but that."""


def downgrade() -> None:
    """Nothing: the earlier program makes the records anew as it has them."""
