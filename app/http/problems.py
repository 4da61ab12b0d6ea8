"""Errors as problem documents (RFC 9457): one shape for every status, with codes from a closed list."""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from http import HTTPStatus
from typing import Any, Literal
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from pydantic import Field
from starlette.exceptions import HTTPException
from starlette.routing import Match

from app.documents.evidence import Document
from app.logs import without_tokens
from app.vocabulary import PLURALS

MEDIA_TYPE = "application/problem+json"
# As RFC 9110 names them, where versions of Python differ.
_TITLES = {413: "Content Too Large", 414: "URI Too Long", 422: "Unprocessable Content"}
# Seconds until a database that is being migrated or loaded is worth asking again.
_RETRY = 5
# As the OpenAPI document refers to it: a model here would be built for each problem of each endpoint, twice.
_CONTENT = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
# What Pydantic says of a body, where it speaks of Python.
_EXPECTED = {
    "model_attributes_type": "expected an object", "dict_type": "expected an object", "missing": "it is missing",
}  # fmt: skip
_METHODS = ("GET", "POST", "PATCH", "DELETE")
# What is sent back of a path that may have any length.
_LONGEST_PATH = 500
_LONGEST_NOUN = 40
_NOUNS = (*PLURALS.values(), "facts", "sources")
# So many mistakes of one request are told: a short one can have so many that to tell them all is an attack.
MOST_TOLD = 20

Code = Literal[
    "not_found", "gone", "method_not_allowed", "not_acceptable", "too_large", "invalid_parameters",
    "unknown_parameter", "invalid_value", "missing", "unauthorized", "forbidden", "conflict", "precondition",
    "not_ready", "bad_request", "internal_error",
]  # fmt: skip
_CODE_OF_STATUS: dict[int, Code] = {
    401: "unauthorized", 403: "forbidden", 404: "not_found", 405: "method_not_allowed", 406: "not_acceptable",
    409: "conflict", 410: "gone", 412: "precondition", 413: "too_large", 414: "too_large", 422: "invalid_parameters",
    428: "precondition", 503: "not_ready",
}  # fmt: skip


class ProblemDetail(Document):
    """One thing that is wrong with a request."""

    parameter: str | None = Field(description="Which parameter; null for a part of the body.")
    pointer: str | None = Field(
        description="Which part of the body, as a JSON Pointer (RFC 6901); null for a parameter."
    )
    code: Code = Field(description="What is wrong, for programs.")
    detail: str = Field(description="What is wrong and what was expected, for people.")
    allowed: list[str] | None = Field(description="The values that are allowed, where there is a list.")
    did_you_mean: str | None = Field(description="The nearest thing that would have been right.")


class Problem(Document):
    """An error (RFC 9457)."""

    type: str = Field(description="Always about:blank: the status and the code say what kind of problem it is.")
    title: str = Field(description="The name of the status.")
    status: int = Field(description="The HTTP status.")
    detail: str = Field(description="What went wrong, and what to do.")
    instance: str = Field(description="The path that was asked for.")
    code: Code = Field(description="What went wrong, for programs.")
    errors: list[ProblemDetail] = Field(description="Each thing that is wrong; empty where the detail says it all.")


class ProblemError(Exception):
    """An answer that is a problem."""

    def __init__(
        self, status: int, code: Code, detail: str, errors: Sequence[ProblemDetail] = (), *, retry_after: int = _RETRY,
        headers: Mapping[str, str] | None = None,
    ) -> None:  # fmt: skip
        self.status, self.code, self.detail, self.errors = status, code, detail, list(errors)
        self.retry_after = retry_after  # in seconds, where it is a 503
        self.headers = headers or {}
        super().__init__(detail)


class BrokenOffError(Exception):
    """An answer that has begun, and cannot be sent to its end; the message says why."""


def invalid(errors: Sequence[ProblemDetail]) -> ProblemError:
    """422 for parameters, or a body, that cannot be understood."""
    names = ", ".join(dict.fromkeys(_name(error) for error in errors))
    return ProblemError(
        422, "invalid_parameters", f"The request cannot be understood: see {names} under errors.", errors
    )


def no_such(noun: str, told: str, near: str, *, parameter: str = "slug", folder: str) -> ProblemError:
    """404 for a name in a path that nothing has, with the nearest one that something has, if there is any."""
    article = "an" if noun[0] in "aeiou" else "a"
    errors = [detail(parameter, "not_found", f"There is {article} {noun} '{near}'.", near=near)] if near else []
    hint = f" Did you mean {near}?" if near else ""
    return ProblemError(404, "not_found", f"There is no {noun} '{shorten(told)}'.{hint} See /{folder} for all.", errors)


def _name(error: ProblemDetail) -> str:
    """What a mistake is in, in words."""
    return f"'{error.parameter}'" if error.parameter == "" else error.parameter or error.pointer or "the body"


def detail(
    parameter: str, code: Code, text: str, *, allowed: list[str] | None = None, near: str | None = None
) -> ProblemDetail:
    """One thing that is wrong with a parameter."""
    return ProblemDetail(parameter=parameter, pointer=None, code=code, detail=text, allowed=allowed, did_you_mean=near)


def body_detail(
    pointer: str, code: Code, text: str, *, allowed: list[str] | None = None, near: str | None = None
) -> ProblemDetail:
    """One thing that is wrong with a body, at this JSON Pointer: "" for the whole of it."""
    return ProblemDetail(parameter=None, pointer=pointer, code=code, detail=text, allowed=allowed, did_you_mean=near)


def below(key: str) -> str:
    """The step of a JSON Pointer that leads to this key."""
    return f"/{shorten(key).replace('~', '~0').replace('/', '~1')}"


