"""Rows in bulk are what single ones would be."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Boolean, Column, Date, Engine, Integer, Text, insert, select
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlmodel.sql.sqltypes import UTCDateTime

from app.db import for_writing
from app.tables.rows import insert_rows, put_up, temporary

TEXTS = ("", "\\N", "\\", "\\.", "a\tb", "two\nlines", "\r\n", '"', "'; --", "é\u2028\U0001f600", "%s {} :x", None)
HELD = temporary(
    "held",
    Column("id", Integer, primary_key=True),
    Column("text", Text),
    Column("day", Date),
    Column("at", UTCDateTime),
    Column("is_so", Boolean),
)


def test_in_bulk_or_singly(engine: Engine) -> None:
    """By SQLite's driver, or PostgreSQL's COPY, and by SQLAlchemy."""
    at = datetime(2026, 11, 28, 9, 30, 1, 123456, tzinfo=UTC)
    rows = [
        (number, told, date(1957, 10, 4) if told else None, at if told else None, bool(told))
        for number, told in enumerate(TEXTS)
    ]
    found = []
    with for_writing(engine).begin() as connection:
        put_up(connection, HELD)
        insert_rows(connection, HELD, HELD.c.keys(), rows)
        found.append([tuple(row) for row in connection.execute(select(HELD).order_by(HELD.c.id))])
        put_up(connection, HELD)
        connection.execute(insert(HELD), [dict(zip(HELD.c.keys(), row, strict=True)) for row in rows])
        found.append([tuple(row) for row in connection.execute(select(HELD).order_by(HELD.c.id))])
    assert found[0] == found[1] == rows


@pytest.mark.parametrize("rows", [[(1, "x"), (1, "y")], [("no number", "x")]])
def test_what_does_not_fit_is_the_databases_error(engine: Engine, rows: list[tuple[object, str]]) -> None:
    with for_writing(engine).connect() as connection, connection.begin() as transaction:
        put_up(connection, HELD)
        with pytest.raises(IntegrityError if rows[0][0] == 1 else DBAPIError):
            insert_rows(connection, HELD, ("id", "text"), rows)
        transaction.rollback()
