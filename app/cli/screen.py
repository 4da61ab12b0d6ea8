"""What the commands print: in colour on a terminal, plain where it is piped or NO_COLOR is set."""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from io import StringIO

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress
from rich.text import Text

from app.cli.common import printable

# A line, as pieces of text of which each may have a style.
Line = Iterable[tuple[str, str]]


def show(lines: Iterable[Line]) -> None:
    """Print lines to standard output, each as long as it is."""
    shown = StringIO()
    is_terminal = Console().is_terminal
    console = Console(file=shown, force_terminal=is_terminal, highlight=False)
    for line in lines:
        text = Text.assemble(*((printable(piece), "" if console.no_color else style) for piece, style in line))
        console.print(text, soft_wrap=True)
    # By this function, since what it cannot write ends the program with a sentence (`end_unheard`).
    typer.echo(shown.getvalue(), nl=False, color=is_terminal)


@contextmanager
def progress(name: str) -> Iterator[Callable[[int, int], None]]:
    """Show on a terminal how far something has come, and nothing elsewhere; what is yielded is told how far."""
    console = Console(file=sys.stderr)
    is_shown = console.is_terminal
    # The line is gone when it ends, so that whatever is printed after it stands by itself.
    with Progress(
        console=console, transient=True, disable=not is_shown, redirect_stdout=False, redirect_stderr=False
    ) as bar:
        task = bar.add_task(escape(printable(name)), total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of)
