"""The whole evidence as lines of JSON, and back into an empty base: byte for byte the same when it is written again.

Records are not in it, since they are made from the evidence.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from itertools import islice, zip_longest
from typing import Any

from sqlalchemy import Connection, Integer, Table, bindparam, func, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import UTCDateTime

from app.importing.files import File
from app.importing.records import FormatError, Unreadable
from app.projection import rebuild
from app.tables.rows import insert_mappings

FORMAT = "filmspace evidence 2"
# In an order in which each refers to what came before; what refers to its own table is told with the others.
_TABLES: tuple[Table, ...] = tuple(
    SQLModel.metadata.tables[name] for name in ("source", "entity", "claim", "citation", "revision")
)
_TO_ITSELF = {"source": "superseded_by_id", "entity": "merged_into_id"}
# What exports did not have at first, and what does not stand in the line of a row that has none.
_LATER = {"citation": {"references"}}
_BATCH = 1000
# What the last line has: the SHA-256 of all others, each with a line feed.
_DIGEST = "sha256"


def dump(connection: Connection, *, licence: str) -> Iterator[str]:
    """A line that says what this is, of which revision and under which licence, one for each row, and their digest."""
    digest = hashlib.sha256()
    for line in _dumped(connection, licence):
        digest.update(f"{line}\n".encode())
        yield line
    yield _line({_DIGEST: digest.hexdigest()})


def _dumped(connection: Connection, licence: str) -> Iterator[str]:
    newest = connection.execute(select(func.max(_TABLES[-1].c.id))).scalar() or 0
    yield _line({"format": FORMAT, "revision": newest, "licence": licence})
    for table in _TABLES:
        query = select(table).order_by(table.c.id).execution_options(yield_per=_BATCH)
        for row in connection.execute(query):
            later = _LATER.get(table.name, ())
            told = {
                name: value.isoformat() if isinstance(value, datetime) else value
                for name, value in row._mapping.items()
                if value is not None or name not in later
            }
            yield _line({table.name: told})


def restore(
    connection: Connection, file: File, check: Callable[[Connection], Iterable[str]] = lambda _connection: (),
    *, licence: str,
) -> dict[str, int]:  # fmt: skip
    """Fill an empty base in the caller's write transaction; how many rows of each table there are then.

    `check` finds what does not hold of the evidence, before records are made from it. Where the base is what the file
    is of, nothing is done, and nothing counted. Raises FormatError for any other base that is not empty, and for a
    file that is no export, is not all of one, does not hold all that it refers to, or was changed since it was written.
    """
    newest = _revision_of(file, licence)
    if any(connection.execute(select(table.c.id).limit(1)).first() for table in _TABLES):
        if _is_held(connection, file, licence):
            return {}
        raise FormatError(f"{file.name}: the evidence goes into an empty base only, and this one is not")
    try:
        counts, last = _fill(connection, file)
        _link_rows(connection, file)
    except IntegrityError as error:
        raise FormatError(f"{file.name}: does not hold together ({error.orig})") from error
    if last != newest:  # which is what its last line tells of
        text = f"is cut off, or put together of others: it ends with revision {last}, and begins as one of {newest}"
        raise FormatError(f"{file.name}: {text}. Nothing is changed")
    problem = next(iter(check(connection)), None if _is_as_it_was(file) else "its last line has another SHA-256")
    if problem:
        text = f"was changed after it was exported, or lines of it are missing: {problem}. Export it anew"
        raise FormatError(f"{file.name}: {text}")
    _count_on(connection)
    rebuild(connection)
    return counts


def _fill(connection: Connection, file: File) -> tuple[dict[str, int], int]:
    """(how many rows of each table there are, the id of the last of its last table, 0 if it ends with another one).

    What rows say of others of their own table is left out, since these may not be there yet.
    """
    counts, last = dict.fromkeys((table.name for table in _TABLES), 0), 0
    for name, batch in _batches(_rows(file)):
        own = _TO_ITSELF.get(name)
        rows = [{**row, own: None} if own else row for row in batch]
        insert_mappings(connection, SQLModel.metadata.tables[name], rows)
        counts[name] += len(batch)
        last = rows[-1]["id"] if name == _TABLES[-1].name else 0
    return counts, last


def _link_rows(connection: Connection, file: File) -> None:
    """What rows say of others of their own table, now that all of them are there."""
    for name, batch in _batches((name, row) for name, row in _rows(file) if row.get(_TO_ITSELF.get(name, ""))):
        table, own = SQLModel.metadata.tables[name], _TO_ITSELF[name]
        told = [{"one": row["id"], "other": row[own]} for row in batch]
        mark = update(table).where(table.c.id == bindparam("one")).values({own: bindparam("other")})
        connection.execute(mark, told)


def _revision_of(file: File, licence: str) -> int:
    """The newest revision that an export is of, which its first line tells beside the licence of exports."""
    try:
        line = next(iter(file.lines()), None)
        told = json.loads(line[1]) if isinstance(line, tuple) else None
        if isinstance(told, dict) and told.get("format") == FORMAT and type(told.get("revision")) is int:
            if told.get("licence") != licence:
                text = f"says that its licence is {told.get('licence')!a}"[:80]
                raise FormatError(f"{file.name}:1: {text}, and exports are under {licence}: it was changed")
            return int(told["revision"])
        if isinstance(told, dict) and str(told.get("format")).startswith(FORMAT.rstrip("2")):
            text = f"is of '{told['format']}', which another version of filmspace wrote; this one reads '{FORMAT}'"
            raise FormatError(f"{file.name}:1: {text}, so use the version that wrote it"[:300])
    except (ValueError, RecursionError):
        pass
    raise FormatError(f"{file.name}:1: does not say that this is '{FORMAT}' of some revision; it is no export of ours")


def _is_held(connection: Connection, file: File, licence: str) -> bool:
    """Whether the base is what the export is of; its first line says nothing that its last row does not."""
    told = (None if isinstance(line, Unreadable) else line[1] for line in _filled(file))
    held = dump(connection, licence=licence)
    return all(one == other for one, other in islice(zip_longest(held, told), 1, None))


def _filled(file: File) -> Iterator[tuple[int, str] | Unreadable]:
    """Its lines, but for empty ones, which other programs leave at the end."""
    return (line for line in file.lines() if isinstance(line, Unreadable) or line[1].strip())


def _rows(file: File) -> Iterator[tuple[str, dict[str, Any]]]:
    """The name of the table and the row of each line, as the database takes it."""
    by_name = {table.name: table for table in _TABLES}
    for line in _filled(file):
        if isinstance(line, Unreadable):
            raise FormatError(str(line))
        number, content = line
        try:
            told = json.loads(content)
            if number == 1 or _DIGEST in told:
                continue
            if len(told) != 1:
                begins = "another export begins here" if "format" in told else "it has several keys"
                raise ValueError(f"{begins}; expected the name of a table with a row")
            ((name, row),) = told.items()
            yield name, _typed(by_name[name], row)
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise FormatError(f"{file.name}:{number}: is no line of an export ({error})"[:300]) from error


def _is_as_it_was(file: File) -> bool:
    """Whether the last line has the digest of all others."""
    digest, told = hashlib.sha256(), ""
    for line in _filled(file):
        digest.update(f"{told}\n".encode() if told else b"")
        told = "" if isinstance(line, Unreadable) else line[1]
    return told == _line({_DIGEST: digest.hexdigest()})


def _typed(table: Table, row: Mapping[str, Any]) -> dict[str, Any]:
    """A row with the types of its columns. Raises ValueError when it has others."""
    later = dict.fromkeys(_LATER.get(table.name, ()))
    row = {**later, **row} if later else row
    if row.keys() != set(table.c.keys()):
        raise ValueError(f"a {table.name} has {', '.join(table.c.keys())}")
    typed = {}
    for column in table.c:
        value, expected = row[column.name], int if isinstance(column.type, Integer) else str
        is_fitting = type(value) is expected or (value is None and column.nullable)
        is_kept = "\0" not in value and bool(value.encode()) if value and expected is str else True
        if not is_fitting or not is_kept or (expected is int and value is not None and not 0 <= value < 1 << 31):
            raise ValueError(f"{column.name} is {value!a}"[:80])
        is_time = value is not None and isinstance(column.type, UTCDateTime)
        typed[column.name] = _moment(value) if is_time else value
    return typed


def _moment(told: str) -> datetime:
    """A time, as exports write them. Raises ValueError for another one."""
    moment = datetime.fromisoformat(told)
    if moment.tzinfo is None or moment.utcoffset():
        raise ValueError(f"{told!a} is no time in UTC")
    return moment


def _batches(rows: Iterator[tuple[str, dict[str, Any]]]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Rows of one table that come one after another, in pieces."""
    name, batch = "", list[dict[str, Any]]()
    for one, row in rows:
        if batch and (one != name or len(batch) == _BATCH):
            yield name, batch
            batch = []
        name = one
        batch.append(row)
    if batch:
        yield name, batch


def _count_on(connection: Connection) -> None:
    """Let PostgreSQL number what is to come after what is there; SQLite does."""
    if connection.dialect.name == "postgresql":
        for table in _TABLES:
            told = (
                f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), greatest(max(id), 1)) FROM {table.name}"
            )
            connection.execute(text(told))


def _line(told: Mapping[str, Any]) -> str:
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))
