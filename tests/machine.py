"""How much of a machine a test has: where others are served before it, its times are not its own."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_STAT = Path("/proc/stat")
# Of the time of its processors, so much may be given to others before a bound of time says nothing.
_LITTLE = 0.05


@contextmanager
def room(folder: Path, *, alone: bool) -> Iterator[None]:
    """Room for a test: beside those of the other processes that use the folder, or alone, once these have ended."""
    with (folder / "turn.lock").open("w") as turn, (folder / "machine.lock").open("w") as machine:
        # One that waits to be alone keeps its turn, or others would go before it for ever.
        fcntl.flock(turn, fcntl.LOCK_EX)
        fcntl.flock(machine, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
        fcntl.flock(turn, fcntl.LOCK_UN)
        yield


class Machine:
    """The machine from now on."""

    def __init__(self) -> None:
        self._stolen, self._all = _ticks()

    @property
    def taken(self) -> float:
        """The share of the time of its processors that the host has given to others."""
        stolen, every = _ticks()
        return (stolen - self._stolen) / max(1, every - self._all)

    @property
    def is_ours(self) -> bool:
        """Whether that is next to nothing."""
        return self.taken < _LITTLE


def _ticks() -> tuple[int, int]:
    """(time that was stolen, all time), as Linux counts them; nothing where it is not Linux."""
    if not _STAT.exists():
        return 0, 0
    ticks = [int(one) for one in _STAT.read_text().splitlines()[0].split()[1:9]]
    return ticks[7], sum(ticks)
