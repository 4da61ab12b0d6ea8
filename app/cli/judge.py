"""Judge what is loaded: withdraw a source, make one of two entities, call one otherwise; and take that back."""

from typing import Annotated

import typer

from app.cli.common import get_settings, judging


def withdraw(
    source: Annotated[str, typer.Argument(help="The slug of the source.")],
    reason: Annotated[str, typer.Option(help="Why; shown to all who ask for it.")],
) -> None:
    """Withdraw a source: its claims stay in the history and no longer count."""
    from app.loading.load import withdraw_source

    settings = get_settings()
    with judging(settings) as connection:
        ended = withdraw_source(connection, source, reason, actor=settings.actor)
    typer.echo(f"{source}: withdrawn; {ended} fact{'s no longer have' if ended != 1 else ' no longer has'} its word")


def merge(
    old: Annotated[str, typer.Argument(metavar="FROM", help="The entity to merge away, as kind/slug.")],
    into: Annotated[str, typer.Argument(metavar="INTO", help="The entity that stays, as kind/slug.")],
    reason: Annotated[str, typer.Option(help="Why, for the history.")],
) -> None:
    """Merge FROM into INTO, which are the same: its claims count for INTO, and its old address leads there."""
    from app.loading.merging import merge_entities

    settings = get_settings()
    with judging(settings) as connection:
        merge_entities(connection, old, into, reason, actor=settings.actor)
    typer.echo(f"{old}: merged into {into}")


def rename(
    entity: Annotated[str, typer.Argument(help="The entity, as kind/slug.")],
    slug: Annotated[str, typer.Argument(help="The slug that it gets.")],
    reason: Annotated[str, typer.Option(help="Why, for the history.")],
) -> None:
    """Give an entity another slug; its old address leads to the new one."""
    from app.loading.merging import rename_entity

    settings = get_settings()
    with judging(settings) as connection:
        renamed = rename_entity(connection, entity, slug, reason, actor=settings.actor)
    typer.echo(f"{entity}: renamed to {renamed}")


def undo(
    revision: Annotated[
        int, typer.Argument(help="The number of the revision, as /changes has it.", min=1, max=2**31 - 1)
    ],
    reason: Annotated[str, typer.Option(help="Why, for the history.")],
) -> None:
    """Take back a merge, a renaming or a withdrawal: what was before is so again, and the history keeps both."""
    from app.loading.undo import undo_revision

    settings = get_settings()
    with judging(settings) as connection:
        told = undo_revision(connection, revision, reason, actor=settings.actor)
    typer.echo(f"revision {revision}: taken back; {told}")
