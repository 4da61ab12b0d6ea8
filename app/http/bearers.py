"""Who asks: bearer tokens (RFC 6750), looked at before the body of a request is read, and again where it writes."""

import re
from collections.abc import Callable, Coroutine
from typing import Any, ClassVar

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from fastapi import Request
from fastapi.responses import Response
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError, ProgrammingError

from app.access.tokens import Bearer, Scope, find, list_tokens
from app.http.bodies import JsonRoute
from app.http.problems import ProblemError

# The name of the scheme in the OpenAPI document.
SCHEME = "bearerAuth"
_BEARER = re.compile(r"[Bb][Ee][Aa][Rr][Ee][Rr] +([A-Za-z0-9._~+/-]+=*) *")
_REALM = 'Bearer realm="filmspace"'
_OFF = (
    "Writing over HTTP is off here, since no token was ever made. `filmspace token make NAME --scope load` makes one; "
    "`filmspace load` and the other commands need none."
)


def security(scope: Scope, *, is_open: bool = False) -> dict[str, Any]:
    """What an endpoint adds to its OpenAPI operation, for a token of this scope; or for none where it is open."""
    return {"security": [*([{}] if is_open else []), {SCHEME: [scope]}]}


def documented_refusals(scope: Scope) -> dict[str, str]:
    """Why somebody may be turned away, by status, for the OpenAPI document."""
    return {
        "401": "There is no token in the header Authorization, or it is none that holds.",
        "403": f"The token is not for this, which takes the scope {scope}; or no token was ever made.",
    }


class Lookups:
    """Looks tokens up, two at a time: a flood of those who may not must leave the database to those who read."""

    def __init__(self) -> None:
        self._limiter: CapacityLimiter | None = None

    async def bearer_of(self, request: Request, scope: Scope) -> Bearer:
        """Whose token comes with a request. Raises what `bearer_of` does."""
        self._limiter = self._limiter or CapacityLimiter(2)  # it belongs to the loop that it is made in
        return await run_sync(bearer_of, request, scope, limiter=self._limiter)


class GuardedRoute(JsonRoute):
    """A route for those whose token has this scope, or one that includes it. The body of others is not read."""

    scope: ClassVar[Scope]

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler behind the look at the token; `request.state.bearer` is whose it is."""
        handle = super().get_route_handler()

        async def guarded(request: Request) -> Response:
            if not self.is_open(request):
                lookups: Lookups = request.app.state.lookups
                request.state.bearer = await lookups.bearer_of(request, self.scope)
            return await handle(request)

        return guarded

    def is_open(self, request: Request) -> bool:
        """Whether no token is needed."""
        return False


def bearer_of(request: Request, scope: Scope) -> Bearer:
    """Whose token comes with a request. Raises 401 for none that holds, 403 for one of too narrow a scope.

    Nothing of what was sent is in what is raised.
    """
    try:
        with request.app.state.writer.connect() as connection:
            tokens = list_tokens(connection)
    except (OperationalError, ProgrammingError) as error:
        text = "The database cannot be read, or is not migrated yet. Try again in a moment."
        raise ProblemError(503, "not_ready", text) from error
    if not tokens:
        raise ProblemError(403, "forbidden", _OFF)
    given = request.headers.getlist("authorization")
    if not any(one.lower().startswith("bearer") for one in given):
        text = "This takes a token; expected the header Authorization: Bearer, and the token behind it."
        raise ProblemError(401, "unauthorized", text, headers={"WWW-Authenticate": _REALM})
    bearer = find(tokens, _presented(request))
    if bearer is None:
        raise _none_that_holds()
    if not bearer.may(scope):
        text = f"This takes a token with the scope {scope}; that of {bearer.name} has {bearer.scope}."
        raise ProblemError(403, "forbidden", text, headers=_challenge(f'insufficient_scope", scope="{scope}'))
    return bearer


def must_still_hold(connection: Connection, request: Request) -> None:
    """Raise 401 where the token of a request has ended since: its body may take long to come, and so may its turn."""
    if find(list_tokens(connection), _presented(request)) != request.state.bearer:
        raise _none_that_holds()


def _presented(request: Request) -> str:
    """The token in the header of a request; "", which is nobody's, where there is none."""
    given = request.headers.getlist("authorization")
    told = _BEARER.fullmatch(given[0]) if len(given) == 1 else None
    return told[1] if told else ""


def _none_that_holds() -> ProblemError:
    text = "This is no token that holds: it was never made here, was revoked, or has expired."
    return ProblemError(401, "unauthorized", text, headers=_challenge("invalid_token"))


def _challenge(error: str) -> dict[str, str]:
    return {"WWW-Authenticate": f'{_REALM}, error="{error}"'}
