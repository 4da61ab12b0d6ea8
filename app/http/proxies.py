"""Reverse proxies: a request as the client sent it to the one in front, told by X-Forwarded-* of those we trust."""

import re
from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Any

from starlette.types import Scope

Network = IPv4Network | IPv6Network

_HOST = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252})|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?")
_PREFIX = re.compile(r"(?:/[A-Za-z0-9._~-]+)+")


def as_the_client_sent_it(scope: Scope, trusted: Sequence[Network]) -> Scope:
    """The request with the scheme, host, path prefix and address that the nearest proxy tells of, if we trust it.

    Of several values the last is taken, which the nearest proxy wrote; what is not well-formed is left aside.
    """
    if not trusted or not _is_trusted((scope.get("client") or ("",))[0], trusted):
        return scope
    told = {name: value for name, value in scope["headers"] if name.startswith(b"x-forwarded-")}
    seen: dict[str, Any] = dict(scope)
    if (scheme := _last(told, b"x-forwarded-proto").lower()) in ("http", "https"):
        seen["scheme"] = scheme
    if _HOST.fullmatch(host := _last(told, b"x-forwarded-host")):
        others = [(name, value) for name, value in scope["headers"] if name != b"host"]
        seen["headers"] = [*others, (b"host", host.encode())]
    if _PREFIX.fullmatch(prefix := _last(told, b"x-forwarded-prefix").rstrip("/")):
        seen |= {"root_path": prefix, "path": prefix + scope["path"]}
    if client := _client(told, trusted):
        seen["client"] = (client, 0)
    return seen


def _client(told: dict[bytes, bytes], trusted: Sequence[Network]) -> str | None:
    """The address that the first proxy we do not trust, or the client itself, had."""
    for address in reversed(told.get(b"x-forwarded-for", b"").decode("latin-1").split(",")):
        if not _is_trusted(address.strip(), trusted):
            return address.strip() or None
    return None


def _is_trusted(address: str, trusted: Sequence[Network]) -> bool:
    try:
        found = ip_address(address)
    except ValueError:
        return False
    # A server that listens for both sees an address of IPv4 as one of IPv6.
    written = [found, found.ipv4_mapped] if isinstance(found, IPv6Address) else [found]
    return any(one in network for network in trusted for one in written if one)


def _last(told: dict[bytes, bytes], name: bytes) -> str:
    return told.get(name, b"").decode("latin-1").rpartition(",")[2].strip()
