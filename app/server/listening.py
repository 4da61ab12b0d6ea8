"""The sockets that the server answers on."""

import socket
import sys
from typing import Any

_WAITING = 2048


class ListenError(Exception):
    """An address that cannot be listened on; the message says why, and what to do."""


def listen(host: str, port: int, processes: int = 1) -> list[socket.socket]:
    """Sockets that listen on the address, one for each of so many processes. Raises ListenError.

    Linux gives connections to these in equal parts. From a single one, the process that wakes first would take nearly
    all that come at once, and keep them. Elsewhere there is a single one nevertheless.
    """
    count = processes if sys.platform == "linux" else 1
    listeners: list[socket.socket] = []
    try:
        family, kind, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        # The first by itself: those that share an address share it with whoever else listens on it likewise.
        with _bound(family, kind, address) as alone:
            address = alone.getsockname()
            if count == 1:
                listeners.append(alone.dup())
        while len(listeners) < count:
            listeners.append(_bound(family, kind, address, is_shared=True))
        for one in listeners:
            one.listen(_WAITING)
            one.set_inheritable(True)
    except (OSError, UnicodeError) as error:
        for one in listeners:
            one.close()
        reason = getattr(error, "strerror", None) or "that is no address"
        which = "port" if isinstance(error, OSError) and not isinstance(error, socket.gaierror) else "host"
        text = f"cannot listen on {host} port {port}: {reason}. "
        text += f"Choose another {which} with --{which} or FILMSPACE_{which.upper()}"
        raise ListenError(text) from error
    return listeners


def _bound(family: int, kind: int, address: Any, *, is_shared: bool = False) -> socket.socket:
    bound = socket.socket(family, kind)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if is_shared:
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        bound.bind(address)
    except OSError:
        bound.close()
        raise
    return bound
