"""Load on a server from the other core, by wrk (https://github.com/wg/wrk), and what it cost the server."""

import json
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.servers import LOAD_CORE, Server, pinned

_SCRIPT = Path(__file__).with_name("load.lua")


@dataclass(frozen=True)
class Load:
    """What a load did: answers, seconds, those of processor that it cost the server, and latencies in milliseconds."""

    requests: int
    seconds: float
    cpu: float
    p50: float
    p99: float
    slowest: float
    failed: int

    @property
    def cost(self) -> float:
        """Microseconds of the server's processor for each answer."""
        return self.cpu / self.requests * 1e6

    @property
    def rate(self) -> float:
        """Answers a second."""
        return self.requests / self.seconds


def load(server: Server, addresses: Path, *, connections: int, seconds: int, is_alone: bool = True) -> Load:
    """Ask for the addresses in a file, one after another and from the first again, on so many connections.

    Alone, it first waits until the server does nothing else.
    """
    if is_alone:
        server.rest()
    before = server.cpu()
    done = subprocess.run(_wrk(server, addresses, connections, seconds), capture_output=True, text=True, check=True)
    cpu = server.cpu() - before
    said = json.loads(done.stdout.splitlines()[-1])
    return Load(
        said["requests"], said["microseconds"] / 1e6, cpu, said["p50"] / 1000, said["p99"] / 1000,
        said["slowest"] / 1000, said["failed"],
    )  # fmt: skip


@contextmanager
def held(server: Server, addresses: Path, seconds: int) -> Iterator[None]:
    """Ask for the addresses on one connection beside what the block does."""
    with subprocess.Popen(_wrk(server, addresses, 1, seconds), stdout=subprocess.DEVNULL):
        yield


def _wrk(server: Server, addresses: Path, connections: int, seconds: int) -> list[str]:
    command = [
        "wrk", "--threads", "1", "--connections", str(connections), "--duration", f"{seconds}s", "--timeout", "60s",
        "--script", str(_SCRIPT), server.url, "--", str(addresses),
    ]  # fmt: skip
    return pinned(LOAD_CORE, command)


def write_addresses(addresses: Sequence[str], file: Path) -> Path:
    """The file that `load` reads: a line for each, with an ETag behind a blank where there is one."""
    file.write_text("".join(f"{one}\n" for one in addresses))
    return file
