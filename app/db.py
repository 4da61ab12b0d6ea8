"""Engines: how the database is opened for reading and for writing, and nothing else."""

import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from typing import Any
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, StaticPool, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, InvalidatePoolError, OperationalError

# How long a connection waits for another one's write lock.
_BUSY_TIMEOUT_MS = 5000

# What a transaction keeps in memory that writes very much; to sort what it makes an index of, it takes as much again.
_ROOM_KIB = 32 << 10

# The words of the full-text index and where each stands, for this connection to look them up.
_STANDING = "CREATE VIRTUAL TABLE temp.standing USING fts5vocab('main', 'search', 'instance')"

# Whoever writes to a PostgreSQL database has this lock first, so that one does after the other.
_TURN = "SELECT pg_advisory_xact_lock(7304956)"

# How many connections each process reads with; further requests wait for one.
POOL_SIZE = 8

# Which file it is: its device, and its number there.
File = tuple[int, int]


class NoCopyError(Exception):
    """A copy of the database has no room where temporary files are."""


def make_engine(url: str, *, is_to_be_there: bool = False) -> Engine:
    """An engine whose connections all have the same pragmas and whose transactions are real ones.

    `url` is an SQLAlchemy URL; a SQLite one must name a file. Nothing is opened until it is used, and then the file is
    made if it is not there, unless it is to be there. Raises ArgumentError for a URL that is none.
    """
    made = parts_of(url)
    if made.get_backend_name() == "sqlite" and (
        made.database in (None, "", ":memory:") or made.query.get("mode") == "memory"
    ):
        raise ArgumentError("a SQLite URL must name a file, such as sqlite:///filmspace.db")
    if made.get_backend_name() not in ("sqlite", "postgresql"):
        raise ArgumentError("expected a URL of SQLite or PostgreSQL, such as sqlite:///filmspace.db")
    if made.get_backend_name() != "sqlite":
        # All of a transaction sees one state, as in SQLite; and a server that is gone is noticed before it is asked.
        engine = create_engine(
            made, pool_size=POOL_SIZE, max_overflow=0, isolation_level="REPEATABLE READ", pool_pre_ping=True
        )
        event.listen(engine, "connect", _prepare_postgresql)
        event.listen(engine, "begin", _begin_postgresql)
        return engine
    try:
        engine = create_engine(made, pool_size=POOL_SIZE, max_overflow=0)
    except ValueError as error:  # as where `timeout` is no number
        raise ArgumentError(f"the database's URL cannot be read: {error}") from None
    event.listen(engine, "do_connect", partial(_open_sqlite, "rw" if is_to_be_there else "rwc"))
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    if path := path_of(url):
        event.listen(engine, "connect", partial(_know, path))
        event.listen(engine, "checkout", lambda _, record, __: _refuse_another(record.info, path))
    return engine


def parts_of(url: str | URL) -> URL:
    """What a database's URL is made of. Raises ArgumentError, which tells nothing of it, for one that is none.

    A path that begins with several slashes means what it means with one; in a URI of SQLite it would name a host.
    """
    try:
        made = make_url(url)
    except ValueError:
        raise ArgumentError("the database's URL cannot be read: its port is no number") from None
    if made.get_backend_name() == "sqlite" and (made.database or "").startswith("//"):
        return made.set(database=f"/{(made.database or '').lstrip('/')}")
    return made


def path_of(url: str) -> str | None:
    """The file of a SQLite database; None for any other, and for a URI of SQLite's own."""
    made = parts_of(url)
    is_file = made.get_backend_name() == "sqlite" and not (made.database or "").startswith("file:")
    return made.database if is_file else None


def identity(path: str | None) -> File | None:
    """Which file has this path now; None for none. A connection keeps the one that it has opened, wherever that is."""
    try:
        found = os.stat(path) if path else None
    except OSError:
        return None
    return (found.st_dev, found.st_ino) if found else None


def uri_of(path: str, mode: str) -> str:
    """SQLite's own URI of a file, to be opened in this mode; where nobody can write there, to be read as it is."""
    return f"file:{quote(path)}?{'mode=ro&immutable=1' if frozen(path) else f'mode={mode}'}"


def frozen(path: str) -> int | None:
    """When a file was last written that lies alone in a folder that may not be written; None for any other.

    SQLite would make its log beside the file, even to read it. With a log beside it, somebody else may be writing, or
    has not come to an end: it would be read without what is in there.
    """
    try:
        written = os.stat(path).st_mtime_ns
    except OSError:
        return None
    is_alone = not any(os.path.exists(f"{path}{end}") for end in ("-wal", "-journal"))
    return written if is_alone and not os.access(os.path.dirname(os.path.abspath(path)), os.W_OK) else None


def shown(url: str | URL, setting: str = "FILMSPACE_DATABASE_URL") -> str:
    """A database's URL as anybody may read it: without the secrets in it. One that is none is told by its setting."""
    try:
        made = parts_of(url)
    except ArgumentError:
        return f"of {setting}"
    secrets = [name for name in made.query if "password" in name]
    return made.difference_update_query(secrets).render_as_string(hide_password=True)


def open_for_bytes(url: str) -> sqlite3.Connection:
    """A connection of SQLite's driver that only reads, waits for nobody, and gives texts as bytes.

    A select by way of an engine costs ten times what the driver takes for it. Raises sqlite3.Error, and for another
    database than one of SQLite NotSupportedError.
    """
    made = parts_of(url)
    if made.get_backend_name() != "sqlite":
        raise sqlite3.NotSupportedError(made.get_backend_name())
    address = f"file:{quote(made.database or '')}?mode=ro"
    connection = sqlite3.connect(address, uri=True, isolation_level=None, timeout=0)
    connection.text_factory = bytes
    connection.execute(_STANDING)
    return connection


