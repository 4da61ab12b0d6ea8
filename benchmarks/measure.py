"""The measurement: each answer checked, then each server under load in turn, the anchor always in the same minute."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import httpx

from benchmarks.load import Load, held, load, write_addresses
from benchmarks.questions import Question
from benchmarks.servers import Server
from benchmarks.targets import ANCHOR, CACHED, OURS, Target

MANY, _FEW = 32, 4
# Of a peer's answers so many are checked; of ours all are.
_CHECKED = 25
# How many answers of the cached question there are.
_KEPT = 200
# A load with fewer answers than this for each connection tells too little: what waits then has cost, and is no answer.
_FEWEST = 5
# An uncounted load is put on until every case was asked and the server had so much of the time for itself, but no
# more than so often.
_WARM, _MOST_WARMING = 0.8, 5
# One connection on which nothing was answered is given so much longer.
_LONGER = 5


class WrongAnswerError(Exception):
    """A server that does not answer rightly. The message says to what, and how the answer should have been."""


@dataclass(frozen=True)
class Figure:
    """What a server does with a question, held against the anchor of the same minute.

    `of_anchor` is the anchor's processor time for an answer divided by the server's, `rate` the server's answers a
    second divided by the anchor's; `cost` is in microseconds, latencies are in milliseconds: p50 on one connection, p99
    on many; `first` is the slowest answer when each was asked for the first time. `alone` where on many connections too
    little was answered, and all is told of one.
    """

    of_anchor: float
    rate: float
    cost: float
    p50: float
    p99_alone: float
    p99: float
    first: float
    alone: bool = False

    def __str__(self) -> str:
        """It in a line."""
        return (
            f"{self.of_anchor:8.4f} of the anchor, {self.cost:9.0f} us; 1: p50 {self.p50:8.2f}, p99 "
            f"{self.p99_alone:8.2f}; {MANY}: p99 {self.p99:8.1f}; first {self.first:8.1f} ms"
        )


@dataclass
class Running:
    """A target, its server, what is measured of it by question, and `held`: of films, beside slow searches."""

    target: Target
    server: Server
    figures: dict[str, Figure] = field(default_factory=dict)
    wrong: dict[str, str] = field(default_factory=dict)
    held: Load | None = None


@dataclass
class _Ready:
    """A server that answers a question rightly, how it is asked, and its loads, each beside that of the anchor."""

    running: Running
    addresses: Sequence[str]
    first: float = 0
    file: Path = Path()
    loads: list[tuple[Load, Load]] = field(default_factory=list)


@dataclass(frozen=True)
class Plan:
    """How long and how often a load is put on, and where its files lie."""

    folder: Path
    seconds: int
    rounds: int


def measure(running: Mapping[str, Running], asked: Sequence[Question], plan: Plan) -> None:
    """Ask every server every question that it can be asked."""
    for question in asked:
        print(f"{question.title} ({len(question.cases)} cases)")
        ready = []
        for one in running.values():
            if one.target.name in (ANCHOR, CACHED):
                continue
            try:
                addresses = one.target.dialect.paths(question, one.server.url)
                if addresses:
                    ready.append(_Ready(one, addresses, _check(one, question, addresses)))
            except (WrongAnswerError, httpx.HTTPError) as error:
                one.wrong[question.name] = str(error)
                print(f"  {one.target.title}: {error}")
        _put_on(question.name, ready, running[ANCHOR].server, plan)
    record = next((question for question in asked if question.name == "record"), None)
    if CACHED in running and record:
        try:
            _measure_cached(running, record, plan)
        except WrongAnswerError as error:
            running[CACHED].wrong["cached"] = str(error)
            print(f"  {running[CACHED].target.title}: {error}")
    for one in running.values():
        if {"record", "most"} <= one.figures.keys():
            one.held = _measure_held(one, plan)


def _measure_held(one: Running, plan: Plan) -> Load:
    """What somebody gets who asks for films while somebody else searches, without end, for what most films have."""
    searched, asked = (file_of(one.target, name, plan) for name in ("most", "record"))
    with held(one.server, searched, plan.seconds * 2):
        told = load(one.server, asked, connections=_FEW, seconds=plan.seconds, is_alone=False)
    print(f"  {one.target.title:36} beside searches: p50 {told.p50:.1f}, p99 {told.p99:.1f}, {told.slowest:.1f} ms")
    return told


def file_of(target: Target, question: str, plan: Plan) -> Path:
    """Where the addresses stand by which a server was asked a question."""
    return plan.folder / f"{target.name}-{question}.txt"


def _check(one: Running, question: Question, addresses: Sequence[str]) -> float:
    """The milliseconds of the slowest answer. Raises WrongAnswerError for one that is not right."""
    dialect, slowest = one.target.dialect, 0.0
    most = len(addresses) if one.target.name == OURS else _CHECKED
    with httpx.Client(base_url=one.server.url, timeout=120) as client:
        for address, case in list(zip(addresses, question.cases, strict=True))[:most]:
            begun = time.perf_counter()
            answer = client.get(address)
            slowest = max(slowest, time.perf_counter() - begun)
            if answer.status_code != httpx.codes.OK:
                raise WrongAnswerError(f"{address} is answered with {answer.status_code}: {answer.text[:200]}")
            if not dialect.is_right(told := dialect.told(question.name, answer.json()), case.right):
                raise WrongAnswerError(f"{address} says {told!s:.300}, and right is {case.right!s:.300}")
    return slowest * 1000


def _put_on(name: str, ready: Sequence[_Ready], anchor: Server, plan: Plan) -> None:
    """Load on each in turn, several times over, and the medians."""
    at_anchor = write_addresses(["/"], plan.folder / "anchor.txt")
    for one in ready:
        one.file = write_addresses(one.addresses, file_of(one.running.target, name, plan))
        _warm(one, plan)
    for _ in range(plan.rounds):
        beside = load(anchor, at_anchor, connections=MANY, seconds=plan.seconds)
        for one in ready:
            one.loads.append((beside, load(one.running.server, one.file, connections=MANY, seconds=plan.seconds)))
    for one in ready:
        alone = load(one.running.server, one.file, connections=1, seconds=plan.seconds)
        if not alone.requests:
            alone = load(one.running.server, one.file, connections=1, seconds=plan.seconds * _LONGER)
        title, figure = one.running.target.title, _figure(one.loads, alone, one.first)
        if isinstance(figure, Figure):
            one.running.figures[name] = figure
            print(f"  {title:36} {figure}")
        else:
            one.running.wrong[name] = figure
            print(f"  {title}: {figure}")


def _warm(one: _Ready, plan: Plan) -> None:
    """Load that does not count: who compiles what is often used, or keeps what was asked, does it now."""
    answered, cpu = 0, 0.0
    for _ in range(_MOST_WARMING):
        if answered < len(one.addresses) or cpu < plan.seconds * _WARM:
            told = load(one.running.server, one.file, connections=MANY, seconds=plan.seconds)
            answered, cpu = answered + told.requests, cpu + told.cpu


def _figure(pairs: Sequence[tuple[Load, Load]], alone: Load, first: float) -> Figure | str:
    """The figure of loads beside the anchor's, or why there is none."""
    if failed := alone.failed + sum(one.failed for _, one in pairs):
        return f"{failed} requests failed under load"
    many = [(beside, one) for beside, one in pairs if one.requests >= _FEWEST * MANY]
    if not many and not (alone.requests and alone.cpu):
        return "not one request was answered under load"
    told = many or [(beside, alone) for beside, _ in pairs]
    return Figure(
        of_anchor=median(beside.cost / one.cost for beside, one in told),
        rate=median(one.rate / beside.rate for beside, one in told),
        cost=median(one.cost for _, one in told),
        p50=alone.p50,
        p99_alone=alone.p99,
        p99=median(one.p99 for _, one in pairs),
        first=first,
        alone=not many,
    )


