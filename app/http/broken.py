"""503 for a database that cannot be read: it is gone, locked or damaged, or its server is not there."""

import logging
import sqlite3

from fastapi import FastAPI, Request
from fastapi.responses import Response
from sqlalchemy.exc import DBAPIError, OperationalError

from app.db import NoCopyError
from app.http import problems
from app.http.problems import ProblemError
from app.http.reach import OUT_OF_USE, reason_of
from app.logs import one_line

# By SQLite's primary result codes; whatever else it says is a mistake of ours.
_UNREADABLE = {
    sqlite3.SQLITE_BUSY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_PROTOCOL, sqlite3.SQLITE_READONLY,
}  # fmt: skip
_log = logging.getLogger("filmspace")


def install(app: FastAPI) -> None:
    """Answer what a database that cannot be read raises as a problem, and say why in the log."""
    for one in (DBAPIError, sqlite3.Error, NoCopyError):
        app.add_exception_handler(one, _out_of_reach)


def _out_of_reach(request: Request, error: Exception) -> Response:
    reason = getattr(error, "orig", None) or error
    code = getattr(reason, "sqlite_errorcode", None)
    is_lost = isinstance(error, OperationalError | NoCopyError) or getattr(error, "connection_invalidated", False)
    is_lost = is_lost or getattr(reason, "sqlstate", None) in OUT_OF_USE
    if code & 0xFF not in _UNREADABLE if code is not None else not is_lost:
        raise error
    path = one_line(request.scope["path"].encode("utf-8", "surrogateescape"))
    request.app.state.reach.last_reason = told = reason_of(error)
    _log.error("%s %s cannot be answered, for the database cannot be read: %s", request.method, path, told)
    text = "The database cannot be read just now; the log of the server says why. Try again in a moment."
    return problems.told(request, ProblemError(503, "not_ready", text))
