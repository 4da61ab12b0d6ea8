"""What endpoints that write have in common: for whom they are, how they are documented, and reasons."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, Field, JsonValue
from pydantic_core import PydanticCustomError

from app.access.tokens import Scope
from app.api.sending import LARGEST
from app.http.bearers import GuardedRoute, documented_refusals, security
from app.http.parameters import Parameter
from app.http.problems import documented
from app.http.writing import Write
from app.loading.problems import RefusedError
from app.loading.revisions import LONGEST_REASON, checked_reason
from app.queries.changes import get_change
from app.queries.status import state_of

# What `written` wants: the status, the JSON, and the headers of an answer.
Answer = tuple[int, str, Mapping[str, str]]
CONDITIONS = {
    "412": "If-Match names none of the ETags that it has now: it has changed, or is not there.",
    "428": "If-Match is missing: what is there is only changed by those who say which state of it they saw.",
}
ONCE = "A request with this Idempotency-Key is being answered."
NOT_JSON = {"400": "The Idempotency-Key is no such string.", "415": "What is sent is not application/json."}
_NOT_READY = "Somebody else is writing; ask again after Retry-After. Nothing was stored."
_WHY = "Why, in one line, for everybody who asks for it."
_ONE_LINE: dict[str, JsonValue] = {
    "minLength": 1, "maxLength": LONGEST_REASON, "pattern": r"^[^\x00-\x1f\x7f-\x9f\u2028\u2029]*$",
}  # fmt: skip


class LoadRoute(GuardedRoute):
    """A route that takes an article with its claims, from those who may load."""

    largest, scope = LARGEST, "load"


class AdminRoute(GuardedRoute):
    """A route for those who judge what was loaded, by whomever."""

    scope = "admin"


def responses(scope: Scope, **more: str) -> dict[int | str, dict[str, Any]]:
    """The `responses` of an endpoint that writes, beside that of success."""
    told = {"not_ready": _NOT_READY, **documented_refusals(scope), **CONDITIONS, **more}
    return dict(sorted(documented(**told).items(), key=lambda one: str(one[0])))


def described(scope: Scope, *parameters: Mapping[str, Any]) -> dict[str, Any]:
    """What an endpoint that writes adds to its OpenAPI operation."""
    return {**security(scope), **({"parameters": [dict(one) for one in parameters]} if parameters else {})}


def _checked(reason: str) -> str:
    try:
        return checked_reason("reason", reason)
    except RefusedError as error:
        raise ValueError(error.problems[0].message) from error


def _checked_in_body(reason: str) -> str:
    try:
        return _checked(reason)
    except ValueError as error:
        raise PydanticCustomError("reason", "{text}", {"text": str(error)}) from error


Reason = Annotated[str, AfterValidator(_checked_in_body), Field(description=_WHY, json_schema_extra=_ONE_LINE)]
REASON = Parameter(
    "reason", _WHY, _checked, {"type": "string", **_ONE_LINE},
    is_repeatable=False, is_required=True, longest=LONGEST_REASON,
)  # fmt: skip


def judged(write: Write, status: int = 200) -> Answer:
    """What a judgement is answered: the change that it made."""
    change = get_change(write.connection, state_of(write.connection).revision)
    if change is None:
        raise RuntimeError("a judgement made no revision")
    return status, change.model_dump_json(), {"Location" if status == 201 else "Content-Location": change.url}
