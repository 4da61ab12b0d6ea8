"""One import of a data set: its files into the evidence, in one transaction and bounded memory. Never commits."""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select, update
from sqlmodel import col

from app.beside import Alone
from app.importing import DATASETS
from app.importing.files import File, sha256_of
from app.importing.records import FormatError, Unreadable
from app.loading.bulk import Writer
from app.loading.called import CALLED, call, note_called
from app.loading.ending import end, end_former, find_ended
from app.loading.identifiers import IDENTIFIERS
from app.loading.identifying import Identified, identify
from app.loading.kinds import settle_kinds
from app.loading.preparing import Batch, batches
from app.loading.revisions import next_moment, tick
from app.projection import Step, no_step, project_many
from app.projection.ids import Ids
from app.tables.evidence import Citation, Claim, Source
from app.tables.rows import indexed_after, put_up, table_of

# From so many claims on it is looked at whether it is worth while to make indexes anew, and about how many bytes of
# files, packed or not, tell one.
_MANY, _BYTES_OF_A_CLAIM = 2000, 20


@dataclass(frozen=True)
class Import:
    """What the files of one data set did; `unreadable` is how many lines and records were passed over.

    `slug` is that of the source that they made; None where they say nothing that was not held, and nothing was stored.
    `first_left_out` is where that stands first which is left out of records.
    """

    dataset: str
    slug: str | None
    entries: int
    entities_new: int
    claims_new: int
    claims_unchanged: int
    claims_ended: int
    unreadable: int
    left_out: Counter[str]
    first_left_out: Mapping[str, str]


@dataclass(frozen=True)
class ImportReport:
    """What an import did, and which of the entities turned out to be ones that were held."""

    imports: tuple[Import, ...]
    identified: Identified
    seconds: float

    @property
    def unreadable(self) -> int:
        """How many lines and records were passed over in all."""
        return sum(one.unreadable for one in self.imports)


@dataclass
class _Tally:
    """What was read so far, but for what was written of it; `first` is the first that could not be read."""

    entries: int = 0
    unreadable: int = 0
    first: Unreadable | None = None
    published: str | None = None
    left_out: Counter[str] = field(default_factory=Counter)

    def add(self, batch: Batch) -> None:
        """Count what a batch tells, and what was passed over before it."""
        # Of what something became, it is told once for each kind of thing that it may have been.
        self.entries += sum(not one.is_of_held for one in batch.entries)
        self.unreadable += len(batch.unreadable)
        self.first = self.first or next(iter(batch.unreadable), None)
        self.published = max(filter(None, (self.published, batch.published)), default=None)
        self.left_out.update(batch.skipped)


def import_files(
    connection: Connection, by_dataset: Mapping[str, Sequence[File]], *, actor: str,
    told: Callable[[Unreadable], None] = lambda _one: None, step: Step = no_step,
    beside: Alone | None = None,
) -> ImportReport:  # fmt: skip
    """Import files by their data sets in the caller's write transaction.

    `told` is called for what is passed over, and `step` while records are written, after everything has been read.
    Raises FormatError for a file that is not of the format, or cannot be read to its end: the transaction is then to
    be rolled back. What the files say again is left as it is. If that is all, nothing is stored.
    """
    started, touched, beside = time.monotonic(), Ids(), beside or Alone()
    put_up(connection, IDENTIFIERS)
    with _indexed_after(connection, by_dataset):
        imports = tuple(
            _import(connection, dataset, files, actor, told, touched, beside)
            for dataset, files in by_dataset.items()
            if files
        )
    identified = identify(connection, touched, actor=actor)
    project_many(connection, touched, step, beside)
    return ImportReport(imports, identified, time.monotonic() - started)


def _indexed_after(connection: Connection, by_dataset: Mapping[str, Sequence[File]]) -> AbstractContextManager[None]:
    """Make the indexes on claims after these are read, if the files seem to tell more than is held."""
    size = sum(file.size for files in by_dataset.values() for file in files)
    held = connection.execute(select(func.max(col(Claim.id)))).scalar() or 0
    if size < max(held, _MANY) * _BYTES_OF_A_CLAIM:
        return nullcontext()
    # What is told of an entity is looked up meanwhile, and what it is told from.
    looked_up = ["subject_id"] + ["claim_id"] * any(DATASETS[dataset].is_referenced for dataset in by_dataset)
    return indexed_after(connection, table_of(Claim), table_of(Citation), but=looked_up)


