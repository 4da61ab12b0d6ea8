"""What Ctrl-C does while the program is loaded, which takes a second, and leaves nothing that could be half done.

Python would raise an error in the midst of some module, whose traceback says nothing to whoever pressed the keys.
"""

import os
import signal
import sys
import threading
from typing import Any

WORDS = "filmspace: interrupted; nothing is stored"
CODE = 130  # as a shell has it for what Ctrl-C ended
# What else ends a program that is in the midst of something.
OTHERS = (signal.SIGTERM, signal.SIGHUP)


def _end(*_: Any) -> None:
    os.write(2, f"{WORDS}\n".encode())
    os._exit(CODE)


def end_at_once() -> None:
    """Let Ctrl-C end the program with a sentence, unless somebody has other plans for it."""
    is_main = threading.current_thread() is threading.main_thread()
    if is_main and signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _end)


def end_in_order() -> None:
    """Let Ctrl-C raise KeyboardInterrupt again: there is something now that is to be taken back."""
    if signal.getsignal(signal.SIGINT) is _end:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def end_in_order_always() -> None:
    """Let SIGTERM, and SIGHUP as of a terminal that is closed, end the program as in order as Ctrl-C does."""
    for one in OTHERS:
        if signal.getsignal(one) is not signal.SIG_IGN:  # as under nohup
            signal.signal(one, lambda number, _: sys.exit(128 + number))  # as a shell has it for what a signal ended


def let_be(*others: signal.Signals) -> None:
    """Let Ctrl-C, and others, do nothing any more: what is done is about to be stored, which nobody can take back."""
    for one in (signal.SIGINT, *others):
        signal.signal(one, signal.SIG_IGN)
