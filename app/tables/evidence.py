"""What sources say, and when we learnt it. Rows are added, and marked as ended; none is changed or deleted."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, func, literal_column, select, text
from sqlalchemy.orm import aliased
from sqlmodel import CheckConstraint, Field, Index, SQLModel, UniqueConstraint, col

from app.vocabulary import INFERENCES, KINDS, MODALITIES, RANKS, Role

_AND = re.compile(r",? and |, ")
_ARTICLE = re.compile(r"^the ", re.IGNORECASE)


def _one_of(column: str, values: Iterable[str]) -> CheckConstraint:
    # Of a list of three or more SQLite makes a table for every row that is written.
    return CheckConstraint(" OR ".join(f"{column} = {value!r}" for value in values), name=column)


# The few claims that are not current; the others need no room in the indexes that find these.
_IS_ENDED = text("superseded_by_id IS NOT NULL")
# The others lead to another record.
_HAS_VALUE = text("value IS NOT NULL")
# What nearly all claims of data sets have, of which there may be very many.
USUAL = {"modality": "asserted", "inference": "none"}
# Data sets that speak of what another one has: an import of that other, of which something is gone, ends it in both.
WITHIN = {"imdb-principals": "imdb-titles"}


class Source(SQLModel, table=True):
    """One version of an article that we hold, with the text that positions count in, or one import of a data set.

    An import holds what its files told that earlier ones of the same `dataset` had not; its text is empty, and its
    `sha256` is that of the files. It ends single claims of these, and of what is said `WITHIN` them, and not all that
    they say.
    """

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
    dataset: str | None = Field(default=None, index=True)
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
    """One thing that one source says about one entity.

    A later import of the same data set that no longer says it of that entity, or of the one that it is `WITHIN`, is
    named in `superseded_by_id`.
    """

    __table_args__ = (
        CheckConstraint("(value IS NULL) <> (object_id IS NULL)", name="value_or_object"),
        _one_of("modality", MODALITIES),
        _one_of("inference", INFERENCES),
        _one_of("rank", RANKS),
        Index(None, "subject_id", "property"),
        Index(None, "object_id", "property"),
        Index(None, "property", "id"),
        # All that is looked at to count the facts of a property.
        Index(None, "property", "fingerprint", "source_id", "superseded_by_id", "rank"),
        # On PostgreSQL as well, by their migrations: to name it here would import that dialect into every server.
        Index(None, "superseded_by_id", sqlite_where=_IS_ENDED),
        Index(None, "value", sqlite_where=_HAS_VALUE),
        *(Index(None, name, sqlite_where=text(f"{name} <> '{usual}'")) for name, usual in USUAL.items()),
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
    superseded_by_id: int | None = Field(default=None, foreign_key="source.id")


# The columns of a claim that name entities.
ROLES: Mapping[Role, Any] = {
    "subject": col(Claim.subject_id), "object": col(Claim.object_id), "character": col(Claim.character_id),
}  # fmt: skip

# That a claim is one of the others, in the words of their index: only what says the same is looked up in it.
IS_UNUSUAL = {name: col(getattr(Claim, name)) != literal_column(f"'{usual}'") for name, usual in USUAL.items()}


class Citation(SQLModel, table=True):
    """The words that say it (`quote`), or that introduce whom they speak of (`context`), at their exact place.

    `start` and `end` count Unicode code points, half-open (W3C Web Annotation, text position and text quote
    selectors). `sentence` is the whole of what they stand in. A record of a data set
    has a `locator` instead, and so has what only a curator says (`note`). `references` are what a data set says that
    it has it from, as JSON.
    """

    __table_args__ = (
        _one_of("role", ("quote", "context", "note")),
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
    references: str | None = None


class Revision(SQLModel, table=True):
    """The clock of the data: each load, correction and judgement is one tick, and says what it did.

    Loads and withdrawals are of a source, and so is what takes one of them back (`undoes_id`). All others make the
    entity `entity_id` stand for `into_id`, or for itself where that is null:

        merging a into b          entity_id a, into_id b       a stands for b, whatever b stands for
        renaming a to b           entity_id a, into_id b       a stands for b, and b for itself
        taking back the merging   entity_id a, into_id null    a stands for itself
        taking back the renaming  entity_id b, into_id a       b stands for a, and a for itself

    So what an entity stands for is told by the last revision that has it in one of the two, but for mergings into it.
    `seal` is a hash of it, of what it wrote and of the seal before (`app.tables.seals`).
    """

    __table_args__ = (
        _one_of("action", ("load", "withdraw", "merge", "rename", "undo")),
        CheckConstraint("action = 'undo' OR (source_id IS NULL) = (action IN ('merge', 'rename'))", name="source"),
        CheckConstraint("(entity_id IS NULL) = (source_id IS NOT NULL)", name="entity"),
        CheckConstraint("into_id IS NOT NULL OR entity_id IS NULL OR action = 'undo'", name="into"),
        CheckConstraint("into_id IS NULL OR entity_id IS NOT NULL", name="into_of"),
        CheckConstraint("(undoes_id IS NOT NULL) = (action = 'undo')", name="undoes"),
        UniqueConstraint("undoes_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(index=True)
    actor: str
    action: str
    reason: str | None
    source_id: int | None = Field(foreign_key="source.id", index=True)
    entity_id: int | None = Field(foreign_key="entity.id", index=True)
    into_id: int | None = Field(foreign_key="entity.id", index=True)
    undoes_id: int | None = Field(foreign_key="revision.id")
    added: int
    superseded: int
    withdrawn: int
    seal: str


class Voice(NamedTuple):
    """Who speaks in a claim: the publisher of its source, the text, and whom these name for it, if anybody."""

    publisher: str | None
    sha256: str
    attributed_to: str | None


def independent_publishers(said_by: Iterable[Voice]) -> int:
    """How many independent voices say something.

    One publisher is one voice whatever it prints, and one text is one voice whoever reprints it. What is passed on is
    the word of those whom it is attributed to: it adds a voice only where neither they nor who passes it on are heard
    already.
    """
    told = set(said_by)
    heard: list[set[str]] = []
    for voice in told:
        if voice.attributed_to is None:
            heard = _joined(heard, _marks(voice))
    passed_on: list[set[str]] = []
    for voice in told:
        marks = _marks(voice)
        if voice.attributed_to is not None and not any(marks & one for one in heard):
            passed_on = _joined(passed_on, marks)
    return len(heard) + len(passed_on)


def _marks(voice: Voice) -> set[str]:
    """What two voices that are not independent have in common: a text, or a publisher, here or in an attribution."""
    named = [voice.publisher] if voice.publisher else []
    if voice.attributed_to:
        named += [voice.attributed_to, *_AND.split(voice.attributed_to)]
    return {f"text {voice.sha256}", *(f"publisher {_ARTICLE.sub('', one).casefold()}" for one in named)}


def _joined(groups: list[set[str]], marks: set[str]) -> list[set[str]]:
    """The groups with one more member, which makes one of all with which it shares a mark."""
    apart = [group for group in groups if not group & marks]
    return [*apart, marks.union(*(group for group in groups if group & marks))]


def current_claims(at: datetime | None = None) -> ColumnElement[bool]:
    """The condition that a claim joined with its source holds, or held at a moment: current, and not deprecated."""
    return and_(standing_claims() if at is None else _was_current(at), col(Claim.rank) != "deprecated")


def standing_claims() -> ColumnElement[bool]:
    """The condition that a claim joined with its source is current, be it deprecated."""
    # Nearly every source is current. Said of the plain column, an index makes SQLite begin with them and read all that
    # they claim, instead of the few claims that are asked for.
    is_newest = func.coalesce(col(Source.superseded_by_id), 0) == 0
    return and_(is_newest, col(Claim.superseded_by_id).is_(None), col(Source.withdrawn_at).is_(None))


def _was_current(at: datetime) -> ColumnElement[bool]:
    """Whether a source was loaded by then, and neither superseded nor withdrawn, unless that was taken back."""
    later: Any = aliased(Source)
    withdrawal: Any = aliased(Revision)
    undoing: Any = aliased(Revision)
    ends = later.id == func.coalesce(Claim.superseded_by_id, Source.superseded_by_id)
    superseding = select(later.id).where(ends, later.loaded_at <= at)
    undone = select(undoing.id).where(undoing.undoes_id == withdrawal.id, undoing.at <= at)
    withdrawing = select(withdrawal.id).where(
        withdrawal.source_id == Source.id, withdrawal.action == "withdraw", withdrawal.at <= at, ~undone.exists()
    )
    return and_(col(Source.loaded_at) <= at, ~superseding.exists(), ~withdrawing.exists())
