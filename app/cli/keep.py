"""Keep the base: make its records anew, check that everything holds, print the document of the API."""

import json

import typer

from app.cli.common import fail, get_settings, held, loading, spare_garbage


def rebuild() -> None:
    """Make every record anew from the evidence."""
    from app.beside import LostError, beside
    from app.projection import rebuild as rebuild_records

    settings = get_settings()
    held(settings.database_url)
    spare_garbage()
    try:
        # The other process comes first, while there is nothing of a database that it could have a part in.
        with beside() as helper, loading(settings).begin() as connection:
            looked_at = rebuild_records(connection, helper)
    except LostError as error:
        fail(f"{error}; everything is as it was")
    typer.echo(f"{looked_at} records made anew")


def check() -> None:
    """Check that every quote, hash, reference and record still holds; nothing is changed."""
    from app.audit import counted, problems
    from app.db import scratch, shown
    from app.migrate import is_current

    url = get_settings().database_url
    engine = held(url)
    if not is_current(engine):
        fail(f"the database {shown(url)} is not of this version; `filmspace serve` brings it there")
    found = 0
    with scratch(engine) as connection:
        told = ", ".join(f"{count} {name}" for name, count in counted(connection).items())
        for found, problem in enumerate(problems(connection), start=1):  # noqa: B007  (how many there were)
            typer.echo(f"  {problem}", err=True)
    if found:
        fail(f"{found} of what was checked does not hold ({told})")
    typer.echo(f"everything holds: {told}")


def openapi() -> None:
    """Print the OpenAPI document."""
    from app.application import create_app

    typer.echo(json.dumps(create_app(get_settings()).openapi(), indent=2, ensure_ascii=False))
