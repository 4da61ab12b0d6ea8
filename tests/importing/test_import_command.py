"""`filmspace import`, as a process of its own."""

import os
import pty
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import get_args

import pytest
from sqlalchemy import Connection, Engine, Pool, create_engine, event, text

from app.cli import datasets
from app.importing import FORMATS
from tests.commands import command
from tests.importing import makers
from tests.importing.makers import a_file
from tests.makers import ROOT, SEED
from tests.test_cli import environment, fails_in_a_sentence, run


def stored(folder: Path) -> int:
    engine = create_engine(f"sqlite:///{folder / 'filmspace.db'}")
    with engine.connect() as connection:
        return int(connection.execute(text("SELECT count(*) FROM claim")).scalar_one())


def test_lines_that_cannot_be_read_are_told_and_the_exit_code_says_so(tmp_path: Path) -> None:
    files = [
        str(a_file(tmp_path, name, content).path)
        for name, content in (
            ("title.principals.tsv", makers.imdb_principals()),
            ("title.basics.tsv.gz", makers.imdb_titles()),
            ("name.basics.tsv", makers.imdb_names()),
        )
    ]
    done = run(tmp_path, "import", "imdb", *files)
    assert done.returncode == 3, done.stderr
    assert "title.basics.tsv.gz:5: has 2 cells; expected 9, as in the first line" in done.stderr
    assert "1 line or record could not be read; what could is stored" in done.stderr
    # Titles come first, in whatever order they are named.
    assert done.stdout.index("imdb-titles: imported as") < done.stdout.index("imdb-principals: imported as")
    assert "left out   1 of category editor" in done.stdout
    before = stored(tmp_path)
    again = run(tmp_path, "import", "imdb", *files[1:2])
    assert (again.returncode, stored(tmp_path)) == (3, before)
    assert "imdb-titles: unchanged" in again.stdout
    clean = run(tmp_path, "import", "imdb", files[2])
    assert clean.returncode == 0
    assert run(tmp_path, "check").returncode == 0


def test_what_is_not_of_the_format_is_refused_in_a_sentence(tmp_path: Path) -> None:
    file = str(a_file(tmp_path, "titles.csv", "a,b\n1,2\n").path)
    done = run(tmp_path, "import", "imbd", file)
    assert (done.returncode, "'imbd' is not one of 'imdb', 'wikidata'" in done.stderr) == (2, True), done.stderr
    fails_in_a_sentence(run(tmp_path, "import", "imdb", file), "titles.csv", "nothing is stored")
    fails_in_a_sentence(run(tmp_path, "import", "gcat", str(tmp_path / "none.tsv")), "cannot be read")
    fails_in_a_sentence(run(tmp_path, "import", "gcat", str(tmp_path)), "cannot be read")


def test_a_file_that_may_not_be_read_is_no_mistake_of_usage(tmp_path: Path) -> None:
    path = a_file(tmp_path, "titles.tsv", makers.imdb_titles()).path
    path.chmod(0)
    # Who is root, as in a container, may read all but for these two capabilities.
    unable = ["setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-all"] * (os.geteuid() == 0)
    told = [*unable, sys.executable, "-m", "app.cli", "import", "imdb", str(path)]
    done = subprocess.run(told, capture_output=True, text=True, cwd=ROOT, env=environment(tmp_path))
    assert (done.returncode, "cannot be read" in done.stderr) == (1, True), done.stderr


def test_what_is_stored_is_not_refused_where_that_cannot_be_told(tmp_path: Path) -> None:
    path = a_file(tmp_path, "titles.tsv", makers.imdb_titles()).path
    seed = str(SEED)
    for arguments in (
        ("import", "imdb", str(path)), ("check",), ("--help",), ("load", seed, "--dry-run"),
        ("draft", seed, "-o", "-", "--no-model"),
    ):  # fmt: skip
        with open("/dev/full", "w") as full:
            told = [sys.executable, "-m", "app.cli", *arguments]
            done = subprocess.run(
                told, stdout=full, stderr=subprocess.PIPE, text=True, cwd=ROOT, env=environment(tmp_path)
            )
        assert done.returncode == 74, done.stderr
        assert done.stderr.splitlines()[-1] == (
            "filmspace: the output cannot be written (No space left on device); what was to be stored before that is stored"
        )
    assert stored(tmp_path) > 0


