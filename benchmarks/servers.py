"""Servers as processes of their own on one core: started, asked what they cost, and stopped."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

# Those that this process may run on; with one alone, load and server share it.
CORES = sorted(os.sched_getaffinity(0)) if sys.platform == "linux" else [0]
SERVER_CORE, LOAD_CORE = str(CORES[0]), str(CORES[-1])
# How long a server may take to answer first, and to become idle after its load has gone.
_LONGEST_START, _LONGEST_REST = 120, 120
# Seconds of processor in a tenth of a second that an idle server may take.
_IDLE = 0.002


class ServerError(Exception):
    """A server that does not start. The message says which, and what it printed."""


@dataclass
class Server:
    """A running server; `seconds` is how long it took to answer first, `at_start` its private memory then, in bytes."""

    url: str
    pid: int
    seconds: float = 0
    at_start: int = 0
    _taken: dict[Path, int] = field(default_factory=dict)

    def cpu(self) -> float:
        """Seconds of processor that it and its children have taken.

        As the scheduler counts them, in nanoseconds: the clock of `stat` ticks a hundred times a second only. Threads
        that have ended since count with what they had when they were last seen.
        """
        for pid in _tree(self.pid):
            for task in _listed(Path(f"/proc/{pid}/task")):
                if told := _read(task / "schedstat").split():
                    self._taken[task] = int(told[0])
        return sum(self._taken.values()) / 1e9

    def memory(self) -> int:
        """Bytes that it and its children have for themselves."""
        return sum(_private(pid) for pid in _tree(self.pid))

    def rest(self) -> None:
        """Wait until it is done with what nobody waits for any more."""
        until, before = time.monotonic() + _LONGEST_REST, -1.0
        while time.monotonic() < until:
            # On a busy machine one that has not run may be one that waits for its turn.
            is_waiting = any(_is_runnable(pid) for pid in _tree(self.pid))
            if (now := self.cpu()) <= before + _IDLE and not is_waiting:
                return
            before = now
            time.sleep(0.1)


def pinned(cores: str, command: Sequence[str]) -> list[str]:
    """The command, on these cores alone."""
    return ["taskset", "--cpu-list", cores, *command]


@contextmanager
def started(
    command: Sequence[str], env: Mapping[str, str], folder: Path, log: Path, *, cores: str = SERVER_CORE
) -> Iterator[Server]:
    """Start a server in a folder and on these cores, `{port}` in its command being a free one, until the block ends.

    Raises ServerError when it ends, or does not answer.
    """
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    told = [one.replace("{port}", str(port)) for one in command]
    begun = time.monotonic()
    with (
        log.open("w") as output,
        subprocess.Popen(
            pinned(cores, told), cwd=folder, env={**os.environ, **env}, stdout=output, stderr=output
        ) as process,
    ):
        server = Server(f"http://127.0.0.1:{port}", process.pid)
        try:
            _wait_for(server, process, log)
            server.seconds, server.at_start = time.monotonic() - begun, server.memory()
            yield server
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()


def _wait_for(server: Server, process: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + _LONGEST_START
    while process.poll() is None and time.monotonic() < until:
        try:
            if httpx.get(f"{server.url}/", timeout=30).status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.01)
    told = " ".join(str(one) for one in process.args) if isinstance(process.args, list) else ""
    raise ServerError(f"{told} did not answer: {log.read_text()[-2000:]}")


def _tree(pid: int) -> list[int]:
    """The process and those that it, and they, have started."""
    found = [pid]
    for one in found:
        for task in _listed(Path(f"/proc/{one}/task")):
            found += [int(child) for child in _read(task / "children").split()]
    return found


def _listed(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:
        return []


def _read(file: Path) -> str:
    """What a file of /proc says; nothing for a process that has ended meanwhile."""
    try:
        return file.read_text()
    except OSError:
        return ""


def _is_runnable(pid: int) -> bool:
    states = (_read(task / "stat").rpartition(")")[2].split() for task in _listed(Path(f"/proc/{pid}/task")))
    return any(told[0] in ("R", "D") for told in states if told)


def _private(pid: int) -> int:
    rows = _read(Path(f"/proc/{pid}/smaps_rollup")).splitlines()
    return sum(int(row.split()[1]) * 1024 for row in rows if row.startswith(("Private_Clean", "Private_Dirty")))
