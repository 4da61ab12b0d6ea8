"""The layer that compresses answers."""

import zlib
from functools import partial
from typing import Any

from starlette.types import ASGIApp
from starlette_compress import CompressMiddleware

# As `zlib` has it: the header and the end are those of gzip (RFC 1952).
_GZIP = 31
_LEVEL = 4


class Compressed(CompressMiddleware):
    """The library's, but that an answer is the same bytes at any time: Python's gzip writes the hour into them."""

    def __init__(self, app: ASGIApp) -> None:
        super().__init__(app, gzip_level=_LEVEL)
        gzip: Any = self._gzip
        gzip.oneshot = partial(zlib.compress, level=_LEVEL, wbits=_GZIP)
