"""The process that starts those that answer, looks after them, and ends them."""

import gc
import logging
import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from itertools import chain
from multiprocessing import get_context

import uvicorn
from uvicorn import _subprocess
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors.multiprocess import SIGNALS, Multiprocess, Process

from app.logs import SERVING
from app.server.processes import doors
from app.settings import get_settings

# So many seconds after a process should have ended by itself, it is ended.
_MORE = 5
_log = logging.getLogger(SERVING)


def _hold_signals() -> None:
    """Let signals wait: a process that has just begun would take them for those of the one that it is a copy of."""
    signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)


def _take_signals() -> None:
    signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)


def import_whole(module: str) -> None:
    """Import a module; signals wait until it is there, since libraries take what a signal raises for an error."""
    _hold_signals()
    try:
        import_module(module)
    finally:
        _take_signals()


class Answering(Multiprocess):
    """uvicorn's processes, each with a listener of its own, which nobody connects to once they are told to end.

    It calls `begun` once all of them answer. On Linux they begin as copies of this one, which is to have no thread and
    no database open: what it has imported they share, and need not import.
    """

    is_forced = False

    def __init__(self, config: uvicorn.Config, listeners: Sequence[socket.socket], begun: Callable[[], None]) -> None:
        self._doors, self._begun = [doors(one) for one in listeners], begun
        self._has_begun = False
        self._given: list[socket.socket] = []
        # Whose place the next ones take, while new ones take the places of all; and who finishes since, and until when.
        self._renewed: Iterator[int] = iter(())
        self._leaving: list[tuple[Process, float]] = []
        super().__init__(config, [])
        if sys.platform == "linux":
            _subprocess.spawn = get_context("fork")  # type: ignore[assignment]  # uvicorn has no setting for it
            # What is looked through for garbage is written to, and so shared no more.
            gc.collect()
            gc.freeze()
            os.register_at_fork(before=_hold_signals, after_in_parent=_take_signals, after_in_child=self._begin_apart)

    def _begin_apart(self) -> None:
        """In a process that has just begun: leave what is this one's alone."""
        for one in SIGNALS:
            signal.signal(one, signal.SIG_DFL)
        for door in chain(*self._doors):
            if door not in self._given:
                door.close()
        get_settings.cache_clear()
        _take_signals()

    @property
    def sockets(self) -> list[socket.socket]:
        """What the process listens on that is started next: what nobody else does, or else all that there is."""
        place = len(self.processes)
        if place == self.processes_num:
            ended = (at for at, one in enumerate(self.processes) if not one.process.is_alive())
            place = next(chain(self._renewed, ended), place)
        self._given = list(chain(*(self._doors[place : place + 1] or self._doors)))
        return self._given

    @sockets.setter
    def sockets(self, _: list[socket.socket]) -> None:
        """They are told before."""

    def run(self) -> None:
        """Have them answer until it is told to end; if it cannot go on, they end too: nobody would look after them."""
        try:
            super().run()
        except BaseException:
            self.terminate_all()
            self.join_all()
            raise

    @contextmanager
    def _starting(self) -> Iterator[None]:
        """Go on with those that there are where the system lets none begin."""
        try:
            yield
        except OSError as error:
            _log.error("no other process can be started: %s", error.strerror or error)

    def handle_int(self) -> None:
        """End all; a second Ctrl-C, however soon it comes, at once."""
        self.is_forced = self.should_exit.is_set()
        super().handle_int()

    def handle_ttin(self) -> None:
        """Start one more."""
        self.processes_num += 1
        with self._starting():
            self.processes += filter(None, [self._started()])
        self.processes_num = len(self.processes)

    def restart_all(self) -> None:
        """Start another process in the place of each, on what that one listens on, which finishes in the meantime."""
        self._renewed = iter(range(self.processes_num))
        with self._starting():
            for place, old in enumerate(self.processes):
                if not (new := self._started()):
                    break
                self._let_finish(old)
                self.processes[place] = new
        self._renewed = iter(())

    def _started(self) -> Process | None:
        """A process that answers; None if it does not come to that, in which case it is ended. Raises OSError."""
        new = Process(self.config, self.sockets)
        new.start()
        if self._comes_to_answer(new):
            return new
        new.kill()
        new.join()
        return None

    def _let_finish(self, old: Process) -> None:
        """Tell a process to end, and go on meanwhile."""
        old.terminate()
        self._leaving.append((old, self._last_moment()))

    def _last_moment(self) -> float:
        """When whoever is told to end now is ended, if it has not done so by itself."""
        return time.monotonic() + (self.config.timeout_graceful_shutdown or 0) + _MORE

    def _comes_to_answer(self, new: Process) -> bool:
        """Wait for it, as long as it may take, and nobody tells us to end."""
        ends = time.monotonic() + self.config.timeout_worker_healthcheck
        while not new.is_ready(timeout=1):
            if {signal.SIGINT, signal.SIGTERM} & set(self.signal_queue):
                return False
            if not new.process.is_alive() or time.monotonic() > ends:
                _log.error("process %s, which was to answer, does not; the others go on", new.pid)
                return False
            time.sleep(0.05)
        return True

    def keep_subprocess_alive(self) -> None:
        """Start another process for each that ended, and say so, and when all answer for the first time."""
        before = [one.pid for one in self.processes]
        with self._starting():
            super().keep_subprocess_alive()
        self._leaving = [(one, ends) for one, ends in self._leaving if one.process.is_alive()]
        for one, ends in self._leaving:
            if time.monotonic() > ends:
                one.process.kill()
        for gone, other in zip(before, [one.pid for one in self.processes], strict=True):
            if gone != other:
                _log.warning("process %s ended, and %s answers in its place", gone, other)
        is_ending = self.should_exit.is_set()
        if not is_ending and not self._has_begun and all(one.is_ready() for one in self.processes):
            self._has_begun = True
            self._begun()

    @property
    def has_failed(self) -> bool:
        """Whether one could not begin, which no other can then either, so that all were ended."""
        return any(one.exitcode == STARTUP_FAILURE for one in self.processes)

    def terminate_all(self) -> None:
        """Tell all to finish what they have begun; whoever connects now is refused, as by one process alone."""
        self._close(0)
        super().terminate_all()

    def handle_ttou(self) -> None:
        """End a process, which finishes by itself, and what nobody else listens on; one stays."""
        if self.processes_num > 1:
            self.processes_num -= 1
            self._let_finish(self.processes.pop())
            self._close(self.processes_num)

    def _close(self, first: int) -> None:
        for door in chain(*self._doors[first:]):
            door.close()
        del self._doors[first:]

    def join_all(self) -> None:
        """Wait for all to end; a second Ctrl-C ends them, and so does it that they take too long, as one that hangs."""
        every, ends = [*self.processes, *(one for one, _ in self._leaving)], self._last_moment()
        while any(one.process.is_alive() for one in every):
            self.is_forced = self.is_forced or signal.SIGINT in self.signal_queue
            if self.is_forced or time.monotonic() > ends:
                for one in every:
                    one.process.kill()
            time.sleep(0.05)
        super().join_all()
