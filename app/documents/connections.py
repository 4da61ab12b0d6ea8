"""What connections and paths look like as JSON: records, and the facts that lead from one to another."""

from typing import Literal

from pydantic import ConfigDict, Field

from app.documents.evidence import Document, FactDocument, Ref
from app.vocabulary import Modality

Direction = Literal["out", "in", "beside"]


class Connection(Document):
    """Another record, and the fact that connects it with this one."""

    entity: Ref = Field(description="The other record.")
    property: str = Field(description="The property that the fact states.")
    direction: Direction = Field(
        description="How the fact points: out, it is said of this record; in, it is said of another and points to this "
        "one; beside, it is said of a third, as of the film in which a person plays a character."
    )
    modality: Modality = Field(description="In what sense it holds.")
    subject: Ref = Field(description="The record that the fact is said of.")
    character: Ref | None = Field(description="Whom the person plays; null outside the cast or where no source says.")
    role: str | None = Field(description="In what capacity somebody takes part in an event, in the source's words.")
    source_count: int = Field(description="How many current sources say so.")
    fact_url: str = Field(description="Path of the fact, with its evidence.")


class ConnectionCount(Document):
    """How many connections there are by one property in one direction."""

    property: str = Field(description="The property.")
    direction: Direction = Field(description="The direction.")
    count: int = Field(description="How many connections.")
    url: str = Field(description="Path of these connections.")


class PathStep(Document):
    """One fact of a chain, from the record that has been reached to the next."""

    model_config = ConfigDict(serialize_by_alias=True)

    from_: Ref = Field(alias="from", description="Where the step begins.")
    to: Ref = Field(description="Where it ends.")
    property: str = Field(description="The property that the fact states.")
    direction: Direction = Field(
        description="How the fact points: out, it is said of `from`; in, it is said of `to`; beside, of a third."
    )
    fact: FactDocument = Field(description="The fact, with the words that say it.")


class PathDocument(Document):
    """The shortest chain of facts between two records, or that none was found."""

    model_config = ConfigDict(serialize_by_alias=True)

    from_: Ref = Field(alias="from", description="Where the chain begins.")
    to: Ref = Field(description="Where it ends.")
    length: int | None = Field(description="How many steps the shortest chain has; null where none was found.")
    path: list[PathStep] | None = Field(
        description="Its steps, in order; empty from a record to itself, null where none was found."
    )
    complete: bool = Field(
        description="Whether the answer is final. If not, the search came to its bounds before it found a chain, and "
        "there may be one of more than `steps_searched` steps."
    )
    steps_searched: int = Field(description="Up to how many steps all chains were looked at.")