def for_writing(engine: Engine, *, patience: float = 0) -> Engine:
    """The same engine for transactions that write, one after the other.

    SQLite refuses to turn a transaction that has read into one that writes when somebody else has written in between,
    whatever its busy timeout, so these take the write lock at once. PostgreSQL would let two write that have not seen
    each other, and the history would part; so these wait at once too, and then see all that was written.
    `patience` is for how many seconds one waits on PostgreSQL; 0 is without end.
    """
    if engine.dialect.name == "sqlite":
        return engine.execution_options(sqlite_begin="BEGIN IMMEDIATE")
    return engine.execution_options(isolation_level="READ COMMITTED", is_writing=True, patience=patience)


def for_loading(engine: Engine) -> Engine:
    """The same for a transaction that writes very much: it has more room before it has to go to the disk.

    In an empty base, which nobody reads, SQLite does without its write-ahead log, in which a page takes the longer to
    be found the more there are. Whoever opens the database next has it again.
    """
    return for_writing(engine).execution_options(sqlite_room=_ROOM_KIB)


@contextmanager
def scratch(engine: Engine) -> Iterator[Connection]:
    """A connection to the database as it is now, on which everything may be tried: nothing of it stays.

    For SQLite it is a copy of the file, in the folder for temporary files, and nobody waits for it. For PostgreSQL it
    is a transaction that is rolled back; what changes the data waits for that, what reads does not.
    Raises NoCopyError.
    """
    with ExitStack() as stack:
        tried = engine
        if engine.dialect.name == "sqlite":
            tried = copied(engine)
            stack.callback(tried.dispose)
            stack.enter_context(_told_of_copies())
        with for_writing(tried).connect() as connection, connection.begin() as transaction:
            yield connection
            transaction.rollback()


@contextmanager
def _told_of_copies() -> Iterator[None]:
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        code = getattr(getattr(error, "orig", None) or error, "sqlite_errorcode", 0) & 0xFF
        if code not in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR):
            raise
        text = "a copy of the database has no room in the folder for temporary files; name another one with TMPDIR"
        raise NoCopyError(text) from error


def copied(engine: Engine) -> Engine:
    """A copy of a SQLite database as it is now, with one connection, which it is gone with; any thread may have it.

    Raises NoCopyError.
    """

    def connect() -> Any:
        return sqlite3.connect("", check_same_thread=False)  # without a name it is a temporary file without one

    copy = create_engine("sqlite://", creator=connect, poolclass=StaticPool)
    event.listen(copy, "connect", _prepare_sqlite)
    event.listen(copy, "begin", _begin_sqlite)
    with engine.connect() as held, _told_of_copies(), copy.connect() as target:
        drivers: Any = held.connection.dbapi_connection, target.connection.dbapi_connection
        drivers[0].backup(drivers[1])
    return copy


def _prepare_sqlite(connection: Any, record: Any) -> None:
    # The driver's own transactions start late and leave DDL outside; ours start with the begin event.
    connection.isolation_level = None
    cursor = connection.cursor()
    # The busy timeout first: switching to WAL may already have to wait.
    cursor.execute(f"PRAGMA busy_timeout={_BUSY_TIMEOUT_MS}")
    if not record.info.get("frozen"):
        cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute(_STANDING)
    cursor.close()


def _open_sqlite(mode: str, dialect: Any, record: Any, arguments: list[str], more: dict[str, Any]) -> Any:
    """Open a file in this mode: where somebody has taken it away, no empty one should stand in its place with `rw`."""
    path = arguments[0]
    is_uri = path.startswith("file:")
    # Looked at before: when another file is put there meanwhile, it is not taken for the one that was opened.
    record.info.update(file=None if is_uri else identity(path), frozen=None if is_uri else frozen(path))
    return dialect.connect(path if is_uri else uri_of(path, mode), **{**more, "uri": True})


def _know(path: str, _: Any, record: Any) -> None:
    """Note which file was opened, where it was not there before."""
    record.info["file"] = record.info["file"] or identity(path)


def _refuse_another(opened: Mapping[str, Any], path: str) -> None:
    """Let go of all connections when another file has the name of the database, or none has it.

    So too when one could be written after all that was opened as if that could not be.
    """
    if identity(path) != opened["file"] or (opened["frozen"] and frozen(path) != opened["frozen"]):
        raise InvalidatePoolError


def _begin_sqlite(connection: Connection) -> None:
    options = connection.get_execution_options()
    if room := options.get("sqlite_room"):
        connection.exec_driver_sql(f"PRAGMA cache_size=-{room}")
        if connection.exec_driver_sql("SELECT 1 FROM source LIMIT 1").first() is None:
            with suppress(OperationalError):  # somebody else has it open
                connection.exec_driver_sql("PRAGMA journal_mode=DELETE")
    connection.exec_driver_sql(options.get("sqlite_begin", "BEGIN"))


def _prepare_postgresql(connection: Any, _: Any) -> None:
    # The driver reads moments in no other form; and which one a server writes may be set for it, or for a database.
    if not connection.info.parameter_status("DateStyle").startswith("ISO"):
        connection.execute("SET datestyle TO ISO")
        connection.commit()


def _begin_postgresql(connection: Connection) -> None:
    options = connection.get_execution_options()
    if options.get("is_writing"):
        if patience := options.get("patience"):
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{int(patience * 1000) or 1}ms'")
        connection.exec_driver_sql(_TURN)
