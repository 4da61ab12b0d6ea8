"""Tables in text files: a header, then a row a line. Tab-separated ones know no quotes; a cell of `null` is None."""

import csv
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from app.importing.files import File
from app.importing.records import FormatError, Unreadable

Row = Mapping[str, str | None]
Line = tuple[int, str] | Unreadable
# Over how many more lines a cell in quotes may go; with more, it is its first line that is wrong.
_MOST_LINES = 50


@dataclass(frozen=True)
class Table:
    """How a table is written: what stands for nothing, how a comment begins, and if commas part its cells, or tabs.

    Between commas a cell may stand in double quotes, and then go over several lines; between tabs nothing is quoted.
    """

    null: tuple[str, ...]
    comment: str | None = None
    is_quoted: bool = False

    def split(self, line: str) -> list[str]:
        """The cells of a row."""
        return next(csv.reader([line], strict=True), []) if self.is_quoted else line.split("\t")


def header_of(file: File, table: Table) -> list[str]:
    """The names of the columns: the first line. Raises FormatError for a file without one."""
    return _header(file, table)[1]


def _header(file: File, table: Table) -> tuple[int, list[str]]:
    """(on which line they stand, the names of the columns): on the first one that is not empty, and no mere comment."""
    for line in file.lines():
        if isinstance(line, Unreadable):
            raise FormatError(f"{line}; expected the names of the columns")
        number, text = line
        if "\r" in text:
            raise FormatError(f"{file.name}:{number}: the lines end with a carriage return alone; expected line feeds")
        try:
            cells = table.split(text.removeprefix(table.comment or "")) if text.strip() else []
        except csv.Error as error:
            raise FormatError(f"{file.name}:{number}: is no line of names of columns ({error})") from error
        names = [one.strip() for one in cells]
        if names and not (table.comment and text.startswith(table.comment) and len(names) == 1):
            return number, names
    raise FormatError(f"{file.name}: the file is empty; expected a first line with the names of the columns")


def source_of(file: File, table: Table, sources: Mapping[str, Collection[str]]) -> str:
    """Which of the sources, each with the columns that it needs, a file is of. Raises FormatError for none of them."""
    header = header_of(file, table)
    for source, columns in sources.items():
        if set(columns) <= set(header):
            return source
    expected = ", or ".join(", ".join(columns) for columns in sources.values())
    raise FormatError(f"{file.name}: the columns {', '.join(header)[:200]} are of no table; expected {expected}")


def rows(
    file: File, table: Table, columns: Collection[str], *, told: Callable[[str], None] = lambda _comment: None
) -> Iterator[tuple[int, Row] | Unreadable]:
    """Each row with its line, by the names of its columns. Raises FormatError when one of `columns` is missing.

    `told` is called with each comment after the header.
    """
    begins, header = _header(file, table)
    if missing := [one for one in columns if one not in header]:
        named = ", ".join(header)[:200]
        raise FormatError(f"{file.name}: the first line has no column {', '.join(missing)}, only {named}")
    lines = islice(file.lines(), begins, None)
    for line in _joined(file, lines, lambda text: _is_row(table, header, text)) if table.is_quoted else lines:
        if isinstance(line, Unreadable):
            yield line
            continue
        number, text = line
        if not text.strip():
            continue
        if table.comment and text.startswith(table.comment):
            told(text.removeprefix(table.comment).strip())
            continue
        yield _row(file, table, header, number, text)


def _joined(file: File, lines: Iterable[Line], is_row: Callable[[str], bool]) -> Iterator[Line]:
    """Rows with the number of their first line: a cell in quotes may go over several lines.

    Where these make no row together, it is the first one that is wrong, and the others are rows of their own.
    """
    ahead, coming = deque[Line](), iter(lines)

    def following() -> Line | None:
        return ahead.popleft() if ahead else next(coming, None)

    while (line := following()) is not None:
        # A quote in a cell that is not in quotes opens nothing: it may be one of inches.
        if isinstance(line, Unreadable) or not _is_open(line[1]) or is_row(line[1]):
            yield line
            continue
        (number, text), further = line, list[Line]()
        while _is_open(text) and len(further) < _MOST_LINES and (one := following()) is not None:
            further.append(one)
            if isinstance(one, Unreadable):
                break
            text += f"\n{one[1]}"
        if is_row(text):
            yield number, text
        else:
            ahead.extendleft(reversed(further))
            yield Unreadable(file.name, number, "has a cell whose quotes are not closed")


def _is_open(text: str) -> bool:
    """Whether a cell in quotes is still to be closed."""
    return text.count('"') % 2 == 1


def _is_row(table: Table, header: list[str], text: str) -> bool:
    try:
        return len(table.split(text)) == len(header)
    except csv.Error:
        return False


def _row(file: File, table: Table, header: list[str], number: int, text: str) -> tuple[int, Row] | Unreadable:
    try:
        cells = table.split(text)
    except csv.Error as error:
        return Unreadable(file.name, number, f"is no row of cells ({error})")
    if len(cells) != len(header):
        return Unreadable(file.name, number, f"has {len(cells)} cells; expected {len(header)}, as in the first line")
    stripped = [cell.strip() for cell in cells]
    return number, {
        name: None if cell in table.null else cell for name, cell in zip(header, stripped, strict=True)
    }  # fmt: skip
