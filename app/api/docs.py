"""`/docs` and `/redoc`: the OpenAPI document as pages, from files that are installed with us: they need no internet."""

from importlib.resources import files

from fastapi import APIRouter
from fastapi.openapi.docs import get_redoc_html, get_swagger_ui_html
from fastapi.responses import HTMLResponse, Response

from app.api.problems import ProblemError

router = APIRouter(include_in_schema=False)

_STATIC = files("fastapi_standalone_docs") / "static"
_TITLE = "filmspace API"
# By URL: where the file lies in the package, and its media type. Redoc asks for its logo below its own path.
_ASSETS = {
    "/docs/assets/swagger-ui-bundle.js": ("swagger/swagger-ui-bundle.js", "text/javascript"),
    "/docs/assets/swagger-ui.css": ("swagger/swagger-ui.css", "text/css"),
    "/docs/assets/redoc.standalone.js": ("redoc/redoc.standalone.js", "text/javascript"),
    "/docs/assets/favicon.png": ("fastapi/favicon.png", "image/png"),
    "/redoc/logo-mini.svg": ("redoc/logo-mini.svg", "image/svg+xml"),
}


@router.get("/docs")
def show_docs() -> HTMLResponse:
    """Swagger UI: try the API out in the browser."""
    return get_swagger_ui_html(
        openapi_url="/openapi.json",
        title=_TITLE,
        swagger_js_url="/docs/assets/swagger-ui-bundle.js",
        swagger_css_url="/docs/assets/swagger-ui.css",
        swagger_favicon_url="/docs/assets/favicon.png",
        swagger_ui_parameters={"validatorUrl": None, "defaultModelsExpandDepth": 0, "displayRequestDuration": True},
    )


@router.get("/redoc")
def show_redoc() -> HTMLResponse:
    """Redoc: read the API's reference."""
    return get_redoc_html(
        openapi_url="/openapi.json",
        title=_TITLE,
        redoc_js_url="/docs/assets/redoc.standalone.js",
        redoc_favicon_url="/docs/assets/favicon.png",
        with_google_fonts=False,
    )


@router.get("/docs/assets/{name}")
@router.get("/redoc/{name}")
def get_asset(name: str) -> Response:
    """A script, a style sheet or a picture of the pages."""
    for path, (place, media_type) in _ASSETS.items():
        if path.endswith(f"/{name}"):
            return Response((_STATIC / place).read_bytes(), 200, {"Cache-Control": "public, max-age=86400"}, media_type)
    raise ProblemError(404, "not_found", f"The pages have no file '{name}'.")
