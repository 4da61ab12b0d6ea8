"""Ask of each value that stands for one of a few whether it is this one, or that one.

SQLite makes a table of a list of three or more for every row that is written: that took most of the time of an import.
PostgreSQL does not, and keeps its conditions as they are; they say the same.

Revision ID: e7a2c95d4f18
Revises: d81b5f0a6c34
"""

import re
from collections.abc import Callable, Sequence

from alembic import op

revision: str = "e7a2c95d4f18"
down_revision: str | None = "d81b5f0a6c34"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None
CHANGES_RECORDS = False

_COLUMNS = {"entity": ("kind",), "claim": ("modality", "inference", "rank"), "citation": ("role",)}


def upgrade() -> None:
    """Write the conditions out."""
    _reword(r"{column} IN \(([^()]+)\)", lambda column, told: " OR ".join(f"{column} = {one}" for one in told))


def downgrade() -> None:
    """Make lists of them again."""
    _reword(r"({column} = '\w+'(?: OR {column} = '\w+')+)", lambda column, told: f"{column} IN ({', '.join(told)})")


def _reword(written: str, reworded: Callable[[str, list[str]], str]) -> None:
    """Say the conditions otherwise in the tables' own words, which is all that SQLite holds of them.

    To copy millions of rows into new tables would take long: https://www.sqlite.org/lang_altertable.html#otheralter
    """
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        return
    version: int = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    connection.exec_driver_sql("PRAGMA writable_schema = ON")
    for table, columns in _COLUMNS.items():
        this = "type = 'table' AND name = ?"
        told: str = connection.exec_driver_sql(f"SELECT sql FROM sqlite_schema WHERE {this}", (table,)).scalar_one()
        for column in columns:
            before = rf"(?<=CONSTRAINT ck_{table}_{column} CHECK \(){written.format(column=column)}(?=\))"
            told, count = re.subn(before, lambda found, of=column: reworded(of, re.findall(r"'\w+'", found[1])), told)
            if count != 1:
                raise RuntimeError(f"the table {table} does not say which {column} a row may have: {told}")
        connection.exec_driver_sql(f"UPDATE sqlite_schema SET sql = ? WHERE {this}", (told, table))
    # Others see by the number that they have to read the tables' words anew; this connection is told so.
    connection.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema = RESET")
