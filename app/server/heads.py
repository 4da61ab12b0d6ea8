"""What the head of a request says: for which host it is (RFC 9112, 3.2)."""

import re
from collections.abc import Sequence

Header = tuple[bytes, bytes]

_NAME = rb"(?:[A-Za-z0-9._~!$&'()*+,;=%-]*|\[[0-9A-Za-z:.%_~-]+\])(?::[0-9]*)?"
_HOST = re.compile(_NAME)
# In the whole URL that a proxy is sent.
_AUTHORITY = re.compile(rb"(?i:https?)://(%s)(?=[/?])" % _NAME)


def for_one_host(headers: Sequence[Header], target: bytes, version: str) -> Sequence[Header]:
    """The headers with the host of the target where that is a whole URL, whatever they say.

    Raises ValueError where they do not name one host, or one that is none; only HTTP/1.0 need not.
    """
    hosts = [value for name, value in headers if name == b"host"]
    if (len(hosts) != 1 and (hosts or version != "1.0")) or not all(map(_HOST.fullmatch, hosts)):
        raise ValueError("not one Host")
    told = None if target.startswith(b"/") else _AUTHORITY.match(target)
    return [(name, told[1] if name == b"host" else value) for name, value in headers] if told else headers


def without_upgrade(method: bytes, target: bytes, version: str, headers: Sequence[Header]) -> bytes:
    """The head of a request that asks for no other protocol."""
    lines = [b"%s: %s\r\n" % one for one in headers if one[0] != b"upgrade"]
    return b"".join((b"%s %s HTTP/%s\r\n" % (method, target, version.encode()), *lines, b"\r\n"))
