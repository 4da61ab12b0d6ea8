"""The tables of a measurement: for a terminal, for docs/benchmarks.md, and in short for the README."""

import platform
import sqlite3
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from benchmarks.importing import Import
from benchmarks.measure import MANY, Figure, Running
from benchmarks.scaling import COSTLY, Scaled
from benchmarks.targets import ANCHOR, CACHED, OURS

TITLES = {
    "cached": "anything that was asked before",
    "not-modified": "the same, not modified (304)",
    "record": "a film by its slug",
    "person": "a person by their slug",
    "first": "the first 20 films by date",
    "deep": "20 films 95 % down, by `next`",
    "offset": "20 films anywhere, by `offset`",
    "filter": "20 films of a genre and a decade, by date",
    "count": "how many films of a genre and a decade",
    "facets": "films of a decade by genre, counted",
    "usual": "search for a usual word",
    "most": "search for words that most films have",
    "mix": "search, a mix of these",
    "suggest": "completion of one to five letters",
}
_SHORT = {
    CACHED: "filmspace, kept",
    OURS: "filmspace, cache off",
    "fastify-json": "fastify, JSON in SQL",
    "fastify-rows": "fastify, rows",
    "datasette": "Datasette",
    "tutorial": "FastAPI + SQLModel",
}
_BEGIN, _END = "<!-- measured -->", "<!-- until here -->"


@dataclass(frozen=True)
class Run:
    """What was measured: how many films, by which command, when, and of what is not a question the rows of a table."""

    films: int
    command: str
    running: Mapping[str, Running]
    skipped: Mapping[str, str]
    at_rest: Sequence[tuple[str, float, float, float]]
    programs: Sequence[tuple[str, float]]
    imported: Import | None
    by_workers: Sequence[Scaled]

    @property
    def conditions(self) -> str:
        """Of what, with what and when, in a sentence."""
        cores = f"server and load on a core of their own, wrk with 1 and {MANY} connections"
        versions = ", ".join(f"{name} {version(name)}" for name in ("uvicorn", "fastapi", "sqlmodel"))
        others = [("node", ["node", "--version"])] if any("fastify" in name for name in self.running) else []
        told = [f"{name} {subprocess.check_output(command, text=True).strip()}" for name, command in others]
        return (
            f"{self.films:,} films, {2 * self.films:,} people; {cores}; {datetime.now(UTC):%Y-%m-%d}; "
            f"CPython {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {', '.join([versions, *told])}"
        )


def text(run: Run) -> str:
    """All of it, in Markdown."""
    return "\n".join(_lines(run))


def short(run: Run) -> str:
    """The table of what each server costs, and under which conditions."""
    return "\n".join((*ratios(run), "", f"{run.conditions}.", "", *_wrong(run))).rstrip()


def _lines(run: Run) -> Iterator[str]:
    yield from (
        "Processor time of the bare ASGI app for an answer, divided by that of each server: 1 is as cheap as it.",
        "",
    )
    yield from ratios(run)
    yield from ("", f"`{run.command}`: {run.conditions}.", "")
    yield from (f"{name} is not measured: {why}" for name, why in run.skipped.items())
    yield from _wrong(run)
    for name, server in run.running.items():
        if server.figures and name != ANCHOR:
            yield from ("", f"### {server.target.title}", "", *_latencies(server.figures))
    if any(one.held for one in run.running.values()):
        yield from ("", "### A film by its slug while somebody searches for what most films have", "", *_held(run))
    yield from ("", "### Memory and start", "", *_at_rest(run))
    if run.by_workers:
        yield from ("", "### Several processes", "", *_scaled(run))
    if one := run.imported:
        yield from ("", "### Import", "", _import(one))


def ratios(run: Run) -> Iterator[str]:
    """The table of what each server costs for each question, beside the anchor."""
    shown = [name for name in _SHORT if name in run.running and name != CACHED]
    yield f"| question | {' | '.join(_SHORT[name] for name in shown)} |"
    yield f"| --- |{' ---: |' * len(shown)}"
    for name, title in TITLES.items():
        asked = CACHED if name in ("cached", "not-modified") else ""
        cells = [_cell(run.running, asked if asked and one == OURS else one, name) for one in shown]
        if any(cell not in ("–", "") for cell in cells):
            yield f"| {title} | {' | '.join(cells)} |"


