"""How many more answers several processes give than one: both on all cores, under load in turn."""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.load import load
from benchmarks.measure import MANY, Plan
from benchmarks.servers import CORES, Server, started
from benchmarks.targets import Target

_WORKERS = (1, 2)
# What costs a server so much that the load, which runs on one of its cores, takes next to nothing of them.
COSTLY = "usual"
# How often each process is to have been asked for an address before it counts, and how many loads that may take.
_TIMES, _MOST_WARMING = 3, 10


@dataclass(frozen=True)
class Scaled:
    """What so many processes did: answers a second beside those of one, the p99 in milliseconds."""

    workers: int
    rate: float
    p99: float


def scaled(target: Target, addresses: Path, plan: Plan) -> Sequence[Scaled]:
    """Ask servers of one and of two processes for the same. The load takes its share of one of the cores."""
    every = ",".join(map(str, CORES))
    with ExitStack() as stack:
        servers = [
            stack.enter_context(
                started(
                    [*target.command, "--workers", str(count)], target.env, target.folder,
                    plan.folder / f"{target.name}-{count}.log", cores=every,
                )
            )
            for count in _WORKERS
        ]  # fmt: skip
        for count, server in zip(_WORKERS, servers, strict=True):
            _warm(server, addresses, count, plan)
        loads = [
            [load(server, addresses, connections=MANY, seconds=plan.seconds) for server in servers]
            for _ in range(plan.rounds)
        ]
    found = []
    for place, count in enumerate(_WORKERS):
        rate = median(told[place].rate / told[0].rate for told in loads)
        found.append(Scaled(count, rate, median(told[place].p99 for told in loads)))
        print(f"  {count} workers: {rate:.2f} times the answers of one, p99 {found[-1].p99:.1f} ms")
    return found


def _warm(server: Server, addresses: Path, workers: int, plan: Plan) -> None:
    """Load that does not count, until each process is likely to have been asked for each address: it remembers much."""
    wanted, answered = _TIMES * workers * len(addresses.read_text().splitlines()), 0
    for _ in range(_MOST_WARMING):
        if answered < wanted:
            answered += load(server, addresses, connections=MANY, seconds=plan.seconds).requests
