"""What the timeline and the changes look like as JSON."""

from typing import Literal, get_args

from pydantic import Field

from app.documents.evidence import Document, EdtfDate, Quantity, Ref
from app.edtf import Precision
from app.vocabulary import Modality

Standing = Literal["value", "agrees", "contradicts", "superseded", "beside"]
STANDINGS: tuple[Standing, ...] = get_args(Standing)


class TimelineEntry(Document):
    """One date that current sources give a record, placed in time by the days that it may mean."""

    date: EdtfDate
    earliest: str | None = Field(description="The first day that it may mean (ISO 8601); null where it is open.")
    latest: str | None = Field(description="The last day that it may mean (ISO 8601); null where it is open.")
    precision: Precision = Field(description="The finest unit that is given.")
    approximate: bool = Field(description="Whether it is marked as approximate (`~` or `%`).")
    uncertain: bool = Field(description="Whether it is marked as uncertain (`?` or `%`).")
    label: str = Field(description="How sure the date is, in words.")
    title: str = Field(description="What is dated, in words.")
    record: Ref = Field(description="The record that it is said of.")
    property: str = Field(description="What is dated of the record; see /properties.")
    value: Ref | Quantity | str | None = Field(
        description="What was so at that time, such as a production status; null where the date is itself the value."
    )
    modality: Modality = Field(description="In what sense it holds.")
    planned: bool = Field(description="Whether it is a plan.")
    standing: Standing = Field(
        description="How it stands to the record: its value; agrees with that; contradicts it; superseded by it, as a "
        "plan is by what happened; or beside it, as what is hoped or denied."
    )
    disputed: bool = Field(description="Whether sources disagree on it.")
    fact_url: str = Field(description="Path of the fact, with its evidence.")
    source_count: int = Field(description="How many current sources say so.")
