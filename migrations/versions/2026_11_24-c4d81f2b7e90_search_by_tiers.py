"""Search by tiers, and the vocabulary for mistyped words.

The index is filled when the records are made anew, which follows an upgrade.

Revision ID: c4d81f2b7e90
Revises: 81f73539190d
"""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision: str = "c4d81f2b7e90"
down_revision: str | None = "81f73539190d"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "indexed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("place", sa.BigInteger(), nullable=False),
        sa.Column("names", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["entity.id"], name=op.f("fk_indexed_id_entity")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indexed")),
    )
    op.create_table(
        "spelling",
        sa.Column("key", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("word", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.PrimaryKeyConstraint("key", "word", name=op.f("pk_spelling")),
    )
    with op.batch_alter_table("spelling", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_spelling_word"), ["word"], unique=False)

    op.execute("DROP TABLE search")
    # The words are cut by us (app.words), so FTS5 must not cut them otherwise: to its ascii tokenizer, all that is not
    # ASCII is part of a word. A word stands once in a row, so where is not kept; its first character is a mark.
    if op.get_context().dialect.name == "sqlite":
        options = "tokenize=\"ascii tokenchars '_'\", prefix='2 3 4', detail=none, columnsize=0"
        op.execute(f"CREATE VIRTUAL TABLE search USING fts5(words, {options})")
    else:
        op.execute("CREATE TABLE search (rowid bigint PRIMARY KEY, words tsvector NOT NULL)")
        op.execute("CREATE INDEX search_words ON search USING gin (words)")


def downgrade() -> None:
    """Bring them back to the one before."""
    op.execute("DROP TABLE search")
    if op.get_context().dialect.name == "sqlite":
        op.execute("CREATE VIRTUAL TABLE search USING fts5(label, aliases, body, prefix='2 3')")
    else:
        op.execute("CREATE TABLE search (rowid bigint PRIMARY KEY, label text, aliases text, body text)")
        words = "to_tsvector('simple', label || ' ' || aliases || ' ' || body)"
        op.execute(f"CREATE INDEX search_words ON search USING gin ({words})")
    with op.batch_alter_table("spelling", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_spelling_word"))

    op.drop_table("spelling")
    op.drop_table("indexed")
