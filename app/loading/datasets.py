"""One import of a data set: its files into the evidence, in one transaction and bounded memory. Never commits."""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, text, update
from sqlmodel import col

from app.importing import DATASETS
from app.importing.files import File, sha256_of
from app.importing.records import Entry, FormatError, Item, Published, Skipped, Unreadable
from app.loading.bulk import Writer, count_noted, note, noted, taking_notes, turn_over
from app.loading.identifying import Identified, identify
from app.loading.revisions import next_moment, tick
from app.projection import Step, project_many
from app.tables.evidence import Claim, Source

# How many statements are written at a time.
_BATCH = 1000


@dataclass(frozen=True)
class Import:
    """What the files of one data set did; `unreadable` is how many lines and records were passed over.

    `slug` is that of the source that they made; None where they say nothing that was not held, and nothing was stored.
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


def import_files(
    connection: Connection, by_dataset: Mapping[str, Sequence[File]], *, actor: str,
    told: Callable[[Unreadable], None] = lambda _one: None, step: Step = lambda _done, _of: None,
) -> ImportReport:  # fmt: skip
    """Import files by their data sets in the caller's write transaction.

    `told` is called for what is passed over, and `step` while records are written, after everything has been read.
    Raises FormatError for a file that is not of the format, or cannot be read to its end: the transaction is then to
    be rolled back. What the files say again is left as it is. If that is all, nothing is stored.
    """
    started = time.monotonic()
    with taking_notes(connection):
        imports = tuple(
            _import(connection, dataset, files, actor, told) for dataset, files in by_dataset.items() if files
        )
        identified = identify(connection, actor=actor)
        project_many(connection, connection.execute(noted("import_touched")).scalars(), step)
    return ImportReport(imports, identified, time.monotonic() - started)


def _import(
    connection: Connection, dataset: str, files: Sequence[File], actor: str, told: Callable[[Unreadable], None]
) -> Import:
    tally, sha256, now = _Tally(), sha256_of(files), next_moment(connection)
    turn_over(connection)
    standing = col(Source.dataset) == dataset, col(Source.withdrawn_at).is_(None)
    earlier = [one for one in connection.execute(select(col(Source.id)).where(*standing)).scalars() if one]
    slug = _free_slug(connection, f"{dataset}-{sha256[:12]}")
    source_id = _add_source(connection, dataset, slug, sha256, files, now)
    writer = Writer(connection, source_id, earlier)
    for batch in _batches(_entries(dataset, files, tally, told)):
        writer.write(batch)
    ended = _end(connection, source_id, earlier)
    is_new = bool(writer.added or ended)
    if is_new:
        connection.execute(update(Source).where(col(Source.id) == source_id).values(published=tally.published))
        tick(connection, "load", now, actor, source_id=source_id, added=writer.added, superseded=ended)
    else:
        connection.execute(delete(Source).where(col(Source.id) == source_id))
    return Import(
        dataset=dataset, slug=slug if is_new else None, entries=tally.entries, entities_new=writer.entities,
        claims_new=writer.added, claims_unchanged=count_noted(connection, "import_kept"), claims_ended=ended,
        unreadable=tally.unreadable,
        left_out=tally.left_out + writer.left_out,
    )  # fmt: skip


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


def _entries(dataset: str, files: Sequence[File], tally: _Tally, told: Callable[[Unreadable], None]) -> Iterator[Entry]:
    """What can be written of what the files say; the rest goes to the tally."""
    for item in _items(dataset, files):
        if isinstance(item, Entry):
            tally.entries += 1
            yield item
        elif isinstance(item, Unreadable):
            tally.unreadable += 1
            tally.first = tally.first or item
            told(item)
        elif isinstance(item, Skipped):
            tally.left_out[item.what] += 1
        elif isinstance(item, Published):
            tally.published = max(tally.published or item.date, item.date)
    if not tally.entries and not tally.left_out and tally.first:
        raise FormatError(f"nothing in it can be read: {tally.first}")


def _items(dataset: str, files: Sequence[File]) -> Iterator[Item]:
    for file in files:
        yield from DATASETS[dataset].read(file)


def _batches(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    batch: list[Entry] = []
    size = 0
    for entry in entries:
        batch.append(entry)
        size += len(entry.statements)
        if size >= _BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _end(connection: Connection, source_id: int, earlier: Sequence[int]) -> int:
    """End what earlier imports said of entities of which all was told again, and this was not; how much that is."""
    if not earlier:
        return 0
    gone = select(col(Claim.id)).where(
        col(Claim.source_id).in_(earlier), col(Claim.superseded_by_id).is_(None),
        col(Claim.subject_id).in_(noted("import_whole")), col(Claim.id).not_in(noted("import_kept")),
    )  # fmt: skip
    note_all = "INSERT INTO {} (id) {} ON CONFLICT DO NOTHING"
    for row in connection.execute(gone).partitions(_BATCH):
        note(connection, "import_ended", [one.id for one in row])
    is_ended = col(Claim.id).in_(noted("import_ended"))
    roles = ("subject_id", "object_id", "character_id")
    for role in roles:
        chosen = f"SELECT DISTINCT {role} FROM claim WHERE {role} IS NOT NULL AND id IN (SELECT id FROM import_ended)"
        connection.execute(text(note_all.format("import_touched", chosen)))
    connection.execute(update(Claim).where(is_ended).values(superseded_by_id=source_id))
    return count_noted(connection, "import_ended")
