"""All commands, put together."""

import typer

from app.cli.backup import backup
from app.cli.datasets import import_files
from app.cli.doctor import doctor
from app.cli.draft import draft
from app.cli.export import export
from app.cli.judge import merge, rename, undo, withdraw
from app.cli.keep import check, openapi, rebuild
from app.cli.load import load
from app.cli.serve import mcp, serve
from app.cli.token import app as token

app = typer.Typer(
    name="filmspace",
    help="A knowledge base of film and spaceflight with a receipt for every value.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    # What would draw boxes around the help takes longer to import than everything else here.
    rich_markup_mode=None,
)
# In the order in which --help shows them.
for _command in (
    serve, mcp, draft, load, import_files, withdraw, merge, rename, undo,
    check, rebuild, export, backup, doctor, openapi,
):  # fmt: skip
    # The short help would be cut to one line.
    app.command("import" if _command is import_files else None, short_help=_command.__doc__)(_command)
app.add_typer(token)
