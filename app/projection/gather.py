"""Reads, for a handful of entities, everything that their records are made of."""

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from app import edtf
from app.projection.facts import SourceOf, Statement
from app.tables.evidence import ROLES, Citation, Claim, Entity, Revision, Source, current_claims
from app.tables.identity import canonical, fact_id
from app.tables.records import ENDS, Entry, Link
from app.tables.rows import given

_NONE: Mapping[str, str] = {}


def day_of(published: str | None) -> date:
    """The earliest day that a date of publication may mean; the first of all days where there is none."""
    return (edtf.parse(published).earliest if published else None) or date.min


class Standing(NamedTuple):
    """How far an entity is spoken of: by which current sources, and when that last changed."""

    sources: Sequence[int]
    updated_at: datetime


class Inverse(NamedTuple):
    """A link that points to the entity: from whom, as what."""

    subject_id: int
    property: str
    object_id: int
    role: str | None
    character_id: int | None
    modality: str


@dataclass(frozen=True, slots=True)
class Spoken:
    """What current sources quote of an entity, and the sentences that speak of it, each once in their order."""

    of_it: Mapping[str, None]
    sentences: Mapping[str, None]


class Claimed(NamedTuple):
    """What is said of some entities as it was read: rows of current claims, their sources, and who stands for whom."""

    kinds: Mapping[int, tuple[Any, str]]
    family: Mapping[int, int]
    rows: Sequence[Any]
    sources: Mapping[int, SourceOf]

    def statements(self) -> dict[int, list[Statement]]:
        """The claims whose subject each entity is, and all that was merged into it.

        What would be said of one and the same by it, since the two ends of a claim were merged, no record shows.
        """
        found: dict[int, list[Statement]] = defaultdict(list)
        family, sources = self.family, self.sources
        for told, object_id, played_id, source, place, stated, name, value, qualifiers, modality, by, rank in self.rows:
            subject_id = family[told]
            if object_id != subject_id:
                qualified = json.loads(qualifiers) if qualifiers != "{}" else _NONE
                found[subject_id].append(
                    Statement(
                        sources[source], place, stated, subject_id, name, value, object_id, played_id,
                        qualified.get("role"), qualified.get("point_in_time"), modality, by, rank == "preferred",
                    )
                )  # fmt: skip
        return found

    def stating(self) -> dict[int, dict[str, set[int]]]:
        """Of each subject its facts, each with the sources that state it."""
        found: dict[int, dict[str, set[int]]] = {}
        for row in self.rows:
            found.setdefault(self.family[row[0]], {}).setdefault(row[5], set()).add(row[3])
        return found

    def named(self) -> set[int]:
        """The entities that the claims say something of, and all others that they name."""
        return {one for row in self.rows for one in row[1:3] if one}


