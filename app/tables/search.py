"""What goes with the full-text index (`app.fulltext`): projected as the records are, and made anew as they are."""

from sqlalchemy import BigInteger
from sqlmodel import Field, Index, SQLModel


class Indexed(SQLModel, table=True):
    """What the full-text index holds of a record: at which place (`app.fulltext`), and its names as a list."""

    id: int = Field(primary_key=True, foreign_key="entity.id")
    place: int = Field(sa_type=BigInteger)
    names: str


class Spelling(SQLModel, table=True):
    """A word of the names in the base, once under each key that misspellings of it share (`app.spelling`)."""

    __table_args__ = (Index(None, "word"),)

    key: str = Field(primary_key=True)
    word: str = Field(primary_key=True)
