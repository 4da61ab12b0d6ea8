"""The application: engine, routers, error handlers and middleware, wired together."""

import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import Response
from sqlalchemy import Engine
from starlette.datastructures import State
from starlette.middleware import Middleware
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.middleware.cors import CORSMiddleware
from starlette.routing import Route
from starlette_compress import add_compress_type

from app import LICENCE, __version__
from app.agents.door import Door, is_installed
from app.api import (
    calendar,
    changes,
    check,
    connections,
    docs,
    explorer,
    facts,
    llms,
    merges,
    metrics,
    openapi,
    paths,
    preview,
    properties,
    records,
    root,
    search,
    sources,
    timeline,
    truth,
)
from app.budget import watch
from app.db import make_engine
from app.http import broken, formats, moved, problems
from app.http.bearers import Lookups
from app.http.compressing import Compressed
from app.http.edge import EXPOSED, Edge
from app.http.foreign import Explained
from app.http.metrics import Metrics
from app.http.reach import Reach
from app.http.read import NotModifiedError
from app.http.turns import AT_ONCE, Line
from app.http.writing import Desk
from app.preview.trials import Trials
from app.server.cache import Cache
from app.server.direct import Direct
from app.server.guard import Guard, connections_within
from app.server.lists import Lists
from app.server.searches import Searches
from app.server.turns import Turns
from app.server.watching import version_of
from app.settings import Settings

_SWITCHED = 0.0005
_READABLE_EVERYWHERE: dict[str, Any] = {
    "allow_origins": ["*"],
    # No preflight is refused for its method or headers: what is not possible here is answered as a problem, like
    # everything else. One for a private network is, by the library: no public page is let into somebody's own.
    "allow_methods": ["*"],
    "allow_headers": ["*"],
    "expose_headers": EXPOSED,
}
# Beside JSON and text, of which the layer that compresses knows by itself.
for _media_type in (
    problems.MEDIA_TYPE,
    formats.MEDIA_TYPES["ndjson"],
    formats.MEDIA_TYPES["csv"],
    formats.MEDIA_TYPES["atom"],
    calendar.MEDIA_TYPE,
):
    add_compress_type(_media_type)
_DESCRIPTION = (
    "A knowledge base of film and spaceflight in which every value shows the sentence that says it. Plans are "
    "kept apart from what happened, sources that disagree are both shown, and what no source says is null. "
    "The examples are real answers, cut to three entries of each list, with every timestamp set to one moment."
)


# In the order in which paths are looked for.
_NOUNS = (
    root,
    metrics,
    records,
    connections,
    paths,
    facts,
    sources,
    properties,
    truth,
    check,
    search,
    timeline,
    calendar,
    changes,
    merges,
    llms,
    docs,
    explorer,
)


def _layers(settings: Settings, counted: Metrics) -> list[Middleware]:
    """What is around the framework, from the outside in."""
    trusted, longest, largest = settings.trusted_proxies, settings.max_url_bytes, settings.max_body_bytes
    return [
        Middleware(Edge, trusted=trusted, longest_url=longest, largest_body=largest, metrics=counted),
        # For bodies that do not say how long they are. Inside the first, so that its headers are on the answer.
        Middleware(RequestBodyLimitMiddleware, max_body_size=largest),
        Middleware(Compressed),
        Middleware(CORSMiddleware, **_READABLE_EVERYWHERE),
    ]


def _door(engine: Engine, settings: Settings) -> Door | None:
    """`/mcp`, if the extra is installed and the settings name a host for it."""
    if not settings.mcp_hosts or not is_installed():
        return None
    return Door(engine, hosts=settings.mcp_hosts, largest_body=settings.max_body_bytes, seconds=settings.query_seconds)


def _direct(settings: Settings, counted: Metrics, turns: Turns) -> Direct:
    url, longest, trusted = settings.read_url, settings.max_url_bytes, settings.trusted_proxies
    pages, answers = Lists(url).page, Searches(url).answer
    return Direct(url, counted, pages, answers, turns=turns, longest_url=longest, trusted=trusted)


def _guard(settings: Settings, counted: Metrics) -> Guard:
    most_connections = connections_within(settings.max_connections)
    line, probes = (Line(most, settings.query_seconds) for most in (settings.max_waiting, most_connections))
    return Guard(
        line, probes, counted, most_connections, settings.max_head_bytes, settings.max_url_bytes,
        settings.max_body_bytes, settings.client_seconds, settings.shutdown_seconds,
    )  # fmt: skip


def _lifespan(door: Door | None) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            # Whoever computes in a thread gives way sooner to the one that answers what is at hand.
            sys.setswitchinterval(_SWITCHED)
            state = app.state
            for close in (state.engine.dispose, state.writer.dispose, state.trials.close, state.direct.close):
                stack.callback(close)
            await stack.enter_async_context(state.metrics.left())
            if door:
                await stack.enter_async_context(door.open())
            yield

    return lifespan


def _not_modified(_: Request, error: Exception) -> Response:
    return Response(status_code=304, headers=getattr(error, "headers", {}))


def _engine(url: str) -> Engine:
    """One for a server, which makes no database."""
    return watch(make_engine(url, is_to_be_there=True))


def _equip(state: State, settings: Settings, engine: Engine, counted: Metrics) -> None:
    """Put into the state of the app what its endpoints and its protocol find there."""
    # For what writes, however little of it stays.
    writer = engine if settings.read_url == settings.database_url else _engine(settings.database_url)
    state.engine, state.writer, state.metrics = engine, writer, counted
    state.reach, state.base = Reach(), metrics.Base(engine)
    # They may take long, and have half of the turns at most: the others are for those who read.
    state.trials, state.query_seconds = Trials(writer, most=AT_ONCE // 2), settings.query_seconds
    state.desk, state.lookups, state.is_preview_open = Desk(writer), Lookups(), settings.preview
    state.explorer = explorer.Explorer(settings.explorer)
    # For the protocol, which answers from them below all this (app/server/protocol.py).
    turns, version = Turns(), version_of(settings.read_url)
    state.cache = Cache(settings.cache_bytes, version, turns) if settings.cache_bytes else None
    state.guard, state.direct = _guard(settings, counted), _direct(settings, counted, turns)


def create_app(settings: Settings) -> openapi.Api:
    """The API on the database of these settings. Nothing is opened before the first request."""
    engine, counted = _engine(settings.read_url), Metrics(settings.metrics_folder)
    door = _door(engine, settings)
    app = openapi.Api(
        title="filmspace",
        version=__version__,
        summary="Film and spaceflight, with a receipt for every value",
        description=_DESCRIPTION,
        license_info={"name": "Apache License 2.0", "identifier": LICENCE},
        generate_unique_id_function=lambda route: route.name,
        lifespan=_lifespan(door),
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        openapi_tags=openapi.TAGS,
        responses=openapi.PROBLEMS,
        middleware=_layers(settings, counted),
    )
    _equip(app.state, settings, engine, counted)
    for one in (problems, moved, broken):
        one.install(app)
    app.add_exception_handler(NotModifiedError, _not_modified)
    # Before the sources, among whose slugs its path would be.
    for router in (preview.router, preview.no_source, *(noun.router for noun in _NOUNS)):
        app.include_router(router)
    if door:
        # Stateless, it has nothing to send by itself, so that nobody may listen with GET.
        app.router.routes.append(Route("/mcp", Explained(door), methods=["POST"]))
    return app
