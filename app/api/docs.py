"""`/docs` and `/redoc`: the OpenAPI document as pages, from files that are installed with us: they need no internet."""

import json
import re
from base64 import b64encode
from hashlib import sha256
from importlib.resources import files

from fastapi import APIRouter, Depends, Request
from fastapi.openapi.docs import get_redoc_html, get_swagger_ui_html
from fastapi.responses import HTMLResponse, Response

from app.http import parameters
from app.http.problems import ProblemError, shorten
from app.http.read import NotModifiedError, is_held, is_past


def _take_no_parameters(request: Request) -> None:
    parameters.read(request, {})


router = APIRouter(include_in_schema=False, dependencies=[Depends(_take_no_parameters)])

_STATIC = files("fastapi_standalone_docs") / "static"
_TITLE = "filmspace API"
_ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#14213d"/>'
    '<circle cx="16" cy="16" r="6" fill="#fca311"/><ellipse cx="16" cy="16" rx="13" ry="4.5" fill="none" '
    'stroke="#fff" stroke-width="2" transform="rotate(-25 16 16)"/></svg>'
)
# The pages may load from here and from nowhere else. Both write styles into the page; Redoc searches in a worker.
_POLICY = (
    "default-src 'none'; script-src 'self'{script}; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; worker-src blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
# By URL: where the file lies in the package, and its media type. Redoc asks for its logo below its own path.
_ASSETS = {
    "/docs/assets/swagger-ui-bundle.js": ("swagger/swagger-ui-bundle.js", "text/javascript"),
    "/docs/assets/swagger-ui.css": ("swagger/swagger-ui.css", "text/css"),
    "/docs/assets/redoc.standalone.js": ("redoc/redoc.standalone.js", "text/javascript"),
    "/redoc/logo-mini.svg": ("redoc/logo-mini.svg", "image/svg+xml"),
}

_KEPT = {"Cache-Control": "public, max-age=86400"}


@router.get("/openapi.json")
def get_openapi(request: Request) -> Response:
    """The OpenAPI document; 304 for a client that has it."""
    root = request.scope.get("root_path", "")
    document = {**request.app.openapi(), **({"servers": [{"url": root}]} if root else {})}
    body = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    etag = f'"{sha256(body).hexdigest()[:24]}"'
    # The layer that encodes says so of a body, and 304 has none.
    headers = {"ETag": etag, "Cache-Control": "public, max-age=60", "Vary": "Accept-Encoding"}
    if is_past(request, headers):
        raise ProblemError(412, "precondition", "This is no longer what If-Match names; get it without.")
    if is_held(request, etag):
        raise NotModifiedError(headers)
    return Response(body, 200, headers, "application/json")


@router.get("/docs")
def show_docs(request: Request) -> HTMLResponse:
    """Swagger UI: try the API out in the browser."""
    root = request.scope.get("root_path", "")
    page = get_swagger_ui_html(
        openapi_url=f"{root}/openapi.json",
        title=_TITLE,
        swagger_js_url=f"{root}/docs/assets/swagger-ui-bundle.js",
        swagger_css_url=f"{root}/docs/assets/swagger-ui.css",
        swagger_favicon_url=f"{root}/docs/assets/icon.svg",
        swagger_ui_parameters={"validatorUrl": None, "defaultModelsExpandDepth": 0, "displayRequestDuration": True},
    )
    return _guarded(page)


@router.get("/redoc")
def show_redoc(request: Request) -> HTMLResponse:
    """Redoc: read the API's reference."""
    root = request.scope.get("root_path", "")
    page = get_redoc_html(
        openapi_url=f"{root}/openapi.json",
        title=_TITLE,
        redoc_js_url=f"{root}/docs/assets/redoc.standalone.js",
        redoc_favicon_url=f"{root}/docs/assets/icon.svg",
        with_google_fonts=False,
    )
    return _guarded(page)


@router.get("/docs/assets/icon.svg")
def get_icon() -> Response:
    """The picture of a browser's tab."""
    return Response(_ICON, 200, _KEPT, "image/svg+xml")


@router.get("/docs/assets/{name}")
@router.get("/redoc/{name}")
def get_asset(name: str, request: Request) -> Response:
    """A script, a style sheet or a picture of the pages."""
    if found := _ASSETS.get(request.url.path.removeprefix(request.scope.get("root_path", ""))):
        place, media_type = found
        return Response((_STATIC / place).read_bytes(), 200, _KEPT, media_type)
    raise ProblemError(404, "not_found", f"The pages have no file '{shorten(name)}'.")


def _guarded(page: HTMLResponse) -> HTMLResponse:
    """The page with a policy that lets its one script of its own run, and none that somebody put into a text."""
    own = re.findall(rb"<script>(.*?)</script>", bytes(page.body), re.DOTALL)
    script = "".join(f" 'sha256-{b64encode(sha256(one).digest()).decode()}'" for one in own)
    page.headers["Content-Security-Policy"] = _POLICY.format(script=script)
    return page
