"""The commands as real processes, forked from one that has the program imported: a start of Python takes a second."""

import gc
import multiprocessing
import os
import sys
import time
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

_forking = multiprocessing.get_context("forkserver")
_forking.set_forkserver_preload(
    [
        "app.audit", "app.cli.commands", "app.importing", "app.importing.imdb", "app.loading.datasets", "app.loading.dumps",
        "app.loading.load", "app.loading.reports", "app.loading.seed", "app.migrate", "app.preview", "app.settings",
        "app.application", "rich.progress", "tests.commands",
    ]
)  # fmt: skip
# A command that takes longer than this hangs.
_SECONDS = 120
_SAID = ("stdout", "stderr")


@dataclass(frozen=True)
class Done:
    """How a command ended; where a signal ended it, the exit code is its number, negative."""

    returncode: int
    stdout: str
    stderr: str
    seconds: float


def command(
    database: Path | str,
    *arguments: str,
    settings: Mapping[str, str] | None = None,
    killed_after: float | None = None,
    from_when: Callable[[], bool] = lambda: True,
    first: Callable[..., object] | None = None,
    given: tuple[Any, ...] = (),
) -> Done:
    """Run `filmspace` with these arguments on this database, a file or a URL, in a process of its own.

    It gets SIGKILL so many seconds after that holds, if it has not ended by then. `first` is done in it before anything else,
    with what is `given`.
    """
    url = database if isinstance(database, str) else f"sqlite:///{database}"
    told = {f"FILMSPACE_{name}": value for name, value in {"DATABASE_URL": url, **(settings or {})}.items()}
    with TemporaryDirectory() as folder:
        process = _forking.Process(target=_run, args=(arguments, told, Path(folder), first, given))
        started = time.monotonic()
        process.start()
        while process.is_alive() and not from_when():
            process.join(0.003)
        process.join(_SECONDS if killed_after is None else killed_after)
        seconds = time.monotonic() - started
        process.kill()  # if it has ended, nothing happens
        process.join()
        stdout, stderr = (_text(Path(folder) / name) for name in _SAID)
        code = process.exitcode
        process.close()
    assert code is not None
    assert seconds < _SECONDS, f"it hangs: {stderr}"
    return Done(code, stdout, stderr, seconds)


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8") if file.exists() else ""


def _run(
    arguments: tuple[str, ...],
    settings: dict[str, str],
    folder: Path,
    first: Callable[..., object] | None,
    given: tuple[Any, ...],
) -> None:
    from app.cli import main
    from app.settings import get_settings

    gc.freeze()  # what was imported is nothing to look for garbage in
    for number, name in enumerate(_SAID, start=1):
        os.dup2(os.open(folder / name, os.O_CREAT | os.O_WRONLY), number)
    for name in [name for name in os.environ if name.startswith("FILMSPACE_")]:
        del os.environ[name]
    os.environ.update(settings, COLUMNS="200")
    get_settings.cache_clear()  # the server of the forks has its own
    warnings.simplefilter("error")
    sys.argv = ["filmspace", *arguments]
    if first:
        first(*given)
    main()
