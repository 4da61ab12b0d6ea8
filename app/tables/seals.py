"""Seals: each revision has a hash of what it wrote, chained to the one before, so that what was changed later shows.

A seal is no signature: it shows what a hand, a disk or a bug changed, not who could compute it anew.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select
from sqlmodel import col

from app.tables.evidence import Citation, Claim, Source

# What never changes of a row once it is written. What ends it is marked later, and told by other revisions; and what
# entity a claim's numbers mean is in its fingerprint.
_SOURCE = (
    "id", "slug", "kind", "version", "title", "publisher", "published", "url", "language", "sha256", "claims_sha256",
    "dataset", "loaded_at",
)  # fmt: skip
_CLAIM = (
    "id", "fingerprint", "subject_id", "property", "value", "object_id", "character_id", "qualifiers", "modality",
    "inference", "phrase", "attributed_to", "rank",
)  # fmt: skip
_CITATION = ("claim_id", "role", "exact", "prefix", "suffix", "start", "end", "sentence", "locator")
_REVISION = (
    "at", "actor", "action", "reason", "source_id", "entity_id", "into_id", "undoes_id", "added", "superseded",
    "withdrawn",
)  # fmt: skip


def seal(before: str, revision: Mapping[str, Any], written: str) -> str:
    """The seal of a revision, from that of the one before ("" for the first) and the hash of what it wrote."""
    told = [[before, written, *(revision.get(name) for name in _REVISION)]]
    return _hash(told)


def written(connection: Connection, source_id: int) -> str:
    """The hash of what the load of a source wrote: what is told of it, and of an article all claims and their words.

    An import can have millions of claims, which are not hashed one by one.
    """
    sources: Any = select(*(col(getattr(Source, name)) for name in _SOURCE)).where(col(Source.id) == source_id)
    rows = [tuple(row) for row in connection.execute(sources)]
    if any("article" in row for row in rows):
        own = col(Claim.source_id) == source_id
        claims: Any = select(*(col(getattr(Claim, name)) for name in _CLAIM)).where(own).order_by(col(Claim.id))
        citations: Any = (
            select(*(col(getattr(Citation, name)) for name in _CITATION))
            .join(Claim, col(Claim.id) == col(Citation.claim_id))
            .where(own)
            .order_by(col(Citation.claim_id), col(Citation.id))
        )
        rows += [tuple(row) for query in (claims, citations) for row in connection.execute(query)]
    return _hash(rows)


def _hash(rows: Iterable[Iterable[Any]]) -> str:
    told = hashlib.sha256()
    for row in rows:
        plain = [one.isoformat() if isinstance(one, datetime) else one for one in row]
        told.update(json.dumps(plain, ensure_ascii=False).encode() + b"\n")
    return told.hexdigest()
