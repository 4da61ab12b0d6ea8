"""How a process that answers begins and ends."""

import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from multiprocessing import parent_process
from multiprocessing.process import BaseProcess
from types import FrameType

import uvicorn
from uvicorn.config import STARTUP_FAILURE

from app.logs import SERVING
from app.server.guard import connections_within

# The exit code of what a second Ctrl-C ended.
INTERRUPTED = 130
_DOORS = 32
# Every so many seconds a process looks whether the one that started it is still there.
_LOOK = 0.5
# What <malloc.h> calls M_TRIM_THRESHOLD and M_MMAP_THRESHOLD, in bytes: how much of the heap's end is kept, and what is
# so large that it is never part of it. glibc sets them by itself as long as nobody does, from what it has seen freed.
_HEAP = {-1: 8 << 20, -3: 4 << 20}
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
