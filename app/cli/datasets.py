"""Import public data sets."""

import sys
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self, get_args

import typer

from app.cli import interrupted
from app.cli.common import fail, get_settings, loading, printable, spare_garbage

if TYPE_CHECKING:
    from rich.progress import Progress
    from sqlalchemy import Engine

    from app.importing.files import File
    from app.importing.records import Unreadable
    from app.loading.datasets import ImportReport

_Format = Literal["imdb", "wikidata", "launch-library", "gcat", "astronauts", "ndjson"]
_OWN = "ndjson"
# How many sorts of what was left out are told, and how many lines that cannot be read.
_MOST_LEFT_OUT, _MOST_UNREADABLE = 12, 1000
_ALWAYS = ("somevalue of ", "novalue of ", "a record that comes again")
# How it is said of what is left out that it stands there, but is not what it should be, as a date that is none.
_WRONG = (" is no", " are no", " cannot be ")
# After how many bytes a bar moves on.
_PIECE = 1 << 16
# The exit code where all is done but for what could not be read.
_PARTLY = 3


def import_files(
    form: Annotated[_Format, typer.Argument(metavar="FORMAT", help=f"One of {', '.join(get_args(_Format))}.")],
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE", help="Files of that format, plain, gzipped or in bzip2.", readable=False),
    ],
) -> None:
    """Import files of a public data set in one transaction; what cannot be read of them is passed over and counted."""
    from app.beside import LostError, beside
    from app.importing import by_dataset
    from app.importing.files import File
    from app.importing.records import FormatError
    from app.loading import datasets

    settings = get_settings()
    interrupted.end_in_order()
    try:
        if form == _OWN:
            _restore(loading(settings), files)
            return
        found = by_dataset(form, [File(path) for path in files])
        spare_garbage()
        watched = _Progress([one for told in found.values() for one in told])
        # The other process comes first, while there is nothing of a database that it could have a part in.
        with beside() as helper:
            engine = loading(settings)
            with watched as progress, engine.begin() as connection:
                report = datasets.import_files(
                    connection, found, actor=settings.actor, told=progress.unreadable, step=progress.written,
                    beside=helper,
                )  # fmt: skip
                interrupted.let_be()
    except (FormatError, LostError) as error:
        fail(f"{error}; nothing is stored")
    except KeyboardInterrupt:
        typer.echo(interrupted.WORDS, err=True)
        sys.exit(interrupted.CODE)
    _tell(report)


def _restore(engine: "Engine", files: "Sequence[Path]") -> None:
    from app import LICENCE
    from app.audit import problems_of_evidence
    from app.importing.files import File
    from app.loading.dumps import restore

    if len(files) != 1:
        fail("an export is one file; give its name alone")
    with engine.begin() as connection:
        counts = restore(connection, File(files[0]), problems_of_evidence, licence=LICENCE)
        interrupted.let_be()
    held = "unchanged: the base is what the export is of"
    typer.echo(", ".join(f"{count} {name}" for name, count in counts.items()) or held)


def _tell(report: "ImportReport") -> None:
    """Say what an import did; the exit code says whether something could not be read."""
    for line in _told(report):
        typer.echo(printable(line))
    if count := report.unreadable:
        what = "line or record" if count == 1 else "lines or records"
        typer.echo(f"filmspace: {count} {what} could not be read; what could is stored", err=True)
        sys.exit(_PARTLY)


def _told(report: "ImportReport") -> Iterator[str]:
    """What an import did, in lines for a person."""
    for one in report.imports:
        if one.slug is None:
            yield f"{one.dataset}: unchanged ({one.claims_unchanged} claims in {one.entries} entries)"
        else:
            yield f"{one.dataset}: imported as {one.slug}"
            yield f"  entries    {one.entries} read, {one.unreadable} not readable"
            yield f"  entities   {one.entities_new} new"
            kept, ended = one.claims_unchanged, one.claims_ended
            yield f"  claims     {one.claims_new} new, {kept} unchanged, {ended} superseded"
        # What a source says that there is none of, that it does not know, or twice is told however much is left out,
        # and so are the first of its values that are none.
        counts = one.left_out.most_common()
        wrong = [told for told in counts if _is_wrong(told[0])][:_MOST_LEFT_OUT]
        often = [*counts[:_MOST_LEFT_OUT], *wrong]
        shown = [told for told in counts if told in often or told[0].startswith(_ALWAYS)]
        for what, count in shown:
            where = one.first_left_out.get(what) if _is_wrong(what) else None
            yield f"  left out   {count} of {what}" + (f", first {where}" if where else "")
        if len(counts) > len(shown):
            rest = one.left_out.total() - sum(count for _, count in shown)
            yield f"  left out   {rest} of {len(counts) - len(shown)} other things"
    yield f"{report.identified.merged} entities are ones that were held, by an identifier"
    yield from (f"  apart      {one}" for one in report.identified.apart)
    yield f"took {report.seconds:.2f} s"


class _Progress:
    """What is read, as it is read: on a terminal a bar with the rate and the time left, elsewhere plain lines."""

    def __init__(self, files: "Sequence[File]") -> None:
        self._files, self._unreadable = files, 0
        self._bars: Progress | None = None
        self._shown: dict[Any, int] = {}

    def __enter__(self) -> Self:
        if not sys.stderr.isatty():
            for file in self._files:
                typer.echo(f"reading {file.path}", err=True)
            return self
        from rich import progress
        from rich.console import Console

        self._bars = progress.Progress(
            progress.TextColumn("{task.description}", markup=False), progress.BarColumn(),
            progress.TaskProgressColumn(), progress.TextColumn("{task.fields[rate]}"), progress.TimeRemainingColumn(),
            console=Console(stderr=True),
        )  # fmt: skip
        self._bars.start()
        for file in self._files:
            size = file.size
            file.progress = partial(self._read, self._bars.add_task(file.name, total=size, rate=""), size)
        self._records = self._bars.add_task("records", total=None, rate="")
        return self

    def __exit__(self, *_: object) -> None:
        if self._bars:
            self._bars.stop()

    def _read(self, task: Any, size: int, done: int) -> None:
        # Called for each line, of which there may be millions.
        if done >= size or done - self._shown.get(task, 0) >= _PIECE:
            self._shown[task] = done
            self._show(task, done, size, 1e6, "MB/s")

    def written(self, done: int, of: int) -> None:
        """Tell how far the records are written."""
        if self._bars:
            self._show(self._records, done, of, 1, "records/s")
        elif done == of:
            typer.echo("all records are made, and are stored now", err=True)

    def _show(self, task: Any, done: int, of: int, unit: float, rate: str) -> None:
        if self._bars:
            seconds = self._bars.tasks[task].elapsed or 0
            told = f"{done / unit / seconds:.1f} {rate}" if seconds else ""
            self._bars.update(task, completed=done, total=of, rate=told)

    def unreadable(self, one: "Unreadable") -> None:
        """Tell of one that is passed over, unless there are too many."""
        self._unreadable += 1
        if self._unreadable <= _MOST_UNREADABLE:
            show = self._bars.console.out if self._bars else partial(typer.echo, err=True)
            show(printable(f"  {one}"))
        elif self._unreadable == _MOST_UNREADABLE + 1:
            typer.echo("  and more, which are only counted", err=True)


def _is_wrong(left_out: str) -> bool:
    return any(words in left_out for words in _WRONG)
