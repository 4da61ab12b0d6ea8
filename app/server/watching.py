"""Whether the data has changed, asked before every answer that is kept: it must cost next to nothing."""

import sqlite3
from collections.abc import Callable
from time import monotonic
from urllib.parse import quote

from app.db import identity, path_of

# For so long it is not looked whether another file has the name of the database, which costs half as much as the rest.
_SECONDS = 0.05


def version_of(database_url: str) -> Callable[[], int | None]:
    """A function that tells one version of the data from the next, in one thread; None where that cannot be told.

    It is SQLite's own `data_version`, which changes for a connection of its own with every commit of another one, in
    whatever process, as soon as that can be read; and which file it is. PostgreSQL has nothing that would be as cheap.
    """
    path = path_of(database_url)
    if path is None:
        return lambda: None
    address = f"file:{quote(path)}?mode=ro"
    connection: sqlite3.Connection | None = None
    file, opened, looked_at = None, 0, 0.0

    def version() -> int | None:
        nonlocal connection, file, opened, looked_at
        is_another = False
        if (now := monotonic()) > looked_at + _SECONDS:
            is_another, looked_at = identity(path) != file, now
        try:
            # Opened by the thread that asks, when there is something to open; reading waits for nobody.
            if connection is None or is_another:
                if connection:
                    connection.close()
                connection, file, opened = None, identity(path), opened + 1
                connection = sqlite3.connect(address, uri=True, isolation_level=None, timeout=0)
            found: int = connection.execute("PRAGMA data_version").fetchone()[0]
        except sqlite3.Error:
            return None
        return found + (opened << 32)

    return version
