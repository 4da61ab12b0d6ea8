"""Engines: how the database is opened for reading and for writing, and nothing else."""

from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError

# How long a connection waits for another one's write lock.
_BUSY_TIMEOUT_MS = 5000

# How many connections each process reads with; further requests wait for one.
POOL_SIZE = 8


def make_engine(url: str) -> Engine:
    """An engine whose connections all have the same pragmas and whose transactions are real ones.

    `url` is an SQLAlchemy URL; a SQLite one must name a file. Nothing is opened until it is used.
    Raises ArgumentError for a URL that is none.
    """
    made = make_url(url)
    if made.get_backend_name() == "sqlite" and made.database in (None, "", ":memory:"):
        raise ArgumentError("a SQLite URL must name a file, such as sqlite:///filmspace.db")
    engine = create_engine(url, pool_size=POOL_SIZE, max_overflow=0)
    if made.get_backend_name() == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def for_writing(engine: Engine) -> Engine:
    """The same engine for transactions that write.

    SQLite refuses to turn a transaction that has read into one that writes when somebody else has written in between,
    whatever its busy timeout, so these take the write lock at once.
    """
    return engine.execution_options(sqlite_begin="BEGIN IMMEDIATE")


@contextmanager
def scratch(engine: Engine) -> Iterator[Connection]:
    """A connection to the database as it is now, on which everything may be tried: nothing of it stays.

    For SQLite it is a copy of the file, in the folder for temporary files, and nobody waits for it. For PostgreSQL it
    is a transaction that is rolled back; what changes the data waits for that, what reads does not.
    """
    if engine.dialect.name != "sqlite":
        with engine.connect() as connection, connection.begin() as transaction:
            connection.exec_driver_sql("LOCK TABLE revision IN SHARE ROW EXCLUSIVE MODE")
            yield connection
            transaction.rollback()
        return
    with TemporaryDirectory(prefix="filmspace-") as folder:
        copy = make_engine(f"sqlite:///{folder}/copy.db")
        with engine.connect() as held, copy.connect() as target:
            drivers: Any = held.connection.dbapi_connection, target.connection.dbapi_connection
            drivers[0].backup(drivers[1])
        with for_writing(copy).connect() as connection, connection.begin():
            yield connection
        copy.dispose()


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver's own transactions start late and leave DDL outside; ours start with the begin event.
    connection.isolation_level = None
    cursor = connection.cursor()
    # The busy timeout first: switching to WAL may already have to wait.
    cursor.execute(f"PRAGMA busy_timeout={_BUSY_TIMEOUT_MS}")
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get("sqlite_begin", "BEGIN"))
