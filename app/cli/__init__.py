"""The command line, one file for each sort of command."""

import sys

from app.cli import interrupted


def main() -> None:
    """Run the command; what the user can mend ends in one sentence and exit code 1."""
    interrupted.end_at_once()
    from app.cli.commands import app

    if sys.argv[1:2] != ["import"]:  # which has more to load, and says when it begins
        interrupted.end_in_order()
    try:
        app()
    except KeyboardInterrupt:  # while no command was under way
        sys.exit(interrupted.CODE)
    except SystemExit as ended:
        # As Typer ends a command that says nothing of it by itself; a server that is stopped twice has nothing to say.
        ended_by = ended.__context__ and ended.__context__.__cause__
        if isinstance(ended_by, KeyboardInterrupt) and sys.argv[1:2] not in (["serve"], ["mcp"]):
            sys.stderr.write("filmspace: interrupted; nothing is half done\n")
        raise
    except Exception as error:
        from app.cli.common import end_unheard, fail
        from app.cli.mending import mendable

        if isinstance(error, OSError):
            end_unheard(error)
        if told := mendable(error):
            fail(told)
        raise
