"""What earlier imports of a data set said that has ended with this one, since it is told again without it."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, delete, or_, select, update
from sqlmodel import col

from app.importing import DATASETS
from app.importing.records import IN_PASSING, Entry, Key, Statement, silence
from app.loading.bulk import SAID_IN_PASSING, Writer
from app.loading.identifiers import IDENTIFIERS
from app.loading.preparing import prepared
from app.projection.ids import Ids
from app.tables.evidence import ROLES, WITHIN, Citation, Claim, Entity, Source, standing_claims
from app.tables.rows import given
from app.vocabulary import MENTIONED

# How many claims are looked at, or ended, at a time.
_BATCH = 5000
# From so many things on that are told anew, what belongs to them is not looked up for each.
_MANY = 100_000


def find_ended(connection: Connection, dataset: str, earlier: Sequence[int], writer: Writer) -> None:
    """Note what earlier imports said of entities of which all was told again, and this was not."""
    writer.ended.update(_within(connection, dataset, writer.gone))
    if earlier:
        writer.whole.update(_untold_parts(connection, earlier, writer))
        if name := DATASETS[dataset].told_by_object:
            _end_by_object(connection, earlier, writer, name)
        untold = _untold(connection, earlier, writer)
        in_passing = DATASETS[dataset].speaks_in_passing
        writer.ended.update(_own(connection, earlier, untold, writer) if in_passing else untold)


def end(connection: Connection, sources: Sequence[int], writer: Writer) -> int:
    """End what is noted; how much that is. What is still referred to is known and called as it was.

    `sources` are the imports of the data set so far, this one the last.
    """
    _forget(connection, sources, writer)
    _call_gone(connection, sources, writer)
    still, count = _in_passing(connection, sources, writer), 0
    for noted in writer.ended.batches(_BATCH):
        ids = [one for one in noted if one not in still]
        these = col(Claim.id).in_(given(connection, "ended", ids))
        named = connection.execute(select(*ROLES.values()).where(these))
        writer.touched.update(one for row in named for one in row if one)
        connection.execute(update(Claim).where(these).values(superseded_by_id=sources[-1]))
        count += len(ids)
    return count


def referred_to(connection: Connection, ids: Collection[int], writer: Writer) -> set[int]:
    """Those of the things that somebody still names in what is said of others."""
    if not ids:
        return set()
    are_current = col(Source.withdrawn_at).is_(None), col(Source.superseded_by_id).is_(None)
    standing = set(connection.execute(select(col(Source.id)).where(*are_current)).scalars())
    found = set[int]()
    for role in (col(Claim.object_id), col(Claim.character_id)):
        named: Any = select(col(Claim.id), col(Claim.source_id), role).where(
            role.in_(given(connection, "still_named", ids)), col(Claim.superseded_by_id).is_(None)
        )
        rows = connection.execute(named)
        found.update(one for claim_id, by, one in rows if by in standing and claim_id not in writer.ended)
    return found


def _forget(connection: Connection, sources: Sequence[int], writer: Writer) -> None:
    """Note how things were known and called that nobody refers to any more, and that are not told of otherwise.

    What this import said for the sake of references alone that were left out is taken out again.
    """
    columns: Any = col(Claim.subject_id), col(Claim.id), col(Claim.source_id), col(Claim.property)
    for things, is_gone in ((writer.left, True), (writer.unnamed, False)):
        for ids in things.batches(_BATCH):
            unnamed = {one for one in ids if one not in writer.introduced} - referred_to(connection, ids, writer)
            these = col(Claim.subject_id).in_(given(connection, "named_no_more", unnamed))
            said: dict[int, list[Any]] = defaultdict(list)
            for one, *told in connection.execute(select(*columns).where(these, col(Claim.superseded_by_id).is_(None))):
                if told[1] in sources and told[0] not in writer.ended:
                    said[one].append(told)
            alone = {one: told for one, told in said.items() if all(name in SAID_IN_PASSING for *_, name in told)}
            every = [(claim_id, by) for told in alone.values() for claim_id, by, _ in told]
            writer.ended.update(claim_id for claim_id, by in every if by != sources[-1] and is_gone)
            writer.take_out([claim_id for claim_id, by in every if by == sources[-1]])
            forgotten = IDENTIFIERS.c.subject_id.in_(given(connection, "forgotten", alone))
            connection.execute(delete(IDENTIFIERS).where(forgotten))


def _call_gone(connection: Connection, sources: Sequence[int], writer: Writer) -> None:
    """Call what is gone as its record named it, where somebody refers to it and nobody calls it anything any more.

    It is a label, so that what it is one with by now has the name that its own record tells.
    """
    columns: Any = col(Claim.id), col(Claim.source_id), col(Claim.subject_id), col(Claim.property), col(Claim.value)
    told: Any = (
        select(*columns, col(Citation.locator), col(Entity.kind), col(Entity.slug))
        .join(Source, col(Source.id) == col(Claim.source_id))
        .join(Citation, col(Citation.claim_id) == col(Claim.id))
        .join(Entity, col(Entity.id) == col(Claim.subject_id))
        .where(standing_claims(), col(Claim.property).in_((*SAID_IN_PASSING, "name")))
    )
    for ids in writer.gone.batches(_BATCH):
        still = referred_to(connection, ids, writer)
        keys, names, called = dict[int, Key](), dict[int, tuple[str, str]](), set[int]()
        rows = connection.execute(told.where(col(Claim.subject_id).in_(given(connection, "gone_and_named", still))))
        for claim_id, by, one, name, value, at, kind, slug in rows:
            if name == "identifier":
                keys.update({one: key} if (key := Key(kind, value)).slug == slug else {})
            elif name == "name" and by in sources and claim_id in writer.ended:
                names[one] = min(names.get(one, (value, at)), (value, at))
            else:
                called.add(one)
        labels = [(keys[one], *names[one]) for one in names.keys() & keys.keys() - called]
        if labels:
            entries = (Entry(key, (Statement("label", name),), at, is_whole=False) for key, name, at in sorted(labels))
            writer.write(prepared(entries))


def _in_passing(connection: Connection, sources: Sequence[int], writer: Writer) -> set[int]:
    """The claims, of those that would end, by which alone something that is still referred to is known, or called."""
    ending: dict[tuple[int, str], int] = {}
    columns: Any = col(Claim.id), col(Claim.source_id), col(Claim.subject_id), col(Claim.property), col(Claim.value)
    for ids in writer.ended.batches(_BATCH):
        query: Any = select(*columns, col(Entity.kind), col(Entity.slug)).join(
            Entity, col(Entity.id) == col(Claim.subject_id)
        )
        these = col(Claim.id).in_(given(connection, "ending", ids)), col(Claim.property).in_(SAID_IN_PASSING)
        for one, _, subject_id, name, value, kind, slug in connection.execute(query.where(*these)):
            if name == "label" or Key(kind, value).slug == slug:
                ending[subject_id, _what(name, value)] = one
    still = referred_to(connection, {subject_id for subject_id, _ in ending}, writer)
    about = col(Claim.subject_id).in_(given(connection, "identified", still)), col(Claim.superseded_by_id).is_(None)
    rows = connection.execute(select(*columns).where(*about, col(Claim.property).in_((*SAID_IN_PASSING, "name"))))
    others = {
        (subject_id, _what(name, value))
        for one, by, subject_id, name, value in rows
        if by in sources and one not in writer.ended
    }
    return {one for key, one in ending.items() if key[0] in still and key not in others}


def _what(name: str, value: str) -> str:
    """What a claim tells: an identifier, or else how something is called."""
    return value if name == "identifier" else ""


def _untold_parts(connection: Connection, earlier: Sequence[int], writer: Writer) -> list[int]:
    """The characters without an identifier, which the record of their work named, that it names no more."""
    whole, cast_unknown = writer.whole, {one for one, names in writer.silent_on.items() if "cast" in names}
    columns = col(Claim.source_id), col(Claim.subject_id), col(Claim.object_id)
    works: Any = select(*columns).where(col(Claim.property) == "present_in_work", col(Claim.superseded_by_id).is_(None))
    untold = Ids()
    for ids in whole.batches(_BATCH) if len(whole) < _MANY else ([],):
        # Of few it is looked up; of many there may be no index yet, and all are looked through at once.
        these = col(Claim.object_id).in_(given(connection, "works", ids)) if ids else col(Claim.source_id).in_(earlier)
        rows = connection.execute(works.where(these).execution_options(yield_per=_BATCH))
        untold.update(
            one
            for source_id, one, work in rows
            if source_id in earlier and work in whole and work not in cast_unknown and one not in whole
        )
    parts = list[int]()
    for ids in untold.batches(_BATCH):
        these = col(Claim.subject_id).in_(given(connection, "parts", ids))
        has_one = select(col(Claim.subject_id)).where(these, col(Claim.property) == "identifier")
        parts += set(ids) - set(connection.execute(has_one).scalars())
    return parts


def _within(connection: Connection, dataset: str, gone: Ids) -> Iterator[int]:
    """What other data sets say of entities that are gone from this one, and of what is in them: credits, characters."""
    others = [one for one, of in WITHIN.items() if of == dataset]
    for ids in gone.batches(_BATCH) if others else ():
        standing = select(col(Claim.id)).join(Source, col(Source.id) == col(Claim.source_id)).where(
            col(Source.dataset).in_(others), col(Source.withdrawn_at).is_(None), col(Claim.superseded_by_id).is_(None)
        )  # fmt: skip
        these = given(connection, "gone", ids)
        parts = select(col(Claim.subject_id)).where(
            col(Claim.object_id).in_(these), col(Claim.property) == "present_in_work"
        )
        about = or_(col(Claim.subject_id).in_(these), col(Claim.subject_id).in_(parts))
        yield from (one or 0 for one in connection.execute(standing.where(about)).scalars())


def _end_by_object(connection: Connection, earlier: Sequence[int], writer: Writer, name: str) -> None:
    """Note what has ended since its object was told again without it; what nobody has any more is told wholly then."""
    standing = col(Claim.source_id).in_(earlier), col(Claim.superseded_by_id).is_(None), col(Claim.property) == name
    left, others = set[int](), set[int]()
    rows: Any = connection.execute(select(col(Claim.id), col(Claim.subject_id), col(Claim.object_id)).where(*standing))
    for one, subject_id, by in rows:
        if by in writer.whole and name not in writer.silent_on.get(by, ()) and one not in writer.kept:
            writer.ended.update((one,))
            left.add(subject_id)
        else:
            others.add(subject_id)
    writer.whole.update(left - others)


def _untold(connection: Connection, earlier: Sequence[int], writer: Writer) -> Ids:
    """The claims on entities of which all was told again, but this was not."""
    untold, unsure = Ids(), Ids()
    told: Any = select(col(Claim.id), col(Claim.source_id), col(Claim.subject_id), col(Claim.property))
    for subjects in writer.whole.batches(_BATCH):
        # By whom, is looked at here: SQLite would go through all that the data set tells.
        these = col(Claim.subject_id).in_(given(connection, "whole", subjects))
        for one, by, subject_id, name in connection.execute(told.where(these, col(Claim.superseded_by_id).is_(None))):
            silent_on = writer.silent_on.get(subject_id, ())
            if by in earlier and one not in writer.kept and name not in silent_on:
                (unsure if any(silent.startswith(f"{name} ") for silent in silent_on) else untold).update((one,))
    columns = col(Claim.id), col(Claim.subject_id), col(Claim.property), col(Entity.kind), col(Claim.qualifiers)
    named: Any = select(*columns).join(Entity, col(Entity.id) == col(Claim.object_id))
    for ids in unsure.batches(_BATCH):
        rows = connection.execute(named.where(col(Claim.id).in_(given(connection, "unsure", ids))))
        for one, subject_id, name, kind, qualifiers in rows:
            role = json.loads(qualifiers).get("role", "")
            if not {silence(name, kind), silence(name, kind, role)} & set(writer.silent_on[subject_id]):
                untold.update((one,))
    return untold


def end_former(connection: Connection, source_id: int, earlier: Sequence[int], writer: Writer) -> None:
    """Note how things were called, and of what sort they were, of which the records of others say something else now.

    So says whoever names them last, as long as their own record does not come again.
    """
    columns: Any = col(Claim.id), col(Claim.source_id), col(Claim.subject_id), col(Claim.property), col(Claim.value)
    for things, names in ((writer.labelled, ("label",)), (writer.mentioned, MENTIONED)):
        for ids in things.batches(_BATCH):
            these = col(Claim.subject_id).in_(given(connection, "called", ids)), col(Claim.property).in_(names)
            rows = connection.execute(select(*columns).where(*these, col(Claim.superseded_by_id).is_(None))).all()
            now: dict[tuple[int, str], set[str]] = defaultdict(set)
            for one, by, subject_id, name, value in rows:
                if by == source_id or one in writer.kept:
                    now[subject_id, name].add(value)
            for one, by, subject_id, name, value in rows:
                if by in earlier and one not in writer.kept and value not in now.get((subject_id, name), {value}):
                    writer.ended.update((one,))


def _own(connection: Connection, earlier: Sequence[int], untold: Ids, writer: Writer) -> Iterator[int]:
    """Those of the claims that the entity's own record made, and what the record of another says of it no more.

    What a record says in passing, that of the other does not end: so says an astronaut's who flew where.
    """
    passing: Any = (
        select(col(Claim.id), col(Claim.object_id), col(Claim.property))
        .join(Citation, col(Citation.claim_id) == col(Claim.id))
        .where(col(Claim.source_id).in_(earlier), col(Claim.superseded_by_id).is_(None))
        .where(col(Citation.locator).endswith(IN_PASSING), col(Claim.object_id).is_not(None))
    )
    passed = Ids()
    for one, by, name in connection.execute(passing).all():
        passed.update((one,))
        if by in writer.whole and name not in writer.silent_on.get(by, ()) and one not in writer.kept:
            yield one
    yield from (one for one in untold if one not in passed)
