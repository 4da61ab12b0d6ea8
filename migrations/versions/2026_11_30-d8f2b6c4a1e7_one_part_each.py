"""Make anew the records with a part in something that is told with a role and without, or with two of one identifier.

A part is shown once, in its role; and of several identifiers of a scheme the one that is the record's address.

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
# What stands before the colon of an identifier, as either database can tell it.
_SCHEME = "replace(claim.value, ltrim(claim.value, 'abcdefghijklmnopqrstuvwxyz0123456789_-'), '')"
CHANGES_RECORDS = f"""
{_TWICE.format(one="event")} UNION {_TWICE.format(one="part")} UNION
SELECT coalesce(entity.merged_into_id, entity.id)
FROM claim JOIN entity ON entity.id = claim.subject_id
WHERE claim.property = 'identifier'
GROUP BY coalesce(entity.merged_into_id, entity.id)
HAVING count(DISTINCT claim.value) > count(DISTINCT {_SCHEME})
"""


def upgrade() -> None:
    """Nothing but that."""


def downgrade() -> None:
    """Nothing: the earlier program makes the records anew as it has them."""
