"""Very many rows: inserted the fastest way that the driver has, found by ids in a table, indexed afterwards."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import Column, Connection, Dialect, Integer, MetaData, Select, Table, Text, delete, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.schema import CreateTable
from sqlmodel import SQLModel

_T = TypeVar("_T")


def insert_rows(connection: Connection, into: Table, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert tuples of the values of `columns`. Raises DBAPIError, as what goes by way of SQLAlchemy does."""
    if not rows:
        return
    told, bound = _insertion(into, tuple(columns), connection.dialect)
    by_column: list[Iterable[Any]] = list(zip(*rows, strict=True)) if bound else []
    for index, stored in bound:
        by_column[index] = map(stored, by_column[index])
    stored_rows = list(zip(*by_column, strict=True)) if bound else list(rows)
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(told, stored_rows)
    else:
        _copy(connection, told, stored_rows)


def insert_mappings(connection: Connection, into: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows that all have the keys of the first one, in its order."""
    if rows:
        insert_rows(connection, into, tuple(rows[0]), [tuple(row.values()) for row in rows])


def batches_of(items: Sequence[_T], size: int = 400) -> Iterator[Sequence[_T]]:
    """Items in pieces of which each may stand in one query: SQLite takes some thousand values in a list."""
    return (items[start : start + size] for start in range(0, len(items), size))


def table_of(model: type[SQLModel]) -> Table:
    """The table of a model."""
    return SQLModel.metadata.tables[str(model.__tablename__)]


def temporary(name: str, *columns: Column[Any]) -> Table:
    """A table that the connection alone has."""
    return Table(name, MetaData(), *columns, prefixes=["TEMPORARY"])


def put_up(connection: Connection, held: Table) -> None:
    """Have a temporary table, empty."""
    connection.execute(CreateTable(held, if_not_exists=True))
    connection.execute(delete(held))


def given(connection: Connection, name: str, ids: Collection[int]) -> Select[Any]:
    """A query for these ids, to be used in a condition: with however many, it is the same statement, prepared once.

    They stand in the temporary table of that name until others take their place. The caller is in a write transaction.
    """
    return _given(connection, _held(name, Integer), ids)


def given_names(connection: Connection, name: str, names: Collection[str]) -> Select[Any]:
    """The same for names."""
    return _given(connection, _held(name, Text), names)


@contextmanager
def indexed_after(connection: Connection, *tables: Table, but: Collection[str]) -> Iterator[None]:
    """Make the indexes of these tables after what is done meanwhile, in one go, which is many times cheaper.

    Those stay that begin with a column of `but`, and those that are unique. PostgreSQL keeps all, since nobody could
    read the table meanwhile. A transaction that fails takes everything back.
    """
    put_off = [
        index
        for table in tables if connection.dialect.name == "sqlite"
        for index in sorted(table.indexes, key=lambda one: str(one.name))
        if not index.unique and index.columns[0].name not in but
    ]  # fmt: skip
    for index in put_off:
        index.drop(connection)
    yield
    for index in put_off:
        index.create(connection)


def _copy(connection: Connection, statement: str, rows: Iterable[tuple[Any, ...]]) -> None:
    """Send rows by PostgreSQL's COPY, which SQLAlchemy has no words for."""
    driver: Any = connection.connection.driver_connection
    try:
        with driver.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)
    except connection.dialect.loaded_dbapi.Error as error:
        errors: Any = connection.dialect.loaded_dbapi.Error
        raise DBAPIError.instance(statement, None, error, errors, dialect=connection.dialect) from error


@lru_cache(maxsize=64)
def _insertion(into: Table, columns: tuple[str, ...], dialect: Dialect) -> tuple[str, list[tuple[int, Any]]]:
    """The statement, and for the columns whose values are not stored as they are, how they are."""
    named = f"{into.name} ({', '.join(map(dialect.identifier_preparer.quote, columns))})"
    if dialect.name == "sqlite":
        statement = f"INSERT INTO {named} VALUES ({', '.join('?' * len(columns))})"
    else:
        statement = f"COPY {named} FROM STDIN"
    types = [into.c[name].type.dialect_impl(dialect) for name in columns]
    stored = [(index, one.bind_processor(dialect)) for index, one in enumerate(types)]
    return statement, [one for one in stored if one[1]]


@lru_cache(maxsize=32)
def _held(name: str, of: type[Any]) -> Table:
    return temporary(name, Column("one", of, primary_key=of is Integer))


def _given(connection: Connection, held: Table, values: Collection[Any]) -> Select[Any]:
    put_up(connection, held)
    insert_rows(connection, held, ("one",), [(one,) for one in values])
    return select(held.c.one)
