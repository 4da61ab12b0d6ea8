"""The projection: what lists filter and sort by, and each record's JSON exactly as it is served.

Written by the projection alone, and made anew from the evidence at any time. Text columns are folded
(`app.passages.fold`) and dates are ISO days, so that both engines compare them alike.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, text
from sqlmodel import Field, Index, SQLModel, col

from app.vocabulary import PROPERTIES, Kind


def _indexes(*columns: str) -> tuple[Index, ...]:
    """An index for each order that a list offers, by the column and then by slug, and one for each prose.

    Dates are ordered by their first day. The last day is in the index too, so that it alone tells which of them lie in
    a span. Nothing is ordered by prose, but to look through it the rows, each of which fills a page, need not be read.
    On PostgreSQL, whose trees refuse long texts, those are hashes, by their migration.
    """
    return tuple(
        Index(None, one) if one in PROSE
        else Index(None, f"{one}_earliest", "slug", f"{one}_latest") if one in _DATES
        else Index(None, one, "slug")
        for one in columns
    )  # fmt: skip


class Record(SQLModel):
    """The columns of every kind of record; `id` is the entity's."""

    id: int = Field(primary_key=True, foreign_key="entity.id")
    slug: str = Field(unique=True)
    label: str
    name: str | None
    description: str | None
    source_count: int
    updated_at: datetime
    document: str


PROSE = ("description", "format", "plot")
_COMMON = ("label", "name", "source_count", "updated_at", "description")
_LIFE = ("inception", "dissolution")
_DATES = tuple(name for name, prop in PROPERTIES.items() if prop.value_type == "date")
# The one order of time: by the first day that is possible, then the last one; the rest makes it the same every time.
IN_TIME = ("earliest", "latest", "kind", "slug", "property", "fact_id", "edtf")
# What nearly all dates of data sets are in their records; the others have an index of their own.
USUAL_STANDING = "value"
_IS_UNUSUAL = f"standing <> '{USUAL_STANDING}'"


class Film(Record, table=True):
    """A film, or the project of one."""

    __table_args__ = _indexes(
        *_COMMON, "release_date", "filming_date", "point_in_time", "duration_minutes", "film_type", "production_status",
        "format", "plot",
    )  # fmt: skip

    film_type: str | None
    production_status: str | None
    format: str | None
    plot: str | None
    release_date_earliest: date | None
    release_date_latest: date | None
    filming_date_earliest: date | None
    filming_date_latest: date | None
    point_in_time_earliest: date | None
    point_in_time_latest: date | None
    duration_minutes: float | None


class Person(Record, table=True):
    """A real person."""

    __table_args__ = _indexes(*_COMMON, "birth_date", "death_date", "nationality")

    nationality: str | None
    birth_date_earliest: date | None
    birth_date_latest: date | None
    death_date_earliest: date | None
    death_date_latest: date | None


class Organisation(Record, table=True):
    """A company, an agency, a broadcaster."""

    __table_args__ = _indexes(*_COMMON, "organisation_type", *_LIFE)

    organisation_type: str | None
    inception_earliest: date | None
    inception_latest: date | None
    dissolution_earliest: date | None
    dissolution_latest: date | None


class Event(Record, table=True):
    """Something that happened or is planned."""

    __table_args__ = _indexes(*_COMMON, "date", "duration_days", "event_type", "status")

    event_type: str | None
    date_earliest: date | None
    date_latest: date | None
    duration_days: float | None
    status: str


class Place(Record, table=True):
    """A country, a station, a site."""

    __table_args__ = _indexes(*_COMMON, "place_type", "altitude_km", *_LIFE)

    place_type: str | None
    altitude_km: float | None
    inception_earliest: date | None
    inception_latest: date | None
    dissolution_earliest: date | None
    dissolution_latest: date | None


class Character(Record, table=True):
    """Somebody who exists only inside a film; what is said of a character is true only there."""

    __table_args__ = _indexes(*_COMMON, "occupation")

    occupation: str | None


RECORD_TABLES: dict[Kind, type[Record]] = {
    "film": Film,
    "person": Person,
    "organisation": Organisation,
    "event": Event,
    "place": Place,
    "character": Character,
}


def record_column(kind: Kind, name: str) -> ColumnElement[Any]:
    """The column of that name of a kind's table."""
    column: ColumnElement[Any] = getattr(RECORD_TABLES[kind], name)
    return column


class Entry(SQLModel, table=True):
    """One row for each record of any kind: how others refer to it, and the day that places it in time."""

    __table_args__ = (Index(None, "kind", "slug", unique=True),)

    id: int = Field(primary_key=True, foreign_key="entity.id")
    kind: str
    slug: str
    label: str
    earliest: date | None


