"""How the server's processes begin and end."""

import gc
import logging
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib import import_module
from itertools import chain
from multiprocessing import get_context, parent_process
from multiprocessing.process import BaseProcess
from types import FrameType

import uvicorn
from uvicorn import _subprocess
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors.multiprocess import SIGNALS, Multiprocess, Process

from app.logs import SERVING
from app.server.guard import connections_within
from app.settings import get_settings

# The exit code of what a second Ctrl-C ended.
INTERRUPTED = 130
_DOORS = 32
# Every so many seconds a process looks whether the one that started it is still there.
_LOOK = 0.5
# What <malloc.h> calls M_TRIM_THRESHOLD and M_MMAP_THRESHOLD, in bytes: how much of the heap's end is kept, and what is
# so large that it is never part of it. glibc sets them by itself as long as nobody does, from what it has seen freed.
_HEAP = {-1: 8 << 20, -3: 1 << 20}
_log = logging.getLogger(SERVING)


def doors(listener: socket.socket) -> list[socket.socket]:
    """The socket, so often that those who connect at once come in together.

    uvloop, by libuv, takes one connection from each in each turn, whatever else is to be done in it.
    """
    return [listener, *(listener.dup() for _ in range(_DOORS - 1))]


def have_room(connections: int) -> None:
    """Let this process, and those that it starts, have so many connections open each, or as many as there can be."""
    if sys.platform != "win32":
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
        if (possible := connections_within(connections)) < connections:
            told = "at most %s connections are kept, and not %s (FILMSPACE_MAX_CONNECTIONS): only %s files can be open"
            _log.warning(told, possible, connections, most)


def keep_memory() -> None:
    """Let the C library keep what is freed at the end of its heap, up to so much, here and in copies of this process.

    The answers of a turn of the loop are freed together: given back to the system each time, it is asked for anew, page
    after page, and filled with zeros, for up to a third of what a page of a list takes. Only glibc can be told so.
    """
    if sys.platform == "linux":
        from ctypes import CDLL

        for option, size in _HEAP.items():
            with suppress(AttributeError):  # another C library
                CDLL(None).mallopt(option, size)


def end_quietly() -> None:
    """Take SIGTERM as the ordinary way to be stopped: the server finishes first, and then sends it to itself again."""

    def end(_number: int, _frame: FrameType | None) -> None:
        raise SystemExit(0)

    signal.signal(signal.SIGTERM, end)


class Config(uvicorn.Config):
    """What each process answers with; one that was started by another ends with it, however that ends."""

    def load(self) -> None:
        """Load the application, in the process that answers."""
        if parent := parent_process():
            threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
        try:
            super().load()
        except Exception:
            if parent:
                sys.exit(STARTUP_FAILURE)  # the one that started it says why, once for all of them
            raise


class Server(uvicorn.Server):
    """uvicorn's server in one process, which calls `begun` once it answers.

    A second Ctrl-C ends it at once: whatever still computes is not waited for.
    """

    def __init__(self, config: uvicorn.Config, begun: Callable[[], None]) -> None:
        super().__init__(config)
        self._begun = begun

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to answer, and say so."""
        await super().startup(sockets)
        self._begun()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Finish what is begun, or end."""
        if self.should_exit and sig == signal.SIGINT:
            os._exit(INTERRUPTED)
        super().handle_exit(sig, frame)


def _end_with(parent: BaseProcess) -> None:
    # What tells that it ended is open in all copies of it, so that each would wait for those made later.
    while os.getppid() == parent.pid and parent.is_alive():
        parent.join(_LOOK)
    os.kill(os.getpid(), signal.SIGTERM)


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
        # Whose place the next ones take, while new ones take the places of all, and who finishes since.
        self._renewed: Iterator[int] = iter(())
        self._leaving: list[Process] = []
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

    def handle_ttin(self) -> None:
        """Start one more."""
        with self._starting():
            super().handle_ttin()
        self.processes_num = len(self.processes)

    def restart_all(self) -> None:
        """Start another process in the place of each, on what that one listens on, which finishes in the meantime."""
        self._renewed = iter(range(self.processes_num))
        with self._starting():
            for place, old in enumerate(self.processes):
                new = Process(self.config, self.sockets)
                new.start()
                if not self._comes_to_answer(new):
                    new.kill()
                    new.join()
                    break
                old.terminate()
                self._leaving.append(old)
                self.processes[place] = new
        self._renewed = iter(())

    def _comes_to_answer(self, new: Process) -> bool:
        """Wait for it, as long as it may take, and nobody tells us to end."""
        ends = time.monotonic() + self.config.timeout_worker_healthcheck
        while not new.is_ready(timeout=1):
            if {signal.SIGINT, signal.SIGTERM} & set(self.signal_queue):
                return False
            if not new.process.is_alive() or time.monotonic() > ends:
                _log.error("process %s does not answer: the one whose place it was to take stays", new.pid)
                return False
            time.sleep(0.05)
        return True

    def keep_subprocess_alive(self) -> None:
        """Start another process for each that ended, and say so, and when all answer for the first time."""
        before = [one.pid for one in self.processes]
        with self._starting():
            super().keep_subprocess_alive()
        self._leaving = [one for one in self._leaving if one.process.is_alive()]
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
        """End a process, and what nobody else listens on."""
        super().handle_ttou()
        self._close(self.processes_num)

    def _close(self, first: int) -> None:
        for door in chain(*self._doors[first:]):
            door.close()
        del self._doors[first:]

    def join_all(self) -> None:
        """Wait for all to end; a second Ctrl-C ends them."""
        every = [*self.processes, *self._leaving]
        while any(one.process.is_alive() for one in every):
            if signal.SIGINT in self.signal_queue:
                self.is_forced = True
                for one in every:
                    one.process.kill()
            time.sleep(0.05)
        super().join_all()
