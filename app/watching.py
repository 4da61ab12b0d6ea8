"""Whether the data has changed, asked before every answer that is kept: it must cost next to nothing."""

import sqlite3
from collections.abc import Callable
from urllib.parse import quote

from sqlalchemy import make_url


def version_of(database_url: str) -> Callable[[], int | None]:
    """A function that tells one version of the data from the next, in one thread; None where that cannot be told.

    It is SQLite's own `data_version`, which changes for a connection of its own with every commit of another one, in
    whatever process, as soon as that can be read. PostgreSQL has nothing that would be as cheap.
    """
    url = make_url(database_url)
    if url.get_backend_name() != "sqlite":
        return lambda: None
    address = f"file:{quote(url.database or '')}?mode=ro"
    connection: sqlite3.Connection | None = None

    def version() -> int | None:
        nonlocal connection
        try:
            # Opened by the thread that asks, when there is something to open; reading waits for nobody.
            connection = connection or sqlite3.connect(address, uri=True, isolation_level=None, timeout=0)
            found: int = connection.execute("PRAGMA data_version").fetchone()[0]
        except sqlite3.Error:
            return None
        return found

    return version
