"""What the user can mend of an error, as a sentence: what cannot be used, why, what was expected and what to do."""

import errno
import sqlite3

from app.cli.common import get_settings

_REPEAT = "then repeat the command: what it did not say it had done is not stored"
# By SQLite's primary result codes.
_ADVICE = {
    sqlite3.SQLITE_CANTOPEN: "expected a file, or a name for a new one, in a folder that is there and may be written",
    sqlite3.SQLITE_NOTADB: "expected a SQLite database, or a name that no file has yet",
    sqlite3.SQLITE_CORRUPT: "the file is damaged; put a backup in its place",
    sqlite3.SQLITE_READONLY: "expected a file and a folder that whoever runs this may write",
    sqlite3.SQLITE_FULL: f"make room on its disk, {_REPEAT}",
    sqlite3.SQLITE_BUSY: f"somebody else is writing, for longer than this waits; let them finish, {_REPEAT}",
    sqlite3.SQLITE_IOERR: f"the disk is full, or fails; see to it, {_REPEAT}",
}
# What is said of a setting that is no such value, by the library's name for that.
_EXPECTED = {
    "int_parsing": "expected a whole number",
    "float_parsing": "expected a number",
    "bool_parsing": "expected true or false",
}
_READ_ONLY = "25006"  # as PostgreSQL says it
_NO_WRITING = "expected a server that takes writes: the primary, and no default_transaction_read_only"
_UNREACHABLE = "expected a PostgreSQL server that answers there and lets this user in"


def mendable(error: Exception) -> str | None:
    """What the user can mend of an error; None for one of ours."""
    from pydantic import ValidationError
    from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

    from app.db import NoCopyError, shown
    from app.migrate import SchemaError

    if isinstance(error, ValidationError) and error.title == "Settings":
        first = error.errors()[0]
        # What it is instead is not told: somebody may have put a password there.
        why = _EXPECTED.get(first["type"], first["msg"])
        return f"the setting FILMSPACE_{str(first['loc'][0]).upper()} is wrong: {why}"
    if isinstance(error, ImportError):
        return f"the database {_misnamed()} needs {error.name}, which is not installed"
    if isinstance(error, ArgumentError | NoSuchModuleError):
        return f"the database {_misnamed()} cannot be used: {reason(error)}"
    if isinstance(error, DBAPIError | sqlite3.Error):
        return f"the database {shown(get_settings().database_url)} cannot be used: {reason(error)}"
    if isinstance(error, SchemaError):
        return f"the database {shown(get_settings().database_url)} cannot be used: {error}"
    if isinstance(error, OSError) and error.errno == errno.ENAMETOOLONG:
        return f"{error.filename} cannot be used: {error.strerror}"
    return str(error) if isinstance(error, NoCopyError) else None


def _misnamed() -> str:
    """The database whose URL leads to none: the one that is read from, where the other's is as it should be."""
    from sqlalchemy.exc import ArgumentError, NoSuchModuleError

    from app.db import make_engine, shown

    settings = get_settings()
    try:
        make_engine(settings.database_url)
    except (ArgumentError, NoSuchModuleError, ImportError):
        return shown(settings.database_url)
    return shown(settings.read_url, "FILMSPACE_READ_DATABASE_URL")


def reason(error: Exception) -> str:
    """Why a database cannot be used, and what to do, if that is known."""
    original = getattr(error, "orig", None) or error
    told = str(original).splitlines()[0]
    if advice := _ADVICE.get(getattr(original, "sqlite_errorcode", 0) & 0xFF):
        return f"{told}; {advice}"
    if getattr(original, "sqlstate", "") == _READ_ONLY:
        return f"{told}; {_NO_WRITING}"
    # What a server refuses has a code, and what comes from nobody has none.
    is_unreachable = type(original).__module__.startswith("psycopg") and getattr(original, "sqlstate", "") is None
    return f"{told}; {_UNREACHABLE}" if is_unreachable else told
