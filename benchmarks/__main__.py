"""Measures how fast the API answers, beside a bare ASGI app and other ways to serve the same films.

    .venv/bin/python -m benchmarks --films 20k        # or make bench SIZE=20k

Servers run on one core and wrk on another; answers are checked before they are timed; and what is told is what one
costs beside the bare app in the same minute. Needs Linux, two cores, taskset and wrk. What is made for it lies in
build/ and is used again.
"""

import argparse
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from statistics import median

from benchmarks import importing, report
from benchmarks.films import size
from benchmarks.measure import Plan, Running, file_of, measure
from benchmarks.prepare import prepared
from benchmarks.questions import questions
from benchmarks.scaling import COSTLY, scaled
from benchmarks.servers import CORES, Server, ServerError, started
from benchmarks.targets import ANCHOR, CACHED, OURS, ROOT, NotInstalledError, Target, targets

_REPEATS = 3
# How long, and how often, load is put on each server.
_LOAD = {"seconds": 1, "rounds": 3}
_PROGRAMS = {
    'python -c "import app.main"': [sys.executable, "-c", "import app.main"],
    "filmspace --help": [sys.executable, "-m", "app.cli", "--help"],
    'python -c "import uvicorn"': [sys.executable, "-c", "import uvicorn"],
}


def main() -> int:
    """Measure, print the tables, and write them where that is asked for."""
    chosen = _chosen()
    # Ended so, it ends its servers as well.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    if missing := [name for name in ("wrk", "taskset") if not shutil.which(name)]:
        print(f"{' and '.join(missing)} must be installed first (apt-get install wrk util-linux)", file=sys.stderr)
        return 1
    if len(CORES) < 2:
        print("There is one core only, which servers and load share: the figures say little.", file=sys.stderr)
    scratch = chosen.scratch.resolve()
    folder = scratch / f"bench-{chosen.films}"
    ours, peers = prepared(chosen.films, folder, chosen.base and chosen.base.resolve())
    installed, skipped = _installed(targets(ours, peers, scratch / "bench-peers"), chosen.servers)
    with sqlite3.connect(f"file:{peers}?mode=ro", uri=True) as base:
        asked = questions(base, chosen.questions)
    base.close()
    plan = Plan(folder, chosen.seconds, chosen.rounds)
    with ExitStack() as stack:
        running = _all_started(stack, installed, folder, skipped)
        measure(running, asked, plan)
        memory = {name: (one.server.at_start, one.server.memory()) for name, one in running.items()}
    ours_is = running[OURS].target
    by_workers = scaled(ours_is, file_of(ours_is, COSTLY, plan), plan) if COSTLY in running[OURS].figures else ()
    is_short = chosen.rounds == 1
    at_rest = [
        (one.target.title, one.server.seconds if is_short else _start(one.target, folder, _REPEATS), *memory[name])
        for name, one in running.items()
    ]
    programs = [] if is_short else [(name, _seconds(command)) for name, command in _PROGRAMS.items()]
    other = [f"--{name} {getattr(chosen, name)}" for name in _LOAD if getattr(chosen, name) != _LOAD[name]]
    other += [f"--{name} {' '.join(told)}" for name in ("questions", "servers") if (told := getattr(chosen, name))]
    command = f"make bench SIZE={chosen.size}" + (f' ARGS="{" ".join(other)}"' if other else "")
    imported = importing.saved(ours.with_suffix(".json"))
    run = report.Run(chosen.films, command, running, skipped, at_rest, programs, imported, by_workers)
    print(f"\n{report.text(run)}")
    if chosen.write:
        report.write(ROOT / "docs" / "benchmarks.md", report.text(run))
        report.write(ROOT / "README.md", report.short(run))
    return 1 if running[OURS].wrong or running[CACHED].wrong else 0


def _chosen() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--films", dest="size", default="20k", help="how many films: 1k, 100k, 1m or a number")
    parser.add_argument("--seconds", type=int, default=_LOAD["seconds"], help="how long each load is put on")
    parser.add_argument("--rounds", type=int, default=_LOAD["rounds"], help="how often; the median counts")
    parser.add_argument("--questions", nargs="+", default=[], choices=report.TITLES, help="only these questions")
    parser.add_argument("--servers", nargs="+", default=[], help="only these beside the bare app and ours, or `none`")
    parser.add_argument("--base", type=Path, help="a base of the same films, imported before")
    parser.add_argument("--scratch", type=Path, default=ROOT / "build", help="where everything is made")
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks.md and the table of the README")
    chosen = parser.parse_args()
    try:
        chosen.films = size(chosen.size)
    except ValueError as error:
        parser.error(str(error))
    return chosen


def _installed(every: Sequence[Target], wanted: Sequence[str]) -> tuple[list[Target], dict[str, str]]:
    """The targets that can be measured here, and why the others cannot."""
    installed, skipped = [], dict[str, str]()
    for one in every:
        if wanted and one.name not in (ANCHOR, OURS, CACHED, *wanted):
            continue
        try:
            one.install()
            installed.append(one)
        except NotInstalledError as error:
            skipped[one.title] = str(error)
            print(f"{one.title} is skipped: {error}", file=sys.stderr)
    return installed, skipped


def _all_started(
    stack: ExitStack, installed: Sequence[Target], folder: Path, skipped: dict[str, str]
) -> dict[str, Running]:
    """The servers that start, until the stack is left. Raises ServerError for the anchor and for ours."""
    running = {}
    for one in installed:
        try:
            running[one.name] = Running(one, stack.enter_context(_started(one, folder)))
        except ServerError as error:
            if one.name in (ANCHOR, OURS, CACHED):
                raise
            skipped[one.title] = str(error)
            print(f"{one.title} is skipped: {error}", file=sys.stderr)
    return running


def _started(target: Target, folder: Path) -> AbstractContextManager[Server]:
    return started(target.command, target.env, target.folder, folder / f"{target.name}.log")


def _start(target: Target, folder: Path, times: int) -> float:
    """The median of the seconds from start to first answer."""
    told = []
    for _ in range(times):
        with _started(target, folder) as server:
            told.append(server.seconds)
    return median(told)


def _seconds(command: Sequence[str]) -> float:
    told = []
    for _ in range(_REPEATS):
        begun = time.monotonic()
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        told.append(time.monotonic() - begun)
    return median(told)


if __name__ == "__main__":
    sys.exit(main())
