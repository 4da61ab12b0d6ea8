"""What an import costs, beside the least that storing the same rows can cost.

.venv/bin/python -m benchmarks.importing 5k     # of made-up films, and twice as many people
"""

import argparse
import json
import os
import resource
import sqlite3
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.films import size
from benchmarks.generate import write
from benchmarks.targets import ROOT

_BATCH = 10_000
# Those of ours, without the ones that the full-text index and SQLite make for themselves.
_TABLES = (
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql LIKE 'CREATE TABLE %' "
    "AND name NOT LIKE 'search%' AND name NOT LIKE 'sqlite%'"
)


@dataclass(frozen=True)
class Import:
    """Seconds, those of processor, the most memory in bytes; rows stored, and the seconds that the bare way takes."""

    seconds: float
    cpu: float
    memory: int
    rows: int
    bare: float


def import_films(films: Path, written: Path) -> Import:
    """Take the films into a new base by our own import, in a process of its own; what that cost."""
    begun, before = time.monotonic(), _children()
    command = [sys.executable, "-m", "app.cli", "import", "wikidata", str(films)]
    env = {**os.environ, "FILMSPACE_DATABASE_URL": f"sqlite:///{written}"}
    subprocess.run(command, cwd=ROOT, env=env, check=True, stdout=subprocess.DEVNULL)
    seconds, cpu = time.monotonic() - begun, _children() - before
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    rows, bare = _stored_barely(written)
    return Import(seconds, cpu, memory, rows, bare)


def save(done: Import, file: Path) -> None:
    """Keep it beside the base."""
    file.write_text(json.dumps(asdict(done)))


def saved(file: Path) -> Import | None:
    """What was kept; None for a base that came from elsewhere."""
    return Import(**json.loads(file.read_text())) if file.is_file() else None


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _stored_barely(base: Path) -> tuple[int, float]:
    """(how many rows a base has, the seconds of processor that `executemany` of them takes without any index)."""
    bare, count, seconds = base.with_suffix(".bare"), 0, 0.0
    with sqlite3.connect(base) as source, sqlite3.connect(bare) as target:
        target.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; BEGIN;")
        for (table,) in source.execute(_TABLES).fetchall():
            rows = source.execute(f'SELECT * FROM "{table}"')
            names = ", ".join(f'"{column[0]}"' for column in rows.description)
            target.execute(f'CREATE TABLE "{table}" ({names})')
            insert = f'INSERT INTO "{table}" VALUES ({", ".join("?" * len(rows.description))})'
            while batch := rows.fetchmany(_BATCH):
                begun = time.process_time()
                target.executemany(insert, batch)
                seconds, count = seconds + time.process_time() - begun, count + len(batch)
        begun = time.process_time()
        target.commit()
        seconds += time.process_time() - begun
    source.close()
    target.close()
    for old in bare.parent.glob(f"{bare.name}*"):
        old.unlink()
    return count, seconds


def main() -> int:
    """Import films into a base that is thrown away, and print what that cost."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("films", type=size, help="how many films: 1k, 20k, 100k, 1m …")
    with TemporaryDirectory() as folder:
        done = import_films(write(parser.parse_args().films, Path(folder)), Path(folder) / "filmspace.db")
    print(f"{done.rows:,} rows: {done.cpu:.2f} s of processor in {done.seconds:.2f} s by the clock")
    print(f"{done.memory / 1e6:.0f} MB of memory at most in the larger process")
    shares = f"{done.bare / done.cpu:.3f} of the one, {done.bare / done.seconds:.3f} of the other"
    print(f"executemany alone: {done.bare:.2f} s, {shares}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
