"""Commands that get SIGKILL, which no process can do anything about, at random moments of their work."""

import random
import shutil
import signal
import sqlite3
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, Pool, event

import app.db
from app.db import for_loading, for_writing, make_engine
from app.importing import by_dataset
from app.importing.files import File
from app.loading.datasets import import_files
from app.loading.load import load_seed
from app.loading.seed import read_folder
from tests.commands import Done, command
from tests.faults.bases import check_in_place, content, lost, timeless
from tests.importing.makers import TITLES, rows
from tests.makers import ROOT, a_claim, a_folder

_KILLED = 50
# One in so many repeats is made by the command, the others by the functions that it calls.
_BY_COMMAND = 10
_SOURCE = ROOT / "seeds" / "editors-2026-11-24-where-publications-differ"
_FILMS = 12

Step = Callable[[Connection], object]


def with_little_room() -> None:
    """Let SQLite keep few pages in memory, so that it writes to the disk all the time, as it does with millions."""

    def prepare(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA cache_size=40")

    event.listen(Pool, "connect", prepare)
    app.db._ROOM_KIB = 160


def _loading(folder: Path) -> tuple[tuple[str, ...], list[Step], Callable[[Engine], Engine]]:
    """(a command that loads two sources, its transactions, how it opens the base for them)."""

    def step(source: Path) -> Step:
        seed = read_folder(source)
        return lambda connection: load_seed(connection, seed, actor="tests")

    words = [f"There is a film called New {number}." for number in range(5)]
    claims = [a_claim(f"film/new-{n}", "name", f"New {n}", quote=said) for n, said in enumerate(words)]
    sources = _SOURCE, a_folder(folder, "new", "\n".join(words) + "\n", claims)
    return ("load", *map(str, sources)), [step(one) for one in sources], for_writing


def _importing(folder: Path) -> tuple[tuple[str, ...], list[Step], Callable[[Engine], Engine]]:
    """The same of an import, which is one transaction."""
    file = folder / "title.basics.tsv"
    titles = [(f"tt{n:07}", "movie", f"Film {n}", "\\N", "0", "1957", "\\N", "90", "Drama") for n in range(_FILMS)]
    file.write_text(rows(TITLES, *titles), encoding="utf-8")

    def step(connection: Connection) -> None:
        import_files(connection, by_dataset("imdb", [File(file)]), actor="tests")

    return ("import", "imdb", str(file)), [step], for_loading


class Tried:
    """A command that is tried on a base again and again, each time as that was before."""

    def __init__(self, before: Path, file: Path, told: Any) -> None:
        self._before, self._file = before, file
        self._arguments, self._steps, self._opened = told
        self._engine = make_engine(f"sqlite:///{file}")
        self._whole: list[float] = []
        # What there may be: nothing of it, or each of its transactions with those before it.
        self.begin()
        self.states = [content(file)]
        for step in self._steps:
            self._do(step)
            self.states.append(timeless(content(file)))
        self.begin()
        self.repeat(by_command=True)

    def begin(self) -> None:
        """Put the base there as it was before."""
        shutil.rmtree(self._file.parent, ignore_errors=True)
        self._file.parent.mkdir()
        shutil.copy(self._before, self._file)

    def is_killed(self, part: float, *, writing: bool) -> bool:
        """Whether the command gets SIGKILL after this part of the time that the whole takes; it may end before.

        The time begins with the command, or when it has begun to write.
        """
        done = self._run(part * median(self._whole[-3:]), (lambda: self.is_unfinished) if writing else lambda: True)
        if done.returncode == 0:
            self._whole.append(done.seconds)
            return False
        assert done.returncode == -signal.SIGKILL, done.stderr
        return True

    def repeat(self, *, by_command: bool) -> None:
        """Do all of it to its end, and hold what is there then against what there should be."""
        if by_command:
            done = self._run()
            assert done.returncode == 0, done.stderr
            self._whole.append(done.seconds)
        else:
            for step in self._steps:
                self._do(step)
        self.compare()

    def compare(self) -> None:
        """Hold what is there against what there should be."""
        assert timeless(content(self._file)) == self.states[-1]

    def _run(self, killed_after: float | None = None, from_when: Callable[[], bool] = lambda: True) -> Done:
        return command(
            self._file, *self._arguments, settings={"ACTOR": "tests"}, first=with_little_room,
            killed_after=killed_after, from_when=from_when,
        )  # fmt: skip

    def _do(self, step: Step) -> None:
        with self._opened(self._engine).begin() as connection:
            step(connection)
        self._engine.dispose()

    def found(self) -> tuple[int | None, int]:
        """What is there when the base is opened again, and holds.

        (How many of the transactions, each wholly, and None if there is a part of one; how many rows are lost.)
        """
        assert check_in_place(self._engine) == []
        self._engine.dispose()
        now = content(self._file)
        gone = lost(now, self.states[0])
        if now == self.states[0]:
            return 0, gone
        return next((n for n, one in enumerate(self.states) if n and one == timeless(now)), None), gone

    @property
    def is_unfinished(self) -> bool:
        """Whether the one that was killed left a log that the next one takes over, or has to take back."""
        logs = (self._file.with_name(f"{self._file.name}-{end}") for end in ("journal", "wal"))
        return any(map(_size, logs))


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except FileNotFoundError:
        return 0


@pytest.mark.long
@pytest.mark.parametrize("held", ["empty", "filled"])
@pytest.mark.parametrize("what", ["load", "import"])
def test_sigkill_at_random_moments(
    what: str, held: str, migrated_file: Path, seeded_file: Path, tmp_path: Path, record_property: Any
) -> None:
    told = _loading(tmp_path) if what == "load" else _importing(tmp_path)
    tried = Tried(migrated_file if held == "empty" else seeded_file, tmp_path / "tried" / "filmspace.db", told)
    moments = random.Random(f"{what} {held}")
    found: Counter[int | None] = Counter()
    unfinished = gone = ended = 0
    while (number := found.total()) < _KILLED:
        tried.begin()
        # All over the run, and each second time while it writes and commits, which is the last part of it.
        writing = number % 2 == 1
        if not tried.is_killed(moments.uniform(0, 0.2 if writing else 1), writing=writing):
            ended += 1
            assert ended < 4 * _KILLED
            tried.compare()
            continue
        unfinished += tried.is_unfinished
        there, rows = tried.found()
        found[there] += 1
        gone += rows
        tried.repeat(by_command=number % _BY_COMMAND == 0)
    whole = sum(found[n] for n in range(1, len(tried.states)))
    record_property("killed", found.total())
    record_property("left a log to take back or over", unfinished)
    record_property("found absent", found[0])
    record_property("found whole", whole)
    record_property("done before the signal, and whole", ended)
    record_property("found in part", found[None])
    record_property("rows lost", gone)
    record_property("completed by a repeat", found.total())
    assert (found[0] + whole, found[None], gone) == (_KILLED, 0, 0)
    assert found[0] > _KILLED // 5
    assert unfinished > 0, "it was never killed while it wrote"
