"""The explorer: the page for people and its files, as `npm run build` left them in a folder of the program."""

from hashlib import sha256
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.http import caching, parameters
from app.http.problems import ProblemError, shorten
from app.http.read import NotModifiedError, is_held

router = APIRouter(include_in_schema=False)

# It loads its own files, asks the API that it came from, and runs and shows nothing else.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_MEDIA_TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
# The names of its files are of what is in them.
_KEPT = {"Cache-Control": "public, max-age=31536000, immutable"}


class Explorer:
    """What is in the folder, read once; nothing where it was not built."""

    def __init__(self, folder: Path) -> None:
        index = folder / "index.html"
        self.page = index.read_bytes() if index.is_file() else b""
        self.assets = {
            file.name: (file.read_bytes(), _MEDIA_TYPES[file.suffix])
            for file in (folder / "assets").glob("*")
            if file.suffix in _MEDIA_TYPES
        }

    def answer(self, request: Request) -> Response:
        """The page. It is always asked for again, since it names the files that belong together."""
        etag = f'"{sha256(self.page).hexdigest()[:24]}"'
        headers = {"ETag": etag, "Cache-Control": "no-cache", "Vary": caching.VARY, "Content-Security-Policy": _POLICY}
        if is_held(request, etag):
            raise NotModifiedError(headers)
        return Response(self.page, 200, headers, "text/html; charset=utf-8")


@router.get("/assets/{name}")
def get_explorer_asset(name: str, request: Request) -> Response:
    """A script or a style sheet of the explorer."""
    parameters.read(request, {})
    found: tuple[bytes, str] | None = request.app.state.explorer.assets.get(name)
    if found is None:
        raise ProblemError(404, "not_found", f"The explorer has no file '{shorten(name)}'.")
    return Response(found[0], 200, _KEPT, found[1])