class Sources:
    """What matters of the sources of claims, each read once."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._held: dict[int, SourceOf] = {}
        self._touched: dict[int, datetime] = {}
        self.articles: set[int] = set()
        judged = select(col(Revision.id)).where(col(Revision.entity_id).is_not(None)).limit(1)
        # Whether an entity was ever merged or renamed; if not, claims mean what they name.
        self.is_any_moved = connection.execute(judged).first() is not None

    def held(self, ids: Collection[int]) -> Mapping[int, SourceOf]:
        """These sources, and others."""
        if missing := set(ids) - self._held.keys():
            columns = (col(Source.id), col(Source.slug), col(Source.publisher), col(Source.sha256))
            more = col(Source.published), col(Source.kind), col(Source.dataset)
            query: Any = select(*columns, *more).where(col(Source.id).in_(missing))
            for one, slug, publisher, sha256, published, kind, dataset in self._connection.execute(query):
                self._held[one] = SourceOf(one, slug, publisher, sha256, day_of(published), dataset or "")
                if kind == "article":
                    self.articles.add(one)
        return self._held

    def touched(self, ids: Collection[int]) -> Mapping[int, datetime]:
        """When these, and others, were last loaded, superseded, withdrawn, or taken back from that.

        One is superseded when its successor is loaded; what becomes of that one later does not touch it.
        """
        missing = set(ids) - self._touched.keys()
        if not missing:
            return self._touched
        marks = select(col(Source.id), col(Source.superseded_by_id)).where(col(Source.id).in_(missing))
        successors = {row.id: row.superseded_by_id for row in self._connection.execute(marks)}
        asked = missing | {one for one in successors.values() if one}
        told = select(Revision).where(col(Revision.source_id).in_(asked)).order_by(col(Revision.id))
        at = {(row.source_id, row.action == "load"): row.at for row in self._connection.execute(told)}
        for one, successor in successors.items():
            if one:
                self._touched[one] = max(at[key] for key in ((one, True), (one, False), (successor, True)) if key in at)
        return self._touched


class Gathering:
    """Some entities, with all that was merged into them, and what is said of them."""

    def __init__(self, connection: Connection, ids: Sequence[int], sources: Sources | None = None) -> None:
        self._connection, self._sources = connection, sources or Sources(connection)
        asked = given(connection, "gathered", ids)
        entity = (col(Entity.id), col(Entity.kind), col(Entity.slug), col(Entity.merged_into_id))
        rows: list[Any] = list(connection.execute(select(*entity).where(entity[0].in_(asked))))
        pointing = select(col(Entity.id), col(Entity.merged_into_id)).where(col(Entity.merged_into_id).in_(asked))
        members: dict[Any, Any] = {one: root for one, root in connection.execute(pointing)}
        # Kind and slug of each, and for each that is one of them, or was merged into one, that one.
        self.kinds: dict[int, tuple[Any, str]] = {one: (kind, slug) for one, kind, slug, _ in rows}
        self.family: dict[int, int] = {one: one for one, _, _, into in rows if into is None} | members
        self._spoken_by: list[Any] | None = None
        self._among = asked if self.family.keys() == self.kinds.keys() else given(connection, "gathered", self.family)

    def claimed(self) -> Claimed:
        """The current claims whose subject each entity is, and all that was merged into it."""
        means, fact = (canonical, fact_id()) if self._sources.is_any_moved else (col, col(Claim.fingerprint))
        query: Any = (
            select(
                col(Claim.subject_id), means(col(Claim.object_id)), means(col(Claim.character_id)),
                col(Claim.source_id), col(Claim.id), fact, col(Claim.property), col(Claim.value),
                col(Claim.qualifiers), col(Claim.modality), col(Claim.attributed_to), col(Claim.rank),
            )
            .join(Source, col(Source.id) == col(Claim.source_id))
            .where(col(Claim.subject_id).in_(self._among), current_claims())
        )  # fmt: skip
        rows = list(map(tuple, self._connection.execute(query).all()))
        speaking = {row[3] for row in rows}
        held = self._sources.held(speaking)
        return Claimed(self.kinds, self.family, rows, {one: held[one] for one in speaking})

    def standings(self) -> dict[int, Standing]:
        """How each entity stands that a current claim speaks of, in whatever role; the others are left out.

        The time is that of the newest revision that merged something into it or took it out again, or of a source, old
        or withdrawn ones included, that spoke of it: never the clock, so that a rebuild writes the same bytes.
        """
        touching: dict[int, set[int]] = defaultdict(set)
        speaking: dict[int, set[int]] = defaultdict(set)
        for told, source_id, superseding_id, is_current in self._speaking():
            touching[self.family[told]].update((source_id, superseding_id or source_id))
            if is_current:
                speaking[self.family[told]].add(source_id)
        judged = self._judgements() if self._sources.is_any_moved else {}
        touched = self._sources.touched(set().union(*touching.values()))
        return {
            one: Standing(sorted(sources), max([*(touched[each] for each in touching[one]), *judged.get(one, ())]))
            for one, sources in speaking.items()
        }

    def inverse_links(self) -> list[tuple[Any, ...]]:
        """The links that point to the entities, each after its entity; those from what came first in time first."""
        found: list[tuple[Any, ...]] = []
        shown = (Link.subject_id, Link.property, Link.object_id, Link.role, Link.character_id, Link.modality)
        # A part in something without a role comes first, with either database.
        ordered = col(Entry.kind), col(Entry.slug), col(Link.property), col(Link.role).asc().nulls_first()
        for role in ENDS[1:]:
            query: Any = (
                select(role, *(col(one) for one in shown))
                .join(Entry, col(Entry.id) == col(Link.subject_id))
                .where(role.in_(self._among))
                # Those of one subject are in the order in which it shows them, which is that of their writing.
                .order_by(col(Entry.earliest).asc().nulls_last(), *ordered, col(Link.id))
            )
            found += map(tuple, self._connection.execute(query).all())
        return found

    def spoken(self) -> dict[int, Spoken]:
        """What is quoted of each entity as subject, and the sentences in which it has whatever role.

        Only articles have words that can be quoted, so that nothing is looked for where none speaks.
        """
        told = {(one, source_id) for one, source_id, _, is_current in self._speaking() if is_current}
        self._sources.held({source_id for _, source_id in told})
        quoted = [one for one, source_id in told if source_id in self._sources.articles]
        found: dict[int, tuple[dict[str, None], dict[str, None]]] = defaultdict(lambda: ({}, {}))
        for role in ROLES.values() if quoted else ():
            query: Any = (
                select(role, col(Citation.exact), col(Citation.sentence))
                .join(Claim, col(Claim.id) == col(Citation.claim_id))
                .join(Source, col(Source.id) == col(Claim.source_id))
                .where(role.in_(given(self._connection, "quoted", set(quoted))), current_claims())
                .where(col(Citation.sentence).is_not(None), col(Citation.role) == "quote")
                .order_by(col(Source.slug), col(Citation.start), col(Citation.id))
            )
            for one, exact, sentence in self._connection.execute(query):
                of_it, sentences = found[self.family[one]]
                sentences.setdefault(sentence)
                if role is ROLES["subject"]:
                    of_it.setdefault(exact)
        return {entity_id: Spoken(*spoken) for entity_id, spoken in found.items()}

    def neighbours(self) -> set[int]:
        """Everything that is linked with one of the entities: whose documents show it."""
        found: set[int | None] = set()
        for role in ENDS:
            found.update(*self._connection.execute(select(*ENDS).where(role.in_(self._among))).all())
        return {one for one in found if one}

    def _speaking(self) -> list[Any]:
        """(entity, source, source that ended what it says, whether it does not): who speaks of whom, or once did."""
        if self._spoken_by is None:
            queries: list[Any] = [
                select(role, col(Claim.source_id), col(Claim.superseded_by_id), current_claims().label("is_current"))
                .join(Source, col(Source.id) == col(Claim.source_id))
                .where(role.in_(self._among))
                .distinct()
                for role in ROLES.values()
            ]
            self._spoken_by = [row for query in queries for row in self._connection.execute(query).all()]
        return self._spoken_by

    def _judgements(self) -> dict[int, list[datetime]]:
        """When something was merged into each entity, renamed to it, or parted from it again."""
        undoing = aliased(Revision)
        found: dict[int, list[datetime]] = defaultdict(list)
        for role in (Revision.entity_id, Revision.into_id):
            query: Any = (
                select(col(role), col(Revision.at), col(undoing.at))
                .outerjoin(undoing, col(undoing.undoes_id) == col(Revision.id))
                .where(col(role).in_(self._among))
            )
            for one, *moments in self._connection.execute(query):
                found[self.family[one]] += [at for at in moments if at]
        return found
