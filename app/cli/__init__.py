"""The command line, one file for each sort of command."""

import typer
from pydantic import ValidationError
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from app.cli.common import fail
from app.cli.datasets import export, import_files
from app.cli.draft import draft
from app.cli.judge import merge, rename, undo, withdraw
from app.cli.keep import check, openapi, rebuild
from app.cli.load import load
from app.cli.serve import mcp, serve
from app.settings import get_settings

app = typer.Typer(
    name="filmspace",
    help="A knowledge base of film and spaceflight with a receipt for every value.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
# In the order in which --help shows them.
for _command in (serve, mcp, draft, load, import_files, withdraw, merge, rename, undo, check, rebuild, export, openapi):
    app.command("import" if _command is import_files else None)(_command)


def main() -> None:
    """Run the command; what the user can mend ends in one sentence and exit code 1."""
    try:
        app()
    except ValidationError as error:
        first = error.errors()[0]
        fail(f"the setting FILMSPACE_{'_'.join(map(str, first['loc'])).upper()} is wrong: {first['msg']}")
    except ImportError as error:
        fail(f"the database {get_settings().database_url} needs {error.name}, which is not installed")
    except (DBAPIError, ArgumentError, NoSuchModuleError) as error:
        reason = str(getattr(error, "orig", None) or error).splitlines()[0]
        fail(f"the database {get_settings().database_url} cannot be used: {reason}")
