"""What Ctrl-C does while the program is loaded, which takes a second, and leaves nothing that could be half done.

Python would raise an error in the midst of some module, whose traceback says nothing to whoever pressed the keys.
"""

import os
import signal
import threading
from typing import Any

WORDS = "filmspace: interrupted; nothing is stored"
CODE = 130  # as a shell has it for what Ctrl-C ended


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


def let_be() -> None:
    """Let Ctrl-C do nothing any more: what is done is about to be stored, which nobody can take back."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
