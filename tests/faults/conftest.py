"""Bases that something happens to."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.faults.hardships import fill, small_disk, with_files_up_to

Full = Callable[[Path], tuple[Path, dict[str, Any], Callable[[], object]]]


@pytest.fixture
def base(seeded_file: Path, tmp_path: Path) -> Path:
    """A base with the first article, in a folder of its own."""
    (tmp_path / "base").mkdir()
    return Path(shutil.copy(seeded_file, tmp_path / "base"))


@pytest.fixture
def full(tmp_path: Path) -> Iterator[Full]:
    """Puts a base where it cannot grow: (its file, what a command is run with, what makes room)."""
    with small_disk(tmp_path / "disk", 4 << 20) as is_there:

        def put(base: Path) -> tuple[Path, dict[str, Any], Callable[[], object]]:
            file = Path(shutil.copy(base, tmp_path / "disk"))
            if not is_there:
                return file, {"first": with_files_up_to, "given": (file.stat().st_size // 4,)}, lambda: None
            with closing(sqlite3.connect(file)) as connection:
                # The disk has room for what every reader needs beside it.
                connection.execute("PRAGMA journal_mode=WAL").fetchall()
                connection.execute("SELECT * FROM source").fetchall()
                filling = fill(file.parent)
                with filling.open("r+b") as one:
                    one.truncate(filling.stat().st_size - (64 << 10))
            return file, {}, filling.unlink

        yield put
