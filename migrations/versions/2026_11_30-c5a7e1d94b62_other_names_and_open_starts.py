"""Make anew the records that have names beside the one that they show, or a date with an open start.

Their other names are links now, which filters find, and who may be the earliest stands first. Of very long texts only
the beginning is a link.

Revision ID: c5a7e1d94b62
Revises: b7e4d2a91c38
"""

from collections.abc import Sequence

revision: str = "c5a7e1d94b62"
down_revision: str | None = "b7e4d2a91c38"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None
CHANGES_RECORDS = """
SELECT coalesce(entity.merged_into_id, entity.id) AS id
FROM claim JOIN entity ON entity.id = claim.subject_id
WHERE claim.property = 'name'
GROUP BY coalesce(entity.merged_into_id, entity.id)
HAVING count(DISTINCT claim.value) > 1
UNION
SELECT coalesce(entity.merged_into_id, entity.id)
FROM claim JOIN entity ON entity.id = claim.subject_id
WHERE claim.property IN ('release_date', 'filming_date', 'point_in_time', 'date', 'birth_date', 'inception')
    AND (claim.value LIKE '..%' OR claim.value LIKE '/%' OR claim.value LIKE '[..%' OR claim.value LIKE '{..%')
UNION
SELECT coalesce(entity.merged_into_id, entity.id)
FROM claim JOIN entity ON entity.id = claim.subject_id
WHERE claim.property IN ('distinction', 'award', 'goal', 'requirement', 'alternate_name') AND length(claim.value) > 600
"""


def upgrade() -> None:
    """Nothing but that."""


def downgrade() -> None:
    """Nothing: the earlier program makes the records anew as it has them."""
