"""How much of its processors a machine has itself: where others are served before it, its times are not its own."""

from pathlib import Path

_STAT = Path("/proc/stat")
# Of the time of its processors, so much may be given to others before a bound of time says nothing.
_LITTLE = 0.05


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
