"""Files, plain or packed, read line by line in bounded memory."""

import bz2
import hashlib
import io
import json
import os
import re
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BufferedReader
from pathlib import Path
from typing import Any

from app.importing.records import FormatError, Unreadable

_GZIP, _BZIP2 = b"\x1f\x8b", b"BZh"
# How files begin that are packed in other ways.
_PACKED = {b"PK\x03\x04": "zip", b"\xfd7zXZ\x00": "xz", b"\x28\xb5\x2f\xfd": "zstd", b"7z\xbc\xaf": "7-Zip"}
_UTF16 = b"\xff\xfe", b"\xfe\xff"
_DECODER = json.JSONDecoder()
_NO_SPACE = re.compile(r"[^ \t\n\r]")
_PIECE = 1 << 20
# How much of a packed file is read, and unpacked, at a time; and that the streams of a gzipped one have a header.
_PACKED_PIECE, _UNPACKED_PIECE, _WITH_HEADER = 1 << 16, 1 << 17, 31
# What stands in a text for a byte that is none of it.
_TORN = re.compile("[\udc80-\udcff]")
# The longest line that is read, and the largest file of a format that is read whole.
LONGEST_LINE = 64 << 20
# Called with how many bytes of the file, as it is stored, have been read.
Progress = Callable[[int], None]


@dataclass(frozen=True)
class Json:
    """A JSON text, the value that it is, the line on which it begins, and its name if it is a member of an object."""

    text: str
    value: Any
    line: int = 1
    name: str | None = None

    def parts(self, *keys: str) -> Iterator["Json"]:
        """Each member of the array or object at these keys, with its text. Raises KeyError where there is none."""
        at = skip_blanks(self.text, 0)
        for key in keys:
            at = {name: start for name, start, _, _ in _members(self.text, at)}[key]
        line, counted = self.line, 0
        for name, start, end, value in _members(self.text, at):
            line, counted = line + self.text.count("\n", counted, start), start
            yield Json(self.text[start:end], value, line, name)


@dataclass
class File:
    """One file of a data set, as it is named in evidence and in reports."""

    path: Path
    progress: Progress = field(default=lambda _done: None)

    @property
    def name(self) -> str:
        """How evidence and reports name it: bytes of a name that are no text are marked as such."""
        return os.fsencode(self.path.name).decode(errors="replace")

    @property
    def size(self) -> int:
        """How many bytes it has as it is stored. Raises FormatError where there is no such file."""
        try:
            return self.path.stat().st_size
        except OSError as error:
            raise FormatError(f"{self.path}: cannot be read ({error.strerror or error})") from error

    def at(self, line: int, told: str) -> str:
        """Where something stands: file, line, id."""
        return f"{self.name}:{line} {told}"

    @contextmanager
    def opened(self) -> Iterator[tuple[BufferedReader, Any]]:
        """The file as it is stored, and its contents. Raises FormatError when it cannot be read to its end."""
        # It is looked at more than once: what it is of, its hash, what it says.
        if self.path.exists() and not (self.path.is_file() or self.path.is_dir()):
            raise FormatError(f"{self.path}: is a pipe or a device; expected a file, so write it into one first")
        try:
            with self.path.open("rb") as stored:
                yield stored, self._unpacked(stored)
        except (EOFError, zlib.error) as error:
            raise FormatError(f"{self.name}: the packed file is damaged or was cut off ({error})") from error
        except OSError as error:
            what = "cannot be read" if error.errno else "the packed file is damaged"
            raise FormatError(f"{self.path}: {what} ({error.strerror or error})") from error

    def _unpacked(self, stored: BufferedReader) -> Any:
        start = stored.peek(6)[:6]
        if way := next((way for magic, way in _PACKED.items() if start.startswith(magic)), None):
            raise FormatError(
                f"{self.name}: is packed with {way}; expected it plain, gzipped or with bzip2: unpack it first"
            )
        if start.startswith(_UTF16):
            raise FormatError(f"{self.name}: is in UTF-16; expected UTF-8: convert it first (iconv -f UTF-16 -t UTF-8)")
        if start.startswith(_GZIP):
            unpacked = _Unpacked(stored, _GZIP, lambda: zlib.decompressobj(_WITH_HEADER))
        elif start.startswith(_BZIP2):
            unpacked = _Unpacked(stored, _BZIP2, bz2.BZ2Decompressor)
        else:
            return stored
        return BufferedReader(unpacked, _UNPACKED_PIECE)

    def lines(self) -> Iterator[tuple[int, str] | Unreadable]:
        """Each line with its number, from 1, without its end; a line that is no text, or too long, is Unreadable.

        Raises FormatError when the file cannot be read to its end, as when a gzipped one was cut off.
        """
        with self.opened() as (stored, opened):
            for number, raw in enumerate(_lines(opened), start=1):
                self.progress(stored.tell())
                yield self._line(number, raw)

    def whole(self) -> tuple[str, list[Unreadable]]:
        """All of its text, and the lines with a byte that is none: it is marked, so that `sound` finds what it is in.

        Raises FormatError for a file that is too large to be read at once.
        """
        found, torn, size = list[str](), list[Unreadable](), 0
        with self.opened() as (stored, opened):
            for number, raw in enumerate(_lines(opened), start=1):
                self.progress(stored.tell())
                line = self._line(number, raw)
                if isinstance(line, Unreadable):
                    torn.append(line)
                    told = b"" if isinstance(raw, str) else raw.replace(b"\0", b"\xff")
                    line = number, told.decode("utf-8", "surrogateescape")
                found.append(line[1])
                size += len(line[1])
                if size > LONGEST_LINE:
                    raise FormatError(f"{self.name}: more than {LONGEST_LINE >> 20} MB in one piece")
        return "\n".join(found), torn

    def sound(self, told: Iterable["Json | Unreadable"]) -> Iterator["Json | Unreadable"]:
        """What is told without the records in which a byte is no text."""
        return (one for one in told if isinstance(one, Unreadable) or not _TORN.search(one.text))

    def jsons(self, expected: str) -> Iterator["Json | Unreadable"]:
        """The JSON values that stand in it one after another, until one that is none, and the lines that are no text.

        Raises FormatError, naming what was expected, where the first is none.
        """
        text, torn = self.whole()
        at = counted = skip_blanks(text, 0)
        line, is_first = 1 + text.count("\n", 0, at), True
        while is_first or at < len(text):
            try:
                value, end = _DECODER.raw_decode(text, at)
            except (ValueError, RecursionError) as error:
                line = getattr(error, "lineno", line)
                if is_first and torn:
                    raise FormatError(str(torn[0])) from error
                if is_first:
                    raise FormatError(f"{self.name}:{line}: is no JSON ({error}); expected {expected}") from error
                yield Unreadable(self.name, line, f"is no JSON ({error}); what follows it is not read")
                return
            if is_first:
                yield from torn
            line, counted = line + text.count("\n", counted, at), at
            yield Json(text[at:end], value, line)
            at, is_first = skip_blanks(text, end), False

    def _line(self, number: int, raw: bytes | str) -> tuple[int, str] | Unreadable:
        if isinstance(raw, str):
            return Unreadable(self.name, number, raw)
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


