"""How many more answers several processes give than one: both on all cores, under load in turn."""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.load import load
from benchmarks.measure import MANY, Plan
from benchmarks.servers import CORES, started
from benchmarks.targets import Target

_WORKERS = (1, 2)
# What costs a server so much that the load, which runs on one of its cores, takes next to nothing of them.
COSTLY = "usual"


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
        loads = [
            [load(server, addresses, connections=MANY, seconds=plan.seconds) for server in servers]
            for _ in range(1 + plan.rounds)
        ][1:]  # after the first they are warm
    found = []
    for place, count in enumerate(_WORKERS):
        rate = median(told[place].rate / told[0].rate for told in loads)
        found.append(Scaled(count, rate, median(told[place].p99 for told in loads)))
        plan.say(f"  {count} workers: {rate:.2f} times the answers of one, p99 {found[-1].p99:.1f} ms")
    return found
