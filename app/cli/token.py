"""Who may write over HTTP: make, list and revoke tokens."""

from typing import Annotated, Literal

import typer

from app.cli.common import get_settings, held, judging, opened

app = typer.Typer(
    name="token",
    help="Make, list and revoke tokens for writing over HTTP.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command()
def make(
    name: Annotated[str, typer.Argument(help="Whose it is: the name that the change log shows.")],
    scope: Annotated[
        Literal["preview", "load", "admin"],
        typer.Option(help="preview; load, which includes it; or admin, which includes both."),
    ],
    days: Annotated[
        int | None, typer.Option(help="For how many days it holds; until it is revoked by default.", min=1, max=3660)
    ] = None,
) -> None:
    """Make a token and print it, this once: only its hash is stored."""
    from app.access.tokens import make_token

    with judging(get_settings()) as connection:
        token = make_token(connection, name, scope, days=days)
    typer.echo(token)
    typer.echo(f"filmspace: this is {name}'s token, with the scope {scope}; it is not shown again", err=True)


@app.command("list")
def list_all() -> None:
    """List the tokens: name, scope and state, never the token itself."""
    from datetime import UTC, datetime

    from app.access.tokens import list_tokens, state_of

    held(get_settings().database_url)
    with opened(get_settings()).connect() as connection:
        for one in list_tokens(connection):
            until = f", until {one.expires_at:%Y-%m-%d %H:%M} UTC" if one.expires_at else ""
            state = state_of(one, datetime.now(UTC))
            typer.echo(f"{one.name}: {one.scope}, {state}, made {one.made_at:%Y-%m-%d %H:%M} UTC{until}")


@app.command()
def revoke(name: Annotated[str, typer.Argument(help="Whose it is.")]) -> None:
    """Revoke a token: from now on nobody can write with it."""
    from app.access.tokens import revoke_token

    with judging(get_settings()) as connection:
        revoke_token(connection, name)
    typer.echo(f"{name}: revoked")