@pytest.mark.usefixtures("migrated")
@pytest.mark.parametrize("is_empty", [False, True], ids=["with names", "empty"])
def test_interrupting_leaves_the_base_as_it_was(tmp_path: Path, is_empty: bool) -> None:
    names = a_file(tmp_path, "name.basics.tsv", makers.imdb_names())
    if not is_empty:
        run(tmp_path, "import", "imdb", str(names.path))
    before = stored(tmp_path)
    titles = [(f"tt{n:07}", "movie", f"Film {n}", "\\N", "0", "1957", "\\N", "90", "Drama") for n in range(60_000)]
    # The line that is told of comes when some thousand titles have been written already.
    lines = makers.rows(makers.TITLES, *titles[:1000], ("told",), *titles[1000:])
    big = a_file(tmp_path, "title.basics.tsv", lines)
    command = [sys.executable, "-m", "app.cli", "import", "imdb", str(big.path)]
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment(tmp_path), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stderr
    assert any("has 1 cells" in line for line in process.stderr)
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=60)
    assert process.returncode == 130
    assert told == "filmspace: interrupted; nothing is stored\n"
    assert stored(tmp_path) == before
    assert run(tmp_path, "check").returncode == 0


def interrupted_when_stored() -> None:
    """Have Ctrl-C come right after the commit of what is loaded, as one does that is pressed while it goes on."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    loaded: list[Connection] = []

    @event.listens_for(Engine, "commit")
    def _(connection: Connection) -> None:
        loaded.extend([connection] * ("sqlite_room" in connection.get_execution_options()))

    @event.listens_for(Pool, "checkin")
    def _(*_: object) -> None:
        if loaded:
            os.kill(os.getpid(), signal.SIGINT)


def test_interrupting_what_is_stored_does_not_say_that_it_is_not(tmp_path: Path) -> None:
    names, base = a_file(tmp_path, "name.basics.tsv", makers.imdb_names()), tmp_path / "filmspace.db"
    done = command(base, "import", "imdb", str(names.path), first=interrupted_when_stored)
    assert (done.returncode, "interrupted" in done.stderr) == (0, False), done
    assert "imported as imdb-names-" in done.stdout
    assert run(tmp_path, "export", str(tmp_path)).returncode == 0
    other = tmp_path / "other.db"
    done = command(other, "import", "ndjson", str(tmp_path / "filmspace.ndjson"), first=interrupted_when_stored)
    assert (done.returncode, "claim" in done.stdout) == (0, True), done


def interrupted_when_checking() -> None:
    """Have Ctrl-C come while a command reads the database."""
    signal.signal(signal.SIGINT, signal.default_int_handler)

    @event.listens_for(Engine, "before_cursor_execute")
    def _(_c: object, _k: object, statement: str, *_: object) -> None:
        if "FROM claim" in statement:
            os.kill(os.getpid(), signal.SIGINT)


@pytest.mark.parametrize("arguments", [("check",), ("rebuild",), ("load", str(SEED))])
def test_whatever_is_interrupted_says_so(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    assert run(tmp_path, "load", str(SEED)).returncode == 0
    done = command(tmp_path / "filmspace.db", *arguments, first=interrupted_when_checking)
    assert (done.returncode, done.stderr) == (130, "filmspace: interrupted; nothing is half done\n"), done


def read_from(terminal: int) -> Iterator[str]:
    """All that was written to the other end, which is closed: one read gives no more than 4 kB of it."""
    with suppress(OSError):
        while told := os.read(terminal, 4096):
            yield told.decode(errors="replace")


def test_the_formats_of_the_command_are_those_that_can_be_read() -> None:
    assert get_args(datasets._Format) == (*FORMATS, "ndjson")


def test_a_terminal_sees_a_bar(tmp_path: Path) -> None:
    file = a_file(tmp_path, "name.basics.tsv", makers.imdb_names())
    terminal, other_end = pty.openpty()
    command = [sys.executable, "-m", "app.cli", "import", "imdb", str(file.path)]
    told = environment(tmp_path) | {"TERM": "xterm"}
    done = subprocess.run(
        command, cwd=ROOT, env=told, stdout=subprocess.PIPE, stderr=other_end, timeout=60, check=False
    )
    os.close(other_end)
    seen = "".join(read_from(terminal))
    os.close(terminal)
    assert done.returncode == 0
    assert "name.basics.tsv" in seen
    assert "MB/s" in seen
    assert "records/s" in seen
    assert "100%" in seen


@pytest.mark.parametrize("module", ["typer", "sqlalchemy.sql", "app.projection"])
def test_interrupting_while_modules_load_says_so_in_a_line(tmp_path: Path, module: str) -> None:
    names = a_file(tmp_path, "name.basics.tsv", makers.imdb_names())
    command = [sys.executable, "-X", "importtime", "-m", "app.cli", "import", "imdb", str(names.path)]
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment(tmp_path), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        # As in a terminal, whatever runs the tests does with it.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )  # fmt: skip
    assert process.stderr
    assert any(line.split("|")[-1].strip().startswith(module) for line in process.stderr)
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=60)
    said = [line for line in told.splitlines() if not line.startswith("import time:")]
    assert (process.returncode, said) == (130, ["filmspace: interrupted; nothing is stored"])
    assert not (tmp_path / "filmspace.db").exists()
