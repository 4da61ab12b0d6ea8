"""An import with a second process: the same base as with one, and nothing left over however either of them ends."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

import app.beside
import app.loading.preparing
import app.projection
from app.beside import Alone, Beside
from app.loading.preparing import Batch
from benchmarks.generate import write
from tests.commands import Done, command
from tests.faults.bases import content, timeless
from tests.importing import makers
from tests.importing.makers import a_file
from tests.makers import ROOT

# Where a process that waits says who it is.
_NOTED = "NOTED"
_batches = app.loading.preparing.batches


def _in_small_batches(helper: Callable[[], Alone]) -> None:
    app.beside.beside = helper  # whatever cores there are
    app.loading.preparing._BATCH = 200
    app.projection._BATCH = 50


def _read_one_batch_then(act: Callable[[], None], helper: Callable[[], Alone] = Beside) -> None:
    """Have whoever reads do something after the first batch."""
    _in_small_batches(helper)
    patch("app.loading.datasets.batches", _First(act)).start()


class _First:
    """Reads as ever, but acts after the first batch."""

    def __init__(self, act: Callable[[], None]) -> None:
        self._act = act

    def __call__(self, *told: Any) -> Iterator[Batch]:
        for number, batch in enumerate(_batches(*told)):
            if number:
                self._act()
            yield batch


def _be_killed() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _fail() -> None:
    raise ZeroDivisionError


def _note_and_wait() -> None:
    """Say who one is, and compute without end."""
    Path(os.environ[_NOTED]).write_text(str(os.getpid()))
    while True:
        pass


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(150, tmp_path_factory.mktemp("films"))


def imported(base: Path, films: Path, *given: Any, first: Callable[..., object] = _in_small_batches) -> Done:
    return command(base, "import", "wikidata", str(films), first=first, given=given)


def test_the_base_is_the_same_with_one_process_and_with_two(tmp_path: Path, films: Path) -> None:
    lines = films.read_text().splitlines(keepends=True)
    newer = tmp_path / "newer.json"
    newer.write_text("".join(lines[:100]).replace("feature", "long") + "{\n" + "".join(lines[150:300]))
    told = []
    for name, helper in (("one", Alone), ("two", Beside)):
        base = tmp_path / f"{name}.db"
        done = [imported(base, file, helper) for file in (films, films, newer)]
        assert [one.returncode for one in done] == [0, 0, 3], done[-1].stderr
        assert "wikidata: unchanged" in done[1].stdout
        assert "newer.json:101: is no JSON" in done[2].stderr
        told.append([one.stdout.partition("took")[0] for one in done])
    assert told[0] == told[1]
    one, two = (timeless(content(tmp_path / name)) for name in ("one.db", "two.db"))
    assert len(one["claim"]) > 3000
    assert [name for name in one if one[name] != two[name]] == []


def test_a_rebuild_by_two_processes_leaves_the_same_base(tmp_path: Path, films: Path) -> None:
    base = tmp_path / "filmspace.db"
    assert imported(base, films, Alone).returncode == 0
    before = content(base)
    with closing(sqlite3.connect(base)) as connection, connection:
        connection.execute("UPDATE film SET document = ''")
    done = command(base, "rebuild", first=_in_small_batches, given=(Beside,))
    assert (done.returncode, "450 records made anew" in done.stdout) == (0, True), done.stderr
    assert content(base) == before


@pytest.mark.parametrize(
    ("act", "code", "sentence"),
    [
        (_be_killed, 1, "the process that computes beside this one was ended (-9); nothing is stored"),
        (_fail, 1, "ZeroDivisionError"),
    ],
    ids=["killed", "failed"],
)
def test_what_befalls_the_second_process_leaves_the_base_as_it_was(
    tmp_path: Path, films: Path, act: Callable[[], None], code: int, sentence: str
) -> None:
    base = tmp_path / "filmspace.db"
    names = a_file(tmp_path, "name.basics.tsv", makers.imdb_names())
    assert command(base, "import", "imdb", str(names.path)).returncode == 0
    before = content(base)
    done = imported(base, films, act, first=_read_one_batch_then)
    assert done.returncode == code
    assert sentence in done.stderr
    assert content(base) == before


@pytest.mark.usefixtures("migrated")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_the_second_process_ends_with_the_first(tmp_path: Path, films: Path, how: signal.Signals) -> None:
    base, noted = tmp_path / "filmspace.db", tmp_path / "pid"
    before = content(base)
    told = (
        "import sys; from app.cli import main; from tests.importing import test_two_processes as tested;"
        f"sys.argv = ['filmspace', 'import', 'wikidata', {str(films)!r}];"
        "tested._read_one_batch_then(tested._note_and_wait); main()"
    )
    env = {**os.environ, "FILMSPACE_DATABASE_URL": f"sqlite:///{base}", _NOTED: str(noted)}
    process = subprocess.Popen([sys.executable, "-c", told], cwd=ROOT, env=env, stderr=subprocess.PIPE, text=True)
    while not (noted.exists() and noted.read_text()):
        assert process.poll() is None, process.communicate()
    process.send_signal(how)
    # Both have this end of the pipe, which is at its end when neither is there any more.
    _, stderr = process.communicate(timeout=60)
    code = process.returncode
    assert code == (130 if how == signal.SIGINT else -how)
    assert ("nothing is stored" in stderr) == (how == signal.SIGINT)
    assert content(base) == before
