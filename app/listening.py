"""The socket that the server answers on."""

import socket


class ListenError(Exception):
    """An address that cannot be listened on; the message says why, and what to do."""


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens on the address. Raises ListenError."""
    listener = None
    try:
        family, kind, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(2048)
        listener.set_inheritable(True)
    except (OSError, UnicodeError) as error:
        if listener:
            listener.close()
        reason = getattr(error, "strerror", None) or "that is no address"
        text = f"cannot listen on {host} port {port}: {reason}. Choose another with --port or FILMSPACE_PORT"
        raise ListenError(text) from error
    return listener
