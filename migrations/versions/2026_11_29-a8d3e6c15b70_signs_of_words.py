"""Index anew what has words with vowel signs, as India's scripts have them, or names with hyphens.

Signs parted words, so that other words than those that are sought now are in the index; of what hyphens part, the one
word that it is without them was not there. Texts and sentences are looked through for signs alone.

Revision ID: a8d3e6c15b70
Revises: f1d7b3a96e40
"""

from collections.abc import Sequence

from alembic import op

revision: str = "a8d3e6c15b70"
down_revision: str | None = "f1d7b3a96e40"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None
# Those that are taken out of the index here, or a later migration.
CHANGES_RECORDS = "SELECT id FROM entry WHERE id NOT IN (SELECT id FROM indexed)"

# The scripts of which letters have such signs.
_SIGNED = "[\u0780-\u07bf\u0900-\u109f\u1700-\u1cff\ua800-\uabff\U00010a00-\U00011fff]"


def upgrade() -> None:
    """Take them out of the index, and their words out of the vocabulary."""
    # Which rows have anything beyond ASCII at all is told sooner: in 14 seconds instead of minutes, of a million films.
    has_signs = f"length({{0}}) < length(CAST({{0}} AS BLOB)) AND {{0}} GLOB '*{_SIGNED}*'"
    words = "words"
    if op.get_context().dialect.name != "sqlite":
        has_signs, words = f"length({{0}}) < octet_length({{0}}) AND {{0}} ~ '{_SIGNED}'", "CAST(words AS text)"
    op.execute(
        "CREATE TEMPORARY TABLE cut_otherwise AS "
        f"SELECT rowid AS place FROM search WHERE {has_signs.format(words)} "
        "UNION SELECT place FROM indexed WHERE names LIKE '%-%'"
    )
    op.execute("DELETE FROM search WHERE rowid IN (SELECT place FROM cut_otherwise)")
    op.execute("DELETE FROM indexed WHERE place IN (SELECT place FROM cut_otherwise)")
    op.execute(f"DELETE FROM spelling WHERE {has_signs.format('word')}")
    op.execute("DROP TABLE cut_otherwise")


def downgrade() -> None:
    """Leave them: the one before finds what it takes for words in names as a whole."""