def _cell(running: Mapping[str, Running], target: str, question: str) -> str:
    one = running.get(target)
    if one and question in one.figures:
        figure = one.figures[question]
        return f"{_digits(figure.of_anchor)}{'¹' if figure.alone else ''}"
    return "²" if one and question in one.wrong else "–"


def _digits(ratio: float) -> str:
    """Two digits that tell something."""
    return "< 0.0001" if ratio < 0.0001 else f"{ratio:.2f}" if ratio >= 0.1 else f"{ratio:.2g}"


def _wrong(run: Run) -> Iterator[str]:
    figures = [figure for one in run.running.values() for figure in one.figures.values()]
    if any(figure.alone for figure in figures):
        yield f"¹ with {MANY} connections hardly anything was answered in the time: the figure is of one connection."
    if any(one.wrong for one in run.running.values()):
        yield "² not answered, or not rightly:"
        for one in run.running.values():
            yield from (f"- {one.target.title}, {TITLES[name]}: {why[:150]}" for name, why in one.wrong.items())


def _latencies(figures: Mapping[str, Figure]) -> Iterator[str]:
    yield f"| question | processor | requests a second | p50 | p99 | p99, {MANY} connections | slowest at first |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: | ---: |"
    for name, title in TITLES.items():
        if name in figures:
            one = figures[name]
            many = "–" if one.alone else f"{one.p99:.1f}"
            first = f"{one.first:.1f}" if one.first else "–"
            beside = f"{_digits(one.of_anchor)} | {_digits(one.rate)}"
            yield f"| {title} | {beside} | {one.p50:.2f} | {one.p99_alone:.2f} | {many} | {first} |"


def _held(run: Run) -> Iterator[str]:
    yield "| server | p50, ms | p99, ms | slowest, ms |"
    yield "| --- | ---: | ---: | ---: |"
    for one in run.running.values():
        if told := one.held:
            yield f"| {one.target.title} | {told.p50:.1f} | {told.p99:.1f} | {told.slowest:.1f} |"


def _scaled(run: Run) -> Iterator[str]:
    yield f"`serve --workers N` on all cores, of which the load has a share, asked to {TITLES[COSTLY]}:"
    yield from ("", "| workers | answers a second, of those of one | p99, ms |", "| ---: | ---: | ---: |")
    yield from (f"| {one.workers} | {one.rate:.2f} | {one.p99:.1f} |" for one in run.by_workers)


def _import(one: Import) -> str:
    return (
        f"{one.rows:,} rows of evidence and records: {one.bare / one.cpu:.3f} of the speed at which `executemany` "
        f"stores the same rows without any index, in processor time; {one.memory / 1e6:.0f} MB of memory at most."
    )


def _at_rest(run: Run) -> Iterator[str]:
    yield "| server | start to first answer, s | private memory at start, MB | after all questions, MB |"
    yield "| --- | ---: | ---: | ---: |"
    for title, seconds, start, after in run.at_rest:
        yield f"| {title} | {seconds:.2f} | {start / 1e6:.0f} | {after / 1e6:.0f} |"
    if run.programs:
        yield from ("", "| command | seconds |", "| --- | ---: |")
        yield from (f"| `{command}` | {seconds:.2f} |" for command, seconds in run.programs)


def write(file: Path, lines: str) -> None:
    """Put lines between the marks in a file, instead of what was measured before."""
    before, _, rest = file.read_text(encoding="utf-8").partition(_BEGIN)
    _, end, after = rest.partition(_END)
    if not end:
        raise ValueError(f"{file} has no '{_BEGIN}' … '{_END}' for what was measured")
    file.write_text(f"{before}{_BEGIN}\n\n{lines}\n\n{_END}{after}", encoding="utf-8")
