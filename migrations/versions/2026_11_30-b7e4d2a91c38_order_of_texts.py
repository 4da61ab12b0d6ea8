"""Keep texts in the order of their letters' numbers in PostgreSQL, whatever language its database is of.

SQLite orders them so. PostgreSQL orders each column as its database is told to, unless it is told otherwise.

Revision ID: b7e4d2a91c38
Revises: a8d3e6c15b70
"""

from collections.abc import Sequence

from alembic import op

revision: str = "b7e4d2a91c38"
down_revision: str | None = "a8d3e6c15b70"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None
CHANGES_RECORDS = False


def upgrade() -> None:
    """Order by "C"; indexes are made anew, and no row is written."""
    _collate("default", "C")


def downgrade() -> None:
    """Order as the database does."""
    _collate("C", "default")


def _collate(before: str, after: str) -> None:
    connection = op.get_bind()
    if connection.dialect.name != "postgresql":
        return
    ordered = connection.exec_driver_sql(
        "SELECT attrelid::regclass::text, quote_ident(attname), format_type(atttypid, atttypmod) "
        "FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid "
        "JOIN pg_collation ON pg_collation.oid = attcollation "
        "WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace AND NOT attisdropped AND attnum > 0 "
        f"AND collname = '{before}' AND relname <> 'alembic_version' ORDER BY attrelid, attnum"
    )
    changes: dict[str, list[str]] = {}
    for table, column, told in ordered:
        changes.setdefault(table, []).append(f'ALTER {column} TYPE {told} COLLATE pg_catalog."{after}"')
    for table, columns in changes.items():
        connection.exec_driver_sql(f"ALTER TABLE {table} {', '.join(columns)}")
