"""Files, plain or gzipped, read line by line in bounded memory."""

import gzip
import hashlib
import json
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BufferedReader
from pathlib import Path
from typing import Any

from app.importing.records import FormatError, Unreadable

_GZIP = b"\x1f\x8b"
_PIECE = 1 << 20
# The longest line that is read, and the largest file of a format that is read whole.
LONGEST_LINE = 64 << 20
# Called with how many bytes of the file, as it is stored, have been read.
Progress = Callable[[int], None]


@dataclass
class File:
    """One file of a data set, as it is named in evidence and in reports."""

    path: Path
    progress: Progress = field(default=lambda _done: None)

    @property
    def name(self) -> str:
        """How evidence and reports name it."""
        return self.path.name

    def at(self, line: int, told: str) -> str:
        """Where something stands: file, line, id."""
        return f"{self.name}:{line} {told}"

    @contextmanager
    def opened(self) -> Iterator[tuple[BufferedReader, Any]]:
        """The file as it is stored, and its contents. Raises FormatError when it cannot be read to its end."""
        try:
            with self.path.open("rb") as stored:
                yield stored, gzip.GzipFile(fileobj=stored) if stored.peek(2)[:2] == _GZIP else stored
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise FormatError(f"{self.name}: the gzipped file is damaged or was cut off ({error})") from error
        except OSError as error:
            raise FormatError(f"{self.path}: cannot be read ({error.strerror or error})") from error

    def lines(self) -> Iterator[tuple[int, str] | Unreadable]:
        """Each line with its number, from 1, without its end; a line that is no text, or too long, is Unreadable.

        Raises FormatError when the file cannot be read to its end, as when a gzipped one was cut off.
        """
        with self.opened() as (stored, opened):
            for number, raw in enumerate(_lines(opened), start=1):
                self.progress(stored.tell())
                yield self._line(number, raw)

    def whole(self) -> str:
        """All of its text. Raises FormatError for a file that is too large to be read at once, or is no text."""
        found, size = [], 0
        for line in self.lines():
            if isinstance(line, Unreadable):
                raise FormatError(str(line))
            found.append(line[1])
            size += len(line[1])
            if size > LONGEST_LINE:
                raise FormatError(f"{self.name}: more than {LONGEST_LINE >> 20} MB in one piece")
        return "\n".join(found)

    def json(self, expected: str) -> Any:
        """All of it as one JSON value. Raises FormatError, naming what was expected, where it is none."""
        try:
            return json.loads(self.whole())
        except (ValueError, RecursionError) as error:
            line = getattr(error, "lineno", 1)
            raise FormatError(f"{self.name}:{line}: is no JSON ({error}); expected {expected}") from error

    def _line(self, number: int, raw: bytes | None) -> tuple[int, str] | Unreadable:
        if raw is None:
            return Unreadable(self.name, number, f"longer than {LONGEST_LINE >> 20} MB")
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError as error:
            return Unreadable(self.name, number, f"byte 0x{raw[error.start]:02x} is not UTF-8")
        if "\0" in text:
            return Unreadable(self.name, number, "NUL (byte 0x00) in the text")
        return number, text.removeprefix("\ufeff") if number == 1 else text


def sha256_of(files: Sequence[File]) -> str:
    """Of the contents of the files, whatever they are called, however they are packed, and in whatever order."""
    each = []
    for file in files:
        one = hashlib.sha256()
        with file.opened() as (_, opened):
            while piece := opened.read(_PIECE):
                one.update(piece)
        each.append(one.hexdigest())
    return each[0] if len(each) == 1 else hashlib.sha256("\n".join(sorted(each)).encode()).hexdigest()


def _lines(opened: Any) -> Iterator[bytes | None]:
    """Lines without their ends; None for each that is too long, of which no more than that is ever held."""
    while raw := opened.readline(LONGEST_LINE):
        if raw.endswith(b"\n") or len(raw) < LONGEST_LINE:
            yield raw.rstrip(b"\r\n")
            continue
        while (rest := opened.readline(LONGEST_LINE)) and not rest.endswith(b"\n"):
            pass
        yield None