class Link(SQLModel, table=True):
    """What a record shows, a row for each entity or folded text: filters, inverse lists, connections and paths use it.

    `fact` is the id of the fact that connects two records; a text connects nothing, and has none.
    """

    # All that a search for paths reads is in the first two, so that it never goes to the rows themselves.
    __table_args__ = (
        Index(None, "subject_id", "property", "object_id", "character_id"),
        Index(None, "object_id", "property", "subject_id", "character_id"),
        Index(None, "property", "value", "subject_id"),
        Index(None, "character_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    subject_id: int = Field(foreign_key="entity.id")
    property: str
    object_id: int | None = Field(foreign_key="entity.id")
    character_id: int | None = Field(foreign_key="entity.id")
    value: str | None
    role: str | None
    modality: str
    fact: str | None


# The columns of a link that name entities.
ENDS = (col(Link.subject_id), col(Link.object_id), col(Link.character_id))


class Stated(SQLModel, table=True):
    """Which sources speak of a record, how many facts of it each states, and how many of them no source before it does.

    The numbers are to be summed up; both are 0 of a source that only names the record.
    """

    __table_args__ = (Index(None, "source_id", "facts"), {"sqlite_with_rowid": False})

    subject_id: int = Field(primary_key=True, foreign_key="entity.id")
    source_id: int = Field(primary_key=True, foreign_key="source.id")
    facts: int
    new_facts: int


class MovedFact(SQLModel, table=True):
    """A span of time in which claims of one fingerprint stated another fact, as an entity in it stood for another.

    `since` the judgement that made it so, `until` the next one, or null to this day. At any other time the fingerprint
    is itself the id of the fact. `subject_id` is the subject that the claims name.
    """

    __tablename__ = "moved_fact"

    fingerprint: str = Field(primary_key=True)
    since: datetime = Field(primary_key=True)
    until: datetime | None
    fact_id: str = Field(index=True)
    subject_id: int = Field(foreign_key="entity.id", index=True)


class Dated(SQLModel, table=True):
    """One row for each date that a current fact gives: the value of a date, or the `point_in_time` of something else.

    An open end is the first or the last of all days. `reach` is how many binary digits the length in days has: those
    that lie across a day are found among each `reach` in a stretch before it, without looking at all that is earlier.
    """

    # What the timeline filters by stands in the index of each of its orders, so that counting reads no row.
    __table_args__ = (
        Index("ix_dated_in_time", *IN_TIME, "modality", "standing"),
        Index("ix_dated_property_in_time", "property", *IN_TIME[:4], *IN_TIME[5:], "modality", "standing"),
        Index("ix_dated_modality_in_time", "modality", *IN_TIME, "standing"),
        Index("ix_dated_standing_in_time", "standing", *IN_TIME, "modality", sqlite_where=text(_IS_UNUSUAL)),
        Index("ix_dated_reach", "reach", "earliest", "latest"),
        Index(None, "subject_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    subject_id: int = Field(foreign_key="entity.id")
    kind: str
    slug: str
    property: str
    fact_id: str
    edtf: str
    earliest: date
    latest: date
    reach: int
    value: str | None
    object_id: int | None = Field(foreign_key="entity.id")
    modality: str
    standing: str
    is_disputed: bool
    has_days: bool
    source_count: int


class Contested(SQLModel):
    """A property on which more than one thing is said; `kind` and `slug` are the subject's, and give the order."""

    subject_id: int = Field(primary_key=True, foreign_key="entity.id")
    property: str = Field(primary_key=True)
    kind: str
    slug: str


class Dispute(Contested, table=True):
    """A property on which current sources disagree.

    `shown` is the fact that the record shows. `sides` is JSON, the side with that fact first: the ids of each side's
    facts, and how many sources and independent publishers state one of them.
    """

    __table_args__ = (Index(None, "kind", "slug", "property"), Index(None, "property", "kind", "slug"))

    shown: str
    sides: str


class Slip(Contested, table=True):
    """A date that turned out differently than planned.

    `planned` is JSON, the ids of the plans as they were told one after another; `happened` is the fact that the record
    shows. The days are counted from the first plan, and null where a date is open.
    """

    __table_args__ = (
        Index(None, "kind", "slug", "property"),
        Index(None, "property", "kind", "slug"),
        Index(None, "days_at_least", "kind", "slug", "property"),
    )

    planned: str
    happened: str
    days_at_least: int | None
    days_at_most: int | None