def _members(text: str, at: int) -> Iterator[tuple[str | None, int, int, Any]]:
    """(its name, where it begins and ends, what it is) of each member of the array or object there, in sound JSON."""
    if text[at] not in "[{":
        return
    is_object, name = text[at] == "{", None
    at = skip_blanks(text, at + 1)
    while text[at] not in "]}":
        if is_object:
            name, at = _DECODER.raw_decode(text, at)
            at = skip_blanks(text, skip_blanks(text, at) + 1)
        value, end = _DECODER.raw_decode(text, at)
        yield name, at, end, value
        at = skip_blanks(text, end)
        at = skip_blanks(text, at + 1) if text[at] == "," else at


def skip_blanks(text: str, at: int) -> int:
    """The next place at which there is no white space."""
    found = _NO_SPACE.search(text, at)
    return found.start() if found else len(text)


class _Unpacked(io.RawIOBase):
    """The contents of a packed file, of one stream or of several; `is_followed` by something that is no stream.

    The module `gzip` takes that for an error, and `bz2` for the end, even where it is a stream that is damaged; the
    programs pass over what is none, and say so.
    """

    def __init__(self, stored: BufferedReader, magic: bytes, stream: Callable[[], Any]) -> None:
        self._stored, self._magic, self._new = stored, magic, stream
        self._ahead, self.is_followed = b"", False
        self._stream: Any = None

    def readable(self) -> bool:
        return True

    def readinto(self, into: Any) -> int:
        told = b""
        while not told and (self._stream or self._begins()):
            # One of bzip2 holds itself what it has not unpacked yet, one of gzip gives it back.
            is_fed = getattr(self._stream, "needs_input", True)
            ahead = (self._ahead or self._stored.read(_PACKED_PIECE)) if is_fed else b""
            told = self._stream.decompress(ahead, len(into))
            self._ahead = getattr(self._stream, "unconsumed_tail", b"")
            if self._stream.eof:
                self._ahead, self._stream = self._stream.unused_data, None
            elif is_fed and not told and not ahead:
                raise EOFError("it ends before its end is marked")
        into[: len(told)] = told
        return len(told)

    def _begins(self) -> bool:
        """Whether another stream begins, after the zeros with which a file may be filled up."""
        self._ahead = self._ahead.lstrip(b"\0")
        while len(self._ahead) < len(self._magic) and (more := self._stored.read(_PACKED_PIECE)):
            self._ahead = (self._ahead + more).lstrip(b"\0")
        if self._ahead.startswith(self._magic):
            self._stream = self._new()
        self.is_followed = self._stream is None and bool(self._ahead)
        return self._stream is not None


def _lines(opened: Any) -> Iterator[bytes | str]:
    """Lines without their ends; in words what is wrong with one that is too long, of which no more is ever held."""
    while raw := opened.readline(LONGEST_LINE):
        if raw.endswith(b"\n") or len(raw) < LONGEST_LINE:
            yield raw.rstrip(b"\r\n")
            continue
        while (rest := opened.readline(LONGEST_LINE)) and not rest.endswith(b"\n"):
            pass
        yield f"longer than {LONGEST_LINE >> 20} MB"
    if isinstance(opened, BufferedReader) and isinstance(opened.raw, _Unpacked) and opened.raw.is_followed:
        yield "what follows the packed contents is none of them, and is passed over"