def _import(
    connection: Connection, dataset: str, files: Sequence[File], actor: str, told: Callable[[Unreadable], None],
    touched: Ids, beside: Alone,
) -> Import:  # fmt: skip
    tally, sha256 = _Tally(), sha256_of(files)
    standing = col(Source.dataset) == dataset, col(Source.withdrawn_at).is_(None)
    earlier = [one for one in connection.execute(select(col(Source.id)).where(*standing)).scalars() if one]
    slug = _free_slug(connection, f"{dataset}-{sha256[:12]}")
    source_id = _add_source(connection, dataset, slug, sha256, files, next_moment(connection))
    writer = Writer(connection, source_id, earlier, touched, is_referenced=DATASETS[dataset].is_referenced)
    produced = beside.produced(batches, dataset, [file.path for file in files], not earlier)
    _read(connection, writer, produced, tally, files, told)
    if not tally.entries and not tally.left_out and tally.first:
        raise FormatError(f"nothing in it can be read: {tally.first}")
    find_ended(connection, dataset, earlier, writer)
    if DATASETS[dataset].takes_kinds_for_granted:
        settle_kinds(connection, dataset, [*earlier, source_id], writer)
        call(connection, [*earlier, source_id], writer)
    end_former(connection, source_id, earlier, writer)
    ended = end(connection, [*earlier, source_id], writer)
    is_new = bool(writer.added or ended)
    if is_new:
        now = next_moment(connection)  # since reading takes long, and what is asked meanwhile is answered without this
        told_now = {"published": tally.published, "loaded_at": now}
        connection.execute(update(Source).where(col(Source.id) == source_id).values(**told_now))
        tick(connection, "load", now, actor, source_id=source_id, added=writer.added, superseded=ended)
    else:
        connection.execute(delete(Source).where(col(Source.id) == source_id))
    return Import(
        dataset=dataset, slug=slug if is_new else None, entries=tally.entries, entities_new=writer.entities,
        claims_new=writer.added, claims_unchanged=len(writer.kept), claims_ended=ended,
        unreadable=tally.unreadable,
        left_out=tally.left_out + writer.left_out, first_left_out=writer.first_left_out,
    )  # fmt: skip


def _read(
    connection: Connection, writer: Writer, produced: Iterator[Batch], tally: _Tally, files: Sequence[File],
    told: Callable[[Unreadable], None],
) -> None:  # fmt: skip
    """Write all that files say, as it is read."""
    put_up(connection, CALLED)
    late: list[Batch] = []
    for batch in produced:
        tally.add(batch)
        for one in batch.unreadable:
            told(one)
        for index, done in batch.reached.items():
            files[index].progress(done)
        # What counts only of what is held, counts of what this import brings as well.
        if of_held := [one for one in batch.entries if one.is_of_held]:
            late.append(replace(batch, entries=of_held))
            batch = replace(batch, entries=[one for one in batch.entries if not one.is_of_held])
        if batch.entries:
            writer.write(batch)
        if batch.gone:
            writer.end(batch.gone)
        note_called(connection, batch.called)
    for batch in late:
        writer.write(batch, overrules=True)


def _free_slug(connection: Connection, wanted: str) -> str:
    """The slug of an import: of its data set and its contents, numbered when the same contents come back later."""
    taken = set(connection.execute(select(col(Source.slug)).where(col(Source.slug).startswith(wanted))).scalars())
    return next(one for one in (wanted, *(f"{wanted}-{n}" for n in range(2, len(taken) + 3))) if one not in taken)


def _add_source(
    connection: Connection, dataset: str, slug: str, sha256: str, files: Sequence[File], now: datetime
) -> int:
    described = DATASETS[dataset]
    values = {
        "slug": slug, "kind": "dataset", "version": 1, "publisher": described.publisher, "published": None,
        "title": f"{described.title}: {', '.join(file.name for file in files)}"[:500], "url": described.url,
        "language": None, "text": "", "sha256": sha256, "claims_sha256": sha256, "dataset": dataset, "loaded_at": now,
    }  # fmt: skip
    return connection.execute(insert(Source).values(**values).returning(col(Source.id))).scalar_one() or 0
