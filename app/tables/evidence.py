"""What sources say, and when we learnt it. Rows are added, and marked as ended; none is changed or deleted."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func
from sqlmodel import CheckConstraint, Field, Index, SQLModel, UniqueConstraint, col

from app.vocabulary import INFERENCES, KINDS, MODALITIES, RANKS


def _one_of(column: str, values: Iterable[str]) -> CheckConstraint:
    return CheckConstraint(f"{column} IN ({', '.join(repr(value) for value in values)})", name=column)


class Source(SQLModel, table=True):
    """One version of an article or a data set that we hold, with the text that positions count in."""

    __table_args__ = (UniqueConstraint("slug", "version"), _one_of("kind", ("article", "dataset")))

    id: int | None = Field(default=None, primary_key=True)
    slug: str
    kind: str
    version: int
    title: str | None
    publisher: str | None
    published: str | None
    url: str | None
    language: str | None
    text: str
    sha256: str
    claims_sha256: str
    superseded_by_id: int | None = Field(default=None, foreign_key="source.id", index=True)
    withdrawn_at: datetime | None = None
    withdrawn_reason: str | None = None
    loaded_at: datetime


class Entity(SQLModel, table=True):
    """Something that claims speak of. What it is called is itself claimed, so nothing but its address stands here.

    One that was merged into another, or renamed, names the one that it stands for, which itself stands for no other.
    """

    __table_args__ = (UniqueConstraint("kind", "slug"), _one_of("kind", KINDS))

    id: int | None = Field(default=None, primary_key=True)
    kind: str
    slug: str
    merged_into_id: int | None = Field(default=None, foreign_key="entity.id", index=True)


class Claim(SQLModel, table=True):
    """One thing that one source says about one entity."""

    __table_args__ = (
        CheckConstraint("(value IS NULL) <> (object_id IS NULL)", name="value_or_object"),
        _one_of("modality", MODALITIES),
        _one_of("inference", INFERENCES),
        _one_of("rank", RANKS),
        Index(None, "subject_id", "property"),
        Index(None, "object_id", "property"),
        Index(None, "property", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    source_id: int = Field(foreign_key="source.id", index=True)
    fingerprint: str = Field(index=True)
    subject_id: int = Field(foreign_key="entity.id")
    property: str
    value: str | None
    object_id: int | None = Field(foreign_key="entity.id")
    character_id: int | None = Field(foreign_key="entity.id", index=True)
    qualifiers: str
    modality: str
    inference: str
    phrase: str | None
    attributed_to: str | None
    rank: str


class Citation(SQLModel, table=True):
    """The words that say it (`quote`), or that introduce whom they speak of (`context`), at their exact place.

    `start` and `end` count Unicode code points, half-open (W3C Web Annotation, text position and text quote
    selectors). `sentence` is the whole of what they stand in. A record of a data set
    has a `locator` instead.
    """

    __table_args__ = (
        _one_of("role", ("quote", "context")),
        CheckConstraint('("end" IS NULL) = (start IS NULL) AND (start IS NULL OR "end" > start)', name="span"),
    )

    id: int | None = Field(default=None, primary_key=True)
    claim_id: int = Field(foreign_key="claim.id", index=True)
    role: str
    exact: str
    prefix: str
    suffix: str
    start: int | None
    end: int | None
    sentence: str | None
    locator: str | None


class Revision(SQLModel, table=True):
    """The clock of the data: each load, correction, withdrawal, merge and renaming is one tick, and says what it did.

    Loads and withdrawals are of a source; merges and renamings make the entity `entity_id` stand for `into_id`.
    """

    __table_args__ = (
        _one_of("action", ("load", "withdraw", "merge", "rename")),
        CheckConstraint("(source_id IS NULL) = (action IN ('merge', 'rename'))", name="source"),
        CheckConstraint("(entity_id IS NULL) = (source_id IS NOT NULL)", name="entity"),
        CheckConstraint("(into_id IS NULL) = (entity_id IS NULL)", name="into"),
    )

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(index=True)
    actor: str
    action: str
    reason: str | None
    source_id: int | None = Field(foreign_key="source.id", index=True)
    entity_id: int | None = Field(foreign_key="entity.id", index=True)
    into_id: int | None = Field(foreign_key="entity.id")
    added: int
    superseded: int
    withdrawn: int


def independent_publishers(said_by: Iterable[tuple[str | None, str]]) -> int:
    """How many independent voices sources have, given the publisher and the sha256 of the text of each.

    One publisher is one voice whatever it prints, and one text is one voice whoever reprints it.
    """
    voices: list[set[str]] = []
    for publisher, sha256 in said_by:
        joined = {f"text {sha256}"} | ({f"publisher {publisher}"} if publisher else set())
        apart = [voice for voice in voices if not voice & joined]
        voices = [*apart, joined.union(*(voice for voice in voices if voice & joined))]
    return len(voices)


def current_claims() -> ColumnElement[bool]:
    """The condition that a claim joined with its source holds: not superseded, withdrawn or deprecated."""
    # Nearly every source is current. Said of the plain column, an index makes SQLite begin with them and read all that
    # they claim, instead of the few claims that are asked for.
    is_newest = func.coalesce(col(Source.superseded_by_id), 0) == 0
    return and_(is_newest, col(Source.withdrawn_at).is_(None), col(Claim.rank) != "deprecated")