def _measure_cached(running: Mapping[str, Running], question: Question, plan: Plan) -> None:
    """Answers that are kept: they are what the server without a cache says, with ETag and encodings; and 304."""
    kept, plain = running[CACHED], running[OURS]
    addresses = kept.target.dialect.paths(question, kept.server.url)[:_KEPT]
    with httpx.Client(timeout=60) as client:
        conditional = [f"{one} {_kept(client, one, kept.server, plain.server)}" for one in addresses]
    print("answers that are kept")
    _put_on("cached", [_Ready(kept, addresses)], running[ANCHOR].server, plan)
    _put_on("not-modified", [_Ready(kept, conditional)], running[ANCHOR].server, plan)


def _kept(client: httpx.Client, address: str, kept: Server, plain: Server) -> str:
    """Have an answer kept, in two encodings, and its ETag. Raises WrongAnswerError where it is then another."""
    for encoding in ("gzip", "identity"):
        told = {"Accept-Encoding": encoding}
        right, first, second = (client.get(one.url + address, headers=told) for one in (plain, kept, kept))
        is_same = right.content == first.content == second.content and first.headers["etag"] == second.headers["etag"]
        if not is_same or right.headers.get("content-encoding") != second.headers.get("content-encoding"):
            raise WrongAnswerError(f"{address} ({encoding}) is answered from the cache otherwise than without it")
    again = client.get(kept.url + address, headers={**told, "If-None-Match": second.headers["etag"]})
    if again.status_code != httpx.codes.NOT_MODIFIED or again.content:
        raise WrongAnswerError(f"{address} is answered with {again.status_code} to one who has it")
    return str(second.headers["etag"])
