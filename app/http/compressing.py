"""The layer that compresses answers."""

import zlib
from collections.abc import Mapping
from functools import lru_cache, partial
from typing import Any

from starlette.types import ASGIApp, Scope
from starlette_compress import CompressMiddleware

_OURS = (b"zstd", b"br", b"gzip")
# What an ETag ends with, before its quote, for an answer in one of these; a group of the pattern is the name.
IN_ETAG = f"-({'|'.join(one.decode() for one in _OURS)})"

# As `zlib` has it: the header and the end are those of gzip (RFC 1952).
_GZIP = 31
_LEVEL = 4
# No browser's Accept-Encoding is longer, and no longer one is remembered.
_LONGEST = 200


class Compressed(CompressMiddleware):
    """The library's, but that an answer is the same bytes at any time: Python's gzip writes the hour into them.

    It heeds no weights: it is to be asked for what is `liked_best`.
    """

    def __init__(self, app: ASGIApp) -> None:
        super().__init__(app, gzip_level=_LEVEL)
        gzip: Any = self._gzip
        gzip.oneshot = partial(zlib.compress, level=_LEVEL, wbits=_GZIP)


def accepted(scope: Scope) -> bytes:
    """The Accept-Encoding of a request; several lines are one list."""
    return b",".join([value for name, value in scope["headers"] if name == b"accept-encoding"])


def weights(told: bytes) -> Mapping[bytes, float]:
    """How much each of our encodings is wanted, and none (`identity`); 0 is not at all (RFC 9110, 12.5.3)."""
    return (_weights if len(told) <= _LONGEST else _weights.__wrapped__)(told)


@lru_cache(maxsize=500)
def _weights(told: bytes) -> Mapping[bytes, float]:
    found: dict[bytes, float] = {}
    for one in told.lower().split(b","):
        name, _, more = one.partition(b";")
        found[name.strip()] = _weight(more)
    rest = found.get(b"*", 0.0)
    return {**{one: found.get(one, rest) for one in _OURS}, b"identity": found.get(b"identity", 0.0)}


def _weight(parameters: bytes) -> float:
    for one in parameters.split(b";"):
        name, _, value = one.partition(b"=")
        if name.strip() == b"q":
            try:
                return max(0.0, min(1.0, float(value)))
            except ValueError:
                return 0.0
    return 1.0


def liked_best(told: bytes) -> bytes:
    """Those that are wanted most, of which there is a choice; none where the client would rather have that."""
    found = weights(told)
    best = max(found.values())
    return b",".join([one for one in _OURS if found[one] == best > 0]) or b"identity"
