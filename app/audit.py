"""Whether what the base holds still holds: each quote at its place, each hash, each reference, each record.

It is looked at on a connection on which everything may be tried (`app.db.scratch`): the records are made anew there,
and compared with those that were there before.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from sqlalchemy import Connection, Integer, func, or_, select, text
from sqlalchemy.orm import aliased
from sqlmodel import SQLModel, col

from app.documents.evidence import Reference
from app.fulltext import id_at
from app.passages import Passage, PassageError, passage_at
from app.projection import WRITTEN, index, rebuild
from app.tables.evidence import WITHIN, Citation, Claim, Entity, Revision, Source
from app.tables.rows import table_of
from app.tables.seals import seal, written
from app.values import fingerprint
from app.vocabulary import PROPERTIES

_NAMED = 5
# A check, and what it looks at.
_Check = tuple[Callable[[Connection], Iterator[str]], str]


def problems(connection: Connection) -> Iterator[str]:
    """Everything that does not hold, in sentences. Records are only compared where the claims behind them hold."""
    broken = [one for check in (_REFERENCES, *_FIRST) for one in _read(connection, check)]
    yield from broken
    for check in _FURTHER:
        yield from _read(connection, check)
    if broken:
        yield "the records were not compared with the evidence, since that does not hold"
    else:
        yield from _read(connection, (_records, "the evidence that records are made from"))


def problems_of_evidence(connection: Connection) -> Iterator[str]:
    """What does not hold of the evidence alone, before there are records that are made from it."""
    for check in (*_FIRST, *_FURTHER):
        yield from _read(connection, check)


def _read(connection: Connection, check: _Check) -> Iterator[str]:
    """What a check finds, be it that something is stored in a form that nothing of ours writes."""
    find, looked_at = check
    try:
        yield from find(connection)
    except (ValueError, TypeError, LookupError, RecursionError) as error:
        yield f"{looked_at} cannot be read to the end: {error}"


def counted(connection: Connection) -> dict[str, int]:
    """How much there is to look at."""
    counts = {
        "sources": Source, "claims": Claim, "citations": Citation, "entities": Entity, "revisions": Revision,
    }  # fmt: skip
    return {
        name: connection.execute(select(func.count()).select_from(table)).scalar_one() for name, table in counts.items()
    }


def _references(connection: Connection) -> Iterator[str]:
    """What the database itself finds; PostgreSQL never lets it come to that."""
    if connection.dialect.name != "sqlite":
        return
    for finding in connection.exec_driver_sql("PRAGMA integrity_check").scalars():
        if finding != "ok":
            yield f"the database is damaged: {finding}"
    for table, row_id, parent, _ in connection.exec_driver_sql("PRAGMA foreign_key_check"):
        yield f"row {row_id} of {table} refers to a row of {parent} that is not there"
    if damage := index.damage(connection):
        yield f"the full-text index is damaged: {damage}; `filmspace rebuild` makes it anew"


def _texts(connection: Connection) -> Iterator[str]:
    for row in connection.execute(select(Source).where(col(Source.kind) == "article").order_by(col(Source.id))):
        if hashlib.sha256(row.text.encode()).hexdigest() != row.sha256:
            yield f"source {row.slug}, version {row.version}: its text is not the one with its sha256"


def _claims(connection: Connection) -> Iterator[str]:
    """Each claim has the fingerprint of what it says, and a quote."""
    names = {row.id: f"{row.kind}/{row.slug}" for row in connection.execute(select(Entity))}
    quoted = select(col(Citation.claim_id)).where(col(Citation.role).in_(("quote", "note")))
    query = select(Claim, col(Claim.id).in_(quoted).label("is_quoted")).order_by(col(Claim.id))
    for row in connection.execute(query):
        if row.fingerprint != _fingerprint(row, names):
            yield f"claim {row.id}: its fingerprint is not that of what it says"
        if not row.is_quoted:
            yield f"claim {row.id}: no quote says it"
        if row.modality == "reported" and not row.attributed_to:
            yield f"claim {row.id}: it is reported, and does not say by whom"


def _fingerprint(claim: Any, names: dict[Any, str]) -> str | None:
    """The fingerprint that the claim should have; None for one that says nothing that can be said."""
    said = claim.value or names.get(claim.object_id, "")
    character = names.get(claim.character_id)
    if claim.property not in PROPERTIES or not said:
        return None
    try:
        qualifiers = json.loads(claim.qualifiers) | ({"character": character} if character else {})
        return fingerprint(names.get(claim.subject_id, ""), claim.property, said, qualifiers, claim.modality)
    except (ValueError, TypeError, KeyError, RecursionError):
        return None


def _merges(connection: Connection) -> Iterator[str]:
    """What stands for an entity is what the history says, and stands for itself."""
    entities = {row.id: row for row in connection.execute(select(Entity))}
    query = select(Revision).where(col(Revision.entity_id).is_not(None)).order_by(col(Revision.id))
    told: dict[int, int] = {}
    for row in connection.execute(query):
        # Whatever a revision moves is parted from what it stood for; a merge does not move what it merges into.
        for one in (row.entity_id, row.into_id if row.action != "merge" else None):
            told.pop(one or 0, None)
        if row.entity_id and row.into_id:
            told[row.entity_id] = row.into_id
    for one in entities.values():
        into, expected, passed = entities.get(one.merged_into_id), one.id or 0, set[int]()
        while expected in told and expected not in passed:  # of what was tampered with one can lead to itself
            passed.add(expected)
            expected = told[expected]
        if (expected if expected != one.id else None) != one.merged_into_id:
            yield f"entity {one.kind}/{one.slug}: what it stands for is not what the history says"
        elif into is not None and (into.merged_into_id is not None or into.kind != one.kind):
            yield f"entity {one.kind}/{one.slug}: what it stands for stands for something else"


def _history(connection: Connection) -> Iterator[str]:
    """A source has a revision that loaded it, and is superseded and withdrawn as the history says."""
    loaded = select(col(Revision.source_id)).where(col(Revision.action) == "load")
    for row in connection.execute(select(Source).where(col(Source.id).not_in(loaded))):
        yield f"source {row.slug}, version {row.version}: the history does not say when it was loaded"
    undone = select(col(Revision.undoes_id)).where(col(Revision.undoes_id).is_not(None))
    standing = select(Revision).where(col(Revision.action) == "withdraw", col(Revision.id).not_in(undone))
    withdrawn = {row.source_id: (row.at, row.reason) for row in connection.execute(standing)}
    columns = [col(getattr(Source, name)) for name in ("id", "slug", "version", "superseded_by_id", "withdrawn_at")]
    sources: Any = select(*columns, col(Source.withdrawn_reason))
    rows = connection.execute(sources).all()
    ids = {(row.slug, row.version): row.id for row in rows}
    for row in rows:
        if (row.withdrawn_at, row.withdrawn_reason) != withdrawn.get(row.id, (None, None)):
            yield f"source {row.slug}, version {row.version}: whether it is withdrawn is not what the history says"
        if row.superseded_by_id != ids.get((row.slug, row.version + 1)):
            yield f"source {row.slug}, version {row.version}: it is not superseded by the version after it"


def _seals(connection: Connection) -> Iterator[str]:
    """Each revision, and what it wrote, is what it was when it was sealed, and stands after the one before it."""
    sources = {row.id: row for row in connection.execute(select(col(Source.id), col(Source.slug), col(Source.version)))}
    before: Any = None
    for row in connection.execute(select(Revision).order_by(col(Revision.id))):
        source = sources.get(row.source_id) if row.action == "load" else None
        wrote = written(connection, row.source_id) if row.action == "load" else ""
        if row.seal != seal(before.seal if before else "", dict(row._mapping), wrote):
            own = f", what it wrote of {source.slug}, version {source.version}," if source else ""
            yield f"revision {row.id}: it{own} or the revision before it is not what it was when it was made"
        if before and row.at <= before.at:
            yield f"revision {row.id}: it was not made after revision {before.id}"
        before = row


def _imports(connection: Connection) -> Iterator[str]:
    """An import says and ends as many claims as its revision says, and nothing else ends any."""
    told = "added", "superseded"
    query: Any = (
        select(col(Source.id), col(Source.slug), *(col(getattr(Revision, name)) for name in told))
        .join(Revision, col(Revision.source_id) == col(Source.id))
        .where(col(Source.kind) == "dataset", col(Revision.action) == "load")
    )
    for row in connection.execute(query):
        for name, of in zip(told, (col(Claim.source_id), col(Claim.superseded_by_id)), strict=True):
            count = connection.execute(select(func.count()).select_from(Claim).where(of == row.id)).scalar_one()
            if count != row._mapping[name]:
                yield f"source {row.slug}: {count} claims are {name} by it, and its revision says {row._mapping[name]}"
    ending = aliased(Source)
    ended: Any = (
        select(
            col(Claim.id), col(ending.slug), col(ending.dataset), col(Source.dataset), col(ending.id) > col(Source.id)
        )
        .join(Source, col(Source.id) == col(Claim.source_id))
        .join(ending, col(ending.id) == col(Claim.superseded_by_id))
        .where(
            or_(col(Source.dataset).is_(None), func.coalesce(col(ending.dataset), "") != col(Source.dataset),
                col(ending.id) < col(Source.id))
        )
    )  # fmt: skip
    for one, slug, by, dataset, is_later in connection.execute(ended):
        if is_later and dataset and WITHIN.get(dataset) == by:
            continue
        yield f"claim {one}: {slug} is said to have ended it, and is no later import of its data set"


def _citations(connection: Connection) -> Iterator[str]:
    """Each quote stands at its place in the text, with what is beside it there, in the sentence that it is said to."""
    sources = connection.execute(select(col(Source.id), col(Source.slug)).order_by(col(Source.id))).all()
    for source in sources:
        stored = connection.execute(select(col(Source.text)).where(col(Source.id) == source.id)).scalar_one()
        query = (
            select(Citation)
            .join(Claim, col(Claim.id) == col(Citation.claim_id))
            .where(col(Claim.source_id) == source.id, col(Citation.start).is_not(None))
            .order_by(col(Citation.id))
        )
        for row in connection.execute(query):
            if not _stands(row, stored):
                yield f"claim {row.claim_id}: the text of {source.slug} does not have its {row.role} where it should be"


def _further_references(connection: Connection) -> Iterator[str]:
    """What a data set says that it has a statement from is in the form in which evidence shows it."""
    told = select(col(Citation.claim_id), col(Citation.references)).where(col(Citation.references).is_not(None))
    for claim_id, references in connection.execute(told.order_by(col(Citation.id))):
        try:
            Reference.all_in(references)
        except (ValueError, TypeError, RecursionError):
            yield f"claim {claim_id}: what it is said to be from is not in the form of references"


def _stands(citation: Any, stored: str) -> bool:
    told = Passage(citation.start, citation.end, citation.exact, citation.prefix, citation.suffix)
    sentence = citation.sentence or ""
    try:
        is_there = passage_at(stored, told.start, told.end) == told
    except PassageError:
        return False
    # A quote may take in the blanks beside its sentences, which are of none.
    return is_there and citation.exact.strip() in sentence and sentence in stored


# What records can be made of only where it holds, and what else is looked at.
_REFERENCES: _Check = (_references, "the database")
_FIRST: tuple[_Check, ...] = ((_claims, "the claims"), (_merges, "the merges"), (_history, "the history"))
_FURTHER: tuple[_Check, ...] = (
    (_seals, "the revisions"), (_imports, "the imports"), (_texts, "the sources"), (_citations, "the quotes"),
    (_further_references, "what data sets refer to"),
)  # fmt: skip


def _records(connection: Connection) -> Iterator[str]:
    """What a rebuild writes otherwise than it is; the rows before it are put aside in the database, however many."""
    of_search = '"rowid", *' if connection.dialect.name == "sqlite" else "*"
    tables = [*map(_columns, WRITTEN), ("search", of_search)]
    for name, columns in tables:
        connection.execute(text(f'CREATE TEMPORARY TABLE "was_{name}" AS SELECT {columns} FROM "{name}"'))
    hits = index.hits(connection)
    rebuild(connection)
    # Rows that are right are not enough: what is asked is the index over them.
    if wrong := [word for word, count in index.hits(connection).items() if hits.get(word, count) != count]:
        some = ", ".join(wrong[:_NAMED])
        yield f"the full-text index does not find what it should, by {some}; `filmspace rebuild` makes it anew"
    for name, columns in tables:
        was, now = f'SELECT * FROM "was_{name}"', f'SELECT {columns} FROM "{name}"'
        yield from _differences(connection, name, was, now)
        connection.execute(text(f'DROP TABLE "was_{name}"'))


def _columns(table: type[SQLModel]) -> tuple[str, str]:
    """The name of a table and its columns, without a number of the row that means nothing."""
    declared = table_of(table)
    kept = [
        column.name
        for column in declared.columns
        if not (column.primary_key and isinstance(column.type, Integer) and not column.foreign_keys)
    ]
    return declared.name, ", ".join(f'"{one}"' for one in kept)


def _differences(connection: Connection, name: str, was: str, now: str) -> Iterator[str]:
    def rows(query: str) -> int:
        return int(connection.execute(text(f"SELECT count(*) FROM ({query}) AS counted")).scalar_one())

    wrong, missing = f"{was} EXCEPT {now}", f"{now} EXCEPT {was}"
    counts = rows(wrong), rows(missing)
    if any(counts) or rows(was) != rows(now):
        some = [row for query in (wrong, missing) for row in connection.execute(text(f"{query} LIMIT {_NAMED}"))]
        told = ", ".join(list(dict.fromkeys(_called(connection, name, some)))[:_NAMED])
        of_whom = f", of {told}" if told else ""
        yield (
            f"{name}: {counts[0]} rows are not what the evidence gives, and {counts[1]} that it gives are not "
            f"there{of_whom}; `filmspace rebuild` makes them anew"
        )


def _called(connection: Connection, name: str, rows: Iterable[Any]) -> Iterator[str]:
    """What rows are about: an entity, or else what they begin with."""
    for row in rows:
        told = row._mapping
        entity_id = id_at(told["rowid"]) if name == "search" else told.get("subject_id", told.get("id"))
        query = select(Entity).where(col(Entity.id) == entity_id)
        entity = connection.execute(query).first() if isinstance(entity_id, int) else None
        yield str(row[0]) if entity is None else f"{entity.kind}/{entity.slug}"