def ended(text: str) -> str:
    """A sentence with its full stop, unless it ends with a question."""
    return text if text.endswith("?") else f"{text}."


def shorten(text: str) -> str:
    """A stranger's text, short enough to be sent back and without what JSON cannot carry."""
    text = without_tokens(text)
    shown = text if len(text) <= 80 else f"{text[:79]}…"
    return shown.encode("utf-8", "replace").decode()


def documented(**descriptions: str) -> dict[int | str, dict[str, Any]]:
    """The `responses` of an endpoint that answers with these problems, each named by its code or its status.

    A code means the first status that has it: what is too large is a body, unless every endpoint sends it.
    """
    statuses: dict[str, int | str] = {code: status for status, code in reversed(_CODE_OF_STATUS.items())}
    return {
        statuses.get(code, code): {"description": description, "content": _CONTENT}
        for code, description in descriptions.items()
    }


def install(app: FastAPI) -> None:
    """Answer every error of `app` as a problem."""
    app.exception_handler(ProblemError)(told)

    @app.exception_handler(HTTPException)
    def _http(request: Request, error: HTTPException) -> Response:
        if error.status_code == 405 or (request.method == "OPTIONS" and request.scope["path"] == "*"):
            allowed = _allowed_at(request)
            if request.method == "OPTIONS":
                return Response(status_code=204, headers={"Allow": allowed})
            text = f"{shorten(request.method)} is not possible here; expected one of {allowed}."
            return told(request, ProblemError(405, "method_not_allowed", text, headers={"Allow": allowed}))
        code = _CODE_OF_STATUS.get(error.status_code, "bad_request")
        text = _explain(request, error)
        return told(request, ProblemError(error.status_code, code, text, headers=error.headers))

    @app.exception_handler(RequestValidationError)
    def _validation(request: Request, error: RequestValidationError) -> Response:
        return told(request, invalid(_of_validation(error.errors()[:MOST_TOLD])))


def _of_validation(errors: Sequence[Mapping[str, Any]]) -> list[ProblemDetail]:
    """The framework's own findings. A key that there is not is likely the one that is missing."""
    missing = [str(one["loc"][-1]) for one in errors if one["type"] == "missing"]
    extra = [str(one["loc"][-1]) for one in errors if one["type"] == "extra_forbidden"]
    near = {one: told[0] for one in extra if (told := get_close_matches(one, missing, n=1))}
    if len(missing) == len(extra) == 1:
        near[extra[0]] = missing[0]
    return [_found(one, near.get(str(one["loc"][-1])) if one["type"] == "extra_forbidden" else None) for one in errors]


def _found(error: Mapping[str, Any], near: str | None) -> ProblemDetail:
    """One finding; what is found in a body has a path that begins with "body"."""
    codes: dict[str, Code] = {"missing": "missing", "extra_forbidden": "unknown_parameter"}
    code = codes.get(error["type"], "invalid_value")
    where = [str(part) for part in error["loc"]]
    if where[0] != "body":
        return detail(shorten(where[-1]), code, error["msg"])
    pointer = "".join(below(part) for part in where[1:])
    text = "there is no such key" + (f"; did you mean {near}?" if near else "")
    text = text if error["type"] == "extra_forbidden" else _EXPECTED.get(error["type"], error["msg"])
    return body_detail(pointer, code, ended(f"{pointer or 'The body'}: {text}"), near=near)


def told(request: Request, error: ProblemError) -> Response:
    """The answer that an error is."""
    return told_at(request.scope["path"], error)


def told_at(path: str, error: ProblemError) -> Response:
    """The same for what was asked of a path."""
    problem = Problem(
        type="about:blank",
        title=_TITLES.get(error.status) or HTTPStatus(error.status).phrase,
        status=error.status,
        detail=error.detail,
        instance=quote(path[:_LONGEST_PATH]),
        code=error.code,
        errors=error.errors,
    )
    headers = {"Cache-Control": "no-store"} | ({"Retry-After": str(error.retry_after)} if error.status == 503 else {})
    # Here, so that whoever tells of what was sent need not think of it.
    body = without_tokens(problem.model_dump_json())
    response = Response(body, error.status, headers, media_type=MEDIA_TYPE)
    response.headers.update(error.headers)
    return response


def _explain(request: Request, error: HTTPException) -> str:
    if error.status_code == 404:
        near = _path_meant(request.url.path)
        hint = f"Did you mean {shorten(near)}?" if near else "See / for what there is."
        return f"There is nothing at {shorten(request.url.path)}. {hint}"
    if error.status_code == 413:
        return "The body is larger than this server takes (FILMSPACE_MAX_BODY_BYTES). Send less at once."
    return str(error.detail)


def _path_meant(path: str) -> str:
    """The path with the noun that may have been meant by its first part, which is none; "" if there is none alike."""
    first, slash, rest = path[1:].partition("/")
    near = get_close_matches(first[:_LONGEST_NOUN].lower(), _NOUNS, n=1) if first not in _NOUNS else []
    return f"/{near[0]}{slash}{rest}" if near else ""


def _allowed_at(request: Request) -> str:
    """The methods that are possible at the path of a request, as the header Allow has them; at `*`, all there are.

    The first noun that answers there at all has the path: behind `/sources/preview` there is a `/sources/{slug}`.
    """
    found = (
        [method for method in _METHODS if route.matches({**request.scope, "method": method})[0] == Match.FULL]
        for route in request.app.router.routes
    )
    is_any = request.scope["path"] == "*"
    possible = _METHODS if is_any else next((methods for methods in found if methods), [])
    return ", ".join([*possible, *(["HEAD"] if "GET" in possible else []), "OPTIONS"])
