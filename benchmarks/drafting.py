"""How much of what a person would write down `filmspace draft` proposes, and how much of what it proposes is right.

    .venv/bin/python -m benchmarks.drafting [--data ../shared/data] [--part held-out]

Drafts annotated texts with the extra `draft` and a base that holds nothing, and holds the drafts against the
annotations. Half of the documents were for tuning the rules, the other half are held out; the figures that count are
those of the latter. Nothing is random: the same program on the same data prints the same table.
"""

import argparse
import hashlib
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection

from app.db import make_engine
from app.drafting import Draft, draft
from app.drafting.reading import Reader
from app.migrate import upgrade
from app.words import whole
from benchmarks import annotated

ROOT = Path(__file__).parent.parent
PARTS = ("tuning", "held-out")


@dataclass
class Score:
    """How many were to be found, were drafted, and are right; what is right may be counted from either side."""

    gold: int = 0
    found: int = 0
    drafted: int = 0
    right: int = 0

    def add(self, gold: Iterable[object], drafted: Iterable[object]) -> None:
        """Count what two sets have in common."""
        wanted, proposed = set(gold), set(drafted)
        common = len(wanted & proposed)
        self.count(len(wanted), common, len(proposed), common)

    def count(self, gold: int, found: int, drafted: int, right: int) -> None:
        """Add counts: of `gold` so many were found, of `drafted` so many are right."""
        self.gold, self.found = self.gold + gold, self.found + found
        self.drafted, self.right = self.drafted + drafted, self.right + right

    def row(self) -> str:
        """The counts and their shares."""
        precision = f"{self.right / self.drafted:.2f}" if self.drafted else "–"
        recall = f"{self.found / self.gold:.2f}" if self.gold else "–"
        return f"{self.gold:6} {self.drafted:8} {self.right:6} {precision:>10} {recall:>7}"


@dataclass
class Table:
    """Scores by data set, part and what is counted, in the order in which they were first counted."""

    scores: dict[tuple[str, str, str], Score] = field(default_factory=dict)

    def of(self, data: str, part: str, what: str) -> Score:
        """The score of one line."""
        return self.scores.setdefault((data, part, what), Score())

    def lines(self) -> Iterator[str]:
        """The table as text."""
        yield f"{'data':10} {'part':9} {'what':28}   gold  drafted  right  precision  recall"
        for (data, part, what), score in sorted(self.scores.items(), key=lambda one: one[0][:2]):
            if not score.gold and not score.drafted:
                continue
            yield f"{data:10} {part:9} {what:28} {score.row()}"


def part_of(document: annotated.Document) -> str:
    """Whether a document is for tuning or held out: the same on every machine."""
    return document.part or PARTS[hashlib.sha256(document.title.encode()).digest()[0] % 2]


def measure(connection: Connection, document: annotated.Document, drafter: Reader, table: Table) -> None:
    """Draft one document, and add to the table how it compares."""
    made = draft(connection, document.text, "", [drafter])
    part = part_of(document)

    def score(what: str) -> Score:
        return table.of(document.data, part, what)

    if document.names is not None:
        _measure_names(made, document.names, score("names"), score("names with their kind"))
    if document.dates is not None:
        _measure_dates(made, document.dates, score("dates, where"), score("dates, with value"))
    if document.said is not None:
        proposed = list(_said(made, document))
        score("relations").add(document.said, proposed)
        for name in sorted({*document.properties.values()} if document.data != "seeds" else ()):
            gold = {one for one in document.said if one[1] == name}
            score(f"  {name}").add(gold, {one for one in proposed if one[1] == name})


def _measure_names(made: Draft, gold: list[annotated.Name], score: Score, with_kind: Score) -> None:
    """A name is found where one of the ways in which the text writes it was; kinds count among the names found."""
    drafted = {
        whole(words): entity.partition("/")[0]
        for entity, words in made.article.new.items()
        if words in made.article.text
    }
    wanted = {spelling: name for name in gold for spelling in name.spellings}
    found = {id(wanted[one]) for one in drafted if one in wanted}
    score.count(len(gold), len(found), len(drafted), sum(one in wanted for one in drafted))
    kinds = [(wanted[one].kinds, kind) for one, kind in drafted.items() if one in wanted and wanted[one].kinds]
    right = sum(kind in kinds_ for kinds_, kind in kinds)
    with_kind.count(len(kinds), right, len(kinds), right)


def _measure_dates(made: Draft, gold: list[annotated.Date], score: Score, with_value: Score) -> None:
    """A date is found where the draft has one that shares a place with it; values count where the data has some."""
    told = [one for sentence in made.article.told for one in sentence if not one.is_quantity]
    pairs = [(one, date) for one in told for date in gold if one.start < date.end and date.start < one.end]
    score.count(len(gold), len({id(date) for _, date in pairs}), len(told), len({id(one) for one, _ in pairs}))
    valued = [date for date in gold if date.value]
    if valued:
        right = {id(date) for one, date in pairs if date.value and one.value == date.value}
        with_value.count(len(valued), len(right), len({id(one) for one, date in pairs if date.value}), len(right))


def _said(made: Draft, document: annotated.Document) -> Iterator[tuple[str, str, str]]:
    """What the draft proposes of the properties that the data has: subject, property, value or object, by name."""
    called = {**made.article.held.labels, **made.article.new}

    def known(words: str) -> str:
        return document.alike.get(whole(words), whole(words))

    for claim in (one.claim for one in made.proposals):
        name = document.properties.get(claim.property)
        if name and claim.modality in ("asserted", "planned", "reported"):
            yield known(called.get(claim.subject, "")), name, known(claim.value or called.get(claim.object or "", ""))


def main() -> int:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--data", type=Path, default=ROOT.parent / "shared" / "data", help="the folder of the data sets"
    )
    parser.add_argument("--part", choices=PARTS, help="only the documents of this part")
    chosen = parser.parse_args()
    documents = [one for one in annotated.documents(chosen.data, ROOT / "seeds") if chosen.part in (None, part_of(one))]
    for name in annotated.missing(chosen.data):
        print(f"{name} is not in {chosen.data}: not measured. Name its folder with --data.", file=sys.stderr)
    table, drafter = Table(), Reader()
    with tempfile.TemporaryDirectory() as folder:
        engine = make_engine(f"sqlite:///{folder}/empty.db")
        upgrade(engine)
        with engine.connect() as connection:
            for document in documents:
                measure(connection, document, drafter, table)
        engine.dispose()
    print("\n".join(table.lines()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
