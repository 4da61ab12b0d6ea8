"""Search over all kinds: names first, then alternate names, then the sentences that speak of it."""

import re
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Connection, select, text
from sqlmodel import col

from app.documents.evidence import SearchHit
from app.passages import fold
from app.queries.entities import refs_of
from app.tables.evidence import Citation, Claim, Source, current_claims

_LONGEST_QUERY = 12


@dataclass(frozen=True)
class _Index:
    """What a database's full-text index is asked, and how one word of a query and its last are written for it."""

    condition: str
    rank: str
    word: str
    last: str
    between: str


# The words of PostgreSQL's index are written as in the migration that makes it, or it is not used.
_WORDS = "to_tsvector('simple', search.label || ' ' || search.aliases || ' ' || search.body)"
_INDEXES = {
    "sqlite": _Index("search MATCH :match", "bm25(search, 10, 5, 1)", '"{}"', '"{}"*', " "),
    "postgresql": _Index(
        f"{_WORDS} @@ to_tsquery('simple', :match)",
        f"ts_rank({_WORDS}, to_tsquery('simple', :match)) DESC",
        "'{}'",
        "'{}':*",
        " & ",
    ),
}
_TIERS = """
    CASE WHEN search.label = :folded THEN 0
         WHEN ' ' || search.label || ' ' LIKE '% ' || :folded || ' %' THEN 1
         WHEN search.label LIKE :folded || '%' THEN 2
         WHEN search.aliases LIKE '%' || :folded || '%' THEN 3
         ELSE 4 END
"""


@dataclass(frozen=True)
class SearchQuery:
    """What is searched for, among which kinds."""

    q: str
    kind: tuple[str, ...] = ()
    limit: int = 20
    offset: int = 0


def search(connection: Connection, query: SearchQuery) -> tuple[int, list[SearchHit]]:
    """(how many records match, those of the page, best first). Every word must match, the last one as a beginning."""
    words = _words(query.q)
    if not words:
        return 0, []
    index = _INDEXES[connection.dialect.name]
    asked = [*(index.word.format(word) for word in words[:-1]), index.last.format(words[-1])]
    parameters: dict[str, Any] = {"match": index.between.join(asked), "folded": " ".join(words)}
    kinds = ""
    if query.kind:
        names = {f"kind{index}": kind for index, kind in enumerate(query.kind)}
        kinds = f"AND entry.kind IN ({', '.join(f':{name}' for name in names)})"
        parameters |= names
    matching = f"FROM search JOIN entry ON entry.id = search.rowid WHERE {index.condition} {kinds}"
    count = connection.execute(text(f"SELECT count(*) {matching}"), parameters).scalar_one()
    order = f"ORDER BY {_TIERS}, {index.rank}, entry.slug"
    page = f"SELECT entry.id, search.label, search.aliases {matching} {order}"
    rows = connection.execute(text(f"{page} LIMIT {query.limit:d} OFFSET {query.offset:d}"), parameters).all()
    return count, _hits(connection, rows, words)


def _hits(connection: Connection, rows: Any, words: list[str]) -> list[SearchHit]:
    refs = refs_of(connection, [row.id for row in rows])
    hits = []
    for row in rows:
        matched: Literal["label", "alternate_name", "evidence"] = "evidence"
        snippet = None
        if _has_all(row.label, words):
            matched = "label"
        elif _has_all(row.aliases, words):
            matched, snippet = "alternate_name", _alternate_name(connection, row.id, words)
        else:
            snippet = _sentence(connection, row.id, words)
        hits.append(SearchHit(**refs[row.id].model_dump(), matched=matched, snippet=snippet))
    return hits


def _words(q: str) -> list[str]:
    """The words to look for: folded as the index is, without anything that is an operator to FTS5."""
    return re.findall(r"\w+", fold(q))[:_LONGEST_QUERY]


def _has_all(folded: str, words: list[str]) -> bool:
    present = re.findall(r"\w+", folded)
    return all(word in present for word in words[:-1]) and any(one.startswith(words[-1]) for one in present)


def _alternate_name(connection: Connection, entity_id: int, words: list[str]) -> str | None:
    query = select(col(Claim.value)).where(
        col(Claim.subject_id) == entity_id, col(Claim.property).in_(("alternate_name", "name"))
    )
    return next(
        (value for value in connection.execute(query).scalars() if value and _has_all(fold(value), words)), None
    )


def _sentence(connection: Connection, entity_id: int, words: list[str]) -> str | None:
    """The sentence about the entity that has most of the words."""
    best: tuple[int, str] | None = None
    for role in (col(Claim.subject_id), col(Claim.object_id), col(Claim.character_id)):
        query = (
            select(col(Citation.sentence))
            .join(Claim, col(Claim.id) == col(Citation.claim_id))
            .join(Source, col(Source.id) == col(Claim.source_id))
            .where(
                role == entity_id, current_claims(), col(Citation.role) == "quote", col(Citation.sentence).is_not(None)
            )
            .order_by(col(Citation.id))
        )
        for sentence in connection.execute(query).scalars():
            present = re.findall(r"\w+", fold(sentence or ""))
            found = sum(any(one.startswith(word) for one in present) for word in words)
            if best is None or found > best[0]:
                best = (found, sentence or "")
    return best[1] if best and best[0] else None
