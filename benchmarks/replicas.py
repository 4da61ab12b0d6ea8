"""What reads cost a PostgreSQL server, its standby, and SQLite: processor time of all of their processes, side by side.

    .venv/bin/python -m benchmarks.replicas

The base is the project's own seeds; each of its records is asked for in turn, and nothing is kept ready. It needs wrk,
taskset and the programs of PostgreSQL's server.
"""

import argparse
import sys
import tempfile
from collections.abc import Mapping
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from app.db import for_writing, make_engine
from app.loading.load import load_seed
from app.loading.seed import read_folder
from app.migrate import upgrade
from app.tables.records import Entry
from app.vocabulary import PLURALS
from benchmarks.load import load, write_addresses
from benchmarks.servers import Server, started
from tests.makers import ROOT, SEEDS
from tests.postgresql import Cluster, cluster, standby

_CONNECTIONS = 8


def main() -> int:
    """Start them all, ask them in turn, and say what an answer cost whom, beside SQLite."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5, help="how often each takes its turn")
    parser.add_argument("--seconds", type=int, default=4, help="how long a turn is")
    chosen = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        file, addresses = _filled(folder)
        primary = stack.enter_context(cluster("-c synchronous_commit=off"))
        empty = make_engine(primary.create("migrated"))
        upgrade(empty)
        empty.dispose()
        url = primary.bring("filmspace", file, "migrated")
        second = stack.enter_context(standby(primary))
        second.wait_for("EXISTS (SELECT FROM pg_stat_wal_receiver WHERE status = 'streaming')")
        asked = {
            "SQLite": {"DATABASE_URL": f"sqlite:///{file}"},
            "PostgreSQL": {"DATABASE_URL": url},
            "its standby": {"DATABASE_URL": url, "READ_DATABASE_URL": second.url("filmspace")},
        }
        servers = {name: stack.enter_context(_serving(folder, settings)) for name, settings in asked.items()}
        machines = {"primary": _postmaster(primary), "standby": _postmaster(second)}
        costs: dict[str, list[tuple[float, ...]]] = {name: [] for name in servers}
        for number in range(1 + chosen.rounds):
            for name, server in servers.items():
                before = [one.cpu() for one in machines.values()]
                done = load(server, addresses, connections=_CONNECTIONS, seconds=chosen.seconds)
                spent = [one.cpu() - was for one, was in zip(machines.values(), before, strict=True)]
                if number:  # in the first they become warm
                    costs[name].append((done.cost, *(one / done.requests * 1e6 for one in spent)))
    basis = median(told[0] for told in costs["SQLite"])
    for name, told in costs.items():
        shares = [median(column) / basis for column in zip(*told, strict=True)]
        told_of = ", ".join(f"{who} {share:.2f}" for who, share in zip(("serve", *machines), shares, strict=True))
        sys.stdout.write(f"{name}: {told_of}\n")
    return 0


def _filled(folder: Path) -> tuple[Path, Path]:
    """A SQLite file with the seeds, and the file of the addresses of its records."""
    file = folder / "filmspace.db"
    engine = make_engine(f"sqlite:///{file}")
    upgrade(engine)
    for one in SEEDS:
        with for_writing(engine).begin() as connection:
            load_seed(connection, read_folder(one), actor="benchmarks")
    with engine.connect() as connection:
        rows: Any = connection.execute(select(col(Entry.kind), col(Entry.slug)))
        found = [f"/{PLURALS[kind]}/{slug}" for kind, slug in rows]
    engine.dispose()
    return file, write_addresses(found, folder / "addresses")


def _serving(folder: Path, settings: Mapping[str, str]) -> AbstractContextManager[Server]:
    env = {f"FILMSPACE_{name}": value for name, value in settings.items()}
    nothing = folder / "seeds"
    nothing.mkdir(exist_ok=True)
    command = [sys.executable, "-m", "app.cli", "serve", "--port", "{port}"]
    told = {**env, "FILMSPACE_SEEDS": str(nothing), "FILMSPACE_CACHE_BYTES": "0"}
    return started(command, told, ROOT, folder / f"{len(env)}.log")


def _postmaster(one: Cluster) -> Server:
    return Server("", int((one.folder / "data" / "postmaster.pid").read_text().split()[0]))


if __name__ == "__main__":
    sys.exit(main())
