"""Sources: what they are, their text, and what each of their sentences states."""

import re
from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select, union
from sqlmodel import col

from app.documents.evidence import (
    AnnotatedDocument,
    Coverage,
    Mention,
    Ref,
    Sentence,
    SentenceFact,
    SourceDocument,
    SourceRef,
)
from app.passages import sentences
from app.queries.entities import entity_ids, refs_of
from app.queries.facts import facts_by_id
from app.queries.facts.counts import count_facts
from app.tables.evidence import ROLES, Citation, Claim, Entity, Source, current_claims
from app.tables.identity import canonical, fact_id, members
from app.vocabulary import NAMES


@dataclass(frozen=True)
class SourceQuery:
    """What sources are asked for; an empty tuple is satisfied by all."""

    kind: tuple[str, ...] = ()
    publisher: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()
    limit: int = 20
    offset: int = 0


def list_sources(connection: Connection, query: SourceQuery) -> tuple[int, list[SourceDocument]]:
    """(how many current sources match, those of the page by slug)."""
    conditions = [col(Source.superseded_by_id).is_(None), col(Source.withdrawn_at).is_(None)]
    for column, told in ((col(Source.kind), query.kind), (col(Source.publisher), query.publisher)):
        if told:
            conditions.append(column.in_(told))
    if query.mentions:
        spoken = entity_ids(connection, query.mentions).values()
        conditions.append(col(Source.id).in_(_sources_of(list(members(connection, list(spoken))))))
    count = connection.execute(select(func.count()).select_from(Source).where(*conditions)).scalar_one()
    page = select(Source).where(*conditions).order_by(col(Source.slug)).limit(query.limit).offset(query.offset)
    rows = connection.execute(page).all()
    return count, [source_document(connection, row) for row in rows]


def _sources_of(ids: Collection[int]) -> Any:
    """The ids of the sources with a claim, if it counts, in which one of the entities has a part."""
    spoken: list[Select[int]] = [
        select(col(Claim.source_id).label("id")).where(role.in_(ids), col(Claim.rank) != "deprecated")
        for role in ROLES.values()
    ]
    return select(union(*spoken).subquery().c.id)


def get_source(connection: Connection, slug: str) -> Row[Source] | None:
    """The newest version of a source, withdrawn or not, if there is one."""
    query = select(Source).where(col(Source.slug) == slug, col(Source.superseded_by_id).is_(None))
    return connection.execute(query).first()


def source_document(connection: Connection, row: Any) -> SourceDocument:
    """A source's row as it is served."""
    url = f"/sources/{row.slug}"
    text_url = None if row.kind == "dataset" else f"{url}/text"
    return SourceDocument(
        slug=row.slug, url=url, kind=row.kind, title=row.title, publisher=row.publisher, published=row.published,
        original_url=row.url, language=row.language, version=row.version, sha256=row.sha256, loaded_at=row.loaded_at,
        fact_count=count_facts(connection, row.slug), text_url=text_url, annotated_url=f"{url}/annotated",
        facts_url=f"/facts?source={row.slug}",
    )  # fmt: skip


def annotate(connection: Connection, row: Any) -> AnnotatedDocument:
    """The source sentence by sentence, each with the facts that quote it and the entities that it names."""
    query = (
        select(
            Citation,
            col(Claim.modality),
            fact_id().label("fact_id"),
            *(canonical(column).label(column.key) for column in ROLES.values()),
        )
        .join(Claim, col(Claim.id) == col(Citation.claim_id))
        .join(Source, col(Source.id) == col(Claim.source_id))
        .where(col(Claim.source_id) == row.id, current_claims(), col(Citation.start).is_not(None))
        .order_by(col(Citation.start), col(Citation.id))
    )
    # A data set has no words, and very many claims.
    cited = connection.execute(query).all() if row.text else []
    quoted = [one for one in cited if one.role == "quote"]
    facts = facts_by_id(connection, {one.fact_id for one in quoted})
    spoken = {one for row in cited for one in (row.subject_id, row.object_id, row.character_id) if one}
    names = _names(connection, row.id, spoken) if row.text else ()
    mentions = _mentions(row.text, names, refs_of(connection, spoken))
    starts = [one.start for one in mentions]
    told = [
        Sentence(
            start=a, end=b, text=row.text[a:b],
            facts=[_stated(facts[one.fact_id], one) for one in quoted if one.start < b and a < one.end],
            mentions=mentions[bisect_left(starts, a) : bisect_left(starts, b)],
        )
        for a, b in sentences(row.text)
    ]  # fmt: skip
    return AnnotatedDocument(
        source=SourceRef.of(row),
        sentences=told,
        coverage=_coverage(told, quoted),
    )


def _coverage(sentences_told: Sequence[Sentence], quoted: Iterable[Any]) -> Coverage:
    covered = {position for one in quoted for position in range(one.start, one.end)}
    return Coverage(
        sentences=len(sentences_told),
        sentences_with_facts=sum(bool(one.facts) for one in sentences_told),
        characters=sum(one.end - one.start for one in sentences_told),
        characters_quoted=sum(position in covered for one in sentences_told for position in range(one.start, one.end)),
    )


def _stated(fact: Any, citation: Any) -> SentenceFact:
    return SentenceFact(
        id=fact.id, url=fact.url, subject=fact.subject, property=fact.property, value=fact.value,
        qualifiers=fact.qualifiers, modality=citation.modality, start=citation.start, end=citation.end,
    )  # fmt: skip


def _names(connection: Connection, source_id: int, spoken: Collection[int]) -> tuple[dict[str, int], dict[str, int]]:
    """(names, labels): the entity that each stands for, in the words of this source's own claims."""
    query = (
        select(
            canonical(col(Claim.subject_id)).label("subject_id"),
            col(Claim.property),
            col(Claim.value),
            col(Entity.kind),
        )
        .join(Entity, col(Entity.id) == col(Claim.subject_id))
        .where(col(Claim.source_id) == source_id)
        .where(col(Claim.property).in_(NAMES))
    )
    rows = [row for row in connection.execute(query) if row.subject_id in spoken]
    names = {row.value: row.subject_id for row in rows if row.property != "label"}
    return _with_surnames(names, rows), {row.value: row.subject_id for row in rows if row.property == "label"}


def _with_surnames(names: dict[str, int], rows: Iterable[Any]) -> dict[str, int]:
    """The names, and the last word of each person's where it can be nobody else's."""
    surnames: dict[str, set[int]] = {}
    for row in rows:
        if row.kind == "person" and " " in row.value:
            surnames.setdefault(row.value.rpartition(" ")[2], set()).add(row.subject_id)
    return {word: min(ids) for word, ids in surnames.items() if len(ids) == 1} | names


def _mentions(text: str, called: Iterable[Mapping[str, int]], refs: Mapping[int, Ref]) -> list[Mention]:
    """Where the text has one of the names, or one of the labels, as whole words: the longest where several begin.

    A name inside a label is a mention of its own; a name inside a longer name is not.
    """
    found = []
    for names in called:
        longest_first = sorted(names, key=len, reverse=True)
        pattern = "|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in longest_first)
        found += [(match.start(), match.end(), names[match.group()]) for match in re.finditer(pattern, text) if pattern]
    return [Mention(entity=refs[entity_id], start=start, end=end) for start, end, entity_id in sorted(found)]
