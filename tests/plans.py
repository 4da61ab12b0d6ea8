"""How a database goes about what is asked of it."""

import re
from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, Engine, event

# Few rows are read fastest as they lie; it is to be seen how many would be.
_AS_OF_MANY = "SET enable_seqscan = off; SET enable_bitmapscan = off"
_WHOLE = re.compile(r"^SCAN (?!.*(USING (COVERING )?INDEX|CONSTANT|\(subquery|anon_))|Seq Scan on")
_SORTED = re.compile(r"USE TEMP B-TREE FOR .*ORDER BY|Sort$")


def plans_of(engine: Engine, ask: Callable[[Connection], object]) -> list[tuple[str, list[str]]]:
    """Each statement that is asked on a connection, with the lines of its plan."""
    asked: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool) -> None:
        asked.append((statement, parameters))

    explain = "EXPLAIN QUERY PLAN"
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql(_AS_OF_MANY)
            explain = "EXPLAIN (COSTS OFF)"
        event.listen(connection, "before_cursor_execute", note)
        ask(connection)
        event.remove(connection, "before_cursor_execute", note)
        return [
            (statement, [row[-1] for row in connection.exec_driver_sql(f"{explain} {statement}", parameters)])
            for statement, parameters in asked
            if statement.startswith(("SELECT", "WITH"))
        ]


def whole(plan: list[str]) -> list[str]:
    """The lines that read a table from its beginning to its end."""
    return [line for line in plan if _WHOLE.search(line)]


def sorts(plan: list[str]) -> list[str]:
    """The lines that put all that is found into an order."""
    return [line for line in plan if _SORTED.search(line)]
