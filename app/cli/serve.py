"""Serve what is loaded: over HTTP, and to language models."""

import os
import socket
import sys
from collections.abc import Sequence
from contextlib import ExitStack, redirect_stdout, suppress
from functools import partial
from logging import getLogger
from math import ceil
from tempfile import TemporaryDirectory
from typing import Annotated, Any, NoReturn

import typer

from app.cli.common import check_base, fail, get_settings, opened, without_figures
from app.cli.load import load_new
from app.logs import SERVING, config

# Seconds until what does not end by itself is ended, after all connections were cut off.
_MORE = 5


def serve(
    host: Annotated[str | None, typer.Option(help="The address to listen on (FILMSPACE_HOST).")] = None,
    port: Annotated[int | None, typer.Option(help="The port to listen on (FILMSPACE_PORT).", min=0, max=65535)] = None,
    workers: Annotated[
        int | None, typer.Option(help="How many processes answer (FILMSPACE_WORKERS).", min=1, max=64)
    ] = None,
) -> None:
    """Migrate the database, load the seeds that are not loaded yet, and serve the API."""
    from app.server.listening import ListenError, listen

    settings = get_settings()
    count = workers or settings.workers
    if why := without_figures(settings):
        fail(why)
    with ExitStack() as stack:
        try:  # The port first: when it is taken, nothing else is done.
            listeners = listen(host or settings.host, settings.port if port is None else port, count)
        except ListenError as error:
            fail(str(error))
        for one in listeners:
            stack.enter_context(one)
        engine = opened(settings)
        load_new(engine, settings)
        engine.dispose()
        log = config(settings.log_format, requests=settings.log_requests)
        _answer(listeners, count, log, ceil(settings.shutdown_seconds) + _MORE)


def _answer(listeners: Sequence[socket.socket], workers: int, log: dict[str, Any], last_seconds: int) -> None:
    """Answer on listening sockets until Ctrl-C or SIGTERM, and finish what is in flight.

    What takes longer is ended by each connection itself; what does not even let it, after so many seconds.
    """
    from app.server import processes, supervising

    address, bound, *_ = listeners[0].getsockname()
    shown = f"[{address}]" if ":" in address else address
    text = f"filmspace answers on http://{shown}:{bound} (its pages: / and /docs); Ctrl-C stops it"
    begun = partial(_tell, text, log)
    # Which proxies are believed is our own setting (app/http/proxies.py), not uvicorn's.
    config = processes.Config(
        "app.main:app", http="app.server.protocol:Protocol", workers=workers, access_log=False, log_config=log,
        server_header=False, proxy_headers=False, timeout_graceful_shutdown=last_seconds,
    )  # fmt: skip
    processes.have_room(get_settings().max_connections)
    processes.keep_memory()
    processes.end_quietly()
    if workers == 1:
        with suppress(KeyboardInterrupt):  # the ordinary way to stop it
            processes.Server(config, begun).run(sockets=processes.doors(listeners[0]))
        return
    supervising.import_whole("app.application")  # which the processes that it starts then have
    with TemporaryDirectory(prefix="filmspace-") as folder:
        os.environ.setdefault("FILMSPACE_METRICS_FOLDER", folder)
        try:
            answering = supervising.Answering(config, listeners, begun)
            answering.run()
        except KeyboardInterrupt:
            pass
        except OSError as error:
            fail(f"the processes that are to answer cannot be started: {error.strerror or error}")
    if answering.is_forced:
        sys.exit(processes.INTERRUPTED)
    if answering.has_failed:
        _say_why(config)


def _say_why(config: Any) -> NoReturn:
    """End with what keeps the processes from beginning: here the application is loaded as it was there."""
    from app import settings

    settings.get_settings.cache_clear()  # they read them anew, too
    config.load_app()
    fail("a worker process could not start; --workers 1 shows why")


def _tell(text: str, log: dict[str, Any]) -> None:
    """Say it to who watches, or to the programs that read the log; where that is full, it answers all the same."""
    if log["handlers"]["stderr"]["formatter"] == "console":
        with suppress(OSError):
            typer.echo(text, err=True)
    else:
        getLogger(SERVING).info(text)


def mcp(api_url: Annotated[str, typer.Option(help="Where the API is, for URLs in answers.")] = "") -> None:
    """Load the seeds as `serve` does, and serve tools for language models (MCP) on standard input and output."""
    from app.agents.door import is_installed

    check_base("--api-url", api_url)
    if not is_installed():
        fail("this needs the extra mcp: pip install -e '.[mcp]' in the folder of the project")
    from app.agents.server import make_server

    with redirect_stdout(sys.stderr):  # standard output is the client's
        engine = opened(settings := get_settings())
        load_new(engine, settings)
    make_server(engine, api_url).run("stdio")
    engine.dispose()
